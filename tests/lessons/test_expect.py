"""`expect`: what is written, held against plain dicts."""

from __future__ import annotations

from typing import Any

import pytest

from raftviz.lessons.expect import (
    Facts,
    differences,
    leader_of,
    log_matches,
    normal,
    partial,
    property_names,
    same,
)

ENTRY = {"index": 1, "term": 1, "set": {"key": "value"}}
SECOND = {"index": 2, "term": 4, "delete": "key"}
THIRD = {"index": 3, "term": 4, "cas": {"key": "k", "expected": None, "value": 1}}
NOOP = {"index": 4, "term": 5, "noop": True}
JOINT = {"index": 5, "term": 5, "configuration": {"members": ["a", "c"], "old": ["a", "b"]}}


def node(**fields: Any) -> dict[str, Any]:
    fresh = {
        "state": "follower", "term": 1, "votedFor": 1, "log": [], "commitIndex": 0, "lastApplied": 0,
        "stateMachine": {}, "leader": None, "votesGranted": [], "nextIndex": {}, "matchIndex": {},
        "crashed": False, "paused": False,
    }  # fmt: skip
    return {**fresh, **fields}


def vote(target: str, **fields: Any) -> dict[str, Any]:
    plain = {"type": "RequestVote", "reply": False, "from": "node1", "to": target, "term": 1}
    return {**plain, **fields}


def facts(**given: Any) -> Facts:
    fresh: dict[str, Any] = {
        "nodes": {"node1": node(state="leader"), "node2": node(), "node3": node()},
        "messages": [],
        "events": [],
        "broken": [],
        "broken_now": [],
    }
    return Facts(**{**fresh, **given})


def told(expected: dict[str, Any], given: Facts | None = None) -> list[str]:
    found = differences(expected, given or facts())
    return [f"{d.node or ''} {d.field}: {d.expected} / {d.got}".strip() for d in found]


@pytest.mark.parametrize(
    ("log", "fits"),
    [
        ([ENTRY], True),
        ([{"term": 1}], True),
        ([{"set": {"key": "value"}}], True),
        ([{"term": 2}], False),
        ([{"set": {"key": "other"}}], False),
        ([1], True),
        ([2], False),
        ([True], False),
        (["(set, key=value)"], True),
        (["( set,key = value )"], True),
        (["(set, key=values)"], False),
        ([], False),
        ([1, 1], False),
    ],
)
def test_a_log_in_its_three_notations(log: list[Any], fits: bool) -> None:
    assert log_matches(log, [ENTRY]) is fits


def test_every_kind_of_entry_can_be_written_as_text() -> None:
    written = [
        "(set, key=value)",
        "(delete, key)",
        "(cas, k=null→1)",
        "(no-op)",
        "(members, a b → a c)",
    ]
    assert log_matches(written, [ENTRY, SECOND, THIRD, NOOP, JOINT])
    assert log_matches(
        [1, "(delete, key)", {"cas": {"key": "k"}}, {"noop": True}], [ENTRY, SECOND, THIRD, NOOP]
    )


@pytest.mark.parametrize(
    ("field", "value", "got", "fits"),
    [
        ("state", "follower", "follower", True),
        ("state", "leader", "follower", False),
        ("term", 1, 1, True),
        ("term", 1, 2, False),
        ("votedFor", 1, 1, True),
        ("votedFor", "node1", 1, True),
        ("votedFor", 1, "node1", True),
        ("votedFor", 2, 1, False),
        ("votedFor", None, 1, False),
        ("votedFor", None, None, True),
        ("commitIndex", 0, 0, True),
        ("stateMachine", {"a": 1}, {"a": 1}, True),
        ("stateMachine", {"a": 1}, {"a": 1, "b": 2}, False),
        ("stateMachine", {"a": 1}, {"a": True}, False),
        ("stateMachine", {}, {"a": 1}, False),
        ("leader", "node1", "node1", True),
        ("leader", None, "node1", False),
        ("votesGranted", ["node2", "node1"], ["node1", "node2"], True),
        ("votesGranted", ["node1"], ["node1", "node2"], False),
        ("nextIndex", {"node2": 1}, {"node2": 1, "node3": 4}, True),
        ("nextIndex", {"node2": 2}, {"node2": 1}, False),
        ("matchIndex", {"node2": 0}, {}, False),
        ("crashed", True, True, True),
        ("crashed", True, False, False),
        ("paused", False, False, True),
        ("members", ["node3", "node1"], ["node1", "node3"], True),
        ("members", ["node1"], ["node1", "node3"], False),
        ("oldMembers", [], [], True),
        ("learners", ["node4"], [], False),
        ("snapshot", None, None, True),
        ("snapshot", None, {"index": 3, "term": 1}, False),
        ("snapshot", {"index": 3}, {"index": 3, "term": 1}, True),
        ("snapshot", {"index": 4}, {"index": 3, "term": 1}, False),
        ("snapshot", {"index": 4}, None, False),
        (
            "disk",
            {"votedFor": 2, "lastIndex": 1},
            {"votedFor": "node2", "lastIndex": 1, "term": 2},
            True,
        ),
        ("disk", {"votedFor": 3}, {"votedFor": "node2", "lastIndex": 1, "term": 2}, False),
        ("disk", {"lastIndex": 2}, {"votedFor": "node2", "lastIndex": 1, "term": 2}, False),
        ("sessions", {"ann": 2}, {"ann": 2}, True),
        ("sessions", {"ann": 2}, {"ann": 2, "bob": 1}, False),
        ("lease", True, False, False),
        ("stalled", True, True, True),
        ("clock", 0.5, 0.5, True),
        ("clock", 1, 2, False),
    ],
)
def test_a_field_of_a_node(field: str, value: Any, got: Any, fits: bool) -> None:
    nodes = {"node1": node(), "node2": node(**{field: got})}
    assert (told({"node2": {field: value}}, facts(nodes=nodes)) == []) is fits


def test_a_difference_shows_both_sides_as_the_document_writes_them() -> None:
    nodes = {"node1": node(votedFor=None, log=[ENTRY], stateMachine={"key": "value"})}
    expected = {"votedFor": 1, "log": [], "stateMachine": {}, "state": "leader"}
    assert told({"node1": expected}, facts(nodes=nodes)) == [
        "node1 votedFor: 1 / null",
        "node1 log: [] / [(set, key=value)]",
        "node1 stateMachine: {} / {key: value}",
        "node1 state: leader / follower",
    ]


def test_a_log_is_shown_in_the_notation_in_which_it_was_expected() -> None:
    nodes = {"node1": node(log=[ENTRY, SECOND])}
    assert told({"node1": {"log": [1, 1]}}, facts(nodes=nodes)) == ["node1 log: [1, 1] / [1, 4]"]
    assert told({"node1": {"log": ["(set, key=value)"]}}, facts(nodes=nodes)) == [
        "node1 log: [(set, key=value)] / [(set, key=value), (delete, key)]"
    ]
    assert told({"node1": {"log": [{"term": 1}]}}, facts(nodes=nodes))[0].startswith(
        "node1 log: [{term: 1}] / [{index: 1, term: 1, set: {key: value}}, {index: 2"
    )


@pytest.mark.parametrize(
    ("roles", "leader"),
    [
        ({"a": ("follower", 1)}, None),
        ({"a": ("leader", 1), "b": ("follower", 1)}, "a"),
        ({"a": ("leader", 1), "b": ("leader", 2)}, "b"),
        ({"a": ("candidate", 3)}, None),
    ],
)
def test_the_leader_is_the_one_of_the_latest_term(
    roles: dict[str, tuple[str, int]], leader: str | None
) -> None:
    nodes = {name: node(state=role, term=term) for name, (role, term) in roles.items()}
    assert leader_of(nodes) == leader


def test_a_crashed_leader_leads_nobody() -> None:
    assert leader_of({"a": node(state="leader", crashed=True)}) is None


def test_expected_leader() -> None:
    assert told({"leader": "node1"}) == []
    assert told({"leader": "node2"}) == ["leader: node2 / node1"]
    assert told({"leader": "none"}) == ["leader: none / node1"]
    nobody = facts(nodes={"node1": node()})
    assert told({"leader": "none"}, nobody) == []
    assert told({"leader": None}, nobody) == []
    assert told({"leader": "node1"}, nobody) == ["leader: node1 / none"]


def test_messages_are_a_multiset_of_partial_matches() -> None:
    flying = facts(messages=[vote("node2"), vote("node3")])
    assert told({"messages": [{"to": "node3"}, {"to": "node2"}]}, flying) == []
    assert told({"messages": [{"term": 1}, {"term": 1}]}, flying) == []
    assert told({"messages": [{"to": "node2"}, {"to": "node2"}]}, flying) == [
        "messages, item 2: {to: node2} / RequestVote node1→node3 of term 1"
    ]
    assert told({"messages": [{"to": "node2"}]}, flying) == [
        "messages: 1 in flight / also RequestVote node1→node3 of term 1"
    ]
    assert told({"messages": []}, facts(messages=[vote("node2", reply=True)])) == [
        "messages: none in flight / also RequestVote reply node1→node2 of term 1"
    ]
    assert told({"messages": [{"to": "node2"}]}) == [
        "messages, item 1: {to: node2} / no other message in flight"
    ]


def test_a_loose_match_gives_way_to_one_that_has_no_other_choice() -> None:
    flying = facts(messages=[vote("node2"), vote("node3")])
    assert told({"messages": [{"term": 1}, {"to": "node2"}]}, flying) == []
    assert told({"messages": [{"to": "node2"}, {"term": 1}]}, flying) == []
    three = facts(messages=[vote("node2"), vote("node3"), vote("node2", term=2)])
    wanted = [{"from": "node1"}, {"term": 1}, {"to": "node2", "term": 1}]
    assert told({"messages": wanted}, three) == []


def event(kind: str, name: str | None, **data: Any) -> dict[str, Any]:
    return {"seq": 1, "time": 0, "kind": kind, "node": name, "data": data}


def test_an_event_happened_in_this_step() -> None:
    happened = facts(
        events=[event("voted", "node2", granted=True), event("term_changed", "node2", to=1)]
    )
    assert told({"event": {"kind": "voted", "granted": True}}, happened) == []
    assert told({"event": [{"kind": "voted"}, {"kind": "term_changed", "to": 1}]}, happened) == []
    assert told({"event": {"kind": "voted", "granted": False}}, happened) == [
        "event: {kind: voted, granted: false} / voted node2 {granted: true}"
    ]
    assert told({"event": {"kind": "applied"}}, happened) == [
        "event: {kind: applied} / only voted, term_changed"
    ]
    assert told({"event": {"node": "node9"}}, happened)[0].endswith(
        "voted node2 {granted: true}; term_changed node2 {to: 1}"
    )
    assert told({"event": [{"kind": "voted"}, {"kind": "x"}]}) == [
        "event: {kind: voted} / no event in this step",
        "event: {kind: x} / no event in this step",
    ]


def test_a_client_is_answered() -> None:
    answer = {"client": "c1", "serial": 1, "outcome": "ok", "value": 1, "why": None, "hint": None}
    answered = facts(events=[event("client_reply", "node1", **answer)])
    assert told({"reply": {"client": "c1", "ok": True, "value": 1}}, answered) == []
    assert told({"reply": {"outcome": "ok"}}, answered) == []
    assert len(told({"reply": {"ok": False}}, answered)) == 1
    assert len(told({"reply": {"ok": True, "value": True}}, answered)) == 1
    assert told({"reply": {"ok": True}}) == [
        "reply: {ok: true} / no answer to a client in this step"
    ]


def test_broken_properties() -> None:
    broken = facts(broken=["Election Safety"], broken_now=["Election Safety"])
    assert told({"violations": ["ElectionSafety"]}, broken) == []
    assert told({"violations": ["Election Safety"]}, broken) == []
    assert told({"violations": []}, broken) == ["violations: none / Election Safety"]
    assert told({"violations": ["Log Matching"]}) == ["violations: Log Matching / none"]


def test_a_property_that_breaks_unexpectedly_is_a_difference() -> None:
    broken = facts(broken=["Log Matching"], broken_now=["Log Matching"])
    assert told({}, broken) == ["violations: none / Log Matching"]
    earlier = facts(broken=["Log Matching"])
    assert told({}, earlier) == []


def test_a_node_that_is_not_there_yet() -> None:
    assert told({"node4": {"term": 1}}) == ["node4 state: {term: 1} / no such node yet"]


@pytest.mark.parametrize("wanted", [True, {"holds": True}, {"holds": True, "local_reads": True}])
def test_what_clients_saw_is_to_be_linearizable(wanted: Any) -> None:
    assert told({"linearizable": wanted}, facts(linearizable=True, verdict="Fits.")) == []
    assert told({"linearizable": wanted}, facts(linearizable=False, verdict="ann read 1.")) == [
        "linearizable: true / false: ann read 1."
    ]


def test_what_clients_saw_is_to_be_wrong() -> None:
    assert told({"linearizable": False}, facts(linearizable=False, verdict="ann read 1.")) == []
    assert told({"linearizable": {"holds": False}}, facts(linearizable=True)) == [
        "linearizable: false / true"
    ]


def test_a_verdict_that_a_step_expects_is_no_surprise() -> None:
    broken = facts(
        broken=["Linearizability"],
        broken_now=["Linearizability"],
        linearizable=False,
        verdict="No.",
    )
    assert told({"linearizable": False}, broken) == []
    assert told({"violations": ["Linearizability"]}, broken) == []
    assert told({}, broken) == ["violations: none / Linearizability"]
    assert told({"linearizable": True}, broken) == [
        "linearizable: true / false: No.",
        "violations: none / Linearizability",
    ]


def test_properties_have_names() -> None:
    assert {"electionsafety", "logmatching", "linearizability"} <= {
        normal(name) for name in property_names()
    }


def test_partial_and_same() -> None:
    assert partial({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3})
    assert not partial({"a": [1]}, {"a": [1, 2]})
    assert partial({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}]})
    assert not partial({"a": None}, {})
    assert same([1, {"a": None}], [1, {"a": None}])
    assert not same(1, True)
    assert not same({"a": 1}, {"a": 1, "b": 2})
    assert not same([1], [1, 2])
