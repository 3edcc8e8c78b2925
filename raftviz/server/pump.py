"""The background task of a room: the one caller of `Room.pump`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.server.room import Message, Room

LONGEST_WAIT = 1.0
"""Seconds after which a waiting pump looks around, to be robust against a lost wake-up."""


class Pumps:
    """Runs a task for each room that has something to do; a room at rest has none.

    `background` starts a task, `event` makes something to wait for and to set, `sleep` lets other
    tasks run, `tell` sends a message to a room's clients, `clock` gives seconds.
    """

    def __init__(
        self,
        background: Callable[..., Any],
        event: Callable[[], Any],
        sleep: Callable[[float], None],
        tell: Callable[[Room, Message], None],
        clock: Callable[[], float],
    ) -> None:
        self._background = background
        self._event = event
        self._sleep = sleep
        self._tell = tell
        self._clock = clock
        self._awake: dict[str, Any] = {}

    def wake(self, room: Room) -> None:
        """See to it that the room's pump runs soon."""
        event = self._awake.get(room.id)
        if event is None:
            self._awake[room.id] = self._event()
            self._background(self._run, room)
        else:
            event.set()

    def _run(self, room: Room) -> None:
        """Pump until the room has nothing more to do."""
        event = self._awake[room.id]
        try:
            while (wait := self._turn(room)) is not None:
                if wait > 0:
                    event.wait(min(wait, LONGEST_WAIT))
                    event.clear()
                else:
                    self._sleep(0)
        finally:
            del self._awake[room.id]

    def _turn(self, room: Room) -> float | None:
        for message in room.pump(self._clock()):
            self._tell(room, message)
        return room.wait(self._clock())
