"""The catalogues of words: every language has every text, and every text is used."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.house import ROOT, hold, tracked
from tests.test_house_page import code_of, scripts

WORDS = ROOT / "static" / "words"
FILES = sorted(WORDS.glob("*.json"))
ENGLISH: dict[str, Any] = json.loads((WORDS / "en.json").read_text(encoding="utf-8"))

CALL = re.compile(r"""\b(?:t|word)\(\s*['"`]([\w.-]+)['"`]""")
KEY = re.compile(r"""['"`]([a-z][\w-]*(?:\.[\w-]+)+)['"`]""")
BUILT = re.compile(
    r"""`([a-z][\w-]*(?:\.[\w-]*)*\.)\$\{"""  # JavaScript: `role.${role}`
    r"""|\bf"([a-z][\w.-]*\.)\{"""  # Python: f"fault.{status}"
    r"""|\bt\('([a-z][\w.-]*\.)'\s*~"""  # a template: t('level.' ~ level)
)


def texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value.values())


def names(value: Any) -> set[str]:
    return {name for text in texts(value) for name in re.findall(r"\{(\w+)\}", text)}


def sources() -> dict[Path, str]:
    """Everything that may name a text: scripts without their comments, templates, the server."""
    found = {path: code_of(path) for path in scripts()}
    folders = [ROOT / "templates", ROOT / "raftviz" / "server"]
    for path in tracked():
        inside = any(path.is_relative_to(folder) for folder in folders)
        if inside and path.suffix in (".html", ".py"):
            found[path] = path.read_text(encoding="utf-8")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_language_has_the_same_texts(file: Path) -> None:
    words = json.loads(file.read_text(encoding="utf-8"))
    assert words.keys() == ENGLISH.keys()
    assert list(words) == list(ENGLISH), "keep the languages in the same order"
    hold([f"{file.name}: {key} is empty" for key, text in words.items() if not all(texts(text))])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_language_fills_in_the_same_names(file: Path) -> None:
    words = json.loads(file.read_text(encoding="utf-8"))
    hold(
        [
            f"{file.name}: {key} fills in {sorted(names(text))}, English {sorted(names(ENGLISH[key]))}"
            for key, text in words.items()
            if names(text) != names(ENGLISH[key])
        ]
    )


def test_every_text_that_is_asked_for_is_there() -> None:
    hold(
        [
            f"{path.relative_to(ROOT)}: there is no text {key}"
            for path, source in sources().items()
            for key in CALL.findall(source)
            if key not in ENGLISH and not key.endswith(".")
        ]
    )


def test_every_text_is_used() -> None:
    all_of_it = sources().values()
    named = {key for source in all_of_it for key in KEY.findall(source)}
    built = tuple({"".join(each) for source in all_of_it for each in BUILT.findall(source)})
    unused = [key for key in ENGLISH if key not in named and not (built and key.startswith(built))]
    hold([f"en.json: nothing uses {key}" for key in unused if key != "language.name"])
