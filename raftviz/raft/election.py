"""Leader election (Raft §5.2, §5.4.1; Fig. 2, RequestVote RPC and the rules for candidates)."""

from __future__ import annotations

from dataclasses import replace

from raftviz.protocols.base import NodeId
from raftviz.raft import bugs, lease, membership, prevote, replication
from raftviz.raft.core import ELECTION, Core
from raftviz.raft.messages import PreVote, RequestVote, RequestVoteReply
from raftviz.raft.state import CandidateState, LeaderState
from raftviz.raft.types import Noop, Role


def election_timeout(node: Core) -> None:
    """Followers 2 and Candidates 4: the election timeout elapsed, start an election, or under
    PreVote ask first whether it could be won.
    """
    if node.state.role is Role.LEADER or not membership.may_campaign(node):
        return
    if node.options.pre_vote:
        prevote.ask(node)
    else:
        campaign(node, "election_timeout")


def campaign(node: Core, why: str, transfer: bool = False) -> None:
    """Candidates 1: increment currentTerm, vote for self, reset the election timer, send
    RequestVote to all other servers.
    """
    role = node.state.role
    if role is not Role.CANDIDATE:
        node.note(
            "role_changed",
            {
                "from": role.value,
                "to": Role.CANDIDATE.value,
                "term": node.state.persistent.current_term + 1,
                "why": why,
            },
            replace(node.state, role=Role.CANDIDATE, candidate=CandidateState()),
        )
    node.forget_leader()
    state = node.state
    term = state.persistent.current_term + 1
    node.note(
        "term_changed",
        {"from": term - 1, "to": term, "why": "election", "by": None},
        replace(
            state,
            persistent=replace(state.persistent, current_term=term, voted_for=None),
            candidate=CandidateState(),
        ),
    )
    node.note(
        "voted",
        {"for": node.id, "granted": True, "term": term, "why": "self"},
        replace(
            node.state,
            persistent=replace(node.state.persistent, voted_for=node.id),
            candidate=CandidateState(votes_granted=(node.id,)),
        ),
    )
    node.restart_election_timer()
    log = node.state.persistent.log
    request = RequestVote(term, node.id, log.last_index, log.last_term, transfer)
    for peer in node.peers:
        node.send(peer, request)
    become_leader_with_majority(node)


def refuses_for_stickiness(node: Core, request: RequestVote) -> bool:
    """Whether the server disregards the request because it believes a current leader exists
    (dissertation §4.2.3): it neither updates its term nor grants its vote. A leader counts as
    having heard from itself.
    """
    return (
        node.options.leader_stickiness
        and not request.leadership_transfer
        and request.term >= node.state.persistent.current_term
        and (node.state.role is Role.LEADER or node.state.volatile.leader_heard)
    )


def receive_request_vote(node: Core, source: NodeId, request: RequestVote) -> None:
    """RequestVote receiver 1 and 2. The term rule has been applied, except under stickiness."""
    persistent = node.state.persistent
    if request.term < persistent.current_term:
        why = "refused_stale_term"
    elif refuses_for_stickiness(node, request):
        why = "refused_leader_stickiness"
    elif (
        persistent.voted_for not in (None, request.candidate_id)
        and bugs.VOTE_TWICE not in node.bugs
    ):
        why = "refused_already_voted"
    elif node.state.role in (Role.CANDIDATE, Role.LEADER):
        # Only a forged request reaches this: the candidate of this very term that is not us.
        why = "refused_already_voted"
    elif not is_up_to_date(node, request):
        why = "refused_log_behind"
    else:
        why = "granted"
    granted = why == "granted"
    if granted:
        persistent = replace(persistent, voted_for=request.candidate_id)
    state = node.state.with_persistent(persistent) if granted else node.state
    node.note(
        "voted",
        {"for": request.candidate_id, "granted": granted, "term": request.term, "why": why},
        state,
    )
    if granted:
        node.restart_election_timer()
    node.send(source, RequestVoteReply(persistent.current_term, granted, why))


def is_up_to_date(node: Core, request: RequestVote | PreVote) -> bool:
    """Whether the candidate's log is at least as up-to-date as the receiver's: the later last
    term wins, then the longer log (Raft §5.4.1).
    """
    log = node.state.persistent.log
    if node.bugs:
        if bugs.VOTE_WITHOUT_LOG_CHECK in node.bugs:
            return True
        if bugs.LONGEST_LOG_WINS in node.bugs:
            return request.last_log_index >= log.last_index
    return (request.last_log_term, request.last_log_index) >= (log.last_term, log.last_index)


def receive_vote(node: Core, source: NodeId, reply: RequestVoteReply) -> None:
    """Candidates 2: votes received from a majority of servers: become leader.

    An answer of another term, or to a server that is no candidate any more, is stale.
    """
    state = node.state
    candidate = state.candidate
    if (
        candidate is None
        or state.role is not Role.CANDIDATE
        or reply.term != state.persistent.current_term
    ):
        return
    if count_vote(node, candidate, source, reply.vote_granted):
        become_leader_with_majority(node)


def count_vote(node: Core, candidate: CandidateState, source: NodeId, granted: bool) -> bool:
    """Count an answer, each server's once; whether there was anything to count."""
    if source in candidate.votes_granted or source in candidate.votes_refused:
        return False
    if granted:
        candidate = replace(candidate, votes_granted=(*candidate.votes_granted, source))
    else:
        candidate = replace(candidate, votes_refused=(*candidate.votes_refused, source))
    node.note(
        "vote_counted",
        {
            "from": source,
            "granted": granted,
            "votes": len(candidate.votes_granted),
            "needed": node.configuration.needed,
            **({"pre": True} if node.state.role is Role.PRECANDIDATE else {}),
        },
        replace(node.state, candidate=candidate),
    )
    return True


def become_leader_with_majority(node: Core) -> None:
    """Candidates 2 and Leaders 1: become leader, and say so at once by AppendEntries to all.

    nextIndex starts at the leader's last index + 1, matchIndex at 0 (Fig. 2, State).
    """
    state = node.state
    candidate = state.candidate
    if candidate is None or not node.is_quorum(candidate.votes_granted):
        return
    last_index = state.persistent.log.last_index
    peers = node.peers
    node.note(
        "role_changed",
        {
            "from": Role.CANDIDATE.value,
            "to": Role.LEADER.value,
            "term": state.persistent.current_term,
            "why": "majority",
        },
        replace(
            state,
            role=Role.LEADER,
            candidate=None,
            leader=LeaderState(
                next_index=dict.fromkeys(peers, last_index + 1),
                match_index=dict.fromkeys(peers, 0),
                acked_round=dict.fromkeys(peers, 0),
            ),
            volatile=replace(state.volatile, leader_id=node.id),
        ),
    )
    node.cancel_timer(ELECTION)
    if node.options.check_quorum:
        node.restart_check_quorum_timer()
    if node.options.noop_on_election:
        replication.append_as_leader(node, Noop(), "noop")
    node.restart_heartbeat_timer()
    lease.begin_round(node)
    replication.send_to_all(node)
    replication.advance_commit_index(node)
    membership.go_on(node)
