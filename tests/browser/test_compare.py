"""Two runs side by side: a lesson under two sets of rules, and two branches, moved by one transport."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.room import Room

Open = Callable[..., Room]


def other(room: Room, name: str) -> Locator:
    """Return the second stage, by its caption."""
    return room.page.get_by_role("group", name=name, exact=True)


def says(room: Room, name: str, words: str) -> None:
    """Wait until the second stage tells this of itself."""
    expect(other(room, name)).to_have_accessible_description(re.compile(words))


def bar(room: Room) -> Locator:
    return room.page.get_by_role("region", name="Differences")


def test_a_lesson_beside_itself_under_the_papers_rules(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=5&compare=paper")
    expect(other(room, "The paper's rules")).to_be_visible()
    expect(bar(room)).to_contain_text("Both are the same here.")
    says(room, "The paper's rules", r"node1: leader, term 1\b")

    room.press("First difference")
    room.node("node1", "leader", "term 1").wait_for()
    says(room, "The paper's rules", r"node1: follower, term 2\b")
    expect(bar(room)).to_contain_text("5 differences")
    expect(bar(room)).to_contain_text("node1 leader | follower, term 1 | 2, votedFor 1 | 3")
    marked = room.page.locator("[data-differs]")
    expect(marked).to_have_count(4)
    room.expect_step(7)

    # On a phone and on a low screen nothing of it is under something else.
    room.page.set_viewport_size({"width": 390, "height": 844})
    for button in bar(room).get_by_role("button").all():
        button.click(trial=True)
    room.page.set_viewport_size({"width": 1280, "height": 640})
    expect(room.page.get_by_role("list", name="Log of node3")).to_be_in_viewport(ratio=1)
    room.page.set_viewport_size({"width": 1440, "height": 900})

    # Whose the panels are is told, and a key has them tell the other one.
    whose = room.page.get_by_role("group", name="Whose logs, state and store the panels tell")
    expect(whose.get_by_role("button", pressed=True)).to_have_text(
        "left The lesson · leader stickiness"
    )
    assert "state: leader" in room.lines()[0]
    room.page.keyboard.press("o")
    expect(whose.get_by_role("button", pressed=True)).to_have_text("right The paper's rules")
    expect(room.page.locator("[data-node-line]").first).to_contain_text("state: follower, term: 2")
    room.page.keyboard.press("o")
    expect(room.page.locator("[data-node-line]").first).to_contain_text("state: leader, term: 1")

    before = room.model("p")
    room.press("Next difference")
    room.wait_for(f"model.p > {before}")
    room.press("First difference")
    room.wait_for(f"model.p === {before}")

    # Leave and come back by keys; the transport moves both.
    room.page.keyboard.press("x")
    expect(other(room, "The paper's rules")).to_be_hidden()
    expect(marked).to_have_count(0)
    room.page.keyboard.press("d")
    sheet = room.page.get_by_role("dialog", name="Compare with")
    sheet.get_by_role("button", name=re.compile("^Figure 2 with PreVote")).click()
    expect(other(room, "Figure 2 with PreVote")).to_be_visible()
    room.page.keyboard.press("Home")
    says(room, "Figure 2 with PreVote", r"node1: follower, term 0\b")

    # What the other side goes without is told with its reason, and where.
    sheet_of = bar(room).get_by_role("button", name="Compare with…")
    sheet_of.click()
    sheet.get_by_role("button", name=re.compile("^The paper's rules")).click()
    room.page.get_by_text("without 3 commands").click()
    skipped = room.page.get_by_role("dialog", name="What it goes without")
    expect(skipped.get_by_text(re.compile("node1 is follower")).first).to_be_visible()
    skipped.get_by_role("button", name="heartbeat node1").first.click()
    room.wait_for("model.seq === 86")

    # The link to this moment keeps it, and another branch can stand there instead.
    room.press("Share")
    link = room.page.get_by_role("textbox", name="This moment")
    expect(link).to_have_value(re.compile(r"/lesson/partition\?step=\d+&event=86&compare=paper$"))
    room.page.keyboard.press("Escape")
    room.do_to_node("node1", "Crash")
    room.wait_for("model.branch === 'b1' && model.compare === 'paper'")
    says(room, "The paper's rules", r"node1: crashed\b")
    sheet_of.click()
    sheet.get_by_role("button", name=re.compile("^The lesson")).click()
    expect(other(room, "The lesson · leader stickiness")).to_be_visible()
    room.page.keyboard.press("End")
    expect(bar(room)).to_contain_text(re.compile(r"node1 down \| running"))
    room.page.keyboard.press("Shift+O")
    expect(bar(room)).to_contain_text(re.compile(r"node1 running \| down"))


def test_what_cannot_be_compared_is_said_and_a_phone_shows_one_above_the_other(
    open_room: Open,
) -> None:
    room = open_room(
        "/lesson/partition?step=7&compare=papers", viewport={"width": 390, "height": 844}
    )
    expect(
        room.page.get_by_text(
            "there is no papers to compare with; use one of paper, document"
        ).first
    ).to_be_visible()
    room.press("Compare")
    sheet = room.page.get_by_role("dialog", name="Compare with")
    sheet.get_by_role("button", name=re.compile("^The paper's rules")).click()
    second = other(room, "The paper's rules")
    expect(second).to_be_visible()
    first_box = room.page.get_by_role("group", name="The cluster").bounding_box()
    second_box = second.bounding_box()
    assert first_box is not None
    assert second_box is not None
    assert second_box["y"] >= first_box["y"] + first_box["height"]
    assert room.page.evaluate("document.documentElement.scrollWidth") <= 390
