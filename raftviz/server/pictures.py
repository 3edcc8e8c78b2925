"""Pictures of lessons for the first page: which moments of a run are worth seeing, and how they look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from raftviz.drawing import Frame, card
from raftviz.drawing.facts import cut, how, pairs
from raftviz.errors import one_of, shown
from raftviz.lessons import Run
from raftviz.server.refusals import Code, Refusal
from raftviz.server.sessions import Shelf
from raftviz.sim.changes import View, copy_view, put

FRAMES = 6
"""The most frames of a picture that moves."""

THEMES = ("light", "dark")

_MESSAGES = 4
"""Of more messages in flight than these a picture does not become worth more."""
_REMARKABLE = {"invariant_violated": 9, "role_changed": 2, "snapshot_installed": 3}
"""What it adds that an event of a kind has just happened."""


class Gallery:
    """The pictures of a server's lessons. Each is drawn once, when first asked for."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._drawn: dict[tuple[str, int, bool, str], str] = {}

    def picture(self, lesson_id: str, step: int | None, moves: bool, theme: str) -> str:
        """Return a picture of a lesson as SVG: of a step, counted from 1, or of the one that stands for it;
        one that `moves` holds other steps too. Raises Refusal, LessonError.
        """
        lesson = self._shelf.find(lesson_id)
        if step is not None and not 1 <= step <= len(lesson.steps):
            raise Refusal(
                Code.LESSON,
                f"the lesson {lesson_id} has no step {step}",
                where="step",
                remedy=f"use a number from 1 to {len(lesson.steps)}",
            )
        if theme not in THEMES:
            raise Refusal(
                Code.BAD_REQUEST,
                f"{shown(theme)} is not possible",
                where="theme",
                remedy=one_of(THEMES),
            )
        key = (lesson_id, step or 0, moves, theme)
        if key not in self._drawn:
            self._drawn[key] = draw(self._shelf.run(lesson_id), step, moves, theme)
        return self._drawn[key]


def draw(run: Run, step: int | None = None, moves: bool = False, theme: str = THEMES[0]) -> str:
    """Return a picture of a step (from 1) of a lesson that was run, as SVG; of the step that stands for
    the lesson where none is given. One that `moves` holds frames of other steps too, hidden.
    """
    best = list(_best_of_steps(run))
    still = step or run.lesson.picture or _richest(best)
    numbers = _spread(best, still) if moves else [still]
    frames = [Frame(each, run.simulation.view_at(best[each - 1][1])) for each in numbers]
    return card(frames, still, run.lesson.title, theme)


def worth(view: Mapping[str, Any]) -> int:
    """How much there is to see in a view: messages, cuts, who leads or wants to, who is gone."""
    names = list(view["nodes"])
    roles = [how(node) for node in view["nodes"].values()]
    leaders = roles.count("leader")
    return (
        2 * min(_MESSAGES, len(view["messages"]))
        + (4 if any(cut(view, *pair) or cut(view, *pair[::-1]) for pair in pairs(names)) else 0)
        + (8 if leaders > 1 else 3 * leaders)
        + 2 * min(2, sum("candidate" in role for role in roles))
        + 2 * min(2, roles.count("crashed") + roles.count("paused"))
        + 2 * any(client["outcome"] == "waiting" for client in view["clients"].values())
    )


def _best_of_steps(run: Run) -> Iterator[tuple[int, int]]:
    """For each step the worth of its richest moment, and the event after which that is."""
    simulation = run.simulation
    view: View = simulation.view_at(0)
    seq = 0
    for step in run.steps:
        found = (-1, step.end_seq)
        while seq < step.end_seq:
            event = simulation.events[seq]
            for path, _, new in event.changes:
                put(view, path, copy_view(new))
            view["time"] = event.time
            seq += 1
            if view["nodes"]:
                found = max(found, (worth(view) + _REMARKABLE.get(event.kind, 0), seq))
        yield found


def _richest(best: list[tuple[int, int]]) -> int:
    """The number of the step with most to see; of several alike the later, which has more behind it."""
    return max(range(len(best)), key=lambda index: (best[index][0], index)) + 1


def _spread(best: list[tuple[int, int]], still: int) -> list[int]:
    """The numbers of the steps for a picture that moves: `still` and others along the run that show
    something of their own, in order.
    """
    able = [i + 1 for i, (value, _) in enumerate(best) if value >= 0 or i + 1 == still]
    while len(able) > FRAMES:
        able.remove(min((n for n in able if n != still), key=lambda n: (best[n - 1][0], n)))
    return able
