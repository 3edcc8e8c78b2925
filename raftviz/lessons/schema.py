"""The shape of a lesson as JSON Schema: what the loader obeys and what editors get.

`python -m raftviz schema` prints it.
"""

from __future__ import annotations

from typing import Any

from raftviz.sim import commands

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

_index = {"type": "integer", "minimum": 0, "description": "give a whole number from 0"}
_from_one = {"type": "integer", "minimum": 1, "description": "give a whole number from 1"}
_text = {"type": "string", "minLength": 1, "maxLength": 8000, "description": "write some text"}
_line = {
    "type": "string",
    "minLength": 1,
    "maxLength": 300,
    "description": "write one line of text",
}
_node = {
    "type": "string",
    "pattern": NODE_NAME,
    "description": "give the name of a node, like node1",
}
_role = {"enum": ["follower", "precandidate", "candidate", "leader"]}
_voted_for = {
    "anyOf": [{"type": "null"}, {"type": "integer", "minimum": 1}, _node],
    "description": "give null, a node's number (1 for node1) or its name",
}
_peers = {
    "type": "object",
    "propertyNames": {"pattern": NODE_NAME, "description": "use the names of nodes"},
    "additionalProperties": _index,
    "description": "give an index for each node, like {node2: 1}",
}
_nodes = {"type": "array", "items": _node, "description": "give a list of nodes, in any order"}
_members = {
    "type": "array",
    "items": _node,
    "minItems": 1,
    "description": "give the nodes that vote, like [node1, node2, node3]",
}
_flag = {"type": "boolean", "description": "give true or false"}
_entry = {
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": r"^\(.*\)$"},
        {"type": "object", "title": "an entry", "additionalProperties": False, "properties": {
            "index": _index, "term": _index, "set": {"type": "object", "minProperties": 1}, "delete": _line,
            "cas": {"type": "object"}, "noop": {"const": True}, "client": _line, "serial": _index,
            "configuration": {
                "type": "object", "title": "a configuration", "additionalProperties": False, "required": ["members"],
                "properties": {"members": _members, "old": _nodes},
                "description": "give members, and old ones while both decide"}}},
    ],
    "description": 'write an entry as {term: 1, set: {k: v}}, as "(set, k=v)" or as its term alone',
}  # fmt: skip
_log = {
    "type": "array",
    "items": _entry,
    "maxItems": 1000,
    "description": "give a list of entries, [] when empty",
}
_range = {
    "type": "array",
    "items": {"type": "number", "minimum": 0},
    "minItems": 2,
    "maxItems": 2,
    "description": "give the least and the most in milliseconds, like [150, 300]",
}
_sources = {
    "type": "array",
    "items": _line,
    "maxItems": 12,
    "description": 'give a list like ["paper: §5.2"]',
}

_cluster = {
    "type": "object",
    "title": "the cluster",
    "additionalProperties": False,
    "description": "give nodes, seed, timers, timing, options",
    "properties": {
        "nodes": {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 9},
                {"type": "array", "items": _node, "minItems": 1, "maxItems": 9},
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
                "election_timeout": _range,
                "heartbeat": {
                    "type": "number",
                    "minimum": 0,
                    "description": "give milliseconds, like 50",
                },
                "latency": _range,
            },
            "description": "give election_timeout, heartbeat, latency in milliseconds",
        },
        "options": {
            "type": "object",
            "description": "give options of the protocol, like {leader_stickiness: true}",
        },
    },
}
_given = {
    "type": "object",
    "title": "given",
    "propertyNames": {"pattern": NODE_NAME, "description": "use the names of nodes"},
    "additionalProperties": {
        "type": "object",
        "title": "a given node",
        "additionalProperties": False,
        "properties": {
            "state": _role, "term": _index, "votedFor": _voted_for, "log": _log, "commitIndex": _index,
            "lastApplied": _index, "nextIndex": _peers, "matchIndex": _peers,
            "leader": {"anyOf": [{"type": "null"}, _node], "description": "give null or the name of a node"},
            "members": _members,
            "snapshot": {
                "type": "object", "title": "a given snapshot", "additionalProperties": False,
                "required": ["index", "term"],
                "properties": {
                    "index": _from_one, "term": _from_one,
                    "stateMachine": {"type": "object", "description": "give keys and values"}},
                "description": "give index and term of its last entry, and the stateMachine that they led to"},
        },
        "description": "give fields of the node, like {term: 3, log: [1, 3]}",
    },
    "description": "give nodes and where they start",
}  # fmt: skip

_expected_node = {
    "type": "object",
    "title": "an expected node",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "state": _role, "term": _index, "votedFor": _voted_for, "log": _log, "commitIndex": _index,
        "stateMachine": {"type": "object", "description": "give keys and values, {} when empty"},
        "lastApplied": _index,
        "leader": {"anyOf": [{"type": "null"}, _node], "description": "give null or the name of a node"},
        "votesGranted": _nodes,
        "nextIndex": _peers, "matchIndex": _peers,
        "transferTo": {"anyOf": [{"type": "null"}, _node], "description": "give null or the name of a node"},
        "members": _nodes, "oldMembers": _nodes, "learners": _nodes,
        "snapshot": {
            "anyOf": [{"type": "null"}, {
                "type": "object", "title": "an expected snapshot", "additionalProperties": False, "minProperties": 1,
                "properties": {"index": _index, "term": _index}}],
            "description": "give null, or index and term of its last entry"},
        "sessions": {
            "type": "object", "additionalProperties": _index,
            "description": "give the number of each client's latest command, like {ann: 2}"},
        "disk": {
            "type": "object", "title": "an expected disk", "additionalProperties": False, "minProperties": 1,
            "properties": {
                "term": _index, "votedFor": _voted_for, "lastIndex": _index, "lastTerm": _index,
                "snapshotIndex": _index},
            "description": "give what is on it, in part, like {term: 2, lastIndex: 3}"},
        "lease": _flag, "crashed": _flag, "paused": _flag, "stalled": _flag,
        "clock": {"type": "number", "minimum": 0, "description": "give a number, 1 for a clock that is right"},
    },
    "description": "give fields of the node, like {state: leader, term: 1}",
}  # fmt: skip
_partial = {
    "type": "object",
    "minProperties": 1,
    "description": "give some fields, like {type: RequestVote, to: node2}",
}
_expect = {
    "type": "object",
    "title": "expect",
    "minProperties": 1,
    "properties": {
        "leader": {
            "anyOf": [{"type": "null"}, _node],
            "description": "give the name of a node, or none",
        },
        "messages": {
            "type": "array",
            "items": _partial,
            "description": "give a list of messages, [] for none in flight",
        },
        "event": {
            "anyOf": [_partial, {"type": "array", "items": _partial, "minItems": 1}],
            "description": "give fields of an event, like {kind: voted, node: node2, granted: true}, or a list of such",
        },
        "reply": {
            "type": "object",
            "title": "an expected reply",
            "additionalProperties": False,
            "properties": {
                "client": _line,
                "ok": {"type": "boolean", "description": "give true or false"},
                "outcome": {"enum": ["ok", "failed", "unknown"]},
                "value": {},
                "why": _line,
                "hint": {"anyOf": [{"type": "null"}, _node]},
                "serial": _index,
            },
            "minProperties": 1,
            "description": "give fields of the client's answer, like {ok: true, value: 1}",
        },
        "violations": {
            "type": "array",
            "items": _line,
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
                    "properties": {"holds": _flag, "local_reads": _flag},
                },
            ],
            "description": "give true or false, or {holds: false, local_reads: true} to count local reads too",
        },
    },
    "additionalProperties": _expected_node,
    "description": "give nodes with their fields, leader, messages, event, reply, violations, linearizable",
}
_do = {
    "anyOf": [
        {"$ref": "#/$defs/command"},
        {"type": "array", "items": {"$ref": "#/$defs/command"}, "maxItems": 100},
    ],
    "description": "give a command or a list of commands, like [timeout: node1]",
}
_choices = {
    "type": "array",
    "items": {
        "type": ["string", "integer", "boolean", "null"],
        "description": "give text or a number",
    },
    "minItems": 2,
    "maxItems": 6,
    "description": "give two to six answers",
}
_ask = {
    "type": "object",
    "title": "a question",
    "additionalProperties": False,
    "required": ["question", "choices", "answer"],
    "properties": {
        "question": {**_text, "description": "write what you ask"},
        "choices": _choices,
        "answer": {
            "type": ["string", "integer", "boolean", "null"],
            "description": "give the choice that is right",
        },
        "why": {**_text, "description": "say why it is right"},
    },
    "description": "give question, choices, answer, why",
}
_predict = {
    "type": "object",
    "title": "a prediction",
    "additionalProperties": False,
    "required": ["field", "after"],
    "properties": {
        "question": {**_text, "description": "write what you ask"},
        "field": {
            "type": "string",
            "pattern": r"^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+){0,2}$",
            "description": "give node.field, like node2.votedFor, or leader",
        },
        "after": {
            **_do,
            "description": "give the command, or the commands, after which the answer is read",
        },
        "choices": _choices,
        "why": {**_text, "description": "say why it comes out so"},
    },
    "description": "give field and after",
}
_step = {
    "type": "object",
    "title": "a step",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "title": {**_line, "maxLength": 120, "description": "write a short title"},
        "say": {**_text, "description": "write what is shown beside the diagram, in Markdown"},
        "do": _do,
        "expect": _expect,
        "comments": {
            "type": "object",
            "propertyNames": {"pattern": NODE_NAME, "description": "use the names of nodes"},
            "additionalProperties": _line,
            "description": "give a remark for nodes, like {node3: Still partitioned}",
        },
        "sources": _sources,
        "differs": {
            "type": "object",
            "title": "differs",
            "additionalProperties": False,
            "required": ["document", "paper"],
            "properties": {
                "document": {**_text, "description": "say what the document says"},
                "paper": {**_text, "description": "say what the paper says"},
            },
            "description": "give document and paper",
        },
        "ask": _ask,
        "predict": _predict,
    },
    "description": "give title, say, do, expect",
}


def lesson_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a lesson file, complete in itself: the commands are in its `$defs`."""
    command = dict(commands.json_schema())
    definitions: dict[str, Any] = command.pop("$defs", {})
    command.pop("$schema", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "a lesson",
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "title", "summary", "steps"],
        "properties": {
            "id": {
                "type": "string",
                "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
                "maxLength": 60,
                "description": "use a-z, 0-9 and single hyphens, like first-election",
            },
            "title": {**_line, "maxLength": 120, "description": "write a short title"},
            "summary": {**_line, "description": "write one sentence"},
            "level": {"enum": ["beginner", "intermediate", "advanced"]},
            "sources": _sources,
            "cluster": _cluster,
            "given": _given,
            "steps": {
                "type": "array",
                "items": _step,
                "minItems": 1,
                "maxItems": 200,
                "description": "give steps",
            },
        },
        "$defs": {**definitions, "command": command},
    }


def loader_schema() -> dict[str, Any]:
    """The same, but a command is anything with keys: the loader asks `sim.commands` about it, which explains better."""
    schema = lesson_schema()
    schema["$defs"] = {
        "command": {"type": "object", "description": "give a command, like timeout: node1"}
    }
    return schema
