"""What a schedule is drawn from: swarm testing (Groce, Zhang, Eide, Chen, Regehr 2012).

Kinds of trouble hide each other: where nodes crash all the time, no log grows long enough to
conflict. So each schedule has its own few kinds, with weights of their own, its own number of
nodes, options and length; what one cannot find, another does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from raftviz.explore import beginnings, moves
from raftviz.explore.chance import one_of, weighted
from raftviz.explore.moves import Command, Move
from raftviz.explore.scene import Scene
from raftviz.sim.rng import Stream

Kind = Sequence[tuple[Move, int]]
"""Moves that belong together, with their weights."""

SIDES: Kind = ((moves.partition, 6), (moves.heal, 1))
LINKS: Kind = ((moves.isolate, 3), (moves.cut, 3), (moves.heal, 3))
MESSAGES: Kind = (
    (moves.deliver, 8),
    (moves.drop, 2),
    (moves.delay, 3),
    (moves.duplicate, 2),
    (moves.pass_moment, 2),
)
LATE: Kind = ((moves.delay, 3), (moves.duplicate, 2), (moves.drop, 1), (moves.pass_moment, 2))
SLOW: Kind = ((moves.worsen_link, 5),)
CRASHES: Kind = ((moves.crash, 2), (moves.restart, 3))
BOUNCES: Kind = ((moves.bounce, 3),)
HALTS: Kind = ((moves.halt, 3),)
DISKS: Kind = ((moves.stall, 3), (moves.bounce, 1))

TROUBLES_BY_HAND: Sequence[tuple[Kind, int]] = (
    (SIDES, 6), (LINKS, 3), (MESSAGES, 4), (LATE, 2), (CRASHES, 2), (BOUNCES, 3), (HALTS, 1),
    (DISKS, 1),
)  # fmt: skip
TROUBLES_BY_ITSELF: Sequence[tuple[Kind, int]] = (
    (SIDES, 3), (LINKS, 3), (LATE, 2), (SLOW, 4), (CRASHES, 2), (BOUNCES, 2), (HALTS, 1), (DISKS, 1),
)  # fmt: skip
"""Kinds of trouble, with how often they are chosen: where timers fire by command, and by themselves."""

READS: Kind = ((moves.read, 4),)
RETRIES: Kind = ((moves.retry, 4),)
ALONE: Kind = ((moves.act_alone, 1), (moves.write, 2))
MEMBERS: Kind = ((moves.remove_node, 4), (moves.add_node, 3), (moves.reconfigure, 2))
COMPARES: Kind = ((moves.cas, 2), (moves.delete, 1))
SNAPSHOTS: Kind = ((moves.snapshot, 3),)
TRANSFERS: Kind = ((moves.transfer, 2),)
OTHER_TIMERS: Kind = ((moves.other_timer, 2),)
EXTRAS: Sequence[tuple[Kind, float]] = (
    (READS, 0.4), (MEMBERS, 0.25), (SNAPSHOTS, 0.15), (TRANSFERS, 0.15), (COMPARES, 0.1),
    (OTHER_TIMERS, 0.1), (RETRIES, 0.2),
)  # fmt: skip
"""What else may be on in a wide schedule, and how likely each is."""

SMALL_EXTRAS: Sequence[tuple[tuple[Kind, ...], int]] = (
    ((), 8), ((MEMBERS,), 4), ((READS,), 2), ((READS, RETRIES), 2), ((SNAPSHOTS,), 1),
    ((TRANSFERS,), 1),
)  # fmt: skip
"""What else is on in a small schedule, with how often each is chosen."""

ALTERED: Mapping[str, Sequence[Any]] = {
    "pre_vote": (True, False),
    "noop_on_election": (True, False),
    "conflict_hints": (True, False),
    "max_entries_per_append": (None, 1, 2),
    "max_inflight": (None, 1, 3),
    "snapshot_threshold": (None, 2, 5),
}
"""Options that may change while a cluster runs, and their values."""

OPTIONS: Mapping[str, Sequence[Any]] = {
    "pre_vote": (True,),
    "check_quorum": (True,),
    "leader_stickiness": (True,),
    "noop_on_election": (True,),
    "conflict_hints": (True,),
    "client_sessions": (True,),
    "membership": ("joint",),
    "max_entries_per_append": (1, 2),
    "max_inflight": (1, 3),
    "snapshot_threshold": (1, 2, 4),
}
"""Options that a cluster may begin with, and values other than the paper's Figure 2."""

LEASE = {"read_mode": "lease", "check_quorum": True, "leader_stickiness": True}

DRIFTS = (0.5, 0.8, 1, 1.25, 2)
SMALL_DRIFTS = (0.97, 1, 1.03)
"""How fast clocks run; under leases, which trust them, within the bound (dissertation §6.4.1)."""

ACTS = (moves.timeout, moves.heartbeat, moves.write, moves.read, moves.cas, moves.delete,
        moves.retry, moves.transfer, moves.add_node, moves.remove_node, moves.reconfigure)  # fmt: skip
"""Moves that send messages, after which a tidy schedule lets everything arrive."""


@dataclass(frozen=True, slots=True)
class Swarm:
    """One schedule's making: `cluster` is what Simulation takes, `length` how many moves it has.

    `tidy` is how often, in percent, everything arrives after a move that sends something.
    """

    cluster: dict[str, Any]
    length: int
    tidy: int
    moves: tuple[tuple[Move, int], ...]
    judged: bool
    """Whether the clients' history is judged at its end."""

    def next(self, scene: Scene, chance: Stream) -> list[Command]:
        """The commands of the next move."""
        move = weighted(chance, self.moves)
        commands = move(scene, chance)
        if commands and move in ACTS and chance.between(1, 100) <= self.tidy:
            commands = [*commands, {"settle": True}]
        return commands


def draw(chance: Stream, seed: int, nodes: int | None, fixed: Mapping[str, Any]) -> Swarm:
    """One schedule's making. `nodes` and the options in `fixed` are as given.

    Most schedules are small: as most mistakes show in few nodes with few kinds of trouble, all that
    is not needed there is in the way. The others are wide, for what needs more.
    """
    small = fixed.get("read_mode") != "lease" and chance.chance(0.6)
    made = _small(chance, nodes, fixed) if small else _wide(chance, nodes, fixed)
    made.cluster["seed"] = seed
    return made


def _small(chance: Stream, nodes: int | None, fixed: Mapping[str, Any]) -> Swarm:
    """Three fresh nodes by Figure 2 alone, whose timers fire by command, with one or two kinds of
    trouble and at most one thing besides.
    """
    extras = weighted(chance, SMALL_EXTRAS)
    options: dict[str, Any] = {}
    if RETRIES in extras:
        # Without sessions a repeated command may rightly be executed twice (dissertation §6.3).
        options["client_sessions"] = True
        if not fixed.get("client_sessions", True):
            extras = (READS,)
    kinds = [*_troubles(chance, TROUBLES_BY_HAND, [(1, 3), (2, 1)]), *extras]
    cluster = {"nodes": nodes or 3, "options": {**options, **fixed}}
    on = [*_basic_by_hand(chance), *_weighed(chance, kinds)]
    return _made(chance, cluster, on, True, (60, 100))


def _wide(chance: Stream, nodes: int | None, fixed: Mapping[str, Any]) -> Swarm:
    """Any number of nodes and options, timers of either kind, perhaps in the middle of a term."""
    free = all(fixed.get(name, value) == value for name, value in LEASE.items())
    lease = fixed.get("read_mode") == "lease" or (free and chance.chance(0.1))
    # A timer fired by command may fire before its time, and leases trust in time.
    by_hand = not lease and chance.chance(0.6)
    basic = _basic_by_hand(chance) if by_hand else [(moves.pass_time, 6), (moves.write, 3)]
    choice = TROUBLES_BY_HAND if by_hand else TROUBLES_BY_ITSELF
    kinds = _troubles(chance, choice, [(1, 4), (2, 3), (3, 1)])
    if not by_hand and chance.chance(0.25):
        kinds.append(((moves.clock(SMALL_DRIFTS if lease else DRIFTS), 2),))
    options = {**_options(chance), **(LEASE if lease else {})}
    for kind, likely in EXTRAS:
        if not chance.chance(likely) and not (lease and kind is READS):
            continue
        if kind is RETRIES:
            if not fixed.get("client_sessions", True):
                continue
            options["client_sessions"] = True
            if not by_hand:
                kinds.append(ALONE)
        kinds.append(kind)
    altered = {name: values for name, values in ALTERED.items() if name not in fixed}
    if altered and chance.chance(0.15):
        kinds.append(((moves.option(altered), 2),))
    size = nodes or weighted(chance, [(3, 5), (4, 1), (5, 4)])
    cluster: dict[str, Any] = {"nodes": size, "options": {**options, **fixed}}
    if size >= 3 and chance.chance(0.3):
        cluster["given"] = beginnings.in_a_term(chance, size)
    on = [*basic, *_weighed(chance, kinds)]
    return _made(chance, cluster, on, by_hand, (20, 40, 80) if by_hand else (10, 20, 40))


def _made(
    chance: Stream, cluster: dict[str, Any], on: Kind, by_hand: bool, lengths: Sequence[int]
) -> Swarm:
    """The schedule's making from its moves that are on, with what is drawn last."""
    cluster["timers"] = "manual" if by_hand else "auto"
    cluster["timing"] = {"latency": [10, 10] if by_hand else one_of(chance, ([10, 20], [1, 80]))}
    reads = any(move is moves.read for move, _ in on)
    return Swarm(
        cluster,
        length=one_of(chance, lengths),
        tidy=one_of(chance, (0, 50, 90, 100)) if by_hand else 0,
        moves=tuple(on),
        judged=reads and cluster["options"].get("read_mode") != "local",
    )


def _basic_by_hand(chance: Stream) -> list[tuple[Move, int]]:
    """What a schedule cannot do without if its timers fire by command."""
    found: list[tuple[Move, int]] = [
        (moves.timeout, 5),
        (moves.write, one_of(chance, (1, 1, 2, 4))),
    ]
    if chance.chance(0.5):
        found.append((moves.heartbeat, 2))
    if chance.chance(0.5):
        found.append((moves.settle, 2))
    return found


def _weighed(chance: Stream, kinds: Sequence[Kind]) -> list[tuple[Move, int]]:
    """All their moves, some more often than others; of each kind the first is on, others may not be."""
    found = []
    for kind in kinds:
        for place, (move, weight) in enumerate(kind):
            times = one_of(chance, (0, 1, 1, 2) if place else (1, 1, 2))
            if times:
                found.append((move, weight * times))
    return found


def _troubles(
    chance: Stream, choice: Sequence[tuple[Kind, int]], how_many: Sequence[tuple[int, int]]
) -> list[Kind]:
    """Some kinds, each once; `how_many` of them, with weights."""
    left, found = list(choice), []
    for _ in range(weighted(chance, how_many)):
        kind = weighted(chance, left)
        left = [(other, weight) for other, weight in left if other is not kind]
        found.append(kind)
    return found


def _options(chance: Stream) -> dict[str, Any]:
    """A few options at random."""
    found = {}
    for _ in range(weighted(chance, [(0, 4), (1, 3), (2, 2), (3, 1)])):
        name = one_of(chance, list(OPTIONS))
        found[name] = one_of(chance, OPTIONS[name])
    return found
