"""Numbers for logs: each distinct log prefix that was ever seen has one.

Two logs agree up to an index exactly when the numbers there are equal: one comparison instead of one
an entry, and no chance of a collision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EntryKey = str
"""An entry's content (index, term and command) in a form that can be compared and looked up."""

EMPTY = 0
"""The number of the empty prefix."""

UNKNOWN = 1
"""The number that stands for any prefix that nobody has seen, as a snapshot covered it from the start."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Who votes: the members and, while two configurations are joint, those of the old one
    (dissertation §4.1, §4.3). `index` is where in the log it stands, 0 where in none; `seq` is the
    event that it came with.
    """

    index: int
    members: tuple[str, ...]
    old: tuple[str, ...]
    seq: int

    @property
    def halves(self) -> tuple[tuple[str, ...], ...]:
        """The sets of servers of each of which a decision needs a majority."""
        return (self.members, self.old) if self.old else (self.members,)


class Prefixes:
    """Numbers every log prefix ever seen. Only ever added to, so that copies of a history share it."""

    __slots__ = ("_configurations", "_indexes", "_keys", "_numbers", "_parents", "_terms", "sealed")

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, EntryKey], int] = {}
        # EMPTY and UNKNOWN come first; the latter has no index or term that anything is equal to.
        self._parents: list[int] = [EMPTY, EMPTY]
        self._keys: list[EntryKey] = ["", "…"]
        self._indexes: list[int] = [0, -1]
        self._terms: list[int] = [0, -1]
        self._configurations: list[Configuration | None] = [None, None]
        self.sealed: dict[int, None] = {}
        """Prefixes of which only the last entry's index and term are known."""

    def extend(self, prefix: int, key: EntryKey, entry: Mapping[str, Any], seq: int) -> int:
        """The number of `prefix` with one more entry, of content `key`, seen first at event `seq`."""
        number = self._numbers.get((prefix, key))
        if number is None:
            index = entry["index"]
            change = entry.get("configuration")
            configuration = (
                self._configurations[prefix]
                if change is None
                else Configuration(index, tuple(change["members"]), tuple(change["old"]), seq)
            )
            number = self._add(prefix, key, index, entry["term"], configuration)
        return number

    def seal(self, index: int, term: int) -> int:
        """The number of a prefix that ends with (index, term) and of which nothing else is known."""
        key = f"…{index} of term {term}"
        number = self._numbers.get((EMPTY, key))
        if number is None:
            number = self._add(EMPTY, key, index, term, None)
            self.sealed[number] = None
        return number

    def _add(
        self,
        parent: int,
        key: EntryKey,
        index: int,
        term: int,
        configuration: Configuration | None,
    ) -> int:
        number = len(self._parents)
        self._numbers[parent, key] = number
        self._parents.append(parent)
        self._keys.append(key)
        self._indexes.append(index)
        self._terms.append(term)
        self._configurations.append(configuration)
        return number

    def key(self, prefix: int) -> EntryKey:
        """The content of the last entry of `prefix`."""
        return self._keys[prefix]

    def index(self, prefix: int) -> int:
        """The index of its last entry."""
        return self._indexes[prefix]

    def term(self, prefix: int) -> int:
        """The term of its last entry; 0 for the empty prefix."""
        return self._terms[prefix]

    def configuration(self, prefix: int) -> Configuration | None:
        """The latest configuration among its entries; None where there is none."""
        return self._configurations[prefix]

    def parent(self, prefix: int) -> int:
        """`prefix` without its last entry."""
        return self._parents[prefix]

    def at(self, prefix: int, index: int) -> int:
        """The number of the first `index` entries of `prefix`, or UNKNOWN."""
        while self._indexes[prefix] > index:
            prefix = self._parents[prefix]
        return prefix if self._indexes[prefix] == index else UNKNOWN
