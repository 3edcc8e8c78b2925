"""The published schema is the one that the loader obeys, and is a JSON Schema."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from raftviz import lessons
from raftviz.errors import LessonError
from raftviz.lessons.schema import lesson_schema, loader_schema
from raftviz.lessons.schema_parts import NODE_FIELDS
from raftviz.lessons.shape import find_problem
from raftviz.lessons.yaml_tree import parse
from raftviz.sim.commands import COMMANDS
from tests.lessons.test_loader_errors import CASES, SOUND, Case, changed

PUBLISHED = lesson_schema()


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(PUBLISHED)
    Draft202012Validator.check_schema(loader_schema())


def test_it_is_complete_in_itself_and_knows_every_command() -> None:
    told = str(PUBLISHED["$defs"]["command"])
    assert all(f"'{name}'" in told for name in COMMANDS)


@pytest.mark.parametrize("lesson", lessons.library(), ids=lambda lesson: lesson.id)
def test_the_library_fits_it(lesson: lessons.Lesson) -> None:
    errors = list(Draft202012Validator(PUBLISHED).iter_errors(lesson.tree.value))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_both_agree_on_what_is_wrong(case: Case) -> None:
    """Our explanations and an independent validator refuse the same files."""
    schema = loader_schema()
    try:
        value = parse(changed(case[0], case[1]), "wrong.yaml").value
    except LessonError:
        return
    ours = find_problem(value, schema, schema)
    assert (ours is None) == Draft202012Validator(schema).is_valid(value), ours


def test_both_agree_on_what_is_right() -> None:
    value = parse(SOUND, "sound.yaml").value
    assert find_problem(value, loader_schema(), loader_schema()) is None
    assert Draft202012Validator(PUBLISHED).is_valid(value)


def test_every_field_that_may_be_expected_may_be_told() -> None:
    expected = PUBLISHED["properties"]["steps"]["items"]["properties"]["expect"]
    assert set(expected["additionalProperties"]["properties"]) == set(NODE_FIELDS)
