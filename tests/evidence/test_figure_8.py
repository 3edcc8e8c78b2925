"""Figure 8: why a leader does not commit entries of earlier terms by counting (§5.4.2)."""

from __future__ import annotations

import pytest

from raftviz.trace import trace
from tests.evidence.scene import Scene
from tests.trace.checker import obey
from tests.trace.laws import keep
from tests.trace.world import RejectedError

SERVERS = ["S1", "S2", "S3", "S4", "S5"]
FIRST = {"term": 1, "log": [1]}


def until_c(**options: object) -> Scene:
    """(a) S1 leads term 2 and replicates index 2 to S2; (b) S5 leads term 3 with another index 2;
    (c) S1 leads term 4 and replicates index 2 of term 2 to S3.
    """
    scene = Scene(SERVERS, given=dict.fromkeys(SERVERS, FIRST), options=options)
    # (a)
    scene.elect("S1").write("two", to="S1")
    scene.do({"deliver": {"from": "S1", "to": "S2"}}, {"crash": "S1"}, {"drop": "all"})
    assert scene.logs() == [[1, 2], [1, 2], [1], [1], [1]]
    # (b)
    scene.do({"isolate": "S2"}).elect("S5")
    assert scene.term("S5") == 3
    voters = [e.node for e in scene.sent(target="S5", type="RequestVote", voteGranted=True)]
    assert voters == ["S3", "S4"]
    scene.write("three", to="S5").do({"crash": "S5"}, {"drop": "all"})
    assert scene.logs() == [[1, 2], [1, 2], [1], [1], [1, 3]]
    # (c): what S1 tries in term 3 is refused, as S3 and S4 have voted in it.
    scene.do({"heal": True}, {"restart": "S1"}, {"timeout": "S1"}).settle()
    assert (scene.role("S1"), scene.term("S1")) == ("candidate", 3)
    scene.do({"timeout": "S1"}, {"deliver": {"from": "S1", "reply": False}})
    scene.do({"deliver": {"to": "S1", "reply": True}})
    assert (scene.role("S1"), scene.term("S1")) == ("leader", 4)
    for peer in ("S2", "S3"):
        replicate(scene, peer)
    assert scene.logs() == [[1, 2], [1, 2], [1, 2], [1], [1, 3]]
    return scene


def replicate(scene: Scene, peer: str) -> None:
    """S1's AppendEntries and their answers go back and forth between it and one follower."""
    there, back = {"from": "S1", "to": peer}, {"from": peer, "to": "S1"}
    while scene.terms(peer)[: len(scene.terms("S1"))] != scene.terms("S1"):
        scene.do({"deliver": there}, {"deliver": back})
    if any(m["from"] == "S1" and m["to"] == peer for m in scene.sim.view()["messages"].values()):
        scene.do({"deliver": there}, {"deliver": back})


def overwritten(scene: Scene) -> Scene:
    """(d) S1 crashes, and S5 leads term 5 with the votes of S2, S3 and S4."""
    scene.do({"drop": "all"}, {"crash": "S1"}, {"restart": "S5"}, {"timeout": "S5"}).settle()
    if scene.role("S5") != "leader":  # what it tried in term 4 was refused
        scene.elect("S5")
    return scene


def test_c_an_older_entry_on_a_majority_is_not_committed() -> None:
    scene = until_c()
    assert scene.sim.state("S1")["matchIndex"]["S2"] == 2
    assert scene.sim.state("S1")["matchIndex"]["S3"] == 2
    assert scene.committed() == [0, 0, 0, 0, 0]
    assert scene.is_safe()


def test_d_it_may_still_be_overwritten() -> None:
    scene = overwritten(until_c())
    assert (scene.leaders(), scene.term("S5")) == (["S5"], 5)
    assert scene.logs()[1:] == [[1, 3], [1, 3], [1, 3], [1, 3]]
    scene.do({"restart": "S1"}).write("five", to="S5").settle().beat("S5")
    assert scene.logs() == [[1, 3, 5]] * 5
    assert scene.committed() == [3] * 5 and scene.is_safe()
    assert len(list(keep(obey(trace(scene.sim.events))))) > 50


def test_e_an_entry_of_the_current_term_commits_it() -> None:
    scene = until_c().do({"drop": "all"}).write("four", to="S1")
    for peer in ("S2", "S3"):
        replicate(scene, peer)
    assert scene.committed() == [3, 0, 0, 0, 0], "with it all that is below"
    scene.do({"drop": "all"}, {"crash": "S1"}, {"restart": "S5"})
    for _ in range(3):  # S5 cannot win: a majority has a later last term
        scene.do({"timeout": "S5"}).settle()
        assert scene.role("S5") == "candidate"
    scene.elect("S2").write("more", to="S2").settle().do({"restart": "S1"}).beat("S2").beat("S2")
    terms = scene.terms("S2")
    assert terms[:3] == [1, 2, 4] and scene.logs() == [terms] * 5
    assert scene.committed() == [4] * 5 and scene.is_safe()
    assert len(list(keep(obey(trace(scene.sim.events))))) > 50


def test_with_the_mistake_of_counting_older_terms_safety_falls_at_d() -> None:
    scene = until_c(bugs=["commit-old-terms"])
    assert scene.committed()[0] == 2
    with pytest.raises(RejectedError) as caught:
        list(obey(trace(scene.sim.events)))
    assert caught.value.law == "AdvanceCommitIndex: the entry is of the current term"
    assert not {"Leader Completeness", "State Machine Safety"} & fallen(scene)
    overwritten(scene)
    assert "Leader Completeness" in fallen(scene)
    scene.do({"restart": "S1"}).write("five", to="S5").settle()
    assert "State Machine Safety" in fallen(scene)
    with pytest.raises(RejectedError) as caught:
        list(keep(trace(scene.sim.events)))
    assert caught.value.law == "Leader Completeness"


def fallen(scene: Scene) -> set[str]:
    """The properties that the checks have seen fall."""
    return {event.data["property"] for event in scene.sim.violations}
