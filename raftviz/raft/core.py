"""What every rule works with: the node's state, and the effects of the input being handled.

`note` is the only way to a new visible state. `send` and `reply` put a `Persist` first when the
persistent state has changed since the last one, so that no rule can forget to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from raftviz.protocols.base import (
    CancelTimer,
    Effect,
    NodeId,
    Note,
    Persist,
    Reply,
    Send,
    SetTimer,
    Value,
)
from raftviz.raft.messages import RaftMessage
from raftviz.raft.options import Options, Timing
from raftviz.raft.quorum import majority
from raftviz.raft.state import LeaderState, NodeState, VolatileState
from raftviz.raft.types import Index, Role, Term, execute

ELECTION = "election"
HEARTBEAT = "heartbeat"
LEADER_CONTACT = "leader_contact"
CHECK_QUORUM = "check_quorum"
TRANSFER = "transfer"


class Core:
    """A server's identity, state and outbox; the rules are functions over it."""

    __slots__ = (
        "_check_quorum_timer",
        "_election_timer",
        "_heartbeat_timer",
        "_leader_contact_timer",
        "_persisted",
        "_transfer_timer",
        "effects",
        "id",
        "majority",
        "members",
        "options",
        "peers",
        "state",
    )

    def __init__(
        self,
        node_id: NodeId,
        members: tuple[NodeId, ...],
        options: Options,
        timing: Timing,
        state: NodeState,
    ) -> None:
        self.id = node_id
        self.members = members
        self.peers = tuple(member for member in members if member != node_id)
        self.majority = majority(len(members))
        self.options = options
        self.state = state
        self.effects: list[Effect] = []
        self._persisted = state.persistent
        low, high = timing.election_timeout_us_min, timing.election_timeout_us_max
        self._election_timer = SetTimer(ELECTION, low, high)
        self._heartbeat_timer = SetTimer(HEARTBEAT, timing.heartbeat_us, timing.heartbeat_us)
        self._check_quorum_timer = SetTimer(CHECK_QUORUM, low, low)
        self._transfer_timer = SetTimer(TRANSFER, low, low)
        self._leader_contact_timer = SetTimer(LEADER_CONTACT, low, low, passive=True)

    # What a rule does to the outside.

    def note(self, kind: str, data: Mapping[str, Any], state: NodeState) -> None:
        """Move to `state`, and tell why."""
        self.state = state
        self.effects.append(Note(kind, data, state))

    def persist(self) -> None:
        """Write the persistent state if it has changed (Fig. 2: before responding to RPCs)."""
        persistent = self.state.persistent
        if persistent is not self._persisted:
            self._persisted = persistent
            self.effects.append(Persist(persistent))

    def send(self, target: NodeId, message: RaftMessage) -> None:
        """Send a message, what it promises being durable first (dissertation §3.8)."""
        if self.state.persistent is not self._persisted:
            self.persist()
        self.effects.append(Send(target, message))

    def reply(
        self,
        client: str,
        serial: int,
        outcome: str,
        value: Value | None = None,
        why: str | None = None,
        hint: NodeId | None = None,
    ) -> None:
        """Answer a client."""
        self.persist()
        self.effects.append(Reply(client, serial, outcome, value, why, hint))

    def take_effects(self) -> list[Effect]:
        """End the handling of an input: everything it asked for, in order."""
        self.persist()
        effects = self.effects
        self.effects = []
        return effects

    # Timers.

    def restart_election_timer(self) -> None:
        """A new timeout from the whole range (Raft §5.2)."""
        self.effects.append(self._election_timer)

    def restart_heartbeat_timer(self) -> None:
        """The leader's next heartbeat."""
        self.effects.append(self._heartbeat_timer)

    def restart_check_quorum_timer(self) -> None:
        """The next look at who has answered (dissertation §6.2)."""
        self.effects.append(self._check_quorum_timer)

    def start_transfer_timer(self) -> None:
        """When to give a transfer up: after about an election timeout (dissertation §3.10)."""
        self.effects.append(self._transfer_timer)

    def cancel_timer(self, name: str) -> None:
        """Disarm a timer, if it is armed."""
        self.effects.append(CancelTimer(name))

    def hear_leader(self, leader_id: NodeId) -> None:
        """Remember that a current leader was heard just now, and who it is."""
        volatile = self.state.volatile
        if volatile.leader_id != leader_id:
            volatile = replace(volatile, leader_id=leader_id)
            self.note("leader_known", {"leader": leader_id}, self.state.with_volatile(volatile))
        if self.options.heeds_leader:
            if not volatile.leader_heard:
                volatile = replace(volatile, leader_heard=True)
                self.state = self.state.with_volatile(volatile)
            self.effects.append(self._leader_contact_timer)

    def leader_contact_lapsed(self) -> None:
        """The minimum election timeout has passed since a leader was heard."""
        volatile = replace(self.state.volatile, leader_heard=False)
        self.state = self.state.with_volatile(volatile)

    # Changes of term and role.

    def adopt_term(self, term: Term, seen_from: NodeId) -> None:
        """RPC request or response contains term T > currentTerm: set currentTerm = T, convert to
        follower (Fig. 2, All Servers 2).
        """
        state = self.state
        persistent = replace(state.persistent, current_term=term, voted_for=None)
        self.note(
            "term_changed",
            {
                "from": state.persistent.current_term,
                "to": term,
                "why": "higher_term",
                "by": seen_from,
            },
            state.with_persistent(persistent),
        )
        if state.role is not Role.FOLLOWER:
            self.become_follower("higher_term")
        self.forget_leader()

    def forget_leader(self) -> None:
        """A new term has no known leader yet."""
        volatile = self.state.volatile
        if volatile.leader_id is None:
            return
        if volatile.leader_heard:
            self.effects.append(CancelTimer(LEADER_CONTACT))
        volatile = replace(volatile, leader_id=None, leader_heard=False)
        self.note("leader_known", {"leader": None}, self.state.with_volatile(volatile))

    def become_follower(self, why: str) -> None:
        """Step down to follower. A leader's waiting clients learn that the outcome is unknown:
        their entries may still be committed by a later leader (dissertation §6.2).
        """
        state = self.state
        leader = state.leader
        self.note(
            "role_changed",
            {
                "from": state.role.value,
                "to": Role.FOLLOWER.value,
                "term": state.persistent.current_term,
                "why": why,
            },
            replace(state, role=Role.FOLLOWER, candidate=None, leader=None),
        )
        if leader is not None:
            for name in (HEARTBEAT, CHECK_QUORUM, TRANSFER):
                self.cancel_timer(name)
            for write in leader.writes:
                self.reply(write.client, write.serial, "unknown", why="stepped_down")
            for read in leader.reads:
                self.reply(read.client, read.serial, "failed", why="stepped_down")
            self.restart_election_timer()

    # Committing and applying.

    def set_commit_index(self, index: Index, why: str) -> None:
        """commitIndex rises to `index`; apply what that commits (Fig. 2, All Servers 1)."""
        state = self.state
        volatile = state.volatile
        self.note(
            "index_changed",
            {
                "what": "commitIndex",
                "peer": None,
                "from": volatile.commit_index,
                "to": index,
                "why": why,
            },
            state.with_volatile(
                VolatileState(
                    index,
                    volatile.last_applied,
                    volatile.state_machine,
                    volatile.leader_id,
                    volatile.leader_heard,
                )
            ),
        )
        self.apply_committed()

    def apply_committed(self) -> None:
        """If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to the state
        machine (Fig. 2, All Servers 1; Raft §5.3), and answer the client that waits for it.
        """
        log = self.state.persistent.log
        while self.state.volatile.last_applied < self.state.volatile.commit_index:
            volatile = self.state.volatile
            entry = log.entry(volatile.last_applied + 1)
            state_machine, done, value = execute(entry.command, volatile.state_machine)
            self.note(
                "applied",
                {"index": entry.index, "entry": entry.view(), "result": value},
                self.state.with_volatile(
                    VolatileState(
                        volatile.commit_index,
                        entry.index,
                        state_machine,
                        volatile.leader_id,
                        volatile.leader_heard,
                    )
                ),
            )
            if self.state.leader is not None and self.state.leader.writes:
                self._answer_write(self.state.leader, entry.index, entry.term, done, value)

    def _answer_write(
        self, leader: LeaderState, index: Index, term: Term, done: bool, value: Value | None
    ) -> None:
        """Respond after the entry is applied, and only if it is still the one submitted."""
        waiting = leader.writes
        for write in waiting:
            if write.index == index:
                rest = tuple(other for other in waiting if other is not write)
                self.state = replace(self.state, leader=replace(leader, writes=rest))
                if write.term != term:
                    self.reply(write.client, write.serial, "unknown", why="overwritten")
                elif done:
                    self.reply(write.client, write.serial, "ok", value)
                else:
                    self.reply(write.client, write.serial, "failed", value, why="cas_mismatch")
