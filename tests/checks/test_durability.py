"""What must be on disks before it is spoken of, and what leaders conclude from what they hear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.protocols.base import Message
from raftviz.raft.log import Snapshot
from raftviz.raft.messages import (
    AppendEntries,
    AppendEntriesReply,
    InstallSnapshot,
    InstallSnapshotReply,
    PreVote,
    PreVoteReply,
    RequestVote,
    RequestVoteReply,
    TimeoutNow,
)
from tests.checks.stream import Stream, only

PERSISTED = "Persisted before answered"
QUORUM = "Commit by quorum"
BELIEF = "Leader knows what it believes"


def stored(match_index: int, term: int = 1) -> AppendEntriesReply:
    return AppendEntriesReply(term, True, match_index, term, 0)


# Persisted before answered.


@pytest.mark.parametrize(
    "message",
    [
        RequestVote(2, "node1", 0, 0),
        RequestVoteReply(2, False, "refused_log_behind"),
        AppendEntries(2, "node1", 0, 0, (), 0),
        AppendEntriesReply(2, False, 0, 2, 0),
        InstallSnapshot(2, "node1", Snapshot(1, 1)),
        InstallSnapshotReply(2, 1, 1),
        PreVoteReply(2, False, "refused_stale_term"),
        TimeoutNow(2, "node1"),
    ],
)
def test_a_message_speaks_of_a_term_that_is_not_on_disk(message: Message) -> None:
    run = Stream()
    run.term("node1", 1)
    run.persist("node1")
    run.term("node1", 2)
    broken = only(run.sent("node1", "node2", message), PERSISTED, 3, 5)
    kind = f"{message.TYPE} reply" if message.REPLY else message.TYPE
    assert broken.message == f"node1 sent {kind} to node2 in term 2, but its disk says term 1"
    assert broken.node == "node1"


@pytest.mark.parametrize("message", [PreVote(2, "node1", 0, 0), PreVoteReply(2, True)])
def test_a_term_to_come_need_not_be_on_disk(message: Message) -> None:
    run = Stream()
    run.term("node1", 1)
    run.persist("node1")
    assert run.sent("node1", "node2", message) == []


def test_an_older_term_is_on_disk_too() -> None:
    """An answer to a stale request says the own term; a late message may say an older one."""
    run = Stream()
    run.term("node1", 2)
    run.persist("node1")
    assert run.sent("node1", "node2", AppendEntries(1, "node1", 0, 0, (), 0)) == []


def test_a_vote_that_is_on_disk_may_be_told() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    assert run.sent("node1", "node2", RequestVote(1, "node1", 0, 0)) == []
    assert run.sent("node2", "node1", RequestVoteReply(1, True)) == []


@pytest.mark.parametrize("held", [None, "node3"])
def test_a_vote_that_is_not_on_disk_is_told(held: str | None) -> None:
    run = Stream()
    run.term("node2", 1)
    run.votes("node2", "node1", 1)
    run.persist("node2", votedFor=held)
    broken = only(run.sent("node2", "node1", RequestVoteReply(1, True)), PERSISTED, 4, 5)
    assert broken.message == (
        "node2 sent RequestVote reply to node1 with a vote of term 1 that is not on its disk"
    )


def test_a_candidate_asks_for_votes_before_its_own_is_on_disk() -> None:
    run = Stream()
    run.term("node1", 1)
    run.persist("node1")
    run.votes("node1", "node1", 1)
    only(run.sent("node1", "node2", RequestVote(1, "node1", 0, 0)), PERSISTED, 3, 5)


def test_an_older_vote_does_not_stand_for_one_of_this_term() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    run.term("node2", 2)
    run.persist("node2", votedFor="node1", term=1)
    only(run.sent("node2", "node1", RequestVoteReply(2, True)), PERSISTED, run.seq - 1, run.seq)


def test_a_newer_vote_does_not_stand_for_one_of_an_older_term() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    run.elect("node1", 2, ["node2"])
    only(run.sent("node2", "node1", RequestVoteReply(1, True)), PERSISTED, run.seq - 2, run.seq)


def test_entries_are_acknowledged_before_they_are_on_disk() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    run.append("node2", 1, 1)
    run.persist("node2")
    assert run.sent("node2", "node1", stored(1)) == []
    run.append("node2", 2, 1)
    broken = only(run.sent("node2", "node1", stored(2)), PERSISTED, run.seq - 3, run.seq)
    assert broken.message == (
        "node2 sent AppendEntries reply to node1 for the log up to index 2, "
        "but the one on its disk ends at index 1"
    )


def test_the_disk_holds_another_log_than_the_acknowledged_one() -> None:
    run = Stream()
    for term in (1, 1):
        run.append("node2", len(run.of("node2").terms) + 1, term)
    run.term("node2", 2)
    run.persist("node2")
    assert run.sent("node2", "node1", stored(2, 2)) == []
    run.truncate("node2", 2, 2)
    run.append("node2", 2, 2)
    broken = only(run.sent("node2", "node1", stored(2, 2)), PERSISTED, run.seq - 4, run.seq)
    assert broken.message.endswith("but the one on its disk is another up to there")
    run.persist("node2")
    run.crash("node2")
    assert run.sent("node2", "node1", stored(2, 2)) == []


def test_a_log_that_shrinks_and_grows_again_alike_needs_no_writing() -> None:
    run = Stream()
    run.append("node2", 1, 1, "a")
    run.append("node2", 2, 1, "b")
    run.term("node2", 1)
    run.persist("node2")
    run.truncate("node2", 2, 2)
    run.append("node2", 2, 1, "b")
    assert run.sent("node2", "node1", stored(2)) == []


def test_a_snapshot_is_acknowledged_before_it_is_on_disk() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    run.replicate(["node1"], 1, 1)
    run.snapshot("node1", 1, 1)
    assert run.install("node2", 1, 1) == []
    twin = run.monitor.copy()
    run.persist("node2")
    assert run.sent("node2", "node1", InstallSnapshotReply(1, 1, 1)) == []
    run.monitor = twin
    broken = run.sent("node2", "node1", InstallSnapshotReply(1, 1, 1))
    assert [violation.property for violation in broken] == [PERSISTED]
    assert broken[0].message.endswith(
        "for the log up to index 1, but the one on its disk ends at index 0"
    )


def test_the_disk_holds_another_log_than_the_snapshot_stands_for() -> None:
    run = Stream()
    for node in ("node1", "node2"):
        run.append(node, 1, 1, node)
    run.append("node2", 2, 1)
    run.elect("node1", 2, ["node2"])
    assert run.commit("node1", 1) == []
    assert run.install("node2", 1, 1) == []
    assert len(run.sent("node2", "node1", InstallSnapshotReply(2, 1, 2))) == 1
    assert run.sent("node2", "node1", InstallSnapshotReply(2, 9, 1)) == []  # it refuses a stale one


def test_a_disk_that_is_behind_holds_an_older_log() -> None:
    run = Stream()
    run.append("node2", 1, 1)
    run.append("node2", 2, 1)
    run.term("node2", 2)
    run.truncate("node2", 2, 2)
    run.append("node2", 2, 2)
    run.persist("node2", lastTerm=1)
    assert len(run.sent("node2", "node1", stored(2, 2))) == 1


def test_a_log_that_is_shorter_than_what_is_acknowledged() -> None:
    run = Stream()
    run.append("node2", 1, 1)
    run.append("node2", 2, 1)
    run.persist("node2")
    run.truncate("node2", 2, 2)
    assert len(run.sent("node2", "node1", stored(2, 0))) == 1


def test_it_is_told_once_until_the_node_restarts() -> None:
    run = Stream()
    run.term("node1", 1)
    for _ in range(2):
        assert len(run.sent("node1", "node2", AppendEntries(1, "node1", 0, 0, (), 0))) == 1
        assert run.sent("node1", "node3", AppendEntries(1, "node1", 0, 0, (), 0)) == []
        run.crash("node1", saved=False)
        run.restart("node1")


def test_a_forged_message_is_nobodys() -> None:
    run = Stream()
    run.emit("command", None, {"command": {"inject": {}}})
    command = run.seq
    forged = AppendEntries(9, "node1", 0, 0, (), 0)
    assert run.sent("node1", "node2", forged, cause=command) == []
    run.emit("command", None, {"command": {"settle": True}})
    assert len(run.sent("node1", "node2", forged, cause=run.seq)) == 1


# Commit by quorum.


ELECTED = 9
"""The event by which node1 leads; the one before wrote node2's vote to its disk."""


def leader_of(nodes: int) -> Stream:
    """node1 leads term 1 and has two entries of it on its disk."""
    run = Stream(nodes)
    run.elect("node1", 1, ["node2"])
    assert run.seq == ELECTED
    for index in (1, 2):
        run.append("node1", index, 1)
    run.persist("node1")
    return run


def test_a_majority_has_what_is_committed() -> None:
    run = leader_of(3)
    for index in (1, 2):
        run.append("node2", index, 1)
    run.persist("node2")
    assert run.count("node1", 2) == []


def test_an_entry_is_committed_that_only_the_leader_has() -> None:
    run = leader_of(3)
    broken = only(run.count("node1", 2), QUORUM, ELECTED - 1, run.seq)
    assert broken.message == (
        "node1 committed the entry at index 2, which 1 of node1, node2, node3 has on disk"
    )


def test_an_entry_in_memory_is_not_counted() -> None:
    run = leader_of(3)
    run.append("node2", 1, 1)
    run.persist("node2")
    on_disk = run.seq
    run.append("node2", 2, 1)
    only(run.count("node1", 2), QUORUM, on_disk, run.seq)


def test_the_leaders_own_entry_counts_only_when_it_is_on_disk() -> None:
    run = Stream(3)
    run.elect("node1", 1, ["node2"])
    run.append("node1", 1, 1)
    run.append("node2", 1, 1)
    run.persist("node2")
    twin = run.monitor.copy()
    run.persist("node1")
    assert run.count("node1", 1) == []
    run.monitor = twin
    assert [violation.property for violation in run.count("node1", 1)] == [QUORUM]


def test_other_entries_at_the_index_are_not_counted() -> None:
    run = leader_of(3)
    for node in ("node2", "node3"):
        run.append(node, 1, 1)
        run.append(node, 2, 1, "other")
        run.persist(node)
    assert [violation.property for violation in run.count("node1", 2)] == [QUORUM]


def test_half_of_an_even_number_is_no_majority() -> None:
    run = leader_of(4)
    for index in (1, 2):
        run.append("node2", index, 1)
    run.persist("node2")
    assert [violation.property for violation in run.count("node1", 2)] == [QUORUM]


def test_an_entry_of_an_older_term_is_committed_by_counting() -> None:
    run = Stream(3)
    run.elect("node1", 1, ["node2"])
    run.append("node1", 1, 1)
    appended = run.seq
    run.append("node2", 1, 1)
    run.persist("node2")
    run.elect("node1", 2, ["node2"])
    broken = only(run.count("node1", 1), QUORUM, appended, run.seq)
    assert broken.message == (
        "node1 leads term 2 and committed by counting the entry of term 1 at index 1"
    )


def test_an_entry_of_an_older_term_is_committed_with_one_of_the_own() -> None:
    run = Stream(3)
    run.elect("node1", 1, ["node2"])
    run.append("node1", 1, 1)
    run.elect("node1", 2, ["node2"])
    run.append("node1", 2, 2)
    run.append("node2", 1, 1)
    run.append("node2", 2, 2)
    run.persist("node1")
    run.persist("node2")
    assert run.count("node1", 2) == []


def test_a_follower_need_not_count() -> None:
    run = leader_of(3)
    run.append("node2", 1, 1)
    assert run.commit("node2", 1) == []


def test_a_leader_that_miscounts_is_told_of_once_a_term() -> None:
    run = leader_of(3)
    assert len(run.count("node1", 1)) == 1
    assert run.count("node1", 2) == []
    run.elect("node1", 2)
    run.append("node1", 3, 2)
    assert len(run.count("node1", 3)) == 1


def test_a_wiped_disk_holds_nothing_whatever_it_promised() -> None:
    run = leader_of(3)
    for index in (1, 2):
        run.append("node2", index, 1)
    run.persist("node2")
    run.emit("crashed", "node2", {"wiped": True})
    only(run.count("node1", 2), QUORUM, run.seq - 1, run.seq)


def test_what_a_snapshot_covers_is_on_disk() -> None:
    run = leader_of(3)
    for index in (1, 2):
        run.append("node2", index, 1)
    run.persist("node2")
    assert run.count("node1", 1) == []
    assert run.apply("node1", 1, 1) == []
    assert run.snapshot("node1", 1, 1) == []
    run.persist("node1")
    assert run.count("node1", 2) == []


# Leader knows what it believes.


def test_a_follower_holds_what_the_leader_believes() -> None:
    run = leader_of(3)
    run.append("node2", 1, 1)
    run.persist("node2")
    assert run.index("node1", "matchIndex", 1, peer="node2") == []


def test_a_leader_believes_too_much() -> None:
    run = leader_of(3)
    run.append("node2", 1, 1)
    run.persist("node2")
    on_disk = run.seq
    run.append("node2", 2, 1)
    broken = only(run.index("node1", "matchIndex", 2, peer="node2"), BELIEF, on_disk, run.seq)
    assert broken.message == (
        "node1 took the log of node2 to agree with its own up to index 2, "
        "but the one on the disk of node2 does not"
    )
    assert run.index("node1", "matchIndex", 2, peer="node2") == []


def test_a_leader_believes_that_a_differing_log_agrees() -> None:
    run = leader_of(3)
    run.append("node2", 1, 1, "other")
    run.persist("node2")
    only(run.index("node1", "matchIndex", 1, peer="node2"), BELIEF, run.seq - 1, run.seq)


def test_a_leader_believes_in_more_than_it_has_itself() -> None:
    run = leader_of(3)
    only(run.index("node1", "matchIndex", 3, peer="node2"), BELIEF, ELECTED - 1, run.seq)


def test_a_follower_in_another_term_may_have_lost_what_it_acknowledged() -> None:
    run = leader_of(3)
    run.term("node2", 2)
    run.persist("node2")
    assert run.index("node1", "matchIndex", 2, peer="node2") == []


def test_a_leader_compares_what_its_snapshot_covers() -> None:
    run = leader_of(3)
    for index in (1, 2):
        run.append("node2", index, 1)
        run.append("node3", index, 1, "other")
    run.persist("node2")
    run.term("node3", 1)
    run.persist("node3")
    run.count("node1", 2)
    for index in (1, 2):
        run.apply("node1", index, 1)
    run.snapshot("node1", 2, 1)
    assert run.index("node1", "matchIndex", 1, peer="node2") == []
    assert len(run.index("node1", "matchIndex", 1, peer="node3")) == 1


def test_a_server_of_which_nothing_was_heard_cannot_be_judged() -> None:
    run = leader_of(3)
    assert run.index("node1", "matchIndex", 2, peer="node9") == []


# The same question asked slowly: a node's log and its disk as plain lists.

STEPS = st.one_of(
    st.tuples(st.just("append"), st.sampled_from("ab")),
    st.tuples(st.just("truncate"), st.integers(1, 4)),
    st.tuples(st.just("snapshot"), st.integers(1, 4)),
    st.tuples(st.just("persist"), st.just(0)),
    st.tuples(st.just("crash"), st.just(0)),
)


@given(st.lists(STEPS, max_size=25))
def test_what_is_on_disk_agrees_with_the_slow_check(steps: list[tuple[str, int | str]]) -> None:
    run = Stream()
    memory: list[tuple[int, str]] = []
    disk: list[tuple[int, str]] = []
    covered = covered_on_disk = term = 0
    for step, how in steps:
        if step == "append":
            term += 1  # so that no two entries are alike by mistake
            memory.append((term, str(how)))
            run.term("node2", term)
            assert run.append("node2", len(memory), term, how) == []
        elif step == "truncate" and covered < int(how) <= len(memory):
            run.truncate("node2", int(how), len(memory))
            del memory[int(how) - 1 :]
        elif step == "snapshot" and covered < int(how) <= len(memory):
            covered = int(how)
            run.snapshot("node2", covered, memory[covered - 1][0])
        elif step == "persist":
            disk, covered_on_disk = list(memory), covered
            run.persist("node2")
        elif step == "crash":
            memory, covered = list(disk), covered_on_disk
            run.crash("node2", saved=False)
            written = run.of("node2")
            written.terms = [term for term, _ in memory[covered:]]
            written.snapshot = (covered, memory[covered - 1][0] if covered else 0)
        for index in range(1, len(memory) + 1):
            asked = run.monitor.copy()
            asked, run.monitor = run.monitor, asked
            broken = run.sent("node2", "node1", stored(index, 0))
            run.monitor = asked
            assert bool(broken) == (disk[:index] != memory[:index])
