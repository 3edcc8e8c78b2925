"""Whether what clients saw could have come from one copy of the data that does one thing at a time.

Keys are independent, so each is judged by itself: a history is linearizable exactly when what it
says of every key is (Herlihy & Wing 1990, locality).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from raftviz.checks.base import Expectation, Property, Violation
from raftviz.checks.client_history import ClientHistory, Operation
from raftviz.checks.contradiction import Contradiction, carried_out_twice, contradiction
from raftviz.checks.order_search import Found, OrderSearch
from raftviz.checks.register import Register, registers
from raftviz.sim.events import Event

LINEARIZABILITY = Property(
    "Linearizability",
    Expectation.ALWAYS,
    "Every operation of a client seems to take effect at one moment between its request and its "
    "answer, however often it was sent.",
    "Herlihy & Wing 1990; Raft §8; dissertation §6.3, §6.4",
)

MOST_PLACES = 50_000
"""How far a verdict looks before it gives up: about a second and 20 MB."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a history comes to: `outcome` is "ok", "violated" or "undecided".

    `message` says it in one sentence. Where it is ok, `order` is an order of all operations that
    explains them. Otherwise `key` is what it is about, and `order` the longest beginning of an
    order of the operations on it; where it is violated, `operation` is the first that fits nowhere,
    `facts` are the `seq` of the two events that contradict each other, the earlier one first, and
    `node` gave the answer that does not fit. `judged` is how many operations there were, `places`
    how many places the search looked at.
    """

    outcome: str
    message: str
    judged: int
    places: int
    order: tuple[Operation, ...]
    key: str | None = None
    operation: Operation | None = None
    facts: tuple[int, int] | None = None
    node: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the history is known to be linearizable."""
        return self.outcome == "ok"

    @property
    def violation(self) -> Violation | None:
        """The verdict as a broken promise; None unless it is violated."""
        if self.facts is None:
            return None
        return Violation(LINEARIZABILITY.name, self.message, self.node, self.facts)


def judge(
    history: ClientHistory | Iterable[Event],
    local_reads: bool = True,
    most_places: int = MOST_PLACES,
) -> Verdict:
    """Judge a history, or the one that the events of a run tell.

    Reads of mode "local" are promised stale; `local_reads` says whether they count all the same.
    Of several keys that are violated the verdict tells of the one where it showed first. The work
    is bounded: a key that takes too much of `most_places` places leaves the verdict "undecided",
    unless another key is violated.
    """
    if not isinstance(history, ClientHistory):
        history = ClientHistory.of(history)
    parts = registers(history, local_reads)
    judged = sum(len(part.operations) for part in parts)
    places = 0
    found: list[Found] = []
    for number, part in enumerate(parts):
        share = (most_places - places) // (len(parts) - number)
        found.append(OrderSearch(part.steps, part.start).run(share))
        places += found[-1].places
    worst: tuple[Register, Found, Contradiction] | None = None
    for part, result in zip(parts, found):
        told = _told(part, result)
        if told is not None and (worst is None or told.facts[1] < worst[2].facts[1]):
            worst = (part, result, told)
    if worst is not None:
        part, result, told = worst
        order = _operations(part, result)
        message, operation, facts, node = told
        return Verdict("violated", message, judged, places, order, part.key, operation, facts, node)
    for part, result in zip(parts, found):
        if not result.complete:
            order = _operations(part, result)
            message = (
                f"too long to decide: after {places:,} places an order is known for {len(order)} "
                f"of the {len(part.operations)} operations on {part.key}"
            )
            return Verdict("undecided", message, judged, places, order, part.key)
    message = f"one order explains the answers to all {judged} operations"
    return Verdict("ok", message, judged, places, _merged(list(zip(parts, found))))


def _told(part: Register, result: Found) -> Contradiction | None:
    """What is wrong with a key, if anything is known to be; what showed first."""
    twice = carried_out_twice(part)
    if result.blocked is None:
        return twice
    told = contradiction(part, result.blocked, result.order)
    return twice if twice is not None and twice.facts[1] < told.facts[1] else told


def _operations(part: Register, result: Found) -> tuple[Operation, ...]:
    return tuple(part.operations[place] for place in result.order)


def _merged(parts: list[tuple[Register, Found]]) -> tuple[Operation, ...]:
    """One order from those of all keys: every operation takes effect as early as its own key's
    order lets it, which is before it ends.
    """
    effects: list[tuple[int, int, int, Operation]] = []
    for number, (part, result) in enumerate(parts):
        moment = 0
        for position, operation in enumerate(_operations(part, result)):
            moment = max(moment, operation.invoked.seq)
            effects.append((moment, number, position, operation))
    effects.sort(key=lambda effect: effect[:3])
    return tuple(operation for _, _, _, operation in effects)
