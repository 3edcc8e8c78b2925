"""The command line: `python -m raftviz serve | run | check | explore | schema`."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from raftviz import exploring, lessons, narrate
from raftviz.errors import Error, LessonError
from raftviz.lessons import template
from raftviz.lessons.model import Run, StepResult
from raftviz.trace import trace

#: What the process says to its caller.
OK, FAILED, USAGE = 0, 1, 2

FORMATS = ("told", "document", "events", "states", "trace")
WIDTH = 88


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (sys.argv by default); return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may lack “ or §
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has seen enough; the interpreter must not flush into the pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130
    except Error as error:
        print(f"raftviz: {error}", file=sys.stderr)
        return USAGE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m raftviz", description="An interactive visualizer of the Raft algorithm."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="start the server for browsers")
    serve.add_argument("--host", default=None, help="address to listen on (default 127.0.0.1)")
    serve.add_argument("--port", type=_port, default=None, help="port to listen on (default 5000)")
    serve.add_argument(
        "--lesson", action="append", default=[], metavar="FILE",
        help="offer this lesson too; may be given more than once",
    )  # fmt: skip
    serve.set_defaults(run=_serve)

    run = commands.add_parser("run", help="run a lesson and print what happens")
    run.add_argument("lesson", metavar="LESSON", help="the id of a lesson, or the path of a file")
    run.add_argument(
        "--format",
        choices=FORMATS,
        default="told",
        help="told: for people; document: the lines of state alone; events, states, and the "
        "trace in raft.tla's words: JSON lines",
    )
    run.set_defaults(run=_run)

    check = commands.add_parser("check", help="run lessons and see whether what they expect holds")
    check.add_argument("paths", metavar="PATH", nargs="+", help="lesson files, or folders of them")
    check.set_defaults(run=_check)

    exploring.add_to(commands)

    schema = commands.add_parser("schema", help="print the JSON Schema of a lesson, for editors")
    schema.set_defaults(run=_schema)
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 0 to 65535")
    return int(text)


def _serve(arguments: argparse.Namespace) -> int:
    from raftviz.server import serve

    for file in arguments.lesson:
        lessons.load(file)  # a mistake in it is told here, before a server starts
    serve(host=arguments.host, port=arguments.port, lesson_files=arguments.lesson)


def _schema(arguments: argparse.Namespace) -> int:
    print(json.dumps(lessons.lesson_schema(), indent=2, ensure_ascii=False))
    return OK


def _run(arguments: argparse.Namespace) -> int:
    lesson = lessons.find(arguments.lesson)
    show = {
        "told": _tell,
        "document": _document,
        "events": _events,
        "states": _states,
        "trace": _trace,
    }
    run = lessons.run(lesson)
    show[arguments.format](run)
    for failure in run.failures:
        print(f"raftviz: {failure}", file=sys.stderr)
    return OK if run.ok else FAILED


def _tell(run: Run) -> None:
    """A lesson as a person reads it: each step with its words, its state, and what happened."""
    lesson = run.lesson
    print(f"{lesson.title}\n{'=' * len(lesson.title)}\n{lesson.summary}")
    for step in run.steps:
        print(f"\n{step.index + 1}. {step.title}")
        _paragraphs(step.say)
        if step.differs:
            _paragraphs(f"The document: {step.differs.document}")
            _paragraphs(f"The paper: {step.differs.paper}")
        _happenings(run, step)
        for line in step.lines:
            print(f"    {line}")
        _questions(step)
        if step.sources:
            print(_wrapped(f"[{'; '.join(step.sources)}]"))


def _happenings(run: Run, step: StepResult) -> None:
    """The sentences of the step's events, with virtual time in milliseconds."""
    events = run.simulation.events
    for event in events[step.start_seq : step.end_seq]:
        said = narrate.say(event, lambda seq: events[seq - 1])
        if said is not None:
            time = f"{event.time / 1000:>9.1f} ms  "
            words = textwrap.fill(
                time + narrate.text(said), WIDTH + 12, subsequent_indent=" " * len(time)
            )
            print(words)


def _questions(step: StepResult) -> None:
    for question in (step.ask, step.predict):
        if question is not None:
            print(_wrapped(f"Question: {question.question}"))
            print(_wrapped(f"Choices: {', '.join(question.choices)}"))
            why = f": {question.why}" if question.why else ""
            print(_wrapped(f"Answer: {question.answer}{why}"))


def _paragraphs(markdown: str) -> None:
    for paragraph in template.plain(markdown).split("\n"):
        if paragraph:
            print(_wrapped(paragraph))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="   ", subsequent_indent="   ")


def _document(run: Run) -> None:
    """The document's lines, a block for each step."""
    print("\n\n".join("\n".join(step.lines) for step in run.steps))


def _events(run: Run) -> None:
    """One JSON object for each event, with its sentence as `text` (null where it has none)."""
    events = run.simulation.events
    for event in events:
        said = narrate.say(event, lambda seq: events[seq - 1])
        words = narrate.text(said) if said is not None else None
        print(json.dumps({**event.to_json(), "text": words}, ensure_ascii=False))


def _states(run: Run) -> None:
    """One JSON object for each step: its number, title, and the state of each node."""
    for step in run.steps:
        nodes = run.simulation.view_at(step.end_seq)["nodes"]
        told = {"step": step.index + 1, "title": step.title, "nodes": nodes}
        print(json.dumps(told, ensure_ascii=False))


def _trace(run: Run) -> None:
    """One JSON object for each atomic step, to be held against raft.tla (see raftviz.trace)."""
    for line in trace(run.simulation.events):
        print(json.dumps(line, ensure_ascii=False))


def _check(arguments: argparse.Namespace) -> int:
    files = _lesson_files(arguments.paths)
    for file in files:
        lesson = lessons.load(file)
        run = lessons.run(lesson)
        if not run.ok:
            print(run.failures[0])
            return FAILED
        print(f"ok   {lesson.id}: {len(run.steps)} steps ({file})")
    return OK


def _lesson_files(paths: Sequence[str]) -> list[str]:
    """The files named, and those in the folders named, in order of their names."""
    files: list[str] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            found = sorted(str(one) for one in path.rglob("*") if one.suffix in (".yaml", ".yml"))
            if not found:
                raise LessonError(
                    "there is no lesson in this folder", file=name, remedy="lessons end in .yaml"
                )
            files += found
        else:
            files.append(name)
    return files
