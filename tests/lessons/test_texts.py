"""A lesson's texts in another language: each complaint names file, line and what would be right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from raftviz import lessons, narrate
from raftviz.cli import main
from raftviz.errors import LessonError
from raftviz.lessons import Lesson, template
from raftviz.lessons.texts_schema import texts_schema
from raftviz.lessons.yaml_tree import parse
from tests.house import ROOT, hold
from tests.lessons.test_loader_errors import SOUND

LIBRARY = lessons.library()
EACH = pytest.mark.parametrize("lesson", LIBRARY, ids=[lesson.id for lesson in LIBRARY])
Capture = pytest.CaptureFixture[str]

LESSON = (
    SOUND.replace(
        "summary: It has one of everything.",
        "summary: All.\ngoal: Explain.\nrecap: It was so.\ntry: Cut it.",
    )
    .replace(
        "    comments: {node1: It stands}", "    comments: {node1: It stands}\n    notes: Slowly."
    )
    .replace('choices: ["null", 1]}', 'choices: ["null", 1], why: So., question: Which one}')
    + "  - do: {settle: true}\n  - predict: {field: node3.term, after: {timeout: node3}}\n"
)
TEXTS = """\
title: 完好的一课
summary: 应有尽有。
goal: 解释。
recap: 事情如此。
try: 切断它。
steps:
  - title: node1 参加选举
    say: 它在任期 {node1.term}。
    differs: {document: 甲, paper: 乙}
    notes: 慢慢讲。
  - ask: {question: 多少票, choices: ["一", "二"], answer: 二, why: 因为。}
  - predict: {question: 哪一个, choices: [空, 一], why: 如此。}
  - {}
  - predict: {}
"""

#: name: (line that is replaced, its new text, line of the complaint, words of it, and of the remedy)
Case = tuple[int, str, int, str, str]
CASES: dict[str, Case] = yaml.safe_load(
    (Path(__file__).parent / "complaints_texts.yaml").read_text("utf-8")
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sound.yaml").write_text(LESSON, "utf-8")
    (tmp_path / "sound.zh.yaml").write_text(TEXTS, "utf-8")
    yield tmp_path


def test_texts_are_found_beside_the_lesson(folder: Path) -> None:
    lesson = lessons.load("sound.yaml")
    assert list(lesson.texts) == ["zh"]
    run = lessons.run(lesson)
    told = lessons.told_in(run, "zh")
    assert (told.lesson.title, told.lesson.goal, told.lesson.try_it) == (
        "完好的一课",
        "解释。",
        "切断它。",
    )
    assert told.lesson.steps[0].notes == "慢慢讲。"
    first, ask, which, acts, predict = told.steps
    assert (first.title, first.say) == ("node1 参加选举", "它在任期 1。")
    assert first.say_html == "<p>它在任期 1。</p>"
    assert first.differs_html is not None and first.differs_html.paper == "<p>乙</p>"
    assert first.lines == run.steps[0].lines, "comments stay as the lesson has them"
    assert ask.ask is not None and (ask.ask.choices, ask.ask.answer) == (("一", "二"), "二")
    assert which.predict is not None and (which.predict.question, which.predict.answer) == (
        "哪一个",
        "空",
    )
    assert (ask.title, which.title, acts.title) == ("一个问题", "接下来会怎样？", "继续")
    assert predict.predict is not None and run.steps[4].predict is not None
    assert predict.predict.question == "届时 node3 的 term 是什么？"
    assert predict.predict.choices == run.steps[4].predict.choices
    assert lessons.told_in(run, "tlh") is run


def test_a_lesson_without_texts_has_none(folder: Path) -> None:
    (folder / "other.yaml").write_text(LESSON, "utf-8")
    assert lessons.load("other.yaml").texts == {}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_texts_that_do_not_fit(case: Case, folder: Path) -> None:
    number, text, line, message, remedy = case
    lines = TEXTS.split("\n")
    lines[number - 1] = text
    Path("sound.zh.yaml").write_text("\n".join(lines), "utf-8")
    with pytest.raises(LessonError) as caught:
        lessons.load("sound.yaml")
    error = caught.value
    assert (error.file, error.line) == ("sound.zh.yaml", line), error
    assert message in error.message, error
    assert remedy in (error.remedy or ""), error
    assert "\n" not in str(error)


def test_texts_that_are_no_mapping(folder: Path) -> None:
    Path("sound.zh.yaml").write_text("- 一\n", "utf-8")
    with pytest.raises(LessonError, match="a lesson's texts must be a mapping"):
        lessons.load("sound.yaml")


def test_texts_are_no_lesson(folder: Path) -> None:
    with pytest.raises(
        LessonError, match=r"sound\.zh\.yaml: these are texts of sound\.yaml .* name sound\.yaml"
    ):
        lessons.load("sound.zh.yaml")


def test_check_checks_the_texts_too(folder: Path, capsys: Capture) -> None:
    for paths in (["."], ["sound.yaml"], ["sound.zh.yaml"], ["sound.yaml", "sound.zh.yaml"]):
        assert main(["check", *paths]) == 0
        assert capsys.readouterr().out == (
            "ok   sound: 5 steps (sound.yaml)\nok   sound in zh: 5 steps (sound.zh.yaml)\n"
        )
    Path("sound.zh.yaml").write_text(TEXTS.replace("  - {}\n", ""), "utf-8")
    assert main(["check", "sound.yaml"]) == 2
    assert capsys.readouterr().err.startswith("raftviz: sound.zh.yaml:6: `steps` has 4 items")


def test_run_tells_in_another_language(folder: Path, capsys: Capture) -> None:
    assert main(["run", "sound.yaml", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("完好的一课\n==========\n应有尽有。\n")
    for words in (
        "按命令，node1 的选举定时器到期。",
        "文档：甲",
        "问题：多少票",
        "选项：一 | 二",
        "答案：二：因为。",
    ):
        assert words in out
    assert "By command" not in out
    assert main(["run", "sound.yaml", "--lang", "zh", "--format", "events"]) == 0
    said = [json.loads(line)["text"] for line in capsys.readouterr().out.splitlines()]
    assert "按命令，node1 的选举定时器到期。" in said
    assert main(["run", "sound.yaml", "--lang", "tlh"]) == 2
    assert "there are no sentences in 'tlh'; use one of en, zh" in capsys.readouterr().err


def test_lines_of_chinese_fit_the_terminal(capsys: Capture) -> None:
    assert main(["run", "partition", "--lang", "zh"]) == 0
    lines = capsys.readouterr().out.splitlines()
    told = [line for line in lines if line.startswith("   ") and not line.startswith("    node")]
    assert max(sum(1 + (ord(letter) > 0x2E80) for letter in line) for line in told) <= 102
    assert not any(line.strip().startswith(("，", "。", "、")) for line in lines)


def test_the_schema_is_published(capsys: Capture) -> None:
    assert main(["schema", "--texts"]) == 0
    published = json.loads(capsys.readouterr().out)
    assert published == texts_schema()
    Draft202012Validator.check_schema(published)
    assert Draft202012Validator(published).is_valid(parse(TEXTS, "x").value)
    assert not Draft202012Validator(published).is_valid({"title": "x", "steps": [{}]})


@EACH
def test_every_lesson_is_told_in_every_language(lesson: Lesson) -> None:
    pages = {file.stem for file in (ROOT / "static" / "words").glob("*.json")}
    assert pages == set(narrate.languages()), "the page and the sentences speak the same languages"
    hold(
        [
            f"raftviz/lessons/library/{lesson.id}.{language}.yaml is missing"
            for language in sorted(pages - {"en"} - set(lesson.texts))
        ]
    )


@EACH
def test_a_lesson_is_the_same_in_every_language_that_tells_it(lesson: Lesson) -> None:
    run = lessons.run(lesson)
    for language in lesson.texts:
        for step, plain in zip(lessons.told_in(run, language).steps, run.steps, strict=True):
            assert not {"{", "**"} & set(step.title), step.title
            assert "*" not in template.plain(step.say) and "*" not in step.say_html, step.say
            assert template.places(step.say) == []
            assert step.lines == plain.lines
            assert bool(step.differs) == bool(plain.differs)
            for told, asked in ((step.ask, plain.ask), (step.predict, plain.predict)):
                assert bool(told) == bool(asked)
                if told and asked:
                    right = asked.choices.index(asked.answer)
                    assert told.choices.index(told.answer) == right


@EACH
def test_questions_bear_no_marks_as_they_are_shown_as_they_are(lesson: Lesson) -> None:
    run = lessons.run(lesson)
    for language in ("en", *lesson.texts):
        told = lessons.told_in(run, language)
        asked = [each for step in told.steps for each in (step.ask, step.predict) if each]
        texts = [text for each in asked for text in (each.question, each.why, *each.choices)]
        texts += [told.lesson.title, told.lesson.summary, told.lesson.goal]
        assert not [text for text in texts if re.search(r"[*`]", text)]


def test_a_line_ends_between_two_chinese_characters_without_a_space() -> None:
    assert (
        template.html("一行，\n又*一*\n行 two\nlines") == "<p>一行，又<em>一</em>行 two\nlines</p>"
    )
    assert template.html("一行\ntwo\n行") == "<p>一行\ntwo\n行</p>", "one there is beside a word"
    assert template.plain("一行，\n又一行 two\nlines") == "一行，又一行 two lines"
    assert template.flowing("一行，\n  又一行 two\nlines") == "一行，又一行 two lines"
