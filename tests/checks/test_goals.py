"""Goals: what runs should come to, noticed when it first happens."""

from __future__ import annotations

import pytest

from raftviz import Error, Simulation
from raftviz.checks import GOALS, PROPERTIES, Expectation
from tests.checks.stream import Stream, configuration
from tests.checks.test_runs import LEASES, troubled_run


def test_every_goal_says_what_it_is_and_where_it_is_written() -> None:
    names = [goal.name for goal in GOALS]
    assert len(names) == len(dict.fromkeys(names))
    assert not set(names) & {promise.name for promise in PROPERTIES}
    for goal in GOALS:
        assert goal.expectation is Expectation.SOMETIMES
        assert goal.text.endswith(".")
        assert "§" in goal.source


def test_a_goal_is_reached_once_by_the_first_event_that_does() -> None:
    run = Stream()
    assert run.monitor.reached == {}
    run.elect("node1", 1)
    first = run.seq
    run.elect("node2", 2)
    assert run.monitor.reached["A leader"] == first
    assert run.monitor.reached["Two leaders at once"] == run.seq


def test_what_is_given_at_the_start_is_no_success() -> None:
    run = Stream()
    run.snapshot("node1", 5, 1, why="given")
    run.append("node1", 6, 1, why="given")
    run.commit("node1", 6, why="given")
    run.role("node1", "leader", 1, why="given")
    data = {"index": 0, **configuration(["node1"]), "why": "given"}
    run.emit("configuration_changed", "node1", data)
    assert run.monitor.reached == {}


def test_a_candidate_that_begins_is_not_one_that_begins_again() -> None:
    run = Stream()
    run.term("node1", 1, "higher_term")
    run.role("node1", "candidate", 2)
    run.term("node1", 2)
    assert run.monitor.reached == {}
    run.term("node1", 3)
    assert run.monitor.reached == {"An election without a winner": run.seq}


def test_an_older_entry_is_committed_only_with_one_of_the_leaders_own() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    for node in ("node1", "node2"):
        run.append(node, 1, 1)
        run.persist(node)
    run.count("node1", 1)
    for node in ("node1", "node2"):
        run.append(node, 2, 1)
        run.append(node, 3, 1)
        run.persist(node)
    run.count("node1", 3)
    assert "An older entry is committed" not in run.monitor.reached
    for node in ("node1", "node2"):
        run.append(node, 4, 1)
    run.elect("node1", 2, ["node2"])
    for node in ("node1", "node2"):
        run.append(node, 5, 2)
        run.persist(node)
    run.count("node1", 5)
    assert run.monitor.reached["An older entry is committed"] == run.seq


def test_a_copy_pursues_its_own_goals() -> None:
    run = Stream()
    twin = run.monitor.copy()
    run.elect("node1", 1)
    assert "A leader" in run.monitor.reached
    assert twin.reached == {}


def test_a_fork_knows_what_was_reached_before_it() -> None:
    run = Simulation(nodes=3, seed=1)
    run.do({"timeout": "node1"})
    before = len(run.events)
    run.do({"settle": True})
    assert "A leader" in run.reached
    assert run.fork(before).reached == {}
    assert run.fork().reached == run.reached


ROUND = [
    {"isolate": "node2"},
    {"write": {"key": "k", "value": 1, "client": "c1"}},
    {"retry": {"client": "c1"}},
    {"advance": 900},
    {"snapshot": "node1"},
    {"read": {"key": "k", "client": "c2"}},
    {"read": {"key": "k", "client": "c3", "mode": "linearizable"}},
    {"heal": True},
    {"advance": 900},
    {"remove_node": "node3"},
    {"transfer": {"to": "node1"}},
    {"advance": 900},
    {"crash": "node1"},
    {"write": {"key": "k", "value": 2, "client": "c4"}},
    {"advance": 900},
    {"restart": "node1"},
    {"add_node": "node3"},
    {"advance": 900},
    {"remove_node": "node1"},
    {"advance": 900},
    {"add_node": "node1"},
    {"advance": 900},
]


def rounds(seed: int, **options: object) -> Simulation:
    """A few rounds of everything that can be done to a cluster."""
    run = Simulation(nodes=5, seed=seed, timers="auto", options=options)
    run.do({"advance": 500})
    for _ in range(3):
        for command in ROUND:
            try:
                run.do(command)
            except Error:
                continue  # it does not apply as things stand
    assert run.violations == []
    return run


def test_troubled_runs_together_reach_nearly_every_goal() -> None:
    """Safety that is never put to the test would hold of anything."""
    runs = [troubled_run(seed) for seed in range(8)]
    runs.append(troubled_run(1, pre_vote=True, check_quorum=True))
    more = {"client_sessions": True, "snapshot_threshold": 2, "noop_on_election": True}
    for seed in range(4):
        runs.append(rounds(seed, **more, **LEASES))
        runs.append(rounds(seed, **more, membership="joint"))
    reached = {goal for run in runs for goal in run.reached}
    rare = {"A configuration is rolled back", "Entries outlast a snapshot"}
    assert {goal.name for goal in GOALS} - reached <= rare


@pytest.mark.parametrize(
    ("goal", "kind", "data"),
    [
        (
            "A configuration is rolled back",
            "configuration_changed",
            {"index": 0, **configuration(["node1", "node2", "node3"]), "why": "truncated"},
        ),
        ("A leader gives up", "role_changed", {"to": "follower", "term": 1, "why": "check_quorum"}),
        ("A leader is removed", "role_changed", {"to": "follower", "term": 1, "why": "removed"}),
        (
            "A leader is deposed",
            "role_changed",
            {"to": "follower", "term": 1, "why": "higher_term"},
        ),
    ],
)
def test_goals_of_a_leader(goal: str, kind: str, data: dict[str, object]) -> None:
    run = Stream()
    if kind == "role_changed":
        run.emit(kind, "node2", data)
        assert run.monitor.reached == {}
    run.elect("node1", 1)
    run.emit(kind, "node1", data)
    assert run.monitor.reached[goal] == run.seq


@pytest.mark.parametrize("kept", [0, 1])
def test_entries_that_outlast_a_snapshot(kept: int) -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    run.replicate(["node1", "node2"], 1, 1)
    run.append("node3", 1, 1)
    run.append("node3", 2, 1)
    run.install("node3", 1, 1, kept=kept)
    assert run.monitor.reached["A snapshot is installed"] == run.seq
    assert ("Entries outlast a snapshot" in run.monitor.reached) == bool(kept)
