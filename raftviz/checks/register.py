"""One key's part of a history, in the form in which it is searched and explained."""

from __future__ import annotations

from dataclasses import dataclass

from raftviz.checks.client_history import ClientHistory, Held, Operation, Value
from raftviz.checks.order_search import ANY, SAME, Step

IMPOSSIBLE = -2
"""The number of a value that a register never holds."""


@dataclass(frozen=True, slots=True)
class Register:
    """What clients did to `key`, which held `initial` when the run started (None: it was absent).

    `steps` are the `operations` as the search sees them, place by place, `start` the number of
    `initial` there; `failed` are operations that did not happen, with what they would have been.
    """

    key: str
    initial: Value | None
    start: int
    operations: list[Operation]
    steps: list[Step]
    failed: list[tuple[Operation, Step]]


class _Numbers:
    """Values as numbers, in the order in which they come up; true, 1, 1.0 and "1" are four."""

    def __init__(self) -> None:
        self._known: dict[tuple[type, Value | None], int] = {}

    def of(self, value: Value | None) -> int:
        return self._known.setdefault((type(value), value), len(self._known))

    def step(self, operation: Operation) -> Step:
        need = self._of_held(operation.found, ANY)
        if operation.contradicts_itself:
            need = IMPOSSIBLE
        return Step(
            operation.invoked.seq,
            operation.returned.seq if operation.returned else None,
            need,
            self._of_held(operation.left, SAME),
        )

    def _of_held(self, held: Held | None, otherwise: int) -> int:
        return otherwise if held is None else self.of(held.value)


def registers(history: ClientHistory, local_reads: bool) -> list[Register]:
    """The parts of a history, in the order in which keys were first written to or asked for.

    Reads that nobody answered say nothing and are left out; local ones unless `local_reads`.
    """
    happened: dict[str, list[Operation]] = {}
    failed: dict[str, list[Operation]] = {}
    for operation in (*history.given, *history.operations):
        if operation.reads and operation.returned is None:
            continue
        if local_reads or not operation.is_local_read:
            happened.setdefault(operation.key, []).append(operation)
    for operation in history.failed:
        failed.setdefault(operation.key, []).append(operation)
    initial = history.initial
    return [
        _register(key, initial.get(key), operations, failed.get(key, []))
        for key, operations in happened.items()
    ]


def _register(
    key: str, initial: Value | None, operations: list[Operation], failed: list[Operation]
) -> Register:
    numbers = _Numbers()
    return Register(
        key,
        initial,
        numbers.of(initial),
        operations,
        [numbers.step(operation) for operation in operations],
        [(operation, numbers.step(operation)) for operation in failed],
    )
