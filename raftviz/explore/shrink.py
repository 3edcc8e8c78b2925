"""Making a schedule short enough to read, with the same property falling at its end.

Delta debugging (Zeller, Hildebrandt 2002) on the list of commands, then a simpler cluster and simpler
commands. Whatever is tried is carried out from the start; nothing is kept that is not simpler, or in
which a promise could fall without any mistake (fair).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from raftviz.errors import Error
from raftviz.explore import simpler
from raftviz.explore.fair import is_fair
from raftviz.explore.schedule import Schedule, Trial, play

TRIES_MOST = 4000
"""So many schedules are tried at most: some ten seconds."""

PAIRS_MOST = 40
"""Of no more commands than these are pairs left out together."""


def shrink(trial: Trial, property: str, keep: tuple[str, ...] = ()) -> Trial:
    """The simplest trial found in which `property` falls at the end, as it does in `trial`. The
    options in `keep` stay as they are.
    """
    shrinker = _Shrinker(trial, property)
    while shrinker.passes(keep):
        pass
    return shrinker.best


def size(schedule: Schedule) -> tuple[int, int, int]:
    """How much there is to read: commands first, then nodes, then text."""
    nodes = schedule.cluster["nodes"]
    text = json.dumps([schedule.cluster, schedule.commands], ensure_ascii=False)
    return len(schedule.commands), nodes, len(text)


class _Shrinker:
    """The best trial so far, and how many were tried."""

    def __init__(self, trial: Trial, property: str) -> None:
        self.best = trial
        self._property = property
        self._tries = 0
        self._known: dict[str, None] = {}

    def passes(self, keep: tuple[str, ...]) -> bool:
        """Go once through all that might make it simpler; whether anything did."""
        before = size(self.best.schedule)
        self._leave_out_chunks()
        self._each(lambda schedule: simpler.clusters(schedule, keep))
        self._each(simpler.commands)
        if len(self.best.schedule.commands) <= PAIRS_MOST:
            self._each(_without_pairs)
        return size(self.best.schedule) < before and self._tries < TRIES_MOST

    def _try(self, schedule: Schedule) -> bool:
        """Whether the schedule does it and is simpler; if so it is the best one."""
        if self._tries >= TRIES_MOST or not size(schedule) < size(self.best.schedule):
            return False
        text = json.dumps([schedule.cluster, schedule.commands])
        if text in self._known:
            return False
        self._known[text] = None
        if not is_fair(schedule):
            return False
        self._tries += 1
        try:
            trial = play(schedule, (self._property,))
        except Error:
            return False  # no such cluster can be made
        if trial.found is None:
            return False
        self.best = trial
        return True

    def _leave_out_chunks(self) -> None:
        """Leave out halves, quarters, and so on down to single commands, the last ones first."""
        width = max(1, len(self.best.schedule.commands) // 2)
        while True:
            end = len(self.best.schedule.commands)
            while end > 0:
                commands = self.best.schedule.commands
                end = min(end, len(commands))
                begin = max(0, end - width)
                self._try(_with(self.best.schedule, commands[:begin] + commands[end:]))
                end = begin
            if width == 1:
                return
            width //= 2

    def _each(self, variants: Callable[[Schedule], Iterator[Schedule]]) -> None:
        """Try the variants of the best schedule; of one that is better, from the start again."""
        while any(self._try(variant) for variant in variants(self.best.schedule)):
            pass


def _without_pairs(schedule: Schedule) -> Iterator[Schedule]:
    """Two commands that need each other, such as a cut and its mending."""
    commands = schedule.commands
    for second in range(len(commands) - 1, 0, -1):
        for first in range(second - 1, -1, -1):
            rest = commands[:first] + commands[first + 1 : second] + commands[second + 1 :]
            yield _with(schedule, rest)


def _with(schedule: Schedule, commands: tuple[dict[str, Any], ...]) -> Schedule:
    return Schedule(schedule.cluster, commands)
