"""Every error that a person can cause: what was wrong, where, and what would be right.

Anything else that escapes from raftviz is our own mistake and stays an ordinary exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any


class Phrase:
    """A part of a message that other languages have words of their own for: `kind` names them."""

    def __init__(self, text: str, kind: str, **facts: Any) -> None:
        self.message = text
        self.kind = kind
        self.facts: Mapping[str, Any] = facts

    def __str__(self) -> str:
        return self.message


class Error(Exception):
    """Something a person asked for could not be done; nothing has changed.

    ``where`` names the place (a key, a node, a file and line), ``remedy`` what would be right.
    ``str(error)`` is the one sentence that a person reads. Whoever has words of its own, in another
    language, says it by ``kind`` and fills in ``facts``: texts, counts, lists, a ``Phrase`` or another
    error; an error without a kind is said as it is.
    """

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        remedy: str | None = None,
        kind: str = "",
        **facts: Any,
    ) -> None:
        self.message = message
        self.where = where
        self.remedy = remedy
        self.kind = kind
        self.facts = facts
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{self.message}{remedy}"


class CommandError(Error):
    """A command is unknown, badly formed, or cannot be carried out as things stand."""


class UnknownCommandError(CommandError):
    """A command whose name is not in the vocabulary."""


class OptionError(Error):
    """A protocol option is unknown or has a value of the wrong kind."""


class ClusterError(Error):
    """A cluster cannot be made as asked: its size, names, timing, or given state."""


class ScriptError(CommandError):
    """A script cannot go on: what it waited for did not come about."""


class LimitError(CommandError):
    """A command would do more than one command may."""


class SessionError(Error):
    """A saved session cannot be read, or does not carry out anew. ``where`` is the place in the file."""


class LessonError(Error):
    """A lesson is malformed. ``file`` and ``line`` (1-based) name the place."""

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        where: str | None = None,
        remedy: str | None = None,
        kind: str = "",
        **facts: Any,
    ) -> None:
        self.file = file
        self.line = line
        parts = [f"{file}:{line}" if file and line else file, where]
        super().__init__(
            message,
            where=": ".join(part for part in parts if part) or None,
            remedy=remedy,
            kind=kind,
            **facts,
        )


def one_of(names: Iterable[str]) -> str:
    """The names as a readable choice, for a remedy."""
    return "use one of " + ", ".join(names)


def did_you_mean(word: object, names: Iterable[str]) -> str:
    """A remedy for a misspelt name: the nearest known one, and all of them."""
    known = list(names)
    near = nearest(word, known)
    hint = f"did you mean {near!r}? " if near else ""
    return hint + one_of(known)


def choice(names: Iterable[str]) -> dict[str, Any]:
    """The remedy that names the readable choice, and the fact that it is made of."""
    known = list(names)
    return {"remedy": one_of(known), "known": known}


def meant(word: object, names: Iterable[str]) -> dict[str, Any]:
    """The remedy for a misspelt name, and the facts that it is made of."""
    known = list(names)
    return {"remedy": did_you_mean(word, known), "known": known, "near": nearest(word, known)}


def nearest(word: object, names: Iterable[str]) -> str:
    """The known name that a misspelt one is likely to mean; empty where none is near."""
    return next(iter(get_close_matches(str(word), list(names), n=1)), "")


def shown(value: object, limit: int = 60) -> str:
    """A person's value inside a message: quoted, and cut when long."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
