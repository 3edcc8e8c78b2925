"""Changes of members, rule by rule: one server at a time (dissertation §4.1, §4.2), and joint (§4.3)."""

from __future__ import annotations

import pytest

from raftviz.errors import CommandError
from raftviz.protocols.base import CancelTimer, SetTimer
from raftviz.raft.log import Snapshot
from raftviz.raft.membership import ROUNDS_MAX
from raftviz.raft.messages import AppendEntriesReply, RequestVote, TimeoutNow
from raftviz.raft.types import Configuration, Role
from tests.raft.lab import Lab, configuration

THREE = "s1 s2 s3"
FOUR = "s1 s2 s3 s4"


def leader(size: int = 3, **options) -> Lab:
    """The leader of term 1, all of whose log is committed: one entry of its own term."""
    lab = Lab(size, **options).elected().write()
    for peer in lab.node.peers:
        lab.stored(peer, 1)
    assert lab.commit_index == 1
    return lab


def adding(server: str = "s4", **options) -> Lab:
    """A leader of three that has begun to add a server, which has not answered yet."""
    return leader(**options).order("add_node", server)


def added(**options) -> Lab:
    """The same once the server holds what the leader holds: the configuration is in the log."""
    return adding(**options).stored("s4", 1)


class TestInForceFromTheLog:
    """§4.1: "a server always uses the latest configuration in its log, regardless of whether the
    entry is committed".
    """

    def test_at_the_leader_from_the_moment_it_appends_it(self):
        lab = added()
        assert (lab.commit_index, lab.log.last_index) == (1, 2)
        assert lab.voters == FOUR
        assert lab.notes("configuration_changed") == [
            {"index": 2, "members": FOUR.split(), "old": [], "why": "appended"}
        ]

    def test_the_new_configuration_commits_its_own_entry(self):
        """Three of the four new members, not two of the three old ones."""
        lab = added().stored("s2", 2)
        assert lab.commit_index == 1
        lab.stored("s4", 2)
        assert lab.commit_index == 2

    def test_at_a_follower_before_it_is_committed(self):
        lab = Lab(3).append("s2", 1, entries=[configuration(1, 1, FOUR)])
        assert (lab.commit_index, lab.voters) == (0, FOUR)
        lab.timeout()
        assert len(lab.sent("s4")) == 1
        lab.vote("s4")
        assert lab.role is Role.CANDIDATE, "two of three would do, two of four do not"
        lab.vote("s2")
        assert lab.role is Role.LEADER

    def test_a_truncation_rolls_it_back(self):
        lab = Lab(3, log=[1]).append("s2", 1, (1, 1), [configuration(2, 1, FOUR)])
        assert lab.voters == FOUR
        lab.append("s3", 2, (1, 1), [2])
        assert (lab.terms, lab.voters) == ([1, 2], THREE)
        assert lab.notes("configuration_changed") == [
            {"index": 0, "members": THREE.split(), "old": [], "why": "truncated"}
        ]

    def test_a_truncation_rolls_back_to_the_configuration_before_it(self):
        first, second = configuration(1, 1, "s1 s2"), configuration(2, 1, THREE)
        lab = Lab(3, log=[first, second]).append("s2", 2, (1, 1), [2])
        assert (lab.terms, lab.voters) == ([1, 2], "s1 s2")

    def test_a_truncation_that_takes_no_configuration_changes_none(self):
        lab = Lab(3, log=[configuration(1, 1, "s1 s2"), 1]).append("s2", 2, (1, 1), [2])
        assert (lab.voters, lab.notes("configuration_changed")) == ("s1 s2", [])

    def test_it_survives_a_restart(self):
        lab = Lab(3).append("s2", 1, entries=[configuration(1, 1, FOUR)]).start()
        assert lab.voters == FOUR

    def test_a_server_answers_whoever_asks_member_or_not(self):
        """§4.1: servers process incoming RPCs without consulting their configurations."""
        lab = Lab(3).receive("s9", RequestVote(1, "s9", 0, 0))
        assert lab.answer().vote_granted
        lab.append("s9", 2, entries=[2])
        assert lab.answer().success

    def test_a_candidate_counts_members_only(self):
        lab = Lab(3, log=[configuration(1, 1, "s1 s2 s3 s4 s5")]).timeout()
        lab.vote("s8").vote("s9")
        assert lab.role is Role.CANDIDATE

    def test_a_leader_counts_copies_of_members_only(self):
        """A removed server's late answer is none of them."""
        lab = leader(4).order("remove_node", "s4")
        lab.stored("s4", 2)
        assert lab.commit_index == 1
        lab.stored("s3", 2)
        assert lab.commit_index == 2


class TestOneChangeAtATime:
    def test_none_before_an_entry_of_the_term_is_committed(self):
        """§4.1, as corrected in 2015."""
        lab = Lab(3, term=1, log=[1]).elected()
        for order, argument in (
            ("add_node", "s4"),
            ("remove_node", "s3"),
            ("reconfigure", ["s1", "s2"]),
        ):
            with pytest.raises(CommandError) as caught:
                lab.order(order, argument)
            assert str(caught.value) == (
                f"{order}: no entry of term 2 is committed yet; "
                "write something first, or set the option noop_on_election"
            )
        assert lab.terms == [1]
        lab.write().stored("s2", 2).order("remove_node", "s3")
        assert lab.voters == "s1 s2"

    def test_an_entry_of_an_earlier_term_is_not_enough(self):
        lab = Lab(3, term=1, log=[1]).append("s2", 1, (1, 1), commit=1).elected()
        assert lab.commit_index == 1
        with pytest.raises(CommandError, match="no entry of term 2 is committed yet"):
            lab.order("remove_node", "s3")

    def test_none_while_one_is_not_committed(self):
        lab = leader().order("remove_node", "s3")
        with pytest.raises(CommandError) as caught:
            lab.order("remove_node", "s2")
        assert str(caught.value) == (
            "remove_node: the change of members at index 2 is not committed yet; "
            "one change at a time: wait until it is (dissertation §4.1)"
        )
        assert lab.voters == "s1 s2"
        lab.stored("s2", 2).order("remove_node", "s2")
        assert lab.voters == "s1"

    def test_none_while_a_server_catches_up(self):
        lab = adding()
        with pytest.raises(CommandError) as caught:
            lab.order("remove_node", "s3")
        assert str(caught.value) == (
            "remove_node: s4 must catch up first; "
            "wait until the change that is under way is committed"
        )
        assert lab.voters == THREE

    def test_a_new_leader_is_bound_by_an_uncommitted_change_in_its_log(self):
        lab = Lab(3, term=1, log=[1, configuration(2, 1, FOUR)], noop_on_election=True).elected()
        with pytest.raises(CommandError, match="the change of members at index 2 is not committed"):
            lab.order("remove_node", "s4")
        lab.stored("s2", 3).stored("s3", 3).order("remove_node", "s4")
        assert lab.voters == THREE

    def test_more_than_one_server_at_once_is_refused(self):
        lab = leader(5)
        with pytest.raises(CommandError) as caught:
            lab.order("reconfigure", ["s1", "s2", "s6", "s4"])
        assert str(caught.value) == (
            "reconfigure: 3 servers would change at once: s3, s5, s6; "
            "change one at a time, or set the option membership to joint"
        )

    @pytest.mark.parametrize(
        ("order", "argument", "error"),
        [
            ("add_node", "s2", "add_node: s2 is a member already; name a server that is not"),
            (
                "remove_node",
                "s4",
                "remove_node: 's4' is not a member of the cluster; use one of s1, s2, s3",
            ),
            (
                "reconfigure",
                ["s3", "s1", "s2"],
                "reconfigure: these are the members already; name another list",
            ),
        ],
    )
    def test_what_changes_nothing_is_refused(self, order, argument, error):
        lab = leader()
        with pytest.raises(CommandError) as caught:
            lab.order(order, argument)
        assert str(caught.value) == error

    def test_the_only_member_stays(self):
        lab = Lab(1).elected().write()
        with pytest.raises(CommandError) as caught:
            lab.order("remove_node", "s1")
        assert str(caught.value) == "remove_node: s1 is the only member; add another one first"

    def test_a_leader_that_comes_back_has_nothing_to_catch_up_with(self):
        """It can add itself again only while its removal is not committed, by mistake."""
        lab = leader(bugs=["overlapping-configurations"], max_inflight=3)
        lab.order("remove_node", "s1").order("add_node", "s1")
        assert lab.voters == "s2 s3 s1"
        assert "s1" not in lab.node.state.leader.next_index

    @pytest.mark.parametrize(
        ("order", "argument"),
        [("add_node", "s4"), ("remove_node", "s2"), ("reconfigure", ["s1"])],
    )
    def test_only_a_leader_changes_members(self, order, argument):
        lab = Lab(2)
        with pytest.raises(CommandError) as caught:
            lab.order(order, argument)
        assert str(caught.value) == f"{order}: s1 does not lead; ask the leader"


class TestCatchingUp:
    """§4.2.1."""

    def test_a_new_server_gets_entries_before_it_votes(self):
        lab = adding()
        assert lab.voters == THREE and lab.terms == [1]
        assert lab.node.state.leader.learners == ("s4",)
        assert [(m.prev_log_index, m.entries) for m in lab.sent("s4")] == [(1, ())]
        assert lab.notes("learner_changed") == [
            {"learner": "s4", "round": 1, "target": 1, "why": "joined"}
        ]
        lab.receive("s4", AppendEntriesReply(1, False, 0, 1, 1, reason="prev_missing"))
        assert [len(m.entries) for m in lab.sent("s4")] == [1]

    def test_its_copies_do_not_count_yet(self):
        lab = adding().write(serial=2).timeout("catch_up").write(serial=3)
        assert len(lab.sent("s4")) == 1, "it follows as the others do"
        lab.stored("s4", 2)
        assert (lab.match_index("s4"), lab.commit_index) == (2, 1)
        lab.stored("s2", 2)
        assert lab.commit_index == 2

    def test_its_vote_is_asked_for_by_nobody(self):
        lab = adding().timeout("heartbeat")
        assert len(lab.sent("s4")) == 1
        lab.receive("s2", RequestVote(2, "s2", 9, 9)).timeout()
        assert (lab.role, lab.sent("s4")) == (Role.CANDIDATE, [])

    def test_a_learner_that_is_asked_votes(self):
        """It may be a member without knowing it yet."""
        lab = Lab(3, snapshot=Snapshot(configuration=Configuration(())))
        assert lab.voters == ""
        lab.receive("s2", RequestVote(1, "s2", 0, 0))
        assert lab.answer().vote_granted

    def test_who_is_a_member_of_nothing_waits_and_does_not_campaign(self):
        lab = Lab(3, snapshot=Snapshot(configuration=Configuration(())))
        assert lab.all(SetTimer) == []
        lab.timeout()
        assert (lab.role, lab.sent()) == (Role.FOLLOWER, [])

    def test_the_change_is_made_once_it_has_caught_up_quickly(self):
        lab = added()
        assert lab.notes("learner_changed") == [
            {"learner": "s4", "round": 1, "target": 1, "why": "caught_up"}
        ]
        assert CancelTimer("catch_up") in lab.effects
        assert lab.node.state.leader.learners == ()
        assert [len(m.entries) for m in lab.sent("s4")] == [1]

    def test_a_round_brings_it_up_to_what_the_log_held_at_its_start(self):
        lab = adding().write(serial=2).stored("s4", 1)
        assert lab.voters == FOUR, "though there is a newer entry by now"

    def test_each_round_lasts_an_election_timeout_at_most_to_be_quick(self):
        assert SetTimer("catch_up", 150_000, 150_000) in adding().effects

    def test_after_a_slow_round_another_follows(self):
        lab = adding().write(serial=2).timeout("catch_up").stored("s4", 1)
        assert lab.voters == THREE
        assert lab.notes("learner_changed") == [
            {"learner": "s4", "round": 2, "target": 2, "why": "round"}
        ]
        assert SetTimer("catch_up", 150_000, 150_000) in lab.effects
        lab.stored("s4", 2)
        assert lab.voters == FOUR, "the second round was a quick one"

    def test_after_a_slow_round_nothing_may_be_lacking_any_more(self):
        lab = adding().timeout("catch_up").stored("s4", 1)
        assert lab.voters == FOUR

    def test_a_server_that_is_too_slow_for_too_long_does_not_join(self):
        lab = adding()
        for number in range(2, ROUNDS_MAX + 1):
            lab.write(serial=number).timeout("catch_up").stored("s4", number - 1)
            assert lab.notes("learner_changed")[-1]["round"] == number
        lab.write(serial=99).timeout("catch_up").stored("s4", ROUNDS_MAX)
        assert lab.notes("learner_changed") == [
            {"learner": "s4", "round": ROUNDS_MAX, "target": ROUNDS_MAX, "why": "gave_up"}
        ]
        assert (lab.voters, lab.node.state.leader.learners) == (THREE, ())

    def test_a_server_that_does_not_answer_is_given_up(self):
        lab = adding().timeout("catch_up")
        assert lab.node.state.leader.learners == ("s4",)
        lab.timeout("catch_up")
        assert [n["why"] for n in lab.notes("learner_changed")] == ["gave_up"]
        assert "s4" not in lab.node.state.leader.next_index
        lab.timeout("heartbeat")
        assert lab.sent("s4") == []
        lab.order("remove_node", "s3")
        assert lab.voters == "s1 s2", "another change may begin"

    def test_a_leader_that_steps_down_forgets_whom_it_was_adding(self):
        lab = adding().receive("s2", RequestVote(2, "s2", 9, 9))
        assert CancelTimer("catch_up") in lab.effects
        assert (lab.voters, lab.node.state.leader) == (THREE, None)

    def test_under_joint_consensus_all_new_servers_catch_up(self):
        lab = leader(membership="joint").order("reconfigure", ["s1", "s4", "s5"])
        assert lab.node.state.leader.learners == ("s4", "s5")
        lab.stored("s4", 1)
        assert (lab.voters, lab.old_voters) == (THREE, "")
        lab.stored("s5", 1)
        assert (lab.voters, lab.old_voters) == ("s1 s4 s5", THREE)


class TestTheRemovedLeader:
    """§4.2.2."""

    def test_it_leads_on_without_counting_itself_until_that_is_committed(self):
        lab = leader().order("remove_node", "s1")
        assert (lab.voters, lab.role) == ("s2 s3", Role.LEADER)
        lab.stored("s2", 2)
        assert (lab.commit_index, lab.role) == (1, Role.LEADER), "itself and s2 are one of two"
        lab.stored("s3", 2)
        assert (lab.commit_index, lab.role) == (2, Role.FOLLOWER)
        assert lab.notes("role_changed")[0]["why"] == "removed"

    def test_it_tells_the_others_of_the_commitment_before_it_steps_down(self):
        lab = leader().order("remove_node", "s1").stored("s2", 2).stored("s3", 2)
        assert [m.leader_commit for m in lab.sent("s2")] == [2]
        assert lab.kinds().index("Send") < lab.kinds().index("role_changed")

    def test_it_takes_requests_until_then(self):
        lab = leader().order("remove_node", "s1").write(serial=2)
        assert (lab.replies(), lab.log.last_index) == ([], 3)

    def test_it_does_not_count_itself_for_reads(self):
        lab = leader().order("remove_node", "s1").read()
        round_ = lab.sent("s2")[0].round
        lab.stored("s2", 1, round=round_)
        assert lab.replies() == []
        lab.stored("s3", 1, round=round_)
        assert [reply.outcome for reply in lab.replies()] == ["ok"]

    def test_it_does_not_count_itself_for_check_quorum(self):
        lab = leader(check_quorum=True).order("remove_node", "s1").timeout("check_quorum")
        lab.stored("s2", 1).timeout("check_quorum")
        assert lab.role is Role.FOLLOWER

    def test_the_last_but_one_hands_over_to_the_last(self):
        lab = leader(2).order("remove_node", "s1").stored("s2", 2)
        assert (lab.commit_index, lab.role) == (2, Role.FOLLOWER)


class TestWhoMayCampaign:
    """§4.2.2: a server that is not in its own latest configuration may still be needed."""

    def removed(self, commit: int) -> Lab:
        return Lab(3).append("s2", 1, entries=[1, configuration(2, 1, "s2 s3")], commit=commit)

    def test_a_non_member_campaigns_while_its_removal_is_not_committed(self):
        lab = self.removed(commit=1).timeout()
        assert lab.role is Role.CANDIDATE
        lab.vote("s2")
        assert lab.role is Role.CANDIDATE, "its own vote does not count"
        lab.vote("s3")
        assert lab.role is Role.LEADER

    def test_a_non_member_does_not_once_it_is(self):
        lab = self.removed(commit=2).timeout()
        assert (lab.role, lab.sent()) == (Role.FOLLOWER, [])
        lab.receive("s2", TimeoutNow(1, "s2"))
        assert (lab.role, lab.sent()) == (Role.FOLLOWER, [])

    def test_nor_does_it_ask_before(self):
        lab = Lab(3, pre_vote=True, term=1, log=[1, configuration(2, 1, "s2 s3")])
        lab.append("s2", 1, (2, 1), commit=2).timeout()
        assert (lab.role, lab.sent()) == (Role.FOLLOWER, [])

    def test_leadership_goes_to_members_only(self):
        lab = leader()
        with pytest.raises(CommandError) as caught:
            lab.order("transfer", "s9")
        assert str(caught.value) == (
            "transfer.to: 's9' is not a member of the cluster; use one of s2, s3"
        )


class TestMajorities:
    @pytest.mark.parametrize("missing", [0, 1])
    def test_nobody_decides_for_no_members_at_all(self, missing):
        """Not even where one less than a majority is taken for one."""
        assert not Configuration(()).has_quorum((), missing)
        assert not Configuration(()).has_quorum(("s1", "s2"), missing)
        assert Configuration(()).agreed_index({"s1": 5}, missing) == 0


class TestJointConsensus:
    """§4.3."""

    def joint(self) -> Lab:
        """C_old = s1 s2 s3, C_new = s1 s4 s5, the joint one appended and not committed."""
        lab = leader(membership="joint").order("reconfigure", ["s1", "s4", "s5"])
        return lab.stored("s4", 1).stored("s5", 1)

    def test_the_joint_configuration_comes_first(self):
        lab = self.joint()
        assert (lab.log.last_index, lab.voters, lab.old_voters) == (2, "s1 s4 s5", THREE)
        assert lab.node.peers == ("s2", "s3", "s4", "s5")

    @pytest.mark.parametrize("short", [("s2", "s3"), ("s4", "s5")])
    def test_it_is_committed_by_both_majorities_only(self, short):
        lab = self.joint()
        for peer in short:
            lab.stored(peer, 2)
        assert lab.commit_index == 1, "four of five, but one majority alone"
        lab.stored("s4" if "s2" in short else "s2", 2)
        assert lab.commit_index == 2

    def test_it_is_left_only_once_it_is_committed(self):
        lab = self.joint().stored("s2", 2)
        assert lab.old_voters == THREE
        lab.stored("s4", 2)
        assert (lab.log.last_index, lab.voters, lab.old_voters) == (3, "s1 s4 s5", "")
        lab.stored("s2", 3).stored("s3", 3)
        assert lab.commit_index == 2, "C_new is committed by its own majority"
        lab.stored("s5", 3)
        assert lab.commit_index == 3

    @pytest.mark.parametrize("short", [("s2", "s3"), ("s4", "s5")])
    def test_an_election_needs_both_majorities(self, short):
        lab = Lab(3, log=[configuration(1, 1, "s1 s4 s5", THREE)]).timeout()
        for peer in short:
            lab.vote(peer)
        assert lab.role is Role.CANDIDATE
        lab.vote("s4" if "s2" in short else "s2")
        assert lab.role is Role.LEADER

    def test_a_candidate_asks_the_members_of_both(self):
        lab = Lab(3, log=[configuration(1, 1, "s1 s4 s5", THREE)]).timeout()
        assert [len(lab.sent(peer)) for peer in ("s2", "s3", "s4", "s5")] == [1, 1, 1, 1]

    @pytest.mark.parametrize("short", [("s2", "s3"), ("s4", "s5")])
    def test_a_read_needs_both_majorities(self, short):
        lab = self.joint().read()
        round_ = lab.sent("s2")[0].round
        for peer in short:
            lab.stored(peer, 1, round=round_)
        assert lab.replies() == []
        lab.stored("s4" if "s2" in short else "s2", 1, round=round_)
        assert [reply.outcome for reply in lab.replies()] == ["ok"]

    def test_no_other_change_while_two_are_joint(self):
        lab = self.joint()
        with pytest.raises(CommandError, match="the change of members at index 2 is not committed"):
            lab.order("reconfigure", ["s1", "s2"])

    def test_a_leader_that_is_not_in_the_new_configuration_leads_until_that_is_committed(self):
        lab = leader(membership="joint").order("reconfigure", ["s2", "s4"]).stored("s4", 1)
        assert lab.old_voters == THREE
        lab.stored("s2", 2).stored("s4", 2)
        assert (lab.role, lab.voters, lab.old_voters) == (Role.LEADER, "s2 s4", "")
        lab.stored("s2", 3)
        assert lab.role is Role.LEADER
        lab.stored("s4", 3)
        assert (lab.role, lab.commit_index) == (Role.FOLLOWER, 3)

    def test_a_new_leader_leaves_a_joint_configuration_that_it_finds(self):
        joint = configuration(1, 1, "s1 s2", THREE)
        lab = Lab(3, term=1, log=[joint], noop_on_election=True).elected()
        assert lab.terms == [1, 2]
        lab.stored("s2", 2)
        assert (lab.commit_index, lab.log.last_index) == (2, 3)
        assert (lab.voters, lab.old_voters) == ("s1 s2", "")

    def test_it_needs_no_entry_of_the_term_first(self):
        """The guard of 2015 is for single changes: the joint entry needs a majority of the old
        members, and so commits what stands before it.
        """
        lab = Lab(3, term=1, log=[1], membership="joint").elected().order("remove_node", "s3")
        assert (lab.voters, lab.old_voters) == ("s1 s2", THREE)

    def test_a_truncation_falls_back_into_the_old_configuration(self):
        joint, after = configuration(2, 1, "s1 s4", THREE), configuration(3, 1, "s1 s4")
        lab = Lab(3, log=[1, joint, after]).append("s2", 2, (2, 1), [2])
        assert (lab.voters, lab.old_voters) == ("s1 s4", THREE)
        lab.append("s2", 3, (1, 1), [3])
        assert (lab.voters, lab.old_voters) == (THREE, "")
