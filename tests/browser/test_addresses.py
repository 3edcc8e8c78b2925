"""What an address asks for that is not there: a step, or an event."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from raftviz import lessons
from tests.browser.room import Room
from tests.server.process import Server

Contexts = Callable[..., BrowserContext]
LAST = len(lessons.run(lessons.find("partition")).simulation.events)
NO_EVENT = f"This lesson ends with event {LAST}, so there is no event 9999; event {LAST} is shown."
NO_STEP = "This lesson has 22 steps, so there is no step 999; step 22 is shown."


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("/lesson/partition?step=999", NO_STEP),
        ("/lesson/partition?event=9999", NO_EVENT),
        ("/embed?lesson=partition&step=999", NO_STEP),
        ("/embed?lesson=partition&event=9999", NO_EVENT),
        (
            "/embed?lesson=partition&event=9999&lang=zh",
            f"本课到事件 {LAST} 为止，没有事件 9999，现在显示的是事件 {LAST}。",
        ),
    ],
)
def test_what_a_lesson_does_not_have_is_answered_by_the_nearest_and_a_line(
    context: Contexts, server: Server, address: str, line: str
) -> None:
    page = context(reduced_motion="reduce").new_page()
    page.goto(server.url + address)
    expect(page.locator("p", has_text=line)).to_be_visible()
    if "embed" in address:
        expect(page.locator(".embed-count")).to_contain_text("22")
        page.locator("#transport button").first.click()
        expect(page.locator(".embed-count")).to_contain_text("21")
        expect(page.locator("p", has_text=line)).to_have_count(0)


@pytest.mark.parametrize(
    "address", ["/lesson/partition?event=40", "/embed?lesson=partition&step=9&event=40"]
)
def test_what_is_there_is_shown_without_a_word(
    context: Contexts, server: Server, address: str
) -> None:
    page = context(reduced_motion="reduce").new_page()
    page.goto(server.url + address)
    expect(page.locator("[data-node]").first).to_be_visible()
    expect(page.get_by_text("there is no")).to_have_count(0)


def test_an_event_of_a_live_room_may_still_come(context: Contexts, server: Server) -> None:
    people = context(reduced_motion="reduce")
    first = Room(people.new_page())
    first.page.goto(f"{server.url}/sandbox?nodes=3&seed=7")
    first.wait_until_open()
    room, last = first.model("room"), first.model("last")
    page = people.new_page()
    page.goto(f"{server.url}/room/{room}?branch=main&event=9999")
    line = f"Event 9999 has not happened here yet; event {last}, the latest, is shown."
    expect(page.locator("p", has_text=line)).to_be_visible()
