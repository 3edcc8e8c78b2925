"""Messages from their wire form, for authors who hand a node one of their own making."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from raftviz.errors import CommandError, Phrase, meant, shown
from raftviz.raft.log import Snapshot
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
from raftviz.raft.types import (
    Cas,
    Command,
    Configuration,
    Configure,
    Delete,
    LogEntry,
    Noop,
    Session,
    Set,
    Value,
)

ENVELOPE = ("id", "type", "reply", "from", "to", "term", "sent", "arrives", "lost")
TYPES = ("RequestVote", "AppendEntries", "PreVote", "TimeoutNow", "InstallSnapshot")


class Fields:
    """Reads a mapping field by field, naming what is wrong."""

    def __init__(self, fields: Mapping[str, Any], where: str) -> None:
        self._fields = fields
        self._where = where
        self._read: list[str] = []

    def get(self, name: str, kinds: tuple[type, ...], default: Any = ...) -> Any:
        """The field `name`, of one of `kinds` (bool is no int); `default` where it is left out."""
        self._read.append(name)
        if name not in self._fields:
            if default is ...:
                raise CommandError(
                    f"{name} is missing",
                    where=self._where,
                    remedy=f"give {name}: {_words(kinds)}",
                    kind="wire.missing",
                    name=name,
                    wanted=_words(kinds),
                )
            return default
        value = self._fields[name]
        if type(value) not in kinds:
            raise CommandError(
                f"{shown(value)} is no {name}",
                where=f"{self._where}.{name}",
                remedy=f"give {_words(kinds)}",
                kind="wire.kind",
                value=shown(value),
                name=name,
                wanted=_words(kinds),
            )
        if type(value) is int and not 0 <= value <= 2**53:
            raise CommandError(
                f"{value} is out of range",
                where=f"{self._where}.{name}",
                remedy="give a whole number from 0 on",
                kind="wire.range",
                value=str(value),
            )
        return value

    def finish(self) -> None:
        """Refuse a field that nothing has read."""
        for name in self._fields:
            if name not in self._read and name not in ENVELOPE:
                raise CommandError(
                    f"{shown(name)} is no field of this message",
                    where=self._where,
                    kind="wire.field",
                    name=shown(name),
                    **meant(name, self._read),
                )


_KINDS: Mapping[type, str | Phrase] = {
    bool: Phrase("true or false", "shape.flag"),
    int: Phrase("a whole number", "kind.whole"),
    str: Phrase("text", "kind.text"),
    type(None): "null",
    list: Phrase("a list", "kind.list"),
    dict: Phrase("a mapping", "kind.mapping"),
    float: Phrase("a number", "kind.number"),
}


def _words(kinds: tuple[type, ...]) -> str | Phrase:
    words, *others = (_KINDS[kind] for kind in kinds)
    for other in others:
        words = Phrase(f"{words} or {other}", "kind.or", first=words, other=other)
    return words


def parse_entry(value: Mapping[str, Any], where: str) -> LogEntry:
    """A log entry: {"index", "term", and one of "set", "delete", "cas", "configuration", "noop"};
    under client sessions also "client" and "serial".
    """
    if not isinstance(value, Mapping):
        raise CommandError(
            f"{shown(value)} is no entry",
            where=where,
            remedy="give {index, term, set: {key: value}}",
            kind="wire.entry",
            value=shown(value),
        )
    fields = Fields(value, where)
    term, index = fields.get("term", (int,)), fields.get("index", (int,))
    command: Command
    if "set" in value:
        pairs = fields.get("set", (dict,))
        if len(pairs) != 1:
            raise CommandError(
                "an entry sets one key",
                where=f"{where}.set",
                remedy="{key: value}",
                kind="wire.one",
            )
        ((key, to),) = pairs.items()
        command = Set(str(key), to)
    elif "delete" in value:
        command = Delete(fields.get("delete", (str,)))
    elif "cas" in value:
        inner = Fields(fields.get("cas", (dict,)), f"{where}.cas")
        kinds = (str, int, float, bool)
        command = Cas(
            inner.get("key", (str,)),
            inner.get("expected", (*kinds, type(None)), None),
            inner.get("value", kinds),
        )
    elif "noop" in value:
        fields.get("noop", (bool,))
        command = Noop()
    elif "configuration" in value:
        given = fields.get("configuration", (dict,))
        command = Configure(parse_configuration(given, f"{where}.configuration"))
    else:
        raise CommandError(
            "an entry says what it does",
            where=where,
            remedy="give one of set, delete, cas, configuration, noop",
            kind="wire.does",
        )
    client = fields.get("client", (str, type(None)), None)
    serial = fields.get("serial", (int,), 0)
    fields.finish()
    return LogEntry(term, index, command, client, serial)


def parse_configuration(value: Mapping[str, Any], where: str) -> Configuration:
    """Members, and the old ones while joint: {"members": […], "old": […]}."""
    fields = Fields(value, where)
    halves = [fields.get(name, (list,), []) for name in ("members", "old")]
    fields.finish()
    for half in halves:
        for position, member in enumerate(half):
            if not isinstance(member, str) or member in half[:position]:
                raise CommandError(
                    f"{shown(member)} is no member",
                    where=where,
                    remedy="name each node once",
                    kind="wire.member",
                    node=shown(member),
                )
    return Configuration(tuple(halves[0]), tuple(halves[1]))


def _request_vote(fields: Fields, term: int, source: str) -> RaftMessage:
    return RequestVote(
        term,
        fields.get("candidateId", (str,), source),
        fields.get("lastLogIndex", (int,), 0),
        fields.get("lastLogTerm", (int,), 0),
        fields.get("leadershipTransfer", (bool,), False),
    )


def _pre_vote(fields: Fields, term: int, source: str) -> RaftMessage:
    return PreVote(
        term,
        fields.get("candidateId", (str,), source),
        fields.get("lastLogIndex", (int,), 0),
        fields.get("lastLogTerm", (int,), 0),
    )


def _pre_vote_reply(fields: Fields, term: int, source: str) -> RaftMessage:
    return PreVoteReply(term, fields.get("voteGranted", (bool,)), fields.get("reason", (str,), ""))


def _timeout_now(fields: Fields, term: int, source: str) -> RaftMessage:
    return TimeoutNow(term, fields.get("leaderId", (str,), source))


def _vote_reply(fields: Fields, term: int, source: str) -> RaftMessage:
    return RequestVoteReply(
        term, fields.get("voteGranted", (bool,)), fields.get("reason", (str,), "")
    )


def _append_entries(fields: Fields, term: int, source: str) -> RaftMessage:
    previous = fields.get("prevLogIndex", (int,), 0)
    entries = tuple(
        parse_entry(value, f"inject.entries[{position}]")
        for position, value in enumerate(fields.get("entries", (list,), []))
    )
    for position, entry in enumerate(entries):
        if entry.index != previous + 1 + position:
            raise CommandError(
                f"index {entry.index} does not follow {previous + position}",
                where=f"inject.entries[{position}]",
                remedy=f"entries begin at prevLogIndex + 1 = {previous + 1} and leave no gap",
                kind="wire.gap",
                index=str(entry.index),
                last=str(previous + position),
                first=str(previous + 1),
            )
    return AppendEntries(
        term,
        fields.get("leaderId", (str,), source),
        previous,
        fields.get("prevLogTerm", (int,), 0),
        entries,
        fields.get("leaderCommit", (int,), 0),
        fields.get("round", (int,), 0),
    )


def _append_reply(fields: Fields, term: int, source: str) -> RaftMessage:
    optional = (int, type(None))
    return AppendEntriesReply(
        term,
        fields.get("success", (bool,)),
        fields.get("matchIndex", (int,), 0),
        fields.get("requestTerm", (int,), term),
        fields.get("prevLogIndex", (int,), 0),
        fields.get("round", (int,), 0),
        fields.get("conflictIndex", optional, None),
        fields.get("conflictTerm", optional, None),
        fields.get("reason", (str,), ""),
    )


def _install_snapshot(fields: Fields, term: int, source: str) -> RaftMessage:
    where = "inject.configuration"
    configuration = fields.get("configuration", (dict, type(None)), None)
    sessions = {}
    for client, value in fields.get("sessions", (dict,), {}).items():
        if not isinstance(value, Mapping):
            raise CommandError(
                f"{shown(value)} is no session",
                where=f"inject.sessions.{client}",
                remedy="give {serial, done, value}",
                kind="wire.session",
                value=shown(value),
            )
        session = Fields(value, f"inject.sessions.{client}")
        kinds = (str, int, float, bool, type(None))
        sessions[str(client)] = Session(
            session.get("serial", (int,)),
            session.get("done", (bool,), True),
            session.get("value", kinds, None),
        )
        session.finish()
    snapshot = Snapshot(
        fields.get("lastIncludedIndex", (int,)),
        fields.get("lastIncludedTerm", (int,)),
        parse_configuration(configuration, where) if configuration is not None else None,
        parse_state_machine(fields.get("stateMachine", (dict,), {}), "inject.stateMachine"),
        sessions,
    )
    return InstallSnapshot(
        term,
        fields.get("leaderId", (str,), source),
        snapshot,
        fields.get("round", (int,), 0),
    )


def parse_state_machine(value: Any, where: str) -> dict[str, Value]:
    """The key-value store of a snapshot. Raises CommandError."""
    if not isinstance(value, Mapping):
        raise CommandError(
            f"{shown(value)} does not fit",
            where=where,
            remedy="give {key: value}",
            kind="wire.store",
            value=shown(value),
        )
    for key, item in value.items():
        if type(item) not in (str, int, float, bool):
            raise CommandError(
                f"{shown(item)} is no value",
                where=f"{where}.{key}",
                remedy="give text, a number, true or false",
                kind="wire.value",
                value=shown(item),
            )
    return {str(key): item for key, item in value.items()}


def _install_reply(fields: Fields, term: int, source: str) -> RaftMessage:
    return InstallSnapshotReply(
        term,
        fields.get("lastIncludedIndex", (int,)),
        fields.get("requestTerm", (int,), term),
        fields.get("round", (int,), 0),
    )


READERS: dict[tuple[str, bool], Callable[[Fields, int, str], RaftMessage]] = {
    ("RequestVote", False): _request_vote,
    ("RequestVote", True): _vote_reply,
    ("AppendEntries", False): _append_entries,
    ("AppendEntries", True): _append_reply,
    ("PreVote", False): _pre_vote,
    ("PreVote", True): _pre_vote_reply,
    ("TimeoutNow", False): _timeout_now,
    ("InstallSnapshot", False): _install_snapshot,
    ("InstallSnapshot", True): _install_reply,
}


def parse_message(message: Mapping[str, Any]) -> RaftMessage:
    """A message from its wire form; fields that are left out are as in an empty cluster.

    Raises CommandError naming the field.
    """
    fields = Fields(message, "inject")
    kind = fields.get("type", (str,))
    if kind not in TYPES:
        raise CommandError(
            f"there is no message {shown(kind)}",
            where="inject.type",
            kind="wire.type",
            type=shown(kind),
            **meant(kind, TYPES),
        )
    reply = fields.get("reply", (bool,), False)
    if (kind, reply) not in READERS:
        raise CommandError(
            f"{kind} has no reply",
            where="inject.reply",
            remedy="leave reply out, or give false",
            kind="wire.reply",
            type=kind,
        )
    parsed = READERS[kind, reply](fields, fields.get("term", (int,)), message["from"])
    fields.finish()
    return parsed
