"""The facts that the lesson on a frozen leader and the quiz stand for."""

from __future__ import annotations

from typing import Any

import pytest

from raftviz import lessons
from tests.lessons.test_course import LIBRARY, at, leaders, step
from tests.lessons.test_course_promises import data

FROZEN, QUIZ = "frozen-leader", "predict-it"


def test_for_a_moment_two_leaders_act_and_the_older_one_does_no_harm() -> None:
    both = at(FROZEN, step(FROZEN, "It wakes up") + 1)
    assert leaders(both) == ["node1", "node2"]
    assert not both.state("node1")["paused"]
    simulation = at(FROZEN)
    refused = data(simulation, "message_sent", type="AppendEntries", reply=True, success=False)
    assert [(e["from"], e["reason"]) for e in refused] == [
        ("node2", "stale_term"),
        ("node3", "stale_term"),
    ]
    assert data(simulation, "applied", entry={"index": 2, "term": 1, "set": {"y": 1}}) == []
    outcomes = [e["outcome"] for e in data(simulation, "client_reply", client="carol")]
    assert outcomes == ["unknown", "ok"]
    assert simulation.violations == [] and simulation.linearizability().ok


def test_a_check_of_the_quorum_does_not_help_who_stands_still() -> None:
    simulation = LIBRARY[FROZEN].start()
    simulation.do({"option": {"check_quorum": True}})
    for one in LIBRARY[FROZEN].steps[: step(FROZEN, "What a client sees")]:
        for command in one.do:
            simulation.do(command)
    simulation.do({"advance": 1000})
    assert leaders(simulation) == ["node1", "node2"]


def test_the_quiz_is_nothing_but_questions_and_these_are_its_answers() -> None:
    results = lessons.run(LIBRARY[QUIZ]).steps
    assert all(bool(one.ask) != bool(one.predict) for one in results)
    assert [one.predict.answer for one in results if one.predict] == [
        "S3",
        "[(set, x=1), (set, x=2), (set, y=5)]",
        "2",
        "2",
        "0",
        "leader",
        "open",
        "6",
        "[]",
        "follower",
        "9",
        "leader",
    ]
    places = [
        question.choices.index(question.answer)
        for one in results
        if (question := one.ask or one.predict)
    ]
    assert all(places.count(place) >= 3 for place in (0, 1, 2))


def test_the_quiz_says_whose_idea_it_was() -> None:
    lesson = LIBRARY[QUIZ]
    assert any("appendix A, CC-BY 4.0" in source for source in lesson.sources)
    assert "appendix A, CC-BY 4.0" in lesson.steps[0].say


@pytest.mark.parametrize(
    ("title", "before", "after", "node", "field", "value"),
    [
        ("On every server", {"bugs": ["commit-old-terms"]}, {}, "S3", "commitIndex", 3),
        ("The smaller side", {"check_quorum": True}, {}, "S3", "state", "follower"),
        ("Once more", {"client_sessions": True}, {}, "S4", "stateMachine", "closed"),
        ("Alone, and polite", {}, {"pre_vote": False}, "S2", "term", 8),
        ("Dismissed", {}, {"leader_stickiness": True}, "S4", "state", "leader"),
    ],
)
def test_under_other_rules_the_answer_is_another(
    title: str, before: dict[str, Any], after: dict[str, Any], node: str, field: str, value: Any
) -> None:
    """The reason that the quiz gives is the reason: change it, and something else happens."""
    where = step(QUIZ, title)
    predict = LIBRARY[QUIZ].steps[where].predict
    assert predict is not None
    simulation = LIBRARY[QUIZ].start()
    if before:
        simulation.do({"option": before})
    for one in LIBRARY[QUIZ].steps[: where + 1]:
        for command in one.do:
            simulation.do(command)
    if after:
        simulation.do({"option": after})
        simulation.do({"heartbeat": "S4"})
        simulation.do({"settle": True})
    for command in predict.after:
        simulation.do(command)
    if "check_quorum" in before:
        for _ in range(2):  # the first looks back on the time before the cut
            simulation.do({"timer": {"node": node, "name": "check_quorum"}})
    found = simulation.state(node)[field]
    assert (found["door"] if field == "stateMachine" else found) == value


#: What changes the picture of the cluster before anything else happens in it.
SURROUNDINGS = {"partition", "heal", "isolate", "cut", "option"}
#: How a question says that this is still to come.
TO_COME = {"en": ("Next, ", "Suppose "), "zh": ("接下来", "假设")}


def test_a_prediction_does_not_speak_as_if_the_links_had_changed_already() -> None:
    asked = [
        (lesson, number, one.predict)
        for lesson in LIBRARY.values()
        for number, one in enumerate(lesson.steps)
        if one.predict
        and SURROUNDINGS & {name for command in one.predict.after for name in command}
    ]
    assert asked
    for lesson, number, predict in asked:
        told = {"en": predict.question, "zh": lesson.texts["zh"].steps[number].predict.question}
        for lang, words in TO_COME.items():
            assert any(word in told[lang] for word in words), (lesson.id, number, told[lang])
