"""The branches of a room: simulations that share a past, each with its events as the wire tells them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from raftviz.errors import choice
from raftviz.server.limits import Limits
from raftviz.server.refusals import Code, Refusal
from raftviz.server.wire import Encoded, encode_event, written_bytes
from raftviz.session import Line, Moment, Session, save
from raftviz.sim.events import Event
from raftviz.simulation import Simulation


@dataclass(slots=True, eq=False)
class Branch:
    """One line of history. `encoded[i]` is event i+1 as JSON; those up to `sent` are with the clients.

    `inherited` is the command log as it stood when it left its parent, and `log` what followed there, as
    far as the clients know; `did` says what was done on it first, as the wire says it, once something was.
    """

    id: str
    name: str
    simulation: Simulation
    parent: str | None = None
    at: int | None = None
    lesson: bool = False
    shared: bool = True
    encoded: list[str] = field(default_factory=list)
    sent: int = 0
    inherited: Sequence[Mapping[str, Any]] = ()
    log: list[dict[str, Any]] = field(default_factory=list)
    did: Any = None
    weights: list[int] = field(default_factory=list)
    """How many bytes of a file each thing takes that was done on it."""
    bytes: int = 0
    """Their sum."""

    @property
    def untouched(self) -> bool:
        """Whether nothing has happened on it since it left its parent."""
        return self.parent is not None and self.last == self.at

    @property
    def last(self) -> int:
        """The number of its last event."""
        return len(self.encoded)

    @property
    def own(self) -> int:
        """How many events are its own: not its parent's, and not a lesson's that rooms share."""
        return 0 if self.lesson and self.shared else self.last - (self.at or 0)

    def collect(self) -> None:
        """Encode what has happened since the last time."""
        events = self.simulation.events
        self._weigh()

        def lookup(seq: int) -> Event:
            return events[seq - 1]

        for i in range(len(self.encoded), len(events)):
            self.encoded.append(encode_event(events[i], lookup))
            if self.did is None and events[i].kind == "command" and i >= (self.at or 1):
                self.did = json.loads(self.encoded[i]).get("say")

    def tell(self) -> dict[str, Any]:
        """Take into `log` what was done since the last time; return it as a frame tells it.

        The entry before is told once more, as time that was passing may have gone on.
        """
        at = max(0, len(self.log) - 1)
        done = self._done(at)
        self.log[at:] = done
        return {"at": at, "done": done}

    def _done(self, at: int) -> list[dict[str, Any]]:
        """What was done on it, without the first `at` entries."""
        begun = len(self.inherited)
        if begun and self.simulation.log_after(begun - 1, 1)[0] != self.inherited[-1]:
            begun -= 1
        return self.simulation.log_after(begun + at)

    def _weigh(self) -> None:
        """Weigh what was done since the last time, and the entry before once more."""
        at = max(0, len(self.weights) - 1)
        new = [written_bytes(each) for each in self._done(at)]
        self.bytes += sum(new) - sum(self.weights[at:])
        self.weights[at:] = new

    def since(self, have: int, limits: Limits) -> dict[str, Any]:
        """Return what a client lacks that holds the events up to `have`, as far as frames have been sent.

        That is all events after it, or, where these are too many, a state of later on and what came then.
        The next frame begins right after it.
        """
        have = have if have <= self.sent else 0
        if self.sent - have <= limits.events_sent_whole:
            return {"from": have + 1, "events": Encoded(self.encoded[have : self.sent])}
        seq = self.sent - limits.events_after_snapshot
        return {
            "from": seq + 1,
            "snapshot": {"view": self.simulation.view_at(seq), "seq": seq},
            "events": Encoded(self.encoded[seq : self.sent]),
        }

    def line(self) -> Line:
        """Return it as a saved session tells it."""
        return Line(self.id, self.name, self.simulation, self.parent, self.at, self.inherited)

    def to_json(self) -> dict[str, Any]:
        """Describe it to the browser. `last` is the last event that has been sent, `forked` the virtual
        time of event `at` in µs, `log` what was done on it up to `last`.
        """
        return {
            "id": self.id,
            "name": self.name,
            "parent": self.parent,
            "at": self.at,
            "last": self.sent,
            "now": self.simulation.now_us,
            "lesson": self.lesson,
            "forked": self.simulation.events[self.at - 1].time if self.at else None,
            "did": self.did,
            "log": list(self.log),
        }


class Branches:
    """All branches of a room, oldest first, and which of them is active: the first if none is named."""

    def __init__(
        self,
        first: Branch,
        limits: Limits,
        others: Sequence[Branch] = (),
        active: str | None = None,
    ) -> None:
        self._limits = limits
        self._all = {branch.id: branch for branch in (first, *others)}
        self._made = len(others)
        self.active = first if active is None else self._all[active]

    def __iter__(self) -> Iterator[Branch]:
        return iter(self._all.values())

    def get(self, branch_id: str) -> Branch:
        """Return a branch by its id. Raises Refusal."""
        branch = self._all.get(branch_id)
        if branch is None:
            raise Refusal(
                Code.BAD_REQUEST,
                f"there is no branch {branch_id[:40]!r} in this room",
                where="branch",
                kind="branch.room",
                id=branch_id[:40],
                **choice(self._all),
            )
        return branch

    def fork(self, parent: Branch, at: int) -> Branch:
        """Make a branch that leaves `parent` after event `at`. It joins the others with `add`.

        Where that event is a past that the parent shares with its own parent, it leaves that one.
        """
        while parent.parent is not None and parent.at is not None and at <= parent.at:
            parent = self._all[parent.parent]
        if sum(not branch.untouched for branch in self) >= self._limits.branches:
            raise Refusal(
                Code.LIMIT,
                f"this room has {self._limits.branches} branches already",
                where="branch",
                remedy="go on at the end of one of them, or open a new room",
                kind="branches",
                most=str(self._limits.branches),
            )
        simulation = parent.simulation.fork(at=at)
        simulation.max_events = self._limits.events_at_once
        return Branch(
            id=f"b{self._made + 1}",
            name=f"What if {sum(not each.untouched for each in self)}",
            simulation=simulation,
            parent=parent.id,
            at=at,
            encoded=parent.encoded[:at],
            sent=at,
            inherited=simulation.command_log,
        )

    def add(self, branch: Branch) -> None:
        """Keep a branch that `fork` made."""
        self._made += 1
        self._all[branch.id] = branch

    def activate(self, branch: Branch) -> Branch | None:
        """Make a branch the active one. One that is left untouched is no branch: it goes, and is returned."""
        left, self.active = self.active, branch
        if left is branch or not left.untouched:
            return None
        return self._all.pop(left.id)

    def saved(self, told: dict[str, Any], moment: Moment) -> dict[str, Any]:
        """Return the session that the browser is told of as a file holds it."""
        lesson = told.get("lesson")
        lines = tuple(branch.line() for branch in self)
        return save(Session(lines, told["title"], lesson and lesson["id"], moment))

    def rename(self, branch_id: str, name: str) -> Branch:
        """Give a branch another name: one line of readable text. Raises Refusal."""
        branch = self.get(branch_id)
        shown = readable(name, self._limits)
        if not shown:
            raise Refusal(
                Code.BAD_REQUEST,
                "a name needs a letter or a digit",
                where="rename.name",
                remedy=f"use 1 to {self._limits.name_characters} characters",
                kind="branch.name",
                most=str(self._limits.name_characters),
            )
        branch.name = shown
        return branch


def readable(name: str, limits: Limits) -> str:
    """Return a name as one line of readable text, no longer than names may be; it may be empty."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return line[: limits.name_characters]
