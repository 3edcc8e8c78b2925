"""Pages, static files and addresses for programs, from a running server."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
import requests
from websocket import WebSocketBadStatusException, create_connection

from raftviz.lessons.loader import ORDER
from raftviz.raft.options import Options
from raftviz.server.assets import imports, lean
from raftviz.server.headers import content_security_policy
from tests.server.process import DEADLINE, Client, Server

STATIC = Path(__file__).resolve().parents[2] / "static"


def get(server: Server, path: str, accept: str = "text/html", **headers: str) -> requests.Response:
    return requests.get(server.url + path, headers={"Accept": accept, **headers}, timeout=DEADLINE)


def test_every_answer_carries_the_headers(server: Server) -> None:
    for path in (
        "/",
        "/lesson/election",
        "/nowhere",
        "/static/icon.svg",
        "/api/lessons.json",
        "/healthz",
        "/socket.io/?EIO=4&transport=polling",
        "/socket.io/?EIO=3",
    ):
        headers = get(server, path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self';" in policy
        assert "object-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert f"ws://127.0.0.1:{server.port}" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_parts_of_a_page_do_not_repeat_its_headers(server: Server) -> None:
    for path in ("/static/js/main.js", "/static/css/tokens.css"):
        headers = get(server, path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" not in headers
        assert "Permissions-Policy" not in headers


def test_a_strange_host_does_not_get_into_the_policy() -> None:
    for host in ("evil; script-src *", "a b", "x\n", "", None, "a" * 300):
        assert "ws:" not in content_security_policy(host)
    assert "ws://[::1]:5000" in content_security_policy("[::1]:5000")


def test_pages(server: Server) -> None:
    home = get(server, "/")
    assert home.status_code == 200
    assert "/lesson/partition" in home.text
    lesson = get(server, "/lesson/partition?step=3").text
    assert 'data-lesson="partition"' in lesson
    assert 'data-step="3"' in lesson
    sandbox = unescape(
        get(server, "/sandbox?nodes=7&seed=5&latency=10-20&leader_stickiness=1").text
    )
    assert (
        'data-config="{"nodes":7,"seed":5,"timing":{"latency":[10,20]},'
        '"options":{"leader_stickiness":true}}"' in sandbox
    )


def test_what_the_home_page_offers_for_a_sandbox_is_understood(server: Server) -> None:
    home = get(server, "/").text
    offered = re.findall(r'type="checkbox" name="(\w+)" value="(\w+)"', home)
    assert {name for name, _ in offered} == {
        name for name, value in Options().view().items() if isinstance(value, bool)
    }
    chosen = "&".join(f"{name}={value}" for name, value in offered)
    sandbox = unescape(get(server, f"/sandbox?nodes=5&seed=1&{chosen}").text)
    wanted = ",".join(f'"{name}":true' for name, _ in offered)
    assert f'"options":{{{wanted}}}' in sandbox


def test_pages_name_nothing_inline_and_nothing_from_elsewhere(server: Server) -> None:
    for path in ("/", "/lesson/election", "/sandbox", "/nowhere"):
        text = get(server, path).text
        assert not re.search(r"<script(?![^>]*\ssrc=)", text)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
        for address in re.findall(r"""(?:src|href)="([^"]+)""", text):
            assert address.startswith(("/", "#")), address
            if address.startswith("/static/"):
                assert get(server, address).status_code == 200, address


def test_a_room_to_watch(server: Server, join: Callable[..., Client]) -> None:
    room = join().open(lesson="election")["room"]
    assert f'data-room="{room}"' in get(server, f"/room/{room}").text


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/nowhere", 404, "/nowhere"),
        ("/lesson/electoin", 404, "Electing a leader"),
        ("/lesson/<script>alert(1)</script>", 404, "&lt;script&gt;"),
        ("/lesson/election?step=two", 400, "the number of a step"),
        ("/room/nosuchroom", 404, "ended"),
        ("/sandbox?nodes=0", 400, "3 to 9"),
        ("/sandbox/?nodes=abc", 400, "3 to 9"),
        ("/sandbox?seed=-1", 400, "from 0 on"),
        ("/sandbox?nodes=1000", 400, "3 to 9"),
        ("/sandbox?nodes=five", 400, "whole number"),
        ("/sandbox?nodes=-5", 400, "whole number"),
        ("/sandbox?latency=1-2-3", 400, "whole number"),
        ("/sandbox?heartbeat=0", 400, "milliseconds"),
        ("/sandbox?no_such_option=1", 400, "no_such_option"),
        ("/sandbox?pre_vote=perhaps", 400, "true"),
        ("/sandbox?check_quorum=2", 400, "true"),
        ("/sandbox?prevote=1", 400, "did you mean “pre_vote”"),
        ("/static/../app.py", 404, "/app.py"),
        ("/static/%2e%2e/app.py", 404, "app.py"),
        ("/api/phrases/xx.json", 404, "phrases"),
        ("/api/phrases/..%2f..%2fen.json", 404, ""),
    ],
)
def test_what_cannot_be_answered_is_said_clearly(
    server: Server, path: str, status: int, word: str
) -> None:
    page = get(server, path)
    assert page.status_code == status
    assert word.lower() in page.text.replace("&#39;", "'").lower()
    assert "<script>alert" not in page.text
    assert "Traceback" not in page.text
    told = get(server, path, accept="application/json")
    assert told.status_code == status
    assert told.json()["ok"] is False
    assert told.json()["error"]["message"]


def test_other_methods_are_refused(server: Server) -> None:
    answer = requests.post(server.url + "/", timeout=DEADLINE)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "Traceback" not in answer.text


def test_addresses_for_programs(server: Server) -> None:
    lessons = get(server, "/api/lessons.json").json()["lessons"]
    assert [lesson["number"] for lesson in lessons] == list(range(1, len(lessons) + 1))
    assert [lesson["id"] for lesson in lessons] == list(ORDER)
    commands = get(server, "/api/commands.json").json()
    assert commands["commands"]["timeout"]["who"] == "presenter"
    assert commands["protocol"] == 1
    phrases = get(server, "/api/phrases/en.json").json()
    assert phrases
    assert get(server, "/healthz").json()["ok"] is True


def test_static_files_are_kept_and_compressed(server: Server) -> None:
    vendor = get(server, "/static/vendor/socket.io.esm.min.js")
    assert "immutable" in vendor.headers["Cache-Control"]
    for accepted, coding in (("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None)):
        answer = get(server, "/static/js/main.js", **{"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == coding
        assert answer.text.startswith("\n")  # where its docs were
    assert "Accept-Encoding" in vendor.headers["Vary"]
    own = get(server, "/static/css/tokens.css")
    assert own.headers["Cache-Control"] == "public, max-age=60"
    file = Path(__file__).resolve().parents[2] / "static/css/tokens.css"
    assert own.content == file.read_bytes()
    again = get(server, "/static/css/tokens.css", **{"If-None-Match": own.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = get(server, "/static/css/tokens.css", **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.content == own.content
    script = get(server, "/static/js/home.js")
    again = get(server, "/static/js/home.js", **{"If-None-Match": script.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    font = get(server, "/static/vendor/fonts/inter-latin-wght-normal.woff2")
    assert "Content-Encoding" not in font.headers
    assert "Cache-Control" not in get(server, "/static/nothing.js").headers


def test_all_modules_of_a_page_are_named(tmp_path: Path) -> None:
    static = tmp_path / "static"
    js = static / "js"
    (js / "views").mkdir(parents=True)
    (static / "vendor").mkdir()
    (tmp_path / "secret.js").write_text("")
    (js / "main.js").write_text(
        "import { a } from './a.js';\nimport './views/b.js';\n// import './no.js'\n"
        "export {\n  c,\n} from '../vendor/c.js';\n/** @typedef {import('./types.js').X} X */\n"
    )
    (js / "a.js").write_text("import { b } from './views/b.js';\nimport gone from './gone.js';\n")
    (js / "views/b.js").write_text("import { a } from '../a.js';\nimport '../../../secret.js';\n")
    (static / "vendor/c.js").write_text("")
    assert imports(static, "main.js") == ["js/main.js", "js/a.js", "js/views/b.js", "vendor/c.js"]


def test_other_sites_are_kept_out(server: Server) -> None:
    polling = get(server, "/socket.io/?EIO=4&transport=polling", Origin="http://evil.example")
    assert polling.status_code == 400
    url = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(WebSocketBadStatusException):
        create_connection(url, origin="http://evil.example", timeout=DEADLINE)
    connection = create_connection(url, origin=server.url, timeout=DEADLINE)
    connection.shutdown()


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: " + b"x" * 100_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=lambda data: data[:20].decode("latin-1").strip(),
)
def test_raw_garbage_over_http(server: Server, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE) as connection:
        answer = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                answer += piece
        except OSError:
            pass  # it was closed on us, which is an answer too
    assert b"Traceback" not in answer
    assert not answer.startswith(b"HTTP/1.1 200")
    assert get(server, "/healthz").status_code == 200


def test_scripts_come_without_comments_and_with_their_lines(server: Server) -> None:
    answer = get(server, "/static/js/store/store.js")
    script = (STATIC / "js" / "store" / "store.js").read_text("utf-8")
    assert "/**\n" in script
    assert "/**\n" not in answer.text
    assert answer.text.count("\n") == script.count("\n")
    for number, line in enumerate(script.splitlines()):
        if line.strip() and not line.lstrip().startswith(("/**", "*", "//")):
            assert answer.text.splitlines()[number] == line.lstrip()


def test_no_text_in_a_script_can_look_like_docs() -> None:
    """What runs over several lines and holds comment signs would be sent without them."""
    for path in (STATIC / "js").rglob("*.js"):
        code = lean(path.read_bytes()).decode()
        for number, line in enumerate(code.splitlines(), 1):
            assert line.count("`") % 2 == 0, f"{path}:{number}: keep a template on one line"
