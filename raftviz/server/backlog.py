"""Clients that do not read what they are sent: who is left out of frames, and who is given up."""

from __future__ import annotations

from collections.abc import Mapping

from raftviz.server.limits import Limits


class Backlog:
    """Remembers since when each client has had too much unread. Times are seconds of a monotonic clock."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._since: dict[str, float] = {}

    def judge(self, unread: Mapping[str, int], now: float) -> tuple[list[str], list[str]]:
        """Return who gets no frame now, and who of them has not caught up for too long.

        `unread` says how many packets wait for each client. Who is left out notices the gap as soon as
        it reads again, and asks for the rest.
        """
        behind: list[str] = []
        lost: list[str] = []
        for client, packets in unread.items():
            if packets <= self._limits.packets_unread:
                self._since.pop(client, None)
                continue
            behind.append(client)
            if now - self._since.setdefault(client, now) > self._limits.unread_seconds:
                lost.append(client)
        return behind, lost

    def forget(self, client: str) -> None:
        """Forget a client that has left."""
        self._since.pop(client, None)
