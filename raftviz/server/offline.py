"""A lesson or a saved session as one HTML file that plays without a server, or any network.

It is the room's own page as it would be served, with all that it would have fetched put into it: styles,
fonts, scripts (as an import map of data addresses, since they are modules), words, and the answers
of the room. Nothing in it can change the run.
"""

from __future__ import annotations

import base64
import json
import mimetypes
import re
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask

from raftviz import session
from raftviz.lessons import Lesson
from raftviz.pieces import finish
from raftviz.server import language, sessions
from raftviz.server.api import PHRASES
from raftviz.server.application import pages_alone
from raftviz.server.assets import lean
from raftviz.server.hall import Hall
from raftviz.server.limits import Ledger, Limits
from raftviz.server.roles import Role
from raftviz.server.room import Room
from raftviz.server.sessions import Shelf, Start
from raftviz.server.sheets import whole
from raftviz.server.wire import Json

#: Whoever saves a file at their own machine may fill it; the page itself gets all events at once.
_LIMITS = Limits(events=2_000_000, events_sent_whole=2_000_000, branches=1_000)

_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
_SCRIPT = re.compile(r'<script type="module" src="([^"]+)"></script>')
_NEEDLESS = re.compile(r'[ \t]*<link rel="(?:module)?preload"[^>]*>\n?')
_ICON = re.compile(r'(<link rel="icon" href=")([^"]+)(")')
_URL = re.compile(r"""url\((['"]?)([^'")]+)\1\)""")
_IMPORTED = re.compile(
    r"""((?:^import\s*|^(?:import|export)\s[^'"();]*?\bfrom\s*|\bimport\())(['"])(\.{1,2}/[^'"]+)\2""",
    re.MULTILINE,
)


def lesson_page(lesson: Lesson, tongue: str, step: int | None = None) -> str:
    """Return a lesson as one HTML page in a language, opened at a step (from 1) if one is given.

    Raises LessonError where it cannot be run.
    """
    shelf = Shelf([lesson])
    texts = shelf.texts(lesson.id, tongue) if tongue in lesson.texts else None
    title = sessions.lesson_title(lesson, tongue)
    named = {"kind": "lesson", "lesson": lesson.id, "step": step, "title": title}
    return _page(shelf.start(lesson.id), named, tongue, texts, shelf)


def session_page(text: str, tongue: str, library: list[Lesson]) -> str:
    """Return a saved session as one HTML page in a language; `library` are the lessons that it may be of.

    Raises SessionError, and whatever raftviz.Error carrying it out anew raises.
    """
    shelf = Shelf(library)
    start = _carried_out(session.parse(text), shelf)
    told = start.session.get("lesson")
    texts = None
    if told and tongue in shelf.find(told["id"]).texts:
        texts = shelf.texts(told["id"], tongue)
    moment = session.loads(text).moment
    named = {
        "kind": "room",
        "title": shelf.title(start.session, tongue),
        "event": moment.event if moment else None,
    }
    return _page(start, named, tongue, texts, shelf)


def _carried_out(value: dict[str, Any], shelf: Shelf) -> Start:
    return finish(sessions.saved(value, shelf, _LIMITS, _LIMITS.events))


def _outcomes(shelf: Shelf, lesson: dict[str, Any] | None) -> dict[str, str]:
    """What happens where a lesson asks for a prediction, by the address where a page asks for it."""
    if lesson is None:
        return {}
    asking = [step["index"] + 1 for step in lesson["steps"] if step["predict"]]
    return {
        f"/api/lessons/{lesson['id']}/outcome/{step}.json": Json.dumps(
            shelf.outcome(lesson["id"], step)
        )
        for step in asking
    }


def _page(
    start: Start, named: dict[str, Any], tongue: str, texts: dict[str, Any] | None, shelf: Shelf
) -> str:
    outcomes = _outcomes(shelf, start.session.get("lesson"))
    app = pages_alone(Shelf([]), Hall(_LIMITS, time.perf_counter), _LIMITS)
    root = Path(app.static_folder or "static")
    usual = {"lesson": None, "step": None, "room": "recording", "config": None, "event": None}
    context = {**usual, "branch": "", "texts": "texts" if texts else "", **named}
    with app.test_request_context(f"/?{language.COOKIE}={tongue}"):
        page = flask.render_template("room.html", **context)
    phrases = (PHRASES / f"{tongue}.json").read_text("utf-8")
    words = (root / "words" / f"{tongue}.json").read_text("utf-8")
    baked = {f"/static/words/{tongue}.json": words, f"/api/phrases/{tongue}.json": phrases}
    if texts:
        baked["texts"] = json.dumps(texts, ensure_ascii=False)
    baked["recording"] = _packed(_answers(start))
    baked |= outcomes
    return _joined(page, root, baked)


def _answers(start: Start) -> dict[str, Any]:
    """Return what a room would answer: to who enters, for each branch, and to who saves."""
    room = Room(
        "recording",
        "",
        start.session,
        start.branch,
        limits=_LIMITS,
        stopwatch=time.perf_counter,
        ledger=Ledger(_LIMITS.events),
        others=start.others,
        active=start.active,
    )
    return {
        "open": room.welcome(Role.VIEWER, None),
        "branches": {branch.id: room.resync(branch.id, 0) for branch in room.branches},
        "save": room.save(None),
    }


def _packed(answers: dict[str, Any]) -> str:
    text = Json.dumps(answers, separators=(",", ":")).encode()
    return base64.b64encode(zlib.compress(text, 9)).decode("ascii")


def _joined(page: str, root: Path, baked: dict[str, str]) -> str:
    """Return the page with everything inside that it names."""

    def file(address: str) -> Path:
        return root / address.partition("?")[0].removeprefix("/static/")

    scripts = [file(name) for name in _SCRIPT.findall(page)]
    modules = {_name(path, root): _module(path, root) for path in _needed(scripts)}
    held = "".join(
        f'<script type="application/json" data-baked="{name}">{_inert(text)}</script>\n'
        for name, text in baked.items()
    )
    imports = json.dumps({"imports": {name: _data(text) for name, text in modules.items()}})
    starts = "".join(f'import "{_name(path, root)}";' for path in scripts)
    page = _NEEDLESS.sub("", page)
    page = _STYLE.sub(lambda found: f"<style>{_style(file(found[1]))}</style>", page)
    page = _ICON.sub(lambda found: f"{found[1]}{_data_of(file(found[2]))}{found[3]}", page)
    page = _SCRIPT.sub("", page)
    page = page.replace('<body class="room"', '<body class="room" data-recorded', 1)
    ending = (
        f'{held}<script type="importmap">{imports}</script>\n'
        f'<script type="module">{starts}</script>\n</body>'
    )
    head, body, rest = page.rpartition("</body>")
    assert body, "the page has no end"
    return f"{head}{ending}{rest}"


def _needed(scripts: list[Path]) -> Iterator[Path]:
    """The scripts and all that they import, at once or later."""
    found: set[Path] = set()
    rest = [path.resolve() for path in scripts]
    while rest:
        path = rest.pop(0)
        if path in found or not path.is_file():
            continue
        found.add(path)
        yield path
        source = _source(path)
        rest.extend((path.parent / each[2]).resolve() for each in _IMPORTED.findall(source))


def _source(path: Path) -> str:
    return lean(path.read_bytes()).decode()


def _name(path: Path, root: Path) -> str:
    """What a script is called in the import map: no path, for data addresses have no folders."""
    return f"raftviz/{path.resolve().relative_to(root.resolve()).as_posix()}"


def _module(path: Path, root: Path) -> str:
    def renamed(found: re.Match[str]) -> str:
        return f'{found[1]}"{_name(path.parent / found[3], root)}"'

    return _IMPORTED.sub(renamed, _source(path))


def _style(path: Path) -> str:
    def held(found: re.Match[str]) -> str:
        address = found[2]
        return found[0] if ":" in address else f'url("{_data_of(path.parent / address)}")'

    return _URL.sub(held, whole(path)).replace("</", "<\\/")


def _data(script: str) -> str:
    return "data:text/javascript;base64," + base64.b64encode(script.encode()).decode("ascii")


def _data_of(path: Path) -> str:
    kind = "font/woff2" if path.suffix == ".woff2" else mimetypes.guess_type(path.name)[0]
    return f"data:{kind};base64," + base64.b64encode(path.read_bytes()).decode("ascii")


def _inert(text: str) -> str:
    """Return JSON, or base64, such that nothing in it can end a script element."""
    return text.replace("<", "\\u003c")
