"""How events become history, once they have been judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from raftviz.checks.clients import says_result
from raftviz.checks.history import (
    Answered,
    Applied,
    Asked,
    Committed,
    Durable,
    Elected,
    Fact,
    History,
    NodeHistory,
)
from raftviz.checks.prefixes import Configuration, EntryKey
from raftviz.checks.rule import Data
from raftviz.sim.events import Event

Recorder = Callable[[History, Event, Data], None]


def _command(history: History, event: Event, data: Data) -> None:
    command = data["command"]
    if "inject" in command:
        history.injected = event.seq
    elif "nodes" in command.get("start", ()):
        history.start_with(command["start"]["nodes"])


# A node's state.


def _role_changed(history: History, event: Event, data: Data) -> None:
    node_id = str(event.node)
    node = history.node(node_id)
    node.role, node.role_seq = data["to"], event.seq
    if node.leads:
        node.told = {}
        term = data["term"]
        stood = Elected(event.seq, node_id, node.last_prefix, node.last_index)
        history.elected.setdefault(term, stood)
        history.latest_term = max(history.latest_term, term)
    else:
        node.lease_seq = 0


def _term_changed(history: History, event: Event, data: Data) -> None:
    node = history.node(str(event.node))
    node.term, node.term_seq = data["to"], event.seq


def _voted(history: History, event: Event, data: Data) -> None:
    if data["granted"]:
        node_id, term = str(event.node), data["term"]
        if (node_id, term) not in history.votes:
            history.votes[node_id, term] = (data["for"], event.seq)
            history.node(node_id).unsaved.append(term)


# Logs.


def _log_appended(history: History, event: Event, data: Data) -> None:
    entry = data["entry"]
    index = entry["index"]
    node = history.node(str(event.node))
    prefix = history.prefix_with(node, entry, event.seq)
    first = history.stored.setdefault(
        (index, entry["term"]), Fact(event.seq, str(event.node), prefix)
    )
    if first.prefix != prefix:
        history.strange[prefix] = None
    if index <= node.last_index:
        node.truncate(index - 1, event.seq)
    node.prefixes.append(prefix)
    node.appended.append(event.seq)
    node.log_seq = event.seq


def _log_truncated(history: History, event: Event, data: Data) -> None:
    history.node(str(event.node)).truncate(data["from"] - 1, event.seq)


def _snapshot_taken(history: History, event: Event, data: Data) -> None:
    node, index = history.node(str(event.node)), data["index"]
    if node.base < index <= node.last_index:
        node.rest_on(index, history.prefix(node, index), event.seq)
    elif index > node.last_index:
        _start_from_snapshot(history, event, data)


def _snapshot_installed(history: History, event: Event, data: Data) -> None:
    node = history.node(str(event.node))
    kept = data["kept"]
    after = max(data["index"] - node.base, 0)
    prefixes, appended = node.prefixes[after : after + kept], node.appended[after : after + kept]
    _start_from_snapshot(history, event, data)
    node.prefixes, node.appended = prefixes, appended


def _start_from_snapshot(history: History, event: Event, data: Data) -> None:
    """The node's log is a snapshot, and the state machine what that says."""
    node_id, index, term = str(event.node), data["index"], data["term"]
    node = history.node(node_id)
    prefix = history.snapshot_prefix(index, term)
    node.base, node.base_prefix, node.base_seq = index, prefix, event.seq
    node.prefixes, node.appended = [], []
    node.log_seq, node.safe = event.seq, 0
    node.commit_index, node.commit_seq = max(node.commit_index, index), event.seq
    node.last_applied, node.applied_seq = index, event.seq
    node.diverged = False
    history.stored.setdefault((index, term), Fact(event.seq, node_id, prefix))
    if index > history.last_committed:
        history.committed[index] = Committed(event.seq, node_id, prefix, term)
        history.last_committed = index


def _configuration_changed(history: History, event: Event, data: Data) -> None:
    """Only where no entry of the log says who the members are, this event alone does."""
    node = history.node(str(event.node))
    if history.prefixes.configuration(node.last_prefix) is None:
        members, old = tuple(data["members"]), tuple(data["old"])
        node.initial = Configuration(0, members, old, event.seq)


# What is committed, and applied.


def _commit_index_changed(history: History, event: Event, data: Data) -> None:
    node_id = str(event.node)
    node = history.node(node_id)
    node.commit_index, node.commit_seq = data["to"], event.seq
    last = min(node.commit_index, node.last_index)
    first = max(history.last_committed, node.base) + 1
    for index in range(first, last + 1):
        prefix = history.prefix(node, index)
        history.committed[index] = Committed(event.seq, node_id, prefix, node.term)
    history.last_committed = max(history.last_committed, last)
    if data.get("why") == "given":
        for index in range(node.base + 1, last + 1):
            _apply_given(history, event, node, index)


def _apply_given(history: History, event: Event, node: NodeHistory, index: int) -> None:
    prefix = history.prefix(node, index)
    if prefix in history.prefixes.sealed:
        node.last_applied, node.applied_seq = index, event.seq
    else:
        _apply(history, event, index, history.prefixes.key(prefix))


def _applied(history: History, event: Event, data: Data) -> None:
    entry = data["entry"]
    _apply(history, event, data["index"], history.key_of(entry))
    client = entry.get("client")
    history.node(str(event.node)).applied_in_session = client is not None
    if client is not None and not data.get("duplicate"):
        history.executed.setdefault((client, entry["serial"]), (data["index"], event.seq))


def _apply(history: History, event: Event, index: int, key: EntryKey) -> None:
    node = history.node(str(event.node))
    node.last_applied, node.applied_seq = index, event.seq
    first = history.applied.setdefault(index, Applied(event.seq, str(event.node), key))
    node.diverged = first.key != key


# Disks and crashes.


def _persisted(history: History, event: Event, data: Data) -> None:
    node_id = str(event.node)
    node = history.node(node_id)
    term, voted_for = data["term"], data["votedFor"]
    last, last_term = data["lastIndex"], data["lastTerm"]
    if node.base <= last <= node.last_index:
        prefix, safe = history.prefix(node, last), last
    else:
        prefix, safe = history.snapshot_prefix(last, last_term), 0
    if last and history.prefixes.term(prefix) != last_term:  # not what is in memory, then
        prefix, safe = history.snapshot_prefix(last, last_term), 0
    node.durable = Durable(event.seq, term, voted_for, last, prefix, data["snapshotIndex"])
    node.safe = safe
    node.shown_term = max(node.shown_term, term)
    if node.unsaved:
        node.unsaved = [
            vote
            for vote in node.unsaved
            if vote > term or (vote == term and history.votes[node_id, vote][0] != voted_for)
        ]


def _crashed(history: History, event: Event, data: Data) -> None:
    node_id = str(event.node)
    node = history.node(node_id)
    if data.get("wiped"):
        node.durable, node.safe, node.shown_term = Durable(event.seq), -1, 0
        node.initial = history.initial
    if event.kind == "crashed":
        node.stands_still = 0
    path = ("nodes", node_id, "term")
    told = next((new for changed, _, new in event.changes if changed == path), None)
    term = node.durable.term if told is None else told
    if term != node.term:
        node.term, node.term_seq = term, event.seq
    history.recover(node_id, event.seq)


def _paused(history: History, event: Event, data: Data) -> None:
    history.node(str(event.node)).stands_still += 1


def _resumed(history: History, event: Event, data: Data) -> None:
    node = history.node(str(event.node))
    node.stands_still = max(node.stands_still - 1, 0)
    node.stood_until = event.time


def _lease_changed(history: History, event: Event, data: Data) -> None:
    history.node(str(event.node)).lease_seq = event.seq if data["held"] else 0


# Clients.


def _client_request(history: History, event: Event, data: Data) -> None:
    client, serial, request = data["client"], data["serial"], data["request"]
    if request["op"] != "read":
        return
    before = history.asked.get(client)
    if before is None or before.serial != serial:
        asked = Asked(serial, event.seq, history.last_committed, request.get("mode"))
        history.asked[client] = asked


def _client_reply(history: History, event: Event, data: Data) -> None:
    command = (data["client"], data["serial"])
    if command in history.executed and says_result(history, event, data):
        answer = Answered(event.seq, data["outcome"], data["value"])
        history.answers.setdefault(command, answer)


def message_sent(node: NodeHistory, message: Any) -> None:
    """Take in what a message tells others: its sender's term, and perhaps its vote."""
    node.shown_term = max(node.shown_term, message.term)
    votes = message.TYPE == "RequestVote" and (not message.REPLY or message.vote_granted)
    if votes and message.term in node.unsaved:
        node.unsaved.remove(message.term)


RECORDERS: Mapping[str, Recorder] = {
    "command": _command,
    "role_changed": _role_changed,
    "term_changed": _term_changed,
    "voted": _voted,
    "log_appended": _log_appended,
    "log_truncated": _log_truncated,
    "snapshot_taken": _snapshot_taken,
    "snapshot_installed": _snapshot_installed,
    "configuration_changed": _configuration_changed,
    "commitIndex": _commit_index_changed,
    "applied": _applied,
    "persisted": _persisted,
    "crashed": _crashed,
    "restarted": _crashed,
    "paused": _paused,
    "resumed": _resumed,
    "lease_changed": _lease_changed,
    "client_request": _client_request,
    "client_reply": _client_reply,
}
"""How each kind of event becomes history; `index_changed` stands under what changed. Events of other
kinds leave no trace."""
