"""No label of the stage lies on another, however many nodes and messages there are, at every size of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from raftviz import session
from raftviz.simulation import Simulation
from tests.browser.conftest import KNOWN
from tests.browser.room import Room
from tests.server.process import Client, Server

SIZES = [(1440, 900, False), (1024, 768, False), (390, 844, False), (1600, 900, True)]
"""Width, height, and whether the type is the projector's."""

CROWD = 50
"""At least so many messages are in flight."""

MOMENTS = (0.35, 1.0)
"""Shares of the time in which the crowd travels, at which a picture is looked at."""

DRAWN = (
    "document.querySelector('.stage-picture').getAttribute('viewBox')"
    " === `0 0 ${stage.clientWidth} ${stage.clientHeight}`"
)
"""Whether the stage is drawn at the size that it has."""

# Each text that can be read on the stage, with its box; half a line's leading is no text.
LABELS = """() => {
  const kinds = '.node-name, .node-role, .node-term, .node-fact, .side-name, .lane-note, .client-name, .client-word, '
    + '.message-name, .message-detail, .stage-hint';
  const edge = stage.getBoundingClientRect();
  return [...document.querySelectorAll(`#stage :is(${kinds})`)].flatMap(text => {
    const { visibility, display } = getComputedStyle(text);
    const { left, right, top, bottom, width, height } = text.getBoundingClientRect();
    const said = text.textContent.trim();
    if (!said || visibility === 'hidden' || display === 'none' || width < 1) return [];
    const box = { left: left + 1, right: right - 1, top: top + height * 0.16, bottom: bottom - height * 0.16 };
    const out = left < edge.left - 1 || right > edge.right + 1 || box.top < edge.top || box.bottom > edge.bottom;
    return [{ said, kind: text.classList[0], out, ...box }];
  });
}"""


def crowded(server: Server, nodes: int) -> tuple[Client, str]:
    """Return a room in which two sides, an odd link, a client and a crowd of messages are on the stage."""
    simulation = Simulation(nodes=nodes, seed=7)
    names = [f"node{i + 1}" for i in range(nodes)]
    simulation.do({"link": {"from": names[0], "to": names[1], "loss": 0.5}})
    simulation.do({"write": {"key": "colour", "value": "green", "to": names[-1]}})
    for name in names * (CROWD // (nodes * (nodes - 1)) + 1):
        simulation.do({"timeout": name})
    simulation.do({"partition": [names[: nodes // 2], names[nodes // 2 :]]})
    client = Client(server)
    saved = json.loads(session.dumps(session.Session.of(simulation)))
    return client, str(client.open(session=saved)["room"])


def overlaps(labels: list[dict[str, Any]]) -> list[str]:
    """Return each pair of labels that share area, and each label that leaves the stage."""
    wrong = [f"{a['kind']} {a['said']!r} leaves the stage" for a in labels if a["out"]]
    for i, a in enumerate(labels):
        for b in labels[i + 1 :]:
            wide = min(a["right"], b["right"]) - max(a["left"], b["left"])
            high = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
            if wide > 0 and high > 0:
                wrong.append(f"{a['kind']} {a['said']!r} on {b['kind']} {b['said']!r}")
    return wrong


SHORT = [(1440, 900), (1024, 768), (1280, 640), (1366, 650)]
"""Sizes of a window on which a page of a lesson or a sandbox is shown to a lecture hall."""

# What is cut or lies on its neighbour: controls of one row, their words, and rows of the logs out of sight.
CUT = """() => {
  const there = (each) => each.getClientRects().length > 0;
  const seen = (selector) => [...document.querySelectorAll(selector)].filter(there);
  const box = (each) => each.getBoundingClientRect();
  const wrong = [];
  for (const [name, selector] of [
    ['header', '.header > :not(.header-actions, .header-space), .header-actions > *'],
    ['tools', '.stage-title, .tools > *'],
    ['steps', '.lesson-actions > :not(.header-space, .lesson-progress)'],
    ['transport', '.transport :is(button, .speed, .rules)'], ['tabs', '.tab-list [role=tab]'],
  ]) {
    const row = seen(selector);
    row.forEach((each, i) => {
      const [here, card] = [box(each), box(each.closest('.card, .header'))];
      const what = `${name}: ${each.textContent}`;
      if (i && here.left < box(row[i - 1]).right - 0.5) wrong.push(`${what} wraps, or lies on what is before it`);
      if (here.right > card.right || here.bottom > card.bottom) wrong.push(`${what} leaves its card`);
    });
  }
  for (const each of seen('.branch-name, .header-title, .rules')) {
    if (each.scrollWidth > each.clientWidth + 1) wrong.push(`${each.textContent} is cut`);
  }
  const grid = box(document.querySelector('.log-scroller'));
  for (const each of seen('.log-name')) {
    if (box(each).bottom > grid.bottom + 1) wrong.push(`${each.textContent} has no room in the logs`);
  }
  seen('.spacetime-name').map(box).forEach((here, i, all) => {
    if (i && here.top < all[i - 1].bottom - here.height * 0.2) wrong.push('names of the diagram overlap');
  });
  for (const each of seen('.desk > .card')) {
    if (box(each).bottom > innerHeight) wrong.push(`${each.id || each.className} leaves the window`);
  }
  const discs = seen('#stage .node-ring').map(box);
  for (const each of seen('#stage .client-pill')) {
    const pill = box(each);
    const touches = discs.some(({ left, top, width }) => {
      const [x, y] = [left + width / 2, top + width / 2];
      const near = [Math.max(pill.left, Math.min(x, pill.right)), Math.max(pill.top, Math.min(y, pill.bottom))];
      return Math.hypot(near[0] - x, near[1] - y) < width / 2 + 2;
    });
    if (touches) wrong.push('the word of a client lies on a node');
  }
  const [words] = seen('.lesson-text, .lesson-title');
  if (box(words).bottom > box(words.parentElement).bottom) wrong.push('the narration has no room');
  return wrong;
}"""


# How far each name beside the logs is from the middle of its row, px.
BESIDE = """() => {
  const middle = (each) => { const { top, bottom } = each.getBoundingClientRect(); return (top + bottom) / 2; };
  const rows = [...document.querySelectorAll('.log-row')];
  return [...document.querySelectorAll('.log-name')].map((each, i) => Math.abs(middle(each) - middle(rows[i])));
}"""


@pytest.fixture(scope="module")
def watcher(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(KNOWN)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("nodes", [3, 5, 7, 9])
def test_no_label_lies_on_another(watcher: Page, server: Server, nodes: int) -> None:
    client, name = crowded(server, nodes)
    watcher.set_viewport_size({"width": 1440, "height": 900})
    watcher.goto(f"{server.url}/room/{name}")
    room = Room(watcher)
    room.wait_until_open()
    watcher.evaluate("document.fonts.ready.then(() => true)")
    end = room.model("span[1]")
    start = room.model("arrows[0].p0")
    wrong = []
    for width, height, projector in SIZES:
        watcher.evaluate(
            f"document.documentElement.toggleAttribute('data-projector', {str(projector).lower()})"
        )
        watcher.set_viewport_size({"width": width, "height": height})
        for _ in range(2):
            room.wait_for(f"{DRAWN} && innerWidth === {width}")
            room.drawn()
        for share in MOMENTS:
            watcher.evaluate(f"raftviz.seek({start + (end - start) * share})")
            room.drawn()
            if share == 1.0:
                assert room.model("flights.length") >= CROWD
            labels = watcher.evaluate(LABELS)
            assert len(labels) > nodes
            if overlaps(labels):  # What passes within a frame nobody sees; what stands counts.
                room.drawn()
                labels = watcher.evaluate(LABELS)
            wrong += [f"{width}×{height} at {share}: {each}" for each in overlaps(labels)]
    client.close()
    assert wrong == []


# What stands in the lines of the header and of the transport: beyond the window, or on its neighbour.
CROWDED = """() => ['.header', '.transport'].flatMap((line) => {
  const boxes = [...document.querySelectorAll(`${line} :is(button, a, .speed-slider, .speed-value)`)]
    .filter((each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .map((each) => ({ name: each.getAttribute('aria-label') || each.textContent, box: each.getBoundingClientRect() }));
  const over = (one, other) => one.left < other.right - 1 && other.left < one.right - 1
    && one.top < other.bottom - 1 && other.top < one.bottom - 1;
  return boxes.flatMap(({ name, box }, i) => [
    ...(box.right > innerWidth + 1 ? [`${name} beyond the window`] : []),
    ...boxes.slice(i + 1).filter((other) => over(box, other.box)).map((other) => `${name} on ${other.name}`),
  ]);
})"""


def test_the_projectors_lines_have_room(watcher: Page, server: Server) -> None:
    watcher.goto(f"{server.url}/sandbox?nodes=5&seed=3")
    room = Room(watcher)
    room.wait_until_open()
    watcher.evaluate("document.fonts.ready.then(() => true)")
    watcher.evaluate("document.documentElement.toggleAttribute('data-projector', true)")
    wrong = []
    for width, height in ((1920, 1080), (1440, 900), (1280, 720)):
        watcher.set_viewport_size({"width": width, "height": height})
        room.wait_for(f"{DRAWN} && innerWidth === {width}")
        room.drawn()
        wrong += [f"{width}×{height}: {each}" for each in watcher.evaluate(CROWDED)]
    assert wrong == []


def test_nothing_is_cut_where_room_is_short(watcher: Page, server: Server) -> None:
    wrong = []
    for path in ("/lesson/partition?step=9", "/lesson/two-sides?step=6", "/sandbox?nodes=9&seed=3"):
        watcher.goto(server.url + path)
        room = Room(watcher)
        room.wait_until_open()
        watcher.evaluate("document.fonts.ready.then(() => true)")
        for width, height in SHORT:
            watcher.set_viewport_size({"width": width, "height": height})
            room.wait_for(f"{DRAWN} && innerWidth === {width}")
            room.drawn()
            wrong += [f"{path} {width}×{height}: {each}" for each in watcher.evaluate(CUT)]
    assert wrong == []
    room.page.keyboard.press("Control+z")
    said = room.page.locator("#status").get_by_text("There is nothing to take back.")
    said.wait_for()
    banner, stage = said.bounding_box(), room.page.locator("#stage").bounding_box()
    assert banner and stage and banner["y"] + banner["height"] < stage["y"]
    room.page.keyboard.press("?")
    expect(room.page.locator(".help").get_by_role("button", name="Close")).to_be_in_viewport(
        ratio=1
    )
    heights = room.page.locator(".help kbd").evaluate_all("all => all.map(e => e.offsetHeight)")
    assert len(set(heights)) == 1
    room.page.keyboard.press("Escape")
    room.page.set_viewport_size({"width": 390, "height": 844})
    room.page.get_by_role("tab", name="Logs").click()
    apart = room.page.evaluate(BESIDE)
    assert len(apart) == 9 and max(apart) <= 1


# Chapters whose cards leave a column empty, and facts of a card that take more than the two lines meant for them.
SLACK = """() => [
  ...[...document.querySelectorAll('.cards')].filter((cards) => {
    const count = cards.children.length;
    const end = cards.lastElementChild.getBoundingClientRect().right;
    return [1, 2, 3, 5].includes(count) && Math.abs(end - cards.getBoundingClientRect().right) > 1;
  }).map((cards) => cards.parentElement.id),
  ...[...document.querySelectorAll('.card-facts')]
    .filter((facts) => new Set([...facts.children].map((each) => each.offsetTop)).size > 2)
    .map((facts) => facts.closest('.card').id),
]"""


def test_short_chapters_fill_their_rows(watcher: Page, server: Server) -> None:
    watcher.goto(server.url)
    for width, height in ((1440, 900), (1024, 768)):
        watcher.set_viewport_size({"width": width, "height": height})
        assert watcher.evaluate(SLACK) == []
