"""What playing costs: five nodes as usual, and nine with two hundred messages in the air."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Page

from bench.page import grow, open_page
from bench.report import Better, Figure

SECONDS = 6
SETTLING_MS = 1500

FIVE = "nodes=5&seed=1"
# 8 heartbeats and 8 replies every 50 ms, each 640 ms on its way: about 205 in the air at any time.
NINE = "nodes=9&seed=1&heartbeat=50&latency=620-660&election_timeout=3000-6000"

# Counts frames, and keeps the longest of the tasks that a browser calls long (50 ms and more).
COUNT = """
() => {
  window.counted = { frames: 0, longest: 0 };
  const count = () => { counted.frames += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) counted.longest = Math.max(counted.longest, duration);
  }).observe({ entryTypes: ['longtask'] });
}
"""


@dataclass(frozen=True, slots=True)
class Played:
    """What a page did while it played."""

    main: float
    """Share of a core that the page's main thread took, %."""
    process: float
    """Share of a core that the page's whole process took, %."""
    frames: float
    """Frames a second."""
    longest: float
    """The longest task of 50 ms or more, ms; 0 where none was that long."""
    messages: float
    """Messages in the air, the median of some looks."""


def _cpu_seconds(cdp: CDPSession) -> dict[str, float]:
    """Seconds of processor time by type of the browser's processes."""
    seconds: dict[str, float] = {}
    for process in cdp.send("SystemInfo.getProcessInfo")["processInfo"]:
        seconds[process["type"]] = seconds.get(process["type"], 0.0) + process["cpuTime"]
    return seconds


def _task_seconds(cdp: CDPSession) -> float:
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def _play(page: Page, browser: Browser, within_ms: int) -> Played:
    """Elect, write, play, and look at the page for some seconds."""
    grow(page, {"run_until": {"leader": True, "within": within_ms}})
    grow(page, {"write": {"key": "k", "value": "v"}})
    grow(page, {"advance": 1500})
    page.evaluate("raftviz.seekSeq(raftviz.last)")
    page.evaluate("raftviz.dispatch({ type: 'play' })")
    page.wait_for_timeout(SETTLING_MS)
    whole = browser.new_browser_cdp_session()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # processor time, not the clock's
    page.evaluate(COUNT)
    tasks, cpu, began = _task_seconds(cdp), _cpu_seconds(whole), time.perf_counter()
    messages = []
    for _ in range(SECONDS):
        page.wait_for_timeout(1000)
        messages.append(page.evaluate("raftviz.model().flights.length"))
    elapsed = time.perf_counter() - began
    spent = _cpu_seconds(whole)["renderer"] - cpu["renderer"]
    counted = page.evaluate("counted")
    return Played(
        main=100 * (_task_seconds(cdp) - tasks) / elapsed,
        process=100 * spent / elapsed,
        frames=counted["frames"] / elapsed,
        longest=counted["longest"],
        messages=statistics.median(messages),
    )


def measure(browser: Browser, address: str) -> Iterator[Figure]:
    """Yield what playing costs."""
    page = open_page(browser, f"{address}/sandbox?{FIVE}")
    five = _play(page, browser, 5_000)
    page.context.close()
    yield Figure("main thread while 5 nodes play", five.main, "% of a core", 21.5)
    yield Figure("… the page's whole process", five.process, "% of a core")
    yield Figure("… frames a second", five.frames, "", 58, Better.HIGHER)
    yield Figure("… longest task over 50 ms", five.longest, "ms", 50)
    page = open_page(browser, f"{address}/sandbox?{NINE}")
    nine = _play(page, browser, 10_000)
    page.context.close()
    yield Figure("messages in the air while 9 nodes play", nine.messages, "", 200, Better.HIGHER)
    yield Figure("… frames a second", nine.frames, "", 58, Better.HIGHER)
    yield Figure("… longest task over 50 ms", nine.longest, "ms", 50)
    yield Figure("… main thread", nine.main, "% of a core")
