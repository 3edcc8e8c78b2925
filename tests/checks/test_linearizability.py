"""The verdict on what clients saw: on small histories by name."""

from __future__ import annotations

import pytest

from raftviz.checks import LINEARIZABILITY, Violation, judge
from tests.checks.histories import (
    assert_explains,
    history,
    is_explained,
    respects_time,
    written,
)

LEGAL = {
    "nothing at all": "c1 set 1",
    "a read after a write": "c1 set 1; c1 ok 1; c2 read; c2 ok 1",
    "a read of what nobody wrote": "c1 read; c1 ok null",
    "a read during a write, of the new value": "c1 set 1; c2 read; c2 ok 1; c1 ok 1",
    "a read during a write, of the old value": "c1 set 1; c2 read; c2 ok null; c1 ok 1",
    "writes at the same time, in the other order": (
        "c1 set 1; c2 set 2; c1 ok 1; c2 ok 2; c3 read; c3 ok 1"
    ),
    "reads between writes at the same time": (
        "c1 set 1; c2 set 2; c3 read; c3 ok 2; c3 read; c3 ok 1; c1 ok 1; c2 ok 2; c3 read; c3 ok 1"
    ),
    "keys of their own": "c1 x set 1; c1 ok 1; c2 y read; c2 ok null; c2 x read; c2 ok 1",
    "a write without an answer that took effect": (
        "c1 set 1; c1 unknown; c2 read; c2 ok null; c2 read; c2 ok 1"
    ),
    "a write without an answer that did not": "c1 set 1; c1 unknown; c2 read; c2 ok null",
    "a write that is late, after the client went on": (
        "c1 set 1; c1 set 2; c1 ok 2; c2 read; c2 ok 2; c2 read; c2 ok 1"
    ),
    "two writes without an answer of the same value": (
        "c1 set 1; c1 unknown; c2 set 1; c2 unknown; c3 set 2; c3 ok 2;"
        "c3 read; c3 ok 1; c3 set 3; c3 ok 3; c3 read; c3 ok 1"
    ),
    "a delete without an answer": (
        "c1 set 1; c1 ok 1; c2 delete; c2 unknown; c1 read; c1 ok 1; c1 read; c1 ok null"
    ),
    "a chain of compare-and-sets without an answer": (
        "c1 cas 1 2; c1 unknown; c2 cas null 1; c2 unknown; c3 read; c3 ok 2"
    ),
    "a write that failed, and was not seen": "c1 set 1; c1 failed; c2 read; c2 ok null",
    "a write that failed, then worked": (
        "c1 set 1; c1 failed; c2 read; c2 ok null; c1 again @n2; c1 ok 1 @n2; c2 read; c2 ok 1"
    ),
    "a write that failed when sent again, and worked all the same": (
        "c1 set 1; c1 unknown; c1 again @n2; c1 failed @n2; c2 read; c2 ok 1"
    ),
    "a repeated write that was executed once": (
        "c1 set 1; c1 ok 1; c2 set 2; c2 ok 2; c1 again; c1 ok 1; c2 read; c2 ok 2"
    ),
    "a repeated write that was executed twice, which nobody can tell": (
        "c1 set 1; c1 ok 1; c1 again; c1 ok 1; c2 read; c2 ok 1"
    ),
    "a repeated read that sees what is new": (
        "c2 set 1; c2 ok 1; c1 read; c1 ok 1; c2 set 2; c2 ok 2; c1 again; c1 ok 2"
    ),
    "a repeated delete that is answered as at first": (
        "c1 set 1; c1 ok 1; c1 delete; c1 ok 1; c1 again; c1 ok 1"
    ),
    "a compare-and-set that worked": "c1 cas null 1; c1 ok 1; c2 cas 1 2; c2 ok 2; c1 read; c1 ok 2",
    "a compare-and-set that did not": "c1 set 1; c1 ok 1; c2 cas 5 2; c2 mismatch 1; c1 read; c1 ok 1",
    "a compare-and-set to what was there": "c1 set 1; c1 ok 1; c2 cas 1 1; c2 ok 1; c1 read; c1 ok 1",
    "a delete that found something": "c1 set 1; c1 ok 1; c2 delete; c2 ok 1; c1 read; c1 ok null",
    "a delete that found nothing": "c1 delete; c1 ok null; c1 read; c1 ok null",
    "a local read without an answer": "c1 local; c1 unknown; c2 set 1; c2 ok 1",
    "a write of which nobody needs the value, among others": (
        "c1 set 1; c2 set 2; c3 set 3; c3 ok 3; c4 read; c4 ok 3; c1 ok 1; c2 ok 2; c4 read; c4 ok 1"
    ),
}

# What c3 and c4 find contradicts each other, and no two answers alone do.
TANGLED = (
    "c1 set 1; c2 set 2; c3 read; c4 read; c3 ok 1; c4 ok 2; c3 read; c4 cas 1 9; c3 ok 2; c4 ok 9"
)

ILLEGAL = {
    "a stale read": (
        "c1 set 1; c1 ok 1; c1 set 2; c1 ok 2; c2 read; c2 ok 1",
        "client c2 read x = 1 after c1's write of 2 had been answered",
        (5, 7),
    ),
    "a stale read by the client that had read": (
        "c1 set 1; c2 read; c2 ok 1; c2 read; c2 ok null; c1 ok 1",
        "client c2 read x = null after c2 had read 1",
        (4, 6),
    ),
    "a value that nobody wrote": (
        "c1 set 1; c1 ok 1; c2 read; c2 ok 7",
        "client c2 read x = 7, which nobody had written",
        (4, 5),
    ),
    "a value from the future": (
        "c2 read; c2 ok 7; c1 set 7; c1 ok 7",
        "client c2 read x = 7 before c1's write of 7 was asked for",
        (3, 4),
    ),
    "a value whose write had failed": (
        "c1 set 1; c1 failed; client read; client ok 1",
        "the client read x = 1, but c1's write of 1 had failed",
        (3, 5),
    ),
    "a write that was seen and then was not there": (
        "c1 set 1; c1 unknown; c2 read; c2 ok 1; c3 read; c3 ok null",
        "client c3 read x = null after c2 had read 1",
        (5, 7),
    ),
    "a lost update": (
        "c1 set 0; c1 ok 0; c1 cas 0 1; c2 cas 0 2; c1 ok 1; c2 ok 2",
        "client c2's compare-and-set found x = 0, which c1's compare-and-set to 1 had found and "
        "replaced",
        (6, 7),
    ),
    "a lost write": (
        "c1 set 1; c1 ok 1; c2 read; c2 ok null",
        "client c2 read x = null after c1's write of 1 had been answered",
        (3, 5),
    ),
    "a write executed again after its answer": (
        "client set 1; client ok 1; c2 set 2; c2 ok 2; client again; client ok 1; c2 read; c2 ok 1",
        "client c2 read x = 1 after c2's write of 2 had been answered; the client's write of 1 had "
        "been sent twice",
        (5, 9),
    ),
    "a write executed twice, once before and once after it was answered": (
        "c1 set 1; c1 again @n2; c2 read; c2 ok 1; c2 set 2; c2 ok 2; c1 ok 1 @n2; c2 read; c2 ok 1",
        "client c2 read x = 1 after c2's write of 2 had been answered; c1's write of 1 had been "
        "sent twice",
        (7, 10),
    ),
    "a delete executed twice, answered in two ways": (
        "c1 set 1; c1 ok 1; c1 delete; c1 ok 1; c1 again; c1 ok null",
        "client c1's delete was carried out twice: it was answered that 1 was there and, sent again, "
        "that null was there",
        (5, 7),
    ),
    "a compare-and-set executed twice, answered in two ways": (
        "c1 cas null 1; c1 ok 1; c1 again; c1 mismatch 1",
        "client c1's compare-and-set to 1 was carried out twice: it was answered yes and, sent again, "
        "no, 1 was there",
        (3, 5),
    ),
    "a compare-and-set executed twice that found itself": (
        "c1 cas null 1; c1 unknown; c1 again; c1 mismatch 1",
        "client c1's compare-and-set found x = 1, the value that it was to write itself: it had "
        "been sent twice",
        (2, 5),
    ),
    "a delete executed twice that found nothing the second time": (
        "c2 set 5; c2 ok 5; c1 delete; c1 unknown; c1 again; c1 again; c1 ok null",
        "client c1's delete found x = null after c2's write of 5 had been answered; it had been "
        "sent 3 times",
        (3, 8),
    ),
    "a mismatch where nothing was amiss": (
        "c1 set 1; c1 ok 1; c2 set 2; c2 ok 2; c1 cas 2 3; c1 mismatch 1",
        "client c1's compare-and-set found x = 1 after c2's write of 2 had been answered",
        (5, 7),
    ),
    "a mismatch with what was expected": (
        "c1 set 1; c1 ok 1; c2 cas 1 2; c2 mismatch 1",
        "client c2's compare-and-set found x = 1, as it expected, and was refused",
        (4, 5),
    ),
    "a delete that found what had been deleted": (
        "c1 set 1; c1 ok 1; c1 delete; c1 ok 1; c2 delete; c2 ok 1",
        "client c2's delete found x = 1 after c1's delete had been answered",
        (5, 7),
    ),
    "true is not 1": (
        "c1 set true; c1 ok true; c2 read; c2 ok 1",
        "client c2 read x = 1, which nobody had written",
        (4, 5),
    ),
    "1 is not 1.0": (
        "c1 set 1; c1 ok 1; c2 cas 1.0 2; c2 ok 2",
        "client c2's compare-and-set found x = 1.0, which nobody had written",
        (4, 5),
    ),
    'neither is it "1"': (
        'c1 set 1; c1 ok 1; c2 read; c2 ok "1"',
        'client c2 read x = "1", which nobody had written',
        (4, 5),
    ),
    "a local read that is stale": (
        "c1 set 1; c1 ok 1; c2 local; c2 ok null",
        "client c2 read x = null after c1's write of 1 had been answered",
        (3, 5),
    ),
    "a stale compare-and-set as witness": (
        "c1 set 1; c1 unknown; c2 cas 7 8; c2 mismatch 1; c3 read; c3 ok null",
        "client c3 read x = null after c2's compare-and-set had found 1",
        (5, 7),
    ),
    "several operations together": (
        "c1 set 1; c2 set 2; c3 read; c4 read; c3 ok 1; c4 ok 2; c3 read; c4 read; c3 ok 2; c4 ok 1;"
        "c1 ok 1; c2 ok 2",
        "client c4 read x = 1, which no order explains: the longest one found ends with x = 2 by "
        "c2's write of 2",
        (3, 11),
    ),
    "a value that only a later operation could have taken": (
        f"{TANGLED}; c1 ok 1; c2 ok 2; c1 set 1; c1 ok 1; c5 cas 1 5; c5 ok 5",
        "client c4's compare-and-set found x = 1, which no order explains: the longest one found "
        "ends with x = 2 by c2's write of 2",
        (3, 11),
    ),
    "a value that was there twice and taken once before": (
        f"c5 set 1; c5 ok 1; c5 cas 1 5; c5 ok 5; {TANGLED}",
        "client c4's compare-and-set found x = 1, which no order explains: the longest one found "
        "ends with x = 2 by c2's write of 2",
        (7, 15),
    ),
    "a value written twice, seen three times": (
        "c1 set 1; c1 ok 1; c2 set 1; c3 read; c3 ok 1; c4 set 2; c4 ok 2; c3 read; c3 ok 1;"
        "c4 set 3; c4 ok 3; c3 read; c3 ok 1",
        "client c3 read x = 1, which no order explains: the longest one found ends with x = 3 by "
        "c4's write of 3",
        (12, 14),
    ),
    "a value that was to be kept, had it been there": (
        "c1 cas 7 7; c1 unknown; c2 read; c2 ok 7",
        "client c2 read x = 7, which nobody had written",
        (4, 5),
    ),
    "a value whose write failed later": (
        "c2 read; c2 ok 1; c1 set 1; c1 failed",
        "client c2 read x = 1, which nobody had written",
        (2, 3),
    ),
    "two deletes executed twice": (
        "c1 set 1; c1 ok 1; c1 delete; c1 ok 1; c2 delete; c2 ok null; c2 again; c2 ok 1;"
        "c1 again; c1 ok null",
        "client c2's delete was carried out twice: it was answered that null was there and, sent "
        "again, that 1 was there",
        (7, 9),
    ),
    "a stale read, then a delete executed twice": (
        "c1 set 1; c1 ok 1; c2 read; c2 ok null; c1 delete; c1 ok 1; c1 again; c1 ok null",
        "client c2 read x = null after c1's write of 1 had been answered",
        (3, 5),
    ),
    "a delete executed twice, then a stale read": (
        "c1 set 1; c1 ok 1; c1 delete; c1 ok 1; c1 again; c1 ok null; c2 read; c2 ok 1",
        "client c1's delete was carried out twice: it was answered that 1 was there and, sent again, "
        "that null was there",
        (5, 7),
    ),
}
"""Name: (history, what is said of it, between which two events)."""


@pytest.mark.parametrize("name", LEGAL)
def test_a_legal_history_is_accepted(name: str) -> None:
    past = history(LEGAL[name])
    verdict = judge(past)
    assert (verdict.outcome, verdict.violation) == ("ok", None), verdict
    assert_explains(verdict, past)


@pytest.mark.parametrize("name", ILLEGAL)
def test_an_illegal_history_is_told_of_by_two_events(name: str) -> None:
    text, message, facts = ILLEGAL[name]
    events = written(text).events
    verdict = judge(events)
    assert (verdict.outcome, verdict.message) == ("violated", message)
    assert verdict.violation == Violation("Linearizability", message, "n1", facts)
    assert verdict.key == "x" and not verdict.ok
    earlier, later = (events[seq - 1] for seq in facts)
    assert earlier.kind.startswith("client_") and later.kind.startswith("client_")


def test_reads_that_are_promised_stale_need_not_count() -> None:
    past = history("c1 set 1; c1 ok 1; c2 local; c2 ok null; c2 read; c2 ok 1")
    assert judge(past).outcome == "violated"
    verdict = judge(past, local_reads=False)
    assert (verdict.outcome, verdict.judged) == ("ok", 2)
    past = history("c1 set 1; c1 ok 1; c2 read; c2 ok null")
    assert judge(past, local_reads=False).outcome == "violated"


def test_only_what_tells_of_its_key_is_judged() -> None:
    assert judge(history("c1 set 1; c1 ok 1; c2 read; c3 read; c3 unknown")).judged == 1


def test_of_several_keys_the_one_that_fell_first_is_told_of() -> None:
    text = (
        "c1 a set 1; c1 ok 1; c1 b set 1; c1 ok 1; c2 b read; c3 a read; c2 ok null; c3 ok null;"
        "c1 c set 1; c1 ok 1; c1 c read; c1 ok 1"
    )
    verdict = judge(history(text))
    assert (verdict.key, verdict.facts, verdict.judged) == ("b", (5, 8), 6)


def test_a_violation_comes_with_the_longest_order() -> None:
    verdict = judge(
        history("c1 set 1; c1 ok 1; c2 set 2; c2 ok 2; c1 read; c1 ok 2; c2 read; c2 ok 1")
    )
    assert [(op.client, op.op) for op in verdict.order] == [
        ("c1", "set"),
        ("c2", "set"),
        ("c1", "read"),
    ]
    assert verdict.operation is not None
    assert (verdict.operation.client, verdict.operation.result) == ("c2", 1)


def test_what_takes_too_long_is_undecided_and_a_violation_elsewhere_still_told() -> None:
    many = ";".join(f"c{number} set {number}" for number in range(12))
    done = ";".join(f"c{number} ok {number}" for number in range(12))
    seen = ";".join(f"r{number} read" for number in range(12))
    told = ";".join(f"r{number} ok {(7 * number) % 12}" for number in range(12))
    again = "r0 read; r0 ok 3; r0 read; r0 ok 4; r0 read; r0 ok 3"
    text = f"{many};{seen};{done};{told};{again}"
    verdict = judge(history(text), most_places=500)
    assert (verdict.outcome, verdict.ok, verdict.violation) == ("undecided", False, None)
    assert verdict.message.startswith("too long to decide: after 501 places an order is known for ")
    assert verdict.message.endswith(" of the 27 operations on x") and verdict.key == "x"
    assert respects_time(verdict.order) and is_explained(verdict.order)
    elsewhere = judge(history(f"{text};c0 y read; c0 ok 1"), most_places=500)
    assert (elsewhere.outcome, elsewhere.key) == ("violated", "y")
    assert elsewhere.places <= 502
    assert judge(history(text)).outcome == "violated"
    other = text.replace(" set", " y set").replace(" read", " y read")
    twofold = judge(history(f"{text};{other}"), most_places=500)
    assert (twofold.outcome, twofold.places) == ("undecided", 501)


def test_writes_that_nobody_sees_are_no_work() -> None:
    many = ";".join(f"c{number} set {number}" for number in range(20))
    done = ";".join(f"c{number} ok {number}" for number in range(20))
    verdict = judge(history(f"{many};{done}; r read; r ok 3; r read; r ok 4"))
    assert verdict.outcome == "violated"
    assert verdict.places < 30


def test_writes_without_an_answer_do_not_hide_what_is_impossible() -> None:
    """A search that must be cut short still tells what holds however often they take effect."""
    writes = ";".join(f"c{number} set {number % 7}; c{number} unknown" for number in range(40))
    swaps = ";".join(
        f"d{number} cas {number % 7} {number % 5}; d{number} unknown" for number in range(40)
    )
    reads = ";".join(f"r read; r ok {3 * number % 7}" for number in range(30))
    text = f"{writes};{swaps};{reads};r read"
    assert judge(history(f"{text}; r ok 1")).ok
    verdict = judge(history(f"{text}; r ok 8"), most_places=2_000)
    assert verdict.message == "client r read x = 8, which nobody had written"
    assert verdict.places <= 2_002
    assert respects_time(verdict.order) and is_explained(verdict.order)
    never = history(f"{text}; r ok null")
    assert judge(never, most_places=2_000).violation is not None


def test_the_property_says_where_it_is_written() -> None:
    assert LINEARIZABILITY.name == "Linearizability"
    assert LINEARIZABILITY.text.endswith(".") and "Herlihy" in LINEARIZABILITY.source
