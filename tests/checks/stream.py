"""Writes event streams by hand: a few words an event, numbered as a run would number them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from raftviz.checks import Monitor, Violation
from raftviz.protocols.base import Message
from raftviz.sim.events import Event, Flight, Payload


def entry(index: int, term: int, value: object = "v", **more: object) -> dict[str, Any]:
    """An entry that sets a key; `more` may say whose command it is, or be a configuration."""
    if "configuration" in more:
        return {"index": index, "term": term, **more}
    return {"index": index, "term": term, "set": {"k": value}, **more}


def configuration(members: Sequence[str], old: Sequence[str] = ()) -> dict[str, list[str]]:
    return {"members": list(members), "old": list(old)}


def only(broken: list[Violation], name: str, *facts: int) -> Violation:
    """The one violation in broken, which must be of this name and between these two events."""
    assert [violation.property for violation in broken] == [name], broken
    assert broken[0].facts == facts
    assert 1 <= facts[0] <= facts[1]
    return broken[0]


@dataclass
class Written:
    """What a node was made to hold, so that a `persisted` event can say it."""

    role: str = "follower"
    term: int = 0
    voted_for: str | None = None
    snapshot: tuple[int, int] = (0, 0)
    terms: list[int] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        index, term = self.snapshot
        return {
            "term": self.term,
            "votedFor": self.voted_for,
            "lastIndex": index + len(self.terms),
            "lastTerm": self.terms[-1] if self.terms else term,
            "snapshotIndex": index,
        }


class Stream:
    """A monitor and the numbering of the events that it is fed."""

    def __init__(self, nodes: int = 3) -> None:
        self.monitor = Monitor([f"node{number}" for number in range(1, nodes + 1)])
        self.seq = 0
        self.time = 0
        self.written: dict[str, Written] = {}
        self.emit("command", None, {"command": {"start": {}}})

    def emit(
        self,
        kind: str,
        node: str | None,
        data: Payload,
        changes: tuple[Any, ...] = (),
        cause: int = 1,
    ) -> list[Violation]:
        self.seq += 1
        self.time += 1
        event = Event(
            seq=self.seq,
            time=self.time,
            kind=kind,
            node=node,
            cause=None if kind == "command" else cause,
            payload=data,
            changes=changes,
        )
        return list(self.monitor.observe(event))

    def of(self, node: str) -> Written:
        return self.written.setdefault(node, Written())

    # A node's state.

    def term(self, node: str, to: int, why: str = "election") -> list[Violation]:
        self.of(node).term, self.of(node).voted_for = to, None
        return self.emit("term_changed", node, {"from": 0, "to": to, "why": why, "by": None})

    def votes(self, node: str, candidate: str, term: int, granted: bool = True) -> list[Violation]:
        if granted:
            self.of(node).voted_for = candidate
        data = {"for": candidate, "granted": granted, "term": term, "why": "granted"}
        return self.emit("voted", node, data)

    def role(self, node: str, to: str, term: int, why: str = "majority") -> list[Violation]:
        before, self.of(node).role = self.of(node).role, to
        return self.emit("role_changed", node, {"from": before, "to": to, "term": term, "why": why})

    def win(self, node: str, term: int) -> list[Violation]:
        """A node becomes candidate and, in the latest event, leader."""
        return self.role(node, "candidate", term) + self.role(node, "leader", term)

    def elect(self, node: str, term: int, voters: Sequence[str] = ()) -> list[Violation]:
        """An election that node wins: all that it takes in terms, votes and roles, on disk."""
        broken = self.role(node, "follower", term) if self.of(node).role == "leader" else []
        broken += self.role(node, "candidate", term)
        for voter in (node, *voters):
            broken += self.term(voter, term)
            broken += self.votes(voter, node, term)
            broken += self.persist(voter)
        return broken + self.role(node, "leader", term)

    # Logs.

    def append(
        self,
        node: str,
        index: int,
        term: int,
        value: object = "v",
        why: str = "append_entries",
        **more: object,
    ) -> list[Violation]:
        written = self.of(node)
        del written.terms[index - 1 - written.snapshot[0] :]
        written.terms.append(term)
        data = {"index": index, "term": term, "entry": entry(index, term, value, **more)}
        return self.emit("log_appended", node, {**data, "why": why})

    def truncate(self, node: str, index: int, last: int) -> list[Violation]:
        written = self.of(node)
        del written.terms[index - 1 - written.snapshot[0] :]
        return self.emit("log_truncated", node, {"from": index, "to": last, "why": "conflict"})

    def snapshot(self, node: str, index: int, term: int, why: str = "asked") -> list[Violation]:
        written = self.of(node)
        del written.terms[: index - written.snapshot[0]]
        written.snapshot = (index, term)
        return self.emit("snapshot_taken", node, {"index": index, "term": term, "why": why})

    def install(self, node: str, index: int, term: int, kept: int = 0) -> list[Violation]:
        written = self.of(node)
        written.terms = written.terms[-kept:] if kept else []
        written.snapshot = (index, term)
        data = {"index": index, "term": term, "from": "node1", "kept": kept, "stateMachine": {}}
        return self.emit("snapshot_installed", node, data)

    def configure(
        self, node: str, index: int, term: int, members: Sequence[str], old: Sequence[str] = ()
    ) -> list[Violation]:
        """A leader appends a configuration, which is in force at once; what appending it broke."""
        said = configuration(members, old)
        broken = self.append(node, index, term, why="configuration", configuration=said)
        data = {"index": index, **said, "why": "appended"}
        assert self.emit("configuration_changed", node, data) == []
        return broken

    # Disks.

    def persist(self, node: str, **other: object) -> list[Violation]:
        """All that a node holds is written to its disk, but for what is to be `other`."""
        return self.emit("persisted", node, {**self.of(node).data(), **other})

    def crash(self, node: str, saved: bool = True) -> list[Violation]:
        """A node crashes, with all that it held on its disk unless said otherwise."""
        if saved:
            self.persist(node)
        self.of(node).role = "follower"
        return self.emit("crashed", node, {"lost": ["commitIndex"]})

    def restart(self, node: str) -> list[Violation]:
        return self.emit("restarted", node, {})

    def sent(self, source: str, target: str, message: Message, cause: int = 1) -> list[Violation]:
        """A message sets out."""
        flight = Flight(self.seq, source, target, message, 0, 10, None, self.seq + 1)
        return self.emit("message_sent", source, flight, cause=cause)

    # What is known and done.

    def index(
        self, node: str, what: str, to: int, why: str = "success", peer: str | None = None
    ) -> list[Violation]:
        data = {"what": what, "peer": peer, "from": 0, "to": to, "why": why}
        return self.emit("index_changed", node, data)

    def commit(self, node: str, to: int, why: str = "leader_commit") -> list[Violation]:
        return self.index(node, "commitIndex", to, why)

    def count(self, node: str, to: int) -> list[Violation]:
        """A leader commits by counting copies."""
        return self.commit(node, to, "majority")

    def apply(
        self, node: str, index: int, term: int, value: object = "v", **more: object
    ) -> list[Violation]:
        repeats = {"duplicate": True} if more.pop("duplicate", False) else {}
        applied = entry(index, term, value, **more)
        return self.emit(
            "applied", node, {"index": index, "entry": applied, "result": None, **repeats}
        )

    def replicate(self, nodes: Sequence[str], index: int, term: int, value: object = "v") -> None:
        """The same entry is appended, committed and applied on each of nodes."""
        for node in nodes:
            assert self.append(node, index, term, value) == []
            assert self.persist(node) == []
        for node in nodes:
            assert self.commit(node, index) == []
            assert self.apply(node, index, term, value) == []

    # Clients.

    def asks(self, client: str, serial: int, op: str = "read", **more: object) -> list[Violation]:
        data = {"client": client, "serial": serial, "request": {"op": op, "key": "k", **more}}
        return self.emit("client_request", "node1", {**data, "to": "node1"})

    def answers(
        self,
        node: str,
        client: str,
        serial: int,
        value: object = None,
        outcome: str = "ok",
        why: str | None = None,
        index: int | None = None,
        cause: int = 2,
    ) -> list[Violation]:
        data = {"client": client, "serial": serial, "outcome": outcome, "value": value}
        more = {"why": why, "hint": None, "index": index}
        return self.emit("client_reply", node, {**data, **more}, cause=cause)
