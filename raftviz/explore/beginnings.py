"""Where a schedule may begin besides fresh nodes: somewhere in a leader's term, as `given`.

Only states that Raft can be in. nextIndex is a guess (Fig. 2, Volatile state on leaders), so that
any value is one that is possible, though few runs from fresh nodes lead to the odd ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from raftviz.explore.chance import one_of
from raftviz.sim.rng import Stream

LEADER = "node1"
TERM = 2


def in_a_term(chance: Stream, nodes: int) -> dict[str, dict[str, Any]]:
    """node1 leads term 2. Its log holds entries of term 1 and perhaps some of its own, blank ones; a
    majority, which elected it, holds some of them; others may hold entries of term 1 that it lacks.
    """
    needed = nodes // 2 + 1
    older, own = chance.between(1, 3), chance.between(0, 2)
    log = [1] * older + [TERM] * own
    given: dict[str, dict[str, Any]] = {LEADER: {"state": "leader", "term": TERM, "log": log}}
    strangers = nodes - needed
    for number in range(2, nodes + 1):
        if number > nodes - strangers and chance.chance(0.7):
            given[f"node{number}"] = {"term": 1, "log": [1] * (older + chance.between(1, 2))}
        else:
            held = log[: one_of(chance, (0, older, len(log), len(log)))]
            given[f"node{number}"] = {"term": TERM, "votedFor": LEADER, "log": held}
    commit_index = _committed(given, needed)
    if commit_index and chance.chance(0.7):
        given[LEADER]["commitIndex"] = commit_index
    given[LEADER]["nextIndex"] = {
        node: chance.between(1, len(log) + 1) for node in given if node != LEADER
    }
    return given


def is_possible(given: Mapping[str, Mapping[str, Any]], nodes: int) -> bool:
    """Whether Raft can be in such a state, as `in_a_term` makes them or with less in it: the leader
    has the votes of a majority, whoever voted holds a beginning of its log and the others nothing
    but entries of term 1, and what it takes for committed is.
    """
    leader = given.get(LEADER, {})
    if leader.get("state") != "leader" or leader.get("term") != TERM:
        return False
    log = leader.get("log", [])
    if any(term not in (1, TERM) for term in log):
        return False
    voters = 1
    for node, fields in given.items():
        if node == LEADER:
            continue
        held = fields.get("log", [])
        if fields.get("term") == TERM and fields.get("votedFor") == LEADER:
            voters += 1
            if held != log[: len(held)]:
                return False
        elif fields.get("term", 1) != 1 or "votedFor" in fields or any(term != 1 for term in held):
            return False
    needed = nodes // 2 + 1
    return voters >= needed and leader.get("commitIndex", 0) in (0, _committed(given, needed))


def _committed(given: Mapping[str, Mapping[str, Any]], needed: int) -> int:
    """The highest index whose entry is of the leader's term and held by a majority; 0 for none."""
    log = given[LEADER].get("log", [])
    for index in range(len(log), 0, -1):
        holders = sum(fields.get("log", [])[:index] == log[:index] for fields in given.values())
        if log[index - 1] == TERM and holders >= needed:
            return index
    return 0
