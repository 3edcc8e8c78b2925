"""Clients as the cluster sees them: the last request of each, and what became of it.

A request waits until its server answers; a client that asks again stops waiting for the old
request, whose outcome it will never know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from raftviz.protocols.base import ClientRequest, NodeId, Value

DEFAULT_CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Client:
    """A client's last request. `outcome` is "waiting", "ok", "failed" or "unknown"."""

    id: str
    request: ClientRequest
    to: NodeId
    outcome: str
    value: Value | None
    why: str | None
    hint: NodeId | None
    sent_us: int
    done_us: int | None

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
        }


def request_data(client: Client) -> Mapping[str, Any]:
    """The data of a client_request event."""
    return {
        "client": client.id,
        "serial": client.request.serial,
        "request": dict(client.request.operation),
        "to": client.to,
    }
