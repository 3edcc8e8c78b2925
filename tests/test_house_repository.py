"""The laws of the house for the repository as a whole: what is pinned, short, and tidied away."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from tests.house import ROOT, hold, matches, named, written_here

LONGEST = {".py": 400, ".js": 400, ".mjs": 400, ".css": 600}
LONGEST_TEST = 500

# Written in pieces, so that this file does not break its own law.
LEFT_BEHIND = re.compile(
    "|".join(["TO" + "DO", "FIX" + "ME", r"\bXX" + r"X\b", r"\bHA" + r"CK\b"])
    + "|"
    + "|".join(["/wo" + "rk/", "/ro" + r"ot/\b", "Cla" + "ude", "Anthro" + "pic"])
)
SKIPPED = re.compile(
    r"pytest\.(mark\.)?(skip|xfail|importorskip)|\b(test|it|describe)\.(skip|only|todo)\b"
)
LEFT_IN_CODE = re.compile(r"\bbreakpoint\(|\bdebugger\b|console\.log\(")


def budget(path: Path) -> int:
    return LONGEST_TEST if path.is_relative_to(ROOT / "tests") else LONGEST[path.suffix]


def test_files_stay_short() -> None:
    code = [path for path in written_here() if path.suffix in LONGEST]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    too_long = [
        f"{path.relative_to(ROOT)}: {length} lines, over {budget(path)}: has it two owners?"
        for path, length in lengths.items()
        if length > budget(path)
    ]
    hold(too_long)


def test_nothing_is_left_behind() -> None:
    hold(matches(LEFT_BEHIND, written_here(), "left behind"))


def test_no_test_is_skipped() -> None:
    tests = [path for path in written_here() if path.is_relative_to(ROOT / "tests")]
    others = [path for path in tests if path != Path(__file__)]
    hold(matches(SKIPPED, others, "every test runs"))


def test_no_debugging_is_left_in_code() -> None:
    code = [path for path in written_here() if path.suffix in (".py", ".js")]
    others = [path for path in code if path != Path(__file__)]
    hold(matches(LEFT_IN_CODE, others, "left in code"))


def test_every_requirement_is_pinned() -> None:
    pinned = re.compile(r"^\s*[A-Za-z0-9_.-]+==[0-9][\w.]*(; .+)?$")
    loose = [
        named(path, number, f"not pinned: {line.strip()}")
        for path in sorted(ROOT.glob("requirements*.txt"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip() and not line.startswith(("#", "-r requirements")) and not pinned.match(line)
    ]
    hold(loose)


def test_the_environment_is_what_the_requirements_say() -> None:
    line = re.compile(r"^\s*([A-Za-z0-9_.-]+)==([\w.]+)$", re.MULTILINE)
    lists = [ROOT / "requirements.txt", ROOT / "requirements-test.txt"]
    wanted = [found for path in lists for found in line.findall(path.read_text(encoding="utf-8"))]
    assert len(wanted) > 20
    hold([f"{name} is not {pin}" for name, pin in wanted if version(name) != pin])


def test_npm_packages_are_pinned_and_name_no_registry() -> None:
    packages = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    loose = [name for name, pin in packages["devDependencies"].items() if not pin[0].isdigit()]
    hold(loose)
    assert "dependencies" not in packages, "the page takes its libraries from static/vendor"
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "://" not in lock.replace('"url": "https://', "")


def test_vendored_files_are_as_they_were_copied() -> None:
    row = re.compile(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{16})` \|$", re.MULTILINE)
    for folder in (ROOT / "static" / "vendor", ROOT / "tests" / "vendor"):
        rows = row.findall((folder / "README.md").read_text(encoding="utf-8"))
        assert rows
        for name, digest in rows:
            assert sha256((folder / name).read_bytes()).hexdigest()[:16] == digest, name
