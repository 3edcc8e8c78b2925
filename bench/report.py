"""A table of figures: what was measured, what is aimed at, and how the two compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Better(Enum):
    """Which side of the aim is the good one."""

    HIGHER = "at least"
    LOWER = "at most"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    `aim` is None for a figure that only explains others.
    """

    name: str
    value: float
    unit: str
    aim: float | None = None
    better: Better = Better.LOWER

    @property
    def ratio(self) -> float | None:
        """How many times better than the aim; below 1 the aim is missed."""
        if self.aim is None or self.value == 0:
            return None if self.aim is None else float("inf")
        return self.value / self.aim if self.better is Better.HIGHER else self.aim / self.value


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 or value == 0 else f"{value:.3f}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned lines: name, figure, aim, and ratio with what it means."""
    rows = [("", "measured", "aim", "ratio")]
    for figure in figures:
        aim, verdict = "", ""
        if figure.aim is not None and figure.ratio is not None:
            aim = f"{figure.better.value} {_number(figure.aim)}"
            shown = "∞" if figure.ratio == float("inf") else f"{figure.ratio:.2f}"
            verdict = f"{shown} {'ok' if figure.ratio >= 1 else 'MISSED'}"
        rows.append((figure.name, f"{_number(figure.value)} {figure.unit}", aim, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]}".rstrip()
        for row in rows
    )
