"""The promises of Raft that must hold at every moment, each judged by the event that could break it.

A rule looks at an event and at what happened before it, and changes nothing. The five of Figure 3
come first, then laws of a single node's state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from raftviz.checks.base import Expectation, Property, Violation
from raftviz.checks.history import History
from raftviz.sim.events import Event

Data = Mapping[str, Any]
Rule = Callable[[History, Event, Data], Violation | None]
"""Takes what happened before, the event, and its data; tells what the event broke."""

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
TERMS_NEVER_FALL = Property(
    "Terms never fall",
    Expectation.ALWAYS,
    "A server's current term only grows, across crashes too.",
    "Raft Fig. 2, State; §5.1",
)
ONE_VOTE_A_TERM = Property(
    "One vote a term",
    Expectation.ALWAYS,
    "A server votes for at most one candidate in a term, across crashes too.",
    "Raft §5.2; Fig. 2, State",
)
COMMIT_WITHIN_LOG = Property(
    "commitIndex within the log",
    Expectation.ALWAYS,
    "lastApplied ≤ commitIndex ≤ the index of the last entry, and neither falls but by a restart.",
    "Raft Fig. 2, State",
)

PROPERTIES: Sequence[Property] = (
    ELECTION_SAFETY,
    LEADER_APPEND_ONLY,
    LOG_MATCHING,
    LEADER_COMPLETENESS,
    STATE_MACHINE_SAFETY,
    TERMS_NEVER_FALL,
    ONE_VOTE_A_TERM,
    COMMIT_WITHIN_LOG,
)


def _broken(promise: Property, message: str, event: Event, earlier: int) -> Violation:
    return Violation(promise.name, message, event.node, (earlier, event.seq))


def one_leader_a_term(history: History, event: Event, data: Data) -> Violation | None:
    """Election Safety, when a node becomes leader."""
    term = data["term"]
    first = history.elected.get(term)
    if data["to"] != "leader" or first is None or first.node == event.node:
        return None
    message = f"{event.node} became leader of term {term}, which {first.node} already led"
    return _broken(ELECTION_SAFETY, message, event, first.seq)


def leader_has_what_is_committed(history: History, event: Event, data: Data) -> Violation | None:
    """Leader Completeness, when a node becomes leader: it has what earlier terms committed."""
    if data["to"] != "leader" or data.get("why") == "given":
        return None
    term = data["term"]
    length = len(history.committed)
    while length and history.committed[length - 1].term >= term:
        length -= 1
    leader = history.node(str(event.node))
    if (
        not length
        or leader.prefix(min(length, leader.last_index)) == history.committed[length - 1].prefix
    ):
        return None
    index = history.agreement(leader, length) + 1
    lacking = history.committed[index - 1]
    message = (
        f"{event.node} leads term {term} without the entry at index {index} "
        f"that {lacking.node} knew to be committed in term {lacking.term}"
    )
    return _broken(LEADER_COMPLETENESS, message, event, lacking.seq)


def later_leaders_have_what_is_committed(
    history: History, event: Event, data: Data
) -> Violation | None:
    """Leader Completeness, when an entry is committed: leaders of later terms had it at their election."""
    if data["what"] != "commitIndex" or data.get("why") == "given":
        return None
    node = history.node(str(event.node))
    index = min(data["to"], node.last_index)
    if index <= len(history.committed) or node.term >= history.latest_term:
        return None
    for term, leader in history.elected.items():
        if term <= node.term:
            continue
        above = leader.length - index
        if above < 0 or history.prefixes.shorten(leader.prefix, above) != node.prefix(index):
            message = (
                f"{event.node} took the entry at index {index} for committed in term {node.term}, "
                f"but {leader.node} was elected leader of term {term} without it"
            )
            return _broken(LEADER_COMPLETENESS, message, event, leader.seq)
    return None


def leader_only_appends(history: History, event: Event, data: Data) -> Violation | None:
    """Leader Append-Only, when entries are removed or written over."""
    node = history.node(str(event.node))
    index = data["from"] if event.kind == "log_truncated" else data["index"]
    if not node.leads or index > node.last_index or data.get("why") == "given":
        return None
    message = (
        f"{event.node} leads term {node.term} and yet removed its entries from index {index} on"
    )
    return _broken(LEADER_APPEND_ONLY, message, event, node.role_seq)


def logs_match(history: History, event: Event, data: Data) -> Violation | None:
    """Log Matching, when an entry is appended: against every log that ever was."""
    entry = data["entry"]
    first = history.stored.get((entry["index"], entry["term"]))
    if first is None:
        return None
    node = history.node(str(event.node))
    prefix = history.prefix_with(node, entry)
    if prefix == first.prefix or prefix in history.strange:
        return None
    if node.prefix(entry["index"] - 1) in history.strange:
        return None
    whose = "an earlier log of it" if first.node == event.node else f"the log of {first.node}"
    message = (
        f"the log of {event.node} and {whose} have an entry of term {entry['term']} at index "
        f"{entry['index']}, but differ up to there"
    )
    return _broken(LOG_MATCHING, message, event, first.seq)


def state_machines_agree(history: History, event: Event, data: Data) -> Violation | None:
    """State Machine Safety, when an entry is applied."""
    index = data["index"]
    if index > len(history.applied) or history.node(str(event.node)).diverged:
        return None
    first = history.applied[index - 1]
    if first.key == history.key_of(data["entry"]):
        return None
    before = "itself had before" if first.node == event.node else f"{first.node} did"
    message = f"{event.node} applied another entry at index {index} than {before}"
    return _broken(STATE_MACHINE_SAFETY, message, event, first.seq)


def given_state_machines_agree(history: History, event: Event, data: Data) -> Violation | None:
    """State Machine Safety, where a lesson says what nodes have committed, and thus applied."""
    if data["what"] != "commitIndex" or data.get("why") != "given":
        return None
    node = history.node(str(event.node))
    length = min(data["to"], len(history.committed), node.last_index)
    index = history.agreement(node, length) + 1
    if index > length:
        return None
    first = history.committed[index - 1]
    message = f"{event.node} starts with another committed entry at index {index} than {first.node}"
    return _broken(STATE_MACHINE_SAFETY, message, event, first.seq)


def terms_only_grow(history: History, event: Event, data: Data) -> Violation | None:
    """Terms never fall, when a term changes."""
    return _term_is_now(data["to"], history, event)


def terms_survive_crashes(history: History, event: Event, data: Data) -> Violation | None:
    """Terms never fall, when a node crashes or restarts; a wiped disk is another matter."""
    if data.get("wiped"):
        return None
    path = ("nodes", event.node, "term")
    term = next((new for changed, _, new in event.changes if changed == path), None)
    return None if term is None else _term_is_now(term, history, event)


def _term_is_now(term: int, history: History, event: Event) -> Violation | None:
    node = history.node(str(event.node))
    if term >= node.term:
        return None
    message = f"the term of {event.node} fell from {node.term} to {term}"
    return _broken(TERMS_NEVER_FALL, message, event, node.term_seq)


def one_vote_a_term(history: History, event: Event, data: Data) -> Violation | None:
    """One vote a term, when a vote is granted."""
    if not data["granted"]:
        return None
    term, candidate = data["term"], data["for"]
    first = history.votes.get((str(event.node), term))
    if first is None or first[0] == candidate:
        return None
    message = (
        f"{event.node} voted for {candidate} in term {term}, having voted for {first[0]} in it"
    )
    return _broken(ONE_VOTE_A_TERM, message, event, first[1])


def commit_index_grows_within_log(history: History, event: Event, data: Data) -> Violation | None:
    """Hold commitIndex within the log, when it moves."""
    if data["what"] != "commitIndex":
        return None
    node = history.node(str(event.node))
    index = data["to"]
    if index < node.commit_index:
        message = f"the commitIndex of {event.node} fell from {node.commit_index} to {index}"
        return _broken(COMMIT_WITHIN_LOG, message, event, node.commit_seq)
    if index > node.last_index:
        message = f"{event.node} moved commitIndex to {index}, but its log ends at index {node.last_index}"
        return _broken(COMMIT_WITHIN_LOG, message, event, node.log_seq)
    return None


def committed_entries_stay(history: History, event: Event, data: Data) -> Violation | None:
    """Hold commitIndex within the log, when entries are removed or written over."""
    node = history.node(str(event.node))
    index = data["from"] if event.kind == "log_truncated" else data["index"]
    if index > min(node.commit_index, node.last_index):
        return None
    message = (
        f"{event.node} removed its entries from index {index} on, "
        f"having committed up to index {node.commit_index}"
    )
    return _broken(COMMIT_WITHIN_LOG, message, event, node.commit_seq)


def applied_in_order(history: History, event: Event, data: Data) -> Violation | None:
    """Hold lastApplied within commitIndex, when an entry is applied."""
    node = history.node(str(event.node))
    index = data["index"]
    if index > node.commit_index:
        message = f"{event.node} applied the entry at index {index}, but its commitIndex is {node.commit_index}"
        return _broken(COMMIT_WITHIN_LOG, message, event, node.commit_seq)
    if index != node.last_applied + 1:
        message = (
            f"{event.node} applied the entry at index {index} after the one at {node.last_applied}"
        )
        return _broken(COMMIT_WITHIN_LOG, message, event, node.applied_seq)
    return None


RULES: Mapping[str, Sequence[Rule]] = {
    "role_changed": (one_leader_a_term, leader_has_what_is_committed),
    "term_changed": (terms_only_grow,),
    "voted": (one_vote_a_term,),
    "log_appended": (leader_only_appends, logs_match, committed_entries_stay),
    "log_truncated": (leader_only_appends, committed_entries_stay),
    "index_changed": (
        later_leaders_have_what_is_committed,
        given_state_machines_agree,
        commit_index_grows_within_log,
    ),
    "applied": (state_machines_agree, applied_in_order),
    "crashed": (terms_survive_crashes,),
    "restarted": (terms_survive_crashes,),
}
"""Which rules judge which kind of event, in the order in which they speak."""
