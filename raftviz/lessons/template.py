"""Texts of a lesson: live values filled in, and Markdown made into HTML and into plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from raftviz.sim.document import value_text

_PLACE = re.compile(
    r"\{([A-Za-z][A-Za-z0-9_-]*\.[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)?|leader)\}"
)
_SPECIAL = re.compile(r"([\\`*_\[\]<>&!#|~])")
_markdown = MarkdownIt("commonmark", {"html": False})


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


def question(field: str) -> str:
    """The question that a prediction asks when its author wrote none."""
    if field == "leader":
        return "Who will lead then?"
    node, _, rest = field.partition(".")
    return f"What will {rest} of {node} be then?"
