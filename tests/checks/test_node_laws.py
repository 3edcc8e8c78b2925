"""The laws that every node keeps by itself, on streams made by hand: legal ones pass, others are caught."""

from __future__ import annotations

import pytest

from raftviz.checks import Monitor
from raftviz.raft.messages import AppendEntries, RequestVoteReply
from tests.checks.stream import Stream, only


def test_a_term_that_falls() -> None:
    run = Stream()
    run.term("node1", 3)
    broken = only(run.term("node1", 2), "Terms never fall", 2, 3)
    assert broken.message == "the term of node1 fell from 3 to 2"
    assert run.term("node1", 2) == []


def test_a_term_that_falls_across_a_crash() -> None:
    run = Stream()
    run.term("node1", 3)
    run.crash("node1")
    run.restart("node1")
    only(run.term("node1", 1), "Terms never fall", 2, 6)


@pytest.mark.parametrize("kind", ["crashed", "restarted"])
def test_a_term_that_a_crash_forgets(kind: str) -> None:
    run = Stream()
    run.term("node1", 3)
    run.persist("node1")
    forgotten = ((("nodes", "node1", "term"), 3, 0),)
    only(run.emit(kind, "node1", {}, forgotten), "Terms never fall", 2, 4)


def test_a_term_that_nobody_knew_of_may_be_forgotten_in_a_crash() -> None:
    """It was on no disk yet, and in no message."""
    run = Stream()
    run.term("node1", 2)
    run.persist("node1")
    run.term("node1", 3)
    forgotten = ((("nodes", "node1", "term"), 3, 2),)
    assert run.emit("crashed", "node1", {}, forgotten) == []
    assert run.term("node1", 3) == []


def test_a_term_that_was_told_must_not_be_forgotten_though_no_disk_had_it() -> None:
    run = Stream()
    run.term("node1", 3)
    told = run.seq
    assert run.sent("node1", "node2", AppendEntries(3, "node1", 0, 0, (), 0)) != []
    only(run.crash("node1", saved=False), "Terms never fall", told, run.seq)


def test_a_crash_leaves_a_node_in_the_term_on_its_disk() -> None:
    run = Stream()
    run.term("node1", 2)
    run.persist("node1")
    run.term("node1", 4)
    assert run.crash("node1", saved=False) == []
    assert run.term("node1", 3) == []


def test_a_term_that_falls_on_the_disk() -> None:
    run = Stream()
    run.term("node1", 3)
    run.persist("node1")
    broken = only(run.persist("node1", term=2), "Terms never fall", 3, 4)
    assert broken.message == "the term on the disk of node1 fell from 3 to 2"


def test_a_wiped_disk_may_forget_the_term_but_a_second_vote_is_seen() -> None:
    run = Stream()
    run.term("node1", 3)
    run.votes("node1", "node2", 3)
    run.append("node1", 1, 1)
    run.append("node1", 2, 1)
    run.persist("node1")
    lost = ((("nodes", "node1", "term"), 3, 0),)
    assert run.emit("crashed", "node1", {"wiped": True}, lost) == []
    assert run.restart("node1") == []
    assert run.term("node1", 3) == []
    assert run.append("node1", 1, 3) == []
    only(run.votes("node1", "node3", 3), "One vote a term", 3, 11)


@pytest.mark.parametrize("lost", [0, 1])
def test_a_crash_leaves_a_node_with_the_log_on_its_disk(lost: int) -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    run.replicate(["node1", "node2"], 1, 1)
    committed = run.seq - 3
    run.append("node2", 2, 1)
    run.persist("node2", lastIndex=1 - lost, lastTerm=1 - lost)
    run.crash("node2", saved=False)
    run.restart("node2")
    broken = run.elect("node2", 2)
    if lost:
        only(broken, "Leader Completeness", committed, run.seq)
    else:
        assert broken == []
    with pytest.raises(ValueError, match=f"entry 3 does not follow {1 - lost}"):
        run.append("node2", 3, 2)


def test_nodes_that_start_in_the_middle() -> None:
    run = Stream()
    for node in ("node1", "node2"):
        assert run.append(node, 1, 1, "a", why="given") == []
        assert run.append(node, 2, 3, "b", why="given") == []
        assert run.commit(node, 1, why="given") == []
    assert run.role("node1", "leader", 3, why="given") == []
    assert run.commit("node1", 2) == []
    assert run.apply("node1", 2, 3, "b") == []
    assert run.append("node3", 1, 1, "a") == []
    assert run.commit("node3", 1) == []
    assert run.apply("node3", 1, 1, "a") == []


def test_a_leader_that_starts_in_the_middle_is_not_asked_how_it_won() -> None:
    run = Stream()
    run.append("node1", 1, 1, why="given")
    run.commit("node1", 1, why="given")
    assert run.role("node2", "leader", 3, why="given") == []


def test_nodes_that_start_with_different_committed_entries() -> None:
    run = Stream()
    run.append("node1", 1, 1, "a", why="given")
    run.commit("node1", 1, why="given")
    run.append("node2", 1, 2, "b", why="given")
    only(run.commit("node2", 1, why="given"), "State Machine Safety", 3, 5)


def test_two_votes_in_one_term() -> None:
    run = Stream()
    run.votes("node1", "node2", 1)
    broken = only(run.votes("node1", "node3", 1), "One vote a term", 2, 3)
    assert broken.message == "node1 voted for node3 in term 1, having voted for node2 in it"


def test_two_votes_in_one_term_across_a_crash() -> None:
    run = Stream()
    run.term("node1", 1)
    run.votes("node1", "node2", 1)
    run.crash("node1")
    run.restart("node1")
    only(run.votes("node1", "node3", 1), "One vote a term", 3, 7)


def test_a_vote_that_nobody_knew_of_may_be_given_again_after_a_crash() -> None:
    run = Stream()
    run.term("node1", 1)
    run.votes("node1", "node2", 1)
    run.crash("node1", saved=False)
    run.term("node1", 1)
    assert run.votes("node1", "node3", 1) == []
    run.persist("node1")
    only(run.votes("node1", "node2", 1), "One vote a term", 6, 8)


def test_a_vote_that_was_left_out_of_what_was_written_may_be_given_again() -> None:
    run = Stream()
    run.term("node1", 1)
    run.votes("node1", "node2", 1)
    run.persist("node1", votedFor=None)
    assert run.sent("node1", "node3", RequestVoteReply(1, False)) == []
    run.crash("node1", saved=False)
    assert run.votes("node1", "node3", 1) == []


def test_a_vote_is_not_on_disk_because_of_a_write_from_before_it() -> None:
    run = Stream()
    run.term("node1", 2)
    run.votes("node1", "node2", 2)
    run.persist("node1", term=1, votedFor=None)
    run.crash("node1", saved=False)
    assert run.votes("node1", "node3", 2) == []


def test_a_vote_that_was_told_counts_though_no_disk_had_it() -> None:
    run = Stream()
    run.term("node1", 1)
    run.votes("node1", "node2", 1)
    run.persist("node1", votedFor=None)
    assert run.sent("node1", "node2", RequestVoteReply(1, True)) != []
    run.crash("node1", saved=False)
    only(run.votes("node1", "node3", 1), "One vote a term", 3, 7)


def test_repeated_refused_and_later_votes_are_legal() -> None:
    run = Stream()
    assert run.votes("node1", "node2", 1) == []
    assert run.votes("node1", "node2", 1) == []
    assert run.votes("node1", "node3", 1, granted=False) == []
    assert run.votes("node1", "node3", 2) == []
    assert run.votes("node2", "node3", 1) == []


def test_a_commit_index_beyond_the_log() -> None:
    run = Stream()
    run.append("node1", 1, 1)
    broken = only(run.commit("node1", 2), "commitIndex within the log", 2, 3)
    assert broken.message == "node1 moved commitIndex to 2, but its log ends at index 1"


def test_a_commit_index_that_falls() -> None:
    run = Stream()
    run.append("node1", 1, 1)
    run.append("node1", 2, 1)
    run.commit("node1", 2)
    only(run.commit("node1", 1), "commitIndex within the log", 4, 5)


def test_a_commit_index_falls_by_a_restart() -> None:
    run = Stream()
    run.append("node1", 1, 1)
    run.append("node1", 2, 1)
    run.commit("node1", 2)
    run.crash("node1")
    run.restart("node1")
    assert run.commit("node1", 1) == []


def test_committed_entries_removed() -> None:
    run = Stream()
    run.append("node1", 1, 1)
    run.append("node1", 2, 1)
    run.commit("node1", 1)
    assert run.truncate("node1", 2, 2) == []
    only(run.truncate("node1", 1, 1), "commitIndex within the log", 4, 6)


def test_committed_entries_written_over() -> None:
    run = Stream()
    run.append("node1", 1, 1)
    run.commit("node1", 1)
    only(run.append("node1", 1, 2), "commitIndex within the log", 3, 4)


def test_applied_before_committed() -> None:
    run = Stream()
    run.append("node1", 1, 1)
    broken = only(run.apply("node1", 1, 1), "commitIndex within the log", 1, 3)
    assert broken.message == "node1 applied the entry at index 1, but its commitIndex is 0"


def test_applied_out_of_order() -> None:
    run = Stream()
    run.append("node1", 1, 1)
    run.append("node1", 2, 1)
    run.commit("node1", 2)
    only(run.apply("node1", 2, 1), "commitIndex within the log", 1, 5)


def test_applied_twice() -> None:
    run = Stream()
    run.append("node1", 1, 1)
    run.commit("node1", 1)
    run.apply("node1", 1, 1)
    only(run.apply("node1", 1, 1), "commitIndex within the log", 4, 5)


def test_roles_go_the_ways_of_figure_4() -> None:
    run = Stream()
    for role in ("precandidate", "follower", "precandidate", "candidate", "precandidate"):
        assert run.role("node1", role, 1, why="election_timeout") == []
    for role in ("candidate", "follower", "candidate", "leader", "follower"):
        assert run.role("node1", role, 1, why="election_timeout") == []
    assert run.role("node2", "leader", 2, why="given") == []


@pytest.mark.parametrize(
    ("before", "role"),
    [
        ([], "leader"),
        (["precandidate"], "leader"),
        (["candidate", "leader"], "candidate"),
        (["candidate", "leader"], "precandidate"),
    ],
)
def test_roles_go_no_other_way(before: list[str], role: str) -> None:
    run = Stream()
    for earlier in before:
        assert run.role("node1", earlier, 1) == []
    at = run.seq
    broken = only(run.role("node1", role, 1), "Role transitions", at, at + 1)
    was = before[-1] if before else "follower"
    assert broken.message == f"node1 was {was} and became {role}"


def test_a_crash_makes_a_leader_a_follower() -> None:
    run = Stream()
    run.elect("node1", 1)
    run.crash("node1")
    run.restart("node1")
    assert run.role("node1", "candidate", 2) == []


@pytest.mark.parametrize("overwritten", [False, True])
def test_a_committed_entry_that_the_server_does_not_know_to_be_committed(overwritten: bool) -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    run.replicate(["node1"], 1, 1)
    committed = run.seq - 1
    run.append("node2", 1, 1)
    remove = run.append("node2", 1, 2) if overwritten else run.truncate("node2", 1, 1)
    broken = only(remove, "Committed entries stay", committed, committed + 3)
    assert broken.message == (
        "node2 removed its entry at index 1, which node1 knew to be committed in term 1"
    )


def test_an_entry_in_the_place_of_a_committed_one_may_go() -> None:
    run = Stream()
    run.elect("node1", 2, ["node2"])
    run.replicate(["node1", "node2"], 1, 2)
    run.append("node3", 1, 1)
    assert run.truncate("node3", 1, 1) == []


def test_a_log_with_a_hole_cannot_come_from_a_run() -> None:
    run = Stream()
    with pytest.raises(ValueError, match="entry 2 does not follow 0"):
        run.append("node1", 2, 1)


@pytest.mark.parametrize(
    "kind", ["message_delayed", "timer_cancelled", "vote_counted", "link_changed"]
)
def test_other_kinds_are_passed_over(kind: str) -> None:
    assert Stream().emit(kind, "node1", {"nothing": "of", "what": "others need"}) == []


def test_nextIndex_is_a_guess_and_passed_over() -> None:
    run = Stream()
    assert run.index("node1", "nextIndex", 99) == []


def test_a_copy_goes_its_own_way() -> None:
    run = Stream()
    run.elect("node1", 1)
    run.append("node1", 1, 1, "a")
    original, twin = run.monitor, run.monitor.copy()
    assert isinstance(twin, Monitor)

    run.monitor = twin
    assert run.commit("node1", 1) == []
    assert run.apply("node1", 1, 1, "a") == []
    assert run.truncate("node1", 1, 1) != []
    assert run.term("node2", 9) == []

    run.monitor = original
    run.term("node2", 1)
    only(run.win("node2", 1), "Election Safety", 6, run.seq)
    assert run.append("node2", 1, 2, "b") == []
    assert run.commit("node2", 1) == []
    assert run.apply("node2", 1, 2, "b") == []
    assert run.term("node2", 2) == []


def test_a_copy_serves_clients_of_its_own() -> None:
    run = Stream()
    for index in (1, 2):
        run.append("node1", index, 1, client="c", serial=1)
    run.commit("node1", 2)
    original, twin = run.monitor, run.monitor.copy()
    run.monitor = twin
    run.asks("reader", 1)
    run.apply("node1", 1, 1, client="c", serial=1)
    run.answers("node1", "c", 1, "v", cause=run.seq)
    run.emit("lease_changed", "node1", {"held": True, "why": "acknowledged"})

    run.monitor = original
    assert run.answers("node2", "reader", 1, "v", why="read_index", index=0) == []
    assert run.answers("node2", "c", 1, "w") == []
    assert run.emit("lease_changed", "node2", {"held": True, "why": "acknowledged"}) == []
    run.append("node2", 1, 1, client="c", serial=1)
    run.append("node2", 2, 1, client="c", serial=1)
    run.commit("node2", 2)
    run.apply("node2", 1, 1, client="c", serial=1, duplicate=True)
    assert run.apply("node2", 2, 1, client="c", serial=1) == []

    run.monitor = twin
    assert run.answers("node2", "reader", 1, "v", why="read_index", index=0) != []
    assert run.answers("node2", "c", 1, "w") != []
    assert run.emit("lease_changed", "node2", {"held": True, "why": "acknowledged"}) != []
