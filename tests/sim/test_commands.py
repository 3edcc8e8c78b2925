"""Bad input of any kind: one clear error that names the place and the remedy, nothing changed."""

from __future__ import annotations

import jsonschema
import pytest

from raftviz import Error, Simulation
from raftviz.sim.actions import ACTIONS
from raftviz.sim.commands import COMMANDS, json_schema, validate
from tests.sim.runs import STORM

WRONG = [
    (None, "None is no command"),
    ({}, "is no command"),
    ("timeout", "is no command"),
    ({"timeout": "node1", "crash": "node2"}, "is no command"),
    ({"timeuot": "node1"}, "did you mean 'timeout'?"),
    ({3: "node1"}, "there is no command 3"),
    ({"timeout": "node4"}, "timeout: there is no node 'node4'; did you mean"),
    ({"timeout": 1}, "timeout: 1 does not fit; give the name of a node"),
    ({"timeout": ["node1"]}, "give the name of a node"),
    ({"timeout": "x" * 10_000_000}, "text of 10,000,000 characters does not fit"),
    ({"crash": "node\n1"}, "control character"),
    ({"write": {"key": "k"}}, "write: value is missing"),
    ({"write": {"key": "k", "value": "v" * 10_000_000}}, "10,000,000 characters"),
    ({"write": {"key": "k" * 300, "value": 1}}, "give 1 to 200 characters"),
    ({"write": {"key": 5, "value": 1}}, "write.key: 5 does not fit"),
    ({"write": {"key": "k", "value": [1]}}, "give text, a number, true or false"),
    ({"write": {"key": "k", "value": float("nan")}}, "does not fit"),
    ({"write": {"key": "k", "value": 2**60}}, "does not fit"),
    ({"write": {"key": "k", "value": 1, "too": "node1"}}, "did you mean 'to'?"),
    ({"write": {"key": "k", "value": 1, "to": "node9"}}, "write.to: there is no node 'node9'"),
    ({"advance": -1}, "advance: -1 does not fit"),
    ({"advance": True}, "give a number of milliseconds from 0 to"),
    ({"advance": 1e12}, "does not fit"),
    ({"advance": float("inf")}, "does not fit"),
    ({"step": 0}, "give a whole number from 1 to 10,000"),
    ({"step": 1.5}, "1.5 does not fit"),
    ({"cut": ["node1"]}, "does not fit"),
    ({"cut": ["node1", "node1"]}, "no link to itself"),
    ({"cut": ["node1", "node8"]}, "cut: there is no node 'node8'"),
    ({"cut": {"from": "node1"}}, "cut: to is missing"),
    ({"heal": False}, "False does not fit; give true"),
    ({"partition": []}, "does not fit"),
    ({"partition": [["node1"], ["node1"]]}, "node1 is named twice"),
    ({"partition": [["node1"], ["nod2"]]}, "did you mean 'node2'?"),
    ({"link": {"from": "node1", "to": "node2"}}, "nothing is asked for"),
    ({"link": {"from": "node1", "to": "node2", "loss": 2}}, "from 0 to 1"),
    ({"link": {"from": "node1", "to": "node2", "latency": [9, 1]}}, "give [lowest, highest]"),
    ({"settle": 1}, "give true"),
    ({"deliver": "none"}, "use one of all"),
    ({"deliver": {}}, "nothing is asked for"),
    ({"deliver": {"type": "Heartbeat"}}, "use one of RequestVote, AppendEntries"),
    ({"run_until": {"within": 5}}, "waits for nothing"),
    ({"run_until": {"state": {"node1": "boss"}}}, "there is no state 'boss'"),
    ({"option": {"pre_votes": True}}, "there is no option 'pre_votes'"),
    ({"option": {"noop_on_election": 1}}, "give true or false"),
    ({"option": {"max_entries_per_append": 0}}, "from 1 to 1000"),
    ({"inject": []}, "does not fit"),
    ({"inject": {"type": "RequestVote"}}, "inject: from is missing"),
    ({"retry": {}}, "has not asked for anything yet"),
]


@pytest.mark.parametrize(("command", "message"), WRONG, ids=[m for _, m in WRONG])
def test_a_wrong_command_is_refused_by_name_and_changes_nothing(command, message):
    sim = Simulation(3)
    events, view = len(sim.events), sim.view()
    with pytest.raises(Error) as caught:
        sim.do(command)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 400
    assert (len(sim.events), sim.view()) == (events, view)


MADE_WRONG = [
    ({"nodes": 0}, "nodes: 0 nodes do not make a cluster here; give 1 to 9"),
    ({"nodes": 1000}, "1000 nodes"),
    ({"nodes": True}, "give a number from 1 to 9"),
    ({"nodes": "node1"}, "or a list of names"),
    ({"nodes": ["a", "a"]}, "a is named twice"),
    ({"nodes": ["<script>"]}, "is no name for a node"),
    ({"nodes": []}, "0 nodes"),
    ({"seed": -1}, "is no seed"),
    ({"seed": "x"}, "is no seed"),
    ({"protocol": "paxos"}, "there is no protocol 'paxos'"),
    ({"timers": "both"}, "give manual or auto"),
    ({"timing": {"latency": [20, 10]}}, "timing.latency"),
    ({"timing": {"latency": 10}}, "give [lowest, highest]"),
    ({"timing": {"heartbeat": 0}}, "timing.heartbeat: 0 does not fit"),
    ({"timing": {"hartbeat": 5}}, "did you mean 'heartbeat'?"),
    ({"options": {"leader_stickyness": True}}, "did you mean 'leader_stickiness'?"),
    ({"options": [1]}, "give {name: value}"),
    ({"given": {"node7": {}}}, "there is no node 'node7'"),
    ({"given": {"node1": {"trem": 1}}}, "did you mean 'term'?"),
    ({"given": {"node1": {"term": 1, "log": [2]}}}, "given.node1.term: term 1 contradicts its log"),
    ({"given": {"node1": {"log": [2, 1]}}}, "term 1 follows term 2"),
    ({"given": {"node1": {"log": [1], "commitIndex": 2}}}, "from 0 to 1"),
    ({"given": {"node1": {"state": "leader", "votedFor": 2}}}, "has voted for itself"),
    ({"given": {"node1": {"nextIndex": {"node2": 1}}}}, "neither nextIndex nor matchIndex"),
    (
        {"given": {"node1": {"state": "leader"}, "node2": {"state": "leader"}}},
        "leads term 1 already (Election Safety",
    ),
    (
        {
            "given": {
                "node1": {"log": [{"term": 1, "set": {"x": 1}}]},
                "node2": {"log": [{"term": 1, "set": {"x": 2}}]},
            }
        },
        "Log Matching",
    ),
]


@pytest.mark.parametrize(("arguments", "message"), MADE_WRONG, ids=[m for _, m in MADE_WRONG])
def test_a_cluster_that_cannot_be_is_refused_by_name(arguments, message):
    with pytest.raises(Error) as caught:
        Simulation(**arguments)
    assert message in str(caught.value)


def test_every_command_has_an_action_a_help_line_and_a_schema():
    assert COMMANDS.keys() == ACTIONS.keys()
    assert all(spec.help and spec.who in ("presenter", "viewer") for spec in COMMANDS.values())


def test_the_published_schema_accepts_what_we_accept_and_refuses_what_we_refuse():
    validator = jsonschema.Draft202012Validator(json_schema())
    for command in STORM:
        validate(command)
        validator.validate(command)
    for command, _ in WRONG:
        try:
            validate(command)
        except Error:
            known = isinstance(command, dict) and all(isinstance(key, str) for key in command)
            finite = "nan" not in str(command) and "\n" not in str(command)
            if known and finite:
                assert not validator.is_valid(command), command


def test_given_states_stand_as_given_and_go_on():
    sim = Simulation(
        3,
        given={
            "node1": {"term": 3, "votedFor": 1, "log": [1, {"term": 3, "set": {"x": 2}}]},
            "node2": {
                "term": 3,
                "log": [1, 3],
                "state": "leader",
                "nextIndex": {"node1": 3},
                "matchIndex": {"node1": 0},
            },
        }
        | {"node1": {"term": 3, "log": [1]}},
    )
    assert sim.state("node2")["nextIndex"] == {"node1": 3, "node3": 3}
    assert sim.state("node2")["state"] == "leader"
    sim.do({"heartbeat": "node2"})
    sim.do({"settle": True})
    assert [len(sim.state(node)["log"]) for node in sim.node_ids] == [2, 2, 2]
    assert sim.violations == []


def test_names_of_ones_own_appear_in_voted_for():
    sim = Simulation(["ann", "bob", "cy"])
    sim.do({"timeout": "ann"})
    assert sim.document_lines()[0] == "ann: {state: candidate, term: 1, votedFor: ann, log: []}"
