"""What a person sees of a server's state, in wire names, and what differs between two states.

Parts of a state that did not change are the same objects, so comparing costs what changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from raftviz.protocols.base import Change, NodeId
from raftviz.raft.log import Log
from raftviz.raft.state import CandidateState, NodeState
from raftviz.raft.types import Configuration, Session, same_value


def _snapshot(log: Log) -> dict[str, Any] | None:
    snapshot = log.snapshot
    if not snapshot.last_included_index:
        return None
    return {"index": snapshot.last_included_index, "term": snapshot.last_included_term}


def _serials(sessions: Mapping[str, Session]) -> dict[str, int]:
    return {client: session.serial for client, session in sessions.items()}


class Viewer:
    """Puts states into wire names. `ordinals` says how each node appears in votedFor."""

    __slots__ = ("_bootstrap", "_ordinals", "_paths")

    def __init__(self, ordinals: Mapping[NodeId, int | str], bootstrap: Configuration) -> None:
        self._ordinals = ordinals
        self._bootstrap = bootstrap
        self._paths: dict[tuple[NodeId, str], tuple[str, NodeId, str]] = {}

    def view(self, state: NodeState) -> dict[str, Any]:
        """The whole state."""
        persistent, volatile = state.persistent, state.volatile
        candidate, leader = state.candidate or CandidateState(), state.leader
        configuration = self._configuration(persistent.log)
        return {
            "state": state.role.value,
            "term": persistent.current_term,
            "votedFor": self._voted_for(persistent.voted_for),
            "log": [entry.view() for entry in persistent.log],
            "snapshot": _snapshot(persistent.log),
            "members": list(configuration.members),
            "oldMembers": list(configuration.old),
            "commitIndex": volatile.commit_index,
            "lastApplied": volatile.last_applied,
            "stateMachine": dict(volatile.state_machine),
            "sessions": _serials(volatile.sessions),
            "leader": volatile.leader_id,
            "votesGranted": list(candidate.votes_granted),
            "votesRefused": list(candidate.votes_refused),
            "nextIndex": dict(leader.next_index) if leader else {},
            "matchIndex": dict(leader.match_index) if leader else {},
            "transferTo": leader.transfer_to if leader else None,
            "learners": list(leader.learners) if leader else [],
            "lease": leader is not None and leader.lease.held is not None,
        }

    def changes(self, node_id: NodeId, old: NodeState, new: NodeState) -> tuple[Change, ...]:
        """The changes that turn the view of `old` into the view of `new`."""
        found: list[Change] = []

        def compare(field: str, before: Any, after: Any) -> None:
            if before != after:
                found.append((self._path(node_id, field), before, after))

        if old.role is not new.role:
            compare("state", old.role.value, new.role.value)
        if old.persistent is not new.persistent:
            before, after = old.persistent, new.persistent
            compare("term", before.current_term, after.current_term)
            compare("votedFor", self._voted_for(before.voted_for), self._voted_for(after.voted_for))
            if before.log is not after.log:
                found.extend(log_changes(node_id, before.log, after.log))
                if before.log.snapshot is not after.log.snapshot:
                    compare("snapshot", _snapshot(before.log), _snapshot(after.log))
                was_in, is_in = self._configuration(before.log), self._configuration(after.log)
                if was_in is not is_in:
                    compare("members", list(was_in.members), list(is_in.members))
                    compare("oldMembers", list(was_in.old), list(is_in.old))
        if old.volatile is not new.volatile:
            was, is_ = old.volatile, new.volatile
            compare("commitIndex", was.commit_index, is_.commit_index)
            compare("lastApplied", was.last_applied, is_.last_applied)
            compare("leader", was.leader_id, is_.leader_id)
            if was.state_machine is not is_.state_machine:
                found.extend(self._state_machine(node_id, old, new))
            if was.sessions is not is_.sessions:
                compare("sessions", _serials(was.sessions), _serials(is_.sessions))
        if old.candidate is not new.candidate:
            voting, counted = old.candidate or CandidateState(), new.candidate or CandidateState()
            compare("votesGranted", list(voting.votes_granted), list(counted.votes_granted))
            compare("votesRefused", list(voting.votes_refused), list(counted.votes_refused))
        if old.leader is not new.leader:
            led, leads = old.leader, new.leader
            compare(
                "transferTo",
                led.transfer_to if led else None,
                leads.transfer_to if leads else None,
            )
            compare(
                "learners",
                list(led.learners) if led else [],
                list(leads.learners) if leads else [],
            )
            compare(
                "lease",
                led is not None and led.lease.held is not None,
                leads is not None and leads.lease.held is not None,
            )
            for field in ("next_index", "match_index"):
                name = "nextIndex" if field == "next_index" else "matchIndex"
                then: Mapping[NodeId, int] = getattr(old.leader, field, {})
                now: Mapping[NodeId, int] = getattr(new.leader, field, {})
                if then is not now:
                    found.extend(self._indexes(node_id, name, then, now))
        return tuple(found)

    def _configuration(self, log: Log) -> Configuration:
        return log.configuration or self._bootstrap

    def _voted_for(self, voted_for: NodeId | None) -> int | str | None:
        return None if voted_for is None else self._ordinals.get(voted_for, voted_for)

    def _path(self, node_id: NodeId, field: str) -> tuple[str, NodeId, str]:
        key = (node_id, field)
        path = self._paths.get(key)
        if path is None:
            path = self._paths[key] = ("nodes", node_id, field)
        return path

    def _state_machine(self, node_id: NodeId, old: NodeState, new: NodeState) -> list[Change]:
        """Where exactly one entry was applied, only its key can differ."""
        was, is_ = old.volatile, new.volatile
        one = is_.last_applied == was.last_applied + 1
        if one and old.persistent.log is new.persistent.log:
            key = getattr(new.persistent.log.entry(is_.last_applied).command, "key", None)
            pairs = [] if key is None else [key]
        else:
            pairs = [
                *was.state_machine,
                *(k for k in is_.state_machine if k not in was.state_machine),
            ]
        found: list[Change] = []
        for key in pairs:
            before, after = was.state_machine.get(key), is_.state_machine.get(key)
            if not same_value(before, after):
                found.append((("nodes", node_id, "stateMachine", key), before, after))
        return found

    @staticmethod
    def _indexes(
        node_id: NodeId, field: str, old: Mapping[NodeId, int], new: Mapping[NodeId, int]
    ) -> list[Change]:
        gone = [
            (("nodes", node_id, field, peer), index, None)
            for peer, index in old.items()
            if peer not in new
        ]
        return gone + [
            (("nodes", node_id, field, peer), old.get(peer), index)
            for peer, index in new.items()
            if old.get(peer) != index
        ]


def log_changes(node_id: NodeId, old: Log, new: Log) -> list[Change]:
    """Removals from the tail, then additions; where a snapshot takes entries' place, the whole log.
    Positions are 0-based and count from the snapshot on.
    """
    first = old.snapshot.last_included_index + 1
    if old.snapshot is not new.snapshot:
        before, after = [entry.view() for entry in old], [entry.view() for entry in new]
        return [(("nodes", node_id, "log"), before, after)] if before != after else []
    common = min(old.last_index, new.last_index)
    if not old.shares_with(new):
        common = next(
            (i for i in range(first - 1, common) if old.entry(i + 1) != new.entry(i + 1)),
            common,
        )
    removed: list[Change] = [
        (("nodes", node_id, "log", index - first), old.entry(index).view(), None)
        for index in range(old.last_index, common, -1)
    ]
    return removed + [
        (("nodes", node_id, "log", index - first), None, new.entry(index).view())
        for index in range(common + 1, new.last_index + 1)
    ]
