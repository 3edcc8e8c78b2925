"""Majorities: of votes, and of copies; of one configuration, or of two at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from raftviz.protocols.base import NodeId

Index = int
"""A log index: 1-based, 0 means "before the first entry"."""


def majority(size: int) -> int:
    """How many of `size` servers are a majority."""
    return size // 2 + 1


def replicated_index(match_indexes: Iterable[Index], size: int, missing: int = 0) -> Index:
    """The highest index that a majority of `size` servers hold, given what each holds.

    The majority-th largest value: that many servers hold at least that index. `missing` is how
    many less than a majority are taken for one, by mistake.
    """
    return sorted(match_indexes, reverse=True)[max(majority(size) - missing, 1) - 1]


@dataclass(frozen=True, slots=True)
class Configuration:
    """Who votes (dissertation §4.1). While two configurations are joint, `old` is the one that is
    left (C_old) and `members` the one that is entered (C_new); whatever is decided needs a majority
    of each (§4.3).
    """

    members: tuple[NodeId, ...]
    old: tuple[NodeId, ...] = ()

    @property
    def voters(self) -> tuple[NodeId, ...]:
        """All who vote, each once."""
        if not self.old:
            return self.members
        return (*self.old, *(member for member in self.members if member not in self.old))

    @property
    def needed(self) -> int:
        """How many of the members are a majority of them."""
        return majority(len(self.members))

    def has_quorum(self, servers: Collection[NodeId], missing: int = 0) -> bool:
        """Whether `servers` are enough to decide. Nobody decides for no members at all."""
        for half in (self.members, self.old) if self.old else (self.members,):
            if not half:
                return False
            agreeing = 0
            for member in half:
                if member in servers:
                    agreeing += 1
            if agreeing < majority(len(half)) - missing:
                return False
        return True

    def agreed_index(self, held: Mapping[NodeId, Index], missing: int = 0) -> Index:
        """The highest index that is held widely enough to be decided; `held` lacks who holds nothing."""
        members = self.members
        if not members:
            return 0
        index = replicated_index([held.get(member, 0) for member in members], len(members), missing)
        if self.old:
            old = [held.get(member, 0) for member in self.old]
            index = min(index, replicated_index(old, len(self.old), missing))
        return index

    def view(self) -> dict[str, Any]:
        """The configuration in wire names."""
        return {"members": list(self.members), "old": list(self.old)}
