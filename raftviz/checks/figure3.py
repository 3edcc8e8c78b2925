"""The five properties of Figure 3, and what follows from them for entries that are committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from raftviz.checks.base import Expectation, Property, Violation
from raftviz.checks.history import History
from raftviz.checks.rule import Data, Rule, broken
from raftviz.sim.events import Event

ELECTION_SAFETY = Property(
    "Election Safety",
    Expectation.ALWAYS,
    "At most one leader can be elected in a given term.",
    "Raft Fig. 3, §5.2",
)
LEADER_APPEND_ONLY = Property(
    "Leader Append-Only",
    Expectation.ALWAYS,
    "A leader never overwrites or deletes entries in its log; it only appends new entries.",
    "Raft Fig. 3, §5.3",
)
LOG_MATCHING = Property(
    "Log Matching",
    Expectation.ALWAYS,
    "If two logs contain an entry with the same index and term, then the logs are identical in all "
    "entries up through that index.",
    "Raft Fig. 3, §5.3",
)
LEADER_COMPLETENESS = Property(
    "Leader Completeness",
    Expectation.ALWAYS,
    "If an entry is committed in a given term, it is in the logs of the leaders of all higher terms.",
    "Raft Fig. 3, §5.4",
)
STATE_MACHINE_SAFETY = Property(
    "State Machine Safety",
    Expectation.ALWAYS,
    "If a server has applied an entry at an index, no other server will ever apply a different entry "
    "for that index.",
    "Raft Fig. 3, §5.4.3",
)
COMMITTED_ENTRIES_STAY = Property(
    "Committed entries stay",
    Expectation.ALWAYS,
    "A server never removes an entry that is committed anywhere from its log, whether it knows that "
    "or not.",
    "Raft §5.3, §5.4; dissertation §3.6",
)

PROPERTIES: Sequence[Property] = (
    ELECTION_SAFETY,
    LEADER_APPEND_ONLY,
    LOG_MATCHING,
    LEADER_COMPLETENESS,
    STATE_MACHINE_SAFETY,
    COMMITTED_ENTRIES_STAY,
)


def one_leader_a_term(history: History, event: Event, data: Data) -> Violation | None:
    """Election Safety, when a node becomes leader."""
    term = data["term"]
    first = history.elected.get(term)
    if data["to"] != "leader" or first is None or first.node == event.node:
        return None
    message = f"{event.node} became leader of term {term}, which {first.node} already led"
    return broken(ELECTION_SAFETY, message, event, first.seq)


def leader_has_what_is_committed(history: History, event: Event, data: Data) -> Violation | None:
    """Leader Completeness, when a node becomes leader: it has what earlier terms committed."""
    if data["to"] != "leader" or data.get("why") == "given":
        return None
    term = data["term"]
    last = history.last_committed
    while (known := history.committed.get(last)) is not None and known.term >= term:
        last -= 1
    leader = history.node(str(event.node))
    if known is None or (leader.last_index >= last and history.agrees(leader, last)):
        return None
    index = history.agreement(leader, last) + 1
    lacking = history.committed.get(index, known)
    message = (
        f"{event.node} leads term {term} without the entry at index {index} "
        f"that {lacking.node} knew to be committed in term {lacking.term}"
    )
    return broken(LEADER_COMPLETENESS, message, event, lacking.seq)


def later_leaders_have_what_is_committed(
    history: History, event: Event, data: Data
) -> Violation | None:
    """Leader Completeness, when an entry is committed: leaders of later terms had it at their election."""
    if data.get("why") == "given":
        return None
    node = history.node(str(event.node))
    index = min(data["to"], node.last_index)
    if index <= history.last_committed:
        return None
    prefix = history.prefix(node, index)
    for term in range(node.term + 1, history.latest_term + 1):
        leader = history.elected.get(term)
        if leader is None:
            continue
        if leader.last_index < index or history.prefixes.at(leader.prefix, index) != prefix:
            message = (
                f"{event.node} took the entry at index {index} for committed in term {node.term}, "
                f"but {leader.node} was elected leader of term {term} without it"
            )
            return broken(LEADER_COMPLETENESS, message, event, leader.seq)
    return None


def _first_removed(event: Event, data: Data) -> int:
    return data["from"] if event.kind == "log_truncated" else data["index"]  # type: ignore[no-any-return]


def leader_only_appends(history: History, event: Event, data: Data) -> Violation | None:
    """Leader Append-Only, when entries are removed or written over.

    A snapshot takes nothing away: what it covers is still part of the log (dissertation §5.1).
    """
    node = history.node(str(event.node))
    index = _first_removed(event, data)
    if not node.leads or index > node.last_index or data.get("why") == "given":
        return None
    message = (
        f"{event.node} leads term {node.term} and yet removed its entries from index {index} on"
    )
    return broken(LEADER_APPEND_ONLY, message, event, node.role_seq)


def logs_match(history: History, event: Event, data: Data) -> Violation | None:
    """Log Matching, when an entry is appended: against every log that ever was."""
    entry = data["entry"]
    first = history.stored.get((entry["index"], entry["term"]))
    if first is None:
        return None
    node = history.node(str(event.node))
    prefix = history.prefix_with(node, entry, event.seq)
    if prefix == first.prefix or prefix in history.strange:
        return None
    if history.prefix(node, entry["index"] - 1) in history.strange:
        return None
    whose = "an earlier log of it" if first.node == event.node else f"the log of {first.node}"
    message = (
        f"the log of {event.node} and {whose} have an entry of term {entry['term']} at index "
        f"{entry['index']}, but differ up to there"
    )
    return broken(LOG_MATCHING, message, event, first.seq)


def state_machines_agree(history: History, event: Event, data: Data) -> Violation | None:
    """State Machine Safety, when an entry is applied."""
    index = data["index"]
    first = history.applied.get(index)
    if first is None or history.node(str(event.node)).diverged:
        return None
    if first.key == history.key_of(data["entry"]):
        return None
    before = "itself had before" if first.node == event.node else f"{first.node} did"
    message = f"{event.node} applied another entry at index {index} than {before}"
    return broken(STATE_MACHINE_SAFETY, message, event, first.seq)


def given_state_machines_agree(history: History, event: Event, data: Data) -> Violation | None:
    """State Machine Safety, where a lesson says what nodes have committed, and thus applied."""
    if data.get("why") != "given":
        return None
    node = history.node(str(event.node))
    last = min(data["to"], history.last_committed, node.last_index)
    if last == 0 or history.agrees(node, last):
        return None
    index = history.agreement(node, last) + 1
    first = history.committed.get(index, history.committed[last])
    message = f"{event.node} starts with another committed entry at index {index} than {first.node}"
    return broken(STATE_MACHINE_SAFETY, message, event, first.seq)


def snapshot_is_of_what_is_committed(
    history: History, event: Event, data: Data
) -> Violation | None:
    """State Machine Safety, when a snapshot stands for a state machine: it must come of committed
    entries. Of one that is given at the start nothing is known but its last entry.
    """
    index, term = data["index"], data["term"]
    given = data.get("why") == "given"
    if event.kind == "snapshot_taken" and not given:
        return None
    committed = history.committed.get(index)
    name = f"{event.node} {'starts with' if given else 'took over'} a snapshot"
    if committed is not None:
        there = history.prefixes.term(committed.prefix)
        if there == term:
            return None
        message = (
            f"{name} that ends with an entry of term {term} at index {index}, "
            f"but {committed.node} knew one of term {there} to be committed there"
        )
        return broken(STATE_MACHINE_SAFETY, message, event, committed.seq)
    if given or index < history.last_committed:
        return None
    latest = history.committed.get(history.last_committed)
    message = (
        f"{name} of the entries up to index {index}, "
        f"but no server knew more to be committed than those up to {history.last_committed}"
    )
    return broken(STATE_MACHINE_SAFETY, message, event, latest.seq if latest else 1)


def committed_entries_stay(history: History, event: Event, data: Data) -> Violation | None:
    """Committed entries stay, when entries are removed or written over, or discarded together with
    the beginning of the log for a snapshot.

    What a server itself knew to be committed is told of under commitIndex; what a crash takes from
    a log was on no disk, and what a wiped disk takes is outside of what Raft tolerates.
    """
    node = history.node(str(event.node))
    if event.kind == "snapshot_installed":
        index = max(data["index"], node.base) + data["kept"] + 1
    else:
        index = _first_removed(event, data)
    if not node.commit_index < index <= node.last_index:
        return None
    committed = history.committed.get(index)
    if committed is None or history.prefix(node, index) != committed.prefix:
        return None
    message = (
        f"{event.node} removed its entry at index {index}, "
        f"which {committed.node} knew to be committed in term {committed.term}"
    )
    return broken(COMMITTED_ENTRIES_STAY, message, event, committed.seq)


RULES: Mapping[str, Sequence[Rule]] = {
    "role_changed": (one_leader_a_term, leader_has_what_is_committed),
    "log_appended": (leader_only_appends, logs_match, committed_entries_stay),
    "log_truncated": (leader_only_appends, committed_entries_stay),
    "snapshot_taken": (snapshot_is_of_what_is_committed,),
    "snapshot_installed": (snapshot_is_of_what_is_committed, committed_entries_stay),
    "commitIndex": (later_leaders_have_what_is_committed, given_state_machines_agree),
    "applied": (state_machines_agree,),
}
"""Which rules judge which kind of event (safety.py)."""
