"""Lessons that somebody is writing, over HTTP and the socket: what runs, what is refused, and where it is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
import yaml

from raftviz import lessons
from raftviz.server.drafts import Desk
from raftviz.server.limits import Limits
from tests.server.process import DEADLINE, Client, Server

Join = Callable[..., Client]

LESSON = """\
id: mine
title: "<b>Mine</b>"
summary: A lesson of my own.
level: beginner
cluster: {nodes: 3, timers: manual}
steps:
  - title: It stands
    do: {timeout: node1}
    expect: {node1: {state: candidate}}
  - title: It wins
    do: {settle: true}
    expect: {leader: node1}
"""
BOMB = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi")
)


def attempt(server: Server, text: str | bytes, kind: str = "application/yaml") -> requests.Response:
    body = text.encode() if isinstance(text, str) else text
    headers = {"Content-Type": kind}
    return requests.post(f"{server.url}/api/draft", body, headers=headers, timeout=DEADLINE)


def test_a_draft_runs_as_a_lesson_does(server: Server) -> None:
    answer = attempt(server, LESSON)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json()
    run = lessons.run(lessons.loads(LESSON, "lesson.yaml"))
    assert [event["seq"] for event in told["events"]] == [e.seq for e in run.simulation.events]
    assert told["session"]["title"] == "<b>Mine</b>"
    assert [step["lines"] for step in told["session"]["lesson"]["steps"]] == [
        list(step.lines) for step in run.steps
    ]
    assert told["lines"] == [7, 10]
    assert told["failures"] == []


def test_what_does_not_hold_is_told_with_its_line(server: Server) -> None:
    told = attempt(server, LESSON.replace("leader: node1", "leader: node2")).json()
    (failure,) = told["failures"]
    assert (failure["step"], failure["line"]) == (2, 12)
    assert "leader: expected node2, got node1" in failure["message"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        (LESSON.replace("summary:", "sumary:"), 3, "unknown key `sumary`"),
        (LESSON.replace("level: beginner", "level: 3"), 4, "level"),
        (LESSON.replace("timeout: node1", "timeout: node9"), 8, "node9"),
        (LESSON.replace("{settle: true}", "{advance: 10001}"), 11, "10,001 milliseconds"),
        (LESSON.replace("{settle: true}", "!!python/object/apply:os.system [ls]"), 11, ""),
        (LESSON + BOMB, 13, "this unfolds to more than 50,000 values"),
        (LESSON.replace("timers: manual", "timers: auto").replace(
            "do: {settle: true}", "do: [" + ", ".join(["{advance: 10000}"] * 100) + "]"
        ), 11, "more than 20,000 events"),
    ],
    ids=["empty", "key", "type", "node", "span", "code", "bomb", "events"],
)  # fmt: skip
def test_what_cannot_be_run_is_told_with_its_line(
    server: Server, text: str, line: int, words: str
) -> None:
    answer = attempt(server, text)
    assert answer.status_code == 200, "the text is wrong, the request is not"
    told = answer.json()
    assert told["ok"] is False
    assert told["error"]["line"] == line, told
    assert words in told["error"]["message"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("body", "kind", "status", "words"),
    [
        (LESSON, "text/plain", 400, "send a lesson as application/yaml"),
        (b"\xff\xfe", "application/yaml", 400, "this is not UTF-8 text"),
        (b"#" * 10_000_000, "application/yaml", 413, "10,000,000 bytes is too long"),
    ],
)
def test_what_is_no_draft(
    server: Server, body: str | bytes, kind: str, status: int, words: str
) -> None:
    answer = attempt(server, body, kind)
    assert answer.status_code == status
    assert words in answer.text


def test_an_address_tries_only_so_often() -> None:
    now = [0.0]
    desk = Desk(Limits(drafts_per_second=1.0, drafts_burst=2.0), lambda: now[0], lambda _: None)
    assert [desk.attempt(LESSON, "a")["ok"] for _ in range(3)] == [True, True, False]
    assert desk.attempt(LESSON, "b")["ok"], "another address has its own"
    now[0] = 1.5
    assert desk.attempt(LESSON, "a")["ok"]


def test_a_draft_that_takes_too_long_is_given_up() -> None:
    times = iter(range(1000))
    desk = Desk(Limits(draft_seconds=3.0), lambda: float(next(times)), lambda _: None)
    told = desk.attempt(LESSON, "a")
    assert not told["ok"] and "takes longer than 3 seconds" in told["error"]["message"]


def test_a_room_of_a_draft_is_a_lesson_of_its_own(server: Server, join: Join) -> None:
    author, student = join(), join()
    opened = author.open(draft=LESSON)
    assert opened["session"]["draft"] is True
    titles = [step["title"] for step in opened["session"]["lesson"]["steps"]]
    assert titles == ["It stands", "It wins"]
    watched = student.open(room=opened["room"])
    assert watched["role"] == "viewer"
    assert len(student.events(watched)) == len(author.events(opened))
    page = requests.get(f"{server.url}/room/{opened['room']}", timeout=DEADLINE)
    assert page.status_code == 200 and "&lt;b&gt;Mine&lt;/b&gt;" in page.text
    assert author.must("do", {"command": {"crash": "node1"}})["branch"] == "b1"
    refused = author.error("open", {"protocol": 1, "draft": LESSON.replace("node1", "node7")})
    assert "node7" in refused["message"]


def test_a_run_comes_back_as_a_lesson(join: Join) -> None:
    author = join()
    author.open(sandbox={"nodes": 3, "seed": 4})
    author.must("do", {"command": {"run_until": {"leader": True, "within": 2000}}})
    author.must("do", {"command": {"write": {"key": "x", "value": 1}}})
    told = author.must("record", {"branch": "main", "title": "What I did", "lang": "zh"})
    assert told["id"] == "what-i-did"
    assert yaml.safe_load(told["lesson"])["title"] == "What I did"
    assert lessons.run(lessons.loads(told["lesson"], "x.yaml")).ok
    assert "there is no branch 'b9'" in author.error("record", {"branch": "b9"})["message"]


def test_the_text_of_every_lesson_and_the_schema_are_published(server: Server) -> None:
    text = requests.get(f"{server.url}/api/lessons/election.yaml", timeout=DEADLINE).text
    assert lessons.loads(text, "election.yaml").id == "election"
    schema = requests.get(f"{server.url}/api/lesson-schema.json", timeout=DEADLINE).json()
    assert schema == lessons.lesson_schema()
