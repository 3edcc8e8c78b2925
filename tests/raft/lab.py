"""One server on the bench: an input goes in, and its effects lie on the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from raftviz.protocols.base import ClientRequest, Effect, Note, Persist, Reply, Send, SetTimer
from raftviz.raft.log import NOTHING, Log, Snapshot
from raftviz.raft.messages import (
    AppendEntries,
    AppendEntriesReply,
    InstallSnapshot,
    InstallSnapshotReply,
    RequestVote,
    RequestVoteReply,
)
from raftviz.raft.node import RaftNode
from raftviz.raft.options import Options, Timing
from raftviz.raft.state import PersistentState, restarted
from raftviz.raft.types import Configuration, Configure, LogEntry, Role, Set

TIMING = Timing(150_000, 300_000, 50_000)
T = TypeVar("T")


def entries_of(terms: Sequence[int | LogEntry], after: int = 0) -> tuple[LogEntry, ...]:
    """Entries from terms alone, where equal (index, term) means an equal entry; or as they are."""
    return tuple(
        LogEntry(term, index, Set(f"k{index}", term)) if isinstance(term, int) else term
        for index, term in enumerate(terms, start=after + 1)
    )


def log_of(terms: Sequence[int | LogEntry], snapshot: Snapshot = NOTHING) -> Log:
    """A log of such entries, perhaps after a snapshot."""
    return Log(entries_of(terms, snapshot.last_included_index), snapshot)


def configuration(index: int, term: int, members: str, old: str = "") -> LogEntry:
    """An entry with a configuration, its members written like "s1 s2"."""
    halves = Configuration(tuple(members.split()), tuple(old.split()))
    return LogEntry(term, index, Configure(halves))


class Lab:
    """Server "s1" of a cluster, what its last input made it ask for, and what its disk holds."""

    def __init__(
        self,
        size: int = 3,
        term: int = 0,
        voted_for: str | None = None,
        log: Sequence[int | LogEntry] = (),
        snapshot: Snapshot = NOTHING,
        **options: Any,
    ) -> None:
        self.members = tuple(f"s{number}" for number in range(1, size + 1))
        self.options = Options.parse(options)
        self.disk = PersistentState(term, voted_for, log_of(log, snapshot))
        self.start()

    def start(self) -> Lab:
        """Start with what the disk holds; so it is after a crash, too."""
        state = restarted(self.disk)
        self.node = RaftNode("s1", self.members, self.options, TIMING, state)
        self.effects: list[Effect] = []
        return self._keep(self.node.start())

    def _keep(self, effects: list[Effect]) -> Lab:
        self.effects = effects
        for written in self.all(Persist):
            self.disk = written.durable
        return self

    # Inputs.

    def timeout(self, name: str = "election") -> Lab:
        return self._keep(self.node.timer(name))

    def receive(self, source: str, message: Any) -> Lab:
        return self._keep(self.node.receive(source, message))

    def order(self, name: str, argument: Any = None) -> Lab:
        return self._keep(self.node.order(name, argument))

    def request_vote(self, source: str, term: int, last_index: int = 0, last_term: int = 0) -> Lab:
        return self.receive(source, RequestVote(term, source, last_index, last_term))

    def vote(self, source: str, granted: bool = True, term: int | None = None) -> Lab:
        return self.receive(source, RequestVoteReply(self.term if term is None else term, granted))

    def append(
        self,
        source: str,
        term: int,
        prev: tuple[int, int] = (0, 0),
        entries: Sequence[int | LogEntry] = (),
        commit: int = 0,
    ) -> Lab:
        """AppendEntries after (index, term) `prev`, with entries of these terms."""
        index, prev_term = prev
        new = entries_of(entries, index)
        return self.receive(source, AppendEntries(term, source, index, prev_term, new, commit))

    def install(self, source: str, term: int, snapshot: Snapshot) -> Lab:
        return self.receive(source, InstallSnapshot(term, source, snapshot))

    def stored(self, source: str, match_index: int, prev: int = 0, round: int = 0) -> Lab:
        reply = AppendEntriesReply(self.term, True, match_index, self.term, prev, round)
        return self.receive(source, reply)

    def installed(self, source: str, index: int) -> Lab:
        return self.receive(source, InstallSnapshotReply(self.term, index, self.term))

    def refused(self, source: str, prev: int, **hints: Any) -> Lab:
        reply = AppendEntriesReply(
            self.term, False, 0, self.term, prev, reason="prev_missing", **hints
        )
        return self.receive(source, reply)

    def write(self, key: str = "x", value: Any = 1, serial: int = 1, client: str = "c") -> Lab:
        return self.request({"op": "set", "key": key, "value": value}, serial, client)

    def read(self, key: str = "x", mode: str = "linearizable", serial: int = 9) -> Lab:
        return self.request({"op": "read", "key": key, "mode": mode}, serial)

    def request(self, operation: dict[str, Any], serial: int, client: str = "c") -> Lab:
        return self._keep(self.node.request(ClientRequest(client, serial, operation)))

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
    def log(self) -> Log:
        return self.node.state.persistent.log

    @property
    def commit_index(self) -> int:
        return self.node.state.volatile.commit_index

    @property
    def last_applied(self) -> int:
        return self.node.state.volatile.last_applied

    @property
    def state_machine(self) -> dict[str, Any]:
        return dict(self.node.state.volatile.state_machine)

    @property
    def voters(self) -> str:
        return " ".join(self.node.configuration.members)

    @property
    def old_voters(self) -> str:
        return " ".join(self.node.configuration.old)

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

    def notes(self, kind: str) -> list[dict[str, Any]]:
        """The data of its notes of that kind."""
        return [dict(note.data) for note in self.all(Note) if note.kind == kind]

    def kinds(self) -> list[str]:
        """What it asked for, in order: the notes by their kind."""
        return [e.kind if isinstance(e, Note) else type(e).__name__ for e in self.effects]

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
