"""Events carry every change; the journal takes a simulation to any moment, and forks leave it be."""

from __future__ import annotations

import pytest

from raftviz import Error, Simulation
from raftviz.errors import CommandError, LimitError
from raftviz.sim import journal
from raftviz.sim.changes import advance, copy_view, empty_view, undo
from raftviz.sim.events import Event
from tests.sim.runs import STORM, dump, storm


@pytest.fixture(autouse=True)
def frequent_keyframes(monkeypatch):
    """Keyframes so dense that every kind of restart is met."""
    monkeypatch.setattr(journal, "KEYFRAME_EVENTS", 40)


def fold(events, view=None):
    view = empty_view() if view is None else view
    for event in events:
        changes = tuple((path, old, copy_view(new)) for path, old, new in event.changes)
        advance(view, Event(event.seq, event.time, "", None, None, {}, changes))
    return view


def test_the_changes_of_all_events_add_up_to_what_the_cluster_shows():
    sim = Simulation(5, seed=3, timers="auto")
    view = empty_view()
    for command in STORM:
        try:
            new = sim.do(command)
        except Error:
            continue
        fold(new if view["seq"] else sim.events, view)
        assert {**view, "time": sim.now_us} == sim.view(), command


def test_changes_applied_backwards_lead_back_to_nothing():
    sim = storm()
    view = fold(sim.events)
    states = []
    for event in reversed(sim.events):
        undo(view, event.changes)
        states.append(event.seq)
    assert {**view, "time": 0, "seq": 0} == empty_view()


def test_seq_is_contiguous_time_never_falls_and_causes_lead_to_a_command():
    sim = storm()
    assert [event.seq for event in sim.events] == list(range(1, len(sim.events) + 1))
    times = [event.time for event in sim.events]
    assert times == sorted(times)
    for event in sim.events:
        if event.cause is None:
            assert event.kind == "command"
        else:
            assert 1 <= event.cause < event.seq
    roots = {1: 1}
    for event in sim.events:
        roots[event.seq] = event.seq if event.cause is None else roots[event.cause]
    assert {sim.events[root - 1].kind for root in roots.values()} == {"command"}


def test_view_at_shows_every_moment():
    sim = storm(upto=9)
    view = empty_view()
    for event in sim.events:
        fold([event], view)
        if event.seq % 7 == 0:
            assert sim.view_at(event.seq) == view
    assert sim.view_at(0) == empty_view()
    assert {**sim.view_at(len(sim.events)), "time": sim.now_us} == sim.view()


class TestFork:
    def test_a_fork_at_any_event_stands_as_the_journal_says(self):
        sim = storm(upto=8)
        for seq in range(1, len(sim.events) + 1, 5):
            fork = sim.fork(at=seq)
            assert len(fork.events) == seq
            assert dump(fork) == dump(sim)[:seq]
            view = fork.view()
            assert {**view, "time": 0} == {**sim.view_at(seq), "time": 0}

    def test_a_fork_goes_on_as_the_original_did(self):
        """From any moment, letting the time pass that passed gives the same events."""
        sim = Simulation(3, seed=5, timers="auto")
        sim.do({"advance": 900})
        whole = dump(sim)
        for seq in range(2, len(whole), 11):
            fork = sim.fork(at=seq)
            fork.run_to(sim.now_us)
            assert dump(fork) == whole

    def test_fork_and_original_do_not_touch_each_other(self):
        sim = storm(upto=6)
        before, view = dump(sim), sim.view()
        fork = sim.fork()
        fork.do({"crash": "node4"})
        fork.do({"write": {"key": "z", "value": 9, "to": "node5"}})
        fork.do({"advance": 500})
        assert (dump(sim), sim.view()) == (before, view)
        sim.do({"advance": 500})
        assert dump(sim.fork()) == dump(sim)

    def test_a_fork_of_a_fork_and_its_command_log(self):
        sim = storm(upto=8)
        first = sim.fork(at=len(sim.events) * 2 // 3)
        first.do({"advance": 100})
        second = first.fork(at=len(first.events) - 5)
        assert dump(second) == dump(first)[: len(second.events)]
        third = second.fork()
        assert dump(third) == dump(second)
        second.do({"advance": 333})
        third.do({"advance": 333})
        assert dump(third) == dump(second)

    @pytest.mark.parametrize("at", [0, -1, 10**6, "3", 1.5, True])
    def test_a_fork_at_no_event_is_refused(self, at):
        with pytest.raises(CommandError, match="there is no event"):
            storm(upto=1).fork(at=at)


class TestAtomicity:
    @pytest.mark.parametrize(
        "command",
        [
            {"run_until": {"leader": "node1", "committed": 99, "within": 2000}},
            {"step": 10_000},
            {"crash": "node9"},
            {"deliver": {"type": "AppendEntries", "term": 77}},
            {"option": {"leader_stickiness": True, "nonsense": 1}},
            {"partition": [["node1"], ["node1", "node2"]]},
        ],
    )
    @pytest.mark.parametrize("withheld", [False, True])
    def test_a_command_that_fails_changes_nothing(self, command, withheld):
        sim = Simulation(3, seed=2, timers="auto", max_events=3000)
        sim.do({"advance": 400})
        if withheld:
            sim = sim.fork(at=next(e.seq for e in sim.events if e.kind == "term_changed"))
        twin = sim.fork()
        before, view, log = dump(sim), sim.view(), sim.command_log
        with pytest.raises(Error):
            sim.do(command)
        assert (dump(sim), sim.view(), sim.command_log) == (before, view, log)
        sim.do({"advance": 300})
        twin.do({"advance": 300})
        assert dump(sim) == dump(twin), "and what follows is as if it had never been tried"

    def test_time_that_passed_over_a_paused_node_comes_back_too(self):
        """What waits at a paused node happens without an event, and is undone all the same."""
        sim = Simulation(1, seed=2, timers="auto")
        sim.do({"pause": "node1"})
        for wanted in ({"step": 5}, {"run_until": {"leader": True}}):
            before = sim.fork()
            with pytest.raises(Error):
                sim.do(wanted)
            assert sim.now_us == before.now_us == 0
        sim.do({"advance": 500})
        at = sim.fork().events[-1].seq
        fork = sim.fork(at=at)
        for one in (sim, fork):
            one.run_to(500_000)
            one.do({"resume": "node1"})
            one.do({"step": 1})
        assert dump(fork) == dump(sim)

    def test_one_command_may_not_cause_events_without_end(self):
        sim = Simulation(3, seed=2, timers="auto", max_events=500)
        with pytest.raises(LimitError, match="more events than one command may"):
            sim.do({"advance": 60_000})
        assert len(sim.events) < 10
        with pytest.raises(LimitError):
            sim.run_to(60_000_000, max_events=200)
        assert len(sim.events) < 10 and sim.now_us == 0

    def test_time_passes_without_a_commands_event_and_is_logged_once(self):
        sim = Simulation(3, seed=2, timers="auto")
        for time_us in range(33_000, 400_000, 33_000):
            assert all(event.kind != "command" for event in sim.run_to(time_us))
        assert sim.command_log == [{"run_to": 396_000}]
        assert dump(sim.fork(at=len(sim.events) - 3)) == dump(sim)[:-3]
        with pytest.raises(CommandError, match="time cannot go"):
            sim.run_to(1)
