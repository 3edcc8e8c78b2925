"""Log compaction and InstallSnapshot (Raft §7, Fig. 13; dissertation §5, Fig. 5.3), rule by rule."""

from __future__ import annotations

import pytest

from raftviz.errors import CommandError
from raftviz.raft.log import Snapshot
from raftviz.raft.messages import (
    AppendEntries,
    AppendEntriesReply,
    InstallSnapshot,
    InstallSnapshotReply,
    RequestVote,
)
from raftviz.raft.types import Configuration, Role, Session
from tests.raft.lab import Lab, configuration

THREE = Configuration(("s1", "s2", "s3"))
AT_3 = Snapshot(3, 2, THREE, {"x": 7})
"""What the entries up to index 3, of term 2, came to."""


def applied(upto: int = 3, log=(1, 1, 2, 2), **options) -> Lab:
    """A follower of s2 in term 2 that has applied the first entries of its log."""
    lab = Lab(3, term=2, log=log, **options)
    return lab.append("s2", 2, (len(log), lab.log.last_term), commit=upto)


def compacted(upto: int = 3, **options) -> Lab:
    return applied(upto, **options).order("snapshot")


class TestTaking:
    """§5.1; Raft §7."""

    def test_it_discards_the_applied_prefix_and_nothing_else(self):
        lab = compacted(3)
        snapshot = lab.log.snapshot
        assert (snapshot.last_included_index, snapshot.last_included_term) == (3, 2)
        assert snapshot.state_machine == {"k1": 1, "k2": 1, "k3": 2}
        assert [entry.index for entry in lab.log] == [4]
        assert (lab.log.last_index, lab.log.last_term) == (4, 2)
        with pytest.raises(IndexError):
            lab.log.entry(3)
        assert lab.notes("snapshot_taken") == [{"index": 3, "term": 2, "why": "asked"}]

    def test_the_state_of_the_server_stays_as_it_is(self):
        lab = compacted(3)
        assert (lab.commit_index, lab.last_applied) == (3, 3)
        assert lab.state_machine == {"k1": 1, "k2": 1, "k3": 2}

    def test_it_is_on_the_disk(self):
        lab = compacted(3)
        assert lab.disk == lab.node.state.persistent

    def test_the_entries_that_are_discarded_are_those_applied_not_those_stored(self):
        assert compacted(1).log.snapshot.last_included_index == 1

    @pytest.mark.parametrize(
        ("lab", "error"),
        [
            (Lab(3, term=1, log=[1]), "s1 has applied nothing yet"),
            (compacted(3), "s1 has applied nothing since its last snapshot"),
        ],
    )
    def test_where_nothing_is_to_be_gained_it_is_refused(self, lab, error):
        with pytest.raises(CommandError) as caught:
            lab.order("snapshot")
        assert str(caught.value) == f"snapshot: {error}; let something be committed first"

    def test_a_threshold_compacts_by_itself(self):
        """§5.1.3: once enough has been applied since the last one."""
        lab = Lab(3, snapshot_threshold=2).append("s2", 1, entries=[1], commit=1)
        assert lab.notes("snapshot_taken") == []
        lab.append("s2", 1, (1, 1), [1], commit=2)
        assert lab.notes("snapshot_taken") == [{"index": 2, "term": 1, "why": "threshold"}]
        lab.append("s2", 1, (2, 1), [1], commit=3)
        assert lab.notes("snapshot_taken") == []
        lab.append("s2", 1, (3, 1), [1], commit=4)
        assert lab.log.snapshot.last_included_index == 4

    def test_every_server_compacts_for_itself_the_leader_too(self):
        lab = Lab(3, snapshot_threshold=1).elected().write().stored("s2", 1)
        assert lab.log.snapshot.last_included_index == 1

    def test_a_second_snapshot_takes_in_the_first(self):
        lab = compacted(2).append("s2", 2, (4, 2), commit=4).order("snapshot")
        assert lab.log.snapshot.last_included_index == 4
        assert lab.log.snapshot.state_machine == {"k1": 1, "k2": 1, "k3": 2, "k4": 2}


class TestTheBoundary:
    """The term of the last entry that is gone is kept, for the consistency check and for votes."""

    def test_append_entries_right_after_the_snapshot_pass_the_check(self):
        lab = compacted(4).append("s2", 2, (4, 2), [2])
        assert (lab.answer().success, lab.log.last_index) == (True, 5)

    def test_with_another_term_they_do_not(self):
        lab = Lab(3, term=3, snapshot=AT_3).append("s2", 3, (3, 1), [3])
        assert (lab.answer().success, lab.answer().reason) == (False, "prev_conflict")

    def test_a_hint_does_not_look_behind_the_snapshot(self):
        lab = Lab(3, term=3, snapshot=AT_3, log=[2, 2], conflict_hints=True)
        lab.append("s2", 3, (5, 3))
        assert (lab.answer().conflict_term, lab.answer().conflict_index) == (2, 4)

    def test_a_candidate_whose_log_is_all_snapshot_says_how_it_ended(self):
        lab = Lab(3, term=2, snapshot=AT_3).timeout()
        assert lab.sent("s2") == [RequestVote(3, "s1", 3, 2)]

    @pytest.mark.parametrize(("index", "term", "granted"), [(3, 2, True), (2, 2, False)])
    def test_a_voter_whose_log_is_all_snapshot_compares_with_its_end(self, index, term, granted):
        lab = Lab(3, term=2, snapshot=AT_3).request_vote("s2", 3, index, term)
        assert lab.answer().vote_granted is granted

    def test_a_leader_sends_entries_right_after_its_snapshot(self):
        lab = Lab(3, term=2, snapshot=AT_3, log=[2]).elected().refused("s2", prev=4)
        (message,) = lab.sent("s2")
        assert (message.prev_log_index, message.prev_log_term) == (3, 2)
        assert [entry.index for entry in message.entries] == [4]

    def test_a_leaders_own_commitment_at_the_boundary_counts_as_of_that_term(self):
        lab = Lab(3).elected().write().stored("s2", 1).order("snapshot")
        lab.order("remove_node", "s3")
        assert len(lab.node.configuration.members) == 2


class TestSending:
    def behind(self, **options) -> Lab:
        """A leader of term 3 whose follower s2 lacks what only the snapshot covers."""
        lab = Lab(3, term=2, snapshot=AT_3, log=[2], **options).elected()
        return lab.refused("s2", prev=4).refused("s2", prev=3)

    def test_a_follower_that_needs_what_is_gone_gets_the_snapshot(self):
        assert self.behind().sent("s2") == [InstallSnapshot(3, "s1", AT_3, 0)]

    def test_again_with_each_heartbeat_until_it_answers(self):
        lab = self.behind().timeout("heartbeat")
        assert [type(m) for m in lab.sent("s2")] == [InstallSnapshot]
        assert [type(m) for m in lab.sent("s3")] == [AppendEntries]

    def test_its_answer_tells_what_it_holds_and_the_entries_after_it_follow(self):
        lab = self.behind().installed("s2", 3)
        assert (lab.match_index("s2"), lab.next_index("s2")) == (3, 4)
        (message,) = lab.sent("s2")
        assert (message.prev_log_index, len(message.entries)) == (3, 1)

    def test_an_older_answer_changes_nothing(self):
        lab = self.behind().installed("s2", 3).stored("s2", 4).installed("s2", 3)
        assert (lab.match_index("s2"), lab.next_index("s2")) == (4, 5)
        lab = self.behind().receive("s2", InstallSnapshotReply(3, 3, 2))
        assert lab.match_index("s2") == 0, "an answer to a request of another term"

    def test_it_counts_as_a_copy(self):
        lab = Lab(5, snapshot_threshold=1).elected().write().stored("s2", 1).stored("s3", 1)
        assert lab.log.snapshot.last_included_index == 1
        lab.write(serial=2).stored("s2", 2)
        assert lab.commit_index == 1
        lab.installed("s4", 2)
        assert lab.commit_index == 2

    def test_it_acknowledges_a_round_of_reads(self):
        """§6.4: any answer of this term shows that nobody else leads."""
        lab = self.behind().write().stored("s3", 5).read("x")
        (message,) = lab.sent("s2")
        lab.receive("s2", InstallSnapshotReply(3, 3, 3, message.round))
        assert [(reply.outcome, reply.value) for reply in lab.replies()] == [("ok", 1)]

    def test_it_answers_for_check_quorum(self):
        lab = self.behind(check_quorum=True).timeout("check_quorum")
        lab.installed("s2", 3).timeout("check_quorum")
        assert lab.role is Role.LEADER

    def test_a_higher_term_in_the_answer_deposes(self):
        lab = self.behind().receive("s2", InstallSnapshotReply(9, 3, 3))
        assert (lab.role, lab.term) == (Role.FOLLOWER, 9)

    def test_a_snapshot_from_before_any_change_of_members_names_the_founders(self):
        plain = Snapshot(3, 2, None, {})
        lab = Lab(3, term=2, snapshot=plain).elected().refused("s2", prev=3)
        (message,) = lab.sent("s2")
        assert message.snapshot.configuration == THREE


class TestReceiving:
    """InstallSnapshot receiver, by number as in dissertation Fig. 5.3."""

    def test_1_a_stale_term_is_answered_and_ignored(self):
        lab = Lab(3, term=4).install("s2", 3, AT_3)
        assert lab.answer() == InstallSnapshotReply(4, 3, 3)
        assert (lab.log.last_index, lab.restarts_election_timer()) == (0, False)

    def test_a_snapshot_comes_from_the_leader_and_is_as_good_as_a_heartbeat(self):
        lab = Lab(3, term=2).timeout().install("s2", 3, AT_3)
        assert (lab.role, lab.term) == (Role.FOLLOWER, 3)
        assert lab.node.state.volatile.leader_id == "s2"
        assert lab.restarts_election_timer()

    def test_6_what_follows_it_stays_if_the_logs_agree_at_its_end(self):
        lab = Lab(3, term=2, log=[1, 1, 2, 2, 2]).install("s2", 2, AT_3)
        assert [entry.index for entry in lab.log] == [4, 5]
        assert lab.notes("snapshot_installed") == [
            {"index": 3, "term": 2, "from": "s2", "kept": 2, "stateMachine": {"x": 7}}
        ]

    def test_7_else_the_whole_log_goes(self):
        lab = Lab(3, term=2, log=[1, 1, 1, 1, 1]).install("s2", 3, AT_3)
        assert (list(lab.log), lab.log.last_index, lab.log.last_term) == ([], 3, 2)
        assert lab.notes("snapshot_installed")[0]["kept"] == 0

    def test_7_so_it_does_where_the_log_ends_before(self):
        lab = Lab(3, term=2, log=[1, 1]).install("s2", 2, AT_3)
        assert (list(lab.log), lab.log.last_index) == ([], 3)

    def test_8_the_state_machine_is_the_snapshots(self):
        lab = Lab(3, term=1).append("s2", 1, entries=[1], commit=1)
        assert lab.state_machine == {"k1": 1}
        lab.install("s2", 2, AT_3)
        assert lab.state_machine == {"x": 7}
        assert (lab.commit_index, lab.last_applied) == (3, 3)
        assert lab.notes("applied") == []

    @pytest.mark.parametrize("commit", [3, 4])
    def test_one_that_tells_nothing_new_is_acknowledged_and_ignored(self, commit):
        lab = applied(commit).install("s2", 2, AT_3)
        assert lab.answer() == InstallSnapshotReply(2, 3, 2)
        assert [entry.index for entry in lab.log] == [1, 2, 3, 4]
        assert lab.state_machine["k1"] == 1

    def test_an_older_one_does_not_bring_the_past_back(self):
        newer = Snapshot(9, 2, THREE, {"x": 9})
        lab = Lab(3, term=2).install("s2", 2, newer).install("s2", 2, AT_3)
        assert (lab.log.last_index, lab.state_machine) == (9, {"x": 9})

    def test_it_is_on_the_disk_before_it_is_acknowledged(self):
        lab = Lab(3, term=2).install("s2", 2, AT_3)
        assert lab.kinds().index("Persist") < lab.kinds().index("Send")
        assert lab.disk.log.snapshot == AT_3

    def test_the_configuration_in_it_is_in_force(self):
        four = Configuration(("s1", "s2", "s3", "s4"))
        lab = Lab(3, term=2).install("s2", 2, Snapshot(3, 2, four))
        assert lab.voters == "s1 s2 s3 s4"
        assert [note["why"] for note in lab.notes("configuration_changed")] == ["installed"]

    def test_one_that_changes_no_members_says_nothing_of_them(self):
        assert Lab(3, term=2).install("s2", 2, AT_3).notes("configuration_changed") == []

    def test_a_later_configuration_in_what_is_kept_stays_in_force(self):
        entries = [1, 1, 2, configuration(4, 2, "s1 s2")]
        lab = Lab(3, term=2, log=entries).install("s2", 2, AT_3)
        assert lab.voters == "s1 s2"

    def test_a_joint_configuration_travels_whole(self):
        joint = Configuration(("s1", "s4"), ("s1", "s2", "s3"))
        lab = Lab(3, term=2).install("s2", 2, Snapshot(3, 2, joint))
        assert (lab.voters, lab.old_voters) == ("s1 s4", "s1 s2 s3")

    def test_a_leader_of_the_same_term_takes_none(self):
        lab = Lab(3).elected().write().install("s2", 1, Snapshot(3, 1, THREE))
        assert (lab.role, lab.terms) == (Role.LEADER, [1])


class TestOverlaps:
    """What a snapshot covers is committed, so that AppendEntries into it agree with it."""

    def test_entries_that_reach_into_the_snapshot_are_a_success(self):
        lab = compacted(3).append("s2", 2, (1, 1), [1, 2, 2, 2], commit=3)
        assert (lab.answer().success, lab.answer().match_index) == (True, 5)
        assert [entry.index for entry in lab.log] == [4, 5]
        assert lab.notes("log_truncated") == []

    def test_entries_that_end_in_it_change_nothing(self):
        lab = compacted(3).append("s2", 2, (0, 0), [1, 1], commit=2)
        assert (lab.answer().success, lab.answer().match_index) == (True, 2)
        assert [entry.index for entry in lab.log] == [4]
        assert lab.commit_index == 3

    def test_a_conflict_behind_it_is_resolved_as_ever(self):
        lab = Lab(3, term=3, snapshot=AT_3, log=[2, 2]).append("s2", 3, (2, 1), [2, 2, 3])
        assert lab.terms == [2, 3]
        assert lab.notes("log_truncated")[0]["from"] == 5


class TestAfterARestart:
    def test_what_the_snapshot_covers_is_not_applied_again(self):
        lab = compacted(3).start()
        assert (lab.commit_index, lab.last_applied) == (3, 3)
        assert lab.state_machine == {"k1": 1, "k2": 1, "k3": 2}
        lab.append("s2", 2, (4, 2), commit=4)
        assert [note["index"] for note in lab.notes("applied")] == [4]

    def test_without_a_snapshot_all_is(self):
        lab = applied(3).start().append("s2", 2, (4, 2), commit=3)
        assert [note["index"] for note in lab.notes("applied")] == [1, 2, 3]

    def test_the_members_are_those_of_the_snapshot(self):
        lab = applied(3, log=[1, configuration(2, 1, "s1 s2"), 2]).order("snapshot").start()
        assert (list(lab.log), lab.voters) == ([], "s1 s2")

    def test_a_configuration_that_is_not_applied_is_not_in_the_snapshot(self):
        lab = applied(1, log=[1, configuration(2, 2, "s1 s2")]).order("snapshot")
        assert lab.log.snapshot.configuration is None and lab.voters == "s1 s2"
        lab.append("s3", 3, (1, 1), [3])
        assert lab.voters == "s1 s2 s3", "and so it can still be rolled back"

    def test_a_rollback_to_the_snapshots_own_configuration(self):
        two = Snapshot(3, 2, Configuration(("s1", "s2")))
        lab = Lab(3, term=2, snapshot=two, log=[configuration(4, 2, "s1 s2 s3")])
        lab.append("s2", 3, (3, 2), [3])
        assert lab.voters == "s1 s2"

    def test_sessions_are_part_of_it(self):
        """§6.3: part of the replicated state, and thus of the snapshot."""
        lab = Lab(3, client_sessions=True).elected().write(serial=4).stored("s2", 1)
        lab.order("snapshot").start()
        assert lab.node.state.volatile.sessions == {"c": Session(4, True, 1)}

    def test_they_arrive_with_it(self):
        session = {"c": Session(4, True, "done")}
        lab = Lab(3, term=2, client_sessions=True)
        lab.install("s2", 2, Snapshot(3, 2, THREE, {"x": 7}, session))
        lab.elected().request({"op": "set", "key": "x", "value": 8}, serial=4)
        assert [(reply.outcome, reply.value) for reply in lab.replies()] == [("ok", "done")]
        assert lab.state_machine == {"x": 7}


def test_a_follower_that_holds_more_than_the_snapshot_is_sent_entries_again():
    """The answer to an ignored snapshot counts up to its end; the next request finds the rest."""
    lab = Lab(3, term=2, snapshot=AT_3, log=[2]).elected().refused("s2", prev=4)
    lab.refused("s2", prev=3).installed("s2", 3)
    lab.receive("s2", AppendEntriesReply(3, True, 4, 3, 3))
    assert (lab.match_index("s2"), lab.next_index("s2")) == (4, 5)
