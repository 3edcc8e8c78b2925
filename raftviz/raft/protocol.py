"""Raft as the simulation drives it: makes nodes, and puts their state into wire names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from raftviz.errors import OptionError
from raftviz.protocols.base import Change, Effect, NodeId, Note, Persist
from raftviz.raft import given as givens
from raftviz.raft import together, wire
from raftviz.raft.core import CATCH_UP, CHECK_QUORUM, ELECTION, HEARTBEAT, TRANSFER
from raftviz.raft.log import NOTHING, Log, Snapshot
from raftviz.raft.messages import RaftMessage
from raftviz.raft.node import RaftNode
from raftviz.raft.options import Options, Timing
from raftviz.raft.state import NodeState, PersistentState, VolatileState, restarted
from raftviz.raft.types import Configuration, Configure
from raftviz.raft.view import Viewer


class RaftRules:
    """Raft for one cluster: its members, options and timing (protocols.base.Rules)."""

    actor_timers: Sequence[str] = (ELECTION, HEARTBEAT, CHECK_QUORUM, TRANSFER, CATCH_UP)

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
        self._viewer = Viewer(ordinals, Configuration(members))

    def node(self, node_id: NodeId, durable: PersistentState | None = None) -> RaftNode:
        """A fresh node, or one that restarts with what its disk held."""
        return self.resume(node_id, restarted(durable or PersistentState()))

    def newcomer(self) -> PersistentState:
        """What is on the disk of a server that is to join: that it is a member of nothing yet."""
        return PersistentState(log=Log(snapshot=Snapshot(configuration=Configuration(()))))

    def resume(self, node_id: NodeId, state: NodeState) -> RaftNode:
        """A node standing at `state`."""
        return RaftNode(node_id, self._members, self._options, self._timing, state)

    def given(self, given: Mapping[NodeId, Mapping[str, Any]]) -> dict[NodeId, list[Effect]]:
        """A lesson's starting states, as effects on fresh nodes: one note for each fact, so that
        whoever follows the events learns of the log entries and roles too.
        """
        members = next(
            (
                fields["members"]
                for fields in given.values()
                if isinstance(fields, Mapping) and "members" in fields
            ),
            None,
        )
        if members is not None:
            # Said of one, it holds for all that do not say otherwise.
            said = {node_id: given.get(node_id, {}) for node_id in self._members}
            given = {
                node_id: {"members": members, **fields} if isinstance(fields, Mapping) else fields
                for node_id, fields in said.items()
            }
        states = {
            node_id: givens.given_state(node_id, fields, self._members)
            for node_id, fields in given.items()
        }
        together.check_together(states)
        return {node_id: _effects(state) for node_id, state in states.items()}

    def disk_view(self, durable: PersistentState | None) -> dict[str, Any]:
        """What a disk holds, in short; the vote as a name."""
        durable = durable or PersistentState()
        return {
            "term": durable.current_term,
            "votedFor": durable.voted_for,
            "lastIndex": durable.log.last_index,
            "lastTerm": durable.log.last_term,
            "snapshotIndex": durable.log.snapshot.last_included_index,
        }

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

    def with_options(self, options: Mapping[str, Any], states: Sequence[NodeState]) -> RaftRules:
        """The same rules with some options changed. How members change cannot be changed while
        they do. Raises OptionError.
        """
        changed = self._options.changed(options)
        if changed.membership != self._options.membership:
            for state in states:
                log = state.persistent.log
                if state.leader is not None and (
                    state.leader.change is not None
                    or log.configuration_index > state.volatile.commit_index
                ):
                    raise OptionError(
                        "a change of members is under way",
                        where="options.membership",
                        remedy="wait until it is committed",
                        kind="members.changing",
                    )
        return RaftRules(self._members, self._ordinals, changed, self._timing)


def _effects(target: NodeState) -> list[Effect]:
    """Notes that lead from a fresh state to `target`, one fact at a time."""
    effects: list[Effect] = []
    persistent = target.persistent
    snapshot = persistent.log.snapshot
    log = Log(snapshot=snapshot)
    state = NodeState()

    def note(kind: str, data: dict[str, Any], new: NodeState) -> None:
        nonlocal state
        state = new
        effects.append(Note(kind, {**data, "why": "given"}, state))

    if persistent.current_term:
        term = persistent.current_term
        durable = PersistentState(term)
        note("term_changed", {"from": 0, "to": term, "by": None}, NodeState(persistent=durable))
    if persistent.voted_for is not None:
        durable = PersistentState(persistent.current_term, persistent.voted_for)
        note(
            "voted",
            {"for": persistent.voted_for, "granted": True, "term": persistent.current_term},
            NodeState(persistent=durable),
        )
    base = VolatileState()
    if snapshot is not NOTHING:
        base = restarted(PersistentState(log=log)).volatile
        state = NodeState(persistent=replace(state.persistent, log=log), volatile=base)
    if snapshot.last_included_index:
        note(
            "snapshot_taken",
            {"index": snapshot.last_included_index, "term": snapshot.last_included_term},
            state,
        )
    if snapshot.configuration is not None:
        index = snapshot.last_included_index
        note("configuration_changed", {"index": index, **snapshot.configuration.view()}, state)
    for entry in persistent.log:
        log = log.append(entry)
        durable = PersistentState(persistent.current_term, persistent.voted_for, log)
        given = NodeState(persistent=durable, volatile=base)
        data = {"index": entry.index, "term": entry.term, "entry": entry.view()}
        note("log_appended", data, given)
        if isinstance(entry.command, Configure):
            members = entry.command.configuration.view()
            note("configuration_changed", {"index": entry.index, **members}, given)
    if target.volatile.commit_index > base.commit_index:
        note(
            "index_changed",
            {
                "what": "commitIndex",
                "peer": None,
                "from": base.commit_index,
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
