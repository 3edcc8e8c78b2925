"""From a file to a Lesson. Everything that can be found wrong without running it is found here, with file and line."""

from __future__ import annotations

import functools
import importlib.resources
import pathlib
from typing import Any

from raftviz.errors import Error, LessonError
from raftviz.lessons import expect, template
from raftviz.lessons.model import Ask, Command, Differs, Lesson, Predict, Step
from raftviz.lessons.places import Checker, joining, known_nodes, nodes_of
from raftviz.lessons.schema import loader_schema
from raftviz.lessons.shape import find_problem, hint
from raftviz.lessons.texts import NAME, with_texts
from raftviz.lessons.yaml_tree import MAX_BYTES, Path, Tree, parse
from raftviz.sim import commands
from raftviz.sim.events import KINDS

#: The lessons that raftviz ships by their chapters, in the order in which they are told. Each lesson is in
#: one chapter; what a chapter is called is in the page's words (`chapter.<name>`).
CHAPTERS: dict[str, tuple[str, ...]] = {
    "first": ("what-is-consensus", "election", "leader-crash"),
    "elections": ("split-vote", "timers"),
    "logs": (
        "partition",
        "partition-paper",
        "two-sides",
        "log-repair",
        "reordered-appends",
        "lost-vote",
        "figure-8",
        "snapshots",
    ),
    "clients": ("the-client", "stale-reads"),
    "trouble": (
        "prevote",
        "check-quorum",
        "partial-connectivity",
        "half-dead-switch",
        "frozen-leader",
    ),
    "members": ("leadership-transfer", "changing-members", "joint-consensus"),
    "test": ("predict-it",),
}

#: The same lessons without their chapters.
ORDER = tuple(name for chapter in CHAPTERS.values() for name in chapter)


def load(path: str | pathlib.Path) -> Lesson:
    """Read the lesson in the file `path`, and its texts in other languages from the files beside it
    (`lesson.zh.yaml`). Raises LessonError naming file, line and what would be right.
    """
    file = pathlib.Path(path)
    of = lesson_of(file)
    if of is not None:
        raise LessonError(
            f"these are texts of {of.name} in another language",
            file=str(path),
            remedy=f"name {of}: they are read with it",
        )
    lesson = loads(_content(path), str(path))
    siblings = [
        (found[2], str(each), _content(each))
        for each in sorted(file.parent.glob("*.y*ml"))
        if (found := NAME.fullmatch(each.name)) and found[1] + found[3] == file.name
    ]
    return with_texts(lesson, siblings) if siblings else lesson


def lesson_of(file: pathlib.Path) -> pathlib.Path | None:
    """The lesson whose texts the file holds, by its name; None where it is a lesson itself."""
    name = NAME.fullmatch(file.name)
    lesson = file.with_name(name[1] + name[3]) if name else None
    return lesson if lesson and lesson.is_file() else None


def _content(path: str | pathlib.Path) -> str:
    """The text of a file, no more of it than a lesson may have. Raises LessonError."""
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
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(raw) > MAX_BYTES:
            return raw.decode("utf-8", "replace")
        line = raw.count(b"\n", 0, error.start) + 1
        raise LessonError(
            "this is not UTF-8 text", file=file, line=line, remedy="save it as UTF-8"
        ) from None


def loads(text: str, name: str, trusted: bool = False) -> Lesson:
    """Read the lesson in `text`; `name` stands for its file in messages. Raises LessonError. A lesson of ours is
    `trusted` to be good YAML.
    """
    tree = parse(text, name, trusted)
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
    folder = importlib.resources.files("raftviz.lessons") / "library"
    lesson = loads((folder / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml", trusted=True)
    siblings = [
        (found[2], file.name, file.read_text("utf-8"))
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if (found := NAME.fullmatch(file.name)) and found[1] == name
    ]
    return with_texts(lesson, siblings, trusted=True)


def find(name: str) -> Lesson:
    """The lesson with the id `name` of the library, or else in the file `name`. Raises LessonError."""
    if name in ORDER:
        return _from_library(name)
    looks_like_a_path = "/" in name or "\\" in name or name.endswith((".yaml", ".yml"))
    if looks_like_a_path or pathlib.Path(name).exists():
        return load(name)
    remedy = hint(name, ORDER, f"use one of {', '.join(ORDER)}, or the path of a file")
    raise LessonError(f"there is no lesson {name!r}", remedy=remedy)


class _Reader(Checker):
    """Checks what a schema cannot say, and builds the Lesson."""

    def __init__(self, tree: Tree, file: str) -> None:
        super().__init__(tree, file, known_nodes(tree.value))
        self.nodes = nodes_of(tree.value)

    def lesson(self) -> Lesson:
        """Build the lesson; its cluster is made once, so that a bad option is found now."""
        value = self.tree.value
        for i, name in enumerate(self.nodes):
            if name in expect.WORDS or name == "none":
                raise self.error(
                    f"a node cannot be called `{name}`: expect knows that word already",
                    ("cluster", "nodes", i),
                    "choose another name",
                )
            if name in self.nodes[:i]:
                raise self.error(
                    f"`{name}` is named twice", ("cluster", "nodes", i), "name each node once"
                )
        for name, given in (value.get("given") or {}).items():
            self.node(name, ("given", name), self.nodes)
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
            picture=self._picture(value),
        )
        lesson.start()
        return lesson

    def _picture(self, value: dict[str, Any]) -> int | None:
        """The step that stands for the lesson, if the author says one; it must be there."""
        number: int | None = value.get("picture")
        if number is not None and number > len(value["steps"]):
            count = len(value["steps"])
            steps = "1 step" if count == 1 else f"{count} steps"
            raise self.error(
                f"there is no step {number}: the lesson has {steps}",
                ("picture",),
                f"give the number of a step, from 1 to {count}",
            )
        return number

    def _step(self, step: dict[str, Any], path: Path) -> Step:
        comments = step.get("comments", {})
        for name in comments:
            self.node(name, (*path, "comments", name))
        self.texts(step, ("title", "say"), path)
        expected = step.get("expect", {})
        self._check_expect(expected, (*path, "expect"))
        differs = step.get("differs")
        if differs:
            self.texts(differs, ("document", "paper"), (*path, "differs"))
        return Step(
            path=path,
            title=step.get("title") or template.title(template.kind(step)),
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
            self.node(name, (*path, "members"), self.nodes)
        for i, entry in enumerate(given.get("log", ())):
            configuration = entry.get("configuration", {}) if isinstance(entry, dict) else {}
            for name in (*configuration.get("members", ()), *configuration.get("old", ())):
                self.node(name, (*path, "log", i), self.nodes)

    def _commands(self, written: Command | list[Command], path: Path) -> tuple[Command, ...]:
        if isinstance(written, dict):
            self._check_command(written, path)
            return (written,)
        for i, command in enumerate(written):
            self._check_command(command, (*path, i))
        return tuple(written)

    def _check_command(self, command: Command, path: Path) -> None:
        for place, name in joining(command):
            if name in expect.WORDS or name == "none":
                raise self.error(
                    f"a node cannot be called `{name}`: expect knows that word already",
                    (*path, *place),
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
                raise self.error(
                    f"`{key}` is neither a node of this cluster nor something that expect knows",
                    (*path, key),
                    hint(key, names, f"use {', '.join(names)}"),
                )
            for name in ("leader",):
                if value.get(name) is not None:
                    self.node(value[name], (*path, key, name))
        if expected.get("leader") not in (None, "none"):
            self.node(expected["leader"], (*path, "leader"))
        for i, name in enumerate(expected.get("violations", ())):
            known = expect.property_names()
            if expect.normal(name) not in {expect.normal(one) for one in known}:
                raise self.error(
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
            raise self.error(
                f"there is no {what} {wanted[key]!r}",
                path,
                hint(wanted[key], known, f"use one of {', '.join(known)}"),
            )

    def _ask(self, ask: dict[str, Any], path: Path) -> Ask:
        choices = tuple(template.shown(choice) for choice in ask["choices"])
        answer = template.shown(ask["answer"])
        self.chosen(answer, choices, (*path, "answer"))
        self.distinct(choices, (*path, "choices"))
        return Ask(
            template.flowing(ask["question"]), choices, answer, template.flowing(ask.get("why", ""))
        )

    def _predict(self, predict: dict[str, Any], path: Path) -> Predict:
        choices = tuple(template.shown(choice) for choice in predict.get("choices", ()))
        self.distinct(choices, (*path, "choices"))
        field = predict["field"]
        self.field(field, (*path, "field"))
        after = self._commands(predict["after"], (*path, "after"))
        if not after:
            raise self.error(
                "`after` has no command",
                (*path, "after"),
                "give the command that decides the answer",
            )
        question = template.flowing(predict.get("question", "")) or template.question(field)
        return Predict(question, field, after, choices, template.flowing(predict.get("why", "")))
