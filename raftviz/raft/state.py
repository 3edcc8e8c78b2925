"""A server's state as Figure 2 groups it: what survives a crash, and what does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from raftviz.protocols.base import NodeId, Value
from raftviz.raft.log import Log
from raftviz.raft.types import Index, Role, Term


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
    """The state of a server that starts with what its disk held (raft.tla, Restart)."""
    return NodeState(persistent=persistent)
