"""The outermost layer of HTTP: what holds for every answer, whoever made it.

Headers that keep a browser from running or embedding what is not ours, a bound on request bodies, and
no stack trace for anyone.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")

FOR_ALL = [
    ("X-Content-Type-Options", "nosniff"),
]

EMBED = "/embed"
"""The one page that other sites may show inside theirs: it holds nothing that steers or is secret."""

PARTS_OF_A_PAGE = ("text/javascript", "application/javascript", "text/css", "font/")
"""What only a page makes use of: the page's own headers speak for it, and each would repeat them."""

_log = logging.getLogger("raftviz.http")

Environ = dict[str, Any]


def content_security_policy(host: str | None, frames: str = "'self'") -> str:
    """Return the policy: scripts, styles and connections of this server alone, nothing inline.

    `host` is named for its websocket, which older browsers do not count as 'self'; `frames` says whose
    pages may show this one inside theirs.
    """
    sockets = f" ws://{host} wss://{host}" if host and _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"connect-src 'self'{sockets}",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            f"frame-ancestors {frames}",
            "form-action 'self'",
            "object-src 'none'",
            "base-uri 'none'",
        )
    )


class Outermost:
    """WSGI middleware around everything, Socket.IO's polling included."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], body_bytes: int) -> None:
        self._inner = inner
        self._body_bytes = body_bytes

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            present = {name.lower(): value for name, value in headers}
            embedded = environ.get("PATH_INFO") == EMBED
            ours = [*FOR_ALL, ("Cross-Origin-Resource-Policy", _resource_policy(embedded))]
            if not present.get("content-type", "").startswith(PARTS_OF_A_PAGE):
                ours += _for_pages(environ, embedded)
            ours = [(name, value) for name, value in ours if name.lower() not in present]
            return start_response(status, headers + ours, *more)

        size = environ.get("CONTENT_LENGTH") or "0"
        if size.isdigit() and int(size) > self._body_bytes:
            _log.warning("refused a request body of %s bytes", size[:20])
            start(
                "413 Content Too Large",
                [("Content-Type", "application/json"), ("Connection", "close")],
            )
            return [
                _error(
                    f"a request of {int(size):,} bytes is too long",
                    f"send at most {self._body_bytes:,} bytes",
                    "limit",
                )
            ]
        try:
            return self._inner(environ, start)
        except Exception:
            _log.exception("a request failed")
            start("500 Internal Server Error", [("Content-Type", "application/json")])
            return [
                _error(
                    "the server made a mistake, and has written it down", "try again", "internal"
                )
            ]


def _resource_policy(embedded: bool) -> str:
    return "cross-origin" if embedded else "same-origin"


def _for_pages(environ: Environ, embedded: bool) -> list[tuple[str, str]]:
    """Return the headers of what a browser may show by itself: a page, a picture, an answer."""
    host = environ.get("HTTP_HOST")
    framing = (
        [("Content-Security-Policy", content_security_policy(host, frames="*"))]
        if embedded
        else [
            ("Content-Security-Policy", content_security_policy(host)),
            ("X-Frame-Options", "SAMEORIGIN"),
        ]
    )
    return [
        *framing,
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]


def _error(message: str, remedy: str, code: str) -> bytes:
    error = {"message": message, "where": None, "remedy": remedy, "code": code}
    return json.dumps({"ok": False, "error": error}).encode()
