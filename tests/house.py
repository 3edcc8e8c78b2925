"""What the tests of the house share: its files, and how they name what breaks a law."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "raftviz"


@cache
def tracked() -> list[Path]:
    """Every file that belongs to the repository, whether committed yet or not."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.is_file()]


def written_here() -> list[Path]:
    """The text files that were written for this repository, not copied into it."""
    kinds = {".py", ".js", ".mjs", ".css", ".html", ".md", ".yaml", ".toml", ".sh", ".txt", ".cfg"}
    names = {"Makefile", "run", ".gitignore"}
    return [
        path
        for path in tracked()
        if (path.suffix in kinds or path.name in names) and "vendor" not in path.parts
    ]


def python_files(folder: Path) -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(folder)]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def hold(broken: list[str]) -> None:
    assert not broken, "\n" + "\n".join(broken)


def named(path: Path, line: int, law: str) -> str:
    return f"{path.relative_to(ROOT)}:{line}: {law}"


def matches(pattern: re.Pattern[str], files: list[Path], law: str) -> list[str]:
    return [
        named(path, number, f"{law}: {found.group()}")
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := pattern.search(line))
    ]
