"""Small words: values of users and of the wire as short plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from raftviz.narrate.catalogue import Value, catalogue, known, sentence

LONGEST = 60


def clip(value: Any, longest: int = LONGEST) -> str:
    """One short line of plain text: control characters become spaces, what is long is cut."""
    text = str(value)
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def shown(value: Any) -> str:
    """A value as the document writes it; a text of nothing to see in quotes, so that it is not missed."""
    if isinstance(value, Mapping):
        return clip("{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}")
    if isinstance(value, list | tuple):
        return clip("[" + ", ".join(shown(item) for item in value) + "]")
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = clip(value)
    return text if text.strip() else f'"{text}"'


def entry(value: Mapping[str, Any]) -> str:
    """A log entry as the document writes it: (set, key=value)."""
    if "set" in value:
        ((key, new),) = value["set"].items()
        return clip(f"(set, {key}={shown(new)})")
    if "delete" in value:
        return clip(f"(delete, {value['delete']})")
    if "cas" in value:
        cas = value["cas"]
        return clip(f"(cas, {cas['key']}={shown(cas['expected'])}→{shown(cas['value'])})")
    if "configuration" in value:
        members, old = value["configuration"]["members"], value["configuration"]["old"]
        before = f"{' '.join(old)} → " if old else ""
        return clip(f"(members, {before}{' '.join(members)})")
    return "(no-op)"


def listed(names: Sequence[Any]) -> list[str]:
    """The names, for a language to join: node1, node2 and node3."""
    return [clip(name) for name in names]


def chained(key: str, parts: Sequence[Value]) -> Value:
    """Parts as one, two at a time: `key` is a sentence of {a} and {b}. Raises IndexError for none."""
    whole, *rest = parts
    for part in rest:
        whole = sentence(key, a=whole, b=part)
    return whole


def role(name: Any) -> Value:
    """A role in words; one that nobody knows by its name."""
    return _named("role", name)


def promise(name: Any) -> Value:
    """What is promised, by its name, like "Election Safety"; what nobody knows by its own."""
    return _named("promise", str(name).lower().replace(" ", "_").replace("-", "_"), name)


def _named(stem: str, ending: str, name: Any = None) -> Value:
    key = f"{stem}.{ending}"
    return sentence(key) if key in catalogue() else clip(ending if name is None else name)


def settings(values: Mapping[str, Value]) -> Value:
    """What is set to what: "latency 5 ms, loss 0.3"."""
    each = [
        sentence(known("setting", name), name=clip(name), value=value)
        for name, value in values.items()
    ]
    return chained("setting.more", each) if each else ""


def milliseconds(ms: float) -> str:
    """150, 12.5."""
    return f"{ms:g}"
