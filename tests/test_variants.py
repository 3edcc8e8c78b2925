"""A run carried out anew under other rules."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftviz import Error, Simulation, lessons
from raftviz.errors import LimitError, OptionError
from raftviz.raft.options import Options
from raftviz.variants import RULE_SETS, rule_set, under
from tests.sim.runs import dump, rollback, storm, upheaval

RUNS = {"storm": storm, "upheaval": upheaval, "rollback": rollback}


def same(one: Simulation, other: Simulation) -> bool:
    return json.dumps(dump(one)) == json.dumps(dump(other)) and one.now_us == other.now_us


@pytest.fixture(scope="module")
def partition() -> Simulation:
    return lessons.run(lessons.find("partition")).simulation


@pytest.mark.parametrize("name", RUNS)
def test_under_its_own_options_a_run_is_the_same_byte_for_byte(name: str) -> None:
    run = RUNS[name]()
    start = run.events[0].data["command"]["start"]["options"]
    for options in ({}, start):
        variant = under(run, options)
        assert same(variant.simulation, run)
        assert variant.skipped == ()
        assert variant.simulation.command_log == run.command_log


def test_a_run_that_was_forked_inside_an_occurrence_is_the_same_too() -> None:
    run = storm()
    for at in (len(run.events) // 3, len(run.events) // 2 + 1):
        branch = run.fork(at=at)
        branch.do({"advance": 50})
        assert same(under(branch, {}).simulation, branch)


NODES = st.sampled_from(["node1", "node2", "node3"])
COMMANDS = st.one_of(
    st.fixed_dictionaries({"advance": st.integers(1, 200)}),
    st.fixed_dictionaries({"timeout": NODES}),
    st.fixed_dictionaries({"heartbeat": NODES}),
    st.fixed_dictionaries({"isolate": NODES}),
    st.fixed_dictionaries({"crash": NODES}),
    st.fixed_dictionaries({"restart": NODES}),
    st.just({"heal": True}),
    st.just({"settle": True}),
    st.just({"deliver": "all"}),
    st.just({"write": {"key": "k", "value": 1}}),
    st.fixed_dictionaries({"option": st.fixed_dictionaries({"pre_vote": st.booleans()})}),
)


@settings(max_examples=40, deadline=None)
@given(
    commands=st.lists(st.one_of(COMMANDS, st.integers(1, 80_000)), max_size=25),
    seed=st.integers(0, 50),
    rules=st.sampled_from(sorted(RULE_SETS)),
)
def test_any_run_is_itself_under_its_own_options_and_possible_under_others(
    commands: list[Any], seed: int, rules: str
) -> None:
    run = Simulation(nodes=3, seed=seed, timers="auto", options={"leader_stickiness": True})
    for command in commands:
        try:
            if isinstance(command, int):
                run.run_to(run.now_us + command)
            else:
                run.do(command)
        except Error:
            continue
    before = json.dumps(dump(run))
    assert same(under(run, {"leader_stickiness": True}).simulation, run)
    other = under(run, RULE_SETS[rules].options, hold=True)
    for name, value in RULE_SETS[rules].options.items():
        assert other.simulation.options[name] == value
    seqs = [each.seq for each in other.skipped]
    assert seqs == sorted(set(seqs))
    for each in other.skipped:
        assert run.events[each.seq - 1].data["command"] == each.command
    assert json.dumps(dump(run)) == before


def test_the_documents_partition_goes_another_way_under_figure_2(partition: Simulation) -> None:
    variant = under(partition, rule_set("paper").options, hold=True)
    assert any(node["state"] == "leader" for node in partition.view()["nodes"].values())
    lost = next(
        e
        for e in variant.simulation.events
        if e.kind == "role_changed" and e.node == "node1" and e.data["to"] == "follower"
    )
    assert lost.data["why"] == "higher_term"
    (first, *_) = variant.skipped
    assert first.command == {"heartbeat": "node1"}
    assert "node1" in first.reason
    again = under(variant.simulation, rule_set("document").options, hold=True)
    assert again.simulation.options == partition.options


def test_rules_that_are_held_outlast_the_commands_of_the_run() -> None:
    run = Simulation(nodes=3)
    run.do({"option": {"pre_vote": True}})
    run.do({"option": {"check_quorum": True, "client_sessions": True}})
    held = under(run, rule_set("paper").options, hold=True)
    assert not held.simulation.options["pre_vote"]
    assert held.simulation.options["client_sessions"]
    (skipped,) = held.skipped
    assert (skipped.command, skipped.reason) == (
        {"option": {"pre_vote": True}},
        "the rules were chosen for the whole run",
    )
    assert under(run, rule_set("paper").options).simulation.options["pre_vote"]


def test_time_passes_on_where_a_property_falls_under_the_other_rules_only() -> None:
    run = Simulation(nodes=3, timers="auto", seed=2)
    run.do({"partition": [["node1"], ["node2"], ["node3"]]})
    run.run_to(2_000_000)
    variant = under(run, {"bugs": ["majority-minus-one"]}, hold=True)
    assert variant.simulation.violations
    assert variant.simulation.now_us == run.now_us


def test_what_was_cut_short_ends_at_its_time_under_other_rules() -> None:
    run = Simulation(nodes=3, timers="auto", seed=5)
    run.do({"advance": 2_000})
    at = next(e.seq for e in run.events if e.time > 700_000)
    branch = run.fork(at=at)
    branch.do({"crash": "node2"})
    variant = under(branch, rule_set("prevote").options, hold=True)
    crash = next(e for e in variant.simulation.events if e.kind == "crashed")
    assert crash.time == next(e for e in branch.events if e.kind == "crashed").time


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prevote": True}, "there is no option 'prevote'; did you mean 'pre_vote'?"),
        ({"read_mode": "lease"}, "a lease needs check_quorum"),
        (["pre_vote"], "does not fit; give {name: value}"),
    ],
)
def test_options_that_cannot_be_are_refused(options: Any, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        under(Simulation(), options)
    assert message in str(caught.value)


def test_a_run_that_becomes_too_long_is_refused() -> None:
    run = Simulation(nodes=3, timers="auto")
    run.run_to(3_000_000)
    for action in (lambda: None, lambda: run.do({"advance": 3_000})):
        action()
        with pytest.raises(LimitError) as caught:
            under(run, {"pre_vote": True}, max_events=200)
        assert str(caught.value) == (
            "variant: under these rules the run has more than 200 events; compare a shorter run"
        )


def test_the_named_rules_are_known_options_without_mistakes() -> None:
    for name, rules in RULE_SETS.items():
        assert rules.name == name
        parsed = Options.parse(rules.options)
        assert parsed.bugs == ()
        assert rules.source
    assert Options.parse(RULE_SETS["paper"].options) == Options()
    with pytest.raises(OptionError) as caught:
        rule_set("papers")
    assert "there are no rules 'papers'" in str(caught.value)
    assert "paper" in str(caught.value)
