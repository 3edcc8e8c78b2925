"""Run the benchmarks and print one table: `python -m bench [engine] [browser]`, both without arguments."""

from __future__ import annotations

import os
import sys

from bench import browser, engine
from bench.report import Figure, table

PARTS = {"engine": engine.measure, "browser": browser.measure}


def _others_at_work() -> str | None:
    """What to say when the machine has other things to do, so that times come out too long."""
    if not hasattr(os, "getloadavg"):
        return None
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load < cores / 2:
        return None
    return f"The machine is busy (load {load:.1f} on {cores} cores): times come out too long."


def main(wanted: list[str]) -> int:
    """Measure what is wanted and print it; return the exit code."""
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"there is no benchmark {unknown[0]}; use {' or '.join(PARTS)}", file=sys.stderr)
        return 2
    busy = _others_at_work()
    figures: list[Figure] = []
    for name in wanted or PARTS:
        figures += PARTS[name]()
    print(table(figures))
    if busy:
        print(busy)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
