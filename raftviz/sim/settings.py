"""What a cluster is made of, checked: names or number of nodes, seed, timing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from raftviz.errors import ClusterError, meant, shown
from raftviz.protocols.base import NodeId
from raftviz.sim.clock import from_ms

NODES_MAX = 9
LONGEST_MS = 60_000
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,19}")
DEFAULT_TIMING: Mapping[str, Any] = {
    "election_timeout": [150, 300],
    "heartbeat": 50,
    "latency": [10, 20],
}


ORDINALS: Mapping[NodeId, int | str] = {f"node{number}": number for number in range(1, 100)}
"""The numbers by which votedFor shows nodes named nodeN; others show by their name."""


def node_ids(nodes: int | Sequence[str]) -> tuple[NodeId, ...]:
    """The nodes' names, in ring order. Raises ClusterError."""
    if type(nodes) is int:
        if not 1 <= nodes <= NODES_MAX:
            raise ClusterError(
                f"{nodes} nodes do not make a cluster here",
                where="nodes",
                remedy=f"give 1 to {NODES_MAX}",
                kind="nodes.count",
                of=str(nodes),
                most=NODES_MAX,
            )
        return tuple(f"node{number}" for number in range(1, nodes + 1))
    if isinstance(nodes, str) or not isinstance(nodes, Sequence):
        raise ClusterError(
            f"{shown(nodes)} does not fit",
            where="nodes",
            remedy=f"give a number from 1 to {NODES_MAX}, or a list of names",
            kind="nodes.shape",
            value=shown(nodes),
            most=NODES_MAX,
        )
    if not 1 <= len(nodes) <= NODES_MAX:
        raise ClusterError(
            f"{len(nodes)} nodes do not make a cluster here",
            where="nodes",
            remedy=f"give 1 to {NODES_MAX}",
            kind="nodes.count",
            of=str(len(nodes)),
            most=NODES_MAX,
        )
    for name in nodes:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ClusterError(
                f"{shown(name)} is no name for a node",
                where="nodes",
                remedy="use a letter, then letters, digits, - and _, at most 20 in all",
                kind="node.name",
                name=shown(name),
            )
        if list(nodes).count(name) > 1:
            raise ClusterError(
                f"{name} is named twice",
                where="nodes",
                remedy="name each once",
                kind="nodes.twice",
                node=name,
            )
    return tuple(nodes)


def seed(seed: int) -> int:
    """The seed. Raises ClusterError."""
    if type(seed) is not int or not 0 <= seed <= 2**53:
        raise ClusterError(
            f"{shown(seed)} is no seed",
            where="seed",
            remedy="give a whole number from 0 on",
            kind="seed",
            value=shown(seed),
        )
    return seed


def timers(timers: str) -> str:
    """Who fires the timers. Raises ClusterError."""
    if timers not in ("manual", "auto"):
        raise ClusterError(
            f"{shown(timers)} does not fit",
            where="timers",
            remedy="give manual or auto",
            kind="timers",
            value=shown(timers),
        )
    return timers


def timing(timing: Mapping[str, Any]) -> dict[str, Any]:
    """All timing in milliseconds, defaults filled in. Raises ClusterError."""
    if not isinstance(timing, Mapping):
        raise ClusterError(
            f"{shown(timing)} does not fit",
            where="timing",
            remedy="give {name: milliseconds}",
            kind="shape.timing",
            value=shown(timing),
        )
    for name in timing:
        if name not in DEFAULT_TIMING:
            raise ClusterError(
                f"there is no timing {shown(name)}",
                where="timing",
                kind="timing",
                name=shown(name),
                **meant(name, DEFAULT_TIMING),
            )
    full = {name: timing.get(name, default) for name, default in DEFAULT_TIMING.items()}
    for name, lowest in (("election_timeout", 1.0), ("heartbeat", 1.0), ("latency", 0.0)):
        value = full[name]
        pair = [value, value] if name == "heartbeat" else value
        if (
            not isinstance(pair, Sequence)
            or isinstance(pair, str)
            or len(pair) != 2
            or any(type(ms) not in (int, float) or not lowest <= ms <= LONGEST_MS for ms in pair)
            or pair[0] > pair[1]
        ):
            one = f"milliseconds from {lowest:g} to {LONGEST_MS:,}"
            raise ClusterError(
                f"{shown(value)} does not fit",
                where=f"timing.{name}",
                remedy=f"give {one}" if name == "heartbeat" else f"give [lowest, highest] in {one}",
                kind="value.milliseconds" if name == "heartbeat" else "value.span",
                name=name,
                value=shown(value),
                least=f"{lowest:g}",
                most=LONGEST_MS,
            )
    return {name: value if name == "heartbeat" else list(value) for name, value in full.items()}


def range_us(pair: Sequence[float]) -> tuple[int, int]:
    """[lowest, highest] in milliseconds as microseconds."""
    return from_ms(pair[0]), from_ms(pair[1])
