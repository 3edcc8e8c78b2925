"""Crashes, pauses, options, hand-made messages, and what clients are told."""

from __future__ import annotations

import pytest

from raftviz import Simulation
from raftviz.errors import CommandError, ScriptError


def led(nodes=3, **more) -> Simulation:
    """A cluster that node1 leads in term 1, nothing in flight."""
    sim = Simulation(nodes, timing={"latency": [10, 10]}, **more)
    sim.do({"timeout": "node1"})
    sim.do({"settle": True})
    assert sim.state("node1")["state"] == "leader"
    return sim


def client(sim, name="client"):
    return sim.view()["clients"][name]


class TestCrash:
    def test_term_vote_and_log_survive_and_nothing_else(self):
        sim = led()
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"settle": True})
        sim.do({"crash": "node1"})
        state = sim.state("node1")
        assert (state["term"], state["votedFor"], len(state["log"])) == (1, 1, 1)
        assert (state["commitIndex"], state["stateMachine"], state["crashed"]) == (0, {}, True)
        assert state["timers"] == {} and state["state"] == "follower"
        sim.do({"restart": "node1"})
        assert sim.state("node1")["timers"].keys() == {"election"}

    def test_the_state_lines_say_who_does_not_run(self):
        sim = led()
        sim.do({"crash": "node1"})
        sim.do({"pause": "node2"})
        first, second, third = sim.document_lines()
        assert first.endswith("log: []} // crashed") and second.endswith("log: []} // paused")
        assert third.endswith("log: []}")

    def test_wipe_loses_the_disk_too(self):
        sim = led()
        sim.do({"wipe": "node2"})
        sim.do({"restart": "node2"})
        state = sim.state("node2")
        assert (state["term"], state["votedFor"], state["log"]) == (0, None, [])

    def test_what_reaches_a_crashed_node_is_lost(self):
        sim = led()
        sim.do({"crash": "node2"})
        sim.do({"heartbeat": "node1"})
        sim.do({"settle": True})
        assert [e.data["why"] for e in sim.events if e.kind == "message_dropped"] == ["crash"]

    def test_a_client_that_waits_for_a_crashed_node_does_not_know(self):
        sim = led()
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"crash": "node1"})
        assert (client(sim)["outcome"], client(sim)["why"]) == ("unknown", "crashed")
        sim.do({"write": {"key": "x", "value": 2, "to": "node1"}})
        assert (client(sim)["outcome"], client(sim)["why"]) == ("failed", "unreachable")

    @pytest.mark.parametrize(
        ("command", "message"),
        [
            ({"restart": "node1"}, "node1 is running"),
            ({"timeout": "node3"}, "node3 is down"),
            ({"crash": "node3"}, "down already"),
            ({"timeout": "node1"}, "node1 is leader and has no election timer"),
            ({"heartbeat": "node2"}, "node2 is follower and has no heartbeat timer"),
            ({"resume": "node1"}, "does not stand still"),
            ({"timer": {"node": "node1", "name": "coffee"}}, "its timers are: heartbeat"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, command, message):
        sim = led()
        sim.do({"crash": "node3"})
        with pytest.raises(CommandError, match=message):
            sim.do(command)


class TestPause:
    def test_what_reaches_a_paused_node_waits_in_order(self):
        sim = led()
        sim.do({"pause": "node2"})
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"write": {"key": "x", "value": 2}})
        sim.do({"advance": 100})
        assert sim.state("node2")["log"] == []
        sim.do({"resume": "node2"})
        sim.do({"settle": True})
        assert len(sim.state("node2")["log"]) == 2

    def test_its_timers_fire_when_it_goes_on(self):
        sim = Simulation(3, seed=1, timers="auto")
        sim.do({"run_until": {"leader": True}})
        leader = next(n for n in sim.node_ids if sim.state(n)["state"] == "leader")
        sim.do({"pause": leader})
        sim.do({"advance": 1000})
        others = [n for n in sim.node_ids if sim.state(n)["state"] == "leader"]
        assert len(others) == 2, "the frozen one still believes that it leads"
        sim.do({"resume": leader})
        sim.do({"advance": 100})
        assert sim.state(leader)["state"] == "follower"

    def test_a_request_waits_and_a_delivery_is_refused(self):
        sim = led()
        sim.do({"pause": "node1"})
        sim.do({"write": {"key": "x", "value": 1, "to": "node1"}})
        assert client(sim)["outcome"] == "waiting"
        sim.do({"timeout": "node2"})
        with pytest.raises(CommandError, match="resume node1 first"):
            sim.do({"deliver": {"to": "node1"}})
        sim.do({"drop": "all"})
        sim.do({"resume": "node1"})
        sim.do({"settle": True})
        assert client(sim)["outcome"] == "unknown", "taken, but then a higher term deposed node1"


class TestClients:
    def test_a_write_is_answered_when_applied(self):
        sim = led()
        sim.do({"write": {"key": "x", "value": 5}})
        assert client(sim)["outcome"] == "waiting"
        sim.do({"settle": True})
        assert (client(sim)["outcome"], client(sim)["value"]) == ("ok", 5)

    def test_the_leader_is_asked_when_nobody_is_named(self):
        sim = Simulation(3)
        with pytest.raises(CommandError, match="there is no leader to ask"):
            sim.do({"write": {"key": "x", "value": 5}})
        sim = led()
        sim.do({"write": {"key": "x", "value": 5}})
        assert client(sim)["to"] == "node1"

    def test_a_follower_refuses_and_names_the_leader(self):
        sim = led()
        sim.do({"write": {"key": "x", "value": 5, "to": "node2"}})
        got = client(sim)
        assert (got["outcome"], got["why"], got["hint"]) == ("failed", "not_leader", "node1")
        sim.do({"retry": {"to": "node1"}})
        sim.do({"settle": True})
        assert (client(sim)["outcome"], client(sim)["serial"]) == ("ok", 1)

    def test_compare_and_set(self):
        sim = led()
        for expected, outcome in ((None, "ok"), (None, "failed"), (1, "ok"), (True, "failed")):
            argument = {"key": "x", "value": 1}
            if expected is not None:
                argument["expected"] = expected
            sim.do({"cas": argument})
            sim.do({"settle": True})
            assert client(sim)["outcome"] == outcome, expected

    def test_delete_and_reads(self):
        sim = led()
        sim.do({"write": {"key": "x", "value": "v"}})
        sim.do({"settle": True})
        sim.do({"read": {"key": "x"}})
        assert client(sim)["outcome"] == "waiting"
        sim.do({"settle": True})
        assert client(sim)["value"] == "v"
        sim.do({"read": {"key": "x", "to": "node3", "mode": "local", "client": "c2"}})
        assert (client(sim, "c2")["outcome"], client(sim, "c2")["value"]) == ("ok", "v")
        sim.do({"delete": {"key": "x"}})
        sim.do({"settle": True})
        assert sim.state("node1")["stateMachine"] == {}

    def test_a_deposed_leader_tells_unknown(self):
        sim = led()
        sim.do({"isolate": "node1"})
        sim.do({"write": {"key": "x", "value": 5}})
        sim.do({"settle": True})
        sim.do({"timeout": "node2"})
        sim.do({"settle": True})
        sim.do({"heal": True})
        sim.do({"heartbeat": "node2"})
        sim.do({"settle": True})
        assert client(sim)["outcome"] == "unknown"
        assert len(sim.state("node1")["log"]) == 1, "stepping down is not rolling back"


class TestOptionsAndInjection:
    def test_an_option_holds_from_now_on(self):
        sim = led()
        sim.do({"option": {"noop_on_election": True}})
        sim.do({"timeout": "node2"})
        sim.do({"settle": True})
        assert sim.state("node2")["log"] == [{"index": 1, "term": 2, "noop": True}]
        assert sim.options["noop_on_election"] is True

    def test_a_hand_made_message_is_received(self):
        sim = led()
        events = sim.inject(
            {"type": "RequestVote", "from": "node3", "to": "node2", "term": 9, "lastLogIndex": 4}
        )
        assert sim.state("node2")["votedFor"] == 3
        assert [e.kind for e in events][:3] == ["command", "message_sent", "message_delivered"]

    def test_an_entry_by_hand(self):
        sim = Simulation(3)
        entry = {"index": 1, "term": 4, "set": {"x": 1}}
        message = {"type": "AppendEntries", "from": "node2", "to": "node1", "term": 4}
        sim.do({"inject": {**message, "entries": [entry], "leaderCommit": 1}})
        assert sim.state("node1")["log"] == [entry]
        assert sim.state("node1")["stateMachine"] == {"x": 1}

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"type": "RequestVotes"}, "did you mean 'RequestVote'"),
            ({"to": "node7"}, "there is no node 'node7'"),
            ({"to": "node1"}, "sends itself nothing"),
            ({"term": "x"}, "is no term"),
            ({"term": -1}, "out of range"),
            ({"lastLogIndexx": 1}, "did you mean 'lastLogIndex'"),
            ({"reply": True}, "voteGranted is missing"),
        ],
    )
    def test_a_malformed_message_is_refused(self, change, message):
        good = {"type": "RequestVote", "from": "node1", "to": "node2", "term": 1}
        with pytest.raises(CommandError, match=message):
            Simulation(3).inject({**good, **change})


class TestRunUntil:
    def test_it_stops_at_the_moment(self):
        sim = Simulation(3, seed=2, timers="auto")
        events = sim.do({"run_until": {"leader": True}})
        kinds = [e.kind for e in events]
        became = next(i for i, e in enumerate(events) if e.data.get("to") == "leader")
        assert "message_delivered" not in kinds[became:]

    @pytest.mark.parametrize(
        "wanted",
        [{"committed": 1}, {"state": {"node2": "follower"}}, {"quiet": True}, {"leader": "node1"}],
    )
    def test_what_it_may_wait_for(self, wanted):
        sim = led()
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"run_until": wanted})

    def test_it_says_what_did_not_come_about(self):
        with pytest.raises(ScriptError, match="within 20 ms"):
            Simulation(3, timers="auto").do({"run_until": {"leader": True, "within": 20}})
        with pytest.raises(ScriptError, match="timers are manual"):
            Simulation(3).do({"run_until": {"leader": True}})
        with pytest.raises(ScriptError, match="only 0 of 1 steps"):
            Simulation(3).do({"step": 1})
