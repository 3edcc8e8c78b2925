"""Runs that many tests look at, each with much going on."""

from __future__ import annotations

from typing import Any

from raftviz import Error, Simulation

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


UPHEAVAL: list[dict[str, Any]] = [
    {"run_until": {"leader": True}},
    {"client": {"client": "actor", "patience": 120, "tries": 3}},
    {"write": {"key": "a", "value": 1, "client": "actor"}},
    {"advance": 300},
    {"add_node": "node4"},
    {"advance": 500},
    {"write": {"key": "b", "value": 2, "client": "actor"}},
    {"advance": 200},
    {"isolate": "node2"},
    *({"write": {"key": f"k{number % 3}", "value": number}} for number in range(8)),
    {"advance": 300},
    {"snapshot": "node1"},
    {"clock": {"node": "node3", "rate": 1.05}},
    {"heal": True},
    {"advance": 600},
    {"read": {"key": "k0", "mode": "lease"}},
    {"read": {"key": "k0", "mode": "linearizable", "client": "actor"}},
    {"advance": 100},
    {"pause": {"disk": "node1"}},
    {"write": {"key": "c", "value": 3, "client": "actor"}},
    {"advance": 700},
    {"resume": {"disk": "node1"}},
    {"advance": 800},
    {"partition": [["node1"], ["node2"], ["node3"], ["node4"]]},
    {"write": {"key": "d", "value": 4, "client": "actor"}},
    {"advance": 1500},
    {"heal": True},
    {"run_until": {"leader": True, "within": 5000}},
    {"advance": 400},
    {"write": {"key": "e", "value": 5}},
    {"advance": 300},
    {"remove_node": "node3"},
    {"advance": 500},
    {"option": {"membership": "joint", "max_inflight": 2}},
    {"reconfigure": ["node1", "node2", "node3", "node5"]},
    {"reconfigure": ["node1", "node2", "node3"]},
    {"advance": 700},
    {"crash": "node1"},
    {"advance": 800},
    {"restart": "node1"},
    {"add_node": "node5"},
    {"crash": "node5"},
    {"advance": 900},
    {"restart": "node5"},
    {"check": "linearizability"},
    {"advance": 500},
]


def upheaval(seed: int = 3, upto: int | None = None) -> Simulation:
    """Members change, logs are compacted, leases are held, disks stall, and a client acts by itself."""
    return _run(quiet_before_upheaval(seed), UPHEAVAL[:upto])


def quiet_before_upheaval(seed: int = 3) -> Simulation:
    """Three nodes with every extension that may be on at once."""
    options = {
        "leader_stickiness": True,
        "check_quorum": True,
        "read_mode": "lease",
        "noop_on_election": True,
        "client_sessions": True,
        "snapshot_threshold": 6,
    }
    return Simulation(3, seed=seed, timers="auto", options=options)


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
    sim = Simulation(5, seed=seed, timers=timers, options={"conflict_hints": True})
    return _run(sim, STORM[:upto])


def _run(sim: Simulation, commands: list[dict[str, Any]]) -> Simulation:
    for command in commands:
        try:
            sim.do(command)
        except Error:
            continue
    return sim


def dump(sim: Simulation) -> list[dict[str, Any]]:
    return [event.to_json() for event in sim.events]
