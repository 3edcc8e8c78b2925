"""The laws of the house for the page: the one way from socket to screen, and what it may load.

A file of the page is known by its path below static/js; `room` is its first folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

from tests.house import ROOT, hold, matches, named, tracked

STATIC = ROOT / "static"
SCRIPTS = STATIC / "js"

# Room → the rooms that it may import; every room may import types.js, which holds no code.
MAY_IMPORT: dict[str, list[str]] = {
    "lib": [],
    "geometry": ["lib"],
    "link": ["lib", "vendor"],
    "store": ["lib"],
    "views": ["geometry", "lib"],
    "ui": ["lib"],
    "catalogue": ["lib", "ui", "vendor"],
    "compare": ["geometry", "lib", "store", "takeaway", "ui", "views"],
    "editor": ["lib", "vendor"],
    "takeaway": ["geometry", "lib", "store", "ui", "vendor", "views"],
}

IMPORT = re.compile(
    r"""(?:^\s*(?:import|export)\b[^'"();]*?from\s*|^\s*import\s*|\bimport\()['"]([^'"]+)['"]""",
    re.MULTILINE,
)
COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"])//[^\n]*", re.DOTALL)


def scripts() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".js" and path.is_relative_to(SCRIPTS)]


@cache
def code_of(path: Path) -> str:
    """A script without its comments, line for line."""
    text = path.read_text(encoding="utf-8")
    return COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def room_of(path: Path) -> str:
    return path.relative_to(SCRIPTS).parts[0].removesuffix(".js")


def imports_of(path: Path) -> Iterator[tuple[int, Path]]:
    code = code_of(path)
    for found in IMPORT.finditer(code):
        line = code.count("\n", 0, found.start(1)) + 1
        assert found[1].startswith("."), named(path, line, f"{found[1]} is not a path")
        yield line, (path.parent / found[1]).resolve()


def uses(pattern: str, files: list[Path], law: str) -> list[str]:
    return [
        named(path, number, law)
        for path in files
        for number, line in enumerate(code_of(path).splitlines(), 1)
        if re.search(pattern, line)
    ]


def in_rooms(*rooms: str) -> list[Path]:
    return [path for path in scripts() if room_of(path) in rooms]


def entrances() -> list[Path]:
    """The scripts that pages load: they join everything."""
    loaded = re.compile(r"js/([\w/.-]+\.js)")
    return sorted(
        {
            SCRIPTS / name
            for path in (ROOT / "templates").rglob("*.html")
            for name in loaded.findall(path.read_text(encoding="utf-8"))
        }
    )


def test_every_room_of_the_page_is_in_the_table() -> None:
    joined = {path.stem for path in SCRIPTS.glob("*.js")}
    unknown = {room_of(path) for path in scripts()} - MAY_IMPORT.keys() - joined
    assert unknown == set(), "a new room: say in MAY_IMPORT what it may import"


def test_no_script_imports_what_it_may_not() -> None:
    broken = []
    for path in in_rooms(*MAY_IMPORT):
        room = room_of(path)
        for line, target in imports_of(path):
            if not target.is_file():
                broken.append(named(path, line, f"there is no {target.name}"))
            elif target.is_relative_to(STATIC / "vendor"):
                if "vendor" not in MAY_IMPORT[room]:
                    broken.append(named(path, line, f"{room} may not import from vendor"))
            elif target != SCRIPTS / "types.js" and room_of(target) not in (
                room,
                *MAY_IMPORT[room],
            ):
                broken.append(named(path, line, f"{room} may not import {room_of(target)}"))
    hold(broken)


def view_of(path: Path) -> str:
    """Which view a file is part of: its folder below views, or the file itself."""
    return PurePosixPath(path.relative_to(SCRIPTS / "views")).parts[0]


def is_view(path: Path) -> bool:
    """A view is a file that makes one; what several views share makes none, or lies in parts."""
    makes = re.search(r"^export (const|function) create[A-Z]", code_of(path), re.MULTILINE)
    return view_of(path) != "parts" and makes is not None


def test_no_view_imports_another() -> None:
    broken = []
    for path in in_rooms("views"):
        if view_of(path) == "index.js":
            continue
        for line, target in imports_of(path):
            if (
                target.is_file()
                and target.is_relative_to(SCRIPTS / "views")
                and view_of(target) != view_of(path)
                and is_view(target)
            ):
                broken.append(named(path, line, f"a view may not import {view_of(target)}"))
    hold(broken)


PAGE = ("document", "window", "localStorage", "sessionStorage", "navigator", "location")


def test_the_store_and_the_geometry_never_touch_the_page() -> None:
    broken = []
    for path in in_rooms("store", "geometry"):
        for name in PAGE:
            its_own = rf"(\b(const|let)\s+|[(,{{]\s*){name}\b\s*[,)=:]"
            if not re.search(its_own, code_of(path)):
                broken += uses(
                    rf"(?<![.\w]){name}\b\s*[.\[]", [path], f"{name} is for views and ui"
                )
    hold(broken)


def test_there_is_no_chance_and_one_clock() -> None:
    hold(uses(r"\bMath\.random\b", scripts(), "no chance in the page"))
    clock = SCRIPTS / "store" / "clock.js"
    timed = [path for path in scripts() if path != clock]
    hold(uses(r"\bDate\.now\b|\bnew Date\b", timed, "wall time is read in store/clock.js alone"))


def test_one_file_asks_the_browser_to_keep_something() -> None:
    others = [path for path in scripts() if path != SCRIPTS / "lib" / "keep.js"]
    hold(
        uses(
            r"\b(local|session)Storage\b",
            others,
            "storage, which may be forbidden, is lib/keep.js's",
        )
    )


def test_there_is_one_frame_loop() -> None:
    loop = SCRIPTS / "lib" / "frame_loop.js"
    others = [path for path in scripts() if path != loop]
    hold(uses(r"\brequestAnimationFrame\b", others, "frames come from lib/frame_loop.js alone"))


def test_what_people_typed_never_becomes_markup() -> None:
    pattern = r"\b(insertAdjacentHTML|outerHTML|document\.write|eval|new Function)\b"
    hold(uses(pattern, scripts(), "text is set as text"))
    lesson = SCRIPTS / "views" / "lesson.js"
    others = [path for path in scripts() if path != lesson]
    hold(uses(r"\binnerHTML\b", others, "only a lesson's narration, made by the server, is markup"))


def test_no_script_is_dead() -> None:
    """Every script is reached from one that a page loads."""
    reached = set()
    ahead = entrances()
    assert ahead, "no page loads a script"
    while ahead:
        path = ahead.pop()
        if path not in reached and path.is_relative_to(SCRIPTS):
            reached.add(path)
            ahead.extend(target for _, target in imports_of(path))
    dead = [path for path in scripts() if path not in reached and path.name != "types.js"]
    hold([f"{path.relative_to(ROOT)}: nothing loads it" for path in dead])


def page_files() -> list[Path]:
    kinds = {".js", ".css", ".html"}
    return [
        path
        for path in tracked()
        if path.suffix in kinds
        and (path.is_relative_to(STATIC) or path.is_relative_to(ROOT / "templates"))
        and "vendor" not in path.parts
    ]


def test_the_page_loads_nothing_from_other_hosts() -> None:
    loading = re.compile(
        r"""(src|href|srcset|action)\s*=\s*["'](https?:)?//|url\(\s*["']?(https?:)?//|@import\s+["']?http"""
        r"""|(fetch|import|WebSocket)\(\s*["'`](https?|wss?):"""
    )
    hold(matches(loading, page_files(), "the page loads from its own server alone"))


def test_pages_hold_no_script_or_style_of_their_own() -> None:
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:", re.I)
    pages = [path for path in page_files() if path.suffix == ".html"]
    hold(matches(inline, pages, "the content security policy forbids it"))


def test_every_stylesheet_is_loaded() -> None:
    texts = [path.read_text(encoding="utf-8") for path in page_files() if path.suffix != ".js"]
    dead = [
        path
        for path in page_files()
        if path.suffix == ".css" and not any(path.name in text for text in texts)
    ]
    hold([f"{path.relative_to(ROOT)}: nothing loads it" for path in dead])
