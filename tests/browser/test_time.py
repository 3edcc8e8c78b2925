"""Moving through time: the bar and its marks, the diagram, the overview of a long session."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.room import Room

Open = Callable[..., Room]

DIAGRAM = re.compile("^Space-time diagram")

MARKS_TELL = """
() => {
  const { marks } = raftviz.model();
  return [...document.querySelectorAll('.scrub-mark')].map((element) => {
    const [dot, name] = element.children;
    const mark = marks.find((each) => each.from === Number(element.dataset.from));
    return Boolean(mark) && element.dataset.kind === mark.kind && Number(element.dataset.seq) === mark.seq
      && dot.dataset.ask === JSON.stringify(['event', mark.from])
      && (!dot.title || dot.title.startsWith(dot.getAttribute('aria-label')))
      && dot.getAttribute('aria-label').includes(mark.label)
      && ['', mark.label].includes(name?.textContent ?? '');
  });
}
"""


def length(room: Room) -> float:
    """Return how much time the diagram shows, µs."""
    return float(room.model("stretch.p1 - raftviz.model().stretch.p0"))


def test_a_lesson_from_moment_to_moment(open_room: Open) -> None:
    room = open_room("/lesson/partition")
    page, keys = room.page, room.page.keyboard

    page.get_by_role("heading").first.click()
    keys.press("PageDown")
    room.expect_step(2)
    keys.press("PageUp")
    room.expect_step(1)

    kinds = page.get_by_role("group", name="Which moments")
    page.get_by_label("Which moments").first.click()
    for kind in ("votes", "terms", "commits", "clients", "commands", "broken promises"):
        kinds.get_by_role("checkbox", name=kind).uncheck()
    keys.press("Escape")
    expect(kinds).to_be_hidden()
    keys.press("n")
    room.press("Next moment")
    expect(room.node("node1", "leader")).to_be_visible()
    leads = room.model("seq")
    keys.press("n")
    assert room.model("seq") > leads
    keys.press("Shift+n")
    assert room.model("seq") == leads

    keys.press("n")
    assert room.model("seq") != leads
    marks = page.get_by_role("list", name="Marks on the time line")
    marks.get_by_role("button", name=re.compile("^roles · election: node1 · 0")).focus()
    for _ in range(2):
        keys.press("ArrowRight")
    keys.press("Enter")
    assert room.model("seq") == leads, "the arrow keys go from mark to mark, Enter goes there"


def test_the_diagram_zooms_moves_and_points(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=9")
    page, keys = room.page, room.page.keyboard
    diagram = page.get_by_role("application", name=DIAGRAM)
    box = diagram.bounding_box()
    assert box is not None
    whole = length(room)
    expect(room.button("Show everything")).to_be_disabled()

    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)
    about = room.model("stretch.p1 * 0.25")
    keys.down("Control")
    page.mouse.wheel(0, -400)
    keys.up("Control")
    room.wait_for(f"model.stretch.p1 - model.stretch.p0 < {whole * 0.8}")
    shown = room.model("stretch")
    share = (about - shown["p0"]) / (shown["p1"] - shown["p0"])
    assert abs(share - 0.25) < 0.01, "what is under the pointer stays there"

    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.15, box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    moved = room.model("stretch")
    step = (moved["p0"] - shown["p0"]) / (shown["p1"] - shown["p0"])
    assert abs(step - 0.1) < 0.02, "it is dragged with the pointer"
    assert room.model("seq") == room.model("lesson.steps[8].end"), "dragging does not seek"

    diagram.focus()
    keys.press("ArrowLeft")
    assert room.model("stretch.p0") < moved["p0"]
    keys.press("0")
    assert length(room) == whole
    keys.press("+")
    assert length(room) < whole
    room.press("Show everything")

    page.mouse.move(2, 2)  # a pointer that rests on the diagram points, too
    diagram.focus()
    keys.press("ArrowDown")
    pointed = room.model("pointed")
    assert pointed is not None
    told = page.get_by_role("status").filter(has_text=re.compile("node"))
    expect(told.last).to_be_attached()
    keys.press("ArrowDown")
    assert room.model("pointed") != pointed
    stood = room.model("pointed")
    press = "new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true })"
    diagram.evaluate(f"one => {{ one.dispatchEvent({press}); one.dispatchEvent({press}); }}")
    keys.press("ArrowDown")
    assert room.model("pointed") == pointed, "two keys within a frame are two"
    keys.press("ArrowDown")
    assert room.model("pointed") == stood
    expect(diagram).to_have_attribute("data-ask", re.compile("message"))
    keys.press("Enter")
    fraction = room.model("flights.find(one => one.id === raftviz.model().pointed).fraction")
    assert 0 < fraction < 1, "Enter goes to where the message is under way"
    expect(room.menu()).to_be_visible()
    keys.press("Escape")
    expect(room.menu()).to_be_hidden()
    assert room.model("pointed") is not None, "what lies on top is closed first"
    keys.press("Escape")
    assert room.model("pointed") is None

    dot = page.locator(
        f"[data-message='{room.model('flights[0].id')}'] .message-dot"
    ).bounding_box()
    assert dot is not None
    page.mouse.move(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    room.wait_for("model.pointed === model.flights[0].id")


def test_messages_are_where_time_puts_them_while_the_knob_is_dragged(open_room: Open) -> None:
    room = open_room("/lesson/partition")
    page = room.page
    track = page.get_by_role("slider", name="Time", exact=True)
    box = track.bounding_box()
    assert box is not None
    arrow = room.model("arrows.find(one => one.end === 'delivered' && one.p1 - one.p0 > 5000)")
    span = room.model("whole")

    def to(share: float) -> float:
        p = arrow["p0"] + share * (arrow["p1"] - arrow["p0"])
        x = box["x"] + box["width"] * (p - span["p0"]) / (span["p1"] - span["p0"])
        page.mouse.move(x, box["y"] + box["height"] * 0.75)
        return x

    to(0.05)
    page.mouse.down()
    places = []
    for share in (0.2, 0.4, 0.6, 0.8):
        to(share)
        room.wait_for(
            f"Math.abs((model.p - {arrow['p0']}) / {arrow['p1'] - arrow['p0']} - {share}) < 0.1"
        )
        found = page.locator(f"[data-message='{arrow['id']}']").bounding_box()
        assert found is not None
        places.append((found["x"], found["y"]))
    page.mouse.up()
    steps = [
        ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
        for a, b in zip(places, places[1:], strict=False)
    ]
    assert min(steps) > 5, "each frame shows it further on its way"
    assert max(steps) < 3 * min(steps), "and by as much as time went on"


def test_a_message_that_was_lost_is_whole_again_where_time_goes_back(open_room: Open) -> None:
    room = open_room("/lesson/partition", reduced_motion="reduce")
    arrow = room.model("arrows.find(one => one.end === 'dropped')")
    message = room.page.locator(f"[data-message='{arrow['id']}']")
    for p, dead in (
        (arrow["p1"] - 100, False),
        (arrow["p1"] + 1000, True),
        (arrow["p1"] - 100, False),
    ):
        room.page.evaluate(f"raftviz.seek({p})")
        room.drawn()
        expect(message).to_have_class(re.compile(r"\bdead\b") if dead else "message")
        title = str(message.get_attribute("title"))
        assert ("lost" in title) == dead, title
        expect(message.locator(".message-death")).to_be_visible(visible=dead)


def test_a_long_session_has_an_overview_with_a_window(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=9&seed=1", reduced_motion="reduce")
    page, keys = room.page, room.page.keyboard
    window = page.get_by_role("slider", name="Part that is shown", exact=True)
    expect(window).to_be_hidden()
    stage = page.locator("#stage").bounding_box()
    for command in (
        "run_until: {leader: true, within: 5000}",
        *["advance: 8000"] * 2,
        "write: {key: 'k', value: 1}",
    ):
        last = room.model("last")
        page.evaluate(f"raftviz.dispatch({{type: 'command', command: {{{command}}}}})")
        room.wait_for(f"model.last > {last}")
    room.wait_for("model.events.length > 10000 && model.long")
    expect(window).to_be_visible()
    assert page.locator("#stage").bounding_box() == stage, "nothing moves when it comes"

    begin = page.get_by_role("slider", name="Begin of the part that is shown")
    keys_before = room.model("stretch")
    begin.focus()
    keys.press("ArrowRight")
    shown = room.model("stretch")
    assert shown["p0"] > keys_before["p0"], "an end is moved"
    assert abs(shown["p1"] - keys_before["p1"]) < 1, "and the other stays"

    held, whole = window.bounding_box(), page.get_by_role("group", name="The whole session")
    everything = whole.bounding_box()
    assert held is not None
    assert everything is not None
    page.mouse.move(held["x"] + held["width"] / 2, held["y"] + held["height"] / 2)
    page.mouse.down()
    page.mouse.move(everything["x"] + 3, held["y"] + 4, steps=4)
    page.mouse.up()
    room.wait_for("model.stretch.p0 === 0")
    assert abs(length(room) - (shown["p1"] - shown["p0"])) < 1, "dragging does not resize it"

    page.mouse.click(everything["x"] + everything["width"] * 0.6, everything["y"] + 10)
    room.wait_for("model.stretch.p0 < model.p && model.p < model.stretch.p1 && model.p > 5e6")
    room.seek(0.5)
    middle = room.model("stretch.p0 / 2 + raftviz.model().stretch.p1 / 2")
    assert abs(room.model("p") - middle) < length(room) * 0.02, "the bar shows the same stretch"
    marks = page.get_by_role("list", name="Marks on the time line").get_by_role("listitem")
    assert marks.count() <= 150

    page.evaluate("raftviz.seek(0)")
    page.evaluate("window.kept = [...document.querySelectorAll('.scrub-mark')]")
    marks.first.get_by_role("button").hover()
    for p in ("raftviz.end", "0"):
        page.evaluate(f"raftviz.seek({p})")
        told = page.evaluate(MARKS_TELL)
        assert told
        assert all(told), "a mark that stays where the bar leaps tells of another moment"
        assert page.evaluate("kept[0].isConnected"), "nothing was made anew for a leap"
