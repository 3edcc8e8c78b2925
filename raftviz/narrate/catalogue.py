"""The catalogue of sentences: data in phrases/<language>.json, the same for Python and the browser.

Each key has a `text` with places like {node}, its `sources` (section of the paper, rule of Figure 2,
sentence of the document), and a `tone`: info, good, warn or bad.

What fills a place is of no language: text of users and of the wire, a number, a list, which each
language joins in its own way, or a sentence in turn, of which each language has its own.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypedDict

from raftviz.errors import Error, one_of

PLACE = re.compile(r"\{([a-zA-Z]+)\}")
TONES = ("info", "good", "warn", "bad")


class Phrase(TypedDict):
    """One entry of the catalogue."""

    text: str
    sources: list[str]
    tone: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence before it is put into a language: its key, what fills its places, its tone.

    Values of users are plain text here and stay plain text: nothing in them is ever markup.
    """

    key: str
    params: Params
    tone: str


#: What fills a place: text or a number as it is, a list of names, a list of such lists, or a sentence.
Value = str | int | Sequence["Value"] | Sentence
Params = Mapping[str, Value]


@functools.cache
def catalogue(lang: str = "en") -> dict[str, Phrase]:
    """All phrases of a language. Raises KeyError for a language that is not there."""
    if lang not in languages():
        raise KeyError(lang)
    file = importlib.resources.files("raftviz.narrate") / "phrases" / f"{lang}.json"
    loaded: dict[str, Phrase] = json.loads(file.read_text("utf-8"))
    return loaded


@functools.cache
def languages() -> tuple[str, ...]:
    """The languages that there are catalogues of."""
    folder = importlib.resources.files("raftviz.narrate") / "phrases"
    names = [file.name for file in folder.iterdir() if file.name.endswith(".json")]
    return tuple(sorted(name.removesuffix(".json") for name in names))


@functools.cache
def places(key: str) -> tuple[str, ...]:
    """The places that the text of `key` has; translations have no others."""
    return tuple(dict.fromkeys(PLACE.findall(catalogue()[key]["text"])))


def spoken(lang: str) -> str:
    """`lang`, if there is a catalogue of it. Raises Error, which names those that there are."""
    if lang not in languages():
        raise Error(f"there are no sentences in {lang!r}", remedy=one_of(languages()))
    return lang


def sentence(key: str, /, **params: Value) -> Sentence:
    """A sentence of the catalogue; of `params` it keeps those that its text has places for."""
    kept = {place: params[place] for place in places(key)}
    return Sentence(key, kept, catalogue()[key]["tone"])


def known(stem: str, *endings: str) -> str:
    """The first key stem.ending that the catalogue has."""
    for ending in endings:
        if f"{stem}.{ending}" in catalogue():
            return f"{stem}.{ending}"
    return f"{stem}.other"


def text(sentence: Sentence, lang: str = "en") -> str:
    """The sentence in a language, as plain text."""
    filled = {place: _written(value, lang) for place, value in sentence.params.items()}
    return _fill(sentence.key, filled, lang)


def _fill(key: str, values: Mapping[str, str], lang: str) -> str:
    return PLACE.sub(lambda place: values[place[1]], catalogue(lang)[key]["text"])


def wire(sentence: Sentence) -> list[Any]:
    """The sentence as the wire tells it: [key, params], and {"say": …} for a sentence in a place."""
    return [sentence.key, {name: _wired(value) for name, value in sentence.params.items()}]


def _wired(value: Value) -> Any:
    if isinstance(value, Sentence):
        return {"say": wire(value)}
    return value if isinstance(value, str | int) else [_wired(item) for item in value]


def _written(value: Value, lang: str) -> str:
    if isinstance(value, Sentence):
        return text(value, lang)
    if isinstance(value, str | int):
        return str(value)
    parts = [_written(item, lang) for item in value]
    if not parts or any(not isinstance(item, str | int | Sentence) for item in value):
        return " | ".join(parts)
    *before, last = parts
    if not before:
        return last
    most = reduce(lambda a, b: _fill("listed.more", {"a": a, "b": b}, lang), before)
    return _fill("listed.last", {"a": most, "b": last}, lang)


def sources(key: str) -> list[str]:
    """Where the rule behind a phrase is written: section, figure, sentence of the document."""
    return list(catalogue()[key]["sources"])
