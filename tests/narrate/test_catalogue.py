"""The catalogue of phrases, which Python and the browser fill in alike."""

from __future__ import annotations

import re

import pytest

from raftviz.errors import Error
from raftviz.narrate import Sentence, catalogue, languages, sources, text
from raftviz.narrate.catalogue import PLACE, TONES, places, sentence, spoken, wire
from raftviz.server import language

#: What fills places of other phrases, and the labels of a told lesson: no rules of their own.
PARTS = (
    "again.", "another.", "answer.", "broken", "deed.", "does.", "found.", "goal.", "lesson.", "listed.",
    "message.", "noun.", "promise.", "role.", "selected.", "setting.", "span", "times.", "verdict.", "who.",
)  # fmt: skip


def test_every_phrase_is_complete() -> None:
    for key, phrase in catalogue().items():
        assert re.fullmatch(r"[A-Za-z_]+(\.[A-Za-z_]+)*", key)
        assert set(phrase) == {"text", "sources", "tone"}, key
        assert phrase["tone"] in TONES, key
        assert isinstance(phrase["sources"], list), key
        assert not re.search(r"[{}]", PLACE.sub("", phrase["text"])), key


def test_what_is_a_rule_of_raft_names_its_source() -> None:
    ours = (
        "command.", "message_sent.injected", "timer_fired.other", "link_changed", "option_changed",
        "other", "paused", "resumed", *PARTS,
    )  # fmt: skip
    silent = [
        key
        for key, phrase in catalogue().items()
        if not phrase["sources"]
        and not key.startswith(ours)
        and not key.endswith(("other", "given", "reply", "peer"))
    ]
    assert silent == []


def test_sources_of_a_phrase() -> None:
    assert sources("voted.granted") == ["Raft §5.2, §5.4.1", "Fig. 2, RequestVote receiver 2"]
    assert "dissertation §4.2.3" in sources("voted.refused_leader_stickiness.follower")


def test_translations_have_the_same_phrases_and_no_other_places() -> None:
    assert "en" in languages()
    for lang in languages():
        assert catalogue(lang).keys() == catalogue().keys()
        for key, phrase in catalogue(lang).items():
            assert set(PLACE.findall(phrase["text"])) == set(places(key)), key
            # What the document says is said in the language; where the paper says it is the same in all.
            pairs = zip(phrase["sources"], sources(key), strict=True)
            assert all(own == at or at.startswith("document: ") for own, at in pairs), key
            assert phrase["tone"] == catalogue()[key]["tone"], key


def test_every_language_of_the_page_has_its_sentences() -> None:
    assert set(languages()) == set(language.catalogues())


def test_chinese_is_chinese() -> None:
    """Only units, RPCs and fields keep their names."""
    names = {
        "ms", "RequestVote", "AppendEntries", "TimeoutNow", "commitIndex", "leaderCommit", "nextIndex",
        "client",
    }  # fmt: skip
    for key, phrase in catalogue("zh").items():
        words = set(re.findall(r"[A-Za-z]+", PLACE.sub("", phrase["text"])))
        assert words <= names, key
        assert not re.search(r"[,;:?!.]", PLACE.sub("", phrase["text"])), f"{key}: Chinese stops"


def test_a_sentence_keeps_what_its_text_has_places_for() -> None:
    said = sentence("voted.self", node="node1", term=3, other="x")
    assert said == Sentence("voted.self", {"node": "node1", "term": 3}, "info")
    assert text(said) == "node1 votes for itself in term 3."


def test_a_value_is_not_filled_in_again() -> None:
    said = sentence("voted.self", node="{term}", term=3)
    assert text(said) == "{term} votes for itself in term 3."


def test_a_list_is_joined_as_the_language_does() -> None:
    def told(names: list[str]) -> list[str]:
        said = sentence("command.reconfigure", members=names)
        return [text(said, lang).removesuffix(", and no others.") for lang in ("en", "zh")]

    assert told(["a"]) == [
        "By command, the members are to be a",
        "按命令，成员要变为 a，别无其他。",
    ]
    assert told(["a", "b"])[0].endswith("be a and b")
    assert told(["a", "b", "c"])[0].endswith("be a, b and c")
    assert told(["a", "b", "c"])[1] == "按命令，成员要变为 a、b 和 c，别无其他。"
    said = sentence("command.partition", groups=[["a", "b"], ["c"]])
    assert "splits into a and b | c:" in text(said)
    assert "分成 a 和 b | c：" in text(said, "zh")


def test_a_sentence_in_a_place_is_told_in_the_language_too() -> None:
    role = sentence("role.leader")
    said = sentence("role_changed.given", node="a", to=role, term=2)
    assert text(said) == "a starts as leader of term 2."
    assert text(said, "zh") == "a 一开始就是任期 2 的领导者。"
    assert wire(said) == [
        "role_changed.given",
        {"node": "a", "to": {"say": ["role.leader", {}]}, "term": 2},
    ]


def test_an_unknown_language() -> None:
    with pytest.raises(KeyError):
        catalogue("../en")
    with pytest.raises(Error, match="there are no sentences in 'tlh'; use one of en, zh"):
        spoken("tlh")
