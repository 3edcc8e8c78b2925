"""Runs that many tests look at, each with much going on."""

from __future__ import annotations

from typing import Any

from raftviz import Simulation

STORM: list[dict[str, Any]] = [
    {"run_until": {"leader": True}},
    {"write": {"key": "a", "value": 1}},
    {"advance": 120},
    {"link": {"from": "node1", "to": "node2", "latency": [5, 60], "loss": 0.3, "duplicate": 0.3}},
    {"partition": [["node1", "node2"], ["node3", "node4", "node5"]]},
    {"write": {"key": "b", "value": "two", "to": "node1", "client": "c2"}},
    {"advance": 700},
    {"crash": "node3"},
    {"advance": 300},
    {"pause": "node4"},
    {"cas": {"key": "a", "expected": 1, "value": 2, "to": "node5"}},
    {"advance": 250},
    {"resume": "node4"},
    {"restart": "node3"},
    {"heal": True},
    {"run_until": {"leader": True, "within": 5000}},
    {"option": {"leader_stickiness": True}},
    {"advance": 300},
    {"read": {"key": "a"}},
    {"delay": {"messages": "all", "by": 15}},
    {"duplicate": "all"},
    {"settle": True},
    {"delete": {"key": "a"}},
    {"step": 40},
    {"wipe": "node2"},
    {"advance": 200},
    {"isolate": "node5"},
    {"cut": {"from": "node1", "to": "node4"}},
    {"advance": 900},
    {"heal": "node5"},
    {"drop": "all"},
    {"advance": 400},
    {"heal": True},
    {"option": {"pre_vote": True, "check_quorum": True}},
    {"isolate": "node1"},
    {"advance": 700},
    {"heal": True},
    {"run_until": {"leader": True, "within": 5000}},
    {"advance": 200},
    {"transfer": {"to": "node3"}},
    {"advance": 200},
    {"transfer": {"to": "node4"}},
    {"advance": 300},
]


ROLLBACK: list[dict[str, Any]] = [
    {"timeout": "node1"},
    {"settle": True},
    {"isolate": "node1"},
    {"write": {"key": "x", "value": 1}},
    {"timeout": "node2"},
    {"settle": True},
    {"write": {"key": "x", "value": 2}},
    {"settle": True},
    {"heal": True},
    {"heartbeat": "node2"},
    {"settle": True},
]


def rollback() -> Simulation:
    """Three nodes; what node1 wrote alone is overwritten when it comes back."""
    sim = Simulation(3)
    for command in ROLLBACK:
        sim.do(command)
    return sim


def storm(seed: int = 3, timers: str = "auto", upto: int | None = None) -> Simulation:
    """A five-node run through every kind of trouble; what cannot be done as things stand is left
    out, the same each time.
    """
    from raftviz import Error

    sim = Simulation(5, seed=seed, timers=timers, options={"conflict_hints": True})
    for command in STORM[:upto]:
        try:
            sim.do(command)
        except Error:
            continue
    return sim


def dump(sim: Simulation) -> list[dict[str, Any]]:
    return [event.to_json() for event in sim.events]
