"""Run the benchmarks and print one table: `python -m bench [engine] [browser]`, both without arguments."""

from __future__ import annotations

import sys

from bench import engine
from bench.report import table


def main(wanted: list[str]) -> int:
    """Measure what is wanted and print it; return the exit code."""
    figures = []
    if not wanted or "engine" in wanted:
        figures += engine.measure()
    if not wanted or "browser" in wanted:
        from bench import browser

        figures += browser.measure()
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
