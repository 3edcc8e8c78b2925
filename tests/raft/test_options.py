"""The variants that options switch on, and reads that bypass the log."""

from __future__ import annotations

import pytest

from raftviz.protocols.base import CancelTimer, SetTimer
from raftviz.raft.messages import AppendEntriesReply, RequestVoteReply
from raftviz.raft.types import Role
from tests.raft.lab import Lab


class TestOptions:
    def test_leader_stickiness_neither_votes_nor_adopts_the_term(self):
        """Dissertation §4.2.3."""
        lab = Lab(leader_stickiness=True).append("s2", term=1)
        lab.request_vote("s3", term=2, last_index=9, last_term=9)
        assert lab.answer() == RequestVoteReply(1, False, "refused_leader_stickiness")
        assert (lab.term, lab.restarts_election_timer()) == (1, False)

    def test_leader_stickiness_lapses_after_the_minimum_election_timeout(self):
        lab = Lab(leader_stickiness=True).append("s2", term=1)
        assert SetTimer("leader_contact", 150_000, 150_000, passive=True) in lab.effects
        lab.timeout("leader_contact").request_vote("s3", term=2)
        assert lab.answer().vote_granted

    def test_a_sticky_leader_counts_as_having_heard_from_itself(self):
        lab = Lab(leader_stickiness=True).elected().request_vote("s3", term=9)
        assert (lab.role, lab.answer().vote_granted) == (Role.LEADER, False)

    def test_stickiness_does_not_shield_from_replies(self):
        lab = Lab(leader_stickiness=True).elected()
        lab.receive("s3", AppendEntriesReply(9, False, 0, 1, 0))
        assert (lab.role, lab.term) == (Role.FOLLOWER, 9)

    def test_a_server_that_campaigns_has_given_its_leader_up(self):
        lab = Lab(leader_stickiness=True).append("s2", term=1).timeout()
        assert CancelTimer("leader_contact") in lab.effects
        lab.request_vote("s3", term=3)
        assert lab.answer().vote_granted

    def test_noop_on_election_lets_the_leader_commit_at_once(self):
        """§8."""
        lab = Lab(term=1, log=[1], noop_on_election=True).elected()
        assert lab.terms == [1, 2]
        lab.stored("s2", 2)
        assert lab.commit_index == 2

    @pytest.mark.parametrize(
        ("log", "prev", "hint"),
        [
            ([1, 1], (5, 4), (3, None)),  # the log is too short
            ([1, 2, 2, 2], (4, 4), (2, 2)),  # the first index of the conflicting term
        ],
    )
    def test_conflict_hints_of_the_follower(self, log, prev, hint):
        """§5.3."""
        lab = Lab(term=4, log=log, conflict_hints=True).append("s2", term=4, prev=prev)
        assert (lab.answer().conflict_index, lab.answer().conflict_term) == hint

    @pytest.mark.parametrize(
        ("conflict_index", "conflict_term", "next_index"),
        [(2, None, 2), (2, 2, 4), (3, 9, 3)],
    )
    def test_conflict_hints_at_the_leader(self, conflict_index, conflict_term, next_index):
        lab = Lab(term=4, log=[1, 2, 2, 4, 4], conflict_hints=True).elected()
        lab.refused("s2", prev=5, conflict_index=conflict_index, conflict_term=conflict_term)
        assert lab.next_index("s2") == next_index

    def test_max_entries_per_append(self):
        lab = Lab(term=1, log=[1] * 5, max_entries_per_append=2).elected()
        lab.receive("s2", AppendEntriesReply(2, False, 0, 2, 5, conflict_index=1))
        assert [len(m.entries) for m in lab.sent("s2")] == [2]
        lab.stored("s2", 2)
        assert [len(m.entries) for m in lab.sent("s2")] == [2]


class TestReads:
    """Dissertation §6.4."""

    def test_a_read_waits_for_a_majority_to_acknowledge_a_round_begun_after_it(self):
        lab = Lab().elected().write("x", 5).stored("s2", 1)
        early = lab.sent("s2")
        lab.read("x")
        round_ = lab.sent("s2")[0].round
        assert lab.replies() == [] and early == []
        lab.stored("s2", 1)
        assert lab.replies() == [], "an answer to an earlier round proves nothing"
        lab.receive("s2", AppendEntriesReply(1, True, 1, 1, 1, round_))
        assert [(r.outcome, r.value) for r in lab.replies()] == [("ok", 5)]

    def test_a_read_waits_until_the_term_has_committed_something(self):
        lab = Lab(term=1, log=[1]).elected().read("k1")
        first = lab.sent("s2")[0].round
        lab.receive("s2", AppendEntriesReply(2, True, 1, 2, 1, first))
        assert lab.replies() == []
        lab.write("y", 1).stored("s2", 2)
        second = lab.sent("s2")[-1].round
        assert second > first and lab.replies()[0].serial == 1
        lab.receive("s2", AppendEntriesReply(2, True, 2, 2, 2, second))
        assert [(r.serial, r.value) for r in lab.replies()] == [(9, 1)]

    def test_a_leader_that_steps_down_answers_that_the_read_failed(self):
        lab = Lab().elected().read().request_vote("s2", term=5)
        assert [(r.outcome, r.why) for r in lab.replies()] == [("failed", "stepped_down")]

    def test_a_local_read_answers_at_once_with_whatever_is_applied(self):
        (reply,) = Lab(term=1, log=[1]).read("k1", mode="local").replies()
        assert (reply.outcome, reply.value) == ("ok", None)
