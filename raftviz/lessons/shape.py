"""Does a value have the shape that a JSON Schema asks for? If not: what is wrong, in words for a teacher.

This understands the part of JSON Schema that `schema.py` uses, so that the schema which editors get and the one which
the loader obeys are the same object. `title` names a thing ("a step"), `description` says what would be right.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from raftviz.lessons.yaml_tree import Path

Schema = dict[str, Any]

_KINDS = {
    "object": "a mapping (key: value)",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Where a value differs from its schema, how, and what would be right."""

    path: Path
    message: str
    remedy: str


def find_problem(value: Any, schema: Schema, root: Schema, path: Path = ()) -> Problem | None:
    """The first thing in `value` that `schema` does not allow; `root` holds the `$defs`."""
    schema = _resolve(schema, root)
    if "anyOf" in schema:
        return _any_of(value, schema, root, path)
    if "const" in schema and value != schema["const"]:
        return Problem(
            path,
            f"{_name(path)} must be {shown(schema['const'])}, not {shown(value)}",
            _right(schema),
        )
    if "enum" in schema and not any(
        value == one and type(value) is type(one) for one in schema["enum"]
    ):
        options = ", ".join(str(one) for one in schema["enum"])
        return Problem(
            path,
            f"{_name(path)} cannot be {shown(value)}",
            hint(value, schema["enum"], f"use one of {options}"),
        )
    kinds = schema.get("type")
    if kinds is not None:
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if not any(_is_kind(value, kind) for kind in kinds):
            wanted = " or ".join(_KINDS[kind] for kind in kinds)
            name = _name(path) if path else root.get("title", "this file")
            return Problem(path, f"{name} must be {wanted}, not {shown(value)}", _right(schema))
    if isinstance(value, dict):
        return _object(value, schema, root, path)
    if isinstance(value, list):
        return _array(value, schema, root, path)
    if isinstance(value, str):
        return _string(value, schema, path)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, schema, path)
    return None


def hint(word: Any, known: Iterable[Any], right: str) -> str:
    """What would be `right`; and before it the one of `known` that `word` looks like, if any."""
    close = difflib.get_close_matches(str(word), [str(one) for one in known], n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`? {right}" if close else right


def shown(value: Any) -> str:
    """A short picture of a wrong value, for a message."""
    if isinstance(value, dict):
        return "an empty mapping" if not value else "a mapping"
    if isinstance(value, list):
        return "an empty list" if not value else f"a list of {len(value)}"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = " ".join(value.split())
        return f"the text {text[:40]!r}" + ("…" if len(text) > 40 else "")
    return str(value)


def _resolve(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = {**found, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def _any_of(value: Any, schema: Schema, root: Schema, path: Path) -> Problem | None:
    """If no branch fits, tell of the branch of the right kind (a list, a mapping, ...) when there is one."""
    near: Problem | None = None
    for branch in schema["anyOf"]:
        problem = find_problem(value, branch, root, path)
        if problem is None:
            return None
        if len(problem.path) > len(path) or problem.message.startswith(
            ("unknown key", "missing key")
        ):
            near = near or problem
    wanted = schema.get("description", "")
    return near or Problem(path, f"{_name(path)} cannot be {shown(value)}", wanted)


def _object(value: dict[str, Any], schema: Schema, root: Schema, path: Path) -> Problem | None:
    known: Schema = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    what = schema.get("title", "this mapping")
    names = schema.get("propertyNames", {}).get("pattern")
    for key in value:
        if key in known:
            continue
        if others is False:
            remedy = hint(key, known, f"{what} may have: {', '.join(known)}")
            return Problem((*path, key), f"unknown key `{key}` in {what}", remedy)
        if names and not re.search(names, key):
            return Problem(
                (*path, key),
                f"`{key}` is not a name that {what} can hold",
                _right(schema["propertyNames"]),
            )
    for key in schema.get("required", ()):
        if key not in value:
            right = _resolve(known.get(key, {}), root).get("description", "add it")
            return Problem(
                path,
                f"missing key `{key}` in {what}",
                f"add `{key}:` {right}" if right != "add it" else right,
            )
    for key, item in value.items():
        inner = known.get(key, others)
        if isinstance(inner, dict):
            problem = find_problem(item, inner, root, (*path, key))
            if problem:
                return problem
    if len(value) < schema.get("minProperties", 0):
        return Problem(path, f"{_name(path)} is empty", _right(schema))
    return None


def _array(value: list[Any], schema: Schema, root: Schema, path: Path) -> Problem | None:
    low, high = schema.get("minItems", 0), schema.get("maxItems")
    if len(value) < low:
        return Problem(
            path, f"{_name(path)} has {len(value)} items, fewer than {low}", _right(schema)
        )
    if high is not None and len(value) > high:
        return Problem(
            path, f"{_name(path)} has {len(value)} items, more than {high}", _right(schema)
        )
    for index, item in enumerate(value):
        problem = find_problem(item, schema.get("items", {}), root, (*path, index))
        if problem:
            return problem
    return None


def _string(value: str, schema: Schema, path: Path) -> Problem | None:
    if len(value) < schema.get("minLength", 0):
        return Problem(path, f"{_name(path)} is empty", _right(schema))
    if len(value) > schema.get("maxLength", len(value)):
        return Problem(
            path, f"{_name(path)} is longer than {schema['maxLength']} characters", "shorten it"
        )
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return Problem(path, f"{_name(path)} cannot be {shown(value)}", _right(schema))
    return None


def _number(value: float, schema: Schema, path: Path) -> Problem | None:
    if value < schema.get("minimum", value):
        return Problem(
            path,
            f"{_name(path)} cannot be {value}: it is at least {schema['minimum']}",
            _right(schema),
        )
    if value > schema.get("maximum", value):
        return Problem(
            path,
            f"{_name(path)} cannot be {value}: it is at most {schema['maximum']}",
            _right(schema),
        )
    return None


def _is_kind(value: Any, kind: str) -> bool:
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    python = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}[
        kind
    ]
    return isinstance(value, python)


def _name(path: Path) -> str:
    """`steps[2].title` is told as `title`, an item as `item 3 of do`, the whole as `this file`."""
    if not path:
        return "a lesson"
    last = path[-1]
    if isinstance(last, str):
        return f"`{last}`"
    if len(path) > 1 and isinstance(path[-2], str):
        return f"item {last + 1} of `{path[-2]}`"
    return f"item {last + 1}"


def _right(schema: Schema) -> str:
    return str(schema.get("description", ""))
