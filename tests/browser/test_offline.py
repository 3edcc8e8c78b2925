"""A lesson as one file: opened from the disk, without a server, it plays, steps and explains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from raftviz import lessons
from raftviz.cli import main
from tests.browser.room import Room


def test_a_page_from_the_disk_plays_without_a_network(
    context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    file = tmp_path / "election.html"
    assert main(["export", "election", "-o", str(file)]) == 0
    made = context(offline=True)
    asked: list[str] = []
    made.on("request", lambda request: asked.append(request.url))
    page = made.new_page()
    page.goto(file.as_uri())
    room = Room(page)
    expect(page.get_by_text("Recording", exact=True)).to_be_visible()
    steps = lessons.run(lessons.find("election")).steps
    room.expect_lines(list(steps[0].lines))
    page.get_by_role("button", name="Next step").click()
    room.expect_step(2)
    room.expect_lines(list(steps[1].lines))
    page.get_by_role("tab", name="Events").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("node1 becomes a candidate for term 1.")
    expect(page.get_by_role("toolbar", name="Tools")).to_be_hidden()
    # What only a server could answer is not offered.
    expect(page.get_by_role("button", name="Compare")).to_have_count(0)
    page.keyboard.press("?")
    help_of_keys = page.locator(".help")
    expect(help_of_keys).to_contain_text("One event forward")
    expect(help_of_keys).not_to_contain_text("Compare with a branch")
    expect(page.locator("a[href^='/']:visible")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take away").click()
    expect(page.get_by_role("dialog", name="Take away")).to_be_visible()
    assert [url for url in asked if not url.startswith(("data:", "blob:", "file:"))] == []
