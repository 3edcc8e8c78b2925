"""A real server, started as a person starts it, and clients that talk to it over the network."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import socketio
import websocket

ROOT = Path(__file__).resolve().parents[2]
FIRST_PORT = 5110
DEADLINE = 20.0


class Server:
    """`python app.py` in a process of its own. `lines()` are what it has printed so far."""

    def __init__(
        self, command: list[str] | None = None, port: int = FIRST_PORT, **environment: str
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *(command or ["app.py"])],
            cwd=ROOT,
            env={
                **os.environ,
                "RAFTVIZ_PORT": str(port),
                "RAFTVIZ_OPEN": "no",
                "PYTHONUNBUFFERED": "1",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._changed = threading.Condition()
        self._lines: list[str] = []
        self._ended = False
        threading.Thread(target=self._read, daemon=True).start()
        found = self.wait_for_line(r"raftviz is at (http://\S+)")
        self.url = found[1]
        self.port = int(self.url.rpartition(":")[2])

    def _read(self) -> None:
        assert self.process.stdout is not None
        for text in self.process.stdout:
            with self._changed:
                self._lines.append(text.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def lines(self) -> list[str]:
        """Return what the server has printed."""
        with self._changed:
            return list(self._lines)

    def wait_for_line(self, pattern: str, after: int = 0) -> re.Match[str]:
        """Wait until a line, not among the first `after`, matches."""

        def search() -> re.Match[str] | None:
            return next(filter(None, (re.search(pattern, x) for x in self._lines[after:])), None)

        with self._changed:
            self._changed.wait_for(lambda: search() or self._ended, DEADLINE)
            found = search()
        assert found, f"no line like {pattern!r} in:\n" + "\n".join(self._lines)
        return found

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the server and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(DEADLINE)
            with self._changed:
                self._changed.wait_for(lambda: self._ended, DEADLINE)
            if self.process.stdout is not None:
                self.process.stdout.close()
            return code
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


class Client:
    """A browser's link: sends messages, and keeps what it is told in order."""

    def __init__(self, server: Server, transport: str = "websocket", **headers: str) -> None:
        self._io = socketio.Client(reconnection=False)
        # The library gives each message to a thread of its own, and so loses their order.
        trigger = self._io.eio._trigger_event
        self._io.eio._trigger_event = lambda *arguments, **options: trigger(
            *arguments, **{**options, "run_async": False}
        )
        self._changed = threading.Condition()
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self.connected = True
        for name in ("frame", "branch", "playing", "notice", "gone"):
            self._io.on(name, lambda payload, name=name: self._take(name, payload))
        self._io.on("disconnect", self._left)
        self._io.connect(server.url, transports=[transport], headers=headers, wait_timeout=DEADLINE)

    def _take(self, name: str, payload: dict[str, Any]) -> None:
        with self._changed:
            self.messages.append((name, payload))
            self._changed.notify_all()

    def _left(self, *_reason: object) -> None:
        with self._changed:
            self.connected = False
            self._changed.notify_all()

    @property
    def engine_id(self) -> str:
        """The id of the connection below Socket.IO."""
        return str(self._io.eio.sid)

    def ask(self, name: str, payload: Any = None) -> dict[str, Any]:
        """Send a message and return its answer."""
        answer: dict[str, Any] = self._io.call(name, payload, timeout=DEADLINE)
        return answer

    def must(self, name: str, payload: Any = None) -> dict[str, Any]:
        """Send a message that must succeed."""
        answer = self.ask(name, payload)
        assert answer["ok"] is True, answer
        return answer

    def error(self, name: str, payload: Any = None) -> dict[str, Any]:
        """Send a message that must be refused, and return its error."""
        answer = self.ask(name, payload)
        assert answer["ok"] is False, answer
        error: dict[str, Any] = answer["error"]
        assert error.keys() - {"kind", "facts"} == {"message", "where", "remedy", "code"}
        return error

    def open(self, **wish: Any) -> dict[str, Any]:
        """Open a room."""
        return self.must("open", {"protocol": 1, **wish})

    def told(self, name: str) -> list[dict[str, Any]]:
        """Return the messages of a name so far."""
        with self._changed:
            return [payload for told, payload in self.messages if told == name]

    def wait_for(self, condition: Callable[[], Any], what: str = "it") -> None:
        """Wait until a condition on what was told holds."""
        with self._changed:
            held = self._changed.wait_for(condition, DEADLINE)
        assert held, f"{what} never came; last: {str(self.messages[-3:])[:500]}"

    def events(self, answer: dict[str, Any], branch: str | None = None) -> list[dict[str, Any]]:
        """Return the events of a branch from an answer and the frames since, which must be contiguous."""
        events = list(answer["events"])
        last = events[-1]["seq"] if events else answer["from"] - 1
        for frame in self.told("frame"):
            if frame["branch"] != (branch or answer["branch"]):
                continue
            assert frame["first"] == last + 1
            assert [e["seq"] for e in frame["events"]] == list(
                range(frame["first"], frame["last"] + 1)
            )
            events += frame["events"]
            last = frame["last"]
        return events

    def close(self) -> None:
        """Leave, and leave nothing open."""
        engine = self._io.eio
        below = (engine.ws, engine.http, engine.read_loop_task, engine.write_loop_task)
        self._io.disconnect()
        for task in below[2:]:
            if task is not None:
                task.join(DEADLINE)
        if below[0] is not None:
            below[0].shutdown()
        if below[1] is not None:
            below[1].close()


class Raw:
    """A websocket that sends whatever it is told to, sense or not."""

    def __init__(self, server: Server, joined: bool = True) -> None:
        url = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        self.socket = websocket.create_connection(url, timeout=DEADLINE)
        assert self.socket.recv().startswith("0{")
        if joined:
            self.socket.send("40")
            assert self.socket.recv().startswith("40{")

    def send(self, data: bytes, opcode: int = websocket.ABNF.OPCODE_TEXT, fin: int = 1) -> None:
        """Send one frame."""
        self.socket.send_frame(websocket.ABNF(fin, 0, 0, 0, opcode, 1, data))

    def rest(self) -> tuple[list[str], int | None]:
        """Read until the connection ends: the texts that came, and the code that it was closed with."""
        texts: list[str] = []
        deadline = time.monotonic() + DEADLINE
        try:
            while time.monotonic() < deadline:
                opcode, data = self.socket.recv_data(control_frame=True)
                if opcode == websocket.ABNF.OPCODE_CLOSE:
                    return texts, int.from_bytes(data[:2], "big") if len(data) > 1 else None
                if opcode == websocket.ABNF.OPCODE_TEXT:
                    texts.append(data.decode())
        except (OSError, websocket.WebSocketException):
            return texts, None
        finally:
            self.close()
        raise AssertionError("the connection was not closed")

    def close(self) -> None:
        """Leave without a word."""
        self.socket.shutdown()
