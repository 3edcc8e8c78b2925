"""The catalogue of phrases, which Python and the browser fill in alike."""

from __future__ import annotations

import re

import pytest

from raftviz.narrate import Sentence, catalogue, languages, sources, text
from raftviz.narrate.catalogue import PLACE, TONES, places, sentence


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
        "other", "paused", "resumed",
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
            assert set(PLACE.findall(phrase["text"])) <= set(places(key))


def test_a_sentence_keeps_what_its_text_has_places_for() -> None:
    said = sentence("voted.self", node="node1", term=3, other="x")
    assert said == Sentence("voted.self", {"node": "node1", "term": 3}, "info")
    assert text(said) == "node1 votes for itself in term 3."


def test_a_value_is_not_filled_in_again() -> None:
    said = sentence("voted.self", node="{term}", term=3)
    assert text(said) == "{term} votes for itself in term 3."


def test_an_unknown_language() -> None:
    with pytest.raises(KeyError):
        catalogue("../en")
