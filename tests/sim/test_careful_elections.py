"""PreVote (dissertation §9.6), CheckQuorum (§6.2) and leadership transfer (§3.10), whole clusters of them."""

from __future__ import annotations

import pytest

from raftviz import Simulation
from raftviz.errors import CommandError

ELECTION_US = (150_000, 300_000)


def led(nodes=3, **options) -> Simulation:
    """A cluster that node1 leads in term 1, nothing in flight."""
    sim = Simulation(nodes, timing={"latency": [10, 10]}, options=options)
    sim.do({"timeout": "node1"})
    sim.do({"settle": True})
    assert sim.state("node1")["state"] == "leader"
    return sim


def running(seed=1, nodes=3, **options) -> tuple[Simulation, str]:
    """A cluster with automatic timers and its leader."""
    sim = Simulation(nodes, seed=seed, timers="auto", options=options)
    sim.do({"run_until": {"leader": True}})
    sim.do({"advance": 100})
    return sim, leaders(sim)[0]


def leaders(sim: Simulation) -> list[str]:
    return [name for name in sim.node_ids if sim.state(name)["state"] == "leader"]


def others(sim: Simulation, *but: str) -> list[str]:
    return [name for name in sim.node_ids if name not in but]


def roles(sim: Simulation, node: str, since: int = 0) -> list[tuple[str, str]]:
    return [
        (event.data["to"], event.data["why"])
        for event in sim.events[since:]
        if event.kind == "role_changed" and event.node == node
    ]


def client(sim: Simulation, name: str = "client"):
    return sim.view()["clients"][name]


@pytest.mark.parametrize("times", [1, 2, 5])
class TestANodeComesBack:
    def away(self, times: int, **options) -> Simulation:
        """node3 is cut off while its timer runs out `times` times."""
        sim = led(**options)
        sim.do({"isolate": "node3"})
        for _ in range(times):
            sim.do({"timeout": "node3"})
            sim.do({"settle": True})
            sim.do({"heartbeat": "node1"})
            sim.do({"settle": True})
        return sim

    def test_with_prevote_it_disturbs_nobody(self, times):
        sim = self.away(times, pre_vote=True)
        assert (sim.state("node3")["state"], sim.state("node3")["term"]) == ("precandidate", 1)
        sim.do({"heal": True})
        sim.do({"timeout": "node3"})
        sim.do({"settle": True})
        assert sim.state("node3")["state"] == "precandidate", "both others say no"
        assert sim.state("node3")["votesGranted"] == ["node3"]
        assert sim.state("node3")["votesRefused"] == ["node1", "node2"]
        sim.do({"heartbeat": "node1"})
        sim.do({"settle": True})
        assert [sim.state(name)["term"] for name in sim.node_ids] == [1, 1, 1]
        assert [sim.state(name)["state"] for name in sim.node_ids] == [
            "leader",
            "follower",
            "follower",
        ]

    def test_without_it_is_so_many_terms_ahead_and_deposes_the_leader(self, times):
        sim = self.away(times)
        assert (sim.state("node3")["state"], sim.state("node3")["term"]) == ("candidate", 1 + times)
        sim.do({"heal": True})
        sim.do({"heartbeat": "node1"})
        sim.do({"settle": True})
        assert leaders(sim) == []
        assert sim.state("node1")["term"] == 1 + times
        assert roles(sim, "node1")[-1] == ("follower", "higher_term")

    def test_stickiness_alone_does_not_help_it(self, times):
        sim = self.away(times, leader_stickiness=True)
        sim.do({"heal": True})
        sim.do({"heartbeat": "node1"})
        sim.do({"settle": True})
        assert leaders(sim) == [], "the answer to a heartbeat carries the newer term"


class TestPreVote:
    @pytest.mark.parametrize("seed", range(5))
    def test_with_timers_of_its_own_the_leader_leads_on_in_its_term(self, seed):
        sim, leader = running(seed, nodes=5, pre_vote=True)
        term = sim.state(leader)["term"]
        away = others(sim, leader)[0]
        sim.do({"isolate": away})
        sim.do({"advance": 2000})
        assert sim.state(away)["state"] == "precandidate"
        sim.do({"heal": True})
        sim.do({"advance": 500})
        assert leaders(sim) == [leader]
        assert {sim.state(name)["term"] for name in sim.node_ids} == {term}

    @pytest.mark.parametrize("seed", range(5))
    def test_a_leader_that_is_gone_is_replaced(self, seed):
        sim, leader = running(seed, nodes=5, pre_vote=True)
        sim.do({"crash": leader})
        sim.do({"run_until": {"leader": True, "within": 3000}})
        (new,) = leaders(sim)
        assert sim.state(new)["term"] > sim.state(leader)["term"]
        assert roles(sim, new)[-3:] == [
            ("precandidate", "election_timeout"),
            ("candidate", "pre_vote_majority"),
            ("leader", "majority"),
        ]

    def test_a_majority_that_would_vote_is_not_a_majority_of_votes(self):
        sim = Simulation(3, options={"pre_vote": True})
        sim.do({"timeout": "node1"})
        sim.do({"deliver": {"type": "PreVote", "reply": False}})
        sim.do({"deliver": {"type": "PreVote", "reply": True, "from": "node2"}})
        state = sim.state("node1")
        assert (state["state"], state["term"]) == ("candidate", 1)
        assert state["votesGranted"] == ["node1"], "the votes themselves are still to be had"
        sim.do({"settle": True})
        assert leaders(sim) == ["node1"] and sim.violations == []

    def test_two_may_be_promised_the_same_vote_and_one_gets_it(self):
        """A yes binds nobody: it is no vote, so nothing is broken by a second one."""
        sim = Simulation(3, timing={"latency": [10, 10]}, options={"pre_vote": True})
        sim.do({"timeout": "node1"})
        sim.do({"timeout": "node2"})
        sim.do({"deliver": {"to": "node3"}})
        yes = [e.data["for"] for e in sim.events if e.kind == "pre_voted" and e.node == "node3"]
        assert yes == ["node1", "node2"]
        assert sim.state("node3")["votedFor"] is None
        sim.do({"settle": True})
        assert len(leaders(sim)) == 1 and sim.violations == []

    def test_a_precandidate_that_crashes_comes_back_as_a_follower(self):
        sim = Simulation(3, options={"pre_vote": True})
        sim.do({"timeout": "node1"})
        sim.do({"crash": "node1"})
        sim.do({"restart": "node1"})
        state = sim.state("node1")
        assert (state["state"], state["term"], state["votedFor"]) == ("follower", 0, None)

    def test_turned_off_in_between_it_campaigns_at_its_next_timeout(self):
        sim = Simulation(3, options={"pre_vote": True})
        sim.do({"timeout": "node1"})
        sim.do({"option": {"pre_vote": False}})
        sim.do({"timeout": "node1"})
        assert (sim.state("node1")["state"], sim.state("node1")["term"]) == ("candidate", 1)
        sim.do({"settle": True})
        assert leaders(sim) == ["node1"]


class TestCheckQuorum:
    @pytest.mark.parametrize("seed", range(5))
    def test_a_leader_cut_off_steps_down_in_its_term(self, seed):
        sim, leader = running(seed, nodes=5, check_quorum=True)
        term, since = sim.state(leader)["term"], len(sim.events)
        cut_us = sim.now_us
        sim.do({"isolate": leader})
        sim.do({"run_until": {"state": {leader: "follower"}, "within": 400}})
        (down,) = [e for e in sim.events[since:] if e.kind == "role_changed" and e.node == leader]
        assert (down.data["why"], down.data["term"]) == ("check_quorum", term)
        assert sim.state(leader)["term"] == term
        assert down.time - cut_us <= 2 * ELECTION_US[0]
        assert "heartbeat" not in sim.state(leader)["timers"]

    def test_without_it_leads_on_for_nobody(self):
        sim, leader = running()
        sim.do({"isolate": leader})
        sim.do({"advance": 2000})
        assert sim.state(leader)["state"] == "leader" and len(leaders(sim)) == 2

    def test_with_a_majority_in_reach_it_leads_on(self):
        sim, leader = running(nodes=5, check_quorum=True)
        away = others(sim, leader)[:2]
        sim.do({"partition": [others(sim, *away), away]})
        sim.do({"advance": 3000})
        assert leader in leaders(sim) and ("follower", "check_quorum") not in roles(sim, leader)

    def test_its_clients_learn_that_they_do_not_know(self):
        sim = led(check_quorum=True)
        sim.do({"timer": {"node": "node1", "name": "check_quorum"}})
        sim.do({"isolate": "node1"})
        sim.do({"write": {"key": "x", "value": 1, "to": "node1"}})
        assert client(sim)["outcome"] == "waiting"
        sim.do({"timer": {"node": "node1", "name": "check_quorum"}})
        assert (client(sim)["outcome"], client(sim)["why"]) == ("unknown", "stepped_down")


class TestTransfer:
    def test_to_one_that_has_everything(self):
        sim = led()
        sim.do({"transfer": {"to": "node3"}})
        assert sim.state("node1")["transferTo"] == "node3"
        sim.do({"settle": True})
        assert leaders(sim) == ["node3"] and sim.state("node3")["term"] == 2
        assert roles(sim, "node3")[-2:] == [("candidate", "timeout_now"), ("leader", "majority")]
        assert sim.state("node1")["transferTo"] is None
        assert "transfer" not in sim.state("node1")["timers"]

    def test_to_one_that_lags_it_gets_the_entries_first(self):
        sim = led()
        sim.do({"isolate": "node3"})
        for value in range(3):
            sim.do({"write": {"key": "x", "value": value}})
            sim.do({"settle": True})
        sim.do({"heal": True})
        assert sim.state("node3")["log"] == []
        since = len(sim.events)
        sim.do({"transfer": {"to": "node3"}})
        sent = [e.data["type"] for e in sim.events[since:] if e.kind == "message_sent"]
        assert sent == ["AppendEntries"], "not yet told to campaign"
        sim.do({"settle": True})
        assert leaders(sim) == ["node3"]
        assert len(sim.state("node3")["log"]) == 3 and sim.violations == []
        sent = [e.data["type"] for e in sim.events[since:] if e.kind == "message_sent"]
        assert sent.count("TimeoutNow") == 1

    @pytest.mark.parametrize("seed", range(3))
    def test_to_one_that_is_down_it_is_given_up_after_an_election_timeout(self, seed):
        sim, leader = running(seed)
        target = others(sim, leader)[0]
        sim.do({"crash": target})
        begun, since = sim.now_us, len(sim.events)
        sim.do({"transfer": {"to": target}})
        sim.do({"advance": 100})
        sim.do({"write": {"key": "x", "value": 1}})
        assert (client(sim)["outcome"], client(sim)["why"]) == ("failed", "transferring")
        sim.do({"advance": 100})
        asked, gave_up = [e for e in sim.events[since:] if e.kind == "transfer_changed"]
        assert (asked.data["why"], gave_up.data["why"]) == ("asked", "timed_out")
        assert gave_up.time - begun == ELECTION_US[0]
        assert leaders(sim) == [leader] and sim.state(leader)["transferTo"] is None
        sim.do({"write": {"key": "x", "value": 2}})
        sim.do({"advance": 100})
        assert (client(sim)["outcome"], client(sim)["value"]) == ("ok", 2)

    @pytest.mark.parametrize("seed", range(3))
    @pytest.mark.parametrize("option", ["leader_stickiness", "pre_vote", "check_quorum"])
    def test_other_care_does_not_stand_in_its_way(self, seed, option):
        sim, leader = running(seed, nodes=5, **{option: True})
        target = others(sim, leader)[0]
        term = sim.state(leader)["term"]
        sim.do({"transfer": {"to": target}})
        sim.do({"run_until": {"leader": target, "within": 150}})
        assert sim.state(target)["term"] == term + 1
        sim.do({"advance": 1000})
        assert leaders(sim) == [target] and sim.violations == []

    def test_a_write_meanwhile_is_refused_with_the_target_as_a_hint(self):
        sim = led()
        sim.do({"transfer": {"to": "node2"}})
        sim.do({"write": {"key": "x", "value": 1, "to": "node1"}})
        asked = client(sim)
        assert (asked["outcome"], asked["why"]) == ("failed", "transferring")
        assert asked["hint"] == "node2"
        assert sim.state("node1")["log"] == []

    @pytest.mark.parametrize(
        ("before", "target", "message"),
        [
            ([], "node1", "node1 leads already; name one of node2, node3"),
            ([], "node9", "transfer.to: there is no node 'node9'"),
            ([{"crash": "node1"}], "node2", "transfer: there is no leader to ask"),
            ([{"pause": "node1"}], "node2", "transfer: node1 stands still; resume node1 first"),
        ],
    )
    def test_what_cannot_be_is_refused_and_changes_nothing(self, before, target, message):
        sim = led()
        for command in before:
            sim.do(command)
        events, view = len(sim.events), sim.view()
        with pytest.raises(CommandError) as caught:
            sim.do({"transfer": {"to": target}})
        assert message in str(caught.value)
        assert (len(sim.events), sim.view()) == (events, view)


class TestQuorumLossBehindOneLink:
    """After Omni-Paxos (EuroSys 2023): of all links only those of one follower are left."""

    def star(self, **options) -> tuple[Simulation, str]:
        sim = Simulation(5, seed=4, timers="auto", options=options)
        sim.do({"run_until": {"leader": True}})
        sim.do({"advance": 100})
        (leader,) = leaders(sim)
        hub = others(sim, leader)[0]
        for a in others(sim, hub):
            for b in others(sim, hub):
                if a < b:
                    sim.do({"cut": [a, b]})
        return sim, hub

    def test_prevote_alone_stands_still(self):
        sim, hub = self.star(pre_vote=True)
        old = leaders(sim)
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"advance": 3000})
        assert leaders(sim) == old and hub not in old
        assert client(sim)["outcome"] == "waiting", "it leads, and no majority hears it"

    def test_with_check_quorum_the_one_that_reaches_all_takes_over(self):
        sim, hub = self.star(pre_vote=True, check_quorum=True)
        sim.do({"run_until": {"leader": hub, "within": 5000}})
        sim.do({"write": {"key": "x", "value": 1, "to": hub}})
        sim.do({"advance": 200})
        assert client(sim)["outcome"] == "ok" and sim.violations == []
