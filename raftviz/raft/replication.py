"""Log replication and commitment (Raft §5.3, §5.4.2; Fig. 2, AppendEntries RPC, Leaders 3 and 4)."""

from __future__ import annotations

from dataclasses import replace

from raftviz.protocols.base import NodeId
from raftviz.raft import client, leadership
from raftviz.raft.core import Core
from raftviz.raft.messages import AppendEntries, AppendEntriesReply
from raftviz.raft.quorum import replicated_index
from raftviz.raft.state import LeaderState, PersistentState
from raftviz.raft.types import Command, Index, LogEntry, Role


def heartbeat_timeout(node: Core) -> None:
    """Leaders 1: repeat during idle periods to prevent election timeouts (Raft §5.2)."""
    if node.state.role is Role.LEADER:
        node.restart_heartbeat_timer()
        send_to_all(node)


def send_to_all(node: Core) -> None:
    """AppendEntries to every other server."""
    for peer in node.peers:
        send_append(node, peer)


def send_append(node: Core, peer: NodeId) -> None:
    """Leaders 3: AppendEntries with the entries from nextIndex on; without any it is a heartbeat,
    and passes the same consistency check.
    """
    state = node.state
    leader = state.leader
    if leader is None:
        return
    persistent = state.persistent
    log = persistent.log
    next_index = leader.next_index[peer]
    previous = next_index - 1
    entries = (
        log.since(next_index, node.options.max_entries_per_append)
        if next_index <= log.last_index
        else ()
    )
    node.send(
        peer,
        AppendEntries(
            persistent.current_term,
            node.id,
            previous,
            log.term_at(previous) or 0,
            entries,
            state.volatile.commit_index,
            leader.round,
        ),
    )


def append_as_leader(node: Core, command: Command, why: str) -> LogEntry:
    """Append an entry of the leader's term to its own log (Fig. 2, Leaders 2)."""
    persistent = node.state.persistent
    entry = LogEntry(persistent.current_term, persistent.log.last_index + 1, command)
    append(node, entry, why)
    return entry


def append(node: Core, entry: LogEntry, why: str) -> None:
    """The log grows by one entry."""
    persistent = node.state.persistent
    node.note(
        "log_appended",
        {"index": entry.index, "term": entry.term, "entry": entry.view(), "why": why},
        node.state.with_persistent(
            PersistentState(
                persistent.current_term, persistent.voted_for, persistent.log.append(entry)
            )
        ),
    )


def receive_append_entries(node: Core, source: NodeId, request: AppendEntries) -> None:
    """AppendEntries receiver 1 to 5. The term rule has been applied."""
    state = node.state
    term = state.persistent.current_term
    if request.term < term:  # receiver 1
        refuse(node, source, request, "stale_term")
        return
    if state.role is Role.LEADER:
        # Two leaders of one term: Election Safety (Raft §5.2) excludes it; only a forged message
        # comes here, and a leader never overwrites its log (Leader Append-Only, §5.3).
        refuse(node, source, request, "is_leader")
        return
    if state.role is not Role.FOLLOWER:  # Candidates 3
        node.become_follower("leader_heard")
    node.hear_leader(request.leader_id)
    node.restart_election_timer()

    previous = request.prev_log_index
    log = node.state.persistent.log
    previous_term = log.term_at(previous)
    if previous_term != request.prev_log_term:  # receiver 2
        why = "prev_missing" if previous_term is None else "prev_conflict"
        refuse(node, source, request, why)
        return
    if request.entries:
        store(node, request.entries)
    last_new = previous + len(request.entries)
    commit_index = min(request.leader_commit, last_new)
    if commit_index > node.state.volatile.commit_index:  # receiver 5
        node.set_commit_index(commit_index, "leader_commit")
    node.send(
        source,
        AppendEntriesReply(
            node.state.persistent.current_term,
            True,
            last_new,
            request.term,
            previous,
            request.round,
        ),
    )


def store(node: Core, entries: tuple[LogEntry, ...]) -> None:
    """Receiver 3 and 4: on the first conflict delete that entry and all that follow it; append
    what is not there yet. Entries that agree stay, and so does what follows them.
    """
    for entry in entries:
        persistent = node.state.persistent
        log = persistent.log
        term = log.term_at(entry.index)
        if term == entry.term:
            continue
        if term is not None:
            node.note(
                "log_truncated",
                {"from": entry.index, "to": log.last_index, "why": "conflict"},
                replace(node.state, persistent=replace(persistent, log=log.truncate(entry.index))),
            )
        append(node, entry, "append_entries")


def refuse(node: Core, source: NodeId, request: AppendEntries, why: str) -> None:
    """Reply false (receiver 1 and 2), with the hints of §5.3 where the option is on: the term of
    the conflicting entry and the first index that the follower holds of that term.
    """
    persistent = node.state.persistent
    log = persistent.log
    conflict_index: Index | None = None
    conflict_term = None
    if node.options.conflict_hints and why == "prev_missing":
        conflict_index = log.last_index + 1
    elif node.options.conflict_hints and why == "prev_conflict":
        conflict_term = log.term_at(request.prev_log_index)
        conflict_index = log.first_index_of_term_at(request.prev_log_index)
    node.send(
        source,
        AppendEntriesReply(
            persistent.current_term,
            False,
            0,
            request.term,
            request.prev_log_index,
            request.round,
            conflict_index,
            conflict_term,
            why,
        ),
    )


def receive_append_reply(node: Core, source: NodeId, reply: AppendEntriesReply) -> None:
    """Leaders 3: on success update nextIndex and matchIndex; on a failed consistency check
    decrement nextIndex and retry.

    An answer to a request of another term says nothing about this one; a refusal for a stale
    term must not touch nextIndex.
    """
    leader = node.state.leader
    term = node.state.persistent.current_term
    if leader is None or reply.term != term or reply.request_term != term:
        return
    if source not in leader.next_index:
        return
    if node.options.check_quorum:
        leadership.note_answer(node, source)
        leader = node.state.leader or leader
    if reply.round > leader.acked_round[source]:
        acked = {**leader.acked_round, source: reply.round}
        leader = replace(leader, acked_round=acked)
        node.state = node.state.with_leader(leader)
    if reply.success:
        if reply.match_index > leader.match_index[source]:
            advance_match_index(node, leader, source, reply.match_index)
        leader = node.state.leader or leader
        if leader.next_index[source] <= node.state.persistent.log.last_index:
            send_append(node, source)
        elif leader.transfer_to == source:
            leadership.hand_over_if_ready(node, source)
    elif reply.reason != "is_leader":
        back_up_next_index(node, leader, source, reply)
    if node.state.leader is not None and node.state.leader.reads:
        client.answer_reads(node)


def advance_match_index(node: Core, leader: LeaderState, peer: NodeId, index: Index) -> None:
    """The follower holds everything up to `index`. matchIndex never falls, as an older answer may
    come later.
    """
    node.note(
        "index_changed",
        {
            "what": "matchIndex",
            "peer": peer,
            "from": leader.match_index[peer],
            "to": index,
            "why": "success",
        },
        node.state.with_leader(
            LeaderState(
                {**leader.next_index, peer: max(leader.next_index[peer], index + 1)},
                {**leader.match_index, peer: index},
                leader.round,
                leader.acked_round,
                leader.writes,
                leader.reads,
                leader.active,
                leader.transfer_to,
            )
        ),
    )
    advance_commit_index(node)


def back_up_next_index(
    node: Core, leader: LeaderState, peer: NodeId, reply: AppendEntriesReply
) -> None:
    """nextIndex moves back, to the refused index or as far as the hint allows, never to or below
    matchIndex, and the request is sent again (Raft §5.3). A late refusal changes nothing.
    """
    old = leader.next_index[peer]
    matched = leader.match_index[peer]
    if reply.prev_log_index <= matched or reply.prev_log_index >= old:
        return
    new = reply.prev_log_index
    if reply.conflict_index is not None:
        new = reply.conflict_index
        if reply.conflict_term is not None:
            last = node.state.persistent.log.last_index_of_term(reply.conflict_term)
            if last is not None:
                new = last + 1
        new = min(new, reply.prev_log_index)
    new = max(new, matched + 1)
    node.note(
        "index_changed",
        {"what": "nextIndex", "peer": peer, "from": old, "to": new, "why": "refused"},
        replace(node.state, leader=replace(leader, next_index={**leader.next_index, peer: new})),
    )
    send_append(node, peer)


def advance_commit_index(node: Core) -> None:
    """Leaders 4: if there is an N > commitIndex, a majority of matchIndex[i] >= N, and
    log[N].term == currentTerm: set commitIndex = N. What lies below commits with it, and an
    older term's entry is never committed by counting (Raft §5.4.2, Fig. 8).
    """
    state = node.state
    leader = state.leader
    if leader is None:
        return
    log = state.persistent.log
    copies = [log.last_index, *leader.match_index.values()]
    index = replicated_index(copies, len(node.members))
    if index > state.volatile.commit_index and log.term_at(index) == state.persistent.current_term:
        node.set_commit_index(index, "majority")
        client.begin_waiting_reads(node)
