"""Why no order explains what clients saw, told by two events and one sentence.

The search knows which operation fits nowhere; here is looked for the one other operation that shows
it best. Only what is certain is said: where no single operation is to blame, the sentence says where
the longest order ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from raftviz.checks.client_history import GIVEN_CLIENT, MISMATCH, Operation, Value, same_value
from raftviz.checks.order_search import ANY, Step
from raftviz.checks.register import Register

LONGEST_VALUE = 60
NEVER = 2**63
"""Later than every event."""


class Contradiction(NamedTuple):
    """`operation` does not fit; `facts` are the `seq` of the two events that contradict each other,
    the earlier one first; `node` gave the answer that shows it.
    """

    message: str
    operation: Operation
    facts: tuple[int, int]
    node: str | None


def carried_out_twice(register: Register) -> Contradiction | None:
    """A write that was answered in two ways, which one execution cannot be; the first that shows."""
    first: Contradiction | None = None
    for operation in register.operations:
        returned, again = operation.returned, operation.again
        if returned is None or again is None:
            continue
        message = (
            f"{_who(operation)}'s {_deed(operation)} was carried out twice: it was answered "
            f"{_answer(operation, operation.outcome, operation.result)} and, sent again, "
            f"{_answer(operation, again.outcome, again.value)}"
        )
        facts = (returned.seq, again.at.seq)
        if first is None or facts[1] < first.facts[1]:
            first = Contradiction(message, operation, facts, again.node)
    return first


def contradiction(register: Register, blocked: int, order: Sequence[int]) -> Contradiction:
    """Why the operation at place `blocked` of the register fits nowhere. `order` is the longest order
    that was found without it, of places.
    """
    case = _Case(register, blocked)
    return (
        case.it_contradicts_itself()
        or case.nobody_wrote_it()
        or case.it_was_out_of_date()
        or case.it_was_taken_already()
        or case.no_order(order)
    )


class _Case:
    """An operation that found a value which its key cannot have held then."""

    def __init__(self, register: Register, blocked: int) -> None:
        self.register = register
        self.steps = register.steps
        self.blocked = blocked
        self.operation = register.operations[blocked]
        self.begin, end, self.value, _ = self.steps[blocked]
        assert end is not None and self.value != ANY  # others fit wherever they may
        self.end = end
        self.writers = [
            place
            for place, step in self._others()
            if step.becomes == self.value and step.begin < end and not step.only_looks
        ]
        self.sources = len(self.writers) + (register.start == self.value)

    def it_contradicts_itself(self) -> Contradiction | None:
        """It was refused for no reason."""
        if not self.operation.contradicts_itself:
            return None
        return self._told(", as it expected, and was refused", self.begin)

    def nobody_wrote_it(self) -> Contradiction | None:
        """There was no such value yet."""
        if self.sources:
            return None
        if self.operation.outcome == MISMATCH and self._found_its_own():
            rest = f", the value that it was to write itself: {_sent(self.operation)}"
            return self._told(rest, self.begin)
        for other, step in self.register.failed:
            if step.becomes == self.value and step.end is not None and step.begin < self.end:
                return self._told(f", but {_whose(other)} {_deed(other)} had failed", step.end)
        for place, step in self._others():
            if step.becomes == self.value and step.begin > self.end:
                other = self.register.operations[place]
                return self._told(
                    f" before {_whose(other)} {_deed(other)} was asked for", step.begin
                )
        had = "deleted" if _found(self.operation) is None else "written"
        return self._told(f", which nobody had {had}", self.begin)

    def it_was_out_of_date(self) -> Contradiction | None:
        """Another operation had shown another value, and nothing can have brought this one back."""
        last_written = max((self._latest(place) for place in self.writers), default=0)
        shown_by, shown_at = None, 0
        for place, step in self._others():
            at = step.end or NEVER
            speaks = last_written < step.begin and shown_at < at < self.begin
            if speaks and step.leaves != self.value:
                shown_by, shown_at = place, at
        if shown_by is None:
            return None
        other = self.register.operations[shown_by]
        if not self.steps[shown_by].only_looks:
            rest = f" after {_whose(other)} {_deed(other)} had been answered"
        elif other.reads:
            rest = f" after {_name(other)} had read {_shown(_found(other))}"
        else:
            rest = f" after {_whose(other)} {_noun(other)} had found {_shown(_found(other))}"
        return self._told(rest + self._sent_again(), shown_at)

    def it_was_taken_already(self) -> Contradiction | None:
        """A value that was there once was replaced by two operations that found it."""
        if self.sources > 1 or self.steps[self.blocked].only_looks:
            return None
        for place, step in self._others():
            end = step.end or NEVER
            if step.need == self.value and end < self.end and not step.only_looks:
                other = self.register.operations[place]
                rest = f", which {_whose(other)} {_deed(other)} had found and replaced"
                return self._told(rest + self._sent_again(), end)
        return None

    def no_order(self, order: Sequence[int]) -> Contradiction:
        """Several operations together leave no room for it."""
        writes = [place for place in order if not self.steps[place].only_looks]
        held = f", which no order explains: the longest one found ends with {self.register.key} = "
        if not writes:
            return self._told(f"{held}{_shown(self.register.initial)}, as at first", self.begin)
        last = writes[-1]
        other, step = self.register.operations[last], self.steps[last]
        left = other.left
        assert left is not None
        at = step.end if step.end is not None and step.end < self.end else step.begin
        rest = f"{held}{_shown(left.value)} by {_whose(other)} {_deed(other)}"
        return self._told(rest + self._sent_again(), at)

    def _others(self) -> list[tuple[int, Step]]:
        return [(place, step) for place, step in enumerate(self.steps) if place != self.blocked]

    def _found_its_own(self) -> bool:
        operation = self.operation
        return operation.attempts > 1 and same_value(_found(operation), operation.value)

    def _latest(self, place: int) -> int:
        """When a writer of the value had taken effect for certain."""
        ends = [self.steps[place].end or NEVER]
        if self.sources == 1:  # who found the value found what this one had written
            ends += [step.end for _, step in self._others() if step.need == self.value and step.end]
        return min(ends)

    def _told(self, rest: str, other: int) -> Contradiction:
        """The contradiction between the answer that does not fit and the event `other`."""
        operation = self.operation
        found = f"{self.register.key} = {_shown(_found(operation))}"
        who = _who(operation)
        does = f"{who} read" if operation.reads else f"{who}'s {_noun(operation)} found"
        earlier, later = sorted((other, self.end))
        return Contradiction(f"{does} {found}{rest}", operation, (earlier, later), operation.node)

    def _sent_again(self) -> str:
        """That something was sent more than once, which may be all the explanation there is."""
        if self.operation.attempts > 1 and not self.operation.reads:
            return f"; {_sent(self.operation)}"
        for place in self.writers:
            other = self.register.operations[place]
            if other.attempts > 1:
                times = _times(other.attempts)
                return f"; {_whose(other)} {_deed(other)} had been sent {times}"
        return ""


def _found(operation: Operation) -> Value | None:
    return None if operation.found is None else operation.found.value


def _name(operation: Operation) -> str:
    if operation.client == GIVEN_CLIENT:
        return "the start"
    return "the client" if operation.client == "client" else operation.client


def _who(operation: Operation) -> str:
    """The client, where it is named first."""
    name = _name(operation)
    return name if name != operation.client else f"client {name}"


def _whose(operation: Operation) -> str:
    return f"{_name(operation)}'s"


def _noun(operation: Operation) -> str:
    return {"set": "write", "cas": "compare-and-set", "read": "read"}.get(operation.op, "delete")


def _deed(operation: Operation) -> str:
    """What it was to do: "write of 2"."""
    if operation.op == "set":
        return f"write of {_shown(operation.value)}"
    if operation.op == "cas":
        return f"compare-and-set to {_shown(operation.value)}"
    return _noun(operation)


def _answer(operation: Operation, outcome: str, value: Value | None) -> str:
    if operation.op == "cas":
        return f"no, {_shown(value)} was there" if outcome == MISMATCH else "yes"
    return f"that {_shown(value)} was there"


def _sent(operation: Operation) -> str:
    return f"it had been sent {_times(operation.attempts)}"


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _shown(value: Value | None) -> str:
    """A value as the document writes it; text that could be taken for another value in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, str) and (text in ("", "null", "true", "false") or _is_number(text)):
        text = f'"{text}"'
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
