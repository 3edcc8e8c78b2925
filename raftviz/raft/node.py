"""A Raft server: the term rule, then the rule for the input."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from raftviz.protocols.base import ClientRequest, Effect, NodeId
from raftviz.raft import (
    client,
    election,
    leadership,
    lease,
    membership,
    prevote,
    replication,
    snapshot,
)
from raftviz.raft.core import (
    CATCH_UP,
    CHECK_QUORUM,
    ELECTION,
    HEARTBEAT,
    LEADER_CONTACT,
    LEASES,
    TRANSFER,
    Core,
)
from raftviz.raft.messages import (
    AppendEntries,
    AppendEntriesReply,
    InstallSnapshot,
    InstallSnapshotReply,
    PreVote,
    PreVoteReply,
    RaftMessage,
    RequestVote,
    RequestVoteReply,
    TimeoutNow,
)
from raftviz.raft.types import Role

RECEIVE: dict[type, Callable[[Core, NodeId, Any], None]] = {
    RequestVote: election.receive_request_vote,
    RequestVoteReply: election.receive_vote,
    AppendEntries: replication.receive_append_entries,
    AppendEntriesReply: replication.receive_append_reply,
    PreVote: prevote.receive_pre_vote,
    PreVoteReply: prevote.receive_pre_vote_reply,
    TimeoutNow: leadership.receive_timeout_now,
    InstallSnapshot: snapshot.receive_install_snapshot,
    InstallSnapshotReply: snapshot.receive_reply,
}

TIMEOUT: dict[str, Callable[[Core], None]] = {
    ELECTION: election.election_timeout,
    HEARTBEAT: replication.heartbeat_timeout,
    LEADER_CONTACT: Core.leader_contact_lapsed,
    CHECK_QUORUM: leadership.check_quorum,
    TRANSFER: leadership.transfer_timeout,
    CATCH_UP: membership.catch_up_timeout,
    **{slot: partial(lease.lapse, slot=slot) for slot in LEASES},
}

ORDERS: dict[str, Callable[[Core, Any], None]] = {
    "transfer": leadership.begin_transfer,
    "snapshot": snapshot.order,
    **membership.ORDERS,
}


def leaves_term_alone(node: Core, message: RaftMessage) -> bool:
    """Whether a message's term is not one that anybody has to adopt: a question about a term to
    come and its grant (dissertation §9.6), or a request disregarded (dissertation §4.2.3).
    """
    if isinstance(message, PreVote):
        return True
    if isinstance(message, PreVoteReply):
        return message.vote_granted
    return isinstance(message, RequestVote) and election.refuses_for_stickiness(node, message)


class RaftNode(Core):
    """The face that a simulation drives. Each call returns the effects, in order."""

    __slots__ = ()

    def start(self) -> list[Effect]:
        """A server starts as a follower and waits for a leader (Raft §5.2); one that is a member of
        nothing yet waits to be spoken to.

        One that restarts under leases may have told a leader before that it will not vote, which
        it no longer knows: so it keeps to it (dissertation §6.4.1).
        """
        if self.state.role is Role.LEADER:
            self.restart_heartbeat_timer()
            if self.options.check_quorum:
                self.restart_check_quorum_timer()
        elif self.configuration.members:
            self.restart_election_timer()
        if self.options.keeps_lease and self.state.persistent.current_term:
            self.keep_from_voting()
        return self.take_effects()

    def receive(self, source: NodeId, message: RaftMessage) -> list[Effect]:
        """Any RPC request or response: a newer term first (Fig. 2, All Servers 2; Raft §5.1),
        then the receiver's own rules.
        """
        if message.term > self.state.persistent.current_term and not leaves_term_alone(
            self, message
        ):
            self.adopt_term(message.term, source)
        RECEIVE[type(message)](self, source, message)
        return self._compacted()

    def timer(self, name: str) -> list[Effect]:
        """A timer that this node had set has run out."""
        TIMEOUT[name](self)
        return self.take_effects()

    def request(self, request: ClientRequest) -> list[Effect]:
        """A client's request arrives."""
        client.receive_request(self, request)
        return self._compacted()

    def _compacted(self) -> list[Effect]:
        """The effects of an input that may have led to a commitment, and of the snapshot it makes due."""
        if self.options.snapshot_threshold is not None:
            snapshot.take_if_due(self)
        return self.take_effects()

    def order(self, name: str, argument: Any) -> list[Effect]:
        """An administrator's order, one of ORDERS. Raises CommandError; then nothing has changed."""
        ORDERS[name](self, argument)
        return self.take_effects()
