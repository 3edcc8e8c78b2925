"""The panels beside the stage: what they say stands where it belongs, and in sight."""

from __future__ import annotations

from collections.abc import Callable

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
