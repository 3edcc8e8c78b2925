"""Leases (dissertation §6.4.1): a leader answers reads by itself for as long as there can be no other."""

from __future__ import annotations

import pytest

from raftviz.errors import OptionError
from raftviz.protocols.base import CancelTimer, SetTimer
from raftviz.raft.messages import AppendEntriesReply, RequestVote
from raftviz.raft.options import Options
from raftviz.raft.types import Role
from tests.raft.lab import Lab

LEASES = {"read_mode": "lease", "check_quorum": True, "leader_stickiness": True}
A, B = (SetTimer(name, 135_000, 135_000, passive=True) for name in ("lease_a", "lease_b"))
"""The timers of two rounds: nine tenths of the minimum election timeout, so that clocks may differ."""


def lab_of(size: int = 3, **more) -> Lab:
    return Lab(size, **{**LEASES, **more})


def held(lab: Lab) -> bool:
    return lab.node.state.leader is not None and lab.node.state.leader.lease.held is not None


def round_of(lab: Lab) -> int:
    return int(lab.sent("s2")[0].round)


def leader(size: int = 3) -> Lab:
    """A leader of term 1 with a lease, an entry of its term committed."""
    lab = lab_of(size).elected()
    begun = round_of(lab)
    for peer in lab.node.peers[: size // 2]:
        lab.stored(peer, 0, round=begun)
    assert held(lab)
    lab.write("x", 5)
    for peer in lab.node.peers[: size // 2]:
        lab.stored(peer, 1)
    return lab


class TestWinning:
    def test_a_majority_that_acknowledges_the_round_gives_it(self):
        lab = lab_of(5).elected()
        begun = round_of(lab)
        lab.stored("s2", 0, round=begun)
        assert not held(lab)
        lab.stored("s3", 0, round=begun)
        assert held(lab)
        assert lab.notes("lease_changed") == [{"held": True, "why": "acknowledged"}]

    def test_the_same_server_twice_is_no_majority(self):
        lab = lab_of(5).elected()
        begun = round_of(lab)
        lab.stored("s2", 0, round=begun).stored("s2", 0, round=begun)
        assert not held(lab)

    def test_its_time_runs_from_the_start_of_the_round(self):
        """Not from the acknowledgements: the servers promised from when they heard of it."""
        lab = lab_of().elected()
        assert A in lab.effects
        lab.stored("s2", 0, round=round_of(lab))
        assert held(lab)
        assert [t.name for t in lab.all(SetTimer) if "lease" in t.name] == []

    def test_an_acknowledgement_of_an_earlier_round_does_not_give_it(self):
        lab = lab_of().elected()
        first = round_of(lab)
        lab.timeout("lease_a").timeout("heartbeat")
        assert round_of(lab) > first
        lab.stored("s2", 0, round=first)
        assert not held(lab)
        lab.stored("s2", 0, round=first + 1)
        assert held(lab)

    def test_a_late_acknowledgement_takes_none_back(self):
        lab = lab_of(5).elected()
        first = round_of(lab)
        lab.timeout("lease_a").timeout("heartbeat")
        second = round_of(lab)
        lab.stored("s2", 0, round=second).stored("s2", 0, round=first)
        lab.stored("s3", 0, round=second)
        assert held(lab)

    def test_a_round_that_is_not_acknowledged_in_time_is_worth_nothing(self):
        lab = lab_of().elected()
        begun = round_of(lab)
        lab.timeout("lease_a").stored("s2", 0, round=begun)
        assert not held(lab)

    def test_a_refusal_acknowledges_too(self):
        """It comes from a server in this term that has heard its leader."""
        lab = lab_of(log=[1], term=1).elected()
        begun = round_of(lab)
        lab.receive("s2", AppendEntriesReply(2, False, 0, 2, 1, begun, reason="prev_missing"))
        assert held(lab)

    def test_a_leader_that_is_alone_holds_it_at_once(self):
        assert held(lab_of(1).elected())

    def test_without_the_option_there_is_none(self):
        lab = Lab(3, check_quorum=True, leader_stickiness=True).elected()
        lab.stored("s2", 0, round=round_of(lab))
        assert not held(lab) and lab.notes("lease_changed") == []


class TestReading:
    def test_with_a_lease_a_read_is_answered_at_once(self):
        lab = leader().read(mode="lease")
        assert [(r.outcome, r.value, r.why) for r in lab.replies()] == [("ok", 5, "lease")]
        assert lab.sent() == []

    def test_the_option_makes_it_the_way_of_reads_that_do_not_say_how(self):
        lab = leader().request({"op": "read", "key": "x"}, serial=9)
        assert [reply.why for reply in lab.replies()] == ["lease"]

    def test_without_a_lease_it_takes_a_round(self):
        lab = leader().timeout("lease_a").read(mode="lease")
        assert lab.replies() == [] and len(lab.sent()) == 2
        lab.stored("s2", 1, round=round_of(lab))
        assert [(r.outcome, r.value, r.why) for r in lab.replies()] == [("ok", 5, "read_index")]

    def test_before_an_entry_of_the_term_is_committed_it_waits(self):
        """§6.4, step 1: a lease says that there is no other leader, not what is committed."""
        lab = lab_of(term=1, log=[1]).elected()
        lab.stored("s2", 1, round=round_of(lab)).read("k1", mode="lease")
        assert held(lab) and lab.replies() == []

    def test_a_linearizable_read_takes_its_round_all_the_same(self):
        lab = leader().read(mode="linearizable")
        assert lab.replies() == [] and len(lab.sent()) == 2


class TestKeeping:
    def test_the_next_round_is_timed_beside_the_lease_that_is_held(self):
        lab = leader().timeout("heartbeat")
        assert B in lab.effects and held(lab)
        lab.stored("s2", 1, round=round_of(lab))
        assert CancelTimer("lease_a") in lab.effects
        assert held(lab) and lab.notes("lease_changed") == [], "it goes on"
        lab.timeout("heartbeat")
        assert A in lab.effects

    def test_the_old_one_lasts_until_its_own_time_is_over(self):
        lab = leader().timeout("heartbeat").timeout("lease_a")
        assert not held(lab)
        assert lab.notes("lease_changed") == [{"held": False, "why": "expired"}]

    def test_and_the_new_round_may_still_win(self):
        lab = leader().timeout("heartbeat")
        begun = round_of(lab)
        lab.timeout("lease_a").stored("s2", 1, round=begun)
        assert held(lab)

    def test_a_heartbeat_does_not_stretch_a_round_that_is_being_won(self):
        lab = lab_of().elected()
        begun = round_of(lab)
        lab.timeout("heartbeat")
        assert [t for t in (A, B) if t in lab.effects] == []
        lab.stored("s2", 0, round=begun)
        assert held(lab)


class TestLosing:
    def test_by_stepping_down_for_a_higher_term(self):
        lab = leader().receive("s2", AppendEntriesReply(7, False, 0, 1, 0))
        assert lab.role is Role.FOLLOWER
        assert lab.notes("lease_changed") == [{"held": False, "why": "stepped_down"}]
        assert {CancelTimer("lease_a"), CancelTimer("lease_b")} <= set(lab.all(CancelTimer))

    def test_by_check_quorum(self):
        lab = leader().timeout("check_quorum").timeout("check_quorum")
        assert lab.role is Role.FOLLOWER
        assert lab.notes("lease_changed") == [{"held": False, "why": "stepped_down"}]

    def test_by_handing_over_for_the_rest_of_the_term(self):
        """After TimeoutNow an election may come that stickiness does not hold back."""
        lab = leader().order("transfer", "s2")
        assert lab.notes("lease_changed") == [{"held": False, "why": "handed_over"}]
        kinds = lab.kinds()
        assert kinds.index("lease_changed") < kinds.index("Send")
        lab.timeout("transfer").timeout("heartbeat")
        assert [t for t in (A, B) if t in lab.effects] == []
        begun = round_of(lab)
        lab.stored("s2", 1, round=begun).stored("s3", 1, round=begun)
        assert not held(lab), "the target may have heard it, and campaign at any time"
        lab.read(mode="lease")
        assert lab.replies() == [] and len(lab.sent()) == 2

    def test_not_by_preparing_to(self):
        """Until the target is told, nobody can be elected."""
        lab = leader().write("y", 1, serial=2).order("transfer", "s2")
        assert held(lab)
        lab.stored("s2", 2)
        assert not held(lab)


class TestWhoPromised:
    def test_a_server_that_acknowledged_does_not_vote_for_an_election_timeout(self):
        """Longer than the lease, by the tenth that clocks may differ."""
        lab = lab_of().append("s2", 1)
        assert SetTimer("leader_contact", 150_000, 150_000, passive=True) in lab.effects
        lab.receive("s3", RequestVote(2, "s3", 0, 0))
        assert (lab.answer().vote_granted, lab.term) == (False, 1)

    def test_a_restart_keeps_to_it(self):
        """The server cannot know what it told a leader before it crashed."""
        lab = lab_of().append("s2", 1).start()
        assert SetTimer("leader_contact", 150_000, 150_000, passive=True) in lab.effects
        lab.receive("s3", RequestVote(2, "s3", 0, 0))
        assert (lab.answer().reason, lab.term) == ("refused_leader_stickiness", 1)
        lab.timeout("leader_contact").receive("s3", RequestVote(2, "s3", 0, 0))
        assert lab.answer().vote_granted

    def test_a_server_that_starts_for_the_first_time_has_promised_nothing(self):
        lab = lab_of().receive("s3", RequestVote(1, "s3", 0, 0))
        assert lab.answer().vote_granted

    def test_nor_has_one_without_leases(self):
        lab = Lab(3, check_quorum=True, leader_stickiness=True).append("s2", 1).start()
        lab.receive("s3", RequestVote(2, "s3", 0, 0))
        assert lab.answer().vote_granted


class TestWhatALeaseNeeds:
    @pytest.mark.parametrize("missing", ["check_quorum", "leader_stickiness"])
    def test_it_cannot_be_had_without(self, missing):
        with pytest.raises(OptionError) as caught:
            Options.parse({**LEASES, missing: False})
        assert str(caught.value) == (
            f"options.read_mode: a lease needs {missing}; "
            "turn check_quorum and leader_stickiness on, or choose another read_mode"
        )

    @pytest.mark.parametrize("missing", ["check_quorum", "leader_stickiness"])
    def test_what_it_needs_cannot_be_turned_off_under_it(self, missing):
        with pytest.raises(OptionError) as caught:
            Options.parse(LEASES).changed({missing: False})
        assert str(caught.value) == (
            f"options.{missing}: a lease needs {missing}; "
            "turn check_quorum and leader_stickiness on, or choose another read_mode"
        )
