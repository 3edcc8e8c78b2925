"""Changes of members: one at a time, and no two majorities that could miss each other."""

from __future__ import annotations

import pytest

from tests.checks.stream import Stream, configuration, only

ONE = "One configuration change at a time"
QUORUM = "Commit by quorum"
FIVE = ["node1", "node2", "node3", "node4", "node5"]
THREE = FIVE[:3]


def leading(nodes: int = 3) -> Stream:
    """node1 leads term 1 and has committed an entry of it together with node2 and node3."""
    run = Stream(nodes)
    run.elect("node1", 1, ["node2", "node3"])
    store(run, ["node1", "node2", "node3"], 1)
    assert run.count("node1", 1) == []
    assert run.apply("node1", 1, 1) == []
    return run


def store(run: Stream, nodes: list[str], index: int, **more: object) -> None:
    """The nodes have the entry at index on their disks, as followers if they do not yet."""
    for node in nodes:
        if len(run.of(node).terms) < index:
            assert run.append(node, index, 1, **more) == []
        assert run.persist(node) == []


def test_a_server_joins_and_another_one_leaves() -> None:
    run = leading(5)
    assert run.configure("node1", 2, 1, FIVE[:4]) == []
    run.persist("node1")
    store(run, FIVE[1:3], 2, configuration=configuration(FIVE[:4]))
    assert run.count("node1", 2) == []
    assert run.configure("node1", 3, 1, FIVE[1:4]) == []


def test_a_change_before_the_last_one_is_committed() -> None:
    run = leading(3)
    run.configure("node1", 2, 1, FIVE[:4])
    first = run.seq - 1
    broken = only(run.configure("node1", 3, 1, FIVE[:5]), ONE, first, run.seq - 1)
    assert broken.message == (
        "node1 began a change of members at index 3, but the one at index 2 is not committed yet"
    )


def test_two_servers_at_once() -> None:
    run = leading()
    broken = only(run.configure("node1", 2, 1, FIVE), ONE, 1, run.seq - 1)
    assert broken.message == "node1 began a change of members at index 2 of 2 servers at once"


def test_one_server_in_the_place_of_another_is_two() -> None:
    run = leading()
    only(run.configure("node1", 2, 1, ["node1", "node2", "node4"]), ONE, 1, run.seq - 1)


def test_a_change_before_anything_of_the_term_is_committed() -> None:
    """The mistake of 2015: what an earlier leader appended may still be in force elsewhere."""
    run = leading()
    run.elect("node2", 2, ["node3"])
    elected = run.seq
    broken = only(run.configure("node2", 2, 2, THREE[:2]), ONE, elected, run.seq - 1)
    assert broken.message == (
        "node2 began a change of members at index 2 before it committed any entry of its term 2"
    )


def test_a_change_through_a_joint_configuration() -> None:
    run = leading()
    assert run.configure("node1", 2, 1, ["node4", "node5"], THREE) == []
    run.persist("node1")
    joint = configuration(["node4", "node5"], THREE)
    store(run, ["node2"], 2, configuration=joint)
    for node in ("node4", "node5"):
        run.append(node, 1, 1)
        store(run, [node], 2, configuration=joint)
    assert run.count("node1", 2) == []
    assert run.configure("node1", 3, 1, ["node4", "node5"]) == []


def test_a_joint_configuration_may_begin_before_anything_of_the_term_is_committed() -> None:
    run = leading()
    run.elect("node2", 2, ["node3"])
    assert run.configure("node2", 2, 2, ["node4"], THREE) == []


def in_joint() -> Stream:
    """A joint configuration at index 2 is committed, and so must be left."""
    run = leading()
    run.configure("node1", 2, 1, ["node1", "node4"], THREE)
    run.persist("node1")
    joint = configuration(["node1", "node4"], THREE)
    store(run, ["node2"], 2, configuration=joint)
    run.append("node4", 1, 1)
    store(run, ["node4"], 2, configuration=joint)
    assert run.count("node1", 2) == []
    return run


@pytest.mark.parametrize(
    ("members", "old", "wrong"),
    [
        (["node1", "node4"], THREE, "while two configurations were joint already"),
        (THREE, [], "to node1, node2, node3, while that to node1, node4 was under way"),
    ],
)
def test_a_joint_configuration_is_left_for_another(
    members: list[str], old: list[str], wrong: str
) -> None:
    run = in_joint()
    (broken,) = run.configure("node1", 3, 1, members, old)
    assert broken.property == ONE
    assert broken.message == f"node1 began a change of members at index 3 {wrong}"


def test_a_joint_configuration_with_other_old_members() -> None:
    run = leading()
    (broken,) = run.configure("node1", 2, 1, ["node4"], THREE[:2])
    assert broken.message.endswith(
        "with node1, node2 as the old members, who are node1, node2, node3"
    )


def test_a_joint_configuration_needs_both_majorities() -> None:
    run = leading()
    run.configure("node1", 2, 1, ["node4", "node5", "node6"], THREE)
    run.persist("node1")
    store(run, ["node2"], 2, configuration=configuration(["node4", "node5", "node6"], THREE))
    (broken,) = run.count("node1", 2)
    assert broken.property == QUORUM
    assert broken.message == (
        "node1 committed the entry at index 2, which 0 of node4, node5, node6 have on disk"
    )


def test_a_joint_configuration_needs_the_old_majority_too() -> None:
    run = leading()
    run.configure("node1", 2, 1, ["node1", "node4", "node5"], THREE)
    run.persist("node1")
    joint = configuration(["node1", "node4", "node5"], THREE)
    for node in ("node4", "node5"):
        run.append(node, 1, 1)
        store(run, [node], 2, configuration=joint)
    (broken,) = run.count("node1", 2)
    assert broken.message.endswith("which 1 of node1, node2, node3 has on disk")


def test_a_configuration_counts_from_the_moment_it_is_in_the_log() -> None:
    run = leading()
    run.configure("node1", 2, 1, FIVE[:4])
    run.persist("node1")
    store(run, ["node2"], 2, configuration=configuration(FIVE[:4]))
    (broken,) = run.count("node1", 2)
    assert (
        broken.message.endswith("which 2 of node1, node2, node3, node4 have on disk")
        and broken.property == QUORUM
    )


def test_a_leader_that_leaves_does_not_count_itself() -> None:
    run = leading()
    assert run.configure("node1", 2, 1, ["node2", "node3"]) == []
    run.persist("node1")
    store(run, ["node2"], 2, configuration=configuration(["node2", "node3"]))
    (broken,) = run.count("node1", 2)
    assert broken.property == QUORUM


def test_a_truncated_configuration_is_no_longer_in_force() -> None:
    run = leading()
    run.configure("node1", 2, 1, FIVE[:4])
    run.persist("node1")
    run.role("node1", "follower", 2)
    run.truncate("node1", 2, 2)
    data = {"index": 0, **configuration(THREE), "why": "truncated"}
    assert run.emit("configuration_changed", "node1", data) == []
    run.elect("node1", 3, ["node2"])
    run.append("node1", 2, 3)
    run.persist("node1")
    run.append("node2", 2, 3)
    run.persist("node2")
    assert run.count("node1", 2) == []


def test_a_configuration_that_was_not_on_disk_is_gone_after_a_crash() -> None:
    run = leading()
    run.configure("node1", 2, 1, FIVE[:4])
    run.crash("node1", saved=False)
    del run.of("node1").terms[1:]
    run.elect("node1", 2, ["node2"])
    store(run, ["node1", "node2"], 1)
    run.append("node1", 2, 2)
    run.append("node2", 2, 2)
    run.persist("node1")
    run.persist("node2")
    assert run.count("node1", 2) == []
    assert run.configure("node1", 3, 2, FIVE[:4]) == []


def test_a_node_obeys_another_configuration_than_its_latest() -> None:
    run = leading()
    run.configure("node1", 2, 1, FIVE[:4])
    appended = run.seq - 1
    data = {"index": 0, **configuration(THREE), "why": "truncated"}
    broken = only(run.emit("configuration_changed", "node1", data), ONE, appended, run.seq)
    assert broken.message == (
        "node1 took node1, node2, node3 for the members, "
        "but the latest in its log are node1, node2, node3, node4"
    )


def test_a_follower_appends_what_its_leader_decided() -> None:
    run = leading()
    assert run.append("node2", 2, 1, configuration=configuration(FIVE)) == []


def test_members_that_are_given_at_the_start() -> None:
    run = Stream(5)
    for node in FIVE:
        data = {"index": 0, **configuration(THREE), "why": "given"}
        assert run.emit("configuration_changed", node, data) == []
    run.elect("node1", 1, ["node2"])
    run.append("node1", 1, 1)
    run.append("node2", 1, 1)
    run.persist("node1")
    run.persist("node2")
    assert run.count("node1", 1) == []
    assert run.configure("node1", 2, 1, FIVE[:4]) == []


def test_a_wiped_disk_knows_only_who_was_there_at_the_start() -> None:
    run = Stream(5)
    data = {"index": 0, **configuration(THREE), "why": "given"}
    run.emit("configuration_changed", "node1", data)
    run.emit("crashed", "node1", {"wiped": True})
    run.elect("node1", 1, ["node2"])
    run.append("node1", 1, 1)
    run.append("node2", 1, 1)
    run.persist("node1")
    run.persist("node2")
    (broken,) = run.count("node1", 1)
    assert "2 of node1, node2, node3, node4, node5" in broken.message


def test_a_newcomer_learns_the_members_from_a_snapshot() -> None:
    run = leading()
    run.snapshot("node1", 1, 1)
    run.persist("node1")
    run.emit("node_added", "new", {})
    assert run.install("new", 1, 1) == []
    data = {"index": 1, **configuration([*THREE, "new"]), "why": "installed"}
    assert run.emit("configuration_changed", "new", data) == []
    run.elect("new", 2, THREE)
    run.append("new", 2, 2)
    run.persist("new")
    (broken,) = run.count("new", 2)
    assert broken.message.endswith("which 1 of node1, node2, node3, new has on disk")


def test_a_newcomer_decides_nothing_by_itself() -> None:
    run = Stream()
    run.emit("node_added", "new", {})
    run.elect("new", 1)
    run.append("new", 1, 1)
    run.persist("new")
    (broken,) = run.count("new", 1)
    assert broken.property == QUORUM
    assert "0 of no members" in broken.message
