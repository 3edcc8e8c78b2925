"""What a schedule knows of the cluster that it moves: what the events tell, and no more.

It is enough to choose commands that can be carried out and are worth it; one that cannot is refused
by the simulation, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from raftviz.sim.events import Dropped, Event, Flight, Timer, TimerSet

FIRED_BY_HAND = ("election", "heartbeat", "check_quorum", "transfer", "catch_up")
"""Timers that a command may fire early: a clock that runs fast would. The others mark that time has
passed, and to say so of time that has not would be a lie."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in flight, as a selector can name it."""

    type: str
    reply: bool
    source: str
    target: str
    term: int


@dataclass(slots=True)
class Scene:
    """Who leads, who is down, what is in flight, and who has asked for what."""

    nodes: list[str] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    down: dict[str, None] = field(default_factory=dict)
    paused: dict[str, None] = field(default_factory=dict)
    stalled: dict[str, None] = field(default_factory=dict)
    timers: dict[tuple[str, str], None] = field(default_factory=dict)
    cuts: dict[tuple[str, str], None] = field(default_factory=dict)
    flights: dict[int, Letter] = field(default_factory=dict)
    clients: dict[str, None] = field(default_factory=dict)
    """Who has asked for something already."""
    written: int = 0
    """How many values have been given out, so that each is given once."""
    violations: list[Event] = field(default_factory=list)

    def see(self, events: Iterable[Event]) -> None:
        """Learn from events, in their order."""
        for event in events:
            learn = _LEARN.get(event.kind)
            if learn is not None:
                learn(self, event)

    @property
    def leaders(self) -> list[str]:
        """The nodes that lead, perhaps of different terms."""
        return [node for node, role in self.roles.items() if role == "leader"]

    @property
    def up(self) -> list[str]:
        """The nodes that run."""
        return [node for node in self.nodes if node not in self.down and node not in self.paused]

    def out_of_reach(self, node: str) -> list[str]:
        """The nodes that `node` gets no answers from."""
        return [
            other
            for other in self.nodes
            if other in self.down or (node, other) in self.cuts or (other, node) in self.cuts
        ]

    def value(self) -> int:
        """A value that nobody has written yet."""
        self.written += 1
        return self.written


def _command(scene: Scene, event: Event) -> None:
    data = event.payload
    assert isinstance(data, Mapping)
    start = data["command"].get("start")
    if start is not None:
        scene.nodes = list(start["nodes"])
        scene.roles = dict.fromkeys(scene.nodes, "follower")


def _role_changed(scene: Scene, event: Event) -> None:
    scene.roles[str(event.node)] = event.data["to"]


def _crashed(scene: Scene, event: Event) -> None:
    node = str(event.node)
    scene.down[node] = None
    scene.roles[node] = "follower"
    scene.paused.pop(node, None)
    for key in [key for key in scene.timers if key[0] == node]:
        del scene.timers[key]


def _restarted(scene: Scene, event: Event) -> None:
    scene.down.pop(str(event.node), None)


def _paused(scene: Scene, event: Event) -> None:
    halted = scene.stalled if event.data.get("disk") else scene.paused
    halted[str(event.node)] = None


def _resumed(scene: Scene, event: Event) -> None:
    halted = scene.stalled if event.data.get("disk") else scene.paused
    halted.pop(str(event.node), None)


def _node_added(scene: Scene, event: Event) -> None:
    scene.nodes.append(str(event.node))
    scene.roles[str(event.node)] = "follower"


def _timer_set(scene: Scene, event: Event) -> None:
    payload = event.payload
    assert isinstance(payload, TimerSet)
    if payload.new.name in FIRED_BY_HAND:
        scene.timers[str(event.node), payload.new.name] = None


def _timer_fired(scene: Scene, event: Event) -> None:
    payload = event.payload
    assert isinstance(payload, Timer)
    scene.timers.pop((str(event.node), payload.name), None)


def _timer_cancelled(scene: Scene, event: Event) -> None:
    scene.timers.pop((str(event.node), event.data["name"]), None)


def _link_changed(scene: Scene, event: Event) -> None:
    data = event.data
    link = (data["from"], data["to"])
    if data["cut"]:
        scene.cuts[link] = None
    else:
        scene.cuts.pop(link, None)


def _sent(scene: Scene, event: Event) -> None:
    flight = event.payload
    assert isinstance(flight, Flight)
    message = flight.message
    scene.flights[flight.id] = Letter(
        message.TYPE, message.REPLY, flight.source, flight.target, message.term
    )


def _duplicated(scene: Scene, event: Event) -> None:
    data = event.data
    scene.flights[data["copy"]] = Letter(
        data["type"], data["reply"], data["from"], data["to"], data["term"]
    )


def _ended(scene: Scene, event: Event) -> None:
    payload = event.payload
    flight = payload.flight if isinstance(payload, Dropped) else payload
    assert isinstance(flight, Flight)
    scene.flights.pop(flight.id, None)


def _asked(scene: Scene, event: Event) -> None:
    scene.clients[event.data["client"]] = None


def _broken(scene: Scene, event: Event) -> None:
    scene.violations.append(event)


_LEARN: Mapping[str, Callable[[Scene, Event], None]] = {
    "command": _command,
    "role_changed": _role_changed,
    "crashed": _crashed,
    "restarted": _restarted,
    "paused": _paused,
    "resumed": _resumed,
    "node_added": _node_added,
    "timer_set": _timer_set,
    "timer_fired": _timer_fired,
    "timer_cancelled": _timer_cancelled,
    "link_changed": _link_changed,
    "message_sent": _sent,
    "message_duplicated": _duplicated,
    "message_delivered": _ended,
    "message_dropped": _ended,
    "client_request": _asked,
    "invariant_violated": _broken,
}
