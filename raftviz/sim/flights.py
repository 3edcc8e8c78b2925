"""What becomes of a message in flight beside arriving: a copy of it, or another end of its way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from raftviz.protocols.base import Change
from raftviz.sim.events import Flight

if TYPE_CHECKING:
    from raftviz.sim.cluster import Cluster


def duplicate(cluster: Cluster, flight: Flight, cause: int) -> None:
    """A second copy of a message sets out now."""
    latency, _, _ = cluster.network.fate((flight.source, flight.target))
    now = cluster.now_us
    copy = replace(
        flight,
        id=cluster.next_message,
        sent_us=now,
        arrives_us=now + latency,
        cause=len(cluster.events) + 1,
    )
    cluster.next_message += 1
    cluster.flights[copy.id] = copy
    cluster.agenda.schedule(copy.ends_us(), copy.id)
    cluster.emit(
        "message_duplicated",
        flight.source,
        cause,
        {**flight.data(), "copy": copy.id},
        ((("messages", str(copy.id)), None, copy.view()),),
    )


def redirect(cluster: Cluster, flight: Flight, **settings: Any) -> Change:
    """Change where or when a message in flight ends; the change that shows it."""
    new = replace(flight, **settings)
    cluster.flights[flight.id] = new
    if flight.id in cluster.agenda:
        cluster.agenda.schedule(new.ends_us(), flight.id)
    return ("messages", str(flight.id)), flight.view(), new.view()
