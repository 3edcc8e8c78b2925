"""The laws of the house for Python: who may import whom, and what may not be used where.

ARCHITECTURE.md explains the laws; a failure here names the file, the line and the law.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import PACKAGE, ROOT, hold, named, python_files, tracked, tree_of

# Room → the rooms of raftviz that it may import, and the packages from elsewhere.
MAY_IMPORT: dict[str, tuple[list[str], list[str]]] = {
    "errors": ([], []),
    "pieces": ([], []),
    "protocols": (["errors"], []),
    "raft": (["errors", "protocols"], []),
    "sim": (["errors", "protocols"], []),
    "checks": (["sim.events"], []),
    "narrate": (["errors", "sim.events"], []),
    "trace": (["sim.changes", "sim.events"], []),
    "simulation": (["errors", "protocols", "raft", "sim", "checks", "drawing"], []),
    "session_shape": (["errors", "sim", "simulation"], []),
    "session": (["errors", "pieces", "sim", "simulation", "session_shape"], []),
    "variants": (["errors", "pieces", "sim.events", "simulation"], []),
    "explore": (
        ["errors", "raft.bugs", "sim", "checks", "narrate", "simulation", "lessons", ""],
        ["yaml"],
    ),
    "exploring": (["errors", "explore", "simulation"], ["yaml"]),
    "drawing": (["sim.changes", "sim.document"], []),
    "telling": (["lessons", "narrate", "simulation"], []),
    "terminal": (["drawing", "lessons", "narrate", "sim.changes", "telling"], ["rich"]),
    "authoring": (["errors", "lessons", "narrate", "session"], ["watchfiles"]),
    "exporting": (["authoring", "errors", "lessons", "narrate", "server"], []),
    "lessons": (
        ["errors", "pieces", "protocols", "sim", "checks", "narrate", "simulation", ""],
        ["yaml", "markdown_it"],
    ),
    "server": (
        [
            "errors",
            "pieces",
            "protocols",
            "sim",
            "checks",
            "drawing",
            "narrate",
            "simulation",
            "session",
            "variants",
            "lessons",
            "",
        ],
        ["brotli", "flask", "flask_socketio", "socketio", "werkzeug"],
    ),
    "cli": (
        [
            "errors",
            "sim",
            "checks",
            "narrate",
            "trace",
            "simulation",
            "session",
            "session_shape",
            "lessons",
            "authoring",
            "exploring",
            "exporting",
            "server",
            "telling",
            "terminal",
            "",
        ],
        ["rich"],
    ),
    "__main__": (["cli"], []),
    "__init__": (["errors", "simulation"], []),
    "app.py": (["server"], ["eventlet"]),
}

NEVER_IN_THE_CORE = {
    "time", "datetime", "random", "os", "threading", "eventlet", "flask", "json", "socket",
    "asyncio", "subprocess", "uuid", "secrets", "logging",
}  # fmt: skip


def room_of(path: Path) -> str:
    if not path.is_relative_to(PACKAGE):
        return path.name
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, as (line, dotted name); `from a import b` gives a.b."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, named(path, node.lineno, "imports are absolute")
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def is_within(module: str, rooms: list[str]) -> bool:
    """Whether raftviz.<module> lies in one of rooms; the room "" is raftviz's own face."""
    inside = module.removeprefix("raftviz").removeprefix(".")
    return any(
        (inside.count(".") == 0 and inside[:1].isupper())
        if room == ""
        else inside == room or inside.startswith(room + ".")
        for room in rooms
    )


def wrong_imports(path: Path) -> Iterator[str]:
    room = room_of(path)
    rooms, packages = MAY_IMPORT[room]
    own = [] if room.startswith("__") or room == "app.py" else [room]
    for line, module in imports_of(path):
        top = module.partition(".")[0]
        if top == "raftviz":
            if not is_within(module, rooms + own):
                yield named(path, line, f"{room} may not import {module}")
        elif top not in sys.stdlib_module_names and top not in packages:
            yield named(path, line, f"{room} may not import {module}")


def in_rooms(*rooms: str) -> list[Path]:
    return [path for path in python_files(PACKAGE) if room_of(path) in rooms]


def test_every_room_is_in_the_table() -> None:
    rooms = {room_of(path) for path in python_files(PACKAGE)}
    assert rooms <= MAY_IMPORT.keys(), "a new room: say in MAY_IMPORT what it may import"


def test_no_import_points_upwards() -> None:
    files = [*python_files(PACKAGE), ROOT / "app.py"]
    hold([law for path in files for law in wrong_imports(path)])


def test_the_core_knows_no_clock_chance_or_world() -> None:
    broken = [
        named(path, line, f"{module} has no place in the core")
        for path in in_rooms("raft", "protocols", "checks")
        for line, module in imports_of(path)
        if module.partition(".")[0] in NEVER_IN_THE_CORE
    ]
    hold(broken)


def test_chance_lives_in_one_file_and_wall_time_in_the_server() -> None:
    broken = []
    for path in python_files(PACKAGE):
        for line, module in imports_of(path):
            top = module.partition(".")[0]
            where = path.relative_to(PACKAGE).as_posix()
            if top == "random" and where != "sim/rng.py":
                broken.append(named(path, line, "chance comes from sim/rng.py alone"))
            if top in ("time", "datetime") and room_of(path) not in ("server", "cli", "exploring"):
                broken.append(named(path, line, "only the server sees wall time"))
    hold(broken)


def test_only_the_application_names_eventlet() -> None:
    broken = [
        named(path, line, "eventlet is named in app.py alone")
        for path in python_files(PACKAGE)
        for line, module in imports_of(path)
        if module.partition(".")[0] in ("eventlet", "greenlet")
    ]
    hold(broken)


def test_the_application_patches_before_anything_else() -> None:
    """Only the standard library's warnings, which eventlet would raise itself, come before."""
    lines = [ast.unparse(node) for node in tree_of(ROOT / "app.py").body]
    patched = next(n for n, line in enumerate(lines) if line.startswith("eventlet.monkey_patch("))
    before = [line for line in lines[:patched] if line.startswith(("import", "from"))]
    harmless = ("import warnings", "import eventlet", "from __future__ import annotations")
    hold([f"app.py: {line} comes before the patch" for line in before if line not in harmless])


# Determinism: nothing may depend on the order of a set, on hash() or on shared state.


def is_set(node: ast.AST) -> bool:
    if isinstance(node, (ast.Set, ast.SetComp)):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("set", "frozenset")
    return False


def is_set_annotation(node: ast.AST | None) -> bool:
    if isinstance(node, ast.Subscript):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("set", "frozenset", "Set", "AbstractSet")


def names_of_sets(tree: ast.Module) -> set[str]:
    """Names and attributes (as `self.x`) that a file binds to sets or annotates as sets."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and is_set(node.value):
            found.update(ast.unparse(target) for target in node.targets)
        elif isinstance(node, ast.AnnAssign) and is_set_annotation(node.annotation):
            name = ast.unparse(node.target)
            found.update((name, f"self.{name}"))
        elif isinstance(node, ast.arg) and is_set_annotation(node.annotation):
            found.add(node.arg)
    return found


def walks_over_sets(path: Path) -> Iterator[str]:
    tree = tree_of(path)
    sets = names_of_sets(tree)
    for node in ast.walk(tree):
        walked: list[ast.expr] = []
        if isinstance(node, (ast.For, ast.comprehension)):
            walked = [node.iter]
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("list", "tuple", "iter", "enumerate", "dict", "dict.fromkeys"):
                walked = node.args[:1]
        for walk in walked:
            if is_set(walk) or ast.unparse(walk) in sets:
                yield named(path, walk.lineno, "the order of a set is not determined: sort it")


def test_nothing_depends_on_the_order_of_a_set() -> None:
    files = in_rooms("raft", "protocols", "sim", "checks", "simulation")
    hold([law for path in files for law in walks_over_sets(path)])


def test_nothing_depends_on_hash_or_identity_numbers() -> None:
    broken = [
        named(path, node.lineno, f"{node.func.id}() differs from run to run")
        for path in in_rooms("raft", "protocols", "sim", "checks", "simulation")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("hash", "id")
    ]
    hold(broken)


MUTATORS = {
    "append", "extend", "insert", "remove", "pop", "popitem", "clear", "update", "setdefault",
    "add", "discard", "sort", "reverse",
}  # fmt: skip


def changes_to_module_state(path: Path) -> Iterator[str]:
    """Where a file changes what it bound at module level."""
    tree = tree_of(path)
    bound = {
        target.id
        for node in tree.body
        for target in (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield named(path, node.lineno, "no state outside of objects")
        holder = None
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)):
            holder = node.value
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in MUTATORS
        ):
            holder = node.func.value
        if isinstance(holder, ast.Name) and holder.id in bound:
            yield named(path, node.lineno, f"{holder.id} is shared by every simulation")


def test_no_state_is_shared_between_simulations() -> None:
    files = in_rooms("raft", "protocols", "sim", "checks", "simulation")
    hold([law for path in files for law in changes_to_module_state(path)])


@pytest.mark.parametrize("folder", ["raftviz", "scripts", "bench"])
def test_every_module_says_what_it_is_for(folder: str) -> None:
    silent = [
        named(path, 1, "no docstring")
        for path in python_files(ROOT / folder)
        if not ast.get_docstring(tree_of(path))
    ]
    hold(silent)


def test_no_python_module_is_dead() -> None:
    """Every module of raftviz is imported by another one, or is an entrance."""
    entrances = {"raftviz", "raftviz.__main__", "raftviz.cli"}
    used = set()
    for path in tracked():
        if path.suffix == ".py" and not path.is_relative_to(ROOT / "tests"):
            for _, module in imports_of(path):
                parts = module.split(".")
                used.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))
    dead = [
        path.relative_to(ROOT).as_posix()
        for path in python_files(PACKAGE)
        if module_name(path) not in used | entrances
    ]
    hold(dead)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
