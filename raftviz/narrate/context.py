"""What a sentence must know beyond its event, found by looking back in the journal.

An answer that arrives says nothing of the receiver; but the request that it answers was sent by
that receiver, and tells in which term it then was. What has changed since stands between the two.
Every look back is bounded, so that telling an event costs about the same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
    start = lookup(1).data.get("command", {}).get("start", {})
    timing = start.get("timing") or {}
    low = (timing.get("election_timeout") or [150])[0]
    return f"{low:g}"


def leader_heard(event: Event, lookup: Lookup) -> str | None:
    """From whom `event.node` last heard as its leader: a name, itself if it leads, None if unknown.

    Looks back over the least election timeout: for leader stickiness nothing older counts.
    """
    window = event.time - round(float(least_election_timeout_ms(lookup)) * 1000)
    reached_window = False
    for earlier in back(event, lookup):
        if earlier.time < window:
            reached_window = True
            break
        if earlier.node != event.node:
            continue
        if earlier.kind == "role_changed" and earlier.data["to"] == "leader":
            return event.node
        if earlier.kind == "message_delivered":
            data = earlier.data
            if data["type"] == "AppendEntries" and not data["reply"]:
                return str(data["from"])
    return event.node if reached_window or event.seq <= REACH else None
