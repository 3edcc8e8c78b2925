"""The rules of a cluster and mistakes on purpose: chosen by a person, seen by all, judged by the lamps."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from raftviz.raft.bugs import BUGS
from raftviz.raft.options import Options
from tests.browser.room import Room, elected
from tests.server.process import Server

Open = Callable[..., Room]
ONE_MISTAKE = re.compile("^Mistakes? on purpose:")


def mistakes(room: Room) -> dict[str, str]:
    """Return the mistakes that the form offers, each with its words."""
    boxes = room.act("Make mistakes on purpose").get_by_role("group", name="Mistakes on purpose")
    names = boxes.get_by_role("checkbox").evaluate_all("all => all.map(e => e.value)")
    words = boxes.get_by_role("checkbox").evaluate_all("all => all.map(e => e.labels[0].innerText)")
    return dict(zip(names, words, strict=True))


def test_every_mistake_is_offered_with_the_promise_that_it_breaks(open_room: Open) -> None:
    offered = mistakes(open_room("/sandbox?nodes=3&seed=1"))
    assert list(offered) == list(BUGS)
    for name, (breaks, _) in BUGS.items():
        assert offered[name].endswith(f"breaks {breaks}")


def test_every_rule_is_offered(open_room: Open) -> None:
    form = open_room("/sandbox?nodes=3&seed=1").act("Change the rules")
    names = form.locator("[name]").evaluate_all("all => all.map(e => e.name)")
    assert sorted(names) == sorted(set(Options().view()) - {"bugs"})


def test_rules_are_changed_and_told_beside_the_branch(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1")
    form = room.act("Change the rules")
    form.get_by_role("combobox", name="Reads").select_option("lease")
    expect(form.get_by_role("checkbox", name="CheckQuorum")).to_be_checked()
    form.get_by_role("spinbutton", name="Snapshot after").fill("0")
    form.get_by_role("button", name="Change the rules").click()
    expect(form.get_by_role("alert")).to_contain_text("Snapshot after: a whole number from 1")
    form.get_by_role("spinbutton", name="Snapshot after").fill("5")
    form.get_by_role("button", name="Change the rules").click()
    rules = "check quorum, leader stickiness, lease reads, snapshot after 5"
    expect(room.page.get_by_text(rules, exact=True)).to_be_visible()
    assert room.model("view.options.snapshot_threshold") == 5


def test_a_mistake_is_shown_as_long_as_it_is_made(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1")
    badge = room.page.get_by_role("note").filter(has_text=ONE_MISTAKE)
    expect(badge).to_be_hidden()
    form = room.act("Make mistakes on purpose")
    form.get_by_role("checkbox", name="commit-old-terms").check()
    form.get_by_role("button", name="Make these mistakes").click()
    expect(badge).to_have_text("Mistake on purpose: commit-old-terms")
    watcher = open_room(f"/room/{room.model('room')}", viewport={"width": 390, "height": 844})
    shown = watcher.page.get_by_role("note").filter(has_text=ONE_MISTAKE)
    expect(shown).to_have_text("Mistake on purpose: commit-old-terms")
    room.page.keyboard.press("Home")
    expect(badge).to_be_hidden()
    room.page.keyboard.press("End")
    expect(badge).to_be_visible()
    form = room.act("Make mistakes on purpose")
    form.get_by_role("checkbox", name="commit-old-terms").uncheck()
    form.get_by_role("button", name="Make these mistakes").click()
    expect(badge).to_be_hidden()


def test_what_breaks_stands_on_top_and_leads_to_its_moment(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1&bugs=majority-minus-one")
    room.page.get_by_role("tab", name="Safety").click()
    lamp = room.page.get_by_role("listitem", name="Election Safety: holds")
    expect(lamp).to_be_visible()
    for name in ("node2", "node3"):
        room.do_to_node(name, "Time out")
    broken = room.page.get_by_role("listitem", name="Election Safety: broken")
    expect(broken).to_contain_text("node3 became leader of term 1, which node2 already led")
    expect(room.page.get_by_role("tab", name="Safety ✗ 1 broken")).to_be_visible()
    top = room.page.get_by_role("listitem", name=re.compile(": (holds|broken)$"))
    tops = top.evaluate_all("all => all.map(e => e.getBoundingClientRect().top)")
    assert min(tops) == broken.evaluate("e => e.getBoundingClientRect().top")
    room.page.keyboard.press("Home")
    expect(lamp).to_be_visible()
    room.page.keyboard.press("End")
    moment = room.model("events.find(event => event.kind === 'invariant_violated').seq")
    assert room.model("seq") > moment
    broken.get_by_role("button", name="Show the moment").click()
    room.wait_for(f"model.seq === {moment}")


def test_a_lamp_unfolds_to_what_it_says(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1")
    room.page.get_by_role("tab", name="Safety").click()
    lamp = room.page.get_by_role("listitem", name="Log Matching: holds")
    expect(lamp.get_by_text("§5.3")).to_be_hidden()
    lamp.get_by_text("Log Matching", exact=True).click()
    expect(lamp.get_by_text("§5.3")).to_be_visible()


def test_linearizability_is_checked_on_request(open_room: Open) -> None:
    room = elected(open_room)
    room.page.get_by_role("tab", name="Safety").click()
    expect(room.page.get_by_role("listitem", name="Linearizability: not checked")).to_be_visible()
    room.press("Check linearizability")
    expect(room.page.get_by_role("listitem", name="Linearizability: holds")).to_be_visible()
    expect(room.page.get_by_role("status").filter(has_text="order")).to_be_visible()


def open_from_home(page: Page, server: Server) -> Room:
    page.goto(server.url)
    page.get_by_role("combobox", name="Members").select_option(label="any, by joint consensus")
    page.get_by_role("spinbutton", name="Pipelining").fill("4")
    page.get_by_text("Mistakes on purpose").click()
    for name in ("vote-twice", "retry-twice"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Open the sandbox").click()
    room = Room(page)
    room.wait_until_open()
    return room


def test_rules_and_mistakes_from_the_home_page(
    context: Callable[..., BrowserContext], server: Server
) -> None:
    room = open_from_home(context().new_page(), server)
    options = room.model("view.options")
    assert (options["membership"], options["max_inflight"]) == ("joint", 4)
    assert options["bugs"] == ["vote-twice", "retry-twice"]
    assert "read_mode" not in room.page.url
    assert options["read_mode"] == "linearizable"
