"""The page in a real browser: loading, command to frame, seeking, and what playing costs."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

from bench.report import Better, Figure
from bench.server import running_server

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
from find_browser import FLAGS, find_browser

SIZE: ViewportSize = {"width": 1440, "height": 900}
LOADS = 5
COMMANDS = 60
SESSION_EVENTS = 100_000
SEEKS = 200
PLAYING_SECONDS = 6

# Runs before the page does: notes when the first state has been drawn.
NOTE_FIRST_STATE = """
(() => {
  const look = () => {
    if (window.raftviz?.last > 0 && document.querySelector('#stage svg text')) {
      requestAnimationFrame(() => requestAnimationFrame(() => { window.drawnAt = performance.now(); }));
    } else setTimeout(look, 4);
  };
  look();
})();
"""

# Times one command: from the click to the moment that the frame with its events is in the store.
TIME_COMMAND = """
(command) => new Promise((resolve) => {
  const { store } = raftviz;
  const take = store.frame;
  raftviz.seekSeq(raftviz.last);
  const began = performance.now();
  store.frame = (frame) => {
    take(frame);
    if (!frame.events.length) return;
    store.frame = take;
    resolve(performance.now() - began);
  };
  raftviz.dispatch({ type: 'command', command });
})
"""

# Seeks, draws, and lets the browser lay the page out, as it would before painting it.
TIME_SEEK = """
(share) => {
  const began = performance.now();
  raftviz.seek(raftviz.end * share);
  document.body.getBoundingClientRect();
  return performance.now() - began;
}
"""

COUNT_FRAMES = """
() => {
  window.frames60 = 0;
  const count = () => { window.frames60 += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
}
"""


def _until(page: Page, expression: str, within: float = 60.0) -> None:
    """Wait until a JavaScript expression is true; the page's policy forbids Playwright's own way."""
    end = time.monotonic() + within
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise TimeoutError(f"{expression} did not come about in {within:g} s")
        page.wait_for_timeout(5)


def _open(browser: Browser, address: str) -> Page:
    """A page of its own, with nothing cached, whose first state is drawn."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.add_init_script(NOTE_FIRST_STATE)
    page.goto(address)
    _until(page, "window.drawnAt !== undefined")
    return page


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
    _until(page, "window.drawnAt !== undefined")
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


def _grow(page: Page, command: dict[str, object]) -> None:
    """Give a command at the head and wait until its events are here."""
    page.evaluate(TIME_COMMAND, command)


def _commands(page: Page) -> Iterator[Figure]:
    _grow(page, {"run_until": {"leader": True, "within": 5000}})
    took = []
    for number in range(COMMANDS):
        took.append(page.evaluate(TIME_COMMAND, {"write": {"key": "k", "value": number}}))
        page.wait_for_timeout(70)
    yield Figure("command to frame in the browser, median", statistics.median(took), "ms", 20)
    yield Figure("… slowest of 60", max(took), "ms")


def _seeking(page: Page) -> Iterator[Figure]:
    while page.evaluate("raftviz.last") < SESSION_EVENTS:
        _grow(page, {"write": {"key": "k", "value": "v"}})
        before = page.evaluate("raftviz.last")
        _grow(page, {"advance": 10_000})
        _until(page, f"raftviz.last > {before} + 1000")
        page.wait_for_timeout(150)
    places = random.Random(1)
    took = [page.evaluate(TIME_SEEK, places.random()) for _ in range(SEEKS)]
    yield Figure("events in the session that is sought in", page.evaluate("raftviz.last"), "")
    yield Figure("seek to a random point, median", statistics.median(took), "ms", 50)
    yield Figure(f"… slowest of {SEEKS}", max(took), "ms", 50)


def _cpu_seconds(cdp: CDPSession) -> dict[str, float]:
    """Seconds of processor time by type of the browser's processes."""
    seconds: dict[str, float] = {}
    for process in cdp.send("SystemInfo.getProcessInfo")["processInfo"]:
        seconds[process["type"]] = seconds.get(process["type"], 0.0) + process["cpuTime"]
    return seconds


def _playing(browser: Browser, address: str) -> Iterator[Figure]:
    page = _open(browser, f"{address}/sandbox?nodes=5&seed=1")
    _grow(page, {"run_until": {"leader": True, "within": 5000}})
    _grow(page, {"write": {"key": "k", "value": "v"}})
    page.evaluate("raftviz.seekSeq(raftviz.last)")
    page.evaluate("raftviz.dispatch({ type: 'play' })")
    page.wait_for_timeout(1500)
    whole = browser.new_browser_cdp_session()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # processor time, not the clock's

    def task_seconds() -> float:
        metrics = cdp.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

    page.evaluate(COUNT_FRAMES)
    tasks, cpu, frames, began = (
        task_seconds(),
        _cpu_seconds(whole),
        page.evaluate("frames60"),
        time.perf_counter(),
    )
    page.wait_for_timeout(PLAYING_SECONDS * 1000)
    elapsed = time.perf_counter() - began
    spent = _cpu_seconds(whole)["renderer"] - cpu["renderer"]
    yield Figure(
        "main thread while 5 nodes play",
        100 * (task_seconds() - tasks) / elapsed,
        "% of a core",
        25,
    )
    yield Figure("… the page's whole process", 100 * spent / elapsed, "% of a core")
    yield Figure(
        "… frames a second", (page.evaluate("frames60") - frames) / elapsed, "", 58, Better.HIGHER
    )
    page.context.close()


def measure() -> Iterator[Figure]:
    """Yield the figures of the page, measured in an installed browser against a server of our own."""
    with running_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        yield from _loading(browser, address)
        page = _open(browser, f"{address}/sandbox?nodes=5&seed=1")
        yield from _commands(page)
        yield from _seeking(page)
        page.context.close()
        yield from _playing(browser, address)
        browser.close()
