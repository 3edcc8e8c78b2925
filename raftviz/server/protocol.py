"""The catalogue of messages between browser and server, and what makes one well formed.

A message of a client is an untrusted JSON value. `parse` turns it into one of the request types
below or raises a Refusal that names what was wrong and what would be right. Whether a command makes
sense is for `raftviz.sim.commands` to say, and whether it can be carried out, for the simulation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from raftviz.errors import did_you_mean, shown
from raftviz.server.fields import Fields, Point
from raftviz.server.refusals import Code, Refusal


@dataclass(frozen=True, slots=True)
class Open:
    """Enter a room, or make a new one from a lesson, a sandbox, a saved session, or a lesson's text."""

    room: str | None
    token: str | None
    lesson: str | None
    sandbox: dict[str, Any] | None
    have: Point | None
    packed: bool = False
    session: dict[str, Any] | None = None
    draft: str | None = None


@dataclass(frozen=True, slots=True)
class Do:
    """Carry out a command, now or as if at an earlier point."""

    command: dict[str, Any]
    at: Point | None


@dataclass(frozen=True, slots=True)
class Play:
    """Let virtual time pass at `rate`; without one, at the rate of before."""

    rate: float | None


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop playing."""


@dataclass(frozen=True, slots=True)
class Fork:
    """Make a branch that goes on from a point, and make it the active one."""

    at: Point


@dataclass(frozen=True, slots=True)
class SwitchBranch:
    """Make another branch the active one. `have` is the last event of it that the client holds."""

    id: str
    have: int


@dataclass(frozen=True, slots=True)
class Resync:
    """Send what is missing of a branch after event `have`."""

    branch: str
    have: int


@dataclass(frozen=True, slots=True)
class Save:
    """Tell the whole session as a file holds it; `moment` is the place to open it at."""

    moment: Point | None


@dataclass(frozen=True, slots=True)
class Record:
    """Tell a branch's run as a lesson, in a language."""

    branch: str
    title: str
    lang: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a branch another name."""

    branch: str
    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Tell a branch's run as it goes under the rules of that name."""

    branch: str
    rules: str


@dataclass(frozen=True, slots=True)
class Notes:
    """Tell the presenter's notes of the room's lesson, in a language where it can be."""

    language: str


Request = (
    Open
    | Do
    | Play
    | Pause
    | Fork
    | SwitchBranch
    | Resync
    | Save
    | Record
    | Rename
    | Compare
    | Notes
)
Steering = Do | Play | Pause | Fork | SwitchBranch | Rename


@dataclass(frozen=True, slots=True)
class Kind:
    """One message of a client: how it is read, who may send it, and what it costs of its allowance."""

    parse: Callable[[Fields], Request]
    who: Literal["anyone", "presenter"]
    cost: float


def _open(fields: Fields) -> Open:
    fields.version()
    request = Open(
        room=fields.optional_text(
            "room", "send the room's id, as the address of the page shows it"
        ),
        token=fields.optional_text("token", "send the token that came with the room, or none"),
        lesson=fields.optional_text("lesson", "send the id of a lesson"),
        sandbox=fields.optional_mapping(
            "sandbox", "send an object with nodes, seed, options, timing"
        ),
        have=fields.point("have"),
        packed=fields.flag("packed", "send true where you can read packed answers"),
        session=fields.optional_mapping("session", "send a session as it was saved"),
        draft=fields.optional_text("draft", "send the text of a lesson", longest=LONGEST_DRAFT),
    )
    wanted = (request.lesson, request.sandbox, request.session, request.draft)
    if request.room is None and sum(each is not None for each in wanted) != 1:
        raise Refusal(
            Code.BAD_REQUEST,
            "it is not clear what to open",
            where="open",
            remedy="send one of room, lesson, sandbox, session, draft",
        )
    return request


def _do(fields: Fields) -> Do:
    remedy = 'send one command, such as {"timeout": "node1"}'
    request = Do(fields.mapping("command", remedy), fields.point("at"))
    if len(request.command) != 1:
        raise fields.wrong("command", request.command, remedy)
    return request


def _fork(fields: Fields) -> Fork:
    at = fields.point("at")
    if at is None:
        raise fields.wrong(
            "at", None, 'send {"branch": a branch\'s id, "seq": the number of an event}'
        )
    return Fork(at)


def _switch(fields: Fields) -> SwitchBranch:
    return SwitchBranch(
        fields.text("id", "send the id of a branch"), fields.count("have", _HAVE, default=0)
    )


def _resync(fields: Fields) -> Resync:
    return Resync(fields.text("branch", "send the id of a branch"), fields.count("have", _HAVE))


def _rename(fields: Fields) -> Rename:
    return Rename(
        fields.text("branch", "send the id of a branch"),
        fields.text("name", "send a name of 1 to 60 characters", longest=60),
    )


def _compare(fields: Fields) -> Compare:
    return Compare(
        fields.text("branch", "send the id of a branch"),
        fields.text("rules", "send the name of rules, such as paper", longest=40),
    )


def _record(fields: Fields) -> Record:
    return Record(
        fields.text("branch", "send the id of a branch"),
        fields.optional_text("title", "send a title of 1 to 120 characters", longest=120) or "",
        fields.optional_text("lang", "send the name of a language, such as en", longest=10) or "en",
    )


LONGEST_DRAFT = 60_000
"""Characters of a lesson that comes over the wire."""


def _notes(fields: Fields) -> Notes:
    return Notes(fields.text("language", "send a language, such as en", longest=40))


_HAVE = "send the number of the last event that you hold, 0 for none"

CATALOGUE: dict[str, Kind] = {
    "open": Kind(_open, "anyone", 4.0),
    "do": Kind(_do, "presenter", 1.0),
    "play": Kind(lambda fields: Play(fields.rate("rate")), "presenter", 1.0),
    "pause": Kind(lambda _: Pause(), "presenter", 1.0),
    "fork": Kind(_fork, "presenter", 2.0),
    "branch": Kind(_switch, "presenter", 2.0),
    "resync": Kind(_resync, "anyone", 2.0),
    "save": Kind(lambda fields: Save(fields.point("moment")), "anyone", 3.0),
    "record": Kind(_record, "anyone", 10.0),
    "notes": Kind(_notes, "presenter", 2.0),
    "rename": Kind(_rename, "presenter", 1.0),
    "variant": Kind(_compare, "anyone", 6.0),
}


def parse(name: str, arguments: tuple[Any, ...]) -> Request:
    """Read the message `name` with the arguments that came with it. Raises Refusal."""
    kind = CATALOGUE.get(name)
    if kind is None:
        raise Refusal(
            Code.BAD_REQUEST,
            f"unknown message {shown(name)}",
            remedy=did_you_mean(name, CATALOGUE),
        )
    if len(arguments) > 1:
        raise Refusal(
            Code.BAD_REQUEST,
            f"the message has {len(arguments)} values",
            where=name,
            remedy="send one object with named fields",
        )
    fields = Fields(name, arguments[0] if arguments and arguments[0] is not None else {})
    request = kind.parse(fields)
    fields.done()
    return request
