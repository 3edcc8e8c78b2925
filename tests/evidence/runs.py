"""Random runs in which much goes wrong and much is achieved all the same."""

from __future__ import annotations

from typing import Any

from raftviz import Error, Simulation
from raftviz.sim.rng import Stream, stream


def busy_run(
    seed: int, rounds: int = 60, nodes: int = 5, wild: bool = False, **options: Any
) -> Simulation:
    """Clients write all the time; every now and then something fails, and later works again.

    A wild run changes members, takes snapshots, hands leadership over and stalls disks besides.
    """
    sim = Simulation(nodes, seed=seed, timers="auto", options=options)
    chance = stream(seed, "busy run")
    for number in range(rounds):
        change = _change(sim, chance) if wild else []
        for command in (*_trouble(sim, chance), *change, _write(sim, chance, number)):
            try:
                sim.do(command)
            except Error:  # what cannot be, as things stand, is left out
                continue
        sim.do({"advance": chance.between(5, 120)})
    return sim


def _pick(chance: Stream, things: Any) -> Any:
    return things[chance.between(0, len(things) - 1)]


def _trouble(sim: Simulation, chance: Stream) -> list[dict[str, Any]]:
    kind = chance.between(0, 11)
    node, other = _pick(chance, sim.node_ids), _pick(chance, sim.node_ids)
    if kind == 0:
        return [{"crash": node}]
    if kind == 1:
        return [{"isolate": node}]
    if kind == 2:
        return [{"cut": {"from": node, "to": other}}]
    if kind == 3:
        link = {"from": node, "to": other}
        return [{"link": {**link, "latency": [5, 80], "loss": 0.2, "duplicate": 0.3}}]
    if kind == 4:
        half = len(sim.node_ids) // 2
        return [{"partition": [list(sim.node_ids[:half]), list(sim.node_ids[half:])]}]
    if kind == 5:
        return [{"duplicate": "all"}]
    if kind in (6, 7, 8):
        down = [n for n in sim.node_ids if sim.state(n)["crashed"]]
        return [{"heal": True}, *({"restart": n} for n in down), {"advance": 300}]
    return []


def _change(sim: Simulation, chance: Stream) -> list[dict[str, Any]]:
    node = _pick(chance, sim.node_ids)
    members = [n for n in sim.node_ids if chance.chance(0.7)]
    return _pick(
        chance,
        [
            [{"snapshot": node}],
            [{"transfer": {"to": node}}],
            [{"pause": {"disk": node}}],
            [{"resume": {"disk": n}} for n in sim.node_ids],
            [{"pause": node}, {"advance": 100}, {"resume": node}],
            [{"add_node": "node6"}],
            [{"add_node": node}],
            [{"remove_node": node}],
            [{"reconfigure": members or [node]}],
            [],
            [],
        ],
    )


def _write(sim: Simulation, chance: Stream, number: int) -> dict[str, Any]:
    leaders = [n for n in sim.node_ids if sim.state(n)["state"] == "leader"]
    to = _pick(chance, leaders or sim.node_ids)
    return {"write": {"key": "x", "value": number, "to": to, "client": f"c{number % 3}"}}
