"""What the {node.field} places of a text may name: nodes of the lesson, and the fields that a node has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from raftviz.errors import LessonError
from raftviz.lessons import template
from raftviz.lessons.schema_parts import NODE_FIELDS, NODE_PARTS
from raftviz.lessons.shape import hint
from raftviz.lessons.yaml_tree import Path, Tree


class Checker:
    """Finds what a schema cannot say in one file: `known` are the nodes that it may speak of."""

    def __init__(self, tree: Tree, file: str, known: list[str]) -> None:
        self.tree = tree
        self.file = file
        self.known = known

    def distinct(self, choices: tuple[str, ...], path: Path) -> None:
        """Raise LessonError where a choice is given twice."""
        for i, choice in enumerate(choices):
            if choice in choices[:i]:
                raise self.error(
                    f"the choice {choice!r} is given twice", (*path, i), "keep one of them"
                )

    def chosen(self, answer: str, choices: tuple[str, ...], path: Path) -> None:
        """Raise LessonError where the answer at `path` is none of the choices."""
        if answer not in choices:
            raise self.error(
                f"the answer {answer!r} is not among the choices",
                path,
                f"use one of {', '.join(choices)}",
            )

    def texts(self, of: dict[str, Any], keys: tuple[str, ...], path: Path) -> None:
        """The {node.field} places in a text must name what there is. Raises LessonError."""
        for key in keys:
            for place in template.places(of.get(key, "")):
                self.field(place, (*path, key))

    def field(self, field: str, path: Path) -> None:
        """Raise LessonError unless `field` is node.field, node.field.part, or leader."""
        if field == "leader":
            return
        node, _, rest = field.partition(".")
        self.node(node, path)
        name, _, key = rest.partition(".")
        if name not in NODE_FIELDS:
            raise self.error(
                f"a node has no field `{name}`" if name else f"`{field}` names no field of {node}",
                path,
                hint(name, NODE_FIELDS, f"use one of {', '.join(NODE_FIELDS)}"),
            )
        if not key:
            return
        parts = NODE_PARTS.get(name)
        if parts is None:
            raise self.error(f"`{name}` has no parts", path, f"write {node}.{name}")
        if parts == "nodes":
            self.node(key, path)
        elif parts != "any" and key not in parts:
            right = f"use one of {', '.join(parts)}"
            raise self.error(f"`{name}` has no part `{key}`", path, hint(key, parts, right))

    def node(self, node: str, path: Path, nodes: list[str] | None = None) -> None:
        """Raise LessonError unless `node` is one of `nodes`, or else of those that are known."""
        known = self.known if nodes is None else nodes
        if node not in known:
            right = hint(node, known, f"use one of {', '.join(known)}")
            raise self.error(f"there is no node `{node}`", path, right)

    def error(self, message: str, path: Path, remedy: str) -> LessonError:
        """What is wrong at `path` of the file."""
        return LessonError(message, file=self.file, line=self.tree.line(path), remedy=remedy)


def nodes_of(lesson: dict[str, Any]) -> list[str]:
    """The nodes with which a lesson, as written, begins."""
    nodes = (lesson.get("cluster") or {}).get("nodes", 3)
    return [f"node{n + 1}" for n in range(nodes)] if isinstance(nodes, int) else nodes


def known_nodes(lesson: dict[str, Any]) -> list[str]:
    """The nodes that a lesson, as written, may speak of: those of its start, and those that it adds."""
    return list(dict.fromkeys([*nodes_of(lesson), *_added(lesson["steps"])]))


def _added(steps: list[dict[str, Any]]) -> Iterator[str]:
    """The nodes that the lesson adds: they may be spoken of anywhere in it."""
    for step in steps:
        for written in (step.get("do", []), step.get("predict", {}).get("after", [])):
            for command in [written] if isinstance(written, dict) else written:
                for _, name in joining(command):
                    yield name


def joining(command: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Where a command names servers that it starts if they are not there yet, and their names."""
    if isinstance(command.get("add_node"), str):
        yield ("add_node",), command["add_node"]
    members = command.get("reconfigure")
    for i, name in enumerate(members if isinstance(members, list) else ()):
        if isinstance(name, str):
            yield ("reconfigure", i), name
