"""Client interaction (Raft §8; dissertation §6): writes through the log, reads without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from raftviz.protocols.base import ClientRequest
from raftviz.raft import replication
from raftviz.raft.core import Core
from raftviz.raft.state import LeaderState, PendingRead, PendingWrite
from raftviz.raft.types import Cas, Command, Delete, Role, Set

if TYPE_CHECKING:
    from collections.abc import Mapping


def parse_command(operation: Mapping[str, Any]) -> Command:
    """A write's body as a command for the log."""
    if operation["op"] == "set":
        return Set(operation["key"], operation["value"])
    if operation["op"] == "delete":
        return Delete(operation["key"])
    if operation["op"] == "cas":
        return Cas(operation["key"], operation["expected"], operation["value"])
    raise ValueError(operation["op"])


def receive_request(node: Core, request: ClientRequest) -> None:
    """Leaders 2: append the command to the log, respond after it is applied. Any other server
    refuses and names the leader it knows of (dissertation §6.2).
    """
    operation = request.operation
    if operation["op"] == "read" and operation.get("mode") == "local":
        # Deliberately not linearizable: whatever this server has applied so far.
        value = node.state.volatile.state_machine.get(operation["key"])
        node.reply(request.client, request.serial, "ok", value, why="local")
        return
    leader = node.state.leader
    if node.state.role is not Role.LEADER or leader is None:
        hint = node.state.volatile.leader_id
        node.reply(request.client, request.serial, "failed", why="not_leader", hint=hint)
    elif leader.transfer_to is not None:
        hint = leader.transfer_to
        node.reply(request.client, request.serial, "failed", why="transferring", hint=hint)
    elif operation["op"] == "read":
        begin_read(node, leader, request)
    else:
        write(node, leader, request)


def write(node: Core, leader: LeaderState, request: ClientRequest) -> None:
    """Append the client's command and replicate it (Raft §5.3)."""
    entry = replication.append_as_leader(node, parse_command(request.operation), "client")
    pending = PendingWrite(entry.index, entry.term, request.client, request.serial)
    node.state = replace(node.state, leader=replace(leader, writes=(*leader.writes, pending)))
    replication.send_to_all(node)
    replication.advance_commit_index(node)


def begin_read(node: Core, leader: LeaderState, request: ClientRequest) -> None:
    """A linearizable read: note the commit index, then make sure by a round of heartbeats begun
    now that no newer leader exists (dissertation §6.4).
    """
    volatile = node.state.volatile
    ready = committed_in_own_term(node)
    round_ = leader.round + 1
    read = PendingRead(
        request.client,
        request.serial,
        request.operation["key"],
        volatile.commit_index if ready else None,
        round_,
    )
    node.state = replace(
        node.state, leader=replace(leader, round=round_, reads=(*leader.reads, read))
    )
    replication.send_to_all(node)
    answer_reads(node)


def committed_in_own_term(node: Core) -> bool:
    """Whether an entry of the leader's term is committed; until then it does not know which
    entries are (dissertation §6.4, step 1). An empty log has nothing to be unsure of only if no
    other server can hold anything, so even then the rule applies.
    """
    persistent = node.state.persistent
    return persistent.log.term_at(node.state.volatile.commit_index) == persistent.current_term


def begin_waiting_reads(node: Core) -> None:
    """Reads that waited for the term's first commit get their read index and a new round."""
    leader = node.state.leader
    if leader is None or all(read.read_index is not None for read in leader.reads):
        return
    round_ = leader.round + 1
    index = node.state.volatile.commit_index
    reads = tuple(
        read if read.read_index is not None else replace(read, read_index=index, round=round_)
        for read in leader.reads
    )
    node.state = replace(node.state, leader=replace(leader, round=round_, reads=reads))
    replication.send_to_all(node)
    answer_reads(node)


def answer_reads(node: Core) -> None:
    """Answer the reads whose round a majority has acknowledged and whose index is applied
    (dissertation §6.4, steps 3 to 5).
    """
    leader = node.state.leader
    if leader is None:
        return
    waiting: list[PendingRead] = []
    volatile = node.state.volatile
    for read in leader.reads:
        acks = 1 + sum(acked >= read.round for acked in leader.acked_round.values())
        if (
            read.read_index is not None
            and acks >= node.majority
            and volatile.last_applied >= read.read_index
        ):
            value = volatile.state_machine.get(read.key)
            node.reply(read.client, read.serial, "ok", value, why="read_index")
        else:
            waiting.append(read)
    if len(waiting) != len(leader.reads):
        node.state = replace(node.state, leader=replace(leader, reads=tuple(waiting)))
