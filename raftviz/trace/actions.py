"""What a step is in the specification: raft.tla's actions, in the order in which they happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from raftviz.sim.changes import View
from raftviz.sim.events import Event
from raftviz.trace.state import Record, entry, message, server
from raftviz.trace.steps import Step

Data = Mapping[str, Any]

SPECIFIED: Sequence[str] = (
    "Init",
    "Restart",
    "Timeout",
    "RequestVote",
    "AppendEntries",
    "BecomeLeader",
    "ClientRequest",
    "AdvanceCommitIndex",
    "UpdateTerm",
    "HandleRequestVoteRequest",
    "HandleRequestVoteResponse",
    "HandleAppendEntriesRequest",
    "HandleAppendEntriesResponse",
    "DropStaleResponse",
    "DuplicateMessage",
    "DropMessage",
)
"""The actions of raft.tla."""

OWN: Mapping[str, str] = {
    "AskPreVote": "asks whether it could win an election (dissertation §9.6)",
    "PreVote": "sends the question",
    "HandlePreVoteRequest": "answers it; nothing else changes",
    "HandlePreVoteResponse": "counts an answer",
    "DisregardRequestVote": "refuses for leader stickiness: no new term, no vote (dissertation §4.2.3)",
    "RefuseAppendEntries": "a leader refuses a request of its own term, which only a forger sends",
    "Heartbeat": "sends AppendEntries without the entries that are due, under pipelining",
    "StepDown": "gives leadership up within its term (dissertation §6.2, §4.2.2)",
    "TimeoutNow": "the leader tells another to campaign (dissertation §3.10)",
    "HandleTimeoutNowRequest": "takes it; Timeout follows",
    "InstallSnapshot": "the leader sends its snapshot (dissertation §5.3)",
    "HandleInstallSnapshotRequest": "installs a snapshot, or has no need of it",
    "HandleInstallSnapshotResponse": "the leader learns how far the follower is",
    "TakeSnapshot": "discards the entries up to an index (dissertation §5.1)",
    "AddServer": "a new server appears, a member of nothing yet (dissertation §4.1)",
    "ChangeLearners": "the leader follows other servers that do not vote (dissertation §4.2.1)",
    "Wipe": "loses its disk too, which Raft does not tolerate",
    "Inject": "somebody makes a message by hand",
}
"""Actions that raft.tla has no words for, and what each is."""

APPEND_REQUEST = "AppendEntriesRequest"
APPEND = "HandleAppendEntriesRequest"
RESPONSES = ("RequestVoteResponse", "AppendEntriesResponse", "InstallSnapshotResponse")


class Reading:
    """Reads the events of one step, one after the other, beside the state that each finds."""

    def __init__(self, step: Step, view: View) -> None:
        self.step = step
        self.view = view
        self.actions: list[Record] = []
        self.taken: Record | None = None
        """The message being handled, until the action that handles it has been told."""
        self.reason = ""
        """Why its answer is what it is."""

    # Telling.

    def tell(self, name: str, i: str | None, **more: Any) -> None:
        """An action of server `i`, after the handling that it follows from."""
        self.handled()
        self.add(name, i, **more)

    def add(self, name: str, i: str | None, **more: Any) -> None:
        """The next action."""
        self.actions.append({"name": name, **({} if i is None else {"i": i}), **more})

    def part(self, name: str, **more: Any) -> None:
        """A part of handling the message taken, which goes on."""
        if self.taken is not None:
            taken = self.taken
            self.add(name, taken["mdest"], j=taken["msource"], m=taken, **more)

    def handled(self, **more: Any) -> None:
        """Tell of the message taken, if there is one: all of it that can be told now."""
        taken = self.taken
        if taken is None:
            return
        name, more = self._handling(taken, more)
        if name == "DropMessage":
            self.add(name, None, m=taken)
        else:
            self.part(name, **more)
        self.taken = None

    def _handling(self, taken: Record, more: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """By what action a message is taken, and what else there is to say of it."""
        kind = taken["mtype"]
        receiver = server(self.view["nodes"][taken["mdest"]])
        if kind == "RequestVoteRequest" and self.reason == "refused_leader_stickiness":
            return "DisregardRequestVote", more
        if kind == APPEND_REQUEST:
            if self.reason == "is_leader":
                return "RefuseAppendEntries", more
            return f"Handle{kind}", {**more, "branch": "reject" if self.reason else "done"}
        if kind in RESPONSES and taken["mterm"] < receiver["currentTerm"]:
            return "DropStaleResponse", more
        if kind == "AppendEntriesResponse" and not more and _would_move(receiver, taken):
            return "DropMessage", more
        return f"Handle{kind}", more

    # Reading.

    def read(self, event: Event) -> None:
        """Read an event; the view still stands as it was before."""
        reader = READERS.get(event.kind)
        if reader is not None:
            reader(self, event, event.data)

    def role(self, node: str | None) -> str:
        """A node's role, in the wire's words."""
        assert node is not None
        role: str = self.view["nodes"][node]["state"]
        return role


def _would_move(receiver: Record, answer: Record) -> bool:
    """Whether raft.tla would move nextIndex or matchIndex of the leader that takes this answer."""
    if receiver["state"] != "Leader":
        return False
    peer = answer["msource"]
    if peer not in receiver["nextIndex"]:
        return False
    if not answer["msuccess"]:
        return bool(receiver["nextIndex"][peer] > 1)
    outcome = (answer["mmatchIndex"], answer["mmatchIndex"] + 1)
    return (receiver["matchIndex"][peer], receiver["nextIndex"][peer]) != outcome


def _delivered(reading: Reading, event: Event, data: Data) -> None:
    reading.taken = message(data)


def _term_changed(reading: Reading, event: Event, data: Data) -> None:
    if data["why"] == "election":
        reading.tell("Timeout", event.node)
    elif data["why"] == "higher_term":
        reading.part("UpdateTerm")


def _voted(reading: Reading, event: Event, data: Data) -> None:
    if data["why"] == "self":
        for name in ("RequestVote", "HandleRequestVoteRequest", "HandleRequestVoteResponse"):
            reading.tell(name, event.node, j=event.node)
    else:
        reading.reason = data["why"]


def _pre_voted(reading: Reading, event: Event, data: Data) -> None:
    if data["why"] == "self":
        reading.tell("AskPreVote", event.node)


def _role_changed(reading: Reading, event: Event, data: Data) -> None:
    to, why = data["to"], data["why"]
    if why in ("given", "higher_term"):
        return
    if to == "leader":
        reading.tell("BecomeLeader", event.node)
    elif why == "leader_heard" and data["from"] == "candidate" and _takes_append(reading):
        reading.part(APPEND, branch="become follower")
    elif data["from"] == "leader":
        reading.tell("StepDown", event.node)


def _takes_append(reading: Reading) -> bool:
    return reading.taken is not None and reading.taken["mtype"] == APPEND_REQUEST


def _log_appended(reading: Reading, event: Event, data: Data) -> None:
    if data["why"] == "given":
        return
    if _takes_append(reading):
        reading.part(APPEND, branch="append")
    elif reading.role(event.node) == "leader":
        reading.tell("ClientRequest", event.node, v=entry(data["entry"])["value"])


def _log_truncated(reading: Reading, event: Event, data: Data) -> None:
    if _takes_append(reading):
        for _ in range(data["from"], data["to"] + 1):
            reading.part(APPEND, branch="remove")


def _index_changed(reading: Reading, event: Event, data: Data) -> None:
    if data["why"] == "given":
        return
    if data["what"] == "commitIndex":
        if reading.role(event.node) == "leader":
            reading.tell("AdvanceCommitIndex", event.node)
    elif data["what"] == "nextIndex" and data["why"] == "refused":
        reading.handled(nextIndex=data["to"])
    elif data["what"] == "matchIndex":
        moved = reading.view["nodes"][event.node]["nextIndex"][data["peer"]]
        reading.handled(nextIndex=max(moved, data["to"] + 1))
    elif data["why"] == "sent":
        sent = [action for action in reading.actions if action.get("j") == data["peer"]]
        sent[-1]["nextIndex"] = data["to"]


def _vote_counted(reading: Reading, event: Event, data: Data) -> None:
    reading.handled()


def _sent(reading: Reading, event: Event, data: Data) -> None:
    record = message(data)
    if reading.step.is_by_hand:
        reading.tell("Inject", None, m=record)
    elif data["reply"]:
        if data["type"] == "AppendEntries" and not data["success"]:
            reading.reason = data["reason"]
        reading.handled()
    else:
        lacks = _lacks_entries(reading.view["nodes"][data["from"]], record)
        name = "Heartbeat" if lacks else data["type"]
        reading.tell(name, data["from"], j=data["to"], m=record)


def _lacks_entries(shown: Mapping[str, Any], record: Record) -> bool:
    """Whether a message could carry entries and does not."""
    if record["mtype"] != APPEND_REQUEST or record["mentries"]:
        return False
    last_index = shown["log"][-1]["index"] if shown["log"] else 0
    return bool(record["mprevLogIndex"] < last_index)


def _duplicated(reading: Reading, event: Event, data: Data) -> None:
    reading.tell("DuplicateMessage", None, m=message(data))


def _dropped(reading: Reading, event: Event, data: Data) -> None:
    reading.tell("DropMessage", None, m=message(data))


def _crashed(reading: Reading, event: Event, data: Data) -> None:
    reading.tell("Wipe" if data.get("wiped") else "Restart", event.node)


def _snapshot_taken(reading: Reading, event: Event, data: Data) -> None:
    if data.get("why") != "given":
        reading.tell("TakeSnapshot", event.node, index=data["index"])


def _learner_changed(reading: Reading, event: Event, data: Data) -> None:
    if data["why"] in ("joined", "gave_up"):
        learners = [new for path, _, new in event.changes if path[2:] == ("learners",)]
        reading.tell("ChangeLearners", event.node, learners=learners[-1] if learners else [])


def _node_added(reading: Reading, event: Event, data: Data) -> None:
    reading.tell("AddServer", event.node)


READERS: Mapping[str, Callable[[Reading, Event, Data], None]] = {
    "message_delivered": _delivered,
    "term_changed": _term_changed,
    "voted": _voted,
    "pre_voted": _pre_voted,
    "role_changed": _role_changed,
    "log_appended": _log_appended,
    "log_truncated": _log_truncated,
    "index_changed": _index_changed,
    "vote_counted": _vote_counted,
    "message_sent": _sent,
    "message_duplicated": _duplicated,
    "message_dropped": _dropped,
    "crashed": _crashed,
    "snapshot_taken": _snapshot_taken,
    "learner_changed": _learner_changed,
    "node_added": _node_added,
}
