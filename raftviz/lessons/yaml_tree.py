"""Reading YAML with a memory of where everything stood.

A lesson is written by hand, so every complaint about it must name a line. This module turns text into plain Python
values (dict, list, str, int, float, bool, None) and remembers the line of every value, addressed by its path.

It reads a small, safe part of YAML: the core schema of YAML 1.2 (only `true` and `false` are booleans, so that the
answers "yes" and "no" stay text), no tags, no merge keys, no duplicate keys, one document. Aliases are allowed as
long as what they unfold to stays small.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from raftviz.errors import LessonError

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_VALUES = 50_000

Path = tuple[str | int, ...]

_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
#: The tags that the reader gives to unquoted words by itself; any other was written out.
_RESOLVED_TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")
}
_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}

_QUICK: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: What the YAML reader says -> what to do about it. The first part that is found wins.
_HINTS = (
    ("'\\t'", "indent with spaces, not with tabs"),
    (
        "mapping values are not allowed",
        "put quotes around text that holds ': ', and check the indentation",
    ),
    ("expected ',' or '}'", "put text with signs like ? in quotes, or close the {"),
    ("expected ',' or ']'", "put text with signs like ? in quotes, or close the ["),
    ("expected <block end>", "entries of one list or mapping start in the same column"),
    ("could not find expected ':'", "write `key: value`, with a space after the colon"),
    ("while scanning a quoted scalar", "close the quotes"),
    ("expected alphabetic or numeric", "put text that starts with * or & in quotes"),
    ("cannot start any token", "put text that starts with a special character in quotes"),
)


@dataclass(frozen=True, slots=True)
class Tree:
    """A value and, for every path in it, the line (from 1) on which it was written; `text` is the file's."""

    value: Any
    lines: dict[Path, int]
    text: str = ""

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: str, file: str, trusted: bool = False) -> Tree:
    """Read `text` as one YAML document; raise LessonError naming `file` and the line.

    Text that is `trusted` to be a good lesson is read ten times as fast where PyYAML was built with libyaml, which
    takes some mistakes for YAML.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise LessonError(
            f"this file is larger than {MAX_BYTES:,} bytes",
            file=file,
            line=1,
            remedy="a lesson is a text of some kilobytes; split it",
        )
    clean = _check_characters(text, file)
    node = _compose(clean, file, _QUICK) if trusted else _compose_telling(clean, file)
    if node is None:
        raise LessonError(
            "this file is empty",
            file=file,
            line=1,
            remedy="write a lesson: id, title, summary, steps",
        )
    builder = _Builder(file)
    value = builder.build(node, (), ())
    return Tree(value, builder.lines, text)


def _compose(text: str, file: str, kind: Any) -> yaml.Node | None:
    """The document's node. Raises what the reader of this kind raises, and LessonError."""
    _check_depth(text, file, kind)
    loader = kind(text)
    try:
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


def _compose_telling(text: str, file: str) -> yaml.Node | None:
    """The same by the reader that says best what is wrong. Raises LessonError."""
    try:
        return _compose(text, file, yaml.SafeLoader)
    except yaml.composer.ComposerError as error:
        raise _from_composer(error, file) from None
    except yaml.MarkedYAMLError as error:
        raise _from_yaml(error, file) from None


def _check_characters(text: str, file: str) -> str:
    """Refuse what YAML calls not printable before its reader does, to name the line."""
    text = text.removeprefix("\ufeff")
    bad = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise LessonError(
            f"the character U+{ord(bad.group()):04X} is not allowed in YAML",
            file=file,
            line=line,
            remedy="remove it",
        )
    return text


def _check_depth(text: str, file: str, kind: Any) -> None:
    """Refuse deep nesting while the reader is still iterative: composing is recursive."""
    depth = 0
    for event in yaml.parse(text, Loader=kind):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise LessonError(
                    f"nested more than {MAX_DEPTH} deep",
                    file=file,
                    line=event.start_mark.line + 1 if event.start_mark else 1,
                    remedy="a lesson needs about eight levels",
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _from_composer(error: yaml.composer.ComposerError, file: str) -> LessonError:
    """Aliases without an anchor, anchors given twice, and a second document."""
    line = _line_of(error)
    problem = error.problem or ""
    if "another document" in problem:
        return LessonError(
            "a second document starts here",
            file=file,
            line=line,
            remedy="one lesson a file: remove `---`",
        )
    if "undefined alias" in problem:
        name = problem.split("'")[1] if "'" in problem else ""
        return LessonError(
            f"there is no anchor &{name} for *{name}",
            file=file,
            line=line,
            remedy=f"write &{name} before its first use, or put quotes around text that starts with *",
        )
    return LessonError(
        f"this is not YAML: {problem}", file=file, line=line, remedy="give each anchor once"
    )


def _from_yaml(error: yaml.MarkedYAMLError, file: str) -> LessonError:
    problem = error.problem or "it cannot be read"
    told = f"{error.context or ''} {problem}"
    remedy = next(
        (hint for part, hint in _HINTS if part in told),
        "check quotes, colons and indentation near this line",
    )
    return LessonError(
        f"this is not YAML: {problem}", file=file, line=_line_of(error), remedy=remedy
    )


def _line_of(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


class _Builder:
    """Turns YAML nodes into plain values, once for every place where an alias stands."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.count = 0

    def build(self, node: yaml.Node, path: Path, around: tuple[yaml.Node, ...]) -> Any:
        """The plain value of `node`, which stands at `path` inside the nodes `around`."""
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self.count += 1
        if self.count > MAX_VALUES:
            raise self._error(
                f"this unfolds to more than {MAX_VALUES:,} values",
                line,
                "use fewer aliases (*name)",
            )
        if any(node is outer for outer in around):
            raise self._error(
                "an alias here holds itself", line, "write the value out instead of *name"
            )
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, line)
        if not node.tag.startswith("tag:yaml.org,2002:") or node.tag.rpartition(":")[2] not in (
            "map",
            "seq",
        ):
            raise self._error(
                f"the tag {node.tag} is not allowed", line, "remove what starts with !"
            )
        inner = (*around, node)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i), inner) for i, item in enumerate(node.value)]
        return self._mapping(node, path, inner)

    def _mapping(
        self, node: yaml.Node, path: Path, around: tuple[yaml.Node, ...]
    ) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error(
                    "a key must be a word", line, "put text with braces or brackets in quotes"
                )
            key: str = key_node.value
            if key == "<<" and key_node.style is None:
                raise self._error(
                    "merge keys (<<) are not part of a lesson", line, "write the keys out"
                )
            if key in result:
                first = self.lines[(*path, key)]
                raise self._error(
                    f"`{key}` is given twice (first on line {first})", line, "keep one of them"
                )
            self.lines[(*path, key)] = line
            result[key] = self.build(value_node, (*path, key), around)
        return result

    def _scalar(self, node: yaml.ScalarNode, line: int) -> str | int | float | bool | None:
        text: str = node.value
        if node.style:  # plain: None, or "" by the quick reader
            if node.tag != "tag:yaml.org,2002:str":
                raise self._error(
                    f"the tag {node.tag} is not allowed", line, "remove what starts with !"
                )
            return text
        if node.tag not in _RESOLVED_TAGS:
            raise self._error(
                f"the tag {node.tag} is not allowed", line, "remove what starts with !"
            )
        return plain_scalar(text)

    def _error(self, message: str, line: int, remedy: str) -> LessonError:
        return LessonError(message, file=self.file, line=line, remedy=remedy)


def plain_scalar(text: str) -> str | int | float | bool | None:
    """What an unquoted word means: YAML 1.2's core schema, without octal, infinities and dates."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
