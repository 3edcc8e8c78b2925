"""Changes applied to a visible state, forwards and backwards.

The visible state is nested dicts, and lists for logs. A path of length 3 that begins with "nodes"
names a field of a node, whose value is set as it is (None too). Every other path names a member
of a collection, which None removes; a log loses and gains only its last entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from raftviz.protocols.base import Change
from raftviz.sim.events import Event

View = dict[str, Any]


def empty_view() -> View:
    """The visible state before everything."""
    return {
        "time": 0,
        "seq": 0,
        "options": {},
        "nodes": {},
        "messages": {},
        "links": {},
        "clients": {},
    }


def put(view: View, path: tuple[str | int, ...], value: Any) -> None:
    """Set what stands at `path`, or remove it."""
    place: Any = view
    for step in path[:-1]:
        place = place[step]
    last: Any = path[-1]
    if isinstance(place, list):
        if value is None:
            assert last == len(place) - 1, path
            place.pop()
        elif last == len(place):
            place.append(value)
        else:
            place[last] = value
    elif value is None and not (path[0] == "nodes" and len(path) == 3):
        place.pop(last, None)
    else:
        place[last] = value


def apply(view: View, changes: Iterable[Change]) -> None:
    """Make the changes, in place."""
    for path, _, new in changes:
        put(view, path, new)


def undo(view: View, changes: tuple[Change, ...]) -> None:
    """Take the changes back, in place, the last one first."""
    for path, old, _ in reversed(changes):
        put(view, path, copy_view(old))


def advance(view: View, event: Event) -> None:
    """The state after `event`, from the one before it, in place."""
    apply(view, event.changes)
    view["time"] = event.time
    view["seq"] = event.seq


def copy_view(value: Any) -> Any:
    """A copy that shares nothing that changes."""
    if isinstance(value, dict):
        return {key: copy_view(member) for key, member in value.items()}
    if isinstance(value, list):
        return [copy_view(member) for member in value]
    return value
