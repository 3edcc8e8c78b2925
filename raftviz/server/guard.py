"""What stands between raw bytes from anyone and Socket.IO, which trusts them more than we do.

- A websocket message that is too long is read and thrown away, never kept, and its sender is answered
  with an error as if it had sent a small one; far beyond that the connection is closed with code 1009.
  Fragments count together, so a message without end is bounded too.
- A frame that is no Engine.IO or Socket.IO packet closes its connection, with a word why, and one line
  in the log instead of a stack trace.
- Binary packets, which could ask us to wait for a billion attachments, are no part of our protocol.
- Compression of websocket messages is not offered: it costs more time than it saves (it would be done
  anew for every client) and a small message could unpack into a huge one.
"""

from __future__ import annotations

import logging
import re
import socket
import sys
from collections.abc import Callable
from typing import Any

from socketio.packet import BINARY_ACK, BINARY_EVENT, Packet

from raftviz.server.limits import Limits
from raftviz.server.wire import Json

OVERSIZE = "oversize"
"""The message that stands in for one that was too long; its value is the number of bytes."""

_HEAD_BYTES = 64
_EVENT = re.compile(rb"42(\d{0,15})\[")

_log = logging.getLogger("raftviz.wire")


class WirePacket(Packet):  # type: ignore[misc]
    """A Socket.IO packet without binary attachments, encoded by our JSON."""

    uses_binary_events = False
    json = Json

    def decode(self, encoded_packet: str) -> int:
        """Read a packet; raise ValueError for one that we do not speak."""
        count: int = super().decode(encoded_packet)
        if count or self.packet_type in (BINARY_EVENT, BINARY_ACK):
            raise ValueError("binary packets are not spoken here")
        if self.packet_type == 2 and not (
            isinstance(self.data, list) and self.data and isinstance(self.data[0], str)
        ):
            raise ValueError("an event is a list that begins with its name")
        return count


def line(text: object, limit: int = 300) -> str:
    """Return a person's text as one line of a log, without control characters and cut when long."""
    clean = "".join(c if c.isprintable() else "·" for c in str(text)[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def guard(server: Any, limits: Limits) -> None:
    """Put the guards around a Socket.IO server that speaks `WirePacket`."""
    engine = server.eio
    transport = engine._async.get("websocket")
    if hasattr(transport, "_negotiate_permessage_deflate"):
        engine._async = {**engine._async, "websocket": _guarded_websocket(transport, limits)}
    engine.handlers["message"] = _guarded_messages(server, engine.handlers["message"])


def drop(engine: Any, engine_id: str) -> None:
    """End a client's connection without waiting for it to read what is queued."""
    sock = engine.sockets.get(engine_id)
    if sock is not None:
        sock.close(wait=False, abort=True, reason=engine.reason.SERVER_DISCONNECT)


def _guarded_messages(server: Any, handle: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    def guarded(engine_id: str, data: Any) -> Any:
        try:
            return handle(engine_id, data)
        except Exception as error:
            _log.warning("a malformed packet closed its connection: %s", line(error))
            sid = server.manager.sid_from_eio_sid(engine_id, "/")
            if sid is not None:
                message = f"a packet that makes no sense came from here ({line(error, 100)}); reload the page"
                server.emit("notice", {"level": "error", "message": message}, to=sid)
            sock = server.eio.sockets.get(engine_id)
            if sock is not None:
                sock.close(wait=False, reason=server.eio.reason.SERVER_DISCONNECT)
            return None

    return guarded


def _guarded_websocket(base: Any, limits: Limits) -> Any:
    """Return the websocket class of the server's engine with bounds on what comes in."""
    failed = sys.modules[base.__mro__[1].__module__].FailedConnectionError

    class Guarded(base):  # type: ignore[misc]
        def __init__(self, handler: Any, server: Any) -> None:
            def guarded(ws: Any) -> None:
                ws.Message = bounded(ws.Message, limits, failed)
                ws.max_frame_length = limits.discarded_bytes
                ws._apply_mask = unmask
                # A frame and the answer after it are two small writes: neither may wait for the other.
                ws.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                try:
                    handler(ws)
                except Exception as error:
                    _log.warning("a malformed frame closed its connection: %s", line(error))
                    ws.close(close_data=(1002, "this is not an Engine.IO packet"))
                    handler.__self__.close(
                        wait=False, abort=True, reason=server.reason.TRANSPORT_ERROR
                    )

            super().__init__(guarded, server)

        def _negotiate_permessage_deflate(self, extensions: Any) -> None:
            return None

    return Guarded


def bounded(base: Any, limits: Limits, failed: Any) -> Any:
    """Return the class of incoming messages with a bound on what one may hold."""

    class Bounded(base):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.size = 0
            self.head = b""

        def push(self, data: bytes, final: bool = False) -> None:
            self.size += len(data)
            self.head = (self.head + data[:_HEAD_BYTES])[:_HEAD_BYTES]
            if self.size <= limits.message_bytes:
                super().push(data, final=final)
                return
            self.data.clear()
            self.finished = final
            if self.size > limits.discarded_bytes:
                _log.warning("a message of over %d bytes closed its connection", self.size)
                raise failed(1009, f"a message holds at most {limits.message_bytes} bytes")

        def getvalue(self) -> Any:
            if self.size <= limits.message_bytes:
                try:
                    return super().getvalue()
                except UnicodeDecodeError:
                    _log.warning("a frame that is not UTF-8 closed its connection")
                    raise failed(1007, "text must be UTF-8") from None
            event = _EVENT.match(self.head)
            if event is None:
                _log.warning("a frame of %d bytes closed its connection", self.size)
                raise failed(1009, f"a message holds at most {limits.message_bytes} bytes")
            return f'42{event[1].decode()}["{OVERSIZE}",{self.size}]'

    return Bounded


def unmask(data: bytes, mask: Any, length: int | None = None, offset: int = 0) -> bytes:
    """Undo (or do) a websocket's masking, fast: one exclusive-or of two long numbers."""
    size = len(data) if length is None else length
    start = offset % 4
    key = bytes((*mask[start:], *mask[:start]))
    pad = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(data[:size], "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")
