"""What a lesson is once it has been read, and what comes of running one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from raftviz.errors import Error, LessonError
from raftviz.lessons.yaml_tree import Path, Tree
from raftviz.simulation import Simulation

Command = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Differs:
    """What the document says and what the paper says, shown side by side (Markdown)."""

    document: str
    paper: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with its choices; `answer` is one of them."""

    question: str
    choices: tuple[str, ...]
    answer: str
    why: str


@dataclass(frozen=True, slots=True)
class Predict:
    """A question whose answer a fork computes: what is `field` once the commands `after` are done?"""

    question: str
    field: str
    after: tuple[Command, ...]
    choices: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step as written. `path` is its place in the file, `say` still has its {node.field} places.

    `notes` are for whoever presents; `seconds` is how long the step is meant to take in a talk.
    """

    path: Path
    title: str
    say: str
    do: tuple[Command, ...]
    expect: dict[str, Any]
    comments: dict[str, str]
    sources: tuple[str, ...]
    differs: Differs | None
    ask: Ask | None
    predict: Predict | None
    notes: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The texts of a question in another language; no choices where they are the lesson's own."""

    question: str
    choices: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class StepTexts:
    """The texts of one step in another language; empty or None where the step has none."""

    title: str
    say: str
    differs: Differs | None
    ask: Question | None
    predict: Question | None
    notes: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """A lesson's texts in another language, a step for each of its steps; `file` is where they are."""

    title: str
    summary: str
    goal: str
    recap: str
    try_it: str
    steps: tuple[StepTexts, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson, read and found well formed. `cluster` holds the keyword arguments of `Simulation`,
    `texts` what it says in other languages, by their names ("zh").

    `recap` and `try_it` are Markdown, shown at the end; `follow` names the lessons to go on with.
    `picture` is the step, from 1, whose picture stands for the lesson; None leaves the choice open.
    """

    id: str
    title: str
    summary: str
    level: str
    sources: tuple[str, ...]
    cluster: dict[str, Any]
    steps: tuple[Step, ...]
    file: str
    tree: Tree = field(repr=False, compare=False)
    goal: str = ""
    minutes: int | None = None
    recap: str = ""
    try_it: str = ""
    follow: tuple[str, ...] = ()
    picture: int | None = None
    texts: dict[str, Texts] = field(default_factory=dict, repr=False, compare=False)

    def start(self) -> Simulation:
        """A fresh simulation, as the lesson's first step finds it. Raises LessonError."""
        try:
            return Simulation(**self.cluster)
        except LessonError:
            raise
        except Error as error:
            raise self.error(error, self._place(error)) from None

    def error(self, error: Error, path: Path) -> LessonError:
        """`error` as something wrong at `path` of this lesson's file."""
        return LessonError(
            error.message,
            file=self.file,
            line=self.tree.line(path),
            where=error.where,
            remedy=error.remedy,
            kind=error.kind,
            **error.facts,
        )

    def line(self, path: Path) -> int:
        """The line on which `path` stands."""
        return self.tree.line(path)

    def _place(self, error: Error) -> Path:
        """Where the part of the lesson stands that a refused start speaks of."""
        parts = (error.where or "").replace("[", ".").replace("]", "").split(".")
        for stem in (("given",), ("cluster",), ()):
            for size in range(len(parts), 0, -1):
                path = (*stem, *(int(part) if part.isdigit() else part for part in parts[:size]))
                if path in self.tree.lines:
                    return path
        return ("cluster",) if self.tree.value.get("cluster") else ()


@dataclass(frozen=True, slots=True)
class Failure:
    """An `expect` that does not hold."""

    lesson: str
    step: int
    title: str
    node: str | None
    field: str
    expected: str
    got: str
    file: str
    line: int

    def __str__(self) -> str:
        """One line: file, lesson, step, node, field, expected, got."""
        node = f"{self.node} " if self.node else ""
        return (
            f"{self.file}:{self.line}: lesson {self.lesson}, step {self.step} ({self.title}): "
            f"{node}{self.field}: expected {self.expected}, got {self.got}"
        )


@dataclass(frozen=True, slots=True)
class Prediction:
    """A prediction with its computed answer."""

    question: str
    field: str
    after: tuple[Command, ...]
    choices: tuple[str, ...]
    answer: str
    why: str


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step as it went: events start_seq+1 .. end_seq are its own."""

    index: int
    title: str
    say: str
    say_html: str
    sources: tuple[str, ...]
    start_seq: int
    end_seq: int
    lines: list[str]
    failures: list[Failure]
    differs: Differs | None
    differs_html: Differs | None
    ask: Ask | None
    predict: Prediction | None


@dataclass(frozen=True, slots=True)
class Run:
    """A lesson that was run to its end."""

    lesson: Lesson
    simulation: Simulation
    steps: list[StepResult]

    @property
    def failures(self) -> list[Failure]:
        """Every `expect` that did not hold, in order."""
        return [failure for step in self.steps for failure in step.failures]

    @property
    def ok(self) -> bool:
        """Whether everything held."""
        return not self.failures
