"""The parts of a lesson's shape: texts, nodes, logs, where a cluster starts, what may be expected.

`description` says what would be right: the loader's complaints end with it.
"""

from __future__ import annotations

NODE_NAME = "^[A-Za-z][A-Za-z0-9_-]{0,19}$"
NODE_FIELDS = (
    "state", "term", "votedFor", "log", "commitIndex", "stateMachine", "lastApplied",
    "leader", "votesGranted", "nextIndex", "matchIndex", "transferTo", "members", "oldMembers",
    "learners", "snapshot", "sessions", "disk", "lease", "crashed", "paused", "stalled", "clock",
)  # fmt: skip

DISK_FIELDS = ("term", "votedFor", "lastIndex", "lastTerm", "snapshotIndex")
NODE_PARTS: dict[str, str | tuple[str, ...]] = {
    "nextIndex": "nodes", "matchIndex": "nodes", "stateMachine": "any", "sessions": "any",
    "snapshot": ("index", "term"), "disk": DISK_FIELDS,
}  # fmt: skip
"""Fields with parts that a text may name: for nodes, for any keys, or these alone."""

INDEX = {"type": "integer", "minimum": 0, "description": "give a whole number from 0"}
FROM_ONE = {"type": "integer", "minimum": 1, "description": "give a whole number from 1"}
TEXT = {"type": "string", "minLength": 1, "maxLength": 8000, "description": "write some text"}
LINE = {
    "type": "string",
    "minLength": 1,
    "maxLength": 300,
    "description": "write one line of text",
}
ID = {
    "type": "string",
    "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
    "maxLength": 60,
    "description": "use a-z, 0-9 and single hyphens, like first-election",
}
NODE = {
    "type": "string",
    "pattern": NODE_NAME,
    "description": "give the name of a node, like node1",
}
ROLE = {"enum": ["follower", "precandidate", "candidate", "leader"]}
VOTED_FOR = {
    "anyOf": [{"type": "null"}, {"type": "integer", "minimum": 1}, NODE],
    "description": "give null, a node's number (1 for node1) or its name",
}
PEERS = {
    "type": "object",
    "propertyNames": {"pattern": NODE_NAME, "description": "use the names of nodes"},
    "additionalProperties": INDEX,
    "description": "give an index for each node, like {node2: 1}",
}
NODES = {"type": "array", "items": NODE, "description": "give a list of nodes, in any order"}
MEMBERS = {
    "type": "array",
    "items": NODE,
    "minItems": 1,
    "description": "give the nodes that vote, like [node1, node2, node3]",
}
FLAG = {"type": "boolean", "description": "give true or false"}
ENTRY = {
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": r"^\(.*\)$"},
        {"type": "object", "title": "an entry", "additionalProperties": False, "properties": {
            "index": INDEX, "term": INDEX, "set": {"type": "object", "minProperties": 1}, "delete": LINE,
            "cas": {"type": "object"}, "noop": {"const": True}, "client": LINE, "serial": INDEX,
            "configuration": {
                "type": "object", "title": "a configuration", "additionalProperties": False, "required": ["members"],
                "properties": {"members": MEMBERS, "old": NODES},
                "description": "give members, and old ones while both decide"}}},
    ],
    "description": 'write an entry as {term: 1, set: {k: v}}, as "(set, k=v)" or as its term alone',
}  # fmt: skip
LOG = {
    "type": "array",
    "items": ENTRY,
    "maxItems": 1000,
    "description": "give a list of entries, [] when empty",
}
RANGE = {
    "type": "array",
    "items": {"type": "number", "minimum": 0},
    "minItems": 2,
    "maxItems": 2,
    "description": "give the least and the most in milliseconds, like [150, 300]",
}
SOURCES = {
    "type": "array",
    "items": LINE,
    "maxItems": 12,
    "description": 'give a list like ["paper: §5.2"]',
}

CLUSTER = {
    "type": "object",
    "title": "the cluster",
    "additionalProperties": False,
    "description": "give nodes, seed, timers, timing, options",
    "properties": {
        "nodes": {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 9},
                {"type": "array", "items": NODE, "minItems": 1, "maxItems": 9},
            ],
            "description": "give a number from 1 to 9, or a list of names",
        },
        "seed": {"type": "integer", "minimum": 0, "description": "give a whole number from 0"},
        "protocol": {"type": "string", "description": "give raft"},
        "timers": {"enum": ["manual", "auto"]},
        "timing": {
            "type": "object",
            "title": "the timing",
            "additionalProperties": False,
            "properties": {
                "election_timeout": RANGE,
                "heartbeat": {
                    "type": "number",
                    "minimum": 0,
                    "description": "give milliseconds, like 50",
                },
                "latency": RANGE,
            },
            "description": "give election_timeout, heartbeat, latency in milliseconds",
        },
        "options": {
            "type": "object",
            "description": "give options of the protocol, like {leader_stickiness: true}",
        },
    },
}
GIVEN = {
    "type": "object",
    "title": "given",
    "propertyNames": {"pattern": NODE_NAME, "description": "use the names of nodes"},
    "additionalProperties": {
        "type": "object",
        "title": "a given node",
        "additionalProperties": False,
        "properties": {
            "state": ROLE, "term": INDEX, "votedFor": VOTED_FOR, "log": LOG, "commitIndex": INDEX,
            "lastApplied": INDEX, "nextIndex": PEERS, "matchIndex": PEERS,
            "leader": {"anyOf": [{"type": "null"}, NODE], "description": "give null or the name of a node"},
            "members": MEMBERS,
            "snapshot": {
                "type": "object", "title": "a given snapshot", "additionalProperties": False,
                "required": ["index", "term"],
                "properties": {
                    "index": FROM_ONE, "term": FROM_ONE,
                    "stateMachine": {"type": "object", "description": "give keys and values"}},
                "description": "give index and term of its last entry, and the stateMachine that they led to"},
        },
        "description": "give fields of the node, like {term: 3, log: [1, 3]}",
    },
    "description": "give nodes and where they start",
}  # fmt: skip

EXPECTED_NODE = {
    "type": "object",
    "title": "an expected node",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "state": ROLE, "term": INDEX, "votedFor": VOTED_FOR, "log": LOG, "commitIndex": INDEX,
        "stateMachine": {"type": "object", "description": "give keys and values, {} when empty"},
        "lastApplied": INDEX,
        "leader": {"anyOf": [{"type": "null"}, NODE], "description": "give null or the name of a node"},
        "votesGranted": NODES,
        "nextIndex": PEERS, "matchIndex": PEERS,
        "transferTo": {"anyOf": [{"type": "null"}, NODE], "description": "give null or the name of a node"},
        "members": NODES, "oldMembers": NODES, "learners": NODES,
        "snapshot": {
            "anyOf": [{"type": "null"}, {
                "type": "object", "title": "an expected snapshot", "additionalProperties": False, "minProperties": 1,
                "properties": {"index": INDEX, "term": INDEX}}],
            "description": "give null, or index and term of its last entry"},
        "sessions": {
            "type": "object", "additionalProperties": INDEX,
            "description": "give the number of each client's latest command, like {ann: 2}"},
        "disk": {
            "type": "object", "title": "an expected disk", "additionalProperties": False, "minProperties": 1,
            "properties": {
                "term": INDEX, "votedFor": VOTED_FOR, "lastIndex": INDEX, "lastTerm": INDEX,
                "snapshotIndex": INDEX},
            "description": "give what is on it, in part, like {term: 2, lastIndex: 3}"},
        "lease": FLAG, "crashed": FLAG, "paused": FLAG, "stalled": FLAG,
        "clock": {"type": "number", "minimum": 0, "description": "give a number, 1 for a clock that is right"},
    },
    "description": "give fields of the node, like {state: leader, term: 1}",
}  # fmt: skip
PARTIAL = {
    "type": "object",
    "minProperties": 1,
    "description": "give some fields, like {type: RequestVote, to: node2}",
}
EXPECT = {
    "type": "object",
    "title": "expect",
    "minProperties": 1,
    "properties": {
        "leader": {
            "anyOf": [{"type": "null"}, NODE],
            "description": "give the name of a node, or none",
        },
        "messages": {
            "type": "array",
            "items": PARTIAL,
            "description": "give a list of messages, [] for none in flight",
        },
        "event": {
            "anyOf": [PARTIAL, {"type": "array", "items": PARTIAL, "minItems": 1}],
            "description": "give fields of an event, like {kind: voted, node: node2, granted: true}, or a list of such",
        },
        "reply": {
            "type": "object",
            "title": "an expected reply",
            "additionalProperties": False,
            "properties": {
                "client": LINE,
                "ok": {"type": "boolean", "description": "give true or false"},
                "outcome": {"enum": ["ok", "failed", "unknown"]},
                "value": {},
                "why": LINE,
                "hint": {"anyOf": [{"type": "null"}, NODE]},
                "serial": INDEX,
            },
            "minProperties": 1,
            "description": "give fields of the client's answer, like {ok: true, value: 1}",
        },
        "violations": {
            "type": "array",
            "items": LINE,
            "description": "give the names of the safety properties that are broken, [] for none",
        },
        "linearizable": {
            "anyOf": [
                {"type": "boolean"},
                {
                    "type": "object",
                    "title": "an expected verdict",
                    "additionalProperties": False,
                    "required": ["holds"],
                    "properties": {"holds": FLAG, "local_reads": FLAG},
                },
            ],
            "description": "give true or false, or {holds: false, local_reads: true} to count local reads too",
        },
    },
    "additionalProperties": EXPECTED_NODE,
    "description": "give nodes with their fields, leader, messages, event, reply, violations, linearizable",
}
