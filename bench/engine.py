"""The engine: how many messages a second it delivers with its full journal, and what an event weighs."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Iterator

from bench.report import Better, Figure
from raftviz import Simulation
from raftviz.checks import Monitor

SECONDS = 60
WRITE_EVERY_MS = 100
TIMING = {"election_timeout": [150, 300], "heartbeat": 50, "latency": [10, 15]}


def busy_minute() -> Simulation:
    """Five nodes for a minute of virtual time, with heartbeats, and a client that writes."""
    run = Simulation(nodes=5, seed=1, timers="auto", timing=TIMING)
    run.do({"run_until": {"leader": True, "within": 5_000}})
    for number in range(SECONDS * 1000 // WRITE_EVERY_MS):
        run.do({"write": {"key": f"key{number % 10}", "value": number, "client": "c1"}})
        run.run_to(run.now_us + WRITE_EVERY_MS * 1000)
    assert not run.violations
    return run


def _seconds_for_checks(run: Simulation) -> float:
    """How long the monitor alone takes over a run's events."""
    monitor = Monitor(run.node_ids)
    began = time.process_time()
    for event in run.events:
        monitor.observe(event)
    return time.process_time() - began


def _bytes_per_event() -> float:
    gc.collect()
    tracemalloc.start()
    run = busy_minute()
    gc.collect()
    weight, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return weight / len(run.events)


def measure(repeats: int = 5) -> Iterator[Figure]:
    """Yield the engine's figures, the best of some repeats, in time of one core."""
    took = []
    for _ in range(repeats):
        began = time.process_time()
        run = busy_minute()
        took.append(time.process_time() - began)
    seconds = min(took)
    delivered = sum(event.kind == "message_delivered" for event in run.events)
    checks = min(_seconds_for_checks(run) for _ in range(repeats))
    yield Figure(
        "messages delivered a second, journal and checks",
        delivered / seconds,
        "/s",
        40_000,
        Better.HIGHER,
    )
    yield Figure(
        "… without the checks", delivered / (seconds - checks), "/s", 40_000, Better.HIGHER
    )
    yield Figure("… share of the checks", 100 * checks / seconds, "%")
    yield Figure("… events in the run", len(run.events), "")
    yield Figure("memory per event", _bytes_per_event(), "bytes", 600)
