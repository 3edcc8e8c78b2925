"""One test for each rule of Figure 2 and each claim of §5.1 to §5.4 that a single server shows."""

from __future__ import annotations

import pytest

from raftviz.protocols.base import CancelTimer, Persist, Send, SetTimer
from raftviz.raft.messages import AppendEntries, AppendEntriesReply, RequestVote, RequestVoteReply
from raftviz.raft.node import RaftNode
from raftviz.raft.options import Options
from raftviz.raft.state import restarted
from raftviz.raft.types import Role
from tests.raft.lab import TIMING, Lab

HIGHER_TERM = [
    pytest.param(RequestVote(5, "s2", 0, 0), id="RequestVote"),
    pytest.param(RequestVoteReply(5, False), id="RequestVote reply"),
    pytest.param(AppendEntries(5, "s2", 0, 0, (), 0), id="AppendEntries"),
    pytest.param(AppendEntriesReply(5, False, 0, 1, 0), id="AppendEntries reply"),
]


class TestAllServers:
    @pytest.mark.parametrize("message", HIGHER_TERM)
    @pytest.mark.parametrize("role", ["follower", "candidate", "leader"])
    def test_a_higher_term_makes_any_server_a_follower_of_it(self, message, role):
        """All Servers 2; §5.1."""
        lab = Lab(term=1)
        if role != "follower":
            lab.timeout()
        if role == "leader":
            lab.vote("s2")
        assert lab.role.value == role
        lab.receive("s2", message)
        assert (lab.role, lab.term) == (Role.FOLLOWER, 5)

    def test_a_new_term_clears_the_vote(self):
        """§5.2: one vote a term, so a new term has a new one."""
        lab = Lab(term=1, voted_for="s3").request_vote("s2", term=2)
        assert lab.voted_for == "s2"

    def test_a_stale_term_is_rejected(self):
        """§5.1: "If a server receives a request with a stale term number, it rejects it"."""
        assert Lab(term=3).request_vote("s2", term=2).answer() == RequestVoteReply(
            3, False, "refused_stale_term"
        )
        reply = Lab(term=3).append("s2", term=2).answer()
        assert (reply.term, reply.success) == (3, False)

    def test_committed_entries_are_applied_in_order(self):
        """All Servers 1; §5.3."""
        lab = Lab().append("s2", term=1, entries=[1, 1, 1], commit=3)
        applied = [n.data["index"] for n in lab.effects if getattr(n, "kind", "") == "applied"]
        assert applied == [1, 2, 3]
        assert lab.node.state.volatile.state_machine == {"k1": 1, "k2": 1, "k3": 1}


class TestPersistence:
    """Fig. 2, State: updated on stable storage before responding to RPCs; dissertation §3.8."""

    @pytest.mark.parametrize(
        "act",
        [
            lambda lab: lab.timeout(),
            lambda lab: lab.request_vote("s2", term=2),
            lambda lab: lab.append("s2", term=2, entries=[1, 2]),
            lambda lab: lab.request_vote("s2", term=7, last_term=0),
        ],
        ids=["campaign", "vote", "append", "new term"],
    )
    def test_what_a_message_promises_is_durable_before_it_leaves(self, act):
        lab = Lab(term=1)
        act(lab)
        assert lab.all(Persist), "something durable changed"
        assert lab.persists_before_sending()
        first_send = next(i for i, e in enumerate(lab.effects) if isinstance(e, Send))
        assert any(isinstance(e, Persist) for e in lab.effects[:first_send])

    def test_a_leader_makes_its_own_entry_durable_before_replicating_it(self):
        lab = Lab().elected().write()
        assert lab.persists_before_sending() and lab.all(Persist)

    def test_nothing_is_written_when_nothing_durable_changed(self):
        lab = Lab(term=1).append("s2", term=1)
        lab.append("s2", term=1)
        assert lab.all(Persist) == []

    def test_a_restart_keeps_term_vote_and_log_and_loses_the_rest(self):
        lab = Lab().append("s2", term=4, entries=[1, 4], commit=2)
        node = RaftNode(
            "s1",
            ("s1", "s2", "s3"),
            Options(),
            TIMING,
            restarted(lab.node.state.persistent),
        )
        assert node.state.persistent == lab.node.state.persistent
        volatile = node.state.volatile
        assert (volatile.commit_index, volatile.last_applied) == (0, 0)
        assert volatile.state_machine == {} and node.state.role is Role.FOLLOWER


class TestElection:
    def test_candidates_1_on_conversion_start_election(self):
        """Candidates 1: increment currentTerm, vote for self, reset the timer, ask all others."""
        lab = Lab(size=5, term=1, log=[1, 1]).timeout()
        assert (lab.role, lab.term, lab.voted_for) == (Role.CANDIDATE, 2, "s1")
        assert lab.restarts_election_timer()
        assert [s.target for s in lab.all(Send)] == ["s2", "s3", "s4", "s5"]
        assert set(lab.sent()) == {RequestVote(2, "s1", 2, 1)}

    @pytest.mark.parametrize(("size", "votes"), [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (9, 4)])
    def test_candidates_2_a_majority_makes_a_leader_and_not_one_vote_less(self, size, votes):
        lab = Lab(size=size).timeout()
        for peer in lab.node.peers[: votes - 1]:
            lab.vote(peer)
            assert lab.role is Role.CANDIDATE
        if votes:
            assert lab.role is Role.CANDIDATE
            lab.vote(lab.node.peers[votes - 1])
        assert lab.role is Role.LEADER

    def test_the_same_vote_twice_is_one_vote(self):
        lab = Lab(size=5).timeout().vote("s2").vote("s2")
        assert lab.role is Role.CANDIDATE

    def test_a_vote_of_an_older_term_does_not_count(self):
        lab = Lab(term=1).timeout().vote("s2", term=1)
        assert lab.role is Role.CANDIDATE

    def test_refusals_do_not_count_as_votes(self):
        lab = Lab().timeout().vote("s2", granted=False).vote("s3", granted=False)
        assert lab.role is Role.CANDIDATE
        assert lab.node.state.candidate.votes_refused == ("s2", "s3")

    @pytest.mark.parametrize("term", [2, 3])
    def test_candidates_3_append_entries_from_new_leader_convert_to_follower(self, term):
        lab = Lab(term=1).timeout().append("s2", term=term)
        assert (lab.role, lab.node.state.volatile.leader_id) == (Role.FOLLOWER, "s2")

    def test_candidates_4_election_timeout_elapses_start_new_election(self):
        lab = Lab().timeout().timeout()
        assert (lab.role, lab.term) == (Role.CANDIDATE, 2)
        assert lab.node.state.candidate.votes_granted == ("s1",)

    @pytest.mark.parametrize(
        ("log", "last_index", "last_term", "granted"),
        [
            ([], 0, 0, True),
            ([1, 1], 2, 1, True),
            ([1, 1], 3, 1, True),
            ([1, 1], 1, 1, False),  # same term, shorter
            ([1, 1, 1], 1, 2, True),  # later term wins although shorter
            ([1, 2], 5, 1, False),  # earlier term loses although longer
        ],
    )
    def test_receiver_2_votes_only_for_a_log_at_least_as_up_to_date(
        self, log, last_index, last_term, granted
    ):
        """RequestVote receiver 2; §5.4.1."""
        lab = Lab(term=2, log=log).request_vote("s2", 3, last_index, last_term)
        assert lab.answer().vote_granted is granted
        assert lab.voted_for == ("s2" if granted else None)
        assert lab.restarts_election_timer() is granted

    def test_receiver_2_one_vote_a_term_first_come_first_served(self):
        """§5.2."""
        lab = Lab().request_vote("s2", term=1)
        assert lab.answer().vote_granted
        lab.request_vote("s3", term=1)
        assert lab.answer() == RequestVoteReply(1, False, "refused_already_voted")
        assert not lab.restarts_election_timer()

    def test_a_repeated_request_gets_the_same_vote(self):
        lab = Lab().request_vote("s2", term=1).request_vote("s2", term=1)
        assert lab.answer().vote_granted

    def test_a_candidate_and_a_leader_do_not_vote_for_another_of_their_term(self):
        for lab in (Lab().timeout(), Lab().elected()):
            lab.request_vote("s3", term=1)
            assert not lab.answer().vote_granted


class TestLeader:
    def test_leaders_1_heartbeats_upon_election_and_when_idle(self):
        lab = Lab(term=3, log=[3, 3]).elected()
        beat = AppendEntries(4, "s1", 2, 3, (), 0)
        assert lab.sent() == [beat, beat]
        assert CancelTimer("election") in lab.effects
        assert SetTimer("heartbeat", 50_000, 50_000) in lab.effects
        lab.timeout("heartbeat")
        assert lab.sent() == [beat, beat]

    def test_state_next_index_starts_behind_the_log_and_match_index_at_0(self):
        lab = Lab(log=[1, 1, 1], term=1).elected()
        assert (lab.next_index("s2"), lab.match_index("s2")) == (4, 0)

    def test_leaders_2_append_and_respond_after_applying(self):
        lab = Lab().elected().write("x", 7)
        assert lab.terms == [1] and lab.replies() == []
        lab.stored("s2", 1)
        assert [(r.outcome, r.value) for r in lab.replies()] == [("ok", 7)]
        kinds = [getattr(e, "kind", type(e).__name__) for e in lab.effects]
        assert kinds.index("applied") < kinds.index("Reply")

    def test_leaders_3_send_entries_from_next_index(self):
        lab = Lab().elected().write()
        (message,) = lab.sent("s2")
        assert (message.prev_log_index, len(message.entries)) == (0, 1)
        lab.stored("s2", 1)
        assert (lab.next_index("s2"), lab.match_index("s2")) == (2, 1)

    def test_leaders_3_a_failed_check_moves_next_index_back_by_one_and_retries(self):
        lab = Lab(term=2, log=[1, 1, 2]).elected().refused("s2", prev=3)
        assert lab.next_index("s2") == 3
        (message,) = lab.sent("s2")
        assert (message.prev_log_index, message.prev_log_term) == (2, 1)

    def test_a_late_refusal_and_a_late_success_change_nothing(self):
        lab = Lab(term=2, log=[1, 1, 2]).elected()
        lab.refused("s2", prev=3).refused("s2", prev=3)
        assert lab.next_index("s2") == 3
        lab.stored("s2", 3).stored("s2", 1)
        assert (lab.next_index("s2"), lab.match_index("s2")) == (4, 3)
        lab.refused("s2", prev=2)
        assert lab.next_index("s2") == 4

    def test_a_refusal_of_a_request_of_an_earlier_term_changes_nothing(self):
        lab = Lab(term=2, log=[1, 1, 2]).elected()
        lab.receive("s2", AppendEntriesReply(3, False, 0, 2, 3, reason="stale_term"))
        assert lab.next_index("s2") == 4 and lab.sent() == []

    @pytest.mark.parametrize(
        ("size", "acks", "commits"), [(1, 0, True), (3, 1, True), (5, 1, False), (5, 2, True)]
    )
    def test_leaders_4_a_majority_commits(self, size, acks, commits):
        lab = Lab(size=size).elected().write()
        for peer in lab.node.peers[:acks]:
            lab.stored(peer, 1)
        assert (lab.commit_index == 1) is commits

    def test_leaders_4_an_older_terms_entry_is_not_committed_by_counting(self):
        """§5.4.2, Figure 8."""
        lab = Lab(term=2, log=[1, 2]).elected()
        assert lab.term == 3
        lab.stored("s2", 2).stored("s3", 2)
        assert lab.commit_index == 0
        lab.write().stored("s2", 3)
        assert lab.commit_index == 3, "what lies below commits with it"

    def test_a_leader_never_overwrites_its_log(self):
        """Leader Append-Only, §5.3: even a forged AppendEntries of its own term is refused."""
        lab = Lab().elected().write()
        lab.append("s2", term=1, entries=[1, 1])
        assert not lab.answer().success and lab.terms == [1]

    def test_stepping_down_is_not_rolling_back_and_the_client_is_told_unknown(self):
        lab = Lab().elected().write().request_vote("s2", term=2, last_index=9, last_term=9)
        assert lab.terms == [1]
        assert [(r.outcome, r.why) for r in lab.replies()] == [("unknown", "stepped_down")]
        assert CancelTimer("heartbeat") in lab.effects and lab.restarts_election_timer()


class TestFollower:
    def test_followers_2_a_valid_append_entries_resets_the_election_timer(self):
        assert Lab(term=1).append("s2", term=1).restarts_election_timer()

    def test_a_stale_append_entries_does_not(self):
        assert not Lab(term=2).append("s2", term=1).restarts_election_timer()

    @pytest.mark.parametrize(
        ("log", "prev", "why"),
        [
            ([1, 1], (3, 1), "prev_missing"),
            ([1, 1], (2, 2), "prev_conflict"),
            ([], (1, 1), "prev_missing"),
        ],
    )
    def test_receiver_2_refuses_where_the_previous_entry_does_not_match(self, log, prev, why):
        lab = Lab(term=2, log=log).append("s2", term=2, prev=prev, entries=[2])
        assert (lab.answer().success, lab.answer().reason) == (False, why)
        assert lab.terms == log

    def test_receiver_2_a_heartbeat_passes_the_same_check(self):
        assert not Lab(term=1).append("s2", term=1, prev=(1, 1)).answer().success

    @pytest.mark.parametrize(
        ("log", "prev", "entries", "after", "truncated"),
        [
            ([], (0, 0), [1, 1], [1, 1], False),
            ([1, 1], (2, 1), [2], [1, 1, 2], False),
            ([1, 1, 1], (1, 1), [2], [1, 2], True),  # receiver 3: delete from the conflict on
            ([1, 1, 1], (1, 1), [1], [1, 1, 1], False),  # a match deletes nothing
            ([1, 1, 1], (0, 0), [], [1, 1, 1], False),  # nor does a heartbeat
            ([1, 2, 2, 2], (1, 1), [2, 3, 3], [1, 2, 3, 3], True),
        ],
    )
    def test_receivers_3_and_4_delete_conflicts_append_what_is_new(
        self, log, prev, entries, after, truncated
    ):
        lab = Lab(term=3, log=log).append("s2", term=3, prev=prev, entries=entries)
        assert lab.terms == after
        assert ("log_truncated" in lab.noted()) is truncated
        assert lab.answer().match_index == prev[0] + len(entries)

    @pytest.mark.parametrize(
        ("leader_commit", "prev", "entries", "commit"),
        [
            (5, (0, 0), [1, 1], 2),  # no further than the last new entry
            (1, (0, 0), [1, 1], 1),
            (9, (1, 1), [], 1),  # a heartbeat vouches for what it matched, not for the rest
        ],
    )
    def test_receiver_5_commit_index_is_the_lesser_of_the_two(
        self, leader_commit, prev, entries, commit
    ):
        lab = Lab(term=1, log=[1, 1, 1])
        lab.append("s2", term=1, prev=prev, entries=entries, commit=leader_commit)
        assert lab.commit_index == commit

    def test_commit_index_never_falls(self):
        lab = Lab(term=1, log=[1, 1]).append("s2", term=1, prev=(2, 1), commit=2)
        lab.append("s2", term=1, prev=(1, 1), commit=1)
        assert lab.commit_index == 2

    def test_a_request_to_a_follower_is_refused_with_the_leaders_name(self):
        lab = Lab(term=1).append("s2", term=1).write()
        (reply,) = lab.replies()
        assert (reply.outcome, reply.why, reply.hint) == ("failed", "not_leader", "s2")
