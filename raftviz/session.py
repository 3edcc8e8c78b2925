"""Sessions as files: a run with all its branches, as what was done and not as what came of it.

A saved session is plain JSON: what the cluster was made of, and for each branch where it left its
parent and the command log since. Loading carries all of it out anew; a digest of each branch's final
state tells whether the same came of it. Nothing in a file is ever executed but commands of the
vocabulary.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from raftviz.errors import Error, SessionError, choice, shown
from raftviz.pieces import finish
from raftviz.session_shape import FORMAT, SHAPE, VERSION
from raftviz.sim.commands import validate
from raftviz.sim.events import Event
from raftviz.simulation import Simulation

EVENTS_AT_ONCE = 1_000_000
"""What one command of a file may cause, unless whoever loads it says less."""

SLICE_US = 5_000
SLICE_EVENTS = 1_000
"""Passing time is carried out in slices of about so many events."""


@dataclass(frozen=True, slots=True)
class Line:
    """One branch: its simulation, and where it left its parent.

    `inherited` is its command log as it stood when it left; what follows there is its own.
    """

    id: str
    name: str
    simulation: Simulation
    parent: str | None = None
    at: int | None = None
    inherited: Sequence[Mapping[str, Any]] = ()

    def own_log(self) -> list[dict[str, Any]]:
        """What was done on it, and not on its parent."""
        log = self.simulation.command_log
        count = len(self.inherited)
        if count and log[count - 1] != self.inherited[-1]:
            count -= 1  # the time that was passing there has gone on
        return log[count:]


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a session: right after event `event` of a branch."""

    branch: str
    event: int


@dataclass(frozen=True, slots=True)
class Session:
    """A run with its branches, parents first. `differs` names those of which something else came
    than when they were saved.
    """

    lines: tuple[Line, ...]
    title: str = ""
    lesson: str | None = None
    moment: Moment | None = None
    differs: tuple[str, ...] = ()

    @classmethod
    def of(cls, simulation: Simulation, title: str = "", lesson: str | None = None) -> Session:
        """The session of one simulation, without branches."""
        return cls((Line("main", "Main", simulation),), title, lesson)

    def line(self, branch: str | None = None) -> Line:
        """A branch by its id; else the one looked at, else the last. Raises SessionError."""
        wanted = branch or (self.moment.branch if self.moment else self.lines[-1].id)
        for line in self.lines:
            if line.id == wanted:
                return line
        raise SessionError(
            f"there is no branch {shown(wanted)}",
            where="session",
            kind="branch",
            id=shown(wanted),
            **choice(line.id for line in self.lines),
        )


def digest(simulation: Simulation) -> str:
    """A fingerprint of the state in which a run ends, messages in flight and timers included."""
    text = json.dumps(simulation.view(), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


# Out.


def save(session: Session) -> dict[str, Any]:
    """The session as JSON values."""
    saved: dict[str, Any] = {"format": FORMAT, "version": VERSION}
    if session.title:
        saved["title"] = session.title
    if session.lesson is not None:
        saved["lesson"] = session.lesson
    saved["cluster"] = cluster(session.lines[0].simulation)
    saved["branches"] = [_saved_line(line) for line in session.lines]
    if session.moment is not None:
        saved["moment"] = {"branch": session.moment.branch, "event": session.moment.event}
    return saved


def cluster(simulation: Simulation) -> dict[str, Any]:
    """What a simulation was made of, as JSON values."""
    start = simulation.events[0].data["command"]["start"]
    given: dict[str, Any] = {name: value for name, value in start.items() if value is not None}
    plain: dict[str, Any] = json.loads(json.dumps(given))
    return plain


def _saved_line(line: Line) -> dict[str, Any]:
    saved: dict[str, Any] = {"id": line.id, "name": line.name}
    if line.parent is not None:
        saved |= {"parent": line.parent, "at": line.at}
    return {
        **saved,
        "log": line.own_log(),
        "events": len(line.simulation.events),
        "digest": digest(line.simulation),
    }


def dumps(session: Session) -> str:
    """The session as the text of a file."""
    return json.dumps(save(session), ensure_ascii=False, indent=1) + "\n"


# In.

Check = Callable[[dict[str, Any], str], None]
"""Looks at a command of a file, whose place is named; raises Error to refuse it."""


def parse(text: str) -> Any:
    """The JSON values of a file's text. Raises SessionError."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise SessionError(
            f"this is no JSON: {error}",
            where="session",
            remedy="give a file that raftviz has saved",
            kind="session.json",
            why=str(error),
        ) from None


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def loads(text: str) -> Session:
    """A session from the text of a file. Raises SessionError."""
    return load(parse(text))


def load(value: Any) -> Session:
    """A session from JSON values, carried out anew. Raises SessionError."""
    return finish(replay(value))


def replay(
    value: Any, check: Check | None = None, max_events: int = EVENTS_AT_ONCE
) -> Generator[int, None, Session]:
    """Load a session piece by piece: yields after each piece how many events were written since
    the last, and returns the session. No command may cause more than `max_events`.

    Raises SessionError, naming the place in the file.
    """
    saved = _checked(value)
    lines: dict[str, Line] = {}
    differs: list[str] = []
    for place, branch in enumerate(saved["branches"]):
        where = f"session.branches[{place}]"
        line = _begin(saved["cluster"], branch, lines, where, max_events)
        yield len(line.simulation.events) - (line.at or 0)
        for number, done in enumerate(branch["log"]):
            yield from _redo(line.simulation, done, f"{where}.log[{number}]", check)
        lines[line.id] = line
        same = len(line.simulation.events) == branch["events"]
        if not same or branch.get("digest", digest(line.simulation)) != digest(line.simulation):
            differs.append(line.id)
    moment = _moment(saved, lines, differs)
    return Session(
        tuple(lines.values()),
        saved.get("title", ""),
        saved.get("lesson"),
        moment,
        tuple(differs),
    )


def _checked(value: Any) -> dict[str, Any]:
    """The values, once they have the shape of a session. Raises SessionError."""
    if not isinstance(value, Mapping) or value.get("format") != FORMAT:
        raise SessionError(
            "this is no saved session",
            where="session.format",
            remedy=f'give a file of raftviz; it says "format": "{FORMAT}"',
            kind="session.format",
            format=FORMAT,
        )
    if type(value.get("version")) is not int or value["version"] != VERSION:
        raise SessionError(
            f"version {shown(value.get('version'))} is unknown here",
            where="session.version",
            remedy=f"this raftviz reads version {VERSION}",
            kind="session.version",
            version=shown(value.get("version")),
            ours=str(VERSION),
        )
    try:
        saved: dict[str, Any] = SHAPE.check(value, "session")
    except Error as error:
        raise _at(error) from None
    return saved


def _begin(
    cluster: dict[str, Any],
    branch: dict[str, Any],
    lines: dict[str, Line],
    where: str,
    max_events: int,
) -> Line:
    """A branch as it stood when it left its parent. Raises SessionError."""
    parent, at = branch.get("parent"), branch.get("at")
    if branch["id"] in lines:
        raise SessionError(
            f"{shown(branch['id'])} is there twice",
            where=f"{where}.id",
            remedy="give each branch an id of its own",
            kind="session.twice",
            id=shown(branch["id"]),
        )
    if (parent is None) != (at is None) or (parent is None) != (not lines):
        raise SessionError(
            "it is not clear where this branch begins",
            where=where,
            remedy="give parent and at to every branch but the first",
            kind="session.begin",
        )
    try:
        if parent is None:
            simulation = Simulation(**cluster, max_events=max_events)
        elif parent in lines:
            simulation = lines[parent].simulation.fork(at=at)
        else:
            raise SessionError(
                f"there is no branch {shown(parent)} before this one",
                where=f"{where}.parent",
                kind="session.parent",
                id=shown(parent),
                **choice(lines),
            )
    except SessionError:
        raise
    except Error as error:
        raise _at(error, "session.cluster" if parent is None else f"{where}.at") from None
    simulation.max_events = max_events
    inherited = simulation.command_log if parent is not None else ()
    return Line(branch["id"], branch["name"], simulation, parent, at, inherited)


def _redo(
    simulation: Simulation, done: dict[str, Any], where: str, check: Check | None
) -> Generator[int, None, None]:
    """Carry out one entry of a log, time in slices. Raises SessionError."""
    if ("command" in done) == ("run_to" in done):
        raise SessionError(
            "it is not clear what was done",
            where=where,
            remedy="give either command or run_to",
            kind="session.done",
        )
    stop = done.get("stop")
    try:
        if "command" in done:
            command = validate(done["command"]).to_json()
            if check is not None:
                check(command, f"{where}.command")
            yield len(simulation.do(command, stop))
            return
        slice_us = SLICE_US
        until = done["run_to"]
        while True:
            next_us = until
            if not simulation.nothing_pending:
                next_us = min(until, simulation.now_us + slice_us)
            events = simulation.run_to(next_us, stop=stop)
            yield len(events)
            if simulation.now_us >= until or _stopped(simulation, events, stop):
                return
            slice_us = slice_us * 2 if len(events) < SLICE_EVENTS else max(1_000, slice_us // 2)
    except SessionError:
        raise
    except Error as error:
        raise _at(error, where) from None


def _stopped(simulation: Simulation, events: Sequence[Event], stop: int | None) -> bool:
    """Whether time came to stand still: where the file says so, or since a property fell."""
    fell = any(event.kind == "invariant_violated" for event in events)
    return fell or (stop is not None and len(simulation.events) >= stop)


def _moment(
    saved: dict[str, Any], lines: Mapping[str, Line], differs: Sequence[str]
) -> Moment | None:
    """The moment at which the session was saved. Raises SessionError where there is none such."""
    moment = saved.get("moment")
    if moment is None:
        return None
    line = lines.get(moment["branch"])
    if line is None:
        raise SessionError(
            f"there is no branch {shown(moment['branch'])}",
            where="session.moment.branch",
            kind="branch",
            id=shown(moment["branch"]),
            **choice(lines),
        )
    last = len(line.simulation.events)
    if moment["event"] > last and line.id not in differs:
        raise SessionError(
            f"event {moment['event']} of branch {line.id} has not happened",
            where="session.moment.event",
            remedy=f"give a whole number from 0 to {last}",
            kind="session.moment",
            event=str(moment["event"]),
            branch=line.id,
            last=str(last),
        )
    return Moment(line.id, min(moment["event"], last))


def _at(error: Error, where: str | None = None) -> SessionError:
    """The same error, as one of a file: `where` is the place that it stands in."""
    place = error.where if where is None else f"{where}: {error.where}" if error.where else where
    return SessionError(
        error.message, where=place, remedy=error.remedy, kind=error.kind, **error.facts
    )
