"""Which language a page speaks, and its words: `static/words/<language>.json`, the browser's too.

The address says it (`?lang=zh`) and is remembered in a cookie; else the cookie says it, else the
browser's own preference, else English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import flask

from raftviz.server.headers import EMBED

WORDS = Path(__file__).resolve().parents[2] / "static" / "words"
COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 3600

_NAME = re.compile(r"\{(\w+)\}")


@cache
def catalogues() -> Mapping[str, Mapping[str, Any]]:
    """Return every language's words, English first."""
    found = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(WORDS.glob("*.json"))
    }
    return {"en": found.pop("en"), **found}


def spoken() -> str:
    """Return the language in which this request is to be answered."""
    known = list(catalogues())
    for wish in (flask.request.args.get("lang"), flask.request.cookies.get(COOKIE)):
        if wish in known:
            return wish
    return flask.request.accept_languages.best_match(known) or known[0]


def word(key: str, language: str | None = None, **params: Any) -> str:
    """Return a text of the catalogue, filled in; `count` chooses between `one` and `other`.

    Raises KeyError where no catalogue has the key.
    """
    text = catalogues()[language or spoken()][key]
    if not isinstance(text, str):
        text = text.get("one") if params.get("count") == 1 and "one" in text else text["other"]
    return _NAME.sub(lambda name: str(params.get(name[1], name[0])), text)


def in_language(language: str) -> str:
    """Return the address of the page that is being answered, in another language."""
    wish = [(key, value) for key, value in flask.request.args.items(multi=True) if key != "lang"]
    return f"{quote(flask.request.path)}?{urlencode([*wish, ('lang', language)])}"


def install(app: flask.Flask) -> None:
    """Give the templates `t`, `lang` and `languages`, and keep what an address chose."""

    @app.context_processor
    def words() -> dict[str, Any]:
        names = {name: texts["language.name"] for name, texts in catalogues().items()}
        return {"t": word, "lang": spoken(), "languages": names, "in_language": in_language}

    @app.after_request
    def keep(response: flask.Response) -> flask.Response:
        if response.mimetype == "text/html" and flask.request.path != EMBED:
            wish = flask.request.args.get("lang", "")
            if wish in catalogues():
                response.set_cookie(COOKIE, wish, max_age=COOKIE_SECONDS, samesite="Lax")
            response.vary.update(("Accept-Language", "Cookie"))
        return response
