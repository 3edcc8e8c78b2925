"""What clients see of real runs: linearizable whatever ails the cluster, and not where Raft is broken."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from raftviz import Error, Simulation
from raftviz.checks import ClientHistory, Verdict, judge

NODES = ["node1", "node2", "node3", "node4", "node5"]
SAFE = {"client_sessions": True, "noop_on_election": True}
LEASES = {**SAFE, "read_mode": "lease", "check_quorum": True, "leader_stickiness": True}


def trouble(chance: random.Random) -> dict[str, Any]:
    """Something that a cluster must live with."""
    node, other, *rest = chance.sample(NODES, 5)
    return chance.choice(
        [
            {"crash": node},
            {"restart": node},
            {"restart": other},
            {"pause": node},
            {"resume": node},
            {"pause": {"disk": node}},
            {"resume": {"disk": node}},
            {"isolate": node},
            {"cut": {"from": node, "to": other}},
            {"partition": [[node, other], rest]},
            {"link": {"from": node, "to": other, "loss": 0.3, "duplicate": 0.3}},
            {"transfer": {"to": node}},
            {"snapshot": node},
            {"heal": True},
            {"heal": True},
        ]
    )


def request(chance: random.Random, number: int) -> dict[str, Any]:
    """Something that a client asks for. No two writes are the same, but for deletes."""
    client = {"client": chance.choice(["c1", "c2", "c3", "actor"])}
    if chance.random() < 0.3:
        client["to"] = chance.choice(NODES)
    key = {"key": chance.choice(["x", "x", "y"])}
    expected = {} if chance.random() < 0.3 else {"expected": chance.randint(0, number)}
    return chance.choice(
        [
            {"write": {**key, "value": number, **client}},
            {"write": {**key, "value": number, **client}},
            {"cas": {**key, "value": number, **expected, **client}},
            {"delete": {**key, **client}},
            {"read": {**key, **client}},
            {"read": {**key, **client}},
            {"retry": client},
        ]
    )


def troubled(
    seed: int, options: dict[str, Any], leave_out: tuple[str, ...] = (), rounds: int = 120
) -> Simulation:
    """A run in which something ails all the time and clients keep asking."""
    chance = random.Random(seed)
    run = Simulation(nodes=5, seed=seed, timers="auto", options=options)
    for number in range(rounds):
        commands = [request(chance, number)]
        if number == 0:
            commands = [{"client": {"client": "actor", "patience": 200, "tries": 6}}]
        if number % 4 == 0:
            commands.append(trouble(chance))
        for command in commands:
            if command.keys().isdisjoint(leave_out):
                try:
                    run.do(command)
                except Error:
                    continue
        run.do({"advance": chance.choice([1, 5, 40, 150])})
    return run


@pytest.mark.parametrize("options", [SAFE, LEASES], ids=["read index", "leases"])
@pytest.mark.parametrize("seed", range(5))
def test_a_troubled_run_is_linearizable(seed: int, options: dict[str, Any]) -> None:
    run = troubled(seed, options)
    assert run.violations == []
    verdict = judge(run.events)
    assert verdict.ok, verdict.message
    assert verdict.judged > 5


@pytest.mark.parametrize("seed", range(5))
def test_without_sessions_it_is_so_while_nobody_asks_twice(seed: int) -> None:
    verdict = judge(troubled(seed, {}, leave_out=("retry", "client")).events)
    assert verdict.ok, verdict.message
    assert verdict.judged > 5


def test_without_sessions_who_asks_twice_may_be_served_twice() -> None:
    """Such runs need not be linearizable; where they are not, a command was executed twice."""
    violated = 0
    for seed in range(20):
        run = troubled(seed, {}, leave_out=("delete",))
        if judge(run.events).ok:
            continue
        violated += 1
        entries = {event.data["index"]: event for event in run.events if event.kind == "applied"}
        writes = Counter(
            str(event.data["entry"].get("set") or event.data["entry"].get("cas"))
            for event in entries.values()
            if "noop" not in event.data["entry"]
        )
        assert max(writes.values()) > 1
    assert violated > 3


def test_troubled_runs_have_operations_that_come_to_everything_they_can() -> None:
    outcomes: Counter[str] = Counter()
    attempts: Counter[int] = Counter()
    for seed in range(5):
        past = ClientHistory.of(troubled(seed, SAFE).events)
        for operation in (*past.operations, *past.failed):
            outcomes[operation.outcome] += 1
            attempts[operation.attempts] += 1
    assert min(outcomes[name] for name in ("ok", "mismatch", "open", "failed")) > 10
    assert attempts[2] > 10 and attempts[3] > 0


# Short runs in which a promise falls.


def led(*commands: dict[str, Any], **setting: Any) -> Simulation:
    """Three nodes that node1 leads in term 1, and what is done then."""
    run = Simulation(nodes=3, seed=1, **setting)
    for command in ({"timeout": "node1"}, {"settle": True}, *commands):
        run.do(command)
    return run


def write(value: object, client: str, **more: str) -> dict[str, Any]:
    return {"write": {"key": "x", "value": value, "client": client, **more}}


def read(client: str, **more: str) -> dict[str, Any]:
    return {"read": {"key": "x", "client": client, **more}}


SETTLE = {"settle": True}
DEPOSED = (
    write(1, "c1"),
    SETTLE,
    {"isolate": "node1"},
    {"timeout": "node2"},
    SETTLE,
    write(2, "c1", to="node2"),
    SETTLE,
)
REPEATED = (
    write(1, "c1"),
    SETTLE,
    write(2, "c2"),
    SETTLE,
    {"retry": {"client": "c1"}},
    SETTLE,
    read("c3"),
    SETTLE,
)


def told(run: Simulation, **how: Any) -> str:
    """What is said of a run, whose first fact is an event of a client."""
    verdict = judge(run.events, **how)
    assert verdict.violation is not None, verdict.message
    for seq in verdict.violation.facts:
        assert run.events[seq - 1].kind in ("client_request", "client_reply")
    return verdict.message


STALE = "client c3 read x = 1 after c1's write of 2 had been answered"


def test_a_local_read_of_a_deposed_leader() -> None:
    run = led(*DEPOSED, read("c3", to="node1", mode="local"))
    assert told(run) == STALE
    assert judge(run.events, local_reads=False).ok


def test_a_leader_that_does_not_ask_whether_it_leads() -> None:
    run = led(*DEPOSED, read("c3", to="node1"), options={"bugs": ["stale-local-read"]})
    assert told(run, local_reads=False) == STALE
    assert judge(led(*DEPOSED, read("c3", to="node1")).events).ok


@pytest.mark.parametrize(
    "options", [{}, {"client_sessions": True, "bugs": ["retry-twice"]}], ids=["none", "broken"]
)
def test_a_write_that_is_executed_again(options: dict[str, Any]) -> None:
    message = (
        "client c3 read x = 1 after c2's write of 2 had been answered; c1's write of 1 had been "
        "sent twice"
    )
    assert told(led(*REPEATED, options=options)) == message
    assert judge(led(*REPEATED, options={"client_sessions": True}).events).ok


def given_logs() -> Simulation:
    """A leader whose second and third entry are not known to be committed."""
    log = [{"term": 1, "set": {"x": 1}}, {"term": 1, "set": {"x": 2}}, {"term": 1, "delete": "y"}]
    leader = {"state": "leader", "term": 2, "log": log, "commitIndex": 1}
    return Simulation(nodes=3, seed=1, given={"node1": leader, "node2": {"log": log[:1]}})


def test_what_the_nodes_start_with_was_written_before() -> None:
    run = given_logs()
    for command in (
        read("c1", to="node2", mode="local"),
        read("c1", to="node1", mode="local"),
        write(3, "c2"),
        {"heartbeat": "node1"},
        SETTLE,
        read("c1", to="node1", mode="local"),
        read("c1", to="node1"),
        SETTLE,
    ):
        run.do(command)
    assert [op.result for op in ClientHistory.of(run.events).operations] == [None, 1, 3, 3, 3]
    message = "client c1 read x = null, which nobody had deleted"
    assert told(run) == message
    verdict: Verdict = judge(run.events, local_reads=False)
    assert verdict.ok and verdict.judged == 4
