"""Effects, and the faces of a protocol and its nodes.

An *input* is a call of a node (`receive`, `timer`, `request`, `start`). Its answer is a list of
*effects*, performed by the simulation strictly in order: a `Persist` before a `Send` has reached
the disk before the message leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

NodeId = str
Value = str | int | float | bool
Change = tuple[tuple[str | int, ...], Any, Any]
"""A change of visible state: (path, old, new)."""


class Message(Protocol):
    """A protocol's message, immutable. `TYPE` is its name in the paper, `REPLY` tells an answer."""

    TYPE: ClassVar[str]
    REPLY: ClassVar[bool]

    @property
    def term(self) -> int:
        """The sender's term."""
        ...

    def fields(self) -> dict[str, Any]:
        """All its fields but the term, in the wire's names."""
        ...


@dataclass(frozen=True, slots=True)
class Send:
    """Send `message` to `target` over the network."""

    target: NodeId
    message: Message


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Arm (or arm anew) the timer `name` for a time drawn from `low_us`..`high_us`.

    A passive timer only marks that time has passed ("a leader was heard of recently"); it makes
    nothing happen by itself and so runs out by virtual time even where timers are manual.
    """

    name: str
    low_us: int
    high_us: int
    passive: bool = False


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Disarm the timer `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Persist:
    """Write `durable` to the disk, whole, before anything that follows."""

    durable: Any


@dataclass(frozen=True, slots=True)
class Note:
    """Something visible happened in the node. `state` is the node's state after it.

    `kind` and `data` become an event's kind and data (wire names).
    """

    kind: str
    data: Mapping[str, Any]
    state: Any


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer a client: outcome "ok", "failed" (it did not happen) or "unknown" (it may have)."""

    client: str
    serial: int
    outcome: str
    value: Value | None = None
    why: str | None = None
    hint: NodeId | None = None
    index: int | None = None
    """For a read: how many entries the state machine had applied that it was answered from."""


Effect = Send | SetTimer | CancelTimer | Persist | Note | Reply


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """A client's request: `operation` as a command's body, e.g. {"op": "set", "key": …}."""

    client: str
    serial: int
    operation: Mapping[str, Any]


class Node(Protocol):
    """A sans-IO state machine. `state` is immutable and replaced whole."""

    id: NodeId
    state: Any

    def start(self) -> list[Effect]:
        """What it does when its process starts: arm its timers."""
        ...

    def receive(self, source: NodeId, message: Any) -> list[Effect]:
        """A message from `source` arrives."""
        ...

    def timer(self, name: str) -> list[Effect]:
        """A timer that it had armed fires."""
        ...

    def request(self, request: ClientRequest) -> list[Effect]:
        """A client asks."""
        ...

    def order(self, name: str, argument: Any) -> list[Effect]:
        """An administrator asks, e.g. for a transfer of leadership. Raises CommandError."""
        ...


class Rules(Protocol):
    """A protocol set up for one cluster: makes nodes, and puts their state into wire names."""

    @property
    def actor_timers(self) -> Sequence[str]:
        """Timers that a person may fire; passive ones are not among them."""
        ...

    def node(self, node_id: NodeId, durable: Any = None) -> Node:
        """A fresh node, or one that restarts with what its disk held."""
        ...

    def newcomer(self) -> Any:
        """The durable state of a server that is to join: a member of nothing yet."""
        ...

    def resume(self, node_id: NodeId, state: Any) -> Node:
        """A node standing at `state`, as an earlier node held it."""
        ...

    def given(self, given: Mapping[NodeId, Mapping[str, Any]]) -> dict[NodeId, list[Effect]]:
        """Effects that bring fresh nodes to the state described by a lesson's `given`.

        Raises raftviz.errors.ClusterError where the description contradicts itself.
        """
        ...

    def disk_view(self, durable: Any) -> dict[str, Any]:
        """What a disk holds, in wire names; None is an empty one."""
        ...

    def view(self, state: Any) -> dict[str, Any]:
        """A node's visible state in wire names."""
        ...

    def changes(self, node_id: NodeId, old: Any, new: Any) -> tuple[Change, ...]:
        """What differs visibly between two states of a node."""
        ...

    def role(self, state: Any) -> str:
        """The node's role in wire names, e.g. "leader"."""
        ...

    def term(self, state: Any) -> int:
        """The node's term."""
        ...

    def commit_index(self, state: Any) -> int:
        """The highest index that the node knows to be committed."""
        ...

    def parse_message(self, fields: Mapping[str, Any]) -> Message:
        """A message from its wire form. Raises raftviz.errors.CommandError."""
        ...

    def options(self) -> dict[str, Any]:
        """The options in force, in wire form."""
        ...

    def with_options(self, options: Mapping[str, Any], states: Sequence[Any]) -> Rules:
        """The same rules with some options changed, nodes standing at `states`.

        Raises raftviz.errors.OptionError.
        """
        ...
