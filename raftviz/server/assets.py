"""Static files: how long a browser may keep them, compressed where that helps, and which scripts a page needs.

Our own scripts are sent without comments and indentation, which are a third of them; every line keeps its number.
A page asks for its script, or for its style sheet, with `?all`, and gets all that it imports with it.

`static/vendor/` changes only with a pinned version, so browsers keep it for a year; everything else
they keep for a minute and then ask whether it has changed (ETag).
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import brotli
import flask

from raftviz.server.bundle import LATER, joined
from raftviz.server.sheets import sheets, whole

VENDOR_AGE = 365 * 24 * 3600
OWN_AGE = 60
SMALLEST = 1024
LARGE = 64 * 1024
"""What is longer, bytes, is not made as small as it gets: seconds of work would save a twelfth."""

_KINDS = {"js": "text/javascript", "css": "text/css"}
"""Folders of what is sent with all that it needs, and its types."""

CODINGS = ("br", "gzip")
"""Content codings, the better ones first."""

_TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml")
_IMPORT = re.compile(
    r"""^(?:import\s*|(?:import|export)\s[^'"();]*?\bfrom\s*)['"](\.{1,2}/[^'"]+)['"]""",
    re.MULTILINE,
)

_DOC_COMMENT = re.compile(rb"^[ \t]*/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*$", re.MULTILINE)
"""A comment that has its lines for itself. No text of ours holds such lines: a test looks."""

_COMMENT = re.compile(rb"^[ \t]*//.*$", re.MULTILINE)
_INDENTATION = re.compile(rb"^[ \t]+", re.MULTILINE)


def install(app: flask.Flask) -> None:
    """Give the application its static manners, and its templates the function `js_modules`."""
    static = Path(app.static_folder or "static")
    compressed: dict[tuple[str, str, str], bytes] = {}
    bare: dict[tuple[str, str], bytes] = {}
    bundles: dict[str, _Bundle] = {}
    modules: dict[str, list[str]] = {}

    def js_modules(entry: str = "main.js") -> list[str]:
        if entry not in modules or app.debug:
            needed = imports(static, entry, later=True)
            at_once = {
                (static / name).parent.joinpath(path).resolve()
                for name in needed
                for path in _IMPORT.findall((static / name).read_text(encoding="utf-8"))
            }
            vendored = [
                name
                for name in needed
                if name.startswith("vendor/") and (static / name).resolve() in at_once
            ]
            modules[entry] = [f"{app.static_url_path}/{name}" for name in vendored]
        return modules[entry]

    @app.before_request
    def with_all_it_needs() -> flask.Response | None:
        name = _joined_name(app, static)
        return None if name is None else _all(static, name, bundles)

    @app.after_request
    def finish(response: flask.Response) -> flask.Response:
        path = flask.request.path
        whole_of = _joined_name(app, static)
        if response.status_code == 200 and path.startswith(f"{app.static_url_path}/"):
            _cache(response, path)
            script = path.startswith(f"{app.static_url_path}/js/")
            if script and whole_of is None and flask.request.method == "GET":
                _lean(response, path, bare)
        if whole_of is not None:
            path = f"{path}?all"
        if _is_worth_it(response):
            response.vary.add("Accept-Encoding")
            accepted = flask.request.accept_encodings
            coding = next((each for each in CODINGS if accepted.quality(each) > 0), None)
            if coding is not None:
                _compress(response, coding, path, compressed)
        if whole_of is not None:
            response.make_conditional(flask.request)
        return response

    app.jinja_env.globals["js_modules"] = js_modules


def imports(static: Path, entry: str, *, later: bool = False) -> list[str]:
    """Return all modules that `js/<entry>` needs, itself first, as paths below the static folder; with
    `later` also those that it may load later.
    """
    root = static.resolve()
    found: dict[str, None] = {}
    rest = [root / "js" / entry]
    while rest:
        file = rest.pop(0)
        if not file.is_file() or not file.is_relative_to(root):
            continue
        name = file.relative_to(root).as_posix()
        if name in found:
            continue
        found[name] = None
        source = file.read_text(encoding="utf-8")
        named = _IMPORT.findall(source) + (LATER.findall(source) if later else [])
        rest.extend((file.parent / path).resolve() for path in named)
    return list(found)


def lean(script: bytes) -> bytes:
    """Return a script without indentation and without the comments that have lines for themselves; all
    other lines keep their numbers.
    """
    bare = _DOC_COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), script)
    return _INDENTATION.sub(b"", _COMMENT.sub(b"", bare))


def bundle(static: Path, entry: str) -> str:
    """Return the script `js/<entry>` and all that it needs, at once or later, as one script."""
    names = imports(static, entry, later=True)
    return joined(names[0], {name: lean((static / name).read_bytes()).decode() for name in names})


@dataclass(frozen=True, slots=True)
class _Bundle:
    """A script or a style sheet with all that it needs, and the state of each file when it was made."""

    made_of: dict[Path, tuple[int, int] | None]
    text: bytes

    def holds(self) -> bool:
        return all(_state(path) == state for path, state in self.made_of.items())


def _state(path: Path) -> tuple[int, int] | None:
    """When a file was written last and how long it is; None where it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _bundle(static: Path, name: str) -> _Bundle:
    """Join what the file of this name below the static folder needs."""
    if name.endswith(".css"):
        states = {path: _state(path) for path in sheets(static / name)}
        return _Bundle(states, whole(static / name).encode())
    entry = name.removeprefix("js/")
    states = {static / each: _state(static / each) for each in imports(static, entry, later=True)}
    return _Bundle(states, bundle(static, entry).encode())


def _joined_name(app: flask.Flask, static: Path) -> str | None:
    """The file below the static folder that is asked for with all that it needs, if one is."""
    request = flask.request
    name = request.path.removeprefix(f"{app.static_url_path}/")
    if "all" not in request.args or request.method not in ("GET", "HEAD") or name == request.path:
        return None
    file = (static / name).resolve()
    ours = file.is_relative_to(static.resolve()) and file.is_file()
    return name if ours and name.partition("/")[0] in _KINDS else None


def _all(static: Path, name: str, bundles: dict[str, _Bundle]) -> flask.Response:
    """Answer with a file and all that it needs; made anew where one of them has changed."""
    if name not in bundles or not bundles[name].holds():
        bundles[name] = _bundle(static, name)
    text = bundles[name].text
    response = flask.Response(text, mimetype=_KINDS[name.partition("/")[0]])
    response.set_etag(hashlib.sha256(text).hexdigest()[:20])
    return response


def _lean(response: flask.Response, path: str, bare: dict[tuple[str, str], bytes]) -> None:
    etag, _ = response.get_etag()
    key = (path, etag or "")
    if etag is None or key not in bare:
        response.direct_passthrough = False
        for old in [each for each in bare if each[0] == path]:
            del bare[old]
        bare[key] = lean(response.get_data())
    _put(response, bare[key])
    if etag:
        response.set_etag(etag)


def _put(response: flask.Response, body: bytes) -> None:
    """Put a body into the place of the one that is there; where that is a file, it is closed."""
    close = getattr(response.response, "close", None)
    if close is not None:
        close()
    response.direct_passthrough = False
    response.set_data(body)


def _cache(response: flask.Response, path: str) -> None:
    control = response.cache_control
    control.no_cache = None
    control.public = True
    if "/vendor/" in path:
        control.max_age = VENDOR_AGE
        control.immutable = True
    else:
        control.max_age = OWN_AGE


def _is_worth_it(response: flask.Response) -> bool:
    size = response.content_length
    return (
        response.status_code == 200
        and flask.request.method == "GET"
        and "Content-Encoding" not in response.headers
        and "Range" not in flask.request.headers
        and (size is None or size >= SMALLEST)
        and (response.mimetype or "").startswith(_TEXT)
    )


def packed(body: bytes, coding: str, *, kept: bool) -> bytes:
    """Return a body in a content coding, as small as it soon gets where the result is `kept`."""
    if coding == "br":
        small: bytes = brotli.compress(
            body, quality=4 if not kept else 11 if len(body) < LARGE else 9
        )
        return small
    return gzip.compress(body, 9 if kept else 6, mtime=0)


def _compress(
    response: flask.Response,
    coding: str,
    path: str,
    compressed: dict[tuple[str, str, str], bytes],
) -> None:
    """Replace the body by a smaller one; what has an ETag is a file, and what became of it is kept."""
    etag, _ = response.get_etag()
    kept = compressed.get((path, etag, coding)) if etag else None
    if kept is None:
        response.direct_passthrough = False
        kept = packed(response.get_data(), coding, kept=etag is not None)
        if etag:
            for old in [key for key in compressed if key[0] == path and key[2] == coding]:
                del compressed[old]
            compressed[path, etag, coding] = kept
    _put(response, kept)
    response.headers["Content-Encoding"] = coding
    if etag:
        response.set_etag(etag, weak=True)
