"""Changes of members: no two of them so close that two majorities could miss each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from raftviz.checks.base import Expectation, Property, Violation
from raftviz.checks.history import History
from raftviz.checks.prefixes import Configuration
from raftviz.checks.rule import Data, Rule, broken
from raftviz.sim.events import Event

ONE_CHANGE_AT_A_TIME = Property(
    "One configuration change at a time",
    Expectation.ALWAYS,
    "A leader changes the members only when the change before is committed, by one server, after it "
    "has committed an entry of its own term, or else through a joint configuration.",
    "Raft §6; dissertation §4.1 (as corrected in 2015), §4.3",
)

PROPERTIES: Sequence[Property] = (ONE_CHANGE_AT_A_TIME,)


def one_change_at_a_time(history: History, event: Event, data: Data) -> Violation | None:
    """One configuration change at a time, when a leader appends a configuration.

    That an entry of the leader's own term must be committed first is asked of single changes alone:
    a joint configuration needs a majority of the old members in any case (dissertation §4.3).
    """
    change = data["entry"].get("configuration")
    node = history.node(str(event.node))
    if change is None or not node.leads:
        return None
    now = history.configuration(node)
    members, old = tuple(change["members"]), tuple(change["old"])
    begins = f"{event.node} began a change of members at index {data['index']}"
    if now.index > node.commit_index:
        message = f"{begins}, but the one at index {now.index} is not committed yet"
        return broken(ONE_CHANGE_AT_A_TIME, message, event, now.seq)
    if now.old or old:
        wrong = _joint_step_is_wrong(now, members, old)
    else:
        differ = sum(each not in members for each in now.members)
        differ += sum(each not in now.members for each in members)
        wrong = f"of {differ} servers at once" if differ > 1 else None
    if wrong is not None:
        return broken(ONE_CHANGE_AT_A_TIME, f"{begins} {wrong}", event, now.seq)
    known = min(node.commit_index, node.last_index)  # more only where another promise has fallen
    committed = history.prefixes.term(history.prefix(node, known))
    if not (now.old or old) and committed != node.term:
        message = f"{begins} before it committed any entry of its term {node.term}"
        return broken(ONE_CHANGE_AT_A_TIME, message, event, node.role_seq)
    return None


def _joint_step_is_wrong(
    now: Configuration, members: tuple[str, ...], old: tuple[str, ...]
) -> str | None:
    """What is wrong with a step into a joint configuration, or out of one."""
    if now.old and old:
        return "while two configurations were joint already"
    if old and sorted(old) != sorted(now.members):
        return f"with {', '.join(old)} as the old members, who are {', '.join(now.members)}"
    if now.old and sorted(members) != sorted(now.members):
        return f"to {', '.join(members)}, while that to {', '.join(now.members)} was under way"
    return None


def latest_configuration_is_obeyed(history: History, event: Event, data: Data) -> Violation | None:
    """One configuration change at a time, when another configuration comes into force: it must be
    the latest in the log, committed or not. Where the log has none, none contradicts it.
    """
    node = history.node(str(event.node))
    latest = history.prefixes.configuration(node.last_prefix)
    if latest is None:
        return None
    if (latest.members, latest.old) == (tuple(data["members"]), tuple(data["old"])):
        return None
    message = (
        f"{event.node} took {', '.join(data['members'])} for the members, "
        f"but the latest in its log are {', '.join(latest.members)}"
    )
    return broken(ONE_CHANGE_AT_A_TIME, message, event, latest.seq)


RULES: Mapping[str, Sequence[Rule]] = {
    "log_appended": (one_change_at_a_time,),
    "configuration_changed": (latest_configuration_is_obeyed,),
}
"""Which rules judge which kind of event (safety.py)."""
