"""Writes event streams by hand: a few words an event, numbered as a run would number them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from raftviz.checks import Monitor, Violation
from raftviz.sim.events import Event


def entry(index: int, term: int, value: object = "v") -> dict[str, Any]:
    return {"index": index, "term": term, "set": {"k": value}}


class Stream:
    """A monitor and the numbering of the events that it is fed."""

    def __init__(self, nodes: int = 3) -> None:
        self.monitor = Monitor([f"node{number}" for number in range(1, nodes + 1)])
        self.seq = 0
        self.emit("command", None, {"command": {"start": {}}})

    def emit(
        self,
        kind: str,
        node: str | None,
        data: dict[str, Any],
        changes: tuple[Any, ...] = (),
    ) -> list[Violation]:
        self.seq += 1
        event = Event(
            seq=self.seq,
            time=self.seq,
            kind=kind,
            node=node,
            cause=None if kind == "command" else 1,
            payload=data,
            changes=changes,
        )
        return list(self.monitor.observe(event))

    def term(self, node: str, to: int) -> list[Violation]:
        return self.emit("term_changed", node, {"from": 0, "to": to, "why": "election", "by": None})

    def votes(self, node: str, candidate: str, term: int, granted: bool = True) -> list[Violation]:
        data = {"for": candidate, "granted": granted, "term": term, "why": "granted"}
        return self.emit("voted", node, data)

    def role(self, node: str, to: str, term: int, why: str = "majority") -> list[Violation]:
        return self.emit("role_changed", node, {"from": "x", "to": to, "term": term, "why": why})

    def append(
        self, node: str, index: int, term: int, value: object = "v", why: str = "append_entries"
    ) -> list[Violation]:
        written = entry(index, term, value)
        return self.emit(
            "log_appended", node, {"index": index, "term": term, "entry": written, "why": why}
        )

    def truncate(self, node: str, index: int, last: int) -> list[Violation]:
        return self.emit("log_truncated", node, {"from": index, "to": last, "why": "conflict"})

    def index(self, node: str, what: str, to: int, why: str = "majority") -> list[Violation]:
        data = {"what": what, "peer": None, "from": 0, "to": to, "why": why}
        return self.emit("index_changed", node, data)

    def commit(self, node: str, to: int, why: str = "majority") -> list[Violation]:
        return self.index(node, "commitIndex", to, why)

    def apply(self, node: str, index: int, term: int, value: object = "v") -> list[Violation]:
        data = {"index": index, "entry": entry(index, term, value), "result": None}
        return self.emit("applied", node, data)

    def elect(self, node: str, term: int, voters: Sequence[str] = ()) -> list[Violation]:
        """An election that node wins: all that it takes in terms, votes and roles."""
        broken: list[Violation] = []
        for voter in (node, *voters):
            broken += self.term(voter, term)
            broken += self.votes(voter, node, term)
        return broken + self.role(node, "leader", term)

    def replicate(self, nodes: Sequence[str], index: int, term: int, value: object = "v") -> None:
        """The same entry is appended, committed and applied on each of nodes."""
        for node in nodes:
            assert self.append(node, index, term, value) == []
        for node in nodes:
            assert self.commit(node, index) == []
            assert self.apply(node, index, term, value) == []
