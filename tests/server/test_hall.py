"""Making, finding and closing rooms, with a made-up now."""

from __future__ import annotations

import pytest

from raftviz.server import sessions
from raftviz.server.fields import Point
from raftviz.server.hall import Hall
from raftviz.server.limits import Limits
from raftviz.server.protocol import Do
from raftviz.server.refusals import Code, Refusal
from raftviz.server.roles import Role
from raftviz.server.room import Room


def hall_of(**limits: float) -> Hall:
    return Hall(Limits(**limits), stopwatch=lambda: 0.0)  # type: ignore[arg-type]


def make(hall: Hall, address: str = "a", now: float = 0.0) -> Room:
    return hall.make(sessions.sandbox({"nodes": 3}, Limits()), address, now)


def code_of_making(hall: Hall, address: str, now: float) -> Code:
    with pytest.raises(Refusal) as refused:
        make(hall, address, now)
    assert refused.value.remedy
    return refused.value.code


def test_a_room_is_found_until_it_is_over() -> None:
    hall = hall_of(left_alone_seconds=60.0)
    room = make(hall)
    assert hall.find(room.id) is room
    assert hall.sweep(60.0) == []
    assert hall.sweep(61.0) == [room]
    with pytest.raises(Refusal) as refused:
        hall.find(room.id)
    assert refused.value.code is Code.GONE


def test_a_room_with_somebody_in_it_stays() -> None:
    hall = hall_of(left_alone_seconds=60.0, silent_seconds=1000.0)
    room = make(hall)
    hall.enter("c", room, None, 10.0)
    assert hall.sweep(500.0) == []
    hall.leave("c", 500.0)
    assert hall.sweep(550.0) == []
    assert hall.sweep(561.0) == [room]


def test_a_room_in_which_nothing_is_said_for_hours_is_over() -> None:
    hall = hall_of(silent_seconds=1000.0)
    room = make(hall)
    hall.enter("c", room, room.token, 10.0)
    hall.room_of("c", 900.0)
    assert hall.sweep(1500.0) == []
    assert hall.sweep(1901.0) == [room]
    with pytest.raises(Refusal) as refused:
        hall.room_of("c", 1902.0)
    assert refused.value.code is Code.GONE


def test_roles() -> None:
    hall = hall_of()
    room = make(hall)
    assert hall.enter("p", room, room.token, 0.0) is Role.PRESENTER
    assert hall.enter("v", room, None, 0.0) is Role.VIEWER
    assert hall.room_of("p", 0.0) == (room, Role.PRESENTER)
    assert hall.room_of("v", 0.0) == (room, Role.VIEWER)
    with pytest.raises(Refusal):
        hall.room_of("stranger", 0.0)


def test_a_client_is_in_one_room_at_a_time() -> None:
    hall = hall_of()
    first, second = make(hall), make(hall)
    hall.enter("c", first, None, 0.0)
    hall.enter("c", second, None, 0.0)
    assert not first.members
    assert list(second.members) == ["c"]


def test_a_room_holds_so_many() -> None:
    hall = hall_of(viewers=1)
    room = make(hall)
    hall.enter("c", room, None, 0.0)
    hall.enter("c", room, None, 0.0)
    with pytest.raises(Refusal) as refused:
        hall.enter("d", room, None, 0.0)
    assert refused.value.code is Code.LIMIT
    assert list(room.members) == ["c"]


def test_rooms_of_one_address_are_bounded() -> None:
    hall = hall_of(rooms_per_address=2)
    for client in ("c", "d"):
        hall.enter(client, make(hall, "a"), None, 0.0)
    assert code_of_making(hall, "a", 1000.0) is Code.LIMIT
    make(hall, "b", 1000.0)


def test_rooms_of_the_server_are_bounded() -> None:
    hall = hall_of(rooms=2)
    for address in ("a", "b"):
        hall.enter(address, make(hall, address), None, 0.0)
    assert code_of_making(hall, "c", 1000.0) is Code.LIMIT


def test_the_room_left_alone_longest_makes_place() -> None:
    hall = hall_of(rooms=2, spared_seconds=30.0)
    older, newer = make(hall, "a", 0.0), make(hall, "b", 20.0)
    assert code_of_making(hall, "c", 25.0) is Code.LIMIT
    room = make(hall, "c", 40.0)
    assert hall.find(room.id) is room
    assert hall.find(newer.id) is newer
    with pytest.raises(Refusal):
        hall.find(older.id)


def test_events_of_all_rooms_count_until_they_close() -> None:
    hall = hall_of(events_in_all=100, left_alone_seconds=60.0)
    one, other = make(hall), make(hall)
    begun = one.space.events
    assert hall.ledger.left == 100 - 2 * begun
    one.submit(Do({"crash": "node1"}, None), lambda _: None)
    one.submit(Do({"crash": "node2"}, Point("main", begun)), lambda _: None)
    one.pump(0.0)
    assert one.space.events > begun
    assert hall.ledger.left == 100 - one.space.events - other.space.events
    hall.enter("c", other, None, 50.0)
    assert hall.sweep(61.0) == [one]
    assert hall.ledger.left == 100 - other.space.events
