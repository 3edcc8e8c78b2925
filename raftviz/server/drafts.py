"""Lessons that somebody is writing: read and run as they stand, within a room's limits.

A draft is text of a stranger. It is data for the loader and commands of the vocabulary, and each of its
commands is bounded as one that comes over the socket.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from raftviz import lessons
from raftviz.errors import Error, LessonError
from raftviz.lessons import Lesson, Run
from raftviz.server.branches import Branch
from raftviz.server.limits import Limits, TokenBucket, check_command_size, check_command_span
from raftviz.server.refusals import Code, Refusal, failure
from raftviz.server.sessions import Shelf, Start
from raftviz.server.turns import in_turns
from raftviz.server.wire import Encoded

FILE = "lesson.yaml"
"""What a draft's text is called in messages."""

MOST_ADDRESSES = 10_000
"""Of so many it is known how often they asked; beyond, the ones that asked first are forgotten."""


def drafted(text: str, limits: Limits) -> Generator[None, None, Run]:
    """Run the lesson in `text`, piece by piece. Raises LessonError, which names the line, and Refusal."""
    lesson = lessons.loads(text, FILE)
    _within(lesson, limits)
    simulation = lesson.start()
    simulation.max_events = limits.events_at_once
    work = lessons.running(lesson, simulation)
    done = 0
    while True:
        try:
            done += next(work) is not None
        except StopIteration as end:
            run: Run = end.value
            return run
        if len(simulation.events) > limits.draft_events:
            step = lesson.steps[min(done, len(lesson.steps) - 1)]
            problem = Error(
                f"by here the lesson has more than {limits.draft_events:,} events",
                remedy="let less time pass, or end it earlier",
            )
            raise lesson.error(problem, (*step.path, "do"))
        yield


def _within(lesson: Lesson, limits: Limits) -> None:
    """Bound each command as one that comes over the socket. Raises LessonError."""
    for step in lesson.steps:
        asked = step.predict.after if step.predict else ()
        for commands, place in ((step.do, ("do",)), (asked, ("predict", "after"))):
            for command in commands:
                try:
                    check_command_size(command, limits)
                    check_command_span(command, limits)
                except Refusal as refusal:
                    raise lesson.error(refusal, (*step.path, *place)) from None


def begun(run: Run) -> Start:
    """Return the beginning of a room for a draft that was run."""
    start = Shelf([run.lesson], [run]).start(run.lesson.id)
    kept = start.branch
    branch = Branch(
        kept.id, kept.name, kept.simulation, lesson=True, shared=False, encoded=kept.encoded
    )
    return Start({**start.session, "draft": True}, branch)


class Desk:
    """Where drafts are tried: so many a second for each address, each within a time of work."""

    def __init__(
        self, limits: Limits, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._allowances: dict[str, TokenBucket] = {}

    def start(self, text: str) -> Start:
        """Return the beginning of a room for the lesson in `text`. Raises Error."""
        return begun(self._run(text))

    def attempt(self, text: str, address: str) -> dict[str, Any]:
        """Answer whoever tries a draft: with its run as a lesson's is told, the line of each step and what
        does not hold, or with the error and its line.
        """
        try:
            self._charge(address)
            run = self._run(text)
        except Error as error:
            line = error.line if isinstance(error, LessonError) else None
            told = failure(error)
            return {**told, "error": {**told["error"], "line": line}}
        start = begun(run)
        return {
            "ok": True,
            "session": start.session,
            "events": Encoded(start.branch.encoded),
            "lines": [run.lesson.line(step.path) for step in run.lesson.steps],
            "failures": [
                {"step": each.step, "line": each.line, "message": str(each)}
                for each in run.failures
            ],
        }

    def _run(self, text: str) -> Run:
        """Run a draft, letting others have their turn. Raises Error."""
        seconds = self._limits.draft_seconds
        return in_turns(
            drafted(text, self._limits),
            seconds,
            self._clock,
            self._sleep,
            lambda: Refusal(
                Code.LIMIT,
                f"this lesson takes longer than {seconds:g} seconds",
                where=FILE,
                remedy="let less time pass in it, or run it with python -m raftviz check",
                kind="draft.slow",
                seconds=f"{seconds:g}",
            ),
        )

    def _charge(self, address: str) -> None:
        """Take a try from what an address may. Raises Refusal."""
        allowance = self._allowances.pop(address, None) or TokenBucket(
            self._limits.drafts_per_second, self._limits.drafts_burst
        )
        self._allowances[address] = allowance
        if len(self._allowances) > MOST_ADDRESSES:
            del self._allowances[next(iter(self._allowances))]
        if not allowance.take(self._clock()):
            raise Refusal(
                Code.LIMIT,
                "these are too many tries",
                remedy=f"try at most {self._limits.drafts_per_second:g} lessons a second",
                kind="drafts.fast",
                most=f"{self._limits.drafts_per_second:g}",
            )
