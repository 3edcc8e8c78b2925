"""The clock of playing: which virtual time belongs to a real one. It never looks at a clock itself.

`now` is always given, in seconds of any monotonic clock; virtual times are whole microseconds.
"""

from __future__ import annotations

from typing import Any

TICK = 1 / 25
"""Seconds between the frames of a playing room."""

DEFAULT_RATE = 0.1


class Playback:
    """Whether a room plays, and how fast: `rate` virtual seconds in a real one.

    While it plays, virtual time follows the line through its anchor: the (real, virtual) pair at
    which it started, changed its rate, or was held up.
    """

    __slots__ = ("_real", "_virtual", "next_tick", "on", "rate")

    def __init__(self, rate: float = DEFAULT_RATE) -> None:
        self.on = False
        self.rate = rate
        self.next_tick = 0.0
        self._real = 0.0
        self._virtual = 0

    def start(self, now: float, virtual_us: int, rate: float | None = None) -> None:
        """Play on from `virtual_us`, or go on playing at another rate."""
        self.rate = self.rate if rate is None else rate
        if not self.on:
            self.next_tick = now
        self.on = True
        self.anchor(now, virtual_us)

    def stop(self) -> None:
        """Pause."""
        self.on = False

    def anchor(self, now: float, virtual_us: int) -> None:
        """Say that `virtual_us` is the virtual time of `now`: what was missed until then is let go."""
        self._real = now
        self._virtual = virtual_us

    def target(self, now: float) -> int:
        """Tell the virtual time that should have been reached at `now`, in microseconds."""
        return self._virtual + int(max(0.0, now - self._real) * self.rate * 1_000_000)

    def due(self, now: float) -> bool:
        """Tell whether it is time for the next tick. A microsecond early counts as on time."""
        return self.on and now >= self.next_tick - 1e-6

    def ticked(self, now: float) -> None:
        """Plan the next tick. A tick that came late delays the ones after it; none are made up for."""
        self.next_tick = max(self.next_tick + TICK, now + TICK / 2)

    def to_json(self) -> dict[str, Any]:
        """Tell the browser."""
        return {"on": self.on, "rate": self.rate}
