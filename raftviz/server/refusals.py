"""What the server says where it does not do what it was asked, with a code for programs to act on."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from raftviz.errors import Error, LessonError, Phrase, UnknownCommandError, meant, shown
from raftviz.lessons import Lesson


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
        self,
        code: Code,
        message: str,
        *,
        where: str | None = None,
        remedy: str | None = None,
        kind: str = "",
        **facts: Any,
    ) -> None:
        super().__init__(message, where=where, remedy=remedy, kind=kind, **facts)
        self.code = code


class NoLesson(Refusal):
    """There is no lesson of that id; `known` are those that there are, the likeliest first."""

    def __init__(self, wanted: str, known: Mapping[str, Lesson]) -> None:
        super().__init__(
            Code.LESSON,
            f"there is no lesson {shown(wanted)}" if wanted else "no lesson is named",
            where="lesson",
            kind="lesson" if wanted else "lesson.none",
            id=shown(wanted),
            **meant(wanted, known),
        )
        near = get_close_matches(wanted, known, n=3)
        self.wanted = wanted
        self.known = [known[name] for name in (*near, *(n for n in known if n not in near))]
        self.near = len(near)


FACT_CHARACTERS = 200
FACT_ITEMS = 50
FACT_DEPTH = 8
"""How much of a fact a client is told."""


def failure(error: Error) -> dict[str, Any]:
    """Make the answer that tells a client of an error."""
    return {"ok": False, "error": {**told(error), "code": code_of(error).value}}


def told(error: Error) -> dict[str, Any]:
    """Tell what was wrong, where, and what would be right; and by what facts, where it has a kind."""
    return _said(error, FACT_DEPTH)


def _said(part: Error | Phrase, depth: int) -> dict[str, Any]:
    said: dict[str, Any] = {"message": part.message}
    if isinstance(part, Error):
        said |= {"where": part.where, "remedy": part.remedy}
    if part.kind:
        said["kind"] = part.kind
        said["facts"] = {name: _fact(value, depth) for name, value in part.facts.items()}
    return said


def _fact(value: object, depth: int) -> Any:
    """Return a fact as JSON, no longer or deeper than anybody would read."""
    if depth > 0 and isinstance(value, list | tuple):
        return [_fact(each, depth - 1) for each in value[:FACT_ITEMS]]
    if depth > 0 and isinstance(value, Error | Phrase):
        return _said(value, depth - 1)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 2**53:
        return value
    return str(value)[:FACT_CHARACTERS]


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
        kind="500",
    )
