"""Events: what happened. Numbered, immutable, each with its cause and the changes that it made.

Events of messages and timers are most of a journal, so they hold the message or timer itself and
put it into wire names only when somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from raftviz.protocols.base import Change, Message, NodeId

KINDS = (
    "command",
    "timer_set",
    "timer_fired",
    "timer_cancelled",
    "message_sent",
    "message_delivered",
    "message_dropped",
    "message_duplicated",
    "message_delayed",
    "role_changed",
    "term_changed",
    "persisted",
    "voted",
    "pre_voted",
    "vote_counted",
    "leader_known",
    "transfer_changed",
    "lease_changed",
    "log_appended",
    "log_truncated",
    "index_changed",
    "applied",
    "snapshot_taken",
    "snapshot_installed",
    "configuration_changed",
    "learner_changed",
    "client_request",
    "client_reply",
    "client_timed_out",
    "client_gave_up",
    "crashed",
    "restarted",
    "paused",
    "resumed",
    "clock_changed",
    "node_added",
    "link_changed",
    "option_changed",
    "checked",
    "invariant_violated",
)


@dataclass(frozen=True, slots=True)
class Flight:
    """A message on its way from `source` to `target`.

    It left at `sent_us` and is due at `arrives_us`; one that is `lost` ("cut" or "loss") dies
    half-way. `cause` is the event that sent it.
    """

    id: int
    source: NodeId
    target: NodeId
    message: Message
    sent_us: int
    arrives_us: int
    lost: str | None
    cause: int

    def ends_us(self) -> int:
        """When it arrives or dies."""
        if self.lost is None:
            return self.arrives_us
        return self.sent_us + (self.arrives_us - self.sent_us) // 2

    def data(self) -> dict[str, Any]:
        """The message in wire names, as events tell it."""
        message = self.message
        return {
            "message": self.id,
            "type": message.TYPE,
            "reply": message.REPLY,
            "from": self.source,
            "to": self.target,
            "term": message.term,
            **message.fields(),
        }

    def view(self) -> dict[str, Any]:
        """The message as visible state."""
        message = self.message
        return {
            "id": self.id,
            "type": message.TYPE,
            "reply": message.REPLY,
            "from": self.source,
            "to": self.target,
            "term": message.term,
            **message.fields(),
            "sent": self.sent_us,
            "arrives": self.arrives_us,
            "lost": self.lost,
        }


@dataclass(frozen=True, slots=True)
class Dropped:
    """A message that did not arrive: why is "cut", "loss", "crash" or "user"."""

    flight: Flight
    why: str

    def data(self) -> dict[str, Any]:
        """The message, and why."""
        return {**self.flight.data(), "why": self.why}


@dataclass(frozen=True, slots=True)
class Timer:
    """An armed timer: set at `set_us`, due at `due_us` (None: it waits for a command), its range."""

    name: str
    set_us: int
    due_us: int | None
    low_us: int
    high_us: int
    cause: int

    def view(self) -> dict[str, Any]:
        """The timer as visible state; times in microseconds."""
        return {
            "set": self.set_us,
            "due": self.due_us,
            "low": self.low_us,
            "high": self.high_us,
        }


@dataclass(frozen=True, slots=True)
class TimerSet:
    """A timer was armed, replacing `old`."""

    new: Timer
    old: Timer | None

    def data(self) -> dict[str, Any]:
        """Its name and when it is due."""
        return {"name": self.new.name, "due": self.new.due_us}


Payload = Flight | Dropped | Timer | TimerSet | Mapping[str, Any]


def _sent(event: Event) -> tuple[Change, ...]:
    flight = event.payload
    assert isinstance(flight, Flight)
    return ((("messages", str(flight.id)), None, flight.view()),)


def _ended(event: Event) -> tuple[Change, ...]:
    payload = event.payload
    flight = payload.flight if isinstance(payload, Dropped) else payload
    assert isinstance(flight, Flight)
    return ((("messages", str(flight.id)), flight.view(), None),)


def _timer_set(event: Event) -> tuple[Change, ...]:
    payload = event.payload
    assert isinstance(payload, TimerSet) and event.node is not None
    old = payload.old.view() if payload.old else None
    return ((("nodes", event.node, "timers", payload.new.name), old, payload.new.view()),)


def _timer_fired(event: Event) -> tuple[Change, ...]:
    timer = event.payload
    assert isinstance(timer, Timer) and event.node is not None
    return ((("nodes", event.node, "timers", timer.name), timer.view(), None),)


_DERIVED: dict[str, Callable[[Event], tuple[Change, ...]]] = {
    "message_sent": _sent,
    "message_delivered": _ended,
    "message_dropped": _ended,
    "timer_set": _timer_set,
    "timer_fired": _timer_fired,
}


class Event:
    """Something that happened.

    `seq` counts from 1 without gaps, `time` is virtual microseconds, `kind` one of KINDS, `node`
    whom it concerns, `cause` the `seq` that led to it (None for a command: the root).
    """

    __slots__ = ("_changes", "cause", "kind", "node", "payload", "seq", "time")

    def __init__(
        self,
        seq: int,
        time: int,
        kind: str,
        node: NodeId | None,
        cause: int | None,
        payload: Payload,
        changes: tuple[Change, ...] = (),
    ) -> None:
        self.seq = seq
        self.time = time
        self.kind = kind
        self.node = node
        self.cause = cause
        self.payload = payload
        self._changes = changes

    @property
    def data(self) -> dict[str, Any]:
        """What is particular to its kind, in wire names."""
        payload = self.payload
        if isinstance(payload, Timer):
            return {"name": payload.name}
        if isinstance(payload, (Flight, Dropped, TimerSet)):
            return payload.data()
        return dict(payload)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What it changed in the visible state: (path, old, new) each."""
        derive = _DERIVED.get(self.kind)
        return derive(self) if derive else self._changes

    def to_json(self) -> dict[str, Any]:
        """The event as JSON can hold it, with the old values."""
        return {
            "seq": self.seq,
            "time": self.time,
            "kind": self.kind,
            "node": self.node,
            "cause": self.cause,
            "data": self.data,
            "changes": [[list(path), old, new] for path, old, new in self.changes],
        }

    def __repr__(self) -> str:
        where = f" {self.node}" if self.node else ""
        return f"<{self.seq} {self.time}µs {self.kind}{where} {self.data}>"
