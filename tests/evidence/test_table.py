"""The table of rules is whole, and each test that it names is there."""

from __future__ import annotations

import ast
from functools import cache

from tests.evidence.table import FIGURE_2, FILES, SECTIONS
from tests.house import ROOT

NUMBERED = {
    "RequestVote receiver": 2,
    "AppendEntries receiver": 5,
    "All Servers": 2,
    "Followers": 2,
    "Candidates": 4,
    "Leaders": 4,
}
"""How many rules each part of Figure 2 has."""

SHOWN_ELSEWHERE = ("paper",)
"""Files that show more than the rules."""


@cache
def members_of(short: str) -> list[str]:
    """The tests of a file, as the table names them."""
    found = []
    for node in ast.parse((ROOT / FILES[short]).read_text("utf-8")).body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        path = f"{short}::{node.name}::" if isinstance(node, ast.ClassDef) else f"{short}::"
        found += [
            f"{path}{member.name}"
            for member in members
            if isinstance(member, ast.FunctionDef) and member.name.startswith("test_")
        ]
    return found


def named() -> dict[str, list[str]]:
    """Every rule and claim, and its tests."""
    claims = {
        f"{section}, {claim}": tests
        for section, told in SECTIONS.items()
        for claim, tests in told.items()
    }
    return {**FIGURE_2, **claims}


def test_every_rule_of_figure_2_is_in_the_table() -> None:
    numbered = [
        f"{part} {number}" for part, count in NUMBERED.items() for number in range(1, count + 1)
    ]
    told = [
        f"{rpc} {what}"
        for rpc in ("RequestVote", "AppendEntries")
        for what in ("arguments", "results")
    ]
    state = [rule for rule in FIGURE_2 if rule.startswith("State: ")]
    assert len(state) == 4
    assert FIGURE_2.keys() == {*numbered, *told, *state}


def test_every_section_is_in_the_table() -> None:
    sections = ["§5.1", "§5.2", "§5.3", "§5.4.1", "§5.4.2", "§5.4.3", "§5.5", "§5.6", "§8"]
    assert list(SECTIONS) == sections and all(SECTIONS.values())


def test_every_rule_has_tests_and_they_are_there() -> None:
    missing = [
        f"{rule}: there is no {test}"
        for rule, tests in named().items()
        for test in tests or ["test"]
        if test not in members_of(test.partition("::")[0])
    ]
    assert not missing, "\n".join(missing)


def test_every_test_of_the_evidence_is_in_the_table() -> None:
    shown = {test for tests in named().values() for test in tests}
    forgotten = [
        test
        for short in FILES
        if short not in SHOWN_ELSEWHERE
        for test in members_of(short)
        if test not in shown
    ]
    assert not forgotten, "\n".join(forgotten)
