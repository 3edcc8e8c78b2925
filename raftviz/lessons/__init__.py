"""Lessons: their format, how they are read, checked and run, and those that raftviz ships.

from raftviz import lessons
lesson = lessons.load("my-lesson.yaml")        # LessonError names file, line and what would be right
run = lessons.run(lesson)
run.ok, run.failures, run.simulation, run.steps
"""

from __future__ import annotations

from raftviz.lessons.loader import find, library, load, loads
from raftviz.lessons.model import (
    Ask,
    Differs,
    Failure,
    Lesson,
    Predict,
    Prediction,
    Run,
    Step,
    StepResult,
)
from raftviz.lessons.runner import run
from raftviz.lessons.schema import lesson_schema

__all__ = [
    "Ask",
    "Differs",
    "Failure",
    "Lesson",
    "Predict",
    "Prediction",
    "Run",
    "Step",
    "StepResult",
    "find",
    "lesson_schema",
    "library",
    "load",
    "loads",
    "run",
]
