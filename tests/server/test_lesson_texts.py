"""What the server tells of lessons in another language: the page's titles, cards, and texts to lay over a room."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from raftviz import lessons
from raftviz.cli import main
from tests.lessons.test_texts import LESSON, TEXTS
from tests.server.process import DEADLINE, Client, Server

LIBRARY = lessons.library()


def page(server: Server, path: str) -> str:
    headers = {"Accept": "text/html"}
    return html.unescape(requests.get(server.url + path, headers=headers, timeout=DEADLINE).text)


def title(text: str) -> str:
    found = re.search("<title>(.*?)</title>", text)
    assert found
    return found[1]


@pytest.mark.parametrize("lesson", LIBRARY, ids=lambda lesson: lesson.id)
def test_the_texts_of_a_lesson(server: Server, lesson: lessons.Lesson) -> None:
    answer = requests.get(f"{server.url}/api/lessons/{lesson.id}.zh.json", timeout=DEADLINE)
    assert answer.status_code == 200
    assert "max-age=60" in answer.headers["Cache-Control"]
    told = answer.json()
    original = lessons.run(lesson)
    run = lessons.told_in(original, "zh")
    ends = {"goal", "recap", "try", "leads"}
    assert set(told) == {"title", "summary", "nextTitle", "steps"} | ends
    assert (told["title"], told["goal"]) == (run.lesson.title, run.lesson.goal)
    assert told["recap"].count("<li>") == lesson.recap.count("\n- ") + 1
    assert told["try"].count("<li>") == lesson.try_it.count("\n- ") + 1
    titles = {each.id: each.texts["zh"].title for each in LIBRARY}
    assert told["leads"] == [{"id": each, "title": titles[each]} for each in lesson.follow]
    assert [(step["title"], step["html"]) for step in told["steps"]] == [
        (step.title, step.say_html) for step in run.steps
    ]
    for step, mine, there in zip(told["steps"], run.steps, original.steps, strict=True):
        assert set(step) == {"title", "html", "sources", "differs", "ask", "predict"}
        assert step["sources"] == list(mine.sources)
        assert not any("document" in source for source in step["sources"])
        asked = ((step["ask"], mine.ask), (step["predict"], mine.predict))
        for (question, own), first in zip(asked, (there.ask, there.predict), strict=True):
            assert (question is None) == (own is None)
            if own is not None:
                assert question["choices"] == list(own.choices)
                assert first is not None and question["answer"] == own.answer
                right = first.choices.index(first.answer)
                assert question["choices"].index(question["answer"]) == right


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("election.tlh.json", 404, "the lesson election is not told in 'tlh'"),
        ("electoin.zh.json", 404, "did you mean 'election'?"),
        ("election.zh", 404, ""),
    ],
)
def test_texts_that_are_not_there(server: Server, path: str, status: int, words: str) -> None:
    answer = requests.get(f"{server.url}/api/lessons/{path}", timeout=DEADLINE)
    assert answer.status_code == status
    assert words in answer.text


def test_pages_speak_the_language_of_whoever_reads_them(server: Server) -> None:
    told = {lesson.id: lesson.texts["zh"] for lesson in LIBRARY}
    home = page(server, "/?lang=zh")
    assert all(texts.title in home and texts.summary in home for texts in told.values())
    chinese = page(server, "/lesson/partition?lang=zh")
    assert title(chinese).startswith(told["partition"].title)
    assert 'data-texts="/api/lessons/partition.zh.json"' in chinese
    english = page(server, "/lesson/partition?lang=en")
    assert title(english).startswith("A network partition")
    assert 'data-texts=""' in english
    assert title(page(server, "/sandbox?nodes=4&lang=zh")).startswith("4 ")
    assert 'data-texts=""' in page(server, "/sandbox?lang=zh")


def test_a_lesson_that_is_not_there_leads_to_those_that_are(server: Server) -> None:
    wrong = page(server, "/lesson/electon?lang=zh")
    assert '<a href="/lesson/election">选出领导者</a>' in wrong
    assert wrong.count('href="/lesson/') <= 3 and "leader-crash" not in wrong
    all_of_them = page(server, "/lesson/xyzzy?lang=en")
    for lesson in LIBRARY:
        assert f'<a href="/lesson/{lesson.id}">' in all_of_them
    assert "“nodes=1” is not possible" in page(server, "/sandbox?nodes=1&lang=en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_lesson_to_begin_with_speaks_and_holds(server: Server, lang: str) -> None:
    text = page(server, f"/api/lesson-template.yaml?lang={lang}")
    lesson = lessons.loads(text, "my-lesson.yaml")
    assert lessons.run(lesson).ok
    assert lesson.title == {"en": "My lesson", "zh": "我的课程"}[lang]


def test_a_room_tells_all_the_same_and_its_page_each_in_their_language(
    server: Server, join: Callable[..., Client]
) -> None:
    opened = join().ask("open", {"protocol": 1, "lesson": "election"})
    assert opened["session"]["title"] == "Electing a leader"
    names = [lesson.id for lesson in LIBRARY]
    after = LIBRARY[names.index("election") + 1]
    assert opened["session"]["lesson"]["nextTitle"] == after.title
    room = f"/room/{opened['room']}"
    texts = lessons.find("election").texts["zh"]
    assert title(page(server, f"{room}?lang=zh")).startswith(texts.title)
    assert 'data-texts="/api/lessons/election.zh.json"' in page(server, f"{room}?lang=zh")
    assert title(page(server, f"{room}?lang=en")).startswith("Electing a leader")


def test_a_lesson_of_ones_own_has_its_texts_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sound.yaml"
    file.write_text(LESSON, "utf-8")
    (tmp_path / "sound.zh.yaml").write_text(TEXTS, "utf-8")
    own = Server(port=5180, RAFTVIZ_LESSONS=str(file))
    try:
        told = requests.get(f"{own.url}/api/lessons/sound.zh.json", timeout=DEADLINE).json()
        assert told["steps"][0]["title"] == "node1 参加选举"
        assert "完好的一课" in page(own, "/?lang=zh")
    finally:
        own.stop()
    (tmp_path / "sound.zh.yaml").write_text(TEXTS.replace("steps:", "stpes:"), "utf-8")
    assert main(["serve", "--lesson", str(file)]) == 2
    assert "sound.zh.yaml:6: unknown key `stpes`" in capsys.readouterr().err
