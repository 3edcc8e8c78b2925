"""Events as the browser gets them: the one place where an event becomes JSON.

An event is encoded once, when it happens, and the text is kept: a frame, an answer to a client that
joins, and a resync all join the same texts. `Encoded` carries them through Socket.IO unopened.
"""

from __future__ import annotations

import base64
import json
import secrets
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from raftviz.narrate import say, wire
from raftviz.sim.events import Event

_MARK = secrets.token_hex(16)
"""Stands for encoded texts while the message around them is encoded; nobody can guess it."""


WORTH_PACKING = 8 * 1024
"""Characters from which on an answer's events are worth packing."""

_FAST_FROM = 1024 * 1024
"""Characters from which on packing quickly matters more than packing well."""


class Encoded:
    """A JSON array whose items are JSON texts already."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[str]) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def text(self) -> str:
        """Return the array as JSON."""
        return f"[{','.join(self.items)}]"

    def decode(self) -> list[Any]:
        """Return the array as Python values."""
        return list(json.loads(self.text()))


def written_bytes(value: object) -> int:
    """How many bytes a value takes in a list of a saved session, as a browser writes it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "backslashreplace")) + 1


def wire_event(event: Event, lookup: Callable[[int], Event]) -> dict[str, Any]:
    """Return the event as the wire tells it: without old values, with the key of its sentence.

    `lookup` gives the event of a number; the narrator looks at causes.
    """
    told = event.to_json()
    told["changes"] = [[path, new] for path, _, new in told["changes"]]
    sentence = say(event, lookup)
    if sentence is not None:
        told["say"] = wire(sentence)
    return told


def encode_event(event: Event, lookup: Callable[[int], Event]) -> str:
    """Return `wire_event` as compact JSON."""
    return json.dumps(wire_event(event, lookup), separators=(",", ":"), allow_nan=False)


class Json:
    """The JSON module of our packets: the standard one, plus `Encoded`, minus NaN and infinities."""

    @staticmethod
    def dumps(value: Any, **options: Any) -> str:
        """Encode; arrays of the type `Encoded` are put in as they are."""
        encoded: list[Encoded] = []

        def set_aside(part: Any) -> str:
            if isinstance(part, Encoded):
                encoded.append(part)
                return f"{_MARK}{len(encoded)}"
            raise TypeError(f"{type(part).__name__} does not go over the wire")

        text = json.dumps(value, default=set_aside, allow_nan=False, **options)
        for number, part in enumerate(encoded, start=1):
            text = text.replace(f'"{_MARK}{number}"', part.text(), 1)
        return text

    @staticmethod
    def loads(text: str | bytes, **options: Any) -> Any:
        """Decode; NaN and infinities are not JSON and raise ValueError."""
        return json.loads(text, parse_constant=_refuse_constant, **options)


def pack(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer as `{"ok": True, "packed": text}` where its events are many, else as it is.

    The text is the answer's JSON, deflated (zlib) and in base64. Websocket frames are not compressed
    otherwise: a client's own compressed frames would be too easy a way to fill our memory.
    """
    events = answer.get("events")
    if not isinstance(events, Encoded) or sum(map(len, events.items)) < WORTH_PACKING:
        return answer
    text = Json.dumps(answer, separators=(",", ":")).encode()
    packed = zlib.compress(text, 1 if len(text) > _FAST_FROM else 6)
    return {"ok": True, "packed": base64.b64encode(packed).decode("ascii")}


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
