"""From an event to its sentence: which rule fired, and why something was refused.

One function for each kind of event; all words are in the catalogue, none here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.narrate import context
from raftviz.narrate.catalogue import Sentence, catalogue, sentence
from raftviz.narrate.commands import say_command
from raftviz.narrate.context import Lookup
from raftviz.narrate.words import clip, entry, milliseconds, shown
from raftviz.sim.events import Event

Params = dict[str, str | int]
Teller = Callable[[Event, dict[str, Any], Lookup], Sentence | None]


def say(event: Event, lookup: Lookup) -> Sentence | None:
    """The sentence for `event`; None for what nobody can see (a timer being armed).

    `lookup` gives an earlier event by its seq; it is asked a bounded number of times.
    """
    tell = _TELL.get(event.kind)
    if tell is None:
        return sentence("other", kind=clip(event.kind), node=clip(event.node))
    return tell(event, event.data, lookup)


def _known(stem: str, *endings: str) -> str:
    """The first key stem.ending that the catalogue has."""
    for ending in endings:
        if f"{stem}.{ending}" in catalogue():
            return f"{stem}.{ending}"
    return f"{stem}.other"


def _command(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return say_command(data["command"])


def _timer_fired(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    key = _known("timer_fired", data["name"])
    return sentence(key, node=clip(event.node), name=clip(data["name"]))


# Messages.


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
        "matchIndex", "requestTerm",
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


def _message_sent(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence(_sent_key(data), **_message(event, data))


def _sent_key(data: dict[str, Any]) -> str:
    kind, reply = data["type"], data["reply"]
    if kind == "RequestVote" and reply:
        return f"message_sent.RequestVoteReply.{'granted' if data['voteGranted'] else 'refused'}"
    if kind == "RequestVote":
        return "message_sent.RequestVote"
    if kind == "AppendEntries" and reply:
        if data["success"]:
            return "message_sent.AppendEntriesReply.success"
        key = f"message_sent.AppendEntriesReply.{_reason(data)}"
        return key if key in catalogue() else "message_sent.AppendEntriesReply.refused"
    if kind == "AppendEntries":
        return f"message_sent.AppendEntries.{_entries(data)}"
    return "message_sent.other.reply" if reply else "message_sent.other"


def _reason(data: dict[str, Any]) -> str:
    return str(data.get("reason") or "refused")


def _message_delivered(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    params = _message(event, data)
    key, now = _delivered_key(event, data, lookup)
    if now is not None:
        params["now"] = now
    return sentence(key, **params)


def _delivered_key(event: Event, data: dict[str, Any], lookup: Lookup) -> tuple[str, int | None]:
    """The key, and the receiver's own term where the sentence speaks of it."""
    kind, reply = data["type"], data["reply"]
    stem = f"message_delivered.{kind}"
    if kind not in ("RequestVote", "AppendEntries"):
        return ("message_delivered.other.reply" if reply else "message_delivered.other"), None
    if not reply:
        return (stem if kind == "RequestVote" else f"{stem}.{_entries(data)}"), None
    now, role = context.standing(event, lookup)
    if kind == "RequestVote":
        return f"{stem}Reply.{_vote_standing(data, now, role)}", now
    return f"{stem}Reply.{_append_standing(data, now, role)}", now


def _vote_standing(data: dict[str, Any], now: int, role: str) -> str:
    """What the arriving answer to a RequestVote means to one who stands so."""
    if data["term"] < now:
        return "stale"
    if role == "leader":
        return "leads"
    if role == "follower" and data["term"] == now:
        return "over"
    return "granted" if data["voteGranted"] else "refused"


def _append_standing(data: dict[str, Any], now: int, role: str) -> str:
    """What the arriving answer to an AppendEntries means to one who stands so."""
    if data["term"] > now:
        return "deposed"
    if role != "leader":
        return "over"
    if data["term"] < now or data.get("requestTerm", now) != now:
        return "stale"
    return "success" if data["success"] else "refused"


def _message_dropped(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    key = _known("message_dropped", data["why"])
    params = _message(event, data) | {"why": clip(data["why"])}
    return sentence(f"{key}.reply" if data["reply"] else key, **params)


def _message_duplicated(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    key = "message_duplicated.reply" if data["reply"] else "message_duplicated"
    return sentence(key, **_message(event, data))


def _message_delayed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    key = "message_delayed.reply" if data["reply"] else "message_delayed"
    return sentence(key, **_message(event, data), ms=milliseconds(data["by"] / 1000))


# Roles, terms and votes.


def _role_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    why = data.get("why") or "other"
    key = _known("role_changed", f"{why}.{data['from']}", why)
    return sentence(
        key,
        **{
            "node": clip(event.node),
            "from": clip(data["from"]),
            "to": clip(data["to"]),
            "term": data.get("term", 0),
        },
    )


def _term_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    key = _known("term_changed", data.get("why") or "other")
    if key == "term_changed.higher_term" and not data.get("by"):
        key = "term_changed.other"
    return sentence(
        key,
        **{
            "node": clip(event.node),
            "from": data["from"],
            "to": data["to"],
            "by": clip(data.get("by")),
        },
    )


def _voted(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    why = data["why"]
    params: Params = {
        "node": clip(event.node),
        "for": clip(data["for"]),
        "term": data["term"],
        "why": clip(why),
    }
    key = _known("voted", why)
    if why == "refused_leader_stickiness":
        leader = context.leader_heard(event, lookup)
        params |= {"leader": clip(leader), "ms": context.least_election_timeout_ms(lookup)}
        ending = "other" if leader is None else "leader" if leader == event.node else "follower"
        key = f"voted.refused_leader_stickiness.{ending}"
    elif why == "refused_log_behind":
        request = lookup(event.cause).data if event.cause else {}
        if "lastLogIndex" not in request:
            return sentence("voted.other", **params)
        params |= {name: request[name] for name in ("lastLogIndex", "lastLogTerm")}
    return sentence(key, **params)


def _vote_counted(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence(
        "vote_counted.granted" if data["granted"] else "vote_counted.refused",
        **{
            "node": clip(event.node),
            "from": clip(data["from"]),
            "votes": data["votes"],
            "needed": data["needed"],
        },
    )


def _leader_known(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    leader = data["leader"]
    node = clip(event.node)
    if leader is None:
        return sentence("leader_known.none", node=node)
    if leader == event.node:
        return sentence("leader_known.self", node=node)
    return sentence("leader_known", node=node, leader=clip(leader))


# The log and the state machine.


def _log_appended(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence(
        _known("log_appended", data.get("why") or "other"),
        node=clip(event.node),
        entry=entry(data["entry"]),
        index=data["index"],
        term=data["term"],
    )


def _log_truncated(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    key = "log_truncated.one" if data["from"] == data["to"] else "log_truncated.many"
    return sentence(key, **{"node": clip(event.node), "from": data["from"], "to": data["to"]})


def _index_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    key = f"index_changed.{data['what']}.{data.get('why')}"
    if key not in catalogue():
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


def _applied(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    applied = data["entry"]
    params: Params = {"node": clip(event.node), "index": data["index"]}
    if "set" in applied:
        ((key, value),) = applied["set"].items()
        return sentence("applied.set", **params, key=clip(key), value=shown(value))
    if "delete" in applied:
        return sentence("applied.delete", **params, key=clip(applied["delete"]))
    if "cas" in applied:
        cas = applied["cas"]
        return sentence(
            "applied.cas",
            **params,
            key=clip(cas["key"]),
            expected=shown(cas.get("expected")),
            value=shown(cas["value"]),
            result=shown(data.get("result")),
        )
    return sentence("applied.noop", **params)


# Clients.


def _client_request(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    request = data["request"]
    return sentence(
        _known("client_request", request["op"]),
        client=clip(data["client"]),
        node=clip(data["to"]),
        op=clip(request["op"]),
        key=clip(request.get("key")),
        value=shown(request.get("value")),
        expected=shown(request.get("expected")),
    )


def _client_reply(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    outcome, why, value = data["outcome"], data.get("why"), data.get("value")
    hint = data.get("hint")
    if outcome == "ok":
        local = why == "local"
        key = "client_reply.ok"
        key += ".local" if local else "" if value is None else ".value"
    else:
        key = _known(f"client_reply.{outcome}", f"{why}.hint" if hint else f"{why}", f"{why}")
    return sentence(
        key,
        node=clip(event.node),
        client=clip(data["client"]),
        value=shown(value),
        hint=clip(hint),
        why=clip(why).replace("_", " "),
    )


# Faults.


def _crashed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence("crashed.wiped" if data.get("wiped") else "crashed", node=clip(event.node))


def _of_node(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence(event.kind, node=clip(event.node))


def _link_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    settings = {name: value for name, value in data.items() if name not in ("from", "to")}
    plain = not (settings.get("latency") or settings.get("loss") or settings.get("duplicate"))
    key = "link_changed.cut" if settings.get("cut") else "link_changed.mended"
    if not plain and not settings.get("cut"):
        key = "link_changed.other"
    words = ", ".join(f"{name} {shown(value)}" for name, value in settings.items())
    return sentence(
        key, **{"from": clip(data["from"]), "to": clip(data["to"]), "settings": clip(words)}
    )


def _option_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence("option_changed", name=clip(data["name"]), value=shown(data["value"]))


def _invariant_violated(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence(
        "invariant_violated", property=clip(data["property"]), message=clip(data["message"], 300)
    )


def _nothing(event: Event, data: dict[str, Any], lookup: Lookup) -> None:
    return None


_TELL: dict[str, Teller] = {
    "command": _command,
    "timer_set": _nothing,
    "timer_cancelled": _nothing,
    "timer_fired": _timer_fired,
    "message_sent": _message_sent,
    "message_delivered": _message_delivered,
    "message_dropped": _message_dropped,
    "message_duplicated": _message_duplicated,
    "message_delayed": _message_delayed,
    "role_changed": _role_changed,
    "term_changed": _term_changed,
    "voted": _voted,
    "vote_counted": _vote_counted,
    "leader_known": _leader_known,
    "log_appended": _log_appended,
    "log_truncated": _log_truncated,
    "index_changed": _index_changed,
    "applied": _applied,
    "client_request": _client_request,
    "client_reply": _client_reply,
    "crashed": _crashed,
    "restarted": _of_node,
    "paused": _of_node,
    "resumed": _of_node,
    "link_changed": _link_changed,
    "option_changed": _option_changed,
    "invariant_violated": _invariant_violated,
}
