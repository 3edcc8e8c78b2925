"""Histories of clients in a few words, and how they are judged slowly.

"c1 set 1; c2 read; c1 ok; c2 ok 1" is what happened, in order. A client asks (`set V`, `cas E V`,
`delete`, `read`, `local` for a local read), asks the same again (`again`), or is answered (`ok`,
`ok V`, `mismatch V`, `failed`, `unknown`, and `late N …` for an answer to its request N). The key is
x unless another one comes first (`c1 y set 1`), the node n1 unless one is named (`c1 again @n2`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

from raftviz.checks import ClientHistory, Operation, Verdict
from raftviz.sim.events import Event

ASKS = ("set", "cas", "delete", "read", "local")


class Script:
    """Events of clients, numbered as a run would number them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.emit("command", None, {"command": {"start": {}}})
        self._serials: dict[str, int] = {}
        self._asked: dict[tuple[str, int], dict[str, Any]] = {}

    def emit(self, kind: str, node: str | None, data: dict[str, Any]) -> None:
        seq = len(self.events) + 1
        cause = None if kind == "command" else 1
        self.events.append(Event(seq, 10 * seq, kind, node, cause, data))

    def ask(self, client: str, request: dict[str, Any], node: str = "n1") -> None:
        serial = self._serials[client] = self._serials.get(client, 0) + 1
        self._asked[client, serial] = request
        self._send(client, node)

    def again(self, client: str, node: str = "n1") -> None:
        self._send(client, node)

    def _send(self, client: str, node: str) -> None:
        serial = self._serials[client]
        request = self._asked[client, serial]
        data = {"client": client, "serial": serial, "request": request, "to": node}
        self.emit("client_request", node, data)

    def answer(
        self,
        client: str,
        outcome: str,
        value: object = None,
        node: str = "n1",
        serial: int | None = None,
    ) -> None:
        why = None
        if outcome == "mismatch":
            outcome, why = "failed", "cas_mismatch"
        elif outcome == "failed":
            why = "not_leader"
        data = {
            "client": client,
            "serial": serial or self._serials[client],
            "outcome": outcome,
            "value": value,
            "why": why,
            "hint": None,
        }
        self.emit("client_reply", node, data)


def written(text: str) -> Script:
    """The script that a text tells."""
    script = Script()
    for phrase in text.split(";"):
        client, *words = phrase.split()
        node = words.pop()[1:] if words[-1].startswith("@") else "n1"
        serial = None
        if words[0] == "late":
            serial = int(words[1])
            words = words[2:]
        key = "x" if words[0] in (*ASKS, "again", *ANSWERS) else words.pop(0)
        verb, values = words[0], [json.loads(word) for word in words[1:]]
        if verb == "again":
            script.again(client, node)
        elif verb in ANSWERS:
            script.answer(client, verb, values[0] if values else None, node, serial)
        else:
            script.ask(client, request(verb, key, *values), node)
    return script


ANSWERS = ("ok", "mismatch", "failed", "unknown")


def request(verb: str, key: str, *values: Any) -> dict[str, Any]:
    """What a client asks for, as events tell it."""
    if verb in ("read", "local"):
        return {"op": "read", "key": key, "mode": "local" if verb == "local" else "linearizable"}
    asked: dict[str, Any] = {"op": verb, "key": key}
    if verb == "cas":
        asked["expected"] = values[0]
    if values:
        asked["value"] = values[-1]
    return asked


def history(text: str) -> ClientHistory:
    return ClientHistory.of(written(text).events)


# The same question asked slowly: try every order.


def carry_out(asked: dict[str, Any], held: object) -> tuple[bool, object, object]:
    """What a server does with a request: (whether it is done, what it answers, what is held then)."""
    if asked["op"] == "set":
        return True, asked["value"], asked["value"]
    if asked["op"] == "delete":
        return True, held, None
    if asked["op"] == "cas":
        if same(asked["expected"], held):
            return True, asked["value"], asked["value"]
        return False, held, held
    return True, held, held


def same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def is_explained(order: Sequence[Operation], initial: object = None) -> bool:
    """Whether operations on one key, done one after another, answer what clients were told."""
    held = initial
    for operation in order:
        asked = {"op": operation.op, "value": operation.value, "expected": operation.expected}
        done, answer, held = carry_out(asked, held)
        if operation.returned is None:
            continue
        if operation.outcome != ("ok" if done else "mismatch"):
            return False
        tells = operation.op in ("read", "delete") or not done  # others answer what they wrote
        if tells and not same(answer, operation.result):
            return False
    return True


def respects_time(order: Sequence[Operation]) -> bool:
    """Whether no operation comes after one that began when it had ended."""
    return not any(
        later.returned is not None and later.returned.seq < earlier.invoked.seq
        for place, earlier in enumerate(order)
        for later in order[place + 1 :]
    )


def choices(operations: Sequence[Operation], by: int) -> Iterator[list[Operation]]:
    """Every set of operations that may have happened: who was not answered by then may not have."""
    ended = [op for op in operations if op.returned is not None and op.returned.seq <= by]
    loose = [op for op in operations if op not in ended]
    for number in range(1 << len(loose)):
        yield ended + [op for bit, op in enumerate(loose) if number >> bit & 1]


def slowly_linearizable(
    operations: Sequence[Operation], initial: object = None, by: int = 2**63
) -> bool:
    """Whether some order of operations on one key explains them, by trying all. Answers that came
    after event `by` need not be explained.
    """
    return any(
        respects_time(order) and is_explained(order, initial)
        for chosen in choices(operations, by)
        for order in permutations(chosen)
    )


def assert_explains(verdict: Verdict, past: ClientHistory) -> None:
    """The order of the verdict is one that a single copy can have taken."""
    assert respects_time(verdict.order)
    for key in dict.fromkeys(operation.key for operation in past.operations):
        mine = [operation for operation in verdict.order if operation.key == key]
        assert is_explained(mine, past.initial.get(key))
    ended = [op for op in past.operations if op.returned is not None]
    assert all(op in verdict.order for op in ended)
