"""The facts that the lessons on clients, disks, messages and handing over stand for."""

from __future__ import annotations

from typing import Any

from raftviz import Simulation
from tests.lessons.test_course import LIBRARY, at, step


def data(simulation: Simulation, kind: str, **wanted: Any) -> list[dict[str, Any]]:
    """The events of a kind with these fields, as the wire shows them."""
    events = [event.to_json() for event in simulation.events if event.kind == kind]
    flat = [{**event["data"], **event} for event in events]
    return [event for event in flat if all(event.get(k) == v for k, v in wanted.items())]


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


def test_with_sessions_from_the_start_the_client_breaks_nothing() -> None:
    simulation = LIBRARY["the-client"].start()
    simulation.do({"option": {"client_sessions": True}})
    for one in LIBRARY["the-client"].steps:
        for command in one.do:
            simulation.do(command)
    assert simulation.violations == []
    assert simulation.linearizability().ok
