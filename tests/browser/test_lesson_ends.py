"""A lesson from its first click to its summary, at a desk and on a phone, and what is beside its steps."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from raftviz import lessons
from tests.browser.room import Room
from tests.server.process import Server

Open = Callable[..., Room]
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
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
    expect: {node1: {state: leader}}
  - title: Nothing more
    say: That was all.
"""


def complaints(page: Page) -> list[str]:
    """Return what the accessibility rules find on the page as it is."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def narration(room: Room) -> Any:
    """The lesson's own place: beside the stage, or, on a phone, in the sheet below it."""
    beside = room.page.get_by_role("region", name="Narration")
    return beside.or_(room.page.get_by_role("tabpanel", name="Narration"))


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", ["partition", "election", "figure-8", "prevote"])
def test_from_the_first_click_to_the_summary(open_room: Open, name: str, size: Any) -> None:
    room = open_room(f"/lesson/{name}", reduced_motion="reduce", **size)
    run = lessons.run(lessons.find(name))
    expect(narration(room).get_by_text(run.lesson.goal)).to_be_visible()
    right = 0
    for step in run.steps:
        room.expect_step(step.index + 1)
        question = step.ask or step.predict
        if question:
            place = len(question.choices) - 1
            right += question.choices[place] == question.answer
            group = room.page.get_by_role("group", name=question.question, exact=True)
            group.get_by_role("button", name=question.choices[place], exact=True).click()
            expect(narration(room).get_by_text(re.compile("^(Right|Not so)"))).to_be_visible()
        if step.index < len(run.steps) - 1:
            room.press("Next step")
    if size:
        room.page.get_by_role("tab", name="State").click()
    room.expect_lines(run.steps[-1].lines)
    if size:
        room.page.get_by_role("tab", name="Story").click()
    room.press("Summary")
    questions = sum(bool(step.ask or step.predict) for step in run.steps)
    expect(narration(room).get_by_text(f"{right} of {questions} right")).to_be_visible()
    for lead in run.lesson.follow:
        link = narration(room).get_by_role("link", name=lessons.find(lead).title, exact=True)
        expect(link).to_have_attribute("href", f"/lesson/{lead}")
    kept = json.loads(room.page.evaluate("localStorage.getItem('raftviz:progress')"))[name]
    del kept["at"]
    steps = len(run.steps)
    score = {"right": right, "asked": questions}
    assert len(kept.pop("answers")) == questions
    assert kept == {"step": steps, "of": steps, "done": True, "seen": [*range(steps)], **score}


def test_the_end_is_clean_and_leads_into_the_sandbox_and_back(open_room: Open) -> None:
    own = lessons.find("election")
    steps = lessons.run(own).steps
    room = open_room(f"/lesson/election?step={len(steps)}", reduced_motion="reduce")
    room.page.keyboard.press("Shift+ArrowRight")
    expect(narration(room).get_by_role("heading", name=f"That was: {own.title}")).to_be_visible()
    assert complaints(room.page) == []
    room.press("Back")
    room.expect_step(len(steps))
    room.press("Summary")
    left = narration(room).get_by_role("region", name="Not seen yet").get_by_role("button")
    expect(left).to_have_count(len(steps) - 1)
    left.first.click()
    room.expect_step(1)
    room.page.keyboard.press("End")
    room.press("Summary")
    expect(left).to_have_count(len(steps) - 2)
    room.press("Try it in the sandbox")
    room.wait_for("model.branch === 'b1'")
    assert room.model("seq") == steps[-1].end_seq
    expect(narration(room).get_by_role("region", name="Try it yourself")).to_be_visible()
    story = narration(room)
    heading = story.get_by_role("heading", name=steps[-1].title, exact=True)
    expect(heading).to_be_visible()
    expect(story.get_by_text("Nothing happens by itself here")).to_be_visible()
    room.do_to_node("node1", "Crash")
    expect(room.node("node1", "crashed")).to_be_visible()
    expect(heading).to_be_hidden()
    room.page.keyboard.press("Control+z")
    expect(heading).to_be_visible()
    expect(story.get_by_text(f"from step {len(steps)} on")).to_be_visible()
    room.press("Back to the lesson")
    room.expect_step(len(steps))
    room.expect_lines(steps[-1].lines)


def test_a_wrong_prediction_is_answered_on_the_stage(open_room: Open) -> None:
    run = lessons.run(lessons.find("election"))
    step = next(each for each in run.steps if each.predict)
    assert step.predict is not None
    fork = run.simulation.fork(at=step.end_seq)
    for command in step.predict.after:
        fork.do(command)
    room = open_room(f"/lesson/election?step={step.index + 1}")
    wrong = next(each for each in step.predict.choices if each != step.predict.answer)
    room.button(wrong).click()
    told = narration(room).get_by_text(
        f"What happens: {step.predict.field} becomes {step.predict.answer}."
    )
    expect(told).to_be_visible()
    room.rest()
    assert room.model("seq") == len(fork.events)
    expect(room.node("node2", f"votedFor {step.predict.answer}")).to_be_visible()
    room.press("Back to the step")
    room.expect_lines(step.lines)
    expect(told).to_be_hidden()
    room.press("Show me")
    expect(told).to_be_visible()
    room.press("Next step")
    room.expect_step(step.index + 2)
    room.rest()
    room.expect_lines(run.steps[step.index + 1].lines)
    room.page.goto(re.sub(r"\?.*", f"?step={step.index + 2}", room.page.url))
    room.expect_step(step.index + 2)
    room.press("Back")
    expect(narration(room).get_by_text(re.compile("^Not so"))).to_be_visible()


def test_who_watches_cannot_leave_the_script_but_sees_the_summary(open_room: Open) -> None:
    owner = open_room("/lesson/election?step=99", reduced_motion="reduce")
    count = len(lessons.find("election").steps)
    said = f"This lesson has {count} steps, so there is no step 99; step {count} is shown."
    expect(owner.page.get_by_text(said).first).to_be_visible()
    watcher = open_room(f"/room/{owner.model('room')}", reduced_motion="reduce")
    watcher.page.keyboard.press("End")
    watcher.press("Summary")
    expect(narration(watcher).get_by_role("heading", name="Try it yourself")).to_be_visible()
    expect(watcher.button("Try it in the sandbox")).to_have_count(0)


def test_what_an_author_expected_in_vain_is_shown(open_room: Open, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN, "utf-8")
    own = Server(port=5190, RAFTVIZ_LESSONS=str(file))
    try:
        room = open_room("/lesson/broken", url=own.url)
        expect(narration(room).get_by_text("1 expectation of this lesson")).to_be_visible()
        box = narration(room).get_by_role(
            "region", name="This step does not do what its author expected"
        )
        expect(box.get_by_role("listitem")).to_have_text(
            "broken.yaml:11 node1 state: expected leader, got candidate"
        )
        room.press("Next step")
        expect(box).to_be_hidden()
        expect(narration(room).get_by_text("1 expectation of this lesson")).to_be_visible()
    finally:
        own.stop()


def test_what_a_step_changes_can_be_predicted_anywhere(open_room: Open) -> None:
    room = open_room("/lesson/election", reduced_motion="reduce")
    room.page.keyboard.press("p")
    form = narration(room).get_by_role("region", name="Prediction")
    form.get_by_role("combobox", name="Node").select_option("node1")
    form.get_by_role("combobox", name="Field").select_option(label="state")
    form.get_by_role("combobox", name="Becomes").select_option("candidate")
    form.get_by_role("button", name="Take the step").click()
    expect(form.get_by_role("status")).to_have_text("Right!")
    form.get_by_role("button", name="node1 term: 0 → 1").click()
    expect(room.page.get_by_role("tab", name="Why?")).to_have_attribute("aria-selected", "true")
    form.get_by_role("combobox", name="Node").select_option(label="nothing changes")
    form.get_by_role("button", name="Take the step").click()
    expect(form.get_by_role("status")).to_have_text("Not so.")
    expect(form.get_by_text("1 right, 0 partly, 1 wrong")).to_be_visible()
    room.press("Predict")
    expect(form).to_be_hidden()
    room = open_room("/sandbox?nodes=3&seed=1", reduced_motion="reduce")
    room.press("Predict")
    form = narration(room).get_by_role("region", name="Prediction")
    before = room.model("last")
    form.get_by_role("button", name="Take the step").click()
    expect(form.get_by_role("status")).to_be_visible()
    assert room.model("last") > before


def test_a_talk_has_slides_for_the_hall_and_notes_for_whoever_gives_it(open_room: Open) -> None:
    own = lessons.find("prevote")
    room = open_room("/lesson/prevote", reduced_motion="reduce")
    page = room.page
    header = page.get_by_role("banner")
    page.keyboard.press("f")
    expect(header).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("heading", name=own.steps[0].title)).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("PageDown")
    room.expect_step(2)
    page.keyboard.press(".")
    expect(page.get_by_role("img", name="Blank screen")).to_be_visible()
    page.keyboard.press("PageUp")
    expect(page.get_by_role("img", name="Blank screen")).to_be_hidden()
    room.expect_step(1)
    with page.expect_popup() as opened:
        page.keyboard.press("v")
    sheet = opened.value
    words = " ".join(own.steps[0].notes.split())
    expect(sheet.get_by_text(words[:40])).to_be_visible()
    expect(sheet.get_by_text(re.compile(rf"^0:\d\d of 0:{own.steps[0].seconds}$"))).to_be_visible()
    sheet.keyboard.press("PageDown")
    room.expect_step(2)
    second = " ".join(own.steps[1].notes.split())
    expect(sheet.get_by_text(second[:40])).to_be_visible()
    expect(page.get_by_text(second[:40])).to_have_count(0)
    page.keyboard.press("Escape")
    expect(header).to_be_visible()
    room.expect_step(2)
    viewer = open_room(f"/room/{room.model('room')}")
    viewer.page.keyboard.press("v")
    expect(viewer.page.get_by_text("for whoever presents a lesson")).to_be_visible()
