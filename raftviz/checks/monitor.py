"""Judges a run event by event: first what the rules say of the event, then it becomes history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from raftviz.checks.base import Violation
from raftviz.checks.history import (
    Applied,
    Committed,
    Elected,
    EntryKey,
    Fact,
    History,
    NodeHistory,
)
from raftviz.checks.safety import RULES, Data, Rule
from raftviz.sim.events import Event

Recorder = Callable[[History, Event, Data], None]


def _role_changed(history: History, event: Event, data: Data) -> None:
    node_id = str(event.node)
    node = history.node(node_id)
    node.leads = data["to"] == "leader"
    node.role_seq = event.seq
    if node.leads:
        term = data["term"]
        stood = Elected(event.seq, node_id, node.prefix(node.last_index), node.last_index)
        history.elected.setdefault(term, stood)
        history.latest_term = max(history.latest_term, term)


def _term_changed(history: History, event: Event, data: Data) -> None:
    node = history.node(str(event.node))
    node.term, node.term_seq = data["to"], event.seq


def _voted(history: History, event: Event, data: Data) -> None:
    if data["granted"]:
        vote = (data["for"], event.seq)
        history.votes.setdefault((str(event.node), data["term"]), vote)


def _log_appended(history: History, event: Event, data: Data) -> None:
    entry = data["entry"]
    index = entry["index"]
    node = history.node(str(event.node))
    prefix = history.prefix_with(node, entry)
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


def _index_changed(history: History, event: Event, data: Data) -> None:
    if data["what"] != "commitIndex":
        return
    node_id = str(event.node)
    node = history.node(node_id)
    node.commit_index, node.commit_seq = data["to"], event.seq
    for index in range(len(history.committed) + 1, min(node.commit_index, node.last_index) + 1):
        history.committed.append(Committed(event.seq, node_id, node.prefix(index), node.term))
    if data.get("why") == "given":
        for index in range(1, min(node.commit_index, node.last_index) + 1):
            _apply(history, event, index, history.prefixes.last_key(node.prefix(index)))


def _applied(history: History, event: Event, data: Data) -> None:
    _apply(history, event, data["index"], history.key_of(data["entry"]))


def _apply(history: History, event: Event, index: int, key: EntryKey) -> None:
    node = history.node(str(event.node))
    node.last_applied, node.applied_seq = index, event.seq
    if index <= len(history.applied):
        node.diverged = history.applied[index - 1].key != key
    elif index == len(history.applied) + 1:
        history.applied.append(Applied(event.seq, str(event.node), key))


def _crashed(history: History, event: Event, data: Data) -> None:
    node = history.node(str(event.node))
    _follow_disk(node, event)
    node.lose_volatile(event.seq)


def _follow_disk(node: NodeHistory, event: Event) -> None:
    """Take in what a crash did to the log and the term: nothing, unless the disk was at fault."""
    for path, _, new in event.changes:
        if path[:1] != ("nodes",) or path[1] != event.node:
            continue
        if path[2:] == ("log",):
            node.truncate(len(new), event.seq)
        elif path[2:3] == ("log",) and new is None:
            node.truncate(int(path[3]), event.seq)
        elif path[2:] == ("term",):
            node.term, node.term_seq = new, event.seq


RECORDERS: Mapping[str, Recorder] = {
    "role_changed": _role_changed,
    "term_changed": _term_changed,
    "voted": _voted,
    "log_appended": _log_appended,
    "log_truncated": _log_truncated,
    "index_changed": _index_changed,
    "applied": _applied,
    "crashed": _crashed,
    "restarted": _crashed,
}
"""How each kind of event becomes history. Events of other kinds leave no trace."""

_UNJUDGED = frozenset({"nextIndex", "matchIndex"})
"""What a leader believes of its followers: the bulk of all events, and not yet part of any rule."""

_STEPS: Mapping[str, tuple[Sequence[Rule], Recorder]] = {
    kind: (RULES.get(kind, ()), recorder) for kind, recorder in RECORDERS.items()
}


class Monitor:
    """Checks one run. Feed it every event in order; it answers with what the event broke.

    The cost of an event does not depend on the length of the run, and an event that cannot break
    anything costs one look-up.
    """

    __slots__ = ("_history",)

    def __init__(self, node_ids: Iterable[str]) -> None:
        self._history = History(node_ids)

    def observe(self, event: Event) -> Sequence[Violation]:
        """Judge the next event; usually the answer is empty.

        Raises ValueError for an event that no run can hold, such as an entry after a gap.
        """
        step = _STEPS.get(event.kind)
        if step is None:
            return ()
        data = event.data
        if data.get("what") in _UNJUDGED:
            return ()
        rules, record = step
        broken = [
            found for rule in rules if (found := rule(self._history, event, data)) is not None
        ]
        record(self._history, event, data)
        return broken

    def copy(self) -> Monitor:
        """An independent monitor that has seen the same events."""
        twin = Monitor(())
        twin._history = self._history.copy()
        return twin
