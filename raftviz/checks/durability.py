"""What must be on disks before it is spoken of, and what a leader may conclude from what it hears.

What a node's disk holds is known from its `persisted` events. A wiped disk holds nothing, whatever
its node has promised: what others then rightly conclude from that promise is wrong, and is told of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from raftviz.checks.base import Expectation, Property, Violation
from raftviz.checks.history import NOTHING_DURABLE, Durable, History, NodeHistory
from raftviz.checks.prefixes import UNKNOWN
from raftviz.checks.rule import Data, Rule, broken
from raftviz.sim.events import Event, Flight

PERSISTED_BEFORE_ANSWERED = Property(
    "Persisted before answered",
    Expectation.ALWAYS,
    "A server's term, vote and log are on its disk before a message that speaks of them leaves it.",
    "Raft Fig. 2, State; dissertation §3.8",
)
COMMIT_BY_QUORUM = Property(
    "Commit by quorum",
    Expectation.ALWAYS,
    "A leader commits by counting copies only an entry of its own term, and only when a majority of "
    "its configuration, or of both while two are joint, has it on disk.",
    "Raft Fig. 2, Leaders 4; §5.4.2; dissertation §4.3",
)
LEADER_KNOWS = Property(
    "Leader knows what it believes",
    Expectation.ALWAYS,
    "The log on the disk of a follower in the leader's term agrees with the leader's up to matchIndex.",
    "Raft Fig. 2, Volatile state on leaders; §5.3",
)

PROPERTIES: Sequence[Property] = (PERSISTED_BEFORE_ANSWERED, COMMIT_BY_QUORUM, LEADER_KNOWS)


def message_tells_what_is_durable(
    history: History, event: Event, flight: Flight
) -> Violation | None:
    """Persisted before answered, when a message is sent; of one node once until it restarts or
    is elected.

    A message that a command forged is not judged: its sender has not sent it. PreVote and its grant
    speak of a term to come, which nobody is in.
    """
    node = history.node(flight.source)
    message: Any = flight.message
    lacking = _lacking(history, node, flight, message)
    if lacking is None or PERSISTED_BEFORE_ANSWERED.name in node.told:
        return None
    kind = f"{message.TYPE} reply" if message.REPLY else str(message.TYPE)
    text = f"{flight.source} sent {kind} to {flight.target} {lacking}"
    return broken(PERSISTED_BEFORE_ANSWERED, text, event, node.durable.seq)


def _lacking(history: History, node: NodeHistory, flight: Flight, message: Any) -> str | None:
    """What the message tells that is not on its sender's disk, in words."""
    durable, kind = node.durable, message.TYPE
    if kind == "PreVote" and (not message.REPLY or message.vote_granted):
        return None
    if message.term > durable.term:
        return f"in term {message.term}, but its disk says term {durable.term}"
    if kind == "RequestVote":
        voted_for = flight.target if message.REPLY else flight.source
        if message.REPLY and not message.vote_granted:
            return None
        if (durable.term, durable.voted_for) != (message.term, voted_for):
            return f"with a vote of term {message.term} that is not on its disk"
    elif not message.REPLY:
        return None
    elif kind == "AppendEntries" and message.success:
        return _lacking_log(history, node, message.match_index)
    elif kind == "InstallSnapshot" and message.request_term == message.term:
        return _lacking_log(history, node, message.last_included_index)
    return None


def _lacking_log(history: History, node: NodeHistory, index: int) -> str | None:
    if index <= node.safe:
        return None
    last = node.durable.last_index
    if index > last:
        return f"for the log up to index {index}, but the one on its disk ends at index {last}"
    if index > node.last_index or not history.is_durable(node, index, history.prefix(node, index)):
        return f"for the log up to index {index}, but the one on its disk is another up to there"
    return None


def is_plainly_durable(node: NodeHistory, message: Any) -> bool:
    """Whether a message surely tells nothing that is not durable: so it is with most."""
    if message.term > node.durable.term:
        return False
    if not message.REPLY:
        return message.TYPE == "AppendEntries"  # type: ignore[no-any-return]
    if message.TYPE == "AppendEntries":
        return not message.success or message.match_index <= node.safe
    return False


def leader_commits_what_a_quorum_has(
    history: History, event: Event, data: Data
) -> Violation | None:
    """Commit by quorum, when a leader has counted; of one leader once a term."""
    if data.get("why") != "majority":
        return None
    leader = history.node(str(event.node))
    index = data["to"]
    if index > leader.last_index or COMMIT_BY_QUORUM.name in leader.told:
        return None
    prefix = history.prefix(leader, index)
    term = history.prefixes.term(prefix)
    if term != leader.term and prefix != UNKNOWN:
        message = (
            f"{event.node} leads term {leader.term} and committed by counting "
            f"the entry of term {term} at index {index}"
        )
        return broken(COMMIT_BY_QUORUM, message, event, leader.appended_at(index))
    for members in history.configuration(leader).halves:
        lacking: Durable | None = None
        missing = len(members) // 2 + 1
        for member in members:
            node = history.nodes.get(member)
            if node is not None and history.is_durable(node, index, prefix):
                missing -= 1
            elif lacking is None:
                lacking = NOTHING_DURABLE if node is None else node.durable
        if missing > 0:
            has = len(members) // 2 + 1 - missing
            message = (
                f"{event.node} committed the entry at index {index}, "
                f"which {has} of {', '.join(members) or 'no members'} "
                f"{'has' if has == 1 else 'have'} on disk"
            )
            return broken(COMMIT_BY_QUORUM, message, event, lacking.seq if lacking else 1)
    return None


def follower_has_what_leader_believes(
    history: History, event: Event, data: Data
) -> Violation | None:
    """Leader knows what it believes, when matchIndex moves; of one leader once a term. A follower in
    another term is not judged: since it answered, it may have followed another leader.
    """
    leader, peer = history.node(str(event.node)), history.nodes.get(data["peer"])
    if peer is None or peer.term != leader.term or LEADER_KNOWS.name in leader.told:
        return None
    index = data["to"]
    if index <= leader.last_index:
        prefix = history.prefix(leader, index)
        if history.is_durable(peer, index, prefix):
            return None
    message = (
        f"{event.node} took the log of {data['peer']} to agree with its own up to index {index}, "
        f"but the one on the disk of {data['peer']} does not"
    )
    return broken(LEADER_KNOWS, message, event, peer.durable.seq)


RULES: Mapping[str, Sequence[Rule]] = {
    "commitIndex": (leader_commits_what_a_quorum_has,),
    "matchIndex": (follower_has_what_leader_believes,),
}
"""Which rules judge which kind of event (safety.py); messages are judged apart, for speed."""
