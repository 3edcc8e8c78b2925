"""What clients are promised: commands that happen once, and reads that are not stale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from raftviz.checks.base import Expectation, Property, Violation
from raftviz.checks.history import History
from raftviz.checks.rule import Data, Rule, broken
from raftviz.sim.events import Event

EXACTLY_ONCE = Property(
    "Exactly once",
    Expectation.ALWAYS,
    "Under sessions a client's command is executed once however often it is sent, and every answer "
    "to it is the first one.",
    "Raft §8; dissertation §6.3",
)
READS_ARE_NOT_STALE = Property(
    "Reads are not stale",
    Expectation.ALWAYS,
    "A read that is not local shows everything that was committed when the client asked.",
    "Raft §8; dissertation §6.4",
)
ONE_LEASE = Property(
    "One lease at a time",
    Expectation.ALWAYS,
    "At most one server holds a lease at any time.",
    "Raft §8; dissertation §6.4.1",
)

PROPERTIES: Sequence[Property] = (EXACTLY_ONCE, READS_ARE_NOT_STALE, ONE_LEASE)


def executed_once(history: History, event: Event, data: Data) -> Violation | None:
    """Exactly once, when a command that belongs to a session is executed. A server that restarts
    executes again what its snapshot does not cover, at the same index.
    """
    entry = data["entry"]
    client = entry.get("client")
    if client is None or data.get("duplicate"):
        return None
    first = history.executed.get((client, entry["serial"]))
    if first is None or first[0] == data["index"]:
        return None
    message = (
        f"{event.node} executed command {entry['serial']} of {client} at index {data['index']}, "
        f"which was executed at index {first[0]} already"
    )
    return broken(EXACTLY_ONCE, message, event, first[1])


def says_result(history: History, event: Event, data: Data) -> bool:
    """Whether an answer to a client tells what its command came to under its session: a refusal does
    not, nor does an answer to an entry that belongs to no session.
    """
    if data["outcome"] != "ok" and data["why"] != "cas_mismatch":
        return False
    node = history.node(str(event.node))
    return event.cause != node.applied_seq or node.applied_in_session


def answered_alike(history: History, event: Event, data: Data) -> Violation | None:
    """Exactly once, when a client is answered."""
    first = history.answers.get((data["client"], data["serial"]))
    if first is None or not says_result(history, event, data):
        return None
    outcome, value = data["outcome"], data["value"]
    alike = type(first.value) is type(value) and first.value == value
    if first.outcome == outcome and alike:
        return None
    message = (
        f"{event.node} answered command {data['serial']} of {data['client']} with "
        f"{outcome} {value}, which had been answered with {first.outcome} {first.value}"
    )
    return broken(EXACTLY_ONCE, message, event, first.seq)


def read_shows_what_was_committed(history: History, event: Event, data: Data) -> Violation | None:
    """Reads are not stale, when a read is answered, unless it is one that may be. How much was
    committed is what any server knew when the client first asked.
    """
    index = data.get("index")
    asked = history.asked.get(data["client"])
    if index is None or asked is None or asked.serial != data["serial"] or data["outcome"] != "ok":
        return None
    if data["why"] == "local" and asked.mode in (None, "local"):
        return None
    if index >= asked.committed:
        return None
    missing = history.committed.get(index + 1) or history.committed[asked.committed]
    message = (
        f"{event.node} answered a read of {data['client']} from the entries up to index {index}, "
        f"though those up to {asked.committed} were committed when it asked"
    )
    return broken(READS_ARE_NOT_STALE, message, event, missing.seq)


def one_lease_at_a_time(history: History, event: Event, data: Data) -> Violation | None:
    """One lease at a time, when one is won, or used to answer a read.

    A server that stands still may seem to hold one: it cannot use it, and learns that it has run
    out as soon as it goes on. Clocks that differ by more than leases allow for (the command `clock`)
    can break this, which is why leases depend on them.
    """
    if event.kind == "lease_changed":
        if not data["held"]:
            return None
        does = "won a lease"
    elif data["why"] == "lease":
        does = "answered a read by its lease"
    else:
        return None
    for holder, node in history.nodes.items():
        if node.lease_seq == 0 or holder == event.node or node.stands_still:
            continue
        if event.time > node.stood_until:
            message = f"{event.node} {does} while {holder} holds one"
            return broken(ONE_LEASE, message, event, node.lease_seq)
    return None


RULES: Mapping[str, Sequence[Rule]] = {
    "applied": (executed_once,),
    "client_reply": (answered_alike, read_shows_what_was_committed, one_lease_at_a_time),
    "lease_changed": (one_lease_at_a_time,),
}
"""Which rules judge which kind of event (safety.py)."""
