"""Shapes of command arguments: each checks a value, naming what is wrong, and gives its schema.

One description serves the command line, sockets, lessons, Python, and the published JSON Schema.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from raftviz.errors import CommandError, Phrase, meant, shown

Schema = dict[str, Any]

_SCALAR = Phrase("text, a number, true or false", "shape.scalar")
_FLAG = Phrase("true or false", "shape.flag")


class Shape(Protocol):
    """A kind of argument."""

    @property
    def words(self) -> str | Phrase:
        """What would be right, as in "give …"."""
        ...

    def check(self, value: Any, where: str) -> Any:
        """The value in normal form. Raises CommandError."""
        ...

    def schema(self) -> Schema:
        """Its JSON Schema."""
        ...


def wrong(shape: Shape, value: Any, where: str) -> CommandError:
    """The error for a value that does not have the shape."""
    return CommandError(
        f"{shown(value)} does not fit",
        where=where,
        remedy=f"give {shape.words}",
        kind="shape",
        value=shown(value),
        wanted=shape.words,
    )


@dataclass(frozen=True, slots=True)
class Text:
    """Text of a bounded length without control characters."""

    words: str | Phrase = "text"
    longest: int = 200

    def check(self, value: Any, where: str) -> str:
        """The value in normal form; raises CommandError."""
        if not isinstance(value, str):
            raise wrong(self, value, where)
        if not 1 <= len(value) <= self.longest:
            raise CommandError(
                f"text of {len(value):,} characters does not fit",
                where=where,
                remedy=f"give 1 to {self.longest:,} characters",
                kind="shape.length",
                count=len(value),
                most=self.longest,
            )
        if any(ord(character) < 32 or 0xD800 <= ord(character) < 0xE000 for character in value):
            raise CommandError(
                "text with a control character does not fit",
                where=where,
                remedy="give one line of plain text",
                kind="shape.control",
            )
        return value

    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self.longest,
            "pattern": "^[^\\u0000-\\u001f\\ud800-\\udfff]*$",
        }


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    low: int
    high: int

    @property
    def words(self) -> Phrase:
        """What would be right."""
        text = f"a whole number from {self.low} to {self.high:,}"
        return Phrase(text, "shape.whole", low=str(self.low), high=self.high)

    def check(self, value: Any, where: str) -> int:
        """The value in normal form; raises CommandError."""
        if type(value) is not int or not self.low <= value <= self.high:
            raise wrong(self, value, where)
        return value

    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds, whole or not."""

    low: float
    high: float
    unit: str = ""

    @property
    def words(self) -> Phrase:
        """What would be right."""
        text = f"a number{self.unit} from {self.low:g} to {self.high:,.0f}"
        kind = "shape.milliseconds" if self.unit else "shape.number"
        return Phrase(text, kind, low=f"{self.low:g}", high=f"{self.high:,.0f}")

    def check(self, value: Any, where: str) -> int | float:
        """The value in normal form; raises CommandError."""
        if type(value) not in (int, float) or not math.isfinite(value):
            raise wrong(self, value, where)
        if not self.low <= value <= self.high:
            raise wrong(self, value, where)
        number: int | float = value
        return number

    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value of the key-value store: text, a number, true or false."""

    longest: int = 1000
    words: Phrase = _SCALAR

    def check(self, value: Any, where: str) -> str | int | float | bool:
        """The value in normal form; raises CommandError."""
        if type(value) is str:
            if len(value) > self.longest:
                raise CommandError(
                    f"a value of {len(value):,} characters does not fit",
                    where=where,
                    remedy=f"give at most {self.longest:,} characters",
                    kind="shape.value",
                    count=len(value),
                    most=self.longest,
                )
            return Text(longest=self.longest).check(value, where) if value else value
        if type(value) is bool:
            return value
        if type(value) in (int, float) and math.isfinite(value) and abs(value) <= 2**53:
            number: int | float = value
            return number
        raise wrong(self, value, where)

    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {
            "type": ["string", "number", "boolean"],
            "maxLength": self.longest,
            "minimum": -(2**53),
            "maximum": 2**53,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    names: tuple[str, ...]

    @property
    def words(self) -> Phrase:
        """What would be right."""
        return Phrase("one of " + ", ".join(self.names), "shape.choice", names=list(self.names))

    def check(self, value: Any, where: str) -> str:
        """The value in normal form; raises CommandError."""
        if value not in self.names:
            raise CommandError(
                f"{shown(value)} does not fit",
                where=where,
                kind="shape",
                value=shown(value),
                **meant(value, self.names),
            )
        return str(value)

    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {"enum": list(self.names)}


@dataclass(frozen=True, slots=True)
class Exactly:
    """One constant, such as true."""

    value: Any

    @property
    def words(self) -> str:
        """What would be right."""
        return "true" if self.value is True else repr(self.value)

    def check(self, value: Any, where: str) -> Any:
        """The value in normal form; raises CommandError."""
        if type(value) is not type(self.value) or value != self.value:
            raise wrong(self, value, where)
        return value

    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {"const": self.value}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    words: Phrase = _FLAG

    def check(self, value: Any, where: str) -> bool:
        """The value in normal form; raises CommandError."""
        if type(value) is not bool:
            raise wrong(self, value, where)
        return value

    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of a bounded length."""

    item: Shape
    low: int
    high: int

    @property
    def words(self) -> Phrase:
        """What would be right."""
        one = self.low == self.high
        size = f"{self.low}" if one else f"{self.low} to {self.high}"
        facts = {"low": str(self.low), "high": str(self.high), "each": self.item.words}
        kind = "shape.list" if one else "shape.lists"
        return Phrase(f"a list of {size} items, each {self.item.words}", kind, **facts)

    def check(self, value: Any, where: str) -> list[Any]:
        """The value in normal form; raises CommandError."""
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise wrong(self, value, where)
        if not self.low <= len(value) <= self.high:
            raise wrong(self, value, where)
        return [self.item.check(item, f"{where}[{place}]") for place, item in enumerate(value)]

    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {
            "type": "array",
            "items": self.item.schema(),
            "minItems": self.low,
            "maxItems": self.high,
        }


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with known fields. `least` of them must be given."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape]
    least: int = 0

    @property
    def words(self) -> str:
        """What would be right."""
        inner = ", ".join([*self.required, *(f"{name}?" for name in self.optional)])
        return f"{{{inner}}}"

    def check(self, value: Any, where: str) -> dict[str, Any]:
        """The value in normal form; raises CommandError."""
        if not isinstance(value, Mapping):
            raise wrong(self, value, where)
        known = {**self.required, **self.optional}
        for name in value:
            if name not in known:
                raise CommandError(
                    f"there is no field {shown(name)}",
                    where=where,
                    kind="shape.field",
                    name=shown(name),
                    **meant(name, known),
                )
        for name in self.required:
            if name not in value:
                raise CommandError(
                    f"{name} is missing",
                    where=where,
                    remedy=f"give {known[name].words}",
                    kind="missing",
                    name=name,
                    wanted=known[name].words,
                )
        if len(value) < self.least:
            raise CommandError(
                "nothing is asked for",
                where=where,
                remedy=f"give one of {', '.join(self.optional)}",
                kind="shape.least",
                names=list(self.optional),
            )
        return {name: known[name].check(item, f"{where}.{name}") for name, item in value.items()}

    def schema(self) -> Schema:
        """Its JSON Schema."""
        known = {**self.required, **self.optional}
        return {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in known.items()},
            "required": list(self.required),
            "additionalProperties": False,
            "minProperties": self.least,
        }


@dataclass(frozen=True, slots=True)
class AnyFields:
    """A mapping whose fields another room knows."""

    words: str | Phrase
    longest: int = 40

    def check(self, value: Any, where: str) -> dict[str, Any]:
        """The value in normal form; raises CommandError."""
        if not isinstance(value, Mapping) or not 1 <= len(value) <= self.longest:
            raise wrong(self, value, where)
        if any(not isinstance(name, str) for name in value):
            raise wrong(self, value, where)
        return dict(value)

    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {"type": "object", "minProperties": 1, "maxProperties": self.longest}


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes, told apart by the value's type."""

    shapes: tuple[Shape, ...]

    @property
    def words(self) -> str | Phrase:
        """What would be right."""
        words, *others = (shape.words for shape in self.shapes)
        for other in others:
            words = Phrase(f"{words}, or {other}", "shape.either", first=words, other=other)
        return words

    def check(self, value: Any, where: str) -> Any:
        """The value in normal form; raises CommandError."""
        for shape in self.shapes:
            if _alike(shape, value):
                return shape.check(value, where)
        raise wrong(self, value, where)

    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {"anyOf": [shape.schema() for shape in self.shapes]}


def _alike(shape: Shape, value: Any) -> bool:
    """Whether a value is of the JSON type that the shape takes, so that its error is the apt one."""
    if isinstance(value, Mapping):
        return isinstance(shape, (Fields, AnyFields))
    if isinstance(value, str):
        return isinstance(shape, (Text, Choice, Scalar))
    if isinstance(value, Sequence):
        return isinstance(shape, ListOf)
    if isinstance(value, bool):
        return isinstance(shape, (Exactly, Flag, Scalar))
    return isinstance(shape, (Whole, Number, Scalar))
