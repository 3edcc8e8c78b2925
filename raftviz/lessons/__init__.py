"""Lessons: their format, how they are read, checked and run, and those that raftviz ships.

from raftviz import lessons
lesson = lessons.load("my-lesson.yaml")        # LessonError names file, line and what would be right
run = lessons.run(lesson)
run.ok, run.failures, run.simulation, run.steps
lessons.told_in(run, "zh")                     # the same with its texts in Chinese, where it has them
"""

from __future__ import annotations

from raftviz.lessons.beginning import beginning
from raftviz.lessons.loader import find, lesson_of, library, load, loads
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
    Texts,
)
from raftviz.lessons.record import id_of, recorded, recording, title_of
from raftviz.lessons.runner import run, running
from raftviz.lessons.schema import lesson_schema
from raftviz.lessons.texts import told_in
from raftviz.lessons.texts_schema import texts_schema

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
    "Texts",
    "beginning",
    "find",
    "id_of",
    "lesson_of",
    "lesson_schema",
    "library",
    "load",
    "loads",
    "recorded",
    "recording",
    "run",
    "running",
    "texts_schema",
    "title_of",
    "told_in",
]
