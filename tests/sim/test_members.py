"""Servers that join and leave (dissertation §4), whole clusters of them, and options that contradict."""

from __future__ import annotations

from typing import Any

import pytest

from raftviz import Simulation
from raftviz.errors import CommandError, LimitError, OptionError
from tests.sim.runs import dump


def led(nodes: Any = 3, timers: str = "manual", **options) -> Simulation:
    """A cluster that node1 leads in term 1, an entry of that term committed everywhere."""
    sim = Simulation(
        nodes,
        timers=timers,
        timing={"latency": [10, 10]},
        options={"noop_on_election": True} | options,
    )
    sim.do({"timeout": "node1"})
    sim.do({"settle": True})
    beat(sim)
    assert [sim.state(node)["commitIndex"] for node in sim.node_ids] == [1] * len(sim.node_ids)
    return sim


def beat(sim: Simulation, leader: str = "node1") -> None:
    sim.do({"heartbeat": leader})
    sim.do({"settle": True})


def changed(sim: Simulation, command: dict[str, Any], leader: str = "node1") -> Simulation:
    """Carry out a change of members, and let everybody learn that it is committed."""
    sim.do(command)
    sim.do({"settle": True})
    beat(sim, leader)
    return sim


def refused(sim: Simulation, command: dict[str, Any], kind: type[Exception] = CommandError) -> str:
    """Why a command is refused; nothing has changed then."""
    before, view = dump(sim), sim.view()
    with pytest.raises(kind) as caught:
        sim.do(command)
    assert (dump(sim), sim.view()) == (before, view)
    return str(caught.value)


class TestJoining:
    def test_a_name_that_is_new_makes_a_server(self):
        sim = led()
        events = sim.do({"add_node": "node4"})
        assert sim.node_ids == ("node1", "node2", "node3", "node4")
        kinds = [event.kind for event in events]
        assert kinds.index("node_added") < kinds.index("learner_changed")
        state = sim.state("node4")
        assert (state["state"], state["term"], state["log"], state["members"]) == (
            "follower",
            0,
            [],
            [],
        )
        assert state["timers"] == {}, "it waits to be spoken to"

    def test_it_catches_up_and_is_a_member(self):
        sim = changed(led(), {"add_node": "node4"})
        members = ["node1", "node2", "node3", "node4"]
        assert [sim.state(node)["members"] for node in sim.node_ids] == [members] * 4
        assert sim.state("node4")["log"] == sim.state("node1")["log"]
        assert sim.state("node4")["commitIndex"] == 2
        assert sim.violations == []

    def test_it_may_lead_then(self):
        sim = changed(led(), {"add_node": "node4"})
        sim.do({"crash": "node1"})
        sim.do({"timeout": "node4"})
        sim.do({"settle": True})
        assert sim.state("node4")["state"] == "leader"

    def test_it_catches_up_by_a_snapshot_where_entries_are_gone(self):
        sim = led()
        for value in range(3):
            sim.do({"write": {"key": "x", "value": value}})
            sim.do({"settle": True})
        sim.do({"snapshot": "node1"})
        changed(sim, {"add_node": "node4"})
        assert sim.state("node4")["snapshot"] == {"index": 4, "term": 1}
        assert sim.state("node4")["stateMachine"] == {"x": 2}
        assert sim.state("node4")["members"] == list(sim.node_ids)

    def test_a_server_that_cannot_be_reached_is_given_up(self):
        sim = led()
        sim.do({"add_node": "node4"})
        sim.do({"isolate": "node4"})
        sim.do({"timer": {"node": "node1", "name": "catch_up"}})
        sim.do({"timer": {"node": "node1", "name": "catch_up"}})
        assert sim.state("node1")["learners"] == []
        assert sim.state("node1")["members"] == ["node1", "node2", "node3"]
        sim.do({"heal": True})
        changed(sim, {"add_node": "node4"})
        assert sim.state("node1")["members"] == list(sim.node_ids), "it is there, and may try again"

    def test_links_and_partitions_know_it(self):
        sim = led()
        sim.do({"add_node": "node4"})
        sim.do({"partition": [["node1", "node2", "node3"], ["node4"]]})
        assert sim.view()["links"]["node1>node4"]["cut"]

    def test_who_left_may_come_back(self):
        sim = changed(led(), {"remove_node": "node3"})
        changed(sim, {"add_node": "node3"})
        assert sim.state("node3")["members"] == ["node1", "node2", "node3"]

    def test_a_fork_from_before_does_not_know_it_and_one_from_after_does(self):
        sim = led()
        before = len(sim.events)
        changed(sim, {"add_node": "node4"})
        assert sim.fork(at=before).node_ids == ("node1", "node2", "node3")
        fork = sim.fork(at=len(sim.events) - 3)
        assert fork.node_ids == sim.node_ids
        changed(fork, {"remove_node": "node4"})
        assert fork.state("node1")["members"] == ["node1", "node2", "node3"]
        assert fork.violations == []

    def test_founders_are_not_taken_for_more_than_they_are_after_a_fork(self):
        """A learner that was given up is no member, whoever looks back."""
        sim = led(membership="joint")
        sim.do({"add_node": "node4"})
        sim.do({"drop": "all"})
        for _ in range(2):
            sim.do({"timer": {"node": "node1", "name": "catch_up"}})
        fork = sim.fork()
        fork.do({"reconfigure": ["node1", "node2"]})
        assert fork.violations == []

    def test_in_virtual_time_it_all_happens_by_itself(self):
        sim = Simulation(3, seed=5, timers="auto", options={"noop_on_election": True})
        sim.do({"run_until": {"leader": True}})
        sim.do({"advance": 200})
        sim.do({"add_node": "node4"})
        sim.do({"advance": 300})
        assert sim.state("node4")["members"] == ["node1", "node2", "node3", "node4"]
        sim.do({"remove_node": "node4"})
        sim.do({"advance": 1000})
        assert sim.violations == []


class TestLeaving:
    def test_who_is_removed_runs_on_and_may_not_know(self):
        """§4.2.2: the leader sends it nothing any more."""
        sim = changed(led(), {"remove_node": "node3"})
        assert sim.state("node1")["members"] == ["node1", "node2"]
        assert sim.state("node3")["members"] == ["node1", "node2", "node3"]
        assert not sim.state("node3")["crashed"]
        assert "node3" not in sim.state("node1")["nextIndex"]

    def test_it_can_disturb_unless_servers_stick_to_their_leader(self):
        """§4.2.3."""
        for sticky, term in ((False, 2), (True, 1)):
            sim = changed(led(leader_stickiness=sticky), {"remove_node": "node3"})
            sim.do({"timeout": "node3"})
            sim.do({"settle": True})
            assert sim.state("node1")["term"] == term

    def test_a_leader_that_removes_itself_leads_until_that_is_committed(self):
        sim = led()
        sim.do({"remove_node": "node1"})
        assert sim.state("node1")["state"] == "leader"
        sim.do({"settle": True})
        assert sim.state("node1")["state"] == "follower"
        assert sim.state("node2")["commitIndex"] == 2, "it had told them"
        assert sim.state("node2")["members"] == ["node2", "node3"]

    def test_joint_consensus_may_enter_servers_that_are_not_there_yet(self):
        sim = led(membership="joint")
        changed(sim, {"reconfigure": ["node1", "node4", "node5"]})
        beat(sim)
        assert sim.node_ids == ("node1", "node2", "node3", "node4", "node5")
        assert sim.state("node4")["members"] == ["node1", "node4", "node5"]
        assert sim.state("node4")["oldMembers"] == []
        assert refused(sim, {"reconfigure": ["node1", "no de"]}).startswith(
            "reconfigure: 'no de' is no name for a node"
        )
        assert "no de" not in sim.node_ids

    def test_joint_consensus_replaces_a_majority_at_once(self):
        sim = led(["node1", "node2", "node3", "node4", "node5"], membership="joint")
        changed(sim, {"reconfigure": ["node1", "node4", "node5"]})
        beat(sim)
        configurations = [
            entry["configuration"]
            for entry in sim.state("node5")["log"]
            if "configuration" in entry
        ]
        old = ["node1", "node2", "node3", "node4", "node5"]
        assert configurations == [
            {"members": ["node1", "node4", "node5"], "old": old},
            {"members": ["node1", "node4", "node5"], "old": []},
        ]
        assert sim.state("node5")["oldMembers"] == []
        assert sim.violations == []

    def test_a_read_that_waits_for_a_majority_is_answered_when_the_leader_is_one_by_itself(self):
        sim = led(2)
        sim.do({"isolate": "node2"})
        sim.do({"read": {"key": "x"}})
        assert sim.view()["clients"]["client"]["outcome"] == "waiting"
        sim.do({"remove_node": "node2"})
        assert sim.view()["clients"]["client"]["outcome"] == "ok"


class TestWhatIsRefused:
    def test_a_member_cannot_join_again(self):
        assert refused(led(), {"add_node": "node2"}) == (
            "add_node: node2 is a member already; name a server that is not"
        )

    @pytest.mark.parametrize("name", ["4", "no de", "-x", "n" * 21, "ärger"])
    def test_a_new_server_needs_a_name_that_nodes_can_have(self, name):
        assert refused(led(), {"add_node": name}) == (
            f"add_node: {name!r} is no name for a node; "
            "use a letter, then letters, digits, - and _, at most 20 in all"
        )

    def test_there_are_nine_servers_at_most(self):
        sim = Simulation(9, options={"noop_on_election": True})
        sim.do({"timeout": "node1"})
        sim.do({"settle": True})
        assert refused(sim, {"add_node": "node10"}, LimitError) == (
            "add_node: there are 9 nodes already, and no more than 9 may be"
        )
        sim.do({"remove_node": "node9"})
        sim.do({"settle": True})
        assert refused(sim, {"add_node": "node10"}, LimitError).endswith("; name one of node9")

    def test_members_change_only_where_somebody_leads(self):
        for command in (
            {"add_node": "node4"},
            {"remove_node": "node3"},
            {"reconfigure": ["node1"]},
        ):
            sim = Simulation(3)
            name = next(iter(command))
            assert refused(sim, command).startswith(f"{name}: there is no leader to ask")
            assert sim.node_ids == ("node1", "node2", "node3")

    def test_a_leader_that_stands_still_takes_no_orders(self):
        sim = led()
        sim.do({"pause": "node1"})
        assert refused(sim, {"add_node": "node4"}) == (
            "add_node: node1 stands still; resume node1 first"
        )

    @pytest.mark.parametrize(
        ("command", "error"),
        [
            (
                {"remove_node": "node3"},
                "remove_node: 'node3' is not a member of the cluster; "
                "did you mean 'node2'? use one of node1, node2",
            ),
            (
                {"transfer": {"to": "node3"}},
                "transfer.to: 'node3' is not a member of the cluster; "
                "did you mean 'node2'? use one of node2",
            ),
            (
                {"reconfigure": ["node1", "node9"]},
                "reconfigure: 2 servers would change at once: node2, node9; "
                "change one at a time, or set the option membership to joint",
            ),
            (
                {"reconfigure": ["node1", "node2", "node1"]},
                "reconfigure: node1 is named twice; name each node once",
            ),
            ({"reconfigure": ["node2", "node1"]}, "reconfigure: these are the members already; name another list"),
            (
                {"remove_node": "node8"},
                "remove_node: 'node8' is not a member of the cluster; "
                "did you mean 'node2'? use one of node1, node2",
            ),
            (
                {"transfer": {"to": "node8"}},
                "transfer.to: there is no node 'node8'; "
                "did you mean 'node3'? use one of node1, node2, node3",
            ),
        ],
    )  # fmt: skip
    def test_a_removed_node_and_an_unknown_one_are_no_members(self, command, error):
        sim = changed(led(), {"remove_node": "node3"})
        assert refused(sim, command) == error

    def test_the_only_member_cannot_leave(self):
        assert refused(led(1), {"remove_node": "node1"}) == (
            "remove_node: node1 is the only member; add another one first"
        )

    def test_none_before_an_entry_of_the_term_is_committed(self):
        sim = Simulation(3)
        sim.do({"timeout": "node1"})
        sim.do({"settle": True})
        assert refused(sim, {"add_node": "node4"}) == (
            "add_node: no entry of term 1 is committed yet; "
            "write something first, or set the option noop_on_election"
        )
        assert "node4" not in sim.node_ids, "nor is there a new server"

    def test_one_change_at_a_time(self):
        sim = led()
        sim.do({"add_node": "node4"})
        assert refused(sim, {"remove_node": "node2"}) == (
            "remove_node: node4 must catch up first; "
            "wait until the change that is under way is committed"
        )
        sim = led()
        sim.do({"isolate": "node1"})
        sim.do({"remove_node": "node3"})
        assert refused(sim, {"add_node": "node4"}) == (
            "add_node: the change of members at index 2 is not committed yet; "
            "one change at a time: wait until it is (dissertation §4.1)"
        )


class TestContradictions:
    @pytest.mark.parametrize("has", [{}, {"check_quorum": True}, {"leader_stickiness": True}])
    def test_a_lease_needs_check_quorum_and_stickiness(self, has):
        missing = "leader_stickiness" if "check_quorum" in has else "check_quorum"
        error = (
            f"options.read_mode: a lease needs {missing}; "
            "turn check_quorum and leader_stickiness on, or choose another read_mode"
        )
        with pytest.raises(OptionError) as caught:
            Simulation(3, options={"read_mode": "lease", **has})
        assert str(caught.value) == error
        assert (
            refused(Simulation(3, options=has), {"option": {"read_mode": "lease"}}, OptionError)
            == error
        )

    def test_what_a_lease_needs_cannot_be_turned_off(self):
        sim = Simulation(
            3, options={"read_mode": "lease", "check_quorum": True, "leader_stickiness": True}
        )
        for name in ("check_quorum", "leader_stickiness"):
            assert refused(sim, {"option": {name: False}}, OptionError) == (
                f"options.{name}: a lease needs {name}; "
                "turn check_quorum and leader_stickiness on, or choose another read_mode"
            )
        sim.do({"option": {"read_mode": "linearizable", "check_quorum": False}})
        assert sim.options["check_quorum"] is False

    def test_a_read_by_lease_needs_leases(self):
        assert refused(led(), {"read": {"key": "x", "mode": "lease"}}) == (
            "read.mode: leaders keep no lease; "
            "set the options read_mode: lease, check_quorum and leader_stickiness"
        )

    @pytest.mark.parametrize("under_way", ["catching up", "not committed"])
    def test_how_members_change_stays_while_they_do(self, under_way):
        sim = led()
        if under_way == "catching up":
            sim.do({"add_node": "node4"})
        else:
            sim.do({"isolate": "node1"})
            sim.do({"remove_node": "node3"})
        assert refused(sim, {"option": {"membership": "joint"}}, OptionError) == (
            "options.membership: a change of members is under way; wait until it is committed"
        )
        sim.do({"option": {"membership": "single", "pre_vote": True}})
        assert sim.options["pre_vote"]

    def test_once_it_is_committed_it_may_be_chosen_anew(self):
        sim = changed(led(), {"remove_node": "node3"})
        sim.do({"option": {"membership": "joint"}})
        changed(sim, {"reconfigure": ["node1", "node3"]})
        beat(sim)
        assert sim.state("node1")["members"] == ["node1", "node3"]

    @pytest.mark.parametrize(
        ("bugs", "error"),
        [
            (
                ["vote-twise"],
                "options.bugs: there is no bug 'vote-twise'; did you mean 'vote-twice'? use one of ",
            ),
            ([3], "options.bugs: there is no bug 3; "),
            (
                "vote-twice",
                "options.bugs: 'vote-twice' is no list of mistakes; give a list of names",
            ),
        ],
    )
    def test_an_unknown_bug_is_refused(self, bugs, error):
        with pytest.raises(OptionError) as caught:
            Simulation(3, options={"bugs": bugs})
        assert str(caught.value).startswith(error)
        assert refused(Simulation(3), {"option": {"bugs": bugs}}, OptionError).startswith(error)

    def test_bugs_stand_in_the_order_of_their_list(self):
        sim = Simulation(3, options={"bugs": ["vote-twice", "forget-vote", "vote-twice"]})
        assert sim.options["bugs"] == ["forget-vote", "vote-twice"]

    @pytest.mark.parametrize(
        ("option", "error"),
        [
            (
                {"membership": "both"},
                "options.membership: 'both' does not fit; use one of single, joint",
            ),
            (
                {"snapshot_threshold": 0},
                "options.snapshot_threshold: 0 is not a number of entries; "
                "give a whole number from 1 to 10000, or null for no limit",
            ),
            (
                {"max_inflight": 1.5},
                "options.max_inflight: 1.5 is not a number of requests; "
                "give a whole number from 1 to 1000, or null for no limit",
            ),
            (
                {"client_sessions": 1},
                "options.client_sessions: 1 is neither true nor false; give true or false",
            ),
            (
                {"read_mode": "lasy"},
                "options.read_mode: 'lasy' does not fit; use one of linearizable, lease, local",
            ),
        ],
    )
    def test_values_that_do_not_fit_are_refused(self, option, error):
        with pytest.raises(OptionError) as caught:
            Simulation(3, options=option)
        assert str(caught.value) == error
