"""Traces of real runs: their shape, and that an independent rendering of raft.tla accepts them."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from raftviz import Simulation, lessons
from raftviz.raft.bugs import BUGS
from raftviz.trace import OWN, SPECIFIED, trace
from tests.evidence.runs import busy_run
from tests.sim.runs import rollback, storm
from tests.trace.checker import ACTIONS, obey
from tests.trace.laws import keep
from tests.trace.world import Record, RejectedError

LESSONS = [lesson.id for lesson in lessons.library()]
OPTIONS: list[dict[str, Any]] = [
    {},
    {"noop_on_election": True, "conflict_hints": True},
    {"leader_stickiness": True, "max_entries_per_append": 1},
    {"pre_vote": True, "check_quorum": True, "conflict_hints": True},
]
WILD: list[dict[str, Any]] = [
    {"noop_on_election": True, "snapshot_threshold": 4, "max_inflight": 3},
    {"noop_on_election": True, "membership": "joint", "max_entries_per_append": 2},
    {
        "pre_vote": True,
        "check_quorum": True,
        "leader_stickiness": True,
        "read_mode": "lease",
        "client_sessions": True,
        "max_inflight": 2,
    },
]


def accepted(sim: Simulation) -> list[Record]:
    """The run's trace, held against specification and laws."""
    return list(keep(obey(trace(sim.events))))


def told(line: Record) -> list[str]:
    """The actions of a line, as the specification would write them."""
    return [
        f"{a['name']}({', '.join(a[end] for end in 'ij' if end in a)})"
        + (f" {a['branch']}" if "branch" in a else "")
        for a in line["actions"]
    ]


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_specification_accepts_every_lesson_without_mistakes(lesson: str) -> None:
    """Read as another program would read it; and where a lesson shows a mistake, it is rejected for that."""
    run = lessons.run(lessons.find(lesson))
    lines = [json.loads(json.dumps(line)) for line in trace(run.simulation.events)]
    if makes_mistakes(run.simulation):
        with pytest.raises(RejectedError):
            list(keep(obey(lines)))
    else:
        assert list(keep(obey(lines)))[-1]["last"] == len(run.simulation.events)


#: Mistakes between a client and a server, of which the specification knows nothing.
OUTSIDE = {"retry-twice", "stale-local-read"}


def makes_mistakes(simulation: Simulation) -> bool:
    """Whether a command asked for a mistake on purpose that the specification knows of."""
    commands = [event.to_json()["data"] for event in simulation.events if event.kind == "command"]
    return any(name in json.dumps(commands) for name in set(BUGS) - OUTSIDE)


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: "+".join(options) or "paper")
@pytest.mark.parametrize("seed", range(2))
def test_the_specification_accepts_busy_runs(seed: int, options: dict[str, Any]) -> None:
    lines = accepted(busy_run(seed, rounds=25, **options))
    names = {action["name"] for line in lines for action in line["actions"]}
    assert {"Restart", "BecomeLeader", "AdvanceCommitIndex", "DropMessage"} <= names


@pytest.mark.parametrize("options", WILD, ids="+".join)
@pytest.mark.parametrize("seed", range(2))
def test_the_specification_accepts_wild_runs(seed: int, options: dict[str, Any]) -> None:
    """Snapshots, pipelining, changes of members, transfers, stalled disks."""
    lines = accepted(busy_run(seed, rounds=30, wild=True, **options))
    names = {action["name"] for line in lines for action in line["actions"]}
    assert {"Restart", "BecomeLeader", "AdvanceCommitIndex", "TakeSnapshot"} <= names


@pytest.mark.parametrize("seed", range(2))
def test_the_specification_accepts_a_storm(seed: int) -> None:
    accepted(storm(seed))


def test_every_event_is_in_one_step() -> None:
    sim = storm()
    lines = list(trace(sim.events))
    assert [line["step"] for line in lines] == list(range(1, len(lines) + 1))
    starts = [line["first"] for line in lines]
    assert starts == [1, *(line["last"] + 1 for line in lines[:-1])]
    assert lines[-1]["last"] == len(sim.events)


def test_a_line_shows_what_stands() -> None:
    """Folding the events gives what the simulation itself shows, in the specification's names."""
    sim = rollback()
    for line in trace(sim.events):
        view = sim.view_at(line["last"])
        for name, shown in view["nodes"].items():
            s = line["state"][name]
            assert s["currentTerm"] == shown["term"]
            assert s["state"] == shown["state"].capitalize()
            assert s["votedFor"] == (f"node{shown['votedFor']}" if shown["votedFor"] else None)
            assert [e["term"] for e in s["log"]] == [e["term"] for e in shown["log"]]
            assert s["commitIndex"] == shown["commitIndex"]
            assert s["nextIndex"] == shown["nextIndex"] and s["matchIndex"] == shown["matchIndex"]
        assert len(line["messages"]) == len(view["messages"])


def test_tracing_changes_nothing() -> None:
    sim = storm()
    before = [event.to_json() for event in sim.events]
    first = list(trace(sim.events))
    assert [event.to_json() for event in sim.events] == before
    assert list(trace(sim.events)) == first


def test_an_election_in_the_specifications_words() -> None:
    sim = Simulation(3, timing={"latency": [10, 10]})
    sim.do({"timeout": "node1"})
    sim.do({"settle": True})
    lines = list(trace(sim.events))
    assert [told(line) for line in lines[:6]] == [
        ["Init()"],
        [
            "Timeout(node1)",
            "RequestVote(node1, node1)",
            "HandleRequestVoteRequest(node1, node1)",
            "HandleRequestVoteResponse(node1, node1)",
            "RequestVote(node1, node2)",
            "RequestVote(node1, node3)",
        ],
        [],  # settle: what it brings about are steps of their own
        ["UpdateTerm(node2, node1)", "HandleRequestVoteRequest(node2, node1)"],
        ["UpdateTerm(node3, node1)", "HandleRequestVoteRequest(node3, node1)"],
        [
            "HandleRequestVoteResponse(node1, node2)",
            "BecomeLeader(node1)",
            "AppendEntries(node1, node2)",
            "AppendEntries(node1, node3)",
        ],
    ]
    assert lines[1]["nodes"] == ["node1", "node2", "node3"]
    assert lines[1]["state"]["node1"] == {
        "currentTerm": 1,
        "state": "Candidate",
        "votedFor": "node1",
        "log": [],
        "commitIndex": 0,
        "votesResponded": ["node1"],
        "votesGranted": ["node1"],
        "nextIndex": {},
        "matchIndex": {},
        "snapshotIndex": 0,
        "snapshotTerm": 0,
        "members": ["node1", "node2", "node3"],
        "oldMembers": [],
        "learners": [],
    }
    assert lines[1]["messages"][0] == {
        "mtype": "RequestVoteRequest",
        "mterm": 1,
        "mlastLogTerm": 0,
        "mlastLogIndex": 0,
        "msource": "node1",
        "mdest": "node2",
    }


def test_a_repair_in_the_specifications_words() -> None:
    """A follower with entries of its own: refused, taken back, removed, appended."""
    sim = Simulation(
        2,
        given={
            "node1": {"state": "leader", "term": 4, "log": [1, 4, 4]},
            "node2": {"term": 3, "log": [1, 2, 2, 2]},
        },
    )
    sim.do({"heartbeat": "node1"})
    sim.do({"settle": True})
    lines = list(trace(sim.events))
    assert list(keep(obey(lines))) == lines
    repair = [told(line) for line in lines if line["input"] == "message_delivered"]
    assert repair == [
        [
            "UpdateTerm(node2, node1)",
            "HandleAppendEntriesRequest(node2, node1) reject",
        ],
        ["HandleAppendEntriesResponse(node1, node2)", "AppendEntries(node1, node2)"],
        ["HandleAppendEntriesRequest(node2, node1) reject"],
        ["HandleAppendEntriesResponse(node1, node2)", "AppendEntries(node1, node2)"],
        [
            f"HandleAppendEntriesRequest(node2, node1) {branch}"
            for branch in ("remove", "remove", "remove", "append", "append", "done")
        ],
        ["HandleAppendEntriesResponse(node1, node2)", "AdvanceCommitIndex(node1)"],
    ]


def test_a_message_that_is_twice_in_flight_is_there_twice() -> None:
    sim = Simulation(2)
    sim.do({"timeout": "node1"})
    sim.do({"duplicate": "all"})
    line = list(trace(sim.events))[-1]
    assert told(line) == ["DuplicateMessage()"]
    assert len(line["messages"]) == 2 and line["messages"][0] == line["messages"][1]


def test_a_request_that_waited_at_a_paused_node_is_a_step_of_that_node() -> None:
    sim = Simulation(3)
    sim.do({"timeout": "node1"})
    sim.do({"settle": True})
    sim.do({"pause": "node1"})
    sim.do({"write": {"key": "x", "value": 1, "to": "node1"}})
    sim.do({"resume": "node1"})
    sim.do({"settle": True})
    lines = accepted(sim)
    taken = [line for line in lines if any(a["name"] == "ClientRequest" for a in line["actions"])]
    assert [line["nodes"][0] for line in taken] == ["node1"]
    assert taken[0]["actions"][0] == {
        "name": "ClientRequest",
        "i": "node1",
        "v": {"set": {"x": 1}},
    }


def test_names_of_nodes_stay_names() -> None:
    sim = Simulation(["anna", "node2"])
    sim.do({"timeout": "anna"})
    sim.do({"settle": True})
    assert [s["votedFor"] for s in accepted(sim)[-1]["state"].values()] == ["anna", "anna"]


def test_what_a_stalled_disk_holds_up_is_told_when_it_goes_on() -> None:
    sim = Simulation(3, timing={"latency": [10, 10]})
    for command in (
        {"timeout": "node1"},
        {"settle": True},
        {"pause": {"disk": "node2"}},
        {"write": {"key": "x", "value": 1}},
        {"deliver": {"to": "node2"}},
    ):
        sim.do(command)
    assert [e["set"] for e in sim.state("node2")["log"]] == [{"x": 1}], "in its memory"
    line = accepted(sim)[-1]
    assert (line["input"], line["actions"], line["state"]["node2"]["log"]) == (
        "message_delivered", [], [],
    )  # fmt: skip
    assert [m["mdest"] for m in line["messages"]] == ["node2", "node3"], "and still in flight"

    went_on = sim.fork()
    went_on.do({"resume": {"disk": "node2"}})
    line = accepted(went_on)[-1]
    handled = "HandleAppendEntriesRequest(node2, node1)"
    assert told(line) == [f"{handled} append", f"{handled} done"]
    assert len(line["state"]["node2"]["log"]) == 1

    sim.do({"crash": "node2"})
    line = accepted(sim)[-1]
    assert told(line) == ["DropMessage()", "Restart(node2)"]
    assert line["state"]["node2"]["log"] == []


# A mistake → the laws by which it is found out.
WRONG = {
    "commit-old-terms": ["AdvanceCommitIndex: the entry is of the current term"],
    "forget-vote": ["votedFor changes only by an action"],
    "forget-log-tail": ["log changes only by an action"],
    "vote-without-log-check": ["votedFor changes only by an action"],
    "longest-log-wins": ["votedFor changes only by an action"],
    "majority-minus-one": ["BecomeLeader: a quorum has voted for it"],
    "vote-twice": ["votedFor changes only by an action"],
    "accept-stale-term": ["a request is accepted only by a follower that holds the previous entry"],
    "skip-prev-log-check": [
        "a request is accepted only by a follower that holds the previous entry"
    ],
    "truncate-always": ["entries are removed only where one conflicts"],
    "overlapping-configurations": [
        "one change of members at a time",
        "members change only when an entry of the current term is committed",
    ],
}


@pytest.mark.parametrize("bug", WRONG)
def test_the_specification_rejects_an_algorithm_with_a_mistake(bug: str) -> None:
    found: dict[str, None] = {}
    for seed in range(12):
        run = busy_run(seed, rounds=30, wild=bug.startswith("overlapping"), bugs=[bug])
        try:
            list(obey(trace(run.events)))
        except RejectedError as rejected:
            found[rejected.law] = None
        if any(law in found for law in WRONG[bug]):
            return
    raise AssertionError(f"rejected by {list(found)} only")


def test_every_action_is_documented_and_known_to_the_checker() -> None:
    seen: Counter[str] = Counter()
    for sim in (storm(), busy_run(2, wild=True, pre_vote=True, snapshot_threshold=4)):
        seen.update(a["name"] for line in trace(sim.events) for a in line["actions"])
    assert seen.keys() <= {*SPECIFIED, *OWN}
    assert {"Init", *ACTIONS} >= set(SPECIFIED)
