"""Goals: what runs should come to, sometimes. Checks that never see an election prove nothing.

A goal is looked for until it is reached once, and costs nothing from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from raftviz.checks.base import Expectation, Property
from raftviz.checks.history import History
from raftviz.checks.rule import Data
from raftviz.sim.events import Event

Reaches = Callable[[History, Event, Data], bool]
"""Takes what happened before, the event, and its data: whether this is it."""


def _any(history: History, event: Event, data: Data) -> bool:
    return True


def _says(**wanted: object) -> Reaches:
    """Whether the event's data say all that is wanted."""

    def says(history: History, event: Event, data: Data) -> bool:
        return all(data.get(name) == value for name, value in wanted.items())

    return says


def _leader(why: str) -> Reaches:
    """Whether a leader changes its role for this reason."""

    def steps_down(history: History, event: Event, data: Data) -> bool:
        return history.node(str(event.node)).leads and bool(data.get("why") == why)

    return steps_down


def _given_not(history: History, event: Event, data: Data) -> bool:
    return bool(data.get("why") != "given")


def _elected(history: History, event: Event, data: Data) -> bool:
    return bool(data["to"] == "leader" and data.get("why") != "given")


def _two_lead(history: History, event: Event, data: Data) -> bool:
    return data["to"] == "leader" and any(
        node.leads and node_id != event.node for node_id, node in history.nodes.items()
    )


def _campaigns_again(history: History, event: Event, data: Data) -> bool:
    """A new candidacy changes the role before the term; only one that goes on begins with the term."""
    node = history.node(str(event.node))
    goes_on = node.role == "candidate" and node.role_seq < node.term_seq
    return goes_on and bool(data.get("why") == "election")


def _committed_with_older(history: History, event: Event, data: Data) -> bool:
    node = history.node(str(event.node))
    below = node.commit_index + 1
    if data.get("why") != "majority" or data["to"] > node.last_index:
        return False
    return history.prefixes.term(history.prefix(node, below)) < node.term


def _kept_suffix(history: History, event: Event, data: Data) -> bool:
    return bool(data["kept"] > 0)


def _joint(history: History, event: Event, data: Data) -> bool:
    return bool(data["old"])


_GOALS: Sequence[tuple[str, Reaches, str, str, str]] = (
    ("role_changed", _elected, "A leader", "A server is elected.", "§5.2"),
    (
        "role_changed",
        _two_lead,
        "Two leaders at once",
        "A server is elected while another one still leads an older term.",
        "§5.2, §8",
    ),
    (
        "role_changed",
        _leader("higher_term"),
        "A leader is deposed",
        "A leader hears of a higher term.",
        "§5.1",
    ),
    (
        "role_changed",
        _leader("check_quorum"),
        "A leader gives up",
        "A leader that no majority answers steps down.",
        "dissertation §6.2",
    ),
    (
        "role_changed",
        _leader("removed"),
        "A leader is removed",
        "A leader that is no member any more steps down.",
        "dissertation §4.2.2",
    ),
    (
        "role_changed",
        _says(to="candidate", why="timeout_now"),
        "Leadership is handed over",
        "A server campaigns because the leader told it to.",
        "dissertation §3.10",
    ),
    (
        "term_changed",
        _campaigns_again,
        "An election without a winner",
        "A candidate times out and campaigns again.",
        "§5.2",
    ),
    (
        "voted",
        _says(granted=False),
        "A vote is refused",
        "A server refuses its vote.",
        "§5.2, §5.4.1",
    ),
    ("commitIndex", _says(why="majority"), "A commit", "A leader commits an entry.", "§5.3"),
    (
        "commitIndex",
        _committed_with_older,
        "An older entry is committed",
        "An entry of an earlier term is committed together with one of the leader's own.",
        "§5.4.2",
    ),
    ("nextIndex", _says(why="refused"), "nextIndex backs up", "A consistency check fails.", "§5.3"),
    ("log_truncated", _any, "An entry is truncated", "A follower removes an entry.", "§5.3"),
    ("restarted", _any, "A server restarts", "A crashed server comes back.", "§5.5"),
    ("snapshot_taken", _given_not, "A snapshot is taken", "A server compacts its log.", "§7"),
    ("snapshot_installed", _any, "A snapshot is installed", "A follower takes one over.", "§7"),
    (
        "snapshot_installed",
        _kept_suffix,
        "Entries outlast a snapshot",
        "A follower takes a snapshot over and keeps what its log holds after it.",
        "§7",
    ),
    (
        "configuration_changed",
        _says(why="appended"),
        "A configuration changes",
        "Other members are in force.",
        "§6; dissertation §4.1",
    ),
    (
        "configuration_changed",
        _joint,
        "Two configurations are joint",
        "Decisions need two majorities.",
        "§6; dissertation §4.3",
    ),
    (
        "configuration_changed",
        _says(why="truncated"),
        "A configuration is rolled back",
        "A change of members is truncated from a log.",
        "§6; dissertation §4.1",
    ),
    (
        "client_reply",
        _says(outcome="ok", index=None),
        "A write is answered",
        "A command has its answer.",
        "§8",
    ),
    (
        "client_reply",
        _says(outcome="ok", why="read_index"),
        "A read is answered",
        "A leader has made sure that it leads, and answers.",
        "§8; dissertation §6.4",
    ),
    (
        "client_reply",
        _says(outcome="ok", why="lease"),
        "A read by lease is answered",
        "A leader answers because nobody else can lead yet.",
        "§8; dissertation §6.4.1",
    ),
    (
        "applied",
        _says(duplicate=True),
        "A repetition is recognised",
        "A command that was executed before is not executed again.",
        "§8; dissertation §6.3",
    ),
)


def _source(section: str) -> str:
    return section if section.startswith("dissertation") else f"Raft {section}"


GOALS: Sequence[Property] = tuple(
    Property(name, Expectation.SOMETIMES, text, _source(section))
    for _, _, name, text, section in _GOALS
)

Pursuit = tuple[tuple[str, Reaches], ...]
"""Goals still to be reached, by name, with how to tell."""

PURSUED: Mapping[str, Pursuit] = {
    kind: tuple((name, reaches) for of, reaches, name, *_ in _GOALS if of == kind)
    for kind, *_ in _GOALS
}
"""By kind of event (`index_changed` stands under what changed), the goals that it may reach."""
