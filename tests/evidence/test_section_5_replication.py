"""§5.3, Log replication, and §5.4, Safety: one test for each claim (table.py has them all)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from raftviz import Simulation
from raftviz.protocols.base import Send
from raftviz.raft.types import Role
from raftviz.trace import trace
from tests.evidence.runs import busy_run
from tests.evidence.scene import Scene
from tests.raft.lab import Lab
from tests.trace.laws import History, keep

SEEDS = range(3)


class TestReplication:
    """§5.3."""

    def test_the_leader_appends_the_command_and_replicates_it_in_parallel(self):
        lab = Lab(size=5).elected().write("x", 1)
        assert lab.terms == [1]
        sent = [(s.target, [e.term for e in s.message.entries]) for s in lab.all(Send)]
        assert sent == [(peer, [1]) for peer in ("s2", "s3", "s4", "s5")]

    def test_once_safely_replicated_it_is_applied_and_its_result_returned(self):
        scene = Scene().elect("node1").write(7)
        assert scene.client()[0] == "waiting"
        scene.do({"deliver": {"to": "node2"}})
        assert scene.client()[0] == "waiting", (
            "stored by a majority, which the leader does not know"
        )
        scene.do({"deliver": {"from": "node2"}})
        assert scene.client()[:2] == ("ok", 7)
        assert scene.sim.state("node1")["stateMachine"] == {"x": 7}

    def test_the_result_is_that_of_the_execution(self):
        scene = Scene().elect("node1").write(1).settle()
        scene.do({"cas": {"key": "x", "expected": 5, "value": 6}}).settle()
        assert scene.client() == ("failed", 1, "cas_mismatch")

    def test_the_leader_retries_indefinitely_even_after_it_has_answered(self):
        scene = Scene().elect("node1").do({"isolate": "node3"}).write(1).settle()
        assert scene.client()[0] == "ok" and scene.terms("node3") == []
        for _ in range(20):
            now = scene.now
            scene.beat("node1")
            (retry,) = scene.sent(now, target="node3")
            assert [entry["term"] for entry in retry.data["entries"]] == [1]
        scene.do({"heal": True}).beat("node1")
        assert scene.terms("node3") == [1]

    def test_each_entry_has_a_command_a_term_and_its_index(self):
        scene = Scene(given={"node1": {"term": 4}}).elect("node1").write("a").write("b")
        assert scene.sim.state("node1")["log"] == [
            {"index": 1, "term": 5, "set": {"x": "a"}},
            {"index": 2, "term": 5, "set": {"x": "b"}},
        ]

    def test_an_entry_is_committed_once_its_leader_has_replicated_it_on_a_majority(self):
        scene = Scene(5).elect("node1").write(1)
        for peer, committed in (("node2", 0), ("node3", 1)):
            scene.do({"deliver": {"to": peer}}, {"deliver": {"from": peer}})
            assert scene.sim.state("node1")["commitIndex"] == committed

    def test_committing_commits_all_preceding_entries_too(self):
        given = {node: {"term": 2, "log": [1, 2]} for node in ("node1", "node2")}
        scene = Scene(given=given).elect("node1")
        assert scene.committed() == [0, 0, 0]
        scene.write(1).settle()
        assert scene.committed()[0] == 3

    def test_the_leader_tells_followers_its_commit_index_in_heartbeats_too(self):
        scene = Scene().elect("node1").write(1).settle()
        assert scene.committed() == [1, 0, 0]
        now = scene.now
        scene.beat("node1")
        told = scene.sent(now, type="AppendEntries", reply=False)
        assert [(e.data["leaderCommit"], e.data["entries"]) for e in told] == [(1, [])] * 2
        assert scene.committed() == [1, 1, 1]

    def test_a_follower_applies_what_is_committed_in_log_order(self):
        scene = Scene().elect("node1").write(1).write(2).write(3).settle().beat("node1")
        applied = [
            e.data["index"] for e in scene.sim.events if (e.kind, e.node) == ("applied", "node2")
        ]
        assert applied == [1, 2, 3]

    @pytest.mark.parametrize("seed", SEEDS)
    def test_log_matching_equal_index_and_term_mean_equal_commands(self, seed):
        """A leader creates at most one entry with a given index in a term, and entries do not move."""
        seen: dict[tuple[int, int], object] = {}
        for entry in entries_of(busy_run(seed)):
            assert seen.setdefault((entry["index"], entry["term"]), entry) == entry
        assert len(seen) > 5

    @pytest.mark.parametrize("seed", SEEDS)
    def test_log_matching_and_equal_logs_up_to_there(self, seed):
        """Every log that ever was, compared with every other, entry by entry."""
        prefixes: dict[tuple[int, int], list[object]] = {}
        seen: dict[str, object] = {}
        for line in trace(busy_run(seed).events):
            for name, s in line["state"].items():
                if s is seen.get(name):  # as it was in the line before
                    continue
                seen[name] = s
                for index, entry in enumerate(s["log"], start=1):
                    before = s["log"][:index]
                    assert prefixes.setdefault((index, entry["term"]), before) == before

    def test_the_consistency_check_refuses_entries_that_would_not_follow(self):
        scene = Scene(
            given={"node1": {"state": "leader", "term": 3, "log": [1, 3]}, "node2": {"log": [1, 2]}}
        )
        scene.write(1)
        scene.do({"deliver": {"to": "node2"}})
        (reply,) = scene.sent(source="node2")
        assert reply.data["success"] is False and scene.terms("node2") == [1, 2]

    def test_a_success_tells_that_the_logs_are_the_same_up_to_the_new_entries(self):
        lab = Lab(term=2, log=[1, 1, 1, 2, 2]).append("s2", term=2, prev=(1, 1), entries=[1])
        assert lab.answer().match_index == 2, "of the rest the request said nothing"

    def test_conflicting_entries_are_overwritten_with_the_leaders(self):
        scene = Scene(
            given={"node1": {"state": "leader", "term": 4, "log": [1, 1, 4]},
                   "node2": {"term": 3, "log": [1, 2, 2, 3]}}
        ).beat("node1")  # fmt: skip
        assert scene.terms("node2") == [1, 1, 4]
        assert scene.sim.state("node2")["log"] == scene.sim.state("node1")["log"]

    def test_next_index_starts_just_after_the_leaders_last_entry(self):
        scene = Scene(given={"node1": {"log": [1, 1, 1]}}).elect("node1")
        first = scene.sent(type="AppendEntries", reply=False)[0]
        assert (first.data["prevLogIndex"], first.data["entries"]) == (3, [])

    def test_each_rejection_moves_next_index_back_until_the_logs_match(self):
        scene = Scene(2, given={"node1": {"state": "leader", "term": 2, "log": [1, 1, 2, 2]}})
        scene.beat("node1")
        probes = [e.data["prevLogIndex"] for e in scene.sent(source="node1")]
        assert probes == [4, 3, 2, 1, 0]
        assert scene.terms("node2") == [1, 1, 2, 2]

    def test_with_hints_one_rejection_for_each_conflicting_term_is_enough(self):
        given = {
            "node1": {"state": "leader", "term": 5, "log": [1] + [5] * 12},
            "node2": {"term": 4, "log": [1] + [2] * 4 + [3] * 4 + [4] * 4},
        }
        refusals = {}
        for hints in (False, True):
            scene = Scene(2, given=given, options={"conflict_hints": hints}).beat("node1")
            assert scene.terms("node2") == scene.terms("node1")
            refusals[hints] = len(scene.sent(source="node2", success=False))
        assert refusals == {False: 12, True: 3}

    def test_a_new_leader_takes_no_special_action_and_logs_converge(self):
        given = {
            "node1": {"term": 3, "log": [1, 1, 3, 3]},
            "node2": {"term": 2, "log": [1, 2, 2]},
            "node3": {"log": [1]},
        }
        scene = Scene(given=given).elect("node1")
        kinds = {e.data["type"] for e in scene.sent()}
        assert kinds == {"RequestVote", "AppendEntries"}
        assert scene.logs() == [[1, 1, 3, 3]] * 3

    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_leader_never_overwrites_or_deletes_entries_of_its_log(self, seed):
        leads = {}
        for event in busy_run(seed).events:
            if event.kind in ("role_changed", "crashed"):
                leads[event.node] = event.data.get("to") == "leader"
            assert not (event.kind == "log_truncated" and leads.get(event.node))

    def test_not_even_if_another_claims_to_lead_its_term(self):
        """Forged, as there cannot be two leaders of a term: a leader does not give in."""
        lab = Lab().elected().write().append("s2", term=1, prev=(0, 0), entries=[1, 1])
        assert (lab.role, lab.terms, lab.answer().success) == (Role.LEADER, [1], False)

    def test_one_round_of_rpcs_to_a_majority_is_enough(self):
        """A slow follower costs nothing: the entry is committed a round trip after it was written."""
        scene = Scene(5).elect("node1").do({"heartbeat": "node1"}).settle()
        slow = {"latency": [400, 400]}
        scene.do({"link": {"from": "node1", "to": "node4", **slow}})
        scene.do({"link": {"from": "node1", "to": "node5", **slow}})
        start = scene.sim.now_us
        scene.write(1).do({"advance": 20})
        shown = scene.sim.view()["clients"]["client"]
        assert (shown["outcome"], shown["done"] - start) == ("ok", 20_000)


def entries_of(sim: Simulation) -> Iterator[dict[str, object]]:
    """Every entry that was ever appended to any log."""
    for event in sim.events:
        if event.kind == "log_appended":
            yield event.data["entry"]


class TestElectionRestriction:
    """§5.4.1."""

    def test_a_candidate_without_all_committed_entries_cannot_win(self):
        """node5 lacks what a majority holds: whomever it asks, some of them know better."""
        scene = Scene(5).elect("node1").do({"isolate": "node5"}).write(1).settle()
        assert scene.committed()[0] == 1
        scene.do({"heal": True}, {"crash": "node1"})
        for _ in range(3):
            scene.do({"timeout": "node5"}).settle()
            assert scene.role("node5") == "candidate"
        scene.elect("node2")

    def test_the_voter_refuses_if_its_own_log_is_more_up_to_date(self):
        lab = Lab(term=2, log=[1, 2]).request_vote("s2", 3, last_index=1, last_term=1)
        assert (lab.answer().vote_granted, lab.answer().reason) == (False, "refused_log_behind")

    def test_the_later_last_term_is_more_up_to_date_however_long_the_log(self):
        assert Lab(term=2, log=[1] * 9).request_vote("s2", 3, 1, 2).answer().vote_granted
        assert not Lab(term=2, log=[2]).request_vote("s2", 3, 9, 1).answer().vote_granted

    def test_with_the_same_last_term_the_longer_log_is_more_up_to_date(self):
        assert Lab(term=1, log=[1, 1]).request_vote("s2", 2, 2, 1).answer().vote_granted
        assert Lab(term=1, log=[1, 1]).request_vote("s2", 2, 3, 1).answer().vote_granted
        assert not Lab(term=1, log=[1, 1]).request_vote("s2", 2, 1, 1).answer().vote_granted


class TestCommittingEarlierTerms:
    """§5.4.2; Figure 8 is told whole in test_figure_8.py."""

    def test_entries_of_earlier_terms_are_not_committed_by_counting(self):
        lab = Lab(size=3, term=2, log=[1, 2]).elected().stored("s2", 2).stored("s3", 2)
        assert (lab.term, lab.commit_index) == (3, 0)

    def test_an_entry_of_the_current_term_commits_them_indirectly(self):
        lab = Lab(size=3, term=2, log=[1, 2]).elected().write().stored("s2", 3)
        assert lab.commit_index == 3

    def test_entries_keep_their_term_when_a_later_leader_replicates_them(self):
        given = {"node1": {"term": 7, "log": [2, 3]}}
        scene = Scene(given=given).elect("node1").write(1).settle()
        assert scene.term("node1") == 8
        assert scene.logs() == [[2, 3, 8]] * 3


class TestSafetyArgument:
    """§5.4.3, by a history of every state that servers were in, which knows nothing of the checks."""

    @pytest.mark.parametrize("seed", SEEDS)
    def test_leader_completeness_and_state_machine_safety_hold(self, seed):
        lines = list(trace(busy_run(seed).events))
        assert list(keep(lines)) == lines
        history = History()
        for line in lines:
            history.take(line)
        assert len(history.leaders) > 1 and len(history.committed) > 1

    def test_a_voter_accepted_the_committed_entry_before_it_voted(self):
        """Otherwise it would have refused the entry: its term was newer then."""
        scene = Scene().elect("node1").write(1)
        scene.do({"drop": {"to": "node3"}}, {"timeout": "node3"})
        scene.do({"deliver": {"from": "node3", "to": "node2"}})
        scene.do({"deliver": {"from": "node1", "to": "node2"}})
        (reply,) = scene.sent(source="node2", target="node1", type="AppendEntries", requestTerm=1)[
            1:
        ]
        assert (reply.data["success"], reply.data["term"]) == (False, 2)
        scene.settle()
        assert scene.committed() == [0, 0, 0] and scene.terms("node2") == []

    def test_servers_apply_the_same_commands_in_the_same_order(self):
        applied: dict[str | None, list[object]] = {}
        for event in busy_run(5).events:
            if event.kind == "crashed":
                applied[event.node] = []
            if event.kind == "applied":
                applied.setdefault(event.node, []).append(event.data["entry"])
        longest = max(applied.values(), key=len)
        assert len(longest) > 3 and len(applied) == 5
        assert all(longest[: len(log)] == log for log in applied.values())


class TestCrashesOfFollowersAndCandidates:
    """§5.5."""

    def test_requests_to_a_crashed_server_are_retried_until_it_is_back(self):
        scene = Scene().elect("node1").do({"crash": "node3"}).write(1).settle()
        scene.beat("node1").beat("node1")
        dropped = [e for e in scene.sim.events if e.kind == "message_dropped"]
        assert [e.data["why"] for e in dropped] == ["crash"] * len(dropped) and len(dropped) == 3
        scene.do({"restart": "node3"}).beat("node1")
        assert scene.terms("node3") == [1]

    def test_a_server_that_crashed_before_it_answered_gets_the_same_request_again(self):
        scene = Scene().elect("node1").write(1).do({"deliver": {"to": "node3"}})
        scene.do({"drop": {"from": "node3"}}, {"crash": "node3"}, {"restart": "node3"})
        now = scene.now
        scene.beat("node1")
        again = scene.sent(now, target="node3")[0]
        assert [entry["index"] for entry in again.data["entries"]] == [1]
        assert scene.terms("node3") == [1], "once"

    def test_rpcs_are_idempotent(self):
        lab = Lab().append("s2", term=1, entries=[1, 1], commit=1)
        state, answer = lab.node.state.persistent, lab.answer()
        lab.append("s2", term=1, entries=[1, 1], commit=1)
        assert (lab.node.state.persistent, lab.answer()) == (state, answer)
        lab.request_vote("s3", term=2, last_index=2, last_term=1)
        state, answer = lab.node.state.persistent, lab.answer()
        lab.request_vote("s3", term=2, last_index=2, last_term=1)
        assert (lab.node.state.persistent, lab.answer()) == (state, answer)

    def test_a_candidate_that_crashes_comes_back_as_a_follower_of_its_term(self):
        scene = Scene().do({"timeout": "node1"}, {"crash": "node1"}, {"restart": "node1"})
        state = scene.sim.state("node1")
        assert (state["state"], state["term"], state["votedFor"]) == ("follower", 1, 1)
        scene.settle()
        assert scene.leaders() == [], "votes for a campaign that it has forgotten do not count"


class TestTiming:
    """§5.6."""

    @pytest.mark.parametrize("latency", [[0, 0], [1, 2], [100, 400], [0, 1000]])
    def test_safety_does_not_depend_on_timing(self, latency):
        sim = Simulation(5, seed=9, timers="auto", timing={"latency": latency})
        for number in range(40):
            sim.do({"write": {"key": "x", "value": number, "to": f"node{number % 5 + 1}"}})
            sim.do({"advance": 200})
        assert sim.violations == []
        assert list(keep(trace(sim.events)))

    def test_a_steady_leader_needs_a_broadcast_time_far_below_the_election_timeout(self):
        """With answers ten times quicker than timeouts one leader stays; slower than them, none does."""
        reigns = {}
        for latency in (15, 400):
            timing = {"latency": [latency, latency], "election_timeout": [150, 300]}
            sim = Simulation(5, seed=2, timers="auto", timing=timing)
            sim.do({"advance": 20_000})
            won = [
                e.time for e in sim.events if e.kind == "role_changed" and e.data["to"] == "leader"
            ]
            reigns[latency] = len(won)
            assert sim.violations == []
        assert reigns == {15: 1, 400: 0}

    def test_while_there_is_no_leader_clients_make_no_progress(self):
        scene = Scene().elect("node1").do({"crash": "node1"}).write(1, to="node2")
        assert scene.client() == ("failed", None, "not_leader")
