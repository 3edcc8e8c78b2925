"""The whole vocabulary of commands in any order, against a few laws that must always hold.

Safety first: whatever is done, no property falls, and the journal adds up to what is shown. Then
liveness: once all is mended, one leader emerges and what it commits reaches everybody.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from raftviz import Error, Simulation
from raftviz.checks import eventually
from raftviz.sim.changes import empty_view
from raftviz.sim.commands import COMMANDS, MESSAGE_TYPES
from tests.sim.test_journal import fold

NODES = ["node1", "node2", "node3", "node4"]
node = st.sampled_from(NODES)
pair = st.permutations(NODES).map(lambda nodes: list(nodes[:2]))
one_way = pair.map(lambda ends: {"from": ends[0], "to": ends[1]})
key = st.sampled_from(["x", "y"])
value = st.one_of(st.integers(0, 3), st.sampled_from(["a", True]))
client = st.sampled_from(["c1", "c2"])
selector = st.one_of(
    st.just("all"),
    st.fixed_dictionaries({"to": node}),
    st.fixed_dictionaries({"from": node, "reply": st.booleans()}),
    st.fixed_dictionaries({"type": st.sampled_from(sorted(MESSAGE_TYPES))}),
)
to = {"to": node, "client": client}
groups = st.lists(st.integers(0, 2), min_size=4, max_size=4).map(
    lambda sides: [
        [name for name, side in zip(NODES, sides, strict=True) if side == number]
        for number in sorted(set(sides))
    ]
)

ARGUMENTS: dict[str, st.SearchStrategy[Any]] = {
    "timeout": node,
    "heartbeat": node,
    "timer": st.fixed_dictionaries(
        {
            "node": node,
            "name": st.sampled_from(
                ["election", "heartbeat", "check_quorum", "transfer", "catch_up"]
            ),
        }
    ),
    "deliver": selector,
    "drop": selector,
    "duplicate": selector,
    "delay": st.fixed_dictionaries({"messages": selector, "by": st.integers(0, 200)}),
    "settle": st.just(True),
    "step": st.integers(1, 30),
    "advance": st.integers(0, 400),
    "run_until": st.fixed_dictionaries({"leader": st.just(True), "within": st.just(3000)}),
    "partition": groups,
    "isolate": node,
    "cut": st.one_of(pair, one_way),
    "heal": st.one_of(st.just(True), node, pair, one_way),
    "link": st.builds(
        lambda ends, loss, twice: {**ends, "loss": loss, "duplicate": twice},
        one_way,
        st.sampled_from([0, 0.3]),
        st.sampled_from([0, 0.5]),
    ),
    "crash": node,
    "restart": node,
    "pause": st.one_of(node, st.fixed_dictionaries({"disk": node})),
    "resume": st.one_of(node, st.fixed_dictionaries({"disk": node})),
    "clock": st.fixed_dictionaries({"node": node, "rate": st.sampled_from([0.96, 1, 1.04])}),
    "client": st.fixed_dictionaries(
        {"client": client}, optional={"patience": st.sampled_from([0, 80, 300])}
    ),
    "snapshot": node,
    "add_node": st.sampled_from([*NODES, "node5"]),
    "remove_node": node,
    "reconfigure": st.lists(node, min_size=1, max_size=4, unique=True),
    "check": st.just("linearizability"),
    "write": st.fixed_dictionaries({"key": key, "value": value}, optional=to),
    "delete": st.fixed_dictionaries({"key": key}, optional=to),
    "cas": st.fixed_dictionaries({"key": key, "value": value}, optional={**to, "expected": value}),
    "read": st.fixed_dictionaries(
        {"key": key}, optional={**to, "mode": st.sampled_from(["local", "lease", "linearizable"])}
    ),
    "retry": st.fixed_dictionaries({}, optional=to),
    "transfer": st.fixed_dictionaries({"to": node}),
    "option": st.one_of(
        st.fixed_dictionaries({"leader_stickiness": st.booleans()}),
        st.fixed_dictionaries({"pre_vote": st.booleans()}),
        st.fixed_dictionaries({"check_quorum": st.booleans()}),
        st.fixed_dictionaries({"noop_on_election": st.booleans()}),
        st.fixed_dictionaries({"conflict_hints": st.booleans()}),
        st.fixed_dictionaries({"max_entries_per_append": st.sampled_from([None, 1, 2])}),
        st.fixed_dictionaries({"max_inflight": st.sampled_from([None, 1, 3])}),
        st.fixed_dictionaries({"snapshot_threshold": st.sampled_from([None, 1, 4])}),
        st.fixed_dictionaries({"membership": st.sampled_from(["single", "joint"])}),
    ),
}

# A lease rests on what timers promise, so nobody may fire one by hand.
LEASE = {"read_mode": "lease", "check_quorum": True, "leader_stickiness": True}
BREAKS_LEASES = ("timeout", "timer", "option")
# Only with sessions is a command that is sent again carried out once; local reads promise nothing.
SESSIONS = {"client_sessions": True}

# A forged message or a lost disk is outside of what Raft tolerates, so its laws may fall.
OUTSIDE_THE_MODEL = {"inject", "wipe"}


def test_the_machine_speaks_the_whole_vocabulary():
    assert ARGUMENTS.keys() | OUTSIDE_THE_MODEL == COMMANDS.keys()


class ClusterMachine(RuleBasedStateMachine):
    """Draws commands; a failure prints them as the steps of a lesson."""

    @initialize(
        seed=st.integers(0, 99),
        timers=st.sampled_from(["auto", "manual", "lease"]),
        sessions=st.booleans(),
    )
    def start(self, seed: int, timers: str, sessions: bool) -> None:
        self.lease, self.sessions = timers == "lease", sessions
        options = {**(LEASE if self.lease else {}), **(SESSIONS if sessions else {})}
        timers = "auto" if self.lease else timers
        self.sim = Simulation(4, seed=seed, timers=timers, options=options, max_events=20_000)
        self.seen = 0
        self.folded = empty_view()

    @rule(data=st.data(), name=st.sampled_from(sorted(ARGUMENTS)))
    def command(self, data: st.DataObject, name: str) -> None:
        command = {name: data.draw(ARGUMENTS[name], label=name)}
        if self.lease and name in BREAKS_LEASES:
            return
        if name == "check" and not self.sessions:
            return
        if self.sessions and command.get("read", {}).get("mode") == "local":
            return
        before = len(self.sim.events)
        try:
            self.sim.do(command)
        except Error as error:
            assert str(error) and len(self.sim.events) == before

    @invariant()
    def no_property_falls(self) -> None:
        assert self.sim.violations == [], self.lesson()

    @invariant()
    def the_journal_adds_up_to_what_is_shown(self) -> None:
        fold(self.sim.events[self.seen :], self.folded)
        self.seen = len(self.sim.events)
        assert {**self.folded, "time": self.sim.now_us} == self.sim.view(), self.lesson()

    def lesson(self) -> str:
        steps = [order["command"] for order in self.sim.command_log if "command" in order]
        return "steps: [{do: " + json.dumps(steps) + "}]"

    def teardown(self) -> None:
        """Heal a fork of it all: it must come to one leader and agree."""
        sim = self.sim.fork()
        self._heal(sim)
        committed = max(sim.state(name)["commitIndex"] for name in sim.node_ids)
        for _ in range(3):  # a leader that completes its own removal is one no more
            if sim.timers == "manual":
                self._elect_by_hand(sim)
            else:
                sim.do({"advance": 10_000})
            sim.do({"settle": True})
            if leader_of(sim) is not None:
                break
        sim.do({"write": {"key": "last", "value": "word", "client": "healer"}})
        sim.do({"settle": True})
        if leader_of(sim) is None:  # as above, by this very write
            self._elect_by_hand(sim)
        leader = leader_of(sim)
        assert leader is not None, self.lesson()
        sim.do({"heartbeat": leader})
        sim.do({"settle": True})
        sim.do({"settle": True} if sim.timers == "manual" else {"advance": 300})
        assert sim.violations == [], self.lesson()
        if all(name in sim.state(leader)["members"] for name in sim.node_ids):
            assert eventually(sim.view(), sim.events) == [], self.lesson()
        members = [sim.state(name) for name in sim.state(leader)["members"]]
        assert members, self.lesson()
        for state in members:
            assert state["stateMachine"] == members[0]["stateMachine"], self.lesson()
            assert state["disk"]["lastIndex"] == state["commitIndex"] == members[0]["commitIndex"]
        assert members[0]["stateMachine"]["last"] == "word"
        assert committed <= members[0]["commitIndex"]

    def _heal(self, sim: Simulation) -> None:
        sim.do({"heal": True})
        for source in sim.node_ids:
            for target in sim.node_ids:
                if source != target:
                    sim.do({"link": {"from": source, "to": target, "loss": 0, "duplicate": 0}})
        # PreVote, lest servers that were removed disturb the others for ever (dissertation §4.2.3).
        calm = {"leader_stickiness": False, "read_mode": "linearizable", "pre_vote": True}
        sim.do({"option": {**calm, "max_entries_per_append": None}})
        for name in sim.node_ids:
            state = sim.state(name)
            if state["stalled"]:
                sim.do({"resume": {"disk": name}})
            if state["crashed"]:
                sim.do({"restart": name})
            if state["paused"]:
                sim.do({"resume": name})
            if sim.timers == "manual" and "transfer" in sim.state(name)["timers"]:
                sim.do({"timer": {"node": name, "name": "transfer"}})

    def _elect_by_hand(self, sim: Simulation) -> None:
        """Without timers, servers campaign, those with the best log first, until one leads."""
        if sim.view()["messages"]:
            sim.do({"drop": "all"})
        if sim.timers == "manual":
            sim.do({"option": {"pre_vote": False}})

        def log_end(name: str) -> tuple[int, int]:
            disk = sim.state(name)["disk"]
            return disk["lastTerm"], disk["lastIndex"]

        for attempt in range(100):
            best = sorted(sim.node_ids, key=log_end, reverse=True)[attempt // 3 % len(sim.node_ids)]
            leader = leader_of(sim)
            try:
                sim.do({"timeout": best} if leader is None else {"heartbeat": leader})
            except Error:
                continue  # it is a member of nothing
            sim.do({"settle": True})
            if leader is not None and leader == leader_of(sim):
                return
        raise AssertionError(f"no leader by hand: {self.lesson()}")


def leader_of(sim: Simulation) -> str | None:
    """The leader of the highest term that any node is in."""
    states = {name: sim.state(name) for name in sim.node_ids}
    top = max(state["term"] for state in states.values())
    leaders = [n for n, s in states.items() if s["state"] == "leader" and s["term"] == top]
    return leaders[0] if leaders else None


def test_any_commands_in_any_order():
    run_state_machine_as_test(
        ClusterMachine,
        settings=settings(
            max_examples=120,
            stateful_step_count=50,
            phases=(Phase.generate, Phase.shrink),  # explaining would take minutes
        ),
    )
