"""From an event to its sentence: which rule fired, and why something was refused.

One function for each kind of event; all words are in the catalogue, none here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.narrate import context, messages
from raftviz.narrate.catalogue import Sentence, catalogue, known, sentence
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


def _command(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return say_command(data["command"])


def _timer_fired(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    key = known("timer_fired", data["name"])
    return sentence(key, node=clip(event.node), name=clip(data["name"]))


# Roles, terms and votes.


def _role_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    why = data.get("why") or "other"
    key = known("role_changed", f"{why}.{data['to']}", f"{why}.{data['from']}", why)
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
    key = known("term_changed", data.get("why") or "other")
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
    """A vote, or under PreVote only whether it would be given."""
    kind, why = event.kind, data["why"]
    params: Params = {
        "node": clip(event.node),
        "for": clip(data["for"]),
        "term": data["term"],
        "why": clip(why),
    }
    key = known(kind, why)
    if why in ("refused_leader_stickiness", "refused_leader_alive"):
        leader = context.leader_heard(event, lookup)
        params |= {"leader": clip(leader), "ms": context.least_election_timeout_ms(lookup)}
        ending = "other" if leader is None else "leader" if leader == event.node else "follower"
        key = f"{kind}.{why}.{ending}"
    elif why == "refused_log_behind":
        request = lookup(event.cause).data if event.cause else {}
        if "lastLogIndex" not in request:
            return sentence(f"{kind}.other", **params)
        params |= {name: request[name] for name in ("lastLogIndex", "lastLogTerm")}
        key += "" if request["lastLogIndex"] else ".empty"
    return sentence(key, **params)


def _vote_counted(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    stem = "vote_counted.pre" if data.get("pre") else "vote_counted"
    return sentence(
        f"{stem}.granted" if data["granted"] else f"{stem}.refused",
        **{
            "node": clip(event.node),
            "from": clip(data["from"]),
            "votes": data["votes"],
            "needed": data["needed"],
        },
    )


def _transfer_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    why = data["why"]
    return sentence(
        known("transfer_changed", why), node=clip(event.node), to=clip(data["to"]), why=clip(why)
    )


def _leader_known(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    leader = data["leader"]
    node = clip(event.node)
    if leader is None:
        return sentence("leader_known.none", node=node)
    return sentence("leader_known", node=node, leader=clip(leader))


# The log and the state machine.


def _log_appended(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence(
        known("log_appended", data.get("why") or "other"),
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
        known("client_request", request["op"]),
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
        key = known(f"client_reply.{outcome}", f"{why}.hint" if hint else f"{why}", f"{why}")
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
    settings = []
    if data.get("latency"):
        low, high = (milliseconds(us / 1000) for us in data["latency"])
        settings.append(f"latency {low} ms" if low == high else f"latency {low} to {high} ms")
    settings += [f"{name} {data[name]:g}" for name in ("loss", "duplicate") if data.get(name)]
    key = "cut" if data["cut"] else "other" if settings else "mended"
    return sentence(
        f"link_changed.{key}",
        **{"from": clip(data["from"]), "to": clip(data["to"]), "settings": ", ".join(settings)},
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
    "message_sent": messages.sent,
    "message_delivered": messages.delivered,
    "message_dropped": messages.dropped,
    "message_duplicated": messages.duplicated,
    "message_delayed": messages.delayed,
    "role_changed": _role_changed,
    "term_changed": _term_changed,
    "voted": _voted,
    "pre_voted": _voted,
    "vote_counted": _vote_counted,
    "leader_known": _leader_known,
    "transfer_changed": _transfer_changed,
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
