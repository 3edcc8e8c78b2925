"""Writing a lesson in the browser: it plays as one writes, says what is wrong and where, and is shown to a class."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from raftviz import lessons
from tests.browser.room import Room
from tests.server.process import Server

GOOD = "Everything that it expects holds: 3 steps."


def text_of(page: Page) -> str:
    return page.evaluate("localStorage.getItem('raftviz:draft')")


def test_a_lesson_is_written_checked_kept_and_shown(
    context: Callable[..., BrowserContext], server: Server, tmp_path: Path
) -> None:
    page = context().new_page()
    page.goto(f"{server.url}/edit")
    expect(page.get_by_text(GOOD)).to_be_visible()
    preview = page.frame_locator("iframe")
    expect(preview.get_by_text("Step 1 of 3")).to_be_visible(timeout=15_000)

    text = page.get_by_role("textbox", name="The lesson, as YAML")
    text.click()
    page.keyboard.press("Control+End")
    expect(preview.get_by_text("Step 3 of 3")).to_be_visible()
    page.keyboard.press("Control+Space")
    expect(page.get_by_text("give the ids of lessons to go on with")).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.type("stpes: 1")
    expect(page.get_by_text("It cannot be run yet.")).to_be_visible()
    wrong = page.get_by_role("button", name="line 39 unknown key `stpes`")
    expect(wrong).to_be_visible()
    expect(page.get_by_role("button", name="Show it")).to_be_disabled()
    expect(page.get_by_text("As it was before the last change")).to_be_visible()
    for _ in range(len("stpes: 1")):
        page.keyboard.press("Backspace")
    expect(page.get_by_text(GOOD)).to_be_visible()

    held = text_of(page)
    page.reload()
    expect(page.get_by_text(GOOD)).to_be_visible()
    assert text_of(page) == held

    file = tmp_path / "mine.yaml"
    file.write_text(held.replace("leader: node1", "leader: node2"), "utf-8")
    page.locator("#file").set_input_files(file)
    expect(page.get_by_text("not everything that it expects holds")).to_be_visible()
    failing = page.get_by_role("button", name="expected node2, got node1")
    failing.click()
    expect(text).to_be_focused()
    big = tmp_path / "big.yaml"
    big.write_text("#" * 10_000_000, "utf-8")
    page.locator("#file").set_input_files(big)
    expect(page.get_by_text("This lesson has 10000 KB")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "my-lesson.yaml"
    assert Path(download.value.path()).read_text("utf-8") == file.read_text("utf-8")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Show it").click()
    room = Room(opened.value)
    room.wait_until_open()
    expect(room.page.get_by_text("My lesson").first).to_be_visible()
    room.expect_step(1)


def test_what_was_done_in_a_sandbox_becomes_a_lesson(
    open_room: Callable[..., Room],
) -> None:
    room = open_room("/sandbox?nodes=3&seed=1&pre_vote=1")
    room.do_to_node("node2", "Crash")
    expect(room.node("node2", "crashed")).to_be_visible()
    room.page.get_by_role("button", name="Take away").click()
    dialog = room.page.get_by_role("dialog", name="Take away")
    dialog.get_by_role("radio", name="Lesson").check()
    with room.page.expect_download() as download:
        dialog.get_by_role("button", name="Save Lesson").click()
    made = lessons.loads(Path(download.value.path()).read_text("utf-8"), "made.yaml")
    assert [command for step in made.steps for command in step.do] == [{"crash": "node2"}]
    with room.page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Open it in the editor").click()
    expect(opened.value.get_by_text("Everything that it expects holds: 2 steps.")).to_be_visible()
