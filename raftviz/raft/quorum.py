"""Majorities: of votes, and of copies."""

from __future__ import annotations

from collections.abc import Iterable

from raftviz.raft.types import Index


def majority(size: int) -> int:
    """How many of `size` servers are a majority."""
    return size // 2 + 1


def replicated_index(match_indexes: Iterable[Index], size: int) -> Index:
    """The highest index that a majority of `size` servers hold, given what each holds.

    The majority-th largest value: that many servers hold at least that index.
    """
    return sorted(match_indexes, reverse=True)[majority(size) - 1]
