"""Raft as the simulation drives it: makes nodes, and puts their state into wire names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from raftviz.protocols.base import Change, Effect, NodeId, Note, Persist
from raftviz.raft import given as givens
from raftviz.raft import wire
from raftviz.raft.core import CHECK_QUORUM, ELECTION, HEARTBEAT, TRANSFER
from raftviz.raft.messages import RaftMessage
from raftviz.raft.node import RaftNode
from raftviz.raft.options import Options, Timing
from raftviz.raft.state import NodeState, PersistentState, restarted
from raftviz.raft.view import Viewer


class RaftRules:
    """Raft for one cluster: its members, options and timing (protocols.base.Rules)."""

    actor_timers = (ELECTION, HEARTBEAT, CHECK_QUORUM, TRANSFER)

    def __init__(
        self,
        members: tuple[NodeId, ...],
        ordinals: Mapping[NodeId, int | str],
        options: Options,
        timing: Timing,
    ) -> None:
        self._members = members
        self._ordinals = ordinals
        self._options = options
        self._timing = timing
        self._viewer = Viewer(ordinals)

    def node(self, node_id: NodeId, durable: PersistentState | None = None) -> RaftNode:
        """A fresh node, or one that restarts with what its disk held."""
        return self.resume(node_id, restarted(durable or PersistentState()))

    def resume(self, node_id: NodeId, state: NodeState) -> RaftNode:
        """A node standing at `state`."""
        return RaftNode(node_id, self._members, self._options, self._timing, state)

    def given(self, given: Mapping[NodeId, Mapping[str, Any]]) -> dict[NodeId, list[Effect]]:
        """A lesson's starting states, as effects on fresh nodes: one note for each fact, so that
        whoever follows the events learns of the log entries and roles too.
        """
        states = {
            node_id: givens.given_state(node_id, fields, self._members)
            for node_id, fields in given.items()
        }
        givens.check_together(states)
        return {node_id: _effects(state) for node_id, state in states.items()}

    def durable(self, state: NodeState) -> PersistentState:
        """What a disk keeps."""
        return state.persistent

    def view(self, state: NodeState) -> dict[str, Any]:
        """A node's visible state in wire names."""
        return self._viewer.view(state)

    def changes(self, node_id: NodeId, old: NodeState, new: NodeState) -> tuple[Change, ...]:
        """What differs visibly between two states."""
        return self._viewer.changes(node_id, old, new)

    def role(self, state: NodeState) -> str:
        """One of follower, precandidate, candidate, leader."""
        return state.role.value

    def term(self, state: NodeState) -> int:
        """The node's current term."""
        return state.persistent.current_term

    def commit_index(self, state: NodeState) -> int:
        """The node's commit index."""
        return state.volatile.commit_index

    def parse_message(self, fields: Mapping[str, Any]) -> RaftMessage:
        """A message from its wire form."""
        return wire.parse_message(fields)

    def options(self) -> dict[str, Any]:
        """The options in force."""
        return self._options.view()

    def with_option(self, name: str, value: Any) -> RaftRules:
        """The same rules with one option changed."""
        options = self._options.changed(name, value)
        return RaftRules(self._members, self._ordinals, options, self._timing)


def _effects(target: NodeState) -> list[Effect]:
    """Notes that lead from a fresh state to `target`, one fact at a time."""
    effects: list[Effect] = []
    persistent = target.persistent
    state = NodeState()
    log = state.persistent.log

    def note(kind: str, data: dict[str, Any], new: NodeState) -> None:
        nonlocal state
        state = new
        effects.append(Note(kind, {**data, "why": "given"}, state))

    if persistent.current_term:
        term = persistent.current_term
        durable = PersistentState(term, None, log)
        note("term_changed", {"from": 0, "to": term, "by": None}, NodeState(persistent=durable))
    if persistent.voted_for is not None:
        durable = PersistentState(persistent.current_term, persistent.voted_for, log)
        note(
            "voted",
            {"for": persistent.voted_for, "granted": True, "term": persistent.current_term},
            NodeState(persistent=durable),
        )
    for entry in persistent.log:
        log = log.append(entry)
        durable = PersistentState(persistent.current_term, persistent.voted_for, log)
        note(
            "log_appended",
            {"index": entry.index, "term": entry.term, "entry": entry.view()},
            NodeState(persistent=durable),
        )
    if target.volatile.commit_index:
        note(
            "index_changed",
            {
                "what": "commitIndex",
                "peer": None,
                "from": 0,
                "to": target.volatile.commit_index,
            },
            NodeState(state.role, persistent, target.volatile),
        )
    role = target.role.value
    if target.role is state.role and target != state:
        note("leader_known", {"leader": target.volatile.leader_id}, target)
    elif target != state:
        note(
            "role_changed",
            {"from": "follower", "to": role, "term": persistent.current_term},
            target,
        )
    effects.append(Persist(persistent))
    return effects
