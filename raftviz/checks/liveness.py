"""What must come about in the end, once every fault is mended and time has passed.

Safety is asked after every event; this is asked once, by whoever has mended a run: links healed,
nodes restarted and resumed, and then several election timeouts without a new request. Raft promises
nothing before (Raft §5.6), nor where no majority of the members is up, nor, without PreVote or leader
stickiness, as long as a server that has been removed goes on campaigning (dissertation §4.2.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from raftviz.checks.base import Expectation, Property, Violation
from raftviz.sim.events import Event

View = Mapping[str, Any]
"""Everything visible, as a simulation or a journal shows it."""

Nodes = Mapping[str, Mapping[str, Any]]

ONE_LEADER = Property(
    "One leader in the end",
    Expectation.EVENTUALLY,
    "Among the servers that are up exactly one leads, and in the highest term.",
    "Raft §5.2, §5.6",
)
ANSWERED_WRITES_STAY = Property(
    "Answered writes stay",
    Expectation.EVENTUALLY,
    "What a client was told to be done is in the committed log of the leader.",
    "Raft §5.3, §5.4, §8",
)
EVERYONE_CATCHES_UP = Property(
    "Everyone catches up",
    Expectation.EVENTUALLY,
    "Every member that is up has applied all that the leader has committed, with the same result.",
    "Raft §5.3",
)

PROMISES: Sequence[Property] = (ONE_LEADER, ANSWERED_WRITES_STAY, EVERYONE_CATCHES_UP)


@dataclass(frozen=True, slots=True)
class Write:
    """A command that a client was told to be done: the answer's event, and the entry."""

    seq: int
    client: str
    serial: int
    index: int
    entry: Mapping[str, Any]


def eventually(view: View, events: Sequence[Event]) -> list[Violation]:
    """What does not hold, though by now it should. `view` is how things stand after `events`, which
    begin with the first of the run.

    It looks at the whole run and costs accordingly.
    """
    nodes: Nodes = view["nodes"]
    up = [name for name, node in nodes.items() if not node["crashed"] and not node["paused"]]
    halves = _configuration(nodes)
    members = [name for name in up if any(name in half for half in halves)]
    if not all(2 * sum(each in up for each in half) > len(half) for half in halves):
        return []
    leaders = [name for name in up if nodes[name]["state"] == "leader"]
    highest = max(nodes[name]["term"] for name in members)
    last = len(events)
    if len(leaders) != 1 or nodes[leaders[0]]["term"] != highest:
        return [_no_single_leader(nodes, leaders, highest, events)]
    leader = leaders[0]
    found = [
        _violation(ANSWERED_WRITES_STAY, _lost(write, leader), leader, write.seq, last)
        for write in answered_writes(events)
        if not _is_committed(write, nodes[leader])
    ]
    for name in members:
        if name != leader:
            message = _behind(name, nodes[name], leader, nodes[leader])
            if message is not None:
                seq = _latest(events, "commitIndex", leader)
                found.append(_violation(EVERYONE_CATCHES_UP, message, name, seq, last))
    return found


def answered_writes(events: Sequence[Event]) -> list[Write]:
    """The commands that were executed and answered with ok, in the order of their answers.

    The cause of such an answer is the entry's being applied; one that comes from the client's session
    belongs to the entry that was applied under it.
    """
    in_session: dict[tuple[str, int], Mapping[str, Any]] = {}
    found = []
    for event in events:
        if event.kind == "applied":
            data = event.data
            if "client" in data["entry"] and not data.get("duplicate"):
                in_session[data["entry"]["client"], data["entry"]["serial"]] = data
        elif event.kind == "client_reply":
            data = event.data
            if data["outcome"] != "ok" or data.get("index") is not None or event.cause is None:
                continue
            client, serial = data["client"], data["serial"]
            cause = events[event.cause - 1]
            done = in_session.get((client, serial))
            if cause.kind == "applied" and not cause.data.get("duplicate"):
                done = cause.data
            if done is not None:
                found.append(Write(event.seq, client, serial, done["index"], done["entry"]))
    return found


def _configuration(nodes: Nodes) -> Sequence[Sequence[str]]:
    """The members in the most up-to-date of all logs, and the old ones where two sets are joint."""

    def last_entry(node: Mapping[str, Any]) -> tuple[int, int]:
        end = node["log"][-1] if node["log"] else node["snapshot"]
        return (end["term"], end["index"]) if end else (0, 0)

    latest = max(nodes.values(), key=last_entry)
    return (
        (latest["members"], latest["oldMembers"]) if latest["oldMembers"] else (latest["members"],)
    )


def _no_single_leader(
    nodes: Nodes,
    leaders: Sequence[str],
    highest: int,
    events: Sequence[Event],
) -> Violation:
    if not leaders:
        message = f"no server leads, and the highest term is {highest}"
    else:
        lead = [f"{name} leads term {nodes[name]['term']}" for name in leaders]
        message = f"{', '.join(lead)}, and the highest term is {highest}"
    node = leaders[0] if leaders else None
    return _violation(ONE_LEADER, message, node, _latest(events, "role_changed"), len(events))


def _is_committed(write: Write, leader: Mapping[str, Any]) -> bool:
    if write.index > leader["commitIndex"]:
        return False
    snapshot = leader["snapshot"]
    covered = snapshot["index"] if snapshot else 0
    return write.index <= covered or leader["log"][write.index - covered - 1] == write.entry


def _lost(write: Write, leader: str) -> str:
    return (
        f"command {write.serial} of {write.client} was answered with ok, but its entry at index "
        f"{write.index} is not in the committed log of {leader}"
    )


def _behind(
    name: str, node: Mapping[str, Any], leader: str, leads: Mapping[str, Any]
) -> str | None:
    applied, committed = node["lastApplied"], leads["commitIndex"]
    if applied < committed:
        return (
            f"{name} has applied the entries up to index {applied}, "
            f"{leader} committed those up to {committed}"
        )
    same = applied == leads["lastApplied"]
    if same and node["stateMachine"] != leads["stateMachine"]:
        return f"{name} and {leader} have applied the same entries and hold different values"
    return None


def _latest(events: Sequence[Event], subject: str, node: str | None = None) -> int:
    """The latest event of a kind, or 1, the start."""
    for event in reversed(events):
        if node is not None and event.node != node:
            continue
        if event.kind == subject:
            return event.seq
        if event.kind == "index_changed" and event.data["what"] == subject:
            return event.seq
    return 1


def _violation(
    promise: Property, message: str, node: str | None, earlier: int, last: int
) -> Violation:
    return Violation(promise.name, message, node, (earlier, last))
