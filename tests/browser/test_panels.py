"""The panels beside the stage: what they say stands where it belongs, and in sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.room import Room

Open = Callable[..., Room]

CELL_TOPS = """
    [...document.querySelectorAll('.store tr')].map(row =>
        [...new Set([...row.cells].filter(cell => !cell.hidden)
            .map(cell => Math.round(cell.getBoundingClientRect().top)))].length)
"""
"""At how many heights the cells of each row of the store begin."""


def test_a_value_that_differs_stands_in_its_row(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=12")
    room.page.get_by_role("tab", name="Key-value").click()
    expect(room.page.get_by_role("cell").filter(has_text="–")).to_have_count(2)
    room.drawn()
    assert room.page.evaluate(CELL_TOPS) == [1, 1]


HIDDEN_CHANGES = """
    (() => {
        const rect = element => element.getBoundingClientRect();
        const box = rect(document.querySelector('.log-scroller'));
        const left = rect(document.querySelector('.log-names')).right;
        const top = rect(document.querySelector('.log-head')).bottom;
        const inside = ({ x, y }) => x >= left && x <= box.right && y >= top - 1 && y <= box.bottom;
        const middle = ({ left, right, top, bottom }) =>
            ({ x: (left + right) / 2, y: (top + bottom) / 2 });
        return ['b', 'e', 'f'].filter(node => {
            const cells = [...document.querySelectorAll(`[data-log=${node}] .log-cell`)];
            const marked = cells.find(cell => cell.querySelector('.log-marks').textContent === '▲');
            return !marked || !inside(middle(rect(marked.querySelector('.log-marks'))));
        });
    })()
"""
"""The nodes of a lesson whose marks moved in its step, but are not to be seen."""


@pytest.mark.parametrize("size", [(1440, 900), (1280, 640), (390, 844)])
def test_the_logs_show_what_a_step_changed(open_room: Open, size: tuple[int, int]) -> None:
    width, height = size
    room = open_room("/lesson/log-repair?step=8", viewport={"width": width, "height": height})
    room.page.get_by_role("tab", name="Logs").click()
    logs = room.page.get_by_role("group", name="Logs by index")
    expect(logs.get_by_text("7", exact=True)).to_be_in_viewport()
    room.drawn()
    assert room.page.evaluate(HIDDEN_CHANGES) == []


def test_who_scrolls_the_logs_stays_there_until_the_next_step(open_room: Open) -> None:
    room = open_room("/lesson/log-repair?step=8")
    logs = room.page.get_by_role("group", name="Logs by index")
    place = "(e => [e.scrollLeft, e.scrollTop])(document.querySelector('.log-scroller'))"
    expect(logs.get_by_text("7", exact=True)).to_be_in_viewport()
    logs.hover()
    room.page.mouse.wheel(-10_000, 0)
    room.wait_for("document.querySelector('.log-scroller').scrollLeft === 0")
    room.press("One step back")
    room.drawn()
    assert room.page.evaluate(place)[0] == 0
    room.press("Back")
    room.press("Next step")
    room.expect_step(8)
    room.rest()
    room.drawn()
    assert room.page.evaluate(HIDDEN_CHANGES) == []


COVERED = """
    [...document.querySelectorAll('.log-row.counted .log-cell.filled')].filter(cell => {
        const [text, , dots] = [...cell.children].map(each => each.getBoundingClientRect());
        const box = cell.getBoundingClientRect();
        return dots.height === 0 || dots.top + 1.5 < text.bottom || dots.bottom > box.bottom
            || dots.left < box.left || dots.right > box.right
            || cell.children[2].scrollWidth > cell.children[2].clientWidth;
    }).length
"""
"""How many of the leader's entries are covered by the dots of their copies, or do not hold them."""


@pytest.mark.parametrize("size", [(1440, 900), (1280, 640), (390, 844)])
@pytest.mark.parametrize("nodes", [3, 5, 7, 9])
def test_the_copies_of_an_entry_cover_nothing(
    open_room: Open, nodes: int, size: tuple[int, int]
) -> None:
    width, height = size
    room = open_room(f"/sandbox?nodes={nodes}&seed=1", viewport={"width": width, "height": height})
    room.page.get_by_role("tab", name="Logs").click()
    write = "{write: {key: 'key', value: 'value'}}"
    for command in ("{timeout: 'node1'}", "{advance: 60}", write):
        last = room.model("last")
        room.page.evaluate(f"raftviz.dispatch({{type: 'command', command: {command}}})")
        room.wait_for(f"model.last > {last}")
    room.page.evaluate("raftviz.seekSeq(raftviz.last)")
    expect(room.page.locator(".log-row.counted .log-cell.filled")).not_to_have_count(0)
    room.drawn()
    assert room.page.evaluate(COVERED) == 0
