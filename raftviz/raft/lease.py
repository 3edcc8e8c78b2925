"""Leases: reading without a round of messages (dissertation §6.4.1).

A majority that has acknowledged a heartbeat will not vote for anyone within an election timeout of
hearing it (leader stickiness, §4.2.3), so until that time after the heartbeat was *sent* there is no
other leader. The time is measured by a passive timer that each round starts when it begins.
"""

from __future__ import annotations

from dataclasses import replace

from raftviz.raft.core import LEASES, Core
from raftviz.raft.state import LeaderState


def begin_round(node: Core) -> None:
    """A round of heartbeats goes out: time it, unless one that is being timed may still be won."""
    leader = node.state.leader
    if leader is None or not node.options.keeps_lease or leader.handed_over:
        return
    lease = leader.lease
    if lease.trying is not None:
        return
    slot = LEASES[1] if lease.held == LEASES[0] else LEASES[0]
    round_ = leader.round + 1
    node.state = node.state.with_leader(
        replace(leader, round=round_, lease=replace(lease, round=round_, trying=slot))
    )
    node.start_lease_timer(slot)
    win_round(node)


def win_round(node: Core) -> None:
    """Hold the lease of the round being timed once a majority has acknowledged it."""
    leader = node.state.leader
    if leader is None or leader.lease.trying is None:
        return
    lease = leader.lease
    acked = [peer for peer, round_ in leader.acked_round.items() if round_ >= lease.round]
    if not node.is_quorum((node.id, *acked)):
        return
    if lease.held is not None:
        node.cancel_timer(lease.held)
    won = replace(leader, lease=replace(lease, trying=None))
    node.set_lease_held(won, lease.trying, "acknowledged")


def lapse(node: Core, slot: str) -> None:
    """The time of a round is over, won or not."""
    leader = node.state.leader
    if leader is None:
        return
    if leader.lease.held == slot:
        node.set_lease_held(leader, None, "expired")
    elif leader.lease.trying == slot:
        node.state = node.state.with_leader(
            replace(leader, lease=replace(leader.lease, trying=None))
        )


def give_up(node: Core, why: str) -> None:
    """No lease for the rest of this term."""
    leader = node.state.leader
    if leader is None or leader.handed_over:
        return
    for slot in (leader.lease.held, leader.lease.trying):
        if slot is not None:
            node.cancel_timer(slot)
    without = replace(leader, handed_over=True, lease=replace(leader.lease, trying=None))
    node.set_lease_held(without, None, why)


def is_held(leader: LeaderState) -> bool:
    """Whether the leader may answer a read by itself."""
    return leader.lease.held is not None and not leader.handed_over
