"""Pipelining of AppendEntries, under the option `max_inflight` (dissertation §10.2.2).

One request at a time probes where a follower's log agrees; after that nextIndex runs ahead of the
answers, and at most `max_inflight` requests with entries are unanswered. A refusal, which tells
that one of them was lost, goes back to probing.
"""

from __future__ import annotations

from dataclasses import replace

from raftviz.protocols.base import NodeId
from raftviz.raft import replication
from raftviz.raft.core import Core
from raftviz.raft.state import Progress
from raftviz.raft.types import Index

PROBING = Progress()


def _set(node: Core, peer: NodeId, progress: Progress) -> None:
    leader = node.state.leader
    assert leader is not None
    if leader.progress.get(peer) != progress:
        all_progress = {**leader.progress, peer: progress}
        node.state = node.state.with_leader(replace(leader, progress=all_progress))


def beat(node: Core, peer: NodeId) -> None:
    """A heartbeat, or a new entry: a probe again, in case the last one was lost; else what the
    window has room for, or at least a sign of life.
    """
    leader = node.state.leader
    if leader is None:
        return
    progress = leader.progress.get(peer, PROBING)
    if progress.probing:
        _set(node, peer, PROBING)
    if not fill(node, peer):
        replication.send_append(node, peer, empty=True)


def fill(node: Core, peer: NodeId) -> bool:
    """Send entries while there are any and the window has room; whether any request went out."""
    went_out = False
    while True:
        leader, limit = node.state.leader, node.options.max_inflight
        if leader is None or limit is None:
            return went_out
        progress = leader.progress.get(peer, PROBING)
        log = node.state.persistent.log
        next_index = leader.next_index[peer]
        if next_index > log.last_index or len(progress.sent) >= (1 if progress.probing else limit):
            return went_out
        replication.send_append(node, peer)
        went_out = True
        if next_index <= log.snapshot.last_included_index:
            last = log.snapshot.last_included_index
        else:
            batch = node.options.max_entries_per_append or log.last_index
            last = min(log.last_index, next_index + batch - 1)
        _set(node, peer, Progress(progress.probing, (*progress.sent, last)))
        if not progress.probing:
            _run_ahead(node, peer, last + 1)


def _run_ahead(node: Core, peer: NodeId, next_index: Index) -> None:
    """nextIndex counts on what was sent."""
    leader = node.state.leader
    assert leader is not None
    old = leader.next_index[peer]
    node.note(
        "index_changed",
        {"what": "nextIndex", "peer": peer, "from": old, "to": next_index, "why": "sent"},
        node.state.with_leader(
            leader.with_indexes({**leader.next_index, peer: next_index}, leader.match_index)
        ),
    )


def acknowledge(node: Core, peer: NodeId, index: Index) -> None:
    """The logs agree up to `index`: requests up to it are answered, and there is no more probing."""
    leader = node.state.leader
    if leader is None or node.options.max_inflight is None or peer not in leader.next_index:
        return
    sent = leader.progress.get(peer, PROBING).sent
    _set(node, peer, Progress(False, tuple(last for last in sent if last > index)))


def probe(node: Core, peer: NodeId) -> None:
    """A request was refused: what followed it will be refused too."""
    if node.options.max_inflight is not None and node.state.leader is not None:
        _set(node, peer, PROBING)
