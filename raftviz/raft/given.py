"""Where a lesson's nodes start: `given` as durable state and, for leaders and candidates, roles.

What is given must be a state that Raft can be in as far as one node shows it; a description that
contradicts itself is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from raftviz.errors import ClusterError, CommandError, Phrase, meant, shown
from raftviz.protocols.base import NodeId
from raftviz.raft.log import NOTHING, Log, Snapshot
from raftviz.raft.state import (
    CandidateState,
    LeaderState,
    NodeState,
    PersistentState,
    VolatileState,
)
from raftviz.raft.types import Configuration, LogEntry, Noop, Role, Set, Value, execute
from raftviz.raft.wire import parse_entry, parse_state_machine

FIELDS = (
    "state",
    "term",
    "votedFor",
    "log",
    "commitIndex",
    "lastApplied",
    "nextIndex",
    "matchIndex",
    "leader",
    "members",
    "snapshot",
)
SET_TEXT = re.compile(r"^\(set, ([^=]+)=(.*)\)$")


def parse_log(value: Any, where: str, snapshot: Snapshot = NOTHING) -> Log:
    """A log from `[{term, set: {k: v}}, …]`, `["(set, k=v)", …]` or terms alone `[1, 1, 4]`, after
    a snapshot if there is one.

    Entries given by term alone are blank. Raises ClusterError.
    """
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ClusterError(
            f"{shown(value)} is no log",
            where=where,
            remedy="give a list of entries or of terms",
            kind="given.log",
            value=shown(value),
        )
    log = Log(snapshot=snapshot)
    for position, item in enumerate(value):
        place = f"{where}[{position}]"
        index = log.last_index + 1
        if type(item) is int:
            entry = LogEntry(item, index, Noop())
        elif isinstance(item, str):
            match = SET_TEXT.match(item)
            if match is None:
                raise ClusterError(
                    f"{shown(item)} is no entry",
                    where=place,
                    remedy='write "(set, key=value)"',
                    kind="given.set",
                    value=shown(item),
                )
            entry = LogEntry(log.last_term or 1, index, Set(match[1], match[2]))
        elif isinstance(item, Mapping):
            try:
                entry = parse_entry({"index": index, **_with_command(item)}, place)
            except CommandError as error:
                raise _of_cluster(error) from error
            if entry.index != index:
                raise ClusterError(
                    f"index {entry.index} stands at place {index}",
                    where=place,
                    remedy=f"leave index out, or give {index}",
                    kind="given.index",
                    index=str(entry.index),
                    place=str(index),
                )
        else:
            raise ClusterError(
                f"{shown(item)} is no entry",
                where=place,
                remedy="give {term, set: {key: value}}",
                kind="given.entry.term",
                value=shown(item),
            )
        if entry.term < max(log.last_term, 1):
            raise ClusterError(
                f"term {entry.term} follows term {log.last_term}",
                where=place,
                remedy="terms in a log start at 1 and never fall",
                kind="given.falls",
                term=str(entry.term),
                last=str(log.last_term),
            )
        log = log.append(entry)
    return log


def _with_command(item: Mapping[str, Any]) -> dict[str, Any]:
    if any(name in item for name in ("set", "delete", "cas", "configuration", "noop")):
        return dict(item)
    return {**item, "noop": True}


def _of_cluster(error: CommandError) -> ClusterError:
    """What a command would complain of, said of a cluster that cannot be made."""
    return ClusterError(
        error.message, where=error.where, remedy=error.remedy, kind=error.kind, **error.facts
    )


class _Reader:
    def __init__(
        self, node_id: NodeId, given: Mapping[str, Any], members: Sequence[NodeId]
    ) -> None:
        self.where = f"given.{node_id}"
        if not isinstance(given, Mapping):
            raise ClusterError(
                f"{shown(given)} is no state",
                where=self.where,
                remedy="give fields such as term",
                kind="given.state",
                value=shown(given),
            )
        for name in given:
            if name not in FIELDS:
                raise ClusterError(
                    f"there is no field {shown(name)}",
                    where=self.where,
                    kind="shape.field",
                    name=shown(name),
                    **meant(name, FIELDS),
                )
        self.given = given
        self.members = members

    def number(self, name: str, default: int, low: int = 0, high: int = 2**53) -> int:
        value = self.given.get(name, default)
        if type(value) is not int or not low <= value <= high:
            raise ClusterError(
                f"{shown(value)} is no {name}",
                where=f"{self.where}.{name}",
                remedy=f"give a whole number from {low}" + (f" to {high}" if high < 2**53 else ""),
                kind="given.between" if high < 2**53 else "given.from",
                value=shown(value),
                name=name,
                low=str(low),
                high=str(high),
            )
        return value

    def node(self, name: str) -> NodeId | None:
        value = self.given.get(name)
        if value is None or value in self.members:
            return value
        if type(value) is int and 1 <= value <= len(self.members):
            return self.members[value - 1]
        raise ClusterError(
            f"there is no node {shown(value)}",
            where=f"{self.where}.{name}",
            kind="node",
            id=shown(value),
            **meant(value, self.members),
        )

    def node_list(self, name: str) -> tuple[NodeId, ...]:
        value = self.given[name]
        if not isinstance(value, Sequence) or isinstance(value, str) or not value:
            raise ClusterError(
                f"{shown(value)} is no list of members",
                where=f"{self.where}.{name}",
                remedy=f"give a list such as [{self.members[0]}]",
                kind="given.members",
                value=shown(value),
                first=self.members[0],
            )
        for position, member in enumerate(value):
            if member not in self.members or member in value[:position]:
                raise ClusterError(
                    f"{shown(member)} "
                    + ("is named twice" if member in self.members else "is no node"),
                    where=f"{self.where}.{name}",
                    kind="given.twice" if member in self.members else "given.stranger",
                    node=shown(member),
                    **meant(member, self.members),
                )
        return tuple(value)

    def snapshot(self) -> Snapshot:
        """The log's beginning: members and, if given, {index, term, stateMachine}."""
        configuration = (
            Configuration(self.node_list("members")) if "members" in self.given else None
        )
        value = self.given.get("snapshot")
        if value is None:
            return Snapshot(configuration=configuration) if configuration else NOTHING
        where = f"{self.where}.snapshot"
        if not isinstance(value, Mapping):
            raise ClusterError(
                f"{shown(value)} is no snapshot",
                where=where,
                remedy="give {index, term}",
                kind="given.snapshot",
                value=shown(value),
            )
        for name in value:
            if name not in ("index", "term", "stateMachine"):
                raise ClusterError(
                    f"there is no field {shown(name)}",
                    where=where,
                    kind="shape.field",
                    name=shown(name),
                    **meant(name, ("index", "term", "stateMachine")),
                )
        numbers = []
        for name in ("index", "term"):
            number = value.get(name)
            if type(number) is not int or not 1 <= number <= 2**53:
                raise ClusterError(
                    f"{shown(number)} is no {name}",
                    where=f"{where}.{name}",
                    remedy="give a whole number from 1",
                    kind="given.from",
                    value=shown(number),
                    name=name,
                    low="1",
                )
            numbers.append(number)
        try:
            pairs = parse_state_machine(value.get("stateMachine", {}), f"{where}.stateMachine")
        except CommandError as error:
            raise _of_cluster(error) from error
        return Snapshot(numbers[0], numbers[1], configuration, pairs)

    def indexes(
        self, name: str, peers: Sequence[NodeId], default: int, low: int, high: int
    ) -> dict[NodeId, int]:
        value = self.given.get(name, {})
        if not isinstance(value, Mapping):
            raise ClusterError(
                f"{shown(value)} is no {name}",
                where=f"{self.where}.{name}",
                remedy="give {node: index}",
                kind="given.indexes",
                value=shown(value),
                name=name,
            )
        for peer in value:
            if peer not in peers:
                raise ClusterError(
                    f"there is no other node {shown(peer)}",
                    where=f"{self.where}.{name}",
                    kind="given.peer",
                    node=shown(peer),
                    **meant(peer, peers),
                )
        for peer, index in value.items():
            if type(index) is not int or not low <= index <= high:
                raise ClusterError(
                    f"{shown(index)} is no {name}",
                    where=f"{self.where}.{name}.{peer}",
                    remedy=f"give a whole number from {low} to {high}",
                    kind="given.between",
                    value=shown(index),
                    name=name,
                    low=str(low),
                    high=str(high),
                )
        return {peer: value.get(peer, default) for peer in peers}


def given_state(node_id: NodeId, given: Mapping[str, Any], members: Sequence[NodeId]) -> NodeState:
    """The state of one node as a lesson gives it; what is not given is fresh.

    Raises ClusterError where it contradicts itself.
    """
    read = _Reader(node_id, given, members)
    snapshot = read.snapshot()
    log = parse_log(given.get("log", []), f"{read.where}.log", snapshot)
    configuration = log.configuration or Configuration(tuple(members))
    peers = [voter for voter in configuration.voters if voter != node_id]
    least = snapshot.last_included_index
    roles = [role.value for role in Role]
    if given.get("state", "follower") not in roles:
        raise ClusterError(
            f"there is no state {shown(given['state'])}",
            where=f"{read.where}.state",
            kind="until.role",
            role=shown(given["state"]),
            **meant(given["state"], roles),
        )
    role = Role(given.get("state", "follower"))
    campaigns = role in (Role.CANDIDATE, Role.LEADER)
    term = read.number("term", max(log.last_term, 1 if campaigns else 0))
    if term < log.last_term or (campaigns and term < 1):
        raise ClusterError(
            f"term {term} contradicts "
            + (
                f"its log, which ends in term {log.last_term}"
                if term < log.last_term
                else f"its being {role.value}"
            ),
            where=f"{read.where}.term",
            remedy=f"give a term from {max(log.last_term, 1)} on",
            kind="given.term.log" if term < log.last_term else "given.term.role",
            term=str(term),
            last=str(log.last_term),
            least=str(max(log.last_term, 1)),
            role=Phrase(role.value, f"role.{role.value}"),
        )
    voted_for = read.node("votedFor") if "votedFor" in given else node_id if campaigns else None
    if campaigns and voted_for != node_id:
        raise ClusterError(
            f"a {role.value} has voted for itself",
            where=f"{read.where}.votedFor",
            remedy=f"leave votedFor out, or give {node_id}",
            kind="given.vote",
            node=node_id,
            role=Phrase(role.value, f"role.{role.value}"),
        )
    commit_index = read.number("commitIndex", least, least, log.last_index)
    applied = read.number("lastApplied", commit_index, least, commit_index)
    state_machine: Mapping[str, Value] = snapshot.state_machine
    for entry in log.since(least + 1, applied - least) if applied > least else ():
        state_machine, _, _ = execute(entry.command, state_machine)
    leader = read.node("leader")
    state = NodeState(
        role=role,
        persistent=PersistentState(term, voted_for, log),
        volatile=VolatileState(commit_index, applied, state_machine, leader),
    )
    if role in (Role.PRECANDIDATE, Role.CANDIDATE):
        state = replace(state, candidate=CandidateState(votes_granted=(node_id,)))
    if role is Role.LEADER:
        match_index = read.indexes("matchIndex", peers, 0, 0, log.last_index)
        next_index = read.indexes("nextIndex", peers, log.last_index + 1, 1, log.last_index + 1)
        for peer in peers:
            if next_index[peer] <= match_index[peer]:
                raise ClusterError(
                    f"nextIndex {next_index[peer]} is not above matchIndex {match_index[peer]}",
                    where=f"{read.where}.nextIndex.{peer}",
                    remedy=f"give a whole number from {match_index[peer] + 1} on",
                    kind="given.next",
                    next=str(next_index[peer]),
                    match=str(match_index[peer]),
                    least=str(match_index[peer] + 1),
                )
        state = replace(
            state,
            volatile=replace(state.volatile, leader_id=node_id),
            leader=LeaderState(next_index, match_index, acked_round=dict.fromkeys(peers, 0)),
        )
    elif "nextIndex" in given or "matchIndex" in given:
        raise ClusterError(
            f"a {role.value} has neither nextIndex nor matchIndex",
            where=read.where,
            remedy="give state: leader, or leave them out",
            kind="given.progress",
            role=Phrase(role.value, f"role.{role.value}"),
        )
    return state
