"""The command `explore`: a search for a promise that falls, told as it goes on."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from raftviz import explore
from raftviz.errors import Error, OptionError, did_you_mean, shown
from raftviz.explore import Aim, Report
from raftviz.simulation import Simulation

FOUND, NOTHING = 1, 0
EVENTS = 6_000_000
"""About a minute on two cores: enough for each of the mistakes."""
EVENTS_MOST = 1_000_000_000
WORKERS_MOST = 64


def add_to(commands: Any) -> None:
    """Make the command known to the parser of the command line."""
    parser = commands.add_parser(
        "explore",
        help="search for a violation, and write what is found as a lesson",
        description="Carry out random schedules until a safety property falls, shrink what was "
        "found, and write it as a lesson. The same seed finds the same, however many workers "
        "there are. Exit code 0: nothing was found; 1: something was; 2: the command is wrong.",
    )
    parser.add_argument("--bugs", default="", metavar="NAME,…", help="mistakes to make on purpose")
    parser.add_argument(
        "--budget", type=_whole(1, EVENTS_MOST), default=EVENTS, metavar="N",
        help=f"how many events to look at, at most (default {EVENTS:,})",
    )  # fmt: skip
    parser.add_argument("--seed", type=_whole(0, 2**53), default=1, metavar="N", help="default 1")
    parser.add_argument(
        "--workers", type=_whole(1, WORKERS_MOST), default=None, metavar="N",
        help="processes that search (default: one for each core)",
    )  # fmt: skip
    parser.add_argument(
        "--nodes", type=_whole(2, 7), default=None, metavar="N", help="default: 3 to 5, drawn"
    )
    parser.add_argument(
        "--options", default="", metavar="NAME=VALUE,…", help="protocol options that all have"
    )
    parser.add_argument(
        "--property", default=None, metavar="NAME",
        help="the property that is to fall (default: that of the one bug, or else any)",
    )  # fmt: skip
    parser.add_argument(
        "--output", default=None, metavar="FILE", help="where the lesson goes (default: found.yaml)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Search, and tell what came of it. Raises Error for what cannot be searched."""
    aim = _aim(arguments)
    workers = arguments.workers or os.cpu_count() or 1
    output = Path(arguments.output or "found.yaml")
    if not output.parent.is_dir():
        raise Error(
            f"there is no folder {shown(str(output.parent))}", where="--output", remedy="make it"
        )
    began = time.monotonic()
    progress = _Progress(arguments.budget, began)
    report = explore.search(aim, arguments.budget, workers, progress)
    progress.end()
    _tell(report, time.monotonic() - began)
    if report.finding is None:
        return NOTHING
    text = explore.lesson_text(report.finding, arguments.seed)
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Error(f"it cannot be written: {error.strerror}", where=str(output)) from None
    print(f"\nWritten to {output}. See it:  python -m raftviz run {output}")
    print(f"In the browser:  python -m raftviz serve --lesson {output}")
    return FOUND


def _aim(arguments: argparse.Namespace) -> Aim:
    options = _options(arguments.options)
    bugs = [name for name in arguments.bugs.split(",") if name]
    if bugs:
        options["bugs"] = bugs
    Simulation(arguments.nodes or 3, options=options)  # refuses what does not exist
    properties: tuple[str, ...] = (arguments.property,) if arguments.property else ()
    if not properties and len(bugs) == 1:
        properties = explore.promises_of(bugs[0])
    for name in properties:
        if name not in explore.PROMISES:
            raise Error(
                f"there is no property {shown(name)}",
                where="--property",
                remedy=did_you_mean(name, explore.PROMISES),
            )
    return Aim(arguments.seed, arguments.nodes, options, properties)


def _options(text: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for pair in filter(None, text.split(",")):
        name, equals, value = pair.partition("=")
        if not equals:
            raise OptionError(
                f"{shown(pair)} says no value", where="--options", remedy=f"write {name}=true"
            )
        options[name.strip()] = yaml.safe_load(value)
    return options


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(
                f"{text!r} does not fit; give a whole number from {low} to {high:,}"
            )
        return int(text)

    return parse


class _Progress:
    """How far the search is, on one line of a terminal; silent elsewhere."""

    def __init__(self, budget: int, began: float) -> None:
        self._budget = budget
        self._began = began
        self._shows = sys.stderr.isatty()

    def __call__(self, report: Report) -> None:
        if self._shows:
            share = min(1.0, report.events / self._budget)
            rate = report.events / max(0.1, time.monotonic() - self._began)
            sys.stderr.write(
                f"\r{share:4.0%}  {report.schedules:,} schedules, {report.events:,} events, "
                f"{rate:,.0f} events/s   "
            )
            sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._shows:
            sys.stderr.write("\r" + " " * 78 + "\r")
            sys.stderr.flush()


def _tell(report: Report, seconds: float) -> None:
    rate = report.events / max(seconds, 0.001)
    print(
        f"{report.schedules:,} schedules, {report.events:,} events in {seconds:.1f} s "
        f"({rate:,.0f} events/s)"
    )
    seen = sorted(report.reached.items(), key=lambda pair: -pair[1])
    print("Schedules that came to: " + ", ".join(f"{goal} {count:,}" for goal, count in seen))
    finding = report.finding
    if finding is None:
        print("No violation.")
        return
    print(
        f"\n{finding.found.property} falls in schedule {finding.number}: {finding.found.message}. "
        f"Shrunk from {finding.commands} to {len(finding.schedule.commands)} commands:"
    )
    print(f"    cluster: {finding.schedule.cluster}")
    for command in finding.schedule.commands:
        print(f"    {command}")
