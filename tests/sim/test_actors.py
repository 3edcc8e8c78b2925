"""Clients that act by themselves (dissertation §6.2): they follow redirects, lose patience, ask
elsewhere, and in the end know whether their command was done, was not, or may have been.
"""

from __future__ import annotations

from typing import Any

import pytest

from raftviz import Simulation
from raftviz.errors import CommandError, LimitError
from raftviz.sim.clients import CLIENTS_MAX
from raftviz.sim.service import BACKOFF_US
from tests.sim.runs import dump

WRITE = {"write": {"key": "x", "value": 1, "client": "ann"}}


def led(patience: float = 100, tries: int = 4, leader: str = "node1", **options) -> Simulation:
    """A cluster that a node leads, and the actor ann, who does not know which."""
    sim = Simulation(3, timing={"latency": [10, 10]}, options=options)
    sim.do({"timeout": leader})
    sim.do({"settle": True})
    sim.do({"client": {"client": "ann", "patience": patience, "tries": tries}})
    return sim


def ann(sim: Simulation) -> dict[str, Any]:
    return dict(sim.view()["clients"]["ann"])


def asked(sim: Simulation) -> list[tuple[str, int]]:
    """Whom ann asked, with the number of the attempt."""
    return [
        (event.node, event.data["attempt"])
        for event in sim.events
        if event.kind == "client_request" and event.data["client"] == "ann"
    ]


def kinds(sim: Simulation) -> list[str]:
    return [
        event.kind
        for event in sim.events
        if event.kind.startswith("client_") and event.data["client"] == "ann"
    ]


class TestRedirects:
    def test_it_asks_the_first_node_and_goes_where_it_is_sent(self):
        sim = led(leader="node3")
        sim.do(WRITE)
        assert asked(sim) == [("node1", 1)]
        assert ann(sim)["outcome"] == "waiting", "a refusal is no answer for it"
        sim.do({"settle": True})
        assert asked(sim) == [("node1", 1), ("node3", 2)]
        assert (ann(sim)["outcome"], ann(sim)["attempt"]) == ("ok", 2)
        assert sim.state("node3")["stateMachine"] == {"x": 1}

    def test_with_a_hint_it_loses_no_time(self):
        sim = led(leader="node3")
        sim.do(WRITE)
        before = sim.now_us
        sim.do({"step": 1})
        assert (asked(sim)[-1], sim.now_us) == (("node3", 2), before)

    def test_without_one_it_waits_a_little_and_asks_the_next(self):
        sim = Simulation(3)
        sim.do({"client": {"client": "ann", "patience": 1000, "tries": 3}})
        sim.do(WRITE)
        sim.do({"settle": True})
        assert asked(sim) == [("node1", 1), ("node2", 2), ("node3", 3)]
        assert sim.now_us == 2 * BACKOFF_US

    def test_it_remembers_who_answered(self):
        sim = led(leader="node3")
        sim.do(WRITE)
        sim.do({"settle": True})
        sim.do({"write": {"key": "y", "value": 2, "client": "ann"}})
        assert asked(sim)[-1] == ("node3", 1)

    def test_it_asks_whom_it_is_told_to(self):
        sim = led(leader="node2")
        sim.do({"write": {"key": "x", "value": 1, "client": "ann", "to": "node2"}})
        assert asked(sim) == [("node2", 1)]
        sim.do({"settle": True})
        sim.do(WRITE)
        assert asked(sim)[-1] == ("node2", 1), "and goes back to who has answered"

    def test_having_given_up_it_begins_where_it_was_last(self):
        sim = Simulation(3)
        sim.do({"client": {"client": "ann", "tries": 2}})
        sim.do(WRITE)
        sim.do({"settle": True})
        sim.do(WRITE)
        assert [node for node, _ in asked(sim)] == ["node1", "node2", "node2"]

    def test_a_node_that_is_down_is_a_refusal_without_a_hint(self):
        sim = led(leader="node2")
        sim.do({"crash": "node1"})
        sim.do(WRITE)
        sim.do({"settle": True})
        assert asked(sim) == [("node1", 1), ("node2", 2)]
        answers = [e.data["why"] for e in sim.events if e.kind == "client_reply"]
        assert answers == ["unreachable", None]
        assert ann(sim)["outcome"] == "ok"

    def test_a_hint_to_the_node_just_asked_is_none(self):
        """Else it would go round in circles without time passing."""
        sim = Simulation(3, given={"node1": {"term": 1, "leader": "node1"}})
        sim.do({"client": {"client": "ann", "patience": 1000, "tries": 2}})
        sim.do(WRITE)
        assert sim.events[-1].data["hint"] == "node1"
        sim.do({"step": 1})
        assert (asked(sim)[-1], sim.now_us) == (("node2", 2), BACKOFF_US)

    def test_a_leader_that_hands_over_names_its_successor(self):
        sim = led()
        sim.do({"transfer": {"to": "node2"}})
        sim.do(WRITE)
        assert sim.events[-1].data["why"] == "transferring"
        sim.do({"settle": True})
        assert (ann(sim)["outcome"], ann(sim)["to"]) == ("ok", "node2")

    def test_two_who_send_it_to_each_other_do_not_use_its_tries_up_at_once(self):
        """So it is between the order to hand over and the election."""
        sim = led(patience=1000, tries=5)
        sim.do({"transfer": {"to": "node2"}})
        sim.do(WRITE)
        before = sim.now_us
        for _ in range(3):
            sim.do({"advance": 0})
        assert (asked(sim), sim.now_us) == ([("node1", 1), ("node2", 2)], before)
        sim.do({"drop": "all"})
        sim.do({"advance": BACKOFF_US / 1000})
        assert asked(sim)[2:] == [("node1", 3), ("node2", 4)], "one hint is followed at once again"


class TestPatience:
    def test_silence_makes_it_ask_elsewhere(self):
        sim = led(patience=100, leader="node1")
        sim.do({"isolate": "node1"})
        sim.do(WRITE)
        sim.do({"advance": 99})
        assert asked(sim) == [("node1", 1)]
        sim.do({"advance": 1})
        assert kinds(sim)[-1] == "client_timed_out"
        sim.do({"advance": BACKOFF_US / 1000})
        assert asked(sim)[:2] == [("node1", 1), ("node2", 2)]
        assert asked(sim)[2] == ("node1", 3), "which sends it to the leader that it knows of"

    def test_it_lasts_anew_with_each_attempt(self):
        sim = led(patience=100, tries=2)
        sim.do({"isolate": "node1"})
        sim.do(WRITE)
        sim.do({"advance": 160})
        assert asked(sim)[-1] == ("node2", 2)
        assert kinds(sim).count("client_timed_out") == 1

    def test_an_answer_ends_it(self):
        sim = led(patience=100)
        sim.do(WRITE)
        sim.do({"settle": True})
        assert sim.nothing_pending
        sim.do({"advance": 1000})
        assert "client_timed_out" not in kinds(sim)
        assert asked(sim) == [("node1", 1)]

    def test_messages_alone_do_not_try_it(self):
        """`settle` lets messages arrive, and no timer fire: patience is one."""
        sim = led(patience=5)
        sim.do(WRITE)
        sim.do({"settle": True})
        assert kinds(sim) == ["client_request", "client_reply"]
        assert ann(sim)["outcome"] == "ok"

    def test_an_answer_to_an_earlier_attempt_is_an_answer(self):
        sim = led(patience=15, tries=9, client_sessions=True)
        sim.do(WRITE)
        sim.do({"advance": 16})
        assert kinds(sim)[-1] == "client_timed_out"
        sim.do({"advance": 10})
        assert ann(sim)["outcome"] == "ok"
        sim.do({"advance": 1000})
        assert asked(sim) == [("node1", 1)], "and there is nothing to ask again"

    def test_a_request_that_waits_at_a_paused_node_is_not_lost(self):
        sim = led(patience=1000)
        sim.do({"pause": "node1"})
        sim.do(WRITE)
        sim.do({"resume": "node1"})
        sim.do({"settle": True})
        assert (ann(sim)["outcome"], asked(sim)) == ("ok", [("node1", 1)])


class TestThreeOutcomes:
    def test_ok(self):
        sim = led()
        sim.do(WRITE)
        sim.do({"settle": True})
        assert (ann(sim)["outcome"], ann(sim)["value"]) == ("ok", 1)

    def test_failed_where_no_attempt_can_have_had_an_effect(self):
        sim = Simulation(3)
        sim.do({"client": {"client": "ann", "tries": 3}})
        sim.do(WRITE)
        sim.do({"advance": 1000})
        assert (ann(sim)["outcome"], ann(sim)["why"], ann(sim)["attempt"]) == (
            "failed",
            "gave_up",
            3,
        )
        assert sim.events[-1].data == {
            "client": "ann", "serial": 1, "outcome": "failed", "attempts": 3,
        }  # fmt: skip

    def test_unknown_where_one_may_have(self):
        sim = led(patience=50, tries=2)
        sim.do({"isolate": "node1"})
        sim.do(WRITE)
        sim.do({"advance": 1000})
        assert (ann(sim)["outcome"], ann(sim)["why"]) == ("unknown", "gave_up")
        assert len(sim.state("node1")["log"]) == 1, "it may be committed yet"

    def test_unknown_where_the_leader_that_took_it_steps_down(self):
        sim = led(patience=1000, tries=1)
        sim.do({"isolate": "node1"})
        sim.do(WRITE)
        sim.do({"inject": {"type": "RequestVote", "from": "node2", "to": "node1", "term": 9}})
        assert (ann(sim)["outcome"], ann(sim)["why"]) == ("unknown", "gave_up")

    def test_unknown_where_the_leader_that_took_it_crashes(self):
        sim = led(patience=1000, tries=1)
        sim.do(WRITE)
        sim.do({"crash": "node1"})
        assert ann(sim)["outcome"] == "unknown"

    def test_failed_where_a_node_crashes_that_had_refused_it(self):
        sim = Simulation(3)
        sim.do({"client": {"client": "ann", "tries": 2}})
        sim.do(WRITE)
        sim.do({"crash": "node1"})
        sim.do({"settle": True})
        assert (ann(sim)["outcome"], ann(sim)["to"]) == ("failed", "node2")

    def test_what_an_earlier_node_says_late_does_not_end_a_later_attempt(self):
        sim = led(patience=100, tries=2)
        sim.do({"isolate": "node1"})
        sim.do({"timeout": "node2"})
        sim.do({"settle": True})
        sim.do(WRITE | {"write": {**WRITE["write"], "to": "node1"}})
        sim.do({"advance": 151})
        assert asked(sim)[-1] == ("node2", 2)
        sim.do({"inject": {"type": "RequestVote", "from": "node3", "to": "node1", "term": 9}})
        assert kinds(sim)[-1] == "client_reply"
        assert ann(sim)["outcome"] == "waiting"
        sim.do({"settle": True})
        assert (ann(sim)["outcome"], ann(sim)["to"]) == ("ok", "node2")

    @pytest.mark.parametrize("first", ["unknown", "ok"])
    def test_a_refusal_to_a_repetition_does_not_undo_what_may_have_happened(self, first):
        sim = led()
        sim.do({"write": {"key": "x", "value": 1, "client": "bob"}})
        if first == "ok":
            sim.do({"settle": True})
        sim.do({"crash": "node1"})
        assert sim.view()["clients"]["bob"]["outcome"] == first
        sim.do({"retry": {"client": "bob", "to": "node2"}})
        bob = sim.view()["clients"]["bob"]
        assert (bob["outcome"], bob["why"]) == ("unknown", "not_leader")

    def test_a_refused_comparison_is_an_answer(self):
        """The command was executed; that it changed nothing is its result."""
        sim = led()
        sim.do({"cas": {"key": "x", "expected": 5, "value": 6, "client": "ann"}})
        sim.do({"settle": True})
        assert (ann(sim)["outcome"], ann(sim)["why"]) == ("failed", "cas_mismatch")
        assert asked(sim) == [("node1", 1)]

    def test_a_client_that_does_not_act_takes_the_first_answer(self):
        sim = led(leader="node3")
        sim.do({"write": {"key": "x", "value": 1, "client": "bob", "to": "node1"}})
        sim.do({"settle": True})
        bob = sim.view()["clients"]["bob"]
        assert (bob["outcome"], bob["why"], bob["hint"]) == ("failed", "not_leader", "node3")


class TestRetries:
    @pytest.mark.parametrize(("sessions", "value"), [(True, 2), (False, 1)])
    def test_the_same_command_again_is_executed_once_only_under_sessions(self, sessions, value):
        """§6.3: the first attempt is committed by a leader that crashes before it can answer."""
        sim = led(patience=30, tries=5, client_sessions=sessions)
        sim.do(WRITE)
        sim.do({"deliver": {"to": "node2"}})
        sim.do({"crash": "node1"})
        sim.do({"timeout": "node2"})
        sim.do({"deliver": {"to": "node3", "term": 2}})
        sim.do({"deliver": {"to": "node2", "term": 2, "reply": True}})
        assert ann(sim)["outcome"] == "waiting"
        sim.do({"write": {"key": "x", "value": 2, "client": "bob", "to": "node2"}})
        sim.do({"advance": 200})
        assert (ann(sim)["outcome"], ann(sim)["to"]) == ("ok", "node2")
        assert sim.state("node2")["stateMachine"] == {"x": value}

    def test_it_keeps_its_serial_number_until_it_asks_for_something_else(self):
        sim = led(leader="node2")
        sim.do(WRITE)
        sim.do({"settle": True})
        sim.do(WRITE)
        serials = [e.data["serial"] for e in sim.events if e.kind == "client_request"]
        assert serials == [1, 1, 2]

    def test_it_asks_no_more_than_it_may(self):
        sim = Simulation(3)
        sim.do({"client": {"client": "ann", "tries": 5}})
        sim.do(WRITE)
        sim.do({"advance": 60_000})
        assert [attempt for _, attempt in asked(sim)] == [1, 2, 3, 4, 5]
        assert kinds(sim)[-1] == "client_gave_up"
        assert kinds(sim).count("client_gave_up") == 1

    def test_by_hand_it_can_be_made_to_ask_at_once(self):
        sim = led(patience=1000)
        sim.do({"isolate": "node1"})
        sim.do(WRITE)
        sim.do({"retry": {"client": "ann", "to": "node2"}})
        assert asked(sim) == [("node1", 1), ("node2", 2)]


class TestTheCommand:
    def test_patience_0_makes_it_an_ordinary_client_again(self):
        sim = led(leader="node3")
        sim.do({"isolate": "node3"})
        sim.do(WRITE)
        sim.do({"client": {"client": "ann", "patience": 0}})
        sim.do({"advance": 60_000})
        assert asked(sim) == [("node1", 1)]
        sim.do({"write": {"key": "x", "value": 1, "client": "ann", "to": "node1"}})
        assert ann(sim)["outcome"] == "failed"

    def test_nor_does_patience_run_out_then(self):
        sim = led()
        sim.do({"isolate": "node1"})
        sim.do(WRITE)
        sim.do({"client": {"client": "ann", "patience": 0}})
        sim.do({"advance": 60_000})
        assert (ann(sim)["outcome"], asked(sim)) == ("waiting", [("node1", 1)])

    def test_it_may_be_told_to_ask_nobody_in_particular_though_there_is_no_leader(self):
        sim = Simulation(3)
        with pytest.raises(CommandError, match="write: there is no leader to ask"):
            sim.do({"write": {"key": "x", "value": 1, "client": "bob"}})
        sim.do({"client": {"client": "ann"}})
        sim.do(WRITE)
        assert ann(sim)["to"] == "node1"

    @pytest.mark.parametrize(
        ("argument", "error"),
        [
            ({}, "client: client is missing; give the name of a client"),
            (
                {"client": "ann", "tries": 0},
                "client.tries: 0 does not fit; give a whole number from 1 to 100",
            ),
            (
                {"client": "ann", "patience": -1},
                "client.patience: -1 does not fit; "
                "give a number of milliseconds from 0 to 3,600,000",
            ),
        ],
    )
    def test_what_does_not_fit_is_refused(self, argument, error):
        sim = Simulation(3)
        before = dump(sim)
        with pytest.raises(CommandError) as caught:
            sim.do({"client": argument})
        assert str(caught.value) == error
        assert dump(sim) == before

    def test_there_are_not_more_clients_than_sessions_can_be_kept_for(self):
        sim = Simulation(3)
        for number in range(CLIENTS_MAX):
            sim.do({"client": {"client": f"c{number}"}})
        for command in ("client", "read"):
            with pytest.raises(LimitError) as caught:
                sim.do(
                    {command: {"client": "one more", **({"key": "x"} if command == "read" else {})}}
                )
            assert str(caught.value) == (
                f"{command}.client: there are 50 clients already; let one of them ask again"
            )

    def test_actors_are_part_of_a_fork(self):
        sim = led(patience=50, tries=3)
        sim.do({"isolate": "node1"})
        sim.do(WRITE)
        fork = sim.fork()
        for each in (sim, fork):
            each.do({"advance": 1000})
        assert dump(fork) == dump(sim)
        assert ann(fork)["outcome"] == "unknown"
