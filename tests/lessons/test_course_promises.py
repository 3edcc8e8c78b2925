"""The facts that the lessons on clients, disks, messages and handing over stand for."""

from __future__ import annotations

from typing import Any

import pytest

from raftviz import Simulation
from tests.lessons.test_course import LIBRARY, applied, at, elected, leaders, step


def data(simulation: Simulation, kind: str, **wanted: Any) -> list[dict[str, Any]]:
    """The events of a kind with these fields, as the wire shows them."""
    events = [event.to_json() for event in simulation.events if event.kind == kind]
    flat = [{**event["data"], **event} for event in events]
    return [event for event in flat if all(event.get(k) == v for k, v in wanted.items())]


def without_mistakes(name: str) -> Simulation:
    """The run of a lesson by right rules: with everything but what turns mistakes on."""
    simulation = LIBRARY[name].start()
    for one in LIBRARY[name].steps:
        for command in one.do:
            if "bugs" not in command.get("option", {}):
                simulation.do(command)
    return simulation


def openings(simulation: Simulation, node: str) -> list[dict[str, Any]]:
    """How often a node opened the door: what it applied and did not leave out as known."""
    opened = data(simulation, "applied", node=node)
    return [
        event
        for event in opened
        if event["entry"].get("set") == {"door": "open"} and not event.get("duplicate")
    ]


def test_a_command_that_is_sent_again_is_executed_twice_without_sessions_and_once_with() -> None:
    twice = at("the-client", step("the-client", "Commands get numbers"))
    assert len(openings(twice, "node3")) == 2
    assert len(data(twice, "client_request", client="ann", serial=2)) == 2
    once = at("the-client", step("the-client", "Twice in the log"))
    assert len(openings(once, "node3")) == 3
    assert len(data(once, "client_request", client="ann", serial=4)) == 2
    assert once.state("node3")["stateMachine"] == {"door": "closed"}
    assert len(once.state("node3")["log"]) == 10, "what is known is not appended again"
    again = at("the-client")
    assert len(openings(again, "node3")) == 2 * 3 + 1, "all again after its restart, and one new"
    assert len(again.state("node3")["log"]) == 13


def test_with_sessions_from_the_start_the_client_breaks_nothing() -> None:
    simulation = LIBRARY["the-client"].start()
    simulation.do({"option": {"client_sessions": True}})
    for one in LIBRARY["the-client"].steps:
        for command in one.do:
            simulation.do(command)
    assert simulation.violations == []
    assert simulation.linearizability().ok


def read(simulation: Simulation, node: str, mode: str = "linearizable") -> tuple[Any, Any] | None:
    """What a new reader of the seats is told by a node, and why it may say so; None for nothing."""
    simulation.do({"read": {"key": "seats", "to": node, "client": "zoe", "mode": mode}})
    simulation.do({"settle": True})
    answers = data(simulation, "client_reply", client="zoe", outcome="ok")
    return (answers[-1]["value"], answers[-1]["why"]) if answers else None


def test_the_deposed_leader_answers_only_who_asks_for_any_value() -> None:
    where = step("stale-reads", "May node1 answer")
    assert read(at("stale-reads", where), "node1", "local") == (1, "local")
    assert read(at("stale-reads", where), "node1") is None
    assert read(at("stale-reads", where), "node2") == (0, "read_index")


def test_a_new_leader_reads_the_new_value_though_it_holds_the_old_one() -> None:
    simulation = at("stale-reads", step("stale-reads", "The first read") + 1)
    assert leaders(simulation) == ["node3"]
    assert simulation.state("node3")["stateMachine"] == {"seats": 0}
    assert read(simulation, "node3") == (1, "read_index")


@pytest.mark.parametrize(("slow", "seen"), [(False, None), (True, (1, "lease"))])
def test_a_lease_is_as_good_as_the_clock_of_its_holder(slow: bool, seen: Any) -> None:
    """The seat is sold by then."""
    where = step("stale-reads", "A clock that is too slow")
    simulation = at("stale-reads", where)
    for command in LIBRARY["stale-reads"].steps[where].do[:-1]:
        if slow or "clock" not in command:
            simulation.do(command)
    assert simulation.state("node1")["stateMachine"] == {"seats": 0}
    assert bool(simulation.violations) == slow
    assert read(simulation, "node2", "lease") == seen


def test_a_forgotten_vote_makes_two_leaders_of_one_term_and_two_values_at_one_index() -> None:
    simulation = at("lost-vote")
    assert elected(simulation) == [("node1", 1), ("node1", 2), ("node3", 2), ("node2", 3)]
    third = {event["node"]: event["entry"] for event in data(simulation, "applied", index=3)}
    assert {entry["term"] for entry in third.values()} == {2}
    assert third["node1"]["set"] == third["node2"]["set"] == {"x": 1}
    assert third["node3"]["set"] == {"x": 2}
    assert data(simulation, "log_truncated") == []


def test_a_vote_on_the_disk_is_not_given_again() -> None:
    simulation = without_mistakes("lost-vote")
    assert elected(simulation) == [("node1", 1), ("node1", 2), ("node2", 3)]
    refused = data(simulation, "voted", node="node2", granted=False)
    assert {event["why"] for event in refused} == {"refused_already_voted"}
    assert simulation.violations == []


def test_a_late_message_takes_nothing_back_unless_a_follower_always_truncates() -> None:
    where = step("reordered-appends", "But node1 crashes")
    simulation = at("reordered-appends", where)
    assert simulation.state("node1")["commitIndex"] == 4
    assert len(simulation.state("node2")["log"]) == 3
    (cut,) = data(simulation, "log_truncated")
    assert (cut["node"], cut["from"], cut["to"]) == ("node2", 3, 4)
    right = without_mistakes("reordered-appends")
    replies = data(right, "message_sent", type="AppendEntries", reply=True, **{"from": "node2"})
    matched = [event["matchIndex"] for event in replies if event["success"]]
    assert matched[1:3] == [2, 1], "the older message is the later one"
    assert data(right, "log_truncated") == []
    assert [e["set"] for e in right.state("node2")["log"]][3] == {"pears": 8}
    assert right.violations == [] and right.linearizability().ok


def test_a_snapshot_replaces_a_log_that_went_another_way_and_a_late_copy_nothing() -> None:
    simulation = at("snapshots", step("snapshots", "Each for itself"))
    installed = data(simulation, "snapshot_installed")
    assert [(e["node"], e["index"], e["term"], e["kept"]) for e in installed] == [
        ("node3", 5, 2, 0)
    ]
    arrived = data(simulation, "message_delivered", type="InstallSnapshot", reply=False)
    assert [event["to"] for event in arrived] == ["node3", "node3"]
    assert arrived[0]["time"] < arrived[1]["time"]
    assert simulation.state("node3")["stateMachine"] == {"score": 6}
    assert ("score", 98) not in applied(simulation)
    assert [event["index"] for event in data(simulation, "applied", node="node3")] == [1, 2, 3, 6]


def test_a_log_that_is_all_snapshot_is_as_up_to_date_as_its_end() -> None:
    simulation = at("snapshots")
    simulation.do({"option": {"snapshot_threshold": 9}})
    simulation.do({"write": {"key": "score", "value": 9, "client": "ann"}})
    simulation.do({"settle": True})
    simulation.do({"heartbeat": "node1"})
    simulation.do({"settle": True})
    simulation.do({"snapshot": "node3"})
    assert simulation.state("node3")["log"] == []
    assert simulation.state("node2")["log"] != [], "an entry is compared with a snapshot's end"
    simulation.do({"crash": "node1"})
    simulation.do({"timeout": "node3"})
    simulation.do({"settle": True})
    assert leaders(simulation) == ["node3"]


def test_the_word_to_take_over_is_sent_only_when_the_logs_are_equal() -> None:
    simulation = at("leadership-transfer")
    words = data(simulation, "message_sent", type="TimeoutNow")
    assert [(word["from"], word["to"], word["term"]) for word in words] == [
        ("node1", "node3", 1),
        ("node3", "node2", 2),
    ]
    (caught_up,) = data(simulation, "log_appended", node="node3", index=3)
    assert caught_up["seq"] < words[0]["seq"]
    assert elected(simulation) == [("node1", 1), ("node3", 2), ("node2", 3)]
    (leads,) = data(simulation, "role_changed", node="node3", to="leader")
    assert (leads["time"] - words[0]["time"]) / 1000 == 36
    assert simulation.linearizability().ok


def test_a_part_of_what_is_missing_is_not_enough_to_take_over() -> None:
    simulation = at("leadership-transfer", step("leadership-transfer", "First, no more"))
    simulation.do({"option": {"max_entries_per_append": 1}})
    simulation.do({"transfer": {"to": "node3"}})
    simulation.do({"advance": 24})
    assert len(simulation.state("node3")["log"]) == 2
    assert data(simulation, "message_sent", type="TimeoutNow") == []
    simulation.do({"advance": 24})
    assert len(data(simulation, "message_sent", type="TimeoutNow")) == 1


def test_whoever_is_told_too_early_wins_nothing_and_costs_the_leader_its_office() -> None:
    where = step("leadership-transfer", "Why not at once")
    simulation = at("leadership-transfer", where)
    predict = LIBRARY["leadership-transfer"].steps[where].predict
    assert predict is not None
    for command in (*predict.after, {"settle": True}):
        simulation.do(command)
    votes = data(simulation, "voted", granted=False, term=2)
    assert {(v["node"], v["why"]) for v in votes} == {
        ("node1", "refused_log_behind"),
        ("node2", "refused_log_behind"),
    }
    assert leaders(simulation) == []
    assert simulation.violations == []
