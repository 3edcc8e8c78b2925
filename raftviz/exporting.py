"""The command `export`: a lesson or a saved session as one HTML file that plays without a server."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from raftviz import lessons, narrate
from raftviz.authoring import add_lang, in_file, read
from raftviz.errors import Error, SessionError


def add_to(commands: Any) -> None:
    """Give the command line its command."""
    export = commands.add_parser(
        "export", help="write a lesson or a saved session as one HTML file that plays offline"
    )
    export.add_argument(
        "what", metavar="LESSON", help="the id of a lesson, its file, or a saved session (.json)"
    )
    export.add_argument(
        "-o", "--output", metavar="FILE", default=None,
        help="where to write it (default: the lesson's id, or the session's name, with .html)",
    )  # fmt: skip
    export.add_argument(
        "--step", type=int, default=None, help="the step of a lesson to open it at, from 1 on"
    )
    add_lang(export)
    export.set_defaults(run=_export)


def page(what: str, tongue: str, step: int | None = None) -> tuple[str, str]:
    """Return the HTML of a lesson or saved session, and a name for it.

    Raises raftviz.Error where it cannot be read or run.
    """
    from raftviz.server import offline

    narrate.spoken(tongue)
    if what.endswith(".json"):
        if step is not None:
            raise SessionError(
                "a session has no steps", where="--step", remedy="leave it out for a session"
            )
        text = read(what)
        with in_file(what):
            return offline.session_page(text, tongue, lessons.library()), Path(what).stem
    lesson = lessons.find(what)
    if step is not None and not 1 <= step <= len(lesson.steps):
        raise SessionError(
            f"the lesson {lesson.id} has no step {step}",
            where="--step",
            remedy=f"use a number from 1 to {len(lesson.steps)}",
        )
    return offline.lesson_page(lesson, tongue, step), lesson.id


def _export(arguments: argparse.Namespace) -> int:
    html, name = page(arguments.what, arguments.lang, arguments.step)
    path = Path(arguments.output or f"{name}.html")
    try:
        path.write_text(html, "utf-8")
    except OSError as error:
        raise Error(
            f"cannot be written: {error.strerror}", where=str(path), remedy="choose another place"
        ) from None
    print(f"{path}: {len(html.encode()):,} bytes; open it in any browser")
    return 0
