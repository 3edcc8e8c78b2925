"""Requests and answers become operations: when each began, when it ended, and what it came to."""

from __future__ import annotations

import pytest

from raftviz import Simulation
from raftviz.checks import ClientHistory, Operation
from raftviz.checks.client_history import GIVEN_CLIENT, Answer, Held, Moment
from tests.checks.histories import history, written


def only(text: str) -> Operation:
    """The one operation of a history, which may have happened."""
    (operation,) = history(text).operations
    return operation


def came_to(text: str) -> list[tuple[str, object]]:
    return [(op.outcome, op.result) for op in history(text).operations]


def at(seq: int) -> Moment:
    return Moment(seq, 10 * seq)


def test_an_operation_is_a_request_with_its_answer() -> None:
    assert only("c1 y cas 1 2 @n3; c1 ok 2 @n3") == Operation(
        client="c1",
        serial=1,
        op="cas",
        key="y",
        value=2,
        expected=1,
        mode=None,
        invoked=at(2),
        returned=at(3),
        outcome="ok",
        result=2,
        node="n3",
    )
    waiting = only("c1 local")
    assert (waiting.mode, waiting.returned, waiting.outcome) == ("local", None, "open")
    assert waiting.reads and waiting.is_local_read and not only("c1 read").is_local_read


def test_every_request_of_another_number_is_an_operation() -> None:
    ops = history("c1 set 1; c2 read; c2 ok null; c1 ok 1; c1 delete; c1 ok 1").operations
    assert [(op.client, op.serial, op.op) for op in ops] == [
        ("c1", 1, "set"),
        ("c2", 1, "read"),
        ("c1", 2, "delete"),
    ]
    assert [(op.invoked.seq, op.returned and op.returned.seq) for op in ops] == [
        (2, 5),
        (3, 4),
        (6, 7),
    ]


def test_a_request_sent_again_is_the_same_operation() -> None:
    operation = only("c1 set 1; c1 again @n2; c1 unknown; c1 again @n3; c1 ok 1 @n2")
    assert (operation.invoked, operation.returned) == (at(2), at(6))
    assert (operation.attempts, operation.node) == (3, "n2")


def test_it_ends_with_its_first_answer() -> None:
    operation = only("c1 set 1; c1 ok 1; c1 again; c1 ok 1; c1 again; c1 failed; c1 unknown")
    assert (operation.returned, operation.outcome, operation.again) == (at(3), "ok", None)


def test_a_compare_and_set_that_found_something_else_has_an_answer() -> None:
    assert came_to("c1 cas 1 2; c1 mismatch 5") == [("mismatch", 5)]


def test_what_failed_did_not_happen() -> None:
    past = history("c1 set 1; c1 again @n2; c1 failed; c1 failed @n2")
    assert past.operations == []
    (failed,) = past.failed
    assert (failed.outcome, failed.returned, failed.attempts) == ("failed", at(5), 0)


def test_what_failed_and_is_sent_again_begins_again() -> None:
    operation = only("c1 set 1; c1 failed; c1 again @n2")
    assert (operation.outcome, operation.invoked, operation.returned) == ("open", at(4), None)
    assert operation.attempts == 1
    assert came_to("c1 set 1; c1 failed; c1 again; c1 ok 1") == [("ok", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "c1 set 1",
        "c1 set 1; c1 unknown",
        "c1 set 1; c1 unknown; c1 again; c1 failed",
        "c1 set 1; c1 unknown; c1 failed",
        "c1 set 1; c1 again; c1 failed; c1 unknown",
        "c1 set 1; c1 again @n2; c1 failed @n2",
        "c1 set 1; c1 again @n2; c1 failed @n2; c1 again @n2; c1 failed @n2",
        "c1 set 1; c1 again @n2; c1 failed @n2; c1 failed @n2",
    ],
)
def test_what_may_have_happened_stays_open(text: str) -> None:
    operation = only(text)
    assert (operation.outcome, operation.invoked, operation.returned) == ("open", at(2), None)


def test_what_a_client_leaves_behind_stays_open() -> None:
    text = "c1 set 1; c1 set 2; c1 ok 2; c1 late 1 ok 1"
    assert came_to(text) == [("open", None), ("ok", 2)]
    assert came_to("c1 set 1; c1 set 2; c1 late 1 failed")[0] == ("open", None)
    assert came_to("c1 set 1; c1 unknown; c1 ok 1") == [("ok", 1)]
    assert came_to("c1 set 1; c1 again @n2; c1 failed @n2; c1 ok 1") == [("ok", 1)]


def test_an_answered_read_that_is_sent_again_is_another_read() -> None:
    first, second = history("c1 read; c1 ok 1; c1 again; c1 ok 2").operations
    assert (first.result, first.invoked, first.returned) == (1, at(2), at(3))
    assert (second.result, second.invoked, second.returned) == (2, at(4), at(5))
    assert (first.serial, second.serial, second.attempts) == (1, 1, 1)


def test_a_read_that_is_sent_again_may_be_answered_by_an_attempt_before() -> None:
    text = "c1 read; c1 again @n2; c1 again @n3; c1 unknown; c1 ok 1 @n3; c1 again @n3; c1 ok 0 @n2"
    first, second = history(text).operations
    assert (first.result, second.result) == (1, 0)
    assert second.invoked == at(3)  # when n2 was asked; n1 will not answer any more
    _, second = history("c1 read; c1 again; c1 ok 1; c1 again; c1 ok 0").operations
    assert second.invoked == at(2)  # nobody can tell which of the two was answered first


def test_answers_to_one_write_that_differ_are_kept() -> None:
    other = Answer(at(5), "n1", "ok", None)
    assert only("c1 delete; c1 ok 1; c1 again; c1 ok null").again == other
    assert only("c1 delete; c1 ok 1; c1 again; c1 ok null; c1 again; c1 ok 3").again == other
    assert only("c1 delete; c1 ok 1; c1 again; c1 ok true").again == other._replace(value=True)
    refused = Answer(at(5), "n1", "mismatch", 2)
    assert only("c1 cas 1 2; c1 ok 2; c1 again; c1 mismatch 2").again == refused
    assert only("c1 cas 1 2; c1 ok 2; c1 again; c1 ok 2").again is None
    assert only("c1 set 1; c1 ok 1; c1 again; c1 ok 2").again is None


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("c1 set 1; c1 ok 1", None, Held(1)),
        ("c1 set 1", None, Held(1)),
        ("c1 delete", None, Held(None)),
        ("c1 delete; c1 ok 5", Held(5), Held(None)),
        ("c1 cas null 2", Held(None), Held(2)),
        ("c1 cas 1 2; c1 ok 2", Held(1), Held(2)),
        ("c1 cas 1 2; c1 mismatch 7", Held(7), None),
        ("c1 read; c1 ok null", Held(None), None),
        ("c1 read", None, None),
    ],
)
def test_what_an_operation_found_and_left(text: str, found: Held | None, left: Held | None) -> None:
    operation = only(text)
    assert (operation.found, operation.left) == (found, left)


def test_an_answer_to_nothing_is_refused() -> None:
    events = written("c1 set 1; c1 ok 1").events
    with pytest.raises(ValueError, match="c1 is answered request 1, which it never sent"):
        ClientHistory.of([events[0], events[2]])


def test_a_copy_goes_its_own_way() -> None:
    events = written("c1 set 1; c1 ok 1; c1 set 2; c1 ok 2").events
    past = ClientHistory.of(events[:2])
    copy = past.copy()
    for event in events[2:]:
        past.observe(event)
    assert [op.outcome for op in past.operations] == ["ok", "ok"]
    assert [op.outcome for op in copy.operations] == ["open"]
    copy.observe(events[2])
    assert copy.operations == past.operations[:1]


# What a run starts with.


def test_given_logs_are_what_was_there_before() -> None:
    log = [
        {"term": 1, "set": {"x": 1}},
        {"term": 1, "set": {"y": 2}},
        {"term": 1, "delete": "x"},
        {"term": 2, "cas": {"key": "y", "expected": 2, "value": True}},
        {"term": 2, "noop": True},
    ]
    other = [*log[:3], {"term": 3, "set": {"x": 4}}]
    given = {
        "node1": {"log": log, "commitIndex": 3, "lastApplied": 2},
        "node2": {"log": log[:2], "commitIndex": 1},
        "node3": {"log": other},
    }
    run = Simulation(nodes=3, given=given)
    past = ClientHistory.of(run.events)
    assert past.initial == {"x": 1, "y": 2}
    assert [(op.op, op.key, op.value, op.expected) for op in past.given] == [
        ("delete", "x", None, None),
        ("cas", "y", True, 2),
        ("set", "x", 4, None),
    ]
    assert {(op.client, op.outcome) for op in past.given} == {(GIVEN_CLIENT, "open")}
    assert past.operations == []
    assert past.copy().given == past.given and past.copy().initial == past.initial


def test_a_given_snapshot_is_what_was_there_before() -> None:
    snapshot = {"index": 4, "term": 1, "stateMachine": {"x": 1}}
    run = Simulation(
        nodes=3, given={"node2": {"snapshot": snapshot, "log": [{"term": 1, "set": {"x": 2}}]}}
    )
    past = ClientHistory.of(run.events)
    assert past.initial == {"x": 1}
    assert [(op.key, op.value, op.serial) for op in past.given] == [("x", 2, 5)]


def test_a_run_that_starts_with_nothing() -> None:
    run = Simulation(nodes=3)
    run.do({"timeout": "node1"})
    run.do({"settle": True})
    run.do({"write": {"key": "x", "value": 1}})
    run.do({"settle": True})
    past = ClientHistory.of(run.events)
    assert (past.initial, past.given) == ({}, [])
    assert [op.outcome for op in past.operations] == ["ok"]
