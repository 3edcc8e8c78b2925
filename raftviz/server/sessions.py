"""What a room starts from: a lesson, run whole, or a sandbox; and how each is described to the browser."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from raftviz import lessons
from raftviz.checks import PROPERTIES
from raftviz.errors import one_of, shown
from raftviz.lessons import Lesson, Run, Texts
from raftviz.server.branches import Branch, readable
from raftviz.server.fields import Fields
from raftviz.server.language import word
from raftviz.server.limits import Limits, check_command_size
from raftviz.server.refusals import Code, NoLesson, Refusal
from raftviz.server.steps import ends, notes, outcome, wire_step
from raftviz.session import Line, Session, cluster, digest, replay
from raftviz.sim.clock import from_ms
from raftviz.simulation import Simulation

FEWEST_NODES, MOST_NODES = 3, 9
USUAL_NODES = 5


@dataclass(frozen=True, slots=True)
class Start:
    """How a room begins: its description for the browser, and its first branch; where a saved session
    goes on also the others, and which of them is looked at.
    """

    session: dict[str, Any]
    branch: Branch
    others: tuple[Branch, ...] = ()
    active: str | None = None


class Shelf:
    """The lessons of this server. Each is run once, when first asked for, and shared by all rooms.

    A lesson's own branch never changes (acting on it forks), so sharing is safe.
    """

    def __init__(self, library: Sequence[Lesson] | None = None, runs: Sequence[Run] = ()) -> None:
        self._lessons = {
            lesson.id: lesson for lesson in (lessons.library() if library is None else library)
        }
        self._runs = {run.lesson.id: run for run in runs}
        self._starts: dict[str, Start] = {}
        self._outcomes: dict[tuple[str, int], dict[str, Any]] = {}

    def cards(self, language: str = "en") -> list[dict[str, Any]]:
        """Describe all lessons, in their order, without their steps; in `language` where they can."""
        return [self._card(lesson, language) for lesson in self._lessons.values()]

    def lessons(self) -> list[Lesson]:
        """Return all lessons, in their order."""
        return list(self._lessons.values())

    def find(self, lesson_id: str) -> Lesson:
        """Return a lesson by its id. Raises Refusal."""
        lesson = self._lessons.get(lesson_id)
        if lesson is None:
            raise NoLesson(lesson_id, self._lessons)
        return lesson

    def texts(self, lesson_id: str, language: str) -> dict[str, Any]:
        """Return a lesson's texts in another language, a step for each of its steps, to be laid over
        what a room tells of it. Raises Refusal, LessonError.
        """
        lesson = self.find(lesson_id)
        if language not in lesson.texts:
            raise Refusal(
                Code.LESSON,
                f"the lesson {lesson_id} is not told in {shown(language)}",
                where="language",
                remedy=one_of(lesson.texts) if lesson.texts else "its own is the only one",
            )
        told = lessons.told_in(self._run(lesson), language)
        card = {**self._card(lesson, language), **ends(told.lesson)}
        return {
            **{name: card[name] for name in _TEXTS},
            "steps": [{name: wire_step(step)[name] for name in _STEP_TEXTS} for step in told.steps],
        }

    def notes(self, lesson_id: str, language: str) -> list[dict[str, Any]]:
        """Return what whoever presents a lesson is told at each step, in a language where it can be.

        Raises Refusal, LessonError.
        """
        return notes(lessons.told_in(self._run(self.find(lesson_id)), language))

    def outcome(self, lesson_id: str, step: int) -> dict[str, Any]:
        """Return what happens where a lesson's step (from 1) asks for a prediction. Raises Refusal, LessonError."""
        run = self._run(self.find(lesson_id))
        key = (lesson_id, step)
        if key not in self._outcomes:
            found = outcome(run, step - 1) if 1 <= step <= len(run.steps) else None
            if found is None:
                asking = [str(each.index + 1) for each in run.steps if each.predict]
                raise Refusal(
                    Code.LESSON,
                    f"step {step} of the lesson {lesson_id} asks for no prediction",
                    where="step",
                    remedy=one_of(asking) if asking else "none of its steps does",
                )
            self._outcomes[key] = found
        return self._outcomes[key]

    def title(self, session: dict[str, Any], language: str) -> str:
        """Return what a session is called in a language."""
        lesson = session.get("lesson")
        if session.get("draft"):
            return str(session["title"])
        if lesson:
            return lesson_title(self.find(lesson["id"]), language)
        return word("sandbox.title", language, count=len(session["nodes"]))

    def start(self, lesson_id: str) -> Start:
        """Return the beginning of a room for a lesson. Raises Refusal, LessonError."""
        lesson = self.find(lesson_id)
        if lesson_id not in self._starts:
            self._starts[lesson_id] = self._begin(lesson)
        kept = self._starts[lesson_id]
        branch = Branch(
            "main", "The lesson", kept.branch.simulation, lesson=True, encoded=kept.branch.encoded
        )
        return Start(kept.session, branch)

    def run(self, lesson_id: str) -> Run:
        """Return a lesson as it goes, from its start to its end. Raises Refusal, LessonError."""
        return self._run(self.find(lesson_id))

    def _run(self, lesson: Lesson) -> Run:
        if lesson.id not in self._runs:
            self._runs[lesson.id] = lessons.run(lesson)
        return self._runs[lesson.id]

    def _begin(self, lesson: Lesson) -> Start:
        run = self._run(lesson)
        branch = Branch("main", "The lesson", run.simulation, lesson=True)
        branch.collect()
        session = describe("lesson", lesson.title, run.simulation)
        session["lesson"] = {
            **self._card(lesson),
            **ends(lesson),
            "steps": [wire_step(step) for step in run.steps],
        }
        return Start(session, branch)

    def _card(self, lesson: Lesson, language: str = "en") -> dict[str, Any]:
        ids = list(self._lessons)
        number = ids.index(lesson.id) + 1
        told = _texts(lesson, language)
        after = self._lessons[ids[number]] if number < len(ids) else None
        return {
            "id": lesson.id,
            "title": told.title,
            "summary": told.summary,
            "goal": told.goal,
            "level": lesson.level,
            "minutes": lesson.minutes,
            "sources": list(lesson.sources),
            "number": number,
            "of": len(ids),
            "next": after and after.id,
            "nextTitle": after and lesson_title(after, language),
            "leads": [
                {"id": each.id, "title": lesson_title(each, language)}
                for each in self._follow(lesson, after)
            ],
        }

    def _follow(self, lesson: Lesson, after: Lesson | None) -> list[Lesson]:
        """Return where a lesson leads: to those it names, or else to the one after it."""
        named = [self._lessons[each] for each in lesson.follow if each in self._lessons]
        return named or ([after] if after else [])


#: What of a lesson, and what of a step, is said in each language.
_TEXTS = ("title", "summary", "goal", "recap", "try", "nextTitle", "leads")
_STEP_TEXTS = ("title", "html", "sources", "differs", "ask", "predict")


def lesson_title(lesson: Lesson, language: str) -> str:
    """Return what a lesson is called in a language, or else in its own."""
    return _texts(lesson, language).title


def _texts(lesson: Lesson, language: str) -> Lesson | Texts:
    """Return who knows the lesson's title and summary in a language: if nobody else, the lesson."""
    return lesson.texts.get(language, lesson)


def describe(kind: str, title: str, simulation: Simulation) -> dict[str, Any]:
    """Return what the browser must know of a session besides its events. Times are in microseconds."""
    return {
        "kind": kind,
        "title": title,
        "nodes": list(simulation.node_ids),
        "seed": simulation.seed,
        "timers": simulation.timers,
        "timing": {name: _microseconds(value) for name, value in simulation.timing.items()},
        "options": dict(simulation.options),
        "cluster": cluster(simulation),
        "properties": [
            {"name": each.name, "text": each.text, "source": each.source} for each in PROPERTIES
        ],
    }


def _microseconds(milliseconds: Any) -> int | list[int]:
    """Turn a time, or a range of times, of the lessons' unit into the wire's."""
    if isinstance(milliseconds, list):
        return [from_ms(value) for value in milliseconds]
    return from_ms(milliseconds)


def sandbox(wish: dict[str, Any], limits: Limits) -> Start:
    """Return the beginning of a sandbox: nodes, seed, options, timing, each with a default.

    Raises Refusal for a number of nodes that the stage has no place for, and raftviz.Error for
    options or timing that the simulation does not know.
    """
    fields = Fields("sandbox", wish)
    nodes = fields.count("nodes", NODES, default=USUAL_NODES)
    if not FEWEST_NODES <= nodes <= MOST_NODES:
        raise Refusal(
            Code.BAD_REQUEST,
            f"a sandbox of {nodes} node{'' if nodes == 1 else 's'} is not possible",
            where="nodes",
            remedy=NODES,
            kind="value.nodes",
            name="nodes",
            count=nodes,
            **BOUNDS,
        )
    seed = fields.count("seed", "use a whole number, or leave it out", default=-1)
    options = fields.optional_mapping("options", "send an object of protocol options") or {}
    timing = fields.optional_mapping(
        "timing", "send an object with election_timeout, heartbeat, latency in milliseconds"
    )
    fields.done()
    simulation = Simulation(
        nodes=nodes,
        seed=secrets.randbelow(1_000_000) if seed < 0 else seed,
        options=options,
        timing=timing or {},
        timers="auto",
        max_events=limits.events_at_once,
    )
    session = describe("sandbox", word("sandbox.title", "en", count=nodes), simulation)
    return Start(session, Branch("main", "Main", simulation))


def saved(
    value: dict[str, Any], shelf: Shelf, limits: Limits, spare: int
) -> Generator[None, None, Start]:
    """Carry out a saved session anew, piece by piece, and return the beginning of its room.

    `spare` is how many events the server has place for. Raises Refusal where it is too much for a
    room, and raftviz.Error where it cannot be carried out.
    """

    def check(command: dict[str, Any], where: str) -> None:
        try:
            check_command_size(command, limits)
        except Refusal as refusal:
            raise Refusal(
                refusal.code,
                refusal.message,
                where=where,
                remedy=refusal.remedy,
                kind=refusal.kind,
                **refusal.facts,
            ) from None

    branches = value.get("branches")
    if isinstance(branches, list) and len(branches) > limits.branches:
        raise Refusal(
            Code.LIMIT,
            f"this session has {len(branches)} branches",
            where="session.branches",
            remedy=f"a room holds {limits.branches}",
            kind="session.branches",
            branches=str(len(branches)),
            most=str(limits.branches),
        )
    most = min(limits.events_saved, spare)
    count = 0
    work = replay(value, check, limits.events_at_once)
    while True:
        try:
            count += next(work)
        except StopIteration as done:
            return _begin_saved(done.value, shelf, limits)
        if count > most:
            raise Refusal(
                Code.LIMIT,
                f"this session has more than {most:,} events",
                where="session",
                remedy="a room holds no more of them",
                kind="session.events",
                most=most,
            )
        yield


def _begin_saved(session: Session, shelf: Shelf, limits: Limits) -> Start:
    """Return the beginning of a room from a session that has been carried out anew."""
    first, *rest = session.lines
    ids = {line.id: f"b{number}" if number else "main" for number, line in enumerate(session.lines)}
    lesson = _lesson_of(session, shelf)
    if lesson is not None:
        told, branch = dict(lesson.session), lesson.branch
    else:
        count = len(first.simulation.node_ids)
        told = describe("sandbox", session.title or f"Sandbox of {count} nodes", first.simulation)
        branch = Branch("main", readable(first.name, limits) or "Main", first.simulation)
    told["replayed"] = {"differs": [ids[each] for each in session.differs]}
    others = tuple(_branch_of(line, ids, limits) for line in rest)
    active = ids[session.moment.branch] if session.moment else "main"
    return Start(told, branch, others, active)


def _lesson_of(session: Session, shelf: Shelf) -> Start | None:
    """Return the lesson of which a session tells, if its run is the same here."""
    if session.lesson is None or session.lesson not in [card["id"] for card in shelf.cards()]:
        return None
    start = shelf.start(session.lesson)
    ours, theirs = start.branch.simulation, session.lines[0].simulation
    return start if digest(ours) == digest(theirs) else None


def _branch_of(line: Line, ids: dict[str, str], limits: Limits) -> Branch:
    return Branch(
        ids[line.id],
        readable(line.name, limits) or ids[line.id],
        line.simulation,
        parent=ids[line.parent or ""],
        at=line.at,
        inherited=line.inherited,
    )


BOUNDS = {"fewest": FEWEST_NODES, "most": MOST_NODES}
NODES = f"use a whole number from {FEWEST_NODES} to {MOST_NODES}"
