"""The commands of authors: `new` begins a lesson, `record` makes one of a saved session, `check` holds
lessons to what they expect, and with `--watch` does so again whenever a file changes.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from raftviz import lessons, narrate, session
from raftviz.errors import Error, LessonError, SessionError

OK, FAILED = 0, 1


def add_to(commands: Any) -> None:
    """Give the command line its commands."""
    new = commands.add_parser("new", help="begin a lesson: write a small one that works")
    new.add_argument("id", metavar="ID", help="its id: a-z, 0-9 and hyphens, like my-lesson")
    new.add_argument("-o", "--output", metavar="FILE", default=None, help="default: ID.yaml")
    new.set_defaults(run=_new)

    record = commands.add_parser("record", help="make a lesson of a saved session")
    record.add_argument("file", metavar="FILE", help="a session as the browser saves it")
    record.add_argument("--id", default=None, help="the lesson's id (default: from its title)")
    record.add_argument("--branch", default=None, help="which branch (default: the one saved at)")
    record.add_argument("-o", "--output", metavar="FILE", default=None, help="default: ID.yaml")
    add_lang(record)
    record.set_defaults(run=_record)

    check = commands.add_parser("check", help="run lessons and see whether what they expect holds")
    check.add_argument("paths", metavar="PATH", nargs="+", help="lesson files, or folders of them")
    check.add_argument(
        "--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C"
    )
    check.set_defaults(run=_check)


def add_lang(command: argparse.ArgumentParser) -> None:
    """Let a command be told in which language it speaks."""
    command.add_argument(
        "--lang", default="en", metavar="LANGUAGE",
        help=f"in which language: {', '.join(narrate.languages())} (default en)",
    )  # fmt: skip


def _new(arguments: argparse.Namespace) -> int:
    name = arguments.id
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or len(name) > 60:
        raise LessonError(f"{name!r} is no id", remedy="use a-z, 0-9 and hyphens, like my-lesson")
    path = Path(arguments.output or f"{name}.yaml")
    if any(lesson.id == name for lesson in lessons.library()):
        print(
            f"raftviz: {name} is the id of a lesson that raftviz ships: a server that offers yours shows it in "
            "place of that one; choose another id to have both",
            file=sys.stderr,
        )
    title = name.replace("-", " ").capitalize()
    _write(path, lessons.beginning(name, title))
    print(f"{path}: a lesson of 3 steps. Tell it:    python -m raftviz run {path}")
    print(f"{' ' * len(str(path))}  Check as you write:     python -m raftviz check --watch {path}")
    print(
        f"{' ' * len(str(path))}  Show it in the browser: python -m raftviz serve --lesson {path}"
    )
    return OK


def _record(arguments: argparse.Namespace) -> int:
    lang = narrate.spoken(arguments.lang)
    loaded = saved(arguments.file)
    with in_file(arguments.file):
        line = loaded.line(arguments.branch)
    title = loaded.title or Path(arguments.file).stem
    name = arguments.id or lessons.id_of(title)
    text = lessons.recorded(line.simulation, name, title, lang, _script(loaded.lesson))
    run = lessons.run(lessons.loads(text, f"{name}.yaml"))
    path = Path(arguments.output or f"{name}.yaml")
    _write(path, text)
    print(f"{path}: {len(run.steps)} steps, from branch {line.id}")
    for failure in run.failures:
        print(f"raftviz: {failure}", file=sys.stderr)
    return OK if run.ok else FAILED


def _script(name: str | None) -> lessons.Lesson | None:
    """The lesson of the library that a session began as, if it did."""
    return next((lesson for lesson in lessons.library() if lesson.id == name), None)


def saved(name: str) -> session.Session:
    """Return the saved session of a file, carried out anew. Raises SessionError, which names the file."""
    text = read(name)
    with in_file(name):
        return session.loads(text)


@contextmanager
def in_file(name: str) -> Iterator[None]:
    """Let what is wrong with a saved session be said of its file."""
    try:
        yield
    except Error as error:
        place = (error.where or "").removeprefix("session").removeprefix(".")
        where = f"{name}: {place}" if place else name
        raise SessionError(error.message, where=where, remedy=error.remedy) from None


def read(name: str) -> str:
    """Return the text of a saved session's file. Raises SessionError."""
    try:
        return Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SessionError(
            f"cannot be read: {why}", where=name, remedy="give a saved session"
        ) from None


def _write(path: Path, text: str) -> None:
    """Write a new file; one that is there stays as it is."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Error(
            "there is such a file already", where=str(path), remedy="name another with -o"
        ) from None
    except OSError as error:
        raise Error(
            f"cannot be written: {error.strerror}", where=str(path), remedy="choose another place"
        ) from None


# Checking.


def _check(arguments: argparse.Namespace) -> int:
    if arguments.watch:
        return _watch(arguments.paths)
    return _check_all(arguments.paths)


def _check_all(paths: Sequence[str]) -> int:
    for file in lesson_files(paths):
        lesson = lessons.load(file)
        run = lessons.run(lesson)
        if not run.ok:
            print(run.failures[0])
            return FAILED
        print(f"ok   {lesson.id}: {len(run.steps)} steps ({file})")
        for language, texts in lesson.texts.items():
            lessons.told_in(run, language)
            print(f"ok   {lesson.id} in {language}: {len(texts.steps)} steps ({texts.file})")
    return OK


def _watch(paths: Sequence[str]) -> int:
    """Check now and after each change, until whoever watches has seen enough."""
    for name in paths:
        if not Path(name).exists():
            raise LessonError("there is no such file", file=name, remedy="check the path")
    lesson_files(paths)
    print("Checking whenever a file changes; Ctrl-C ends it.")
    code = OK
    for _ in _changes(paths):
        code = _attempt(paths)
        print(flush=True)
    return code


def _attempt(paths: Sequence[str]) -> int:
    try:
        code = _check_all(paths)
    except Error as error:
        print(error)
        code = FAILED
    return code


def _changes(paths: Sequence[str]) -> Iterator[None]:
    """Yield once when watching has begun, and after each change of a lesson. A file is watched by its
    folder, for editors replace files.
    """
    from watchfiles import DefaultFilter, watch

    files = {Path(name).resolve() for name in paths}
    folders = {path if path.is_dir() else path.parent for path in files}

    class Lessons(DefaultFilter):
        def __call__(self, change: Any, path: str) -> bool:
            one = Path(path)
            wanted = any(
                one == file or file.is_dir() or one.name.startswith(f"{file.stem}.")
                for file in files
            )
            return wanted and one.suffix in (".yaml", ".yml") and super().__call__(change, path)

    begun = False
    for changed in watch(
        *folders,
        watch_filter=Lessons(),
        rust_timeout=200,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        if changed or not begun:
            begun = True
            yield


def lesson_files(paths: Sequence[str]) -> list[str]:
    """Return the files named, and those in the folders named, in order of their names; for texts of a
    lesson in another language that lesson, once. Raises LessonError for a folder without lessons.
    """
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
    of = {file: lessons.lesson_of(Path(file)) for file in files}
    owners = [str(owner) for owner in of.values() if owner and str(owner) not in files]
    return [file for file in files if of[file] is None] + list(dict.fromkeys(owners))
