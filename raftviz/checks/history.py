"""What the checks remember of a run: enough that each event is judged without looking back.

A node's log is its snapshot and the entries after it, in memory and, as far as `persisted` events
have told, on its disk. A log is known by the numbers of its prefixes (prefixes.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from raftviz.checks.prefixes import EMPTY, UNKNOWN, Configuration, EntryKey, Prefixes


class Fact(NamedTuple):
    """Something that a node did: which event it was, and the prefix that it concerned."""

    seq: int
    node: str
    prefix: int = EMPTY


class Elected(NamedTuple):
    """A leader as it stood when it won: the event, the node, and its log's prefix and last index."""

    seq: int
    node: str
    prefix: int
    last_index: int


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


class Durable(NamedTuple):
    """What is on a node's disk since event `seq`: term, vote, and the log up to `last_index`, whose
    beginning up to `base` is a snapshot.
    """

    seq: int = 1
    term: int = 0
    voted_for: str | None = None
    last_index: int = 0
    prefix: int = EMPTY
    base: int = 0


NOTHING_DURABLE = Durable()
"""A disk that was never written to."""


class Asked(NamedTuple):
    """A client's latest read: its serial, the event, and how much was known to be committed then."""

    serial: int
    seq: int
    committed: int
    mode: str | None


class Answered(NamedTuple):
    """The first answer to a client's command: the event, and what it said."""

    seq: int
    outcome: str
    value: Any


@dataclass(slots=True)
class NodeHistory:
    """What is known of one node. The `…_seq` fields name the event that a value came from; at first 1, the start."""

    initial: Configuration
    """The configuration that holds while its log has none."""
    term: int = 0
    term_seq: int = 1
    shown_term: int = 0
    """The highest term that others may know it to have been in: durable, or in a message."""
    role: str = "follower"
    role_seq: int = 1
    base: int = 0
    """The last index that its snapshot covers."""
    base_prefix: int = EMPTY
    base_seq: int = 1
    prefixes: list[int] = field(default_factory=list)
    """`prefixes[k - 1]` is the number of its log's first `base + k` entries."""
    appended: list[int] = field(default_factory=list)
    """`appended[k - 1]` is the event that put the entry at index `base + k` there."""
    log_seq: int = 1
    commit_index: int = 0
    commit_seq: int = 1
    last_applied: int = 0
    applied_seq: int = 1
    applied_in_session: bool = False
    """Whether what it applied last was a client's command under a session."""
    diverged: bool = False
    """Its state machine has been told of as differing; once is enough."""
    durable: Durable = NOTHING_DURABLE
    safe: int = 0
    """Up to this index, its log in memory is as the one on its disk."""
    unsaved: list[int] = field(default_factory=list)
    """Terms of votes that neither the disk nor anybody else knows of yet."""
    lease_seq: int = 0
    """The event since which it holds a lease; 0 where it holds none."""
    stands_still: int = 0
    """How much of it stands still: itself, its disk, or both."""
    stood_until: int = -1
    """The virtual time in microseconds when it last went on; -1 where it never stood still."""
    told: dict[str, None] = field(default_factory=dict)
    """Properties that it has broken since it last started or won: of some, once is enough."""

    @property
    def leads(self) -> bool:
        """Whether it is leader."""
        return self.role == "leader"

    @property
    def last_index(self) -> int:
        """The index of the last entry of its log; 0 for an empty log."""
        return self.base + len(self.prefixes)

    @property
    def last_prefix(self) -> int:
        """The number of its whole log."""
        return self.prefixes[-1] if self.prefixes else self.base_prefix

    def appended_at(self, index: int) -> int:
        """The event that brought the entry at `index`."""
        return self.appended[index - self.base - 1] if index > self.base else self.base_seq

    def truncate(self, index: int, seq: int) -> None:
        """Keep its log up to `index`."""
        self.log_seq = seq
        del self.prefixes[index - self.base :], self.appended[index - self.base :]
        self.safe = min(self.safe, index)

    def rest_on(self, index: int, prefix: int, seq: int) -> None:
        """Let a snapshot of `prefix`, which ends at `index`, stand for the beginning of its log."""
        del self.prefixes[: index - self.base], self.appended[: index - self.base]
        self.base, self.base_prefix, self.base_seq = index, prefix, seq

    def lose_volatile(self, seq: int) -> None:
        """Forget what does not survive a crash (Raft Fig. 2, State)."""
        self.role, self.role_seq = "follower", seq
        self.commit_index, self.commit_seq = self.base, seq
        self.last_applied, self.applied_seq = self.base, seq
        self.diverged = False
        self.lease_seq = 0
        self.told = {}

    def copy(self) -> NodeHistory:
        """An independent copy."""
        return replace(
            self,
            prefixes=self.prefixes.copy(),
            appended=self.appended.copy(),
            unsaved=self.unsaved.copy(),
            told=self.told.copy(),
        )


class History:
    """All nodes, and what any node ever did that no later event may contradict."""

    __slots__ = (
        "_entry",
        "_key",
        "answers",
        "applied",
        "asked",
        "committed",
        "elected",
        "executed",
        "initial",
        "injected",
        "last_committed",
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
        self.initial = Configuration(0, (), (), 1)
        """The configuration that the cluster was started with."""
        self.nodes: dict[str, NodeHistory] = {}
        self.start_with(node_ids)
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
        self.committed: dict[int, Committed] = {}
        """Index → the entry there that was first known to be committed; none where only a snapshot
        that was there from the start covers it."""
        self.last_committed = 0
        """The highest index that any node ever knew to be committed."""
        self.applied: dict[int, Applied] = {}
        """Index → the first entry that was applied there."""
        self.executed: dict[tuple[str, int], tuple[int, int]] = {}
        """(client, serial) → (index, event) of the first execution of that command."""
        self.answers: dict[tuple[str, int], Answered] = {}
        """(client, serial) → what the client first heard that its command came to."""
        self.asked: dict[str, Asked] = {}
        """Client → its latest read."""
        self.injected = 0
        """The latest command that forged a message."""

    def start_with(self, node_ids: Iterable[str]) -> None:
        """These nodes are there from the start, and are the members."""
        members = tuple(node_ids)
        self.initial = Configuration(0, members, (), 1)
        self.nodes = {node_id: NodeHistory(self.initial) for node_id in members}

    def node(self, node_id: str) -> NodeHistory:
        """The node's history; a node that was not there before is a member of nothing."""
        node = self.nodes.get(node_id)
        if node is None:
            node = self.nodes[node_id] = NodeHistory(Configuration(0, (), (), 1))
        return node

    # Logs.

    def key_of(self, entry: Mapping[str, Any]) -> EntryKey:
        """The content of an entry in wire form, whose fields always come in one order.

        `True`, `1` and `"1"` stay apart. Several rules ask for the same entry in a row.
        """
        if entry is not self._entry:
            self._entry, self._key = entry, repr(entry)
        return self._key

    def prefix(self, node: NodeHistory, index: int) -> int:
        """The number of the first `index` entries of a node's log, which must reach so far; UNKNOWN
        below a snapshot of what was never seen.
        """
        offset = index - node.base
        if offset > 0:
            return node.prefixes[offset - 1]
        if offset == 0:
            return node.base_prefix
        if index == 0:
            return EMPTY
        covered = self.committed.get(node.base)
        if covered is None or covered.prefix != node.base_prefix:
            return UNKNOWN
        known = self.committed.get(index)
        return UNKNOWN if known is None else known.prefix

    def prefix_with(self, node: NodeHistory, entry: Mapping[str, Any], seq: int) -> int:
        """The number of the node's log once `entry` stands at its index, with nothing after it.

        Raises ValueError where the log would get a hole: such events cannot have come from a run.
        """
        index = entry["index"]
        if not node.base < index <= node.last_index + 1:
            raise ValueError(f"entry {index} does not follow {node.last_index}")
        if self.prefixes.sealed:
            first = self.stored.get((index, entry["term"]))
            if first is not None and first.prefix in self.prefixes.sealed:
                return first.prefix  # nothing can be told of what a given snapshot covers
        return self.prefixes.extend(self.prefix(node, index - 1), self.key_of(entry), entry, seq)

    def snapshot_prefix(self, index: int, term: int) -> int:
        """The number of what a snapshot that ends with (index, term) covers: the log that was seen
        to end so, else a prefix of unknown content.
        """
        first = self.stored.get((index, term))
        return self.prefixes.seal(index, term) if first is None else first.prefix

    def agreement(self, node: NodeHistory, last: int) -> int:
        """Up to which index, `last` at most, the node's log begins with the committed entries."""
        low, high = 0, min(last, node.last_index)
        while low < high:
            middle = (low + high + 1) // 2
            if self.agrees(node, middle):
                low = middle
            else:
                high = middle - 1
        return low

    def agrees(self, node: NodeHistory, index: int) -> bool:
        """Whether the node's log up to `index` is the committed entries, as far as those are known."""
        committed = self.committed.get(index)
        return committed is None or self.prefix(node, index) == committed.prefix

    def configuration(self, node: NodeHistory) -> Configuration:
        """The configuration that a node is to obey: the latest in its log (dissertation §4.1)."""
        return self.prefixes.configuration(node.last_prefix) or node.initial

    # Disks.

    def is_durable(self, node: NodeHistory, index: int, prefix: int) -> bool:
        """Whether the log on a node's disk begins with `prefix`, which ends at `index`."""
        if index <= node.safe:
            held = self.prefix(node, index)
        elif index <= node.durable.last_index:
            held = self.prefixes.at(node.durable.prefix, index)
        else:
            return False
        return held == prefix or UNKNOWN in (held, prefix)

    def recover(self, node_id: str, seq: int) -> None:
        """A node is left with what is on its disk."""
        node = self.node(node_id)
        durable = node.durable
        if node.safe == durable.last_index and node.base == durable.base:
            if node.last_index > durable.last_index:
                node.truncate(durable.last_index, seq)
        else:
            self._read_back(node, durable)
            node.log_seq = seq
        for term in node.unsaved:
            self.votes.pop((node_id, term), None)
        node.unsaved.clear()
        node.lose_volatile(seq)

    def _read_back(self, node: NodeHistory, durable: Durable) -> None:
        """Make the log in memory the one on the disk."""
        prefix, after = durable.prefix, []
        for index in range(durable.last_index, durable.base, -1):
            if self.prefixes.index(prefix) == index:
                after.append(prefix)
                prefix = self.prefixes.parent(prefix)
            else:
                after.append(UNKNOWN)
        node.base, node.base_seq = durable.base, durable.seq
        node.base_prefix = self.prefixes.at(prefix, durable.base)
        node.prefixes = after[::-1]
        node.appended = [durable.seq] * len(after)
        node.safe = durable.last_index

    def copy(self) -> History:
        """An independent copy; only the numbering of prefixes is shared."""
        twin = History(())
        twin.initial = self.initial
        twin.nodes = {node_id: node.copy() for node_id, node in self.nodes.items()}
        twin.prefixes = self.prefixes
        twin.elected = self.elected.copy()
        twin.latest_term = self.latest_term
        twin.votes = self.votes.copy()
        twin.stored = self.stored.copy()
        twin.strange = self.strange.copy()
        twin.committed = self.committed.copy()
        twin.last_committed = self.last_committed
        twin.applied = self.applied.copy()
        twin.executed = self.executed.copy()
        twin.answers = self.answers.copy()
        twin.asked = self.asked.copy()
        twin.injected = self.injected
        return twin
