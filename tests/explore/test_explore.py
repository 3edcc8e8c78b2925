"""The search finds what is wrong, finds nothing where nothing is, and finds the same every time."""

from __future__ import annotations

import pytest
import yaml

from raftviz import lessons
from raftviz.cli import main
from raftviz.explore import Aim, Report, Schedule, lesson_text, play, promises_of, search
from raftviz.explore.fair import is_fair
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
    assert report.finding is None and 55_000 < report.events <= 60_000
    for goal in ("A leader", "A commit", "An entry is truncated", "A server restarts"):
        assert report.reached[goal] > 0, "a search that never comes to this proves nothing"


def test_the_same_seed_finds_the_same_with_any_number_of_workers() -> None:
    one, two = (hunt("forget-log-tail", workers) for workers in (1, 2))
    assert one == two and one.finding is not None
    other = hunt("forget-log-tail", seed=7)
    assert other.finding is not None
    assert other.finding.schedule != one.finding.schedule


def test_a_budget_is_never_overdrawn() -> None:
    whole = search(Aim(seed=3), 20_000)
    assert whole.events <= 20_000 < whole.events + 20_000
    short = search(Aim(seed=3), whole.events - 1)
    assert (short.schedules, short.events < whole.events) == (whole.schedules - 1, True)
    assert search(Aim(seed=3), 1).schedules == 0


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


def without_the_mistake(schedule: Schedule) -> Schedule:
    cluster = dict(schedule.cluster)
    cluster["options"] = {k: v for k, v in cluster["options"].items() if k != "bugs"}
    return Schedule(cluster, schedule.commands)


@pytest.mark.parametrize("bug", ["longest-log-wins", "skip-prev-log-check"])
def test_a_given_state_stays_one_that_raft_can_be_in(bug: str) -> None:
    """Else what is found would fall without the mistake, too."""
    wanted = promises_of(bug)
    trials = (explore(number, Aim(1, None, {"bugs": [bug]}, wanted)) for number in range(1, 2000))
    trial = next(t for t in trials if t.found and "given" in t.schedule.cluster)
    assert trial.found is not None
    best = shrink(trial, trial.found.property, ("bugs",)).schedule
    assert is_fair(best) and play(without_the_mistake(best)).broken == ()


SETTLE = {"settle": True}
REPEATED = Schedule(
    {"nodes": 3, "seed": 1, "timers": "manual",
     "options": {"client_sessions": True, "pre_vote": True, "bugs": ["retry-twice"]}},
    ({"timeout": "node1"}, SETTLE, {"write": {"key": "x", "value": 1, "client": "ann"}}, SETTLE,
     {"write": {"key": "x", "value": 2, "client": "bob"}}, SETTLE, {"retry": {"client": "ann"}}, SETTLE,
     {"read": {"key": "x", "client": "bob"}}, SETTLE, {"check": "linearizability"}),
)  # fmt: skip


def test_sessions_stay_where_a_command_is_repeated() -> None:
    """Without sessions it may be executed twice, which is no mistake (dissertation §6.3)."""
    best = shrink(play(REPEATED, ("Linearizability",)), "Linearizability", ("bugs",)).schedule
    assert best.cluster["options"] == {"client_sessions": True, "bugs": ["retry-twice"]}
    assert play(without_the_mistake(best)).broken == ()


@pytest.mark.parametrize("options", [{}, {"client_sessions": False}, {"read_mode": "local"}])
def test_every_schedule_that_is_drawn_is_fair(options: dict[str, object]) -> None:
    trials = [explore(number, Aim(seed=4, options=options)) for number in range(1, 81)]
    assert [trial.schedule for trial in trials if not is_fair(trial.schedule)] == []
    assert [trial.broken for trial in trials if trial.broken] == []
    assert any("given" in trial.schedule.cluster for trial in trials)


VOTED = {"term": 2, "votedFor": "node1"}
LEADS = {"state": "leader", "term": 2, "log": [1, 2]}


@pytest.mark.parametrize(
    ("options", "timers", "given", "commands", "fair"),
    [
        ({}, "manual", None, [{"timeout": "node1"}], True),
        ({}, "manual", None, [{"wipe": "node1"}], False),
        ({}, "manual", None, [{"retry": {}}], False),
        ({"client_sessions": True}, "manual", None, [{"retry": {}}], True),
        ({"read_mode": "lease"}, "auto", None, [{"advance": 10}], True),
        ({"read_mode": "lease"}, "manual", None, [], False),
        ({"read_mode": "lease"}, "auto", None, [{"timeout": "node1"}], False),
        ({}, "manual", {"node1": LEADS, "node2": {**VOTED, "log": [1, 2]}}, [], True),
        ({}, "manual", {"node1": {**LEADS, "commitIndex": 2}, "node2": {**VOTED, "log": [1, 2]}}, [], True),
        ({}, "manual", {"node1": {**LEADS, "commitIndex": 2}, "node2": VOTED}, [], False),
        ({}, "manual", {"node1": LEADS}, [], False),
        ({}, "manual", {"node1": LEADS, "node2": {**VOTED, "log": [1, 1]}}, [], False),
        ({}, "manual", {"node2": {"term": 1, "log": [1]}}, [], False),
    ],
)  # fmt: skip
def test_what_is_fair(options, timers, given, commands, fair) -> None:
    cluster = {"nodes": 3, "seed": 1, "timers": timers, "options": options}
    if given:
        cluster["given"] = given
    assert is_fair(Schedule(cluster, tuple(commands))) is fair


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
