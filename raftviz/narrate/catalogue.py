"""The catalogue of sentences: data in phrases/<language>.json, the same for Python and the browser.

Each key has a `text` with places like {node}, its `sources` (section of the paper, rule of Figure 2,
sentence of the document), and a `tone`: info, good, warn or bad.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from dataclasses import dataclass
from typing import TypedDict

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
    params: dict[str, str | int]
    tone: str


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


def sentence(key: str, /, **params: str | int) -> Sentence:
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
    params = sentence.params

    def fill(match: re.Match[str]) -> str:
        return str(params[match.group(1)])

    return PLACE.sub(fill, catalogue(lang)[sentence.key]["text"])


def sources(key: str) -> list[str]:
    """Where the rule behind a phrase is written: section, figure, sentence of the document."""
    return list(catalogue()[key]["sources"])
