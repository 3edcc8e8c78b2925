"""The specification's variables, read off the visible state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Record = dict[str, Any]

APART = ("type", "reply", "term", "reason")
ON_THE_WAY = ("id", "message", "copy", "from", "to", "sent", "arrives", "lost", "why", "by")
"""Fields that say how a message travels, in the visible state and in events."""


def node_name(ordinal: int | str | None) -> str | None:
    """The node that a votedFor of the visible state means, which shows nodeN as N."""
    return f"node{ordinal}" if isinstance(ordinal, int) else ordinal


def entry(shown: Mapping[str, Any]) -> Record:
    """A log entry: its term, and what it tells the state machine."""
    value = {name: part for name, part in shown.items() if name not in ("index", "term")}
    return {"term": shown["term"], "value": value}


def message(shown: Mapping[str, Any]) -> Record:
    """A message as raft.tla's record, from its visible form or an event's data."""
    kind, reply = shown["type"], shown["reply"]
    name = message_type(kind, reply)
    record: Record = {"mtype": name, "mterm": shown["term"]}
    if name == "RequestVoteRequest":
        record["mlastLogTerm"] = shown["lastLogTerm"]
        record["mlastLogIndex"] = shown["lastLogIndex"]
    elif name == "RequestVoteResponse":
        record["mvoteGranted"] = shown["voteGranted"]
    elif name == "AppendEntriesRequest":
        last_sent = shown["prevLogIndex"] + len(shown["entries"])
        record["mprevLogIndex"] = shown["prevLogIndex"]
        record["mprevLogTerm"] = shown["prevLogTerm"]
        record["mentries"] = [entry(one) for one in shown["entries"]]
        record["mcommitIndex"] = min(shown["leaderCommit"], last_sent)
    elif name == "AppendEntriesResponse":
        record["msuccess"] = shown["success"]
        record["mmatchIndex"] = shown["matchIndex"]
    else:
        apart = (*APART, *ON_THE_WAY)
        record |= {f"m{field}": value for field, value in shown.items() if field not in apart}
    return {**record, "msource": shown["from"], "mdest": shown["to"]}


def message_type(kind: str, reply: bool) -> str:
    """Its mtype."""
    return kind + ("Response" if reply else "Request")


def server(shown: Mapping[str, Any]) -> Record:
    """One server's variables."""
    role = shown["state"]
    campaigns, leads = role == "candidate", role == "leader"
    granted = list(shown["votesGranted"]) if campaigns else []
    refused = list(shown["votesRefused"]) if campaigns else []
    snapshot = shown.get("snapshot") or {"index": 0, "term": 0}
    record: Record = {
        "currentTerm": shown["term"],
        "state": role.capitalize(),
        "votedFor": node_name(shown["votedFor"]),
        "log": [entry(one) for one in shown["log"]],
        "commitIndex": shown["commitIndex"],
        "votesResponded": granted + refused,
        "votesGranted": granted,
        "nextIndex": dict(shown["nextIndex"]) if leads else {},
        "matchIndex": dict(shown["matchIndex"]) if leads else {},
        "snapshotIndex": snapshot["index"],
        "snapshotTerm": snapshot["term"],
    }
    if "members" in shown:
        record["members"] = list(shown["members"])
        record["oldMembers"] = list(shown.get("oldMembers", ()))
        record["learners"] = list(shown.get("learners", ()))
    return record
