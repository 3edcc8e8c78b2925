"""Whatever a room lets come about can be saved, and opened again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from raftviz.server.fields import Point
from raftviz.server.limits import Limits
from raftviz.server.protocol import Fork, Rename
from raftviz.server.refusals import Code, Refusal
from raftviz.server.sessions import Shelf
from raftviz.session_shape import COMMANDS_MOST
from tests.house import ROOT
from tests.server.process import Client
from tests.server.rooms import Desk, lesson, manual, sandbox
from tests.server.test_saved_sessions import begin

LIMITS = Limits()
WRITE = {"write": {"key": "k" * 200, "value": "v" * 1000, "to": "node1"}}
FULL = "as much was done in this session as can be saved"


def constant(script: str, name: str) -> int:
    """A number that a script of the page names."""
    text = (ROOT / "static" / "js" / script).read_text(encoding="utf-8")
    found = re.search(rf"export const {name} = ([\d_]+);", text)
    assert found is not None
    return int(found[1])


LONGEST_SESSION = constant("takeaway/links.js", "LONGEST_SESSION")
LONGEST_REQUEST = constant("link/messages.js", "LONGEST_REQUEST")


def written(value: Any) -> int:
    """How many bytes a browser sends for a value."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def fill(desk: Desk, command: dict[str, Any]) -> int:
    """Repeat a command until the room takes no more, and return how often it was done."""
    for count in range(100_000):
        try:
            desk.room.space.need(command)
        except Refusal as full:
            assert (full.code, full.message) == (Code.LIMIT, FULL)
            assert desk.refused(command).message == FULL
            return count
        desk.do(command)
    raise AssertionError("it took everything")


def saved(desk: Desk) -> dict[str, Any]:
    """What a browser gets as a file; the room never took it for shorter than it is."""
    file: dict[str, Any] = json.loads(json.dumps(desk.room.save(None)["session"]))
    assert written(file) <= desk.room.space.bytes
    return file


def test_the_page_sends_what_a_room_lets_come_about_and_the_server_takes_it() -> None:
    assert LIMITS.session_bytes < LONGEST_SESSION < LONGEST_REQUEST < LIMITS.message_bytes
    shortest = written({"command": {"step": 1}}) + written({"run_to": 1000}) + len(",,")
    assert 2 * LIMITS.session_bytes / shortest < COMMANDS_MOST


def test_the_longest_session_is_opened_again(join: Callable[..., Client]) -> None:
    desk = sandbox()
    for number in range(1, LIMITS.branches):
        desk.ask(Fork(Point("main", 1)))
        desk.do({"crash": "node3"})
        desk.ask(Rename(f"b{number}", "名" * 60))
    assert fill(desk, WRITE) > 50
    file = saved(desk)
    assert LIMITS.session_bytes * 0.95 < written(file) <= LONGEST_SESSION
    request = {"protocol": 1, "session": file, "packed": True}
    assert written(request) <= LONGEST_REQUEST
    opened = join().open(session=file)
    assert opened["session"]["replayed"] == {"differs": []}
    assert len(opened["branches"]) == LIMITS.branches


def test_a_letter_of_several_bytes_counts_as_such() -> None:
    desk = sandbox()
    fill(desk, {"write": {"key": "键", "value": '字"' * 500, "to": "node1"}})
    assert LIMITS.session_bytes * 0.95 < written(saved(desk)) <= LONGEST_SESSION


def test_the_most_commands_are_carried_out_again() -> None:
    desk = manual()
    assert fill(desk, {"heal": True}) > 15_000
    assert begin(saved(desk), Shelf([])).session["replayed"] == {"differs": []}


@pytest.mark.parametrize("own", ["sandbox", "lesson"])
def test_the_most_events_are_carried_out_again(own: str) -> None:
    shelf = Shelf()
    limits = replace(LIMITS, events=300, events_at_once=2_000, draft_events=300)
    desk = sandbox(limits) if own == "sandbox" else lesson(shelf, "partition", limits)
    desk.do({"crash": "node3"})
    while desk.room.space.left > 0:
        desk.do(
            {"advance": 9_000}
            if own == "sandbox"
            else {"write": {"key": "k", "value": 1, "to": "node1"}}
        )
    assert desk.room.space.events >= limits.events
    start = begin(saved(desk), shelf, limits)
    assert start.session["replayed"] == {"differs": []}
