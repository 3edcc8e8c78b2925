"""Whether the states that a lesson gives its nodes can be reached together."""

from __future__ import annotations

from collections.abc import Mapping

from raftviz.errors import ClusterError
from raftviz.protocols.base import NodeId
from raftviz.raft.state import NodeState
from raftviz.raft.types import LogEntry, Role


def check_together(states: Mapping[NodeId, NodeState]) -> None:
    """Refuse states that no run can reach together: two leaders of a term, an entry with two
    values, a leader's term unknown to a majority of voters is not checked.
    """
    leaders: dict[int, NodeId] = {}
    entries: dict[tuple[int, int], tuple[NodeId, LogEntry]] = {}
    for node_id, state in states.items():
        term = state.persistent.current_term
        if state.role is Role.LEADER:
            if term in leaders:
                raise ClusterError(
                    f"{leaders[term]} leads term {term} already (Election Safety, Raft §5.2)",
                    where=f"given.{node_id}",
                    remedy="give them different terms",
                    kind="given.leaders",
                    leader=leaders[term],
                    term=str(term),
                )
            leaders[term] = node_id
        for entry in state.persistent.log:
            key = (entry.index, entry.term)
            other, seen = entries.setdefault(key, (node_id, entry))
            if seen != entry:
                raise ClusterError(
                    f"index {entry.index} of term {entry.term} is another entry on {other} "
                    "(Log Matching, Raft §5.3)",
                    where=f"given.{node_id}.log",
                    remedy="entries with the same index and term are the same",
                    kind="given.entries",
                    index=str(entry.index),
                    term=str(entry.term),
                    node=other,
                )
