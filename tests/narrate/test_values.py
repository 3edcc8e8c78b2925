"""A value is written bare, as the document writes it, unless there would be nothing to see."""

from __future__ import annotations

from typing import Any

import pytest

from raftviz import Simulation
from raftviz.narrate import text
from raftviz.narrate.words import entry, shown
from raftviz.sim.document import entry_text, value_text
from tests.narrate.stories import told

VALUES: list[tuple[Any, str]] = [
    ("", '""'),
    ("  ", '"  "'),
    ("value", "value"),
    (" a b", " a b"),
    ("null", "null"),
    (None, "null"),
    (True, "true"),
    (0, "0"),
]


@pytest.mark.parametrize(("value", "written"), VALUES)
def test_a_value_is_written_alike_in_sentences_and_in_the_notation(
    value: Any, written: str
) -> None:
    assert shown(value) == value_text(value) == written
    put = {"set": {"k": value}}
    assert entry(put) == entry_text(put) == f"(set, k={written})"


def test_an_empty_value_leaves_no_hole_in_a_sentence() -> None:
    sim = Simulation(nodes=3, seed=1, timers="manual")
    commands: list[dict[str, Any]] = [
        {"timeout": "node1"},
        {"settle": True},
        {"write": {"key": "y", "value": ""}},
        {"settle": True},
        {"read": {"key": "y"}},
        {"settle": True},
    ]
    for command in commands:
        sim.do(command)
    for lang, sentences in {
        "en": {
            'By command, a client asks the leader to set y = "".',
            'client asks node1 to set y = "".',
            'node1 applies index 1 to its state machine: y = "".',
            'node1 answers client: ok, "".',
        },
        "zh": {'node1 把索引 1 应用到状态机：y = ""。'},
    }.items():
        assert sentences <= {text(said, lang) for _, said in told(sim)}
    assert 'log: [(set, y="")]' in sim.document_lines()[0]
    assert 'stateMachine: {y: ""}' in sim.document_lines()[0]
