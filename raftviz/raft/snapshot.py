"""Log compaction (Raft §7; dissertation §5): a snapshot in place of the log's beginning, and
InstallSnapshot for a follower that needs entries which are gone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from raftviz.errors import CommandError
from raftviz.protocols.base import NodeId
from raftviz.raft import membership, replication
from raftviz.raft.core import Core
from raftviz.raft.log import Snapshot
from raftviz.raft.messages import InstallSnapshot, InstallSnapshotReply
from raftviz.raft.state import PersistentState, VolatileState
from raftviz.raft.types import Index, Role


def order(node: Core, _: Any) -> None:
    """Compact the log now, whatever the threshold. Raises CommandError where nothing is to be gained."""
    log = node.state.persistent.log
    if _compactable(node) <= log.snapshot.last_included_index:
        raise CommandError(
            f"{node.id} has applied nothing "
            + ("since its last snapshot" if log.snapshot.last_included_index else "yet"),
            where="snapshot",
            remedy="let something be committed first",
            kind="snapshot.since" if log.snapshot.last_included_index else "snapshot.yet",
            node=node.id,
        )
    take(node, "asked")


def take_if_due(node: Core) -> None:
    """Compact the log if enough has been applied since the last snapshot (§5.1.3)."""
    threshold = node.options.snapshot_threshold
    if threshold is None:
        return
    log = node.state.persistent.log
    if _compactable(node) - log.snapshot.last_included_index >= threshold:
        take(node, "threshold")


def _compactable(node: Core) -> Index:
    """Up to where a snapshot may reach: what is applied, and is in the log."""
    state = node.state
    return min(state.volatile.last_applied, state.persistent.log.last_index)


def take(node: Core, why: str) -> None:
    """Write the state of the state machine, and discard the entries that led to it."""
    persistent, volatile = node.state.persistent, node.state.volatile
    log = persistent.log
    index = _compactable(node)
    term = log.term_at(index)
    assert term is not None
    snapshot = Snapshot(
        index, term, log.configuration_at(index), volatile.state_machine, volatile.sessions
    )
    node.note(
        "snapshot_taken",
        {"index": index, "term": term, "why": why},
        node.state.with_persistent(
            PersistentState(persistent.current_term, persistent.voted_for, log.compact(snapshot))
        ),
    )


def send(node: Core, peer: NodeId) -> None:
    """The follower needs entries that are only in the snapshot: send that (Raft §7)."""
    leader = node.state.leader
    assert leader is not None
    persistent = node.state.persistent
    snapshot = persistent.log.snapshot
    if snapshot.configuration is None:
        snapshot = replace(snapshot, configuration=node.bootstrap)
    node.send(peer, InstallSnapshot(persistent.current_term, node.id, snapshot, leader.round))


def receive_install_snapshot(node: Core, source: NodeId, request: InstallSnapshot) -> None:
    """InstallSnapshot receiver 1 to 8 (Raft Fig. 13; dissertation Fig. 5.3), the whole of it in one
    message. One that tells nothing new is acknowledged and otherwise ignored.
    """
    term = node.state.persistent.current_term
    snapshot = request.snapshot
    index = snapshot.last_included_index
    if request.term >= term and node.state.role is not Role.LEADER:
        if node.state.role is not Role.FOLLOWER:
            node.become_follower("leader_heard")
        node.hear_leader(request.leader_id)
        node.restart_election_timer()
        if index > node.state.volatile.commit_index:
            install(node, source, snapshot)
    node.send(
        source,
        InstallSnapshotReply(
            node.state.persistent.current_term, index, request.term, request.round
        ),
    )


def install(node: Core, source: NodeId, snapshot: Snapshot) -> None:
    """Take the snapshot for the log's beginning; keep what follows it where the log agrees with its
    last entry, discard all of the log where it does not (receiver 6 and 7); reset the state
    machine to it (receiver 8).
    """
    persistent, volatile = node.state.persistent, node.state.volatile
    index = snapshot.last_included_index
    before = node.configuration
    log = persistent.log.compact(snapshot)
    node.note(
        "snapshot_installed",
        {
            "index": index,
            "term": snapshot.last_included_term,
            "from": source,
            "kept": log.last_index - index,
            "stateMachine": dict(snapshot.state_machine),
        },
        node.state.with_persistent(
            PersistentState(persistent.current_term, persistent.voted_for, log)
        ).with_volatile(
            VolatileState(
                index,
                index,
                snapshot.state_machine,
                volatile.leader_id,
                volatile.leader_heard,
                snapshot.sessions,
            )
        ),
    )
    if node.configuration != before:
        membership.changed(node, "installed")


def receive_reply(node: Core, source: NodeId, reply: InstallSnapshotReply) -> None:
    """The follower has what the snapshot covers: go on with the entries after it."""
    leader = replication.contact(node, source, reply)
    if leader is None:
        return
    if reply.last_included_index > leader.match_index[source]:
        replication.advance_match_index(node, leader, source, reply.last_included_index)
    replication.go_on_with(node, source)
    replication.conclude_round(node)
