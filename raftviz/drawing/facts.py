"""What a drawing shows of a view: where nodes stand, how each is, and what lies between two of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: What a node is, and how it is written where there is no room for a word.
SIGNS = {
    "leader": "◉",
    "candidate": "◌",
    "precandidate": "◌",
    "follower": "○",
    "crashed": "✕",
    "paused": "‖",
}

#: The page's inks for roles, on white.
INKS = {
    "leader": "#1b7f5a",
    "candidate": "#cf8207",
    "precandidate": "#b3873a",
    "follower": "#52739f",
    "crashed": "#9b9d9f",
    "paused": "#9b9d9f",
    "cut": "#c2332a",
    "message": "#2559d6",
}


def place(index: int, count: int) -> tuple[float, float]:
    """Where on a ring of radius 1 the node of this index stands; the first is on top, y points down."""
    angle = 2 * math.pi * index / count - math.pi / 2
    return math.cos(angle), math.sin(angle)


def how(node: Mapping[str, Any]) -> str:
    """What a node is now: its role, unless it does not run."""
    if node["crashed"]:
        return "crashed"
    return "paused" if node["paused"] else str(node["state"])


def cut(view: Mapping[str, Any], start: str, end: str) -> bool:
    """Whether nothing gets from one node to another."""
    link = view["links"].get(f"{start}>{end}")
    return bool(link and link["cut"])


def pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every two nodes, once."""
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            yield first, second


@dataclass(frozen=True, slots=True)
class Flying:
    """A message in flight between two nodes; `way` is how much of it lies behind, from 0 to 1."""

    kind: str
    reply: bool
    start: str
    end: str
    way: float


def flying(view: Mapping[str, Any]) -> list[Flying]:
    """The messages in flight between nodes, in the order in which they were sent."""
    found = []
    for message in view["messages"].values():
        if message["from"] in view["nodes"] and message["to"] in view["nodes"]:
            sent, arrives = message["sent"], message["arrives"]
            way = (view["time"] - sent) / (arrives - sent) if arrives > sent else 0.5
            found.append(
                Flying(
                    message["type"],
                    bool(message["reply"]),
                    message["from"],
                    message["to"],
                    min(1.0, max(0.0, way)),
                )
            )
    return found


def committed_to(view: Mapping[str, Any]) -> int:
    """The highest commitIndex of any node."""
    return max(int(node["commitIndex"]) for node in view["nodes"].values())
