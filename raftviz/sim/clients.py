"""Clients as the cluster sees them: the last request of each, and what became of it.

A request waits until its server answers; a client that asks again stops waiting for the old
request, whose outcome it will never know. An *actor* is a client that does not take a refusal or
silence for an answer: it goes where it is sent, and asks elsewhere when it has waited long enough
(dissertation §6.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from raftviz.protocols.base import ClientRequest, NodeId, Reply, Value
from raftviz.sim.agenda import Key

DEFAULT_CLIENT = "client"
CLIENTS_MAX = 50
"""Sessions do not expire, so there must not be too many of them."""

_REQUEST, _AGAIN, _PATIENCE = "client:", "again:", "patience:"


def client_of(key: Key) -> str:
    """The client whose key this is."""
    assert isinstance(key, tuple)
    return key[0].partition(":")[2]


def is_request(key: Key) -> bool:
    """Whether a client's request reaches a node that stood still when it was made."""
    return isinstance(key, tuple) and key[0].startswith(_REQUEST)


def is_patience(key: Key) -> bool:
    """Whether a client's patience runs out."""
    return isinstance(key, tuple) and key[0].startswith(_PATIENCE)


@dataclass(frozen=True, slots=True)
class Actor:
    """How a client that acts by itself behaves.

    It waits `patience_us` for an answer and asks at most `tries` times; `leader` is the node that
    it believes to lead.
    """

    patience_us: int
    tries: int
    leader: NodeId | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """A client's last request. `outcome` is "waiting", "ok", "failed" or "unknown".

    `attempt` counts how often it was sent; it is `uncertain` when one of the attempts may have had
    an effect though none was answered with ok. `next_to` is whom an actor asks next; it is
    `redirected` when it asks at once where a node has sent it. `seq` is the event of its last
    request or answer.
    """

    id: str
    request: ClientRequest
    to: NodeId
    outcome: str
    value: Value | None
    why: str | None
    hint: NodeId | None
    sent_us: int
    done_us: int | None
    attempt: int = 1
    uncertain: bool = False
    next_to: NodeId | None = None
    redirected: bool = False
    seq: int = 0

    def view(self) -> dict[str, Any]:
        """The client in wire names."""
        return {
            "id": self.id,
            "serial": self.request.serial,
            "request": dict(self.request.operation),
            "to": self.to,
            "outcome": self.outcome,
            "value": self.value,
            "why": self.why,
            "hint": self.hint,
            "sent": self.sent_us,
            "done": self.done_us,
            "attempt": self.attempt,
        }

    @property
    def reads(self) -> bool:
        """Whether it only asks for a value, so that nothing can have come of an attempt."""
        return bool(self.request.operation["op"] == "read")

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer."""
        return self.outcome == "waiting"

    @property
    def arrival(self) -> Key:
        """Its request reaches the node that it asks."""
        return (f"{_REQUEST}{self.id}", self.to)

    @property
    def next_attempt(self) -> Key:
        """It asks again."""
        return (f"{_AGAIN}{self.id}", "")

    @property
    def patience(self) -> Key:
        """It has waited long enough."""
        return (f"{_PATIENCE}{self.id}", "")

    def answered(self, reply: Reply, now_us: int) -> Client:
        """The client with its answer."""
        outcome = reply.outcome
        doubtful = self.uncertain and not self.reads
        if outcome == "failed" and doubtful and reply.why != "cas_mismatch":
            outcome = "unknown"  # this attempt failed; an earlier one may not have
        return replace(
            self,
            outcome=outcome,
            value=reply.value,
            why=reply.why,
            hint=reply.hint,
            done_us=now_us,
        )


def request_data(client: Client) -> Mapping[str, Any]:
    """The data of a client_request event."""
    return {
        "client": client.id,
        "serial": client.request.serial,
        "request": dict(client.request.operation),
        "to": client.to,
        "attempt": client.attempt,
    }
