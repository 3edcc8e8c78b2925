"""How many events one room keeps, and how many more it may: its own bound, and the server's."""

from __future__ import annotations

from raftviz.server.branches import Branch
from raftviz.server.limits import Ledger, Limits
from raftviz.server.refusals import Code, Refusal


class Space:
    """The events of one room, counted in the ledger of all of them."""

    def __init__(self, limits: Limits, ledger: Ledger) -> None:
        self.events = 0
        self._limits = limits
        self._ledger = ledger

    def collect(self, branch: Branch) -> None:
        """Encode what has happened on a branch, and count it."""
        before = branch.own
        branch.collect()
        self.events += branch.own - before
        self._ledger.kept += branch.own - before

    def give_back(self) -> None:
        """Count the room's events no longer: it is over."""
        self._ledger.kept -= self.events
        self.events = 0

    @property
    def left(self) -> int:
        """How many more events it may keep."""
        return min(self._limits.events - self.events, self._ledger.left)

    def need(self) -> None:
        """See to it that there is room for one more. Raises Refusal."""
        if self.left <= 0:
            raise Refusal(Code.LIMIT, self.full(), remedy="open a new room to go on")

    def full(self) -> str:
        """Say why there is no more room."""
        if self.events >= self._limits.events:
            return f"this session has its {self._limits.events:,} events"
        return "the server keeps as many events as it can"
