"""A lesson in another language: a file beside it, like `partition.zh.yaml`, that holds its texts alone.

The lesson itself stays one: its commands, what it expects and its comments are not said again; a step's
sources only where they are called otherwise. So a file of texts fits one lesson, step by step, and one
that does not fit is refused.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from raftviz.errors import LessonError
from raftviz.lessons import template
from raftviz.lessons.model import (
    Ask,
    Differs,
    Lesson,
    Prediction,
    Question,
    Run,
    StepResult,
    StepTexts,
    Texts,
)
from raftviz.lessons.places import Checker, known_nodes
from raftviz.lessons.runner import read
from raftviz.lessons.shape import find_problem
from raftviz.lessons.texts_schema import texts_schema
from raftviz.lessons.yaml_tree import Path, Tree, parse

#: lesson.zh.yaml: the lesson's name, the language, the ending.
NAME = re.compile(r"(.+)\.([a-z]{2})(\.ya?ml)")


def with_texts(
    lesson: Lesson, siblings: Iterable[tuple[str, str, str]], trusted: bool = False
) -> Lesson:
    """`lesson` with its texts in other languages: (language, file, content) each. Raises LessonError."""
    found = {language: _read(text, file, lesson, trusted) for language, file, text in siblings}
    return replace(lesson, texts=found)


def told_in(run: Run, language: str) -> Run:
    """A run with its lesson's texts in `language`; the same run where the lesson has none in it."""
    texts = run.lesson.texts.get(language)
    if texts is None:
        return run
    lesson = replace(
        run.lesson,
        title=texts.title,
        summary=texts.summary,
        goal=texts.goal,
        recap=texts.recap,
        try_it=texts.try_it,
        steps=tuple(
            replace(step, notes=each.notes or step.notes)
            for step, each in zip(run.lesson.steps, texts.steps, strict=True)
        ),
    )
    pairs = zip(texts.steps, run.steps, strict=True)
    return Run(lesson, run.simulation, [_told(run, each, step, language) for each, step in pairs])


@functools.cache
def _schema() -> dict[str, Any]:
    return texts_schema()


def _read(text: str, name: str, lesson: Lesson, trusted: bool) -> Texts:
    tree = parse(text, name, trusted)
    checker = _Reader(tree, name, lesson)
    problem = find_problem(tree.value, _schema(), _schema())
    if problem:
        raise checker.error(problem.message, problem.path, problem.remedy)
    return checker.read()


class _Reader(Checker):
    """Holds a file of texts against its lesson."""

    def __init__(self, tree: Tree, file: str, lesson: Lesson) -> None:
        super().__init__(tree, file, known_nodes(lesson.tree.value))
        self.lesson = lesson

    def read(self) -> Texts:
        """Build the texts."""
        value, lesson = self.tree.value, self.lesson
        written, wanted = value["steps"], lesson.tree.value["steps"]
        if len(written) != len(wanted):
            raise self.error(
                f"`steps` has {len(written)} items, and {lesson.file} has {len(wanted)} steps",
                ("steps",),
                "give one for each step of the lesson, in the same order",
            )
        self._same(value, lesson.tree.value, ("goal", "recap", "try"), ())
        steps = tuple(
            self._step(step, there, ("steps", i))
            for i, (step, there) in enumerate(zip(written, wanted, strict=True))
        )
        return Texts(
            title=value["title"],
            summary=value["summary"],
            goal=value.get("goal", ""),
            recap=value.get("recap", "").strip(),
            try_it=value.get("try", "").strip(),
            steps=steps,
            file=self.file,
        )

    def _step(self, step: dict[str, Any], there: dict[str, Any], path: Path) -> StepTexts:
        # Notes are read by whoever presents, alone: they may stay in the lesson's own language.
        spoken = ("say", "differs", "ask", "predict")
        self._same(step, there, (*spoken, "notes") if "notes" in step else spoken, path)
        if "title" in there:
            self._needed(step, there, "title", path)
        self.texts(step, ("title", "say"), path)
        differs = step.get("differs")
        if differs:
            self.texts(differs, ("document", "paper"), (*path, "differs"))
        return StepTexts(
            title=step.get("title", ""),
            say=step.get("say", "").strip(),
            differs=Differs(differs["document"].strip(), differs["paper"].strip())
            if differs
            else None,
            ask=self._ask(step["ask"], there["ask"], (*path, "ask")) if "ask" in step else None,
            predict=self._predict(step["predict"], there["predict"], (*path, "predict"))
            if "predict" in step
            else None,
            notes=step.get("notes", "").strip(),
            sources=self._sources(step, there, path),
        )

    def _sources(self, step: dict[str, Any], there: dict[str, Any], path: Path) -> tuple[str, ...]:
        """The sources as they are called here, one for each; those of the lesson where none are given."""
        wanted = there.get("sources", ())
        found = step.get("sources", wanted)
        if len(found) != len(wanted):
            raise self.error(
                f"`sources` has {len(found)} items, and the lesson {len(wanted)}",
                (*path, "sources"),
                "name each, in the same order, or leave them out",
            )
        return tuple(found)

    def _ask(self, ask: dict[str, Any], there: dict[str, Any], path: Path) -> Question:
        self._same(ask, there, ("why",), path)
        choices = self._choices(ask, there, path)
        answer = template.shown(ask["answer"])
        self.chosen(answer, choices, (*path, "answer"))
        place = [template.shown(choice) for choice in there["choices"]].index(
            template.shown(there["answer"])
        )
        if choices[place] != answer:
            raise self.error(
                f"the answer is choice {choices.index(answer) + 1}, and choice {place + 1} in the lesson",
                (*path, "answer"),
                f"keep the order of the choices; there it is {template.shown(there['answer'])!r}",
            )
        return Question(
            template.flowing(ask["question"]), choices, template.flowing(ask.get("why", ""))
        )

    def _predict(self, predict: dict[str, Any], there: dict[str, Any], path: Path) -> Question:
        self._same(predict, there, ("why",), path)
        if "question" in there:
            self._needed(predict, there, "question", path)
        choices: tuple[str, ...] = ()
        if "choices" in predict:
            if "choices" not in there:
                raise self._too_much(there, (*path, "choices"))
            choices = self._choices(predict, there, path)
        question, why = (
            template.flowing(predict.get("question", "")),
            template.flowing(predict.get("why", "")),
        )
        return Question(question, choices, why)

    def _choices(self, of: dict[str, Any], there: dict[str, Any], path: Path) -> tuple[str, ...]:
        choices = tuple(template.shown(choice) for choice in of["choices"])
        wanted = [template.shown(choice) for choice in there["choices"]]
        if len(choices) != len(wanted):
            raise self.error(
                f"`choices` has {len(choices)} items, and the lesson {len(wanted)}",
                (*path, "choices"),
                f"translate each, in the same order: {', '.join(wanted)}",
            )
        self.distinct(choices, (*path, "choices"))
        return choices

    def _same(
        self, of: dict[str, Any], there: dict[str, Any], keys: tuple[str, ...], path: Path
    ) -> None:
        """Of these texts there are those that the lesson has, and no others."""
        for key in keys:
            if key in there:
                self._needed(of, there, key, path)
            elif key in of:
                raise self._too_much(there, (*path, key))

    def _needed(self, of: dict[str, Any], there: dict[str, Any], key: str, path: Path) -> None:
        if key not in of:
            line = self.lesson.line((*path, key))
            raise self.error(
                f"missing key `{key}` in {_part(path)}",
                path,
                f"translate line {line} of {self.lesson.file}",
            )

    def _too_much(self, there: dict[str, Any], path: Path) -> LessonError:
        return self.error(
            f"`{path[-1]}` is too much: the lesson has none in {_part(path)}",
            path,
            f"remove it; there it has {', '.join(there)}",
        )


def _part(path: Path) -> str:
    """The step into which a path leads, counted from 1, or the head of the file."""
    return f"step {int(path[1]) + 1}" if path[:1] == ("steps",) else "its head"


def _told(run: Run, texts: StepTexts, step: StepResult, language: str) -> StepResult:
    kind = template.kind(run.lesson.tree.value["steps"][step.index])

    def fill(text: str) -> str:
        if not template.places(text):
            return text
        view = run.simulation.view_at(step.end_seq)
        return template.fill(text, lambda field: read(view, field))

    said, differs = fill(texts.say), texts.differs
    if differs is not None:
        differs = Differs(fill(differs.document), fill(differs.paper))
    return replace(
        step,
        title=fill(texts.title) or template.title(kind, language),
        say=said,
        say_html=template.html(said),
        sources=texts.sources,
        differs=differs,
        differs_html=differs
        and Differs(template.html(differs.document), template.html(differs.paper)),
        ask=_asked(step.ask, texts.ask) if step.ask and texts.ask else None,
        predict=_predicted(step.predict, texts.predict, language)
        if step.predict and texts.predict
        else None,
    )


def _asked(ask: Ask, texts: Question) -> Ask:
    answer = texts.choices[ask.choices.index(ask.answer)]
    return Ask(texts.question, texts.choices, answer, texts.why)


def _predicted(predict: Prediction, texts: Question, language: str) -> Prediction:
    choices = texts.choices or tuple(
        template.something_else(language) if choice == template.something_else() else choice
        for choice in predict.choices
    )
    return replace(
        predict,
        question=texts.question or template.question(predict.field, language),
        choices=choices,
        answer=choices[predict.choices.index(predict.answer)],
        why=texts.why,
    )
