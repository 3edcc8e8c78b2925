"""What every rule works with: the node's state, and the effects of the input being handled.

`note` is the only way to a new visible state. `send` and `reply` put a `Persist` first when the
persistent state has changed since the last one, so that no rule can forget to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
from raftviz.raft import bugs
from raftviz.raft.messages import RaftMessage
from raftviz.raft.options import Options, Timing
from raftviz.raft.quorum import Configuration
from raftviz.raft.state import LeaderState, NodeState, PersistentState, VolatileState
from raftviz.raft.types import Index, LogEntry, Role, Session, Term, execute

ELECTION = "election"
HEARTBEAT = "heartbeat"
LEADER_CONTACT = "leader_contact"
CHECK_QUORUM = "check_quorum"
TRANSFER = "transfer"
CATCH_UP = "catch_up"
LEASES = ("lease_a", "lease_b")
"""The timers of two lease rounds: one that is held, and one that is being won."""
LEADERS_TIMERS = (HEARTBEAT, CHECK_QUORUM, TRANSFER, CATCH_UP, *LEASES)

CLOCK_DRIFT_BOUND = 0.9
"""A lease lasts this share of an election timeout, so that it is over in time even where the
leader's clock is up to a tenth slower than another server's (dissertation §6.4.1)."""


class Core:
    """A server's identity, state and outbox; the rules are functions over it."""

    __slots__ = (
        "_catch_up_timer",
        "_check_quorum_timer",
        "_election_timer",
        "_heartbeat_timer",
        "_leader_contact_timer",
        "_lease_us",
        "_persisted",
        "_transfer_timer",
        "bootstrap",
        "bugs",
        "effects",
        "id",
        "missing",
        "options",
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
        self.bootstrap = Configuration(members)
        self.options = options
        self.bugs = options.bugs
        self.missing = 1 if bugs.MAJORITY_MINUS_ONE in options.bugs else 0
        self.state = state
        self.effects: list[Effect] = []
        self._persisted = state.persistent
        low, high = timing.election_timeout_us_min, timing.election_timeout_us_max
        self._election_timer = SetTimer(ELECTION, low, high)
        self._heartbeat_timer = SetTimer(HEARTBEAT, timing.heartbeat_us, timing.heartbeat_us)
        self._check_quorum_timer = SetTimer(CHECK_QUORUM, low, low)
        self._transfer_timer = SetTimer(TRANSFER, low, low)
        self._catch_up_timer = SetTimer(CATCH_UP, low, low)
        self._lease_us = int(low * CLOCK_DRIFT_BOUND)
        self._leader_contact_timer = SetTimer(LEADER_CONTACT, low, low, passive=True)

    # Who decides.

    @property
    def configuration(self) -> Configuration:
        """The latest configuration in the log, committed or not (dissertation §4.1); before there
        is any, the servers that the cluster was started with.
        """
        return self.state.persistent.log.configuration or self.bootstrap

    @property
    def peers(self) -> tuple[NodeId, ...]:
        """All other servers that vote."""
        return tuple(voter for voter in self.configuration.voters if voter != self.id)

    def is_quorum(self, servers: Collection[NodeId]) -> bool:
        """Whether these servers are a majority, of both configurations where two are joint."""
        return self.configuration.has_quorum(servers, self.missing)

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
            self.effects.append(Persist(self._durable(persistent) if self.bugs else persistent))

    def _durable(self, persistent: PersistentState) -> PersistentState:
        """What reaches the disk: everything, but for a deliberate mistake."""
        voted_for, log = persistent.voted_for, persistent.log
        if bugs.FORGET_VOTE in self.bugs:
            voted_for = None
        if bugs.FORGET_LOG_TAIL in self.bugs and log.last_index > log.snapshot.last_included_index:
            log = log.truncate(log.last_index)
        return PersistentState(persistent.current_term, voted_for, log)

    def send(self, target: NodeId, message: RaftMessage) -> None:
        """Send a message, what it promises being durable first (dissertation §3.8)."""
        if self.state.persistent is not self._persisted:
            self.persist()
        self.effects.append(Send(target, message))

    def has_sent(self, target: NodeId) -> bool:
        """Whether a message to `target` is among the effects of the input being handled."""
        return any(isinstance(effect, Send) and effect.target == target for effect in self.effects)

    def reply(
        self,
        client: str,
        serial: int,
        outcome: str,
        value: Value | None = None,
        why: str | None = None,
        hint: NodeId | None = None,
        index: Index | None = None,
    ) -> None:
        """Answer a client; `index` says how far the state machine was that a read was answered from."""
        self.persist()
        self.effects.append(Reply(client, serial, outcome, value, why, hint, index))

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

    def start_catch_up_timer(self) -> None:
        """How long a round of a new server's catching up may take (dissertation §4.2.1)."""
        self.effects.append(self._catch_up_timer)

    def start_lease_timer(self, name: str) -> None:
        """A lease, if this round is acknowledged, lasts from now (dissertation §6.4.1)."""
        self.effects.append(SetTimer(name, self._lease_us, self._lease_us, passive=True))

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
            self.keep_from_voting()

    def keep_from_voting(self) -> None:
        """Count a leader as heard of until the minimum election timeout has passed."""
        volatile = self.state.volatile
        if not volatile.leader_heard:
            self.state = self.state.with_volatile(volatile.heard(True))
        self.effects.append(self._leader_contact_timer)

    def leader_contact_lapsed(self) -> None:
        """The minimum election timeout has passed since a leader was heard."""
        self.state = self.state.with_volatile(self.state.volatile.heard(False))

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
        self.forget_leader(keeps_word=self.options.keeps_lease)

    def forget_leader(self, keeps_word: bool = False) -> None:
        """A new term has no known leader yet. A server that `keeps_word` goes on refusing its vote
        for the time that it promised the old one, which may hold a lease (dissertation §6.4.1).
        """
        volatile = self.state.volatile
        if volatile.leader_id is None:
            return
        if volatile.leader_heard and not keeps_word:
            self.effects.append(CancelTimer(LEADER_CONTACT))
        heard = volatile.leader_heard and keeps_word
        volatile = replace(volatile, leader_id=None, leader_heard=heard)
        self.note("leader_known", {"leader": None}, self.state.with_volatile(volatile))

    def become_follower(self, why: str) -> None:
        """Step down to follower. A leader's waiting clients learn that the outcome is unknown:
        their entries may still be committed by a later leader (dissertation §6.2).
        """
        if self.state.leader is not None and self.state.leader.lease.held is not None:
            self.set_lease_held(self.state.leader, None, "stepped_down")
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
            for name in LEADERS_TIMERS:
                self.cancel_timer(name)
            for write in leader.writes:
                self.reply(write.client, write.serial, "unknown", why="stepped_down")
            for read in leader.reads:
                self.reply(read.client, read.serial, "failed", why="stepped_down")
            self.restart_election_timer()

    def set_lease_held(self, leader: LeaderState, held: str | None, why: str) -> None:
        """Get, go on with, or lose a lease."""
        state = self.state.with_leader(replace(leader, lease=replace(leader.lease, held=held)))
        if (held is None) == (leader.lease.held is None):
            self.state = state
        else:
            self.note("lease_changed", {"held": held is not None, "why": why}, state)

    # Committing and applying.

    def set_commit_index(self, index: Index, why: str) -> None:
        """commitIndex rises to `index`; apply what that commits (Fig. 2, All Servers 1)."""
        self.persist()  # what is committed here is durable here
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
                    volatile.sessions,
                )
            ),
        )
        self.apply_up_to(index)

    def apply_up_to(self, last: Index) -> None:
        """If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to the state
        machine (Fig. 2, All Servers 1; Raft §5.3), and answer the client that waits for it.
        """
        while self.state.volatile.last_applied < last:
            volatile = self.state.volatile
            entry = self.state.persistent.log.entry(volatile.last_applied + 1)
            state_machine, sessions, result, repeated = self._execute(entry, volatile)
            data = {"index": entry.index, "entry": entry.view(), "result": result.value}
            self.note(
                "applied",
                {**data, "duplicate": True} if repeated else data,
                self.state.with_volatile(
                    VolatileState(
                        volatile.commit_index,
                        entry.index,
                        state_machine,
                        volatile.leader_id,
                        volatile.leader_heard,
                        sessions,
                    )
                ),
            )
            if self.state.leader is not None and self.state.leader.writes:
                self._answer_write(self.state.leader, entry, result)

    def _execute(
        self, entry: LogEntry, volatile: VolatileState
    ) -> tuple[Mapping[str, Value], Mapping[str, Session], Session, bool]:
        """State machine, sessions, the command's result, and whether it is a repetition: one that
        its session has seen before is answered and not executed again (dissertation §6.3).

        Sessions do not expire, as a simulation has a bounded number of clients.
        """
        sessions = volatile.sessions
        known = sessions.get(entry.client) if entry.client is not None else None
        if known is not None and known.serial >= entry.serial and bugs.RETRY_TWICE not in self.bugs:
            return volatile.state_machine, sessions, known, True
        state_machine, done, value = execute(entry.command, volatile.state_machine)
        result = Session(entry.serial, done, value)
        if entry.client is not None:
            sessions = {**sessions, entry.client: result}
        return state_machine, sessions, result, False

    def _answer_write(self, leader: LeaderState, entry: LogEntry, result: Session) -> None:
        """Respond after the entry is applied, and only if it is still the one submitted."""
        for write in leader.writes:
            if write.index == entry.index:
                rest = tuple(other for other in leader.writes if other is not write)
                self.state = self.state.with_leader(replace(leader, writes=rest))
                if write.term != entry.term:
                    self.reply(write.client, write.serial, "unknown", why="overwritten")
                else:
                    self.answer_result(write.client, write.serial, result)

    def answer_result(self, client: str, serial: int, result: Session) -> None:
        """Tell a client what its command came to."""
        if result.done:
            self.reply(client, serial, "ok", result.value)
        else:
            self.reply(client, serial, "failed", result.value, why="cas_mismatch")
