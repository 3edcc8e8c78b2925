"""A room without socket or clock: branches, contiguous frames, playing, limits, reconnecting."""

from __future__ import annotations

from typing import Any

import pytest

from raftviz.errors import CommandError, Error
from raftviz.server import room as room_module
from raftviz.server.fields import Point
from raftviz.server.limits import Limits
from raftviz.server.protocol import Pause, Play
from raftviz.server.refusals import Code, Refusal
from raftviz.server.roles import Role
from raftviz.server.sessions import Shelf
from raftviz.simulation import Simulation
from tests.server.rooms import Screen, manual, room_do, sandbox, screen_of, wire


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf()


# Commands


def test_a_command_is_answered_and_told_in_one_frame() -> None:
    desk = manual()
    screen = screen_of(desk)
    answer = desk.do({"timeout": "node1"})
    frames = desk.told("frame")
    assert len(frames) == 1
    assert (answer["first"], answer["last"]) == (frames[0]["first"], frames[0]["last"])
    assert answer["branch"] == "main"
    screen.take(desk.messages)
    assert screen.events["main"][answer["first"] - 1]["data"] == {"command": {"timeout": "node1"}}


def test_the_room_tells_what_the_same_commands_do_in_a_simulation() -> None:
    desk = manual()
    screen = screen_of(desk)
    simulation = Simulation(nodes=3, seed=7, timers="manual")
    for command in (
        {"timeout": "node1"},
        {"settle": True},
        {"write": {"key": "<script>", "value": "v"}},
        {"cut": {"from": "node1", "to": "node3"}},
        {"heartbeat": "node1"},
        {"advance": 30},
    ):
        desk.do(command)
        simulation.do(command)
    screen.take(desk.messages)
    assert screen.events["main"] == wire(simulation)


def test_a_command_that_cannot_be_done_changes_nothing() -> None:
    desk = manual()
    before = desk.room.active.last
    error = desk.refused({"timeout": "node9"})
    assert isinstance(error, CommandError)
    assert "node9" in str(error)
    assert desk.room.active.last == before
    assert desk.messages == []


def test_a_full_queue_refuses() -> None:
    desk = manual(Limits(commands_waiting=2))
    desk.room.submit(Pause(), lambda _: None)
    desk.room.submit(Pause(), lambda _: None)
    with pytest.raises(Refusal) as refused:
        desk.room.submit(Pause(), lambda _: None)
    assert refused.value.code is Code.BUSY


def test_our_own_failure_is_answered_without_details(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk = manual()

    def broken(_command: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(desk.room.active.simulation, "do", broken)
    error = desk.refused({"timeout": "node1"})
    assert isinstance(error, Refusal)
    assert error.code is Code.INTERNAL
    assert "secret" not in str(error)
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    ("command", "where"),
    [
        ({"advance": 10**6}, "advance"),
        ({"step": 9_000}, "step"),
        ({"run_until": {"leader": True, "within": 10**6}}, "run_until.within"),
        ({"write": {"key": "k", "value": "x" * 5_000}}, "command.write.value"),
        ({"write": {"key": "k" * 5_000, "value": 1}}, "command.write.key"),
        ({"option": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": 1}}}}}}}}}}, "command"),
        ({"option": {str(i): i for i in range(500)}}, "command"),
        ({"write": {"key": "k", "value": 10**300}}, "command.write.value"),
    ],
)
def test_a_command_out_of_proportion_is_refused(command: dict[str, Any], where: str) -> None:
    desk = manual()
    error = desk.refused(command)
    assert isinstance(error, Refusal)
    assert (error.code, error.where) == (Code.LIMIT, where)
    assert error.remedy


# Playing


def test_playing_passes_virtual_time_at_its_rate() -> None:
    desk = sandbox()
    screen = screen_of(desk)
    desk.ask(Play(0.5))
    start = desk.now
    desk.play_until(lambda: desk.now - start >= 2.0)
    desk.ask(Pause())
    simulation = desk.room.active.simulation
    assert simulation.now_us == pytest.approx((desk.now - start) * 500_000, rel=0.15)
    screen.take(desk.messages)
    assert screen.events["main"] == wire(simulation)
    assert len(screen.events["main"]) > 50
    seconds = desk.now - start
    assert len(desk.told("frame")) <= seconds * 30
    stopped = simulation.now_us
    desk.pump(after=1.0)
    assert simulation.now_us == stopped


def test_playing_is_what_the_same_time_is_in_a_simulation() -> None:
    desk = sandbox()
    desk.ask(Play(3))
    desk.play_until(lambda: desk.room.active.simulation.now_us > 700_000)
    desk.do({"crash": "node1"})
    desk.play_until(lambda: desk.room.active.simulation.now_us > 1_500_000)
    played = desk.room.active.simulation
    crash = next(e for e in played.events if e.kind == "crashed")

    simulation = Simulation(nodes=3, seed=7, timers="auto")
    simulation.run_to(crash.time)
    simulation.do({"crash": "node1"})
    simulation.run_to(played.now_us)
    assert wire(simulation) == wire(played)


def test_a_rate_can_change_while_playing() -> None:
    desk = sandbox()
    desk.ask(Play(1))
    desk.play_until(lambda: desk.room.active.simulation.now_us > 300_000)
    desk.ask(Play(0.01))
    at = desk.room.active.simulation.now_us
    desk.pump(after=1.0)
    assert 9_000 <= desk.room.active.simulation.now_us - at <= 13_000
    assert desk.told("playing")[-1] == {"on": True, "rate": 0.01}


def test_time_that_was_missed_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_module, "EVENTS_PER_TICK", 20)
    desk = sandbox(nodes=9)
    desk.ask(Play(10))
    desk.pump(after=60.0)
    frame = desk.told("frame")[-1]
    assert len(frame["events"]) < 400
    assert desk.room.active.simulation.now_us < 5_000_000
    wait = desk.room.wait(desk.now)
    assert wait is not None
    assert 0 < wait <= 0.05
    monkeypatch.setattr(room_module, "EVENTS_PER_TICK", 10**6)
    at = desk.room.active.simulation.now_us
    desk.pump(after=0.1)
    assert desk.room.active.simulation.now_us - at == pytest.approx(1_000_000, abs=1_000)


def test_one_turn_ends_when_its_time_is_used_up() -> None:
    desk = sandbox(nodes=9)
    ticks = iter(range(10_000))
    desk.room._stopwatch = lambda: float(next(ticks))
    desk.ask(Play(10))
    desk.pump(after=10.0)
    assert desk.room.active.simulation.now_us <= 2 * room_module.SLICE_US
    answered: list[Any] = []
    for _ in range(5):
        desk.room.submit(Pause(), answered.append)
    desk.pump()
    assert len(answered) == 1
    assert desk.room.wait(desk.now) == 0.0


def test_playing_ends_when_it_is_quiet() -> None:
    desk = manual()
    desk.ask(Play(1))
    assert desk.told("playing")[-1] == {"on": False, "rate": 1.0, "why": "quiet"}
    desk.do({"timeout": "node1"})
    desk.ask(Play(1))
    assert desk.room.playback.on
    desk.play_until(lambda: not desk.room.playback.on)
    assert desk.told("playing")[-1]["why"] == "quiet"
    assert desk.room.active.simulation.state("node1")["state"] == "leader"
    assert desk.messages[-1].name == "playing"
    assert desk.messages[-2].name == "frame"


def test_playing_ends_at_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = sandbox()
    desk.ask(Play(1))
    desk.play_until(lambda: desk.room.active.simulation.now_us > 100_000)
    simulation = desk.room.active.simulation
    cluster = simulation._cluster
    cause = len(simulation.events)

    def break_something() -> None:
        data = {"property": "Election Safety", "message": "two leaders", "facts": []}
        seq = cluster.emit("invariant_violated", None, cause, data)
        simulation._violations.append(cluster.events[seq - 1])

    run_to = simulation.run_to

    def run_and_break(*arguments: Any) -> Any:
        happened = run_to(*arguments)
        break_something()
        return happened

    monkeypatch.setattr(simulation, "run_to", run_and_break)
    desk.pump(after=0.2)
    assert desk.told("playing")[-1]["why"] == "violation"
    assert desk.told("frame")[-1]["events"].decode()[-1]["kind"] == "invariant_violated"
    assert not desk.room.playback.on


def test_a_session_has_an_end() -> None:
    desk = sandbox(Limits(events=300))
    desk.ask(Play(10))
    desk.play_until(lambda: not desk.room.playback.on)
    assert desk.told("playing")[-1]["why"] == "limit"
    assert "300 events" in desk.told("notice")[-1]["message"]
    error = desk.refused({"crash": "node1"})
    assert isinstance(error, Refusal)
    assert error.code is Code.LIMIT
    assert isinstance(desk.ask(Play(1)), Error)


def test_the_server_has_an_end_too() -> None:
    desk = sandbox(spare=0)
    assert "as many events as it can" in str(desk.refused({"crash": "node1"}))


def test_a_room_that_nobody_watches_stops_playing() -> None:
    desk = sandbox()
    desk.ask(Play(1))
    desk.room.members.clear()
    desk.play_until(lambda: not desk.room.playback.on, most=400)
    assert desk.room.active.simulation.now_us < 12_000_000
    assert desk.room.wait(desk.now) is None


def test_a_room_at_rest_needs_no_pump() -> None:
    desk = manual()
    assert desk.room.wait(desk.now) is None
    desk.do({"timeout": "node1"})
    assert desk.room.wait(desk.now) is None


def test_frames_are_at_most_thirty_a_second() -> None:
    desk = manual()
    for i in range(100):
        done: list[Any] = []
        desk.room.submit(room_do(i), done.append)
        desk.pump(after=0.005)
    seconds = 100 * 0.005
    assert len(desk.told("frame")) <= seconds * 30 + 3
    desk.pump(after=0.1)
    screen = Screen(manual().room.welcome(Role.VIEWER, None))
    screen.take(message for message in desk.messages if message.name == "frame")
    assert screen.events["main"] == wire(desk.room.active.simulation)


def test_acting_in_the_past_while_playing_plays_on_from_there() -> None:
    desk = sandbox()
    screen = screen_of(desk)
    desk.ask(Play(5))
    desk.play_until(lambda: desk.room.active.simulation.now_us > 2_000_000)
    desk.do({"crash": "node2"}, "main", 40)
    fork = desk.room.active.simulation
    assert desk.room.playback.on
    at = fork.now_us
    assert at < 1_900_000
    desk.pump(after=0.1)
    assert 0 < fork.now_us - at <= 600_000
    screen.take(desk.messages)
    assert screen.events["b1"] == wire(fork)


# Coming back


def test_coming_back_brings_only_what_is_missing() -> None:
    desk = manual()
    desk.do({"timeout": "node1"})
    held = desk.room.active.last
    desk.do({"settle": True})
    answer = desk.room.welcome(Role.PRESENTER, Point("main", held))
    assert answer["from"] == held + 1
    assert [event["seq"] for event in answer["events"].decode()] == list(
        range(held + 1, desk.room.active.last + 1)
    )
    assert desk.room.welcome(Role.VIEWER, Point("b7", held))["from"] == 1
    assert desk.room.welcome(Role.VIEWER, Point("main", 10**6))["from"] == 1
    assert desk.room.resync("main", held)["from"] == held + 1


def test_too_much_to_send_comes_as_a_snapshot() -> None:
    desk = sandbox(Limits(events_sent_whole=200, events_after_snapshot=50))
    desk.ask(Play(10))
    desk.play_until(lambda: desk.room.active.last > 400)
    desk.ask(Pause())
    answer = desk.room.welcome(Role.PRESENTER, None)
    last = desk.room.active.last
    assert answer["snapshot"]["seq"] == last - 50
    assert answer["snapshot"]["view"] == desk.room.active.simulation.view_at(last - 50)
    assert answer["from"] == last - 49
    assert len(answer["events"]) == 50
    assert "snapshot" not in desk.room.welcome(Role.PRESENTER, Point("main", last - 150))


def test_an_answer_ends_where_the_next_frame_begins() -> None:
    desk = sandbox()
    desk.ask(Play(10))
    desk.play_until(lambda: desk.room.active.last > 100)
    for _ in range(3):
        desk.room.submit(room_do(1), lambda _: None)
        desk.pump(after=0.001)
    screen = screen_of(desk)
    desk.messages.clear()
    desk.pump(after=1.0)
    screen.take(desk.messages)
    assert screen.events["main"] == wire(desk.room.active.simulation)


def test_only_the_owner_learns_the_token() -> None:
    desk = manual()
    assert desk.room.welcome(Role.PRESENTER, None)["token"] == "token"
    assert "token" not in desk.room.welcome(Role.VIEWER, None)


def test_options_of_a_sandbox_are_told() -> None:
    desk = sandbox(options={"leader_stickiness": True}, timing={"heartbeat": 40})
    assert desk.room.session["options"]["leader_stickiness"] is True
    assert desk.room.session["timing"]["heartbeat"] == 40_000
