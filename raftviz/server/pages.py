"""The pages: home, a lesson, a sandbox, a room to watch, a saved run, a lesson inside another page."""

from __future__ import annotations

import json
import re
from typing import Any

import flask

from raftviz.errors import one_of, shown
from raftviz.lessons import Lesson
from raftviz.server import language, sessions
from raftviz.server.catalogue import catalogue
from raftviz.server.hall import Hall
from raftviz.server.headers import EMBED
from raftviz.server.limits import Limits
from raftviz.server.refusals import Code, Refusal
from raftviz.server.sessions import Shelf

_RANGE = re.compile(r"(\d{1,7})-(\d{1,7})")
_TIMING = ("election_timeout", "heartbeat", "latency")
_WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

#: What to write instead, by the name in an address.
_NUMBERS = {
    "nodes": sessions.NODES,
    "seed": "use a whole number from 0 on, of at most 15 digits",
    "step": "use the number of a step, from 1 on",
    "event": "use the number of an event, from 0 on",
}

#: What an embedded lesson may be asked to look like; the first is as the reader's system has it.
_THEMES = ("auto", "light", "dark")

#: The levels of lessons, as the first page offers them.
LEVELS = ("beginner", "intermediate", "advanced")

#: Options of the protocol that the home page offers for a sandbox; their words are in the catalogue.
OFFERED = (
    "pre_vote",
    "check_quorum",
    "leader_stickiness",
    "noop_on_election",
    "conflict_hints",
    "client_sessions",
)


def blueprint(shelf: Shelf, hall: Hall, limits: Limits) -> flask.Blueprint:
    """Return the pages of a server with these lessons and rooms."""
    pages = flask.Blueprint("pages", __name__)

    def room(kind: str, title: str, **more: Any) -> str:
        context = {"lesson": None, "step": None, "room": None, "config": None, "texts": "", **more}
        asked = flask.request.args.get("event")
        event = None if asked is None else _whole("event", asked)
        branch = flask.request.args.get("branch", "")[:40]
        return flask.render_template(
            "room.html", kind=kind, title=title, event=event, branch=branch, **context
        )

    def texts(lesson: Lesson | None) -> str:
        """The address of a lesson's texts in the page's language; empty where it has none of its own."""
        tongue = language.spoken()
        if lesson is None or tongue not in lesson.texts:
            return ""
        return flask.url_for("api.texts", lesson_id=lesson.id, language=tongue)

    @pages.get("/")
    def home() -> str:
        chapters = catalogue(shelf.lessons(), language.spoken())
        context = {"chapters": chapters, "options": OFFERED, "levels": LEVELS}
        return flask.render_template("home.html", title="raftviz", **context)

    @pages.get("/lesson/<lesson_id>", strict_slashes=False)
    def lesson(lesson_id: str) -> str:
        found = shelf.find(lesson_id)
        step = flask.request.args.get("step")
        number = None if step is None else _whole("step", step)
        title = sessions.lesson_title(found, language.spoken())
        return room("lesson", title, lesson=found.id, step=number, texts=texts(found))

    @pages.get("/sandbox", strict_slashes=False)
    def sandbox() -> str:
        wish = sandbox_wish(flask.request.args)
        start = sessions.sandbox(wish, limits)
        config = json.dumps(wish, separators=(",", ":"))
        title = shelf.title(start.session, language.spoken())
        return room("sandbox", title, config=config)

    @pages.get("/room/<room_id>")
    def watch(room_id: str) -> str:
        found = hall.find(room_id)
        told = found.session.get("lesson")
        title = shelf.title(found.session, language.spoken())
        return room(
            "room",
            title,
            room=found.id,
            texts=texts(
                shelf.find(told["id"]) if told and not found.session.get("draft") else None
            ),
        )

    @pages.get("/run")
    def run() -> str:
        return room("run", language.word("run.title"))

    @pages.get("/draft")
    def draft() -> str:
        return room("draft", language.word("draft.title"))

    @pages.get("/edit", strict_slashes=False)
    def edit() -> str:
        context = {"lessons": shelf.cards(language.spoken())}
        return flask.render_template("edit.html", title=language.word("edit.title"), **context)

    @pages.get(EMBED)
    def embed() -> str:
        query = flask.request.args
        found = None if query.get("draft") == "1" else shelf.find(query.get("lesson", ""))
        numbers = {
            name: None if query.get(name) is None else _whole(name, query[name])
            for name in ("step", "event")
        }
        theme = query.get("theme", _THEMES[0])
        if theme not in _THEMES:
            raise Refusal(
                Code.BAD_REQUEST,
                f"{shown(theme)} is not possible",
                where="theme",
                remedy=one_of(_THEMES),
                kind="value.choice",
                name="theme",
                known=_THEMES,
            )
        plays = _WORDS.get(query.get("autoplay", "0").lower())
        if plays is None:
            raise Refusal(
                Code.BAD_REQUEST,
                f"{shown(query['autoplay'])} is not possible",
                where="autoplay",
                remedy="use 1 or 0",
                kind="value.flag",
                name="autoplay",
            )
        context = {"theme": theme, "plays": plays, "texts": texts(found), **numbers}
        title = (
            sessions.lesson_title(found, language.spoken())
            if found
            else language.word("draft.title")
        )
        return flask.render_template("embed.html", lesson=found, title=title, **context)

    return pages


def sandbox_wish(query: Any) -> dict[str, Any]:
    """Return what an address asks of a sandbox, such as ?nodes=5&seed=7&latency=10-20&pre_vote=1.

    Whole numbers for nodes and seed, milliseconds or ranges of them for the timing, and everything
    else is an option of the protocol; `bugs` is a list with commas. Raises Refusal; whether an
    option exists is not looked at here. `lang` is the page's language and `compare` what
    the page puts beside the run: no options.
    """
    wish: dict[str, Any] = {}
    for name, value in query.items():
        if name in (language.COOKIE, "compare"):
            continue
        if name in ("nodes", "seed"):
            wish[name] = _whole(name, value)
        elif name in _TIMING:
            wish.setdefault("timing", {})[name] = _span(name, value)
        else:
            options = wish.setdefault("options", {})
            options[name] = value.split(",") if name == "bugs" else _option(value)
    return wish


def _whole(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise Refusal(
            Code.BAD_REQUEST,
            f"{shown(value)} is not possible",
            where=name,
            remedy=_NUMBERS.get(name, "use a whole number of milliseconds"),
            kind=f"value.{name if name in _NUMBERS else 'time'}",
            name=name,
            **sessions.BOUNDS,
        )
    return int(value)


def _span(name: str, value: str) -> int | list[int]:
    both = _RANGE.fullmatch(value)
    return [int(both[1]), int(both[2])] if both else _whole(name, value)


def _option(value: str) -> Any:
    if value.lower() in _WORDS:
        return _WORDS[value.lower()]
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
