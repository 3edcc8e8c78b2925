"""How the page behaves towards a person: the first visit, lost connections, phones, keyboards, paper."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, WebSocketRoute, expect

from tests.browser.proxy import Proxy
from tests.browser.room import Room, elected
from tests.server.process import Server

Open = Callable[..., Room]


def test_the_tour_is_shown_once_points_at_what_is_there_and_can_be_asked_for(
    context: Callable[..., BrowserContext], server: Server
) -> None:
    page = context(first_visit=True, reduced_motion="reduce").new_page()
    page.goto(server.url + "/lesson/election")
    tour = page.get_by_role("dialog", name="The cluster")
    expect(tour).to_be_visible()
    expect(tour.get_by_role("button", name="Next")).to_be_focused()
    around = page.locator("#stage").bounding_box()
    ring = page.locator(".tour-spot").bounding_box()
    assert around and ring
    assert abs(ring["x"] - around["x"]) < 8 and abs(ring["width"] - around["width"]) < 16
    for title in ("Time is yours", "The story", "Why?", "Bring others"):
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
        card = page.locator(".tour-card").bounding_box()
        assert card and card["x"] >= 0 and card["y"] + card["height"] <= 900
    page.set_viewport_size({"width": 360, "height": 640})
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("dialog", name="Why?")).to_be_visible()
    asked = page.locator("[role=tab]", has_text="Why?")
    expect(asked).to_be_in_viewport(ratio=0.95)
    tab, ring = asked.bounding_box(), page.locator(".tour-spot").bounding_box()
    assert tab and ring
    assert ring["x"] <= tab["x"] and ring["width"] < tab["width"] + 16
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    room = Room(page)
    room.wait_until_open()
    expect(page.get_by_role("dialog")).to_have_count(0)
    room.button("Keyboard").focus()
    page.keyboard.press("?")
    room.press("Show me around")
    expect(page.get_by_role("dialog", name="The cluster")).to_be_visible()
    page.keyboard.press("Escape")
    expect(room.button("Keyboard")).to_be_focused()


def test_a_room_goes_on_while_the_socket_is_lost_in_mid_play(open_room: Open, proxy: Proxy) -> None:
    room = open_room("/sandbox?nodes=3&seed=1", url=proxy.url)
    room.speed(6)
    room.press("Play")
    expect(room.nodes("leader")).to_have_count(1)
    proxy.cut()
    expect(room.page.get_by_text("The connection is lost")).to_be_visible()
    expect(room.page.get_by_text("reconnecting", exact=True)).to_be_visible()
    room.button("Share").click(trial=True)
    room.page.set_viewport_size({"width": 390, "height": 844})
    room.wait_for("document.documentElement.scrollWidth === 390")
    room.page.set_viewport_size({"width": 1440, "height": 900})
    room.press("Dismiss")
    expect(room.page.get_by_text("The connection is lost")).to_be_hidden()
    room.rest()
    room.seek(0.2)
    held = room.model("last")
    room.press("One step forward")
    room.rest()
    room.press("Play")
    room.wait_for(f"model.seq === {held}")
    room.page.get_by_role("tab", name="Why?").click()
    proxy.mend()
    expect(room.page.get_by_text("The connection is lost")).to_be_hidden()
    room.wait_for(f"model.last > {held + 20} && model.live")


def test_who_looks_back_is_told_how_far_behind_and_comes_back_at_once(open_room: Open) -> None:
    teacher = elected(open_room)
    viewer = open_room(f"/room/{teacher.model('room')}")
    teacher.press("Play")
    viewer.wait_for("model.live")
    viewer.seek(0.1)
    pill = viewer.page.get_by_role("button", name="events behind")
    expect(pill).to_be_visible()
    assert viewer.model("behind") > 10
    pill.click()
    expect(pill).to_be_hidden()
    viewer.wait_for("model.live && model.last - model.seq < 200")


def test_a_page_in_the_background_draws_nothing_and_is_back_at_once(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1")
    room.speed(6)
    room.press("Play")
    room.wait_for("model.live")
    hide = (
        "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    room.page.evaluate(hide, arg=True)
    room.page.evaluate(
        "() => { window.drawn = 0; new MutationObserver(() => (window.drawn += 1)).observe("
        "document.querySelector('main'), { subtree: true, childList: true, attributes: true }); }"
    )
    seq, last = room.model("seq"), room.model("last")
    room.wait_for(f"model.last > {last + 60}")
    room.page.wait_for_timeout(900)
    assert room.page.evaluate("window.drawn") == 0
    assert room.model("seq") == seq
    room.page.evaluate(hide, arg=False)
    room.wait_for("model.live && model.last - model.seq < 60")


def test_a_server_without_a_place_says_so_and_has_one_a_moment_later(
    context: Callable[..., BrowserContext], server: Server
) -> None:
    page = context().new_page()
    page.route_web_socket(re.compile("socket.io"), _full_at_first)
    page.goto(server.url + "/sandbox?nodes=3&seed=1")
    veil = page.get_by_role("alertdialog", name="The server is busy")
    expect(veil).to_contain_text("this server is full")
    expect(veil.get_by_role("button", name="Keep looking")).to_be_hidden()
    expect(page.get_by_text("server busy", exact=True)).to_be_visible()
    expect(veil.get_by_role("button", name="Try now")).to_be_focused()
    page.keyboard.press("Enter")
    Room(page).wait_until_open()
    expect(veil).to_be_hidden()


def _full_at_first(socket: WebSocketRoute) -> None:
    """Pass everything on, but answer the first "open" as a server does that has no place."""
    real = socket.connect_to_server()
    refused = False

    def from_page(message: str | bytes) -> None:
        nonlocal refused
        asked = re.match(r'42(\d+)\["open"', str(message))
        if asked and not refused:
            refused = True
            error = {
                "code": "limit",
                "message": "this server is full",
                "where": None,
                "remedy": None,
            }
            socket.send(f"43{asked[1]}" + json.dumps([{"ok": False, "error": error}]))
        else:
            real.send(message)

    socket.on_message(from_page)


def test_what_is_printed_fits_two_pages_and_is_taken_away_after(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=12", color_scheme="dark")
    room.page.evaluate("window.print = () => { window.asked = true; }")
    room.page.keyboard.press("Control+p")
    sheet = room.page.locator(".print-sheet")
    expect(sheet).to_be_attached()
    assert room.page.evaluate("window.asked")
    room.page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(room.page.locator("main")).to_be_hidden()
    assert sheet.locator(".print-line").all_text_contents() == room.lines()
    assert sheet.locator("svg text", has_text="node1").count() > 1
    pages = room.page.pdf(format="A4").count(b"/Type /Page\n")
    assert 1 <= pages <= 2
    room.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(0)


# What is wrong on a small stage: nodes on one another, off the stage or upside down, and buttons out of reach.
MISPLACED = """() => {
  const there = (each) => each.getClientRects().length > 0;
  const edge = document.querySelector('#stage').getBoundingClientRect();
  const discs = [...document.querySelectorAll('#stage .node')].map((node) => {
    const { left, top, width, height } = node.querySelector('.node-ring').getBoundingClientRect();
    return { id: node.dataset.node, x: left + width / 2, y: top + height / 2, half: width / 2 };
  });
  const out = ({ x, y, half }) => x - half < edge.left || x + half > edge.right
    || y - half < edge.top || y + half > edge.bottom;
  const wrong = discs.filter(out).map(({ id }) => `${id} leaves the stage`);
  discs.forEach((a, i) => discs.slice(i + 1).forEach((b) => {
    if (Math.hypot(a.x - b.x, a.y - b.y) < a.half + b.half - 10) wrong.push(`${a.id} and ${b.id} lie on one another`);
  }));
  if (discs[0].y >= discs[1].y) wrong.push('upside down');
  for (const each of document.querySelectorAll('.tool, .transport button, .header button, .lesson-actions > *')) {
    const { left, right, bottom } = each.getBoundingClientRect();
    const out = there(each) && (left < 0 || right > innerWidth || bottom > innerHeight);
    if (out) wrong.push(`${each.ariaLabel || each.textContent} is out of reach`);
  }
  return wrong;
}"""

SMALL = [(844, 390), (667, 375), (360, 640), (375, 667), (390, 844)]


@pytest.mark.parametrize("size", SMALL, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_small_phone_shows_the_cluster_in_its_shape(
    open_room: Open, size: tuple[int, int]
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    for path in ("/lesson/partition?step=9", "/sandbox?nodes=5&seed=1"):
        room = open_room(path, viewport=viewport, has_touch=True, is_mobile=True)
        room.drawn()
        assert room.page.evaluate(MISPLACED) == [], path
        assert room.page.evaluate("document.documentElement.scrollWidth") == size[0]
    for name in ("Select", "Cut links", "Act…"):
        expect(room.button(name)).to_be_in_viewport()
    form = room.act("Change the rules")
    form.get_by_role("button", name="Change the rules").click(trial=True)


def test_a_phone_has_all_panels_in_a_sheet_below_stage_and_transport(open_room: Open) -> None:
    size = {"width": 390, "height": 844}
    room = open_room("/lesson/partition?step=9", viewport=size, has_touch=True, is_mobile=True)
    page = room.page
    stage, sheet = page.locator("#stage"), page.locator("#tabs")

    def high() -> float:
        box = sheet.bounding_box()
        assert box
        return box["height"]

    half = high()
    for name in ("Story", "Diagram", "Logs", "Events", "Why?"):
        page.get_by_role("tab", name=name).tap()
        expect(
            page.locator("#tabs > :is(.panel, .lesson, .state, .spacetime):visible")
        ).to_have_count(1)
    handle = page.locator(".sheet-handle")
    handle.press("ArrowDown")
    low = high()
    assert low < half / 2
    handle.tap()
    assert high() == half
    box = handle.bounding_box()
    assert box
    page.mouse.move(195, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(195, box["y"] - 220, steps=4)
    page.mouse.up()
    assert high() > half
    expect(stage).to_be_visible()
    for name in ("Play", "One step forward"):
        expect(room.button(name)).to_be_in_viewport()
    assert room.page.evaluate(MISPLACED) == []
    handle.press("ArrowDown")
    for name in ("next commit", "next election"):
        expect(room.button(name)).to_be_in_viewport()
    page.get_by_role("tab", name="Story").tap()
    room.press("Next step")
    room.expect_step(10)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    tongue = page.get_by_role("banner").get_by_role("link", name="中文").bounding_box()
    assert tongue and min(tongue["width"], tongue["height"]) >= 44 and tongue["x"] > 0
    page.set_viewport_size({"width": 844, "height": 390})
    for part in (stage, sheet, room.button("Play")):
        expect(part).to_be_in_viewport()
    room.press("To the end")
    page.set_viewport_size(size)
    room.wait_for("innerWidth === 390 && document.documentElement.scrollWidth === 390")
