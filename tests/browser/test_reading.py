"""Reading the cluster: every value answers, and what was refused shows what was compared."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.room import Room, elected

Open = Callable[..., Room]


def why(room: Room) -> Locator:
    return room.page.get_by_role("group", name="Why?")


def heading(room: Room, name: str) -> Locator:
    return why(room).get_by_role("heading", name=name)


def test_whatever_has_the_focus_answers_why(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=9")
    page = room.page
    page.keyboard.press("w")
    expect(heading(room, "Why did this happen?")).to_be_visible()
    page.get_by_role("tab", name="Logs").click()
    cell = page.get_by_role("list", name="Log of node1").get_by_role("listitem").first
    cell.focus()
    page.keyboard.press("w")
    expect(heading(room, "Why does node1 hold key=value at index 1?")).to_be_visible()
    needs = why(room).get_by_role("table", name="What the leader needs to commit it")
    expect(needs.get_by_role("row", name="copies that the leader counts 2 1")).to_be_visible()
    room.node("node3").focus()
    page.keyboard.press("w")
    expect(heading(room, "Why is node3 a candidate?")).to_be_visible()
    votes = why(room).get_by_role("list", name="1 of the 2 votes that make a majority")
    expect(votes).to_have_text("● node3○ node1majority○ node2")
    votes.get_by_role("button", name="node3").click()
    expect(heading(room, "Why did this happen?")).to_be_visible()
    refused = "raftviz.model().events.find(e => e.data.why === 'refused_leader_stickiness').seq"
    page.evaluate(f"document.activeElement.blur(); raftviz.seekSeq({refused})")
    page.keyboard.press("w")
    votes = why(room).get_by_role("table", name="Why node1 refused its vote")
    expect(votes.get_by_role("row", name="leader heard of a moment ago")).to_contain_text("node1")
    page.get_by_role("tab", name="Key-value").click()
    expect(page.get_by_text("Nothing is applied yet")).to_be_in_viewport(ratio=1)
    page.evaluate("raftviz.dispatch({type: 'lessonStep', index: 8})")
    page.get_by_role("tab", name="Logs").click()
    cell.click(button="right")
    page.get_by_role("menuitem", name="Why?").click()
    expect(heading(room, "Why does node1 hold key=value at index 1?")).to_be_visible()
    term = page.get_by_role("group", name="The cluster").get_by_text("term 3")
    term.click()
    expect(heading(room, "Why is node3's term 3?")).to_be_visible()
    room.node("node3").focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="What to do")
    menu.get_by_text("What led here").click()
    menu.get_by_role("button", name="lastApplied").focus()
    page.keyboard.press("Enter")
    expect(heading(room, "Why is node3's lastApplied 0?")).to_be_visible()


def test_a_server_knows_only_what_reached_it(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=12")
    page = room.page
    cell = page.get_by_role("list", name="Log of node1").get_by_role("listitem")
    expect(cell).to_have_count(1)
    room.node("node3").click()
    expect(room.menu()).to_be_visible()
    verbs = "[...document.querySelectorAll('.menu, .menu-verb')]"
    assert (
        page.evaluate(
            f"{verbs}.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
        )
        == []
    )
    room.choose("See what node3 knows")
    expect(page.get_by_text("What node3 knows: everything else is veiled")).to_be_visible()
    expect(room.node("node1", "leader", "132", "ms ago")).to_be_visible()
    expect(room.node("node2", "never heard")).to_be_visible()
    expect(cell).to_have_count(0)
    expect(page.locator("[data-node-line]").nth(1)).to_have_text("node2: nothing heard from it")
    page.get_by_text("What it has heard").click()
    heard = page.get_by_role("listitem").filter(has_text="node1: leader, term 1, commit 0")
    expect(heard).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_text("What it has heard").click()
    room.wait_for(
        "[...document.querySelectorAll('.node-disc')].every(e => e.getBoundingClientRect().bottom"
        " < document.querySelector('.time').getBoundingClientRect().top)"
    )
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    expect(page.get_by_role("tab", name="Why?")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("tab", name="Logs").click()
    expect(cell).to_have_count(1)
    expect(page.get_by_text("What node3 knows")).to_be_hidden()


def test_the_logs_tell_how_far_an_entry_has_come(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=12")
    page = room.page
    cell = page.get_by_role("list", name="Log of node1").get_by_role("listitem")
    expect(cell).to_have_attribute("title", re.compile("committed, applied, answered, 2 of 3 cop"))
    expect(cell).to_contain_text("●●|○")
    cell.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(heading(room, "Why does node2 hold key=value at index 1?")).to_be_visible()
    page.get_by_role("tab", name="Logs").click()
    room.press("All signs")
    expect(page.get_by_role("row", name="answered and the client was told so")).to_be_visible()


CELLS = """
() => [...document.querySelectorAll('.log-row')].flatMap(row =>
  [...row.querySelectorAll('.filled')].map(cell =>
    [row.dataset.log, Number(cell.dataset.index), cell.querySelector('.log-text').textContent, cell.dataset.ask]))
"""
HELD = """
() => raftviz.model().nodes.flatMap(id => raftviz.model().view.nodes[id].log.map((entry, at) =>
  [id, at + 1, entry.set ? `k=${entry.set.k}` : 'no-op', JSON.stringify(["entry", id, at + 1])]))
"""


def test_cells_that_stay_where_the_cursor_leaps_tell_of_other_entries(open_room: Open) -> None:
    room = elected(open_room)
    page = room.page
    reached = []
    for number in range(40):
        reached.append(last := room.model("last"))
        page.evaluate(
            f"raftviz.dispatch({{type: 'command', command: {{write: {{key: 'k', value: {number}}}}}}})"
        )
        room.wait_for(f"model.last > {last}")
    page.evaluate("raftviz.dispatch({type: 'command', command: {advance: 1500}})")
    room.wait_for("model.nodes.every(id => model.view.nodes[id].log.length >= 40)")
    end = room.model("last")
    written = {(node, index): (label, asks) for node, index, label, asks in page.evaluate(HELD)}
    page.evaluate("window.kept = [...document.querySelectorAll('.log-cell')]")
    for seq in (reached[20], end, reached[30], end):
        page.evaluate(f"raftviz.seekSeq({seq})")
        shown = page.evaluate(CELLS)
        assert shown
        assert all(written[node, index] == (label, asks) for node, index, label, asks in shown)
    assert page.evaluate("kept.every(cell => cell.isConnected)"), "nothing was made anew for a leap"
