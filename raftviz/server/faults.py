"""What a browser or a program is told when a request over HTTP cannot be answered as asked."""

from __future__ import annotations

import logging
from typing import Any

import flask
from werkzeug.exceptions import HTTPException

from raftviz.errors import Error
from raftviz.server.guard import line
from raftviz.server.headers import EMBED
from raftviz.server.language import spoken, word
from raftviz.server.refusals import Code, NoLesson, code_of, failure, internal

_STATUS = {
    Code.LESSON: 404,
    Code.GONE: 404,
    Code.INTERNAL: 500,
    Code.FORBIDDEN: 403,
    Code.LIMIT: 429,
}

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
    remedy = error.remedy or ""
    links: list[tuple[str, str]] = []
    message = f"{error.where}: {error.message}" if error.where else error.message
    if isinstance(error, NoLesson):
        message = word("fault.lesson.words", id=error.wanted[:60])
        remedy = word("fault.lesson.near" if error.near else "fault.lesson.known")
        offered = error.known[: error.near or None]
        links = [(each.id, each.texts.get(spoken(), each).title) for each in offered]
    try:
        page = flask.render_template(
            "embed_error.html" if flask.request.path == EMBED else "error.html",
            code=status,
            title=word(f"fault.{status if status in (400, 404, 405, 429, 500) else 'other'}"),
            message=_capital(message),
            remedy=_capital(remedy),
            links=links,
        )
    except Exception:
        _log.exception("the page for errors cannot be shown")
        return flask.Response(f"{error}\n", mimetype="text/plain"), status
    return flask.Response(page, mimetype="text/html"), status


def _wants_json() -> bool:
    request = flask.request
    if request.path.startswith(("/api/", "/healthz")):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
