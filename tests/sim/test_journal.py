"""Events carry every change; the journal takes a simulation to any moment, and forks leave it be."""

from __future__ import annotations

import pytest

from raftviz import Error, Simulation
from raftviz.errors import CommandError, LimitError
from raftviz.sim import journal
from raftviz.sim.changes import advance, copy_view, empty_view, undo
from raftviz.sim.events import Event
from tests.sim.runs import STORM, UPHEAVAL, dump, quiet_before_upheaval, storm, upheaval


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


@pytest.mark.parametrize(
    ("sim", "commands"),
    [
        pytest.param(Simulation(5, seed=3, timers="auto"), STORM, id="storm"),
        pytest.param(quiet_before_upheaval(), UPHEAVAL, id="upheaval"),
    ],
)
def test_the_changes_of_all_events_add_up_to_what_the_cluster_shows(sim, commands):
    view = empty_view()
    for command in commands:
        try:
            new = sim.do(command)
        except Error:
            continue
        fold(new if view["seq"] else sim.events, view)
        assert {**view, "time": sim.now_us} == sim.view(), command


@pytest.mark.parametrize("run", [storm, upheaval])
def test_changes_applied_backwards_lead_back_to_nothing(run):
    sim = run()
    view = fold(sim.events)
    states = []
    for event in reversed(sim.events):
        undo(view, event.changes)
        states.append(event.seq)
    assert {**view, "time": 0, "seq": 0} == empty_view()


@pytest.mark.parametrize("run", [storm, upheaval])
def test_seq_is_contiguous_time_never_falls_and_causes_lead_to_a_command(run):
    sim = run()
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


def two_leaders_of_one_term() -> Simulation:
    """What an implementation that votes twice comes to, and some time after it."""
    sim = Simulation(3, seed=1, options={"bugs": ["vote-twice"]})
    for command in ({"timeout": "node1"}, {"timeout": "node2"}, {"deliver": {"to": "node3"}}):
        sim.do(command)
    for number in range(4):
        sim.run_to(sim.now_us + 20_000 * (number + 1))
    return sim


def test_time_stands_still_where_a_property_falls():
    sim = two_leaders_of_one_term()
    assert "Election Safety" in [event.data["property"] for event in sim.violations]
    again = Simulation(3, seed=1, options={"bugs": ["vote-twice"]})
    for order in sim.command_log[:3]:
        again.do(order["command"])
    events = again.run_to(1_000_000)
    (fell,) = (event for event in events if event.kind == "invariant_violated")
    assert fell.time == again.now_us < 1_000_000, "what befell the node then is told to its end"
    again.run_to(1_000_000)
    while again.now_us < 1_000_000:
        again.run_to(1_000_000)
    assert again.command_log[-1]["run_to"] == 1_000_000, "it goes on when asked to"


class TestFork:
    @pytest.mark.parametrize(("run", "upto", "every"), [(storm, 8, 5), (upheaval, None, 151)])
    def test_a_fork_at_any_event_stands_as_the_journal_says(self, run, upto, every):
        sim = run(upto=upto)
        for seq in range(1, len(sim.events) + 1, every):
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

    def test_a_fork_after_a_property_fell_tells_of_it_as_the_original_did(self):
        sim = two_leaders_of_one_term()
        whole = dump(sim)
        seqs = [event.seq for event in sim.violations]
        assert seqs
        for seq in range(1, len(whole) + 1):
            fork = sim.fork(at=seq)
            assert dump(fork) == whole[:seq]
            assert [event.seq for event in fork.violations] == [s for s in seqs if s <= seq]
        late = sim.fork(at=len(whole) - 3)
        late.run_to(sim.now_us)
        assert dump(late) == whole

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
