"""Pictures of a cluster outside the page: signs for a terminal, SVG for a notebook."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from rich.console import Console

from raftviz import Simulation, lessons, terminal
from raftviz.cli import main
from raftviz.drawing import letters, svg
from raftviz.drawing.letters import HEIGHT, WIDTH

SVG = "{http://www.w3.org/2000/svg}"


def cluster(nodes: int = 3, *commands: dict[str, Any]) -> Simulation:
    simulation = Simulation(nodes=nodes, timers="manual", timing={"latency": [10, 10]})
    for command in commands:
        simulation.do(command)
    return simulation


def lines(simulation: Simulation) -> list[str]:
    return ["".join(piece.text for piece in line) for line in letters(simulation.view())]


def inks(simulation: Simulation) -> set[tuple[str, str]]:
    return {(p.text.strip(), p.ink) for line in letters(simulation.view()) for p in line if p.ink}


@pytest.mark.parametrize("nodes", range(1, 10))
def test_every_size_fits_and_names_every_node(nodes: int) -> None:
    simulation = cluster(nodes)
    drawn = lines(simulation)
    assert len(drawn) == HEIGHT and max(map(len, drawn)) <= WIDTH
    text = "\n".join(drawn)
    for name in simulation.node_ids:
        assert f"○ {name} t0" in text
        assert name in svg(simulation.view())


@pytest.mark.parametrize(
    ("commands", "sign"),
    [
        ([{"timeout": "node1"}], ("◌ node1 t1", "candidate")),
        ([{"timeout": "node1"}, {"settle": True}], ("◉ node1 t1", "leader")),
        ([{"crash": "node2"}], ("✕ node2 t0", "crashed")),
        ([{"pause": "node2"}], ("‖ node2 t0", "paused")),
        ([{"cut": ["node1", "node2"]}], ("╳", "cut")),
        ([{"timeout": "node1"}], ("↘", "message")),
    ],
)
def test_what_changes_can_be_seen(commands: list[dict[str, Any]], sign: tuple[str, str]) -> None:
    assert sign not in inks(cluster(3))
    assert sign in inks(cluster(3, *commands))


def test_a_picture_tells_roles_logs_cuts_and_messages() -> None:
    simulation = cluster(
        3,
        {"timeout": "node1"},
        {"settle": True},
        {"write": {"key": "x", "value": "<&>"}},
        {"cut": {"from": "node1", "to": "node3"}},
    )
    root = ET.fromstring(simulation._repr_svg_())
    assert "node1 is a leader in term 1" in (root.findtext(f"{SVG}desc") or "")
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert "x=<&>" in texts and "term 1" in texts
    flying = [each.findtext(f"{SVG}title") for each in root.iter(f"{SVG}circle")]
    assert "AppendEntries to node2" in flying
    cells = [each for each in root.iter(f"{SVG}rect") if each.get("stroke-dasharray")]
    assert len(cells) == 1, "an entry that is not committed has a broken edge"
    for command in ({"settle": True}, {"heartbeat": "node1"}, {"settle": True}):
        simulation.do(command)
    root = ET.fromstring(svg(simulation.view()))
    assert not [each for each in root.iter(f"{SVG}rect") if each.get("stroke-dasharray")]


@pytest.mark.parametrize("width", [70, 120])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_lesson_on_a_terminal(width: int, lang: str) -> None:
    run = lessons.told_in(lessons.run(lessons.find("partition")), lang)
    console = Console(width=width, record=True, force_terminal=True, file=io.StringIO())
    terminal.tell(run, lang, console)
    told = console.export_text()
    assert all(line in re.sub(r"\s+", " ", told) for step in run.steps for line in step.lines)
    assert "◉ node1 t1" in told and "╳" in told
    assert all(f"{step.index + 1}. {step.title}" in told for step in run.steps)


def test_colour_only_where_it_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    for wish, coloured in (("never", False), ("auto", False), ("always", True)):
        assert main(["run", "election", "--color", wish]) == 0
        out = capsys.readouterr().out
        assert ("\x1b[" in out) == coloured == ("◉" in out)
