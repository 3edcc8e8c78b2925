"""Where a schedule may begin besides fresh nodes: somewhere in a leader's term, as `given`.

Only states that Raft can be in. nextIndex is a guess (Fig. 2, Volatile state on leaders), so that
any value is one that is possible, though few runs from fresh nodes lead to the odd ones.
"""

from __future__ import annotations

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


def _committed(given: dict[str, dict[str, Any]], needed: int) -> int:
    """The highest index whose entry is of the leader's term and held by a majority; 0 for none."""
    log = given[LEADER]["log"]
    for index in range(len(log), 0, -1):
        holders = sum(fields["log"][:index] == log[:index] for fields in given.values())
        if log[index - 1] == TERM and holders >= needed:
            return index
    return 0
