"""Commands that take messages in flight in hand, or make one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.errors import CommandError, LimitError, Phrase, choice
from raftviz.sim import flights
from raftviz.sim.clock import from_ms
from raftviz.sim.cluster import Cluster
from raftviz.sim.events import Flight
from raftviz.sim.guards import known, running

FLIGHTS_MAX = 1000


def chosen(cluster: Cluster, selector: str | dict[str, Any], where: str) -> list[Flight]:
    """The messages in flight that a selector means, in the order in which they are due.

    Raises CommandError where there is none.
    """
    wanted = {} if isinstance(selector, str) else selector
    for end in ("from", "to"):
        if end in wanted:
            known(cluster, wanted[end], f"{where}.{end}")
    under_way = sorted(cluster.flights.values(), key=lambda flight: (flight.ends_us(), flight.id))
    found = [flight for flight in under_way if _matches(flight, wanted)]
    if not found:
        there: list[Phrase | str] = [_told(flight) for flight in under_way[:6]]
        if len(under_way) > 6:
            there.append("…")
        raise CommandError(
            "no message in flight fits" if under_way else "no message is in flight",
            where=where,
            remedy=f"in flight: {', '.join(map(str, there))}" if there else None,
            kind="flight.other" if there else "flight.none",
            there=there,
        )
    return found


def _told(flight: Flight) -> Phrase:
    kind, ends = flight.message.TYPE, {"from": flight.source, "to": flight.target}
    way = f"{flight.source}→{flight.target}"
    if flight.message.REPLY:
        return Phrase(f"{kind} reply {way}", "flight.reply", type=kind, **ends)
    return Phrase(f"{kind} {way}", "flight.request", type=kind, **ends)


def _matches(flight: Flight, wanted: dict[str, Any]) -> bool:
    message = flight.message
    facts = {
        "id": flight.id,
        "type": message.TYPE,
        "from": flight.source,
        "to": flight.target,
        "term": message.term,
        "reply": message.REPLY,
    }
    return all(facts[name] == value for name, value in wanted.items())


def deliver(cluster: Cluster, selector: Any, cause: int) -> None:
    """They arrive now; on a cut link they die."""
    found = chosen(cluster, selector, "deliver")
    for flight in found:
        if flight.lost is None and cluster.stands_still(flight.target):
            running(cluster, flight.target, "deliver")
    for flight in found:
        cluster.agenda.cancel(flight.id)
        cluster.arrive(flight)
        cluster.boundary()


def drop(cluster: Cluster, selector: Any, cause: int) -> None:
    """They vanish."""
    for flight in chosen(cluster, selector, "drop"):
        cluster.held[flight.target] = tuple(
            key for key in cluster.held[flight.target] if key != flight.id
        )
        cluster.drop(flight, "user", cause)
        cluster.boundary()


def duplicate(cluster: Cluster, selector: Any, cause: int) -> None:
    """A second copy of each sets out."""
    found = chosen(cluster, selector, "duplicate")
    if len(cluster.flights) + len(found) > FLIGHTS_MAX:
        raise LimitError(
            f"{len(cluster.flights) + len(found):,} messages would be in flight",
            where="duplicate",
            remedy=f"at most {FLIGHTS_MAX:,} may be: choose fewer, or deliver some first",
            kind="flight.many",
            total=len(cluster.flights) + len(found),
            most=FLIGHTS_MAX,
        )
    for flight in found:
        flights.duplicate(cluster, flight, cause)
        cluster.boundary()


def delay(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
    """They arrive later."""
    by_us = from_ms(argument["by"])
    for flight in chosen(cluster, argument["messages"], "delay"):
        change = flights.redirect(cluster, flight, arrives_us=flight.arrives_us + by_us)
        data = {**flight.data(), "by": by_us}
        cluster.emit("message_delayed", flight.target, cause, data, (change,))
        cluster.boundary()


def inject(cluster: Cluster, message: dict[str, Any], cause: int) -> None:
    """Hand a message to its addressee as if received."""
    for end in ("from", "to"):
        if not isinstance(message.get(end), str):
            raise CommandError(
                f"{end} is missing",
                where="inject",
                kind="missing",
                name=end,
                **choice(cluster.node_ids),
            )
        known(cluster, message[end], f"inject.{end}")
    if message["from"] == message["to"]:
        raise CommandError("a node sends itself nothing", where="inject.to", kind="inject.self")
    running(cluster, message["to"], "inject")
    parsed = cluster.rules.parse_message(message)
    number = cluster.next_message
    cluster.next_message = number + 1
    seq = len(cluster.events) + 1
    now = cluster.now_us
    flight = Flight(number, message["from"], message["to"], parsed, now, now, None, seq)
    cluster.flights[number] = flight
    cluster.emit("message_sent", flight.source, cause, flight)
    cluster.arrive(flight)
    cluster.boundary()


ACTIONS: dict[str, Callable[[Cluster, Any, int], None]] = {
    "deliver": deliver,
    "drop": drop,
    "duplicate": duplicate,
    "delay": delay,
    "inject": inject,
}
