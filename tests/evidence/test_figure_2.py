"""Rules of Figure 2 that tests/raft/test_paper.py does not show, one test each (table.py has them all)."""

from __future__ import annotations

import pytest

from raftviz import Simulation
from raftviz.protocols.base import Send
from raftviz.raft.messages import AppendEntries, AppendEntriesReply, RequestVote, RequestVoteReply
from raftviz.raft.types import Role
from tests.raft.lab import Lab


class TestState:
    def test_persistent_state_starts_empty(self):
        """currentTerm is 0 on first boot, votedFor null, the log empty with first index 1."""
        lab = Lab()
        assert (lab.term, lab.voted_for, lab.terms) == (0, None, [])
        lab.append("s2", term=1, entries=[1])
        assert next(iter(lab.node.state.persistent.log)).index == 1

    def test_volatile_state_starts_at_0(self):
        volatile = Lab(term=3, log=[1, 3]).node.state.volatile
        assert (volatile.commit_index, volatile.last_applied, volatile.state_machine) == (0, 0, {})

    def test_leaders_state_is_reinitialized_after_each_election(self):
        lab = Lab(term=1, log=[1]).elected().stored("s2", 1)
        assert (lab.next_index("s2"), lab.match_index("s2")) == (2, 1)
        lab.append("s2", term=3, prev=(1, 1), entries=[3, 3])
        assert lab.node.state.leader is None
        lab.elected()
        assert (lab.next_index("s2"), lab.match_index("s2")) == (4, 0)


class TestArguments:
    def test_request_vote_tells_term_candidate_and_the_logs_end(self):
        lab = Lab(term=4, log=[1, 4]).timeout()
        assert lab.sent("s2") == [RequestVote(5, "s1", last_log_index=2, last_log_term=4)]

    def test_append_entries_tells_term_leader_previous_entry_and_commit_index(self):
        lab = Lab(term=1, log=[1]).elected().write().stored("s2", 2).write(serial=2)
        (message,) = lab.sent("s2")
        assert (message.term, message.leader_id) == (2, "s1")
        assert (message.prev_log_index, message.prev_log_term) == (2, 2)
        assert ([entry.term for entry in message.entries], message.leader_commit) == ([2], 2)

    def test_results_tell_the_receivers_term_for_the_sender_to_update_itself(self):
        lab = Lab(term=7).request_vote("s2", term=3)
        assert lab.answer().term == 7
        assert lab.append("s2", term=3).answer().term == 7


class TestReceivers:
    def test_request_vote_1_reply_false_if_term_is_older(self):
        lab = Lab(term=3).request_vote("s2", term=2, last_index=9, last_term=2)
        assert not lab.answer().vote_granted
        assert (lab.term, lab.voted_for, lab.restarts_election_timer()) == (3, None, False)

    def test_append_entries_1_reply_false_if_term_is_older(self):
        lab = Lab(term=3, log=[1]).append("s2", term=2, prev=(1, 1), entries=[2], commit=1)
        assert not lab.answer().success
        assert (lab.terms, lab.commit_index) == ([1], 0)


class TestAllServers:
    @pytest.mark.parametrize("role", ["follower", "leader"])
    def test_1_apply_whatever_commit_index_covers(self, role):
        lab = Lab(term=1, log=[1, 1])
        if role == "leader":
            lab.elected().write().stored("s2", 3)
        else:
            lab.append("s2", term=2, prev=(2, 1), entries=[2], commit=3)
        volatile = lab.node.state.volatile
        assert volatile.commit_index == volatile.last_applied == 3

    def test_2_a_newer_term_comes_before_the_messages_own_rule(self):
        """The vote is given in the new term, and so is the answer."""
        lab = Lab(term=1).timeout().request_vote("s2", term=9)
        assert (lab.term, lab.role, lab.voted_for) == (9, Role.FOLLOWER, "s2")
        assert lab.answer() == RequestVoteReply(9, True, "granted")


class TestFollowers:
    @pytest.mark.parametrize(
        ("request_", "answer"),
        [
            (RequestVote(1, "s2", 0, 0), RequestVoteReply),
            (AppendEntries(1, "s2", 0, 0, (), 0), AppendEntriesReply),
            (RequestVote(0, "s2", 0, 0), RequestVoteReply),
            (AppendEntries(0, "s2", 9, 9, (), 0), AppendEntriesReply),
        ],
    )
    def test_1_respond_to_rpcs_from_candidates_and_leaders(self, request_, answer):
        lab = Lab(term=1).receive("s2", request_)
        assert [(type(s.message), s.target) for s in lab.all(Send)] == [(answer, "s2")]

    def test_2_without_append_entries_or_granting_a_vote_convert_to_candidate(self):
        sim = Simulation(3, timers="auto", timing={"election_timeout": [150, 150]})
        sim.do({"isolate": "node3"})
        sim.do({"advance": 149.9})
        assert sim.state("node3")["state"] == "follower"
        sim.do({"advance": 0.2})
        assert sim.state("node3")["state"] == "candidate"

    @pytest.mark.parametrize(
        ("hear", "resets"),
        [
            (lambda lab: lab.append("s2", term=1), True),
            (lambda lab: lab.append("s2", term=1, prev=(9, 1)), True),  # refused, but current
            (lambda lab: lab.append("s2", term=0), False),
            (lambda lab: lab.request_vote("s2", term=1), True),
            (lambda lab: lab.request_vote("s2", term=0), False),
        ],
        ids=["heartbeat", "failed check", "stale leader", "granted vote", "stale candidate"],
    )
    def test_2_what_puts_the_election_off(self, hear, resets):
        lab = Lab(term=1)
        hear(lab)
        assert lab.restarts_election_timer() is resets

    def test_2_a_refused_candidate_does_not_put_the_election_off(self):
        lab = Lab(term=2, log=[1, 2]).request_vote("s2", term=3, last_index=1, last_term=1)
        assert lab.term == 3 and not lab.restarts_election_timer()


class TestLeaders:
    def test_1_heartbeats_upon_election_and_during_idle_periods(self):
        sim = Simulation(3, timers="auto", timing={"heartbeat": 50, "latency": [1, 1]})
        sim.do({"run_until": {"leader": True}})
        elected = sim.now_us
        sim.do({"advance": 149})
        (leader,) = [n for n in sim.node_ids if sim.state(n)["state"] == "leader"]
        beats = [
            e.time - elected
            for e in sim.events
            if e.kind == "message_sent" and e.node == leader and e.data["type"] == "AppendEntries"
        ]
        assert beats == [0, 0, 50_000, 50_000, 100_000, 100_000]

    @pytest.mark.parametrize(
        ("matched", "commits"),
        [((0, 0, 0, 0), 0), ((3, 0, 0, 0), 0), ((3, 3, 0, 0), 3), ((4, 3, 3, 2), 3), ((2, 2, 2, 2), 0)],
    )  # fmt: skip
    def test_4_the_highest_index_of_its_term_on_a_majority_is_committed(self, matched, commits):
        """The log is [1 1 2 2]: only indexes 3 and 4 are of the leader's term."""
        lab = Lab(size=5, term=1, log=[1, 1]).elected().write().write(serial=2)
        assert lab.terms == [1, 1, 2, 2]
        for peer, index in zip(lab.node.peers, matched, strict=True):
            lab.stored(peer, index)
        assert lab.commit_index == commits
