"""What the checks remember of a run: enough that each event is judged without looking back.

A log is known by the *prefixes* that it consists of. Each distinct prefix has a number, given when
it is first seen, so that two logs agree up to an index exactly when the numbers there are equal:
one comparison instead of one an entry, and no chance of a collision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

EntryKey = str
"""An entry's content (index, term and command) in a form that can be compared and looked up."""

EMPTY = 0
"""The number of the empty prefix."""


class Prefixes:
    """Numbers every log prefix ever seen. Only ever added to, so that copies of a history share it."""

    __slots__ = ("_keys", "_numbers", "_parents")

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, EntryKey], int] = {}
        self._parents: list[int] = [EMPTY]
        self._keys: list[EntryKey] = [""]

    def extend(self, prefix: int, key: EntryKey) -> int:
        """The number of `prefix` with one more entry."""
        number = self._numbers.get((prefix, key))
        if number is None:
            number = len(self._parents)
            self._numbers[prefix, key] = number
            self._parents.append(prefix)
            self._keys.append(key)
        return number

    def last_key(self, prefix: int) -> EntryKey:
        """The content of the last entry of `prefix`."""
        return self._keys[prefix]

    def shorten(self, prefix: int, entries: int) -> int:
        """The number of `prefix` without its last `entries` entries."""
        for _ in range(entries):
            prefix = self._parents[prefix]
        return prefix


class Fact(NamedTuple):
    """Something that a node did: which event it was, and the prefix or entry that it concerned."""

    seq: int
    node: str
    prefix: int = EMPTY


class Elected(NamedTuple):
    """A leader as it stood when it won: the event, the node, and its log's prefix and length."""

    seq: int
    node: str
    prefix: int
    length: int


class Committed(NamedTuple):
    """An entry that some node knew to be committed: who was first, when, and in which term."""

    seq: int
    node: str
    prefix: int
    term: int


class Applied(NamedTuple):
    """The first application of an entry at an index."""

    seq: int
    node: str
    key: EntryKey


@dataclass(slots=True)
class NodeHistory:
    """What is known of one node. The `…_seq` fields name the event that a value came from; at first 1, the start."""

    term: int = 0
    term_seq: int = 1
    leads: bool = False
    role_seq: int = 1
    prefixes: list[int] = field(default_factory=list)
    """`prefixes[k - 1]` is the number of its log's first k entries."""
    appended: list[int] = field(default_factory=list)
    """`appended[k - 1]` is the event that put the entry at index k there."""
    log_seq: int = 1
    commit_index: int = 0
    commit_seq: int = 1
    last_applied: int = 0
    applied_seq: int = 1
    diverged: bool = False
    """Its state machine has been told of as differing; once is enough."""

    @property
    def last_index(self) -> int:
        """The index of the last entry of its log; 0 for an empty log."""
        return len(self.prefixes)

    def prefix(self, index: int) -> int:
        """The number of its log's first `index` entries."""
        return self.prefixes[index - 1] if index else EMPTY

    def truncate(self, length: int, seq: int) -> None:
        """Keep the first `length` entries of its log."""
        self.log_seq = seq
        del self.prefixes[length:], self.appended[length:]

    def lose_volatile(self, seq: int) -> None:
        """Forget what does not survive a crash (Raft Fig. 2, State)."""
        self.leads, self.role_seq = False, seq
        self.commit_index, self.commit_seq = 0, seq
        self.last_applied, self.applied_seq = 0, seq
        self.diverged = False

    def copy(self) -> NodeHistory:
        """An independent copy."""
        return replace(self, prefixes=self.prefixes.copy(), appended=self.appended.copy())


class History:
    """All nodes, and what any node ever did that no later event may contradict."""

    __slots__ = (
        "_entry",
        "_key",
        "applied",
        "committed",
        "elected",
        "latest_term",
        "nodes",
        "prefixes",
        "stored",
        "strange",
        "votes",
    )

    def __init__(self, node_ids: Iterable[str]) -> None:
        self._entry: Mapping[str, Any] = {}
        self._key: EntryKey = ""
        self.nodes = {node_id: NodeHistory() for node_id in node_ids}
        self.prefixes = Prefixes()
        self.elected: dict[int, Elected] = {}
        """Term → its first leader."""
        self.latest_term = 0
        """The highest term that ever had a leader."""
        self.votes: dict[tuple[str, int], tuple[str, int]] = {}
        """(node, term) → (candidate, event) of the first vote that it granted."""
        self.stored: dict[tuple[int, int], Fact] = {}
        """(index, term) → the first log that held such an entry, up to it."""
        self.strange: dict[int, None] = {}
        """Prefixes that contradict `stored`; what grows on them is not told of again."""
        self.committed: list[Committed] = []
        """`committed[k - 1]` is the entry at index k that was first known to be committed."""
        self.applied: list[Applied] = []
        """`applied[k - 1]` is the first entry that was applied at index k."""

    def node(self, node_id: str) -> NodeHistory:
        """The node's history; a node that was not there before starts empty."""
        node = self.nodes.get(node_id)
        if node is None:
            node = self.nodes[node_id] = NodeHistory()
        return node

    def key_of(self, entry: Mapping[str, Any]) -> EntryKey:
        """The content of an entry in wire form, whose fields always come in one order.

        `True`, `1` and `"1"` stay apart. Several rules ask for the same entry in a row.
        """
        if entry is not self._entry:
            self._entry, self._key = entry, repr(entry)
        return self._key

    def prefix_with(self, node: NodeHistory, entry: Mapping[str, Any]) -> int:
        """The number of the node's log once `entry` stands at its index, with nothing after it.

        Raises ValueError where the log would get a hole: such events cannot have come from a run.
        """
        before = entry["index"] - 1
        if not 0 <= before <= node.last_index:
            raise ValueError(f"entry {before + 1} does not follow {node.last_index}")
        return self.prefixes.extend(node.prefix(before), self.key_of(entry))

    def agreement(self, node: NodeHistory, length: int) -> int:
        """How many of the first `length` committed entries the node's log begins with."""
        low, high = 0, min(length, node.last_index)
        while low < high:
            middle = (low + high + 1) // 2
            if node.prefixes[middle - 1] == self.committed[middle - 1].prefix:
                low = middle
            else:
                high = middle - 1
        return low

    def copy(self) -> History:
        """An independent copy; only the numbering of prefixes is shared."""
        twin = History(())
        twin.nodes = {node_id: node.copy() for node_id, node in self.nodes.items()}
        twin.prefixes = self.prefixes
        twin.elected = self.elected.copy()
        twin.latest_term = self.latest_term
        twin.votes = self.votes.copy()
        twin.stored = self.stored.copy()
        twin.strange = self.strange.copy()
        twin.committed = self.committed.copy()
        twin.applied = self.applied.copy()
        return twin
