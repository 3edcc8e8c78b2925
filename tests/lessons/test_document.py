"""The document that the product brings to life: its lines come out of the lessons verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from raftviz import lessons

DOCUMENT = (Path(__file__).parent / "document.txt").read_text("utf-8")
STATE_LINE = re.compile(r"^node\d: \{.*\}(?: // .*)?$", re.MULTILINE)
SNAPSHOTS = 7


def document_lines() -> list[str]:
    return STATE_LINE.findall(DOCUMENT)


def told(*names: str) -> Iterator[str]:
    for name in names:
        for step in lessons.run(lessons.find(name)).steps:
            yield from step.lines


def missing(wanted: list[str], lines: Iterator[str]) -> list[str]:
    """The lines of `wanted` that do not come, in their order, among `lines`."""
    left = list(wanted)
    for line in lines:
        if left and line == left[0]:
            left.pop(0)
    return left


def test_the_document_has_seven_states_of_three_nodes() -> None:
    lines = document_lines()
    assert len(lines) == 3 * SNAPSHOTS
    assert [line.partition(":")[0] for line in lines] == ["node1", "node2", "node3"] * SNAPSHOTS


@pytest.mark.parametrize("names", [("partition",), ("election", "partition")])
def test_every_state_line_of_the_document_comes_verbatim_and_in_order(
    names: tuple[str, ...],
) -> None:
    assert missing(document_lines(), told(*names)) == []


def test_every_state_of_the_document_stands_as_one_step() -> None:
    lines = document_lines()
    wanted = [lines[i : i + 3] for i in range(0, len(lines), 3)]
    steps = [step.lines for step in lessons.run(lessons.find("partition")).steps]
    for state in wanted:
        assert state in steps
        steps = steps[steps.index(state) + 1 :]


def test_the_election_alone_prints_the_first_scenario() -> None:
    assert missing(document_lines()[:9], told("election")) == []


def test_the_papers_rules_do_not_print_the_document() -> None:
    assert missing(document_lines(), told("partition-paper"))[:1] == [document_lines()[12]]


def test_what_is_quoted_from_the_document_stands_in_it() -> None:
    words = " ".join(DOCUMENT.split())
    quoted = [
        " ".join(quote.split())
        for lesson in lessons.library()
        for step in lesson.steps
        if step.differs
        for quote in re.findall(r"“([^”]*)”", step.differs.document)
    ]
    assert len(quoted) >= 10
    assert [quote for quote in quoted if quote not in words] == []


def test_a_changed_line_would_be_noticed() -> None:
    wrong = document_lines()
    wrong[10] = wrong[10].replace("term: 1", "term: 2")
    assert missing(wrong, told("partition"))[0] == wrong[10]
