"""Snapshots: what they cover stays part of the log, and must have been committed."""

from __future__ import annotations

import pytest

from raftviz.checks import Violation
from tests.checks.stream import Stream, only

SAFETY = "State Machine Safety"
INDEXES = "commitIndex within the log"


def compacted(entries: int = 3, upto: int = 2) -> Stream:
    """node1 and node2 hold some committed entries; node1 has a snapshot of the first ones."""
    run = Stream()
    run.elect("node1", 1, ["node2"])
    for index in range(1, entries + 1):
        run.replicate(["node1", "node2"], index, 1, f"v{index}")
    assert run.snapshot("node1", upto, 1) == []
    assert run.persist("node1") == []
    return run


def test_a_log_goes_on_after_a_snapshot() -> None:
    run = compacted()
    assert run.append("node1", 4, 1) == []
    assert run.persist("node1") == []
    assert run.append("node2", 4, 1) == []
    assert run.persist("node2") == []
    assert run.count("node1", 4) == []
    assert run.apply("node1", 4, 1) == []
    assert run.snapshot("node1", 4, 1, "threshold") == []
    assert run.append("node1", 5, 1) == []


def test_entries_are_compared_with_what_a_snapshot_covers() -> None:
    run = compacted()
    run.append("node3", 1, 1, "v1")
    broken = run.append("node3", 2, 1, "other")
    assert [violation.property for violation in broken] == ["Log Matching"]


def test_a_snapshot_taken_of_what_is_not_applied() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    run.replicate(["node1", "node2"], 1, 1)
    applied = run.seq - 2
    run.append("node1", 2, 1)
    broken = only(run.snapshot("node1", 2, 1), INDEXES, applied, run.seq)
    assert broken.message == (
        "node1 took a snapshot of the entries up to index 2, but has applied only those up to 1"
    )


def test_a_follower_far_behind_takes_the_snapshot_over_and_goes_on() -> None:
    run = compacted()
    assert run.append("node3", 1, 1, "v1") == []
    assert run.install("node3", 2, 1) == []
    assert run.persist("node3") == []
    assert run.append("node3", 3, 1, "v3") == []
    assert run.commit("node3", 3) == []
    assert run.apply("node3", 3, 1, "v3") == []
    assert run.elect("node3", 2) == []


def test_a_snapshot_is_not_written_over() -> None:
    run = compacted()
    with pytest.raises(ValueError, match="entry 2 does not follow"):
        run.append("node1", 2, 1)


def test_a_snapshot_of_other_entries_than_were_committed_is_told_of_no_further() -> None:
    """Its state machine has been told of; what it covers agrees with another such log."""
    run = compacted()
    for node in ("node3", "node4"):
        for index in (1, 2):
            run.append(node, index, 0, "other")
        run.term(node, 2)
        run.persist(node)
    run.commit("node3", 2)
    assert len(run.apply("node3", 1, 0, "other")) == 1
    run.apply("node3", 2, 0, "other")
    assert run.snapshot("node3", 2, 0) == []
    assert run.index("node3", "matchIndex", 1, peer="node4") == []


def test_a_snapshot_says_how_much_is_committed() -> None:
    run = compacted()
    run.install("node3", 2, 1)
    installed = run.seq
    broken = only(run.commit("node3", 1), INDEXES, installed, run.seq)
    assert broken.message == "the commitIndex of node3 fell from 2 to 1"


def test_what_follows_a_snapshot_may_stay() -> None:
    run = compacted()
    for index in (1, 2, 3):
        run.append("node3", index, 1, f"v{index}")
    assert run.install("node3", 2, 1, kept=1) == []
    assert run.append("node3", 4, 1) == []
    assert run.commit("node3", 3) == []
    assert run.apply("node3", 3, 1, "v3") == []


def test_committed_entries_after_a_snapshot_are_discarded_with_it() -> None:
    run = compacted()
    committed = run.seq - 5
    for index in (1, 2, 3):
        run.append("node3", index, 1, f"v{index}")
    broken = only(run.install("node3", 2, 1), "Committed entries stay", committed, run.seq)
    assert "node3 removed its entry at index 3, which node1 knew" in broken.message


def test_a_log_that_differs_goes_with_all_of_it() -> None:
    run = compacted()
    for index in (1, 2, 3):
        run.append("node3", index, 0, "never")
    assert run.install("node3", 2, 1) == []
    assert run.append("node3", 3, 1, "v3") == []


def test_a_snapshot_of_what_was_never_committed() -> None:
    run = compacted()
    broken = run.install("node3", 4, 1)
    latest = run.seq - 6
    assert only(broken, SAFETY, latest, run.seq).message == (
        "node3 took over a snapshot of the entries up to index 4, "
        "but no server knew more to be committed than those up to 3"
    )


def test_a_snapshot_where_nothing_is_committed() -> None:
    run = Stream()
    only(run.install("node3", 1, 1), SAFETY, 1, 2)


def test_a_snapshot_that_ends_with_another_entry_than_was_committed() -> None:
    run = compacted()
    broken = run.install("node3", 2, 7)
    assert [violation.property for violation in broken] == [SAFETY]
    assert broken[0].message == (
        "node3 took over a snapshot that ends with an entry of term 7 at index 2, "
        "but node1 knew one of term 1 to be committed there"
    )
    assert broken[0].facts[1] == run.seq


def test_an_older_snapshot_sets_nobody_back() -> None:
    run = compacted()
    run.emit("command", None, {"command": {"settle": True}})
    broken = run.install("node2", 2, 1, kept=1)
    applied = run.seq - 4
    assert only(broken, INDEXES, applied, run.seq).message == (
        "node2 went back to a snapshot of the entries up to index 2, having applied those up to 3"
    )


def test_a_crash_leaves_the_snapshot_and_what_it_says() -> None:
    run = compacted()
    run.crash("node1")
    run.restart("node1")
    assert run.commit("node1", 3) == []
    assert run.apply("node1", 3, 1, "v3") == []


def test_a_crash_does_not_set_commitIndex_back_behind_the_snapshot() -> None:
    run = compacted()
    run.crash("node1")
    run.restart("node1")
    restarted = run.seq
    only(run.commit("node1", 1), INDEXES, restarted, run.seq)


@pytest.mark.parametrize("index", [1, 2])
def test_what_the_snapshot_covers_is_not_applied_again(index: int) -> None:
    run = compacted()
    run.crash("node1")
    run.restart("node1")
    run.commit("node1", 3)
    broken = run.apply("node1", index, 1, f"v{index}")
    assert [violation.property for violation in broken] == [INDEXES]


def test_a_snapshot_that_was_not_on_disk_is_gone_after_a_crash() -> None:
    """The entries that it covered are back, and are committed and applied again."""
    run = Stream()
    run.elect("node1", 1, ["node2"])
    for index in (1, 2, 3):
        run.replicate(["node1", "node2"], index, 1, f"v{index}")
    run.snapshot("node1", 2, 1)
    run.crash("node1", saved=False)
    run.restart("node1")
    assert run.commit("node1", 1) == []
    assert run.apply("node1", 1, 1, "v1") == []
    assert run.commit("node1", 3) == []
    assert run.apply("node1", 2, 1, "v2") == []
    assert run.apply("node1", 3, 1, "v3") == []
    assert run.append("node1", 4, 2) == []


def test_a_leader_whose_log_begins_with_a_snapshot_has_what_it_covers() -> None:
    run = compacted()
    assert run.elect("node1", 2, ["node2"]) == []


def test_a_leader_with_only_a_snapshot_lacks_what_comes_after() -> None:
    run = compacted()
    committed = run.seq - 5
    run.install("node3", 2, 1)
    only(run.elect("node3", 2), "Leader Completeness", committed, run.seq)


# Nodes that start with a snapshot.


def given(run: Stream, node: str, index: int = 5, term: int = 2) -> list[Violation]:
    return run.snapshot(node, index, term, why="given")


def test_nodes_that_start_with_the_same_snapshot() -> None:
    run = Stream()
    for node in ("node1", "node2"):
        assert given(run, node) == []
        assert run.append(node, 6, 2, why="given") == []
        assert run.commit(node, 6, why="given") == []
        assert run.persist(node) == []
    assert run.elect("node1", 3, ["node2"]) == []
    assert run.append("node1", 7, 3) == []
    assert run.install("node3", 5, 2) == []
    assert run.append("node3", 6, 2) == []
    broken = run.append("node3", 7, 3, "other")
    assert [violation.property for violation in broken] == ["Log Matching"]
    assert run.index("node1", "matchIndex", 3, peer="node2") == []


def test_a_snapshot_of_less_than_one_that_was_given() -> None:
    run = Stream()
    given(run, "node1")
    assert run.install("node3", 3, 1) == []
    assert run.install("node3", 5, 2) == []


def test_nobody_can_tell_what_a_snapshot_on_a_disk_covers() -> None:
    run = Stream()
    given(run, "node2")
    run.persist("node2")
    for index in range(1, 7):
        run.append("node1", index, 2, f"v{index}", why="given")
    run.commit("node1", 6, why="given")
    assert run.install("node2", 6, 2) == []
    run.elect("node1", 3)
    run.term("node2", 3)
    assert run.index("node1", "matchIndex", 3, peer="node2") == []


@pytest.mark.parametrize("first", ["snapshot", "log"])
def test_one_starts_with_a_snapshot_and_one_with_the_log_that_it_covers(first: str) -> None:
    run = Stream()

    def whole_log() -> None:
        for index in range(1, 7):
            assert run.append("node1", index, 2, f"v{index}", why="given") == []
        assert run.commit("node1", 6, why="given") == []
        assert run.persist("node1") == []

    def from_snapshot() -> None:
        assert given(run, "node2") == []
        assert run.append("node2", 6, 2, "v6", why="given") == []
        assert run.commit("node2", 6, why="given") == []
        assert run.persist("node2") == []

    for start in (whole_log, from_snapshot) if first == "log" else (from_snapshot, whole_log):
        start()
    assert run.elect("node2", 3, ["node1"]) == []
    assert run.snapshot("node1", 2, 2) == []
    run.crash("node1", saved=False)
    run.restart("node1")
    run.of("node1").snapshot, run.of("node1").terms = (0, 0), [2] * 6
    for index in range(1, 6):
        assert run.append("node3", index, 2, f"v{index}") == []
        assert run.commit("node3", index) == []
        assert run.apply("node3", index, 2, f"v{index}") == []
    assert run.commit("node1", 6) == []
    for index in range(1, 7):
        assert run.apply("node1", index, 2, f"v{index}") == []
    assert run.elect("node1", 4, ["node2"]) == []
    assert len(run.append("node3", 6, 2, "other")) == 1


def test_snapshots_that_cannot_both_be_committed() -> None:
    run = Stream()
    given(run, "node1", 5, 2)
    broken = only(given(run, "node2", 5, 3), SAFETY, 2, 3)
    assert broken.message == (
        "node2 starts with a snapshot that ends with an entry of term 3 at index 5, "
        "but node1 knew one of term 2 to be committed there"
    )


def test_a_snapshot_of_very_many_entries_costs_nothing() -> None:
    run = Stream()
    assert given(run, "node1", 2**53) == []
    assert run.persist("node1") == []
    assert run.append("node1", 2**53 + 1, 2) == []
    assert run.crash("node1") == []
    assert run.elect("node2", 3) != []
    assert run.elect("node1", 4) == []
