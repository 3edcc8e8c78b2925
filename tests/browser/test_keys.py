"""Each key that the help lists is pressed, and what it says comes about."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.room import Room

Open = Callable[..., Room]

STEPS = (
    # As the help writes it, what is pressed, and what holds then (`was`: the model before).
    ("→", "ArrowRight", "model.seq > was.seq"),
    ("←", "ArrowLeft", "model.seq < was.seq"),
    ("Shift →", "Shift+ArrowRight", "model.step === was.step + 1"),
    ("Shift ←", "Shift+ArrowLeft", "model.step === was.step - 1"),
    ("Page ↓", "PageDown", "model.step === was.step + 1"),
    ("Page ↑", "PageUp", "model.step === was.step - 1"),
    ("E", "e", "model.p > was.p && at(['election'])"),
    ("C", "c", "model.p > was.p && at(['commit'])"),
    ("N", "n", "model.p > was.p && at()"),
    ("Shift N", "Shift+N", "model.p < was.p && at()"),
    ("+", "+", "model.stretch.p1 - model.stretch.p0 < was.long"),
    ("−", "-", "model.stretch.p1 - model.stretch.p0 > was.long"),
    ("0", "0", "model.stretch === model.whole"),
    ("]", "]", "model.rate > was.rate"),
    ("[", "[", "model.rate < was.rate"),
    ("W", "w", "model.question !== null"),
    ("T", "t", "model.theme !== was.theme"),
    ("P", "p", "model.guess"),
    ("P", "p", "!model.guess"),
    ("End", "End", "model.step === model.lesson.steps.length - 1"),
    ("Home", "Home", "model.step === 0"),
    ("Space", " ", "model.playing"),
    ("Space", " ", "!model.playing"),
    ("Ctrl Z", "Control+z", "!model.playing"),
    ("Ctrl Shift Z", "Control+Shift+Z", "model.step === was.step + 1"),
    ("Ctrl Z", "Control+z", "model.step === was.step - 1"),
    ("Ctrl Y", "Control+y", "model.step === was.step + 1"),
)

AT = """window.at = (kinds) => {
  const { marks, p, seq } = raftviz.model();
  return marks.some((mark) => (mark.p === p || mark.seq === seq) && (!kinds || kinds.includes(mark.kind)));
};"""
"""Whether the cursor stands at a moment of one of these kinds, or of any."""

DIALOGS = (("D", "d", "Compare with"), ("S", "s", "Take away"), ("?", "?", "Keyboard"))


def test_each_key_of_the_help_does_what_it_says(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=3", reduced_motion="reduce")
    page = room.page
    page.evaluate("window.print = () => { window.printed = true; }; window.open = () => null;")
    page.evaluate(AT)
    done = set()
    for shown, key, comes in STEPS:
        page.evaluate(
            "(({ seq, step, p, rate, theme, stretch }) => {"
            " window.was = { seq, step, p, rate, theme, long: stretch.p1 - stretch.p0 }; })(raftviz.model())"
        )
        page.keyboard.press(key)
        room.wait_for(comes)
        done.add(shown)
    for shown, key, name in DIALOGS:
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        if shown == "?":
            listed = set(page.locator("dialog.help kbd").all_text_contents())
        page.keyboard.press("Escape")
        done.add(shown)
    page.goto(room.page.url.partition("?")[0] + "?step=5&compare=paper")
    room.wait_until_open()
    page.evaluate("window.print = () => { window.printed = true; }; window.open = () => null;")
    room.wait_for("model.compare !== null")
    page.keyboard.press("o")
    room.wait_for("model.beside !== null")
    page.keyboard.press("Shift+O")
    room.wait_for("model.notice?.includes('no branch')")
    page.keyboard.press("Escape")
    room.wait_for("model.notice === null")
    page.keyboard.press("x")
    room.wait_for("model.compare === null")
    page.keyboard.press("Control+p")
    expect(page.locator(".print-sheet")).to_be_attached()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.keyboard.press("v")
    expect(page.locator(".talk-panel")).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator("html[data-slides]")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.locator("html[data-slides]")).to_have_count(0)
    page.evaluate("raftviz.dispatch({type: 'select', selection: {kind: 'node', id: 'node1'}})")
    expect(room.menu()).to_be_visible()
    page.keyboard.press("Escape")
    room.wait_for("model.selection === null")
    done |= {"O", "Shift O", "X", "Ctrl P", "V", "F", "Esc"}

    # A tab that has the focus turns to the next one by an arrow, and leaves the arrow with Shift to the lesson.
    step = room.model("step")
    page.get_by_role("tab", name="Logs").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("tab", name="Key-value")).to_have_attribute("aria-selected", "true")
    room.wait_for(f"model.step === {step} + 1")

    # Where the focus is: on the stage from node to node, to a menu and back.
    room.node("node1").focus()
    page.keyboard.press("ArrowRight")
    expect(room.node("node2")).to_be_focused()
    for key in ("Enter", "Shift+F10"):
        page.keyboard.press(key)
        expect(room.menu()).to_be_visible()
        page.keyboard.press("Escape")
        expect(room.node("node2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(room.node("node2")).not_to_be_focused()
    done |= {"← ↑ ↓ →", "Enter", "Shift F10", "Tab"}
    assert done == listed
