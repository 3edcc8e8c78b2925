"""The search finds what is wrong, finds nothing where nothing is, and finds the same every time."""

from __future__ import annotations

import pytest
import yaml

from raftviz import lessons
from raftviz.cli import main
from raftviz.explore import Aim, Report, lesson_text, play, promises_of, search
from raftviz.explore.schedule import explore
from raftviz.explore.shrink import shrink, size

SOON = ["vote-twice", "majority-minus-one", "vote-without-log-check", "forget-log-tail"]
"""Mistakes that a few schedules find."""


def hunt(bug: str, workers: int = 1, seed: int = 1, events: int = 300_000) -> Report:
    return search(Aim(seed, None, {"bugs": [bug]}, promises_of(bug)), events, workers)


@pytest.mark.parametrize("bug", [*SOON, "accept-stale-term"])
def test_a_mistake_is_found_and_what_was_found_is_a_lesson_that_holds(bug: str) -> None:
    finding = hunt(bug).finding
    assert finding is not None and finding.found.property in promises_of(bug)
    assert len(finding.schedule.commands) <= min(25, finding.commands)
    text = lesson_text(finding, seed=1)
    lesson = lessons.loads(text, "found.yaml")
    run = lessons.run(lesson)
    assert run.ok, run.failures
    fallen = [event.data["property"] for event in run.simulation.violations]
    assert finding.found.property in fallen
    assert lesson.cluster["options"]["bugs"] == [bug]
    last = yaml.safe_load(text)["steps"][-1]
    assert finding.found.property in last["expect"]["violations"]


def test_without_mistakes_nothing_is_found_and_the_runs_come_to_something() -> None:
    report = search(Aim(seed=2), events=60_000)
    assert report.finding is None and report.events >= 60_000
    for goal in ("A leader", "A commit", "An entry is truncated", "A server restarts"):
        assert report.reached[goal] > 0, "a search that never comes to this proves nothing"


def test_the_same_seed_finds_the_same_with_any_number_of_workers() -> None:
    one, two = (hunt("forget-log-tail", workers) for workers in (1, 2))
    assert one == two and one.finding is not None
    other = hunt("forget-log-tail", seed=7)
    assert other.finding is not None
    assert other.finding.schedule != one.finding.schedule


def test_what_is_told_is_the_first_schedule_by_its_number() -> None:
    aim = Aim(1, None, {"bugs": ["vote-without-log-check"]}, ("Leader Completeness",))
    report = search(aim, events=300_000)
    first = next(number for number in range(1, 1000) if explore(number, aim).found)
    assert report.finding is not None and report.finding.number == first == report.schedules


def test_a_schedule_is_played_again_to_the_same_end() -> None:
    aim = Aim(1, None, {"bugs": ["forget-log-tail"]}, ("Leader Completeness",))
    trial = next(t for n in range(1, 200) if (t := explore(n, aim)).found)
    again = play(trial.schedule, ("Leader Completeness",))
    assert again.found == trial.found and again.events == trial.events


def test_shrinking_keeps_the_property_and_only_makes_shorter() -> None:
    aim = Aim(3, None, {"bugs": ["vote-without-log-check"]}, ("Leader Completeness",))
    trial = next(t for n in range(1, 200) if (t := explore(n, aim)).found)
    best = shrink(trial, "Leader Completeness", ("bugs",))
    assert best.found is not None and best.found.property == "Leader Completeness"
    assert size(best.schedule) <= size(trial.schedule)
    assert best.found.commands == len(best.schedule.commands), "nothing comes after it"
    commands = best.schedule.commands
    for place in range(len(commands)):
        less = type(best.schedule)(best.schedule.cluster, commands[:place] + commands[place + 1 :])
        assert play(less, ("Leader Completeness",)).found is None, "each command is needed"


class TestCommand:
    def test_it_writes_what_it_found(self, tmp_path, capsys) -> None:
        file = tmp_path / "found.yaml"
        words = ["--bugs", "vote-twice", "--workers", "1", "--output", str(file)]
        assert main(["explore", *words]) == 1
        out = capsys.readouterr().out
        assert "Election Safety falls in schedule" in out and str(file) in out
        assert "A leader" in out, "it says what its schedules came to"
        assert main(["check", str(file)]) == 0

    def test_it_says_when_there_is_nothing(self, tmp_path, capsys) -> None:
        file = tmp_path / "found.yaml"
        assert main(["explore", "--budget", "2000", "--workers", "1", "--output", str(file)]) == 0
        assert "No violation." in capsys.readouterr().out
        assert not file.exists()

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["--bugs", "vote-twise"], "did you mean 'vote-twice'?"),
            (["--budget", "0"], "give a whole number from 1"),
            (["--budget", "many"], "give a whole number from 1"),
            (["--workers", "0"], "give a whole number from 1 to 64"),
            (["--nodes", "99"], "give a whole number from 2 to 7"),
            (["--options", "pre_vote"], "write pre_vote=true"),
            (["--options", "pre_vot=true"], "did you mean 'pre_vote'?"),
            (["--options", "read_mode=lease"], "a lease needs check_quorum"),
            (["--property", "Election Safty"], "did you mean 'Election Safety'?"),
            (["--output", "/nowhere/found.yaml"], "there is no folder"),
        ],
    )
    def test_what_cannot_be_searched_is_refused(self, words, said, capsys) -> None:
        try:
            code = main(["explore", *words])
        except SystemExit as end:
            code = end.code
        assert code == 2
        assert said in capsys.readouterr().err
