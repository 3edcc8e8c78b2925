"""Short runs that bring about what can happen, named for what they show."""

from __future__ import annotations

from typing import Any

from raftviz import Simulation
from raftviz.narrate import Sentence, say, text
from raftviz.sim.events import Event
from tests.narrate import stories_beyond
from tests.narrate.stories_beyond import ELECT, WRITE, Command

VOTE = {"type": "RequestVote", "reply": True, "from": "node3", "term": 1, "voteGranted": True}

#: name: (arguments of Simulation, commands)
STORIES: dict[str, tuple[dict[str, Any], list[Command]]] = {
    "an election and a write": (
        {}, [*ELECT, *WRITE, {"heartbeat": "node1"}, {"settle": True}, {"timeout": "node2"}, {"settle": True}]
    ),
    "two candidates of one term": (
        {},
        [{"timeout": "node1"}, {"timeout": "node2"}, {"settle": True}, {"timeout": "node3"}],
    ),
    "a candidate hears the leader of its term": (
        {},
        [{"timeout": "node1"}, {"drop": {"to": "node3"}}, {"timeout": "node3"}, {"drop": {"from": "node3"}},
         {"settle": True}],
    ),
    "a late request": (
        {},
        [{"timeout": "node1"}, {"delay": {"messages": {"to": "node3"}, "by": 500}},
         {"timeout": "node2"}, {"timeout": "node2"}, {"drop": {"to": "node1"}},
         {"deliver": {"from": "node2", "to": "node3"}}, {"advance": 600}],
    ),
    "an answer to an election long over": (
        {},
        [{"timeout": "node1"}, {"deliver": {"to": "node2"}}, {"delay": {"messages": {"reply": True}, "by": 100}},
         {"timeout": "node1"}, {"settle": True}, {"advance": 200}],
    ),
    "an answer to one who has stepped down": (
        {},
        [{"timeout": "node1"}, {"deliver": {"to": "node2"}}, {"timeout": "node3"}, {"timeout": "node3"},
         {"drop": {"from": "node1"}}, {"deliver": {"from": "node3", "to": "node1"}}, {"settle": True}],
    ),
    "a deposed leader hears late answers": (
        {},
        [*ELECT, {"heartbeat": "node1"}, {"deliver": {"to": "node2"}}, {"timeout": "node3"},
         {"deliver": {"from": "node3", "to": "node1"}}, {"settle": True}],
    ),
    "answers of an earlier reign": (
        {},
        [*ELECT, {"heartbeat": "node1"}, {"deliver": {"to": "node2"}},
         {"delay": {"messages": {"from": "node2"}, "by": 500}},
         {"timeout": "node3"}, {"deliver": {"from": "node3", "to": "node1"}}, {"drop": {"from": "node3"}},
         {"timeout": "node1"}, {"deliver": {"to": "node3", "type": "RequestVote", "reply": False}},
         {"deliver": {"from": "node3", "type": "RequestVote", "reply": True, "term": 3}},
         {"deliver": {"from": "node2", "to": "node1", "type": "AppendEntries", "reply": True}}],
    ),
    "logs that part": (
        {
            "given": {
                "node1": {"log": [1, 1, 3], "term": 3, "state": "leader"},
                "node2": {"log": [1, 1, 2, 2], "term": 2},
                "node3": {"log": [1, 2], "term": 2, "commitIndex": 1, "votedFor": 3},
            }
        },
        [{"heartbeat": "node1"}, {"settle": True}, *WRITE, {"timeout": "node3"}, {"settle": True}],
    ),
    "many entries at once": (
        {"options": {"noop_on_election": True}},
        [*ELECT, {"cut": ["node1", "node3"]}, *WRITE, *WRITE, {"heal": ["node1", "node3"]},
         {"heartbeat": "node1"}, {"settle": True}, {"cut": ["node1", "node3"]}, *WRITE, *WRITE,
         {"heal": True}, {"heartbeat": "node1"}, {"settle": True}],
    ),
    "kinds of entries": (
        {},
        [*ELECT, *WRITE, {"cas": {"key": "k", "expected": 1, "value": 2, "client": "ann"}}, {"settle": True},
         {"cas": {"key": "k", "expected": 1, "value": 3}}, {"settle": True},
         {"delete": {"key": "k"}}, {"settle": True}, {"delete": {"key": "k"}}, {"settle": True},
         {"read": {"key": "k", "client": "ann"}}, {"settle": True},
         {"read": {"key": "k", "client": "ann", "mode": "local", "to": "node2"}}, {"retry": {"client": "ann"}},
         {"settle": True}],
    ),
    "clients turned away": (
        {},
        [{"write": {"key": "k", "value": 1, "to": "node2"}}, *ELECT,
         {"write": {"key": "k", "value": 1, "to": "node2"}}, {"crash": "node2"},
         {"write": {"key": "k", "value": 1, "to": "node2"}}],
    ),
    "a leader that steps down owes answers": (
        {},
        [*ELECT, {"write": {"key": "k", "value": 1, "client": "ann"}}, {"read": {"key": "k", "client": "bob"}},
         {"timeout": "node3"}, {"deliver": {"from": "node3", "to": "node1"}}],
    ),
    "a leader that crashes owes an answer": (
        {},
        [*ELECT, {"write": {"key": "k", "value": 1}}, {"crash": "node1"}, {"settle": True},
         {"restart": "node1"}, {"wipe": "node1"}],
    ),
    "a bad network": (
        {},
        [*ELECT, {"link": {"from": "node1", "to": "node2", "loss": 1}}, {"heartbeat": "node1"},
         {"duplicate": {"to": "node3"}}, {"settle": True},
         {"link": {"from": "node1", "to": "node2", "loss": 0, "latency": [80, 90]}},
         {"heartbeat": "node1"}, {"drop": {"to": "node2"}}, {"crash": "node3"},
         {"advance": 50}, {"restart": "node3"}, {"heartbeat": "node1"}, {"advance": 25},
         {"link": {"from": "node3", "to": "node1", "loss": 1}}, {"heartbeat": "node1"}, {"settle": True}],
    ),
    "answers lost, late and twice": (
        {},
        [*ELECT, {"heartbeat": "node1"}, {"deliver": {"to": "node2"}}, {"duplicate": {"reply": True}},
         {"delay": {"messages": {"reply": True}, "by": 20}}, {"drop": {"reply": True}},
         {"heartbeat": "node1"}, {"deliver": {"to": "node2"}},
         {"crash": "node1"}, {"settle": True}],
    ),
    "cuts": (
        {},
        [{"partition": [["node1", "node2"], ["node3"]]}, {"heal": True}, {"isolate": "node2"}, {"heal": "node2"},
         {"cut": ["node1", "node2"]}, {"heal": ["node1", "node2"]},
         {"cut": {"from": "node1", "to": "node2"}}, {"heal": {"from": "node1", "to": "node2"}}],
    ),
    "a frozen node": (
        {},
        [*ELECT, {"pause": "node2"}, {"heartbeat": "node1"}, {"advance": 60}, {"resume": "node2"}, {"settle": True}],
    ),
    "time passes": (
        {"timers": "auto", "nodes": 1, "options": {"noop_on_election": True}, "timing": {"latency": [1, 1]}},
        [{"run_until": {"leader": True, "quiet": True}}, {"step": 1}, {"step": 2}, {"advance": 200},
         {"run_until": {"leader": "node1", "state": {"node1": "leader"}, "committed": 1, "within": 60000}}],
    ),
    "a timer by name, and an option": (
        {},
        [{"timer": {"node": "node1", "name": "election"}}, {"settle": True},
         {"option": {"conflict_hints": True, "noop_on_election": True}}],
    ),
    "loyal nodes": (
        {"options": {"leader_stickiness": True}},
        [*ELECT, {"timeout": "node3"}, {"settle": True}, {"advance": 150}, {"timeout": "node3"}, {"advance": 12},
         {"deliver": "all"}],
    ),
    "two leaders by forged votes": (
        {},
        [{"timeout": "node1"}, {"timeout": "node2"},
         {"inject": {**VOTE, "to": "node1"}},
         {"inject": {**VOTE, "to": "node2"}}],
    ),
    "a log behind": (
        {
            "given": {
                "node1": {"log": [1, 1], "state": "leader", "nextIndex": {"node3": 1}},
                "node2": {"log": [1]},
            }
        },
        [{"heartbeat": "node1"}, {"timeout": "node2"}, {"settle": True}],
    ),
    "asking first": (
        {"options": {"pre_vote": True}},
        [*ELECT, *WRITE, {"isolate": "node3"}, {"timeout": "node3"}, {"heal": True}, {"timeout": "node3"},
         {"settle": True}, {"heartbeat": "node1"}, {"deliver": {"to": "node3"}}],
    ),
    "asking in vain": (
        {
            "options": {"pre_vote": True},
            "given": {"node1": {"log": [1, 2], "term": 2}, "node2": {"term": 2, "votedFor": 1},
                      "node3": {"term": 1}},
        },
        [{"timeout": "node3"}, {"deliver": {"type": "PreVote", "reply": False}},
         {"deliver": {"from": "node2", "reply": True}}, {"settle": True}, {"timeout": "node2"}, {"settle": True},
         {"inject": {"type": "PreVote", "reply": False, "from": "node3", "to": "node1", "term": 1,
                     "candidateId": "node3", "lastLogIndex": 0, "lastLogTerm": 0}}],
    ),
    "asking with a log behind": (
        {
            "options": {"pre_vote": True},
            "given": {"node1": {"log": [1, 2], "term": 2}, "node2": {"log": [1], "term": 2}},
        },
        [{"timeout": "node2"}, {"timeout": "node3"}, {"deliver": {"to": "node1"}},
         {"deliver": {"from": "node1"}}, {"timeout": "node1"}, {"settle": True}],
    ),
    "a question forestalled": (
        {"options": {"pre_vote": True}},
        [{"timeout": "node1"}, {"deliver": {"type": "PreVote", "to": "node2", "reply": False}},
         {"delay": {"messages": {"reply": True}, "by": 400}}, {"timeout": "node3"},
         {"deliver": {"from": "node3", "to": "node2"}}, {"deliver": {"from": "node2", "to": "node3"}},
         {"deliver": {"from": "node3", "to": "node1", "type": "RequestVote"}}, {"timeout": "node1"},
         {"deliver": {"from": "node2", "to": "node1"}}, {"advance": 500}],
    ),
    "a leader nobody answers": (
        {"options": {"check_quorum": True}},
        [*ELECT, {"timer": {"node": "node1", "name": "check_quorum"}}, {"isolate": "node1"},
         {"timer": {"node": "node1", "name": "check_quorum"}}],
    ),
    "leadership handed over": (
        {"options": {"leader_stickiness": True}},
        [*ELECT, {"transfer": {"to": "node2"}}, {"write": {"key": "k", "value": 1, "to": "node1"}}, {"settle": True},
         *WRITE, {"transfer": {"to": "node3"}}, {"settle": True}],
    ),
    "a transfer that comes to nothing": (
        {},
        [*ELECT, {"crash": "node2"}, {"transfer": {"to": "node2"}},
         {"timer": {"node": "node1", "name": "transfer"}}],
    ),
    "made by hand": (
        {},
        [*ELECT,
         {"inject": {"type": "AppendEntries", "reply": False, "from": "node2", "to": "node1", "term": 1,
                     "leaderId": "node2", "prevLogIndex": 0, "prevLogTerm": 0, "entries": [], "leaderCommit": 0}},
         {"inject": {"type": "RequestVote", "reply": True, "from": "node2", "to": "node3", "term": 0,
                     "voteGranted": True}}],
    ),
    **stories_beyond.STORIES,
}  # fmt: skip


def told(simulation: Simulation) -> list[tuple[Event, Sentence]]:
    """Every event of a run that has a sentence, with it."""
    events = simulation.events
    pairs = [(event, say(event, lambda seq: events[seq - 1])) for event in events]
    return [(event, said) for event, said in pairs if said is not None]


def run(name: str) -> Simulation:
    """The story of that name."""
    arguments, commands = STORIES[name]
    simulation = Simulation(**{"timing": {"latency": [12, 12]}, **arguments})
    for command in commands:
        simulation.do(command)
    return simulation


def texts(simulation: Simulation) -> list[str]:
    """The sentences of a run."""
    return [text(said) for _, said in told(simulation)]
