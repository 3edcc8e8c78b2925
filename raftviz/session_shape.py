"""What a saved session looks like: the shape of its JSON, and the schema of that."""

from __future__ import annotations

from raftviz.errors import Phrase
from raftviz.sim.commands import json_schema
from raftviz.sim.shapes import (
    AnyFields,
    Choice,
    Either,
    Exactly,
    Fields,
    ListOf,
    Number,
    Schema,
    Text,
    Whole,
)
from raftviz.simulation import PROTOCOLS

FORMAT, VERSION = "raftviz-session", 1

BRANCHES_MOST = 64
COMMANDS_MOST = 25_000
LONGEST_US = 10**12
"""Virtual time that a file may ask for, µs: more than eleven days."""

_EVENT = Whole(0, 2**53)
_TIME = Whole(0, LONGEST_US)
_NAME = Text(Phrase("a name", "shape.name"), longest=120)
_DONE = Fields(
    {},
    {"command": AnyFields(Phrase("one command", "shape.command")), "run_to": _TIME, "stop": _EVENT},
    least=1,
)
_ANYTHING = AnyFields("{name: value}")
_SPAN = Either((Number(0, 60_000, " of milliseconds"), ListOf(Number(0, 60_000), 2, 2)))
_CLUSTER = Fields(
    {
        "nodes": ListOf(Text(Phrase("the name of a node", "shape.name-node"), longest=20), 1, 9),
        "seed": Whole(0, 2**53),
        "protocol": Choice(tuple(PROTOCOLS)),
        "timers": Choice(("manual", "auto")),
        "timing": Fields({}, {"election_timeout": _SPAN, "heartbeat": _SPAN, "latency": _SPAN}),
        "options": _ANYTHING,
    },
    {"given": _ANYTHING},
)
_BRANCH = Fields(
    {"id": _NAME, "name": _NAME, "log": ListOf(_DONE, 0, COMMANDS_MOST), "events": _EVENT},
    {
        "parent": _NAME,
        "at": Whole(1, 2**53),
        "digest": Text(Phrase("a digest", "shape.digest"), longest=64),
    },
)
SHAPE = Fields(
    {
        "format": Exactly(FORMAT),
        "version": Exactly(VERSION),
        "cluster": _CLUSTER,
        "branches": ListOf(_BRANCH, 1, BRANCHES_MOST),
    },
    {
        "title": Text(Phrase("a title", "shape.title"), longest=200),
        "lesson": Text(Phrase("the id of a lesson", "shape.lesson"), longest=100),
        "moment": Fields({"branch": _NAME, "event": _EVENT}, {}),
    },
)
"""What a saved session looks like."""


def session_schema() -> Schema:
    """The JSON Schema of a saved session."""
    shape = SHAPE.schema()
    entry = shape["properties"]["branches"]["items"]["properties"]["log"]["items"]
    entry["properties"]["command"] = {"$ref": "#/$defs/command"}
    entry["oneOf"] = [{"required": ["command"]}, {"required": ["run_to"]}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A session that raftviz has saved",
        **shape,
        "$defs": {"command": json_schema()},
    }
