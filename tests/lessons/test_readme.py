"""What the guide for authors shows is true."""

from __future__ import annotations

import re
from pathlib import Path

from raftviz import lessons
from raftviz.lessons import lesson_schema

GUIDE = (Path(lessons.__file__).parent / "README.md").read_text("utf-8")


EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def test_its_texts_in_another_language_fit_its_lesson(tmp_path: Path) -> None:
    lesson, texts = EXAMPLES
    (tmp_path / "my-lesson.yaml").write_text(lesson, "utf-8")
    (tmp_path / "my-lesson.zh.yaml").write_text(texts, "utf-8")
    run = lessons.run(lessons.load(tmp_path / "my-lesson.yaml"))
    assert lessons.told_in(run, "zh").steps[0].say == "它的任期是 1。"


def test_its_lesson_holds() -> None:
    run = lessons.run(lessons.loads(EXAMPLES[0], "my-lesson.yaml"))
    assert run.ok
    prediction = run.steps[2].predict
    assert prediction is not None
    assert prediction.answer == "2"


def test_it_tells_of_every_key_of_a_step_and_every_expectation() -> None:
    step = lesson_schema()["properties"]["steps"]["items"]["properties"]
    expect = step["expect"]
    keys = [*step, *expect["properties"], *expect["additionalProperties"]["properties"]]
    assert [key for key in keys if f"`{key}" not in GUIDE] == []


def test_it_tells_of_every_key_of_a_lesson() -> None:
    assert [
        key
        for key in lesson_schema()["properties"]
        if f"`{key}" not in GUIDE and f"{key}:" not in GUIDE
    ] == []


def test_it_names_every_command() -> None:
    commands = [
        next(iter(one["properties"])) for one in lesson_schema()["$defs"]["command"]["oneOf"]
    ]
    rare = {"timer", "inject", "step"}
    assert [name for name in commands if f"`{name}`" not in GUIDE and name not in rare] == []
