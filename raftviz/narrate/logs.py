"""Logs, disks, snapshots and members as sentences: what a server holds, and who counts."""

from __future__ import annotations

from typing import Any

from raftviz.narrate import context
from raftviz.narrate.catalogue import Sentence, Value, catalogue, known, sentence
from raftviz.narrate.context import Lookup
from raftviz.narrate.words import clip, entry, listed, shown
from raftviz.sim.events import Event

Params = dict[str, Value]


def log_appended(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A log grows by one entry."""
    return sentence(
        known("log_appended", data.get("why") or "other"),
        node=clip(event.node),
        entry=entry(data["entry"]),
        index=data["index"],
        term=data["term"],
    )


def log_truncated(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A log loses its end."""
    stem = "log_truncated.always" if data.get("why") == "always" else "log_truncated"
    key = f"{stem}.one" if data["from"] == data["to"] else f"{stem}.many"
    return sentence(key, **{"node": clip(event.node), "from": data["from"], "to": data["to"]})


def index_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """commitIndex, nextIndex or matchIndex changes."""
    key = f"index_changed.{data['what']}.{data.get('why')}"
    if key == "index_changed.commitIndex.majority":
        key += context.commitment(event, lookup)
    elif key == "index_changed.commitIndex.leader_commit":
        key += _past_new_entries(event, data["to"], lookup)
    elif key not in catalogue():
        key = "index_changed.other.peer" if data.get("peer") else "index_changed.other"
    return sentence(
        key,
        **{
            "node": clip(event.node),
            "what": clip(data["what"]),
            "peer": clip(data.get("peer")),
            "from": data["from"],
            "to": data["to"],
        },
    )


def _past_new_entries(event: Event, index: int, lookup: Lookup) -> str:
    """Whether a follower commits more than the message that told it so has shown it to hold."""
    request = lookup(event.cause).data if event.cause else {}
    if "prevLogIndex" not in request:
        return ""
    return ".past" if index > request["prevLogIndex"] + len(request["entries"]) else ""


def applied(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """An entry is applied to the state machine."""
    done = data["entry"]
    params: Params = {"node": clip(event.node), "index": data["index"]}
    cause = lookup(event.cause) if event.cause else None
    if cause is not None and cause.kind != "index_changed":
        return sentence("applied.early", **params, entry=entry(done))
    if data.get("duplicate"):
        client, serial = clip(done["client"]), done["serial"]
        return sentence("applied.duplicate", **params, client=client, serial=serial)
    if "set" in done:
        ((key, value),) = done["set"].items()
        return sentence("applied.set", **params, key=clip(key), value=shown(value))
    if "delete" in done:
        return sentence("applied.delete", **params, key=clip(done["delete"]))
    if "cas" in done:
        cas = done["cas"]
        return sentence(
            "applied.cas",
            **params,
            key=clip(cas["key"]),
            expected=shown(cas.get("expected")),
            value=shown(cas["value"]),
            result=shown(data.get("result")),
        )
    return sentence(
        "applied.configuration" if "configuration" in done else "applied.noop", **params
    )


# Disks and snapshots.


def persisted(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A node writes to its disk what must survive a crash."""
    params: Params = {
        "node": clip(event.node),
        "term": data["term"],
        "votedFor": clip(data["votedFor"]),
        "lastIndex": data["lastIndex"],
        "snapshotIndex": data["snapshotIndex"],
    }
    before = event.changes[0][1] if event.changes else data
    if data["snapshotIndex"] != before["snapshotIndex"]:
        return sentence("persisted.snapshot", **params)
    key = "persisted.no_vote" if data["votedFor"] is None else "persisted"
    return sentence(key if data["lastIndex"] else f"{key}.empty", **params)


def snapshot_taken(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A node compacts its log."""
    key = known("snapshot_taken", data.get("why") or "other")
    return sentence(key, node=clip(event.node), index=data["index"], term=data["term"])


def snapshot_installed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A follower takes its leader's snapshot."""
    return sentence(
        "snapshot_installed.kept" if data["kept"] else "snapshot_installed",
        **{
            "node": clip(event.node),
            "from": clip(data["from"]),
            "index": data["index"],
            "stateMachine": shown(data["stateMachine"]),
        },
    )


# Members.


def configuration_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """Other servers are members for a node from now on."""
    members, old = data["members"], data["old"]
    key = known("configuration_changed", data.get("why") or "other")
    if not members:
        key = "configuration_changed.none"
    elif old and f"{key}.joint" in catalogue():
        key += ".joint"
    return sentence(key, node=clip(event.node), members=listed(members), old=listed(old))


def learner_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A leader brings new servers up to date, before they count."""
    why = data["why"]
    return sentence(
        known("learner_changed", why),
        node=clip(event.node),
        learner=clip(data["learner"]),
        round=data["round"],
        target=data["target"],
        why=clip(why).replace("_", " "),
    )
