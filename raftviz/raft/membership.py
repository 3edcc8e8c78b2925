"""Changes of members: one server at a time (dissertation §4.1, §4.2), or through a joint
configuration (§4.3).

A configuration is in force on a server from the moment it is in its log, and gone again if it is
truncated from it. New servers catch up first, as learners that do not vote (§4.2.1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from raftviz.errors import CommandError, meant, shown
from raftviz.protocols.base import NodeId
from raftviz.raft import bugs, client, replication
from raftviz.raft.core import CATCH_UP, Core
from raftviz.raft.state import LeaderState, MembershipChange
from raftviz.raft.types import Configuration, Configure

ROUNDS_MAX = 10
"""A server that has not caught up after so many rounds is too slow to join (dissertation §4.2.1)."""


def may_campaign(node: Core) -> bool:
    """Whether the server may start an election: as a voter, or as one that has been removed by a
    change that is not committed yet and may still be needed for that (dissertation §4.2.2).
    """
    if node.id in node.configuration.voters:
        return True
    log = node.state.persistent.log
    return log.configuration_index > node.state.volatile.commit_index


def changed(node: Core, why: str) -> None:
    """Another configuration is in force: tell of it, and let a leader follow other servers."""
    configuration = node.configuration
    state = node.state
    if state.leader is not None:
        state = state.with_leader(_following(node, state.leader))
    data = {"index": state.persistent.log.configuration_index, **configuration.view(), "why": why}
    node.note("configuration_changed", data, state)


def _following(node: Core, leader: LeaderState) -> LeaderState:
    """The leader's part of the state with all the servers, and no others, that it sends entries to."""
    followers = [*node.peers, *(peer for peer in leader.learners if peer not in node.peers)]
    last_index = node.state.persistent.log.last_index

    def kept(values: Mapping[NodeId, Any], default: Any) -> dict[NodeId, Any]:
        return {peer: values.get(peer, default) for peer in followers if peer != node.id}

    return replace(
        leader,
        next_index=kept(leader.next_index, last_index + 1),
        match_index=kept(leader.match_index, 0),
        acked_round=kept(leader.acked_round, 0),
        active=tuple(peer for peer in leader.active if peer in followers),
        progress={peer: how for peer, how in leader.progress.items() if peer in followers},
    )


# Orders. Each raises CommandError where the change cannot be made; nothing has happened then.


def add_node(node: Core, server: NodeId) -> None:
    """One more member."""
    members = node.configuration.members
    if server in members:
        raise CommandError(
            f"{server} is a member already",
            where="add_node",
            remedy="name a server that is not",
            kind="member.already",
            node=server,
        )
    _begin(node, (*members, server), "add_node")


def remove_node(node: Core, server: NodeId) -> None:
    """One member less; it may be the leader itself (dissertation §4.2.2)."""
    members = node.configuration.members
    if server not in members:
        raise CommandError(
            f"{shown(server)} is not a member of the cluster",
            where="remove_node",
            kind="member",
            node=shown(server),
            **meant(server, members),
        )
    if len(members) == 1:
        raise CommandError(
            f"{server} is the only member",
            where="remove_node",
            remedy="add another one first",
            kind="member.only",
            node=server,
        )
    _begin(node, tuple(member for member in members if member != server), "remove_node")


def reconfigure(node: Core, members: Sequence[NodeId]) -> None:
    """These members and no others."""
    now = node.configuration.members
    differing = [each for each in (*now, *members) if (each in now) != (each in members)]
    if not differing:
        raise CommandError(
            "these are the members already",
            where="reconfigure",
            remedy="name another list",
            kind="members.same",
        )
    if len(differing) > 1 and node.options.membership == "single":
        raise CommandError(
            f"{len(differing)} servers would change at once: {', '.join(differing)}",
            where="reconfigure",
            remedy="change one at a time, or set the option membership to joint",
            kind="members.many",
            of=len(differing),
            differing=differing,
        )
    _begin(node, tuple(members), "reconfigure")


def _begin(node: Core, members: tuple[NodeId, ...], where: str) -> None:
    """Begin a change, if none is under way and what the leader has committed is its own."""
    leader = node.state.leader
    if leader is None:
        raise CommandError(f"{node.id} does not lead", where=where, remedy="ask the leader")
    log = node.state.persistent.log
    if bugs.OVERLAPPING_CONFIGURATIONS not in node.bugs:
        if leader.change is not None:
            raise CommandError(
                f"{', '.join(leader.learners)} must catch up first",
                where=where,
                remedy="wait until the change that is under way is committed",
                kind="members.learning",
                learners=list(leader.learners),
            )
        if log.configuration_index > node.state.volatile.commit_index or node.configuration.old:
            raise CommandError(
                f"the change of members at index {log.configuration_index} is not committed yet",
                where=where,
                remedy="one change at a time: wait until it is (dissertation §4.1)",
                kind="members.uncommitted",
                index=str(log.configuration_index),
            )
        if node.options.membership == "single" and not client.committed_in_own_term(node):
            raise CommandError(
                f"no entry of term {node.state.persistent.current_term} is committed yet",
                where=where,
                remedy="write something first, or set the option noop_on_election",
                kind="members.term",
                term=str(node.state.persistent.current_term),
            )
    known = (*node.configuration.voters, node.id)  # a leader has no need to catch up
    joining = tuple(member for member in members if member not in known)
    if not joining:
        _enter(node, members)
        return
    change = MembershipChange(members, joining, log.last_index)
    node.state = node.state.with_leader(_following(node, replace(leader, change=change)))
    _tell(node, change, "joined")
    node.start_catch_up_timer()
    for server in joining:
        replication.replicate(node, server)


def _tell(node: Core, change: MembershipChange, why: str) -> None:
    data = {"round": change.round, "target": change.target, "why": why}
    node.note("learner_changed", {"learner": ", ".join(change.joining), **data}, node.state)


def _enter(node: Core, members: tuple[NodeId, ...]) -> None:
    """Append the new configuration, or with joint consensus the joint one first (§4.3)."""
    leader = node.state.leader
    if leader is None:
        return
    if leader.change is not None:
        node.state = node.state.with_leader(replace(leader, change=None))
        node.cancel_timer(CATCH_UP)
    old = node.configuration.members if node.options.membership == "joint" else ()
    _append(node, Configuration(members, old))


def _append(node: Core, configuration: Configuration) -> None:
    replication.append_as_leader(node, Configure(configuration), "configuration")
    replication.replicate_to_all(node)
    replication.advance_commit_index(node)


# New servers catch up (dissertation §4.2.1).


def caught_up(node: Core) -> None:
    """A follower holds more: perhaps the round is over, and with it the change can be made."""
    leader = node.state.leader
    if leader is None or leader.change is None:
        return
    change = leader.change
    least = min(leader.match_index[server] for server in change.joining)
    last_index = node.state.persistent.log.last_index
    if least < change.target:
        return
    if not change.slow or least == last_index:
        _tell(node, change, "caught_up")
        _enter(node, change.members)
    elif change.round >= ROUNDS_MAX:
        _abandon(node, leader)
    else:
        change = replace(change, round=change.round + 1, target=last_index, slow=False)
        node.state = node.state.with_leader(replace(leader, change=change))
        _tell(node, change, "round")
        node.start_catch_up_timer()


def catch_up_timeout(node: Core) -> None:
    """An election timeout has passed in one round: it was a slow one; after two, the new server is
    not available and the change is given up.
    """
    leader = node.state.leader
    if leader is None or leader.change is None:
        return
    if leader.change.slow:
        _abandon(node, leader)
        return
    slow = replace(leader.change, slow=True)
    node.state = node.state.with_leader(replace(leader, change=slow))
    node.start_catch_up_timer()


def _abandon(node: Core, leader: LeaderState) -> None:
    change = leader.change
    assert change is not None
    node.cancel_timer(CATCH_UP)
    node.state = node.state.with_leader(_following(node, replace(leader, change=None)))
    _tell(node, change, "gave_up")


# What follows from a commitment.


def go_on(node: Core) -> None:
    """Leave a joint configuration once it is committed (§4.3); a leader that is no member steps
    down once that is committed (§4.2.2).
    """
    leader = node.state.leader
    log = node.state.persistent.log
    configuration = node.configuration
    committed = log.configuration_index <= node.state.volatile.commit_index
    if leader is None or not committed or log.configuration_index == 0:
        return
    if configuration.old:
        _append(node, Configuration(configuration.members))
    elif node.id not in configuration.members:
        replication.send_to_all(node)  # so that the others learn of it
        node.become_follower("removed")
        node.forget_leader()


ORDERS: Mapping[str, Callable[[Core, Any], None]] = {
    "add_node": add_node,
    "remove_node": remove_node,
    "reconfigure": reconfigure,
}
