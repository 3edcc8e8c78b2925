"""What programs, and our own page, read over HTTP: all of it public and unchanging while the server runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import flask

from raftviz import narrate
from raftviz.errors import one_of, shown
from raftviz.lessons import beginning, lesson_schema
from raftviz.server import language
from raftviz.server.drafts import Desk
from raftviz.server.fields import FASTEST, PROTOCOL, SLOWEST
from raftviz.server.hall import Hall
from raftviz.server.pictures import THEMES, Gallery
from raftviz.server.protocol import CATALOGUE
from raftviz.server.refusals import Code, Refusal
from raftviz.server.sessions import FEWEST_NODES, MOST_NODES, Shelf
from raftviz.server.wire import Encoded, Json
from raftviz.sim.commands import COMMANDS, json_schema

PHRASES = Path(narrate.__file__).parent / "phrases"


def blueprint(shelf: Shelf, hall: Hall, desk: Desk) -> flask.Blueprint:
    """Return the addresses for programs."""
    api = flask.Blueprint("api", __name__)
    gallery = Gallery(shelf)

    def kept(told: dict[str, Any]) -> flask.Response:
        """An answer with events that a browser may keep for a while."""
        answer = flask.Response(
            Json.dumps(told, separators=(",", ":")), mimetype="application/json"
        )
        answer.add_etag()
        answer.cache_control.max_age = 60
        answer.make_conditional(flask.request.environ)
        return answer

    @api.get("/api/phrases/<language>.json")
    def phrases(language: str) -> flask.Response:
        file = PHRASES / f"{language}.json"
        if not re.fullmatch(r"[a-z]{2}", language) or not file.is_file():
            spoken = sorted(path.stem for path in PHRASES.glob("*.json"))
            raise Refusal(
                Code.GONE, f"there are no phrases in {language[:20]!r}", remedy=one_of(spoken)
            )
        return flask.send_file(file, mimetype="application/json", max_age=60)

    @api.get("/api/commands.json")
    def commands() -> dict[str, Any]:
        return {
            "commands": {
                name: {
                    "help": spec.help,
                    "who": spec.who,
                    "schema": spec.argument.schema(),
                }
                for name, spec in COMMANDS.items()
            },
            "schema": json_schema(),
            "messages": list(CATALOGUE),
            "protocol": PROTOCOL,
            "rates": [SLOWEST, FASTEST],
            "nodes": [FEWEST_NODES, MOST_NODES],
        }

    @api.get("/api/lessons.json")
    def lessons() -> dict[str, Any]:
        return {"lessons": shelf.cards()}

    @api.get("/api/lessons/<lesson_id>.<language>.json")
    def texts(lesson_id: str, language: str) -> flask.Response:
        answer = flask.jsonify(shelf.texts(lesson_id, language))
        answer.cache_control.max_age = 60
        return answer

    @api.get("/api/lessons/<lesson_id>/run.json")
    def run(lesson_id: str) -> flask.Response:
        start = shelf.start(lesson_id)
        return kept({"session": start.session, "events": Encoded(start.branch.encoded)})

    @api.get("/api/lessons/<lesson_id>/outcome/<int:step>.json")
    def outcome(lesson_id: str, step: int) -> flask.Response:
        return kept(shelf.outcome(lesson_id, step))

    @api.get("/api/lessons/<lesson_id>/picture.svg")
    def picture(lesson_id: str) -> flask.Response:
        query = flask.request.args
        step = query.get("step")
        if step is not None and not (step.isascii() and step.isdigit() and len(step) < 6):
            raise Refusal(
                Code.BAD_REQUEST,
                f"{shown(step)} is not possible",
                where="step",
                remedy="use the number of a step, from 1 on",
            )
        drawn = gallery.picture(
            lesson_id,
            None if step is None else int(step),
            query.get("moves") == "1",
            query.get("theme", THEMES[0]),
        )
        answer = flask.Response(drawn, mimetype="image/svg+xml")
        answer.add_etag()
        answer.cache_control.max_age = 60
        answer.make_conditional(flask.request.environ)
        return answer

    @api.get("/api/lessons/<lesson_id>.yaml")
    def source(lesson_id: str) -> flask.Response:
        text = shelf.find(lesson_id).tree.text
        return flask.Response(text, mimetype="application/yaml")

    @api.get("/api/lesson-template.yaml")
    def template() -> flask.Response:
        return flask.Response(beginning(lang=language.spoken()), mimetype="application/yaml")

    @api.get("/api/lesson-schema.json")
    def schema() -> flask.Response:
        answer = flask.jsonify(lesson_schema())
        answer.cache_control.max_age = 60
        return answer

    @api.post("/api/draft")
    def draft() -> flask.Response:
        # A type that no form of another site can send.
        if flask.request.mimetype != "application/yaml":
            raise Refusal(
                Code.BAD_REQUEST,
                f"{shown(flask.request.mimetype)} is not possible",
                where="Content-Type",
                remedy="send a lesson as application/yaml",
            )
        try:
            text = flask.request.get_data().decode("utf-8")
        except UnicodeDecodeError:
            raise Refusal(
                Code.BAD_REQUEST, "this is not UTF-8 text", remedy="send a lesson as UTF-8"
            ) from None
        told = desk.attempt(text, flask.request.remote_addr or "unknown")
        body = Json.dumps(told, separators=(",", ":"))
        answer = flask.Response(body, mimetype="application/json")
        answer.cache_control.no_store = True
        return answer

    @api.get("/healthz")
    def health() -> flask.Response:
        body = json.dumps({"ok": True, "rooms": len(hall)})
        answer = flask.Response(body, mimetype="application/json")
        answer.cache_control.no_store = True
        return answer

    return api
