"""A view as a small picture for a card: nodes with their names, links, messages; no logs, no numbers.

What it draws has classes, so that a page it is put into gives it the page's inks; by itself it has
those of the theme that it was made for. Several views make one picture of several frames, of which
one is seen and the others are hidden, for a page to show one after another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from raftviz.drawing.facts import Flying, cut, flying, how, pairs, place

WIDTH, HEIGHT = 320, 176
LONGEST = 8
"""So many letters of a name are shown."""

#: A picture's own inks by theme: the page's, as static/css/tokens.css has them.
INKS: Mapping[str, Mapping[str, str]] = {
    "light": {
        "ground": "#f5f4ef",
        "lane": "#dcd9cf",
        "cut": "#c2332a",
        "message": "#2559d6",
        "leader": "#1b7f5a",
        "candidate": "#cf8207",
        "precandidate": "#f6dfb4",
        "follower": "#52739f",
        "crashed": "#ecebe8",
        "paused": "#ecebe8",
        "on-leader": "#ffffff",
        "on-candidate": "#241500",
        "on-precandidate": "#241500",
        "on-follower": "#ffffff",
        "on-crashed": "#5b6067",
        "on-paused": "#5b6067",
        "client": "#454b53",
    },
    "dark": {
        "ground": "#121519",
        "lane": "#323944",
        "cut": "#f2766d",
        "message": "#7ba6ff",
        "leader": "#3dba8a",
        "candidate": "#eea83c",
        "precandidate": "#6b5430",
        "follower": "#87a5d0",
        "crashed": "#2a2f36",
        "paused": "#2a2f36",
        "on-leader": "#03150d",
        "on-candidate": "#1d1200",
        "on-precandidate": "#fff3dc",
        "on-follower": "#0a1420",
        "on-crashed": "#a7aeb8",
        "on-paused": "#a7aeb8",
        "client": "#c3c9d1",
    },
}

_EDGE = 34
"""Between the picture's edge and the middle of a node."""
_BAY = 60
"""Left of the nodes, where clients stand."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """A view of a run (`Simulation.view()`), and the step of its lesson to which it belongs, from 1."""

    step: int
    view: Mapping[str, Any]


def card(frames: Sequence[Frame], shown: int, title: str, theme: str = "light") -> str:
    """Return frames as one SVG picture in which that of the step `shown` is seen."""
    bay = any(frame.view["clients"] for frame in frames)
    ink = INKS[theme]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" role="img" font-family="Inter, system-ui, sans-serif"'
        f' font-size="10" font-weight="650" text-anchor="middle">',
        f"<title>{escape(title)}</title>",
        f'<rect class="picture-ground" width="{WIDTH}" height="{HEIGHT}" fill="{ink["ground"]}"/>',
    ]
    for frame in frames:
        seen = "" if frame.step == shown else ' visibility="hidden"'
        drawn = "".join(_Sheet(frame.view, ink, bay).parts())
        parts.append(f'<g class="frame" data-step="{frame.step}"{seen}>{drawn}</g>')
    return "".join([*parts, "</svg>"])


class _Sheet:
    """One frame: where everything stands, and what is drawn there."""

    def __init__(self, view: Mapping[str, Any], ink: Mapping[str, str], bay: bool) -> None:
        self.view = view
        self.ink = ink
        self.names = list(view["nodes"])
        count = len(self.names)
        self.radius = 24 if count <= 3 else 21 if count <= 5 else 17
        units = [place(i, count) for i in range(count)]
        left = min(x for x, _ in units)
        right = max(x for x, _ in units)
        top = min(y for _, y in units)
        bottom = max(y for _, y in units)
        start = (_BAY if bay else 0) + _EDGE
        wide = min(WIDTH - _EDGE - start, 216)
        middle = (start + WIDTH - _EDGE) / 2
        high = HEIGHT - 2 * _EDGE

        def across(value: float, low: float, high: float) -> float:
            return (value - low) / (high - low) if high > low else 0.5

        self.at = {
            name: (
                middle + (across(x, left, right) - 0.5) * wide,
                _EDGE + across(y, top, bottom) * high,
            )
            for name, (x, y) in zip(self.names, units, strict=True)
        }

    def parts(self) -> Iterator[str]:
        yield from self._links()
        yield from self._clients()
        for each in _half_way(self.view):
            yield self._message(each)
        for name in self.names:
            yield self._node(name)

    def _lane(self, start: str, end: str) -> tuple[Point, Point]:
        (x1, y1), (x2, y2) = self.at[start], self.at[end]
        far = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        gap = self.radius + 5
        ux, uy = (x2 - x1) / far, (y2 - y1) / far
        return (x1 + ux * gap, y1 + uy * gap), (x2 - ux * gap, y2 - uy * gap)

    def _links(self) -> Iterator[str]:
        """A line for every two nodes; broken and crossed where it is cut, from the side that is not heard."""
        for first, second in pairs(self.names):
            there, back = cut(self.view, first, second), cut(self.view, second, first)
            (x1, y1), (x2, y2) = self._lane(first, second)
            x, y = (x1 + x2) / 2, (y1 + y2) / 2
            if not (there and back):
                yield self._line("lane", x1, y1, x2, y2)
            if there:
                yield self._line("cut", x1, y1, x, y)
            if back:
                yield self._line("cut", x2, y2, x, y)
            if there or back:
                cross = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"
                yield f'<path class="picture-cross" d="{cross}" stroke="{self.ink["cut"]}" stroke-width="2.4"/>'

    def _line(self, kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
        dashes = ' stroke-dasharray="4 4"' if kind == "cut" else ""
        return (
            f'<path class="picture-{kind}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"'
            f' stroke="{self.ink[kind]}" stroke-width="1.6"{dashes}/>'
        )

    def _clients(self) -> Iterator[str]:
        """Clients on the left, each with a line to the node from which it awaits an answer."""
        clients = list(self.view["clients"].values())[:3]
        for i, client in enumerate(clients):
            x, y = _BAY / 2 + 4, HEIGHT * (i + 1) / (len(clients) + 1)
            ink = self.ink["client"]
            if client["outcome"] == "waiting" and client["to"] in self.at:
                to_x, to_y = self.at[client["to"]]
                yield (
                    f'<path class="picture-asks" d="M{x + 27:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"'
                    f' stroke="{ink}" stroke-width="1.4" stroke-dasharray="2 3"/>'
                )
            yield (
                f'<rect class="picture-client" x="{x - 25:.1f}" y="{y - 11:.1f}" width="50" height="22"'
                f' rx="6" fill="{self.ink["ground"]}" stroke="{ink}" stroke-width="1.4"/>'
                f'<text class="picture-client-name" x="{x:.1f}" y="{y + 3.5:.1f}" fill="{ink}">'
                f"{escape(str(client['id'])[: LONGEST - 1])}</text>"
            )

    def _message(self, each: Flying) -> str:
        """A message to the right of its line's middle: full if it asks, hollow if it answers."""
        (x1, y1), (x2, y2) = self._lane(each.start, each.end)
        far = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        way = 0.15 + 0.7 * each.way
        if cut(self.view, each.start, each.end):
            way *= 0.7  # before the cross, where it will be lost
        x = x1 + (x2 - x1) * way - (y2 - y1) / far * 4
        y = y1 + (y2 - y1) * way + (x2 - x1) / far * 4
        ink = self.ink["message"]
        inside = self.ink["ground"] if each.reply else ink
        kind = "reply" if each.reply else "request"
        return (
            f'<circle class="picture-{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4.6" fill="{inside}"'
            f' stroke="{ink}" stroke-width="2"/>'
        )

    def _node(self, name: str) -> str:
        node = self.view["nodes"][name]
        x, y = self.at[name]
        role, size = how(node), self.radius
        fill, on = self.ink[role], self.ink[f"on-{role}"]
        parts = [f'<g class="picture-{role}">']
        if role == "leader":
            parts.append(
                f'<circle class="picture-ring" cx="{x:.1f}" cy="{y:.1f}" r="{size + 4}" fill="none"'
                f' stroke="{fill}" stroke-width="2.2"/>'
            )
        if role in ("crashed", "paused"):
            edge = f' stroke="{on}" stroke-width="1.4" stroke-dasharray="3 3"'
        elif role in ("candidate", "precandidate"):
            edge = f' stroke="{on}" stroke-width="1.8" stroke-dasharray="5 3"'
        else:
            edge = ""
        parts.append(
            f'<circle class="picture-disc" cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{fill}"{edge}/>'
        )
        sign = {"crashed": "M-5 0l10 10m0 -10l-10 10", "paused": "M-3.5 0v10m7 -10v10"}.get(role)
        if sign:
            parts.append(
                f'<path class="picture-sign" transform="translate({x:.1f} {y + 2:.1f})" d="{sign}"'
                f' stroke="{on}" stroke-width="2"/>'
            )
        low = -3.0 if sign else 3.5
        parts.append(
            f'<text class="picture-name" x="{x:.1f}" y="{y + low:.1f}" fill="{on}">'
            f"{escape(name[:LONGEST])}</text></g>"
        )
        return "".join(parts)


def _half_way(view: Mapping[str, Any]) -> list[Flying]:
    """The messages in flight as they are when the first of them is half way to where it goes."""
    flights = [each for each in view["messages"].values() if each["to"] in view["nodes"]]
    ahead = [each["arrives"] - view["time"] for each in flights if each["arrives"] > view["time"]]
    later = view["time"] + min(ahead) // 2 if ahead else view["time"]
    return flying({**view, "time": later})
