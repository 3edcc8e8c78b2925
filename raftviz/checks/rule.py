"""What a rule is: it looks at an event and at what happened before it, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from raftviz.checks.base import Property, Violation
from raftviz.checks.history import History
from raftviz.sim.events import Event

Data = Mapping[str, Any]
"""An event's data, in wire names."""

Rule = Callable[[History, Event, Data], Violation | None]
"""Takes what happened before, the event, and its data; tells what the event broke."""


def broken(promise: Property, message: str, event: Event, earlier: int) -> Violation:
    """The violation that `event` is, in contradiction to the event numbered `earlier`."""
    return Violation(promise.name, message, event.node, (earlier, event.seq))
