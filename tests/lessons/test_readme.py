"""What the guide for authors shows is true."""

from __future__ import annotations

import re
from pathlib import Path

from raftviz import lessons
from raftviz.lessons import lesson_schema

GUIDE = (Path(lessons.__file__).parent / "README.md").read_text("utf-8")


def test_its_lesson_holds() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    run = lessons.run(lessons.loads(example, "my-lesson.yaml"))
    assert run.ok
    prediction = run.steps[2].predict
    assert prediction is not None
    assert prediction.answer == "2"


def test_it_tells_of_every_key_of_a_step_and_every_expectation() -> None:
    step = lesson_schema()["properties"]["steps"]["items"]["properties"]
    expect = step["expect"]
    keys = [*step, *expect["properties"], *expect["additionalProperties"]["properties"]]
    assert [key for key in keys if f"`{key}" not in GUIDE] == []


def test_it_names_every_command() -> None:
    commands = [
        next(iter(one["properties"])) for one in lesson_schema()["$defs"]["command"]["oneOf"]
    ]
    rare = {"timer", "inject", "step"}
    assert [name for name in commands if f"`{name}`" not in GUIDE and name not in rare] == []
