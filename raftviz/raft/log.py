"""The replicated log: 1-based and immutable from outside.

Versions of a log share one list of entries. Appending to the newest version extends the shared
list in place; appending to an older version (after a truncation, or in a fork) copies first. So
appending costs O(1), keeping an old version costs nothing, and no version ever changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from raftviz.raft.types import Index, LogEntry, Term


class Log:
    """Entries 1..last_index. Equal logs hold equal entries."""

    __slots__ = ("_entries", "last_index", "last_term")

    def __init__(self, entries: Iterable[LogEntry] = ()) -> None:
        self._entries: list[LogEntry] = list(entries)
        self.last_index: Final[Index] = len(self._entries)
        self.last_term: Final[Term] = self._entries[-1].term if self._entries else 0

    @classmethod
    def _version(cls, entries: list[LogEntry], last_index: Index) -> Log:
        log = cls.__new__(cls)
        log._entries = entries
        object.__setattr__(log, "last_index", last_index)
        object.__setattr__(log, "last_term", entries[last_index - 1].term if last_index else 0)
        return log

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(self._entries[: self.last_index])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Log):
            return NotImplemented
        return self is other or list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Log({[entry.term for entry in self]})"

    def shares_with(self, other: Log) -> bool:
        """Whether both are versions of one list, so that one is a prefix of the other."""
        return self._entries is other._entries

    def entry(self, index: Index) -> LogEntry:
        """The entry at `index`. Raises IndexError where there is none."""
        if not 1 <= index <= self.last_index:
            raise IndexError(index)
        return self._entries[index - 1]

    def term_at(self, index: Index) -> Term | None:
        """The term of the entry at `index`; 0 at index 0; None where the log has no entry."""
        if 1 <= index <= self.last_index:
            return self._entries[index - 1].term
        return 0 if index == 0 else None

    def since(self, index: Index, limit: int | None = None) -> tuple[LogEntry, ...]:
        """The entries from `index` on, at most `limit` of them."""
        if index > self.last_index:
            return ()
        end = self.last_index if limit is None else min(self.last_index, index - 1 + limit)
        return tuple(self._entries[index - 1 : end])

    def append(self, entry: LogEntry) -> Log:
        """The log with one more entry, whose index must be the next one."""
        if entry.index != self.last_index + 1:
            raise ValueError(f"entry {entry.index} does not follow {self.last_index}")
        entries = self._entries
        if len(entries) != self.last_index:
            entries = entries[: self.last_index]
        entries.append(entry)
        return Log._version(entries, self.last_index + 1)

    def truncate(self, index: Index) -> Log:
        """The log without the entry at `index` and all that follow it."""
        if not 1 <= index <= self.last_index:
            raise IndexError(index)
        return Log._version(self._entries, index - 1)

    def first_index_of_term_at(self, index: Index) -> Index:
        """The first index whose entry has the same term as the one at `index`."""
        term = self.entry(index).term
        while index > 1 and self._entries[index - 2].term == term:
            index -= 1
        return index

    def last_index_of_term(self, term: Term) -> Index | None:
        """The last index whose entry has `term`, or None."""
        index = self.last_index
        while index and self._entries[index - 1].term > term:
            index -= 1
        return index if index and self._entries[index - 1].term == term else None

    def is_behind(self, last_term: Term, last_index: Index) -> bool:
        """Whether a log that ends at (last_term, last_index) is more up-to-date (Raft §5.4.1)."""
        return (self.last_term, self.last_index) < (last_term, last_index)
