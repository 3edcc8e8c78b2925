"""What a property is, and what it looks like when one does not hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Expectation(Enum):
    """When a property is to hold."""

    ALWAYS = "always"
    """After every event of every run."""
    SOMETIMES = "sometimes"
    """At some event of some run: a goal, which shows that runs get as far as they should."""
    EVENTUALLY = "eventually"
    """In every run once all is mended and enough time has passed."""


@dataclass(frozen=True, slots=True)
class Property:
    """Something that Raft promises.

    `text` is the promise in one sentence, `source` where it is made.
    """

    name: str
    expectation: Expectation
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise was broken by an event.

    `property` is the property's name; `message` says what happened in one sentence; `node` is the
    node at which it showed; `facts` are the `seq` of the two events that contradict each other,
    the earlier one first.
    """

    property: str
    message: str
    node: str | None
    facts: tuple[int, int]
