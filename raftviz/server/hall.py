"""All rooms of a server: making, finding and closing them, within the server's limits.

Like the rooms, it knows no clock: `now` is given, in seconds of a monotonic clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from raftviz.server.limits import Ledger, Limits
from raftviz.server.refusals import Code, Refusal
from raftviz.server.roles import Role, new_room_id, new_token, role_of
from raftviz.server.room import Room
from raftviz.server.sessions import Start


@dataclass(slots=True, eq=False)
class _Entry:
    room: Room
    address: str
    heard: float
    """When a client last sent something."""
    left: float | None
    """When the last client left; None while one is there."""


class Hall:
    """The rooms by id, and which client is in which."""

    def __init__(self, limits: Limits, stopwatch: Callable[[], float]) -> None:
        self._limits = limits
        self._stopwatch = stopwatch
        self.ledger = Ledger(limits.events_in_all)
        self._entries: dict[str, _Entry] = {}
        self._where: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def make(self, start: Start, address: str, now: float) -> Room:
        """Make a room for someone at `address`. Raises Refusal when there are too many.

        Rooms that nobody has been in for a while make place for new ones.
        """
        mine = [e for e in self._entries.values() if e.address == address]
        if len(mine) >= self._limits.rooms_per_address:
            self._make_place(mine, now, f"this address has {len(mine)} rooms open", "rooms.address")
        if len(self._entries) >= self._limits.rooms:
            everyone = list(self._entries.values())
            self._make_place(
                everyone, now, f"the server has {len(everyone)} rooms open", "rooms.server"
            )
        room = Room(
            new_room_id(),
            new_token(),
            start.session,
            start.branch,
            limits=self._limits,
            stopwatch=self._stopwatch,
            ledger=self.ledger,
            others=start.others,
            active=start.active,
        )
        self._entries[room.id] = _Entry(room, address, heard=now, left=now)
        return room

    def find(self, room_id: str) -> Room:
        """Return a room by its id. Raises Refusal with the code "gone"."""
        entry = self._entries.get(room_id)
        if entry is None:
            raise gone()
        return entry.room

    def enter(self, client: str, room: Room, token: str | None, now: float) -> Role:
        """Let a client into a room, out of the one it was in, and tell its role. Raises Refusal."""
        if client not in room.members and len(room.members) >= self._limits.viewers:
            raise Refusal(
                Code.LIMIT,
                f"{len(room.members)} people are in this room, which is all it holds",
                remedy="open a room of your own",
                kind="room.full",
                people=len(room.members),
            )
        if self._where.get(client) != room.id:
            self.leave(client, now)
        role = role_of(room.token, token)
        room.members[client] = role
        self._where[client] = room.id
        entry = self._entries[room.id]
        entry.left = None
        entry.heard = now
        return role

    def leave(self, client: str, now: float) -> None:
        """Take a client out of the room that it is in, if any."""
        entry = self._entries.get(self._where.pop(client, ""))
        if entry is None:
            return
        entry.room.members.pop(client, None)
        if not entry.room.members:
            entry.left = now

    def room_of(self, client: str, now: float) -> tuple[Room, Role]:
        """Return the room that a client is in, and its role there. Raises Refusal."""
        room_id = self._where.get(client)
        if room_id is None:
            raise Refusal(
                Code.BAD_REQUEST,
                "no room is open here",
                remedy='send "open" before anything else',
                kind="room.none",
            )
        entry = self._entries.get(room_id)
        if entry is None:
            raise gone()
        entry.heard = now
        return entry.room, entry.room.members[client]

    def sweep(self, now: float) -> list[Room]:
        """Close and return the rooms that nobody has been in, or sent anything to, for too long."""
        over = [
            entry
            for entry in self._entries.values()
            if (entry.left is not None and now - entry.left > self._limits.left_alone_seconds)
            or now - entry.heard > self._limits.silent_seconds
        ]
        for entry in over:
            self._close(entry)
        return [entry.room for entry in over]

    def _make_place(self, entries: list[_Entry], now: float, problem: str, kind: str) -> None:
        """Close the room of `entries` that has been left alone longest. Raises Refusal if none has."""
        spared = self._limits.spared_seconds
        left = [(e.left, e) for e in entries if e.left is not None and now - e.left > spared]
        if not left:
            raise Refusal(
                Code.LIMIT,
                problem,
                remedy="close a tab that you no longer need, and try again",
                kind=kind,
                rooms=str(len(entries)),
            )
        _, entry = min(left, key=lambda pair: pair[0])
        self._close(entry)

    def _close(self, entry: _Entry) -> None:
        del self._entries[entry.room.id]
        entry.room.close()


def gone() -> Refusal:
    """Make the error for a room that is no more."""
    return Refusal(
        Code.GONE,
        "this session has ended",
        where="room",
        remedy="open the lesson or the sandbox again for a new one",
        kind="gone",
    )
