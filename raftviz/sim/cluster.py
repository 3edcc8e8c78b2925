"""The cluster: nodes, network, disks, clients and agenda, moved one occurrence at a time.

The one way: pop an occurrence, feed the node, perform its effects in order, emit events. Each
occurrence is atomic; `boundary` stands between two of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from raftviz.errors import LimitError
from raftviz.protocols.base import (
    Change,
    Effect,
    Message,
    Node,
    NodeId,
    Note,
    Persist,
    Reply,
    Rules,
    Send,
    SetTimer,
)
from raftviz.sim.agenda import Agenda, Key
from raftviz.sim.clients import Client
from raftviz.sim.events import Dropped, Event, Flight, Payload, Timer, TimerSet
from raftviz.sim.network import LinkKey, Network
from raftviz.sim.rng import Stream

NEVER = sys.maxsize


class Reached(Exception):
    """The event at which a replay was to stop has been written; the cluster stands between two
    occurrences.
    """


class Cluster:
    """All that a run depends on, but its journal's past."""

    __slots__ = (
        "agenda",
        "clients",
        "crashed",
        "cut_by",
        "disks",
        "events",
        "flights",
        "held",
        "keep",
        "limit_at",
        "manual",
        "network",
        "next_message",
        "node_ids",
        "nodes",
        "now_us",
        "observe",
        "occurrences",
        "paused",
        "rules",
        "shown",
        "stop_at",
        "timeouts",
        "timers",
    )

    def __init__(
        self,
        node_ids: tuple[NodeId, ...],
        rules: Rules,
        network: Network,
        timeouts: Stream,
        manual: bool,
    ) -> None:
        self.node_ids = node_ids
        self.rules = rules
        self.network = network
        self.timeouts = timeouts
        self.manual = manual
        self.now_us = 0
        self.occurrences = 0
        self.agenda = Agenda()
        self.events: list[Event] = []
        self.nodes: dict[NodeId, Node] = {node: rules.node(node) for node in node_ids}
        self.shown: dict[NodeId, Any] = {node: self.nodes[node].state for node in node_ids}
        self.disks: dict[NodeId, Any] = {}
        self.crashed: dict[NodeId, bool] = dict.fromkeys(node_ids, False)
        self.paused: dict[NodeId, bool] = dict.fromkeys(node_ids, False)
        self.held: dict[NodeId, tuple[Key, ...]] = dict.fromkeys(node_ids, ())
        self.timers: dict[Key, Timer] = {}
        self.flights: dict[int, Flight] = {}
        self.next_message = 1
        self.clients: dict[str, Client] = {}
        self.cut_by: dict[LinkKey, int] = {}
        self.observe: Callable[[Event], None] | None = None
        self.keep: Callable[[], None] | None = None
        self.stop_at = NEVER
        self.limit_at = NEVER

    def copy(self, events: list[Event]) -> Cluster:
        """An independent cluster that stands as this one does, with `events` as its past."""
        other = Cluster.__new__(Cluster)
        other.node_ids = self.node_ids
        other.rules = self.rules
        other.network = self.network.copy()
        other.timeouts = self.timeouts.copy()
        other.manual = self.manual
        other.now_us = self.now_us
        other.occurrences = self.occurrences
        other.agenda = self.agenda.copy()
        other.events = events
        other.nodes = {
            node_id: self.rules.resume(node_id, node.state) for node_id, node in self.nodes.items()
        }
        other.shown = self.shown.copy()
        other.disks = self.disks.copy()
        other.crashed = self.crashed.copy()
        other.paused = self.paused.copy()
        other.held = self.held.copy()
        other.timers = self.timers.copy()
        other.flights = self.flights.copy()
        other.next_message = self.next_message
        other.clients = self.clients.copy()
        other.cut_by = self.cut_by.copy()
        other.observe = None
        other.keep = None
        other.stop_at = NEVER
        other.limit_at = NEVER
        return other

    # Events.

    def emit(
        self,
        kind: str,
        node: NodeId | None,
        cause: int | None,
        payload: Payload,
        changes: tuple[Change, ...] = (),
    ) -> int:
        """Write an event; its number."""
        events = self.events
        seq = len(events) + 1
        event = Event(seq, self.now_us, kind, node, cause, payload, changes)
        events.append(event)
        if self.observe is not None:
            self.observe(event)
        return seq

    def boundary(self) -> None:
        """Between two occurrences: the place to stop, to refuse to go on, or to keep a copy."""
        count = len(self.events)
        if count >= self.stop_at:
            raise Reached
        if count > self.limit_at:
            raise LimitError(
                "this would write more events than one command may",
                remedy="ask for less time, or fewer steps",
            )
        if self.keep is not None:
            self.keep()

    # Occurrences.

    def run_next(self) -> bool:
        """Let the next occurrence happen; False where there is none."""
        due = self.agenda.next_time()
        if due is None:
            return False
        _, key = self.agenda.pop()
        if due > self.now_us:
            self.now_us = due
        self._occur(key)
        self.boundary()
        return True

    def run_next_message(self) -> bool:
        """Let the next message or request end its way, and what time alone does before; no timer
        fires. False where nothing is on its way.
        """
        if not self.on_its_way():
            return False
        found = self.agenda.pop_first(lambda key: key not in self.timers or self.is_passive(key))
        assert found is not None
        due, key = found
        self.now_us = max(self.now_us, due)
        self._occur(key)
        self.boundary()
        return True

    def on_its_way(self) -> bool:
        """Whether any message or request will end its way by itself (at a paused node it waits)."""
        return any(flight in self.agenda for flight in self.flights) or any(
            (f"client:{client.id}", client.to) in self.agenda for client in self.clients.values()
        )

    def is_passive(self, key: Key) -> bool:
        """Whether a timer only marks that time has passed."""
        timer = self.timers.get(key)
        return timer is not None and timer.name not in self.rules.actor_timers

    def _occur(self, key: Key) -> None:
        # Counted, as one at a paused node writes no event.
        self.occurrences += 1
        if isinstance(key, int):
            self.arrive(self.flights[key])
        elif key in self.timers:
            self.fire(key, None)
        else:
            self._hand_over(key[1], key[0].removeprefix("client:"))

    def arrive(self, flight: Flight) -> None:
        """A message ends its way: it dies at the cut, or reaches its target."""
        target = flight.target
        if flight.lost is not None:
            cut = self.cut_by.get((flight.source, target)) if flight.lost == "cut" else None
            self.drop(flight, flight.lost, cut or flight.cause)
        elif self.crashed[target]:
            self.drop(flight, "crash", flight.cause)
        elif self.paused[target]:
            self.held[target] += (flight.id,)
        else:
            del self.flights[flight.id]
            seq = self.emit("message_delivered", target, flight.cause, flight)
            self.perform(target, self.nodes[target].receive(flight.source, flight.message), seq)

    def drop(self, flight: Flight, why: str, cause: int) -> None:
        """A message is lost: why is "cut", "loss", "crash" or "user"."""
        del self.flights[flight.id]
        self.agenda.cancel(flight.id)
        self.emit("message_dropped", flight.target, cause, Dropped(flight, why))

    def fire(self, key: Key, cause: int | None) -> None:
        """A timer fires: by itself, or because a command (`cause`) says so."""
        assert isinstance(key, tuple)
        node_id, name = key
        if self.paused[node_id]:
            self.held[node_id] += (key,)
            return
        timer = self.timers.pop(key)
        self.agenda.cancel(key)
        seq = self.emit("timer_fired", node_id, cause or timer.cause, timer)
        self.perform(node_id, self.nodes[node_id].timer(name), seq)

    def _hand_over(self, node_id: NodeId, client_id: str) -> None:
        """A client's request reaches a node that stood still when it was made."""
        client = self.clients[client_id]
        if client.outcome == "waiting" and client.to == node_id:
            self.perform(node_id, self.nodes[node_id].request(client.request), len(self.events))

    # Effects.

    def perform(self, node_id: NodeId, effects: list[Effect], cause: int) -> None:
        """What a node asks for, in order. A note is caused by the input; what is applied, by the
        commitment; a message, timer or answer, by the last thing noted.
        """
        noted = committed = cause
        for effect in effects:
            kind = type(effect)
            if kind is Send:
                self._send(node_id, effect.target, effect.message, noted)  # type: ignore[union-attr]
            elif kind is SetTimer:
                self._set_timer(node_id, effect, noted)  # type: ignore[arg-type]
            elif isinstance(effect, Note):
                changes = self.rules.changes(node_id, self.shown[node_id], effect.state)
                self.shown[node_id] = effect.state
                because = committed if effect.kind == "applied" else cause
                noted = self.emit(effect.kind, node_id, because, effect.data, changes)
                if effect.kind == "index_changed":
                    committed = noted
            elif isinstance(effect, Persist):
                self.disks[node_id] = effect.durable
            elif isinstance(effect, Reply):
                self.answer(node_id, effect, noted)
            else:
                assert not isinstance(effect, (Send, SetTimer))
                self._cancel_timer(node_id, effect.name, noted)

    def _send(self, source: NodeId, target: NodeId, message: Message, cause: int) -> None:
        now = self.now_us
        latency, lost, twice = self.network.fate((source, target))
        number = self.next_message
        self.next_message = number + 1
        seq = len(self.events) + 1
        flight = Flight(number, source, target, message, now, now + latency, lost, seq)
        self.flights[number] = flight
        self.agenda.schedule(now + latency if lost is None else flight.ends_us(), number)
        self.emit("message_sent", source, cause, flight)
        if twice:
            self.duplicate(flight, seq)

    def duplicate(self, flight: Flight, cause: int) -> None:
        """A second copy of a message sets out now."""
        latency, _, _ = self.network.fate((flight.source, flight.target))
        now = self.now_us
        copy = replace(
            flight,
            id=self.next_message,
            sent_us=now,
            arrives_us=now + latency,
            cause=len(self.events) + 1,
        )
        self.next_message += 1
        self.flights[copy.id] = copy
        self.agenda.schedule(copy.ends_us(), copy.id)
        self.emit(
            "message_duplicated",
            flight.source,
            cause,
            {**flight.data(), "copy": copy.id},
            ((("messages", str(copy.id)), None, copy.view()),),
        )

    def redirect(self, flight: Flight, **settings: Any) -> Change:
        """Change where or when a message in flight ends; the change that shows it."""
        new = replace(flight, **settings)
        self.flights[flight.id] = new
        if flight.id in self.agenda:
            self.agenda.schedule(new.ends_us(), flight.id)
        return ("messages", str(flight.id)), flight.view(), new.view()

    def _set_timer(self, node_id: NodeId, effect: SetTimer, cause: int) -> None:
        key = (node_id, effect.name)
        due = None
        if effect.passive or not self.manual:
            low, high = effect.low_us, effect.high_us
            due = self.now_us + (low if low == high else self.timeouts.between(low, high))
            self.agenda.schedule(due, key)
        seq = len(self.events) + 1
        timer = Timer(effect.name, self.now_us, due, effect.low_us, effect.high_us, seq)
        old = self.timers.get(key)
        self.timers[key] = timer
        self.emit("timer_set", node_id, cause, TimerSet(timer, old))

    def _cancel_timer(self, node_id: NodeId, name: str, cause: int) -> None:
        key = (node_id, name)
        timer = self.timers.pop(key, None)
        if timer is not None:
            self.agenda.cancel(key)
            change = (("nodes", node_id, "timers", name), timer.view(), None)
            self.emit("timer_cancelled", node_id, cause, {"name": name}, (change,))

    def answer(self, node_id: NodeId, reply: Reply, cause: int) -> None:
        """A client gets its answer. One to a request that it no longer waits for changes nothing."""
        client = self.clients[reply.client]
        changes: tuple[Change, ...] = ()
        if client.request.serial == reply.serial and client.outcome == "waiting":
            new = replace(
                client,
                outcome=reply.outcome,
                value=reply.value,
                why=reply.why,
                hint=reply.hint,
                done_us=self.now_us,
            )
            self.clients[reply.client] = new
            changes = ((("clients", reply.client), client.view(), new.view()),)
        data = {
            "client": reply.client,
            "serial": reply.serial,
            "outcome": reply.outcome,
            "value": reply.value,
            "why": reply.why,
            "hint": reply.hint,
        }
        self.emit("client_reply", node_id, cause, data, changes)
