"""Short runs beyond Figure 2: disks, snapshots, members, sessions, leases, clients that act, mistakes."""

from __future__ import annotations

from typing import Any

Command = dict[str, Any]
Story = tuple[dict[str, Any], list[Command]]

ELECT: list[Command] = [{"timeout": "node1"}, {"settle": True}]
BEAT: list[Command] = [{"heartbeat": "node1"}, {"settle": True}]
WRITE: list[Command] = [{"write": {"key": "k", "value": 1}}, {"settle": True}]

AN_INSTALL = {
    "type": "InstallSnapshot", "reply": False, "from": "node1", "to": "node3", "leaderId": "node1",
    "lastIncludedIndex": 2, "lastIncludedTerm": 1, "stateMachine": {"k": 1}, "sessions": {},
    "configuration": {"members": ["node1", "node2", "node3"], "old": []},
}  # fmt: skip

THREE = {"members": ["node1", "node2", "node3"], "old": []}
JOINT = {"members": ["node1", "node2"], "old": ["node1", "node2", "node3"]}

LEASE = {"read_mode": "lease", "check_quorum": True, "leader_stickiness": True}
SNAPSHOT = {"index": 2, "term": 1, "stateMachine": {"k": 1}}
A_MAJORITY_LESS_ONE = {"bugs": ["majority-minus-one"]}

STORIES: dict[str, Story] = {
    # Disks and clocks.
    "a disk that stalls": (
        {},
        [{"pause": {"disk": "node2"}}, {"timeout": "node1"}, {"settle": True}, {"resume": {"disk": "node2"}},
         {"settle": True}, {"crash": "node3"}, {"restart": "node3"}],
    ),
    "an entry that never reached the disk": (
        {},
        [*ELECT, {"pause": {"disk": "node3"}}, {"write": {"key": "k", "value": 1}}, {"drop": {"to": "node2"}},
         {"deliver": {"to": "node3"}}, {"crash": "node3"}, {"resume": {"disk": "node3"}}, {"restart": "node3"},
         {"timeout": "node2"}, {"deliver": {"from": "node2", "to": "node3"}}],
    ),
    "clocks that are wrong": (
        {},
        [{"clock": {"node": "node1", "rate": 2}}, {"clock": {"node": "node1", "rate": 0.5}},
         {"clock": {"node": "node1", "rate": 1}}],
    ),
    "a slow clock makes for long loyalty": (
        {"options": {"leader_stickiness": True}},
        [{"clock": {"node": "node2", "rate": 0.5}}, *ELECT, {"advance": 200}, {"timeout": "node3"}, {"settle": True}],
    ),
    # Snapshots.
    "a follower that needs a snapshot": (
        {"options": {"snapshot_threshold": 2}},
        [*ELECT, {"isolate": "node3"}, *WRITE, *WRITE, *WRITE, {"snapshot": "node1"}, {"heal": True},
         *BEAT, *BEAT, {"crash": "node3"}, {"restart": "node3"}],
    ),
    "a snapshot that fits what is there": (
        {
            "given": {
                "node1": {"state": "leader", "snapshot": SNAPSHOT, "log": [1], "nextIndex": {"node3": 1}},
                "node2": {"log": [1, 1, 1]},
                "node3": {"log": [1, 1, 1]},
            }
        },
        BEAT,
    ),
    "answers about snapshots that come late": (
        {
            "given": {
                "node1": {"state": "leader", "snapshot": SNAPSHOT, "nextIndex": {"node2": 1, "node3": 1}},
                "node2": {"term": 1},
                "node3": {"term": 1},
            }
        },
        [{"heartbeat": "node1"}, {"deliver": {"to": "node2"}}, {"delay": {"messages": {"from": "node2"}, "by": 500}},
         {"deliver": {"to": "node3"}}, {"delay": {"messages": {"from": "node3"}, "by": 900}},
         {"inject": {"type": "RequestVote", "reply": False, "from": "node3", "to": "node1", "term": 2,
                     "candidateId": "node3", "lastLogIndex": 0, "lastLogTerm": 0}},
         {"drop": {"from": "node1"}}, {"deliver": {"from": "node2"}}, {"timeout": "node1"},
         {"deliver": {"from": "node1", "to": "node2"}}, {"deliver": {"from": "node2", "type": "RequestVote"}},
         {"deliver": {"from": "node3", "type": "InstallSnapshot", "term": 1}}],
    ),
    "a snapshot of a leader long deposed": (
        {
            "given": {
                "node1": {"state": "leader", "snapshot": SNAPSHOT, "nextIndex": {"node3": 1}},
                "node2": {"log": [1, 1]},
                "node3": {"term": 3},
            }
        },
        BEAT,
    ),
    "a snapshot that is far ahead in joint membership": (
        {},
        [{"inject": {**AN_INSTALL, "term": 1, "configuration": JOINT}},
         {"inject": {**AN_INSTALL, "term": 1, "lastIncludedIndex": 5, "configuration": THREE}}],
    ),
    # Members.
    "a server joins, and the leader leaves": (
        {"options": {"noop_on_election": True}},
        [*ELECT, {"add_node": "node4"}, {"settle": True}, *BEAT, {"remove_node": "node1"}, {"settle": True}],
    ),
    "a server that does not catch up": (
        {"options": {"noop_on_election": True, "max_entries_per_append": 1}},
        [*ELECT, {"add_node": "node4"}, {"deliver": {"to": "node4"}}, {"deliver": {"from": "node4"}},
         {"timer": {"node": "node1", "name": "catch_up"}}, {"write": {"key": "k", "value": 1}},
         {"deliver": {"to": "node4"}}, {"deliver": {"from": "node4"}}, {"isolate": "node4"},
         {"timer": {"node": "node1", "name": "catch_up"}}, {"timer": {"node": "node1", "name": "catch_up"}}],
    ),
    "a change that is undone": (
        {"options": {"noop_on_election": True}},
        [*ELECT, {"add_node": "node4"}, {"deliver": {"to": "node4"}}, {"deliver": {"from": "node4"}},
         {"deliver": {"to": "node4"}}, {"deliver": {"from": "node4"}}, {"deliver": {"to": "node4"}},
         {"isolate": "node1"}, {"timeout": "node2"}, {"settle": True}, {"heal": True},
         {"heartbeat": "node2"}, {"settle": True}, {"add_node": "node4"}, {"settle": True}],
    ),
    "two majorities": (
        {"nodes": 4, "options": {"noop_on_election": True, "membership": "joint"}},
        [*ELECT, {"reconfigure": ["node1", "node2", "node3"]}, {"deliver": {"to": "node2"}},
         {"deliver": {"to": "node3"}}, {"deliver": {"from": "node2"}}, {"deliver": {"from": "node3"}},
         {"settle": True}, {"reconfigure": ["node1", "node2"]}, {"deliver": {"to": "node2"}},
         {"deliver": {"to": "node3"}}, {"drop": {"to": "node1"}}, {"timeout": "node2"},
         {"deliver": {"to": "node3"}}, {"deliver": {"from": "node3"}}, {"settle": True}],
    ),
    "a question to two majorities": (
        {
            "options": {"pre_vote": True, "membership": "joint"},
            "given": {
                "node1": {"log": [{"term": 1, "configuration": JOINT}]},
                "node3": {"log": [{"term": 1, "configuration": JOINT}, {"term": 1, "noop": True}]},
            },
        },
        [{"timeout": "node1"}, {"settle": True}, {"timeout": "node3"}, {"deliver": {"to": "node1"}},
         {"deliver": {"to": "node3"}}, {"settle": True}],
    ),
    "a vote refused while two majorities are needed": (
        {
            "options": {"membership": "joint"},
            "given": {
                "node1": {"log": [{"term": 1, "configuration": JOINT}]},
                "node3": {"log": [{"term": 1, "configuration": JOINT}, {"term": 1, "noop": True}]},
            },
        },
        [{"timeout": "node1"}, {"deliver": {"to": "node3"}}, {"deliver": {"from": "node3"}}],
    ),
    "a change back to joint": (
        {
            "options": {"membership": "joint"},
            "given": {
                "node1": {"state": "leader", "term": 2, "log": [{"term": 1, "configuration": JOINT}, {"term": 2}]},
                "node2": {"log": [{"term": 1, "configuration": JOINT},
                                  {"term": 1, "configuration": {"members": ["node1", "node2"], "old": []}}]},
                "node3": {"members": ["node1", "node2", "node3"]},
            },
        },
        BEAT,
    ),
    # Clients.
    "a command that comes twice": (
        {"options": {"client_sessions": True}},
        [*ELECT, {"write": {"key": "k", "value": 1, "client": "ann"}}, {"retry": {"client": "ann"}}, {"settle": True},
         {"retry": {"client": "ann"}}],
    ),
    "clients that act by themselves": (
        {},
        [{"client": {"client": "ann"}}, {"client": {"client": "bob", "patience": 40, "tries": 2}},
         {"write": {"key": "k", "value": 1, "client": "bob"}}, {"advance": 300}, *ELECT, {"isolate": "node1"},
         {"write": {"key": "k", "value": 2, "client": "bob", "to": "node1"}}, {"advance": 300},
         {"client": {"client": "bob", "patience": 0}}],
    ),
    # Reads.
    "reads by lease": (
        {"options": LEASE},
        [*ELECT, *WRITE, {"read": {"key": "k"}}, {"read": {"key": "k", "mode": "lease"}},
         {"read": {"key": "k", "mode": "linearizable"}}, {"settle": True}, {"advance": 200},
         *BEAT, {"crash": "node2"}, {"restart": "node2"}, {"timeout": "node3"}, {"settle": True},
         {"transfer": {"to": "node2"}}],
    ),
    "a question to one who has just restarted": (
        {"options": {**LEASE, "pre_vote": True}},
        [*ELECT, {"crash": "node2"}, {"restart": "node2"}, {"timeout": "node3"}, {"settle": True}],
    ),
    "a leader with a lease steps down": (
        {"options": LEASE},
        [*ELECT, {"isolate": "node1"}, {"timer": {"node": "node1", "name": "check_quorum"}},
         {"timer": {"node": "node1", "name": "check_quorum"}}],
    ),
    "requests that follow each other": (
        {"options": {"max_inflight": 4}},
        [*ELECT, *WRITE, {"write": {"key": "k", "value": 2}}, {"write": {"key": "k", "value": 3}}, {"settle": True}],
    ),
    # Mistakes on purpose.
    "a server votes twice": (
        {"options": {"bugs": ["vote-twice"]}},
        [{"timeout": "node1"}, {"deliver": {"to": "node3"}}, {"timeout": "node2"}, {"settle": True}],
    ),
    "a vote is forgotten": (
        {"options": {"bugs": ["forget-vote"]}},
        [{"timeout": "node1"}, {"deliver": {"to": "node3"}}, {"crash": "node3"}, {"restart": "node3"},
         {"timeout": "node2"}, {"deliver": {"from": "node2", "to": "node3"}}],
    ),
    "a vote on a lost disk": (
        {},
        [{"timeout": "node1"}, {"deliver": {"to": "node3"}}, {"wipe": "node3"}, {"restart": "node3"},
         {"timeout": "node2"}, {"deliver": {"from": "node2", "to": "node3"}}],
    ),
    "votes whatever the logs hold": (
        {
            "options": {"bugs": ["vote-without-log-check"]},
            "given": {"node1": {"log": [1, 2], "term": 2}, "node2": {"log": [1], "term": 2}, "node3": {"term": 2}},
        },
        [{"timeout": "node3"}, {"deliver": {"to": "node1"}}, {"timeout": "node2"}, {"timeout": "node2"},
         {"deliver": {"to": "node1"}}],
    ),
    "would vote whatever the logs hold": (
        {
            "options": {"pre_vote": True, "bugs": ["vote-without-log-check"]},
            "given": {"node1": {"log": [1, 2], "term": 2}, "node2": {"log": [1], "term": 2}, "node3": {"term": 2}},
        },
        [{"timeout": "node2"}, {"deliver": {"to": "node1"}}, {"timeout": "node3"}, {"deliver": {"to": "node1"}}],
    ),
    "the longer log wins": (
        {
            "options": {"bugs": ["longest-log-wins"]},
            "given": {"node1": {"log": [1, 1, 1], "term": 2}, "node2": {"log": [1, 2], "term": 2}},
        },
        [{"timeout": "node2"}, {"settle": True}],
    ),
    "the longer log would win": (
        {
            "options": {"pre_vote": True, "bugs": ["longest-log-wins"]},
            "given": {"node1": {"log": [1, 1, 1], "term": 2}, "node2": {"log": [1, 2], "term": 2}},
        },
        [{"timeout": "node2"}, {"settle": True}],
    ),
    "one less than a majority": (
        {"options": A_MAJORITY_LESS_ONE},
        [{"timeout": "node1"}, {"settle": True}, *WRITE, {"option": {"bugs": []}}, *WRITE],
    ),
    "one less than a majority of five that were three": (
        {"options": {"noop_on_election": True}},
        [*ELECT, {"add_node": "node4"}, {"settle": True}, {"add_node": "node5"}, {"settle": True},
         {"option": A_MAJORITY_LESS_ONE}, *WRITE],
    ),
    "alone one is a majority": (
        {"nodes": 1},
        [{"timeout": "node1"}, *WRITE, {"read": {"key": "k"}}],
    ),
    "a read that nobody answers in time": (
        {},
        [*ELECT, *WRITE, {"client": {"client": "ann", "patience": 40, "tries": 1}}, {"isolate": "node1"},
         {"read": {"key": "k", "client": "ann"}}, {"advance": 100}],
    ),
    "one less than a majority of five": (
        {"nodes": 5, "options": {**A_MAJORITY_LESS_ONE, "pre_vote": True}},
        [{"timeout": "node1"}, {"settle": True}],
    ),
    "an old message takes entries away": (
        {
            "options": {"bugs": ["truncate-always"]},
            "given": {
                "node1": {"state": "leader", "log": [1, 1, 1], "nextIndex": {"node2": 3, "node3": 2}},
                "node2": {"log": [1, 1, 1]},
                "node3": {"log": [1, 1, 1]},
            },
        },
        BEAT,
    ),
    "applied too early": (
        {"options": {"bugs": ["apply-before-commit"]}},
        [*ELECT, *WRITE],
    ),
    "old terms counted": (
        {
            "options": {"bugs": ["commit-old-terms"]},
            "given": {
                "node1": {"state": "leader", "log": [1, 1], "term": 3},
                "node2": {"log": [1], "term": 2},
                "node3": {"log": [1], "term": 2},
            },
        },
        [{"heartbeat": "node1"}, {"settle": True}],
    ),
    "leaderCommit taken at its word": (
        {
            "options": {"bugs": ["leader-commit-without-min"]},
            "given": {
                "node1": {"state": "leader", "log": [1, 1, 1], "commitIndex": 3, "nextIndex": {"node2": 1}},
                "node2": {"log": [1, 1, 1]},
                "node3": {"log": [1, 1, 1]},
            },
        },
        [{"option": {"max_entries_per_append": 1}}, *BEAT],
    ),
    "a leader that does not ask": (
        {"options": {"bugs": ["stale-local-read"]}},
        [*ELECT, *WRITE, {"read": {"key": "k"}}, {"check": "linearizability"}],
    ),
    "a leader that does not know better": (
        {"options": {"bugs": ["stale-local-read"]}},
        [*ELECT, {"isolate": "node1"}, {"timeout": "node2"}, {"settle": True},
         {"write": {"key": "k", "value": 2, "to": "node2", "client": "ann"}}, {"settle": True}, {"advance": 1},
         {"read": {"key": "k", "to": "node1", "client": "bob"}}, {"check": "linearizability"}],
    ),
}  # fmt: skip
