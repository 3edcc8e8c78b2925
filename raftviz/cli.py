"""The command line: `python -m raftviz serve | run | new | record | check | replay | export | explore | schema`."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence

from raftviz import (
    VERSION,
    authoring,
    exploring,
    exporting,
    lessons,
    narrate,
    session,
    session_shape,
    telling,
)
from raftviz.errors import Error
from raftviz.lessons import Run
from raftviz.simulation import Simulation
from raftviz.trace import trace

#: What the process says to its caller.
OK, FAILED, USAGE = 0, 1, 2

FORMATS = ("told", "document", "events", "states", "trace", "session", "html")
REPLAY_FORMATS = ("told", "document", "events", "trace")


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
    parser.add_argument("--version", action="version", version=f"raftviz {VERSION}")
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
        "trace in raft.tla's words: JSON lines; session: a file that the browser and replay open; "
        "html: a page that plays offline",
    )
    authoring.add_lang(run)
    run.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto",
        help="whether it is told in colour and with drawings (auto: on a terminal)",
    )  # fmt: skip
    run.set_defaults(run=_run)

    replay = commands.add_parser(
        "replay", help="carry out a saved session anew and see whether the same comes of it"
    )
    replay.add_argument("file", metavar="FILE", help="a session as the browser saves it")
    replay.add_argument(
        "--branch", default=None, help="which branch to print (default: the one it was saved at)"
    )
    replay.add_argument(
        "--format", choices=REPLAY_FORMATS, default="told", help="as for run; told is the default"
    )
    authoring.add_lang(replay)
    replay.set_defaults(run=_replay)

    authoring.add_to(commands)
    exporting.add_to(commands)
    exploring.add_to(commands)

    schema = commands.add_parser("schema", help="print a JSON Schema, for editors and programs")
    schema.add_argument(
        "of", nargs="?", choices=("lesson", "session"), default="lesson", help="of what"
    )
    schema.add_argument(
        "--texts", action="store_true",
        help="that of a lesson's texts in another language, like lesson.zh.yaml",
    )  # fmt: skip
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
    if arguments.of == "session":
        schema = session_shape.session_schema()
    else:
        schema = lessons.texts_schema() if arguments.texts else lessons.lesson_schema()
    print(json.dumps(schema, indent=2, ensure_ascii=False))
    return OK


def _replay(arguments: argparse.Namespace) -> int:
    """Print a branch of a saved session; FAILED where something else came of it than before."""
    lang = narrate.spoken(arguments.lang)
    loaded = authoring.saved(arguments.file)
    with authoring.in_file(arguments.file):
        line = loaded.line(arguments.branch)
    show: dict[str, Callable[[Simulation, str], None]] = {
        "told": telling.tell_events,
        "document": _print_lines,
        "events": _print_events,
        "trace": _print_trace,
    }
    show[arguments.format](line.simulation, lang)
    for branch in loaded.differs:
        print(f"raftviz: branch {branch} came out differently than saved", file=sys.stderr)
    return FAILED if loaded.differs else OK


def _run(arguments: argparse.Namespace) -> int:
    lang = narrate.spoken(arguments.lang)
    lesson = lessons.find(arguments.lesson)
    if arguments.format == "html":
        print(exporting.page(arguments.lesson, lang)[0])
        return OK
    show = {
        "told": _tell_in_colour if _coloured(arguments.color) else telling.tell,
        "document": _document,
        "events": _events,
        "states": _states,
        "trace": _trace,
        "session": _session,
    }
    run = lessons.run(lesson)
    show[arguments.format](lessons.told_in(run, lang), lang)
    for failure in run.failures:
        print(f"raftviz: {failure}", file=sys.stderr)
    return OK if run.ok else FAILED


def _coloured(wish: str) -> bool:
    return wish == "always" or (wish == "auto" and sys.stdout.isatty())


def _tell_in_colour(run: Run, lang: str) -> None:
    from rich.console import Console

    from raftviz import terminal

    terminal.tell(run, lang, Console(force_terminal=True, highlight=False))


def _document(run: Run, lang: str) -> None:
    """The document's lines, a block for each step."""
    print("\n\n".join("\n".join(step.lines) for step in run.steps))


def _events(run: Run, lang: str) -> None:
    """One JSON object for each event, with its sentence as `text` (null where it has none)."""
    _print_events(run.simulation, lang)


def _print_events(simulation: Simulation, lang: str) -> None:
    events = simulation.events
    for event in events:
        said = narrate.say(event, lambda seq: events[seq - 1])
        words = narrate.text(said, lang) if said is not None else None
        print(json.dumps({**event.to_json(), "text": words}, ensure_ascii=False))


def _states(run: Run, lang: str) -> None:
    """One JSON object for each step: its number, title, and the state of each node."""
    for step in run.steps:
        nodes = run.simulation.view_at(step.end_seq)["nodes"]
        told = {"step": step.index + 1, "title": step.title, "nodes": nodes}
        print(json.dumps(told, ensure_ascii=False))


def _trace(run: Run, lang: str) -> None:
    """One JSON object for each atomic step, to be held against raft.tla (see raftviz.trace)."""
    _print_trace(run.simulation, lang)


def _print_trace(simulation: Simulation, _lang: str) -> None:
    for line in trace(simulation.events):
        print(json.dumps(line, ensure_ascii=False))


def _print_lines(simulation: Simulation, _lang: str) -> None:
    print("\n".join(simulation.document_lines()))


def _session(run: Run, _lang: str) -> None:
    """The run as a file that the browser opens."""
    saved = session.Session.of(run.simulation, run.lesson.title, run.lesson.id)
    print(session.dumps(saved), end="")
