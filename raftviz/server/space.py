"""How much one room keeps, and how much more it may: its own bounds, and the server's."""

from __future__ import annotations

from typing import Any

from raftviz.errors import Phrase
from raftviz.server.branches import Branch, Branches
from raftviz.server.limits import Ledger, Limits
from raftviz.server.refusals import Code, Refusal
from raftviz.server.wire import written_bytes

_BRANCH_BYTES = 400
"""What a file says of a branch besides what was done on it, at most."""


class Space:
    """The events of one room, counted in the ledger of all of them; and what was done to bring them
    about, which may be no more than a saved session may hold: so each that is saved can be opened.

    `told` is what the session is besides its branches.
    """

    def __init__(
        self, limits: Limits, ledger: Ledger, branches: Branches, told: dict[str, Any]
    ) -> None:
        self.events = 0
        self._limits = limits
        self._ledger = ledger
        self._branches = branches
        self._told_bytes = written_bytes([told["title"], told["cluster"]]) + _BRANCH_BYTES

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

    @property
    def bytes(self) -> int:
        """How long the session is as a file, at most."""
        return self._told_bytes + sum(_BRANCH_BYTES + each.bytes for each in self._branches)

    def need(self, done: object = None) -> None:
        """See to it that there is room for one more event, and for what is to be done. Raises Refusal."""
        if self.left <= 0:
            full = self.full()
            raise Refusal(
                Code.LIMIT,
                str(full),
                remedy="open a new room to go on",
                kind=full.kind,
                **full.facts,
            )
        if self.bytes + written_bytes(done) > self._limits.session_bytes:
            raise Refusal(
                Code.LIMIT,
                "as much was done in this session as can be saved",
                remedy="open a new room to go on",
                kind="full.saved",
            )

    def full(self) -> Phrase:
        """Say why there is no more room."""
        if self.events >= self._limits.events:
            most = self._limits.events
            return Phrase(f"this session has its {most:,} events", "full.session", most=most)
        return Phrase("the server keeps as many events as it can", "full.server")
