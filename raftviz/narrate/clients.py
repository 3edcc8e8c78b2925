"""Clients as sentences: what they ask, what they are told, and what they make of silence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from raftviz.narrate.catalogue import Sentence, known, sentence
from raftviz.narrate.context import Lookup
from raftviz.narrate.heard import heard
from raftviz.narrate.words import clip, promise, shown
from raftviz.sim.events import Event


def request(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A client asks a node, for the first time or again."""
    asked = data["request"]
    again = data.get("attempt", 1) > 1
    return sentence(
        "client_request.again" if again else known("client_request", asked["op"]),
        client=clip(data["client"]),
        node=clip(data["to"]),
        op=clip(asked["op"]),
        key=clip(asked.get("key")),
        value=shown(asked.get("value")),
        expected=shown(asked.get("expected")),
        attempt=data.get("attempt", 1),
    )


def reply(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A client is answered."""
    outcome, why, value = data["outcome"], data.get("why"), data.get("value")
    hint = data.get("hint")
    if outcome == "ok":
        key = _done(event, why, value, lookup)
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


def _done(event: Event, why: str | None, value: Any, lookup: Lookup) -> str:
    """The key for a request that was carried out. One that is answered the moment it arrives was
    neither replicated nor confirmed by anybody: a read of somebody who just knows, or a write that
    a session remembers.
    """
    at_once = event.cause is not None and lookup(event.cause).kind == "client_request"
    if why in ("local", "lease"):
        return f"client_reply.ok.{why}"
    if why == "read_index":
        if not at_once:
            return "client_reply.ok.confirmed"
        alone = len(lookup(1).data["command"]["start"]["nodes"]) == 1
        return "client_reply.ok.alone" if alone else "client_reply.ok.unconfirmed"
    if at_once:
        return "client_reply.ok.session"
    return "client_reply.ok" if value is None else "client_reply.ok.value"


def timed_out(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A client has waited long enough."""
    asked = lookup(event.cause).data.get("request", {}) if event.cause else {}
    key = "client_timed_out.read" if asked.get("op") == "read" else "client_timed_out"
    return sentence(key, client=clip(data["client"]), node=clip(event.node))


def gave_up(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A client asks no more."""
    return sentence(
        f"client_gave_up.{data['outcome']}",
        client=clip(data["client"]),
        attempts=data["attempts"],
    )


def checked(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A verdict on the run so far. What it says goes along in any case: the page shows it by itself."""
    message = heard(clip(data["message"], 300))
    key = "checked.ok" if data["ok"] else "checked.broken"
    said = sentence(key, property=promise(data["property"]), message=message)
    return replace(said, params={**said.params, "message": message})
