"""The checker has teeth: for each law of it, a trace tampered with by hand, which it must reject."""

from __future__ import annotations

import ast
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from raftviz import Simulation
from raftviz.trace import trace
from tests.checks.test_runs import troubled_run
from tests.sim.runs import rollback, storm
from tests.trace import beyond, checker, spec, world
from tests.trace.checker import follows, obey
from tests.trace.world import Record, Refusal, RejectedError

Tampering = Callable[[Record, Record, Record], object]
"""Takes the line before, the line, and the action in it, and spoils one of them."""


@cache
def transitions() -> list[tuple[Record, Record, Record]]:
    """(line before, line, action) from runs in which about everything happens."""
    forged = Simulation(3)
    forged.do({"timeout": "node1"})
    forged.do({"settle": True})
    forged.do({"inject": {"type": "AppendEntries", "from": "node2", "to": "node1", "term": 1}})
    runs = [
        rollback(),
        forged,
        storm(3),
        troubled_run(1),
        troubled_run(2, pre_vote=True, check_quorum=True),
        troubled_run(3, leader_stickiness=True, conflict_hints=True),
    ]
    found = []
    for run in runs:
        lines = list(trace(run.events))
        for before, line in zip(lines, lines[1:], strict=False):
            found += [(before, line, action) for action in line["actions"]]
    return found


def spoiled(
    name: str, spoil: Tampering, fits: Callable[[Record, Record], bool] = lambda before, a: True
) -> tuple[Record, Record]:
    """The first transition whose one action `name` fits, spoiled."""
    for before, line, action in transitions():
        if action["name"] == name and line["actions"][0] == action and fits(before, action):
            before, line = deepcopy(before), deepcopy(line)
            spoil(before, line, line["actions"][0])
            return before, line
    raise AssertionError(f"no {name} fits")


def server(before: Record, action: Record) -> Record:
    found: Record = before["state"][action["i"]]
    return found


def state(**values: Any) -> Tampering:
    """The acting server stood otherwise before."""
    return lambda before, line, a: server(before, a).update(values)


def acted(**values: Any) -> Tampering:
    """The action says otherwise."""
    return lambda before, line, a: a.update(values)


def said(**values: Any) -> Tampering:
    """The message that it sends says otherwise."""
    return lambda before, line, a: a["m"].update(values)


def came(**values: Any) -> Tampering:
    """The message that it takes said otherwise all the time."""

    def spoil(before: Record, line: Record, a: Record) -> None:
        place = before["messages"].index(a["m"])
        before["messages"][place] = a["m"] = {**a["m"], **values}

    return spoil


def never_sent(before: Record, line: Record, a: Record) -> None:
    before["messages"] = [m for m in before["messages"] if m != a["m"]]


def after(**values: Any) -> Tampering:
    """The acting server stands otherwise after it."""
    return lambda before, line, a: line["state"][a["i"]].update(values)


def shift(field: str, by: int) -> Tampering:
    def spoil(before: Record, line: Record, a: Record) -> None:
        line[field] += by

    return spoil


def renamed(before: Record, line: Record, a: Record) -> None:
    a["name"] = "Miracle"


def one_gone(before: Record, line: Record, a: Record) -> None:
    del line["state"]["node2"]


def peers(field: str, by: int) -> Tampering:
    """A leader knew otherwise of the follower that answers."""

    def spoil(before: Record, line: Record, a: Record) -> None:
        server(before, a)[field][a["j"]] += by

    return spoil


def older_entry(before: Record, line: Record, a: Record) -> None:
    for one in server(before, a)["log"]:
        one["term"] -= 1


def granted_by_a_leader(before: Record, line: Record, a: Record) -> None:
    server(before, a).update(state="Leader")
    yes = {"mtype": "PreVoteResponse", "mterm": a["m"]["mterm"], "mvoteGranted": True}
    line["messages"] += [{**yes, "msource": a["i"], "mdest": a["j"]}] * 2


def answered(before: Record, a: Record) -> bool:
    return bool(a["m"]["msuccess"]) and server(before, a)["state"] == "Leader"


def refused(before: Record, a: Record) -> bool:
    return not a["m"]["msuccess"] and server(before, a)["state"] == "Leader"


def branch(name: str) -> Callable[[Record, Record], bool]:
    return lambda before, a: a["branch"] == name and bool(a["m"]["mentries"])


def leads(before: Record, a: Record) -> bool:
    return server(before, a)["state"] == "Leader"


def always(before: Record, a: Record) -> bool:
    return True


HANDLE = "HandleAppendEntriesRequest"
ANSWER = "HandleAppendEntriesResponse"
VOTE = "HandleRequestVoteResponse"

# Law → the action that shows it, what is spoiled, and which such actions will do.
TAMPERINGS: dict[str, tuple[str, Tampering, Callable[[Record, Record], bool]]] = {
    "steps are numbered without gaps": ("Timeout", shift("step", 1), always),
    "each event is in one step": ("Timeout", shift("first", 1), always),
    "time does not go back": ("Timeout", shift("time", -(10**9)), always),
    "only actions that are known": ("Timeout", renamed, always),
    "servers stay": ("Timeout", one_gone, always),
    "currentTerm": ("Timeout", after(currentTerm=99), always),
    "state": ("ClientRequest", after(state="Follower"), always),
    "votedFor": (HANDLE, after(votedFor="node9"), branch("append")),
    "log": (HANDLE, after(log=[]), branch("append")),
    "commitIndex": ("ClientRequest", after(commitIndex=9), always),
    "votesResponded": ("Timeout", after(votesResponded=["node9"]), always),
    "votesGranted": ("Timeout", after(votesGranted=["node9"]), always),
    "nextIndex": ("ClientRequest", after(nextIndex={}), always),
    "matchIndex": ("ClientRequest", after(matchIndex={}), always),
    "snapshotIndex": ("ClientRequest", after(snapshotIndex=1), always),
    "snapshotTerm": ("ClientRequest", after(snapshotTerm=1), always),
    "messages appear only by an action": (
        "ClientRequest", lambda before, line, a: line["messages"].append({"mtype": "new"}), always,
    ),
    "messages vanish only by an action": (
        "ClientRequest", lambda before, line, a: line["messages"].clear(), always,
    ),
    "received messages are in flight": (HANDLE, never_sent, always),
    "Timeout: the server does not lead": ("Timeout", state(state="Leader"), always),
    "RequestVote: the server is a candidate": (
        "Timeout", lambda b, line, a: line["actions"].pop(0), always,
    ),
    "RequestVote: who has answered is not asked": (
        "Timeout", lambda b, line, a: line["actions"].insert(4, line["actions"][1]), always,
    ),
    "RequestVote: the message tells the sender's state": (
        "Timeout", lambda b, line, a: line["actions"][4]["m"].update(mlastLogIndex=99), always,
    ),
    "a newer term is taken first": ("UpdateTerm", lambda b, line, a: line["actions"].pop(0),
                                    lambda b, a: a["m"]["mtype"] == "AppendEntriesRequest"),
    "a response of the current term is counted": (VOTE, came(mterm=0), always),
    "BecomeLeader: the server is a candidate": (
        VOTE, lambda b, line, a: line["actions"].insert(0, {"name": "BecomeLeader", "i": a["i"]}),
        leads,
    ),
    "BecomeLeader: a quorum has voted for it": (
        VOTE, came(mvoteGranted=False),
        lambda b, a: server(b, a)["state"] == "Candidate"
        and len(server(b, a)["votesGranted"]) * 2 == len(b["state"]) - 1
        and a["m"]["mvoteGranted"],
    ),
    "ClientRequest: the server leads": ("ClientRequest", state(state="Follower"), always),
    "AppendEntries: the server leads": ("AppendEntries", state(state="Follower"), always),
    "AppendEntries: what is there to be sent is sent": (
        "ClientRequest", lambda b, line, a: line["actions"][1]["m"].update(mentries=[]), always,
    ),
    "AppendEntries: the message tells the sender's state": (
        "AppendEntries", said(mprevLogTerm=99), always,
    ),
    "AdvanceCommitIndex: the server leads": (
        ANSWER, lambda b, line, a: line["actions"].append({"name": "AdvanceCommitIndex", "i": a["j"]}),
        answered,
    ),
    "AdvanceCommitIndex: a quorum holds it": (
        ANSWER, lambda b, line, a: line["actions"].reverse(),
        lambda b, a: answered(b, a) and server(b, a)["commitIndex"] < a["m"]["mmatchIndex"]
        and set(server(b, a)["matchIndex"].values()) == {0},
    ),
    "AdvanceCommitIndex: the entry is of the current term": (
        ANSWER, older_entry,
        lambda b, a: answered(b, a) and server(b, a)["commitIndex"] == 0 < a["m"]["mmatchIndex"],
    ),
    "UpdateTerm: the message has a newer term": ("UpdateTerm", state(currentTerm=99), always),
    "a candidate gives way to a leader": (
        HANDLE, state(state="Leader"), lambda b, a: a["branch"] == "become follower",
    ),
    "a request is rejected only if it is old or its previous entry is missing": (
        HANDLE, acted(branch="reject"), branch("append"),
    ),
    "a request is accepted only by a follower that holds the previous entry": (
        HANDLE, came(mprevLogTerm=99), branch("append"),
    ),
    "all entries are there when it is done": (HANDLE, acted(branch="done"), branch("append")),
    "entries are removed only where one conflicts": (
        HANDLE, acted(branch="remove"), branch("append"),
    ),
    "an entry is appended where the log ends": (HANDLE, acted(branch="append"), branch("done")),
    "matchIndex never falls": (ANSWER, peers("matchIndex", 99), answered),
    "nextIndex follows from what is matched": (ANSWER, acted(nextIndex=99), answered),
    "nextIndex is taken back, but not to what is matched": (
        ANSWER, acted(nextIndex=0), refused,
    ),
    "only responses are dropped as stale": (
        HANDLE, acted(name="DropStaleResponse"), always,
    ),
    "a stale response is of an older term": ("DropStaleResponse", state(currentTerm=0), always),
    "only what is in flight is duplicated": ("DuplicateMessage", never_sent, always),
    "AskPreVote: the server does not lead": ("AskPreVote", state(state="Leader"), always),
    "PreVote: the server asks": ("AskPreVote", lambda b, line, a: line["actions"].pop(0),
                                 lambda b, a: server(b, a)["state"] == "Follower"),
    "PreVote: the message tells the sender's state": (
        "AskPreVote", lambda b, line, a: line["actions"][1]["m"].update(mlastLogIndex=99), always,
    ),
    "a pre-vote is granted only where the vote could be": (
        "HandlePreVoteRequest", granted_by_a_leader, always,
    ),
    "what is disregarded is no old request": (
        "DisregardRequestVote", state(currentTerm=99), always,
    ),
    "a leader refuses": ("RefuseAppendEntries", state(state="Follower"), always),
    "StepDown: the server leads": ("StepDown", state(state="Follower"), always),
    "TimeoutNow: the server leads": ("TimeoutNow", state(state="Follower"), always),
    "TimeoutNow: the message tells the sender's state": ("TimeoutNow", said(mterm=99), always),
}  # fmt: skip

# The first line of a run, spoiled.
AT_FIRST: dict[str, Record] = {
    "a behaviour begins with Init": {"actions": []},
    "at first nothing is in flight": {"messages": [{"mtype": "x"}]},
    "at first a candidate has its own vote": {
        "state": {"node1": {"state": "Candidate", "votedFor": None}}
    },
}

A_VARIABLE_CHANGES = "changes only by an action"


def laws_in(module: Any) -> set[str]:
    """The laws that a module needs to hold, as its calls of `need` name them."""
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [call.args[1] for call in calls if ast.unparse(call.func) == "need"]
    return {law.value for law in named if isinstance(law, ast.Constant)}


def test_no_law_of_the_steps_goes_without_a_tampering() -> None:
    variables = set(transitions()[0][0]["state"]["node1"])
    laws = set().union(*map(laws_in, (spec, beyond, checker, world)))
    assert laws | variables == TAMPERINGS.keys() | AT_FIRST.keys()


@pytest.mark.parametrize("law", TAMPERINGS)
def test_a_step_that_breaks_a_law_is_rejected(law: str) -> None:
    name, spoil, fits = TAMPERINGS[law]
    with pytest.raises(Refusal) as caught:
        follows(*spoiled(name, spoil, fits))
    assert caught.value.law == (law if " " in law else f"{law} {A_VARIABLE_CHANGES}")


@pytest.mark.parametrize("law", AT_FIRST)
def test_a_beginning_that_breaks_a_law_is_rejected(law: str) -> None:
    first = next(iter(trace(rollback().events)))
    with pytest.raises(RejectedError) as caught:
        list(obey([{**first, **AT_FIRST[law]}]))
    assert (caught.value.law, caught.value.step) == (law, 1)


@pytest.mark.parametrize("lost", [1, 5, 20])
def test_a_trace_that_lacks_a_line_is_rejected(lost: int) -> None:
    lines = list(trace(rollback().events))
    del lines[lost]
    with pytest.raises(RejectedError) as caught:
        list(obey(lines))
    assert caught.value.step == lost + 2
