"""A lesson's steps and ends as the wire tells them, and what becomes of a prediction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from raftviz.lessons import Lesson, Run, StepResult, template
from raftviz.server.wire import Encoded, encode_event
from raftviz.sim.events import Event


def ends(lesson: Lesson) -> dict[str, str]:
    """Return what a lesson says at its end, as HTML: what was learnt, and what to try."""
    return {
        "recap": template.html(lesson.recap),
        "try": template.html(lesson.try_it),
    }


def notes(run: Run) -> list[dict[str, Any]]:
    """Return what whoever presents a lesson is told at each step, and how long it is meant to take."""
    return [
        {"html": template.html(step.notes), "seconds": step.seconds} for step in run.lesson.steps
    ]


def wire_step(step: StepResult) -> dict[str, Any]:
    """Return one step of a lesson that was run as the wire tells it; `start` is its first event."""
    differs = step.differs_html
    ask = step.ask
    predict = step.predict
    return {
        "index": step.index,
        "title": step.title,
        "html": step.say_html,
        "sources": list(step.sources),
        "differs": differs and {"document": differs.document, "paper": differs.paper},
        "start": step.start_seq + 1,
        "end": step.end_seq,
        "lines": list(step.lines),
        "failures": [
            {
                "file": Path(each.file).name,
                "line": each.line,
                "node": each.node,
                "field": each.field,
                "expected": each.expected,
                "got": each.got,
            }
            for each in step.failures
        ],
        "ask": ask
        and {
            "question": ask.question,
            "choices": list(ask.choices),
            "answer": ask.answer,
            "why": ask.why,
        },
        "predict": predict
        and {
            "question": predict.question,
            "field": predict.field,
            "answer": predict.answer,
            "choices": list(predict.choices),
            "after": list(predict.after),
            "why": predict.why,
        },
    }


def outcome(run: Run, step: int) -> dict[str, Any] | None:
    """Return the events by which a prediction comes true, as they would follow on a step of a run (from 0).

    The run itself stays as it is. None where the step predicts nothing.
    """
    predict = run.steps[step].predict
    if predict is None:
        return None
    start = run.steps[step].end_seq
    fork = run.simulation.fork(at=start)
    for command in predict.after:
        fork.do(command)
    events = fork.events

    def lookup(seq: int) -> Event:
        return events[seq - 1]

    told = [encode_event(event, lookup) for event in events[start:]]
    return {"events": Encoded(told), "now": fork.now_us}
