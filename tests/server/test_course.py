"""What the server tells of a lesson beside its run: its ends, outcomes of predictions, notes, and a way out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from raftviz import lessons
from raftviz.server.protocol import Notes, parse
from raftviz.server.refusals import Refusal
from raftviz.server.sessions import Shelf
from raftviz.server.wire import wire_event
from tests.server.process import DEADLINE, Client, Server

BROKEN = """
id: broken
title: Broken
summary: It expects what does not come.
level: beginner
cluster: {nodes: 3, timers: manual}
steps:
  - title: Nobody leads
    say: node1 asks for votes.
    do: [{timeout: node1}]
    expect: {node1: {state: leader}, node2: {term: 0}}
next: [nowhere, elsewhere]
"""


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf()


def told(shelf: Shelf, name: str) -> dict[str, Any]:
    card: dict[str, Any] = shelf.start(name).session["lesson"]
    return card


def test_a_room_knows_the_ends_of_its_lesson(shelf: Shelf) -> None:
    card, own = told(shelf, "prevote"), lessons.find("prevote")
    assert (card["goal"], card["minutes"]) == (own.goal, own.minutes)
    assert card["recap"].startswith("<ul>") and "<strong>PreVote</strong>" in card["recap"]
    assert "<code>pre_vote</code>" in card["try"]
    assert [each["id"] for each in card["leads"]] == list(own.follow)
    assert card["leads"][0]["title"] == lessons.find(own.follow[0]).title


def test_a_lesson_that_names_none_leads_to_the_one_after_it() -> None:
    first, second = lessons.loads(BROKEN, "broken.yaml"), lessons.find("election")
    shelf = Shelf([first, second])
    assert told(shelf, "broken")["leads"] == [{"id": "election", "title": second.title}]
    assert told(shelf, "election")["leads"] == []


def test_what_an_author_expected_in_vain_is_told() -> None:
    (step,) = told(Shelf([lessons.loads(BROKEN, "broken.yaml")]), "broken")["steps"]
    (failure,) = step["failures"]
    line = 1 + next(i for i, text in enumerate(BROKEN.splitlines()) if "expect:" in text)
    assert (failure["file"], failure["line"]) == ("broken.yaml", line)
    assert {name: failure[name] for name in ("node", "field", "expected", "got")} == {
        "node": "node1",
        "field": "state",
        "expected": "leader",
        "got": "candidate",
    }


def test_an_outcome_is_what_happens_if_the_lesson_goes_on_so(shelf: Shelf) -> None:
    own = lessons.find("election")
    run = lessons.run(own)
    step = next(each for each in run.steps if each.predict)
    assert step.predict is not None
    fork = run.simulation.fork(at=step.end_seq)
    for command in step.predict.after:
        fork.do(command)
    events = [wire_event(each, lambda seq: fork.events[seq - 1]) for each in fork.events]
    found = shelf.outcome("election", step.index + 1)
    assert found["events"].decode() == events[step.end_seq :]
    assert found["now"] == fork.now_us
    assert len(shelf.start("election").branch.simulation.events) == len(run.simulation.events)


def test_an_outcome_is_there_for_each_prediction_of_the_library(shelf: Shelf) -> None:
    for own in lessons.library():
        for step in told(shelf, own.id)["steps"]:
            if step["predict"]:
                found = shelf.outcome(own.id, step["index"] + 1)
                assert found["events"].decode()[0]["seq"] == step["end"] + 1, own.id


@pytest.mark.parametrize("step", [0, 1, 99])
def test_no_outcome_without_a_prediction(shelf: Shelf, step: int) -> None:
    with pytest.raises(Refusal, match=f"step {step} of the lesson election asks for no prediction"):
        shelf.outcome("election", step)


def test_outcomes_over_http(server: Server) -> None:
    run = lessons.run(lessons.find("election"))
    step = next(each for each in run.steps if each.predict)
    address = f"{server.url}/api/lessons/election/outcome"
    answer = requests.get(f"{address}/{step.index + 1}.json", timeout=DEADLINE)
    assert answer.status_code == 200 and "max-age=60" in answer.headers["Cache-Control"]
    assert answer.json()["events"][0]["seq"] == step.end_seq + 1
    assert requests.get(f"{address}/1.json", timeout=DEADLINE).status_code == 404


def test_how_notes_are_asked_for() -> None:
    assert parse("notes", ({"language": "zh"},)) == Notes("zh")
    with pytest.raises(Refusal, match="is missing"):
        parse("notes", ({},))


def test_notes_are_for_whoever_presents_alone(join: Callable[..., Client]) -> None:
    presenter, viewer = join(), join()
    opened = presenter.open(lesson="prevote")
    assert "maintenance" not in str(opened)
    viewer.open(room=opened["room"])
    steps = presenter.must("notes", {"language": "en"})["steps"]
    assert len(steps) == len(opened["session"]["lesson"]["steps"])
    assert "maintenance" in steps[0]["html"] and steps[0]["seconds"] == 20
    assert "watching this room" in str(viewer.ask("notes", {"language": "en"}))
    chinese = presenter.must("notes", {"language": "zh"})["steps"]
    assert [each["seconds"] for each in chinese] == [each["seconds"] for each in steps]
    own = join()
    own.open(sandbox={})
    assert own.must("notes", {"language": "en"})["steps"] == []
