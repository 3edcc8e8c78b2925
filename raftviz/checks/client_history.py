"""What clients saw of a run: their requests and answers, folded into operations.

An operation is what one client wanted once: it begins when it is asked for and ends with its first
answer. Sending it again (the same client, the same serial number) is another attempt at the same
operation (Raft §8; dissertation §6.3), so that a second execution has no operation of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from raftviz.sim.events import Event

Value = str | int | float | bool


def same_value(left: Value | None, right: Value | None) -> bool:
    """Equality as clients' values have it: true is not 1, and 1 is not 1.0."""
    return type(left) is type(right) and left == right


OK, MISMATCH, OPEN, FAILED = "ok", "mismatch", "open", "failed"
"""What an operation came to: done; a compare-and-set that found something else; nobody knows, it
may yet take effect or never; it did not happen."""

GIVEN_CLIENT = ""
"""Who asked for the entries that a run starts with. No client has this name."""


class Moment(NamedTuple):
    """An event's `seq`, and its time in virtual microseconds."""

    seq: int
    time: int


class Held(NamedTuple):
    """What a key held; None: nothing, it was absent. Not for `==`: to that, True is 1."""

    value: Value | None


class Answer(NamedTuple):
    """An answer to an operation: `outcome` is OK or MISMATCH, `value` what it told."""

    at: Moment
    node: str | None
    outcome: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Operation:
    """What a client asked for, and what it was told.

    `op` is "set", "delete", "cas" or "read"; `value` and `expected` (None: absent) are its
    arguments, `mode` that of a read. It began at `invoked`. It is OPEN, with `returned` None, or
    its outcome was told at `returned` by `node`, with `result`. `attempts` counts how often it was
    sent, attempts that failed left out. `again` is an answer to a later attempt that
    differs from the first: a write that was executed twice.
    """

    client: str
    serial: int
    op: str
    key: str
    value: Value | None
    expected: Value | None
    mode: str | None
    invoked: Moment
    returned: Moment | None = None
    outcome: str = OPEN
    result: Value | None = None
    node: str | None = None
    attempts: int = 1
    again: Answer | None = None

    @property
    def reads(self) -> bool:
        """Whether it only looks."""
        return self.op == "read"

    @property
    def is_local_read(self) -> bool:
        """Whether it is promised no more than what the server that it asks has applied."""
        return self.op == "read" and self.mode == "local"

    @property
    def contradicts_itself(self) -> bool:
        """Whether it is a compare-and-set that was refused though it found what it expected."""
        return self.outcome == MISMATCH and same_value(self.result, self.expected)

    @property
    def found(self) -> Held | None:
        """What its key must have held for it to come to what it came to; None: it does not matter."""
        if self.outcome == MISMATCH or (self.outcome == OK and self.op in ("read", "delete")):
            return Held(self.result)
        return Held(self.expected) if self.op == "cas" else None

    @property
    def left(self) -> Held | None:
        """What its key held after it, if it took effect; None: what it had held before."""
        if self.outcome == MISMATCH or self.op == "read":
            return None
        return Held(None) if self.op == "delete" else Held(self.value)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A client's request as far as its attempts are known.

    `place` is its operation's place in the history; `waiting` holds (node, when) of each attempt
    that has not been answered for good. The node is None once the client was told that the outcome
    is unknown: nothing can be learnt about that attempt any more.
    """

    place: int
    waiting: tuple[tuple[str | None, Moment], ...]

    def answered_by(self, node: str | None) -> _Sent:
        """One attempt less: the latest one at `node`, so that doubts last as long as they can."""
        return self._resolved(node, ())

    def lost_at(self, node: str | None) -> _Sent:
        """The latest attempt at `node` will never be answered."""
        return self._resolved(node, (None,))

    def _resolved(self, node: str | None, left: tuple[None, ...]) -> _Sent:
        for place in range(len(self.waiting) - 1, -1, -1):
            asked, at = self.waiting[place]
            if asked == node:
                doubt = tuple((nobody, at) for nobody in left)
                waiting = (*self.waiting[:place], *doubt, *self.waiting[place + 1 :])
                return replace(self, waiting=waiting)
        return self


class ClientHistory:
    """The operations of a run. Feed it every event in order; others than of clients cost a look-up."""

    __slots__ = ("_current", "_given", "_operations", "_sent")

    def __init__(self) -> None:
        self._operations: list[Operation] = []
        self._sent: dict[tuple[str, int], _Sent] = {}
        self._current: dict[str, int] = {}
        self._given = _Given()

    @classmethod
    def of(cls, events: Iterable[Event]) -> ClientHistory:
        """The history of a whole run."""
        history = cls()
        for event in events:
            history.observe(event)
        return history

    def observe(self, event: Event) -> None:
        """Take in the next event.

        Raises ValueError for an answer to something that was never asked.
        """
        if event.kind == "client_request":
            self._request(event, event.data)
        elif event.kind == "client_reply":
            self._reply(event, event.data)
        elif event.cause == 1 and event.kind in _GIVEN_KINDS and event.data.get("why") == "given":
            self._given.observe(event)

    def copy(self) -> ClientHistory:
        """An independent history that has seen the same events."""
        twin = ClientHistory()
        twin._operations = self._operations.copy()
        twin._sent = self._sent.copy()
        twin._current = self._current.copy()
        twin._given = self._given.copy()
        return twin

    @property
    def operations(self) -> list[Operation]:
        """The operations that happened or may have, in the order in which they were first asked for."""
        return [operation for operation in self._operations if operation.outcome != FAILED]

    @property
    def failed(self) -> list[Operation]:
        """The operations that did not happen, in the order in which they were first asked for."""
        return [operation for operation in self._operations if operation.outcome == FAILED]

    @property
    def initial(self) -> Mapping[str, Value]:
        """What the keys held when the run started; a key that is absent is not among them."""
        return self._given.initial()

    @property
    def given(self) -> list[Operation]:
        """Writes in the logs that the run started with, not known to be committed then: they may
        take effect at any time or never.
        """
        return self._given.pending()

    def _request(self, event: Event, data: Mapping[str, Any]) -> None:
        client, serial = data["client"], data["serial"]
        now = Moment(event.seq, event.time)
        attempt = (event.node, now)
        self._current[client] = serial
        sent = self._sent.get((client, serial))
        if sent is None:
            self._begin(data, now, (attempt,))
            return
        operation = self._operations[sent.place]
        waiting = (*sent.waiting, attempt)
        if operation.reads and operation.outcome == OK:
            # A read has no effect that could be doubled: asked again, it is a read of its own. An
            # earlier attempt that is still under way may be the one that answers it.
            at = min(at for node, at in waiting if node is not None)
            self._begin(data, at, waiting)
            return
        if operation.outcome == FAILED:
            # Nothing has happened so far: it begins now.
            operation = replace(
                operation, invoked=now, returned=None, outcome=OPEN, node=None, attempts=0
            )
        self._operations[sent.place] = replace(operation, attempts=operation.attempts + 1)
        self._sent[client, serial] = replace(sent, waiting=waiting)

    def _begin(
        self, data: Mapping[str, Any], at: Moment, waiting: tuple[tuple[str | None, Moment], ...]
    ) -> None:
        request = data["request"]
        operation = Operation(
            data["client"],
            data["serial"],
            request["op"],
            request["key"],
            request.get("value"),
            request.get("expected"),
            request.get("mode"),
            at,
        )
        self._sent[operation.client, operation.serial] = _Sent(len(self._operations), waiting)
        self._operations.append(operation)

    def _reply(self, event: Event, data: Mapping[str, Any]) -> None:
        client, serial = data["client"], data["serial"]
        sent = self._sent.get((client, serial))
        if sent is None:
            raise ValueError(f"{client} is answered request {serial}, which it never sent")
        if self._current[client] != serial:
            return  # it has gone on to another request, and will not hear this
        now = Moment(event.seq, event.time)
        operation = self._operations[sent.place]
        outcome = data["outcome"]
        if outcome == "failed" and data["why"] == "cas_mismatch":
            outcome = MISMATCH
        if outcome in (OK, MISMATCH):
            sent = sent.answered_by(event.node)
            answer = Answer(now, event.node, outcome, data["value"])
            self._operations[sent.place] = _answered(operation, answer)
        elif outcome == "failed":
            before, sent = sent, sent.answered_by(event.node)
            if sent is not before and operation.outcome == OPEN:
                operation = replace(operation, attempts=operation.attempts - 1)
                if not sent.waiting:
                    operation = replace(operation, returned=now, outcome=FAILED, node=event.node)
                self._operations[sent.place] = operation
        else:
            sent = sent.lost_at(event.node)
        self._sent[client, serial] = sent


def _answered(operation: Operation, answer: Answer) -> Operation:
    if operation.outcome in (OPEN, FAILED):
        return replace(
            operation,
            returned=answer.at,
            outcome=answer.outcome,
            result=answer.value,
            node=answer.node,
        )
    tells = operation.op in ("delete", "cas")  # a set's answer says nothing, a read's may change
    alike = operation.outcome == answer.outcome and same_value(operation.result, answer.value)
    if alike or not tells or operation.again is not None:
        return operation
    return replace(operation, again=answer)


_GIVEN_KINDS = frozenset({"log_appended", "index_changed", "snapshot_taken"})


class _Given:
    """What the nodes of a run start with: the state machines that they show, and their logs."""

    __slots__ = ("_applied", "_entries", "_machines")

    def __init__(self) -> None:
        self._applied: dict[str, int] = {}
        self._machines: dict[str, dict[str, Value]] = {}
        self._entries: dict[tuple[int, int], tuple[Moment, Mapping[str, Any]]] = {}

    def copy(self) -> _Given:
        twin = _Given()
        twin._applied = self._applied.copy()
        twin._machines = {node: machine.copy() for node, machine in self._machines.items()}
        twin._entries = self._entries.copy()
        return twin

    def observe(self, event: Event) -> None:
        if event.kind == "log_appended":
            entry = event.data["entry"]
            at = Moment(event.seq, event.time)
            self._entries.setdefault((entry["index"], entry["term"]), (at, entry))
        node = str(event.node)
        machine = self._machines.setdefault(node, {})
        for path, _, new in event.changes:
            if path[:2] != ("nodes", node):
                continue
            if path[2:] == ("lastApplied",):
                self._applied[node] = new
            elif path[2:] == ("stateMachine",):
                self._machines[node] = machine = dict(new)
            elif path[2:3] == ("stateMachine",):
                machine[str(path[3])] = new

    def initial(self) -> Mapping[str, Value]:
        """What the node that has applied most holds: all of it is committed."""
        if not self._applied:
            return {}
        furthest = max(self._applied, key=lambda node: self._applied[node])
        return dict(self._machines[furthest])

    def pending(self) -> list[Operation]:
        """The writes after what has been applied, in the order in which they were given."""
        applied = max(self._applied.values(), default=0)
        return [
            operation
            for (index, _), (at, entry) in self._entries.items()
            if index > applied and (operation := _operation_of(entry, at)) is not None
        ]


def _operation_of(entry: Mapping[str, Any], at: Moment) -> Operation | None:
    """A log entry as an operation that nobody waits for; None if it touches no key."""
    serial = entry["index"]
    if "set" in entry:
        ((key, value),) = entry["set"].items()
        return Operation(GIVEN_CLIENT, serial, "set", key, value, None, None, at)
    if "delete" in entry:
        return Operation(GIVEN_CLIENT, serial, "delete", entry["delete"], None, None, None, at)
    if "cas" in entry:
        cas = entry["cas"]
        key, value, expected = cas["key"], cas["value"], cas["expected"]
        return Operation(GIVEN_CLIENT, serial, "cas", key, value, expected, None, at)
    return None
