"""The lessons that raftviz ships: each holds, teaches, and says where it has it from."""

from __future__ import annotations

import importlib.resources
import re
from pathlib import Path

import pytest

from raftviz import Simulation, lessons
from raftviz.lessons import Lesson
from raftviz.lessons.loader import CHAPTERS, ORDER
from raftviz.lessons.yaml_tree import parse

LIBRARY = {lesson.id: lesson for lesson in lessons.library()}
EACH = pytest.mark.parametrize("lesson", LIBRARY.values(), ids=list(LIBRARY))


def test_the_library_has_its_lessons_in_order() -> None:
    assert tuple(LIBRARY) == ORDER
    assert ORDER[0] == "what-is-consensus"
    assert ORDER.index("election") < ORDER.index("partition")
    assert ORDER.index("partition") + 1 == ORDER.index("partition-paper")


def test_every_lesson_is_in_one_chapter() -> None:
    told = [name for chapter in CHAPTERS.values() for name in chapter]
    assert sorted(told) == sorted(set(told))
    folder = importlib.resources.files("raftviz.lessons") / "library"
    files = {file.name.split(".")[0] for file in folder.iterdir() if file.name.endswith(".yaml")}
    assert files == set(told), "name a new lesson in CHAPTERS, in lessons/loader.py"
    assert all(CHAPTERS.values())


@EACH
def test_a_lesson_leads_on_to_lessons_that_are_there(lesson: Lesson) -> None:
    assert [name for name in lesson.follow if name not in LIBRARY or name == lesson.id] == []


@EACH
def test_everything_that_a_lesson_expects_holds(lesson: Lesson) -> None:
    run = lessons.run(lesson)
    assert [str(failure) for failure in run.failures] == []
    assert run.ok


@EACH
def test_a_lesson_asks_and_lets_predict(lesson: Lesson) -> None:
    assert any(step.ask for step in lesson.steps)
    assert any(step.predict for step in lesson.steps)


@EACH
def test_every_step_that_does_something_speaks_names_its_source_and_is_held_to_it(
    lesson: Lesson,
) -> None:
    for step in lesson.steps:
        if step.ask is None and step.predict is None:
            assert step.say and step.sources and step.expect, step.title
        if step.do:
            assert step.expect, step.title


@EACH
def test_the_events_of_the_steps_follow_on_one_another(lesson: Lesson) -> None:
    run = lessons.run(lesson)
    last = 0
    for step in run.steps:
        assert step.start_seq == last
        assert step.end_seq >= last
        last = step.end_seq
    assert last == len(run.simulation.events)


@EACH
def test_live_values_are_filled_in(lesson: Lesson) -> None:
    for step in lessons.run(lesson).steps:
        assert not re.search(r"\{node\d\.", step.say + step.title)
        assert "<script" not in step.say_html
        assert step.say_html.startswith("<p>") or not step.say


@EACH
def test_narration_is_plain(lesson: Lesson) -> None:
    """Short sentences: none of more than 35 words."""
    for step in lesson.steps:
        for sentence in re.split(r"[.:;!?]\s", " ".join(step.say.split())):
            assert len(sentence.split()) <= 35, sentence


def test_messages_fly_for_their_latency() -> None:
    run = lessons.run(LIBRARY["partition"])
    sent = {}
    for event in run.simulation.events:
        if event.kind == "message_sent":
            sent[event.data["message"]] = event.time
        elif event.kind == "message_delivered":
            assert event.time - sent[event.data["message"]] >= 12_000
        elif event.kind == "message_dropped":
            assert event.data["why"] == "cut"
            assert event.time - sent[event.data["message"]] == 6_000


def test_the_same_commands_part_ways_only_where_the_rules_do() -> None:
    document, paper = LIBRARY["partition"], LIBRARY["partition-paper"]
    assert document.cluster["options"] == {"leader_stickiness": True}
    assert paper.cluster["options"] == {"leader_stickiness": False}
    assert document.cluster["seed"] == paper.cluster["seed"]
    first, second = ([c for step in one.steps for c in step.do] for one in (document, paper))
    assert first[:9] == second[:9]
    a, b = Simulation(**document.cluster), Simulation(**paper.cluster)
    for command in first[:9]:
        a.do(command)
        b.do(command)
        assert a.document_lines() == b.document_lines()
    a.do({"advance": 12})
    b.do({"advance": 12})
    assert a.state("node1")["state"] == "leader"
    assert b.state("node1")["state"] == "follower"


def test_a_prediction_leaves_the_lesson_as_it_was() -> None:
    lesson = LIBRARY["partition"]
    simulation = lesson.start()
    for step in lesson.steps:
        for command in step.do:
            simulation.do(command)
    run = lessons.run(lesson)
    assert [event.to_json() for event in simulation.events] == [
        event.to_json() for event in run.simulation.events
    ]


FILES = sorted((Path(lessons.__file__).parent / "library").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_our_own_files_are_good_yaml_to_the_strict_reader_too(file: Path) -> None:
    """They are read by the quick one, which takes some mistakes for YAML."""
    text = file.read_text("utf-8")
    strict, quick = parse(text, file.name), parse(text, file.name, trusted=True)
    assert (strict.value, strict.lines) == (quick.value, quick.lines)
