"""One server on the bench: an input goes in, and its effects lie on the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from raftviz.protocols.base import ClientRequest, Effect, Note, Persist, Reply, Send, SetTimer
from raftviz.raft.log import Log
from raftviz.raft.messages import AppendEntries, AppendEntriesReply, RequestVote, RequestVoteReply
from raftviz.raft.node import RaftNode
from raftviz.raft.options import Options, Timing
from raftviz.raft.state import NodeState, PersistentState
from raftviz.raft.types import LogEntry, Role, Set

TIMING = Timing(150_000, 300_000, 50_000)
T = TypeVar("T")


def log_of(terms: Sequence[int]) -> Log:
    """A log from terms alone; equal (index, term) means an equal entry."""
    return Log(
        LogEntry(term, index, Set(f"k{index}", term)) for index, term in enumerate(terms, start=1)
    )


class Lab:
    """Server "s1" of a cluster, and what its last input made it ask for."""

    def __init__(
        self,
        size: int = 3,
        term: int = 0,
        voted_for: str | None = None,
        log: Sequence[int] = (),
        **options: Any,
    ) -> None:
        members = tuple(f"s{number}" for number in range(1, size + 1))
        state = NodeState(persistent=PersistentState(term, voted_for, log_of(log)))
        self.node = RaftNode("s1", members, Options.parse(options), TIMING, state)
        self.effects: list[Effect] = []

    # Inputs.

    def timeout(self, name: str = "election") -> Lab:
        self.effects = self.node.timer(name)
        return self

    def receive(self, source: str, message: Any) -> Lab:
        self.effects = self.node.receive(source, message)
        return self

    def request_vote(self, source: str, term: int, last_index: int = 0, last_term: int = 0) -> Lab:
        return self.receive(source, RequestVote(term, source, last_index, last_term))

    def vote(self, source: str, granted: bool = True, term: int | None = None) -> Lab:
        return self.receive(source, RequestVoteReply(self.term if term is None else term, granted))

    def append(
        self,
        source: str,
        term: int,
        prev: tuple[int, int] = (0, 0),
        entries: Sequence[int] = (),
        commit: int = 0,
    ) -> Lab:
        """AppendEntries after (index, term) `prev`, with entries of these terms."""
        index, prev_term = prev
        new = tuple(
            LogEntry(t, index + place, Set(f"k{index + place}", t))
            for place, t in enumerate(entries, start=1)
        )
        return self.receive(source, AppendEntries(term, source, index, prev_term, new, commit))

    def stored(self, source: str, match_index: int, prev: int = 0) -> Lab:
        reply = AppendEntriesReply(self.term, True, match_index, self.term, prev)
        return self.receive(source, reply)

    def refused(self, source: str, prev: int, **hints: Any) -> Lab:
        reply = AppendEntriesReply(
            self.term, False, 0, self.term, prev, reason="prev_missing", **hints
        )
        return self.receive(source, reply)

    def write(self, key: str = "x", value: Any = 1, serial: int = 1) -> Lab:
        operation = {"op": "set", "key": key, "value": value}
        self.effects = self.node.request(ClientRequest("c", serial, operation))
        return self

    def read(self, key: str = "x", mode: str = "linearizable", serial: int = 9) -> Lab:
        operation = {"op": "read", "key": key, "mode": mode}
        self.effects = self.node.request(ClientRequest("c", serial, operation))
        return self

    def elected(self) -> Lab:
        """Win an election with the votes of all others."""
        self.timeout()
        for peer in self.node.peers:
            self.vote(peer)
            if self.role is Role.LEADER:
                break
        assert self.role is Role.LEADER
        return self

    # What stands.

    @property
    def role(self) -> Role:
        return self.node.state.role

    @property
    def term(self) -> int:
        return self.node.state.persistent.current_term

    @property
    def voted_for(self) -> str | None:
        return self.node.state.persistent.voted_for

    @property
    def terms(self) -> list[int]:
        return [entry.term for entry in self.node.state.persistent.log]

    @property
    def commit_index(self) -> int:
        return self.node.state.volatile.commit_index

    def next_index(self, peer: str) -> int:
        assert self.node.state.leader is not None
        return self.node.state.leader.next_index[peer]

    def match_index(self, peer: str) -> int:
        assert self.node.state.leader is not None
        return self.node.state.leader.match_index[peer]

    # What it asked for.

    def all(self, kind: type[T]) -> list[T]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    def sent(self, target: str | None = None) -> list[Any]:
        return [s.message for s in self.all(Send) if target in (None, s.target)]

    def answer(self) -> Any:
        """The one message that it sent."""
        (message,) = self.sent()
        return message

    def replies(self) -> list[Reply]:
        return self.all(Reply)

    def noted(self) -> list[str]:
        return [note.kind for note in self.all(Note)]

    def restarts_election_timer(self) -> bool:
        return any(timer.name == "election" for timer in self.all(SetTimer))

    def persists_before_sending(self) -> bool:
        """Whether every message leaves after the last change of what must be durable."""
        durable = None
        for effect in self.effects:
            if isinstance(effect, Persist):
                durable = effect.durable
            if isinstance(effect, (Send, Reply)) and durable is not None:
                return durable == self.node.state.persistent
        return durable is None or durable == self.node.state.persistent
