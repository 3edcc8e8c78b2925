"""The first page: lessons found, begun, gone on with, and their pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from raftviz.lessons import library
from raftviz.lessons.loader import CHAPTERS, ORDER
from tests.server.process import Server

Contexts = Callable[..., BrowserContext]
PROGRESS = {
    "what-is-consensus": {"step": 14, "of": 14, "right": 3, "asked": 4, "done": True, "at": 1},
    "election": {"step": 5, "of": 8, "right": 1, "asked": 1, "done": False, "at": 2},
}
WRITTEN = json.dumps(json.dumps(PROGRESS))
KEEP = f"if (location.protocol !== 'about:') localStorage.setItem('raftviz:progress', {WRITTEN})"


def card(page: Page, title: str) -> Locator:
    has = page.get_by_role("link", name=title, exact=True).and_(page.locator(".card-title"))
    return page.get_by_role("listitem").filter(has=has)


def count(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=re.compile(f"^{text}$"))).to_be_attached()


def test_lessons_are_found(context: Contexts, server: Server) -> None:
    page = context(reduced_motion="reduce").new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/?lang=en")
    count(page, f"{len(ORDER)} lessons")
    expect(card(page, "What is consensus?").get_by_text("Start here")).to_be_visible()

    assert not any("minisearch" in url for url in asked), "loaded when something is looked for"
    page.keyboard.press("/")
    field = page.get_by_role("searchbox", name="Search the lessons")
    expect(field).to_be_focused()
    field.fill("选举 figure 8")
    count(page, f"\\d+ lessons? of {len(ORDER)}")
    field.fill("electon")
    count(
        page, f"\\d+ lessons of {len(ORDER)} No lesson has “electon”; this is what has .*election.*"
    )
    expect(card(page, "Electing a leader")).to_be_visible()
    field.fill("minority heal zzz")
    expect(page.get_by_text("No lesson fits")).to_be_visible()
    expect(page.get_by_role("heading", level=3).first).to_be_hidden()
    page.get_by_role("button", name="Show all lessons").click()
    expect(field).to_be_focused()
    expect(page.get_by_role("heading", level=3).and_(page.locator(".chapter *"))).to_have_count(
        len(CHAPTERS)
    )
    page.get_by_text("beginner", exact=True).first.click()
    easy = [lesson for lesson in library() if lesson.level == "beginner"]
    count(page, f"{len(easy)} lessons of {len(ORDER)}")
    field.fill("split")
    expect(card(page, "A split vote")).to_be_visible()
    expect(card(page, "What is consensus?")).to_be_hidden()
    assert page.url.endswith("level=beginner&q=split")
    expect(page.get_by_role("link", name="中文")).to_have_attribute(
        "href", re.compile("level=beginner&q=split")
    )
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("searchbox", name="搜索课程")).to_have_value("split")
    expect(page.get_by_role("radio", name="入门")).to_be_checked()
    expect(page.get_by_role("link", name="选票被瓜分").first).to_be_visible()
    assert [url for url in asked if "/js/" in url and "/js/home.js?all" not in url] == []
    assert [url for url in asked if "socket.io" in url] == []


def test_progress_is_told_and_forgotten(context: Contexts, server: Server) -> None:
    browser = context(reduced_motion="reduce", permissions=["clipboard-write", "clipboard-read"])
    browser.add_init_script(KEEP)
    page = browser.new_page()
    page.goto(f"{server.url}/?lang=en")
    expect(card(page, "What is consensus?").get_by_text("Done · 3 of 4 right")).to_be_visible()
    begun = card(page, "Electing a leader")
    expect(begun.get_by_text("Go on here")).to_be_visible()
    expect(begun.get_by_text("Step 5 of 8")).to_be_visible()
    address = re.compile(r"/lesson/election\?step=5$")
    way = begun.get_by_role("link", name="Go on at step 5: Electing a leader")
    expect(way).to_have_attribute("href", address)
    expect(page.get_by_role("link", name="Go on: Electing a leader", exact=True)).to_have_attribute(
        "href", address
    )
    begun.get_by_role("button", name="Copy the link to “Electing a leader”").click()
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_attached()
    assert page.evaluate("navigator.clipboard.readText()") == f"{server.url}/lesson/election"

    summary = page.get_by_text(f"1 of {len(ORDER)} lessons done, 1 begun.", exact=True).first
    expect(summary).to_be_visible()
    page.get_by_role("button", name="Forget my progress").click()
    expect(card(page, "What is consensus?").get_by_text("Start here")).to_be_visible()
    assert page.evaluate("localStorage.getItem('raftviz:progress')") is None
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(begun.get_by_text("Go on here")).to_be_visible()
    way.click()
    expect(page).to_have_url(address)


def test_pictures_come_when_near_and_play_while_one_is_there(
    context: Contexts, server: Server
) -> None:
    page = context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/?lang=en")
    first, last = card(page, "What is consensus?"), page.locator(".card").last
    picture = first.locator("svg.picture")
    expect(picture.locator(".picture-disc").first).to_be_visible()
    expect(picture.locator(".frame")).to_have_count(1)
    far = str(last.locator("[data-picture]").get_attribute("data-picture"))
    assert [url for url in asked if url.endswith(far)] == []
    first.get_by_role("link").first.focus()
    expect(picture.locator(".frame:not(.on)").nth(1)).to_be_attached()
    expect(first.get_by_text(re.compile(r"^Step \d+$"))).to_be_visible()
    page.get_by_role("searchbox").focus()
    expect(first.get_by_text(re.compile(r"^Step \d+$"))).to_be_hidden()
    last.scroll_into_view_if_needed()
    expect(last.locator("svg.picture .frame.on")).to_have_count(1)

    page.emulate_media(reduced_motion="reduce")
    last.hover()
    expect(last.locator(".frame")).to_have_count(1)
    ink = "getComputedStyle(document.querySelector('.picture-leader .picture-disc')).fill"
    before = page.evaluate(ink)
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(ink) != before
