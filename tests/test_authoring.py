"""The commands of authors: a new lesson that works, a lesson made of a run, and checking while one writes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest
import yaml

from raftviz import Simulation, lessons, narrate
from raftviz.cli import main
from raftviz.errors import LessonError
from raftviz.session import Line, Moment, Session, dumps

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = lessons.library()
DEADLINE = 30.0

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def played() -> Simulation:
    """What a person might do in a sandbox: wait for a leader, write, crash it, and wait again."""
    simulation = Simulation(nodes=3, seed=3, timers="auto", options={"pre_vote": True})
    simulation.run_to(300_000)
    (leader,) = [n for n in simulation.node_ids if simulation.state(n)["state"] == "leader"]
    simulation.do({"write": {"key": "x", "value": 1}})
    simulation.run_to(330_000)
    simulation.do({"crash": leader})
    simulation.run_to(900_000)
    return simulation


def test_a_new_lesson_holds_and_is_never_written_over(capsys: Capture) -> None:
    assert main(["new", "my-lesson"]) == 0
    assert main(["check", "my-lesson.yaml"]) == 0
    assert "ok   my-lesson: 3 steps" in capsys.readouterr().out
    Path("my-lesson.yaml").write_text("mine", "utf-8")
    assert main(["new", "my-lesson"]) == 2
    assert "there is such a file already; name another with -o" in capsys.readouterr().err
    assert Path("my-lesson.yaml").read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["My lesson", "", "-a", "a--b", "../a", "a" * 61])
def test_an_id_that_is_none(name: str, capsys: Capture) -> None:
    assert main(["new", "--", name]) == 2
    assert "use a-z, 0-9 and hyphens" in capsys.readouterr().err
    assert not list(Path().iterdir())


def test_what_was_played_becomes_steps() -> None:
    text = lessons.recorded(played(), "mine", "Mine")
    lesson = lessons.loads(text, "mine.yaml")
    run = lessons.run(lesson)
    assert run.failures == []
    assert run.simulation.view()["nodes"] == played().view()["nodes"]
    done = [next(iter(command)) for step in lesson.steps for command in step.do]
    assert [name for name in done if name != "advance"] == ["write", "crash"]
    titles = [step.title for step in lesson.steps]
    assert "A client asks the leader to set x = 1" in titles
    assert sum("it leads term" in title for title in titles) == 2
    assert titles.count(narrate.text(narrate.sentence("lesson.later"), "en")) == 2
    assert lesson.cluster["options"] == {"pre_vote": True}
    assert all(step.expect for step in lesson.steps[-1:])


def test_what_it_expects_is_what_came_of_it() -> None:
    text = lessons.recorded(played(), "mine")
    run = lessons.run(lessons.loads(text.replace("value: 1", "value: 2"), "mine.yaml"))
    assert run.ok, "a value is not what a step expects"
    run = lessons.run(lessons.loads(text.replace("crash: ", "pause: "), "mine.yaml"))
    assert not run.ok
    simulation = played()
    simulation.do({"write": {"key": "y", "value": 2}})
    simulation.run_to(1_200_000)
    expected = yaml.safe_load(lessons.recorded(simulation, "mine"))["steps"][-1]["expect"]
    nodes = simulation.view()["nodes"]
    assert max(len(node["log"]) for node in nodes.values()) == 2
    for name, node in nodes.items():
        assert expected[name]["log"] == [entry["term"] for entry in node["log"]]


@pytest.mark.parametrize("lesson", LIBRARY, ids=lambda lesson: lesson.id)
def test_the_run_of_every_lesson_can_be_recorded(lesson: lessons.Lesson) -> None:
    before = lessons.run(lesson).simulation
    again = lessons.run(lessons.loads(lessons.recorded(before, "again", lang="zh"), "again.yaml"))
    assert again.failures == []
    assert again.simulation.view()["nodes"] == before.view()["nodes"]
    assert [e.data for e in again.simulation.violations] == [e.data for e in before.violations]


def test_what_cannot_be_a_lesson() -> None:
    with pytest.raises(LessonError, match="nothing has been done yet; do something first"):
        lessons.recorded(Simulation(), "mine")
    busy = Simulation(timers="manual")
    for _ in range(51):
        busy.do({"pause": "node1"})
        busy.do({"resume": "node1"})
    with pytest.raises(LessonError, match="more than 100 steps"):
        lessons.recorded(busy, "mine")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("My run, no. 2!", "my-run-no-2"),
        ("分区", "my-lesson"),
        ("x" * 99, "x" * 60),
        ("(My) run", "my-run"),
    ],
)
def test_an_id_from_a_title(title: str, name: str) -> None:
    assert lessons.id_of(title) == name


def test_a_saved_session_becomes_a_lesson(capsys: Capture) -> None:
    simulation = played()
    other = simulation.fork(at=len(simulation.events))
    other.do({"restart": "node3"})
    lines = (
        Line("main", "Main", simulation),
        Line("b1", "What if", other, "main", len(simulation.events), simulation.command_log),
    )
    saved = Session(lines, "My own", moment=Moment("b1", len(other.events)))
    Path("saved.json").write_text(dumps(saved), "utf-8")
    assert main(["record", "saved.json"]) == 0
    assert "my-own.yaml: " in capsys.readouterr().out
    made = lessons.run(lessons.load("my-own.yaml"))
    assert made.simulation.view()["nodes"] == other.view()["nodes"]
    assert main(["record", "saved.json", "--branch", "main", "--id", "first", "-o", "1.yaml"]) == 0
    assert lessons.load("1.yaml").id == "first"
    assert main(["record", "saved.json", "--branch", "b9", "-o", "2.yaml"]) == 2
    assert "there is no branch 'b9'; use one of main, b1" in capsys.readouterr().err


@pytest.fixture
def watching() -> Iterator[Queue[str]]:
    """The lines that `check --watch` prints, as they come."""
    assert main(["new", "one"]) == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "raftviz", "check", "--watch", "one.yaml"],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    )
    lines: Queue[str] = Queue()
    stream = process.stdout
    assert stream

    def read() -> None:
        for line in stream:
            lines.put(line.strip())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    yield lines
    process.terminate()
    process.wait(DEADLINE)
    reader.join(DEADLINE)
    stream.close()


def test_check_looks_again_at_each_change(watching: Queue[str]) -> None:
    def wait_for(words: str) -> None:
        while words not in watching.get(timeout=DEADLINE):
            pass

    wait_for("ok   one: 3 steps")
    file = Path("one.yaml")
    good = file.read_text("utf-8")
    file.write_text(good.replace("leader: node1", "leader: node2"), "utf-8")
    wait_for("expected node2, got node1")
    file.write_text(good.replace("steps:", "stpes:"), "utf-8")
    wait_for("unknown key `stpes`")
    replaced = Path("two.yaml")
    replaced.write_text(good, "utf-8")
    replaced.replace(file)
    wait_for("ok   one: 3 steps")


def test_watching_what_is_not_there(capsys: Capture) -> None:
    assert main(["check", "--watch", "no/such.yaml"]) == 2
    assert "there is no such file" in capsys.readouterr().err


def test_a_lessons_own_run_keeps_its_titles_as_far_as_the_same_was_done(capsys: Capture) -> None:
    assert main(["run", "partition", "--format", "session"]) == 0
    Path("saved.json").write_text(capsys.readouterr().out, "utf-8")
    script = lessons.find("partition")
    for lang in ("en", "zh"):
        assert main(["record", "saved.json", "--lang", lang, "-o", f"{lang}.yaml"]) == 0
        told = script.texts.get(lang, script)
        made = lessons.load(f"{lang}.yaml")
        acting = [
            words.title
            for step, words in zip(script.steps, told.steps, strict=True)
            if step.do or step is script.steps[0]
        ]
        assert [step.title for step in made.steps] == acting
        assert made.summary == told.summary
    simulation = lessons.run(script).simulation.fork(at=lessons.run(script).steps[2].end_seq)
    simulation.do({"crash": "node2"})
    made = lessons.loads(lessons.recorded(simulation, "mine", script=script), "mine.yaml")
    titles = [step.title for step in made.steps]
    assert titles == [*(step.title for step in script.steps[:3]), "node2 crashes"]


def test_an_id_that_raftviz_has_already_is_warned_of(capsys: Capture) -> None:
    assert main(["new", "partition"]) == 0
    assert "partition is the id of a lesson that raftviz ships" in capsys.readouterr().err
    assert main(["new", "my-lesson"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", [["record"], ["replay"], ["export"]])
def test_what_is_wrong_with_a_file_names_it(command: list[str], capsys: Capture) -> None:
    Path("odd.json").write_text("odd", "utf-8")
    assert main([*command, "odd.json"]) == 2
    assert "raftviz: odd.json: this is no JSON" in capsys.readouterr().err
    Path("odd.json").write_text('{"format": "other"}', "utf-8")
    assert main([*command, "odd.json"]) == 2
    assert "raftviz: odd.json: " in capsys.readouterr().err
