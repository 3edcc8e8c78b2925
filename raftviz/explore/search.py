"""The search: schedules in their order, in batches on all cores, until one of them breaks a promise.

What is found does not depend on how many workers there are or how fast they are: it is the first
schedule, by its number, that breaks what is looked for, and it is shrunk in one place.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from raftviz.checks import GOALS
from raftviz.explore.schedule import Aim, Broken, Schedule, Trial, explore
from raftviz.explore.shrink import shrink

BATCH = 20
"""So many schedules a worker carries out before it reports."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that fell: in which schedule, and the simplest one in which it falls too."""

    number: int
    commands: int
    """How many commands there were before shrinking."""
    schedule: Schedule
    broken: tuple[Broken, ...]
    """All that falls in the simplest schedule, in order."""
    found: Broken
    """What was looked for."""


@dataclass(slots=True)
class Report:
    """What a search came to: how much it carried out, which goals its schedules reached how often,
    and what it found.
    """

    schedules: int = 0
    events: int = 0
    reached: dict[str, int] = field(default_factory=lambda: {goal.name: 0 for goal in GOALS})
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class _Batch:
    """What a worker reports of the schedules from `first` on."""

    first: int
    trials: tuple[tuple[int, tuple[str, ...]], ...]
    """Of each schedule, how many events it wrote, and which goals it reached."""
    trial: Trial | None


def search(
    aim: Aim,
    events: int,
    workers: int = 1,
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Carry out schedules 1, 2, 3 … until one breaks what `aim` looks for, or the next one would write
    more than `events` events with those before it. `progress` is told of each batch, in the order of
    their numbers.
    """
    report = Report()
    with _batches(aim, workers, events) as batches:
        for batch in batches:
            whole = _add(report, batch, events)
            progress(report)
            if not whole:
                break
            if batch.trial is not None:
                number = batch.first + len(batch.trials) - 1
                report.finding = _shrunk(batch.trial, number, tuple(aim.options))
                break
    return report


def _add(report: Report, batch: _Batch, most: int) -> bool:
    """Count a batch's schedules; whether all of them are within `most` events."""
    for events, reached in batch.trials:
        if report.events + events > most:
            return False
        report.schedules += 1
        report.events += events
        for goal in reached:
            report.reached[goal] = report.reached.get(goal, 0) + 1
    return True


def _shrunk(trial: Trial, number: int, keep: tuple[str, ...]) -> Finding:
    assert trial.found is not None
    best = shrink(trial, trial.found.property, keep)
    assert best.found is not None
    commands = len(trial.schedule.commands)
    return Finding(number, commands, best.schedule, best.broken, best.found)


@contextmanager
def _batches(aim: Aim, workers: int, most: int) -> Iterator[Iterator[_Batch]]:
    """The batches in the order of their numbers, without end."""
    orders = ((aim, first, most) for first in _firsts())
    if workers <= 1:
        yield map(_carry_out, orders)
        return
    # Fresh interpreters: what a server has patched, or a test has opened, does not come along.
    context = multiprocessing.get_context("spawn")
    with _interrupts_held_back():
        pool = context.Pool(workers, _leave_interrupts)
    with pool:
        yield _in_order(pool.apply_async, orders, ahead=3 * workers)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal. Workers that start meanwhile are born deaf to it:
    who began the search ends them, and nobody else has anything to say about it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may decide on signals
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _leave_interrupts() -> None:
    """The same for a worker that starts later, in place of one that died."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_order(
    start: Callable[..., multiprocessing.pool.AsyncResult[_Batch]],
    orders: Iterator[tuple[Aim, int, int]],
    ahead: int,
) -> Iterator[_Batch]:
    """Results in the order of their orders, of which no more than `ahead` are given out at a time."""
    running = [start(_carry_out, (next(orders),)) for _ in range(ahead)]
    while True:
        batch = running.pop(0).get()
        running.append(start(_carry_out, (next(orders),)))
        yield batch


def _firsts() -> Iterator[int]:
    first = 1
    while True:
        yield first
        first += BATCH


def _carry_out(order: tuple[Aim, int, int]) -> _Batch:
    """One batch, up to the first schedule in which what is looked for falls, or that is more than is
    to be looked at.
    """
    aim, first, most = order
    trials: list[tuple[int, tuple[str, ...]]] = []
    for number in range(first, first + BATCH):
        try:
            trial = explore(number, aim)
        except Exception as error:
            error.add_note(f"This is schedule {number} of seed {aim.seed}.")
            raise
        trials.append((trial.events, tuple(trial.reached)))
        if trial.found is not None:
            return _Batch(first, tuple(trials), trial)
        if sum(events for events, _ in trials) > most:
            break
    return _Batch(first, tuple(trials), None)
