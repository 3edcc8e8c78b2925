"""Starting the server from a shell: address, port, browser, and a quiet end."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NoReturn

from raftviz.errors import Error, shown
from raftviz.server.application import ROOT, create_app
from raftviz.server.logs import show

HOST, PORT = "127.0.0.1", 5000
PORTS_TRIED = 50
BACKLOG = 128
IDLE_SECONDS = 30
"""How long a connection may stay open between two requests."""
STALLED_SECONDS = 60
"""How long a read or a write of HTTP may take."""

_DESKTOP = ("DISPLAY", "WAYLAND_DISPLAY")


def serve(
    host: str | None = None, port: int | None = None, lesson_files: Sequence[str] = ()
) -> NoReturn:
    """Run app.py in a fresh interpreter, which patches the network library before it imports anything.

    `host`, `port` and `lesson_files` go before the environment's. Ends this process with the exit
    code of that one.
    """
    environment = dict(os.environ)
    if host is not None:
        environment["RAFTVIZ_HOST"] = host
    if port is not None:
        environment["RAFTVIZ_PORT"] = str(port)
    if lesson_files:
        environment["RAFTVIZ_LESSONS"] = os.pathsep.join(map(os.path.abspath, lesson_files))
    command = [sys.executable, str(ROOT / "app.py")]
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(command[0], command, environment)
    try:
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    except KeyboardInterrupt:
        sys.exit(0)


def run(server: Callable[..., object]) -> None:
    """Serve by eventlet's `wsgi.server` at RAFTVIZ_HOST and RAFTVIZ_PORT, or the next free port, until interrupted.

    RAFTVIZ_OPEN says whether to open the browser: yes, no, or auto (only on a desktop).
    RAFTVIZ_LESSONS names lesson files to offer beside the shipped ones, separated as in PATH.
    """
    show()
    try:
        host = os.environ.get("RAFTVIZ_HOST") or HOST
        wanted = _port(os.environ.get("RAFTVIZ_PORT") or str(PORT))
        opens = _opens(os.environ.get("RAFTVIZ_OPEN") or "auto")
        listener = listen(host, wanted)
        files = os.environ.get("RAFTVIZ_LESSONS") or ""
        app = create_app(lesson_files=[file for file in files.split(os.pathsep) if file])
    except Error as error:
        sys.exit(f"raftviz: {error}")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    port = int(listener.getsockname()[1])
    socketio = app.extensions["socketio"]
    socketio.start_background_task(_announce, host, port, wanted, opens)
    # A full collection would halt everyone while it looks at every event of every room. What is
    # there now stays, and the rest is looked at when rooms have closed (sockets.py), not in between.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 1_000_000)
    server(
        listener,
        app,
        log_output=False,
        log=_Silence(),
        keepalive=IDLE_SECONDS,
        socket_timeout=STALLED_SECONDS,
    )


def listen(host: str, wanted: int) -> socket.socket:
    """Return a socket that listens at `wanted`, or at the next port after it that is free; for 0 at any.

    From then on the port is ours alone: to look first and listen later would give one port to two servers
    that start together. Raises Error when `host` is no address of this machine, or no port is free.
    """
    for port in range(wanted, min(wanted + PORTS_TRIED, 65_536)):
        try:
            family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            listener = socket.socket(family, socket.SOCK_STREAM)
            try:
                if os.name == "posix":
                    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(place)
                listener.listen(BACKLOG)
            except OSError:
                listener.close()
                raise
            return listener
        except (socket.gaierror, UnicodeError):
            raise Error(
                f"{shown(host)} is no address", where="RAFTVIZ_HOST", remedy=f"use {HOST}"
            ) from None
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise Error(
                    f"{shown(host)} is no address of this machine",
                    where="RAFTVIZ_HOST",
                    remedy=f"use {HOST}",
                ) from None
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise Error(
        f"no port from {wanted} to {min(wanted + PORTS_TRIED, 65_536) - 1} is free",
        where="RAFTVIZ_PORT",
        remedy="use another one, or 0 for any",
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise Error(
            f"{shown(text)} is no port", where="RAFTVIZ_PORT", remedy="use a number from 0 to 65535"
        )
    return int(text)


def _opens(text: str) -> bool:
    if text == "auto":
        on_desktop = sys.platform in ("darwin", "win32") or any(map(os.environ.get, _DESKTOP))
        return on_desktop and not os.environ.get("CI") and not os.environ.get("SSH_CONNECTION")
    if text not in ("yes", "no", "1", "0"):
        raise Error(
            f"{shown(text)} is not known", where="RAFTVIZ_OPEN", remedy="use yes, no or auto"
        )
    return text in ("yes", "1")


def _announce(host: str, port: int, wanted: int, opens: bool) -> None:
    """Print the address, at which the server answers by now, and open the browser there."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    address = f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"
    if wanted not in (0, port):
        print(f"raftviz: port {wanted} is taken, using {port}", flush=True)
    print(f"raftviz is at {address} (Ctrl-C ends it)", flush=True)
    if opens:
        try:
            webbrowser.open(address)
        except webbrowser.Error:
            print(f"raftviz: no browser to open; go to {address}", flush=True)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    """End at once: rooms live in memory alone, so there is nothing to save and nobody to wait for."""
    sys.stdout.write("\n")
    sys.stdout.flush()
    os._exit(0)


class _Silence:
    """What the web server writes its notes to: nothing of it is for a person who starts raftviz."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_args, **_more: None
