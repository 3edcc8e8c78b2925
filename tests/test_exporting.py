"""The command `export`: what it writes, and what it says where it cannot."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from raftviz import lessons
from raftviz.cli import main
from raftviz.session import Line, Moment, Session, dumps

Capture = pytest.CaptureFixture[str]

IMPORT = re.compile(
    r"""(?:^(?:import|export)\b[^'"();]*?\bfrom\s*|^import\s*|\bimport\()['"]([^'"]+)['"]""", re.M
)

LESSON = """
id: sly
title: "A </script> in a title"
summary: "<b>Markup</b> is text."
level: beginner
cluster: {nodes: 3}
steps:
  - title: One
    say: "Look. </script><script>alert(1)</script>"
    do: [{timeout: node1}]
"""

CHINESE = """
title: "A </script> in a title"
summary: text
steps:
  - title: "</script><script>alert(2)</script>"
    say: text
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def recorded(page: str) -> dict[str, Any]:
    found = re.search(r'data-baked="recording">([^<]*)<', page)
    assert found
    answers: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(found[1])))
    return answers


def test_a_lesson_becomes_one_page_that_names_nothing_else(capsys: Capture) -> None:
    assert main(["export", "partition", "--lang", "zh"]) == 0
    assert re.fullmatch(r"partition\.html: [\d,]+ bytes; .*\n", capsys.readouterr().out)
    page = Path("partition.html").read_text("utf-8")
    assert '<html lang="zh">' in page
    named = re.findall(r'(?:\s|^)(?:src|href)="(?!#)([^"]*)"', page)
    assert named and all(name.startswith("data:") for name in named)
    assert not re.search(r"url\((?!['\"]?data:|['\"]?#)", page)
    run = lessons.run(lessons.find("partition"))
    opened = recorded(page)["open"]
    assert [event["seq"] for event in opened["events"]] == [e.seq for e in run.simulation.events]
    assert opened["role"] == "viewer"
    assert "token" not in opened


def test_every_import_of_its_scripts_is_in_the_page() -> None:
    assert main(["export", "election"]) == 0
    page = Path("election.html").read_text("utf-8")
    found = re.search(r'<script type="importmap">(.*?)</script>', page)
    assert found
    held = json.loads(found[1])["imports"]
    assert "raftviz/js/main.js" in held and "raftviz/js/takeaway/dialog.js" in held
    for name, address in held.items():
        script = base64.b64decode(address.partition(",")[2]).decode()
        code = re.sub(r"/\*.*?\*/", "", script, flags=re.DOTALL)
        imports = IMPORT.findall(code)
        assert set(imports) <= held.keys(), name


def test_a_session_goes_along_with_its_branches_and_its_moment() -> None:
    run = lessons.run(lessons.find("election"))
    seen = len(run.simulation.events)
    other = run.simulation.fork(at=seen)
    other.do({"crash": "node1"})
    lines = (
        Line("main", "The lesson", run.simulation),
        Line("b1", "What if", other, "main", seen, run.simulation.command_log),
    )
    saved = Session(lines, "Mine", "election", Moment("main", 7))
    Path("mine.json").write_text(dumps(saved), "utf-8")
    assert main(["export", "mine.json", "-o", "out.html"]) == 0
    page = Path("out.html").read_text("utf-8")
    answers = recorded(page)
    assert list(answers["branches"]) == ["main", "b1"]
    assert answers["branches"]["b1"]["events"][-1]["seq"] == len(other.events)
    assert answers["save"]["session"]["lesson"] == "election"
    assert 'data-event="7"' in page


def test_the_text_of_a_lesson_stays_text(capsys: Capture) -> None:
    Path("sly.yaml").write_text(LESSON, "utf-8")
    assert main(["run", "sly.yaml", "--format", "html"]) == 0
    page = capsys.readouterr().out
    assert "alert(1)" not in page
    assert "A &lt;/script&gt; in a title" in page
    assert page.count("<script") == page.count("</script>")
    Path("sly.zh.yaml").write_text(CHINESE, "utf-8")
    assert main(["run", "sly.yaml", "--format", "html", "--lang", "zh"]) == 0
    page = capsys.readouterr().out
    assert "alert(2)" in page, "its texts lie in the page"
    assert "<script>alert" not in page
    assert page.count("<script") == page.count("</script>")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["electoin"], "did you mean"),
        (["nowhere.json"], "nowhere.json: cannot be read"),
        (["bad.json"], "this is no JSON"),
        (["election", "--step", "99"], "has no step 99; use a number from 1 to"),
        (["election", "--step", "0"], "has no step 0; use a number from 1 to"),
        (["election", "--lang", "tlh"], "use one of en, zh"),
        (["election", "-o", "no/such/place.html"], "place.html: cannot be written"),
    ],
)
def test_what_cannot_be_exported(arguments: list[str], words: str, capsys: Capture) -> None:
    Path("bad.json").write_text("{", "utf-8")
    assert main(["export", *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1
    assert not list(Path().glob("*.html"))
