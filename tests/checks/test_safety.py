"""Each property holds of a legal stream and is broken by exactly the streams that contradict it."""

from __future__ import annotations

import pytest

from raftviz.checks import PROPERTIES, Expectation
from tests.checks.stream import Stream, only

FIGURE_3 = [
    "Election Safety",
    "Leader Append-Only",
    "Log Matching",
    "Leader Completeness",
    "State Machine Safety",
]


def test_the_five_of_figure_3_come_first_and_every_property_tells_its_source() -> None:
    assert [promise.name for promise in PROPERTIES[:5]] == FIGURE_3
    for promise in PROPERTIES:
        assert promise.expectation is Expectation.ALWAYS
        assert promise.text.endswith(".")
        assert "Raft" in promise.source


def test_a_whole_legal_run_breaks_nothing() -> None:
    run = Stream()
    assert run.elect("node1", 1, ["node2", "node3"]) == []
    run.replicate(["node1", "node2"], 1, 1, "a")
    assert run.append("node1", 2, 1, "lost") == []
    assert run.crash("node1") == []
    assert run.elect("node2", 2, ["node3"]) == []
    assert run.append("node3", 1, 1, "a") == []
    assert run.commit("node3", 1) == []
    assert run.apply("node3", 1, 1, "a") == []
    run.replicate(["node2", "node3"], 2, 2, "b")
    assert run.restart("node1") == []
    assert run.term("node1", 2) == []
    assert run.truncate("node1", 2, 2) == []
    assert run.append("node1", 2, 2, "b") == []
    assert run.commit("node1", 2) == []
    assert run.apply("node1", 1, 1, "a") == []
    assert run.apply("node1", 2, 2, "b") == []


def test_two_leaders_of_one_term() -> None:
    run = Stream()
    run.elect("node1", 1)
    first = run.seq
    run.term("node2", 1)
    broken = only(run.win("node2", 1), "Election Safety", first, first + 3)
    assert broken.message == "node2 became leader of term 1, which node1 already led"
    assert broken.node == "node2"


def test_two_leaders_of_different_terms_are_legal_and_so_is_a_second_candidate() -> None:
    run = Stream()
    assert run.elect("node1", 1) == []
    assert run.elect("node2", 2) == []
    assert run.term("node3", 2) == []
    assert run.role("node3", "candidate", 2) == []
    assert run.role("node1", "follower", 2) == []


def test_a_leader_truncates_its_log() -> None:
    run = Stream()
    run.elect("node1", 1)
    elected = run.seq
    run.append("node1", 1, 1)
    broken = only(run.truncate("node1", 1, 1), "Leader Append-Only", elected, elected + 2)
    assert "node1 leads term 1" in broken.message


def test_a_leader_writes_over_an_entry() -> None:
    run = Stream()
    run.append("node1", 1, 1, "old")
    run.elect("node1", 2)
    elected = run.seq
    only(run.append("node1", 1, 2, "new"), "Leader Append-Only", elected, elected + 1)


def test_a_follower_may_truncate() -> None:
    run = Stream()
    run.append("node1", 1, 1)
    run.elect("node1", 2)
    run.role("node1", "follower", 3)
    assert run.truncate("node1", 1, 1) == []


@pytest.mark.parametrize("value", ["w", 1, True])
def test_logs_that_differ_below_an_entry_of_the_same_index_and_term(value: object) -> None:
    run = Stream()
    run.append("node1", 1, 1, "v" if value == "w" else (True if value == 1 else 1.0))
    run.append("node1", 2, 2)
    second = run.seq
    run.append("node2", 1, 2, value)
    broken = only(run.append("node2", 2, 2), "Log Matching", second, second + 2)
    assert "node2 and the log of node1" in broken.message
    assert "term 2 at index 2" in broken.message


def test_different_commands_in_an_entry_of_the_same_index_and_term() -> None:
    run = Stream()
    run.append("node1", 1, 1, "a")
    only(run.append("node2", 1, 1, "b"), "Log Matching", 2, 3)


def test_a_log_that_was_written_over_goes_on() -> None:
    run = Stream()
    for index in (1, 2, 3):
        run.append("node1", index, 1, "old")
    assert run.append("node1", 2, 2, "new") == []
    with pytest.raises(ValueError, match="entry 4 does not follow 2"):
        run.append("node1", 4, 2)
    assert run.append("node1", 3, 2, "new") == []
    assert run.append("node2", 1, 1, "old") == []
    assert run.append("node2", 2, 2, "new") == []
    assert run.append("node2", 3, 2, "new") == []


def test_a_log_that_went_astray_is_told_of_once() -> None:
    run = Stream()
    for index in (1, 2, 3):
        run.append("node1", index, 1, "a")
    assert len(run.append("node2", 1, 1, "b")) == 1
    assert run.append("node2", 2, 1, "a") == []
    assert run.append("node2", 3, 1, "a") == []


def test_logs_are_compared_with_logs_that_are_gone() -> None:
    run = Stream()
    run.append("node1", 1, 1, "a")
    run.truncate("node1", 1, 1)
    broken = only(run.append("node1", 1, 1, "b"), "Log Matching", 2, 4)
    assert "an earlier log of it" in broken.message


def test_a_leader_without_a_committed_entry() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    run.replicate(["node1", "node2"], 1, 1)
    run.replicate(["node1", "node2"], 2, 1)
    committed = run.seq - 3
    run.append("node3", 1, 1)
    broken = only(run.elect("node3", 2), "Leader Completeness", committed, run.seq)
    assert broken.message == (
        "node3 leads term 2 without the entry at index 2 that node1 knew to be committed in term 1"
    )


def test_a_leader_with_another_entry_where_one_is_committed() -> None:
    run = Stream()
    run.elect("node1", 3, ["node2"])
    for node in ("node1", "node2"):
        run.append(node, 1, 3, "a")
        run.append(node, 2, 3, "b")
    run.commit("node1", 2)
    committed = run.seq
    run.append("node3", 1, 2, "c")
    run.append("node3", 2, 2, "d")
    broken = only(run.elect("node3", 4), "Leader Completeness", committed, run.seq)
    assert "at index 1" in broken.message


def test_entries_that_a_higher_term_committed_are_not_asked_of_a_lower_one() -> None:
    run = Stream()
    run.elect("node1", 5, ["node2"])
    run.replicate(["node1", "node2"], 1, 5)
    assert run.elect("node3", 4) == []


def test_a_commit_that_a_later_leader_lacks() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    run.append("node1", 1, 1)
    run.elect("node3", 2)
    elected = run.seq
    broken = only(run.commit("node1", 1), "Leader Completeness", elected, elected + 1)
    assert "node3 was elected leader of term 2 without it" in broken.message


def test_a_commit_in_whose_place_a_later_leader_has_another_entry() -> None:
    run = Stream()
    run.append("node3", 1, 0, "other")
    run.append("node3", 2, 0)
    run.elect("node1", 1, ["node2"])
    run.append("node1", 1, 1)
    run.elect("node3", 2)
    elected = run.seq
    only(run.commit("node1", 1), "Leader Completeness", elected, elected + 1)


def test_a_late_commit_that_a_later_leader_has() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    for index in (1, 2):
        run.append("node1", index, 1)
        run.append("node2", index, 1)
    run.elect("node2", 2)
    assert run.commit("node1", 1) == []
    assert run.commit("node1", 2) == []


def test_figure_8_with_old_terms_counted_breaks_completeness_then_state_machines() -> None:
    run = Stream(5)
    everyone = [f"node{number}" for number in range(1, 6)]
    run.elect("node1", 1, everyone[1:])
    run.replicate(everyone, 1, 1)
    run.elect("node1", 2, ["node2"])
    run.append("node1", 2, 2)
    run.append("node2", 2, 2)
    run.crash("node1")
    run.elect("node5", 3, ["node3", "node4"])
    run.append("node5", 2, 3)
    run.crash("node5")
    run.restart("node1")
    assert run.elect("node1", 4, ["node2", "node3"]) == []
    assert run.append("node3", 2, 2) == []
    assert run.commit("node1", 1) == []
    assert run.apply("node1", 1, 1) == []
    assert run.commit("node1", 2) == []  # the mistake: nothing contradicts it yet
    committed = run.seq
    assert run.apply("node1", 2, 2) == []
    applied = run.seq
    run.restart("node5")
    only(
        run.elect("node5", 5, ["node2", "node3", "node4"]),
        "Leader Completeness",
        committed,
        run.seq,
    )
    run.truncate("node2", 2, 2)
    assert run.append("node2", 2, 3) == []
    run.commit("node2", 2)
    broken = only(run.apply("node2", 2, 3), "State Machine Safety", applied, run.seq)
    assert broken.message == "node2 applied another entry at index 2 than node1 did"


def test_different_entries_applied() -> None:
    run = Stream()
    run.append("node1", 1, 1, "a")
    run.commit("node1", 1)
    run.apply("node1", 1, 1, "a")
    applied = run.seq
    run.append("node2", 1, 2, "b")
    run.append("node2", 2, 2, "c")
    run.commit("node2", 2)
    only(run.apply("node2", 1, 2, "b"), "State Machine Safety", applied, applied + 4)
    assert run.apply("node2", 2, 2, "c") == []


def test_a_restarted_node_applies_again_and_may_differ_from_itself() -> None:
    run = Stream()
    run.append("node1", 1, 1, "a")
    run.commit("node1", 1)
    run.apply("node1", 1, 1, "a")
    run.crash("node1")
    run.restart("node1")
    assert run.commit("node1", 1) == []
    broken = only(run.apply("node1", 1, 1, "b"), "State Machine Safety", 4, 9)
    assert broken.message == "node1 applied another entry at index 1 than itself had before"
