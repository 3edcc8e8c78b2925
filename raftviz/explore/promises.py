"""Which promises a deliberate mistake breaks."""

from __future__ import annotations

from collections.abc import Mapping

from raftviz.raft.bugs import ACCEPT_STALE_TERM, BUGS, COMMIT_OLD_TERMS

_ALSO: Mapping[str, tuple[str, ...]] = {
    COMMIT_OLD_TERMS: ("Leader Completeness", "State Machine Safety"),
    ACCEPT_STALE_TERM: ("Log Matching", "Leader Append-Only"),
}
"""Mistakes that break one or the other, as the run will have it."""


def promises_of(bug: str) -> tuple[str, ...]:
    """The properties of which the mistake breaks one. Raises KeyError for one that there is not."""
    return tuple(dict.fromkeys((BUGS[bug][0], *_ALSO.get(bug, ()))))
