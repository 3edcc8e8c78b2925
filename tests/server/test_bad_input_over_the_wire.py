"""Whatever comes over the socket: one clear answer, one line in the log, nothing changed, nobody else disturbed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import requests
import websocket

from tests.server.process import DEADLINE, Client, Raw, Server

Join = Callable[..., Client]

BAD: list[tuple[str, Any, str, str, str]] = [
    # message, what it carries, code, a word of what was wrong, a word of what would be right
    ("do", {"command": {"explode": "node1"}}, "unknown_command", "'explode'", "use one of timeout"),
    ("do", {"command": {"timeot": "node1"}}, "unknown_command", "'timeot'", "did you mean 'timeout'"),
    ("do", {"command": {"timeout": "node9"}}, "command", "'node9'", "node1, node2, node3"),
    ("do", {"command": {"timeout": 7}}, "command", "7", "node"),
    ("do", {"command": {"timeout": None}}, "command", "None", "node"),
    ("do", {"command": {"cut": ["node1"]}}, "command", "node1", "2"),
    ("do", {"command": {"advance": "long"}}, "command", "'long'", "number"),
    ("do", {"command": {"advance": -1}}, "command", "-1", "number"),
    ("do", {"command": {"advance": 3_000_000}}, "limit", "3,000,000", "at most"),
    ("do", {"command": {"write": {"key": "k", "value": "x" * 5_000}}}, "limit", "5,000", "at most"),
    ("do", {"command": {"write": {"key": "<script>" * 40, "value": 1}}}, "command", "320 characters", "1 to 200"),
    ("do", {"command": {"option": {"no_such": True}}}, "command", "no_such", "use one of"),
    ("do", {"command": {"crash": "node1", "restart": "node1"}}, "bad_request", "crash", "one command"),
    ("do", {"command": "crash"}, "bad_request", "'crash'", "one command"),
    ("do", {}, "bad_request", "missing", "one command"),
    ("do", None, "bad_request", "missing", "one command"),
    ("do", "crash", "bad_request", "a text", "one object"),
    ("do", [[[[]]]], "bad_request", "a list", "one object"),
    ("do", {"command": {"crash": "node1"}, "at": {"branch": "zz", "seq": 1}}, "bad_request", "zz", "main"),
    ("do", {"command": {"crash": "node1"}, "at": {"branch": "main", "seq": 999}}, "bad_request", "999", "last event"),
    ("play", {"rate": 1000}, "bad_request", "1000", "0.01 to 10"),
    ("branch", {"id": "<b>"}, "bad_request", "<b>", "main"),
    ("resync", {"branch": "main", "have": "all"}, "bad_request", "'all'", "number"),
    ("rename", {"branch": "main", "name": ""}, "bad_request", "''", "1 to 60"),
    ("open", {"protocol": 1, "sandbox": {"nodes": 0}}, "bad_request", "0", "3 to 9"),
    ("open", {"protocol": 1, "sandbox": {"nodes": 1000}}, "bad_request", "1000", "3 to 9"),
    ("open", {"protocol": 1, "sandbox": {"nodes": "many"}}, "bad_request", "'many'", "3 to 9"),
    ("open", {"protocol": 1, "sandbox": {"nodes": 3.5}}, "bad_request", "3.5", "3 to 9"),
    ("open", {"protocol": 1, "sandbox": {"noodles": 3}}, "bad_request", "noodles", "nodes"),
    ("open", {"protocol": 1, "sandbox": {"options": {"x": 1}}}, "command", "'x'", "use one of"),
    ("open", {"protocol": 1, "sandbox": {"timing": {"heartbeat": -5}}}, "command", "-5", "milliseconds"),
    ("open", {"protocol": 1, "lesson": "electoin"}, "lesson", "'electoin'", "did you mean 'election'"),
    ("open", {"protocol": 1, "room": "nosuchroom"}, "gone", "ended", "again"),
    ("open", {"protocol": 99, "lesson": "election"}, "bad_request", "99", "reload"),
    ("zork", {}, "bad_request", "'zork'", "use one of open"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "payload", "code", "wrong", "right"), BAD)
def test_bad_input(
    join: Join, server: Server, name: str, payload: Any, code: str, wrong: str, right: str
) -> None:
    client = join()
    room = client.open(sandbox={"nodes": 3, "seed": 1})
    before = len(server.lines())
    error = client.error(name, payload)
    whole = f"{error['where']}: {error['message']}; {error['remedy']}"
    assert error["code"] == code, whole
    assert wrong in whole
    assert right in whole
    assert len(whole) < 600
    assert "Traceback" not in whole
    logged = server.wait_for_line(rf"refused {name} from 127\.0\.0\.1", after=before)
    lines = server.lines()[before:]
    assert len(lines) == 1, lines
    assert len(logged.string) < 400
    after = client.must("resync", {"branch": "main", "have": 0})
    assert after["events"] == room["events"]
    assert client.messages == []


def test_a_script_as_a_key_is_text(join: Join) -> None:
    client = join()
    client.open(sandbox={"nodes": 3, "seed": 1})
    command = {"write": {"key": "<script>", "value": "<img onerror=x>", "to": "node1"}}
    client.must("do", {"command": command})
    client.wait_for(lambda: client.messages, "the frame")
    (frame,) = client.told("frame")
    assert frame["events"][0]["data"]["command"] == command


def test_the_browser_may_say_nothing_before_it_opens_a_room(join: Join) -> None:
    error = join().error("do", {"command": {"crash": "node1"}})
    assert (error["code"], error["remedy"]) == ("bad_request", 'send "open" before anything else')


@pytest.mark.parametrize("size", [530_000, 10_000_000])
def test_a_long_message_is_answered_and_thrown_away(join: Join, server: Server, size: int) -> None:
    client = join()
    client.open(sandbox={"nodes": 3, "seed": 1})
    before = len(server.lines())
    error = client.error("do", {"command": {"write": {"key": "k", "value": "x" * size}}})
    assert error["code"] == "limit"
    assert "bytes" in error["message"]
    assert error["remedy"] == "send at most 524,288 bytes"
    server.wait_for_line("refused a message", after=before)
    client.must("do", {"command": {"crash": "node1"}})
    assert client.connected


def test_a_refusal_brings_what_a_page_says_it_with(join: Join) -> None:
    client = join()
    client.open(sandbox={"nodes": 3})
    error = client.error("do", {"command": {"crash": "nod1"}})
    known = ["node1", "node2", "node3"]
    assert (error["kind"], error["facts"]) == (
        "node",
        {"id": "'nod1'", "known": known, "near": "node1"},
    )
    assert client.error("variant", {"branch": "main", "rules": "mine"})["kind"] == "rules"
    assert client.error("rename", {"branch": "main", "name": "\u200b"})["kind"] == "branch.name"


def test_a_long_message_by_polling_is_refused(join: Join, server: Server) -> None:
    client = join(transport="polling")
    client.open(sandbox={"nodes": 3})
    before = len(server.lines())
    address = f"{server.url}/socket.io/?EIO=4&transport=polling&sid={client.engine_id}"
    answer = requests.post(address, data=b"4" * 10_000_000, timeout=DEADLINE)
    assert answer.status_code == 413
    assert answer.json()["error"] == {
        "message": "a request of 10,000,000 bytes is too long",
        "where": None,
        "remedy": "send at most 524,288 bytes",
        "code": "limit",
    }
    server.wait_for_line("refused a request body", after=before)
    client.must("do", {"command": {"crash": "node1"}})


def test_too_many_packets_by_polling_are_one_line_in_the_log(join: Join, server: Server) -> None:
    client = join(transport="polling")
    address = f"{server.url}/socket.io/?EIO=4&transport=polling&sid={client.engine_id}"
    before = len(server.lines())
    requests.post(address, data="\x1e".join(["42[]"] * 40), timeout=DEADLINE)
    server.wait_for_line("Too many packets", after=before)
    assert len(server.lines()) == before + 1
    client.open(sandbox={"nodes": 3})


def test_a_flood_is_one_line_in_the_log(join: Join, server: Server) -> None:
    client = join()
    client.open(sandbox={"nodes": 3})
    before = len(server.lines())
    codes = []
    for _ in range(75):
        answer = client.ask("pause", {})
        codes.append(None if answer["ok"] else answer["error"]["code"])
    assert codes.count("limit") > 1
    assert sum("too many messages" in text for text in server.lines()[before:]) == 1


def test_what_is_far_too_long_closes_the_connection(server: Server) -> None:
    raw = Raw(server)
    before = len(server.lines())
    piece = b"x" * 1_000_000
    raw.send(b"42" + piece, fin=0)
    with pytest.raises(OSError):
        for _ in range(200):
            raw.send(piece, opcode=websocket.ABNF.OPCODE_CONT, fin=0)
    server.wait_for_line("closed its connection", after=before)
    raw.close()


GARBAGE = [
    b"x",
    b"zzzz",
    b"4x",
    b"42",
    b"42{",
    b"42[",
    b"42{}",
    b"42[]",
    b'42[{"a":1}]',
    b"42[5]",
    b'42["do",NaN]',
    b'451-["do",{"_placeholder":true,"num":0}]',
    b"4599999999-[]",
    b"44{}",
    b"47",
    b"4" + b"[" * 50_000,
    b"42" + b"[" * 50_000,
    b"42" + b"9" * 150 + b'["do",{}]',
]


@pytest.mark.parametrize("data", GARBAGE, ids=lambda data: data[:12].decode())
def test_garbage_ends_its_own_connection_with_one_line(
    join: Join, server: Server, data: bytes
) -> None:
    other = join()
    other.open(sandbox={"nodes": 3})
    before = len(server.lines())
    raw = Raw(server)
    raw.send(data)
    texts, _ = raw.rest()
    server.wait_for_line("closed its connection", after=before)
    assert len(server.lines()) == before + 1, server.lines()[before:]
    assert not any("Traceback" in text for text in texts)
    other.must("do", {"command": {"crash": "node1"}})


@pytest.mark.parametrize(
    ("data", "opcode", "code"),
    [
        (b"\xff\xfe\xfd", websocket.ABNF.OPCODE_TEXT, 1007),
        (random.Random(7).randbytes(50) + b"\x80", websocket.ABNF.OPCODE_BINARY, None),
        (b"x" * 530_000, websocket.ABNF.OPCODE_TEXT, 1009),
    ],
)
def test_frames_that_no_browser_sends(
    server: Server, data: bytes, opcode: int, code: int | None
) -> None:
    before = len(server.lines())
    raw = Raw(server)
    raw.send(data, opcode=opcode)
    _, closed = raw.rest()
    assert code is None or closed == code
    server.wait_for_line("closed its connection", after=before)
    assert len(server.lines()) == before + 1


def test_a_connection_that_never_speaks_socket_io_harms_nobody(join: Join, server: Server) -> None:
    raw = Raw(server, joined=False)
    raw.send(b'42["do",{"command":{"crash":"node1"}}]')
    client = join()
    client.open(lesson="election")
    raw.close()


def test_too_many_messages_are_held_back(join: Join, server: Server) -> None:
    client = join()
    client.open(lesson="election")
    before = len(server.lines())
    codes = [client.ask("pause").get("error", {}).get("code") for _ in range(120)]
    assert "limit" in codes
    assert codes[0] is None
    server.wait_for_line("too many messages", after=before)


def test_a_client_that_does_not_read_holds_nobody_up(join: Join, server: Server) -> None:
    presenter = join()
    room = presenter.open(sandbox={"nodes": 9, "seed": 1})
    deaf = Raw(server)
    deaf.send(f'420["open",{{"protocol":1,"room":"{room["room"]}"}}]'.encode())
    presenter.must("play", {"rate": 10})
    presenter.wait_for(
        lambda: presenter.messages[-1][1].get("last", 0) > 3_000, "three thousand events"
    )
    presenter.must("pause")
    assert len(presenter.events(room)) > 3_000
    deaf.close()
    presenter.must("do", {"command": {"crash": "node1"}})
