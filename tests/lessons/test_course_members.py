"""The facts that the lessons on members stand for."""

from __future__ import annotations

import pytest

from raftviz.errors import CommandError
from tests.lessons.test_course import at, elected, leaders, step
from tests.lessons.test_course_promises import data

CHANGING = "changing-members"


def test_before_an_entry_of_its_own_a_leader_may_not_change_the_members() -> None:
    simulation = at(CHANGING, step(CHANGING, "May node2 begin"))
    with pytest.raises(CommandError, match="no entry of term 2 is committed yet"):
        simulation.do({"remove_node": "node1"})
    simulation.do({"option": {"noop_on_election": True}})
    simulation.do({"timeout": "node3"})
    simulation.do({"settle": True})
    simulation.do({"remove_node": "node1"})
    assert simulation.state("node3")["members"] == ["node2", "node3", "node4"]


def test_after_it_the_other_change_cannot_be_completed() -> None:
    """With all that knows of it, and whoever else it reaches."""
    simulation = at(CHANGING, step(CHANGING, "First an entry") + 1)
    simulation.do({"heal": True})
    simulation.do({"crash": "node2"})
    simulation.do({"heartbeat": "node1"})
    simulation.do({"settle": True})
    since = len(simulation.events)
    for name in ("node1", "node5") * 4:
        simulation.do({"timeout": name})
        simulation.do({"settle": True})
    assert elected(simulation, since) == []


def test_a_learner_does_not_count() -> None:
    simulation = at(CHANGING, step(CHANGING, "Does its copy"))
    for peer in ("node2", "node3"):
        simulation.do({"cut": ["node1", peer]})
    simulation.do({"write": {"key": "y", "value": 1, "to": "node1"}})
    simulation.do({"advance": 36})
    assert len(simulation.state("node4")["log"]) == 2
    assert simulation.state("node1")["commitIndex"] == 1


@pytest.mark.parametrize("sticky", [False, True])
def test_a_removed_server_deposes_the_leader_unless_nobody_listens(sticky: bool) -> None:
    simulation = at(CHANGING, step(CHANGING, "The removed server"))
    simulation.do({"heal": True})
    simulation.do({"option": {"leader_stickiness": sticky}})
    for command in ({"heartbeat": "node2"}, {"heartbeat": "node1"}, {"timeout": "node1"}):
        simulation.do(command)
        simulation.do({"settle": True})
    assert leaders(simulation) == (["node2"] if sticky else [])


def test_two_changes_at_once_make_two_clusters() -> None:
    simulation = at(CHANGING)
    assert elected(simulation)[-2:] == [("node2", 7), ("node1", 8)]
    assert simulation.state("node2")["members"] == ["node2", "node3", "node4"]
    three, five = {"node2", "node3"}, {"node1", "node4", "node5"}
    for majority, index_9 in ((three, {"x": 5}), (five, {"x": 6})):
        for name in majority:
            assert simulation.state(name)["log"][8]["set"] == index_9
    assert [e["value"] for e in data(simulation, "client_reply", outcome="ok")][-3:] == [5, 6, 5]
    assert not simulation.linearizability().ok


JOINT = "joint-consensus"


def test_while_two_configurations_are_joint_no_side_decides_alone() -> None:
    """The new members cannot lead, the old ones can, and what they elect leaves the joint entry out."""
    simulation = at(JOINT, step(JOINT, "Three of five"))
    simulation.do({"advance": 24})
    assert [len(simulation.state(n)["log"]) for n in simulation.node_ids] == [2, 1, 1, 2, 2]
    assert simulation.state("node1")["commitIndex"] == 1
    simulation.do({"crash": "node1"})
    since = len(simulation.events)
    for name in ("node4", "node5", "node4", "node2"):
        simulation.do({"timeout": name})
        simulation.do({"settle": True})
    assert elected(simulation, since) == [("node2", 2)]


def test_once_the_joint_configuration_is_committed_the_old_members_cannot_go_back() -> None:
    simulation = at(JOINT, step(JOINT, "When does node1 go"))
    simulation.do({"crash": "node1"})
    simulation.do({"drop": "all"})
    simulation.do({"partition": [["node2", "node3"], ["node4", "node5"]]})
    since = len(simulation.events)
    for name in ("node2", "node3", "node4", "node5") * 2:
        simulation.do({"timeout": name})
        simulation.do({"settle": True})
    assert elected(simulation, since) == []


def test_a_leader_that_leaves_does_not_count_itself_and_steps_down_with_the_commit() -> None:
    simulation = at(JOINT)
    (left,) = data(simulation, "role_changed", why="removed")
    (committed,) = data(simulation, "index_changed", node="node1", what="commitIndex", to=3)
    assert (left["node"], left["term"], left["time"]) == ("node1", 1, committed["time"])
    held = data(simulation, "log_appended", index=3)
    before = {event["node"] for event in held if event["seq"] < committed["seq"]}
    assert before == {"node1", "node3", "node4", "node5"}
    assert elected(simulation) == [("node1", 1), ("node3", 2)]
