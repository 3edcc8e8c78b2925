"""A lesson, or any run, told in plain lines: what `run` and `replay` print where nobody watches a screen."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator

from raftviz import narrate
from raftviz.lessons import Ask, Prediction, Run, StepResult, template
from raftviz.simulation import Simulation

WIDTH = 88


def tell(run: Run, lang: str) -> None:
    """A lesson as a person reads it: each step with its words, its state, and what happened."""
    lesson = run.lesson
    print(f"{lesson.title}\n{'=' * _columns(lesson.title)}\n{lesson.summary}")
    for step in run.steps:
        print(f"\n{step.index + 1}. {step.title}")
        _paragraphs(step.say)
        if step.differs:
            _paragraphs(words("document", lang, text=step.differs.document))
            _paragraphs(words("paper", lang, text=step.differs.paper))
        _happenings(run, step, lang)
        for line in step.lines:
            print(f"    {line}")
        _questions(step, lang)
        if step.sources:
            print(_wrapped(f"[{'; '.join(step.sources)}]"))


def words(key: str, lang: str, **params: str) -> str:
    """A sentence about a lesson, by the end of its key."""
    return narrate.text(narrate.sentence(f"lesson.{key}", **params), lang)


def _happenings(run: Run, step: StepResult, lang: str) -> None:
    """The sentences of the step's events, with virtual time in milliseconds."""
    tell_events(run.simulation, lang, step.start_seq, step.end_seq)


def tell_events(simulation: Simulation, lang: str, start: int = 0, end: int | None = None) -> None:
    """The sentences of some events, with virtual time in milliseconds."""
    for time, said in happenings(simulation, start, end):
        print(_filled(time + narrate.text(said, lang), WIDTH + 12, "", " " * len(time)))


def happenings(
    simulation: Simulation, start: int = 0, end: int | None = None
) -> Iterator[tuple[str, narrate.Sentence]]:
    """What happened in some events: when, in virtual milliseconds, and its sentence if it has one."""
    events = simulation.events
    for event in events[start:end]:
        said = narrate.say(event, lambda seq: events[seq - 1])
        if said is not None:
            yield f"{event.time / 1000:>9.1f} ms  ", said


def _questions(step: StepResult, lang: str) -> None:
    for question in (step.ask, step.predict):
        if question is not None:
            for line in asked(question, lang):
                print(_wrapped(line))


def asked(question: Ask | Prediction, lang: str) -> tuple[str, str, str]:
    """A question, its choices, and the answer with its reason, each as a line."""
    answer = "answer.why" if question.why else "answer"
    return (
        words("question", lang, text=question.question),
        words("choices", lang, text=" | ".join(question.choices)),
        words(answer, lang, text=question.answer, why=question.why),
    )


def _paragraphs(markdown: str) -> None:
    for paragraph in template.plain(markdown).split("\n"):
        if paragraph:
            print(_wrapped(paragraph))


def _wrapped(text: str) -> str:
    return _filled(text, WIDTH, "   ", "   ")


def _filled(text: str, width: int, first: str, then: str) -> str:
    """Text in lines of at most `width` columns, of which a Chinese character takes two."""
    if not any(map(_is_wide, text)):
        return textwrap.fill(text, width, initial_indent=first, subsequent_indent=then)
    lines, line, columns = [], first, len(first)
    for piece in _PIECES.findall(text):
        size = _columns(piece)
        if columns + size > width and piece.strip() and piece not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line, columns = then, len(then)
        line, columns = line + piece, columns + size
    return "\n".join([*lines, line.rstrip()])


#: Words, spaces, and characters between any two of which a line may end.
_PIECES = re.compile(r"[\x21-\x7e]+|[^\x21-\x7e]")
_NEVER_FIRST = "，。、；：？！）”》"


def _columns(text: str) -> int:
    return sum(1 + _is_wide(letter) for letter in text)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
