"""What must come about in the end, once all is mended."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from raftviz import Simulation
from raftviz.checks import Expectation, eventually
from raftviz.checks.liveness import PROMISES, answered_writes
from tests.checks.test_runs import LEASES, troubled_run

LEADER = "One leader in the end"
STAY = "Answered writes stay"
ALIKE = "Everyone catches up"


def mended(seed: int = 1, **options: Any) -> Simulation:
    """A run that had troubles, mended and left alone."""
    run = troubled_run(seed, rounds=15, **options)
    run.do({"heal": True})
    for source in run.node_ids:
        for target in run.node_ids:
            if source != target:
                run.do({"link": {"from": source, "to": target, "loss": 0, "duplicate": 0}})
    for node in run.node_ids:
        state = run.state(node)
        if state["crashed"]:
            run.do({"restart": node})
        if state["paused"]:
            run.do({"resume": node})
    run.do({"advance": 5_000})
    run.do({"write": {"key": "last", "value": "word", "client": "healer"}})
    run.do({"advance": 1_000})
    return run


def found(view: dict[str, Any], run: Simulation) -> list[tuple[str, str]]:
    violations = eventually(view, run.events)
    for violation in violations:
        assert 1 <= violation.facts[0] <= violation.facts[1] == len(run.events)
    return [(violation.property, violation.message) for violation in violations]


def leader_of(view: dict[str, Any]) -> str:
    (leader,) = [name for name, node in view["nodes"].items() if node["state"] == "leader"]
    return leader


def test_the_promises_say_what_they_are() -> None:
    assert [promise.name for promise in PROMISES] == [LEADER, STAY, ALIKE]
    for promise in PROMISES:
        assert promise.expectation is Expectation.EVENTUALLY
        assert "Raft §" in promise.source


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"pre_vote": True, "check_quorum": True},
        {"client_sessions": True, "snapshot_threshold": 2, "noop_on_election": True},
        {"max_inflight": 2, "conflict_hints": True, **LEASES},
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_a_mended_run_comes_to_a_good_end(seed: int, options: dict[str, Any]) -> None:
    run = mended(seed, **options)
    assert run.violations == []
    assert found(run.view(), run) == []
    assert answered_writes(run.events)


def test_a_cluster_that_was_cut_in_two_is_not_mended() -> None:
    run = mended()
    rest = [node for node in run.node_ids if node != leader_of(run.view())]
    run.do({"isolate": leader_of(run.view())})
    run.do({"advance": 2_000})
    ((name, message),) = found(run.view(), run)
    assert name == LEADER
    assert message.count("leads term") == 2 and any(node in message for node in rest)


def test_a_cluster_without_a_leader() -> None:
    run = Simulation(nodes=3, seed=1)
    assert found(run.view(), run) == [(LEADER, "no server leads, and the highest term is 0")]


def test_a_leader_of_an_older_term_than_another_servers() -> None:
    run = mended()
    view = run.view()
    leader = leader_of(view)
    other = next(node for node in run.node_ids if node != leader)
    view["nodes"][other]["term"] += 1
    ((name, message),) = found(view, run)
    assert name == LEADER
    assert message.endswith(f"the highest term is {view['nodes'][other]['term']}")


def test_nothing_is_promised_without_a_majority() -> None:
    run = Simulation(nodes=3, seed=1)
    run.do({"crash": "node1"})
    assert found(run.view(), run) != []
    run.do({"pause": "node2"})
    assert found(run.view(), run) == []


def test_nothing_is_promised_without_both_majorities() -> None:
    run = Simulation(nodes=3, seed=1)
    view = run.view()
    for node in view["nodes"].values():
        node["oldMembers"] = ["node8", "node9", "node1"]
    assert found(view, run) == []
    for node in view["nodes"].values():
        node["oldMembers"] = ["node9", "node1", "node2"]
    assert found(view, run) != []


def test_a_server_that_was_removed_need_not_follow() -> None:
    run = mended(noop_on_election=True)
    removed = next(node for node in run.node_ids if node != leader_of(run.view()))
    run.do({"remove_node": removed})
    run.do({"isolate": removed})
    run.do({"write": {"key": "x", "value": 1}})
    run.do({"advance": 1_000})
    assert found(run.view(), run) == []


@pytest.mark.parametrize("options", [{}, {"client_sessions": True}])
def test_an_answered_write_that_is_gone(options: dict[str, bool]) -> None:
    run = mended(**options)
    view = copy.deepcopy(run.view())
    leader = view["nodes"][leader_of(view)]
    write = answered_writes(run.events)[-1]
    leader["log"][write.index - 1]["set"] = {"last": "other"}
    ((name, message),) = found(view, run)
    assert name == STAY
    assert message == (
        f"command 1 of healer was answered with ok, but its entry at index {write.index} "
        f"is not in the committed log of {leader_of(view)}"
    )


def test_an_answered_write_that_is_not_committed_any_more() -> None:
    run = mended()
    view = run.view()
    write = answered_writes(run.events)[-1]
    view["nodes"][leader_of(view)]["commitIndex"] = write.index - 1
    assert STAY in dict(found(view, run))


def test_what_a_snapshot_covers_is_there() -> None:
    run = mended(snapshot_threshold=1)
    leader = run.state(leader_of(run.view()))
    assert leader["log"] == [] and leader["snapshot"]["index"] == leader["commitIndex"]
    assert found(run.view(), run) == []


def test_a_repetition_is_answered_for_the_entry_that_was_executed() -> None:
    run = Simulation(nodes=3, seed=1, options={"client_sessions": True})
    for command in (
        {"timeout": "node1"},
        {"settle": True},
        {"write": {"key": "k", "value": "a", "client": "c"}},
        {"retry": {"client": "c"}},
        {"settle": True},
        {"retry": {"client": "c"}},
        {"settle": True},
        {"heartbeat": "node1"},
        {"settle": True},
    ):
        run.do(command)
    assert run.state("node1")["commitIndex"] == 2
    answered = answered_writes(run.events)
    assert [(write.serial, write.index) for write in answered] == [(1, 1)] * len(answered)
    assert len(answered) > 1
    assert found(run.view(), run) == []


def test_reads_and_refusals_are_no_writes() -> None:
    run = Simulation(nodes=3, seed=1, options={"noop_on_election": True})
    run.do({"write": {"key": "k", "value": "a", "to": "node2"}})
    run.do({"timeout": "node1"})
    run.do({"settle": True})
    run.do({"read": {"key": "k"}})
    run.do({"settle": True})
    assert answered_writes(run.events) == []


def test_a_server_that_does_not_catch_up() -> None:
    run = mended()
    leader = leader_of(run.view())
    slow = next(node for node in run.node_ids if node != leader)
    run.do({"cut": {"from": leader, "to": slow}})
    run.do({"write": {"key": "x", "value": 1}})
    run.do({"advance": 100})
    committed = run.state(leader)["commitIndex"]
    ((name, message),) = found(run.view(), run)
    assert name == ALIKE
    assert message == (
        f"{slow} has applied the entries up to index {committed - 1}, "
        f"{leader} committed those up to {committed}"
    )


def test_state_machines_that_come_to_other_values() -> None:
    run = mended()
    view = run.view()
    node = next(node for node in run.node_ids if node != leader_of(view))
    view["nodes"][node]["stateMachine"] = {"last": "other"}
    ((name, message),) = found(view, run)
    assert name == ALIKE
    assert message == (
        f"{node} and {leader_of(view)} have applied the same entries and hold different values"
    )
