"""The page in a real browser: loading, command to frame, seeking, and what playing costs."""

from __future__ import annotations

import random
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from bench import playing
from bench.page import NOTE_FIRST_STATE, SIZE, TIME_COMMAND, grow, open_page, until
from bench.report import Figure
from bench.server import running_server
from raftviz.server.assets import imports, lean, packed

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
from find_browser import FLAGS, find_browser

LOADS = 5
COMMANDS = 60
SESSION_EVENTS = 100_000
PLACES = 200
ROUNDS = 3

# Seeks, draws, and lets the browser lay the page out, as it would before painting it.
TIME_SEEK = """
(share) => {
  const began = performance.now();
  raftviz.seek(raftviz.end * share);
  document.body.getBoundingClientRect();
  return performance.now() - began;
}
"""


def _load_once(browser: Browser, address: str) -> tuple[float, float, set[str]]:
    """Milliseconds until the lesson is drawn, bytes over the wire, and hosts contacted."""
    page = browser.new_context(viewport=SIZE).new_page()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    weights: list[float] = []
    hosts: set[str] = set()
    cdp.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    cdp.on(
        "Network.webSocketFrameReceived",
        lambda event: weights.append(len(event["response"]["payloadData"])),
    )
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).netloc))
    page.add_init_script(NOTE_FIRST_STATE)
    page.goto(address)
    until(page, "window.drawnAt !== undefined")
    took = page.evaluate("drawnAt")
    page.wait_for_timeout(500)
    page.context.close()
    return took, sum(weights), hosts


def _loading(browser: Browser, address: str) -> Iterator[Figure]:
    loads = [_load_once(browser, f"{address}/lesson/partition") for _ in range(LOADS)]
    own = urlsplit(address).netloc
    others = {host for _, _, hosts in loads for host in hosts if host not in (own, "")}
    yield Figure(
        "cold load until the lesson is drawn", statistics.median(x[0] for x in loads), "ms", 1000
    )
    yield Figure("… over the wire", max(x[1] for x in loads) / 1000, "KB", 400)
    yield Figure("… other hosts contacted", len(others), "", 0)


def _commands(page: Page) -> Iterator[Figure]:
    grow(page, {"run_until": {"leader": True, "within": 5000}})
    took = []
    for number in range(COMMANDS):
        took.append(page.evaluate(TIME_COMMAND, {"write": {"key": "k", "value": number}}))
        page.wait_for_timeout(70)
    yield Figure("command to frame in the browser, median", statistics.median(took), "ms", 20)
    yield Figure("… slowest of 60", max(took), "ms")


def _seeking(page: Page) -> Iterator[Figure]:
    while page.evaluate("raftviz.last") < SESSION_EVENTS:
        grow(page, {"write": {"key": "k", "value": "v"}})
        before = page.evaluate("raftviz.last")
        grow(page, {"advance": 10_000})
        until(page, f"raftviz.last > {before} + 1000")
        page.wait_for_timeout(150)
    places = random.Random(1)
    shares = [places.random() for _ in range(PLACES)]
    rounds = [[page.evaluate(TIME_SEEK, share) for share in shares] for _ in range(ROUNDS)]
    single = [each for one in rounds for each in one]
    # A place is slow by itself; a single seek also where the machine did something else meanwhile.
    by_place = [statistics.median(times) for times in zip(*rounds, strict=True)]
    yield Figure("events in the session that is sought in", page.evaluate("raftviz.last"), "")
    yield Figure("seek to a random point, median", statistics.median(single), "ms", 50)
    yield Figure(
        f"… slowest of {PLACES} places, each sought {ROUNDS} times", max(by_place), "ms", 50
    )
    yield Figure(
        "… 99 of 100 single seeks within", statistics.quantiles(single, n=100)[98], "ms", 50
    )
    yield Figure(f"… slowest of {len(single)} single seeks", max(single), "ms", 50)


def _scripts(entry: str) -> int:
    """Bytes of all scripts that a page may load, now or later, each compressed as it is sent."""
    static = Path(__file__).resolve().parent.parent / "static"
    files = [static / name for name in imports(static, entry, later=True)]
    return sum(len(packed(_sent(path), "br", kept=True)) for path in files)


def _sent(path: Path) -> bytes:
    script = path.read_bytes()
    return script if "vendor" in path.parts else lean(script)


def measure() -> Iterator[Figure]:
    """Yield the figures of the page, measured in an installed browser against a server of our own."""
    yield Figure("scripts of a room in all, compressed", _scripts("main.js") / 1000, "KB", 200)
    yield Figure("… of the page for writing lessons", _scripts("edit.js") / 1000, "KB")
    with running_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        yield from _loading(browser, address)
        page = open_page(browser, f"{address}/sandbox?nodes=5&seed=1")
        yield from _commands(page)
        yield from _seeking(page)
        page.context.close()
        yield from playing.measure(browser, address)
        browser.close()
