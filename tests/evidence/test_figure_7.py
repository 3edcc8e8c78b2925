"""Figure 7: the logs that a leader of term 8 may find, and how it makes them its own (§5.3)."""

from __future__ import annotations

import pytest

from raftviz.trace import trace
from tests.evidence.scene import Scene
from tests.trace.checker import obey
from tests.trace.laws import keep

LEADER = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6]
FOLLOWERS = {
    "a": [1, 1, 1, 4, 4, 5, 5, 6, 6],
    "b": [1, 1, 1, 4],
    "c": [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
    "d": [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
    "e": [1, 1, 1, 4, 4, 4, 4],
    "f": [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
}
# How often each refuses AppendEntries until the logs agree: one by one, and with hints.
REFUSALS = {"a": (1, 1), "b": (6, 1), "c": (0, 0), "d": (0, 0), "e": (5, 2), "f": (7, 2)}


def figure_7(hints: bool = False, leads: bool = True) -> Scene:
    """All seven servers, node "leader" leading term 8, or about to campaign for it."""
    leader = {"state": "leader", "term": 8} if leads else {"term": 7}
    given = {
        "leader": {**leader, "log": LEADER},
        **{name: {"log": log} for name, log in FOLLOWERS.items()},
    }
    return Scene(["leader", *FOLLOWERS], given=given, options={"conflict_hints": hints})


@pytest.mark.parametrize("hints", [False, True], ids=["one by one", "hints"])
@pytest.mark.parametrize("follower", FOLLOWERS)
def test_refusals_until_the_logs_agree(follower: str, hints: bool) -> None:
    scene = figure_7(hints).beat("leader")
    assert scene.terms(follower)[: len(LEADER)] == LEADER
    refused = scene.sent(source=follower, type="AppendEntries", reply=True, success=False)
    assert len(refused) == REFUSALS[follower][hints]
    assert scene.sim.state("leader")["matchIndex"][follower] == len(LEADER)
    assert scene.is_safe()


def test_extra_entries_stay_until_the_leader_appends() -> None:
    """A heartbeat conflicts with nothing: c and d keep what follows the leader's last entry."""
    scene = figure_7().beat("leader").beat("leader")
    assert scene.terms("c") == FOLLOWERS["c"] and scene.terms("d") == FOLLOWERS["d"]
    scene.write("new", to="leader").settle()
    assert all(scene.terms(name) == [*LEADER, 8] for name in scene.sim.node_ids)
    lengths = {e.node: e.data["to"] - e.data["from"] + 1 for e in scene.sim.events
               if e.kind == "log_truncated" and e.data["from"] > len(LEADER)}  # fmt: skip
    assert lengths == {"c": 1, "d": 2}
    assert scene.sim.state("leader")["commitIndex"] == len(LEADER) + 1
    assert scene.is_safe()


def test_who_could_have_voted_for_the_leader() -> None:
    """a, b, e and f: with itself that makes five of seven. c has a longer log, d a later last term."""
    scene = figure_7(leads=False).do({"timeout": "leader"}, {"deliver": {"from": "leader"}})
    votes = {
        event.node: (event.data["voteGranted"], event.data["reason"])
        for event in scene.sent(type="RequestVote", reply=True)
    }
    assert [voter for voter, (granted, _) in votes.items() if granted] == ["a", "b", "e", "f"]
    assert votes["c"] == votes["d"] == (False, "refused_log_behind")
    scene.settle()
    assert scene.role("leader") == "leader" and scene.term("leader") == 8


def test_the_specification_allows_it_all() -> None:
    scene = figure_7(leads=False).elect("leader").write("new", to="leader").settle()
    assert len(list(keep(obey(trace(scene.sim.events))))) > 50
