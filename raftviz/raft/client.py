"""Client interaction (Raft §8; dissertation §6): writes through the log, reads without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from raftviz.protocols.base import ClientRequest
from raftviz.raft import bugs, lease, replication
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
    reads = operation["op"] == "read"
    mode = operation.get("mode") or node.options.read_mode
    if reads and mode == "local":
        # Deliberately not linearizable: whatever this server has applied so far.
        answer_read(node, request.client, request.serial, operation["key"], "local")
        return
    leader = node.state.leader
    if node.state.role is not Role.LEADER or leader is None:
        hint = node.state.volatile.leader_id
        node.reply(request.client, request.serial, "failed", why="not_leader", hint=hint)
    elif leader.transfer_to is not None:
        hint = leader.transfer_to
        node.reply(request.client, request.serial, "failed", why="transferring", hint=hint)
    elif not reads:
        write(node, leader, request)
    elif bugs.STALE_LOCAL_READ in node.bugs:
        answer_read(node, request.client, request.serial, operation["key"], "read_index")
    elif mode == "lease" and lease.is_held(leader) and committed_in_own_term(node):
        answer_read(node, request.client, request.serial, operation["key"], "lease")
    else:
        begin_read(node, leader, request)


def answer_read(node: Core, name: str, serial: int, key: str, why: str) -> None:
    """Answer from what is applied here."""
    volatile = node.state.volatile
    value = volatile.state_machine.get(key)
    node.reply(name, serial, "ok", value, why=why, index=volatile.last_applied)


def write(node: Core, leader: LeaderState, request: ClientRequest) -> None:
    """Append the client's command and replicate it (Raft §5.3); one that its session knows to have
    been executed is answered at once (dissertation §6.3).
    """
    author = request.client if node.options.client_sessions else None
    known = node.state.volatile.sessions.get(request.client) if author else None
    if known is not None and known.serial == request.serial and bugs.RETRY_TWICE not in node.bugs:
        node.answer_result(request.client, request.serial, known)
        return
    command = parse_command(request.operation)
    # Who waits is known before the entry is there, as one that is alone commits it at once.
    index = node.state.persistent.log.last_index + 1
    term = node.state.persistent.current_term
    pending = PendingWrite(index, term, request.client, request.serial)
    node.state = node.state.with_leader(replace(leader, writes=(*leader.writes, pending)))
    replication.append_as_leader(node, command, "client", author, request.serial)
    replication.replicate_to_all(node)
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
        acked = [peer for peer, latest in leader.acked_round.items() if latest >= read.round]
        if (
            read.read_index is not None
            and volatile.last_applied >= read.read_index
            and node.is_quorum((node.id, *acked))
        ):
            answer_read(node, read.client, read.serial, read.key, "read_index")
        else:
            waiting.append(read)
    if len(waiting) != len(leader.reads):
        node.state = replace(node.state, leader=replace(leader, reads=tuple(waiting)))
