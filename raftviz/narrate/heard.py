"""What the checks say of a run, taken back into phrases, so that each language can say it.

A verdict is one English sentence, made of its words by the checks. The catalogue has the same
sentences with places: where one fits, the sentence is told by its key, like any other.
"""

from __future__ import annotations

import functools
import re

from raftviz.narrate.catalogue import PLACE, Sentence, Value, catalogue, sentence

#: Places that hold phrases in turn, and the stems of the keys of those that may stand there.
_STEMS = {
    "found": ("found",), "does": ("does",), "again": ("again",), "times": ("times",), "noun": ("noun",),
    "deed": ("deed",), "answer": ("answer",), "second": ("answer",), "who": ("who",),
    "another": ("another",), "message": ("message",), "role": ("role",), "into": ("role",),
}  # fmt: skip
#: Places where any text may stand, too, that fits none of their phrases.
_FREE = ("another",)
#: Places of what users and lists may have written; all others hold one word.
_LONG = ("key", "value", "members", "names", "earlier")


def heard(text: str) -> Value:
    """The verdict `text` as a sentence of the catalogue; as it is, where the catalogue has none."""
    return _phrase(text, ("broken", "found", "verdict")) or text


def _phrase(text: str, stems: tuple[str, ...]) -> Sentence | None:
    for key, pattern in _patterns(stems):
        fits = pattern.fullmatch(text)
        if fits is None:
            continue
        params = {place: _filled(place, words) for place, words in fits.groupdict().items()}
        if None not in params.values():
            return sentence(
                key, **{place: each for place, each in params.items() if each is not None}
            )
    return None


def _filled(place: str, words: str) -> Value | None:
    stems = _STEMS.get(place)
    if stems is None:
        return words
    return _phrase(words, stems) or (words if place in _FREE else None)


@functools.cache
def _patterns(stems: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    """The phrases of these stems as patterns, stem by stem, the longer ones first, which say more."""
    texts = {
        key: phrase["text"] for key, phrase in catalogue().items() if key.partition(".")[0] in stems
    }

    def place(key: str) -> tuple[int, int]:
        return stems.index(key.partition(".")[0]), -len(PLACE.sub("", texts[key]))

    return [(key, re.compile(_pattern(texts[key]), re.DOTALL)) for key in sorted(texts, key=place)]


def _pattern(text: str) -> str:
    parts, end = [], 0
    for place in PLACE.finditer(text):
        inside = ".+?" if place[1] in _STEMS or place[1] in _LONG else r"\S+?"
        parts += [re.escape(text[end : place.start()]), f"(?P<{place[1]}>{inside})"]
        end = place.end()
    return "".join(parts) + re.escape(text[end:])
