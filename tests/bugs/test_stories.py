"""Each deliberate mistake has a story in which the promise falls that it is said to break.

A story is a lesson. Its steps expect, by event, whatever falls and the two facts that contradict
each other; the same commands without the mistake break nothing.
"""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from raftviz import Error, Simulation
from raftviz.lessons import expect, loader, runner
from raftviz.lessons.model import Lesson, Run
from raftviz.raft.bugs import BUGS
from raftviz.sim.events import Event

HERE = pathlib.Path(__file__).parent
STORIES = sorted(path.stem for path in HERE.glob("*.yaml"))
HARM = (
    "Election Safety",
    "Leader Append-Only",
    "Log Matching",
    "Leader Completeness",
    "State Machine Safety",
    "Linearizability",
)
"""What must not happen, come what may: Figure 3, and what clients see. Laws of a single server
tell earlier that something is wrong."""

Contradict = Callable[[dict[str, Any], dict[str, Any]], bool]

CONTRADICT: dict[str, Contradict] = {
    "Election Safety": lambda one, other: (
        one["kind"] == other["kind"] == "role_changed"
        and one["to"] == other["to"] == "leader"
        and one["term"] == other["term"]
        and one["node"] != other["node"]
    ),
    "Leader Completeness": lambda one, other: (
        one["kind"] == "index_changed"
        and one["what"] == "commitIndex"
        and other["kind"] == "role_changed"
        and other["to"] == "leader"
    ),
    "Leader Append-Only": lambda one, other: (
        one["kind"] == "role_changed"
        and one["to"] == "leader"
        and other["kind"] == "log_truncated"
        and one["node"] == other["node"]
    ),
    "Log Matching": lambda one, other: (
        one["kind"] == other["kind"] == "log_appended"
        and (one["index"], one["term"]) == (other["index"], other["term"])
        and one["node"] != other["node"]
    ),
    "State Machine Safety": lambda one, other: (
        other["kind"] == "applied"
        and one["node"] != other["node"]
        and (
            (one["kind"] == "applied" and one["index"] == other["index"])
            or (one["kind"] == "index_changed" and one["to"] >= other["index"])
        )
    ),
    "Linearizability": lambda one, other: (
        one["kind"] == other["kind"] == "client_reply"
        and one["outcome"] == other["outcome"] == "ok"
        and one["value"] != other["value"]
    ),
}
"""How two events contradict each other, for each promise that a mistake breaks."""


def story(name: str) -> Lesson:
    return loader.load(HERE / f"{name}.yaml")


@functools.cache
def told(name: str) -> Run:
    return runner.run(story(name))


def flat(event: Event) -> dict[str, Any]:
    body = event.to_json()
    return {**body["data"], **body}


def stated(run: Run, seq: int) -> bool:
    """Whether the step in which an event happened expects it, and means no event before it; the
    start needs no mention.
    """
    if seq == 1:
        return True
    for step, result in zip(run.lesson.steps, run.steps, strict=True):
        if result.start_seq < seq <= result.end_seq:
            wanted = step.expect.get("event", [])
            events = [flat(each) for each in run.simulation.events[result.start_seq : seq]]
            return any(
                [event["seq"] for event in events if expect.partial(each, event)] == [seq]
                for each in (wanted if isinstance(wanted, list) else [wanted])
            )
    return False


def without_the_mistake(lesson: Lesson) -> tuple[Simulation, int]:
    """The same commands for a right algorithm, and how many of them it could not carry out: those
    are left out.
    """
    options = {k: v for k, v in lesson.cluster["options"].items() if k != "bugs"}
    sim = Simulation(**{**lesson.cluster, "options": options})
    left_out = 0
    for step in lesson.steps:
        for command in step.do:
            try:
                sim.do(command)
            except Error:
                left_out += 1
    return sim, left_out


def test_every_mistake_has_a_story_and_every_story_a_mistake():
    assert sorted(BUGS) == STORIES
    for name in STORIES:
        assert (story(name).id, story(name).cluster["options"]["bugs"]) == (name, [name])


@pytest.mark.parametrize("name", STORIES)
def test_the_story_goes_as_it_is_told(name):
    assert [str(failure) for failure in told(name).failures] == []


@pytest.mark.parametrize("name", STORIES)
def test_what_does_harm_first_is_what_the_mistake_is_said_to_break(name):
    fallen = [event.data["property"] for event in told(name).simulation.violations]
    assert next(each for each in fallen if each in HARM) == BUGS[name][0]


@pytest.mark.parametrize("name", STORIES)
def test_what_falls_and_the_two_facts_are_events_that_the_story_states(name):
    run = told(name)
    seen: dict[str, None] = {}
    for event in run.simulation.violations:
        promise = event.data["property"]
        if promise not in seen:
            assert stated(run, event.seq), event
            for fact in event.data["facts"]:
                assert stated(run, fact), (promise, run.simulation.events[fact - 1])
        seen[promise] = None


@pytest.mark.parametrize("name", STORIES)
def test_the_two_facts_contradict_each_other(name):
    sim = told(name).simulation
    for event in sim.violations:
        promise = event.data["property"]
        if promise in HARM:
            one, other = (flat(sim.events[fact - 1]) for fact in event.data["facts"])
            assert CONTRADICT[promise](one, other), (one, other)
            assert one["seq"] < other["seq"]
            cause = flat(sim.events[event.cause - 1])
            assert cause == other or (cause["kind"], cause["ok"]) == ("checked", False)


@pytest.mark.parametrize("name", STORIES)
def test_the_story_ends_with_the_harm_done(name):
    """The last step tells of the event by which a promise falls."""
    last = story(name).steps[-1].expect["event"]
    fell = [each for each in last if each["kind"] == "invariant_violated"]
    assert any(each["property"] in HARM for each in fell)


@pytest.mark.parametrize("name", STORIES)
def test_without_the_mistake_nothing_falls(name):
    lesson = story(name)
    sim, left_out = without_the_mistake(lesson)
    assert [event.data for event in sim.violations] == []
    commands = sum(len(step.do) for step in lesson.steps)
    assert left_out <= commands // 4, "the story is about the same run"
    again, _ = without_the_mistake(lesson)
    assert [e.to_json() for e in again.events] == [e.to_json() for e in sim.events]
