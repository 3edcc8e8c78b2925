"""PreVote (dissertation §9.6): a server asks a majority whether it could win an election before it
starts one, so that one that was cut off comes back without disturbing a leader.
"""

from __future__ import annotations

from dataclasses import replace

from raftviz.protocols.base import NodeId
from raftviz.raft import bugs, election
from raftviz.raft.core import Core
from raftviz.raft.messages import PreVote, PreVoteReply
from raftviz.raft.state import CandidateState
from raftviz.raft.types import Role


def ask(node: Core) -> None:
    """The election timeout elapsed: ask all others; neither term nor vote changes."""
    role = node.state.role
    term = node.state.persistent.current_term + 1
    if role is not Role.PRECANDIDATE:
        node.note(
            "role_changed",
            {
                "from": role.value,
                "to": Role.PRECANDIDATE.value,
                "term": term - 1,
                "why": "election_timeout",
            },
            replace(node.state, role=Role.PRECANDIDATE, candidate=CandidateState()),
        )
    node.forget_leader()
    node.note(
        "pre_voted",
        {"for": node.id, "granted": True, "term": term, "why": "self"},
        replace(node.state, candidate=CandidateState(votes_granted=(node.id,))),
    )
    node.restart_election_timer()
    log = node.state.persistent.log
    for peer in node.peers:
        node.send(peer, PreVote(term, node.id, log.last_index, log.last_term))
    campaign_with_majority(node)


def receive_pre_vote(node: Core, source: NodeId, request: PreVote) -> None:
    """Say yes if the real vote would be given and no leader was heard of within the minimum
    election timeout. A leader has heard from itself.
    """
    state = node.state
    persistent = state.persistent
    voted_otherwise = (
        request.term == persistent.current_term
        and persistent.voted_for not in (None, request.candidate_id)
        and bugs.VOTE_TWICE not in node.bugs
    )
    if request.term < persistent.current_term:
        why = "refused_stale_term"
    elif state.role is Role.LEADER or state.volatile.leader_heard:
        why = "refused_leader_alive"
    elif voted_otherwise:
        why = "refused_already_voted"
    elif not election.is_up_to_date(node, request):
        why = "refused_log_behind"
    else:
        why = "granted"
    granted = why == "granted"
    node.note(
        "pre_voted",
        {"for": request.candidate_id, "granted": granted, "term": request.term, "why": why},
        state,
    )
    term = request.term if granted else persistent.current_term
    node.send(source, PreVoteReply(term, granted, why))


def receive_pre_vote_reply(node: Core, source: NodeId, reply: PreVoteReply) -> None:
    """Count it if it answers the question now open; with a majority, campaign."""
    state = node.state
    if state.role is not Role.PRECANDIDATE or state.candidate is None:
        return
    asked = state.persistent.current_term + 1
    if reply.term != (asked if reply.vote_granted else asked - 1):
        return
    if election.count_vote(node, state.candidate, source, reply.vote_granted):
        campaign_with_majority(node)


def campaign_with_majority(node: Core) -> None:
    """A majority would vote for it: start the election."""
    candidate = node.state.candidate
    if candidate is not None and node.is_quorum(candidate.votes_granted):
        election.campaign(node, "pre_vote_majority")
