"""Rooms for unit tests: no socket, no clock, no waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from raftviz.errors import Error
from raftviz.server import sessions
from raftviz.server.branches import Branch
from raftviz.server.fields import Point
from raftviz.server.limits import Ledger, Limits
from raftviz.server.protocol import Do, Steering
from raftviz.server.roles import Role
from raftviz.server.room import Message, Result, Room
from raftviz.server.wire import wire_event
from raftviz.simulation import Simulation


@dataclass
class Desk:
    """A room with its messages, its time and its stopwatch in the hands of a test."""

    room: Room
    now: float = 100.0
    messages: list[Message] = field(default_factory=list)

    def pump(self, after: float = 0.0) -> list[Message]:
        """Let `after` seconds pass, pump once, and return what came of it."""
        self.now += after
        out = self.room.pump(self.now)
        self.messages += out
        return out

    def ask(self, request: Steering) -> Result:
        """Submit a request, pump, and return its result."""
        results: list[Result] = []
        self.room.submit(request, results.append)
        self.pump(after=0.2)
        assert len(results) == 1
        return results[0]

    def do(self, command: dict[str, Any], branch: str = "", seq: int = 0) -> dict[str, Any]:
        """Carry out a command that must succeed."""
        result = self.ask(Do(command, Point(branch, seq) if branch else None))
        assert isinstance(result, dict), result
        return result

    def refused(self, command: dict[str, Any], branch: str = "", seq: int = 0) -> Error:
        """Try a command that must be refused."""
        result = self.ask(Do(command, Point(branch, seq) if branch else None))
        assert isinstance(result, Error), result
        return result

    def play_until(self, done: Callable[[], bool], tick: float = 0.04, most: int = 5_000) -> None:
        """Pump tick by tick until `done()`."""
        for _ in range(most):
            if done():
                return
            self.pump(after=tick)
        raise AssertionError("it never came about")

    def told(self, name: str) -> list[dict[str, Any]]:
        """Return all messages of a name so far."""
        return [message.payload for message in self.messages if message.name == name]


def sandbox(limits: Limits | None = None, spare: int = 10**9, **wish: Any) -> Desk:
    """Return a sandbox room with one presenter in it."""
    limits = limits or Limits()
    start = sessions.sandbox({"nodes": 3, "seed": 7, **wish}, limits)
    return desk(start.branch, start.session, limits, spare)


def manual(limits: Limits | None = None) -> Desk:
    """Return a room of three nodes whose timers wait for commands."""
    simulation = Simulation(nodes=3, seed=7, timers="manual")
    session = sessions.describe("sandbox", "By hand", simulation)
    return desk(Branch("main", "Main", simulation), session, limits or Limits())


def lesson(shelf: sessions.Shelf, lesson_id: str, limits: Limits | None = None) -> Desk:
    """Return a room of a lesson."""
    start = shelf.start(lesson_id)
    return desk(start.branch, start.session, limits or Limits())


def desk(branch: Branch, session: dict[str, Any], limits: Limits, spare: int = 10**9) -> Desk:
    """Return a room around a branch."""
    room = Room(
        "room",
        "token",
        session,
        branch,
        limits=limits,
        stopwatch=lambda: 0.0,
        ledger=Ledger(spare),
    )
    room.members["someone"] = Role.PRESENTER
    return Desk(room)


class Screen:
    """What a browser would hold: it takes frames only if each follows the one before."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.branch: str = answer["branch"]
        self.events: dict[str, list[Any]] = {self.branch: list(_events(answer))}
        self.active = self.branch

    def take(self, messages: Iterable[Message]) -> None:
        """Take messages in order."""
        for message in messages:
            payload = message.payload
            if message.name == "branch":
                told = payload["branch"]
                if told["id"] not in self.events:
                    self.events[told["id"]] = self.events[told["parent"]][: told["at"]]
                assert told["last"] == len(self.events[told["id"]])
                self.active = payload["active"]
            elif message.name == "frame":
                held = self.events[payload["branch"]]
                assert payload["first"] == len(held) + 1
                held += _events(payload)
                assert payload["last"] == len(held)


def _events(payload: dict[str, Any]) -> list[Any]:
    events: list[Any] = payload["events"].decode()
    return events


def screen_of(desk: Desk) -> Screen:
    return Screen(desk.room.welcome(Role.PRESENTER, None))


def wire(simulation: Simulation) -> list[dict[str, Any]]:
    events = simulation.events
    return [wire_event(event, lambda seq: events[seq - 1]) for event in events]


def room_do(i: int) -> Do:
    return Do({"write": {"key": f"k{i}", "value": i, "to": "node1"}}, None)
