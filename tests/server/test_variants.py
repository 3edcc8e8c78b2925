"""A run under other rules, asked for over the wire."""

from __future__ import annotations

import base64
import gc
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from raftviz.errors import OptionError
from raftviz.server.branches import Branch
from raftviz.server.limits import Limits
from raftviz.server.refusals import Code, Refusal
from raftviz.server.turns import TURN_SECONDS
from raftviz.server.variants import Variants
from raftviz.server.wire import wire_event
from raftviz.simulation import Simulation
from raftviz.variants import rule_set, under
from tests.server.process import Client

Join = Callable[..., Client]


class Event:
    """Something to wait for, where nobody ever has to."""

    def wait(self, _seconds: float) -> None:
        raise AssertionError("nobody should wait here")

    def set(self) -> None:
        """It came about."""


def variants(limits: Limits | None = None, tick: float = 0.0) -> tuple[Variants, list[float]]:
    """Variants whose clock goes on by `tick` seconds whenever it is looked at, and who slept."""
    now, slept = [0.0], []

    def clock() -> float:
        now[0] += tick
        return now[0]

    return Variants(limits or Limits(), clock, slept.append, Event), slept


def branch_of(seconds: float = 0.8, **made: Any) -> Branch:
    branch = Branch("main", "Main", Simulation(nodes=3, timers="auto", **made))
    branch.simulation.run_to(int(seconds * 1e6))
    branch.collect()
    return branch


def test_a_variant_is_what_python_makes_of_the_same_run() -> None:
    branch = branch_of()
    branch.simulation.do({"option": {"pre_vote": False}})
    branch.simulation.run_to(1_000_000)
    branch.collect()
    answer = variants()[0].answer(branch, "prevote")
    other = under(branch.simulation, rule_set("prevote").options, hold=True).simulation
    events = other.events
    assert answer["events"].decode() == json.loads(
        json.dumps([wire_event(event, lambda seq: events[seq - 1]) for event in events])
    )
    assert (answer["now"], answer["upto"]) == (other.now_us, branch.last)


def test_it_is_made_once_until_the_run_goes_on() -> None:
    made, _ = variants()
    branch = branch_of()
    first = made.answer(branch, "prevote")
    assert made.answer(branch, "prevote")["events"] is first["events"]
    assert made.answer(branch, "paper")["events"] is not first["events"]
    branch.simulation.do({"crash": "node1"})
    branch.collect()
    again = made.answer(branch, "prevote")
    assert again["events"] is not first["events"]
    assert again["upto"] == branch.last > first["upto"]


def test_what_is_kept_is_bounded_and_does_not_outlive_its_run() -> None:
    branch, other = branch_of(), branch_of(seed=4)
    size = len(variants()[0].answer(branch, "paper")["events"])
    made, _ = variants(Limits(variants_kept=int(size * 2.5)))
    paper = made.answer(branch, "paper")["events"]
    made.answer(branch, "document")
    assert made.answer(branch, "paper")["events"] is paper
    made.answer(branch, "prevote")  # document, which nobody asked for lately, goes
    assert made.answer(branch, "paper")["events"] is paper
    assert len(made._kept) == 2
    del branch
    gc.collect()
    made.answer(other, "paper")
    assert len(made._kept) == 1


def test_long_work_lets_others_have_their_turn_and_is_bounded() -> None:
    branch = branch_of(3.0)
    made, slept = variants(tick=TURN_SECONDS * 1.1)
    made.answer(branch, "careful")
    assert len(slept) >= 5
    assert set(slept) == {0}
    for limits in (Limits(variant_seconds=0.05), Limits(variant_events=100)):
        made, _ = variants(limits, tick=TURN_SECONDS * 1.1)
        for _ in range(2):  # nothing is left under way
            with pytest.raises(Refusal, match="too long to be carried out") as refused:
                made.answer(branch, "careful")
            assert refused.value.code is Code.LIMIT
    made, _ = variants(Limits(variants_at_once=0))
    with pytest.raises(Refusal) as refused:
        made.answer(branch, "careful")
    assert refused.value.code is Code.BUSY
    with pytest.raises(OptionError, match="there are no rules"):
        made.answer(branch, "strict")


def test_a_viewer_asks_for_a_lesson_under_the_papers_rules_and_nobody_else_is_told(
    join: Join,
) -> None:
    presenter, viewer = join(), join()
    room = presenter.open(lesson="partition")["room"]
    opened = viewer.open(room=room, packed=True)
    original = json.loads(zlib.decompress(base64.b64decode(opened["packed"])))
    assert original["role"] == "viewer"
    packed = viewer.must("variant", {"branch": "main", "rules": "paper"})["packed"]
    answer = json.loads(zlib.decompress(base64.b64decode(packed)))
    events = answer["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["data"]["command"]["start"]["options"]["leader_stickiness"] is False
    assert answer["upto"] == original["branches"][0]["last"]
    (first, *_) = answer["skipped"]
    assert original["events"][first["seq"] - 1]["data"]["command"] == first["command"]
    assert first["command"] == {"heartbeat": "node1"}
    assert "node1" in first["reason"]
    plain = presenter.must("variant", {"branch": "main", "rules": "paper"})
    assert plain["events"] == events
    assert presenter.messages == viewer.messages == []


@pytest.mark.parametrize(
    ("request_", "where", "message"),
    [
        ({"branch": "main"}, "variant.rules", "is missing"),
        ({"branch": "main", "rules": "papers"}, "rules", "there are no rules 'papers'"),
        ({"branch": "b9", "rules": "paper"}, "branch", "there is no branch 'b9' in this room"),
        ({"branch": "main", "rules": "paper", "at": 3}, "variant", "unknown field 'at'"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    join: Join, request_: dict[str, Any], where: str, message: str
) -> None:
    client = join()
    client.open(lesson="election")
    error = client.error("variant", request_)
    assert (error["where"], error["message"]) == (where, message)
    assert error["remedy"]
