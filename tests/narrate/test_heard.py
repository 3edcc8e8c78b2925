"""What the checks say in English is told in each language, whoever of them says it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import raftviz.checks
from raftviz.checks import PROPERTIES
from raftviz.narrate import Sentence, catalogue, text
from raftviz.narrate.catalogue import PLACE
from raftviz.narrate.heard import heard
from raftviz.narrate.words import promise

CHECKS = Path(raftviz.checks.__file__).parent
#: These speak of the end of a search and of goals, which no event tells.
SILENT = ("liveness.py", "goals.py")

#: What fills a place in a sample.
SAMPLES = {
    "who": "client ann", "deed": "write of 3", "noun": "compare-and-set", "does": "client ann read k = 3",
    "found": "client ann read k = 3, which nobody had written", "again": "it had been sent twice",
    "times": "4 times", "answer": "yes", "second": "no, 4 was there", "another": "bob",
    "message": "RequestVote reply", "role": "leader", "into": "candidate", "members": "node1, node2",
}  # fmt: skip


def filled(key: str) -> str:
    return PLACE.sub(lambda place: SAMPLES.get(place[1], "7"), catalogue()[key]["text"])


WHOLE = [key for key in catalogue() if key.startswith(("broken.", "found.", "verdict."))]


@pytest.mark.parametrize("key", WHOLE)
def test_each_verdict_is_heard_as_what_it_is(key: str) -> None:
    said = heard(filled(key))
    assert isinstance(said, Sentence)
    assert (said.key, text(said)) == (key, filled(key))
    left = re.sub(r"\w*[A-Z]\w*", "", text(said, "zh"))
    assert set(re.findall(r"[a-z]{4,}", left)) <= {"client", "node"}


@pytest.mark.parametrize(
    ("message", "chinese"),
    [
        (
            "client bob read k = null after the client's write of 2 had been answered",
            "客户端 bob 读到 k = null，而此前 客户端 client 写入 2 的操作已得到答复",
        ),
        (
            "the client's compare-and-set found k = 1, which ann's delete had found and replaced; ann's"
            " delete had been sent 3 times",
            "客户端 client 的比较并设置遇到 k = 1，而 ann 进行的删除已遇到这个值并替换了它；ann 进行的删除发送过共"
            " 3 次",
        ),
        (
            "the start's write of 1 was carried out twice: it was answered that 1 was there and, sent"
            " again, that 2 was there",
            "初始状态 写入 1 的操作执行了两次：先得到的答复是“已有 1”，重发后是“已有 2”",
        ),
    ],
)
def test_a_contradiction_is_told_part_by_part(message: str, chinese: str) -> None:
    said = heard(message)
    assert isinstance(said, Sentence)
    assert (text(said), text(said, "zh")) == (message, chinese)


def test_what_nobody_knows_stays_as_it_is() -> None:
    assert heard("node1 did something new") == "node1 did something new"
    assert promise("Something new") == "Something new"


def test_every_promise_has_a_name_in_each_language() -> None:
    for each in PROPERTIES:
        named = promise(each.name)
        assert isinstance(named, Sentence)
        assert text(named) == each.name
        assert re.search(r"[\u4e00-\u9fff]", text(named, "zh"))


def fragments(file: Path) -> set[str]:
    """The words that stand in the f-strings of a file of checks."""
    found = set()
    tree = ast.parse(file.read_text("utf-8"))
    raised = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in raised:
            words = [part.value for part in node.values if isinstance(part, ast.Constant)]
            found |= {str(word).strip(" ,;:.'=") for word in words}
    return {each for each in found if " " in each}


@pytest.mark.parametrize(
    "file",
    [file for file in sorted(CHECKS.glob("*.py")) if file.name not in SILENT],
    ids=lambda file: file.stem,
)
def test_the_catalogue_has_all_that_the_checks_can_say(file: Path) -> None:
    known = " / ".join(phrase["text"] for phrase in catalogue().values())
    assert [each for each in fragments(file) if each not in known] == []
