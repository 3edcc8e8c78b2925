"""Chance: one seed, a stream of its own for each purpose.

SplitMix64 (Steele, Lea, Flood 2014): its whole state is one integer, so a fork or keyframe copies
it for nothing, and it is the same on every platform and Python version, which the standard
library promises only for parts of `random`.
"""

from __future__ import annotations

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


class Stream:
    """A sequence of draws, determined by the seed and the purpose's name."""

    __slots__ = ("_state",)

    def __init__(self, state: int) -> None:
        self._state = state & _MASK

    def next(self) -> int:
        """The next 64 bits."""
        self._state = state = (self._state + _GOLDEN) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        return state ^ (state >> 31)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        # `next`, written out: this is drawn for every message and timer.
        self._state = state = (self._state + _GOLDEN) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        return low + ((state ^ (state >> 31)) * (high - low + 1) >> 64)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.next() < probability * 18446744073709551616.0

    def copy(self) -> Stream:
        """A stream that will draw the same."""
        return Stream(self._state)


def stream(seed: int, purpose: str) -> Stream:
    """The stream for a purpose. A draw in one never shifts another."""
    state = seed & _MASK
    for byte in purpose.encode():
        state = Stream(state ^ byte).next()
    return Stream(state)
