"""What the server says where it does not do what it was asked, with a code for programs to act on."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from raftviz.errors import Error, LessonError, UnknownCommandError, did_you_mean, shown
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
            remedy=did_you_mean(wanted, known),
        )
        near = get_close_matches(wanted, known, n=3)
        self.wanted = wanted
        self.known = [known[name] for name in (*near, *(n for n in known if n not in near))]
        self.near = len(near)


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
        kind="500",
    )
