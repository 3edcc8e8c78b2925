"""Laws of a single node's state: its term, vote, role and indexes (Fig. 2, State; Fig. 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from raftviz.checks.base import Expectation, Property, Violation
from raftviz.checks.history import History
from raftviz.checks.rule import Data, Rule, broken
from raftviz.sim.events import Event

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
ROLE_TRANSITIONS = Property(
    "Role transitions",
    Expectation.ALWAYS,
    "A follower becomes leader only by way of a candidate, and a leader becomes nothing but a follower.",
    "Raft Fig. 4; dissertation §9.6",
)

PROPERTIES: Sequence[Property] = (
    TERMS_NEVER_FALL,
    ONE_VOTE_A_TERM,
    COMMIT_WITHIN_LOG,
    ROLE_TRANSITIONS,
)

BECOMES: Mapping[str, Sequence[str]] = {
    "follower": ("precandidate", "candidate"),
    "precandidate": ("follower", "candidate"),
    "candidate": ("follower", "candidate", "precandidate", "leader"),
    "leader": ("follower",),
}
"""What each role may turn into. A candidate that times out under PreVote asks first, again."""


def terms_only_grow(history: History, event: Event, data: Data) -> Violation | None:
    """Terms never fall, when a term changes."""
    node = history.node(str(event.node))
    return _term_is_now(data["to"], node.term, history, event)


def terms_survive_crashes(history: History, event: Event, data: Data) -> Violation | None:
    """Terms never fall, when a node crashes or restarts: what its disk held or another server may
    have heard of must not be forgotten. A wiped disk is another matter.
    """
    if data.get("wiped"):
        return None
    node = history.node(str(event.node))
    path = ("nodes", event.node, "term")
    told = next((new for changed, _, new in event.changes if changed == path), None)
    term = node.durable.term if told is None else told
    return _term_is_now(term, node.shown_term, history, event)


def terms_on_disk_only_grow(history: History, event: Event, data: Data) -> Violation | None:
    """Terms never fall, when a disk is written to."""
    node = history.node(str(event.node))
    term = data["term"]
    if term >= node.durable.term:
        return None
    message = f"the term on the disk of {event.node} fell from {node.durable.term} to {term}"
    return broken(TERMS_NEVER_FALL, message, event, node.durable.seq)


def _term_is_now(term: int, least: int, history: History, event: Event) -> Violation | None:
    if term >= least:
        return None
    message = f"the term of {event.node} fell from {least} to {term}"
    return broken(TERMS_NEVER_FALL, message, event, history.node(str(event.node)).term_seq)


def one_vote_a_term(history: History, event: Event, data: Data) -> Violation | None:
    """One vote a term, when a vote is granted. One that a crash took before it was on the disk or
    told to anybody was none.
    """
    if not data["granted"]:
        return None
    term, candidate = data["term"], data["for"]
    first = history.votes.get((str(event.node), term))
    if first is None or first[0] == candidate:
        return None
    message = (
        f"{event.node} voted for {candidate} in term {term}, having voted for {first[0]} in it"
    )
    return broken(ONE_VOTE_A_TERM, message, event, first[1])


def commit_index_grows_within_log(history: History, event: Event, data: Data) -> Violation | None:
    """Hold commitIndex within the log, when it moves."""
    node = history.node(str(event.node))
    index = data["to"]
    if index < node.commit_index:
        message = f"the commitIndex of {event.node} fell from {node.commit_index} to {index}"
        return broken(COMMIT_WITHIN_LOG, message, event, node.commit_seq)
    if index > node.last_index:
        message = f"{event.node} moved commitIndex to {index}, but its log ends at index {node.last_index}"
        return broken(COMMIT_WITHIN_LOG, message, event, node.log_seq)
    return None


def own_committed_entries_stay(history: History, event: Event, data: Data) -> Violation | None:
    """Hold commitIndex within the log, when entries are removed or written over."""
    node = history.node(str(event.node))
    index = data["from"] if event.kind == "log_truncated" else data["index"]
    if index > min(node.commit_index, node.last_index):
        return None
    message = (
        f"{event.node} removed its entries from index {index} on, "
        f"having committed up to index {node.commit_index}"
    )
    return broken(COMMIT_WITHIN_LOG, message, event, node.commit_seq)


def applied_in_order(history: History, event: Event, data: Data) -> Violation | None:
    """Hold lastApplied within commitIndex, when an entry is applied."""
    node = history.node(str(event.node))
    index = data["index"]
    if index > node.commit_index:
        message = f"{event.node} applied the entry at index {index}, but its commitIndex is {node.commit_index}"
        return broken(COMMIT_WITHIN_LOG, message, event, node.commit_seq)
    if index != node.last_applied + 1:
        message = (
            f"{event.node} applied the entry at index {index} after the one at {node.last_applied}"
        )
        return broken(COMMIT_WITHIN_LOG, message, event, node.applied_seq)
    return None


def snapshots_cover_what_is_applied(history: History, event: Event, data: Data) -> Violation | None:
    """Hold the snapshot within lastApplied, when one is taken, and do not go back to an older state
    when one is installed (dissertation §5.1, Fig. 5.3).
    """
    if data.get("why") == "given":
        return None
    node = history.node(str(event.node))
    index = data["index"]
    if event.kind == "snapshot_taken" and index > node.last_applied:
        message = (
            f"{event.node} took a snapshot of the entries up to index {index}, "
            f"but has applied only those up to {node.last_applied}"
        )
        return broken(COMMIT_WITHIN_LOG, message, event, node.applied_seq)
    if event.kind == "snapshot_installed" and index < node.last_applied:
        message = (
            f"{event.node} went back to a snapshot of the entries up to index {index}, "
            f"having applied those up to {node.last_applied}"
        )
        return broken(COMMIT_WITHIN_LOG, message, event, node.applied_seq)
    return None


def roles_follow_figure_4(history: History, event: Event, data: Data) -> Violation | None:
    """Role transitions, when a role changes; nodes may start in any."""
    node = history.node(str(event.node))
    role = data["to"]
    if role in BECOMES[node.role] or data.get("why") == "given":
        return None
    message = f"{event.node} was {node.role} and became {role}"
    return broken(ROLE_TRANSITIONS, message, event, node.role_seq)


RULES: Mapping[str, Sequence[Rule]] = {
    "role_changed": (roles_follow_figure_4,),
    "term_changed": (terms_only_grow,),
    "voted": (one_vote_a_term,),
    "log_appended": (own_committed_entries_stay,),
    "log_truncated": (own_committed_entries_stay,),
    "commitIndex": (commit_index_grows_within_log,),
    "applied": (applied_in_order,),
    "snapshot_taken": (snapshots_cover_what_is_applied,),
    "snapshot_installed": (snapshots_cover_what_is_applied,),
    "persisted": (terms_on_disk_only_grow,),
    "crashed": (terms_survive_crashes,),
    "restarted": (terms_survive_crashes,),
}
"""Which rules judge which kind of event (safety.py)."""
