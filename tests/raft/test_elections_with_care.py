"""PreVote (dissertation §9.6), CheckQuorum (§6.2) and leadership transfer (§3.10), server by server."""

from __future__ import annotations

import pytest

from raftviz.errors import CommandError
from raftviz.protocols.base import CancelTimer, Persist, SetTimer
from raftviz.raft.messages import PreVote, PreVoteReply, RequestVote, RequestVoteReply, TimeoutNow
from raftviz.raft.types import Role
from tests.raft.lab import Lab


class TestPreVote:
    def test_asking_changes_neither_term_nor_vote(self):
        lab = Lab(term=3, voted_for="s2", log=[1, 3], pre_vote=True).timeout()
        assert (lab.role, lab.term, lab.voted_for) == (Role.PRECANDIDATE, 3, "s2")
        assert lab.sent() == [PreVote(4, "s1", 2, 3)] * 2
        assert lab.all(Persist) == [] and lab.restarts_election_timer()

    def test_a_majority_of_yes_starts_the_election(self):
        lab = Lab(size=5, pre_vote=True).timeout()
        lab.receive("s2", PreVoteReply(1, True)).receive("s2", PreVoteReply(1, True))
        assert lab.role is Role.PRECANDIDATE, "the same yes twice is one"
        lab.receive("s3", PreVoteReply(1, True))
        assert (lab.role, lab.term, lab.voted_for) == (Role.CANDIDATE, 1, "s1")
        assert lab.sent("s4") == [RequestVote(1, "s1", 0, 0)]

    def test_pre_votes_do_not_count_as_votes(self):
        lab = Lab(pre_vote=True).timeout().receive("s2", PreVoteReply(1, True))
        lab.receive("s3", PreVoteReply(1, True))
        assert lab.role is Role.CANDIDATE
        lab.vote("s3")
        assert lab.role is Role.LEADER

    @pytest.mark.parametrize(
        ("made", "request_", "why"),
        [
            ({}, PreVote(1, "s2", 0, 0), "granted"),
            ({"term": 4}, PreVote(3, "s2", 0, 0), "refused_stale_term"),
            ({"term": 4, "log": [4]}, PreVote(5, "s2", 9, 3), "refused_log_behind"),
            ({"term": 4, "voted_for": "s3"}, PreVote(4, "s2", 0, 0), "refused_already_voted"),
            ({"term": 4, "voted_for": "s3"}, PreVote(5, "s2", 0, 0), "granted"),
        ],
    )
    def test_answering_changes_nothing_and_a_grant_carries_the_term_asked_for(
        self, made, request_, why
    ):
        lab = Lab(pre_vote=True, **made)
        before = lab.node.state
        lab.receive("s2", request_)
        assert lab.node.state is before and not lab.restarts_election_timer()
        reply = lab.answer()
        assert (reply.reason, reply.vote_granted) == (why, why == "granted")
        assert reply.term == (
            request_.term if reply.vote_granted else before.persistent.current_term
        )

    def test_who_heard_a_leader_recently_says_no(self):
        lab = Lab(pre_vote=True).append("s2", term=1).receive("s3", PreVote(9, "s3", 9, 9))
        assert lab.answer() == PreVoteReply(1, False, "refused_leader_alive")
        lab.timeout("leader_contact").receive("s3", PreVote(9, "s3", 9, 9))
        assert lab.answer().vote_granted

    def test_a_leader_says_no(self):
        lab = Lab().elected().receive("s3", PreVote(9, "s3", 9, 9))
        assert lab.answer().reason == "refused_leader_alive" and lab.term == 1

    def test_a_refusal_of_a_later_term_brings_a_straggler_up_to_date(self):
        lab = Lab(term=1, pre_vote=True).timeout().receive("s2", PreVoteReply(7, False))
        assert (lab.role, lab.term) == (Role.FOLLOWER, 7)

    def test_a_grant_for_an_older_question_does_not_count(self):
        lab = Lab(term=1, pre_vote=True).timeout().append("s2", term=4).timeout()
        lab.receive("s3", PreVoteReply(2, True))
        assert lab.role is Role.PRECANDIDATE and lab.term == 4

    def test_a_current_leader_ends_it_and_a_timeout_asks_again(self):
        lab = Lab(term=1, pre_vote=True).timeout().timeout()
        assert lab.role is Role.PRECANDIDATE and lab.term == 1
        lab.append("s2", term=1)
        assert lab.role is Role.FOLLOWER

    def test_a_precandidate_still_votes(self):
        lab = Lab(pre_vote=True).timeout().request_vote("s2", term=1)
        assert lab.answer() == RequestVoteReply(1, True, "granted")

    def test_alone_it_leads_at_once(self):
        assert Lab(size=1, pre_vote=True).timeout().role is Role.LEADER


class TestCheckQuorum:
    def test_a_leader_that_nobody_answers_steps_down_in_the_same_term(self):
        lab = Lab(size=5, check_quorum=True).elected()
        assert SetTimer("check_quorum", 150_000, 150_000) in lab.effects
        lab.stored("s2", 0).timeout("check_quorum")
        assert (lab.role, lab.term) == (Role.FOLLOWER, 1)
        assert CancelTimer("heartbeat") in lab.effects and lab.restarts_election_timer()

    def test_answers_from_a_majority_keep_it_and_only_until_the_next_check(self):
        lab = Lab(size=5, check_quorum=True).elected().stored("s2", 0).stored("s3", 0)
        lab.timeout("check_quorum")
        assert lab.role is Role.LEADER
        lab.timeout("check_quorum")
        assert lab.role is Role.FOLLOWER

    def test_refusals_are_answers_too(self):
        lab = Lab(log=[1], term=1, check_quorum=True).elected().refused("s2", prev=1)
        assert lab.timeout("check_quorum").role is Role.LEADER


class TestTransfer:
    def order(self, lab: Lab, target: str) -> Lab:
        lab.effects = lab.node.order("transfer", target)
        return lab

    def test_an_up_to_date_target_is_told_at_once(self):
        lab = self.order(Lab().elected(), "s2")
        assert lab.sent() == [TimeoutNow(1, "s1")]
        assert SetTimer("transfer", 150_000, 150_000) in lab.effects

    def test_a_lagging_target_is_brought_up_to_date_first(self):
        lab = self.order(Lab(term=1, log=[1, 1]).elected(), "s2")
        assert all(not isinstance(message, TimeoutNow) for message in lab.sent())
        lab.stored("s3", 2)
        assert lab.sent() == []
        lab.stored("s2", 2)
        assert lab.sent() == [TimeoutNow(2, "s1")]

    def test_no_requests_meanwhile_and_it_is_given_up_after_an_election_timeout(self):
        lab = self.order(Lab().elected(), "s2").write()
        assert [(r.outcome, r.why, r.hint) for r in lab.replies()] == [
            ("failed", "transferring", "s2")
        ]
        lab.timeout("transfer").write()
        assert lab.terms == [1]

    @pytest.mark.parametrize("target", ["s1", "s9"])
    def test_a_target_that_cannot_take_over_is_refused(self, target):
        lab = Lab().elected()
        before = lab.node.state
        with pytest.raises(CommandError):
            lab.node.order("transfer", target)
        assert lab.node.state is before

    def test_the_target_campaigns_at_once_without_asking(self):
        lab = Lab(term=1, pre_vote=True).append("s2", term=1)
        lab.receive("s2", TimeoutNow(1, "s2"))
        assert lab.role is Role.CANDIDATE
        assert lab.sent("s3") == [RequestVote(2, "s1", 0, 0, leadership_transfer=True)]

    def test_a_late_order_is_ignored(self):
        lab = Lab(term=5).receive("s2", TimeoutNow(4, "s2"))
        assert (lab.role, lab.term) == (Role.FOLLOWER, 5)

    def test_stickiness_gives_way_to_the_leaders_own_wish(self):
        lab = Lab(term=1, leader_stickiness=True).append("s2", term=1)
        lab.receive("s3", RequestVote(2, "s3", 0, 0, leadership_transfer=True))
        assert lab.answer().vote_granted
