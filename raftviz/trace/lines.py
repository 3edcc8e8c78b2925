"""The trace: a step's actions beside the state that they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from raftviz.sim.changes import View, copy_view, empty_view, put
from raftviz.sim.events import Event
from raftviz.trace.actions import Reading
from raftviz.trace.state import Record, message, server
from raftviz.trace.steps import Step, steps

TO_BE_DURABLE = (
    "term_changed",
    "voted",
    "log_appended",
    "log_truncated",
    "snapshot_taken",
    "snapshot_installed",
)
"""Kinds of events after which a server writes to its disk."""

LEFT = ("persisted", "message_sent", "message_duplicated")
"""Kinds of events before which everything has been written that had to be."""


def trace(events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """One mapping for each atomic step of a run, from its start on; `events` is its journal.

    What did not change from one line to the next is one object in both: copy before you alter it.
    """
    teller = Teller()
    for number, step in enumerate(steps(events), start=1):
        actions = teller.tell(step)
        yield {
            "step": number,
            "first": step.first,
            "last": step.last,
            "time": step.opening.time,
            "input": "start" if step.is_start else step.opening.kind,
            "nodes": _nodes(step, actions),
            "actions": actions,
            "state": teller.servers(),
            "messages": teller.messages(),
        }


class Teller:
    """Follows a run, step by step.

    What a server has taken in while its disk stands still has no effect on anybody until it is
    written, so it is told when that has happened: until then the message is in flight, and if the
    server crashes, never arrived.
    """

    def __init__(self) -> None:
        self.view: View = empty_view()
        self._waiting: dict[str, tuple[Reading, tuple[Event, ...]]] = {}
        """What each server has taken in and not written yet, and how far it has been told."""
        self._servers: dict[str, Record] = {}
        self._messages: dict[str, Record] = {}

    def tell(self, step: Step) -> list[Record]:
        """Bring everything to the end of a step; the actions that this was."""
        node = step.node or ""
        reading, events = Reading(step, self.view), step.events
        if step.is_start:
            reading.tell("Init", None)
        elif node in self._waiting and step.goes_on:
            reading, waited = self._waiting.pop(node)
            reading.actions = []
            events = (*waited, *events)
        elif node in self._waiting and step.opening.kind == "crashed":
            self._forget(node, reading)
        done = _finished(events)
        for event in events[:done]:
            reading.read(event)
            self._apply(event)
        if done < len(events):
            self._waiting[node] = (reading, events[done:])
        else:
            reading.handled()
        return reading.actions

    def _forget(self, node: str, reading: Reading) -> None:
        """A server crashes before its disk has what it took in."""
        _, waited = self._waiting.pop(node)
        for event in waited:
            if event.kind == "message_delivered":
                reading.tell("DropMessage", None, m=message(event.data))
            self._apply(event)

    def _apply(self, event: Event) -> None:
        for path, _, new in event.changes:
            put(self.view, path, copy_view(new))
            kept = self._servers if path[0] == "nodes" else self._messages
            if path[0] in ("nodes", "messages"):
                kept.pop(str(path[1]), None)

    def servers(self) -> dict[str, Record]:
        """Every server's variables."""
        for name, shown in self.view["nodes"].items():
            if name not in self._servers:
                self._servers[name] = server(shown)
        return {name: self._servers[name] for name in self.view["nodes"]}

    def messages(self) -> list[Record]:
        """The messages in flight, in the order in which they were sent."""
        for number, shown in self.view["messages"].items():
            if number not in self._messages:
                self._messages[number] = message(shown)
        return [self._messages[number] for number in self.view["messages"]]


def _finished(events: Sequence[Event]) -> int:
    """How many of a step's events are told at once: all, if all that they change is written."""
    written = 0
    for place, event in enumerate(events, start=1):
        if event.kind in LEFT:
            written = place
    if any(event.kind in TO_BE_DURABLE and _changes(event) for event in events[written:]):
        return written
    return len(events)


def _changes(event: Event) -> bool:
    """Whether it changed the visible state: a vote that is refused does not."""
    return bool(event.changes)


def _nodes(step: Step, actions: list[Record]) -> list[str]:
    """Who acted, then with whom."""
    named: list[str | None] = [step.node]
    for action in actions:
        m = action.get("m", {})
        named += [action.get("i"), action.get("j"), m.get("msource"), m.get("mdest")]
    return [name for name in dict.fromkeys(named) if name is not None]
