"""The lessons as the first page shows them."""

from __future__ import annotations

import re
from html import unescape

import requests

from raftviz import lessons
from raftviz.lessons.loader import CHAPTERS, ORDER
from raftviz.server.catalogue import OWN, catalogue
from raftviz.server.language import catalogues
from tests.server.process import DEADLINE, Server

LIBRARY = lessons.library()


def test_every_lesson_is_shown_once_by_chapters() -> None:
    chapters = catalogue(LIBRARY, "en")
    told = {each["name"]: [card["id"] for card in each["lessons"]] for each in chapters}
    assert told == {name: list(names) for name, names in CHAPTERS.items()}
    cards = [card for each in chapters for card in each["lessons"]]
    assert [card["number"] for card in cards] == list(range(1, len(ORDER) + 1))
    for words in catalogues().values():
        assert all(f"chapter.{name}" in words for name in (*told, OWN))


def test_a_card_tells_what_one_chooses_a_lesson_by() -> None:
    cards = {card["id"]: card for each in catalogue(LIBRARY, "zh") for card in each["lessons"]}
    card, lesson = cards["election"], lessons.find("election")
    assert card["title"] == lesson.texts["zh"].title
    assert (card["steps"], card["minutes"], card["level"]) == (8, lesson.minutes, "beginner")
    assert card["questions"] == sum(bool(step.ask or step.predict) for step in lesson.steps)
    assert card["builds"][0]["id"] == "what-is-consensus"
    assert cards[ORDER[0]]["builds"] == []
    for text in (lesson.title, lesson.texts["zh"].title, lesson.goal, "§5.2", "beginner", "入门"):
        assert text in card["search"]
    for name, each in cards.items():
        before = ORDER[: ORDER.index(name)]
        assert all(one["id"] in before for one in each["builds"])


def test_lessons_of_ones_own_have_a_chapter_of_their_own() -> None:
    own = lessons.loads(lessons.beginning(), "mine.yaml")
    chapters = catalogue([*LIBRARY, own], "en")
    assert chapters[-1]["name"] == OWN
    assert [card["id"] for card in chapters[-1]["lessons"]] == [own.id]
    (alone,) = catalogue([own], "en")
    assert alone["lessons"][0]["number"] == 1


def test_the_page_holds_all_cards_before_any_script_runs(server: Server) -> None:
    page = unescape(requests.get(f"{server.url}/?lang=en", timeout=DEADLINE).text)
    assert re.findall(r'<a class="card-title" href="/lesson/([\w-]+)">', page) == list(ORDER)
    assert page.count('href="#chapter-') == len(CHAPTERS)
    assert 'href="/edit"' in page and 'href="#sandbox"' in page
    for name in re.findall(r'href="#([\w-]+)"', page):
        assert f'id="{name}"' in page, name
