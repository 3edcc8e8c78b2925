"""The shape of a lesson as JSON Schema: what the loader obeys and what editors get.

`python -m raftviz schema` prints it.
"""

from __future__ import annotations

from typing import Any

from raftviz.lessons.schema_parts import (
    CLUSTER,
    EXPECT,
    GIVEN,
    ID,
    LINE,
    NODE_NAME,
    SOURCES,
    TEXT,
)
from raftviz.sim import commands

_do = {
    "anyOf": [
        {"$ref": "#/$defs/command"},
        {"type": "array", "items": {"$ref": "#/$defs/command"}, "maxItems": 100},
    ],
    "description": "give a command or a list of commands, like [timeout: node1]",
}
_choices = {
    "type": "array",
    "items": {
        "type": ["string", "integer", "boolean", "null"],
        "description": "give text or a number",
    },
    "minItems": 2,
    "maxItems": 6,
    "description": "give two to six answers",
}
_ask = {
    "type": "object",
    "title": "a question",
    "additionalProperties": False,
    "required": ["question", "choices", "answer"],
    "properties": {
        "question": {**TEXT, "description": "write what you ask"},
        "choices": _choices,
        "answer": {
            "type": ["string", "integer", "boolean", "null"],
            "description": "give the choice that is right",
        },
        "why": {**TEXT, "description": "say why it is right"},
    },
    "description": "give question, choices, answer, why",
}
_predict = {
    "type": "object",
    "title": "a prediction",
    "additionalProperties": False,
    "required": ["field", "after"],
    "properties": {
        "question": {**TEXT, "description": "write what you ask"},
        "field": {
            "type": "string",
            "pattern": r"^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+){0,2}$",
            "description": "give node.field, like node2.votedFor, or leader",
        },
        "after": {
            **_do,
            "description": "give the command, or the commands, after which the answer is read",
        },
        "choices": _choices,
        "why": {**TEXT, "description": "say why it comes out so"},
    },
    "description": "give field and after",
}
_step = {
    "type": "object",
    "title": "a step",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "title": {**LINE, "maxLength": 120, "description": "write a short title"},
        "say": {**TEXT, "description": "write what is shown beside the diagram, in Markdown"},
        "do": _do,
        "expect": EXPECT,
        "comments": {
            "type": "object",
            "propertyNames": {"pattern": NODE_NAME, "description": "use the names of nodes"},
            "additionalProperties": LINE,
            "description": "give a remark for nodes, like {node3: Still partitioned}",
        },
        "sources": SOURCES,
        "differs": {
            "type": "object",
            "title": "differs",
            "additionalProperties": False,
            "required": ["document", "paper"],
            "properties": {
                "document": {**TEXT, "description": "say what the document says"},
                "paper": {**TEXT, "description": "say what the paper says"},
            },
            "description": "give document and paper",
        },
        "ask": _ask,
        "predict": _predict,
        "notes": {**TEXT, "description": "write what whoever presents wants to remember"},
        "seconds": {
            "type": "integer",
            "minimum": 1,
            "maximum": 3600,
            "description": "give how long the step takes in a talk, in seconds",
        },
    },
    "description": "give title, say, do, expect",
}


def lesson_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a lesson file, complete in itself: the commands are in its `$defs`."""
    command = dict(commands.json_schema())
    definitions: dict[str, Any] = command.pop("$defs", {})
    command.pop("$schema", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "a lesson",
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "title", "summary", "steps"],
        "properties": {
            "id": ID,
            "title": {**LINE, "maxLength": 120, "description": "write a short title"},
            "summary": {**LINE, "description": "write one sentence"},
            "goal": {**LINE, "description": "write what one can explain after the lesson"},
            "level": {"enum": ["beginner", "intermediate", "advanced"]},
            "minutes": {
                "type": "integer",
                "minimum": 1,
                "maximum": 240,
                "description": "give how many minutes the lesson takes",
            },
            "picture": {
                "type": "integer",
                "minimum": 1,
                "maximum": 200,
                "description": "give the number of the step whose picture stands for the lesson",
            },
            "sources": SOURCES,
            "cluster": CLUSTER,
            "given": GIVEN,
            "steps": {
                "type": "array",
                "items": _step,
                "minItems": 1,
                "maxItems": 200,
                "description": "give steps",
            },
            "recap": {**TEXT, "description": "write what was learned, in Markdown"},
            "try": {**TEXT, "description": "write what to try from the end on, in Markdown"},
            "next": {
                "type": "array",
                "items": ID,
                "maxItems": 4,
                "description": "give the ids of lessons to go on with, like [prevote]",
            },
        },
        "$defs": {**definitions, "command": command},
    }


def loader_schema() -> dict[str, Any]:
    """The same, but a command is anything with keys: the loader asks `sim.commands` about it, which explains better."""
    schema = lesson_schema()
    schema["$defs"] = {
        "command": {"type": "object", "description": "give a command, like timeout: node1"}
    }
    return schema
