"""The document, as a person walks through it in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from raftviz import lessons
from tests.browser.room import Room
from tests.lessons.test_document import document_lines, missing

Open = Callable[..., Room]
STEPS = lessons.run(lessons.find("partition")).steps


def test_the_partition_from_the_first_step_to_the_last(open_room: Open) -> None:
    room = open_room("/lesson/partition", reduced_motion="reduce")
    seen: list[str] = []
    for step in STEPS:
        room.expect_step(step.index + 1)
        expect(room.page.get_by_role("heading", name=step.title, exact=True)).to_be_visible()
        room.expect_lines(step.lines)
        seen += room.lines()
        if step.index < len(STEPS) - 1:
            room.press("Next step")
    assert missing(document_lines(), iter(seen)) == []


def test_next_in_motion_ends_where_the_step_ends(open_room: Open) -> None:
    room = open_room("/lesson/partition")
    for step in STEPS[:4]:
        room.expect_step(step.index + 1)
        room.rest()
        room.expect_lines(step.lines)
        room.press("Next step")


def test_messages_move_while_a_step_plays(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=2")
    room.speed(0)
    room.press("Next step")
    room.wait_for("model.flights.some(flight => flight.fraction > 0.1)")
    early = room.model("flights[0].fraction")
    dot = room.page.locator(f"[data-message='{room.model('flights[0].id')}']")
    before = dot.bounding_box()
    assert before is not None
    room.wait_for(f"!model.flights[0] || model.flights[0].fraction > {early} + 0.2")
    after = dot.bounding_box()
    assert after is None or abs(after["x"] - before["x"]) + abs(after["y"] - before["y"]) > 10


def test_back_returns_to_each_step(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=7")
    room.expect_step(7)
    for step in reversed(STEPS[:6]):
        room.press("Back")
        room.expect_step(step.index + 1)
        room.expect_lines(step.lines)
    expect(room.button("Back")).to_be_disabled()


def test_the_time_line_goes_to_any_point_and_the_narration_with_it(open_room: Open) -> None:
    room = open_room("/lesson/partition")
    room.seek(0.999)
    room.expect_step(len(STEPS))
    room.seek(0.3)
    middle = room.model("step")
    assert 0 < middle < len(STEPS) - 1
    room.page.keyboard.press("Home")
    room.expect_step(1)
    room.expect_lines(STEPS[0].lines)


def test_play_reads_on_by_itself_until_a_question(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=4")
    room.speed(9)
    room.press("Play")
    expect(room.button("Pause")).to_be_visible()
    room.expect_step(5)
    room.press("Pause")
    expect(room.button("Play")).to_be_visible()
    step = room.model("step")
    room.page.wait_for_timeout(300)
    assert room.model("step") == step


def test_play_tells_what_it_waits_for(open_room: Open) -> None:
    asking = next(step for step in STEPS if step.predict or step.ask)
    room = open_room(f"/lesson/partition?step={asking.index}", reduced_motion="reduce")
    room.press("Play")
    expect(room.page.get_by_text("Answer, or choose Next step, to go on")).to_be_visible()
    room.press("Next step")
    expect(room.page.get_by_text("Answer, or choose Next step, to go on")).to_be_hidden()
    room.press("Play")
    expect(room.page.get_by_text("Next step in a moment")).to_be_visible()
    room.press("Pause")
    expect(room.page.get_by_text("Next step in a moment")).to_be_hidden()


def test_the_last_step_leads_on(open_room: Open) -> None:
    known = lessons.library()
    for lesson in (known[0], known[-1]):
        last = len(lessons.run(lesson).steps)
        room = open_room(f"/lesson/{lesson.id}?step={last}", reduced_motion="reduce")
        room.expect_step(last)
        room.press("Summary")
        link = room.page.get_by_role("link", name=re.compile("^(Next lesson: .+|Open a sandbox)$"))
        expect(link).to_have_attribute("href", f"/lesson/{lesson.follow[0]}")
        expect(room.button("Next step")).to_be_hidden()


def test_nothing_of_a_lesson_is_out_of_reach(open_room: Open) -> None:
    step = max(STEPS, key=lambda each: len(each.say_html) if each.differs else 0)
    room = open_room(f"/lesson/partition?step={step.index + 1}")
    jump, boxes = room.button("The paper differs"), room.page.locator(".differs")
    room.page.evaluate("localStorage.clear()")
    for width, height, projector in ((1440, 900, False), (1024, 768, False), (1440, 900, True)):
        room.page.set_viewport_size({"width": width, "height": height})
        if projector:
            room.press("Projector")
        room.page.locator(".lesson-body").evaluate("body => { body.scrollTop = 0; }")
        expect(jump).to_be_in_viewport(ratio=1)
        jump.click()
        expect(boxes.get_by_text("The paper says")).to_be_in_viewport(ratio=1)


def test_choices_are_in_sight_in_a_low_window(open_room: Open) -> None:
    for step in STEPS:
        if not (step.ask or step.predict):
            continue
        room = open_room(f"/lesson/partition?step={step.index + 1}")
        room.page.set_viewport_size({"width": 1024, "height": 768})
        expect(room.page.locator(".choice").last).to_be_in_viewport(ratio=1)


def test_the_choices_of_a_long_question_are_in_sight(open_room: Open) -> None:
    for path, width, height in (
        ("what-is-consensus?step=5", 1440, 900),
        ("log-repair?step=11", 1280, 800),
        ("joint-consensus?step=5", 1280, 640),
        ("joint-consensus?step=7", 1280, 640),
        ("figure-8?step=6", 1280, 640),
    ):
        room = open_room(f"/lesson/{path}", viewport={"width": width, "height": height})
        expect(room.page.locator(".choice").last).to_be_in_viewport(ratio=0.9)


def test_a_question_is_answered_and_explained(open_room: Open) -> None:
    asking = next(step for step in STEPS if step.ask)
    assert asking.ask is not None
    room = open_room(f"/lesson/partition?step={asking.index + 1}")
    expect(room.page.get_by_text(asking.ask.question)).to_be_visible()
    wrong = next(i for i, each in enumerate(asking.ask.choices) if each != asking.ask.answer)
    chosen = room.page.locator(".choice").nth(wrong)
    chosen.focus()
    room.page.keyboard.press("Enter")
    room.wait_for(f"'{asking.index}' in model.answers")
    expect(room.page.locator(".feedback")).to_be_focused()
    expect(room.page.get_by_text(str(asking.ask.why))).to_be_visible()
    expect(chosen).to_have_attribute("data-mark", "wrong")


def test_where_the_paper_differs_both_are_told(open_room: Open) -> None:
    step = next(step for step in STEPS if step.differs)
    room = open_room(f"/lesson/partition?step={step.index + 1}")
    assert step.differs_html is not None
    both = room.page.locator(".differs dd")
    told = (step.differs_html.document, step.differs_html.paper)
    expect(both).to_have_text([re.sub("<[^>]*>", "", each) for each in told])


def test_a_reload_comes_back_to_the_same_room_and_place(open_room: Open) -> None:
    room = open_room("/lesson/partition")
    for number in range(2, 6):
        room.press("Next step")
        room.expect_step(number)
    room.rest()
    room.page.keyboard.press("ArrowLeft")
    name, seq = room.model("room"), room.model("seq")
    room.page.reload()
    room.wait_until_open()
    assert room.model("room") == name
    assert room.model("seq") == seq
    room.page.keyboard.press("ArrowRight")
    room.expect_step(5)
    room.expect_lines(STEPS[4].lines)


def test_two_tabs_are_two_rooms(open_room: Open) -> None:
    first = open_room("/lesson/partition")
    first.page.reload()
    first.wait_until_open()
    other = Room(first.page.context.new_page())
    other.page.goto(first.page.url)
    other.wait_until_open()
    assert first.model("room") != other.model("room")
    first.press("Next step")
    first.expect_step(2)
    other.expect_step(1)


def test_acting_in_a_lesson_makes_a_branch_and_leaves_the_lesson_whole(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=3")
    expect(room.node("node1", "leader")).to_be_visible()
    room.do_to_node("node1", "Crash")
    expect(room.node("node1", "crashed")).to_be_visible()
    expect(room.branches().get_by_role("treeitem")).to_have_count(2)
    room.page.keyboard.press("Escape")
    room.press("Back to the lesson")
    room.expect_step(3)
    room.expect_lines(STEPS[2].lines)
    assert room.model("last") == STEPS[-1].end_seq
    room.branch("What if 1").click()
    expect(room.node("node1", "crashed")).to_be_visible()


def test_the_whole_lesson_by_keyboard(open_room: Open) -> None:
    room = open_room("/lesson/election", reduced_motion="reduce")
    steps = lessons.run(lessons.find("election")).steps
    for step in steps[1:]:
        room.page.keyboard.press("Shift+ArrowRight")
        room.expect_step(step.index + 1)
        room.expect_lines(step.lines)
    room.page.keyboard.press("Home")
    room.expect_step(1)
    room.page.keyboard.press("ArrowRight")
    first = room.model("seq")
    room.page.keyboard.press("ArrowRight")
    assert room.model("seq") > first
    room.page.keyboard.press("ArrowLeft")
    assert room.model("seq") == first
    room.page.keyboard.press("?")
    keys = room.page.get_by_role("dialog", name="Keyboard")
    expect(keys.get_by_text("Play or pause")).to_be_visible()
    room.page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
