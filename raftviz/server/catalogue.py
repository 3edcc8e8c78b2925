"""The lessons as the first page shows them: by chapters, with all that one chooses a lesson by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from raftviz.lessons import Lesson
from raftviz.lessons.loader import CHAPTERS
from raftviz.server.language import catalogues, word

#: The chapter of lessons that raftviz does not ship.
OWN = "own"


def catalogue(lessons: Sequence[Lesson], language: str) -> list[dict[str, Any]]:
    """Return the chapters that have lessons, each with its lessons, told in `language` where they can be.

    A lesson's `search` is what it is found by: its texts in every language.
    """
    known = {lesson.id: lesson for lesson in lessons}
    shipped = {name for names in CHAPTERS.values() for name in names}
    names = {**CHAPTERS, OWN: tuple(name for name in known if name not in shipped)}
    order = [name for chapter in names.values() for name in chapter if name in known]
    chapters = [
        {
            "name": chapter,
            "lessons": [
                _card(known[name], order.index(name), [known[each] for each in order], language)
                for name in members
                if name in known
            ],
        }
        for chapter, members in names.items()
    ]
    return [chapter for chapter in chapters if chapter["lessons"]]


def _card(lesson: Lesson, index: int, order: Sequence[Lesson], language: str) -> dict[str, Any]:
    """Return one lesson; it builds on those before it that lead to it."""
    told = lesson.texts.get(language, lesson)
    return {
        "id": lesson.id,
        "number": index + 1,
        "title": told.title,
        "summary": told.summary,
        "level": lesson.level,
        "minutes": lesson.minutes,
        "steps": len(lesson.steps),
        "questions": sum(bool(step.ask or step.predict) for step in lesson.steps),
        "next": list(lesson.follow),
        "builds": [
            {"id": each.id, "title": each.texts.get(language, each).title}
            for each in order[:index]
            if lesson.id in each.follow
        ],
        "search": _search(lesson),
    }


def _search(lesson: Lesson) -> str:
    texts = [(lesson.title, lesson.summary, lesson.goal)]
    texts += [(told.title, told.summary, told.goal) for told in lesson.texts.values()]
    levels = [word(f"level.{lesson.level}", language) for language in catalogues()]
    sources = [*lesson.sources, *(source for step in lesson.steps for source in step.sources)]
    parts = [lesson.id, *(part for told in texts for part in told), *levels, *sources]
    return " ".join(dict.fromkeys(part for part in parts if part))
