"""Chains of causes: every event leads back to a command."""

from __future__ import annotations

import pytest

from raftviz import lessons
from raftviz.narrate import text, why
from raftviz.sim.events import Event
from tests.narrate.stories import STORIES, run


def chain_of(events: list[Event], kind: str, node: str) -> list[str]:
    event = next(event for event in events if event.kind == kind and event.node == node)
    return [text(said) for _, said in why(event, lambda seq: events[seq - 1])]


def test_why_node2_voted() -> None:
    assert chain_of(list(run("an election and a write").events), "voted", "node2") == [
        "node2 votes for node1 in term 1: it has voted for no one else in this term, and node1's log"
        " is at least as up to date as its own.",
        "node2 receives node1's RequestVote for term 1.",
        "node1 asks node2 for its vote in term 1; its own log is empty.",
        "node1 votes for itself in term 1.",
        "node1's election timer runs out: it has heard from no leader in time.",
        "By command, node1's election timer runs out.",
    ]


def test_why_node2_applied_leads_back_through_the_heartbeat() -> None:
    chain = chain_of(list(run("an election and a write").events), "applied", "node2")
    assert chain[0] == "node2 applies index 1 to its state machine: k = 1."
    assert chain[1] == "node2 learns from its leader that everything up to index 1 is committed."
    assert chain[-1] == "By command, node1's heartbeat timer runs out."


@pytest.mark.parametrize("name", STORIES)
def test_every_chain_ends_at_a_command(name: str) -> None:
    events = run(name).events
    for event in events:
        chain = why(event, lambda seq: events[seq - 1])
        assert chain[-1][0].kind == "command"
        seqs = [link.seq for link, _ in chain]
        assert seqs == sorted(seqs, reverse=True)


def test_chains_of_a_lesson_name_the_command_of_their_step() -> None:
    done = lessons.run(lessons.find("partition"))
    events = done.simulation.events
    answered = next(event for event in events if event.kind == "client_reply")
    chain = [text(said) for _, said in why(answered, lambda seq: events[seq - 1])]
    assert chain[0] == "node1 answers client: ok, value."
    assert "client asks node1 to set key = value." in chain
    assert chain[-1] == "By command, a client asks node1 to set key = value."
