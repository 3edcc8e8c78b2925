"""What a person sees of a server's state, in wire names, and what differs between two states.

Parts of a state that did not change are the same objects, so comparing costs what changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from raftviz.protocols.base import Change, NodeId
from raftviz.raft.log import Log
from raftviz.raft.state import CandidateState, NodeState
from raftviz.raft.types import same_value


class Viewer:
    """Puts states into wire names. `ordinals` says how each node appears in votedFor."""

    __slots__ = ("_ordinals", "_paths")

    def __init__(self, ordinals: Mapping[NodeId, int | str]) -> None:
        self._ordinals = ordinals
        self._paths: dict[tuple[NodeId, str], tuple[str, NodeId, str]] = {}

    def view(self, state: NodeState) -> dict[str, Any]:
        """The whole state."""
        persistent, volatile = state.persistent, state.volatile
        candidate, leader = state.candidate or CandidateState(), state.leader
        return {
            "state": state.role.value,
            "term": persistent.current_term,
            "votedFor": self._voted_for(persistent.voted_for),
            "log": [entry.view() for entry in persistent.log],
            "commitIndex": volatile.commit_index,
            "lastApplied": volatile.last_applied,
            "stateMachine": dict(volatile.state_machine),
            "leader": volatile.leader_id,
            "votesGranted": list(candidate.votes_granted),
            "votesRefused": list(candidate.votes_refused),
            "nextIndex": dict(leader.next_index) if leader else {},
            "matchIndex": dict(leader.match_index) if leader else {},
            "transferTo": leader.transfer_to if leader else None,
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
        if old.volatile is not new.volatile:
            was, is_ = old.volatile, new.volatile
            compare("commitIndex", was.commit_index, is_.commit_index)
            compare("lastApplied", was.last_applied, is_.last_applied)
            compare("leader", was.leader_id, is_.leader_id)
            if was.state_machine is not is_.state_machine:
                found.extend(self._state_machine(node_id, old, new))
        if old.candidate is not new.candidate:
            voting, counted = old.candidate or CandidateState(), new.candidate or CandidateState()
            compare("votesGranted", list(voting.votes_granted), list(counted.votes_granted))
            compare("votesRefused", list(voting.votes_refused), list(counted.votes_refused))
        if old.leader is not new.leader:
            compare(
                "transferTo",
                old.leader.transfer_to if old.leader else None,
                new.leader.transfer_to if new.leader else None,
            )
            for field in ("next_index", "match_index"):
                name = "nextIndex" if field == "next_index" else "matchIndex"
                then: Mapping[NodeId, int] = getattr(old.leader, field, {})
                now: Mapping[NodeId, int] = getattr(new.leader, field, {})
                if then is not now:
                    found.extend(self._indexes(node_id, name, then, now))
        return tuple(found)

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
        if is_.last_applied == was.last_applied + 1 and old.persistent.log is new.persistent.log:
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
        if not old or not new:
            return [
                *((("nodes", node_id, field, peer), index, None) for peer, index in old.items()),
                *((("nodes", node_id, field, peer), None, index) for peer, index in new.items()),
            ]
        return [
            (("nodes", node_id, field, peer), old[peer], index)
            for peer, index in new.items()
            if old[peer] != index
        ]


def log_changes(node_id: NodeId, old: Log, new: Log) -> list[Change]:
    """Removals from the tail, then additions. Positions are 0-based."""
    common = min(old.last_index, new.last_index)
    if not old.shares_with(new):
        common = next(
            (i for i in range(common) if old.entry(i + 1) != new.entry(i + 1)),
            common,
        )
    removed: list[Change] = [
        (("nodes", node_id, "log", index - 1), old.entry(index).view(), None)
        for index in range(old.last_index, common, -1)
    ]
    return removed + [
        (("nodes", node_id, "log", index - 1), None, new.entry(index).view())
        for index in range(common + 1, new.last_index + 1)
    ]
