"""Style sheets that name others, in one answer: a browser asks once, and not two dozen times.

A sheet such as `room.css` names its parts by `@import url("part.css");`, in the order in which they overrule one
another. So it works as it stands; a page asks for it with `?all` and gets the parts themselves.
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^@import url\("([^":]+\.css)"\);[ \t]*$', re.MULTILINE)
_COMMENT = re.compile(r"^/\*[^*]*(?:\*(?!/)[^*]*)*\*/\n*", re.MULTILINE)


def sheets(sheet: Path) -> list[Path]:
    """Return a style sheet and all that it names, itself first."""
    found = [sheet]
    for name in _IMPORT.findall(sheet.read_text("utf-8")):
        found += sheets(sheet.parent / name)
    return found


def whole(sheet: Path) -> str:
    """Return a style sheet with what it names in its place, without the comments that begin a line.

    The parts lie in its folder, so that what they refer to by `url()` is found from there as well.
    """
    text = _COMMENT.sub("", sheet.read_text("utf-8"))
    return _IMPORT.sub(lambda found: whole(sheet.parent / found[1]), text)
