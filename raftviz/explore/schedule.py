"""Schedules: a cluster and the commands that befall it, and what comes of carrying them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from raftviz.errors import Error
from raftviz.explore import swarm
from raftviz.explore.moves import Command
from raftviz.explore.scene import Scene
from raftviz.sim import rng
from raftviz.sim.events import Event
from raftviz.simulation import Simulation

EVENTS_MOST = 20_000
"""One command of a schedule causes no more than so many events, or is left out."""

JUDGE: Command = {"check": "linearizability"}


@dataclass(frozen=True, slots=True)
class Aim:
    """What is looked for, and in which clusters.

    `nodes` and `options` are as given; None and what is not there are drawn for each schedule.
    `properties` are the names of those of which one is to fall; none means any.
    """

    seed: int = 1
    nodes: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """`cluster` is what Simulation takes."""

    cluster: dict[str, Any]
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A property that fell: its name, what happened, and after how many commands."""

    property: str
    message: str
    commands: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a schedule: it, without the commands that could not be carried out and without
    what would have come after the property fell; and all that fell.
    """

    schedule: Schedule
    broken: tuple[Broken, ...]
    found: Broken | None
    """What was aimed at."""
    events: int
    reached: tuple[str, ...]
    """The goals (checks.GOALS) that it came to."""


def explore(number: int, aim: Aim) -> Trial:
    """Draw schedule `number` and carry it out; the same every time."""
    chance = rng.stream(aim.seed, f"schedule {number}")
    made = swarm.draw(chance, number, aim.nodes, aim.options)
    scene = Scene()

    def commands() -> Iterator[Command]:
        for _ in range(made.length):
            yield from made.next(scene, chance)
        if made.judged:
            yield JUDGE

    return _carry_out(made.cluster, commands(), scene, aim.properties)


def play(schedule: Schedule, properties: tuple[str, ...] = ()) -> Trial:
    """Carry out a schedule, until one of these falls; none means any."""
    return _carry_out(schedule.cluster, schedule.commands, Scene(), properties)


def _carry_out(
    cluster: dict[str, Any], commands: Iterable[Command], scene: Scene, properties: Sequence[str]
) -> Trial:
    sim = Simulation(**cluster, max_events=EVENTS_MOST)
    scene.see(sim.events)
    done: list[Command] = []
    broken: list[Broken] = []
    found: Broken | None = None
    for command in commands:
        try:
            events = sim.do(command)
        except Error:
            continue
        scene.see(events)
        done.append(command)
        for event in scene.violations[len(broken) :]:
            broken.append(_broken(event, len(done)))
            if found is None and (not properties or broken[-1].property in properties):
                found = broken[-1]
        if found is not None:
            break
    return Trial(
        Schedule(cluster, tuple(done)),
        tuple(broken),
        found,
        len(sim.events),
        tuple(sim.reached),
    )


def _broken(event: Event, commands: int) -> Broken:
    data = event.data
    return Broken(data["property"], data["message"], commands)
