"""A run under other rules: the same seed and the same commands, carried out anew.

What comes of a command may differ; that is what one wants to see. A command that no longer fits (a
heartbeat of a node that does not lead there, a message that was never sent) is left out and recorded
with its reason, so that the rest of the run can go on.
"""

from __future__ import annotations

import copy
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from raftviz.errors import Error, LimitError, OptionError, meant, shown
from raftviz.pieces import finish
from raftviz.sim.events import Event
from raftviz.simulation import Simulation

SLICE_US = 5_000
SLICE_EVENTS = 1_000
"""Passing time is carried out in slices of about so many events."""

EVENTS_MOST = 1_000_000
"""What a whole run may come to, unless whoever asks says less."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules by name: the options that they decide, and where they are written."""

    name: str
    options: Mapping[str, Any]
    source: str


def _rules(name: str, source: str, **on: bool) -> RuleSet:
    """What is not turned on is as in Figure 2; deliberate mistakes are made in no rule set."""
    figure_2: dict[str, Any] = {
        "leader_stickiness": False,
        "pre_vote": False,
        "check_quorum": False,
        "noop_on_election": False,
        "conflict_hints": False,
        "read_mode": "linearizable",
        "bugs": [],
    }
    return RuleSet(name, MappingProxyType({**figure_2, **on}), source)


RULE_SETS: Mapping[str, RuleSet] = MappingProxyType(
    {
        rules.name: rules
        for rules in (
            _rules("paper", "Raft Figure 2"),
            _rules("document", "document: Scenario 2", leader_stickiness=True),
            _rules("prevote", "dissertation §9.6", pre_vote=True),
            _rules("checkquorum", "dissertation §6.2", check_quorum=True),
            _rules(
                "careful",
                "dissertation §4.2.3, §6.2, §9.6",
                leader_stickiness=True,
                pre_vote=True,
                check_quorum=True,
                noop_on_election=True,
            ),
        )
    }
)
"""The rule sets that have a name. What they are called is in the page's catalogue, rules.NAME."""


def rule_set(name: str) -> RuleSet:
    """A rule set by its name. Raises OptionError."""
    if name not in RULE_SETS:
        raise OptionError(
            f"there are no rules {shown(name)}",
            where="rules",
            kind="rules",
            name=shown(name),
            **meant(name, RULE_SETS),
        )
    return RULE_SETS[name]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A command that does not fit under the other rules: event `seq` of the original run."""

    seq: int
    command: Mapping[str, Any]
    error: Error

    @property
    def reason(self) -> str:
        """Why it does not fit, in a sentence."""
        return str(self.error)


@dataclass(frozen=True, slots=True)
class Variant:
    """A run under other rules, and which commands of the original it goes without."""

    simulation: Simulation
    skipped: tuple[Skipped, ...] = ()


def under(
    simulation: Simulation,
    options: Mapping[str, Any],
    *,
    hold: bool = False,
    max_events: int = EVENTS_MOST,
) -> Variant:
    """Carry out the commands of a run anew with other options. The run itself is left as it is.

    `options` are laid over those that the run began with. With `hold` they stay so to the end: a
    command `option` of the run changes nothing that they decide. Where nothing is another than it
    was, the events are the same, byte for byte.

    Raises OptionError for options that cannot be, and LimitError where the whole run would have
    more than `max_events` events.
    """
    return finish(carry_out(simulation, options, hold=hold, max_events=max_events))


def carry_out(
    simulation: Simulation,
    options: Mapping[str, Any],
    *,
    hold: bool = False,
    max_events: int = EVENTS_MOST,
) -> Generator[int, None, Variant]:
    """Do what `under` does piece by piece: yields after each how many events were written since.

    The run may go on meanwhile; what is carried out is what had been done when this began.
    """
    log = simulation.command_log
    commands = list(_commands(simulation.events, sum("command" in done for done in log)))
    start = simulation.events[0].data["command"]["start"]
    made = {name: value for name, value in copy.deepcopy(start).items() if value is not None}
    was = made["options"]
    if not isinstance(options, Mapping):
        raise OptionError(
            f"{shown(options)} does not fit", where="options", remedy="give {name: value}"
        )
    made["options"] = {**was, **options}
    held = frozenset(options) if hold else frozenset()
    orders = [_held(done, held) for done in log]
    other = Simulation(**made)
    same = other.options == was and orders == log
    ends = [_end_us(done, simulation.events) for done in log]
    yield len(other.events)

    skipped: list[Skipped] = []
    place = 0
    for done, order, end_us in zip(log, orders, ends, strict=True):
        if "command" not in done:
            yield from _pass_time(other, order, end_us, same, max_events)
            continue
        seq = commands[place]
        place += 1
        if order is None:
            chosen = Error("the rules were chosen for the whole run", kind="variant.chosen")
            skipped.append(Skipped(seq, done["command"], chosen))
            continue
        before = len(other.events)
        try:
            other.max_events = _left(other, max_events)
            _do(other, order, end_us, same)
        except LimitError:
            raise _too_long(max_events) from None
        except Error as error:
            skipped.append(Skipped(seq, done["command"], error))
        yield len(other.events) - before
    other.max_events = simulation.max_events
    return Variant(other, tuple(skipped))


def _commands(events: Sequence[Event], most: int) -> Iterator[int]:
    """The numbers of the events that are commands, the start left out."""
    for event in events:
        if most == 0:
            return
        if event.kind == "command" and event.seq > 1:
            most -= 1
            yield event.seq


def _held(done: dict[str, Any], held: frozenset[str]) -> dict[str, Any] | None:
    """An entry of the log without what it would change of the options held; None if that is all."""
    changes = done.get("command", {}).get("option")
    if changes is None or held.isdisjoint(changes):
        return done
    rest = {name: value for name, value in changes.items() if name not in held}
    return {**done, "command": {"option": rest}} if rest else None


def _end_us(done: Mapping[str, Any], events: Sequence[Event]) -> int | None:
    """The virtual time at which an entry of the log ended, where it was cut short after an event."""
    stop = done.get("stop")
    return None if stop is None else events[stop - 1].time


def _do(other: Simulation, order: dict[str, Any] | None, end_us: int | None, same: bool) -> None:
    """Carry out one command. One that was cut short has no event to end at in another run: where
    it lets time pass, that much of it passes.
    """
    assert order is not None
    command = order["command"]
    if same or end_us is None or next(iter(command)) not in ("advance", "step", "run_until"):
        other.do(command, order.get("stop") if same else None)
    elif end_us > other.now_us:
        other.do({"advance": (end_us - other.now_us) / 1000})


def _pass_time(
    other: Simulation,
    order: dict[str, Any] | None,
    end_us: int | None,
    same: bool,
    max_events: int,
) -> Generator[int, None, None]:
    """Let time pass as an entry of the log says, in slices. Where other rules let a property fall,
    it passes on nevertheless: what was done next was done later.
    """
    assert order is not None
    stop = order.get("stop") if same else None
    until = order["run_to"] if same or end_us is None else end_us
    slice_us = SLICE_US
    while other.now_us <= until:
        next_us = until
        if not other.nothing_pending:
            next_us = min(until, other.now_us + slice_us)
        try:
            events = other.run_to(next_us, _left(other, max_events), stop=stop)
        except LimitError:
            raise _too_long(max_events) from None
        yield len(events)
        fell = any(event.kind == "invariant_violated" for event in events)
        ended = fell or (stop is not None and len(other.events) >= stop)
        if other.now_us >= until or (same and ended):
            return
        slice_us = slice_us * 2 if len(events) < SLICE_EVENTS else max(1_000, slice_us // 2)


def _left(other: Simulation, max_events: int) -> int:
    """How many events one more order may bring."""
    left = max_events - len(other.events)
    if left <= 0:
        raise _too_long(max_events)
    return left


def _too_long(max_events: int) -> LimitError:
    return LimitError(
        f"under these rules the run has more than {max_events:,} events",
        where="variant",
        remedy="compare a shorter run",
        kind="variant.events",
        most=max_events,
    )
