"""The checker has teeth: for each law of it, a trace tampered with by hand, which it must reject."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from raftviz import Simulation
from raftviz.trace import trace
from tests.evidence.runs import busy_run
from tests.sim.runs import rollback, storm
from tests.trace import beyond, checker, spec, world
from tests.trace.checker import first_members, follows, obey
from tests.trace.world import Members, Record, Refusal, RejectedError

Tampering = Callable[[Record, Record, Record], object]
"""Takes the line before, the line, and the action in it, and spoils one of them."""


@dataclass(frozen=True)
class Transition:
    """Two lines that follow each other, one of the actions between them, and the checker's memory."""

    before: Record
    line: Record
    action: Record
    bases: dict[str, Members]


@cache
def transitions() -> list[Transition]:
    """From runs in which about everything happens."""
    forged = Simulation(3)
    forged.do({"timeout": "node1"})
    forged.do({"settle": True})
    forged.do({"inject": {"type": "AppendEntries", "from": "node2", "to": "node1", "term": 1}})
    runs = [
        rollback(),
        forged,
        alone(),
        changing("single"),
        changing("joint"),
        storm(3),
        busy_run(1, rounds=20, pre_vote=True, check_quorum=True),
        busy_run(2, rounds=20, leader_stickiness=True, conflict_hints=True),
        busy_run(3, rounds=20, wild=True, max_inflight=2, snapshot_threshold=3),
    ]
    return [transition for run in runs for transition in transitions_of(run)]


def transitions_of(run: Simulation) -> Iterator[Transition]:
    lines = list(trace(run.events))
    bases = first_members(lines[0])
    for before, line in zip(lines, lines[1:], strict=False):
        for action in line["actions"]:
            yield Transition(before, line, action, deepcopy(bases))
        follows(before, line, bases)


def changing(membership: str) -> Simulation:
    """Members change, and a new one gets a snapshot."""
    sim = Simulation(3, options={"membership": membership, "noop_on_election": True})
    for command in (
        {"timeout": "node1"},
        {"settle": True},
        {"write": {"key": "x", "value": 1}},
        {"settle": True},
        {"snapshot": "node1"},
        {"add_node": "node4"},
        {"settle": True},
        {"reconfigure": ["node1", "node2", "node4"]},
        {"settle": True},
        {"remove_node": "node2"},
        {"settle": True},
    ):
        sim.do(command)
    return sim


def alone() -> Simulation:
    """A cluster of one gets a second member, to which nobody else is sent anything."""
    sim = Simulation(1)
    for command in (
        {"timeout": "node1"},
        {"write": {"key": "x", "value": 1}},
        {"snapshot": "node1"},
        {"add_node": "node2"},
        {"deliver": {"to": "node2"}},
        {"deliver": {"to": "node1"}},
        {"drop": "all"},
        {"heartbeat": "node1"},
        {"settle": True},
    ):
        sim.do(command)
    return sim


def spoiled(
    name: str, spoil: Tampering, fits: Callable[[Record, Record], bool]
) -> tuple[Record, Record, dict[str, Members]]:
    """The first transition that begins with an action `name` which fits, spoiled."""
    for found in transitions():
        first = found.line["actions"][0] is found.action
        if first and found.action["name"] == name and fits(found.before, found.action):
            before, line = deepcopy(found.before), deepcopy(found.line)
            try:
                spoil(before, line, line["actions"][0])
            except LookupError:  # there is not in it what is to be spoiled
                continue
            return before, line, deepcopy(found.bases)
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


def configured(**values: Any) -> Tampering:
    """The configuration that is appended says otherwise."""
    return lambda before, line, a: a["v"]["configuration"].update(values)


def inner(name: str, has: str, **values: Any) -> Tampering:
    """An action after the first, one that has a field `has`, says otherwise."""

    def spoil(before: Record, line: Record, a: Record) -> None:
        found = [one for one in line["actions"][1:] if one["name"] == name and has in one]
        found[0].update(values)

    return spoil


def changes_members(before: Record, a: Record) -> bool:
    return "configuration" in a["v"]


def leaves_joint(before: Record, a: Record) -> bool:
    s = server(before, a)
    return bool(s["oldMembers"]) and s["commitIndex"] < a["m"]["mmatchIndex"]


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
    "members": ("ClientRequest", after(members=[]), always),
    "oldMembers": ("ClientRequest", after(oldMembers=["node1"]), always),
    "learners": ("ClientRequest", after(learners=["node9"]), always),
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
    "one change of members at a time": (
        "ClientRequest", lambda b, line, a: line["actions"].insert(0, a), changes_members,
    ),
    "from a joint configuration to the new one": (
        ANSWER, inner("ClientRequest", "v", v={"configuration": {"members": ["node1"], "old": []}}),
        leaves_joint,
    ),
    "a joint configuration joins the present one": (
        "ClientRequest", configured(old=["node1"]), changes_members,
    ),
    "members change one by one, or through a joint configuration": (
        "ClientRequest", configured(members=["node1"], old=[]), changes_members,
    ),
    "members change only when an entry of the current term is committed": (
        "ClientRequest", state(currentTerm=99), changes_members,
    ),
    "nextIndex runs ahead by what was sent": (
        "ClientRequest", inner("AppendEntries", "nextIndex", nextIndex=99), always,
    ),
    "a snapshot covers what is committed": ("TakeSnapshot", acted(index=99), always),
    "InstallSnapshot: the server leads": ("InstallSnapshot", state(state="Follower"), always),
    "InstallSnapshot: the entries that are needed are gone": (
        "InstallSnapshot", lambda b, line, a: server(b, a)["nextIndex"].update({a["j"]: 99}), always,
    ),
    "InstallSnapshot: the message tells the sender's state": (
        "InstallSnapshot", said(mlastIncludedTerm=99), always,
    ),
    "a new server was not there before": ("AddServer", acted(i="node1"), always),
    "ChangeLearners: the server leads": ("ChangeLearners", state(state="Follower"), always),
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
    variables = set(transitions()[0].line["state"]["node1"])
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
