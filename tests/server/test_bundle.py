"""One answer with all scripts of a page: what is in it, and that it is never older than a file."""

from __future__ import annotations

import re
from pathlib import Path

import flask
import pytest

from raftviz.server import assets
from raftviz.server.bundle import joined
from raftviz.server.sheets import sheets, whole

STATIC = Path(__file__).resolve().parents[2] / "static"
ENTRIES = ("main.js", "home.js", "edit.js", "embed.js")


def test_each_form_of_import_and_export() -> None:
    made = joined(
        "js/main.js",
        {
            "js/main.js": "import { a as one, B } from './lib/a.js';\nimport { io } from '../vendor/io.js';\n"
            "await one(io);\nimport('./late.js').then(({ f }) => f());\nexport {};",
            "js/lib/a.js": "import './side.js';\nexport async function a() {}\nexport const B = 1;",
            "js/lib/side.js": "/** @type {import('./a.js').X} */\nexport class C {}",
            "js/late.js": "export const f = () => import('../vendor/seldom.js');",
            "vendor/seldom.js": "export default 2; whatever",
            "vendor/io.js": "export default 1; whatever",
        },
    )
    assert 'import * as $vendored0 from "../vendor/io.js";' in made
    assert 'const { a: one, B } = $module("js/lib/a.js");' in made
    assert "const { io } = $vendored0;" in made
    assert '"js/lib/a.js"() {\n$module("js/lib/side.js");\nasync function a() {}\n' in made
    assert "return { a, B };" in made
    assert "class C {}\nreturn { C };" in made
    assert "import('./a.js').X" in made, "a type is no module that is loaded"
    assert '$later("js/late.js").then(' in made
    assert 'const f = () => import("../vendor/seldom.js");' in made, "fetched when it is asked for"
    assert made.count("seldom") == 1 and "whatever" not in made
    assert not re.search(r"^export\b", made, re.MULTILINE)
    assert made.rstrip().endswith("}") and made.index("await one(io)") > made.index("const f =")


@pytest.mark.parametrize(
    "line", ["export * from './b.js';", "import b from './b.js';", "export { b };"]
)
def test_a_form_that_is_not_known_is_refused_by_name(line: str) -> None:
    with pytest.raises(ValueError, match=r"js/a\.js: `(export|import)"):
        joined("js/main.js", {"js/main.js": "import './a.js';", "js/a.js": line})


@pytest.mark.parametrize("entry", ENTRIES)
def test_all_that_a_page_needs_is_in_it(entry: str) -> None:
    made = assets.bundle(STATIC, entry)
    given = set(re.findall(r'^"(js/[^"]+)"\(\) \{$', made, re.MULTILINE))
    wanted = set(re.findall(r'\$(?:module|later)\("([^"]+)"\)', made))
    assert wanted == given
    assert entry != "main.js" or {"js/talk.js", "js/takeaway/dialog.js", "js/run.js"} <= given
    of_the_room = (
        "js/main.js",
        "js/store/store.js",
        "js/link/socket.js",
        "js/views/stage/stage.js",
    )
    assert entry != "home.js" or not given.intersection(of_the_room)


def test_no_module_needs_itself() -> None:
    needs = {}
    for path in (STATIC / "js").rglob("*.js"):
        found = re.findall(r"^import\s[^'();]*'(\.[^']+)';", path.read_text("utf-8"), re.MULTILINE)
        needs[path] = [(path.parent / each).resolve() for each in found]
    done: set[Path] = set()

    def walk(path: Path, above: tuple[Path, ...]) -> None:
        assert path not in above, [each.name for each in (*above, path)]
        if path not in done:
            for each in needs.get(path, []):
                walk(each, (*above, path))
        done.add(path)

    for path in needs:
        walk(path, ())


def test_it_is_made_anew_when_a_file_changes(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js/main.js").write_text("import { a } from './a.js';\na();\n")
    (tmp_path / "js/a.js").write_text("export function a() {}\n")
    app = flask.Flask("test", static_folder=str(tmp_path), static_url_path="/static")
    assets.install(app)
    client = app.test_client()

    def get(address: str, **headers: str) -> flask.Response:
        return client.get(address, headers=headers, buffered=True)

    first = get("/static/js/main.js?all")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert b'"js/a.js"() {' in first.data
    assert b"import {" in get("/static/js/main.js").data, "without `all` it is itself"
    assert get("/static/js/main.js?all", **tag).status_code == 304
    plain = get("/static/js/main.js")
    for of_itself in (
        {"If-None-Match": plain.headers["ETag"]},
        {"If-Modified-Since": plain.headers["Last-Modified"]},
    ):
        assert get("/static/js/main.js?all", **of_itself).status_code == 200, of_itself
    asked = client.head("/static/js/main.js?all")
    assert asked.headers["ETag"] == first.headers["ETag"]
    assert asked.headers["Content-Length"] == first.headers["Content-Length"]
    assert "Last-Modified" not in first.headers
    assert get("/static/js/none.js?all").status_code == 404
    assert get("/static/../app.py?all").status_code == 404
    (tmp_path / "js/a.js").write_text("export function a() { b(); }\n")
    second = get("/static/js/main.js?all", **tag)
    assert second.status_code == 200
    assert b"b();" in second.data


def test_a_style_sheet_holds_its_parts_in_their_order(tmp_path: Path) -> None:
    css = tmp_path / "css"
    css.mkdir()
    (css / "room.css").write_text('/* All. */\n\n@import url("a.css");\n@import url("b.css");\n')
    (css / "a.css").write_text("/* A\n   b */\np {\n  color: red;\n}\n")
    (css / "b.css").write_text("p {\n  color: blue;\n}\n")
    app = flask.Flask("test", static_folder=str(tmp_path), static_url_path="/static")
    assets.install(app)
    client = app.test_client()
    answer = client.get("/static/css/room.css?all", buffered=True)
    assert answer.mimetype == "text/css"
    assert answer.text.split() == [
        "p",
        "{",
        "color:",
        "red;",
        "}",
        "p",
        "{",
        "color:",
        "blue;",
        "}",
    ]
    assert "@import" in client.get("/static/css/room.css", buffered=True).text
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/static/css/room.css?all", headers=tag, buffered=True).status_code == 304
    (css / "b.css").write_text("p {\n  color: green;\n}\n")
    again = client.get("/static/css/room.css?all", headers=tag, buffered=True)
    assert "green" in again.text


def test_every_sheet_of_a_room_is_there() -> None:
    named = sheets(STATIC / "css/room.css")
    assert all(path.is_file() for path in named)
    assert len(named) == len(set(named)) > 20
    joined = whole(STATIC / "css/room.css")
    assert "@import" not in joined
    assert joined.count("{") == sum(path.read_text("utf-8").count("{") for path in named)
