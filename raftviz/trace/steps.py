"""The journal's events in groups: which of them are one atomic step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from raftviz.sim.events import Event

OPENING = (
    "command",
    "timer_fired",
    "message_delivered",
    "message_dropped",
    "message_delayed",
    "client_request",
    "client_timed_out",
    "client_gave_up",
    "crashed",
    "restarted",
    "paused",
    "resumed",
    "link_changed",
    "option_changed",
    "clock_changed",
    "node_added",
    "checked",
)
"""Kinds of events that begin something new: an input to a node, or an act of the world."""

LEADS_TO_NOTHING = (
    "message_sent",
    "message_duplicated",
    "timer_set",
    "timer_cancelled",
    "client_reply",
    "persisted",
)
"""Kinds that no later event of the same step has for a cause, but for the copy of a message sent."""

CONTINUES = "persisted"
"""What goes on with something that was begun before: a server whose disk has stood still."""


@dataclass(frozen=True, slots=True)
class Step:
    """Events that happen together, the first of them numbered `first`."""

    events: tuple[Event, ...]

    @property
    def first(self) -> int:
        """The number of its first event."""
        return self.events[0].seq

    @property
    def last(self) -> int:
        """The number of its last event."""
        return self.events[-1].seq

    @property
    def is_start(self) -> bool:
        """Whether it is the start of the run."""
        return _is_command(self.events[0], "start")

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody makes a message."""
        return _is_command(self.events[0], "inject")

    @property
    def opening(self) -> Event:
        """The event that began it: a command's first own act, or else the command."""
        return _opening(self.events)

    @property
    def goes_on(self) -> bool:
        """Whether it is the rest of what a server had taken in before its disk stood still."""
        return self.events[0].kind == CONTINUES

    @property
    def node(self) -> str | None:
        """Whom it concerns."""
        return self.opening.node


def _opening(events: Sequence[Event]) -> Event:
    return events[1] if events[0].kind == "command" and len(events) > 1 else events[0]


def _is_command(event: Event, name: str) -> bool:
    return event.kind == "command" and name in event.data["command"]


def steps(events: Iterable[Event]) -> Iterator[Step]:
    """All events, in order, each in one step."""
    open_: list[Event] = []
    for event in events:
        if open_ and _begins(event, open_):
            yield Step(tuple(open_))
            open_ = []
        open_.append(event)
    if open_:
        yield Step(tuple(open_))


def _begins(event: Event, open_: list[Event]) -> bool:
    """Whether an event begins a step, those of the one before it being `open_`."""
    first = open_[0]
    if event.kind == "invariant_violated":
        return False
    if event.kind == "command":
        return True
    if _is_command(first, "start"):
        return event.kind in OPENING
    if first.kind == "command" and len(open_) == 1:
        return event.cause != first.seq  # a command and its first act are one step
    if event.kind in OPENING:
        return True
    return event.node != _opening(open_).node or _is_of_another_input(event, open_)


def _is_of_another_input(event: Event, open_: list[Event]) -> bool:
    """Whether it follows from something else than what began the step: a request that had waited
    at a node that stood still is handed over, and what waited for a disk goes on, without an event
    of its own.
    """
    if event.kind == "client_reply" or event.cause is None:
        return False
    opening = open_[0]
    if event.cause < opening.seq:
        same = event.cause == opening.cause or opening.kind == CONTINUES
        return not same or event.kind == "message_duplicated"
    cause = open_[event.cause - opening.seq].kind
    if event.kind == "message_duplicated":
        return cause != "message_sent"  # each copy that somebody asks for is a step
    return cause in LEADS_TO_NOTHING
