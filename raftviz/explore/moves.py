"""What a schedule may do next, one move of each kind: a few commands that fit the scene, or none.

A move knows of no mistake that it is to find. What makes one likely to be found is which kinds are
on together, and how often each comes, and that is drawn anew for each schedule (swarm).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from raftviz.explore.chance import one_of, some_of, weighted
from raftviz.explore.scene import Scene
from raftviz.sim.rng import Stream

Command = dict[str, Any]
Move = Callable[[Scene, Stream], list[Command]]

CLIENTS = ("alice", "bob", "carol")
KEYS = ("x", "y")
NODES_MOST = 6
"""A schedule adds no node beyond so many."""


# Timers and time.


def timeout(scene: Scene, chance: Stream) -> list[Command]:
    """An election timer fires."""
    armed = _with_timer(scene, "election")
    return [{"timeout": one_of(chance, armed)}] if armed else []


def heartbeat(scene: Scene, chance: Stream) -> list[Command]:
    """A leader's heartbeat timer fires."""
    armed = _with_timer(scene, "heartbeat")
    return [{"heartbeat": one_of(chance, armed)}] if armed else []


def other_timer(scene: Scene, chance: Stream) -> list[Command]:
    """A timer fires that only some options and orders arm."""
    armed = [key for key in scene.timers if key[1] not in ("election", "heartbeat")]
    if not armed:
        return []
    node, name = one_of(chance, armed)
    return [{"timer": {"node": node, "name": name}}]


def _with_timer(scene: Scene, name: str) -> list[str]:
    return [node for node in scene.up if (node, name) in scene.timers]


def settle(scene: Scene, chance: Stream) -> list[Command]:
    """Everything in flight arrives."""
    return [{"settle": True}] if scene.flights else []


def pass_moment(scene: Scene, chance: Stream) -> list[Command]:
    """About the time that a message needs."""
    return [{"advance": one_of(chance, (5, 10, 20, 50))}]


def pass_time(scene: Scene, chance: Stream) -> list[Command]:
    """Time for some heartbeats, or for an election."""
    return [{"advance": one_of(chance, (20, 50, 100, 200, 400, 800))}]


# Messages by hand.


def _chosen(scene: Scene, chance: Stream) -> dict[str, Any] | None:
    """A selector that means some message in flight, and perhaps others like it."""
    if not scene.flights:
        return None
    letter = one_of(chance, list(scene.flights.values()))
    selector: dict[str, Any] = {"to": letter.target}
    if chance.chance(0.8):
        selector = {"type": letter.type, **selector}
    if chance.chance(0.6):
        selector["from"] = letter.source
    if chance.chance(0.5):
        selector["reply"] = letter.reply
    if chance.chance(0.2):
        selector["term"] = letter.term
    return selector


def deliver(scene: Scene, chance: Stream) -> list[Command]:
    """Chosen messages overtake the others."""
    selector = _chosen(scene, chance)
    return [{"deliver": selector}] if selector else []


def drop(scene: Scene, chance: Stream) -> list[Command]:
    """Chosen messages are lost."""
    selector = _chosen(scene, chance)
    return [{"drop": selector}] if selector else []


def duplicate(scene: Scene, chance: Stream) -> list[Command]:
    """Chosen messages come twice, the second copy perhaps much later."""
    selector = _chosen(scene, chance)
    if selector is None or len(scene.flights) > 40:
        return []
    commands: list[Command] = [{"duplicate": selector}]
    if chance.chance(0.5):
        commands = [{"delay": {"messages": selector, "by": _long(chance)}}, *commands]
    return commands


def delay(scene: Scene, chance: Stream) -> list[Command]:
    """Chosen messages are overtaken by others."""
    selector = _chosen(scene, chance)
    return [{"delay": {"messages": selector, "by": _long(chance)}}] if selector else []


def _long(chance: Stream) -> int:
    return one_of(chance, (20, 50, 100, 200, 500))


# The network.


def partition(scene: Scene, chance: Stream) -> list[Command]:
    """Two sides that do not reach each other."""
    one = some_of(chance, scene.nodes)
    other = [node for node in scene.nodes if node not in one]
    return [{"partition": [one, other]}] if one and other else []


def isolate(scene: Scene, chance: Stream) -> list[Command]:
    """A node is alone; often one that leads."""
    return [{"isolate": _often_leader(scene, chance)}]


def _often_leader(scene: Scene, chance: Stream) -> str:
    leaders = scene.leaders
    return one_of(chance, leaders if leaders and chance.chance(0.5) else scene.nodes)


def cut(scene: Scene, chance: Stream) -> list[Command]:
    """A link breaks, both ways or one way."""
    ends = _two(scene, chance)
    if ends is None:
        return []
    return [{"cut": ends if chance.chance(0.5) else {"from": ends[0], "to": ends[1]}}]


def _two(scene: Scene, chance: Stream) -> list[str] | None:
    if len(scene.nodes) < 2:
        return None
    one = one_of(chance, scene.nodes)
    return [one, one_of(chance, [node for node in scene.nodes if node != one])]


def heal(scene: Scene, chance: Stream) -> list[Command]:
    """Links are mended."""
    return [{"heal": True if chance.chance(0.7) else one_of(chance, scene.nodes)}]


def worsen_link(scene: Scene, chance: Stream) -> list[Command]:
    """A link becomes slow or lossy, or well again."""
    ends = _two(scene, chance)
    if ends is None:
        return []
    slow = one_of(chance, ([10, 20], [1, 150], [100, 300]))
    qualities: list[tuple[dict[str, Any], int]] = [
        ({"loss": 0.3}, 1),
        ({"duplicate": 0.5}, 1),
        ({"latency": slow}, 2),
        ({"loss": 0, "duplicate": 0}, 1),
    ]
    return [{"link": {"from": ends[0], "to": ends[1], **weighted(chance, qualities)}}]


# Nodes.


def crash(scene: Scene, chance: Stream) -> list[Command]:
    """A node goes down."""
    node = _often_leader(scene, chance)
    return [] if node in scene.down else [{"crash": node}]


def restart(scene: Scene, chance: Stream) -> list[Command]:
    """A node comes back."""
    return [{"restart": one_of(chance, list(scene.down))}] if scene.down else []


def bounce(scene: Scene, chance: Stream) -> list[Command]:
    """A node goes down and comes back at once."""
    node = one_of(chance, scene.nodes)
    return [{"restart": node}] if node in scene.down else [{"crash": node}, {"restart": node}]


def halt(scene: Scene, chance: Stream) -> list[Command]:
    """A node stands still, or goes on."""
    if scene.paused and chance.chance(0.7):
        return [{"resume": one_of(chance, list(scene.paused))}]
    return [{"pause": _often_leader(scene, chance)}]


def stall(scene: Scene, chance: Stream) -> list[Command]:
    """A disk stands still, or goes on."""
    if scene.stalled and chance.chance(0.7):
        return [{"resume": {"disk": one_of(chance, list(scene.stalled))}}]
    return [{"pause": {"disk": _often_leader(scene, chance)}}]


def snapshot(scene: Scene, chance: Stream) -> list[Command]:
    """A node compacts its log."""
    return [{"snapshot": one_of(chance, scene.nodes)}]


def transfer(scene: Scene, chance: Stream) -> list[Command]:
    """The leader hands over."""
    return [{"transfer": {"to": one_of(chance, scene.nodes)}}] if scene.leaders else []


# Members.


def add_node(scene: Scene, chance: Stream) -> list[Command]:
    """One more member, new or removed before."""
    if not scene.leaders:
        return []
    new = [f"node{len(scene.nodes) + 1}"] if len(scene.nodes) < NODES_MOST else []
    return [{"add_node": one_of(chance, [*new, *new, *scene.nodes])}]


def remove_node(scene: Scene, chance: Stream) -> list[Command]:
    """One member less; often one that its leader does not reach."""
    if not scene.leaders:
        return []
    gone = scene.out_of_reach(one_of(chance, scene.leaders))
    return [{"remove_node": one_of(chance, gone if gone and chance.chance(0.6) else scene.nodes)}]


def reconfigure(scene: Scene, chance: Stream) -> list[Command]:
    """Other members, any number of them."""
    members = some_of(chance, scene.nodes)
    return [{"reconfigure": members}] if members and scene.leaders else []


# Clients.


def write(scene: Scene, chance: Stream) -> list[Command]:
    """A client sets a key to a value that nobody else writes."""
    asked = _asked(scene, chance)
    return [{"write": {"key": one_of(chance, KEYS), "value": scene.value(), **asked}}]


def cas(scene: Scene, chance: Stream) -> list[Command]:
    """A client sets a key if it holds what was written lately."""
    found: dict[str, Any] = {"key": one_of(chance, KEYS)}
    if scene.written and chance.chance(0.8):
        found["expected"] = chance.between(max(1, scene.written - 2), scene.written)
    return [{"cas": {**found, "value": scene.value(), **_asked(scene, chance)}}]


def delete(scene: Scene, chance: Stream) -> list[Command]:
    """A client deletes a key."""
    return [{"delete": {"key": one_of(chance, KEYS), **_asked(scene, chance)}}]


def read(scene: Scene, chance: Stream) -> list[Command]:
    """A client reads a key."""
    return [{"read": {"key": one_of(chance, KEYS), **_asked(scene, chance)}}]


def retry(scene: Scene, chance: Stream) -> list[Command]:
    """A client asks the same again, perhaps of another node."""
    if not scene.clients:
        return []
    return [{"retry": {"client": one_of(chance, list(scene.clients)), **_to(scene, chance)}}]


def _asked(scene: Scene, chance: Stream) -> dict[str, Any]:
    return {"client": one_of(chance, CLIENTS), **_to(scene, chance)}


def _to(scene: Scene, chance: Stream) -> dict[str, str]:
    """Whom to ask: one that leads, and now and then one that does not."""
    if scene.leaders and chance.chance(0.95):
        return {"to": one_of(chance, scene.leaders)}
    return {"to": one_of(chance, scene.nodes)}


def act_alone(scene: Scene, chance: Stream) -> list[Command]:
    """A client follows redirects and repeats its requests by itself from now on."""
    patience = one_of(chance, (0, 100, 300, 1000))
    return [{"client": {"client": one_of(chance, CLIENTS), "patience": patience, "tries": 5}}]


# What depends on the schedule.


def clock(rates: Sequence[float]) -> Move:
    """Clocks run at one of these rates."""

    def move(scene: Scene, chance: Stream) -> list[Command]:
        return [{"clock": {"node": one_of(chance, scene.nodes), "rate": one_of(chance, rates)}}]

    return move


def option(choices: Mapping[str, Sequence[Any]]) -> Move:
    """One of these options gets one of its values."""

    def move(scene: Scene, chance: Stream) -> list[Command]:
        name = one_of(chance, list(choices))
        return [{"option": {name: one_of(chance, choices[name])}}]

    return move
