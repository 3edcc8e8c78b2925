"""Choices from a stream of chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from raftviz.sim.rng import Stream

T = TypeVar("T")


def one_of(chance: Stream, things: Sequence[T]) -> T:
    """One of `things`, of which there must be some."""
    return things[chance.between(0, len(things) - 1)]


def some_of(chance: Stream, things: Sequence[T]) -> list[T]:
    """Each of `things` or not, in their order."""
    return [thing for thing in things if chance.chance(0.5)]


def weighted(chance: Stream, things: Sequence[tuple[T, int]]) -> T:
    """One of `things`, each as often as its weight, a whole number, says."""
    place = chance.between(1, sum(weight for _, weight in things))
    for thing, weight in things:
        place -= weight
        if place <= 0:
            return thing
    raise AssertionError("a place lies beyond the sum of the weights")
