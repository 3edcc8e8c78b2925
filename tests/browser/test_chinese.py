"""A lesson and its events in Chinese, alone and beside somebody who reads English."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from raftviz import lessons, narrate, session
from raftviz.simulation import Simulation
from tests.browser.room import Room
from tests.server.process import Server

Open = Callable[..., Room]
Contexts = Callable[..., BrowserContext]
PLAIN = lessons.run(lessons.find("partition"))
CHINESE = lessons.told_in(PLAIN, "zh")
ASKING = next(step for step in CHINESE.steps if step.ask)


def chinese(page: Page, address: str) -> Room:
    """Open a page in Chinese, and wait until the room is there."""
    room = Room(page)
    page.goto(address)
    expect(page.locator("[data-node-line]").first).to_be_attached()
    room.wait_for("model.connection === 'open'")
    return room


def test_a_lesson_speaks_chinese_and_keeps_the_answers_in_english(
    context: Contexts, server: Server
) -> None:
    page = context(reduced_motion="reduce").new_page()
    room = chinese(page, f"{server.url}/lesson/partition?lang=zh&step={ASKING.index + 1}")
    assert page.title().startswith(CHINESE.lesson.title)
    expect(page.locator(".header-title")).to_have_text(CHINESE.lesson.title)
    expect(page.get_by_role("heading", name=ASKING.title, exact=True)).to_be_visible()
    assert ASKING.ask is not None and PLAIN.steps[ASKING.index].ask is not None
    wrong = next(i for i, each in enumerate(ASKING.ask.choices) if each != ASKING.ask.answer)
    expect(page.get_by_text(ASKING.ask.question)).to_be_visible()
    page.get_by_role("button", name=ASKING.ask.choices[wrong], exact=True).click()
    expect(page.locator(".feedback")).to_contain_text(ASKING.ask.why)
    room.expect_lines(ASKING.lines)

    page.goto(f"{server.url}/lesson/partition?lang=en&step={ASKING.index + 1}")
    room.wait_until_open()
    ask = PLAIN.steps[ASKING.index].ask
    assert ask is not None
    expect(page.locator(".feedback")).to_contain_text(ask.why)
    chosen = page.locator(".choice").nth(wrong)
    expect(chosen).to_have_text(ask.choices[wrong])
    expect(chosen).to_have_attribute("data-mark", "wrong")


def test_narration_and_differences_in_chinese(context: Contexts, server: Server) -> None:
    step = next(step for step in CHINESE.steps if step.differs and step.say)
    page = context(reduced_motion="reduce").new_page()
    chinese(page, f"{server.url}/lesson/partition?lang=zh&step={step.index + 1}")
    first = re.sub("<[^>]*>", "", step.say_html.split("</p>")[0])
    expect(page.locator(".lesson-text p").first).to_have_text(first)
    assert step.differs_html is not None
    paper = re.sub("<[^>]*>", "", step.differs_html.paper)
    expect(page.locator(".differs dd").last).to_have_text(paper)


def test_two_people_in_one_room_read_it_each_in_their_language(
    open_room: Open, context: Contexts, server: Server
) -> None:
    presenter = open_room("/lesson/partition?step=3", reduced_motion="reduce", locale="en-GB")
    number = presenter.model("room")
    page = context(reduced_motion="reduce", locale="zh-CN").new_page()
    viewer = chinese(page, f"{server.url}/room/{number}?lang=zh")
    assert viewer.model("role") == "viewer"
    expect(page.get_by_role("heading", name=CHINESE.steps[0].title, exact=True)).to_be_visible()
    title = PLAIN.steps[2].title
    expect(presenter.page.get_by_role("heading", name=title, exact=True)).to_be_visible()

    presenter.do_to_node("node1", "Crash")
    viewer.wait_for("Object.values(model.view.nodes).some(node => node.crashed)")
    said = narrate.sentence("crashed", node="node1")
    for room, language in ((presenter, "en"), (viewer, "zh")):
        expect(room.page.get_by_role("heading", name=narrate.text(said, language))).to_be_visible()


REFUSED = (
    ("heartbeat", "node1 是跟随者，没有心跳定时器；它的定时器有：选举"),
    ("restart", "node1 正在运行；请先让 node1 崩溃"),
    ("resume", "node1 没有暂停"),
    ("unstall", "node1 的磁盘没有停滞"),
    ("snapshot", "node1 还没有应用任何条目；请先让一些条目提交"),
    ("transfer", "目前没有可以请求的领导者；请先选出一个"),
)


def test_what_cannot_be_done_is_said_in_chinese(context: Contexts, server: Server) -> None:
    page = context(reduced_motion="reduce").new_page()
    room = chinese(page, f"{server.url}/sandbox?nodes=3&seed=1&lang=zh")
    page.locator('[aria-controls="acts"]').click()
    form = page.locator(".act-form")
    for act, words in REFUSED:
        form.get_by_role("combobox").first.select_option(act)
        form.get_by_role("button").last.click()
        expect(form.get_by_role("alert")).to_have_text(words)
        assert room.model("error") == words


def test_a_file_that_cannot_be_opened_is_said_in_chinese(context: Contexts, server: Server) -> None:
    saved = session.save(session.Session.of(Simulation(nodes=3)))
    saved["branches"][0]["log"].append({"command": {"restart": "node1"}})
    page = context().new_page()
    page.goto(f"{server.url}/?lang=zh")
    file = {
        "name": "run.json",
        "mimeType": "application/json",
        "buffer": json.dumps(saved).encode(),
    }
    page.locator("#session-file").set_input_files(file)
    veil = page.get_by_role("alertdialog")
    expect(veil).to_contain_text("log[0]: restart：node1 正在运行；请先让 node1 崩溃")
