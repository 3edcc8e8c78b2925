"""The RPCs, their fields in the paper's order.

What Figure 2 leaves to the implementation is marked as such: with messages that may be lost,
repeated and reordered, an answer must say which question it answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from raftviz.protocols.base import NodeId
from raftviz.raft.log import Snapshot
from raftviz.raft.types import Index, LogEntry, Session, Term


@dataclass(frozen=True, slots=True)
class RequestVote:
    """Invoked by candidates to gather votes (Raft §5.2; Fig. 2, RequestVote RPC)."""

    TYPE: ClassVar[str] = "RequestVote"
    REPLY: ClassVar[bool] = False
    term: Term
    candidate_id: NodeId
    last_log_index: Index
    last_log_term: Term
    leadership_transfer: bool = False
    """Whether the leader itself asked for this election, so that stickiness does not apply
    (dissertation §4.2.3)."""

    def fields(self) -> dict[str, Any]:
        """All but the term, in wire names."""
        fields = {
            "candidateId": self.candidate_id,
            "lastLogIndex": self.last_log_index,
            "lastLogTerm": self.last_log_term,
        }
        return {**fields, "leadershipTransfer": True} if self.leadership_transfer else fields


@dataclass(frozen=True, slots=True)
class RequestVoteReply:
    """Results of RequestVote. `reason` is for the reader: "granted" or why not."""

    TYPE: ClassVar[str] = "RequestVote"
    REPLY: ClassVar[bool] = True
    term: Term
    vote_granted: bool
    reason: str = ""

    def fields(self) -> dict[str, Any]:
        """All but the term, in wire names."""
        return {"voteGranted": self.vote_granted, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class AppendEntries:
    """Invoked by the leader to replicate, and as heartbeat (Raft §5.3; Fig. 2, AppendEntries RPC).

    `round` is the leader's latest read round (dissertation §6.4), echoed by the answer.
    """

    TYPE: ClassVar[str] = "AppendEntries"
    REPLY: ClassVar[bool] = False
    term: Term
    leader_id: NodeId
    prev_log_index: Index
    prev_log_term: Term
    entries: tuple[LogEntry, ...]
    leader_commit: Index
    round: int = 0

    def fields(self) -> dict[str, Any]:
        """All but the term, in wire names."""
        return {
            "leaderId": self.leader_id,
            "prevLogIndex": self.prev_log_index,
            "prevLogTerm": self.prev_log_term,
            "entries": [entry.view() for entry in self.entries],
            "leaderCommit": self.leader_commit,
            "round": self.round,
        }


@dataclass(frozen=True, slots=True)
class AppendEntriesReply:
    """Results of AppendEntries.

    `match_index` is how far the follower's log is known to agree (raft.tla, mmatchIndex).
    `request_term` and `prev_log_index` say which request is answered. `conflict_index` and
    `conflict_term` are the hints of §5.3, sent only with the option `conflict_hints`. `reason` is
    for the reader.
    """

    TYPE: ClassVar[str] = "AppendEntries"
    REPLY: ClassVar[bool] = True
    term: Term
    success: bool
    match_index: Index
    request_term: Term
    prev_log_index: Index
    round: int = 0
    conflict_index: Index | None = None
    conflict_term: Term | None = None
    reason: str = ""

    def fields(self) -> dict[str, Any]:
        """All but the term, in wire names."""
        return {
            "success": self.success,
            "matchIndex": self.match_index,
            "requestTerm": self.request_term,
            "prevLogIndex": self.prev_log_index,
            "round": self.round,
            "conflictIndex": self.conflict_index,
            "conflictTerm": self.conflict_term,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class PreVote:
    """Would you vote for me in `term`, the one after mine? Nothing changes by asking, or by
    answering (dissertation §9.6).
    """

    TYPE: ClassVar[str] = "PreVote"
    REPLY: ClassVar[bool] = False
    term: Term
    candidate_id: NodeId
    last_log_index: Index
    last_log_term: Term

    def fields(self) -> dict[str, Any]:
        """All but the term, in wire names."""
        return {
            "candidateId": self.candidate_id,
            "lastLogIndex": self.last_log_index,
            "lastLogTerm": self.last_log_term,
        }


@dataclass(frozen=True, slots=True)
class PreVoteReply:
    """Results of PreVote. A grant carries the term asked for, which nobody is in yet; a refusal
    carries the receiver's own, so that a server left behind learns of it.
    """

    TYPE: ClassVar[str] = "PreVote"
    REPLY: ClassVar[bool] = True
    term: Term
    vote_granted: bool
    reason: str = ""

    def fields(self) -> dict[str, Any]:
        """All but the term, in wire names."""
        return {"voteGranted": self.vote_granted, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class TimeoutNow:
    """Start an election at once: the leader hands over (dissertation §3.10)."""

    TYPE: ClassVar[str] = "TimeoutNow"
    REPLY: ClassVar[bool] = False
    term: Term
    leader_id: NodeId

    def fields(self) -> dict[str, Any]:
        """All but the term, in wire names."""
        return {"leaderId": self.leader_id}


@dataclass(frozen=True, slots=True)
class InstallSnapshot:
    """Sent by a leader to a follower that needs entries which only a snapshot covers (Raft Fig. 13;
    dissertation Fig. 5.3). The snapshot travels whole: one chunk at offset 0, and it is done.
    """

    TYPE: ClassVar[str] = "InstallSnapshot"
    REPLY: ClassVar[bool] = False
    term: Term
    leader_id: NodeId
    snapshot: Snapshot
    round: int = 0

    def fields(self) -> dict[str, Any]:
        """All but the term, in wire names."""
        snapshot = self.snapshot
        configuration = snapshot.configuration
        return {
            "leaderId": self.leader_id,
            "lastIncludedIndex": snapshot.last_included_index,
            "lastIncludedTerm": snapshot.last_included_term,
            "configuration": configuration.view() if configuration else None,
            "stateMachine": dict(snapshot.state_machine),
            "sessions": sessions_view(snapshot.sessions),
            "round": self.round,
        }


@dataclass(frozen=True, slots=True)
class InstallSnapshotReply:
    """Results of InstallSnapshot: the term, and which snapshot of which term is answered."""

    TYPE: ClassVar[str] = "InstallSnapshot"
    REPLY: ClassVar[bool] = True
    term: Term
    last_included_index: Index
    request_term: Term
    round: int = 0

    def fields(self) -> dict[str, Any]:
        """All but the term, in wire names."""
        return {
            "lastIncludedIndex": self.last_included_index,
            "requestTerm": self.request_term,
            "round": self.round,
        }


def sessions_view(sessions: Mapping[str, Session]) -> dict[str, Any]:
    """Sessions in wire names: {client: {"serial", "done", "value"}}."""
    return {
        client: {"serial": session.serial, "done": session.done, "value": session.value}
        for client, session in sessions.items()
    }


RaftMessage = (
    RequestVote
    | RequestVoteReply
    | AppendEntries
    | AppendEntriesReply
    | PreVote
    | PreVoteReply
    | TimeoutNow
    | InstallSnapshot
    | InstallSnapshotReply
)
