"""The cluster: nodes, network, disks, clients and agenda, moved one occurrence at a time.

The one way: pop an occurrence, feed the node, perform its effects in order, emit events. Each
occurrence is atomic; `boundary` stands between two of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from raftviz.sim import flights, service
from raftviz.sim.agenda import Agenda, Key
from raftviz.sim.clients import Actor, Client, is_patience
from raftviz.sim.events import Dropped, Event, Flight, Payload, Timer, TimerSet
from raftviz.sim.network import LinkKey, Network
from raftviz.sim.rng import Stream

NEVER = sys.maxsize


class Reached(Exception):
    """The event at which a replay was to stop has been written; the cluster stands between two
    occurrences.
    """


@dataclass(frozen=True, slots=True)
class Blocked:
    """The effects that a node has yet to see done, the first being a write to a disk that stalls."""

    effects: tuple[Effect, ...]
    cause: int
    noted: int
    committed: int


class Cluster:
    """All that a run depends on, but its journal's past."""

    __slots__ = (
        "actors",
        "agenda",
        "blocked",
        "clients",
        "clocks",
        "crashed",
        "cut_by",
        "disk_views",
        "disks",
        "events",
        "flights",
        "held",
        "judge",
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
        "stalled",
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
        self.disk_views: dict[NodeId, dict[str, Any]] = {
            node: rules.disk_view(None) for node in node_ids
        }
        self.crashed: dict[NodeId, bool] = dict.fromkeys(node_ids, False)
        self.paused: dict[NodeId, bool] = dict.fromkeys(node_ids, False)
        self.held: dict[NodeId, tuple[Key, ...]] = dict.fromkeys(node_ids, ())
        self.stalled: dict[NodeId, bool] = dict.fromkeys(node_ids, False)
        self.blocked: dict[NodeId, Blocked] = {}
        self.clocks: dict[NodeId, float] = {}
        self.timers: dict[Key, Timer] = {}
        self.flights: dict[int, Flight] = {}
        self.next_message = 1
        self.clients: dict[str, Client] = {}
        self.actors: dict[str, Actor] = {}
        self.cut_by: dict[LinkKey, int] = {}
        self.observe: Callable[[Event], None] | None = None
        self.judge: Callable[[str, int], None] | None = None
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
        other.disk_views = self.disk_views.copy()
        other.crashed = self.crashed.copy()
        other.paused = self.paused.copy()
        other.held = self.held.copy()
        other.stalled = self.stalled.copy()
        other.blocked = self.blocked.copy()
        other.clocks = self.clocks.copy()
        other.timers = self.timers.copy()
        other.flights = self.flights.copy()
        other.next_message = self.next_message
        other.clients = self.clients.copy()
        other.actors = self.actors.copy()
        other.cut_by = self.cut_by.copy()
        other.observe = None
        other.judge = None
        other.keep = None
        other.stop_at = NEVER
        other.limit_at = NEVER
        return other

    def add(self, node_id: NodeId) -> None:
        """One more server, which is a member of nothing yet."""
        durable = self.rules.newcomer()
        self.node_ids = (*self.node_ids, node_id)
        self.network.node_ids = self.node_ids
        self.nodes[node_id] = self.rules.node(node_id, durable)
        self.shown[node_id] = self.nodes[node_id].state
        self.disks[node_id] = durable
        self.disk_views[node_id] = self.rules.disk_view(durable)
        self.crashed[node_id] = self.paused[node_id] = self.stalled[node_id] = False
        self.held[node_id] = ()

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
                kind="events.command",
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
        found = self.agenda.pop_first(self._is_no_timer)
        assert found is not None
        due, key = found
        self.now_us = max(self.now_us, due)
        self._occur(key)
        self.boundary()
        return True

    def on_its_way(self) -> bool:
        """Whether any message or request will end its way by itself (at a paused node it waits)."""
        return any(flight in self.agenda for flight in self.flights) or any(
            client.arrival in self.agenda or client.next_attempt in self.agenda
            for client in self.clients.values()
        )

    def _is_no_timer(self, key: Key) -> bool:
        """Whether an occurrence is a message or request, or only marks that time has passed."""
        if key in self.timers:
            return self.is_passive(key)
        return isinstance(key, int) or not is_patience(key)

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
            service.occur(self, key)

    def arrive(self, flight: Flight) -> None:
        """A message ends its way: it dies at the cut, or reaches its target."""
        target = flight.target
        if flight.lost is not None:
            cut = self.cut_by.get((flight.source, target)) if flight.lost == "cut" else None
            self.drop(flight, flight.lost, cut or flight.cause)
        elif self.crashed[target]:
            self.drop(flight, "crash", flight.cause)
        elif self.stands_still(target):
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
        # That time has passed is so for a process that stands still, too.
        if self.stands_still(node_id) and not (
            self.is_passive(key) and node_id not in self.blocked
        ):
            self.held[node_id] += (key,)
            return
        timer = self.timers.pop(key)
        self.agenda.cancel(key)
        seq = self.emit("timer_fired", node_id, cause or timer.cause, timer)
        self.perform(node_id, self.nodes[node_id].timer(name), seq)

    def stands_still(self, node_id: NodeId) -> bool:
        """Whether a node takes nothing in: it is paused, or waits for its disk."""
        return self.paused[node_id] or node_id in self.blocked

    # Effects.

    def perform(self, node_id: NodeId, effects: Sequence[Effect], cause: int) -> None:
        """What a node asks for, in order. A note is caused by the input; what is applied, by the
        commitment; a message, timer or answer, by the last thing noted.
        """
        self._go_on(node_id, effects, cause, cause, cause)

    def unblock(self, node_id: NodeId) -> None:
        """The disk goes on, and with it what waited for it."""
        waiting = self.blocked.pop(node_id, None)
        if waiting is not None:
            self._go_on(node_id, waiting.effects, waiting.cause, waiting.noted, waiting.committed)

    def _go_on(
        self, node_id: NodeId, effects: Sequence[Effect], cause: int, noted: int, committed: int
    ) -> None:
        for position, effect in enumerate(effects):
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
                if self.stalled[node_id]:
                    rest = tuple(effects[position:])
                    self.blocked[node_id] = Blocked(rest, cause, noted, committed)
                    return
                self._persist(node_id, effect.durable, noted)
            elif isinstance(effect, Reply):
                service.answer(self, node_id, effect, noted)
            else:
                assert not isinstance(effect, (Send, SetTimer))
                self._cancel_timer(node_id, effect.name, noted)

    def _persist(self, node_id: NodeId, durable: Any, cause: int) -> None:
        old, new = self.disk_views[node_id], self.rules.disk_view(durable)
        self.disks[node_id] = durable
        self.disk_views[node_id] = new
        self.emit("persisted", node_id, cause, new, ((("nodes", node_id, "disk"), old, new),))

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
            flights.duplicate(self, flight, seq)

    def _set_timer(self, node_id: NodeId, effect: SetTimer, cause: int) -> None:
        key = (node_id, effect.name)
        due = None
        if effect.passive or not self.manual:
            low, high = effect.low_us, effect.high_us
            wait = low if low == high else self.timeouts.between(low, high)
            if node_id in self.clocks:
                wait = max(1, round(wait / self.clocks[node_id]))
            due = self.now_us + wait
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
