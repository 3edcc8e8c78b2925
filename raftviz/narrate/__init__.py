"""Events in words: one plain sentence each, with the rule that fired and where it is written."""

from __future__ import annotations

from raftviz.narrate.catalogue import (
    Sentence,
    catalogue,
    languages,
    sentence,
    sources,
    spoken,
    text,
    wire,
)
from raftviz.narrate.commands import say_command
from raftviz.narrate.phrases import say
from raftviz.narrate.why import why

__all__ = [
    "Sentence",
    "catalogue",
    "languages",
    "say",
    "say_command",
    "sentence",
    "sources",
    "spoken",
    "text",
    "why",
    "wire",
]
