"""A view in signs, for a terminal: nodes on a ring, the links between them, what is cut, what flies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from raftviz.drawing.facts import SIGNS, cut, flying, how, pairs, place

WIDTH, HEIGHT = 44, 13
FULL = 5
"""Up to so many nodes all links are drawn; of more, what is cut and what flies."""

_ARROWS = {(0, 1): "↓", (0, -1): "↑", (1, 0): "→", (-1, 0): "←"}
_SLANTS = {(1, 1): "↘", (-1, -1): "↖", (1, -1): "↗", (-1, 1): "↙"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some signs of one ink: a role's name, "link", "cut" or "message"; empty where nothing is drawn."""

    text: str
    ink: str


Drawing = tuple[tuple[Piece, ...], ...]
"""Lines from the top, each of pieces from the left."""


def letters(view: Mapping[str, Any]) -> Drawing:
    """Return a cluster's view (`Simulation.view()`) in at most 13 lines of 44 columns."""
    names = list(view["nodes"])
    sheet = [[Piece(" ", "")] * WIDTH for _ in range(HEIGHT)]

    def put(x: int, y: int, sign: str, ink: str) -> None:
        if 0 <= x < WIDTH and 0 <= y < HEIGHT:
            sheet[y][x] = Piece(sign, ink)

    for first, second in pairs(names):
        there, back = cut(view, first, second), cut(view, second, first)
        way = list(_line(_spot(first, names), _spot(second, names)))
        for x, y in way if len(names) <= FULL and not (there and back) else ():
            put(x, y, "·", "link")
        if there or back:
            x, y = way[len(way) // 2]
            put(x, y, "╳", "cut")
    for each in flying(view):
        start, end = _spot(each.start, names), _spot(each.end, names)
        way = list(_line(start, end))
        x, y = way[round((0.25 + each.way / 2) * (len(way) - 1))]
        put(x, y, _arrow(start, end), "message")
    for name in names:
        node = view["nodes"][name]
        role = how(node)
        words = f"{SIGNS[role]} {name[:8]} t{node['term']}"
        x, y = _spot(name, names)
        left = min(max(0, x - len(words) // 2), WIDTH - len(words))
        for i, sign in enumerate(words):
            put(left + i, y, sign, role)
    return tuple(tuple(_joined(line)) for line in sheet)


def _spot(name: str, names: list[str]) -> tuple[int, int]:
    x, y = place(names.index(name), len(names))
    return round(WIDTH / 2 + x * (WIDTH / 2 - 7)), round((HEIGHT - 1) / 2 * (1 + y))


def _line(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    (x1, y1), (x2, y2) = start, end
    steps = max(abs(x2 - x1) // 2, abs(y2 - y1), 1)
    for i in range(steps + 1):
        yield round(x1 + (x2 - x1) * i / steps), round(y1 + (y2 - y1) * i / steps)


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    """The arrow that points from one place to another; a column is half as wide as a line is high."""
    dx, dy = (end[0] - start[0]) / 2, end[1] - start[1]
    turn = (dx > 0) - (dx < 0), (dy > 0) - (dy < 0)
    if abs(dx) > 2 * abs(dy):
        return _ARROWS[turn[0], 0]
    return _ARROWS[0, turn[1]] if abs(dy) > 2 * abs(dx) else _SLANTS[turn]


def _joined(line: list[Piece]) -> Iterator[Piece]:
    """Neighbours of one ink as one piece; nothing at the end of a line."""
    text, ink = "", ""
    for piece in line:
        if piece.ink != ink and text:
            yield Piece(text, ink)
            text = ""
        text, ink = text + piece.text, piece.ink
    if ink:
        yield Piece(text, ink)
