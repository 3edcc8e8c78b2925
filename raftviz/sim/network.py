"""Directed links: latency, loss, duplication, and cuts of one way or both.

A cut is in the middle of a link. A message that has not passed the middle when it is cut is lost
there; one that has, arrives. Loss by chance strikes at the same place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from raftviz.protocols.base import NodeId
from raftviz.sim.rng import Stream

LinkKey = tuple[NodeId, NodeId]


@dataclass(frozen=True, slots=True)
class Link:
    """One direction between two nodes. `latency_us` None means the cluster's."""

    cut: bool = False
    latency_us: tuple[int, int] | None = None
    loss: float = 0.0
    duplicate: float = 0.0

    def view(self) -> dict[str, Any]:
        """The link in wire names; latency in microseconds."""
        latency = list(self.latency_us) if self.latency_us else None
        return {
            "cut": self.cut,
            "latency": latency,
            "loss": self.loss,
            "duplicate": self.duplicate,
        }


PERFECT = Link()


def link_name(key: LinkKey) -> str:
    """The link's name in the visible state."""
    return f"{key[0]}>{key[1]}"


class Network:
    """The links that differ from the default, and the chance that acts on messages."""

    __slots__ = ("_chances", "_latency", "_latency_us", "links", "node_ids")

    def __init__(
        self,
        node_ids: tuple[NodeId, ...],
        latency_us: tuple[int, int],
        latency: Stream,
        chances: Stream,
    ) -> None:
        self.node_ids = node_ids
        self._latency_us = latency_us
        self._latency = latency
        self._chances = chances
        self.links: dict[LinkKey, Link] = {}

    def link(self, key: LinkKey) -> Link:
        """The link as it stands."""
        return self.links.get(key, PERFECT)

    def pairs(self) -> Iterator[LinkKey]:
        """All links, in declared order."""
        for source in self.node_ids:
            for target in self.node_ids:
                if source != target:
                    yield source, target

    def fate(self, key: LinkKey) -> tuple[int, str | None, bool]:
        """What will become of a message sent now: (latency in µs, lost by what, sent twice)."""
        link = self.links.get(key)
        if link is None:
            low, high = self._latency_us
            return (low if low == high else self._latency.between(low, high)), None, False
        low, high = link.latency_us or self._latency_us
        latency = low if low == high else self._latency.between(low, high)
        lost = link.loss > 0 and self._chances.chance(link.loss)
        twice = link.duplicate > 0 and self._chances.chance(link.duplicate)
        return latency, "cut" if link.cut else "loss" if lost else None, twice

    def set(self, key: LinkKey, **settings: Any) -> tuple[Link, Link] | None:
        """Change a link; (old, new), or None where nothing changes."""
        old = self.link(key)
        new = replace(old, **settings)
        if new == old:
            return None
        if new == PERFECT:
            del self.links[key]
        else:
            self.links[key] = new
        return old, new

    def partition(self, groups: Sequence[Sequence[NodeId]]) -> Mapping[LinkKey, bool]:
        """For each link, whether it is cut when only nodes of one group reach each other."""
        side = {node: number for number, group in enumerate(groups) for node in group}
        return {(a, b): side[a] != side[b] for a, b in self.pairs()}

    def copy(self) -> Network:
        """An independent copy that will draw the same."""
        other = Network(self.node_ids, self._latency_us, self._latency.copy(), self._chances.copy())
        other.links = self.links.copy()
        return other
