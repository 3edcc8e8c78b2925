"""All scripts that a page needs in one answer: a browser asks once, and not a hundred and sixty times.

A module becomes a function that is called when it is first asked for, so each runs once and in the order in
which modules run; those that `import()` names run when they are asked for, but are there already. This knows
the forms in which our modules write imports and exports, and no others: `joined` refuses what it does not know.
What is vendored has forms of its own and stays a module.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

_IMPORT = re.compile(r"^import\s+(?:\{([^}]*)\}\s*from\s*)?'(\.{1,2}/[^']+)';[ \t]*$", re.MULTILINE)
_EXPORT = re.compile(
    r"^export\s+((?:async\s+)?function\*?|const|class)\s+([A-Za-z_$][\w$]*)", re.MULTILINE
)
LATER = re.compile(r"""(?<![{<|.\w])import\(['"](\.{1,2}/[^'"]+\.js)['"]\)(?!\.(?!then\())""")
"""A module that is loaded when it is asked for; not the name of a type."""

_NOTHING = re.compile(r"^export \{\};[ \t]*$", re.MULTILINE)
_UNKNOWN = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)

_HEAD = """const $made = {};
const $module = (name) => ($made[name] ??= $modules[name]());
const $later = async (name) => $module(name);
const $modules = {
"""


def joined(entry: str, scripts: Mapping[str, str]) -> str:
    """Return one module that does what `entry` does.

    `scripts` are the entry and all that it imports, at once or later, by their paths; of those that are
    vendored only the path is used. It is to be sent from where the entry lies. Raises ValueError where a
    script has a form of import or export that is not ours.
    """
    needed = {
        _from(name, path)
        for name, text in scripts.items()
        if not _is_vendored(name)
        for _, path in _IMPORT.findall(text)
    }
    kept = [name for name in scripts if _is_vendored(name) and name in needed]
    vendored = {name: f"$vendored{i}" for i, name in enumerate(kept)}
    folder = posixpath.dirname(entry)
    imports = "".join(
        f'import * as {alias} from "{posixpath.relpath(name, folder)}";\n'
        for name, alias in vendored.items()
    )
    parts = []
    for name, text in scripts.items():
        if name != entry and not _is_vendored(name):
            body, exported = _body(name, text, vendored, folder)
            parts.append(f'"{name}"() {{\n{body}\nreturn {{ {", ".join(exported)} }};\n}},\n')
    last, _ = _body(entry, scripts[entry], vendored, folder)
    return f"{imports}{_HEAD}{''.join(parts)}}};\n{{\n{last}\n}}\n"


def _is_vendored(name: str) -> bool:
    return name.startswith("vendor/")


def _from(name: str, path: str) -> str:
    """Return the module that a module names by a path from where it lies."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _body(name: str, text: str, vendored: Mapping[str, str], folder: str) -> tuple[str, list[str]]:
    """Return what stands inside the function of a module, and the names that it gives away. What is
    vendored and named by `import()` is fetched then, from `folder`.
    """

    def later(found: re.Match[str]) -> str:
        where = _from(name, found[1])
        if _is_vendored(where):
            return f'import("{posixpath.relpath(where, folder)}")'
        return f'$later("{where}")'

    def imported(found: re.Match[str]) -> str:
        where = _from(name, found[2])
        source = vendored.get(where) or f'$module("{where}")'
        if found[1] is None:
            return f"{source};"
        names = re.sub(r"([\w$]+)\s+as\s+([\w$]+)", r"\1: \2", found[1])
        return f"const {{{names}}} = {source};"

    exported = [each[1] for each in _EXPORT.findall(text)]
    text = LATER.sub(later, text)
    text = _EXPORT.sub(lambda found: f"{found[1]} {found[2]}", text)
    text = _NOTHING.sub("", _IMPORT.sub(imported, text))
    unknown = _UNKNOWN.search(text)
    if unknown:
        raise ValueError(
            f"{name}: `{unknown[0]}` is no form of import or export that is known here"
        )
    return text, exported
