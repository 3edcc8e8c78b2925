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


def key(entry: Record) -> str:
    return json.dumps(entry, sort_keys=True)


class History:
    """What earlier lines showed."""

    def __init__(self) -> None:
        self.before: dict[str, Record] = {}
        self.logs: dict[str, list[str]] = {}
        """Each server's log from index 1 on, what its snapshot covers too."""
        self.leaders: dict[int, str] = {}
        self.votes: dict[tuple[str, int], str] = {}
        self.prefixes: dict[tuple[int, int], list[str]] = {}
        """(index, term) → the log up to there, as it was first seen."""
        self.committed: list[tuple[str, int]] = []
        """Each committed entry, and the term in which it first was so."""
        self.peak: dict[str, int] = {}
        """The highest term that each server has been in."""
        self.lost: set[str] = set()
        """Who has just lost its disk, and with it what it had promised."""

    def take(self, line: Record) -> None:
        given = not self.before
        restarted = {a["i"] for a in line["actions"] if a["name"] in ("Restart", "Wipe")}
        self.lost = {a["i"] for a in line["actions"] if a["name"] == "Wipe"}
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
        covered = s.get("snapshotIndex", 0)
        known = self.logs.get(name, [])[:covered]
        if len(known) < covered:
            known = [entry for entry, _ in self.committed[:covered]]
        self.logs[name] = known + [key(entry) for entry in s["log"]]

    def _commits(self, name: str, s: Record, restarted: bool) -> None:
        index, old = s["commitIndex"], self.before.get(name, s)["commitIndex"]
        need(index <= len(self.logs[name]), COMMIT, (name, index))
        need(restarted or index >= old, COMMIT, (name, old, index))
        for place, entry in enumerate(self.logs[name][:index]):
            if place < len(self.committed):
                need(entry == self.committed[place][0], STATE_MACHINE_SAFETY, (name, place + 1))
            else:
                self.committed.append((entry, s["currentTerm"]))

    def _entries(self, name: str, s: Record, given: bool) -> None:
        log = self.logs[name]
        offset = s.get("snapshotIndex", 0)
        terms = [entry["term"] for entry in s["log"]]
        need(terms == sorted(terms), TERMS_IN_LOG, (name, terms))
        need(not terms or terms[-1] <= s["currentTerm"], TERMS_IN_LOG, (name, terms))
        for index, term in enumerate(terms, start=offset + 1):
            first = self.prefixes.get((index, term))
            if first is not None:
                need(first == log[:index], LOG_MATCHING, (name, index, term))
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
        need(given or self.logs[name][: len(must)] == must, LEADER_COMPLETENESS, (name, term))
        for peer, match in s["matchIndex"].items():
            follower = servers.get(peer)
            if follower is not None and follower["currentTerm"] == term:
                agree = self.logs[name][:match] == self.logs[peer][:match]
                need(agree, MATCH, (name, peer, match))

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
    was = [key(entry) for entry in old["log"]][
        s.get("snapshotIndex", 0) - old.get("snapshotIndex", 0) :
    ]
    now = [key(entry) for entry in s["log"]]
    need(now[: len(was)] == was, LEADER_APPEND_ONLY, name)


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
