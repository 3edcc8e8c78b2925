"""A room: one cluster's history with its branches, and the single place where it changes.

It knows no socket and no clock. Whoever wants a change calls `submit`; one caller, the room's pump,
calls `pump(now)` and sends what comes back. Reading (`welcome`, `resync`) changes nothing and needs no
turn. All calls come from one thread.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from raftviz.errors import Error
from raftviz.server.branches import Branch, Branches
from raftviz.server.fields import Point
from raftviz.server.limits import (
    Ledger,
    Limits,
    TokenBucket,
    check_command_size,
    check_command_span,
)
from raftviz.server.playback import Playback
from raftviz.server.protocol import Do, Fork, Pause, Play, Rename, Steering, SwitchBranch
from raftviz.server.refusals import Code, Refusal, internal, told
from raftviz.server.roles import Role
from raftviz.server.space import Space
from raftviz.server.wire import Encoded
from raftviz.session import Moment
from raftviz.sim.commands import validate

FRAMES_PER_SECOND = 30.0
SLICE_US = 5_000
EVENTS_PER_SLICE = 20_000
EVENTS_PER_TICK = 2_000
SECONDS_PER_PUMP = 0.010
SECONDS_UNWATCHED = 10.0

_log = logging.getLogger("raftviz.room")

Result = dict[str, Any] | Error
"""What became of a request: the answer's fields, or why not."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something that every client of the room is told."""

    name: str
    payload: dict[str, Any]


class Room:
    """A session of one cluster, watched by any number of clients.

    `session` describes it to the browser; `ledger` counts the events of all rooms; `stopwatch()` gives
    seconds, to bound the work of one turn. `others` are the branches beside the first where it goes on
    from a saved session, and `active` is the one to begin with.
    """

    def __init__(
        self,
        room_id: str,
        token: str,
        session: dict[str, Any],
        first: Branch,
        *,
        limits: Limits,
        stopwatch: Callable[[], float],
        ledger: Ledger,
        others: Sequence[Branch] = (),
        active: str | None = None,
    ) -> None:
        self.id = room_id
        self.token = token
        self.session = session
        self.members: dict[str, Role] = {}
        self.playback = Playback()
        self.branches = Branches(first, limits, others, active)
        self._limits = limits
        self._stopwatch = stopwatch
        self._queue: deque[tuple[Steering, Callable[[Result], None]]] = deque()
        self._frames = TokenBucket(FRAMES_PER_SECOND, 3.0)
        self._time_passed = False
        self._unwatched_since: float | None = None
        self._out: list[Message] = []
        self.space = Space(limits, ledger, self.branches, session)
        for branch in self.branches:
            self.space.collect(branch)
            branch.sent = branch.last
            branch.tell()

    # Reading

    @property
    def active(self) -> Branch:
        """The branch that plays and that commands go to."""
        return self.branches.active

    def welcome(self, role: Role, have: Point | None) -> dict[str, Any]:
        """Answer a client that enters, or comes back holding the events up to `have`."""
        known = have.seq if have is not None and have.branch == self.active.id else 0
        answer = {
            "ok": True,
            "room": self.id,
            "role": role.value,
            "session": self.session,
            "branches": [branch.to_json() for branch in self.branches],
            "branch": self.active.id,
            "now": self.active.simulation.now_us,
            "playing": self.playback.to_json(),
            **self.active.since(known, self._limits),
        }
        if role is Role.PRESENTER:
            answer["token"] = self.token
        return answer

    def resync(self, branch_id: str, have: int) -> dict[str, Any]:
        """Answer a client that lacks events of a branch. Raises Refusal for an unknown one."""
        branch = self.branches.get(branch_id)
        return {
            "ok": True,
            "branch": branch.id,
            "now": branch.simulation.now_us,
            "playing": self.playback.to_json(),
            "log": {"at": 0, "done": list(branch.log)},
            **branch.since(have, self._limits),
        }

    def save(self, at: Point | None) -> dict[str, Any]:
        """Answer with the whole session as a file holds it. Raises Refusal for a place that is not there."""
        branch, seq = self._place(at)
        return {"ok": True, "session": self.branches.saved(self.session, Moment(branch.id, seq))}

    # Writing

    def submit(self, request: Steering, answer: Callable[[Result], None]) -> None:
        """Queue a request; `answer` is called once, during a later `pump`. Raises Refusal if the queue is full."""
        if len(self._queue) >= self._limits.commands_waiting:
            raise Refusal(
                Code.BUSY,
                f"{len(self._queue)} commands are waiting in this room",
                remedy="try again in a moment",
                kind="waiting",
                waiting=len(self._queue),
            )
        self._queue.append((request, answer))

    def pump(self, now: float) -> list[Message]:
        """Do what is due at `now`, within bounds, and return what to tell everyone, in order."""
        started = self._stopwatch()
        self._carry_out_queue(now, started)
        if self.playback.due(now):
            self._guarded_play(now, started)
        if self._frame_pending and self._frames.take(now):
            self._frame()
        out, self._out = self._out, []
        return out

    def wait(self, now: float) -> float | None:
        """Tell in how many seconds `pump` has something to do; None if not before the next `submit`."""
        if self._queue:
            return 0.0
        times = []
        if self._frame_pending:
            times.append(self._frames.wait(now))
        if self.playback.on:
            times.append(max(0.0, self.playback.next_tick - now))
        return min(times) if times else None

    def _carry_out_queue(self, now: float, started: float) -> None:
        """Carry out waiting requests: at least one, and no more once the turn's time is used up."""
        while self._queue:
            request, answer = self._queue.popleft()
            result: Result
            try:
                result = self._carry_out(request, now)
            except Error as error:
                result = error
            except Exception:
                _log.exception("room %s: %s failed", self.id, type(request).__name__)
                result = internal()
            answer(result)
            if self._stopwatch() - started > SECONDS_PER_PUMP:
                break

    def _carry_out(self, request: Steering, now: float) -> dict[str, Any]:
        if isinstance(request, Do):
            return self._do(request, now)
        if isinstance(request, Play):
            return self._start(request.rate, now)
        if isinstance(request, Pause):
            return self._pause()
        if isinstance(request, Fork):
            return self._fork(request.at, now)
        if isinstance(request, SwitchBranch):
            self._activate(self.branches.get(request.id), now)
            return self.resync(request.id, request.have)
        if isinstance(request, Rename):
            branch = self.branches.rename(request.branch, request.name)
            self._announce(branch)
            return {"ok": True, "branch": branch.id, "name": branch.name}
        raise TypeError(request)

    def _do(self, request: Do, now: float) -> dict[str, Any]:
        check_command_size(request.command, self._limits)
        validate(request.command)
        check_command_span(request.command, self._limits)
        branch, at = self._place(request.at)
        self.space.need(request.command)
        forks = branch.lesson or at < branch.last
        if forks:
            branch = self.branches.fork(branch, at)
        broken = len(branch.simulation.violations)
        began = branch.did is None and branch.parent is not None
        events = branch.simulation.do(request.command)
        if forks:
            self.branches.add(branch)
        self.space.collect(branch)
        if branch is not self.active:
            self._activate(branch, now)
        elif began:
            self._announce(branch)
        if self.playback.on:
            self.playback.anchor(now, branch.simulation.now_us)
            if len(branch.simulation.violations) > broken:
                self._stop("violation")
        return {"ok": True, "branch": branch.id, "first": events[0].seq, "last": events[-1].seq}

    def _fork(self, at: Point, now: float) -> dict[str, Any]:
        """Make a branch on which what came after a point has not happened."""
        branch = self.branches.fork(*self._place(at))
        self.branches.add(branch)
        self._activate(branch, now)
        return {"ok": True, "branch": branch.id, "last": branch.last}

    def _place(self, at: Point | None) -> tuple[Branch, int]:
        """Find where a command is to be carried out; event 1 is the start, and nothing can be done before it.

        Raises Refusal for a point that does not exist.
        """
        if at is None:
            return self.active, self.active.last
        branch = self.branches.get(at.branch)
        if at.seq > branch.last:
            raise Refusal(
                Code.BAD_REQUEST,
                f"event {at.seq} of branch {branch.id} has not happened",
                where="do.at.seq",
                remedy=f"its last event is {branch.last}",
                kind="later",
                event=str(at.seq),
                branch=branch.id,
                last=str(branch.last),
            )
        return branch, max(1, at.seq)

    def close(self) -> None:
        """End it: nothing plays on, and what it has used of the server's space is given back."""
        self.playback.stop()
        self.space.give_back()

    # Playing

    def _start(self, rate: float | None, now: float) -> dict[str, Any]:
        self.space.need()
        if self.active.simulation.nothing_pending:
            self.playback.rate = self.playback.rate if rate is None else rate
            self._stop("quiet")
        else:
            if self.active.lesson:
                branch = self.branches.fork(self.active, self.active.last)
                self.branches.add(branch)
                self._activate(branch, now)
            self.playback.start(now, self.active.simulation.now_us, rate)
            self._unwatched_since = None
            self._out.append(Message("playing", self.playback.to_json()))
        return {"ok": True, "playing": self.playback.to_json()}

    def _pause(self) -> dict[str, Any]:
        self._stop(None)
        return {"ok": True, "playing": self.playback.to_json()}

    def _stop(self, why: str | None) -> None:
        """Stop playing and say so, and why, after a last frame."""
        self.playback.stop()
        if self._frame_pending:
            self._frame()
        told = self.playback.to_json()
        if why is not None:
            told["why"] = why
        self._out.append(Message("playing", told))
        if why == "limit":
            full = self.space.full()
            message = f"Playing stopped: {full}. Go back to any point of it, or open a new room."
            self._notice("warn", Error(message, kind="stopped.full", why=full))

    def _guarded_play(self, now: float, started: float) -> None:
        """Let virtual time catch up; if that fails, stop playing and say so."""
        try:
            self._play(now, started)
        except Error as error:
            self._stop(None)
            self._notice("warn", Error(f"Playing stopped: {error}", kind="stopped", why=error))
        except Exception:
            _log.exception("room %s: playing failed", self.id)
            self._stop(None)
            self._notice("error", internal())

    def _play(self, now: float, started: float) -> None:
        self.playback.ticked(now)
        if self._unwatched(now):
            self._stop(None)
            return
        branch = self.active
        simulation = branch.simulation
        target = self.playback.target(now)
        self._time_passed = True
        begun = branch.last
        why: str | None = None
        while why is None and simulation.now_us < target:
            if self.space.left <= 0:
                why = "limit"
                break
            broken = len(simulation.violations)
            simulation.run_to(min(target, simulation.now_us + SLICE_US), EVENTS_PER_SLICE)
            self.space.collect(branch)
            if len(simulation.violations) > broken:
                why = "violation"
            elif simulation.nothing_pending:
                why = "quiet"
            if (
                branch.last - begun >= EVENTS_PER_TICK
                or self._stopwatch() - started > SECONDS_PER_PUMP
            ):
                break
        if simulation.now_us < target:
            self.playback.anchor(now, simulation.now_us)
        if why is not None:
            self._stop(why)

    def _unwatched(self, now: float) -> bool:
        """Tell whether nobody has been here for a while."""
        if self.members:
            self._unwatched_since = None
            return False
        if self._unwatched_since is None:
            self._unwatched_since = now
        return now - self._unwatched_since > SECONDS_UNWATCHED

    # Telling

    def _activate(self, branch: Branch, now: float) -> None:
        """Make a branch the active one and announce it, after what is still to be told of the one before."""
        if branch is self.active:
            return
        if self._frame_pending:
            self._frame()
        gone = self.branches.activate(branch)
        self._announce(branch, gone)
        if self.playback.on:
            self.playback.anchor(now, branch.simulation.now_us)

    def _announce(self, branch: Branch, gone: Branch | None = None) -> None:
        told: dict[str, Any] = {"branch": branch.to_json(), "active": self.active.id}
        if gone is not None:
            told["gone"] = gone.id
        self._out.append(Message("branch", told))

    def _notice(self, level: str, said: Error) -> None:
        self._out.append(Message("notice", {"level": level, **told(said)}))

    @property
    def _frame_pending(self) -> bool:
        return self._time_passed or self.active.sent < self.active.last

    def _frame(self) -> None:
        """Tell everything that has happened on the active branch since the last frame."""
        branch = self.active
        payload = {
            "branch": branch.id,
            "first": branch.sent + 1,
            "last": branch.last,
            "events": Encoded(branch.encoded[branch.sent :]),
            "now": branch.simulation.now_us,
            "playing": self.playback.to_json(),
            "log": branch.tell(),
        }
        branch.sent = branch.last
        self._time_passed = False
        self._out.append(Message("frame", payload))
