"""The fields of one message: an untrusted JSON value, read name by name with its types."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from raftviz.errors import did_you_mean, shown
from raftviz.server.refusals import Code, Refusal

PROTOCOL = 1
"""The version of the wire. A browser with another one is told to reload its page."""

SLOWEST, FASTEST = 0.01, 10.0
"""Bounds of the rate of playing: virtual seconds in a real second."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a room's history: event `seq` of `branch`; 0 is before everything."""

    branch: str
    seq: int


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
                kind="version",
                theirs=shown(value),
                ours=str(PROTOCOL),
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
