"""From an event to its sentence: which rule fired, and why something was refused.

One function for each kind of event, most of them in the modules beside this one; all words are in
the catalogue, none here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.narrate import clients, context, logs, messages, votes
from raftviz.narrate.catalogue import Sentence, Value, known, sentence
from raftviz.narrate.commands import say_command
from raftviz.narrate.context import Lookup
from raftviz.narrate.heard import heard
from raftviz.narrate.words import clip, milliseconds, promise, settings, shown
from raftviz.sim.events import Event

#: What Raft promises in the paper's own list; what is checked beside it has other sources.
FIGURE_3 = (
    "Election Safety", "Leader Append-Only", "Log Matching", "Leader Completeness", "State Machine Safety",
)  # fmt: skip

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
    key = known("timer_fired", data["name"], data["name"].partition("_")[0])
    return sentence(key, node=clip(event.node), name=clip(data["name"]))


# Faults.


def _crashed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence("crashed.wiped" if data.get("wiped") else "crashed", node=clip(event.node))


def _restarted(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    disk = context.disk(event, lookup)
    if disk is None:
        return sentence("restarted.other", node=clip(event.node))
    index = disk["snapshotIndex"]
    key = "restarted.snapshot" if index else "restarted"
    return sentence(key, node=clip(event.node), index=index)


def _paused(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    """A node, or its disk alone, stands still or goes on."""
    return sentence(f"{event.kind}.disk" if data.get("disk") else event.kind, node=clip(event.node))


def _clock_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    rate = data["rate"]
    key = "right" if rate == 1 else "fast" if rate > 1 else "slow"
    return sentence(f"clock_changed.{key}", node=clip(event.node), rate=f"{rate:g}")


def _node_added(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence("node_added", node=clip(event.node))


def _link_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    found: dict[str, Value] = {}
    if data.get("latency"):
        low, high = (milliseconds(us / 1000) for us in data["latency"])
        key = "span.one" if low == high else "span"
        found["latency"] = sentence(key, low=low, high=high)
    found |= {name: f"{data[name]:g}" for name in ("loss", "duplicate") if data.get(name)}
    key = "cut" if data["cut"] else "other" if found else "mended"
    return sentence(
        f"link_changed.{key}",
        **{"from": clip(data["from"]), "to": clip(data["to"]), "settings": settings(found)},
    )


def _option_changed(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    return sentence("option_changed", name=clip(data["name"]), value=shown(data["value"]))


def _invariant_violated(event: Event, data: dict[str, Any], lookup: Lookup) -> Sentence:
    name = data["property"]
    key = "invariant_violated"
    if name not in FIGURE_3:
        key += ".clients" if name == "Linearizability" else ".other"
    return sentence(
        key,
        property=promise(name),
        message=heard(clip(data["message"], 300)),
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
    "role_changed": votes.role_changed,
    "term_changed": votes.term_changed,
    "voted": votes.voted,
    "pre_voted": votes.voted,
    "vote_counted": votes.vote_counted,
    "leader_known": votes.leader_known,
    "transfer_changed": votes.transfer_changed,
    "lease_changed": votes.lease_changed,
    "log_appended": logs.log_appended,
    "log_truncated": logs.log_truncated,
    "index_changed": logs.index_changed,
    "applied": logs.applied,
    "persisted": logs.persisted,
    "snapshot_taken": logs.snapshot_taken,
    "snapshot_installed": logs.snapshot_installed,
    "configuration_changed": logs.configuration_changed,
    "learner_changed": logs.learner_changed,
    "client_request": clients.request,
    "client_reply": clients.reply,
    "client_timed_out": clients.timed_out,
    "client_gave_up": clients.gave_up,
    "checked": clients.checked,
    "crashed": _crashed,
    "restarted": _restarted,
    "paused": _paused,
    "resumed": _paused,
    "clock_changed": _clock_changed,
    "node_added": _node_added,
    "link_changed": _link_changed,
    "option_changed": _option_changed,
    "invariant_violated": _invariant_violated,
}
