"""Directed links, seen through the Python face."""

from __future__ import annotations

import pytest

from raftviz import Simulation
from raftviz.errors import CommandError, LimitError
from raftviz.sim.rng import stream


def made(nodes=3, latency=(10, 10), **more) -> Simulation:
    return Simulation(nodes, timing={"latency": list(latency)}, **more)


def in_flight(sim):
    return [(m["type"], m["reply"], m["from"], m["to"]) for m in sim.view()["messages"].values()]


def ends(sim, kind):
    return [(e.data["from"], e.data["to"]) for e in sim.events if e.kind == kind]


def cuts(sim):
    return sorted(name for name, link in sim.view()["links"].items() if link["cut"])


def test_a_message_takes_its_latency():
    sim = made(latency=(7, 9))
    sim.do({"timeout": "node1"})
    sim.do({"advance": 6.9})
    assert len(in_flight(sim)) == 2
    sim.do({"advance": 2.1})
    assert all(reply for _, reply, _, _ in in_flight(sim))


def test_a_message_sent_over_a_cut_link_dies_half_way():
    sim = made()
    sim.do({"cut": {"from": "node1", "to": "node3"}})
    sim.do({"timeout": "node1"})
    sim.do({"advance": 4.9})
    assert ends(sim, "message_dropped") == []
    sim.do({"advance": 0.1})
    assert ends(sim, "message_dropped") == [("node1", "node3")]
    dropped = next(e for e in sim.events if e.kind == "message_dropped")
    assert dropped.data["why"] == "cut"
    assert sim.events[dropped.cause - 1].kind == "link_changed"


@pytest.mark.parametrize(("cut_after", "arrives"), [(4, False), (6, True)])
def test_a_cut_takes_what_has_not_passed_the_middle(cut_after, arrives):
    sim = made()
    sim.do({"timeout": "node1"})
    sim.do({"advance": cut_after})
    sim.do({"cut": ["node1", "node2"]})
    sim.do({"advance": 10 - cut_after})
    assert (("node1", "node2") in ends(sim, "message_delivered")) is arrives


def test_mending_in_time_saves_what_was_on_its_way():
    sim = made()
    sim.do({"timeout": "node1"})
    sim.do({"cut": ["node1", "node2"]})
    sim.do({"advance": 3})
    sim.do({"heal": ["node1", "node2"]})
    sim.do({"advance": 7})
    assert ("node1", "node2") in ends(sim, "message_delivered")


@pytest.mark.parametrize(
    ("command", "cut"),
    [
        ({"cut": ["node1", "node2"]}, ["node1>node2", "node2>node1"]),
        ({"cut": {"from": "node2", "to": "node1"}}, ["node2>node1"]),
        ({"isolate": "node3"}, ["node1>node3", "node2>node3", "node3>node1", "node3>node2"]),
        (
            {"partition": [["node1", "node2"], ["node3"]]},
            ["node1>node3", "node2>node3", "node3>node1", "node3>node2"],
        ),
        (  # nodes in no group are alone
            {"partition": [["node1", "node2"]]},
            ["node1>node3", "node2>node3", "node3>node1", "node3>node2"],
        ),
    ],
)
def test_cuts(command, cut):
    sim = made()
    sim.do(command)
    assert cuts(sim) == cut
    sim.do({"heal": True})
    assert sim.view()["links"] == {}


def test_a_new_partition_replaces_the_old_one():
    sim = made()
    sim.do({"partition": [["node1"], ["node2", "node3"]]})
    sim.do({"partition": [["node1", "node2"], ["node3"]]})
    assert "node1>node2" not in cuts(sim) and "node2>node3" in cuts(sim)


@pytest.mark.parametrize(
    ("heal", "left"),
    [
        ("node1", ["node2>node3", "node3>node2"]),
        (
            {"from": "node1", "to": "node3"},
            ["node1>node2", "node2>node1", "node2>node3", "node3>node1", "node3>node2"],
        ),
    ],
)
def test_heal_mends_what_it_names(heal, left):
    sim = made()
    sim.do({"partition": [["node1"], ["node2"], ["node3"]]})
    sim.do({"heal": heal})
    assert cuts(sim) == left


def test_loss_strikes_as_often_as_said():
    sim = made(2)
    sim.do({"link": {"from": "node1", "to": "node2", "loss": 0.25}})
    for _ in range(400):
        sim.do({"timeout": "node1"})
    sim.do({"advance": 50})
    lost = [e for e in sim.events if e.kind == "message_dropped" and e.data["why"] == "loss"]
    assert 60 < len(lost) < 140


def test_duplication_delivers_twice():
    sim = made(2)
    sim.do({"link": {"from": "node1", "to": "node2", "duplicate": 1}})
    sim.do({"timeout": "node1"})
    sim.do({"settle": True})
    votes = [e for e in sim.events if e.kind == "message_delivered" and e.node == "node2"]
    assert [e.data["type"] for e in votes][:2] == ["RequestVote", "RequestVote"]
    assert sim.state("node1")["state"] == "leader"


def test_latency_of_one_link_one_way():
    sim = made()
    sim.do({"link": {"from": "node1", "to": "node2", "latency": [100, 100]}})
    sim.do({"timeout": "node1"})
    arrives = {m["to"]: m["arrives"] for m in sim.view()["messages"].values()}
    assert arrives == {"node2": 100_000, "node3": 10_000}


class TestMessagesInFlight:
    def test_deliver_is_now_and_in_the_order_in_which_they_are_due(self):
        sim = made(latency=(10, 20), seed=4)
        sim.do({"timeout": "node1"})
        sim.do({"deliver": {"to": "node3"}})
        assert sim.now_us == 0 and sim.state("node3")["votedFor"] == 1
        sim.do({"deliver": {"reply": True}})
        assert sim.state("node1")["state"] == "leader"

    def test_deliver_over_a_cut_is_a_loss(self):
        sim = made()
        sim.do({"isolate": "node3"})
        sim.do({"timeout": "node1"})
        sim.do({"deliver": {"to": "node3"}})
        assert ends(sim, "message_dropped") == [("node1", "node3")]

    def test_drop_delay_and_duplicate(self):
        sim = made()
        sim.do({"timeout": "node1"})
        sim.do({"drop": {"to": "node3"}})
        sim.do({"delay": {"messages": {"to": "node2"}, "by": 5}})
        sim.do({"advance": 14})
        assert ends(sim, "message_delivered") == []
        sim.do({"duplicate": {"to": "node2"}})
        sim.do({"advance": 10})
        assert ends(sim, "message_delivered") == [("node1", "node2"), ("node1", "node2")]

    def test_copies_do_not_multiply_without_end(self):
        sim = made()
        sim.do({"timeout": "node1"})
        with pytest.raises(LimitError, match="would be in flight"):
            for _ in range(20):
                sim.do({"duplicate": "all"})
        assert len(in_flight(sim)) == 512

    @pytest.mark.parametrize("command", ["deliver", "drop", "duplicate"])
    def test_a_selector_that_fits_nothing_says_what_is_there(self, command):
        sim = made()
        with pytest.raises(CommandError, match="no message is in flight"):
            sim.do({command: "all"})
        sim.do({"timeout": "node1"})
        with pytest.raises(CommandError, match="in flight: RequestVote node1→node2"):
            sim.do({command: {"from": "node2"}})

    def test_settle_lets_no_timer_fire(self):
        sim = Simulation(3, seed=1, timers="auto", timing={"latency": [400, 400]})
        sim.do({"timeout": "node1"})
        sim.do({"settle": True})
        fired = [e for e in sim.events if e.kind == "timer_fired"]
        assert len(fired) == 1 and sim.now_us >= 800_000
        assert sim.state("node1")["state"] == "leader"


def test_streams_are_independent_and_even():
    one, two = stream(7, "latency"), stream(7, "timeouts")
    first = [one.between(0, 9) for _ in range(2000)]
    assert first != [two.between(0, 9) for _ in range(2000)]
    assert [stream(7, "latency").between(0, 9)] == first[:1]
    assert all(150 < first.count(digit) < 250 for digit in range(10))
    assert min(first) == 0 and max(first) == 9
