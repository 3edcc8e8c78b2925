"""What is said of each event: the rule that fired, and why something was refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from raftviz import Simulation, lessons
from raftviz.narrate import Sentence, catalogue, say, text
from raftviz.narrate.catalogue import PLACE
from raftviz.sim.events import KINDS, Event
from tests.narrate.stories import STORIES, run, texts, told

LIBRARY = {lesson.id: lesson for lesson in lessons.library()}

MESSAGE = {"message": 1, "type": "Ping", "reply": False, "from": "a", "to": "b", "term": 3}
ENTRY = {"index": 1, "term": 1, "set": {"k": "v"}}
REFUSED = {
    **MESSAGE, "type": "AppendEntries", "reply": True, "success": False, "reason": "too_large",
    "requestTerm": 3, "prevLogIndex": 0, "matchIndex": 0,
}  # fmt: skip
REPLY = {"client": "c", "serial": 1, "value": None, "hint": None}

#: What no run of this build brings about, but a reader of the wire must have words for:
#: key: (kind, data, the sentence)
RARE: dict[str, tuple[str, dict[str, Any], str]] = {
    "command.other": (
        "command",
        {"command": {"dance": {"to": "b"}}},
        "By command: dance {to: b}.",
    ),
    "timer_fired.other": (
        "timer_fired",
        {"name": "tea"},
        "b's timer “tea” runs out.",
    ),
    "message_sent.AppendEntriesReply.refused": (
        "message_sent",
        REFUSED,
        "b answers b: AppendEntries refused; I am in term 3.",
    ),
    "message_sent.other": ("message_sent", MESSAGE, "b sends b Ping of term 3."),
    "message_sent.other.reply": (
        "message_sent",
        {**MESSAGE, "reply": True},
        "b answers b's Ping; it is in term 3.",
    ),
    "message_delivered.other": ("message_delivered", MESSAGE, "b receives a's Ping of term 3."),
    "message_delivered.other.reply": (
        "message_delivered",
        {**MESSAGE, "reply": True},
        "b receives a's answer to its Ping; a is in term 3.",
    ),
    "message_dropped.other": (
        "message_dropped",
        {**MESSAGE, "why": "the sea"},
        "a's Ping of term 3 never reaches b: the sea.",
    ),
    "message_dropped.other.reply": (
        "message_dropped",
        {**MESSAGE, "why": "the sea", "reply": True},
        "a's answer to b's Ping is lost: the sea.",
    ),
    "role_changed.other": (
        "role_changed",
        {"from": "leader", "to": "learner", "term": 2, "why": "x"},
        "b turns from leader to learner.",
    ),
    "term_changed.other": (
        "term_changed",
        {"from": 1, "to": 2, "why": "x"},
        "b's term goes from 1 to 2.",
    ),
    "voted.other": (
        "voted",
        {"for": "a", "granted": False, "term": 2, "why": "asleep"},
        "b decides on a's request of term 2: asleep.",
    ),
    "pre_voted.other": (
        "pre_voted",
        {"for": "a", "granted": False, "term": 2, "why": "asleep"},
        "b answers a's question about term 2: asleep.",
    ),
    "transfer_changed.other": (
        "transfer_changed",
        {"to": "a", "why": "regretted"},
        "The transfer of b's leadership changes: regretted.",
    ),
    "log_appended.other": (
        "log_appended",
        {"index": 1, "term": 1, "entry": ENTRY, "why": "x"},
        "b appends (set, k=v) at index 1 of term 1.",
    ),
    "index_changed.other": (
        "index_changed",
        {"what": "lastApplied", "peer": None, "from": 1, "to": 2, "why": "x"},
        "b's lastApplied goes from 1 to 2.",
    ),
    "index_changed.other.peer": (
        "index_changed",
        {"what": "nextIndex", "peer": "a", "from": 1, "to": 2, "why": "x"},
        "b's nextIndex for a goes from 1 to 2.",
    ),
    "client_request.other": (
        "client_request",
        {"client": "c", "serial": 1, "request": {"op": "lease"}, "to": "b"},
        "c asks b: lease.",
    ),
    "client_reply.failed.other": (
        "client_reply",
        {**REPLY, "outcome": "failed", "why": "too_busy"},
        "c's request fails: too busy.",
    ),
    "client_reply.unknown.overwritten": (
        "client_reply",
        {**REPLY, "outcome": "unknown", "why": "overwritten"},
        "b cannot tell c that its request was done: another entry stands at its index.",
    ),
    "client_reply.unknown.other": (
        "client_reply",
        {**REPLY, "outcome": "unknown", "why": "x"},
        "c does not learn what became of its request: x.",
    ),
    "lease_changed.other": (
        "lease_changed",
        {"held": False, "why": "x"},
        "b's lease changes: x.",
    ),
    "snapshot_taken.other": (
        "snapshot_taken",
        {"index": 4, "term": 2, "why": "x"},
        "b takes a snapshot up to index 4 of term 2.",
    ),
    "configuration_changed.other": (
        "configuration_changed",
        {"index": 4, "members": ["a", "b"], "old": [], "why": "x"},
        "For b the members are now a and b.",
    ),
    "learner_changed.other": (
        "learner_changed",
        {"learner": "c", "round": 2, "target": 7, "why": "fell_asleep"},
        "b and c, in round 2 up to index 7: fell asleep.",
    ),
    "other": ("blinked", {}, "blinked at b."),
}

#: Found by a look back that is longer than one may be; see their own test.
OUT_OF_REACH = {
    "voted": "voted.refused_leader_stickiness.other",
    "pre_voted": "pre_voted.refused_leader_alive.other",
    "restarted": "restarted.other",
}


#: Told by tests below, or by the command line.
ELSEWHERE = [
    "goal.none", "selected.id", "selected.requests", "setting.duplicate", "span.one",
    "role.follower", "role.candidate", "role.precandidate", "listed.more", "listed.last",
    *(key for key in catalogue() if key.startswith("lesson.")),
]  # fmt: skip

#: What the checks say: test_heard.py has it.
FROM_CHECKS = (
    "again.", "another.", "answer.", "broken", "deed.", "does.", "found.", "message.", "noun.", "promise.",
    "times.", "verdict.", "who.",
)  # fmt: skip


def keys_of(value: Any) -> Iterator[str]:
    """The keys of a sentence, and of those in its places."""
    if isinstance(value, Sentence):
        yield value.key
        for each in value.params.values():
            yield from keys_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from keys_of(each)


def alone(kind: str, data: dict[str, Any]) -> Sentence | None:
    """What is said of an event that nothing went before."""
    event = Event(1, 0, kind, "b", None, data)
    return say(event, lambda seq: event)


def everything_told() -> list[tuple[Event, Sentence]]:
    runs = [run(name) for name in STORIES]
    runs += [lessons.run(lesson).simulation for lesson in LIBRARY.values()]
    return [pair for one in runs for pair in told(one)]


@pytest.mark.parametrize("key", RARE)
def test_what_is_rare_has_words(key: str) -> None:
    kind, data, words = RARE[key]
    said = alone(kind, data)
    assert said is not None
    assert (said.key, text(said)) == (key, words)


def test_every_phrase_is_told_by_a_story_or_a_lesson() -> None:
    keys = {key for _, said in everything_told() for key in keys_of(said)}
    keys |= RARE.keys() | set(OUT_OF_REACH.values()) | set(ELSEWHERE)
    missing = [key for key in catalogue() if key not in keys and not key.startswith(FROM_CHECKS)]
    assert missing == []


def test_every_kind_of_event_that_can_be_seen_has_a_sentence() -> None:
    silent = {"timer_set", "timer_cancelled"}
    kinds = {event.kind for event, _ in everything_told()}
    assert set(KINDS) - kinds == silent


def test_every_sentence_is_whole_and_plain() -> None:
    for event, said in everything_told():
        words = text(said)
        assert words[-1] in ".!?" or event.kind in ("invariant_violated", "checked"), words
        assert "None" not in words, words
        assert not PLACE.search(words), words
        assert "_" not in words or said.key.startswith(("command.", "option_changed")), words
        assert event.data.get("why") is None or "other" not in said.key, (event, words)


def test_what_is_refused_says_why() -> None:
    for event, said in everything_told():
        if event.kind in ("voted", "pre_voted") and not event.data["granted"]:
            refusal = "refuses its vote: " if event.kind == "voted" else "would not vote for "
            assert refusal in text(said) and ": " in text(said)
            assert said.tone == ("bad" if "deliberate mistake" in text(said) else "warn")


def expect(story: str, *sentences: str) -> None:
    """Hold a story to some of its sentences, in order."""
    said = texts(run(story))
    for sentence in sentences:
        assert sentence in said, (sentence, said)
        said = said[said.index(sentence) + 1 :]


def test_an_election() -> None:
    expect(
        "an election and a write",
        "By command, node1's election timer runs out.",
        "node1's election timer runs out: it has heard from no leader in time.",
        "node1 becomes a candidate for term 1.",
        "node1 votes for itself in term 1.",
        "node1 asks node2 for its vote in term 1; its own log is empty.",
        "node2 hears of term 1 from node1: it adopts the newer term, and is free to vote in it.",
        "node2 votes for node1 in term 1: it has voted for no one else in this term, and node1's log"
        " is at least as up to date as its own.",
        "node1 receives node2's vote for term 1.",
        "node1 has the votes of a majority: it leads term 1.",
        "node1 commits up to index 1: a majority holds that entry, and it is of node1's own term.",
        "node1 answers client: ok, 1.",
    )


def test_loyalty_names_the_leader_and_the_time() -> None:
    expect(
        "loyal nodes",
        "node1 refuses its vote: it is a leader itself (leader stickiness), so it disregards node3's"
        " request of term 2.",
        "node2 refuses its vote: it heard from its leader node1 less than 150 ms ago (leader"
        " stickiness), so it disregards node3's request of term 2.",
    )


def test_a_leader_that_followed_another_a_moment_ago_leads_now() -> None:
    simulation = Simulation(timing={"latency": [1, 1]})
    elect: list[dict[str, Any]] = [
        {"timeout": "node1"},
        {"settle": True},
        {"timeout": "node2"},
        {"settle": True},
    ]
    for command in (
        *elect,
        {"option": {"leader_stickiness": True}},
        {"timeout": "node3"},
        {"deliver": "all"},
    ):
        simulation.do(command)
    refused = [words for words in texts(simulation) if words.startswith("node2 refuses")]
    assert refused[0].startswith("node2 refuses its vote: it is a leader itself")


@pytest.mark.parametrize(
    ("kind", "why", "words"),
    [
        (
            "voted",
            "refused_leader_stickiness",
            "b refuses its vote: it heard from a leader less than 150 ms ago",
        ),
        (
            "pre_voted",
            "refused_leader_alive",
            "b would not vote for a in term 2: it heard from a leader less than 150 ms ago.",
        ),
    ],
)
def test_loyalty_beyond_the_reach_of_a_look_back(kind: str, why: str, words: str) -> None:
    start = Event(1, 0, "command", None, None, {"command": {"start": {"nodes": ["a", "b"]}}})
    filler = Event(2, 90_000, "timer_set", "a", 1, {"name": "election", "due": None})
    data = {"for": "a", "granted": False, "term": 2, "why": why}
    event = Event(9000, 100_000, kind, "b", 8999, data)
    said = say(event, lambda seq: start if seq == 1 else filler)
    assert said is not None
    assert said.key == OUT_OF_REACH[kind]
    assert text(said).startswith(words)


def test_a_question_before_an_election_changes_nothing() -> None:
    expect(
        "asking first",
        "node3 becomes a precandidate: before it starts an election, it asks whether it could win one.",
        "node3 would vote for itself in term 2; it stays in its term, and its vote is not given yet.",
        "node1 receives node3's question whether it would vote for it in term 2; it does not adopt"
        " that term.",
        "node1 would not vote for node3 in term 2: it leads itself.",
        "node2 would not vote for node3 in term 2: it heard from its leader node1 less than 150 ms ago.",
        "node3 notes that node1 would not vote for it; 1 would, of the 2 that make a majority.",
        "node3 stops asking: term 1 has a leader.",
    )
    expect(
        "a question forestalled",
        "node1 ignores node2's answer: it answers an earlier question, and node1 is in term 1.",
        "node1 has no more use for node2's answer: it is not asking any more.",
    )


def test_a_leader_gives_way() -> None:
    expect(
        "a leader nobody answers",
        "node1 steps down, still in term 1: no majority has answered it within an election timeout,"
        " so it could commit nothing.",
    )
    expect(
        "leadership handed over",
        "By command, the leader is to hand its leadership over to node2.",
        "node1 turns client away: it is handing its leadership over to node2, which will take requests"
        " soon.",
        "node2 becomes a candidate for term 2: its leader has told it to, so it neither waits nor asks"
        " first.",
        "node1 votes for node2 in term 2: it has voted for no one else in this term, and node2's log"
        " is at least as up to date as its own.",
        "node2 has the votes of a majority: it leads term 2.",
    )
    expect(
        "a transfer that comes to nothing",
        "node1 gives the transfer up and goes on leading: within an election timeout nobody has taken"
        " over.",
    )


def test_an_answer_that_comes_too_late_is_told_to_be_ignored() -> None:
    expect(
        "a late request",
        "node2 ignores node3's answer: it belongs to term 1, and node2 is in term 2.",
    )
    expect(
        "answers of an earlier reign",
        "node1 ignores node2's answer: it belongs to term 1, and node1 is in term 3.",
    )
    expect(
        "an answer to one who has stepped down",
        "node1 ignores node2's answer: it belongs to term 1, and node1 is in term 2.",
    )
    expect(
        "a deposed leader hears late answers",
        "node1 ignores node2's answer: it does not lead any more.",
    )


def test_logs_that_part() -> None:
    expect(
        "logs that part",
        "node2 refuses node1's AppendEntries: its own entry at index 3 is of another term than the"
        " leader's.",
        "node3 refuses node1's AppendEntries: its own log has no entry at index 3, on which the new"
        " ones would follow.",
        "node1 moves nextIndex for node2 back from 4 to 3, and tries again from there.",
        "node2 deletes its entries from index 3 to 4: the leader has an entry of another term at"
        " index 3, and all that follows goes with it.",
        "node3 deletes its entry at index 2: the leader has an entry of another term there.",
    )


def test_a_log_behind() -> None:
    expect(
        "a log behind",
        "node1 sends node3 the 2 entries from the first to index 2; leaderCommit is 0.",
        "node1 refuses its vote: node2's log ends at index 1 of term 1, and node1's own is more up to"
        " date.",
    )


def test_a_copy_that_arrives_is_told_like_the_original() -> None:
    said = texts(run("a bad network"))
    assert said.count("node3 receives a heartbeat from node1, leader of term 1.") >= 2
    assert said.count("node1 hears from node3: success up to index 0.") >= 2


def test_the_words_of_a_user_are_short_plain_text() -> None:
    simulation = run("an election and a write")
    evil = "<script>{node}</script>" + "x" * 500
    simulation.do({"write": {"key": "{node}", "value": evil, "to": "node1"}})
    said = next(words for words in texts(simulation) if words.startswith("client") and "<" in words)
    assert said.startswith("client asks node1 to set {node} = <script>{node}</script>xxx")
    assert said.endswith("x….")
    assert len(said) < 120


def test_control_signs_do_not_get_through() -> None:
    data = {"command": {"write": {"key": "a\x1b[31m\u202eb\n", "value": 1}}}
    said = alone("command", data)
    assert said is not None
    assert text(said) == "By command, a client asks the leader to set a [31m b  = 1."


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("all", "all messages in flight"),
        ({"type": "RequestVote"}, "RequestVote"),
        ({"type": "RequestVote", "reply": True}, "answers to RequestVote"),
        ({"type": "RequestVote", "reply": False, "to": "b"}, "RequestVote requests to b"),
        ({"from": "a", "to": "b", "term": 2}, "messages from a to b of term 2"),
        ({"id": 7}, "messages number 7"),
        ({"reply": False}, "messages requests"),
    ],
)
def test_selectors_in_words(selector: Any, words: str) -> None:
    said = alone("command", {"command": {"deliver": selector}})
    assert said is not None
    assert text(said) == f"By command, these arrive now: {words}."
