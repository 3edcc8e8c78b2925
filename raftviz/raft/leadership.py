"""Giving leadership up: because nobody answers (dissertation §6.2), or to a server of one's choice
(dissertation §3.10).
"""

from __future__ import annotations

from dataclasses import replace

from raftviz.errors import CommandError, meant, shown
from raftviz.protocols.base import NodeId
from raftviz.raft import election, lease, membership, replication
from raftviz.raft.core import Core
from raftviz.raft.messages import TimeoutNow
from raftviz.raft.state import LeaderState
from raftviz.raft.types import Role


def check_quorum(node: Core) -> None:
    """CheckQuorum: a leader that no majority has answered within an election timeout steps down,
    in the same term, so that its clients turn to another (dissertation §6.2).
    """
    leader = node.state.leader
    if leader is None:
        return
    if not node.is_quorum((node.id, *leader.active)):
        node.become_follower("check_quorum")
        node.forget_leader()
        return
    node.state = node.state.with_leader(replace(leader, active=()))
    node.restart_check_quorum_timer()


def note_answer(node: Core, source: NodeId) -> None:
    """Remember who has answered since the last check."""
    leader = node.state.leader
    if leader is not None and source not in leader.active:
        node.state = node.state.with_leader(replace(leader, active=(*leader.active, source)))


def begin_transfer(node: Core, target: NodeId) -> None:
    """Stop taking requests, bring the target up to date, then tell it to campaign at once.

    Raises CommandError where the target cannot take over.
    """
    leader = node.state.leader
    members = node.configuration.members
    if target not in members:
        raise CommandError(
            f"{shown(target)} is not a member of the cluster",
            where="transfer.to",
            kind="member",
            node=shown(target),
            **meant(target, [member for member in members if member != node.id]),
        )
    if leader is None or target == node.id:
        raise CommandError(
            f"{node.id} leads already" if leader else f"{node.id} does not lead",
            where="transfer.to",
            remedy=f"name one of {', '.join(node.peers)}"
            if node.peers
            else "add another one first",
            kind=f"leads{'' if node.peers else '.alone'}" if leader else "",
            node=node.id,
            peers=list(node.peers),
        )
    change_transfer(node, leader, target, "asked")
    node.start_transfer_timer()
    if leader.match_index[target] == node.state.persistent.log.last_index:
        hand_over_if_ready(node, target)
    else:
        replication.send_append(node, target)


def change_transfer(node: Core, leader: LeaderState, target: NodeId | None, why: str) -> None:
    """Begin or end a transfer."""
    node.note(
        "transfer_changed",
        {"to": target, "why": why},
        node.state.with_leader(replace(leader, transfer_to=target)),
    )


def hand_over_if_ready(node: Core, source: NodeId) -> None:
    """Send TimeoutNow once the target's log matches the leader's own."""
    leader = node.state.leader
    if (
        leader is not None
        and leader.transfer_to == source
        and leader.match_index[source] == node.state.persistent.log.last_index
    ):
        # From now on an election may come that no lease holds back (dissertation §6.4.1).
        lease.give_up(node, "handed_over")
        node.send(source, TimeoutNow(node.state.persistent.current_term, node.id))


def transfer_timeout(node: Core) -> None:
    """The target has not taken over within an election timeout: go on leading."""
    leader = node.state.leader
    if leader is not None and leader.transfer_to is not None:
        change_transfer(node, leader, None, "timed_out")


def receive_timeout_now(node: Core, source: NodeId, request: TimeoutNow) -> None:
    """Campaign at once, without asking first; voters are told that their leader wants it."""
    if (
        request.term == node.state.persistent.current_term
        and node.state.role is not Role.LEADER
        and membership.may_campaign(node)
    ):
        election.campaign(node, "timeout_now", transfer=True)
