"""The same sentences in Chinese: their parts, and every story to its end."""

from __future__ import annotations

import re
from typing import Any

import pytest

from raftviz.narrate import text
from raftviz.narrate.catalogue import PLACE
from tests.narrate.test_sentences import alone, everything_told


@pytest.mark.parametrize(
    ("kind", "data", "english", "chinese"),
    [
        (
            "command",
            {
                "command": {
                    "deliver": {"type": "RequestVote", "reply": True, "from": "a", "term": 2}
                }
            },
            "By command, these arrive now: answers to RequestVote from a of term 2.",
            "按命令，以下消息立即到达：对 RequestVote 的答复（来自 a，任期 2）。",
        ),
        (
            "command",
            {"command": {"run_until": {"within": 5}}},
            "By command, time passes until this holds: the time is up.",
            "按命令，时间流逝，直到下述条件成立：时间用完。",
        ),
        (
            "command",
            {
                "command": {
                    "run_until": {"leader": True, "committed": 2, "state": {"a": "candidate"}}
                }
            },
            "By command, time passes until this holds: there is a leader and index 2 is committed and"
            " a is candidate.",
            "按命令，时间流逝，直到下述条件成立：有领导者；索引 2 已提交；a 是候选人。",
        ),
        (
            "command",
            {"command": {"link": {"from": "a", "to": "b", "latency": [5, 9], "loss": 0.5}}},
            "By command, the link from a to b changes: latency [5, 9], loss 0.5.",
            "按命令，从 a 到 b 的链路改变：延迟 [5, 9]，丢失率 0.5。",
        ),
        (
            "link_changed",
            {"from": "a", "to": "b", "cut": False, "latency": [5000, 5000], "duplicate": 0.25},
            "The link from a to b changes: latency 5 ms, duplicate 0.25.",
            "从 a 到 b 的链路改变：延迟 5 ms，重复率 0.25。",
        ),
        (
            "role_changed",
            {"from": "precandidate", "to": "follower", "term": 2, "why": "x"},
            "b turns from precandidate to follower.",
            "b 由预候选人变为跟随者。",
        ),
    ],
)
def test_parts_of_sentences_in_both_languages(
    kind: str, data: dict[str, Any], english: str, chinese: str
) -> None:
    said = alone(kind, data)
    assert said is not None
    assert (text(said), text(said, "zh")) == (english, chinese)


#: What clients are called, and write, is of no language.
FROM_CLIENTS = {"client_request", "client_reply"}


def words_of(value: Any) -> set[str]:
    """Return the words in a client's name, key or value, however deep it lies."""
    return set(re.findall(r"[a-z]{2,}", str(value)))


def test_every_story_is_told_in_chinese() -> None:
    """With nothing left over: no place unfilled, and no English but names, fields and values."""
    known = re.compile(
        r"[A-Z]\w+|[a-z]+[A-Z]\w+|node\d+|\w+_\w+|\(.*?\)|\[.*?\]|\{.*?\}|\S+ = \S+|“\w+”"
    )
    told = everything_told()
    own = set().union(*(words_of(event.data) for event, _ in told if event.kind in FROM_CLIENTS))
    for event, said in told:
        words = text(said, "zh")
        assert not PLACE.search(words), words
        assert "None" not in words, words
        left = set(re.findall(r"[a-z]{2,}", known.sub("", words)))
        assert left <= NAMES | own, (event.kind, words, left - NAMES - own)


#: Words that are the same in both languages, clients' names beside.
NAMES = {"ms", "client", "null", "true", "false", "value", "key", "bugs"}
