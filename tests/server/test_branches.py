"""The branches of a room: made by acting in the past and by taking back, left, named, bounded."""

from __future__ import annotations

import pytest

from raftviz.errors import Error
from raftviz.server.fields import Point
from raftviz.server.limits import Limits
from raftviz.server.protocol import Do, Fork, Rename, SwitchBranch
from raftviz.server.refusals import Code, Refusal
from raftviz.server.sessions import Shelf
from tests.server.rooms import lesson, manual, room_do, screen_of, wire


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf()


def test_acting_in_the_past_forks_and_keeps_the_old_branch() -> None:
    desk = manual()
    screen = screen_of(desk)
    desk.do({"timeout": "node1"})
    old = desk.do({"settle": True})
    answer = desk.do({"timeout": "node2"}, "main", old["first"] - 1)
    screen.take(desk.messages)
    assert answer["branch"] == "b1"
    assert [message.name for message in desk.messages[-2:]] == ["branch", "frame"]
    assert desk.messages[-2].payload["branch"] == {
        "id": "b1",
        "name": "What if 1",
        "parent": "main",
        "at": old["first"] - 1,
        "last": old["first"] - 1,
        "now": desk.room.active.simulation.now_us,
        "lesson": False,
        "forked": desk.room.active.simulation.events[old["first"] - 2].time,
        "did": ["command.timeout", {"node": "node2"}],
        "log": [],
    }
    assert screen.active == "b1"
    assert len(screen.events["main"]) == old["last"]
    assert screen.events["b1"][: old["first"] - 1] == screen.events["main"][: old["first"] - 1]
    assert screen.events["b1"] == wire(desk.room.active.simulation)
    main = desk.room.branches.get("main").simulation.events
    at = next(one.seq for one, after in zip(main, main[1:]) if after.time > one.time)
    desk.ask(Fork(Point("main", at)))
    assert desk.room.active.to_json()["forked"] == main[at - 1].time


def test_what_is_still_untold_is_told_before_another_branch() -> None:
    desk = manual()
    screen = screen_of(desk)
    for i in range(10):
        desk.room.submit(room_do(i), lambda _: None)
        desk.pump()
    desk.room.submit(Do({"timeout": "node2"}, Point("main", 2)), lambda _: None)
    desk.pump()
    desk.pump(after=1.0)
    screen.take(desk.messages)
    assert screen.active == "b1"
    assert screen.events["main"] == wire(desk.room.branches.get("main").simulation)
    assert screen.events["b1"] == wire(desk.room.active.simulation)


def test_acting_at_the_head_does_not_fork() -> None:
    desk = manual()
    last = desk.do({"timeout": "node1"})["last"]
    assert desk.do({"settle": True}, "main", last)["branch"] == "main"


def test_a_refused_command_in_the_past_leaves_no_branch() -> None:
    desk = manual()
    desk.do({"timeout": "node1"})
    desk.refused({"crash": "nobody"}, "main", 2)
    assert [branch.id for branch in desk.room.branches] == ["main"]


def test_before_everything_means_at_the_start() -> None:
    desk = manual()
    desk.do({"timeout": "node1"})
    answer = desk.do({"timeout": "node2"}, "main", 0)
    assert answer["branch"] == "b1"
    assert desk.room.active.at == 1


def test_the_future_has_not_happened() -> None:
    error = manual().refused({"timeout": "node1"}, "main", 10_000)
    assert "has not happened" in str(error)


def test_branches_have_a_limit() -> None:
    desk = manual(Limits(branches=3))
    desk.do({"timeout": "node1"})
    desk.do({"timeout": "node2"}, "main", 2)
    desk.do({"timeout": "node2"}, "main", 3)
    error = desk.refused({"timeout": "node2"}, "main", 4)
    assert isinstance(error, Refusal)
    assert error.code is Code.LIMIT
    assert "3 branches" in str(error)


def test_switching_and_renaming() -> None:
    desk = manual()
    desk.do({"timeout": "node1"})
    desk.do({"timeout": "node2"}, "main", 2)
    answer = desk.ask(SwitchBranch("main", 0))
    assert isinstance(answer, dict)
    assert answer["events"].decode() == wire(desk.room.active.simulation)
    assert desk.room.active.id == "main"
    assert desk.messages[-1].payload["active"] == "main"

    desk.ask(Rename("b1", "  a\nnew <b>name</b>  "))
    told = desk.messages[-1].payload
    assert told["branch"]["name"] == "a new <b>name</b>"
    assert told["active"] == "main"
    assert isinstance(desk.ask(Rename("b1", " \n ")), Error)
    assert isinstance(desk.ask(SwitchBranch("b9", 0)), Error)


def test_a_fork_without_a_command_is_the_room_as_it_was_there() -> None:
    desk = manual()
    before = desk.room.active.last
    desk.do({"timeout": "node1"})
    answer = desk.ask(Fork(Point("main", before)))
    assert answer == {"ok": True, "branch": "b1", "last": before}
    assert desk.messages[-1].payload["active"] == "b1"
    assert desk.messages[-1].payload["branch"]["did"] is None
    assert desk.do({"crash": "node2"})["branch"] == "b1"
    told = [each.payload["branch"] for each in desk.messages if each.name == "branch"][-1]
    assert told["did"] == ["command.crash", {"node": "node2"}]
    assert isinstance(desk.ask(Fork(Point("main", 10_000))), Error)


def test_a_branch_that_is_left_untouched_is_gone() -> None:
    desk = manual(Limits(branches=2))
    first = desk.do({"timeout": "node1"})["first"]
    for _ in range(3):
        desk.ask(Fork(Point("main", first - 1)))
    assert [branch.name for branch in desk.room.branches] == ["Main", "What if 1"]
    left = desk.room.active.id
    desk.ask(SwitchBranch("main", 0))
    assert desk.messages[-1].payload["gone"] == left
    assert [branch.id for branch in desk.room.branches] == ["main"]


def test_a_branch_leaves_the_one_whose_own_the_past_is() -> None:
    desk = manual()
    first = desk.do({"timeout": "node1"})["first"]
    desk.do({"crash": "node1"}, "main", first - 1)
    desk.ask(Fork(Point("b1", first - 2)))
    told = desk.room.active.to_json()
    assert (told["parent"], told["at"]) == ("main", first - 2)
    desk.ask(Fork(Point("b1", first - 1)))
    told = desk.room.active.to_json()
    assert (told["parent"], told["at"]) == ("main", first - 1), (
        "where it left is still its parent's"
    )


def test_a_lessons_own_branch_never_changes(shelf: Shelf) -> None:
    desk = lesson(shelf, "election")
    other = lesson(shelf, "election")
    before = desk.room.active.last
    answer = desk.do({"timeout": "node2"})
    assert answer == {"ok": True, "branch": "b1", "first": before + 1, "last": answer["last"]}
    assert desk.room.branches.get("main").last == before
    assert other.room.active.last == before
    assert other.room.active.simulation is desk.room.branches.get("main").simulation
    assert desk.room.branches.get("main").to_json()["lesson"] is True


def test_a_lesson_comes_with_its_steps(shelf: Shelf) -> None:
    session = lesson(shelf, "partition").room.session
    steps = session["lesson"]["steps"]
    assert [step["index"] for step in steps] == list(range(len(steps)))
    assert steps[0]["start"] == 1
    for before, step in zip(steps, steps[1:]):
        assert step["start"] == before["end"] + 1
    assert all(step["failures"] == [] for step in steps)
    assert session["timing"]["heartbeat"] == 50_000
    assert session["lesson"]["next"] == "partition-paper"
