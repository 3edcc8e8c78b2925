"""The verdict on what clients saw, against a slow check that tries every order, and on long histories."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from raftviz.checks import ClientHistory, Operation, Verdict, judge
from raftviz.sim.events import Event
from tests.checks.histories import (
    Script,
    assert_explains,
    carry_out,
    is_explained,
    request,
    respects_time,
    same,
    slowly_linearizable,
)

VALUES = st.sampled_from([1, 2, True])
VERBS = st.sampled_from(["set", "set", "cas", "delete", "read", "read"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2", "c3"]),
        st.sampled_from(["ask", "answer", "answer", "again", "fail", "lose"]),
        VERBS,
        VALUES,
        st.sampled_from([None, 1, 2, True]),
    ),
    max_size=16,
)


def small_history(steps: list[tuple[str, str, str, object, object]], most: int = 5) -> Script:
    """A script of at most `most` operations, with answers that mostly make no sense."""
    script = Script()
    waiting: dict[str, str] = {}
    asked = 0
    for client, what, verb, value, other in steps:
        if what == "ask" or client not in waiting:
            if asked == most:
                continue
            asked += 1
            script.ask(client, request(verb, "x", other, value))
            waiting[client] = verb
        elif what == "again":
            script.again(client)
        elif what == "fail":
            script.answer(client, "failed")
        elif what == "lose":
            script.answer(client, "unknown")
        elif waiting[client] == "cas" and value != 1:
            script.answer(client, "mismatch", other)
        else:
            script.answer(client, "ok", other)
    return script


@settings(max_examples=400)
@given(STEPS)
def test_the_verdict_agrees_with_trying_every_order(
    steps: list[tuple[str, str, str, object, object]],
) -> None:
    check_against_all_orders(ClientHistory.of(small_history(steps).events))


def check_against_all_orders(past: ClientHistory) -> Verdict:
    operations = [op for op in past.operations if not op.reads or op.returned is not None]
    verdict = judge(past)
    once = all(op.again is None for op in operations)
    assert verdict.ok == (once and slowly_linearizable(operations)), verdict
    if verdict.ok:
        assert_explains(verdict, past)
    else:
        assert verdict.outcome == "violated"
        assert respects_time(verdict.order) and is_explained(verdict.order)
        check_blame(verdict, operations)
    for few in (2, 6):
        cut_short = judge(past, most_places=few)
        assert cut_short.outcome in (verdict.outcome, "undecided")
    return verdict


def check_blame(verdict: Verdict, operations: list[Operation]) -> None:
    """What is blamed is the first answer that no order explains; what was answered before, one does."""
    blamed, facts = verdict.operation, verdict.facts
    assert blamed is not None and blamed.returned is not None and facts is not None
    assert facts[0] < facts[1]
    if blamed.again is not None and facts == (blamed.returned.seq, blamed.again.at.seq):
        return
    at = blamed.returned.seq
    assert at in facts
    assert not slowly_linearizable(operations, by=at)
    assert slowly_linearizable(operations, by=at - 1)
    assert blamed.found is not None
    value = blamed.found.value
    if " after " in verdict.message or "had found and replaced" in verdict.message:
        other = next(op for op in operations if op.returned and op.returned.seq == facts[0])
        core = [op for op in operations if touches(op, value) and op is not other]
        shown = other if touches(other, value) else as_write(other)
        assert not slowly_linearizable([*core, shown], by=at), "the words blame the wrong one"


def touches(operation: Operation, value: object) -> bool:
    """Whether an operation found a value or may have left it."""
    held = (operation.found, operation.left)
    return any(one is not None and same(one.value, value) for one in held)


def as_write(operation: Operation) -> Operation:
    """A write of the value that an operation shows to have been there."""
    shown = operation.left or operation.found
    assert shown is not None
    return replace(operation, op="set", value=shown.value, outcome="ok")


def real_register(
    choose: Callable[[int], int], clients: int, count: int, values: int = 5
) -> Script:
    """A history that one register went through. `choose(n)` chooses a number below n."""
    script = Script()
    held: object = None
    asked: dict[str, dict[str, Any]] = {}
    answers: dict[str, tuple[bool, object]] = {}
    late: list[dict[str, Any]] = []
    started = 0
    while started < count or asked:
        client = f"c{choose(clients)}"
        what = choose(12)
        if client not in asked:
            if started < count:
                started += 1
                verb = ("set", "set", "cas", "delete", "read", "read", "read")[choose(7)]
                asked[client] = request(verb, "x", choose(values), choose(values))
                script.ask(client, asked[client])
        elif client in answers:
            done, value = answers.pop(client)
            del asked[client]
            if what == 0:
                script.answer(client, "unknown")
            else:
                script.answer(client, "ok" if done else "mismatch", value)
        elif what == 0:
            late.append(asked.pop(client))
            script.answer(client, "unknown")
        elif what == 1:
            script.again(client, "n2")
            script.answer(client, "failed", node="n2")
        else:
            done, answer, held = carry_out(asked[client], held)
            answers[client] = (done, answer)
        if late and what == 2:
            held = carry_out(late.pop(choose(len(late))), held)[2]
    return script


@settings(max_examples=150)
@given(st.data())
def test_what_a_register_did_is_accepted_and_what_it_did_not_judged_as_slowly(
    data: st.DataObject,
) -> None:
    def choose(below: int) -> int:
        return data.draw(st.integers(0, below - 1))

    script = real_register(choose, clients=3, count=5, values=3)
    assert check_against_all_orders(ClientHistory.of(script.events)).ok
    forged = forge(script, choose, values=3)
    if forged is not None:
        check_against_all_orders(ClientHistory.of(forged))


def forge(script: Script, choose: Callable[[int], int], values: int) -> list[Event] | None:
    """The events with the answer to one read changed, if there is one."""
    reads = {
        (event.data["client"], event.data["serial"])
        for event in script.events
        if event.kind == "client_request" and event.data["request"]["op"] == "read"
    }
    tells = [
        place
        for place, event in enumerate(script.events)
        if event.kind == "client_reply"
        and event.data["outcome"] == "ok"
        and (event.data["client"], event.data["serial"]) in reads
    ]
    if not tells:
        return None
    place = tells[choose(len(tells))]
    event = script.events[place]
    data = {**event.data, "value": (event.data["value"] or 0) + 1 + choose(values)}
    changed = Event(event.seq, event.time, event.kind, event.node, event.cause, data)
    return [*script.events[:place], changed, *script.events[place + 1 :]]


def test_long_histories_of_a_register_are_accepted_and_forged_ones_mostly_not() -> None:
    caught = places = 0
    for seed in range(60):
        choose = random.Random(seed).randrange
        script = real_register(choose, clients=5, count=100)
        past = ClientHistory.of(script.events)
        verdict = judge(past)
        assert verdict.ok, verdict
        assert_explains(verdict, past)
        forged = judge(forge(script, choose, values=50) or [])
        assert forged.outcome != "undecided"
        caught += forged.outcome == "violated"
        places += forged.places
    assert caught > 50
    assert places < 12_000


def test_the_work_grows_with_the_length_and_not_faster() -> None:
    """Thousands of operations on one key, few at a time, one open all the while."""
    choose = random.Random(1).randrange
    script = Script()
    script.ask("slow", request("set", "x", -1))
    for event in real_register(choose, clients=4, count=5_000).events[1:]:
        script.emit(event.kind, event.node, event.data)
    script.answer("slow", "ok", -1)
    verdict = judge(script.events)
    assert verdict.ok
    assert verdict.places < 3 * verdict.judged
