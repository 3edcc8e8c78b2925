"""What a file may give wrongly: a state to begin with, or a message of one's own; see refused.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.errors import Error
from raftviz.simulation import Simulation

LEADER = {"state": "leader", "term": 2}


def given(**state: Any) -> Callable[[], Error]:
    """Node 1 cannot begin so."""
    return begun(node1=state)


def begun(**states: Any) -> Callable[[], Error]:
    """Three nodes cannot begin so."""
    return lambda: _caught(lambda: Simulation(nodes=3, given=states))


def injected(**message: Any) -> Callable[[], Error]:
    """A message cannot be one."""
    ends = {"from": "node1", "to": "node2"}
    return lambda: _caught(lambda: Simulation(nodes=3).do({"inject": {**ends, **message}}))


def appended(*entries: Any) -> Callable[[], Error]:
    """Entries cannot come with a message."""
    return injected(type="AppendEntries", term=1, entries=list(entries))


def installed(**fields: Any) -> Callable[[], Error]:
    """A snapshot cannot come with a message."""
    last = {"lastIncludedIndex": 1, "lastIncludedTerm": 1}
    return injected(type="InstallSnapshot", term=1, **last, **fields)


def _caught(act: Callable[[], object]) -> Error:
    try:
        act()
    except Error as error:
        return error
    raise AssertionError("it was not refused")


CAUSES: dict[str, Callable[[], Error]] = {
    "a log that is none": given(log=1),
    "an entry that is none": given(log=["x"]),
    "an entry of no kind": given(log=[None]),
    "an entry out of its place": given(log=[{"term": 1, "index": 5}]),
    "an entry without a term": given(log=[{"set": {"x": 1}}]),
    "an entry of a strange term": given(log=[{"term": "x"}]),
    "an entry of a term below 0": given(log=[{"term": -1}]),
    "an entry of two keys": given(log=[{"term": 1, "set": {"x": 1, "y": 2}}]),
    "a deletion of no key": given(log=[{"term": 1, "delete": 1}]),
    "a set of no kind": given(log=[{"term": 1, "set": 1}]),
    "an exchange of no kind": given(log=[{"term": 1, "cas": {"key": "x", "value": None}}]),
    "members of no kind": given(log=[{"term": 1, "configuration": {"members": 1}}]),
    "a member of no kind": given(log=[{"term": 1, "configuration": {"members": [1]}}]),
    "a term that falls": given(log=[2, 1]),
    "a state that is none": begun(node1=1),
    "a field of no state": given(terms=1),
    "a term that is none": given(term="x"),
    "a commit beyond the log": given(commitIndex=3),
    "a vote for nobody": given(votedFor="node9"),
    "members that are none": given(members=1),
    "members given twice": given(members=["node1", "node1"]),
    "a member that is a stranger": given(members=["node9"]),
    "a snapshot that is none": given(snapshot=1),
    "a field of no snapshot": given(snapshot={"terms": 1}),
    "a snapshot of no index": given(snapshot={"index": 0}),
    "a store that is none": given(snapshot={"index": 1, "term": 1, "stateMachine": 1}),
    "a value that is none": given(snapshot={"index": 1, "term": 1, "stateMachine": {"x": None}}),
    "indexes that are none": given(**LEADER, matchIndex=1),
    "an index of a stranger": given(**LEADER, matchIndex={"node9": 0}),
    "an index beyond the log": given(**LEADER, matchIndex={"node2": 9}),
    "an index not above another": given(
        **LEADER, log=[1, 2], matchIndex={"node2": 2}, nextIndex={"node2": 1}
    ),
    "indexes of a follower": given(matchIndex={"node2": 0}),
    "a strange role": given(state="boss"),
    "a term before the log's": given(term=1, log=[2]),
    "a leader of no term": given(state="leader", term=0),
    "a leader who voted for another": given(**LEADER, votedFor="node2"),
    "two leaders of a term": begun(node1=LEADER, node2=LEADER),
    "two entries in one place": begun(
        node1={"log": [{"term": 1, "set": {"x": 1}}]}, node2={"log": [{"term": 1, "set": {"x": 2}}]}
    ),
    "a message that there is not": injected(type="RequestVotes", term=1),
    "a message of no type": injected(term=1),
    "a reply that there is not": injected(type="TimeoutNow", reply=True, term=1),
    "a field of no message": injected(type="RequestVote", term=1, candidate=1),
    "entries with a gap": appended({"term": 1, "index": 5, "noop": True}),
    "an entry of nothing": appended({"term": 1, "index": 1}),
    "no entry in a message": appended(1),
    "a session of no kind": installed(sessions={"c": 1}),
}
