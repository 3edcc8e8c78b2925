"""The monitor on real runs: silent on what Raft does, and as sharp as a slow check that looks at everything."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz import Simulation
from raftviz.checks import PROPERTIES, Monitor
from raftviz.sim.events import Event
from tests.checks.stream import Stream, configuration, entry

TROUBLE = [
    {"partition": [["node1", "node2"], ["node3", "node4", "node5"]]},
    {"isolate": "node3"},
    {"cut": {"from": "node1", "to": "node2"}},
    {"link": {"from": "node2", "to": "node4", "loss": 0.4, "duplicate": 0.4}},
    {"crash": "node1"},
    {"crash": "node4"},
    {"restart": "node1"},
    {"restart": "node4"},
    {"pause": "node2"},
    {"resume": "node2"},
    {"heal": True},
]


def is_possible(run: Simulation, command: dict[str, Any]) -> bool:
    """Whether the node is in a state in which the command means something."""
    name, node = next(iter(command.items()))
    if name not in ("crash", "restart", "pause", "resume"):
        return True
    state = run.state(node)
    return {
        "crash": not state["crashed"],
        "restart": state["crashed"],
        "pause": not state["crashed"] and not state["paused"],
        "resume": state["paused"],
    }[str(name)]


def troubled_run(seed: int, rounds: int = 30, **options: bool) -> Simulation:
    """Five nodes with automatic timers, of which something ails all the time."""
    chance = random.Random(seed)
    run = Simulation(nodes=5, seed=seed, timers="auto", options=options)
    for number in range(rounds):
        trouble = chance.choice(TROUBLE)
        if is_possible(run, trouble):
            run.do(trouble)
        asked = f"node{chance.randint(1, 5)}"
        run.do({"write": {"key": "k", "value": number, "to": asked, "client": f"c{number}"}})
        run.do({"advance": chance.choice([20, 100, 400])})
    return run


def test_a_fork_knows_who_the_members_were_at_the_start() -> None:
    """Not all nodes that are there by then: a newcomer counts from its configuration on."""
    run = Simulation(nodes=3, seed=1, options={"noop_on_election": True})
    for command in (
        {"timeout": "node1"},
        {"settle": True},
        {"crash": "node3"},
        {"add_node": "node4"},
        {"drop": {"to": "node4"}},
    ):
        run.do(command)
    fork = run.fork(len(run.events))
    assert fork.state("node4")["members"] == []
    fork.do({"cut": {"from": "node1", "to": "node4"}})
    fork.do({"write": {"key": "k", "value": 1}})
    fork.do({"settle": True})
    assert fork.state("node1")["commitIndex"] == 2
    assert fork.violations == []


def test_a_disk_that_stands_still_breaks_nothing() -> None:
    run = Simulation(nodes=3, seed=1, options={"noop_on_election": True})
    for command in (
        {"timeout": "node1"},
        {"settle": True},
        {"pause": {"disk": "node2"}},
        {"write": {"key": "k", "value": 1}},
        {"settle": True},
        {"timeout": "node3"},
        {"settle": True},
    ):
        run.do(command)
    assert run.state("node2")["disk"]["lastIndex"] < len(run.state("node2")["log"])
    fork = run.fork()
    run.do({"crash": "node2"})
    run.do({"restart": "node2"})
    for other in (run, fork):
        other.do({"resume": {"disk": "node2"}})
        other.do({"settle": True})
        other.do({"write": {"key": "k", "value": 2}})
        other.do({"settle": True})
        assert other.state("node3")["commitIndex"] == len(other.state("node2")["log"])
        assert other.violations == []


@pytest.mark.parametrize("seed", range(8))
def test_a_troubled_run_breaks_nothing(seed: int) -> None:
    run = troubled_run(seed)
    assert run.violations == []
    kinds = {event.kind for event in run.events}
    assert {"role_changed", "log_appended", "applied", "crashed"} <= kinds


@pytest.mark.parametrize("seed", range(4))
def test_careful_elections_break_nothing_either(seed: int) -> None:
    run = troubled_run(seed, pre_vote=True, check_quorum=True)
    assert run.violations == []
    roles = {event.data["to"] for event in run.events if event.kind == "role_changed"}
    assert roles == {"follower", "precandidate", "candidate", "leader"}


def test_a_promise_is_no_vote() -> None:
    """Who would vote for two in one term has voted for none, and may vote for a third."""
    run = Stream()
    run.role("node1", "precandidate", 1, why="election_timeout")
    for candidate in ("node1", "node2"):
        run.emit(
            "pre_voted", "node3", {"for": candidate, "granted": True, "term": 2, "why": "granted"}
        )
    assert run.votes("node3", "node4", 2) == []
    (broken,) = run.votes("node3", "node1", 2)
    assert broken.property == "One vote a term"


def test_a_precandidate_leads_nothing() -> None:
    """It may lose entries, like any follower; only leaders keep all of theirs."""
    run = Stream()
    run.elect("node1", 1)
    run.append("node1", 1, 1)
    run.role("node1", "follower", 1, why="check_quorum")
    run.role("node1", "precandidate", 1, why="election_timeout")
    assert run.truncate("node1", 1, 1) == []


def test_troubled_runs_get_into_the_corners_that_the_rules_are_about() -> None:
    kinds = [event.kind for seed in range(8) for event in troubled_run(seed).events]
    assert kinds.count("log_truncated") > 0
    assert kinds.count("restarted") > 3
    assert kinds.count("voted") > 50


def changed(event: Event, node: str | None = None, **data: Any) -> Event:
    """The event with other data, and perhaps of another node."""
    return Event(
        event.seq,
        event.time,
        event.kind,
        node or event.node,
        event.cause,
        {**event.data, **data},
    )


LEASES = {"read_mode": "lease", "check_quorum": True, "leader_stickiness": True}


def real_events(without: str | None = None, read: bool = False) -> list[Event]:
    """An election, two writes and a heartbeat, in order, perhaps without a node, or with a read."""
    run = Simulation(nodes=3, seed=1, options={"client_sessions": True, **LEASES})
    if without is not None:
        run.do({"isolate": without})
    for command in (
        {"timeout": "node1"},
        {"settle": True},
        {"write": {"key": "k", "value": "a"}},
        {"settle": True},
        {"write": {"key": "k", "value": "b"}},
        {"settle": True},
        {"heartbeat": "node1"},
        {"settle": True},
        *([{"read": {"key": "k", "mode": "linearizable"}}, {"settle": True}] if read else []),
    ):
        run.do(command)
    assert run.violations == []
    return list(run.events)


def find(events: list[Event], kind: str, node: str, **data: Any) -> int:
    """Where in events the first one of this kind, node and data stands."""
    for place, event in enumerate(events):
        if event.kind == kind and event.node == node and event.data.items() >= data.items():
            return place
    raise AssertionError(f"no {kind} at {node} with {data}")


def forged(events: list[Event], kind: str, node: str, data: dict[str, Any], **other: Any) -> None:
    """Change the data of an event of events to say something other."""
    place = find(events, kind, node, **data)
    events[place] = changed(events[place], **other)


def also(events: list[Event], place: int, kind: str, node: str, **data: Any) -> None:
    """Insert another event after the one at a place."""
    event = events[place]
    events.insert(place + 1, Event(event.seq, event.time + 1, kind, node, 1, data))


def tampered(name: str) -> list[Event]:
    """A real run with one event forged, so that it breaks the property of this name first."""
    read = name == "Reads are not stale"
    apart = name in ("Leader Completeness", "Commit by quorum")
    events = real_events("node3" if apart else None, read)
    if name == "Election Safety":
        place = find(events, "role_changed", "node1", to="leader")
        events.insert(place + 1, changed(events[place], node="node2"))
    elif name == "Leader Append-Only":
        place = find(events, "log_appended", "node1", index=1)
        also(events, place, "log_truncated", "node1", **{"from": 1, "to": 1, "why": "conflict"})
    elif name == "Log Matching":
        forged(events, "log_appended", "node2", {"index": 1}, entry=entry(1, 1, "forged"))
    elif name == "Leader Completeness":
        place = find(events, "index_changed", "node1", what="commitIndex", to=2)
        won = events[find(events, "role_changed", "node1", to="leader")]
        events.insert(place + 1, changed(won, node="node3", term=2))
    elif name == "State Machine Safety":
        forged(events, "applied", "node2", {"index": 1}, entry=entry(1, 1, "forged"))
    elif name == "Committed entries stay":
        place = find(events, "index_changed", "node1", what="commitIndex", to=1)
        also(events, place, "log_truncated", "node3", **{"from": 1, "to": 1, "why": "conflict"})
    elif name == "Terms never fall":
        place = find(events, "term_changed", "node2", to=1)
        events.insert(place + 1, changed(events[place], to=0))
    elif name == "One vote a term":
        place = find(events, "voted", "node2", granted=True)
        events.insert(place + 1, changed(events[place], **{"for": "node3"}))
    elif name == "commitIndex within the log":
        forged(events, "index_changed", "node2", {"what": "commitIndex"}, to=9)
    elif name == "Role transitions":
        place = find(events, "role_changed", "node1", to="leader")
        also(events, place, "role_changed", "node2", to="leader", term=2, why="majority")
    elif name == "Persisted before answered":
        del events[find(events, "persisted", "node2", term=1)]
    elif name == "Commit by quorum":
        place = find(events, "persisted", "node1", lastIndex=1)
        data = {"what": "commitIndex", "peer": None, "from": 0, "to": 1, "why": "majority"}
        also(events, place, "index_changed", "node1", **data)
    elif name == "Leader knows what it believes":
        forged(events, "index_changed", "node1", {"what": "matchIndex", "to": 1}, to=2)
    elif name == "One configuration change at a time":
        alone = {"index": 1, "term": 1, "configuration": configuration(["node1"])}
        forged(events, "log_appended", "node1", {"index": 1}, entry=alone)
    elif name == "Exactly once":
        entry_again = {**entry(2, 1, "b"), "client": "client", "serial": 1}
        forged(events, "applied", "node1", {"index": 2}, entry=entry_again)
    elif name == "Reads are not stale":
        forged(events, "client_reply", "node1", {"why": "read_index"}, index=1)
    elif name == "One lease at a time":
        place = find(events, "lease_changed", "node1", held=True)
        also(events, place, "lease_changed", "node2", held=True, why="acknowledged")
    return events


@pytest.mark.parametrize("name", [promise.name for promise in PROPERTIES])
def test_one_forged_event_in_a_real_run_is_found(name: str) -> None:
    events = tampered(name)
    monitor = Monitor(["node1", "node2", "node3"])
    broken = next(found for event in events if (found := monitor.observe(event)))
    assert broken[0].property == name
    known = [event.seq for event in events]
    assert all(fact in known for fact in broken[0].facts)


def test_a_violation_is_an_event_of_the_run_whose_cause_is_the_culprit() -> None:
    """A leader's stray AppendEntries, put into the network by hand, makes logs differ."""
    run = Simulation(nodes=3, seed=1)
    run.do({"timeout": "node1"})
    run.do({"settle": True})
    run.do({"write": {"key": "k", "value": "a"}})
    run.do({"settle": True})
    forged = {
        "type": "AppendEntries",
        "reply": False,
        "from": "node1",
        "to": "node2",
        "term": 1,
        "leaderId": "node1",
        "prevLogIndex": 1,
        "prevLogTerm": 1,
        "entries": [{"index": 2, "term": 1, "set": {"k": "forged"}}],
        "leaderCommit": 1,
    }
    run.do({"inject": forged})
    run.do({"write": {"key": "k", "value": "b"}})
    (told,) = [event for event in run.violations if event.data["property"] == "Log Matching"]
    culprit = run.events[told.data["facts"][1] - 1]
    assert culprit.kind == "log_appended"
    assert told.cause == culprit.seq


# The same question asked slowly: look at all logs that ever were, again after every event.


def naive_log_matching(logs: list[list[tuple[int, str]]]) -> bool:
    for one in logs:
        for other in logs:
            for index in range(min(len(one), len(other))):
                if one[index][0] == other[index][0] and one[: index + 1] != other[: index + 1]:
                    return False
    return True


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["node1", "node2", "node3"]),
            st.integers(0, 3),
            st.integers(1, 2),
            st.sampled_from("ab"),
        ),
        max_size=14,
    )
)
def test_log_matching_agrees_with_the_slow_check(steps: list[tuple[str, int, int, str]]) -> None:
    run = Stream()
    logs: dict[str, list[tuple[int, str]]] = {"node1": [], "node2": [], "node3": []}
    ever: list[list[tuple[int, str]]] = []
    for node, keep, term, value in steps:
        log = logs[node]
        if keep < len(log):
            run.truncate(node, keep + 1, len(log))
            del log[keep:]
        log.append((term, value))
        ever.append(list(log))
        broken = run.append(node, len(log), term, value)
        assert bool(broken) == (not naive_log_matching(ever))
        if broken:
            assert [violation.property for violation in broken] == ["Log Matching"]
            break


@given(
    st.lists(
        st.tuples(st.sampled_from(["node1", "node2", "node3"]), st.integers(0, 3)), max_size=12
    )
)
def test_leader_completeness_agrees_with_the_slow_check(steps: list[tuple[str, int]]) -> None:
    """Elections (0) in rising terms, and commits (1 to 3) by the node that led last."""
    run = Stream()
    logs: dict[str, list[int]] = {"node1": [], "node2": [], "node3": []}
    committed: dict[int, tuple[int, ...]] = {}
    leader, term = "node1", 0
    for node, choice in steps:
        if choice == 0:
            term, leader = term + 1, node
            broken = run.elect(node, term)
            lacking = any(tuple(logs[node][: len(log)]) != log for log in committed.values())
            assert bool(broken) == lacking
            if broken:
                return
        elif term:
            if choice == 1:
                logs[leader].append(term)
                assert run.append(leader, len(logs[leader]), term) == []
            elif node != leader and logs[leader][: len(logs[node])] == logs[node]:
                for index in range(len(logs[node]), len(logs[leader])):
                    assert run.append(node, index + 1, logs[leader][index]) == []
                logs[node] = list(logs[leader])
            if choice == 3 and len(logs[leader]) > max(committed, default=0):
                length = len(logs[leader])
                committed[length] = tuple(logs[leader])
                assert run.commit(leader, length) == []
