"""The shape of a lesson's texts in another language, as JSON Schema: the lesson's own, less all but texts.

`python -m raftviz schema --texts` prints it.
"""

from __future__ import annotations

from typing import Any

from raftviz.lessons.schema import lesson_schema


def texts_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a file like `partition.zh.yaml`, complete in itself.

    Which of the texts there must be depends on the lesson: those that it has. `texts.py` sees to that.
    """
    lesson = lesson_schema()["properties"]
    step = lesson["steps"]["items"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "a lesson's texts",
        "type": "object",
        "additionalProperties": False,
        "required": ["title", "summary", "steps"],
        "properties": {
            "title": lesson["title"],
            "summary": lesson["summary"],
            "goal": lesson["goal"],
            "recap": lesson["recap"],
            "try": lesson["try"],
            "steps": {
                **lesson["steps"],
                "items": {
                    "type": "object",
                    "title": "a step's texts",
                    "additionalProperties": False,
                    "properties": {
                        "title": step["properties"]["title"],
                        "say": step["properties"]["say"],
                        "differs": step["properties"]["differs"],
                        "ask": step["properties"]["ask"],
                        "sources": step["properties"]["sources"],
                        "notes": step["properties"]["notes"],
                        "predict": _only(
                            step["properties"]["predict"], "question", "choices", "why"
                        ),
                    },
                    "description": "give the texts that this step has in the lesson",
                },
                "description": "give one for each step of the lesson, in the same order",
            },
        },
    }


def _only(schema: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The same thing with these keys alone, none of them required."""
    kept = {key: schema["properties"][key] for key in keys}
    right = f"give {', '.join(keys)}"
    rest = {key: value for key, value in schema.items() if key != "required"}
    return {**rest, "properties": kept, "description": right}
