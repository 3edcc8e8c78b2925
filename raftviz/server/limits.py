"""What one room, one client, one address and one server may use, and how the bounds are measured.

Nothing here knows a clock: whoever asks brings the time along, as seconds of any monotonic clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from raftviz.errors import Phrase
from raftviz.server.refusals import Code, Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """Every bound of the server in one place. Sizes are in bytes, times in seconds."""

    # One message from a client. The longest is a saved session, so it holds more than `session_bytes`.
    message_bytes: int = 512 * 1024
    discarded_bytes: int = 32 * 1024 * 1024
    text_characters: int = 4096
    command_depth: int = 8
    command_parts: int = 400

    # One request over HTTP.
    body_bytes: int = 64 * 1024

    # One client.
    messages_per_second: float = 20.0
    messages_burst: float = 60.0
    packets_unread: int = 64
    unread_seconds: float = 20.0

    # One room.
    commands_waiting: int = 64
    viewers: int = 600
    branches: int = 24
    events: int = 200_000
    session_bytes: int = 400_000  # what was done in it, as a file holds it
    events_sent_whole: int = 20_000
    events_after_snapshot: int = 10_000
    virtual_ms_at_once: int = 10_000
    occurrences_at_once: int = 5_000
    events_at_once: int = 30_000
    name_characters: int = 60
    replay_seconds: float = 20.0  # of work, to carry out a saved session anew
    variant_events: int = 20_000
    variant_seconds: float = 10.0  # of work, to carry out a run under other rules

    draft_events: int = 20_000
    draft_seconds: float = 5.0  # of work, to run a lesson that is being written
    drafts_per_second: float = 2.0  # from one address
    drafts_burst: float = 60.0

    # One server.
    rooms: int = 1_000
    rooms_per_address: int = 600  # a lecture hall may share one address
    events_in_all: int = 4_000_000
    clients: int = 1_000
    variants_kept: int = 400_000  # events
    variants_at_once: int = 4
    left_alone_seconds: float = 30 * 60.0
    spared_seconds: float = 60.0
    silent_seconds: float = 6 * 3600.0

    @property
    def events_saved(self) -> int:
        """What a saved session may come to: as much as there may be before a room's last command, what
        that one may cause, and a lesson's own run.
        """
        return self.events + self.events_at_once + self.draft_events


class Ledger:
    """How many events all rooms together keep, and how many more they may."""

    __slots__ = ("kept", "most")

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept = 0

    @property
    def left(self) -> int:
        """How many more events may be kept."""
        return self.most - self.kept


class TokenBucket:
    """So much at once, so much a second: `take` says whether there is enough left."""

    __slots__ = ("_filled", "_left", "burst", "rate")

    def __init__(self, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = burst
        self._left = burst
        self._filled: float | None = None

    def take(self, now: float, cost: float = 1.0) -> bool:
        """Take `cost` if it is there; if it is not, take nothing."""
        if self.wait(now, cost) > 0:
            return False
        self._left -= cost
        return True

    def wait(self, now: float, cost: float = 1.0) -> float:
        """Seconds until `cost` is there; 0 if it is there now."""
        if self._filled is not None and now > self._filled:
            self._left = min(self.burst, self._left + (now - self._filled) * self.rate)
        self._filled = now if self._filled is None else max(now, self._filled)
        missing = cost - self._left
        return missing / self.rate if missing > 1e-9 else 0.0


def check_command_size(command: Any, limits: Limits) -> None:
    """Refuse a command whose texts, depth or number of parts is out of all proportion.

    What the command means is for the simulation to judge; this only bounds what may be kept and sent on.
    """
    parts = 0
    rest: list[tuple[Any, str, int]] = [(command, "command", 0)]
    while rest:
        value, where, depth = rest.pop()
        parts += 1
        if parts > limits.command_parts:
            raise Refusal(
                Code.LIMIT,
                f"this command has more than {limits.command_parts} parts",
                where="command",
                remedy="do it in several commands",
                kind="command.parts",
                most=str(limits.command_parts),
            )
        if depth > limits.command_depth:
            raise Refusal(
                Code.LIMIT,
                f"this command is nested more than {limits.command_depth} deep",
                where="command",
                remedy="a command is one name with its argument",
                kind="command.deep",
                most=str(limits.command_depth),
            )
        if isinstance(value, str) and len(value) > limits.text_characters:
            raise Refusal(
                Code.LIMIT,
                f"this text has {len(value):,} characters",
                where=where,
                remedy=f"use at most {limits.text_characters:,}",
                kind="command.text",
                characters=len(value),
                most=limits.text_characters,
            )
        if isinstance(value, int) and abs(value) > 2**53:
            raise Refusal(
                Code.LIMIT,
                "this number is too large",
                where=where,
                remedy="use a number of at most 15 digits",
                kind="command.number",
            )
        if isinstance(value, dict):
            for key, part in value.items():
                rest.append((key, f"a name in {where}", depth + 1))
                rest.append((part, f"{where}.{key[:40]}", depth + 1))
        elif isinstance(value, list):
            rest.extend((part, f"{where}[{i}]", depth + 1) for i, part in enumerate(value))


def check_command_span(command: dict[str, Any], limits: Limits) -> None:
    """Refuse a command that would let more virtual time pass, or more happen, than one turn allows."""
    name, argument = next(iter(command.items()))
    if name == "advance":
        _at_most(argument, limits.virtual_ms_at_once, "advance", _MILLISECONDS)
    elif name == "step":
        _at_most(argument, limits.occurrences_at_once, "step", _OCCURRENCES)
    elif name == "run_until" and isinstance(argument, dict):
        _at_most(
            argument.get("within"),
            limits.virtual_ms_at_once,
            "run_until.within",
            _MILLISECONDS,
        )


_MILLISECONDS = Phrase("milliseconds of virtual time", "unit.virtual")
_OCCURRENCES = Phrase("occurrences", "unit.occurrences")


def _at_most(value: Any, most: int, where: str, what: Phrase) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool) and value > most:
        raise Refusal(
            Code.LIMIT,
            f"{value:,} {what} are too many for one command",
            where=where,
            remedy=f"use at most {most:,}, or press play",
            kind="command.span",
            value=f"{value:,}",
            what=what,
            most=most,
        )
