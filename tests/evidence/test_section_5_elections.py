"""§5.1, Raft basics, and §5.2, Leader election: one test for each claim (table.py has them all)."""

from __future__ import annotations

import pytest

from raftviz import Simulation
from raftviz.protocols.base import Send, SetTimer
from raftviz.raft.types import Role
from tests.evidence.scene import Scene
from tests.raft.lab import Lab

SEEDS = range(5)


def running(seed: int, nodes: int = 5, **more: object) -> Simulation:
    sim = Simulation(nodes, seed=seed, timers="auto", **more)
    sim.do({"run_until": {"leader": True}})
    return sim


class TestBasics:
    """§5.1."""

    @pytest.mark.parametrize("seed", SEEDS)
    def test_normally_there_is_one_leader_and_all_others_follow(self, seed):
        sim = running(seed)
        sim.do({"advance": 2000})
        roles = sorted(sim.state(node)["state"] for node in sim.node_ids)
        assert roles == ["follower"] * 4 + ["leader"]

    def test_followers_are_passive(self):
        """They issue no requests, they answer: nothing that a follower sends is a request."""
        sim = running(1)
        sim.do({"write": {"key": "x", "value": 1}})
        sim.do({"advance": 1000})
        role = {}
        for event in sim.events:
            if event.kind == "role_changed":
                role[event.node] = event.data["to"]
            if event.kind == "message_sent" and role.get(event.node, "follower") == "follower":
                assert event.data["reply"]

    def test_a_follower_redirects_the_client_to_the_leader(self):
        scene = Scene().elect("node2").write(1, to="node3")
        assert scene.client() == ("failed", None, "not_leader")
        assert scene.sim.view()["clients"]["client"]["hint"] == "node2"
        assert scene.logs() == [[], [], []]

    def test_terms_are_consecutive_integers_and_begin_with_an_election(self):
        sim = running(2)
        for _ in range(4):
            (leader,) = [n for n in sim.node_ids if sim.state(n)["state"] == "leader"]
            sim.do({"crash": leader})
            sim.do({"run_until": {"leader": True}})
            sim.do({"restart": leader})
            sim.do({"advance": 200})
        begun = [e for e in sim.events if e.kind == "term_changed" and e.data["why"] == "election"]
        assert [e.data["to"] - e.data["from"] for e in begun] == [1] * len(begun)
        firsts = list(dict.fromkeys(e.data["to"] for e in begun))
        assert firsts == list(range(1, len(firsts) + 1))
        others = [e for e in sim.events if e.kind == "term_changed" and e not in begun]
        assert all(e.data["to"] in firsts for e in others), "nobody else makes a term"

    def test_a_split_vote_ends_a_term_without_a_leader_and_a_new_term_begins(self):
        scene = Scene(4).do({"timeout": "node1"}, {"timeout": "node2"})
        scene.do({"deliver": {"from": "node1", "to": "node3"}})
        scene.do({"deliver": {"from": "node2", "to": "node4"}}).settle()
        assert scene.leaders() == [] and {scene.term(n) for n in scene.sim.node_ids} == {1}
        scene.elect("node1")
        assert scene.leaders() == ["node1"] and scene.term("node1") == 2

    @pytest.mark.parametrize("seed", SEEDS)
    def test_at_most_one_leader_in_a_term(self, seed):
        """Candidates that campaign all at once: each term that comes of it has one leader or none."""
        sim = Simulation(5, seed=seed, timers="auto", timing={"election_timeout": [30, 40]})
        sim.do({"advance": 3000})
        won = [(e.data["term"], e.node) for e in sim.events
               if e.kind == "role_changed" and e.data["to"] == "leader"]  # fmt: skip
        assert len({term for term, _ in won}) == len(won)
        assert sim.violations == []

    def test_the_current_term_increases_monotonically(self):
        sim = running(3)
        sim.do({"isolate": "node1"})
        sim.do({"advance": 1500})
        sim.do({"crash": "node1"})
        sim.do({"heal": True})
        sim.do({"restart": "node1"})
        sim.do({"advance": 1500})
        terms: dict[str | None, int] = {}
        for event in sim.events:
            for path, _, new in event.changes:
                if path[0] == "nodes" and path[2:] == ("term",):
                    assert new > terms.get(event.node, 0)
                    terms[event.node] = new
        assert max(terms.values()) > 2

    def test_the_larger_term_wins_whenever_servers_communicate(self):
        scene = Scene(given={"node1": {"term": 1}, "node2": {"term": 5}, "node3": {"term": 3}})
        scene.do({"timeout": "node1"}).settle()
        assert [scene.term(n) for n in ("node1", "node2", "node3")] == [5, 5, 3]
        scene.do({"timeout": "node2"}).settle()
        assert [scene.term(n) for n in ("node1", "node2", "node3")] == [6, 6, 6]

    @pytest.mark.parametrize("role", ["candidate", "leader"])
    def test_a_candidate_or_leader_out_of_date_reverts_to_follower_at_once(self, role):
        lab = Lab(term=1).timeout()
        if role == "leader":
            lab.vote("s2")
        lab.append("s3", term=7)
        assert (lab.role, lab.term) == (Role.FOLLOWER, 7)

    def test_a_request_with_a_stale_term_is_rejected(self):
        scene = Scene(given={"node2": {"term": 9}}).do({"timeout": "node1"})
        scene.do({"deliver": {"to": "node2"}})
        (reply,) = scene.sent(source="node2", reply=True)
        assert (reply.data["voteGranted"], reply.data["term"]) == (False, 9)

    def test_rpcs_are_issued_in_parallel(self):
        lab = Lab(size=5).timeout()
        assert len(lab.all(Send)) == 4, "all leave before any answer has come"
        lab.elected().write()
        assert [s.target for s in lab.all(Send)] == ["s2", "s3", "s4", "s5"]

    def test_a_request_that_got_no_answer_is_sent_again(self):
        scene = Scene().elect("node1").write(1)
        scene.do({"drop": {"to": "node2"}}).settle()
        assert scene.terms("node2") == []
        scene.beat("node1")
        assert scene.terms("node2") == [1]


class TestElection:
    """§5.2."""

    def test_servers_start_as_followers(self):
        sim = Simulation(5, timers="auto")
        assert {sim.state(node)["state"] for node in sim.node_ids} == {"follower"}

    def test_a_server_remains_a_follower_while_it_receives_valid_rpcs(self):
        sim = running(4)
        sim.do({"advance": 200})
        before = len(sim.events)
        sim.do({"advance": 10_000})
        changed = {"role_changed", "term_changed", "voted"}
        assert not [event for event in sim.events[before:] if event.kind in changed]

    def test_leaders_send_heartbeats_to_all_followers_to_maintain_their_authority(self):
        """Without them, a follower campaigns, however well it is."""
        sim = running(5, nodes=3)
        (leader,) = [n for n in sim.node_ids if sim.state(n)["state"] == "leader"]
        term = sim.state(leader)["term"]
        sim.do({"pause": leader})
        sim.do({"advance": 700})
        others = [node for node in sim.node_ids if node != leader]
        assert all(sim.state(node)["term"] > term for node in others)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_follower_that_hears_nothing_for_an_election_timeout_begins_an_election(self, seed):
        sim = Simulation(3, seed=seed, timers="auto", timing={"election_timeout": [150, 300]})
        sim.do({"partition": [["node1"], ["node2"], ["node3"]]})
        sim.do({"advance": 300})
        begun = {e.node: e.time for e in reversed(sim.events)
                 if e.kind == "term_changed" and e.data["why"] == "election"}  # fmt: skip
        assert sorted(begun) == ["node1", "node2", "node3"]
        assert all(150_000 <= time <= 300_000 for time in begun.values())

    def test_a_candidate_wins_with_votes_from_a_majority_of_the_full_cluster(self):
        """Of five servers, two that are up cannot elect anybody; three can."""
        scene = Scene(5).do({"crash": "node3"}, {"crash": "node4"}, {"crash": "node5"})
        scene.do({"timeout": "node1"}).settle()
        assert scene.role("node1") == "candidate"
        scene.do({"restart": "node3"}).elect("node1")

    def test_votes_must_be_for_the_same_term(self):
        lab = Lab(size=5).timeout().timeout().vote("s2", term=1).vote("s3", term=1)
        assert lab.role is Role.CANDIDATE
        assert lab.vote("s2").vote("s3").role is Role.LEADER

    def test_one_vote_a_term_first_come_first_served(self):
        scene = Scene().do({"timeout": "node1"}, {"timeout": "node2"})
        scene.do({"deliver": {"from": "node2", "to": "node3"}})
        scene.do({"deliver": {"from": "node1", "to": "node3"}})
        votes = [(e.data["to"], e.data["voteGranted"]) for e in scene.sent(source="node3")]
        assert votes == [("node2", True), ("node1", False)]

    def test_a_vote_is_kept_across_a_crash(self):
        scene = Scene().do({"timeout": "node1"}, {"deliver": {"to": "node3"}})
        scene.do({"crash": "node3"}, {"restart": "node3"}, {"timeout": "node2"})
        scene.do({"deliver": {"from": "node2", "to": "node3"}})
        assert scene.sent(source="node3", target="node2")[0].data["voteGranted"] is False

    def test_a_new_leader_sends_heartbeats_to_prevent_new_elections(self):
        lab = Lab(size=5).timeout().vote("s2").vote("s3")
        beats = lab.all(Send)
        assert [s.target for s in beats] == ["s2", "s3", "s4", "s5"]
        assert all(s.message.TYPE == "AppendEntries" and not s.message.entries for s in beats)

    @pytest.mark.parametrize(
        ("term", "role", "success"), [(1, Role.CANDIDATE, False), (2, Role.FOLLOWER, True)]
    )
    def test_a_candidate_yields_to_a_leader_of_its_term_and_not_to_an_older(
        self, term, role, success
    ):
        lab = Lab(term=1).timeout().append("s2", term=term)
        assert (lab.role, lab.term, lab.answer().success) == (role, 2, success)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_random_timeouts_resolve_split_votes(self, seed):
        """All five start at once and need to be told apart; with one fixed timeout they never are."""
        timing = {"election_timeout": [150, 300], "latency": [10, 10]}
        sim = Simulation(5, seed=seed, timers="auto", timing=timing)
        sim.do({"run_until": {"leader": True, "within": 3000}})
        same = {"election_timeout": [150, 150], "latency": [10, 10]}
        alike = Simulation(5, seed=seed, timers="auto", timing=same)
        alike.do({"advance": 3000})
        assert {alike.state(node)["state"] for node in alike.node_ids} == {"candidate"}

    def test_each_candidate_restarts_its_timeout_at_the_start_of_an_election(self):
        lab = Lab().timeout()
        assert SetTimer("election", 150_000, 300_000) in lab.effects
        assert SetTimer("election", 150_000, 300_000) in lab.timeout().effects

    def test_timeouts_are_chosen_from_the_whole_interval(self):
        sim = Simulation(9, seed=1, timers="auto", timing={"election_timeout": [150, 300]})
        sim.do({"partition": [[node] for node in sim.node_ids]})
        sim.do({"advance": 20_000})
        waits = [e.data["due"] - e.time for e in sim.events
                 if e.kind == "timer_set" and e.data["name"] == "election"]  # fmt: skip
        assert len(waits) > 500 and 150_000 <= min(waits) < 152_000
        assert 298_000 < max(waits) <= 300_000
