"""A server's state as Figure 2 groups it: what survives a crash, and what does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from raftviz.protocols.base import NodeId, Value
from raftviz.raft.log import Log
from raftviz.raft.types import Index, Role, Session, Term


@dataclass(frozen=True, slots=True)
class PersistentState:
    """On disk before the server answers any RPC (Fig. 2, Persistent state on all servers)."""

    current_term: Term = 0
    voted_for: NodeId | None = None
    log: Log = field(default_factory=Log)


@dataclass(frozen=True, slots=True)
class VolatileState:
    """Lost in a crash (Fig. 2, Volatile state on all servers), with what is derived from it."""

    commit_index: Index = 0
    last_applied: Index = 0
    state_machine: Mapping[str, Value] = field(default_factory=dict)
    leader_id: NodeId | None = None
    leader_heard: bool = False
    """Whether a current leader was heard within the minimum election timeout (dissertation
    §4.2.3); kept only under leader stickiness and PreVote."""
    sessions: Mapping[str, Session] = field(default_factory=dict)
    """Each client's latest command and its answer, part of the state machine (dissertation §6.3);
    kept only under client sessions."""

    def heard(self, leader_heard: bool) -> VolatileState:
        """The same, with or without a leader heard of."""
        return VolatileState(
            self.commit_index,
            self.last_applied,
            self.state_machine,
            self.leader_id,
            leader_heard,
            self.sessions,
        )


@dataclass(frozen=True, slots=True)
class CandidateState:
    """The votes that a candidate has, in the order in which they came."""

    votes_granted: tuple[NodeId, ...] = ()
    votes_refused: tuple[NodeId, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingWrite:
    """A client's command that waits in the leader's log to be committed and applied."""

    index: Index
    term: Term
    client: str
    serial: int


@dataclass(frozen=True, slots=True)
class PendingRead:
    """A linearizable read under way (dissertation §6.4).

    `read_index` is None until an entry of the leader's term is committed (step 1), then the commit
    index of that moment (step 2). `round` is the heartbeat round that must be acknowledged by a
    majority (step 3).
    """

    client: str
    serial: int
    key: str
    read_index: Index | None
    round: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How AppendEntries flow to one follower under pipelining (dissertation §10.2.2).

    While `probing`, one request at a time finds out where the logs agree; after that requests
    follow each other without waiting. `sent` holds the last index of each that is unanswered.
    """

    probing: bool = True
    sent: tuple[Index, ...] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """A leader's right to read without asking anybody (dissertation §6.4.1).

    A heartbeat round that a majority acknowledges proves that no other leader can be elected for
    an election timeout *from its start*. So each round begins a timer of its own, one of two:
    `trying` is the round that waits for a majority and its timer, `held` the timer of the one that
    has it.
    """

    round: int = 0
    trying: str | None = None
    held: str | None = None


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """A change whose new servers catch up before they count (dissertation §4.2.1).

    A round brings them up to `target`; `slow` tells that the present one has lasted longer than
    an election timeout.
    """

    members: tuple[NodeId, ...]
    joining: tuple[NodeId, ...]
    target: Index
    round: int = 1
    slow: bool = False


@dataclass(frozen=True, slots=True)
class LeaderState:
    """Reinitialized after election (Fig. 2, Volatile state on leaders), and the clients' waiting list.

    `next_index` is a guess, `match_index` a fact. `round` counts the heartbeat rounds that reads
    have begun; `acked_round` is the latest of them that each follower has answered.
    """

    next_index: Mapping[NodeId, Index]
    match_index: Mapping[NodeId, Index]
    round: int = 0
    acked_round: Mapping[NodeId, int] = field(default_factory=dict)
    writes: tuple[PendingWrite, ...] = ()
    reads: tuple[PendingRead, ...] = ()
    active: tuple[NodeId, ...] = ()
    """Who has answered since the last check of the quorum (§6.2), under that option."""
    transfer_to: NodeId | None = None
    """To whom leadership is being handed over (§3.10)."""
    progress: Mapping[NodeId, Progress] = field(default_factory=dict)
    """Under pipelining; whoever is not in it is being probed."""
    lease: Lease = Lease()
    handed_over: bool = False
    """Whether a TimeoutNow is out: an election may come at any time then, lease or not."""
    change: MembershipChange | None = None
    """A change of members that waits for its new servers."""

    def with_indexes(
        self, next_index: Mapping[NodeId, Index], match_index: Mapping[NodeId, Index]
    ) -> LeaderState:
        """This state with other indexes (`dataclasses.replace` costs three times as much)."""
        return LeaderState(
            next_index,
            match_index,
            self.round,
            self.acked_round,
            self.writes,
            self.reads,
            self.active,
            self.transfer_to,
            self.progress,
            self.lease,
            self.handed_over,
            self.change,
        )

    @property
    def learners(self) -> tuple[NodeId, ...]:
        """The servers that catch up and do not vote yet."""
        return self.change.joining if self.change else ()


@dataclass(frozen=True, slots=True)
class NodeState:
    """All of a server's state. Parts that did not change keep their identity."""

    role: Role = Role.FOLLOWER
    persistent: PersistentState = field(default_factory=PersistentState)
    volatile: VolatileState = field(default_factory=VolatileState)
    candidate: CandidateState | None = None
    leader: LeaderState | None = None

    def with_persistent(self, persistent: PersistentState) -> NodeState:
        """This state with another persistent part (`dataclasses.replace` costs three times as much)."""
        return NodeState(self.role, persistent, self.volatile, self.candidate, self.leader)

    def with_volatile(self, volatile: VolatileState) -> NodeState:
        """This state with another volatile part."""
        return NodeState(self.role, self.persistent, volatile, self.candidate, self.leader)

    def with_leader(self, leader: LeaderState) -> NodeState:
        """This state with another part of a leader."""
        return NodeState(self.role, self.persistent, self.volatile, self.candidate, leader)


def restarted(persistent: PersistentState) -> NodeState:
    """The state of a server that starts with what its disk held (raft.tla, Restart): what its
    snapshot covers is known to be committed and applied (dissertation §5.1).
    """
    snapshot = persistent.log.snapshot
    index = snapshot.last_included_index
    volatile = VolatileState(index, index, snapshot.state_machine, sessions=snapshot.sessions)
    return NodeState(persistent=persistent, volatile=volatile)
