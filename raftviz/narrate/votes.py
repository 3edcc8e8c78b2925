"""Roles, terms and votes as sentences, and what gives a leader its right to lead."""

from __future__ import annotations

from typing import Any

from raftviz.narrate import context
from raftviz.narrate.catalogue import Sentence, Value, known, sentence
from raftviz.narrate.context import Lookup
from raftviz.narrate.words import clip, role
from raftviz.sim.events import Event

Params = dict[str, Value]


def role_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A node has another role, and why."""
    why = data.get("why") or "other"
    key = known("role_changed", f"{why}.{data['to']}", f"{why}.{data['from']}", why)
    if why in ("majority", "pre_vote_majority") and context.lacks_votes(event, lookup):
        key = f"role_changed.{why}.short"
    return sentence(
        key,
        **{
            "node": clip(event.node),
            "from": role(data["from"]),
            "to": role(data["to"]),
            "term": data.get("term", 0),
        },
    )


def term_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A node is in another term, and why."""
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


def voted(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A vote, or under PreVote only whether it would be given."""
    kind, why = event.kind, data["why"]
    params: Params = {
        "node": clip(event.node),
        "for": clip(data["for"]),
        "term": data["term"],
        "why": clip(why),
    }
    if why in ("refused_leader_stickiness", "refused_leader_alive"):
        ending, leader, ms = context.loyalty(event, lookup)
        return sentence(f"{kind}.{why}.{ending}", **params, leader=clip(leader), ms=ms)
    if why not in ("granted", "refused_log_behind"):
        return sentence(known(kind, why), **params)
    request = lookup(event.cause).data if event.cause else {}
    if "lastLogIndex" not in request:
        return sentence(f"{kind}.granted" if why == "granted" else f"{kind}.other", **params)
    params |= {name: request[name] for name in ("lastLogIndex", "lastLogTerm")}
    key, params["other"] = _weighed(event, data, request, lookup)
    if key.endswith("behind") and not request["lastLogIndex"]:
        key += ".empty"
    return sentence(key, **params)


def _weighed(
    event: Event, data: dict[str, Any], request: dict[str, Any], lookup: Lookup
) -> tuple[str, str]:
    """The key for a vote that was weighed, and for whom else the node had voted.

    A rule that was broken on purpose shows in what went before: an earlier vote of the same term,
    or a log that does not compare as the vote says.
    """
    kind, granted = event.kind, data["granted"]
    other = context.earlier_vote(event, lookup) if granted and kind == "voted" else None
    if other is not None:
        remembered = any(path[-1] == "votedFor" and old for path, old, _ in event.changes)
        return f"{kind}.granted.{'twice' if remembered else 'forgotten'}", clip(other)
    own = context.log_end(event, lookup)
    up_to_date = own is None or (request["lastLogTerm"], request["lastLogIndex"]) >= own
    if granted:
        return f"{kind}.granted" + ("" if up_to_date else ".behind"), ""
    longer = own is not None and up_to_date
    return f"{kind}.refused_log_{'longer' if longer else 'behind'}", ""


def vote_counted(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """An answer to a candidate or precandidate is counted."""
    stem = "vote_counted.pre" if data.get("pre") else "vote_counted"
    joint = ".joint" if context.is_joint(event, lookup) else ""
    return sentence(
        f"{stem}.granted{joint}" if data["granted"] else f"{stem}.refused{joint}",
        **{
            "node": clip(event.node),
            "from": clip(data["from"]),
            "votes": data["votes"],
            "needed": data["needed"],
        },
    )


def transfer_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A transfer of leadership begins or is given up."""
    why = data["why"]
    return sentence(
        known("transfer_changed", why), node=clip(event.node), to=clip(data["to"]), why=clip(why)
    )


def lease_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A leader gets or loses its lease."""
    why = data["why"]
    return sentence(known("lease_changed", why), node=clip(event.node), why=clip(why))


def leader_known(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A node learns who leads, or that nobody does that it knows of."""
    leader = data["leader"]
    node = clip(event.node)
    if leader is None:
        return sentence("leader_known.none", node=node)
    return sentence("leader_known", node=node, leader=clip(leader))
