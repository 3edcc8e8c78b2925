"""Real clients and a real server: opening, acting, watching, playing, coming back."""

from __future__ import annotations

import base64
import json
import signal
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from raftviz import lessons
from raftviz.server.wire import wire_event
from raftviz.simulation import Simulation
from tests.server.process import Client, Server

Join = Callable[..., Client]


def wire(simulation: Simulation) -> list[dict[str, Any]]:
    events = simulation.events
    return [wire_event(event, lambda seq: events[seq - 1]) for event in events]


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_lesson_is_there_whole(join: Join, transport: str) -> None:
    client = join(transport=transport)
    answer = client.open(lesson="partition")
    assert answer["role"] == "presenter"
    assert answer["token"]
    assert answer["branch"] == "main"
    assert answer["branches"][0]["lesson"] is True
    assert answer["playing"]["on"] is False
    run = lessons.run(lessons.find("partition"))
    assert answer["events"] == wire(run.simulation)
    steps = answer["session"]["lesson"]["steps"]
    assert [step["lines"] for step in steps] == [step.lines for step in run.steps]


def test_who_reads_packed_answers_gets_the_same(join: Join) -> None:
    plain, packed = join(), join()
    whole = plain.open(lesson="partition")
    answer = packed.open(room=whole["room"], packed=True)
    assert answer.keys() == {"ok", "packed"}
    unpacked = json.loads(zlib.decompress(base64.b64decode(answer["packed"])))
    assert unpacked == {k: v for k, v in whole.items() if k != "token"} | {"role": "viewer"}
    again = packed.must("resync", {"branch": "main", "have": 0})
    assert again.keys() == {"ok", "packed"}


def test_the_server_tells_what_a_simulation_does(join: Join) -> None:
    client = join()
    answer = client.open(sandbox={"nodes": 5, "seed": 11, "options": {"leader_stickiness": True}})
    commands: list[dict[str, Any]] = [
        {"advance": 800},
        {"write": {"key": "<script>alert(1)</script>", "value": "</script>"}},
        {"partition": [["node1", "node2"], ["node3", "node4", "node5"]]},
        {"advance": 900},
        {"heal": True},
        {"crash": "node5"},
        {"advance": 700},
    ]
    last = 0
    for command in commands:
        last = client.must("do", {"command": command})["last"]
    client.wait_for(lambda: client.messages[-1][1].get("last") == last, "the last frame")
    simulation = Simulation(nodes=5, seed=11, timers="auto", options={"leader_stickiness": True})
    for command in commands:
        simulation.do(command)
    assert client.events(answer) == wire(simulation)


def test_two_rooms_know_nothing_of_each_other(join: Join) -> None:
    one, other = join(), join()
    one.open(sandbox={"nodes": 3, "seed": 1})
    other.open(sandbox={"nodes": 3, "seed": 1})
    one.must("do", {"command": {"crash": "node1"}})
    one.wait_for(lambda: one.messages, "the frame")
    other.must("do", {"command": {"crash": "node2"}})
    other.wait_for(lambda: other.messages, "the frame")
    frames = other.told("frame")
    assert len(frames) == 1
    assert {e["node"] for e in frames[0]["events"] if e["kind"] == "crashed"} == {"node2"}


def test_a_viewer_watches_and_cannot_steer(join: Join) -> None:
    presenter, viewer = join(), join()
    room = presenter.open(sandbox={"nodes": 3, "seed": 1})
    seen = viewer.open(room=room["room"])
    assert seen["role"] == "viewer"
    assert "token" not in seen
    assert viewer.ask("open", {"protocol": 1, "room": room["room"], "token": "guess"})["role"] == (
        "viewer"
    )
    for name, request in (
        ("do", {"command": {"crash": "node1"}}),
        ("play", {"rate": 1}),
        ("pause", {}),
        ("branch", {"id": "main"}),
        ("rename", {"branch": "main", "name": "x"}),
    ):
        assert viewer.error(name, request)["code"] == "forbidden"
    last = presenter.must("do", {"command": {"crash": "node1"}})["last"]
    viewer.wait_for(lambda: viewer.messages, "the frame")
    assert viewer.events(seen)[-1]["seq"] == last
    assert viewer.must("resync", {"branch": "main", "have": 0})["events"] == viewer.events(seen)


def test_acting_in_the_past_is_a_branch_for_everyone(join: Join) -> None:
    presenter, viewer = join(), join()
    room = presenter.open(lesson="election")
    viewer.open(room=room["room"])
    answer = presenter.must(
        "do", {"command": {"timeout": "node3"}, "at": {"branch": "main", "seq": 4}}
    )
    assert answer["branch"] == "b1"
    viewer.wait_for(lambda: viewer.told("frame"), "the frame")
    (announced,) = viewer.told("branch")
    assert announced["active"] == "b1"
    assert (announced["branch"]["parent"], announced["branch"]["at"]) == ("main", 4)
    events = viewer.events({"events": room["events"][:4], "branch": "b1", "from": 1})
    assert events[-1]["seq"] == answer["last"]
    back = presenter.must("branch", {"id": "main"})
    assert back["events"] == room["events"]
    again = viewer.must("open", {"protocol": 1, "room": room["room"]})
    assert [branch["id"] for branch in again["branches"]] == ["main", "b1"]
    assert again["branch"] == "main"


def test_playing_pausing_and_speed(join: Join) -> None:
    client = join()
    answer = client.open(sandbox={"nodes": 3, "seed": 1})
    assert client.must("play", {"rate": 2})["playing"] == {"on": True, "rate": 2.0}
    client.wait_for(
        lambda: any(f["now"] > 500_000 for n, f in client.messages if n == "frame"), "half a second"
    )
    client.must("play", {"rate": 10})
    client.wait_for(
        lambda: any(f["now"] > 2_500_000 for n, f in client.messages if n == "frame"), "more"
    )
    assert client.must("pause")["playing"] == {"on": False, "rate": 10.0}
    client.wait_for(
        lambda: client.messages[-1][0] == "playing" and not client.messages[-1][1]["on"],
        "the pause",
    )
    frames = len(client.told("frame"))
    events = client.events(answer)
    now = client.told("frame")[-1]["now"]
    simulation = Simulation(nodes=3, seed=1, timers="auto")
    simulation.run_to(now)
    assert events == wire(simulation)
    client.must("resync", {"branch": "main", "have": 0})
    assert len(client.told("frame")) == frames


def test_coming_back(join: Join, server: Server) -> None:
    first = join()
    room = first.open(sandbox={"nodes": 3, "seed": 5})
    last = first.must("do", {"command": {"advance": 400}})["last"]
    first.wait_for(lambda: first.messages, "the frame")
    held = first.events(room)
    first.close()
    second = join()
    again = second.open(
        room=room["room"], token=room["token"], have={"branch": "main", "seq": len(held)}
    )
    assert (again["role"], again["from"], again["events"]) == ("presenter", last + 1, [])
    second.must("do", {"command": {"crash": "node1"}})
    second.wait_for(lambda: second.messages, "the frame")
    assert second.told("frame")[0]["first"] == last + 1
    third = join()
    part = third.open(room=room["room"], have={"branch": "main", "seq": 10})
    assert part["from"] == 11
    assert (
        held[:10] + part["events"] == second.must("resync", {"branch": "main", "have": 0})["events"]
    )


def test_a_server_that_was_started_anew_says_that_the_room_is_gone(join: Join) -> None:
    first = Server(port=5130)
    try:
        room = join(first).open(lesson="election")
    finally:
        first.stop(signal.SIGKILL)
    second = Server(port=first.port)
    try:
        client = join(second)
        error = client.error("open", {"protocol": 1, "room": room["room"], "token": room["token"]})
        assert error["code"] == "gone"
        assert "ended" in error["message"]
        assert "again" in error["remedy"]
        assert client.error("do", {"command": {"timeout": "node1"}})["code"] == "bad_request"
        client.open(lesson="election")
    finally:
        second.stop()
