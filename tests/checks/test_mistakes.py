"""The deliberate mistakes of the option `bugs`: each is told of where it first contradicts something,
which is well before the damage is done.
"""

from __future__ import annotations

from typing import Any

import pytest

from raftviz import Error, Simulation

SETTLE = {"settle": True}
ELECT = ({"timeout": "node1"}, SETTLE)


def write(value: object, **more: str) -> dict[str, Any]:
    return {"write": {"key": "k", "value": value, **more}}


def alone(node: str) -> dict[str, Any]:
    return {"isolate": node}


STORIES: dict[str, tuple[dict[str, Any], list[dict[str, Any]], list[str]]] = {
    "commit-old-terms": (
        {
            "nodes": 3,
            "given": {
                "node1": {"term": 2, "log": [2]},
                "node2": {"term": 1},
                "node3": {"term": 1},
            },
        },
        [*ELECT],
        ["Commit by quorum"],
    ),
    "majority-minus-one": ({}, [alone("node1"), *ELECT, write("a")], ["Commit by quorum"]),
    "forget-vote": (
        {},
        [*ELECT, {"crash": "node2"}, {"crash": "node1"}, {"restart": "node2"}],
        ["Persisted before answered"],
    ),
    "forget-log-tail": (
        {},
        [*ELECT, write("a"), SETTLE],
        ["Persisted before answered", "Leader knows what it believes", "Commit by quorum"],
    ),
    "vote-twice": (
        {},
        [{"timeout": "node1"}, {"deliver": {"to": "node3"}}, {"timeout": "node2"}, SETTLE],
        ["One vote a term", "Election Safety"],
    ),
    "vote-without-log-check": (
        {"options": {"noop_on_election": True}},
        [
            alone("node3"),
            *ELECT,
            write("a"),
            SETTLE,
            {"heal": True},
            {"timeout": "node3"},
            {"timeout": "node3"},
            SETTLE,
        ],
        ["Leader Completeness"],
    ),
    "truncate-always": (
        {},
        [*ELECT, write("a"), write("b"), {"deliver": {"to": "node2"}}, SETTLE],
        ["Leader knows what it believes", "Commit by quorum", "Committed entries stay"],
    ),
    "apply-before-commit": ({}, [*ELECT, write("a")], ["commitIndex within the log"]),
    "overlapping-configurations": (
        {},
        [*ELECT, {"remove_node": "node3"}],
        ["One configuration change at a time"],
    ),
    "retry-twice": (
        {"options": {"client_sessions": True}},
        [*ELECT, write("a", client="c"), SETTLE, {"retry": {"client": "c"}}, SETTLE],
        ["Exactly once"],
    ),
    "stale-local-read": (
        {},
        [
            *ELECT,
            write("a"),
            SETTLE,
            alone("node1"),
            {"timeout": "node2"},
            SETTLE,
            write("b", to="node2"),
            SETTLE,
            {"read": {"key": "k", "to": "node1", "client": "reader"}},
        ],
        ["Reads are not stale"],
    ),
}


def told(story: str, mistaken: bool) -> list[str]:
    """The properties that fall in a story, in the order in which they do, each once."""
    setting, commands, _ = STORIES[story]
    options = {**setting.get("options", {}), "bugs": [story] if mistaken else []}
    run = Simulation(**{"nodes": 3, "seed": 1, **setting, "options": options})
    for command in commands:
        try:
            run.do(command)
        except Error:
            assert not mistaken  # a right leader refuses to do it
    return list(dict.fromkeys(event.data["property"] for event in run.violations))


@pytest.mark.parametrize("story", STORIES)
def test_a_mistake_is_told_of_at_once_and_its_absence_is_not(story: str) -> None:
    expected = STORIES[story][2]
    assert told(story, mistaken=True)[: len(expected)] == expected
    assert told(story, mistaken=False) == []
