"""Running a lesson: its steps one after the other, each held against what it expects."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from raftviz.errors import Error
from raftviz.lessons import expect, template
from raftviz.lessons.model import (
    Command,
    Differs,
    Failure,
    Lesson,
    Predict,
    Prediction,
    Run,
    Step,
    StepResult,
)
from raftviz.lessons.yaml_tree import Path
from raftviz.pieces import finish
from raftviz.sim.document import document_lines, entry_text
from raftviz.simulation import Simulation


def run(lesson: Lesson, on_step: Callable[[StepResult], object] | None = None) -> Run:
    """Run `lesson` from its start to its end; `on_step` is told of each step as it is done.

    Raises LessonError, naming the line, for a command that cannot be carried out. An `expect` that does not hold
    raises nothing: it is a Failure in its step's result.
    """

    def tell(result: StepResult | None) -> None:
        if on_step is not None and result is not None:
            on_step(result)

    return finish(running(lesson, lesson.start()), tell)


def running(lesson: Lesson, simulation: Simulation) -> Generator[StepResult | None, None, Run]:
    """Run `lesson` piece by piece on the simulation that it starts with. Yields None after each command, and each
    step as it is done. Raises LessonError as `run` does.
    """
    steps: list[StepResult] = []
    comments: dict[str, str] = {}
    for index, step in enumerate(lesson.steps):
        if step.do or step.comments:
            comments = step.comments
        result = yield from _run_step(lesson, simulation, index, step, comments)
        if index == len(lesson.steps) - 1:
            result.failures.extend(_judge_clients(lesson, simulation, result.failures))
        steps.append(result)
        yield result
    return Run(lesson, simulation, steps)


def _run_step(
    lesson: Lesson, simulation: Simulation, index: int, step: Step, comments: dict[str, str]
) -> Generator[None, None, StepResult]:
    """Do one step. `comments` are its own, or those of the step before where it does nothing."""
    start = len(simulation.events) if index else 0
    broken_before = len(simulation.violations)
    yield from _doing(lesson, simulation, step.do, (*step.path, "do"))
    view = simulation.view()
    local_reads = expect.counts_local_reads(step.expect)
    asked = "linearizable" in step.expect
    verdict = simulation.linearizability(local_reads=local_reads) if asked else None
    facts = expect.Facts(
        nodes=view["nodes"],
        messages=list(view["messages"].values()),
        events=[event.to_json() for event in simulation.events[start:]],
        broken=[event.data["property"] for event in simulation.violations],
        broken_now=[event.data["property"] for event in simulation.violations[broken_before:]],
        linearizable=verdict.ok if verdict is not None else None,
        verdict=verdict.message if verdict is not None else "",
    )
    failures = [
        _failure(lesson, index, difference) for difference in expect.differences(step.expect, facts)
    ]

    def fill(text: str, *place: str) -> str:
        try:
            return template.fill(text, lambda field: read(view, field))
        except Error as error:
            raise lesson.error(error, (*step.path, *place)) from None

    title, said = fill(step.title, "title"), fill(step.say, "say")
    differs = step.differs and Differs(
        fill(step.differs.document, "differs", "document"),
        fill(step.differs.paper, "differs", "paper"),
    )
    return StepResult(
        index=index,
        title=title,
        say=said,
        say_html=template.html(said),
        sources=step.sources,
        start_seq=start,
        end_seq=len(simulation.events),
        lines=document_lines(view, comments),
        failures=failures,
        differs=differs,
        differs_html=differs
        and Differs(template.html(differs.document), template.html(differs.paper)),
        ask=step.ask,
        predict=_predict(lesson, simulation, step, step.predict) if step.predict else None,
    )


def _failure(lesson: Lesson, index: int, difference: expect.Difference) -> Failure:
    step = lesson.steps[index]
    return Failure(
        lesson=lesson.id,
        step=index + 1,
        title=step.title,
        node=difference.node,
        field=difference.field,
        expected=difference.expected,
        got=difference.got,
        file=lesson.file,
        line=lesson.line((*step.path, "expect", *difference.path)),
    )


def _judge_clients(lesson: Lesson, simulation: Simulation, found: list[Failure]) -> list[Failure]:
    """Judge what the clients saw in the whole run: a violation that no step expects is a failure of
    the last one. Local reads count only if a step says so.
    """
    expected = [step.expect for step in lesson.steps]
    known = any(expect.is_expected(each, expect.LINEARIZABILITY) for each in expected)
    if known or any(failure.field == "linearizable" for failure in found):
        return []
    local_reads = any(map(expect.counts_local_reads, expected))
    verdict = simulation.linearizability(local_reads=local_reads)
    if verdict.violation is None:
        return []
    got = f"false: {verdict.message}"
    difference = expect.Difference((), None, "linearizable", "true", got)
    return [_failure(lesson, len(lesson.steps) - 1, difference)]


def _do(lesson: Lesson, simulation: Simulation, commands: tuple[Command, ...], path: Path) -> None:
    for _ in _doing(lesson, simulation, commands, path):
        pass


def _doing(
    lesson: Lesson, simulation: Simulation, commands: tuple[Command, ...], path: Path
) -> Generator[None, None, None]:
    for number, command in enumerate(commands):
        try:
            simulation.do(command)
        except Error as error:
            name = next(iter(command))
            place = (
                (*path, number, name)
                if (*path, number, name) in lesson.tree.lines
                else (*path, name)
            )
            raise lesson.error(error, place) from None
        yield


def read(view: dict[str, Any], field: str) -> str:
    """What `field` (node.field, node.field.part, or leader) holds, as the document would write it.

    Raises Error where the node has not been added yet.
    """
    if field == "leader":
        return expect.leader_of(view["nodes"]) or "none"
    node, _, rest = field.partition(".")
    name, _, part = rest.partition(".")
    if node not in view["nodes"]:
        raise Error(
            f"there is no `{node}` yet",
            remedy="add it by add_node or reconfigure in this step or before",
        )
    value = view["nodes"][node].get(name)
    if part:
        value = value.get(part) if isinstance(value, dict) else None
    elif name == "log":
        value = [entry_text(entry) for entry in value]
    return template.shown(value)


def _predict(lesson: Lesson, simulation: Simulation, step: Step, predict: Predict) -> Prediction:
    """Find the answer on a fork: the lesson itself goes on untouched."""
    fork = simulation.fork()
    path = (*step.path, "predict")
    there = predict.field.partition(".")[0] in ("leader", *fork.node_ids)
    before = read(fork.view(), predict.field) if there else ""
    _do(lesson, fork, predict.after, (*path, "after"))
    try:
        answer = read(fork.view(), predict.field)
    except Error as absent:
        raise lesson.error(absent, (*path, "field")) from None
    before = before or answer
    choices = predict.choices or _choices(predict.field, before, answer, fork)
    if answer not in choices:
        error = Error(
            f"the answer comes out as {answer!r}, which is not among the choices",
            remedy=f"add {answer!r} to them",
        )
        raise lesson.error(error, (*path, "choices"))
    return Prediction(predict.question, predict.field, predict.after, choices, answer, predict.why)


def _choices(field: str, before: str, answer: str, fork: Simulation) -> tuple[str, ...]:
    """Choices for a prediction whose author gave none: what the field may plausibly become."""
    nodes = fork.node_ids
    name, _, part = field.partition(".")[2].partition(".")
    if name == "state":
        asks = fork.options["pre_vote"] or "precandidate" in (before, answer)
        return ("follower", *(["precandidate"] if asks else []), "candidate", "leader")
    if name in ("crashed", "paused", "stalled", "lease"):
        return ("true", "false")
    if field == "leader":
        return (*nodes, "none")
    if name == "transferTo" or (name == "disk" and part == "votedFor"):
        return ("null", *nodes)
    if name == "votedFor":
        return (
            "null",
            *(node.removeprefix("node") if _is_numbered(node) else node for node in nodes),
        )
    if answer.isdigit():
        low = max(0, min(int(answer), int(before) if before.isdigit() else int(answer)) - 1)
        return tuple(str(number) for number in range(low, max(low + 3, int(answer) + 2)))[-6:]
    return (
        tuple(dict.fromkeys((before, answer)))
        if before != answer
        else (answer, template.something_else())
    )


def _is_numbered(node: str) -> bool:
    return node.startswith("node") and node.removeprefix("node").isdigit()
