"""The lessons as a course: what every one of them has, and the fact that each stands for."""

from __future__ import annotations

import pytest

from raftviz import Simulation, lessons
from raftviz.lessons import Lesson
from raftviz.lessons.loader import ORDER

LIBRARY = {lesson.id: lesson for lesson in lessons.library()}
EACH = pytest.mark.parametrize("lesson", LIBRARY.values(), ids=list(LIBRARY))
LONGER = {"partition"}
"""It tells all of the document's second scenario, so it has more steps than a lesson should."""

BREAKS = {
    "changing-members",
    "figure-8",
    "the-client",
    "stale-reads",
    "lost-vote",
    "reordered-appends",
}
"""Lessons in which a promise falls, because they show the mistake that it guards against."""


def at(name: str, steps: int | None = None) -> Simulation:
    """The cluster of a lesson after so many of its steps; after all of them if not given."""
    lesson = LIBRARY[name]
    simulation = lesson.start()
    for step in lesson.steps[:steps]:
        for command in step.do:
            simulation.do(command)
    return simulation


def step(name: str, title: str) -> int:
    """How many steps there are before the one whose title begins so."""
    (found,) = [i for i, one in enumerate(LIBRARY[name].steps) if one.title.startswith(title)]
    return found


def leaders(simulation: Simulation) -> list[str]:
    return [name for name in simulation.node_ids if simulation.state(name)["state"] == "leader"]


def elected(simulation: Simulation, since: int = 0) -> list[tuple[str, int]]:
    """Who became leader, and of which term, after the event `since`."""
    return [
        (str(event.node), event.data["term"])
        for event in simulation.events[since:]
        if event.kind == "role_changed" and event.data["to"] == "leader"
    ]


def applied(simulation: Simulation) -> set[tuple[str, object]]:
    """Every key and value that some node applied."""
    return {
        item
        for event in simulation.events
        if event.kind == "applied"
        for item in event.to_json()["data"]["entry"].get("set", {}).items()
    }


@EACH
def test_a_lesson_says_what_it_is_for_and_where_it_leads(lesson: Lesson) -> None:
    assert lesson.goal.startswith("You can ")
    assert lesson.minutes is not None and 5 <= lesson.minutes <= 20
    assert 3 <= lesson.recap.count("\n- ") + 1 <= 5
    assert lesson.try_it.count("\n- ") + 1 >= 3
    assert 1 <= len(lesson.follow) <= 3


@EACH
def test_a_lesson_is_of_a_length_that_one_can_follow(lesson: Lesson) -> None:
    assert 6 <= len(lesson.steps) <= (22 if lesson.id in LONGER else 15)
    assert sum(bool(one.ask) + bool(one.predict) for one in lesson.steps) >= 2


@EACH
def test_whoever_presents_a_lesson_has_notes_and_a_clock(lesson: Lesson) -> None:
    assert all(one.seconds for one in lesson.steps)
    assert sum(bool(one.notes) for one in lesson.steps) > len(lesson.steps) / 2
    seconds = sum(one.seconds or 0 for one in lesson.steps)
    assert lesson.minutes is not None and seconds <= lesson.minutes * 60


@EACH
def test_the_last_step_asserts_every_node(lesson: Lesson) -> None:
    run = lessons.run(lesson)
    assert set(run.simulation.node_ids) <= set(lesson.steps[-1].expect)


def test_one_can_get_to_every_lesson_from_the_first() -> None:
    reached, ahead = set(), [ORDER[0]]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += LIBRARY[name].follow
    assert reached == set(ORDER)


def test_every_lesson_leads_on_and_the_quiz_comes_last() -> None:
    """Whoever follows `next` gets further in the library's order, up to its end."""
    assert ORDER[-1] == "predict-it"
    for place, name in enumerate(ORDER[:-1]):
        assert any(ORDER.index(after) > place for after in LIBRARY[name].follow), name


def test_no_clean_lesson_breaks_a_property() -> None:
    broken = {name: at(name).violations for name in LIBRARY}
    assert {name for name, found in broken.items() if found} == BREAKS


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("what-is-consensus", [("x", 2)]),
        ("leader-crash", [("y", 7)]),
        ("two-sides", [("x", 2), ("y", 2)]),
    ],
)
def test_what_rolls_back_was_applied_nowhere(name: str, lost: list[tuple[str, object]]) -> None:
    done = applied(at(name))
    assert done and not done & set(lost)


def test_a_split_vote_needs_the_longer_way() -> None:
    """Without it node4 hears node1 first, like node3, and node1 has three votes."""
    simulation = LIBRARY["split-vote"].start()
    simulation.do({"timeout": "node1"})
    simulation.do({"timeout": "node2"})
    simulation.do({"settle": True})
    assert elected(simulation) == [("node1", 1)]
    assert elected(at("split-vote")) == [("node2", 3)]


def test_in_the_crash_nobody_without_the_entry_could_have_led() -> None:
    simulation = at("leader-crash", step("leader-crash", "Nobody leads"))
    for _ in range(5):
        simulation.do({"timeout": "node3"})
        simulation.do({"settle": True})
    assert leaders(simulation) == []


def test_the_times_that_the_lesson_on_timers_tells() -> None:
    simulation = at("timers")
    times = {
        (event.node, event.data["to"]): event.time / 1000
        for event in reversed(simulation.events)
        if event.kind == "role_changed"
    }
    assert round(times["node2", "candidate"]) == 221
    (crash,) = [event.time / 1000 for event in simulation.events if event.kind == "crashed"]
    assert round(times["node1", "candidate"] - crash) == 202
    assert round(times["node1", "leader"] - crash) == 226
    slow, fast = (step("timers", title) for title in ("The network slows", "Fast again"))
    before = len(at("timers", slow).events)
    assert elected(at("timers", fast), before) == []
    assert 100 < (times["node3", "leader"] * 1000 - at("timers", fast).now_us) / 1000 < 125


def test_figure_7_refusals_and_votes() -> None:
    simulation = at("log-repair")
    refused = dict.fromkeys("abcdef", 0)
    for event in simulation.events:
        view = event.to_json()
        if view["kind"] == "message_sent" and view["data"].get("reply"):
            data = view["data"]
            if data["type"] == "AppendEntries" and not data["success"]:
                refused[data["from"]] += 1
    assert refused == {"a": 1, "b": 6, "c": 0, "d": 0, "e": 5, "f": 7}
    votes = [
        event.node for event in simulation.events if event.kind == "voted" and event.data["granted"]
    ]
    assert votes == ["L", "a", "b", "e", "f"]


def test_figure_8_ends_as_d_without_breaking_a_promise() -> None:
    """The fork that the lesson asks about: legal, and S5 overwrites what a majority held."""
    where = step("figure-8", "(d) What if")
    simulation = at("figure-8", where)
    predict = LIBRARY["figure-8"].steps[where].predict
    assert predict is not None
    held = [
        n for n in simulation.node_ids if [e["term"] for e in simulation.state(n)["log"]] == [1, 2]
    ]
    assert held == ["S1", "S2", "S3"]
    for command in predict.after:
        simulation.do(command)
    assert leaders(simulation) == ["S5"]
    for name in ("S2", "S3", "S4", "S5"):
        assert [entry["term"] for entry in simulation.state(name)["log"]] == [1, 3]
    assert simulation.violations == []


def test_figure_8_breaks_nothing_without_the_mistake() -> None:
    lesson = LIBRARY["figure-8"]
    simulation = lesson.start()
    for one in lesson.steps:
        for command in one.do:
            if "option" not in command:
                simulation.do(command)
    assert elected(simulation) == elected(at("figure-8"))
    assert simulation.violations == []


@pytest.mark.parametrize("checks", [False, True])
def test_a_deaf_leader_blocks_the_cluster_unless_it_checks(checks: bool) -> None:
    simulation = Simulation(3, seed=9, timers="auto", options={"check_quorum": checks})
    simulation.do({"run_until": {"leader": True}})
    simulation.do({"advance": 200})
    (leader,) = leaders(simulation)
    for name in simulation.node_ids:
        if name != leader:
            simulation.do({"cut": {"from": name, "to": leader}})
    since = len(simulation.events)
    simulation.do({"advance": 3000})
    assert bool(elected(simulation, since)) == checks
    assert (leader not in leaders(simulation)) == checks


def test_quorum_loss_ends_well_by_figure_2_alone() -> None:
    simulation = at("partial-connectivity", 2)
    simulation.do({"option": {"pre_vote": False, "check_quorum": False}})
    for command in ({"timeout": "B"}, {"heartbeat": "C"}, {"timeout": "A"}):
        simulation.do(command)
        simulation.do({"settle": True})
    assert leaders(simulation) == ["A"]


@pytest.mark.parametrize("asks_first", [False, True])
def test_in_a_constrained_election_nobody_can_win(asks_first: bool) -> None:
    simulation = at("partial-connectivity", step("partial-connectivity", "Nobody can lead"))
    simulation.do({"option": {"pre_vote": asks_first}})
    since = len(simulation.events)
    for name in "ABDEDBAEEBDAABED":
        simulation.do({"advance": 200})
        simulation.do({"timeout": name})
        simulation.do({"settle": True})
    assert elected(simulation, since) == []
    assert simulation.violations == []


def test_the_two_sides_of_the_switch_take_turns_until_prevote() -> None:
    lesson = "half-dead-switch"
    turns = elected(at(lesson, step(lesson, "Who would bring peace")))
    assert turns == [("node3" if term % 2 else "node1", term) for term in range(1, 11)]
    assert elected(at(lesson)) == turns
