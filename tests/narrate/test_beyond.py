"""What is said of disks, snapshots, members, sessions, leases and clients; and of deliberate mistakes,
which are told where they are made and nowhere else.
"""

from __future__ import annotations

from typing import Any

import pytest

from raftviz import Simulation
from raftviz.narrate import text
from tests.narrate.stories import STORIES, run, texts, told
from tests.narrate.test_sentences import alone, expect

MISTAKE = "deliberate mistake"


def mistaken(name: str) -> bool:
    """Whether a story has a deliberate mistake in it, from the start or by command."""
    return "'bugs': ['" in str(STORIES[name])


RIGHT = [name for name in STORIES if not mistaken(name)]
WRONG = [name for name in STORIES if mistaken(name)]


@pytest.mark.parametrize("name", RIGHT)
def test_nobody_is_accused_who_keeps_to_the_rules(name: str) -> None:
    assert [words for words in texts(run(name)) if MISTAKE in words] == []


@pytest.mark.parametrize("seed", range(6))
def test_nobody_is_accused_in_a_long_run(seed: int) -> None:
    options = {
        "noop_on_election": True, "snapshot_threshold": 3, "client_sessions": True, "pre_vote": seed % 2 == 0,
        "max_inflight": [None, 3][seed % 2], "membership": ["single", "joint"][seed % 3 == 0],
    }  # fmt: skip
    simulation = Simulation(nodes=3 + seed % 3, seed=seed, timers="auto", options=options)
    commands: list[dict[str, Any]] = [
        {"write": {"key": "k", "value": 1}}, {"advance": 200}, {"add_node": "node9"}, {"advance": 400},
        {"crash": "node1"}, {"advance": 600}, {"write": {"key": "k", "value": 2}}, {"restart": "node1"},
        {"advance": 600}, {"remove_node": "node2"}, {"advance": 400}, {"isolate": "node3"}, {"advance": 600},
        {"write": {"key": "k", "value": 3}}, {"heal": True}, {"advance": 600},
    ]  # fmt: skip
    for command in commands:
        simulation.do({"run_until": {"leader": True, "within": 9000}})
        simulation.do(command)
    assert len(simulation.events) > 500
    assert [text(said) for _, said in told(simulation) if MISTAKE in text(said)] == []


@pytest.mark.parametrize("name", [name for name in WRONG if "ask" not in name and "forgotten" not in name
                                  and "know" not in name])  # fmt: skip
def test_who_breaks_a_rule_is_told_to(name: str) -> None:
    found = [said for _, said in told(run(name)) if MISTAKE in text(said)]
    assert found
    assert all(said.tone == "bad" for said in found)


def test_a_mistake_that_begins_or_ends_in_mid_run() -> None:
    said = texts(run("one less than a majority"))
    short = "node1 commits up to index 1 by counting one copy less than a majority. A deliberate mistake."
    right = (
        "node1 commits up to index 2: a majority holds that entry, and it is of node1's own term."
    )
    assert short in said and right in said


def test_disks() -> None:
    expect(
        "a disk that stalls",
        "By command, the disk of node2 stands still.",
        "node2's disk stands still: node2 goes on until it has to write, and then waits.",
        "node2 votes for node1 in term 1: it has voted for no one else in this term, and node1's log"
        " is at least as up to date as its own.",
        "node2's disk goes on: what node2 has to write is written, and what waited for that is done.",
        "node2 writes to its disk: term 1, its vote for node1, an empty log.",
        "node2 answers node1: you have my vote in term 1.",
        "node3 restarts as a follower with what its disk holds of term, vote and log; commitIndex"
        " starts again at 0.",
    )


def test_snapshots() -> None:
    expect(
        "a follower that needs a snapshot",
        "node1 takes a snapshot, as it has applied enough since the last one, and drops the log up to"
        " index 2 of term 1.",
        "By command, node1 takes a snapshot.",
        "node1 takes a snapshot of its state machine, and drops the log up to index 3 of term 1: the"
        " snapshot holds what it led to.",
        "node1 sends node3 its snapshot, which ends with index 3 of term 1: entries that node3 needs"
        " next are no longer in node1's log.",
        "node3 takes over node1's snapshot up to index 3. Its state machine is now {k: 1}, and nothing"
        " of its own log stays.",
        "node3 writes to its disk: a snapshot up to index 3, log up to index 3.",
        "node3 answers node1: I have everything up to index 3.",
        "node3 restarts as a follower with what its disk holds of term, vote, log and snapshot;"
        " commitIndex starts again at 3, the snapshot's end.",
    )
    expect(
        "answers about snapshots that come late",
        "node1 ignores node2's answer: it does not lead any more.",
        "node1 ignores node3's answer: it is about a snapshot of term 1, and node1 is in term 3.",
    )
    expect(
        "a snapshot of a leader long deposed",
        "node3 takes nothing from node1's snapshot: it is of term 1, and node3 is in term 3.",
        "node1 hears that node3 is in term 3, which is newer than its own term 1.",
    )


def test_members() -> None:
    expect(
        "a server joins, and the leader leaves",
        "node4 starts, a new server with an empty log: it is a member of nothing yet, and waits to be"
        " spoken to.",
        "node1 first brings node4 up to date, up to index 1, without a vote: a member that is far"
        " behind would hold up every commitment.",
        "node1 finds node4 up to date, up to index 1: the members can be changed.",
        "node1 appends a change of members, (members, node1 node2 node3 node4), to its log, at index 2"
        " of term 1.",
        "For node1 the members are now node1, node2, node3 and node4: a change counts from the moment"
        " it is in the log.",
        "node1 steps down: the members are others now, it is not one of them, and that is committed.",
    )
    expect(
        "a change that is undone",
        "For node1 the members are node1, node2 and node3 again: the change is gone from its log.",
        "node4 is a member of nothing any more: the change that let it in is gone from its log.",
    )
    expect(
        "a server that does not catch up",
        "The last round took longer than an election timeout: in round 2, node1 sends node4 what has"
        " come since, up to index 2.",
        "node1 gives up on node4, not up to date in time: the members stay as they are.",
    )
    expect(
        "two majorities",
        "For node1 old members (node1, node2, node3 and node4) and new ones (node1, node2 and node3)"
        " now decide together: it takes a majority of each.",
        "node1 commits up to index 2: a majority of the old members and a majority of the new ones"
        " hold that entry, and it is of node1's own term.",
        "node2 counts 2 votes. While old and new members decide together, it needs a majority of each.",
    )


def test_sessions_and_reads() -> None:
    expect(
        "a command that comes twice",
        "ann asks node1, for the same as before and with the same number: attempt 2.",
        "node1 does not carry out index 2 again: ann's session shows that its command number 1 was"
        " carried out before.",
        "node1 answers ann from its session: that command was carried out before, with the result 1.",
    )
    expect(
        "reads by lease",
        "node1 answers client at once, as it holds a lease: 1.",
        "By command, a client asks to read k; a leader that holds a lease may answer at once.",
        "node1 answers client: 1. A majority has answered a heartbeat since client asked, so no other"
        " leads.",
        "node2 refuses its vote: it restarted less than 150 ms ago, and may have told a leader before"
        " that it would vote for no other yet.",
    )
    expect(
        "a leader that does not ask",
        "node1 answers client at once: 1. It has asked no other server whether it still leads.",
    )


def test_a_slow_clock_does_not_make_a_follower_a_leader() -> None:
    expect(
        "a slow clock makes for long loyalty",
        "node1 refuses its vote: it is a leader itself (leader stickiness), so it disregards node3's"
        " request of term 2.",
        "node2 refuses its vote: it heard from its leader node1 less than 225 ms ago (leader"
        " stickiness), so it disregards node3's request of term 2.",
    )


def test_clients_that_act_by_themselves() -> None:
    expect(
        "clients that act by themselves",
        "bob gives up after attempt 2: nothing was done.",
        "bob has waited long enough for node1's answer: its request may have been carried out or not.",
        "bob gives up after attempt 2, and does not know whether its request was carried out.",
        "By command, bob no longer acts by itself.",
    )


def test_votes_against_the_rules() -> None:
    expect(
        "a server votes twice",
        "node3 votes for node2 in term 1, though it has voted for node1 in that term. A deliberate"
        " mistake: a server has one vote a term.",
    )
    for name in ("a vote is forgotten", "a vote on a lost disk"):
        expect(
            name,
            "node3 votes for node2 in term 1. It has voted for node1 in that term before, but its disk"
            " does not say so.",
        )
    expect(
        "the longer log wins",
        "node1 refuses its vote: its own log is longer than node2's, which ends at index 2. A"
        " deliberate mistake: node2's last term 2 is at least as late, and terms count first.",
    )


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ({"pause": {"disk": "b"}}, "By command, the disk of b stands still."),
        ({"pause": "b"}, "By command, b stands still."),
        ({"reconfigure": ["a", "b"]}, "By command, the members are to be a and b, and no others."),
        ({"clock": {"node": "b", "rate": 0.5}}, "By command, b's clock runs at 0.5 times the right speed from now on."),
        ({"read": {"key": "k"}}, "By command, a client asks to read k."),
        ({"check": "linearizability"}, "By command, all that the clients have asked and been told is judged:"
         " linearizability."),
    ],
)  # fmt: skip
def test_commands_in_words(argument: dict[str, Any], words: str) -> None:
    said = alone("command", {"command": argument})
    assert said is not None
    assert text(said) == words
