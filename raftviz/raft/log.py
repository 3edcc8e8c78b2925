"""The replicated log: 1-based and immutable from outside, its beginning perhaps a snapshot.

Versions of a log share one list of entries. Appending to the newest version extends the shared
list in place; appending to an older version (after a truncation, or in a fork) copies first. So
appending costs O(1), keeping an old version costs nothing, and no version ever changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from raftviz.raft.types import Configuration, Configure, Index, LogEntry, Session, Term, Value


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the entries up to `last_included_index` came to (Raft §7; dissertation §5.1).

    `configuration` is the latest in them; None before a first one, where the servers that the
    cluster was started with are its members.
    """

    last_included_index: Index = 0
    last_included_term: Term = 0
    configuration: Configuration | None = None
    state_machine: Mapping[str, Value] = field(default_factory=dict)
    sessions: Mapping[str, Session] = field(default_factory=dict)


NOTHING: Final = Snapshot()

Configurations = tuple[tuple[Index, Configuration], ...]


class Log:
    """A snapshot, and the entries snapshot.last_included_index + 1 .. last_index after it.

    Equal logs hold equal entries. `configurations` are those in the entries, with their indexes.
    """

    __slots__ = ("_entries", "_first", "configurations", "last_index", "last_term", "snapshot")

    def __init__(self, entries: Iterable[LogEntry] = (), snapshot: Snapshot = NOTHING) -> None:
        self._entries: list[LogEntry] = list(entries)
        self.snapshot: Final = snapshot
        self._first: Final[Index] = snapshot.last_included_index + 1
        self.last_index: Final[Index] = self._first - 1 + len(self._entries)
        self.last_term: Final[Term] = (
            self._entries[-1].term if self._entries else snapshot.last_included_term
        )
        self.configurations: Final[Configurations] = tuple(
            (entry.index, entry.command.configuration)
            for entry in self._entries
            if isinstance(entry.command, Configure)
        )

    def _version(self, entries: list[LogEntry], last_index: Index, found: Configurations) -> Log:
        log = Log.__new__(Log)
        first = self._first
        log._entries = entries
        object.__setattr__(log, "snapshot", self.snapshot)
        object.__setattr__(log, "_first", first)
        object.__setattr__(log, "last_index", last_index)
        object.__setattr__(log, "configurations", found)
        term = (
            entries[last_index - first].term
            if last_index >= first
            else self.snapshot.last_included_term
        )
        object.__setattr__(log, "last_term", term)
        return log

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(self._entries[: self.last_index + 1 - self._first])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Log):
            return NotImplemented
        if self is other:
            return True
        return self.snapshot == other.snapshot and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        before = f"…{self._first - 1}, " if self._first > 1 else ""
        return f"Log({before}{[entry.term for entry in self]})"

    def shares_with(self, other: Log) -> bool:
        """Whether both are versions of one list, so that one is a prefix of the other."""
        return self._entries is other._entries

    @property
    def configuration(self) -> Configuration | None:
        """The latest configuration; None where the log has none yet."""
        found = self.configurations
        return found[-1][1] if found else self.snapshot.configuration

    @property
    def configuration_index(self) -> Index:
        """Where the latest configuration stands; at or before the snapshot, the snapshot's end."""
        found = self.configurations
        return found[-1][0] if found else self._first - 1

    def configuration_at(self, index: Index) -> Configuration | None:
        """The latest configuration in the entries up to `index`."""
        latest = self.snapshot.configuration
        for place, configuration in self.configurations:
            if place <= index:
                latest = configuration
        return latest

    def entry(self, index: Index) -> LogEntry:
        """The entry at `index`. Raises IndexError where there is none, or only a snapshot."""
        if not self._first <= index <= self.last_index:
            raise IndexError(index)
        return self._entries[index - self._first]

    def term_at(self, index: Index) -> Term | None:
        """The term of the entry at `index`; 0 at index 0; None where the log cannot tell."""
        first = self._first
        if first <= index <= self.last_index:
            return self._entries[index - first].term
        return self.snapshot.last_included_term if index == first - 1 else None

    def since(self, index: Index, limit: int | None = None) -> tuple[LogEntry, ...]:
        """The entries from `index` on, at most `limit` of them. Raises IndexError where they begin
        in the snapshot.
        """
        if index > self.last_index:
            return ()
        begin = index - self._first
        if begin < 0:
            raise IndexError(index)
        end = self.last_index + 1 - self._first
        return tuple(self._entries[begin : end if limit is None else min(end, begin + limit)])

    def append(self, entry: LogEntry) -> Log:
        """The log with one more entry, whose index must be the next one."""
        if entry.index != self.last_index + 1:
            raise ValueError(f"entry {entry.index} does not follow {self.last_index}")
        entries = self._entries
        length = self.last_index + 1 - self._first
        if len(entries) != length:
            entries = entries[:length]
        entries.append(entry)
        found = self.configurations
        if type(entry.command) is Configure:
            found = (*found, (entry.index, entry.command.configuration))
        return self._version(entries, self.last_index + 1, found)

    def truncate(self, index: Index) -> Log:
        """The log without the entry at `index` and all that follow it."""
        if not self._first <= index <= self.last_index:
            raise IndexError(index)
        found = tuple(each for each in self.configurations if each[0] < index)
        return self._version(self._entries, index - 1, found)

    def compact(self, snapshot: Snapshot) -> Log:
        """The log with `snapshot` in place of its beginning. What follows stays if the log holds
        the snapshot's last entry, else all of it goes (dissertation Fig. 5.3, rules 5 to 7).
        """
        index = snapshot.last_included_index
        keeps = self.term_at(index) == snapshot.last_included_term
        return Log(self.since(index + 1) if keeps else (), snapshot)

    def first_index_of_term_at(self, index: Index) -> Index:
        """The first index whose entry has the same term as the one at `index`, as far as the log can
        tell; at the end of the snapshot that index itself. Raises IndexError where it cannot.
        """
        term = self.term_at(index)
        if term is None:
            raise IndexError(index)
        while index > self._first and self._entries[index - 1 - self._first].term == term:
            index -= 1
        return index

    def last_index_of_term(self, term: Term) -> Index | None:
        """The last index whose entry has `term`, or None."""
        index = self.last_index
        while index >= self._first and self._entries[index - self._first].term > term:
            index -= 1
        return index if index and self.term_at(index) == term else None
