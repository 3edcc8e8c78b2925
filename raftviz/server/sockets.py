"""The socket: each message is read, checked, given to its room, and answered.

Every message has exactly one answer: `{"ok": true, …}`, or `{"ok": false, "error": …}` with nothing
changed. A client's messages are taken one after the other, so a fast one slows down only itself.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask
import flask_socketio

from raftviz import lessons, narrate
from raftviz.errors import Error
from raftviz.server import protocol, refusals, sessions
from raftviz.server.backlog import Backlog
from raftviz.server.branches import readable
from raftviz.server.drafts import Desk
from raftviz.server.guard import OVERSIZE, drop, line
from raftviz.server.hall import Hall, gone
from raftviz.server.limits import Limits, TokenBucket
from raftviz.server.protocol import Compare, Notes, Open, Record, Resync, Save, Steering
from raftviz.server.pump import Pumps
from raftviz.server.refusals import Code, Refusal
from raftviz.server.roles import Role
from raftviz.server.room import Message, Result, Room
from raftviz.server.sessions import Shelf, Start
from raftviz.server.turns import in_turns
from raftviz.server.variants import Variants
from raftviz.server.wire import pack

ANSWER_SECONDS = 30.0
SWEEP_SECONDS = 30.0
LONGEST_PENALTY = 1.0
TOLD_SECONDS = 10.0

_log = logging.getLogger("raftviz.socket")


@dataclass(slots=True, eq=False)
class _Client:
    """A connection: where it comes from, what it may still send, and what the log says of it."""

    engine_id: str
    address: str
    allowance: TokenBucket
    packs: bool = False
    """Whether it reads packed answers."""
    told_until: float = 0.0
    """Until when messages that come too fast are refused without another line in the log."""


class Sockets:
    """The handlers of all messages, on a Socket.IO server."""

    def __init__(
        self,
        socketio: Any,
        hall: Hall,
        shelf: Shelf,
        limits: Limits,
        clock: Callable[[], float],
    ) -> None:
        self._io = socketio
        self._hall = hall
        self._shelf = shelf
        self._limits = limits
        self._clock = clock
        self._clients: dict[str, _Client] = {}
        self._backlog = Backlog(limits)
        self._desk = Desk(limits, clock, socketio.sleep)
        self._sweeping = False
        engine = socketio.server.eio
        self._variants = Variants(limits, clock, socketio.sleep, engine.create_event)
        self._pumps = Pumps(
            socketio.start_background_task, engine.create_event, socketio.sleep, self._tell, clock
        )
        socketio.on_event("connect", self._connect)
        socketio.on_event("disconnect", self._disconnect)
        socketio.on_event(OVERSIZE, self._oversize)
        for name in protocol.CATALOGUE:
            socketio.on_event(name, self._handler(name))
        socketio.on("*")(lambda name, *arguments: self._handle(str(name), arguments))

    # Coming and going

    def _connect(self, _auth: Any = None) -> None:
        if len(self._clients) >= self._limits.clients:
            _log.warning("refused a connection: %d clients are here", len(self._clients))
            full = Refusal(
                Code.BUSY,
                "the server is full",
                remedy="try again in a few minutes",
                kind="full",
            )
            raise ConnectionRefusedError(str(full), refusals.told(full))
        sid = flask.request.sid  # type: ignore[attr-defined]
        self._clients[sid] = _Client(
            engine_id=self._io.server.manager.eio_sid_from_sid(sid, "/"),
            address=flask.request.remote_addr or "unknown",
            allowance=TokenBucket(self._limits.messages_per_second, self._limits.messages_burst),
        )

    def _disconnect(self, _reason: Any = None) -> None:
        sid = flask.request.sid  # type: ignore[attr-defined]
        self._clients.pop(sid, None)
        self._backlog.forget(sid)
        self._hall.leave(sid, self._clock())

    def _sweep(self) -> None:
        """Close rooms that are over, as long as there are any."""
        while len(self._hall):
            self._io.sleep(SWEEP_SECONDS)
            closed = self._hall.sweep(self._clock())
            for room in closed:
                self._io.emit("gone", refusals.told(gone()), to=room.id)
                self._io.close_room(room.id)
            if closed:
                gc.collect()
        self._sweeping = False

    # Messages

    def _handler(self, name: str) -> Callable[..., dict[str, Any]]:
        return lambda *arguments: self._handle(name, arguments)

    def _handle(self, name: str, arguments: tuple[Any, ...]) -> dict[str, Any]:
        """Answer one message."""
        sid = flask.request.sid  # type: ignore[attr-defined]
        client = self._clients.get(sid)
        if client is None:
            return refusals.failure(gone())
        too_fast = self._charge(client, name)
        if too_fast is not None:
            return refusals.failure(too_fast)
        try:
            request = protocol.parse(name, arguments)
            if isinstance(request, Open):
                client.packs = request.packed
                return self._pack(client, self._open(sid, client, request))
            room, role = self._hall.room_of(sid, self._clock())
            if isinstance(request, Resync):
                return self._pack(client, room.resync(request.branch, request.have))
            if isinstance(request, Save):
                return room.save(request.moment)
            if isinstance(request, Record):
                return self._record(room, request)
            if isinstance(request, Compare):
                branch = room.branches.get(request.branch)
                return self._pack(client, self._variants.answer(branch, request.rules))
            if protocol.CATALOGUE[name].who == "presenter" and role is not Role.PRESENTER:
                raise Refusal(
                    Code.FORBIDDEN,
                    "you are watching this room",
                    where=name,
                    remedy="only its presenter steers; open the lesson yourself to try it",
                    kind="watching",
                )
            if isinstance(request, Notes):
                lesson = room.session.get("lesson")
                told = self._shelf.notes(lesson["id"], request.language) if lesson else []
                return {"ok": True, "steps": told}
            return self._pack(client, self._steer(room, request))
        except Error as error:
            _log.warning("refused %s from %s: %s", line(name, 40), client.address, line(error))
            return refusals.failure(error)
        except Exception:
            _log.exception("%s failed", line(name, 40))
            return refusals.failure(refusals.internal())

    @staticmethod
    def _pack(client: _Client, answer: dict[str, Any]) -> dict[str, Any]:
        return pack(answer) if client.packs else answer

    def _oversize(self, size: Any = 0, *_more: Any) -> dict[str, Any]:
        """Answer a message that was too long to be kept; `size` is its number of bytes."""
        size = size if isinstance(size, int) else 0
        error = Refusal(
            Code.LIMIT,
            f"a message of {size:,} bytes is too long",
            remedy=f"send at most {self._limits.message_bytes:,} bytes",
            kind="long",
            bytes=size,
            most=self._limits.message_bytes,
        )
        _log.warning("refused a message: %s", line(error))
        return refusals.failure(error)

    def _charge(self, client: _Client, name: str) -> Refusal | None:
        """Take a message from its sender's allowance; one that sends too fast waits for its refusal.

        A flood is one line in the log, until it has ceased for a while.
        """
        kind = protocol.CATALOGUE.get(name)
        cost = kind.cost if kind else 1.0
        wait = client.allowance.wait(self._clock(), cost)
        if client.allowance.take(self._clock(), cost):
            return None
        self._io.sleep(min(wait, LONGEST_PENALTY))
        error = Refusal(
            Code.LIMIT,
            "these are too many messages",
            remedy=f"send at most {self._limits.messages_per_second:g} a second",
            kind="fast",
            most=f"{self._limits.messages_per_second:g}",
        )
        now = self._clock()
        if now >= client.told_until:
            _log.warning("refused messages from %s: %s", client.address, line(error))
        client.told_until = now + TOLD_SECONDS
        return error

    def _open(self, sid: str, client: _Client, request: Open) -> dict[str, Any]:
        now = self._clock()
        if request.room is not None:
            room, token = self._hall.find(request.room), request.token
        else:
            if request.lesson is not None:
                start = self._shelf.start(request.lesson)
            elif request.session is not None:
                start = self._replay(request.session)
            elif request.draft is not None:
                start = self._desk.start(request.draft)
            else:
                start = sessions.sandbox(request.sandbox or {}, self._limits)
            room = self._hall.make(start, client.address, now)
            token = room.token
            if not self._sweeping:
                self._sweeping = True
                self._io.start_background_task(self._sweep)
        role = self._hall.enter(sid, room, token, now)
        for old in flask_socketio.rooms():
            if old not in (sid, room.id):
                flask_socketio.leave_room(old)
        flask_socketio.join_room(room.id)
        return room.welcome(role, request.have)

    def _replay(self, session: dict[str, Any]) -> Start:
        """Carry out a saved session anew, letting others have their turn. Raises Error."""
        work = sessions.saved(session, self._shelf, self._limits, self._hall.ledger.left)
        return in_turns(
            work,
            self._limits.replay_seconds,
            self._clock,
            self._io.sleep,
            lambda: Refusal(
                Code.LIMIT,
                f"this session takes longer than {self._limits.replay_seconds:g} seconds",
                where="session",
                remedy="carry it out with python -m raftviz replay",
                kind="session.slow",
                seconds=f"{self._limits.replay_seconds:g}",
            ),
        )

    def _record(self, room: Room, request: Record) -> dict[str, Any]:
        """Tell a branch as a lesson, letting others have their turn. Raises Error."""
        branch = room.branches.get(request.branch)
        title = readable(request.title, self._limits) or str(room.session["title"])
        name = lessons.id_of(title)
        lang = narrate.spoken(request.lang)
        seconds = self._limits.replay_seconds
        text = in_turns(
            lessons.recording(branch.simulation, name, title, lang, self._script(room)),
            seconds,
            self._clock,
            self._io.sleep,
            lambda: Refusal(
                Code.LIMIT,
                f"this run takes longer than {seconds:g} seconds",
                where="record",
                remedy="save the session and use python -m raftviz record",
                kind="record.slow",
                seconds=f"{seconds:g}",
            ),
        )
        return {"ok": True, "id": name, "lesson": text}

    def _script(self, room: Room) -> lessons.Lesson | None:
        """The lesson that a room began as, if it is one that the server offers."""
        told = room.session.get("lesson")
        if not told or room.session.get("draft"):
            return None
        return next((each for each in self._shelf.lessons() if each.id == told["id"]), None)

    def _steer(self, room: Room, request: Any) -> dict[str, Any]:
        """Queue a request in its room and wait for what becomes of it. Raises Error."""
        steering: Steering = request
        done = self._io.server.eio.create_event()
        results: list[Result] = []

        def answer(result: Result) -> None:
            results.append(result)
            done.set()

        room.submit(steering, answer)
        self._pumps.wake(room)
        done.wait(ANSWER_SECONDS)
        if not results:
            raise refusals.internal()
        if isinstance(results[0], Error):
            raise results[0]
        return results[0]

    # Telling

    def _tell(self, room: Room, message: Message) -> None:
        """Send a message to everyone in the room, but no frames to those who do not read.

        Who is left out notices the gap once it reads again and asks for the rest.
        """
        behind = self._left_out(room) if message.name == "frame" else []
        self._io.emit(message.name, message.payload, to=room.id, skip_sid=behind)

    def _left_out(self, room: Room) -> list[str]:
        """Return the members that have too much unread; disconnect those that never catch up."""
        engine = self._io.server.eio
        unread: dict[str, int] = {}
        for sid in room.members:
            client = self._clients.get(sid)
            sock = engine.sockets.get(client.engine_id) if client else None
            if sock is not None:
                unread[sid] = sock.queue.qsize()
        behind, lost = self._backlog.judge(unread, self._clock())
        for sid in lost:
            client = self._clients[sid]
            _log.warning("disconnected %s: it does not read what it is sent", client.address)
            drop(engine, client.engine_id)
        return behind
