"""The catalogue of messages between browser and server, and what makes one well formed.

A message of a client is an untrusted JSON value. `parse` turns it into one of the request types
below or raises a Refusal that names what was wrong and what would be right. Whether a command makes
sense is for `raftviz.sim.commands` to say, and whether it can be carried out, for the simulation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from raftviz.errors import Error, LessonError, UnknownCommandError, did_you_mean, shown

PROTOCOL = 1
"""The version of the wire. A browser with another one is told to reload its page."""

SLOWEST, FASTEST = 0.01, 10.0
"""Bounds of the rate of playing: virtual seconds in a real second."""


class Code(StrEnum):
    """What kind of error an answer carries, for a program to act on."""

    BAD_REQUEST = "bad_request"
    UNKNOWN_COMMAND = "unknown_command"
    COMMAND = "command"
    LESSON = "lesson"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    LIMIT = "limit"
    BUSY = "busy"
    INTERNAL = "internal"


class Refusal(Error):
    """A request that the server does not carry out, with its code."""

    def __init__(
        self, code: Code, message: str, *, where: str | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(message, where=where, remedy=remedy)
        self.code = code


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a room's history: event `seq` of `branch`; 0 is before everything."""

    branch: str
    seq: int


@dataclass(frozen=True, slots=True)
class Open:
    """Enter a room, or make a new one from a lesson, a sandbox, or a saved session."""

    room: str | None
    token: str | None
    lesson: str | None
    sandbox: dict[str, Any] | None
    have: Point | None
    packed: bool = False
    session: dict[str, Any] | None = None


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
class Rename:
    """Give a branch another name."""

    branch: str
    name: str


Request = Open | Do | Play | Pause | SwitchBranch | Resync | Save | Rename
Steering = Do | Play | Pause | SwitchBranch | Rename


@dataclass(frozen=True, slots=True)
class Kind:
    """One message of a client: how it is read, who may send it, and what it costs of its allowance."""

    parse: Callable[[Fields], Request]
    who: Literal["anyone", "presenter"]
    cost: float


class Fields:
    """The fields of one message, read one by one with their types; what is left over is refused."""

    def __init__(self, name: str, value: Any) -> None:
        self._name = name
        if not isinstance(value, dict):
            raise Refusal(
                Code.BAD_REQUEST,
                f"the message is {_kind(value)}",
                where=name,
                remedy="send one object with named fields",
            )
        self._rest: dict[str, Any] = dict(value)
        self._known: list[str] = []

    def _take(self, field: str) -> Any:
        self._known.append(field)
        return self._rest.pop(field, None)

    def wrong(self, field: str, value: Any, remedy: str) -> Refusal:
        """Make the error for a field that holds something else than it should."""
        return Refusal(
            Code.BAD_REQUEST,
            f"{shown(value)} does not fit" if value is not None else "is missing",
            where=f"{self._name}.{field}",
            remedy=remedy,
        )

    def text(self, field: str, remedy: str, longest: int = 200) -> str:
        """Read a text that must be there and not be empty."""
        value = self._take(field)
        if not isinstance(value, str) or not value or len(value) > longest:
            raise self.wrong(field, value, remedy)
        return value

    def optional_text(self, field: str, remedy: str, longest: int = 200) -> str | None:
        """Read a text that may be left out."""
        value = self._take(field)
        if value is not None and (not isinstance(value, str) or not value or len(value) > longest):
            raise self.wrong(field, value, remedy)
        return value

    def count(self, field: str, remedy: str, default: int | None = None) -> int:
        """Read a whole number of at least 0."""
        value = self._take(field)
        if value is None and default is not None:
            return default
        if not _is_count(value):
            raise self.wrong(field, value, remedy)
        return int(value)

    def flag(self, field: str, remedy: str) -> bool:
        """Read true or false; left out it is false."""
        value = self._take(field)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(field, value, remedy)
        return bool(value)

    def rate(self, field: str) -> float | None:
        """Read a rate of playing, which may be left out."""
        value = self._take(field)
        if value is None:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not SLOWEST <= value <= FASTEST:
            raise self.wrong(
                field,
                value,
                f"use a number from {SLOWEST} to {FASTEST:g}: virtual seconds a second",
            )
        return float(value)

    def mapping(self, field: str, remedy: str) -> dict[str, Any]:
        """Read an object that must be there."""
        value = self._take(field)
        if not isinstance(value, dict):
            raise self.wrong(field, value, remedy)
        return value

    def optional_mapping(self, field: str, remedy: str) -> dict[str, Any] | None:
        """Read an object that may be left out."""
        value = self._take(field)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(field, value, remedy)
        return value

    def point(self, field: str) -> Point | None:
        """Read a place in a branch, which may be left out."""
        value = self._take(field)
        if value is None:
            return None
        if (
            not isinstance(value, dict)
            or set(value) != {"branch", "seq"}
            or not isinstance(value["branch"], str)
            or not _is_count(value["seq"])
        ):
            raise self.wrong(
                field, value, 'send {"branch": a branch\'s id, "seq": the number of an event}'
            )
        return Point(value["branch"], value["seq"])

    def version(self) -> None:
        """Read the protocol's version, which must be ours."""
        value = self._take("protocol")
        if value != PROTOCOL or isinstance(value, bool):
            raise Refusal(
                Code.BAD_REQUEST,
                f"this page speaks version {shown(value)}, the server version {PROTOCOL}",
                where=f"{self._name}.protocol",
                remedy="reload the page",
            )

    def done(self) -> None:
        """Refuse fields that nobody asked for."""
        if self._rest:
            field = next(iter(self._rest))
            known = did_you_mean(field, self._known) if self._known else "send {}"
            raise Refusal(
                Code.BAD_REQUEST, f"unknown field {shown(field)}", where=self._name, remedy=known
            )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 2**53


def _kind(value: Any) -> str:
    if value is None:
        return "empty"
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
    }
    return names.get(type(value), "binary")


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
    )
    wanted = (request.lesson, request.sandbox, request.session)
    if request.room is None and sum(each is not None for each in wanted) != 1:
        raise Refusal(
            Code.BAD_REQUEST,
            "it is not clear what to open",
            where="open",
            remedy="send one of room, lesson, sandbox, session",
        )
    return request


def _do(fields: Fields) -> Do:
    remedy = 'send one command, such as {"timeout": "node1"}'
    request = Do(fields.mapping("command", remedy), fields.point("at"))
    if len(request.command) != 1:
        raise fields.wrong("command", request.command, remedy)
    return request


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


_HAVE = "send the number of the last event that you hold, 0 for none"

CATALOGUE: dict[str, Kind] = {
    "open": Kind(_open, "anyone", 4.0),
    "do": Kind(_do, "presenter", 1.0),
    "play": Kind(lambda fields: Play(fields.rate("rate")), "presenter", 1.0),
    "pause": Kind(lambda _: Pause(), "presenter", 1.0),
    "branch": Kind(_switch, "presenter", 2.0),
    "resync": Kind(_resync, "anyone", 2.0),
    "save": Kind(lambda fields: Save(fields.point("moment")), "anyone", 3.0),
    "rename": Kind(_rename, "presenter", 1.0),
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


def failure(error: Error) -> dict[str, Any]:
    """Make the answer that tells a client of an error."""
    return {
        "ok": False,
        "error": {
            "message": error.message,
            "where": error.where,
            "remedy": error.remedy,
            "code": code_of(error).value,
        },
    }


def code_of(error: Error) -> Code:
    """Tell the code under which an error goes over the wire."""
    if isinstance(error, Refusal):
        return error.code
    if isinstance(error, UnknownCommandError):
        return Code.UNKNOWN_COMMAND
    if isinstance(error, LessonError):
        return Code.LESSON
    return Code.COMMAND


def internal() -> Refusal:
    """Make the error that a client is told when our own code failed. Details stay in the server's log."""
    return Refusal(
        Code.INTERNAL,
        "the server made a mistake, and has written it down",
        remedy="try again, or open the page anew",
    )
