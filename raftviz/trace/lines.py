"""The trace: a step's actions beside the state that they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from raftviz.sim.changes import View, copy_view, empty_view, put
from raftviz.sim.events import Event
from raftviz.trace.actions import Reading
from raftviz.trace.state import Record, bag, servers
from raftviz.trace.steps import Step, steps


def trace(events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """One mapping for each atomic step of a run, from its start on; `events` is its journal."""
    view = empty_view()
    for number, step in enumerate(steps(events), start=1):
        actions = _advance(view, step)
        yield {
            "step": number,
            "first": step.first,
            "last": step.last,
            "time": step.opening.time,
            "input": "start" if step.is_start else step.opening.kind,
            "nodes": _nodes(step, actions),
            "actions": actions,
            "state": servers(view),
            "messages": bag(view),
        }


def _advance(view: View, step: Step) -> list[Record]:
    """Bring the view to the end of the step; the actions that this was."""
    reading = Reading(step, view)
    if step.is_start:
        reading.tell("Init", None)
    for event in step.events:
        reading.read(event)
        for path, _, new in event.changes:
            put(view, path, copy_view(new))
    reading.handled()
    return reading.actions


def _nodes(step: Step, actions: list[Record]) -> list[str]:
    """Who acted, then with whom."""
    named: list[str | None] = [step.node]
    for action in actions:
        m = action.get("m", {})
        named += [action.get("i"), action.get("j"), m.get("msource"), m.get("mdest")]
    return [name for name in dict.fromkeys(named) if name is not None]
