"""The specification's variables as a checker holds them, and how it says that something is wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

Record = dict[str, Any]
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


class World:
    """The specification's variables. `aim` is the bag after the step, for the choices it leaves open."""

    def __init__(self, line: Record, aim: Record | None = None) -> None:
        self.servers: dict[str, Record] = deepcopy(line["state"])
        self.messages = Counter(frozen(m) for m in line["messages"])
        self.aim = Counter(frozen(m) for m in (aim or line)["messages"])

    def send(self, message: Record) -> None:
        self.messages[frozen(message)] += 1

    def discard(self, message: Record) -> None:
        key = frozen(message)
        need(self.messages[key] > 0, "received messages are in flight", key)
        self.messages[key] -= 1
        if not self.messages[key]:
            del self.messages[key]

    def holds(self, message: Record) -> bool:
        return self.messages[frozen(message)] > 0

    def is_wanted(self, message: Record) -> bool:
        """Whether the step ends with more of this message in flight than there are now."""
        key = frozen(message)
        return self.aim[key] > self.messages[key]

    def is_quorum(self, names: Iterable[str]) -> bool:
        return len(set(names)) * 2 > len(self.servers)


# A server's log: entries behind its snapshot.


def last_index(s: Record) -> int:
    return s["snapshotIndex"] + len(s["log"])


def entry_at(s: Record, index: int) -> Record:
    return s["log"][index - s["snapshotIndex"] - 1]


def term_at(s: Record, index: int) -> int | None:
    """The term of the entry at an index; 0 before the log, None behind it or inside the snapshot."""
    if index == s["snapshotIndex"]:
        return s["snapshotTerm"]
    if s["snapshotIndex"] < index <= last_index(s):
        return entry_at(s, index)["term"]
    return None


def last_term(s: Record) -> int:
    return s["log"][-1]["term"] if s["log"] else s["snapshotTerm"]


def is_passive(s: Record) -> bool:
    """A follower to the specification."""
    return s["state"] in ("Follower", "Precandidate")


def follow(s: Record) -> None:
    s["state"] = "Follower"
    lose_roles_variables(s)


def lose_roles_variables(s: Record) -> None:
    s["votesResponded"], s["votesGranted"] = [], []
    s["nextIndex"], s["matchIndex"] = {}, {}


def log_ok_for_vote(s: Record, m: Record) -> bool:
    return (m["mlastLogTerm"], m["mlastLogIndex"]) >= (last_term(s), last_index(s))


def log_ok(s: Record, m: Record) -> bool:
    """The consistency check. What a snapshot covers is committed, so it agrees."""
    prev = m["mprevLogIndex"]
    return prev < s["snapshotIndex"] or term_at(s, prev) == m["mprevLogTerm"]
