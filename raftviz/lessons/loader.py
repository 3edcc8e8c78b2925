"""From a file to a Lesson. Everything that can be found wrong without running it is found here, with file and line."""

from __future__ import annotations

import functools
import importlib.resources
import pathlib
from collections.abc import Iterator
from typing import Any

from raftviz.errors import Error, LessonError
from raftviz.lessons import expect, template
from raftviz.lessons.model import Ask, Command, Differs, Lesson, Predict, Step
from raftviz.lessons.schema import loader_schema
from raftviz.lessons.schema_parts import NODE_FIELDS, NODE_PARTS
from raftviz.lessons.shape import find_problem, hint
from raftviz.lessons.yaml_tree import MAX_BYTES, Path, Tree, parse
from raftviz.sim import commands
from raftviz.sim.events import KINDS

#: The lessons that raftviz ships, in the order in which they are told.
ORDER = (
    "what-is-consensus",
    "election",
    "split-vote",
    "timers",
    "leader-crash",
    "partition",
    "partition-paper",
    "two-sides",
    "log-repair",
    "prevote",
    "check-quorum",
    "figure-8",
    "partial-connectivity",
    "half-dead-switch",
)


def load(path: str | pathlib.Path) -> Lesson:
    """Read the lesson in the file `path`. Raises LessonError naming file, line and what would be right."""
    file = str(path)
    try:
        with open(path, "rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise LessonError("there is no such file", file=file, remedy="check the path") from None
    except IsADirectoryError:
        raise LessonError(
            "this is a folder", file=file, remedy="name a lesson file in it"
        ) from None
    except OSError as error:
        raise LessonError(f"it cannot be read: {error.strerror}", file=file) from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(raw) > MAX_BYTES:
            text = raw.decode("utf-8", "replace")
        else:
            line = raw.count(b"\n", 0, error.start) + 1
            raise LessonError(
                "this is not UTF-8 text", file=file, line=line, remedy="save it as UTF-8"
            ) from None
    return loads(text, file)


def loads(text: str, name: str) -> Lesson:
    """Read the lesson in `text`; `name` stands for its file in messages. Raises LessonError."""
    tree = parse(text, name)
    problem = find_problem(tree.value, _schema(), _schema())
    if problem:
        raise LessonError(
            problem.message, file=name, line=tree.line(problem.path), remedy=problem.remedy or None
        )
    return _Reader(tree, name).lesson()


@functools.cache
def _schema() -> dict[str, Any]:
    return loader_schema()


def library() -> list[Lesson]:
    """The lessons that raftviz ships, in their order."""
    return [_from_library(name) for name in ORDER]


@functools.cache
def _from_library(name: str) -> Lesson:
    file = importlib.resources.files("raftviz.lessons") / "library" / f"{name}.yaml"
    return loads(file.read_text("utf-8"), f"{name}.yaml")


def find(name: str) -> Lesson:
    """The lesson with the id `name` of the library, or else in the file `name`. Raises LessonError."""
    if name in ORDER:
        return _from_library(name)
    looks_like_a_path = "/" in name or "\\" in name or name.endswith((".yaml", ".yml"))
    if looks_like_a_path or pathlib.Path(name).exists():
        return load(name)
    remedy = hint(name, ORDER, f"use one of {', '.join(ORDER)}, or the path of a file")
    raise LessonError(f"there is no lesson {name!r}", remedy=remedy)


class _Reader:
    """Checks what a schema cannot say, and builds the Lesson."""

    def __init__(self, tree: Tree, file: str) -> None:
        self.tree = tree
        self.file = file
        cluster = tree.value.get("cluster") or {}
        nodes = cluster.get("nodes", 3)
        self.nodes: list[str] = (
            [f"node{n + 1}" for n in range(nodes)] if isinstance(nodes, int) else nodes
        )
        self.known = list(dict.fromkeys([*self.nodes, *_added(tree.value["steps"])]))

    def lesson(self) -> Lesson:
        """Build the lesson; its cluster is made once, so that a bad option is found now."""
        value = self.tree.value
        for i, name in enumerate(self.nodes):
            if name in expect.WORDS or name == "none":
                raise self._error(
                    f"a node cannot be called `{name}`: expect knows that word already",
                    ("cluster", "nodes", i),
                    "choose another name",
                )
            if name in self.nodes[:i]:
                raise self._error(
                    f"`{name}` is named twice", ("cluster", "nodes", i), "name each node once"
                )
        for name, given in (value.get("given") or {}).items():
            self._is_one_of(name, self.nodes, ("given", name))
            self._check_members(given, ("given", name))
        cluster = {"seed": 1, "timers": "manual", "nodes": 3, **(value.get("cluster") or {})}
        if value.get("given"):
            cluster["given"] = value["given"]
        lesson = Lesson(
            id=value["id"],
            title=value["title"],
            summary=value["summary"],
            level=value.get("level", "beginner"),
            sources=tuple(value.get("sources", ())),
            cluster=cluster,
            steps=tuple(self._step(step, ("steps", i)) for i, step in enumerate(value["steps"])),
            file=self.file,
            tree=self.tree,
            goal=value.get("goal", ""),
            minutes=value.get("minutes"),
            recap=value.get("recap", "").strip(),
            try_it=value.get("try", "").strip(),
            follow=tuple(value.get("next", ())),
        )
        lesson.start()
        return lesson

    def _step(self, step: dict[str, Any], path: Path) -> Step:
        comments = step.get("comments", {})
        for name in comments:
            self._known(name, (*path, "comments", name))
        self._check_text(step, ("title", "say"), path)
        expected = step.get("expect", {})
        self._check_expect(expected, (*path, "expect"))
        differs = step.get("differs")
        if differs:
            self._check_text(differs, ("document", "paper"), (*path, "differs"))
        return Step(
            path=path,
            title=step.get("title") or _title_of(step),
            say=step.get("say", "").strip(),
            do=self._commands(step.get("do", []), (*path, "do")),
            expect=expected,
            comments=comments,
            sources=tuple(step.get("sources", ())),
            differs=Differs(differs["document"].strip(), differs["paper"].strip())
            if differs
            else None,
            ask=self._ask(step["ask"], (*path, "ask")) if "ask" in step else None,
            predict=self._predict(step["predict"], (*path, "predict"))
            if "predict" in step
            else None,
            notes=step.get("notes", "").strip(),
            seconds=step.get("seconds"),
        )

    def _check_members(self, given: dict[str, Any], path: Path) -> None:
        """Whom a given node counts as members are nodes of the cluster."""
        for name in given.get("members", ()):
            self._is_one_of(name, self.nodes, (*path, "members"))
        for i, entry in enumerate(given.get("log", ())):
            configuration = entry.get("configuration", {}) if isinstance(entry, dict) else {}
            for name in (*configuration.get("members", ()), *configuration.get("old", ())):
                self._is_one_of(name, self.nodes, (*path, "log", i))

    def _commands(self, written: Command | list[Command], path: Path) -> tuple[Command, ...]:
        if isinstance(written, dict):
            self._check_command(written, path)
            return (written,)
        for i, command in enumerate(written):
            self._check_command(command, (*path, i))
        return tuple(written)

    def _check_command(self, command: Command, path: Path) -> None:
        name = command.get("add_node")
        if isinstance(name, str) and (name in expect.WORDS or name == "none"):
            raise self._error(
                f"a node cannot be called `{name}`: expect knows that word already",
                (*path, "add_node"),
                "choose another name",
            )
        try:
            commands.validate(command)
        except Error as error:
            keys: Path = tuple(list(command)[:1])
            line = self.tree.line((*path, *keys))
            raise LessonError(
                error.message, file=self.file, line=line, where=error.where, remedy=error.remedy
            ) from None

    def _check_expect(self, expected: dict[str, Any], path: Path) -> None:
        for key, value in expected.items():
            if key in expect.WORDS:
                continue
            if key not in self.known:
                names = [*self.known, *expect.WORDS]
                raise self._error(
                    f"`{key}` is neither a node of this cluster nor something that expect knows",
                    (*path, key),
                    hint(key, names, f"use {', '.join(names)}"),
                )
            for name in ("leader",):
                if value.get(name) is not None:
                    self._known(value[name], (*path, key, name))
        if expected.get("leader") not in (None, "none"):
            self._known(expected["leader"], (*path, "leader"))
        for i, name in enumerate(expected.get("violations", ())):
            known = expect.property_names()
            if expect.normal(name) not in {expect.normal(one) for one in known}:
                raise self._error(
                    f"there is no safety property {name!r}",
                    (*path, "violations", i),
                    hint(name, known, f"use {', '.join(known)}"),
                )

        events = expected.get("event") or []
        for event in [events] if isinstance(events, dict) else events:
            self._named(event, "kind", "kind of event", KINDS, (*path, "event"))
        for i, message in enumerate(expected.get("messages") or []):
            types = commands.MESSAGE_TYPES
            self._named(message, "type", "type of message", types, (*path, "messages", i))

    def _named(
        self, wanted: dict[str, Any], key: str, what: str, known: tuple[str, ...], path: Path
    ) -> None:
        """Refuse a misspelt name, which nothing could ever match."""
        if key in wanted and wanted[key] not in known:
            raise self._error(
                f"there is no {what} {wanted[key]!r}",
                path,
                hint(wanted[key], known, f"use one of {', '.join(known)}"),
            )

    def _ask(self, ask: dict[str, Any], path: Path) -> Ask:
        choices = tuple(template.shown(choice) for choice in ask["choices"])
        answer = template.shown(ask["answer"])
        if answer not in choices:
            raise self._error(
                f"the answer {answer!r} is not among the choices",
                (*path, "answer"),
                f"use one of {', '.join(choices)}",
            )
        self._distinct(choices, (*path, "choices"))
        return Ask(_flowing(ask["question"]), choices, answer, _flowing(ask.get("why", "")))

    def _predict(self, predict: dict[str, Any], path: Path) -> Predict:
        choices = tuple(template.shown(choice) for choice in predict.get("choices", ()))
        self._distinct(choices, (*path, "choices"))
        field = predict["field"]
        self._check_field(field, (*path, "field"))
        after = self._commands(predict["after"], (*path, "after"))
        if not after:
            raise self._error(
                "`after` has no command",
                (*path, "after"),
                "give the command that decides the answer",
            )
        question = _flowing(predict.get("question", "")) or template.question(field)
        return Predict(question, field, after, choices, _flowing(predict.get("why", "")))

    def _distinct(self, choices: tuple[str, ...], path: Path) -> None:
        for i, choice in enumerate(choices):
            if choice in choices[:i]:
                raise self._error(
                    f"the choice {choice!r} is given twice", (*path, i), "keep one of them"
                )

    def _check_text(self, of: dict[str, Any], keys: tuple[str, ...], path: Path) -> None:
        """The {node.field} places in a text must name what there is."""
        for key in keys:
            for place in template.places(of.get(key, "")):
                self._check_field(place, (*path, key))

    def _check_field(self, field: str, path: Path) -> None:
        if field == "leader":
            return
        node, _, rest = field.partition(".")
        self._known(node, path)
        name, _, key = rest.partition(".")
        if name not in NODE_FIELDS:
            raise self._error(
                f"a node has no field `{name}`" if name else f"`{field}` names no field of {node}",
                path,
                hint(name, NODE_FIELDS, f"use one of {', '.join(NODE_FIELDS)}"),
            )
        if not key:
            return
        parts = NODE_PARTS.get(name)
        if parts is None:
            raise self._error(f"`{name}` has no parts", path, f"write {node}.{name}")
        if parts == "nodes":
            self._known(key, path)
        elif parts != "any" and key not in parts:
            right = f"use one of {', '.join(parts)}"
            raise self._error(f"`{name}` has no part `{key}`", path, hint(key, parts, right))

    def _known(self, node: str, path: Path) -> None:
        self._is_one_of(node, self.known, path)

    def _is_one_of(self, node: str, nodes: list[str], path: Path) -> None:
        if node not in nodes:
            raise self._error(
                f"there is no node `{node}`",
                path,
                hint(node, nodes, f"use one of {', '.join(nodes)}"),
            )

    def _error(self, message: str, path: Path, remedy: str) -> LessonError:
        return LessonError(message, file=self.file, line=self.tree.line(path), remedy=remedy)


def _added(steps: list[dict[str, Any]]) -> Iterator[str]:
    """The nodes that the lesson adds: they may be spoken of anywhere in it."""
    for step in steps:
        for written in (step.get("do", []), step.get("predict", {}).get("after", [])):
            for command in [written] if isinstance(written, dict) else written:
                if isinstance(command.get("add_node"), str):
                    yield command["add_node"]


def _flowing(text: str) -> str:
    """Plain text without the line breaks that it has in the file."""
    return " ".join(text.split())


def _title_of(step: dict[str, Any]) -> str:
    if "ask" in step:
        return "A question"
    if "predict" in step:
        return "What comes next?"
    return "Go on" if step.get("do") else "Look"
