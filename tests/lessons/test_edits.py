"""Whatever is typed into a lesson, it either runs or is refused in one line that names a line."""

from __future__ import annotations

import random

import pytest

from raftviz import lessons
from raftviz.errors import LessonError
from tests.lessons.test_loader_errors import SOUND

TYPED = [
    *"{}[]:,?&*!|>'\"#%@`-\n\t ", "\u2028", "\x85", "\x00", "\ud800", "null", "true", "1e999", "-0",
    "99999999999999999999", ".inf", "~", "<<: ", "- ", "? ", "node1", "term: ", "{}", "[]", "*a", "&a ", "!!int ",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_edits(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        text = SOUND
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(text))
            text = (
                text[:at] + chance.choice([*TYPED, ""]) + text[at + chance.choice([0, 1, 3, 20]) :]
            )
        try:
            lessons.run(lessons.loads(text, "typed.yaml"))
        except LessonError as error:
            assert str(error).startswith(f"typed.yaml:{error.line}: "), text
            assert "\n" not in str(error), text
