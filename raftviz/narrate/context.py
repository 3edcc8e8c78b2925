"""What a sentence must know beyond its event, found by looking back in the journal.

An answer that arrives says nothing of the receiver; but the request that it answers was sent by
that receiver, and tells in which term it then was. What has changed since stands between the two.
Every look back is bounded, so that telling an event costs about the same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from raftviz.sim.events import Event

Lookup = Callable[[int], Event]

#: How many events one look back may visit.
REACH = 3000


def back(event: Event, lookup: Lookup) -> Iterator[Event]:
    """The events before `event`, latest first, as far as a look back may go."""
    for seq in range(event.seq - 1, max(0, event.seq - 1 - REACH), -1):
        yield lookup(seq)


def sending(event: Event, lookup: Lookup) -> Event | None:
    """The message_sent event of the message that `event` delivers."""
    number = event.data["message"]
    cause = lookup(event.cause) if event.cause else None
    while cause is not None:
        if cause.kind == "message_sent" and cause.data["message"] == number:
            return cause
        if cause.kind == "message_duplicated" and cause.data["copy"] == number:
            number = cause.data["message"]
        cause = lookup(cause.cause) if cause.cause else None
    for earlier in back(event, lookup):
        if earlier.kind == "message_sent" and earlier.data["message"] == number:
            return earlier
    return None


def request_of(reply: Event, lookup: Lookup) -> Event | None:
    """The message_sent event of the request that a delivered reply answers."""
    sent = sending(reply, lookup)
    cause = lookup(sent.cause) if sent is not None and sent.cause else None
    while cause is not None and cause.kind not in ("message_delivered", "command"):
        cause = lookup(cause.cause) if cause.cause else None
    if cause is None or cause.kind != "message_delivered":
        return None
    request = sending(cause, lookup)
    return request if request is not None and request.node == reply.node else None


def standing(event: Event, lookup: Lookup) -> tuple[int, str]:
    """Term and role of the node to which `event` brings an answer, as it then stands.

    It was a candidate when it asked for votes, a precandidate of the term before when it asked
    whether it would get them, and a leader when it sent entries; its later changes of term and role
    are events in between.
    """
    request = request_of(event, lookup)
    term: int | None = None
    role: str | None = None
    for earlier in back(event, lookup):
        if request is not None and earlier.seq <= request.seq:
            break
        if earlier.node != event.node:
            continue
        if earlier.kind == "term_changed" and term is None:
            term = int(earlier.data["to"])
        elif earlier.kind == "role_changed" and role is None:
            role = str(earlier.data["to"])
        elif earlier.kind == "crashed" and role is None:
            role = "follower"
        if term is not None and role is not None:
            break
    if request is None:
        return (0 if term is None else term), role or "follower"
    asked_as, ahead = _ASKING.get(str(request.data["type"]), ("leader", 0))
    return (int(request.data["term"]) - ahead if term is None else term), role or asked_as


#: As what a node asks, and how far ahead of its own term the term in its request is.
_ASKING = {"RequestVote": ("candidate", 0), "PreVote": ("precandidate", 1)}


def least_election_timeout_ms(lookup: Lookup) -> str:
    """The least election timeout of the cluster, from the command that started it."""
    timing = _start(lookup).get("timing") or {}
    low = (timing.get("election_timeout") or [150])[0]
    return f"{low:g}"


#: How much slower than right a clock may be, at worst.
_SLOWEST = 10


def loyalty(event: Event, lookup: Lookup) -> tuple[str, str | None, str]:
    """Why `event.node` holds to a leader, and so refuses a vote: "follower" of one that it heard,
    "leader" itself, "restarted" and unsure whom it heard, or "other" if that is too far back.

    Also the leader's name, and within how many milliseconds that was: the least election timeout,
    or more where the node's clock is slow.
    """
    least = least_election_timeout_ms(lookup)
    oldest = event.time
    for earlier in back(event, lookup):
        oldest = earlier.time
        if earlier.node != event.node:
            continue
        passed = max(float(least), (event.time - earlier.time) // 1000 + 1)
        if earlier.kind == "role_changed" and earlier.data["to"] == "leader":
            return "leader", event.node, least
        if earlier.kind == "restarted":
            return "restarted", None, f"{passed:g}"
        if earlier.kind == "message_delivered":
            data = earlier.data
            if data["type"] in ("AppendEntries", "InstallSnapshot") and not data["reply"]:
                return "follower", str(data["from"]), f"{passed:g}"
    whole = event.seq <= REACH or oldest < event.time - float(least) * 1000 * _SLOWEST
    return ("leader" if whole else "other"), None, least


def disk(event: Event, lookup: Lookup) -> dict[str, Any] | None:
    """What `event.node`'s disk holds: the data of its last write, or None if that is too far back."""
    for earlier in back(event, lookup):
        if earlier.node == event.node:
            if earlier.kind == "persisted":
                return earlier.data
            if earlier.kind == "crashed" and earlier.data.get("wiped"):
                return _EMPTY_DISK
    return _EMPTY_DISK if event.seq <= REACH else None


_EMPTY_DISK: dict[str, Any] = {
    "term": 0, "votedFor": None, "lastIndex": 0, "lastTerm": 0, "snapshotIndex": 0,
}  # fmt: skip


def log_end(event: Event, lookup: Lookup) -> tuple[int, int] | None:
    """Term and index of the last entry of `event.node`'s log, or None if that is too far back.

    A log that changes is on the disk before anybody hears of it, so the disk tells, or an entry
    since that a crash has not taken away.
    """
    crashed = False
    for earlier in back(event, lookup):
        if earlier.node != event.node:
            continue
        data = earlier.data
        if earlier.kind == "persisted":
            return data["lastTerm"], data["lastIndex"]
        if earlier.kind == "log_appended" and not crashed:
            return data["term"], data["index"]
        if earlier.kind == "crashed":
            crashed = True
            if data.get("wiped"):
                return 0, 0
    return (0, 0) if event.seq <= REACH else None


def earlier_vote(event: Event, lookup: Lookup) -> str | None:
    """For whom else the node that votes in `event` has voted in the same term, if for anybody."""
    data = event.data
    for earlier in back(event, lookup):
        if earlier.node == event.node and earlier.kind == "voted":
            then = earlier.data
            if then["granted"] and then["term"] == data["term"] and then["for"] != data["for"]:
                return str(then["for"])
    return None


def lacks_votes(event: Event, lookup: Lookup) -> bool:
    """Whether a node that has just won has fewer votes than are needed. It has counted enough of
    them right before, or it has nobody to ask.
    """
    before = lookup(event.seq - 1) if event.seq > 1 else event
    if before.kind == "vote_counted":
        return bool(before.data["votes"] < before.data["needed"])
    return before.kind in ("message_sent", "message_duplicated")


def is_joint(event: Event, lookup: Lookup) -> bool:
    """Whether two configurations are joint for `event.node`."""
    for earlier in back(event, lookup):
        if earlier.node == event.node and earlier.kind == "configuration_changed":
            return bool(earlier.data["old"])
    return False


def commitment(event: Event, lookup: Lookup) -> str:
    """How a leader came to commit: "" by the rules, ".joint" by two majorities, ".old" by counting
    copies of an entry of an older term, ".short" by one copy less than a majority.

    Who holds the entry has been noted since the leader appended it; so the look back ends there.
    """
    index, kinds = event.data["to"], ("index_changed", "log_appended", "message_sent")
    holders, servers = {event.node: True}, {event.node: True}
    for earlier in back(event, lookup):
        if earlier.node != event.node or earlier.kind not in kinds:
            continue
        data = earlier.data
        if earlier.kind == "message_sent":
            servers[data["to"]] = True
        elif earlier.kind == "index_changed":
            if data["what"] == "matchIndex" and data["to"] >= index:
                holders[data["peer"]] = True
        elif data["index"] == index:
            few = len(holders) <= len(servers) // 2
            return _way_of_committing(event, data, few, lookup)
    return ""


def _way_of_committing(event: Event, entry: dict[str, Any], few: bool, lookup: Lookup) -> str:
    # Where the copies look like too few, it is worth looking further back for the reason.
    if few and "majority-minus-one" in mistakes(event, lookup):
        return ".short"
    if event.cause and entry["term"] < lookup(event.cause).data.get("requestTerm", 0):
        return ".old"
    return ".joint" if entry["entry"].get("configuration", {}).get("old") else ""


def mistakes(event: Event, lookup: Lookup) -> list[str]:
    """The deliberate mistakes in force: the latest change of that option, or how the run began."""
    for earlier in back(event, lookup):
        if earlier.kind == "option_changed" and earlier.data["name"] == "bugs":
            return list(earlier.data["value"])
    return list(_start(lookup).get("options", {}).get("bugs", ()))


def _start(lookup: Lookup) -> dict[str, Any]:
    """What the command said that started the cluster."""
    start: dict[str, Any] = lookup(1).data.get("command", {}).get("start", {})
    return start
