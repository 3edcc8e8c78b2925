"""A view as one SVG picture that needs nothing else: the ring with its links and messages, the logs below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from raftviz.drawing.facts import INKS, Flying, committed_to, cut, flying, how, pairs, place
from raftviz.sim.document import entry_text, value_text

WIDTH, RING = 640, 380
ROW, CELL, LEFT = 26, 92, 90
SEEN = 5
"""How many entries of a log are shown: the last ones."""
NAMED = 6
"""Up to so many messages have their names beside them."""

_MIDDLE = (WIDTH / 2, RING / 2 + 4)
_TERMS = ("#d9dbde", "#8fcaf0", "#f3c26d", "#8ed6b6", "#e5aecb", "#f0e285", "#f2a98c", "#b9b5ee")

#: What keeps words readable over lines.
_HALO = {"paint_order": "stroke", "stroke": "#fff", "stroke_width": 4}

Point = tuple[float, float]


def svg(view: Mapping[str, Any]) -> str:
    """Return a cluster's view (`Simulation.view()`) as an SVG image, dark on white."""
    names = list(view["nodes"])
    height = RING + 30 + ROW * len(names)
    words = "; ".join(_said(name, node) for name, node in view["nodes"].items())
    sent = flying(view)
    title = f"A cluster of {len(names)} at {view['time'] / 1000:g} ms"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}" role="img" font-family="Inter, system-ui, sans-serif" font-size="12">',
        f"<title>{escape(title)}</title><desc>{escape(words)}</desc>",
        f'<rect width="{WIDTH}" height="{height}" rx="10" fill="#fff" stroke="#e3e0d7"/>',
        _text(14, 22, f"{view['time'] / 1000:g} ms", "#626973"),
        *_links(view, names),
        *(_message(each, names, len(sent) <= NAMED) for each in sent),
        *(_node(view, name, names) for name in names),
        *_logs(view, names),
        "</svg>",
    ]
    return "".join(parts)


def _said(name: str, node: Mapping[str, Any]) -> str:
    return f"{name} is a {how(node)} in term {node['term']}, commitIndex {node['commitIndex']}"


def _text(x: float, y: float, words: str, ink: str = "#191c20", **more: Any) -> str:
    marks = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in more.items())
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{ink}"{marks}>{escape(words)}</text>'


def _radius(count: int) -> float:
    return 38 if count <= 5 else 30


def _at(name: str, names: list[str]) -> Point:
    x, y = place(names.index(name), len(names))
    reach = 128 if len(names) <= 5 else 140
    return _MIDDLE[0] + x * reach * 1.25, _MIDDLE[1] + y * reach


def _lane(start: str, end: str, names: list[str]) -> tuple[Point, Point]:
    """The line from one node's edge to another's, a little to its right: each way has a lane."""
    (x1, y1), (x2, y2) = _at(start, names), _at(end, names)
    far = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    ux, uy = (x2 - x1) / far, (y2 - y1) / far
    gap, side = _radius(len(names)) + 3, 4
    return (
        (x1 + ux * gap - uy * side, y1 + uy * gap + ux * side),
        (x2 - ux * gap - uy * side, y2 - uy * gap + ux * side),
    )


def _links(view: Mapping[str, Any], names: list[str]) -> Iterator[str]:
    for first, second in pairs(names):
        for start, end in ((first, second), (second, first)):
            (x1, y1), (x2, y2) = _lane(start, end, names)
            closed = cut(view, start, end)
            ink = INKS["cut"] if closed else "#dcd9cf"
            dashes = ' stroke-dasharray="5 4"' if closed else ""
            yield f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{ink}"{dashes}/>'
            if closed:
                x, y = (x1 + x2) / 2, (y1 + y2) / 2
                cross = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"
                yield f'<path d="{cross}" stroke="{INKS["cut"]}" stroke-width="2"/>'


def _message(each: Flying, names: list[str], named: bool) -> str:
    (x1, y1), (x2, y2) = _lane(each.start, each.end, names)
    x, y = x1 + (x2 - x1) * each.way, y1 + (y2 - y1) * each.way
    ink, inside = INKS["message"], "#fff" if each.reply else INKS["message"]
    words = escape(f"{each.kind}{' reply' if each.reply else ''} to {each.end}")
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{inside}" stroke="{ink}" stroke-width="2">'
        f"<title>{words}</title></circle>"
        + (_text(x + 8, y - 5, each.kind, ink, font_size=9, **_HALO) if named else "")
    )


def _node(view: Mapping[str, Any], name: str, names: list[str]) -> str:
    node = view["nodes"][name]
    x, y = _at(name, names)
    size, role = _radius(len(names)), how(node)
    ink = INKS[role]
    dashes = ' stroke-dasharray="6 4"' if "candidate" in role else ""
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size + 4}" fill="none" stroke="{ink}" stroke-width="2"/>'
    return "".join(
        [
            ring if role == "leader" else "",
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{ink}"'
            f' stroke="{"#191c20" if dashes else ink}"{dashes}/>',
            _text(x, y - 6, name[:10], "#fff", text_anchor="middle", font_weight=600),
            _text(x, y + 8, role, "#fff", text_anchor="middle", font_size=10),
            _text(x, y + 21, f"term {node['term']}", "#fff", text_anchor="middle", font_size=10),
            _text(
                x,
                y + size + 17,
                f"votedFor {value_text(node['votedFor'])} · commit {node['commitIndex']}",
                "#454b53",
                text_anchor="middle",
                font_size=10,
                **_HALO,
            ),
        ]
    )


def _logs(view: Mapping[str, Any], names: list[str]) -> Iterator[str]:
    """A row for each node; a committed entry has a whole edge, one that is not a broken one."""
    last = max((_first(node) + len(node["log"]) - 1 for node in view["nodes"].values()), default=0)
    start = max(1, last - SEEN + 1)
    for index in range(start, start + SEEN):
        x = LEFT + (index - start + 0.5) * (CELL + 8)
        yield _text(x, RING + 22, str(index), "#626973", text_anchor="middle", font_size=10)
    committed = committed_to(view)
    for row, name in enumerate(names):
        node = view["nodes"][name]
        y = RING + 28 + row * ROW
        yield _text(14, y + 15, name[:12], INKS[how(node)], font_weight=600)
        for offset, entry in enumerate(node["log"]):
            index = _first(node) + offset
            if index >= start:
                known = index <= node["commitIndex"]
                yield _cell(LEFT + (index - start) * (CELL + 8), y, entry, known)
        if node["snapshot"] and node["snapshot"]["index"] >= start:
            words = f"snapshot 1–{node['snapshot']['index']}"
            yield _text(LEFT, y + 15, words, "#84386f", font_size=10)
    if committed:
        yield _text(WIDTH - 14, 22, f"committed up to {committed}", "#17704f", text_anchor="end")


def _first(node: Mapping[str, Any]) -> int:
    """The index of the first entry after the snapshot."""
    return int(node["snapshot"]["index"]) + 1 if node["snapshot"] else 1


def _cell(x: float, y: float, entry: Mapping[str, Any], known: bool) -> str:
    dashes = "" if known else ' stroke-dasharray="3 3"'
    fill = _TERMS[entry["term"] % len(_TERMS)]
    words = entry_text(entry).strip("()").removeprefix("set, ")
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{CELL}" height="{ROW - 5}" rx="4" fill="{fill}"'
        f' stroke="#191c20"{dashes}/>'
        + _text(x + 6, y + 15, words[:11], font_size=10)
        + _text(x + CELL - 5, y + 15, f"t{entry['term']}", text_anchor="end", font_size=9)
    )
