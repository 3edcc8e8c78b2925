"""Deliberate mistakes, each one that real implementations have made, and the promise that it breaks.

The option `bugs` switches them on, by name, for lessons in which a safety property falls. The rules
ask for them where they would go wrong; without any the algorithm is Raft's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COMMIT_OLD_TERMS: Final = "commit-old-terms"
FORGET_VOTE: Final = "forget-vote"
FORGET_LOG_TAIL: Final = "forget-log-tail"
VOTE_WITHOUT_LOG_CHECK: Final = "vote-without-log-check"
VOTE_TWICE: Final = "vote-twice"
MAJORITY_MINUS_ONE: Final = "majority-minus-one"
ACCEPT_STALE_TERM: Final = "accept-stale-term"
TRUNCATE_ALWAYS: Final = "truncate-always"
SKIP_PREV_LOG_CHECK: Final = "skip-prev-log-check"
LEADER_COMMIT_WITHOUT_MIN: Final = "leader-commit-without-min"
APPLY_BEFORE_COMMIT: Final = "apply-before-commit"
LONGEST_LOG_WINS: Final = "longest-log-wins"
OVERLAPPING_CONFIGURATIONS: Final = "overlapping-configurations"
RETRY_TWICE: Final = "retry-twice"
STALE_LOCAL_READ: Final = "stale-local-read"

BUGS: Final[Mapping[str, tuple[str, str]]] = {
    COMMIT_OLD_TERMS: (
        "Leader Completeness",
        "A leader commits an entry of an older term by counting its copies (Raft §5.4.2, Fig. 8).",
    ),
    FORGET_VOTE: (
        "Election Safety",
        "votedFor is not written to the disk, and a restart forgets it (Fig. 2, State).",
    ),
    FORGET_LOG_TAIL: (
        "Leader Completeness",
        "The last entry is acknowledged before it is on the disk (Fig. 2, State; dissertation §3.8).",
    ),
    VOTE_WITHOUT_LOG_CHECK: (
        "Leader Completeness",
        "A vote is given whatever the candidate's log holds (Fig. 2, RequestVote receiver 2).",
    ),
    VOTE_TWICE: (
        "Election Safety",
        "A server votes for whoever asks, though it has voted in that term (Raft §5.2).",
    ),
    MAJORITY_MINUS_ONE: (
        "Election Safety",
        "One server less than a majority is taken for one.",
    ),
    ACCEPT_STALE_TERM: (
        "Leader Append-Only",
        "AppendEntries of an older term are obeyed (Fig. 2, AppendEntries receiver 1).",
    ),
    TRUNCATE_ALWAYS: (
        "Leader Completeness",
        "Entries after prevLogIndex are deleted without a conflict, so that an older, shorter "
        "request takes newer ones away (Fig. 2, AppendEntries receiver 3).",
    ),
    SKIP_PREV_LOG_CHECK: (
        "Log Matching",
        "Entries are taken though the one before them differs (Fig. 2, AppendEntries receiver 2).",
    ),
    LEADER_COMMIT_WITHOUT_MIN: (
        "State Machine Safety",
        "commitIndex follows leaderCommit past the last new entry (Fig. 2, AppendEntries receiver 5). "
        "Heartbeats carry no entries then, so that it shows.",
    ),
    APPLY_BEFORE_COMMIT: (
        "State Machine Safety",
        "Entries are applied as soon as they are in the log (Fig. 2, All Servers 1).",
    ),
    LONGEST_LOG_WINS: (
        "Leader Completeness",
        "Logs are compared by their length alone, not by their last terms first (Raft §5.4.1).",
    ),
    OVERLAPPING_CONFIGURATIONS: (
        "Election Safety",
        "A change of members begins while another is under way, or before an entry of the leader's "
        "term is committed (dissertation §4.1, corrected in 2015).",
    ),
    RETRY_TWICE: (
        "Linearizability",
        "A command that a client repeats is executed again (dissertation §6.3).",
    ),
    STALE_LOCAL_READ: (
        "Linearizability",
        "A leader answers reads without asking whether it still leads (dissertation §6.4).",
    ),
}
"""Name: (the promise that it breaks, what is done wrong).

Of Figure 3, and of what clients see, that promise is the first to fall in the mistake's story
(tests/bugs). Laws of a single server may fall before it; other promises follow.
"""
