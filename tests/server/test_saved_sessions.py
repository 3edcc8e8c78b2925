"""Sessions that leave a server and come back to it, and the page that other sites may show."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from raftviz import lessons, session
from raftviz.server.fields import Point
from raftviz.server.hall import Hall
from raftviz.server.limits import Ledger, Limits
from raftviz.server.protocol import Fork, Pause, Play, Save, parse
from raftviz.server.refusals import Code, Refusal
from raftviz.server.roles import Role
from raftviz.server.room import Room
from raftviz.server.sessions import Shelf, saved
from raftviz.server.sockets import Sockets
from raftviz.server.turns import TURN_SECONDS
from raftviz.server.wire import wire_event
from raftviz.simulation import Simulation
from tests.server.process import DEADLINE, Client, Server
from tests.server.rooms import Desk, lesson, sandbox

Join = Callable[..., Client]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf()


def begin(
    file: dict[str, Any], shelf: Shelf, limits: Limits | None = None, spare: int = 10**9
) -> Any:
    """Carry a file out as a server does, at once."""
    work = saved(file, shelf, limits or Limits(), spare)
    while True:
        try:
            next(work)
        except StopIteration as done:
            return done.value


def test_a_lesson_with_a_branch_of_ones_own_comes_back_as_that_lesson(shelf: Shelf) -> None:
    first = lesson(shelf, "partition")
    middle = first.room.active.last // 2
    first.do({"crash": "node1"}, "main", middle)
    first.do({"crash": "node2"})
    answer = first.room.save(None)
    start = begin(json.loads(json.dumps(answer["session"])), shelf)
    assert start.session["lesson"]["steps"] == first.room.session["lesson"]["steps"]
    assert start.session["replayed"] == {"differs": []}
    assert start.branch.lesson
    assert start.active == "b1"
    (branch,) = start.others
    assert (branch.id, branch.name, branch.parent, branch.at) == ("b1", "What if 1", "main", middle)
    branch.collect()
    assert branch.encoded == first.room.active.encoded


def test_a_browser_is_told_all_that_a_file_holds(shelf: Shelf) -> None:
    """The page keeps the run by what it was told, however often the room is told on."""
    for desk in (lesson(shelf, "election"), sandbox()):
        desk.do({"advance": 400})
        _hold(desk, desk.room.active.id)


def _hold(desk: Desk, branch: str) -> None:
    held = {each["id"]: each for each in desk.room.welcome(Role.PRESENTER, None)["branches"]}
    desk.messages.clear()

    def told() -> None:
        for message in desk.messages:
            part = message.payload.get("log")
            if message.name == "branch":
                held[message.payload["branch"]["id"]] = message.payload["branch"]
                held.pop(message.payload.get("gone"), None)
            elif part is not None:
                held[message.payload["branch"]]["log"][part["at"] :] = part["done"]
        desk.messages.clear()

    def check() -> None:
        desk.pump(after=1.0)
        told()
        saved = desk.room.save(None)["session"]
        assert saved["cluster"] == desk.room.session["cluster"]
        for branch in saved["branches"]:
            assert held[branch["id"]]["log"] == branch["log"], branch["id"]
            resynced = desk.room.resync(branch["id"], 0)["log"]
            assert resynced == {"at": 0, "done": branch["log"]}

    check()
    desk.do({"crash": "node1"}, branch, desk.room.active.last // 2)
    check()
    desk.ask(Play(0.1))
    for _ in range(3):
        desk.pump(after=0.5)
        check()
    desk.do({"restart": "node1"})
    check()
    desk.ask(Pause())
    desk.ask(Fork(Point(desk.room.active.id, desk.room.active.last - 3)))
    check()
    desk.ask(Play(0.1))
    desk.pump(after=0.5)
    check()
    desk.ask(Pause())
    desk.ask(Fork(Point(desk.room.active.id, desk.room.active.last)))
    desk.ask(Play(0.1))
    desk.pump(after=0.5)
    check()
    assert len(held) == len(list(desk.room.branches)) >= 3


def test_what_is_done_in_a_room_that_came_back_is_saved_with_it(shelf: Shelf) -> None:
    first = lesson(shelf, "election")
    first.do({"crash": "node1"}, "main", 20)
    start = begin(first.room.save(None)["session"], shelf)
    room = Room(
        "room",
        "token",
        start.session,
        start.branch,
        limits=Limits(),
        stopwatch=lambda: 0.0,
        ledger=Ledger(10**9),
        others=start.others,
        active=start.active,
    )
    second = Desk(room)
    second.do({"restart": "node1"})
    second.do({"crash": "node2"}, "main", 10)
    assert room.active.id == "b2"
    again = session.load(room.save(None)["session"])
    assert again.differs == ()
    assert [order["command"] for order in again.lines[1].own_log()] == [
        {"crash": "node1"},
        {"restart": "node1"},
    ]


def test_a_lesson_that_is_another_one_here_is_a_run_without_steps(shelf: Shelf) -> None:
    file = session.save(session.Session.of(lessons.run(lessons.find("election")).simulation))
    start = begin({**file, "lesson": "partition", "title": "<b>"}, shelf)
    assert (start.session["kind"], start.session["title"]) == ("sandbox", "<b>")
    assert not start.branch.lesson


def test_more_than_a_room_holds_is_refused(shelf: Shelf) -> None:
    sim = Simulation(nodes=5, seed=1, timers="auto")
    sim.run_to(2_000_000)
    file = session.save(session.Session.of(sim))
    few = Limits(events=100, events_at_once=300, draft_events=100)
    for limits, spare in ((few, 10**9), (Limits(), 500)):
        with pytest.raises(Refusal, match="more than 500 events") as refused:
            begin(file, shelf, limits, spare)
        assert refused.value.code is Code.LIMIT
    branch = {**file["branches"][0], "parent": "main", "at": 1}
    many = [file["branches"][0], *({**branch, "id": f"b{n}"} for n in range(30))]
    with pytest.raises(Refusal, match="31 branches"):
        begin({**file, "branches": many}, shelf)
    long = {"command": {"write": {"key": "k", "value": "x" * 5_000}}}
    file["branches"][0]["log"] = [long]
    with pytest.raises(session.SessionError) as wrong:
        begin(file, shelf)
    assert "session.branches[0].log[0]" in str(wrong.value)


def test_a_place_that_is_not_there_cannot_be_saved(shelf: Shelf) -> None:
    room = lesson(shelf, "election").room
    request = parse("save", ({"moment": {"branch": "main", "seq": 10**6}},))
    assert isinstance(request, Save)
    with pytest.raises(Refusal, match="has not happened"):
        room.save(request.moment)


# Over the wire


def test_a_viewer_takes_a_run_away_and_opens_it_anew(join: Join) -> None:
    presenter, viewer = join(), join()
    opened = presenter.open(sandbox={"nodes": 3, "seed": 5})
    presenter.must("do", {"command": {"run_until": {"leader": True, "within": 5000}}})
    presenter.must("do", {"command": {"write": {"key": "k", "value": "<v>"}}})
    viewer.open(room=opened["room"])
    file = viewer.must("save", {"moment": {"branch": "main", "seq": 12}})["session"]
    assert file["moment"] == {"branch": "main", "event": 12}
    fresh = join().open(session=file)
    assert fresh["role"] == "presenter"
    assert fresh["room"] != opened["room"]
    assert fresh["session"]["replayed"] == {"differs": []}
    simulation = session.load(file).lines[0].simulation
    events = simulation.events
    assert fresh["events"] == [wire_event(event, lambda seq: events[seq - 1]) for event in events]


@pytest.mark.parametrize(
    ("file", "where", "remedy"),
    [
        ({}, "session.format", "raftviz-session"),
        ({"format": "raftviz-session", "version": 9}, "session.version", "version 1"),
        ({"format": "raftviz-session", "version": 1}, "session", "give"),
    ],
)
def test_a_wrong_file_is_refused(join: Join, file: Any, where: str, remedy: str) -> None:
    error = join().error("open", {"protocol": 1, "session": file})
    assert error["where"] == where
    assert remedy in error["remedy"]


def replaying(shelf: Shelf, limits: Limits, tick: float) -> tuple[Sockets, list[float]]:
    """Sockets without a network whose clock goes on by `tick` at each look; and how often others had a turn."""
    turns: list[float] = []
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += tick
        return now

    sockets = Sockets.__new__(Sockets)
    sockets._io = SimpleNamespace(sleep=turns.append)
    sockets._shelf, sockets._limits, sockets._clock = shelf, limits, clock
    sockets._hall = Hall(limits, clock)
    return sockets, turns


def test_others_have_their_turn_while_a_long_run_is_carried_out(shelf: Shelf) -> None:
    sim = Simulation(nodes=5, seed=1, timers="auto")
    sim.run_to(3_000_000)
    file = session.save(session.Session.of(sim))
    sockets, turns = replaying(shelf, Limits(), TURN_SECONDS * 0.6)
    start = sockets._replay(file)
    assert len(start.branch.simulation.events) == len(sim.events)
    assert len(turns) >= 5
    assert set(turns) == {0}
    sockets, turns = replaying(shelf, Limits(replay_seconds=0.1), TURN_SECONDS * 1.1)
    with pytest.raises(Refusal, match=r"longer than 0\.1 seconds") as refused:
        sockets._replay(file)
    assert refused.value.code is Code.LIMIT
    assert len(turns) >= 5


# Inside other pages


def head(server: Server, path: str) -> requests.Response:
    return requests.get(server.url + path, headers={"Accept": "text/html"}, timeout=DEADLINE)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/embed?lesson=partition&step=3", 200),
        ("/embed?lesson=partition&event=40&lang=zh&theme=dark&autoplay=1", 200),
        ("/embed?lesson=nowhere", 404),
        ("/embed", 404),
        ("/embed?lesson=partition&step=x", 400),
        ("/embed?lesson=partition&theme=blue", 400),
        ("/embed?lesson=partition&autoplay=perhaps", 400),
    ],
)
def test_only_the_embedded_page_may_be_framed(server: Server, path: str, status: int) -> None:
    answer = head(server, path)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'self';" in policy
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers
    assert "/static/css/embed.css" in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/lesson/partition", "/sandbox", "/run", "/embedded", "/embed/", "/healthz"]
)
def test_no_other_page_may(server: Server, path: str) -> None:
    headers = head(server, path).headers
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_lesson_s_run_is_told_whole_and_kept(server: Server, join: Join) -> None:
    address = "/api/lessons/partition/run.json"
    told = head(server, address)
    room = join().open(lesson="partition")
    assert told.json() == {"session": room["session"], "events": room["events"]}
    again = requests.get(
        server.url + address, headers={"If-None-Match": told.headers["ETag"]}, timeout=DEADLINE
    )
    assert again.status_code == 304
    assert head(server, "/api/lessons/nowhere/run.json").status_code == 404


def test_pages_name_the_moment_that_they_open(server: Server) -> None:
    room = head(server, "/lesson/partition?step=3&event=40").text
    assert 'data-event="40"' in room
    assert head(server, "/lesson/partition?event=two").status_code == 400
    assert 'data-branch="&lt;b&gt;"' in head(server, "/run?branch=<b>").text
