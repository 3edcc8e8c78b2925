"""Putting the server together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import flask
from flask_socketio import SocketIO

from raftviz import lessons
from raftviz.server import api, assets, faults, language, logs, pages
from raftviz.server.drafts import Desk
from raftviz.server.guard import WirePacket, guard
from raftviz.server.hall import Hall
from raftviz.server.headers import Outermost
from raftviz.server.limits import Limits
from raftviz.server.sessions import Shelf
from raftviz.server.sockets import Sockets

ROOT = Path(__file__).resolve().parents[2]

PING_SECONDS = 15
PING_PATIENCE_SECONDS = 10


def create_app(limits: Limits | None = None, lesson_files: Sequence[str] = ()) -> flask.Flask:
    """Make the application: pages, socket, and nothing running yet. `lesson_files` are lessons to
    offer beside those that raftviz ships; one with the id of a shipped one takes its place.

    Its Socket.IO server is at `app.extensions["socketio"]`. Raises LessonError when a lesson cannot
    be read.
    """
    limits = limits or Limits()
    shelf = Shelf([*lessons.library(), *(lessons.load(file) for file in lesson_files)])
    hall = Hall(limits, time.perf_counter)
    app = pages_alone(shelf, hall, limits)
    socketio = SocketIO(
        app,
        serializer=WirePacket,
        async_handlers=False,
        manage_session=False,
        cors_allowed_origins=None,
        max_http_buffer_size=limits.message_bytes,
        ping_interval=PING_SECONDS,
        ping_timeout=PING_PATIENCE_SECONDS,
        logger=logs.quiet("raftviz.socketio"),
        engineio_logger=logs.quiet("raftviz.engineio"),
    )
    guard(socketio.server, limits)
    Sockets(socketio, hall, shelf, limits, time.monotonic)
    app.wsgi_app = Outermost(app.wsgi_app, limits.message_bytes)  # type: ignore[method-assign]
    return app


def pages_alone(shelf: Shelf, hall: Hall, limits: Limits) -> flask.Flask:
    """Make the part of the application that answers over HTTP: pages, files, addresses for programs."""
    app = flask.Flask(
        "raftviz",
        root_path=str(ROOT),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path="/static",
    )
    app.config["MAX_CONTENT_LENGTH"] = limits.body_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.register_blueprint(pages.blueprint(shelf, hall, limits))
    app.register_blueprint(api.blueprint(shelf, hall, Desk(limits, time.monotonic, time.sleep)))
    language.install(app)
    assets.install(app)
    faults.install(app)
    return app
