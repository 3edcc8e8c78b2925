"""Runs under other rules, for whoever wants to see both side by side.

A variant is nobody's branch: it changes no room and is told only to the client that asks. What was
carried out once is kept for the next who asks, within bounds; the rooms of a lesson share its run,
and so its variants.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from raftviz.errors import LimitError
from raftviz.server.branches import Branch
from raftviz.server.limits import Limits
from raftviz.server.refusals import Code, Refusal, told
from raftviz.server.turns import in_turns
from raftviz.server.wire import Encoded, encode_event
from raftviz.sim.events import Event
from raftviz.simulation import Simulation
from raftviz.variants import RuleSet, carry_out, rule_set

WAIT_SECONDS = 30.0
PIECE = 200
"""Events that are encoded between two looks at the clock."""

_Key = tuple["weakref.ref[Simulation]", str]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A variant as the wire tells it, and how far its original had come: events, and time in µs."""

    reached: tuple[int, int]
    events: Encoded
    now_us: int
    skipped: list[dict[str, Any]]


class Variants:
    """The variants of all rooms. `clock`, `sleep` and `make_event` are the server's."""

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        make_event: Callable[[], Any],
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._make_event = make_event
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._under_way: dict[_Key, Any] = {}

    def answer(self, branch: Branch, rules: str) -> dict[str, Any]:
        """Return a branch's run under rules of that name, as far as it has come. Raises Error."""
        chosen = rule_set(rules)
        if branch.last > self._limits.variant_events:
            raise self._too_long()
        key = (weakref.ref(branch.simulation), rules)
        while key in self._under_way:
            self._under_way[key].wait(WAIT_SECONDS)
        reached = _reached(branch.simulation)
        kept = self._kept.get(key)
        if kept is None or kept.reached != reached:
            kept = self._make(key, branch.simulation, chosen)
        if key in self._kept:
            self._kept.move_to_end(key)
        return {
            "ok": True,
            "branch": branch.id,
            "rules": rules,
            "upto": kept.reached[0],
            "now": kept.now_us,
            "skipped": kept.skipped,
            "events": kept.events,
        }

    def _make(self, key: _Key, simulation: Simulation, rules: RuleSet) -> _Kept:
        """Carry a variant out while whoever wants the same waits. Raises Error."""
        if len(self._under_way) >= self._limits.variants_at_once:
            raise Refusal(
                Code.BUSY,
                "others are comparing rules just now",
                where="variant",
                remedy="try again in a moment",
                kind="variant.busy",
            )
        done = self._under_way[key] = self._make_event()
        try:
            kept = in_turns(
                self._work(simulation, rules),
                self._limits.variant_seconds,
                self._clock,
                self._sleep,
                self._too_long,
            )
        except LimitError:
            raise self._too_long() from None
        finally:
            del self._under_way[key]
            done.set()
        self._keep(key, kept)
        return kept

    def _work(self, simulation: Simulation, rules: RuleSet) -> Generator[None, None, _Kept]:
        reached = _reached(simulation)
        most = self._limits.variant_events
        work = carry_out(simulation, rules.options, hold=True, max_events=most)
        while True:
            try:
                next(work)
            except StopIteration as done:
                variant = done.value
                break
            yield
        events = variant.simulation.events

        def lookup(seq: int) -> Event:
            event: Event = events[seq - 1]
            return event

        encoded = []
        for event in events:
            encoded.append(encode_event(event, lookup))
            if event.seq % PIECE == 0:
                yield
        skipped = [
            {
                "seq": each.seq,
                "command": dict(each.command),
                "reason": each.reason,
                "error": told(each.error),
            }
            for each in variant.skipped
        ]
        return _Kept(reached, Encoded(encoded), variant.simulation.now_us, skipped)

    def _keep(self, key: _Key, kept: _Kept) -> None:
        """Keep a variant, and forget what nobody asked for lately or whose original is gone."""
        self._kept[key] = kept
        for each in [each for each in self._kept if each[0]() is None]:
            del self._kept[each]
        while sum(len(each.events) for each in self._kept.values()) > self._limits.variants_kept:
            self._kept.popitem(last=False)

    def _too_long(self) -> Refusal:
        return Refusal(
            Code.LIMIT,
            f"a run of more than {self._limits.variant_events:,} events is too long to be carried "
            "out under other rules",
            where="variant",
            remedy="compare a shorter run, or two branches",
            kind="variant.long",
            most=self._limits.variant_events,
        )


def _reached(simulation: Simulation) -> tuple[int, int]:
    return len(simulation.events), simulation.now_us
