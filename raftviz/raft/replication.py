"""Log replication and commitment (Raft §5.3, §5.4.2; Fig. 2, AppendEntries RPC, Leaders 3 and 4)."""

from __future__ import annotations

from dataclasses import replace

from raftviz.protocols.base import NodeId
from raftviz.raft import bugs, client, leadership, lease, membership, pipeline, snapshot
from raftviz.raft.core import Core
from raftviz.raft.messages import AppendEntries, AppendEntriesReply, InstallSnapshotReply
from raftviz.raft.state import LeaderState, PersistentState
from raftviz.raft.types import Command, Configure, Index, LogEntry, Role


def heartbeat_timeout(node: Core) -> None:
    """Leaders 1: repeat during idle periods to prevent election timeouts (Raft §5.2)."""
    if node.state.role is Role.LEADER:
        node.restart_heartbeat_timer()
        lease.begin_round(node)
        send_to_all(node, empty=bugs.LEADER_COMMIT_WITHOUT_MIN in node.bugs)


def send_to_all(node: Core, empty: bool = False) -> None:
    """AppendEntries to every server that follows, whether there are entries for it or not; those
    that it lacks go along, unless they are to be `empty`.
    """
    leader = node.state.leader
    if leader is None:
        return
    for peer in leader.next_index:
        if node.options.max_inflight is None or empty:
            send_append(node, peer, empty)
        else:
            pipeline.beat(node, peer)


def replicate_to_all(node: Core) -> None:
    """There is a new entry: AppendEntries to every server that follows."""
    leader = node.state.leader
    for peer in leader.next_index if leader else ():
        replicate(node, peer)


def replicate(node: Core, peer: NodeId) -> None:
    """AppendEntries to one server that lacks entries, as fast as may be."""
    if node.options.max_inflight is None:
        send_append(node, peer)
    else:
        pipeline.fill(node, peer)


def send_append(node: Core, peer: NodeId, empty: bool = False) -> None:
    """Leaders 3: AppendEntries with the entries from nextIndex on; without any it is a heartbeat,
    and passes the same consistency check. What is only in the snapshot is sent as that.
    """
    state = node.state
    leader = state.leader
    if leader is None:
        return
    persistent = state.persistent
    log = persistent.log
    next_index = leader.next_index[peer]
    previous = next_index - 1
    if previous < log.snapshot.last_included_index:
        snapshot.send(node, peer)
        return
    entries = (
        log.since(next_index, node.options.max_entries_per_append)
        if next_index <= log.last_index and not empty
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


def append_as_leader(
    node: Core, command: Command, why: str, author: str | None = None, serial: int = 0
) -> LogEntry:
    """Append an entry of the leader's term to its own log (Fig. 2, Leaders 2). `author` is the
    client whose session it belongs to, if there are sessions.
    """
    persistent = node.state.persistent
    index = persistent.log.last_index + 1
    entry = LogEntry(persistent.current_term, index, command, author, serial)
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
    if type(entry.command) is Configure:
        membership.changed(node, "appended")
    if bugs.APPLY_BEFORE_COMMIT in node.bugs:
        node.apply_up_to(entry.index)


def receive_append_entries(node: Core, source: NodeId, request: AppendEntries) -> None:
    """AppendEntries receiver 1 to 5. The term rule has been applied."""
    state = node.state
    term = state.persistent.current_term
    stale = request.term < term
    if stale and bugs.ACCEPT_STALE_TERM not in node.bugs:  # receiver 1
        refuse(node, source, request, "stale_term")
        return
    if state.role is Role.LEADER and not stale:
        # Two leaders of one term: Election Safety (Raft §5.2) excludes it; only a forged message
        # comes here, and a leader never overwrites its log (Leader Append-Only, §5.3).
        refuse(node, source, request, "is_leader")
        return
    if not stale:
        if state.role is not Role.FOLLOWER:  # Candidates 3
            node.become_follower("leader_heard")
        node.hear_leader(request.leader_id)
        node.restart_election_timer()

    previous = request.prev_log_index
    log = node.state.persistent.log
    previous_term = log.term_at(previous)
    # What a snapshot covers is committed, so that the logs agree there.
    covered = previous < log.snapshot.last_included_index
    if previous_term is None and not covered:  # receiver 2, nor could entries leave a hole
        refuse(node, source, request, "prev_missing")
        return
    if (
        previous_term != request.prev_log_term
        and not covered
        and bugs.SKIP_PREV_LOG_CHECK not in node.bugs
    ):  # receiver 2
        refuse(node, source, request, "prev_conflict")
        return
    if bugs.TRUNCATE_ALWAYS in node.bugs and not covered and previous < log.last_index:
        truncate(node, previous + 1, "always")
    if request.entries:
        store(node, request.entries)
    last_new = previous + len(request.entries)
    commit_index = min(request.leader_commit, last_new)
    if bugs.LEADER_COMMIT_WITHOUT_MIN in node.bugs:
        commit_index = min(request.leader_commit, node.state.persistent.log.last_index)
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
        log = node.state.persistent.log
        term = log.term_at(entry.index)
        if term == entry.term or entry.index <= log.snapshot.last_included_index:
            continue
        if term is not None:
            truncate(node, entry.index, "conflict")
        append(node, entry, "append_entries")


def truncate(node: Core, index: Index, why: str) -> None:
    """The log loses the entry at `index` and all that follow it; a configuration among them is no
    longer in force (dissertation §4.1).
    """
    persistent = node.state.persistent
    log = persistent.log
    shorter = log.truncate(index)
    node.note(
        "log_truncated",
        {"from": index, "to": log.last_index, "why": why},
        node.state.with_persistent(
            PersistentState(persistent.current_term, persistent.voted_for, shorter)
        ),
    )
    if shorter.configurations != log.configurations:
        membership.changed(node, "truncated")


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
    leader = contact(node, source, reply)
    if leader is None:
        return
    if reply.success:
        if reply.match_index > leader.match_index[source]:
            advance_match_index(node, leader, source, reply.match_index)
        else:
            pipeline.acknowledge(node, source, reply.match_index)
        go_on_with(node, source)
    elif reply.reason != "is_leader":
        back_up_next_index(node, leader, source, reply)
    conclude_round(node)


def contact(
    node: Core, source: NodeId, reply: AppendEntriesReply | InstallSnapshotReply
) -> LeaderState | None:
    """A follower has answered: for CheckQuorum, and as an acknowledgement of the round that its
    answer names. None where it is no answer to this leader in this term.
    """
    leader = node.state.leader
    term = node.state.persistent.current_term
    if leader is None or reply.term != term or reply.request_term != term:
        return None
    if source not in leader.next_index:
        return None
    if node.options.check_quorum:
        leadership.note_answer(node, source)
        leader = node.state.leader or leader
    if reply.round > leader.acked_round[source]:
        leader = replace(leader, acked_round={**leader.acked_round, source: reply.round})
        node.state = node.state.with_leader(leader)
    return leader


def conclude_round(node: Core) -> None:
    """What an acknowledgement may have decided: a lease, and reads that wait for a majority."""
    lease.win_round(node)
    if node.state.leader is not None and node.state.leader.reads:
        client.answer_reads(node)


def go_on_with(node: Core, peer: NodeId) -> None:
    """A follower agrees: send it what it still lacks, or the leadership if it waits for that."""
    leader = node.state.leader
    if leader is None or peer not in leader.next_index:
        return
    if leader.next_index[peer] <= node.state.persistent.log.last_index:
        # What this answer led to (a commitment, a change of members) may have sent it already.
        if node.options.max_inflight is not None or not node.has_sent(peer):
            replicate(node, peer)
    elif leader.transfer_to == peer:
        leadership.hand_over_if_ready(node, peer)


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
            leader.with_indexes(
                {**leader.next_index, peer: max(leader.next_index[peer], index + 1)},
                {**leader.match_index, peer: index},
            )
        ),
    )
    pipeline.acknowledge(node, peer, index)
    advance_commit_index(node)
    membership.caught_up(node)


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
        node.state.with_leader(
            leader.with_indexes({**leader.next_index, peer: new}, leader.match_index)
        ),
    )
    pipeline.probe(node, peer)
    replicate(node, peer)


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
    held = {**leader.match_index, node.id: log.last_index}
    index = node.configuration.agreed_index(held, node.missing)
    if index > state.volatile.commit_index and (
        log.term_at(index) == state.persistent.current_term or bugs.COMMIT_OLD_TERMS in node.bugs
    ):
        node.set_commit_index(index, "majority")
        client.begin_waiting_reads(node)
        client.answer_reads(node)  # a configuration may ask for fewer than the one before
        membership.go_on(node)
