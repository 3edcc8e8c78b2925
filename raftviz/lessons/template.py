"""Texts of a lesson: live values filled in, and Markdown made into HTML and into plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from raftviz import narrate
from raftviz.sim.document import value_text

_PLACE = re.compile(
    r"\{([A-Za-z][A-Za-z0-9_-]*\.[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)?|leader)\}"
)
_SPECIAL = re.compile(r"([\\`*_\[\]<>&!#|~])")
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_WIDE_BREAK = re.compile(rf"(?<={_WIDE})[^\S\n]*\n\s*(?={_WIDE})")


def _join_wide(state: StateCore) -> None:
    """The end of a line of the file is no space between two Chinese characters."""
    for token in state.tokens:
        children = token.children or []
        for i, child in enumerate(children):
            if child.type != "softbreak":
                continue
            before = next((each.content for each in children[i - 1 :: -1] if each.content), "")
            after = next((each.content for each in children[i:] if each.content), "")
            if re.match(_WIDE, before[-1:]) and re.match(_WIDE, after):
                child.type, child.tag = "text", ""


_markdown = MarkdownIt("commonmark", {"html": False})
_markdown.core.ruler.push("join_wide", _join_wide)


def places(text: str) -> list[str]:
    """The {node.field} places of a text, without their braces; any other braces are just braces."""
    return _PLACE.findall(text)


def fill(text: str, value_of: Callable[[str], str]) -> str:
    """`text` with its places filled in. A value is text: outside code spans its Markdown signs are escaped."""
    parts: list[str] = []
    end = 0
    for match in _PLACE.finditer(text):
        before = text[: match.start()]
        in_code = before[before.rfind("\n\n") + 1 :].count("`") % 2 == 1
        value = value_of(match.group(1))
        parts += (
            text[end : match.start()],
            value.replace("`", "'") if in_code else _SPECIAL.sub(r"\\\1", value),
        )
        end = match.end()
    return "".join(parts) + text[end:]


def flowing(text: str) -> str:
    """Plain text without the line breaks that it has in the file."""
    return " ".join(_WIDE_BREAK.sub("", text).split())


def html(text: str) -> str:
    """Markdown as HTML; HTML in the text stays text."""
    return str(_markdown.render(text)).strip()


def plain(text: str) -> str:
    """Markdown as plain text for a terminal: paragraphs, and items of lists with a dash."""
    lines: list[str] = []
    prefix = ""
    for token in _markdown.parse(text):
        if token.type == "list_item_open":
            prefix = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline":
            lines.append(prefix + _inline(token))
            prefix = ""
        elif token.type in ("fence", "code_block"):
            lines += ["    " + line for line in token.content.rstrip().split("\n")]
    return "\n".join(lines)


def _inline(token: Token) -> str:
    words = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type in ("text", "code_inline"):
            words.append(child.content)
    return "".join(words)


def shown(value: Any) -> str:
    """A value as the document writes values: null, true, 1, [(set, k=v)], {k: v}."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    return value_text(value)


def question(field: str, lang: str = "en") -> str:
    """The question that a prediction asks when its author wrote none."""
    if field == "leader":
        return _usual("predict.leader", lang)
    node, _, rest = field.partition(".")
    return _usual("predict.field", lang, node=node, field=rest)


def kind(step: Mapping[str, Any]) -> str:
    """What a step, as written, is for: a question, a prediction, or it acts, or looks."""
    if "ask" in step:
        return "question"
    if "predict" in step:
        return "prediction"
    return "acts" if step.get("do") else "looks"


def title(kind: str, lang: str = "en") -> str:
    """The title of a step whose author wrote none: it asks, predicts, acts or looks."""
    return _usual(f"title.{kind}", lang)


def something_else(lang: str = "en") -> str:
    """The other choice, where all that is known of an answer is the right one."""
    return _usual("something_else", lang)


def _usual(key: str, lang: str, **params: str) -> str:
    return narrate.text(narrate.sentence(f"lesson.{key}", **params), lang)
