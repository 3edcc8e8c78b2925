"""Events on the wire, and the packets that carry them."""

from __future__ import annotations

import base64
import json
import os
import zlib
from typing import Any

import pytest

from raftviz.server.guard import WirePacket, bounded, line, unmask
from raftviz.server.limits import Limits
from raftviz.server.wire import WORTH_PACKING, Encoded, Json, encode_event, pack, wire_event
from raftviz.simulation import Simulation


def assert_told(said: Any) -> None:
    """[key, params]: text, numbers, lists of them, groups, or {"say": …} in turn."""
    key, params = said
    assert isinstance(key, str)
    for value in params.values():
        if isinstance(value, dict):
            assert list(value) == ["say"]
            assert_told(value["say"])
        else:
            names = value if isinstance(value, list) else [value]
            assert all(isinstance(name, str | int | list) for name in names)


def test_an_event_keeps_everything_but_old_values() -> None:
    simulation = Simulation(nodes=3, seed=1)
    simulation.do({"timeout": "node1"})
    simulation.do({"settle": True})
    events = simulation.events
    for event in events:
        told = wire_event(event, lambda seq: events[seq - 1])
        whole = event.to_json()
        assert told["changes"] == [[path, new] for path, _, new in whole["changes"]]
        said = told.pop("say", None)
        assert {**whole, "changes": told["changes"]} == told
        if said is not None:
            assert_told(said)
        encoded = encode_event(event, lambda seq: events[seq - 1])
        again = json.loads(encoded)
        again.pop("say", None)
        assert again == json.loads(json.dumps(told))
    assert any("say" in wire_event(event, lambda seq: events[seq - 1]) for event in events)


def test_encoded_arrays_are_put_in_as_they_are() -> None:
    value = {"a": Encoded(['{"x":1}', '"</script>"']), "b": Encoded([]), "c": [1]}
    text = Json.dumps(value, separators=(",", ":"))
    assert text == '{"a":[{"x":1},"</script>"],"b":[],"c":[1]}'


@pytest.mark.parametrize("count", [WORTH_PACKING // 8, 300_000], ids=["well", "fast"])
def test_a_long_answer_is_packed_whole(count: int) -> None:
    answer = {"ok": True, "from": 1, "events": Encoded(['{"x":1}', '"…é"'] * count)}
    packed = pack(answer)
    assert packed.keys() == {"ok", "packed"}
    text = Json.dumps(answer, separators=(",", ":"))
    assert zlib.decompress(base64.b64decode(packed["packed"])).decode() == text
    assert len(packed["packed"]) * 4 < len(text)


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": True},
        {"ok": False, "error": {"message": "x" * WORTH_PACKING}},
        {"ok": True, "events": Encoded(['{"x":1}'] * 10)},
    ],
)
def test_a_short_answer_stays_as_it_is(answer: dict[str, object]) -> None:
    assert pack(answer) is answer


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a":-Infinity}'])
def test_what_is_not_json_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="not JSON"):
        Json.loads(text)


def test_what_is_not_json_is_not_written() -> None:
    with pytest.raises(ValueError):
        Json.dumps(float("nan"))
    with pytest.raises(TypeError):
        Json.dumps({"a": object()})


def test_a_packet_goes_there_and_back() -> None:
    packet = WirePacket(data=["frame", {"events": Encoded(["1", "2"])}], id=7)
    text = packet.encode()
    assert text == '27["frame",{"events":[1,2]}]'
    again = WirePacket(encoded_packet=text)
    assert (again.id, again.data) == (7, ["frame", {"events": [1, 2]}])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        '51-["do",{"_placeholder":true,"num":0}]',
        '21-["do",{"_placeholder":true,"num":0}]',
        "61-[]",
        "2",
        "2{}",
        "2[]",
        '2[{"a":1}]',
        "2[",
        '2["do",NaN]',
        "2" + "[" * 100_000,
        "2" + "9" * 200 + '["do"]',
    ],
)
def test_a_packet_that_makes_no_sense_is_refused(text: str) -> None:
    packet = WirePacket()
    with pytest.raises((ValueError, RecursionError)):
        packet.decode(text)


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 1000])
@pytest.mark.parametrize("offset", [0, 1, 2, 3, 5])
def test_unmasking(size: int, offset: int) -> None:
    data, mask = os.urandom(size), tuple(os.urandom(4))
    slow = bytes(byte ^ mask[(offset + i) % 4] for i, byte in enumerate(data))
    assert unmask(data, mask, size, offset) == slow
    assert unmask(slow, mask, size, offset) == data


def test_what_is_too_long_is_not_kept() -> None:
    class Message:
        def __init__(self) -> None:
            self.data: list[bytes] = []
            self.finished = False

        def push(self, data: bytes, final: bool = False) -> None:
            self.data.append(data)
            self.finished = final

    message = bounded(Message, Limits(message_bytes=1000, discarded_bytes=10_000), RuntimeError)()
    message.push(b'4217["do",')
    for _ in range(20):
        message.push(b"x" * 100)
        assert sum(map(len, message.data)) <= 1000
    message.push(b"x", final=True)
    assert message.finished
    assert message.getvalue() == '4217["oversize",2011]'
    with pytest.raises(RuntimeError):
        message.push(b"x" * 10_000)


def test_a_line_of_the_log_is_one_line() -> None:
    assert line("a\nb\x1b[31m\r" + "x" * 500, 20) == "a·b·[31m·xxxxxxxxxx…"
