"""Messages of clients: what is understood, and what a wrong one is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from raftviz.errors import CommandError, LessonError, Phrase, UnknownCommandError
from raftviz.server import refusals
from raftviz.server.backlog import Backlog
from raftviz.server.fields import Point
from raftviz.server.limits import Limits, TokenBucket, check_command_size
from raftviz.server.protocol import Do, Open, Play, Resync, SwitchBranch, parse
from raftviz.server.refusals import Code, Refusal
from raftviz.server.roles import Role, new_room_id, new_token, role_of


@pytest.mark.parametrize(
    ("name", "value", "request_"),
    [
        ("open", {"protocol": 1, "lesson": "x"}, Open(None, None, "x", None, None, False)),
        (
            "open",
            {"protocol": 1, "room": "r", "token": "t", "have": {"branch": "b1", "seq": 0}},
            Open("r", "t", None, None, Point("b1", 0), False),
        ),
        (
            "open",
            {"protocol": 1, "sandbox": {}, "packed": True},
            Open(None, None, None, {}, None, True),
        ),
        ("do", {"command": {"timeout": "node1"}}, Do({"timeout": "node1"}, None)),
        ("play", {"rate": 0.01}, Play(0.01)),
        ("play", None, Play(None)),
        ("branch", {"id": "main"}, SwitchBranch("main", 0)),
        ("resync", {"branch": "main", "have": 3}, Resync("main", 3)),
    ],
)
def test_what_is_understood(name: str, value: Any, request_: Any) -> None:
    assert parse(name, (value,)) == request_


WRONG: list[tuple[str, tuple[Any, ...], str, str]] = [
    # name, arguments, where it is wrong, a word of what would be right
    ("zork", ({},), "None", "use one of open"),
    ("opne", ({},), "None", "did you mean 'open'"),
    ("do", ({}, {}), "do", "one object"),
    ("do", ("timeout",), "do", "one object"),
    ("do", ([],), "do", "one object"),
    ("do", (b"x",), "do", "one object"),
    ("do", ({},), "do.command", "send one command"),
    ("do", ({"command": "timeout"},), "do.command", "send one command"),
    ("do", ({"command": {}},), "do.command", "send one command"),
    ("do", ({"command": {"a": 1, "b": 2}},), "do.command", "send one command"),
    ("do", ({"command": {"a": 1}, "at": 7},), "do.at", "branch"),
    ("do", ({"command": {"a": 1}, "at": {"branch": "main", "seq": -1}},), "do.at", "branch"),
    ("do", ({"command": {"a": 1}, "at": {"branch": "main", "seq": True}},), "do.at", "branch"),
    ("do", ({"command": {"a": 1}, "at": {"branch": 1, "seq": 1}},), "do.at", "branch"),
    ("do", ({"command": {"a": 1}, "when": 1},), "do", "command, at"),
    ("open", ({"protocol": 1, "lesson": "x", "packed": 1},), "open.packed", "true"),
    ("open", ({"lesson": "x"},), "open.protocol", "reload"),
    ("open", ({"protocol": 2, "lesson": "x"},), "open.protocol", "reload"),
    ("open", ({"protocol": True, "lesson": "x"},), "open.protocol", "reload"),
    ("open", ({"protocol": 1},), "open", "one of room, lesson, sandbox"),
    ("open", ({"protocol": 1, "lesson": "x", "sandbox": {}},), "open", "one of room"),
    ("open", ({"protocol": 1, "lesson": 5},), "open.lesson", "id of a lesson"),
    ("open", ({"protocol": 1, "sandbox": 5},), "open.sandbox", "nodes"),
    ("open", ({"protocol": 1, "room": "x" * 500},), "open.room", "id"),
    ("open", ({"protocol": 1, "room": ""},), "open.room", "id"),
    ("open", ({"protocol": 1, "room": "r", "token": {}},), "open.token", "token"),
    ("play", ({"rate": 0},), "play.rate", "0.01 to 10"),
    ("play", ({"rate": 10.5},), "play.rate", "0.01 to 10"),
    ("play", ({"rate": "fast"},), "play.rate", "0.01 to 10"),
    ("play", ({"rate": True},), "play.rate", "0.01 to 10"),
    ("play", ({"rate": float("nan")},), "play.rate", "0.01 to 10"),
    ("pause", ({"now": 1},), "pause", "send {}"),
    ("fork", ({},), "fork.at", "the number of an event"),
    ("branch", ({},), "branch.id", "id of a branch"),
    ("resync", ({"branch": "main"},), "resync.have", "number"),
    ("resync", ({"branch": "main", "have": 1.5},), "resync.have", "number"),
    ("rename", ({"branch": "main", "name": "x" * 61},), "rename.name", "1 to 60"),
]


@pytest.mark.parametrize(("name", "arguments", "where", "remedy"), WRONG)
def test_a_wrong_message_is_told_what_would_be_right(
    name: str, arguments: tuple[Any, ...], where: str, remedy: str
) -> None:
    with pytest.raises(Refusal) as refused:
        parse(name, arguments)
    error = refused.value
    assert error.code is Code.BAD_REQUEST
    assert str(error.where) == where
    assert remedy in (error.remedy or "")
    assert len(str(error)) < 400


def test_errors_carry_their_code() -> None:
    assert refusals.failure(CommandError("no", where="w", remedy="r")) == {
        "ok": False,
        "error": {"message": "no", "where": "w", "remedy": "r", "code": "command"},
    }
    assert refusals.code_of(UnknownCommandError("x")) is Code.UNKNOWN_COMMAND
    assert refusals.code_of(LessonError("x")) is Code.LESSON
    assert refusals.code_of(Refusal(Code.GONE, "x")) is Code.GONE


def test_facts_go_over_the_wire_within_bounds() -> None:
    deep: Any = "x"
    for _ in range(100):
        deep = [deep]
    told = refusals.told(
        CommandError(
            "no",
            kind="k",
            count=3,
            text="x" * 9_000,
            large=2**99,
            many=["x"] * 9_000,
            deep=deep,
            part=Phrase("a part", "p", of=1),
            why=CommandError("so", where="w", kind="s", node="node1"),
        )
    )
    facts = told["facts"]
    assert told["kind"] == "k"
    assert (facts["count"], facts["text"], facts["large"]) == (3, "x" * 200, str(2**99))
    assert facts["part"] == {"message": "a part", "kind": "p", "facts": {"of": 1}}
    assert facts["why"] == {
        "message": "so",
        "where": "w",
        "remedy": None,
        "kind": "s",
        "facts": {"node": "node1"},
    }
    assert len(facts["many"]) == 50
    assert len(json.dumps(facts)) < 2_000


def test_an_ordinary_command_has_a_fine_size() -> None:
    check_command_size({"write": {"key": "<script>", "value": "x" * 4_000}}, Limits())


# Allowances


def test_an_allowance_fills_up_again() -> None:
    bucket = TokenBucket(rate=2.0, burst=3.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.wait(0.0) == pytest.approx(0.5)
    assert not bucket.take(0.4)
    assert bucket.take(0.5)
    assert bucket.wait(1e9, cost=3.0) == 0.0
    assert [bucket.take(1e9) for _ in range(4)] == [True, True, True, False]


def test_an_allowance_does_not_mind_a_clock_that_stands() -> None:
    bucket = TokenBucket(rate=1.0, burst=1.0)
    assert bucket.take(5.0)
    assert not bucket.take(4.0)
    assert not bucket.take(5.0)
    assert bucket.take(6.0)


# Clients that do not read


def test_who_does_not_read_is_left_out_then_given_up() -> None:
    backlog = Backlog(Limits(packets_unread=10, unread_seconds=5.0))
    assert backlog.judge({"a": 10, "b": 11}, 0.0) == (["b"], [])
    assert backlog.judge({"a": 0, "b": 500}, 5.0) == (["b"], [])
    assert backlog.judge({"a": 0, "b": 500}, 5.1) == (["b"], ["b"])
    backlog.forget("b")
    assert backlog.judge({"b": 500}, 9.0) == (["b"], [])


def test_who_catches_up_is_forgiven() -> None:
    backlog = Backlog(Limits(packets_unread=10, unread_seconds=5.0))
    backlog.judge({"b": 11}, 0.0)
    assert backlog.judge({"b": 3}, 4.0) == ([], [])
    assert backlog.judge({"b": 11}, 6.0) == (["b"], [])


# Roles


def test_only_the_token_makes_a_presenter() -> None:
    token = new_token()
    assert role_of(token, token) is Role.PRESENTER
    for wrong in (None, "", "x", token[:-1], token + "x", "é"):
        assert role_of(token, wrong) is Role.VIEWER


def test_ids_and_tokens_are_rare() -> None:
    assert len({new_room_id() for _ in range(1000)}) == 1000
    assert len({new_token() for _ in range(1000)}) == 1000
    assert len(new_token()) >= 32
