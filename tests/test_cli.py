"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from raftviz import Simulation, server
from raftviz.cli import main
from raftviz.lessons import lesson_schema
from raftviz.lessons.loader import ORDER

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "raftviz" / "lessons" / "library"

LESSON = """\
id: small
title: A small one
summary: node1 stands.
steps:
  - title: It stands
    say: node1 is a **{node1.state}**.
    do: {timeout: node1}
    expect:
      node1: {state: candidate}
"""


def raftviz(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m raftviz` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "raftviz", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(LESSON, "utf-8")
    return file


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    file = tmp_path / "wrong.yaml"
    file.write_text(LESSON.replace("state: candidate", "state: leader"), "utf-8")
    return file


Capture = pytest.CaptureFixture[str]


def test_run_tells_a_lesson_to_a_person(capsys: Capture) -> None:
    assert main(["run", "election"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Electing a leader\n=================\n")
    assert "1. Three followers, waiting for a leader" in told
    assert "node1: {state: leader, term: 1, votedFor: 1, log: []}" in told
    assert "Answer: 2: Two of three is a majority." in told
    assert "     12.0 ms  node2 receives node1's RequestVote for term 1." in told
    assert "[document: Initial State; Raft §5.1; Figure 2: State]" in told
    assert "The paper: A lower term is no reason" in told
    assert "**" not in told


def test_run_prints_the_documents_lines_alone(capsys: Capture) -> None:
    assert main(["run", "partition", "--format", "document"]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert all(line == "" or line.startswith("node") for line in lines)
    assert lines[:4] == [
        f"node{n}: {{state: follower, term: 0, votedFor: null, log: []}}" for n in (1, 2, 3)
    ] + [""]
    assert (
        "node3: {state: candidate, term: 2, votedFor: 3, log: []} // Partitioned, starts new term"
        in lines
    )


def test_run_prints_events_with_their_words(capsys: Capture) -> None:
    assert main(["run", "election", "--format", "events"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert all(
        {"seq", "time", "kind", "node", "cause", "data", "changes", "text"} <= event.keys()
        for event in events
    )
    assert events[0]["text"] == "A cluster of 3 nodes starts: node1, node2 and node3."
    assert {event["kind"] for event in events if event["text"] is None} <= {
        "timer_set",
        "timer_cancelled",
    }


def test_run_prints_states_of_each_step(capsys: Capture) -> None:
    assert main(["run", "partition", "--format", "states"]) == 0
    states = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [state["step"] for state in states] == list(range(1, len(states) + 1))
    fresh = Simulation(nodes=3, seed=7, options={"leader_stickiness": True})
    assert states[0]["nodes"]["node1"].keys() == fresh.state("node1").keys()
    assert states[-1]["nodes"]["node3"]["stateMachine"] == {"key": "value"}


def test_run_prints_a_trace_for_other_checkers(capsys: Capture) -> None:
    assert main(["run", "partition", "--format", "trace"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["step"] for line in lines] == list(range(1, len(lines) + 1))
    assert [action["name"] for action in lines[0]["actions"]] == ["Init"]
    assert lines[-1]["state"]["node3"]["log"] == [{"term": 1, "value": {"set": {"key": "value"}}}]


def test_run_of_a_file(small: Path, capsys: Capture) -> None:
    assert main(["run", str(small)]) == 0
    assert "node1 is a candidate." in capsys.readouterr().out


def test_run_of_a_lesson_that_does_not_hold(wrong: Path, capsys: Capture) -> None:
    assert main(["run", str(wrong), "--format", "document"]) == 1
    out, err = capsys.readouterr()
    assert out.count("\n") == 3
    assert err == (
        f"raftviz: {wrong}:9: lesson small, step 1 (It stands): node1 state: expected leader, got candidate\n"
    )


def test_check_of_the_library(capsys: Capture) -> None:
    assert main(["check", str(LIBRARY)]) == 0
    out = capsys.readouterr().out.splitlines()
    files = sorted(LIBRARY.glob("*.yaml"))
    ids = [path.stem for path in files if "." not in path.stem]
    assert [line.split(":")[0] for line in out] == [
        f"ok   {name}{language}"
        for name in ids
        for language in ("", " in zh")
        if not language or LIBRARY / f"{name}.zh.yaml" in files
    ]
    assert set(ids) == set(ORDER)


def test_check_stops_at_the_first_that_does_not_hold(
    small: Path, wrong: Path, capsys: Capture
) -> None:
    assert main(["check", str(small), str(wrong), str(small)]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("ok   small: 1 steps")
    assert second == (
        f"{wrong}:9: lesson small, step 1 (It stands): node1 state: expected leader, got candidate"
    )


def test_check_of_what_is_malformed(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(LESSON.replace("title: A small one", "titel: A small one"), "utf-8")
    assert main(["check", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(
        f"raftviz: {file}:2: unknown key `titel` in a lesson; did you mean `title`?"
    )
    assert err.count("\n") == 1


def test_check_of_a_command_that_cannot_be(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(LESSON.replace("timeout: node1", "heartbeat: node1"), "utf-8")
    assert main(["check", str(file)]) == 2
    assert (
        f"{file}:7: heartbeat: node1 is follower and has no heartbeat timer"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "elektion"], "there is no lesson 'elektion'; did you mean `election`?"),
        (["run", "none.yaml"], "none.yaml: there is no such file; check the path"),
        (["check", "none"], "none: there is no such file; check the path"),
        (["run", str(LIBRARY)], "this is a folder"),
    ],
)
def test_what_is_not_there(arguments: list[str], words: str, capsys: Capture) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("raftviz: ")
    assert words in err


def test_a_folder_without_lessons(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert "there is no lesson in this folder; lessons end in .yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [[], ["fly"], ["run"], ["check"], ["run", "election", "--format", "pdf"], ["serve", "--port", "99999"],
     ["serve", "--port", "x"]],
)  # fmt: skip
def test_usage(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m raftviz" in capsys.readouterr().err


def test_schema(capsys: Capture) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == lesson_schema()


def test_serve_hands_over_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def serve(**given: object) -> None:
        asked.update(given)
        raise SystemExit(0)

    monkeypatch.setattr(server, "serve", serve)
    with pytest.raises(SystemExit):
        main(["serve", "--host", "127.0.0.1", "--port", "5599"])
    assert asked == {"host": "127.0.0.1", "port": 5599, "lesson_files": []}


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(server, "serve", interrupted)
    assert main(["serve"]) == 130
    assert capsys.readouterr().err == ""


def test_the_same_output_whatever_the_hash_seed() -> None:
    for arguments in (
        ("run", "partition"),
        ("run", "partition-paper", "--format", "events"),
        ("run", "partition", "--format", "trace"),
        ("schema",),
    ):
        outputs = {raftviz(*arguments, PYTHONHASHSEED=seed).stdout for seed in ("0", "1", "77")}
        assert len(outputs) == 1
        assert len(outputs.pop()) > 1000


def test_errors_are_one_line_and_no_stack_trace() -> None:
    done = raftviz("run", "none.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "raftviz: none.yaml: there is no such file; check the path\n"


def test_a_reader_who_has_seen_enough() -> None:
    command = [sys.executable, "-m", "raftviz", "run", "partition", "--format", "events"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 0


def test_a_terminal_of_few_letters() -> None:
    done = raftviz("run", "partition", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Raft ?5.2" in done.stdout


def test_the_version_is_that_of_the_project(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert capsys.readouterr().out == f"raftviz {project['version']}\n"
