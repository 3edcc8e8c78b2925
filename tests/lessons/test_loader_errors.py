"""Every complaint about a lesson names the file, the line, and what would be right.

Each case changes one sound lesson: lines of it are replaced, and the complaint is held to the line,
to what it says, and to the remedy.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from raftviz import lessons
from raftviz.errors import LessonError

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

#: name: (line that is replaced, its new text, line of the complaint, words of it, words of the remedy)
CASES: dict[str, tuple[int, str, int, str, str]] = {
    # Shape
    "misspelt key": (2, "titel: A", 2, "unknown key `titel` in a lesson", "did you mean `title`?"),
    "missing key": (3, "", 1, "missing key `summary` in a lesson", "add `summary:` write one"),
    "bad id": (1, "id: Not Sound", 1, "`id` cannot be the text 'Not Sound'", "use a-z, 0-9"),
    "id is no text": (1, "id: 7", 1, "`id` must be text, not 7", "use a-z"),
    "empty title": (2, 'title: ""', 2, "`title` is empty", "write a short title"),
    "long title": (2, f"title: {'x' * 121}", 2, "longer than 120 characters", "shorten it"),
    "no summary": (3, "summary:", 3, "`summary` must be text, not nothing", "write one sentence"),
    "unknown level": (4, "level: begginer", 4, "`level` cannot be the text 'begginer'", "did you mean `beginner`?"),
    "other level": (4, "level: xyz", 4, "cannot be the text 'xyz'", "use one of beginner, intermediate, advanced"),
    "sources are no list": (5, "sources: Raft", 5, "`sources` must be a list", "give a list like"),
    "a source is no text": (5, "sources: [5]", 5, "item 1 of `sources` must be text", ""),
    "unknown key in cluster": (8, "  sed: 1", 8, "unknown key `sed` in the cluster", "did you mean `seed`?"),
    "too many nodes": (7, "  nodes: 10", 7, "`nodes` cannot be 10", "a number from 1 to 9, or a list of names"),
    "nodes of the wrong kind": (7, "  nodes: true", 7, "`nodes` cannot be true", "a number from 1 to 9"),
    "bad name of a node": (7, "  nodes: [a b, c]", 7, "item 1 of `nodes` cannot be the text 'a b'", "the name of a node"),
    "name taken by expect": (7, "  nodes: [node1, leader, node2, node3]", 7, "cannot be called `leader`", "another name"),
    "seed is no number": (8, "  seed: one", 8, "`seed` must be a whole number", "give a whole number from 0"),
    "seed below 0": (8, "  seed: -1", 8, "`seed` cannot be -1: it is at least 0", "whole number from 0"),
    "timers": (9, "  timers: manuel", 9, "`timers` cannot be", "did you mean `manual`?"),
    "unknown timing": (10, "  timing: {heartbeet: 5}", 10, "unknown key `heartbeet` in the timing", "`heartbeat`?"),
    "timing is no pair": (10, "  timing: {latency: [1]}", 10, "`latency` has 1 items, fewer than 2", "least and the most"),
    "timing has three": (10, "  timing: {latency: [1, 2, 3]}", 10, "`latency` has 3 items, more than 2", "[150, 300]"),
    "timing upside down": (10, "  timing: {latency: [20, 10]}", 10, "[20, 10] does not fit", "[lowest, highest]"),
    "unknown option": (11, "  options: {leader_stickyness: true}", 11, "no option 'leader_stickyness'", "did you mean 'leader_stickiness'?"),
    "option of the wrong kind": (11, "  options: {leader_stickiness: 3}", 11, "neither true nor false", "give true or false"),
    "given node unknown": (13, "  node4: {term: 1}", 13, "there is no node `node4`", "did you mean"),
    "given field unknown": (13, "  node2: {trem: 1}", 13, "unknown key `trem` in a given node", "did you mean `term`?"),
    "given contradicts itself": (13, "  node2: {term: 1, log: [2]}", 13, "term 1 contradicts its log", "from 2 on"),
    "given log of the wrong kind": (13, "  node2: {log: [null]}", 13, "item 1 of `log` cannot be nothing", "write an entry as"),
    "unknown key in a step": (16, "    says: hello", 16, "unknown key `says` in a step", "did you mean `say`?"),
    "a key far from all": (16, "    qqq: hello", 16, "unknown key `qqq` in a step", "a step may have: title, say, do"),
    # Commands
    "unknown command": (18, "      - timeuot: node1", 18, "there is no command 'timeuot'", "did you mean 'timeout'?"),
    "two commands in one": (18, "      - {timeout: node1, settle: true}", 18, "is no command", "a mapping of one command"),
    "command of the wrong kind": (18, "      - timeout: [node1]", 18, "['node1'] does not fit", "the name of a node"),
    "command is text": (18, "      - settle", 18, "item 1 of `do` must be a mapping", "like timeout: node1"),
    # Expectations
    "expected node unknown": (21, "      node9: {state: leader}", 21, "`node9` is neither a node of this cluster nor", "? use node1, node2, node3, leader"),
    "expected word misspelt": (22, "      mesages: []", 22, "`mesages` must be a mapping", "fields of the node"),
    "expected field misspelt": (21, "      node1: {staet: leader}", 21, "unknown key `staet` in an expected node", "did you mean `state`?"),
    "expected role": (21, "      node1: {state: boss}", 21, "`state` cannot be the text 'boss'", "use one of follower, candidate, leader"),
    "expected term": (21, "      node1: {term: two}", 21, "`term` must be a whole number", "from 0"),
    "expected vote": (21, "      node1: {votedFor: [1]}", 21, "`votedFor` cannot be a list of 1", "give null, a node's number"),
    "expected log": (21, "      node1: {log: [{trem: 1}]}", 21, "unknown key `trem` in an entry", "did you mean `term`?"),
    "expected entry as text": (21, "      node1: {log: [x=1]}", 21, "item 1 of `log` cannot be", "(set, k=v)"),
    "expected leader unknown": (20, "      leader: node7", 20, "there is no node `node7`", "did you mean"),
    "expected known leader": (21, "      node1: {leader: node7}", 21, "there is no node `node7`", "did you mean"),
    "empty expectation": (21, "      node1: {}", 21, "`node1` is empty", "fields of the node"),
    "expected event": (23, "      event: voted", 23, "`event` cannot be the text 'voted'", "give fields of an event"),
    "expected property": (24, "      violations: [Election Safty]", 24, "there is no safety property 'Election Safty'", "did you mean `Election Safety`?"),
    "expected reply": (23, "      reply: {okay: true}", 23, "unknown key `okay` in an expected reply", "did you mean `ok`?"),
    # Texts
    "place of an unknown node": (16, "    say: See {node8.term}.", 16, "there is no node `node8`", "did you mean"),
    "place of an unknown field": (16, "    say: See {node1.trem}.", 16, "a node has no field `trem`", "did you mean `term`?"),
    "place in a whole field": (16, "    say: See {node1.term.x}.", 16, "`term` has no parts", "write node1.term"),
    "place of an unknown peer": (16, "    say: See {node1.nextIndex.node8}.", 16, "no node `node8`", "did you mean"),
    "comment on an unknown node": (25, "    comments: {nodeX: hm}", 25, "there is no node `nodeX`", "did you mean"),
    "one side alone": (26, "    differs: {document: one}", 26, "missing key `paper` in differs", "say what the paper says"),
    # Questions
    "answer no choice": (27, '  - ask: {question: Q, choices: ["1", "2"], answer: "3"}', 27, "the answer '3' is not among the choices", "use one of 1, 2"),
    "a choice twice": (27, "  - ask: {question: Q, choices: [a, a], answer: a}", 27, "the choice 'a' is given twice", "keep one"),
    "one choice": (27, "  - ask: {question: Q, choices: [a], answer: a}", 27, "`choices` has 1 items, fewer than 2", "two to six"),
    "question without answer": (27, "  - ask: {question: Q, choices: [a, b]}", 27, "missing key `answer` in a question", "the choice that is right"),
    "field of nothing": (28, "  - predict: {field: node2, after: {settle: true}}", 28, "`node2` names no field of node2", "use one of"),
    "field with spaces": (28, "  - predict: {field: the term, after: {settle: true}}", 28, "`field` cannot be the text 'the term'", "node.field"),
    "after nothing": (28, "  - predict: {field: node2.term, after: []}", 28, "`after` has no command", "the command that decides"),
    "after a misspelt command": (28, "  - predict: {field: node2.term, after: {setle: true}}", 28, "no command 'setle'", "did you mean 'settle'?"),
    # YAML
    "given twice": (4, "title: Again", 4, "`title` is given twice (first on line 2)", "keep one of them"),
    "tab": (16, "\tsay: hello", 16, "this is not YAML", "spaces, not with tabs"),
    "colon in plain text": (16, "    say: a: b", 16, "mapping values are not allowed", "quotes"),
    "open brace": (16, "    say: {node1.term", 17, "this is not YAML", "close the {"),
    "open bracket": (5, "sources: [a", 6, "this is not YAML", "close the ["),
    "question mark in braces": (27, "  - ask: {question: Who?, choices: [a, b], answer: a}", 27, "this is not YAML", "text with signs like ? in quotes"),
    "text in brace": (16, "    say: {a b} c", 16, "this is not YAML", ""),
    "open quote": (3, 'summary: "It', 5, "this is not YAML", ""),
    "undefined alias": (3, "summary: *stars* are nice", 3, "", "quotes"),
    "alias": (3, "summary: *star", 3, "there is no anchor &star", "starts with *"),
    "tag": (3, "summary: !!python/name:os.system x", 3, "the tag tag:yaml.org,2002:python/name:os.system is not allowed", "remove what starts with !"),
    "tag of a mapping": (6, "cluster: !big", 6, "the tag !big is not allowed", "remove"),
    "merge key": (8, "  <<: {seed: 3}", 8, "merge keys (<<) are not part of a lesson", "write the keys out"),
    "key that is a list": (8, "  ? [a]\n  : 1", 8, "a key must be a word", "quotes"),
    "second document": (14, "---\nsteps:", 14, "a second document starts here", "one lesson a file"),
    "control character": (3, "summary: a\x07b", 3, "the character U+0007 is not allowed", "remove it"),
    "wrong indentation": (8, "    seed: 1", 8, "this is not YAML", "indentation"),
    "no colon": (8, "  seed 1", 9, "this is not YAML", ""),
}  # fmt: skip


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
def test_a_lesson_that_is_wrong(case: tuple[int, str, int, str, str]) -> None:
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
        ("zzz", "use one of election, partition, partition-paper, or the path of a file"),
        ("none.yaml", "there is no such file"),
    ],
)
def test_finding_a_lesson_that_is_not_there(name: str, words: str) -> None:
    with pytest.raises(LessonError) as caught:
        lessons.find(name)
    assert words in str(caught.value)
