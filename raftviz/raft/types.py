"""The small words of the algorithm: roles, entries, and what a log entry tells the state machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from raftviz.protocols.base import NodeId, Value
from raftviz.raft.quorum import Configuration, Index

Term = int


class Role(Enum):
    """A server's state (Raft §5.1, Fig. 4)."""

    FOLLOWER = "follower"
    PRECANDIDATE = "precandidate"
    """Asks whether an election could be won before it starts one (dissertation §9.6)."""
    CANDIDATE = "candidate"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Set:
    """Set a key."""

    key: str
    value: Value

    def view(self) -> dict[str, Any]:
        """The command in wire names."""
        return {"set": {self.key: self.value}}


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a key; no matter if it was there."""

    key: str

    def view(self) -> dict[str, Any]:
        """The command in wire names."""
        return {"delete": self.key}


@dataclass(frozen=True, slots=True)
class Cas:
    """Compare and set: set `key` to `value` if it holds `expected` (None: if it is absent)."""

    key: str
    expected: Value | None
    value: Value

    def view(self) -> dict[str, Any]:
        """The command in wire names."""
        return {"cas": {"key": self.key, "expected": self.expected, "value": self.value}}


@dataclass(frozen=True, slots=True)
class Noop:
    """A blank entry that a new leader appends to find out what is committed (Raft §8)."""

    def view(self) -> dict[str, Any]:
        """The command in wire names."""
        return {"noop": True}


@dataclass(frozen=True, slots=True)
class Configure:
    """A change of members; a server obeys it from the moment it is in its log (dissertation §4.1)."""

    configuration: Configuration

    def view(self) -> dict[str, Any]:
        """The command in wire names."""
        return {"configuration": self.configuration.view()}


Command = Set | Delete | Cas | Noop | Configure


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of a log: created by the leader of `term` at `index`.

    Under `client_sessions` a client's command says whose it is and which of its commands, so that
    every server can tell a repetition (dissertation §6.3).
    """

    term: Term
    index: Index
    command: Command
    client: str | None = None
    serial: int = 0

    def view(self) -> dict[str, Any]:
        """The entry in wire names: {"index", "term", "set": {key: value}} and the like."""
        view = {"index": self.index, "term": self.term, **self.command.view()}
        return (
            view if self.client is None else {**view, "client": self.client, "serial": self.serial}
        )


@dataclass(frozen=True, slots=True)
class Session:
    """What a client's latest command came to, kept with the state machine (dissertation §6.3)."""

    serial: int
    done: bool
    value: Value | None


def same_value(left: Value | None, right: Value | None) -> bool:
    """Equality that keeps true apart from 1, and 1 from 1.0, as the clients' values are."""
    return type(left) is type(right) and left == right


def execute(
    command: Command, state_machine: Mapping[str, Value]
) -> tuple[Mapping[str, Value], bool, Value | None]:
    """Apply a command: (new state machine, whether it took effect, value to answer)."""
    if isinstance(command, Set):
        return {**state_machine, command.key: command.value}, True, command.value
    if isinstance(command, Delete):
        rest = {key: value for key, value in state_machine.items() if key != command.key}
        return rest, True, state_machine.get(command.key)
    if isinstance(command, Cas):
        found = state_machine.get(command.key)
        if same_value(found, command.expected):
            return {**state_machine, command.key: command.value}, True, command.value
        return state_machine, False, found
    return state_machine, True, None


__all__ = [
    "Cas",
    "Command",
    "Configuration",
    "Configure",
    "Delete",
    "Index",
    "LogEntry",
    "NodeId",
    "Noop",
    "Role",
    "Session",
    "Set",
    "Term",
    "Value",
    "execute",
    "same_value",
]
