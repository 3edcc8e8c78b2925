"""The specification's variables as a checker holds them, and how it says that something is wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

Record = dict[str, Any]
Members = tuple[list[str], list[str]]
"""The members, and the old ones while two configurations are joint."""
Nil = None


class RejectedError(Exception):
    """A trace that is no behaviour of the specification: which law, at which step, and how."""

    def __init__(self, law: str, step: int, message: str) -> None:
        super().__init__(f"step {step}: {law}: {message}")
        self.law = law
        self.step = step


class Refusal(Exception):
    def __init__(self, law: str, message: str) -> None:
        super().__init__(law, message)
        self.law, self.message = law, message


def need(holds: bool, law: str, message: object) -> None:
    if not holds:
        raise Refusal(law, str(message))


def frozen(message: Record) -> str:
    return json.dumps(message, sort_keys=True)


def bag(line: Record) -> Counter[str]:
    return Counter(frozen(message) for message in line["messages"])


class World:
    """The variables after the line `before`, to be changed by actions on the way to `aim`.

    `aim` is the line that comes next, for the choices that the specification leaves open. `bases`
    holds the members of each server before any entry of its log says otherwise.
    """

    def __init__(self, before: Record, aim: Record, bases: dict[str, Members]) -> None:
        self.before: dict[str, Record] = before["state"]
        self.names = list(self.before)
        self.touched: dict[str, Record] = {}
        self.messages = bag(before)
        self.aim = bag(aim)
        self.bases = bases

    # Servers.

    def of(self, name: str) -> Record:
        """A server's variables, to be read and changed."""
        s = self.touched.get(name)
        if s is None:
            s = dict(self.before[name])
            for variable in ("log", "votesResponded", "votesGranted"):
                s[variable] = list(s[variable])
            for variable in ("nextIndex", "matchIndex"):
                s[variable] = dict(s[variable])
            self.touched[name] = s
        return s

    def after(self, name: str) -> Record:
        """How a server must stand in the end."""
        return self.touched.get(name) or self.before[name]

    def add(self, name: str) -> None:
        """A new server, a member of nothing yet."""
        self.names.append(name)
        self.bases[name] = ([], [])
        self.touched[name] = {
            "currentTerm": 0,
            "state": "Follower",
            "votedFor": Nil,
            "log": [],
            "commitIndex": 0,
            "votesResponded": [],
            "votesGranted": [],
            "nextIndex": {},
            "matchIndex": {},
            "snapshotIndex": 0,
            "snapshotTerm": 0,
            "members": [],
            "oldMembers": [],
            "learners": [],
        }

    # Members.

    def members_at(self, name: str, index: int) -> Members:
        """The configuration that a server's log has up to an index."""
        s = self.of(name)
        for entry in reversed(s["log"][: index - s["snapshotIndex"]]):
            if "configuration" in entry["value"]:
                found = entry["value"]["configuration"]
                return found["members"], found["old"]
        return self.bases[name]

    def look_up_members(self, name: str) -> None:
        """The log has changed, and with it perhaps who is a member; a leader follows all of them."""
        s = self.of(name)
        s["members"], s["oldMembers"] = self.members_at(name, last_index(s))
        if s["state"] == "Leader":
            self.follow_others(name)

    def follow_others(self, name: str) -> None:
        s = self.of(name)
        voters = dict.fromkeys((*s["oldMembers"], *s["members"], *s["learners"]))
        others = [other for other in voters if other != name]
        at = last_index(s) + 1
        s["nextIndex"] = {other: s["nextIndex"].get(other, at) for other in others}
        s["matchIndex"] = {other: s["matchIndex"].get(other, 0) for other in others}

    def is_quorum(self, name: str, servers: Iterable[str]) -> bool:
        """Whether these servers are a quorum as `name` sees it."""
        s = self.of(name)
        agreeing = set(servers)
        halves = [s["members"], s["oldMembers"]] if s["oldMembers"] else [s["members"]]
        return all(len(agreeing & set(half)) * 2 > len(half) for half in halves)

    # Messages.

    def send(self, message: Record) -> None:
        self.messages[frozen(message)] += 1

    def discard(self, message: Record) -> None:
        key = frozen(message)
        need(self.messages[key] > 0, "received messages are in flight", key)
        self.messages[key] -= 1

    def holds(self, message: Record) -> bool:
        return self.messages[frozen(message)] > 0

    def is_wanted(self, message: Record) -> bool:
        """Whether the step ends with more of this message in flight than there are now."""
        key = frozen(message)
        return self.aim[key] > self.messages[key]


# A server's log: entries behind its snapshot.


def last_index(s: Record) -> int:
    return s["snapshotIndex"] + len(s["log"])


def term_at(s: Record, index: int) -> int | None:
    """The term of the entry at an index; 0 before the log, None behind it or inside the snapshot."""
    if index == s["snapshotIndex"]:
        return s["snapshotTerm"]
    if s["snapshotIndex"] < index <= last_index(s):
        return s["log"][index - s["snapshotIndex"] - 1]["term"]
    return None


def last_term(s: Record) -> int:
    return s["log"][-1]["term"] if s["log"] else s["snapshotTerm"]


def follow(s: Record) -> None:
    s["state"] = "Follower"
    lose_roles_variables(s)


def lose_roles_variables(s: Record) -> None:
    s["votesResponded"], s["votesGranted"], s["learners"] = [], [], []
    s["nextIndex"], s["matchIndex"] = {}, {}


def log_ok_for_vote(s: Record, m: Record) -> bool:
    return (m["mlastLogTerm"], m["mlastLogIndex"]) >= (last_term(s), last_index(s))


def log_ok(s: Record, m: Record) -> bool:
    """The consistency check. What a snapshot covers is committed, so it agrees."""
    prev = m["mprevLogIndex"]
    return prev < s["snapshotIndex"] or term_at(s, prev) == m["mprevLogTerm"]
