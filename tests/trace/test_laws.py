"""Each law of a trace's states is broken once, by hand, in a run that keeps them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy

import pytest

from raftviz import Simulation
from raftviz.trace import trace
from tests.trace import laws
from tests.trace.laws import LAWS, keep
from tests.trace.world import Record, RejectedError

Spoil = Callable[[Record], object]
"""Spoils a line."""


def story() -> list[Record]:
    """node1 leads term 1 and commits an entry everywhere; node2 leads term 2 and has one more."""
    sim = Simulation(3)
    for command in (
        {"timeout": "node1"},
        {"settle": True},
        {"write": {"key": "x", "value": 1}},
        {"settle": True},
        {"heartbeat": "node1"},
        {"settle": True},
        {"timeout": "node2"},
        {"settle": True},
        {"write": {"key": "x", "value": 2}},
        {"settle": True},
    ):
        sim.do(command)
    return list(trace(sim.events))


def other(term: int) -> Record:
    return {"term": term, "value": {"set": {"x": "other"}}}


def leads(line: Record, name: str, **more: object) -> None:
    line["state"][name].update(state="Leader", matchIndex={}, **more)
    line["actions"].append({"name": "Restart", "i": name})


def node2(line: Record) -> Record:
    found: Record = line["state"]["node2"]
    return found


def node3(line: Record) -> Record:
    found: Record = line["state"]["node3"]
    return found


# Law → how the last line is spoiled. All logs are [1 2] there, node2 leads and has committed both.
SPOILS: dict[str, Spoil] = {
    laws.ELECTION_SAFETY: lambda line: leads(line, "node3"),
    laws.LEADER_APPEND_ONLY: lambda line: node2(line)["log"].pop(),
    laws.LOG_MATCHING: lambda line: node3(line)["log"].__setitem__(1, other(2)),
    laws.LEADER_COMPLETENESS: lambda line: leads(
        line, "node3", currentTerm=3, votedFor=None, log=[], commitIndex=0
    ),
    laws.STATE_MACHINE_SAFETY: lambda line: node3(line)["log"].__setitem__(0, other(1)),
    laws.TERMS: lambda line: node3(line).update(currentTerm=1),
    laws.VOTES: lambda line: node3(line).update(votedFor="node3"),
    laws.COMMIT: lambda line: node3(line).update(commitIndex=0),
    laws.ORIGIN: lambda line: (
        node3(line).update(currentTerm=3, votedFor=None),
        node3(line)["log"].append(other(3)),
    ),
    laws.TERMS_IN_LOG: lambda line: node3(line)["log"].append(other(9)),
    laws.MESSAGES: lambda line: line["messages"].append(
        {"mtype": "RequestVoteRequest", "mterm": 9, "msource": "node1", "mdest": "node2"}
    ),
    laws.MATCH: lambda line: node3(line)["log"].pop(),
}


def test_the_story_keeps_all_laws() -> None:
    lines = story()
    assert list(keep(lines)) == lines
    assert [s["log"] for s in lines[-1]["state"].values()].count([]) == 0


def rejected_by(lines: Iterable[Record]) -> str:
    with pytest.raises(RejectedError) as caught:
        list(keep(lines))
    return caught.value.law


@pytest.mark.parametrize("law", LAWS)
def test_a_state_that_breaks_a_law_is_rejected(law: str) -> None:
    lines = story()
    spoiled = {**deepcopy(lines[-1]), "step": lines[-1]["step"] + 1, "actions": []}
    SPOILS[law](spoiled)
    assert rejected_by([*lines, spoiled]) == law


def test_a_vote_taken_back_is_rejected() -> None:
    lines = story()
    spoiled = deepcopy(lines[-1])
    spoiled["state"]["node3"]["votedFor"] = None
    assert rejected_by([*lines, spoiled]) == laws.VOTES


def test_a_commit_index_beyond_the_log_is_rejected() -> None:
    lines = story()
    spoiled = deepcopy(lines[-1])
    spoiled["state"]["node3"]["commitIndex"] = 9
    assert rejected_by([*lines, spoiled]) == laws.COMMIT
