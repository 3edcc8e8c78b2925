"""Messages as sentences: sent, delivered, lost, and what the one who gets them makes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.narrate import context
from raftviz.narrate.catalogue import Sentence, Value, catalogue, known, sentence
from raftviz.narrate.context import Lookup
from raftviz.narrate.words import clip, entry, milliseconds
from raftviz.sim.events import Event

Params = dict[str, Value]


def _message(event: Event, data: dict[str, Any]) -> Params:
    """What every sentence about a message may speak of."""
    params: Params = {
        "node": clip(event.node),
        "type": clip(data["type"]),
        "from": clip(data["from"]),
        "to": clip(data["to"]),
        "term": data["term"],
    }
    for name in (
        "lastLogIndex", "lastLogTerm", "prevLogIndex", "prevLogTerm", "leaderCommit",
        "matchIndex", "requestTerm", "lastIncludedIndex", "lastIncludedTerm",
    ):  # fmt: skip
        if isinstance(data.get(name), int):
            params[name] = data[name]
    entries = data.get("entries")
    if entries:
        first = int(data.get("prevLogIndex", 0)) + 1
        params |= {
            "entry": entry(entries[0]),
            "count": len(entries),
            "first": first,
            "last": first + len(entries) - 1,
        }
    return params


def _entries(data: dict[str, Any]) -> str:
    """Which AppendEntries it is: a heartbeat, or with one or many entries."""
    count = len(data.get("entries") or ())
    return "heartbeat" if count == 0 else "one" if count == 1 else "many"


def sent(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A message sets out; of one that was made by hand nobody can say why."""
    cause = lookup(event.cause) if event.cause else None
    by_hand = cause is not None and cause.kind == "command" and "inject" in cause.data["command"]
    key = "message_sent.injected" if by_hand else _sent_key(data)
    return sentence(key, **_message(event, data))


def _sent_key(data: dict[str, Any]) -> str:
    kind, reply = data["type"], data["reply"]
    if kind in ("RequestVote", "PreVote"):
        if reply:
            return f"message_sent.{kind}Reply.{'granted' if data['voteGranted'] else 'refused'}"
        wished = ".transfer" if data.get("leadershipTransfer") else ""
        return f"message_sent.{kind}{wished}" + ("" if data["lastLogIndex"] else ".empty")
    if kind == "TimeoutNow":
        return "message_sent.TimeoutNow"
    if kind == "AppendEntries" and reply:
        if data["success"]:
            return "message_sent.AppendEntriesReply.success"
        key = f"message_sent.AppendEntriesReply.{_reason(data)}"
        return key if key in catalogue() else "message_sent.AppendEntriesReply.refused"
    if kind == "AppendEntries":
        first = "" if data["prevLogIndex"] else ".first"
        return f"message_sent.AppendEntries.{_entries(data)}{first}"
    if kind == "InstallSnapshot":
        stale = reply and data["requestTerm"] < data["term"]
        return f"message_sent.{kind}" + (
            "" if not reply else "Reply" + (".stale_term" if stale else "")
        )
    return "message_sent.other.reply" if reply else "message_sent.other"


def _reason(data: dict[str, Any]) -> str:
    return str(data.get("reason") or "refused")


def delivered(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A message arrives; an answer may come too late to matter."""
    params = _message(event, data)
    key, now = _delivered_key(event, data, lookup)
    if now is not None:
        params["now"] = now
    return sentence(key, **params)


def _delivered_key(event: Event, data: dict[str, Any], lookup: Lookup) -> tuple[str, int | None]:
    """The key, and the receiver's own term where the sentence speaks of it."""
    kind, reply = data["type"], data["reply"]
    stem = f"message_delivered.{kind}"
    if not reply:
        stem += f".{_entries(data)}" if kind == "AppendEntries" else ""
        return (stem if stem in catalogue() else "message_delivered.other"), None
    if kind not in _STANDING:
        return "message_delivered.other.reply", None
    now, role = context.standing(event, lookup)
    return f"{stem}Reply.{_STANDING[kind](data, now, role)}", now


def _vote_standing(data: dict[str, Any], now: int, role: str) -> str:
    """What the arriving answer to a RequestVote means to one who stands so."""
    if data["term"] < now:
        return "stale"
    if role == "leader":
        return "leads"
    if role in ("follower", "precandidate") and data["term"] == now:
        return "over"
    return "granted" if data["voteGranted"] else "refused"


def _pre_vote_standing(data: dict[str, Any], now: int, role: str) -> str:
    """What the arriving answer to a PreVote means to one who stands so.

    A yes carries the term asked about, the one after the asker's; a no carries the voter's own.
    """
    granted = data["voteGranted"]
    if not granted and data["term"] > now:
        return "newer"
    if role != "precandidate":
        return "over"
    if data["term"] != (now + 1 if granted else now):
        return "stale"
    return "granted" if granted else "refused"


def _append_standing(data: dict[str, Any], now: int, role: str) -> str:
    """What the arriving answer to an AppendEntries means to one who stands so."""
    if data["term"] > now:
        return "deposed"
    if role != "leader":
        return "over"
    if data["term"] < now or data.get("requestTerm", now) != now:
        return "stale"
    return "success" if data["success"] else "refused"


def _install_standing(data: dict[str, Any], now: int, role: str) -> str:
    """What the arriving answer to an InstallSnapshot means to one who stands so."""
    return _append_standing({**data, "success": True}, now, role)


_STANDING: dict[str, Callable[[dict[str, Any], int, str], str]] = {
    "RequestVote": _vote_standing,
    "AppendEntries": _append_standing,
    "PreVote": _pre_vote_standing,
    "InstallSnapshot": _install_standing,
}


def dropped(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A message is lost, and why."""
    key = known("message_dropped", data["why"])
    params = _message(event, data) | {"why": clip(data["why"])}
    return sentence(f"{key}.reply" if data["reply"] else key, **params)


def duplicated(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A second copy of a message sets out."""
    key = "message_duplicated.reply" if data["reply"] else "message_duplicated"
    return sentence(key, **_message(event, data))


def delayed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A message will arrive later."""
    key = "message_delayed.reply" if data["reply"] else "message_delayed"
    return sentence(key, **_message(event, data), ms=milliseconds(data["by"] / 1000))
