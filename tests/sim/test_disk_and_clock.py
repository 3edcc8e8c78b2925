"""A disk that stalls (Fig. 2, State: written before answered), and clocks that run fast or slow."""

from __future__ import annotations

import pytest

from raftviz import Simulation
from raftviz.errors import CommandError
from tests.sim.runs import dump


def led(nodes=3, timers="manual", **options) -> Simulation:
    """A cluster that node1 leads in term 1, nothing in flight."""
    sim = Simulation(nodes, timers=timers, timing={"latency": [10, 10]}, options=options)
    sim.do({"timeout": "node1"})
    sim.do({"settle": True})
    assert sim.state("node1")["state"] == "leader"
    return sim


def kinds(events, node=None) -> list[str]:
    return [event.kind for event in events if node in (None, event.node)]


def in_flight(sim: Simulation, **wanted) -> list[dict]:
    return [
        message
        for message in sim.view()["messages"].values()
        if all(message[name] == value for name, value in wanted.items())
    ]


class TestAStalledDisk:
    def test_a_node_goes_on_until_it_has_to_write(self):
        sim = led()
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"heartbeat": "node1"})
        sim.do({"deliver": {"to": "node2"}})
        assert len(in_flight(sim, **{"from": "node2"})) == 1, "a heartbeat changes nothing durable"
        assert sim.state("node2")["stalled"] and not sim.state("node2")["paused"]

    def test_nothing_leaves_before_it_is_written(self):
        sim = led()
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"deliver": {"to": "node2"}})
        assert sim.state("node2")["log"] != [], "it has the entry, in memory"
        assert sim.state("node2")["disk"]["lastIndex"] == 0
        assert in_flight(sim, **{"from": "node2"}) == []
        events = sim.do({"resume": {"disk": "node2"}})
        assert kinds(events, "node2") == ["resumed", "persisted", "message_sent"]
        assert sim.state("node2")["disk"]["lastIndex"] == 1
        assert len(in_flight(sim, **{"from": "node2"})) == 1

    def test_what_is_done_before_the_write_and_after_it_keeps_its_order_and_its_causes(self):
        sims = [led(), led()]
        sims[0].do({"pause": {"disk": "node2"}})
        for sim in sims:
            sim.do({"write": {"key": "x", "value": 1}})
            sim.do({"deliver": {"to": "node2"}})
        sims[0].do({"resume": {"disk": "node2"}})
        stalled, plain = (
            [e for e in sim.events if e.node == "node2" and e.kind not in ("paused", "resumed")]
            for sim in sims
        )
        assert kinds(stalled) == kinds(plain)
        assert [sims[0].events[e.cause - 1].kind for e in stalled] == [
            sims[1].events[e.cause - 1].kind for e in plain
        ]

    def test_a_leader_whose_disk_stalls_answers_nobody(self):
        """It must have its own entry on disk before it sends it on."""
        sim = led()
        sim.do({"pause": {"disk": "node1"}})
        sim.do({"write": {"key": "x", "value": 1}})
        assert in_flight(sim) == [] and len(sim.state("node1")["log"]) == 1
        sim.do({"resume": {"disk": "node1"}})
        sim.do({"settle": True})
        assert sim.view()["clients"]["client"]["outcome"] == "ok"

    def test_inputs_wait_in_their_order(self):
        sim = led()
        sim.do({"pause": {"disk": "node2"}})
        for value in (1, 2, 3):
            sim.do({"write": {"key": "x", "value": value, "client": f"c{value}"}})
        sim.do({"advance": 20})
        assert len(sim.state("node2")["log"]) == 1, "the first is being written"
        sim.do({"resume": {"disk": "node2"}})
        sim.do({"settle": True})
        assert [entry["set"]["x"] for entry in sim.state("node2")["log"]] == [1, 2, 3]
        delivered = [
            len(event.data["entries"])
            for event in sim.events
            if event.kind == "message_delivered"
            and event.node == "node2"
            and event.data["type"] == "AppendEntries"
            and event.data["entries"]
        ]
        assert delivered[:3] == [1, 2, 3]

    def test_it_may_stall_again_with_inputs_still_waiting(self):
        sim = led()
        sim.do({"pause": {"disk": "node2"}})
        for value in (1, 2):
            sim.do({"write": {"key": "x", "value": value, "client": f"c{value}"}})
        sim.do({"advance": 20})
        sim.do({"resume": {"disk": "node2"}})
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"advance": 20})
        assert len(sim.state("node2")["log"]) == 2
        assert sim.state("node2")["disk"]["lastIndex"] == 1
        sim.do({"resume": {"disk": "node2"}})
        assert sim.state("node2")["disk"]["lastIndex"] == 2

    def test_what_was_not_written_before_a_crash_is_lost(self):
        sim = led()
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"deliver": {"to": "node2"}})
        sim.do({"crash": "node2"})
        assert sim.state("node2")["log"] == []
        assert sim.events[-1].data["lost"] != []
        sim.do({"restart": "node2"})
        assert (sim.state("node2")["log"], sim.state("node2")["term"]) == ([], 1)
        events = sim.do({"resume": {"disk": "node2"}})
        assert kinds(events) == ["command", "resumed"], "nor does anything come of it later"
        sim.do({"heartbeat": "node1"})
        sim.do({"settle": True})
        assert len(sim.state("node2")["log"]) == 1
        assert sim.violations == []

    def test_a_vote_that_was_not_written_is_not_given(self):
        sim = Simulation(3, timing={"latency": [10, 10]})
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"timeout": "node1"})
        sim.do({"deliver": {"to": "node2"}})
        assert sim.state("node2")["votedFor"] == 1
        sim.do({"crash": "node2"})
        sim.do({"restart": "node2"})
        assert (sim.state("node2")["term"], sim.state("node2")["votedFor"]) == (0, None)
        sim.do({"resume": {"disk": "node2"}})
        sim.do({"timeout": "node3"})
        sim.do({"deliver": {"to": "node2", "from": "node3"}})
        assert sim.state("node2")["votedFor"] == 3
        assert sim.violations == [], "nobody ever heard of the first vote"

    def test_the_disk_goes_on_standing_still_after_a_restart(self):
        sim = led()
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"crash": "node2"})
        sim.do({"restart": "node2"})
        assert sim.state("node2")["stalled"]
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"settle": True})
        assert sim.state("node2")["disk"]["lastIndex"] == 0

    def test_a_majority_without_it_goes_on(self):
        sim = led()
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"settle": True})
        assert sim.state("node1")["commitIndex"] == 1
        assert sim.state("node1")["matchIndex"] == {"node2": 0, "node3": 1}

    def test_timers_that_run_out_meanwhile_wait_too(self):
        sim = led(timers="auto")
        sim.do({"pause": {"disk": "node1"}})
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"advance": 120})
        assert kinds(sim.events[-40:], "node1").count("timer_fired") == 0
        assert sim.state("node1")["state"] == "leader"
        sim.do({"resume": {"disk": "node1"}})
        events = sim.do({"step": 1})
        assert [e.data["name"] for e in events if e.kind == "timer_fired"] == ["heartbeat"]

    def test_a_timer_that_is_disarmed_by_what_follows_the_write_does_not_fire(self):
        sim = Simulation(3, timers="auto", options={"bugs": ["majority-minus-one"]})
        sim.do({"pause": {"disk": "node1"}})
        sim.do({"timeout": "node1"})
        sim.do({"isolate": "node1"})
        sim.do({"advance": 400})  # its election timer runs out while it waits
        sim.do({"resume": {"disk": "node1"}})
        assert sim.state("node1")["state"] == "leader", "its own vote is enough, by mistake"
        sim.do({"advance": 1})
        assert "election" not in sim.state("node1")["timers"]

    def test_a_node_that_waits_for_its_disk_takes_no_command(self):
        sim = led()
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"timeout": "node2"})
        for command in (
            {"timeout": "node2"},
            {"pause": "node2"},
            {"snapshot": "node2"},
            {"inject": {"type": "TimeoutNow", "from": "node1", "to": "node2", "term": 1}},
        ):
            with pytest.raises(CommandError) as caught:
                sim.do(command)
            name = next(iter(command))
            assert str(caught.value) == (
                f"{name}: node2 waits for its disk; "
                "let the disk go on first: resume: {disk: node2}"
            )

    def test_a_message_cannot_be_delivered_to_it_by_hand(self):
        sim = led()
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"timeout": "node2"})
        sim.do({"heartbeat": "node1"})
        with pytest.raises(CommandError, match="deliver: node2 waits for its disk"):
            sim.do({"deliver": {"to": "node2"}})

    def test_a_request_of_a_client_waits_as_well(self):
        sim = led()
        sim.do({"pause": {"disk": "node1"}})
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"read": {"key": "x", "client": "reader", "mode": "local"}})
        assert sim.view()["clients"]["reader"]["outcome"] == "waiting"
        sim.do({"resume": {"disk": "node1"}})
        sim.do({"settle": True})
        assert sim.view()["clients"]["reader"]["outcome"] == "ok"

    def test_a_paused_node_whose_disk_goes_on_writes_and_then_stands_still(self):
        sim = led()
        sim.do({"pause": "node2"})
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"advance": 20})
        sim.do({"resume": {"disk": "node2"}})
        assert sim.state("node2")["log"] == []
        sim.do({"resume": "node2"})
        sim.do({"settle": True})
        assert sim.state("node2")["disk"]["lastIndex"] == 1

    @pytest.mark.parametrize(
        ("commands", "error"),
        [
            (
                [{"pause": {"disk": "node2"}}, {"pause": {"disk": "node2"}}],
                "pause.disk: the disk of node2 stands still already",
            ),
            (
                [{"resume": {"disk": "node2"}}],
                "resume.disk: the disk of node2 does not stand still",
            ),
            (
                [{"pause": {"disk": "node7"}}],
                "pause.disk: there is no node 'node7'; did you mean 'node3'? use one of node1, node2, node3",
            ),
            (
                [{"resume": {"disk": "nod2"}}],
                "resume.disk: there is no node 'nod2'; did you mean 'node2'? use one of node1, node2, node3",
            ),
            (
                [{"pause": {"disc": "node2"}}],
                "pause: there is no field 'disc'; did you mean 'disk'? use one of disk",
            ),
        ],
    )
    def test_what_cannot_be_is_refused(self, commands, error):
        sim = led()
        for command in commands[:-1]:
            sim.do(command)
        before = dump(sim)
        with pytest.raises(CommandError) as caught:
            sim.do(commands[-1])
        assert str(caught.value) == error
        assert dump(sim) == before

    def test_a_fork_taken_while_it_stalls_goes_its_own_way(self):
        sim = led()
        sim.do({"pause": {"disk": "node2"}})
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"deliver": {"to": "node2"}})
        fork = sim.fork()
        fork.do({"crash": "node2"})
        assert (fork.state("node2")["log"], len(sim.state("node2")["log"])) == ([], 1)
        sim.do({"resume": {"disk": "node2"}})
        assert sim.state("node2")["disk"]["lastIndex"] == 1
        assert fork.state("node2")["disk"]["lastIndex"] == 0


class TestClocks:
    def due(self, sim: Simulation, node: str, name: str) -> int:
        timer = sim.state(node)["timers"][name]
        return int(timer["due"] - timer["set"])

    @pytest.mark.parametrize(("rate", "wait"), [(2, 25_000), (0.5, 100_000), (1.25, 40_000)])
    def test_a_timer_lasts_as_long_as_the_node_thinks(self, rate, wait):
        sim = led(timers="auto")
        sim.do({"clock": {"node": "node1", "rate": rate}})
        assert sim.state("node1")["clock"] == rate
        assert self.due(sim, "node1", "heartbeat") == 50_000, "what it had set before stays"
        sim.do({"heartbeat": "node1"})
        assert self.due(sim, "node1", "heartbeat") == wait

    def test_a_fast_clock_makes_an_impatient_follower(self):
        sim = Simulation(3, seed=4, timers="auto")
        sim.do({"clock": {"node": "node3", "rate": 10}})
        sim.do({"timeout": "node3"})
        sim.do({"settle": True})
        sim.do({"heartbeat": "node3"})
        assert sim.state("node3")["state"] == "leader"
        sim.do({"timeout": "node2"})
        sim.do({"settle": True})
        assert 15_000 <= self.due(sim, "node3", "election") <= 30_000

    def test_passive_timers_follow_the_same_clock(self):
        sim = led(leader_stickiness=True)
        sim.do({"clock": {"node": "node2", "rate": 2}})
        sim.do({"heartbeat": "node1"})
        sim.do({"settle": True})
        assert self.due(sim, "node2", "leader_contact") == 75_000
        assert self.due(sim, "node3", "leader_contact") == 150_000

    def test_messages_take_no_notice_of_it(self):
        sim = led()
        sim.do({"clock": {"node": "node1", "rate": 10}})
        sim.do({"heartbeat": "node1"})
        assert {m["arrives"] - m["sent"] for m in in_flight(sim)} == {10_000}

    def test_it_can_be_set_right_again(self):
        sim = led(timers="auto")
        sim.do({"clock": {"node": "node1", "rate": 2}})
        events = sim.do({"clock": {"node": "node1", "rate": 1}})
        assert [(e.kind, e.data) for e in events[1:]] == [("clock_changed", {"rate": 1})]
        sim.do({"heartbeat": "node1"})
        assert self.due(sim, "node1", "heartbeat") == 50_000

    def test_another_clock_draws_the_same_chances(self):
        """The draw is made first and then stretched, so that nothing else shifts."""
        sims = [Simulation(3, seed=9, timers="auto") for _ in range(2)]
        sims[0].do({"clock": {"node": "node2", "rate": 2}})
        waits = []
        for sim in sims:
            sim.do({"timeout": "node2"})
            waits.append(self.due(sim, "node2", "election"))
        assert waits[0] == round(waits[1] / 2)

    @pytest.mark.parametrize(
        ("argument", "error"),
        [
            (
                {"node": "node1", "rate": 1},
                "clock.rate: the clock of node1 runs at that rate already",
            ),
            (
                {"node": "node1", "rate": 0},
                "clock.rate: 0 does not fit; give a number from 0.1 to 10",
            ),
            (
                {"node": "node8", "rate": 2},
                "clock.node: there is no node 'node8'; did you mean 'node3'? use one of node1, node2, node3",
            ),
            ({"node": "node1"}, "clock: rate is missing; give a number from 0.1 to 10"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, argument, error):
        sim = led()
        before = dump(sim)
        with pytest.raises(CommandError) as caught:
            sim.do({"clock": argument})
        assert str(caught.value) == error
        assert dump(sim) == before

    def test_clocks_that_differ_within_the_bound_do_not_break_a_lease(self):
        """§6.4.1: a lease is a tenth shorter than what the others promised by their own clocks."""
        leases = {"read_mode": "lease", "check_quorum": True, "leader_stickiness": True}
        for rates in ((1, 1.1), (0.91, 1)):
            sim = led(**leases)
            for node, rate in zip(("node1", "node2"), rates, strict=True):
                if rate != 1:
                    sim.do({"clock": {"node": node, "rate": rate}})
            sim.do({"heartbeat": "node1"})
            sim.do({"deliver": {"to": "node2"}})  # at once: its promise ends as early as can be
            sim.do({"deliver": {"from": "node2"}})
            lease = sim.state("node1")["timers"]["lease_b"]
            promise = sim.state("node2")["timers"]["leader_contact"]
            assert lease["due"] < promise["due"]
