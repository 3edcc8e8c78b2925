"""What everybody can use: axe-core looks at every page and at what opens on it, light, dark and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from raftviz import lessons
from tests.browser.conftest import DESK
from tests.browser.room import Room, elected
from tests.server.process import Server

Open = Callable[..., Room]
AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text("utf-8")
PHONE = {"width": 390, "height": 844}

RUN = """async ([where, rules, colours]) => {
  const found = await axe.run(where ?? document, {
    iframes: false, preload: false, resultTypes: ['violations'], runOnly: rules,
    rules: { 'color-contrast': { enabled: colours } },
  });
  const said = ({ id }, { target, failureSummary }) => `${id}: ${target}: ${failureSummary}`;
  return found.violations.flatMap((rule) => rule.nodes.map((node) => said(rule, node)));
}"""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

SMALL = re.compile(r"^target-size: .*(scrub-dot|\"event|log-name)")
"""A mark stands where its event is on the time line, and many logs stand close; the list of events and the
stage lead to the same (WCAG 2.2, 2.5.8, "Equivalent")."""


def wrong(
    page: Page, where: str | None = None, *, phone: bool = False, dark: bool = True
) -> list[str]:
    """Return what axe finds wrong with a page, or a part of it, as it is: in both themes, and if asked on a phone.

    The second theme has the same names and roles as the first, in other colours, so `dark` is left out where the
    same things were looked at before; a phone has other names, roles and sizes, in the same colours.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"() => {{ {AXE} }}")
    found = []
    page.emulate_media(color_scheme="light")
    found += [f"light: {each}" for each in page.evaluate(RUN, [where, RULES, True])]
    if dark:
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {each}" for each in page.evaluate(RUN, [where, ["color-contrast"], True])]
    if phone:
        size = page.viewport_size
        page.set_viewport_size(PHONE)
        page.evaluate(
            "() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 150))"
        )
        found += [f"phone: {each}" for each in page.evaluate(RUN, [where, RULES, False])]
        if size:
            page.set_viewport_size(size)
    return [each for each in found if not SMALL.match(each.partition(": ")[2])]


def _without_its_status(route: Route) -> None:
    """Pass an error page on as any page: a browser complains of the status."""
    route.fulfill(response=route.fetch(), status=200)


@pytest.mark.parametrize(
    ("path", "ready"),
    [
        ("/", "#opener *"),
        ("/lesson/nothing", "h1"),
        ("/edit", "text=Everything that it expects holds"),
        ("/embed?lesson=election", "[data-node]"),
        ("/embed?lesson=nothing", "h1"),
    ],
)
def test_pages_around_the_room(
    context: Callable[..., BrowserContext], server: Server, path: str, ready: str
) -> None:
    page = context(reduced_motion="reduce").new_page()
    page.route(re.compile("/nothing|=nothing"), _without_its_status)
    page.goto(server.url + path)
    page.wait_for_selector(ready)
    assert wrong(page, phone=True) == []


def test_a_lesson_its_panels_and_what_is_compared(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=9", reduced_motion="reduce")
    page = room.page
    assert wrong(page, phone=True) == []
    page.get_by_title("Why is the term of node3 so?").click()
    expect(page.get_by_role("heading", name="Why is node3's term 3?")).to_be_visible()
    assert wrong(page, "#tabs") == []
    message = page.locator("[data-message]").first
    message.focus()
    page.keyboard.press("Enter")
    expect(room.menu()).to_be_visible()
    page.get_by_role("tab", name="Events").click()
    assert wrong(page, "#tabs, .menu") == []
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.get_by_role("dialog", name="Compare with")).to_be_visible()
    page.get_by_role("button", name=re.compile("^The paper's rules")).click()
    expect(page.get_by_role("region", name="Differences")).to_be_visible()
    assert wrong(page, phone=True) == []
    page.keyboard.press("d")
    expect(page.get_by_role("dialog", name="Compare with")).to_be_visible()
    assert wrong(page, ":popover-open") == []
    page.keyboard.press("Escape")
    page.keyboard.press("x")


def test_a_question_and_the_end_of_a_lesson(open_room: Open) -> None:
    steps = lessons.run(lessons.find("partition")).steps
    asking = next(step for step in steps if step.ask or step.predict)
    room = open_room(f"/lesson/partition?step={asking.index + 1}", reduced_motion="reduce")
    expect(room.page.locator(".question")).to_be_visible()
    assert wrong(room.page, "#lesson") == []
    room.page.locator(".choice").first.click()
    assert wrong(room.page, "#lesson") == []
    room.page.keyboard.press("End")
    room.press("Summary")
    expect(room.page.get_by_role("link", name=re.compile("^Next lesson"))).to_be_visible()
    room.page.set_viewport_size(PHONE)
    room.page.get_by_role("tab", name="Story").click()
    room.page.set_viewport_size(DESK)
    assert wrong(room.page, "#lesson", phone=True) == []


def test_a_sandbox_and_all_that_opens_on_it(open_room: Open) -> None:
    room = elected(open_room, "/sandbox?nodes=5&seed=1", reduced_motion="reduce")
    page = room.page
    viewer = open_room(f"/room/{room.model('room')}", reduced_motion="reduce")
    assert wrong(viewer.page, phone=True, dark=False) == []
    for key, name in (("?", "Keyboard"), ("s", "Take away")):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        assert wrong(page, "dialog[open]", phone=True) == [], name
        page.keyboard.press("Escape")
    room.press("Share")
    expect(page.get_by_role("dialog", name="Share")).to_be_visible()
    assert wrong(page, ":popover-open") == []
    page.keyboard.press("Escape")
    for panel in ("Key-value", "Safety"):
        page.get_by_role("tab", name=re.compile(panel)).click()
        room.act("Partition the cluster" if panel == "Safety" else "Change the rules")
        assert wrong(page, "#acts, #tabs", dark=panel == "Safety") == [], panel
        page.keyboard.press("Escape")
    for kind, id in (("link", "node1>node2"), ("client", "client")):
        page.evaluate(
            f"raftviz.dispatch({{type: 'select', selection: {{kind: '{kind}', id: '{id}'}}}})"
        )
        expect(room.menu()).to_be_visible()
        assert wrong(page, ".menu", dark=kind == "link") == [], kind
        page.evaluate("raftviz.dispatch({type: 'select', selection: null})")
    room.do_to_node("node1", "Crash")
    expect(room.node("node1", "crashed")).to_be_visible()
    room.seek(0.2)
    room.node("node2").click()
    assert wrong(page, ".menu", dark=False) == []
    room.choose("Crash")
    expect(room.branches().get_by_role("treeitem")).to_have_count(2)
    assert wrong(page, "#branch-popover, #stage") == []
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Predict", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.get_by_role("region", name="Prediction")).to_be_visible()
    assert wrong(page, "#lesson") == []


def test_the_diagram_can_be_read_as_a_table(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=9", reduced_motion="reduce")
    page = room.page
    page.get_by_role("button", name="List these messages").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("dialog", name=re.compile(r"^\d+ messages in the space-time diagram"))
    rows = table.get_by_role("row")
    expect(rows).to_have_count(
        room.model("arrows.filter(a => a.sentSeq <= raftviz.model().seq).length") + 1
    )
    expect(rows.nth(1)).to_contain_text(
        re.compile("node1 asks node2 for its vote in term 1.*arrives at")
    )
    expect(rows.filter(has_text="is lost at")).to_have_count(
        room.model(
            "arrows.filter(a => a.end === 'dropped' && a.endSeq <= raftviz.model().seq).length"
        )
    )
    expect(rows.last).to_contain_text("is under way")
    assert wrong(page, "dialog[open]") == []
    rows.nth(1).get_by_role("button").click()
    expect(table).to_be_hidden()
    assert room.model("selection.kind") == "message"


CONTROLS = "#header button, .transport :is(button, input), .tab-list [role=tab], .tools button"

WATCH = """(controls) => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      const moved = sources
        .map(({ node }) => (node instanceof Element ? node : node?.parentElement))
        .filter((each) => each?.matches(controls) || each?.querySelector(controls));
      if (moved.length) window.shifts.push([value, ...moved.map((each) => each.outerHTML.slice(0, 120))]);
    }
  }).observe({ type: 'layout-shift' });
}"""

PLACES = """(controls) => {
  window.controls ??= [...document.querySelectorAll(controls)].filter((each) => each.getClientRects().length > 0);
  return window.controls.map((each) => {
    const { x, y, width, height } = each.getBoundingClientRect();
    const whole = [x, y, width, height].map((length) => Math.floor(length + 0.25));
    return [each.className || each.textContent, ...whole].join(' ');
  });
}"""


def test_nothing_that_is_pressed_moves_while_time_runs(open_room: Open) -> None:
    for path, far in (
        ("/lesson/partition?step=2", "model.seq > 60"),
        ("/sandbox?nodes=5&seed=1", "model.last > 400"),
    ):
        room = open_room(path)
        page = room.page
        page.evaluate("() => document.fonts.ready.then(() => undefined)")
        room.speed(9)
        page.evaluate(WATCH, CONTROLS)
        before = page.evaluate(PLACES, CONTROLS)
        room.press("Play")
        room.wait_for(far)
        for name in ("Key-value", "Events", "Why?", "Safety", "Logs"):
            page.get_by_role("tab", name=re.compile(f"^{re.escape(name)}")).click()
            page.evaluate(
                "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"
            )
            after = page.evaluate(PLACES, CONTROLS)
            assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [], (
                name
            )
        assert page.evaluate("window.shifts") == []
