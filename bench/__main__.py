"""Run the benchmarks and print one table: `python -m bench [engine] [browser]`, both without arguments."""

from __future__ import annotations

import sys

from bench import browser, engine
from bench.report import Figure, table

PARTS = {"engine": engine.measure, "browser": browser.measure}


def main(wanted: list[str]) -> int:
    """Measure what is wanted and print it; return the exit code."""
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"there is no benchmark {unknown[0]}; use {' or '.join(PARTS)}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    for name in wanted or PARTS:
        figures += PARTS[name]()
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
