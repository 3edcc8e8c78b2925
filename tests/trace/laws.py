"""What must hold of the states of a trace, whatever its actions say: the proof's properties.

History variables (who led, every log that ever was, what is committed) are kept here, as raft.tla
keeps them for its proof alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.trace.world import Record, Refusal, RejectedError, need

ELECTION_SAFETY = "Election Safety"
LEADER_APPEND_ONLY = "Leader Append-Only"
LOG_MATCHING = "Log Matching"
LEADER_COMPLETENESS = "Leader Completeness"
STATE_MACHINE_SAFETY = "State Machine Safety"
TERMS = "currentTerm only grows"
VOTES = "votedFor is set once a term"
COMMIT = "commitIndex only grows between restarts, and not beyond the log"
ORIGIN = "an entry first appears at the leader of its term"
TERMS_IN_LOG = "terms in a log never fall, and are not above currentTerm"
MESSAGES = "no message has a term that its sender has not reached"
MATCH = "matchIndex is what the follower holds"

LAWS = (
    ELECTION_SAFETY, LEADER_APPEND_ONLY, LOG_MATCHING, LEADER_COMPLETENESS, STATE_MACHINE_SAFETY,
    TERMS, VOTES, COMMIT, ORIGIN, TERMS_IN_LOG, MESSAGES, MATCH,
)  # fmt: skip


Key = str | None
"""An entry's content; None for one that only a snapshot covers, so that nobody has shown it."""


def key(entry: Record) -> Key:
    return json.dumps(entry, sort_keys=True)


def agree(left: list[Key], right: list[Key]) -> bool:
    """Whether two logs of the same length are the same, as far as they are known."""
    if left == right:
        return True
    pairs = zip(left, right, strict=False)
    return len(left) == len(right) and all(a == b or None in (a, b) for a, b in pairs)


def common(left: list[Record], right: list[Record]) -> int:
    """How many entries two logs have in common at their beginning."""
    if left == right:
        return len(left)
    pairs = enumerate(zip(left, right, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(left), len(right)))


class History:
    """What earlier lines showed."""

    def __init__(self) -> None:
        self.before: dict[str, Record] = {}
        self.logs: dict[str, list[Key]] = {}
        """Each server's log from index 1 on, what its snapshot covers too."""
        self.kept: dict[str, int] = {}
        """How much of each server's log is as it was in the line before."""
        self.leaders: dict[int, str] = {}
        self.votes: dict[tuple[str, int], str] = {}
        self.prefixes: dict[tuple[int, int], list[Key]] = {}
        """(index, term) → the log up to there, as it was first seen."""
        self.committed: list[tuple[Key, int]] = []
        """Each committed entry, and the term in which it first was so."""
        self.peak: dict[str, int] = {}
        """The highest term that each server has been in."""
        self.lost: set[str] = set()
        """Who has just lost its disk, and with it what it had promised."""

    def take(self, line: Record) -> None:
        given = not self.before
        restarted = {a["i"] for a in line["actions"] if a["name"] in ("Restart", "Wipe")}
        self.lost = {a["i"] for a in line["actions"] if a["name"] == "Wipe"}
        if line["state"] == self.before and not self.lost:
            self._messages(line)
            return
        self.votes = {of: vote for of, vote in self.votes.items() if of[0] not in self.lost}
        for name, s in line["state"].items():
            self.peak[name] = max(self.peak.get(name, 0), s["currentTerm"])
            self._log(name, s)
        order = sorted(line["state"], key=lambda name: line["state"][name]["state"] != "Leader")
        for name in order:
            s = line["state"][name]
            for law in ONE_SERVER:
                law(self, name, s, self.before.get(name))
            self._commits(name, s, name in restarted)
            self._entries(name, s, given)
        for name in order:
            self._leads(name, line["state"][name], line["state"], given)
        self._messages(line)
        self.before = line["state"]

    def _log(self, name: str, s: Record) -> None:
        covered = s["snapshotIndex"]
        known, old = self.logs.get(name, []), self.before.get(name)
        if old is not None and old["snapshotIndex"] == covered:
            same = common(old["log"], s["log"])
        else:
            same = 0
            if not agree(self.committed_keys(covered), known[:covered]):
                known = self.committed_keys(covered)
        self.kept[name] = covered + same
        self.logs[name] = known[: covered + same] + [key(entry) for entry in s["log"][same:]]

    def committed_keys(self, count: int) -> list[Key]:
        known: list[Key] = [entry for entry, _ in self.committed[:count]]
        return known + [None] * (count - len(known))

    def _commits(self, name: str, s: Record, restarted: bool) -> None:
        log, index = self.logs[name], s["commitIndex"]
        old = self.before.get(name, s)["commitIndex"]
        need(index <= len(log), COMMIT, (name, index))
        need(restarted or index >= old, COMMIT, (name, old, index))
        for place in range(min(self.kept[name], old), index):
            if place < len(self.committed):
                same = agree(log[place : place + 1], [self.committed[place][0]])
                need(same, STATE_MACHINE_SAFETY, (name, place + 1))
            else:
                self.committed.append((log[place], s["currentTerm"]))

    def _entries(self, name: str, s: Record, given: bool) -> None:
        log, covered, kept = self.logs[name], s["snapshotIndex"], self.kept[name]
        terms = [s["snapshotTerm"], *(entry["term"] for entry in s["log"])]
        need(terms == sorted(terms), TERMS_IN_LOG, (name, terms))
        need(terms[-1] <= s["currentTerm"], TERMS_IN_LOG, (name, terms))
        for index in range(kept + 1, covered + len(s["log"]) + 1):
            term = terms[index - covered]
            first = self.prefixes.get((index, term))
            if first is not None:
                need(agree(first, log[:index]), LOG_MATCHING, (name, index, term))
                continue
            creates = s["state"] == "Leader" and s["currentTerm"] == term
            need(given or creates, ORIGIN, (name, index, term))
            self.prefixes[index, term] = log[:index]

    def _leads(self, name: str, s: Record, servers: dict[str, Record], given: bool) -> None:
        if s["state"] != "Leader":
            return
        term = s["currentTerm"]
        first = self.leaders.setdefault(term, name)
        need(first == name, ELECTION_SAFETY, (term, first, name))
        must = [entry for entry, committed_in in self.committed if committed_in < term]
        whole = agree(self.logs[name][: len(must)], must)
        need(given or whole, LEADER_COMPLETENESS, (name, term))
        for peer, match in s["matchIndex"].items():
            follower = servers.get(peer)
            if follower is not None and follower["currentTerm"] == term:
                same = agree(self.logs[name][:match], self.logs[peer][:match])
                need(same, MATCH, (name, peer, match))

    def _messages(self, line: Record) -> None:
        for m in line["messages"]:
            if m["mtype"].startswith("PreVote"):
                continue
            need(m["mterm"] <= self.peak[m["msource"]], MESSAGES, m)


def terms_grow(history: History, name: str, s: Record, old: Record | None) -> None:
    if old is not None and name not in history.lost:
        need(s["currentTerm"] >= old["currentTerm"], TERMS, (name, s["currentTerm"]))


def one_vote(history: History, name: str, s: Record, old: Record | None) -> None:
    voted = s["votedFor"]
    if voted is None:
        same = old is not None and old["currentTerm"] == s["currentTerm"]
        kept = not (same and old and old["votedFor"] is not None) or name in history.lost
        need(kept, VOTES, (name, s["currentTerm"]))
        return
    first = history.votes.setdefault((name, s["currentTerm"]), voted)
    need(first == voted, VOTES, (name, s["currentTerm"], first, voted))


def leader_appends_only(history: History, name: str, s: Record, old: Record | None) -> None:
    if old is None or not s["state"] == old["state"] == "Leader":
        return
    if s["currentTerm"] != old["currentTerm"]:
        return
    was = old["log"][s["snapshotIndex"] - old["snapshotIndex"] :]
    need(s["log"][: len(was)] == was, LEADER_APPEND_ONLY, name)


ONE_SERVER: tuple[Callable[[History, str, Record, Record | None], None], ...] = (
    terms_grow,
    one_vote,
    leader_appends_only,
)


def keep(lines: Iterable[Record]) -> Iterator[Record]:
    """Pass the lines on whose states keep the laws. Raises RejectedError at the first that does not."""
    history: Any = History()
    for line in lines:
        try:
            history.take(line)
        except Refusal as refusal:
            raise RejectedError(refusal.law, line["step"], refusal.message) from None
        yield line
