"""Saved sessions: what was done comes back as it was, and a wrong file is told where it is wrong."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from raftviz import Simulation, lessons
from raftviz.errors import Error, SessionError
from raftviz.session import (
    Line,
    Moment,
    Session,
    digest,
    dumps,
    load,
    loads,
    replay,
    save,
)
from raftviz.session_shape import session_schema
from raftviz.sim.commands import COMMANDS

LESSONS = lessons.library()


def events(simulation: Simulation) -> list[dict[str, Any]]:
    return [event.to_json() for event in simulation.events]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_every_lesson_comes_back_event_by_event(lesson: lessons.Lesson) -> None:
    run = lessons.run(lesson)
    text = dumps(Session.of(run.simulation, lesson.title, lesson.id))
    back = loads(text)
    assert back.differs == ()
    assert (back.title, back.lesson) == (lesson.title, lesson.id)
    assert events(back.lines[0].simulation) == events(run.simulation)
    assert dumps(back) == text


def forked(seed: int) -> Session:
    """A sandbox that branches at all kinds of places: heads, the middle of occurrences, forks of forks."""
    chance = random.Random(seed)
    sim = Simulation(nodes=5, seed=seed, timers="auto", options={"pre_vote": bool(seed % 2)})
    for _ in range(60):
        sim.run_to(sim.now_us + 7_000)
    sim.do({"write": {"key": "<script>", "value": "名"}})
    for _ in range(40):
        sim.run_to(sim.now_us + 5_000)
    lines = [Line("main", "Main", sim)]
    for number in range(1, 7):
        parent = chance.choice(lines)
        last = len(parent.simulation.events)
        at = last if number == 1 else chance.randint(1, last)
        fork = parent.simulation.fork(at=at)
        inherited = fork.command_log
        for _ in range(chance.randint(0, 3)):
            fork.run_to(fork.now_us + chance.randint(0, 60_000))
        if number % 2:
            fork.do(chance.choice([{"crash": "node1"}, {"step": 25}, {"settle": True}]))
        fork.run_to(fork.now_us + 20_000)
        lines.append(Line(f"b{number}", f"What if {number}", fork, parent.id, at, inherited))
    return Session(tuple(lines), "Forks", moment=Moment("b3", 5))


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_sandbox_with_forks_comes_back(seed: int) -> None:
    session = forked(seed)
    text = dumps(session)
    back = loads(text)
    assert back.differs == ()
    assert back.moment == Moment("b3", 5)
    for old, new in zip(session.lines, back.lines, strict=True):
        assert (new.id, new.name, new.parent, new.at) == (old.id, old.name, old.parent, old.at)
        assert events(new.simulation) == events(old.simulation)
        assert digest(new.simulation) == digest(old.simulation)
    assert dumps(back) == text


def test_what_comes_back_goes_on_alike() -> None:
    session = forked(3)
    back = load(save(session))
    for old, new in zip(session.lines, back.lines, strict=True):
        for simulation in (old.simulation, new.simulation):
            simulation.run_to(simulation.now_us + 300_000)
        assert events(new.simulation) == events(old.simulation)


def test_time_that_stood_still_where_a_property_fell_stands_still_again() -> None:
    timing = {"election_timeout": [150, 155], "latency": [20, 30]}
    mistake = {"bugs": ["majority-minus-one"]}
    sim = Simulation(nodes=3, seed=1, timers="auto", timing=timing, options=mistake)
    for _ in range(100):
        sim.run_to(sim.now_us + 5_000)
    assert sim.violations
    assert any("stop" in order for order in sim.command_log)
    back = load(save(Session.of(sim)))
    assert back.differs == ()
    assert events(back.lines[0].simulation) == events(sim)


def saved() -> dict[str, Any]:
    return json.loads(dumps(forked(2)))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file["branches"][0].update(digest="0" * 32),
        lambda file: file["branches"][0].update(events=3),
        lambda file: file["cluster"].update(seed=file["cluster"]["seed"] + 1),
    ],
)
def test_something_else_than_was_saved_is_told_of(change: Callable[[Any], object]) -> None:
    file = {**saved(), "branches": saved()["branches"][:1]}
    del file["moment"]
    change(file)
    assert load(file).differs == ("main",)


def at(file: dict[str, Any], *path: Any, value: Any) -> None:
    place: Any = file
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value


WRONG: list[tuple[tuple[Any, ...], Any, str, str]] = [
    (("format",), "x", "session.format", "raftviz-session"),
    (("version",), 2, "session.version", "reads version 1"),
    (("version",), True, "session.version", "reads version 1"),
    (("zork",), 1, "session", "use one of format"),
    (("title",), 7, "session.title", "give a title"),
    (("title",), "a\u0000b", "session.title", "plain text"),
    (("cluster", "nodes"), [], "session.cluster.nodes", "1 to 9"),
    (("cluster", "nodes"), ["node1", "node1"], "session.cluster: nodes", "name each once"),
    (("cluster", "nodes"), ["<b>"], "session.cluster: nodes", "letters"),
    (("cluster", "seed"), -1, "session.cluster.seed", "whole number"),
    (("cluster", "protocol"), "paxos", "session.cluster.protocol", "raft"),
    (("cluster", "options", "zork"), 1, "session.cluster: ", "use one of"),
    (("cluster", "timing", "latency"), [30, 10], "session.cluster: timing.latency", "lowest"),
    (("cluster", "given"), {"node9": {"term": 1}}, "session.cluster: given", "node1"),
    (("branches",), [], "session.branches", "1 to 64"),
    (("branches", 0, "log", 0), {}, "session.branches[0].log[0]", "command"),
    (("branches", 0, "log", 0, "run_to"), -1, "session.branches[0].log[0].run_to", "whole number"),
    (("branches", 0, "log", 0, "run_to"), 1e9, "session.branches[0].log[0].run_to", "whole number"),
    (("branches", 0, "log", 0), {"run_to": 1, "command": {"settle": True}}, "log[0]", "either"),
    (("branches", 0, "log", 0), {"command": {"zork": 1}}, "branches[0].log[0]", "use one of"),
    (
        ("branches", 0, "log", 0),
        {"command": {"crash": "node9"}},
        "branches[0].log[0]: crash",
        "node1",
    ),
    (("branches", 0, "log", 2), {"run_to": 5}, "branches[0].log[2]: run_to", "from"),
    (("branches", 0, "events"), "many", "session.branches[0].events", "whole number"),
    (("branches", 1, "parent"), "b9", "session.branches[1].parent", "use one of main"),
    (("branches", 1, "at"), 10**6, "session.branches[1].at: fork", "from 1 to"),
    (("branches", 1, "id"), "main", "session.branches[1].id", "of its own"),
    (("branches", 0, "parent"), "b1", "session.branches[0]", "every branch but the first"),
    (("moment", "branch"), "b9", "session.moment.branch", "use one of main"),
    (("moment", "event"), 10**6, "session.moment.event", "from 0 to"),
]


@pytest.mark.parametrize(("path", "value", "where", "remedy"), WRONG)
def test_a_wrong_file_is_told_where_and_what_would_be_right(
    path: tuple[Any, ...], value: Any, where: str, remedy: str
) -> None:
    file = copy.deepcopy(saved())
    at(file, *path, value=value)
    with pytest.raises(SessionError) as error:
        load(file)
    assert where in (error.value.where or "")
    assert remedy in (error.value.remedy or "")


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", '"x"', '{"format": NaN}', "[" * 100_000, "\x00"]
)
def test_what_is_no_session_at_all_is_refused(text: str) -> None:
    with pytest.raises(SessionError):
        loads(text)


def test_a_file_may_ask_for_no_more_than_it_is_allowed() -> None:
    file = save(Session.of(Simulation(nodes=3, seed=1, timers="auto")))
    file["branches"][0]["log"] = [{"command": {"advance": 60_000}}]
    work = replay(file, max_events=500)
    with pytest.raises(SessionError, match="more events than one command may"):
        list(work)
    file["branches"][0]["log"] = [{"run_to": 10**11}]
    work = replay(file)
    written = 0
    while written < 20_000:
        piece = next(work)
        assert piece < 5_000
        written += piece


def test_a_quiet_cluster_passes_its_time_at_once() -> None:
    sim = Simulation(nodes=3, seed=1)
    sim.run_to(10**12)
    assert sum(1 for _ in replay(save(Session.of(sim)))) < 5


def test_commands_are_looked_at_before_they_are_carried_out() -> None:
    seen: list[tuple[str, str]] = []

    def check(command: dict[str, Any], where: str) -> None:
        seen.append((next(iter(command)), where))
        raise Error("not here", where=where)

    with pytest.raises(SessionError, match="not here"):
        list(replay(saved(), check))
    assert seen == [("write", "session.branches[0].log[1].command")]


def test_the_schema_knows_every_field_and_every_command() -> None:
    schema = session_schema()
    assert set(saved()) | {"lesson"} == set(schema["properties"])
    branch = schema["properties"]["branches"]["items"]
    assert set(saved()["branches"][1]) == set(branch["properties"])
    assert set(saved()["cluster"]) | {"given"} == set(schema["properties"]["cluster"]["properties"])
    named = [next(iter(one["properties"])) for one in schema["$defs"]["command"]["oneOf"]]
    assert named == list(COMMANDS)
