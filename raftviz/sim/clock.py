"""Virtual time: integer microseconds inside, milliseconds where people write and read."""

from __future__ import annotations

MS = 1000
"""Microseconds in a millisecond."""


def from_ms(ms: float) -> int:
    """Milliseconds as whole microseconds."""
    return round(ms * MS)
