"""Every complaint about a lesson names the file, the line, and what would be right.

Each case changes one sound lesson: lines of it are replaced, and the complaint is held to the line,
to what it says, and to the remedy.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from raftviz import lessons
from raftviz.errors import LessonError
from raftviz.lessons.loader import ORDER

SOUND = """\
id: sound
title: A sound lesson
summary: It has one of everything.
level: beginner
sources: ["Raft §5.2"]
cluster:
  nodes: 3
  seed: 1
  timers: manual
  timing: {election_timeout: [150, 300], heartbeat: 50, latency: [12, 12]}
  options: {leader_stickiness: true}
given:
  node2: {term: 1, log: [1]}
steps:
  - title: node1 stands
    say: It is in term {node1.term}.
    do:
      - timeout: node1
    expect:
      leader: none
      node1: {state: candidate, term: 1, votedFor: 1, log: []}
      messages: [{type: RequestVote, to: node2}, {type: RequestVote, to: node3}]
      event: {kind: voted, node: node1}
      violations: []
    comments: {node1: It stands}
    differs: {document: one, paper: other}
  - ask: {question: How many votes, choices: ["1", "2"], answer: "2", why: Because.}
  - predict: {field: node2.votedFor, after: {settle: true}, choices: ["null", 1]}
"""

#: name: (line that is replaced, its new text, line of the complaint, words of it, and of the remedy)
Case = tuple[int, str, int, str, str]
CASES: dict[str, Case] = yaml.safe_load(
    (Path(__file__).parent / "complaints.yaml").read_text("utf-8")
)


def changed(number: int, text: str) -> str:
    lines = SOUND.split("\n")
    lines[number - 1] = text
    return "\n".join(lines)


def refusal(text: str, name: str = "wrong.yaml") -> LessonError:
    with pytest.raises(LessonError) as caught:
        lessons.run(lessons.loads(text, name))
    return caught.value


def test_the_sound_lesson_is_sound() -> None:
    run = lessons.run(lessons.loads(SOUND, "sound.yaml"))
    assert [str(failure) for failure in run.failures] == []


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_lesson_that_is_wrong(case: Case) -> None:
    number, text, line, message, remedy = case
    error = refusal(changed(number, text))
    assert (error.file, error.line) == ("wrong.yaml", line), error
    assert message in error.message, error
    assert remedy in (error.remedy or ""), error
    assert str(error).startswith(f"wrong.yaml:{line}: ")
    assert "\n" not in str(error)


def test_what_only_shows_when_it_is_run_names_its_line_too() -> None:
    error = refusal(
        changed(18, "      - settle: true\n      - crash: node1\n      - timeout: node1")
    )
    assert error.line == 20
    assert "node1 is down" in error.message
    assert error.remedy == "restart node1 first"


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("[]", "`steps` has 0 items, fewer than 1; give steps"),
        ("{a: b}", "`steps` must be a list, not a mapping; give steps"),
        ("[{}]", "item 1 of `steps` is empty; give title, say, do, expect"),
        (
            "[{do: settle}]",
            "`do` cannot be the text 'settle'; give a command or a list of commands",
        ),
        ("[{do: 7}]", "`do` cannot be 7; give a command"),
    ],
)
def test_steps_of_the_wrong_shape(steps: str, words: str) -> None:
    error = refusal(SOUND[: SOUND.index("steps:")] + f"steps: {steps}\n")
    assert error.line == 14
    assert words in str(error)


def test_a_command_that_stands_alone_names_its_line() -> None:
    error = refusal(
        changed(17, "    do: {heartbeat: node1}\n    #").replace("      - timeout: node1\n", "")
    )
    assert error.line == 17
    assert "no heartbeat timer" in error.message


def test_a_prediction_that_cannot_be_computed_names_its_line() -> None:
    error = refusal(
        changed(28, "  - predict:\n      field: node2.term\n      after: {heal: node8}")
    )
    assert error.line == 30
    assert "no node 'node8'" in error.message


def test_a_prediction_whose_answer_is_no_choice() -> None:
    error = refusal(
        changed(28, "  - predict: {field: node2.term, after: {settle: true}, choices: [7, 8]}")
    )
    assert error.line == 28
    assert "the answer comes out as '1', which is not among the choices" in error.message
    assert error.remedy == "add '1' to them"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "this file is empty"),
        ("# nothing\n", "this file is empty"),
        ("- a\n- b\n", "a lesson must be a mapping"),
        ("hello", "a lesson must be a mapping"),
        ("x" * 1_000_001, "larger than 1,000,000 bytes"),
        ("[" * 2000, "nested more than 40 deep"),
        ("a: " + "[" * 50 + "]" * 50, "nested more than 40 deep"),
        ("a: &a [*a]", "an alias here holds itself"),
    ],
)
def test_a_file_that_is_no_lesson(text: str, words: str) -> None:
    error = refusal(text)
    assert error.line == 1
    assert words in error.message


def test_a_bomb_of_aliases_is_refused_before_it_goes_off() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "unfolds to more than 50,000 values" in refusal("\n".join(lines)).message


def test_aliases_that_stay_small_are_fine() -> None:
    text = changed(18, "      - timeout: &who node1").replace("node: node1}", "node: *who}")
    assert lessons.loads(text, "alias.yaml").steps[0].expect["event"]["node"] == "node1"


def test_yes_and_no_are_words() -> None:
    text = changed(27, "  - ask: {question: Q, choices: [yes, no], answer: no}")
    ask = lessons.loads(text, "words.yaml").steps[1].ask
    assert ask is not None
    assert (ask.choices, ask.answer) == (("yes", "no"), "no")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="there is no such file; check the path"):
        lessons.load(tmp_path / "none.yaml")


def test_a_folder_is_no_lesson(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="this is a folder"):
        lessons.load(tmp_path)


def test_a_file_of_other_letters(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"id: x\ntitle: caf\xe9\n")
    with pytest.raises(
        LessonError, match=r"latin\.yaml:2: this is not UTF-8 text; save it as UTF-8"
    ):
        lessons.load(file)


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    file.write_text("é" * 600_000, "utf-8")
    with pytest.raises(LessonError, match="larger than"):
        lessons.load(file)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("elektion", "did you mean `election`?"),
        ("zzz", f"use one of {', '.join(ORDER)}, or the path of a file"),
        ("none.yaml", "there is no such file"),
    ],
)
def test_finding_a_lesson_that_is_not_there(name: str, words: str) -> None:
    with pytest.raises(LessonError) as caught:
        lessons.find(name)
    assert words in str(caught.value)
