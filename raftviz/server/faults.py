"""What a browser or a program is told when a request over HTTP cannot be answered as asked."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

import flask
from werkzeug.exceptions import HTTPException

from raftviz.errors import Error
from raftviz.lessons import Lesson
from raftviz.server.guard import line
from raftviz.server.headers import EMBED
from raftviz.server.language import catalogues, spoken, word
from raftviz.server.refusals import Code, NoLesson, code_of, failure, internal

_STATUS = {
    Code.LESSON: 404,
    Code.GONE: 404,
    Code.INTERNAL: 500,
    Code.FORBIDDEN: 403,
    Code.LIMIT: 429,
}

#: What an address of an embedded lesson keeps where another lesson is chosen.
_KEPT = ("lang", "theme")

_log = logging.getLogger("raftviz.http")


def install(app: flask.Flask) -> None:
    """Make the application answer every fault with one clear error, as a page or as JSON."""

    @app.errorhandler(Error)
    def refused(error: Error) -> Any:
        status = _STATUS.get(code_of(error), 400)
        _log.warning("refused %s: %s", line(flask.request.path, 100), line(error))
        return _answer(error, status)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        status = error.code or 500
        if status < 400:
            return error
        told = Error(_sentence(status), remedy=_word("fault.remedy"))
        answer, _ = _answer(told, status)
        if "Allow" in (headers := dict(error.get_headers())):
            answer.headers["Allow"] = headers["Allow"]
        return answer, status

    @app.errorhandler(Exception)
    def broken(_error: Exception) -> Any:
        _log.exception("%s failed", line(flask.request.path, 100))
        return _answer(internal(), 500)


def _sentence(status: int) -> str:
    key = f"fault.{status if status in (404, 405, 413, 500) else 'other'}.words"
    return _word(key, path=flask.request.path[:80], method=flask.request.method[:10])


def _word(key: str, **params: Any) -> str:
    """In the page's language; programs are told in English."""
    return word(key, "en" if _wants_json() else None, **params)


def _answer(error: Error, status: int) -> tuple[flask.Response, int]:
    if _wants_json():
        return flask.jsonify(failure(error)), status
    try:
        message, remedy = _said(error)
        page = flask.render_template(
            "embed_error.html" if flask.request.path == EMBED else "error.html",
            code=status,
            title=word(f"fault.{status if status in (400, 404, 405, 429, 500) else 'other'}"),
            message=_capital(message),
            remedy=_capital(remedy),
            links=_offered(error) if isinstance(error, NoLesson) else [],
        )
    except Exception:
        _log.exception("the page for errors cannot be shown")
        return flask.Response(f"{error}\n", mimetype="text/plain"), status
    return flask.Response(page, mimetype="text/html"), status


def _said(error: Error) -> tuple[str, str]:
    """What was wrong and what would be right, in the page's language where its words have the kind."""
    if isinstance(error, NoLesson):
        remedy = word("fault.lesson.near" if error.near else "fault.lesson.known")
        if not error.wanted:
            return word("fault.lesson.none"), remedy
        return word("fault.lesson.words", id=error.wanted[:60]), remedy
    if f"fault.{error.kind}.remedy" not in catalogues()["en"]:
        message = f"{error.where}: {error.message}" if error.where else error.message
        return message, error.remedy or ""
    facts = {name: _filling(value) for name, value in error.facts.items()}
    sentence, _, value = error.kind.partition(".")
    if value:
        # As it stands in the address, not as it was read.
        facts["value"] = flask.request.args.get(facts["name"], "")[:60]
    remedy = word(f"fault.{error.kind}.{'near' if facts.get('near') else 'remedy'}", **facts)
    return word(f"fault.{sentence}.words", **facts), remedy


def _filling(value: object) -> str:
    """A fact as a sentence shows it."""
    if isinstance(value, list | tuple):
        return word("comma.list").join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)[:60]


def _offered(error: NoLesson) -> list[tuple[str, str]]:
    """The lessons to choose from instead: the address of each, on a page of the same kind, and its title."""
    embedded = flask.request.path == EMBED
    kept = {name: value for name, value in flask.request.args.items() if name in _KEPT}

    def address(lesson: Lesson) -> str:
        return (
            f"{EMBED}?{urlencode({'lesson': lesson.id, **kept})}"
            if embedded
            else f"/lesson/{lesson.id}"
        )

    offered = error.known[: error.near or None]
    return [(address(each), each.texts.get(spoken(), each).title) for each in offered]


def _wants_json() -> bool:
    request = flask.request
    if request.path.startswith(("/api/", "/healthz")):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
