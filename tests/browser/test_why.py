"""Asking "why?", and taking back what was done."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.room import Room

Open = Callable[..., Room]


def chain(room: Room) -> Locator:
    return room.page.get_by_role("group", name="Why?").get_by_role("listitem")


def test_a_value_answers_why_back_to_a_command(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=9")
    room.page.get_by_title("Why is the term of node3 so?").click()
    expect(room.page.get_by_role("heading", name="Why is node3's term 3?")).to_be_visible()
    expect(chain(room).first).to_contain_text("its term goes from 2 to 3")
    expect(chain(room).last).to_contain_text("By command, node3's election timer runs out.")
    expect(chain(room).first).to_contain_text("Raft §5.2")
    seq = room.model("seq")
    chain(room).last.get_by_role("button").click()
    assert room.model("seq") < seq
    assert room.model("view.nodes.node3.term") == 2, "a link leads to its moment"
    expect(chain(room).last).to_have_attribute("aria-current", "true")
    expect(room.page.get_by_role("heading", name="Why is node3's term 3?")).to_be_visible()


def test_an_entry_says_what_it_lacks_to_be_committed(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=9")
    room.page.get_by_role("list", name="Log of node1").get_by_role("listitem").first.click()
    expect(room.page.get_by_text("Not committed: 1 of the 2 copies")).to_be_visible()
    dots = room.page.get_by_role("list", name="1 of 3 members hold it, 2 are needed")
    expect(dots).to_contain_text(re.compile("● node1.*○ node2.*majority.*○ node3"))
    expect(chain(room).first).to_contain_text("node1")


def test_a_snapshot_says_what_made_it(open_room: Open) -> None:
    room = open_room("/lesson/snapshots?step=4")
    cell = room.page.get_by_role("list", name="Log of node1").get_by_title("snapshot").first
    cell.click()
    expect(room.page.get_by_role("heading", name="Why did this happen?")).to_be_visible()
    expect(chain(room).first).to_contain_text("node1")
    expect(chain(room).filter(has_text="takes a snapshot of its state machine")).to_have_count(1)


def test_an_event_answers_why(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=9")
    room.page.get_by_role("tab", name="Events").click()
    row = room.page.get_by_role("group", name="Events").get_by_role("listitem").last
    row.hover()
    row.get_by_role("button", name="Why?").click()
    expect(chain(room).last).to_contain_text("By command")


def test_what_was_done_is_taken_back(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1", reduced_motion="reduce")
    room.page.keyboard.press("Control+z")
    expect(room.page.get_by_text("There is nothing to take back.").first).to_be_visible()
    for name in ("node1", "node2"):
        room.page.evaluate(f"raftviz.dispatch({{type: 'command', command: {{crash: '{name}'}}}})")
        room.wait_for(f"model.view.nodes.{name}?.crashed === true")
    room.page.keyboard.press("Control+z")
    expect(room.page.get_by_text("Taken back.").first).to_be_visible()
    room.wait_for("!model.view.nodes.node2.crashed && model.view.nodes.node1.crashed")
    room.page.evaluate("raftviz.dispatch({type: 'command', command: {crash: 'node3'}})")
    room.wait_for("model.view.nodes.node3.crashed && !model.view.nodes.node2.crashed")
    assert len(room.model("branches")) == 2, "the other way that it went is kept"
