"""The persistence tests of the course's Raft lab (3C), in virtual time and with several seeds:
crashes, the run of Figure 8 by chance, unreliable networks, and churn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.evidence.cluster import ELECTION_MS, Cluster, Started

SEEDS = range(1, 4)
Make = Callable[..., Cluster]


@pytest.mark.parametrize("seed", SEEDS)
def test_persist_1(made: Make, seed: int) -> None:
    """Everybody restarts, then leaders and followers in turn."""
    cluster = made(3, seed=seed)
    cluster.agree(3)
    cluster.crash(*cluster.servers)
    cluster.restart(*cluster.servers)
    cluster.agree(3)
    leader = cluster.one_leader()
    cluster.crash(leader)
    cluster.restart(leader)
    cluster.agree(3)
    leader = cluster.one_leader()
    cluster.crash(leader)
    index = cluster.agree(2)
    cluster.restart(leader)
    assert cluster.is_agreed(index, cluster.agreed[index], servers=3)
    follower = cluster.after(cluster.one_leader(), 1)
    cluster.crash(follower)
    cluster.agree(2)
    cluster.restart(follower)
    assert cluster.agree(3) == 6


@pytest.mark.parametrize("seed", SEEDS)
def test_persist_2(made: Make, seed: int) -> None:
    """Majorities that have one server in common, which has restarted in between."""
    cluster = made(5, seed=seed)
    for _ in range(5):
        cluster.agree(5)
        leader = cluster.one_leader()
        others = [cluster.after(leader, steps) for steps in (1, 2, 3, 4)]
        cluster.crash(*others[:2])
        cluster.agree(3)
        cluster.crash(leader, *others[2:])
        cluster.restart(*others[:2])
        cluster.wait(ELECTION_MS)
        cluster.restart(others[2])
        cluster.agree(3)
        cluster.restart(others[3], leader)
    cluster.agree(5)


@pytest.mark.parametrize("seed", SEEDS)
def test_persist_3(made: Make, seed: int) -> None:
    """A partitioned leader and one follower crash, and the leader restarts."""
    cluster = made(3, seed=seed)
    cluster.agree(3)
    leader = cluster.one_leader()
    follower, away = cluster.after(leader, 1), cluster.after(leader, 2)
    cluster.disconnect(away)
    cluster.agree(2)
    cluster.crash(leader, follower)
    cluster.connect(away)
    cluster.restart(leader)
    cluster.agree(2)
    cluster.restart(follower)
    cluster.agree(3)


@pytest.mark.parametrize("noop", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_figure_8(made: Make, seed: int, noop: bool) -> None:
    """Leaders crash with entries half replicated, over and over, three servers being up."""
    cluster = made(5, seed=seed, noop_on_election=noop)
    cluster.agree(1)
    for _ in range(400):
        started = [server for server in cluster.servers if cluster.start(server)]
        long = cluster.chance.chance(0.1)
        cluster.wait(cluster.chance.between(0, ELECTION_MS // 2 if long else 40))
        if started:
            cluster.crash(started[0])
        down = [server for server in cluster.servers if not cluster.is_up(server)]
        if len(down) > 2:
            cluster.restart(cluster.pick(down))
    cluster.restart(*(server for server in cluster.servers if not cluster.is_up(server)))
    cluster.agree(5)
    leaders = [
        e for e in cluster.sim.events if e.kind == "role_changed" and e.data["to"] == "leader"
    ]
    assert len(leaders) > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_unreliable_agreement(made: Make, seed: int) -> None:
    cluster = made(5, seed=seed, unreliable=True)
    for _ in range(20):
        leader = cluster.one_leader() if cluster.no_leader() else _a_leader(cluster)
        for _ in range(4):
            cluster.start(leader)
        cluster.agree(1)
    cluster.make_reliable()
    cluster.agree(5)
    assert len(cluster.agreed) > 60


def _a_leader(cluster: Cluster) -> str:
    return next(server for server in cluster.up_and_connected() if cluster.leads(server))


@pytest.mark.parametrize("seed", SEEDS)
def test_figure_8_unreliable(made: Make, seed: int) -> None:
    """The same, servers being cut off instead, with messages that come late and out of order."""
    cluster = made(5, seed=seed, unreliable=True, conflict_hints=True)
    cluster.agree(1)
    for number in range(120):
        if number == 40:
            cluster.make_unreliable(longest_ms=400)
        started = [server for server in cluster.servers if cluster.start(server)]
        long = cluster.chance.chance(0.1)
        cluster.wait(cluster.chance.between(0, ELECTION_MS // 2 if long else 40))
        if started and cluster.chance.chance(0.5):
            cluster.disconnect(started[0])
        away = [server for server in cluster.servers if not cluster.connected[server]]
        if len(away) > 2:
            cluster.connect(cluster.pick(away))
    cluster.make_reliable()
    cluster.connect(*cluster.servers)
    cluster.agree(5)


@dataclass
class Asker:
    """A client that starts a command with every server, waits for a while, and starts the next."""

    waits_for: list[tuple[Started, int]] = field(default_factory=list)
    rounds: int = 0
    got: list[int] = field(default_factory=list)
    """The values that were agreed on where it had been told that they stood."""

    def act(self, cluster: Cluster) -> None:
        for started, value in list(self.waits_for):
            if started.index in cluster.agreed:
                self.waits_for.remove((started, value))
                if cluster.agreed[started.index] == value:
                    self.got.append(value)
        self.rounds -= 1
        if not self.waits_for or self.rounds < 0:
            self.rounds = cluster.chance.between(2, 10)
            value = cluster.value()
            started_at = [cluster.start(server, value) for server in cluster.servers]
            self.waits_for = [(one, value) for one in started_at if one is not None]


@pytest.mark.parametrize("unreliable", [False, True], ids=["reliable", "unreliable"])
@pytest.mark.parametrize("seed", SEEDS)
def test_churn(made: Make, seed: int, unreliable: bool) -> None:
    """Servers come and go under three clients; what these were promised is there in the end."""
    cluster = made(5, seed=seed, unreliable=unreliable, conflict_hints=True)
    askers = [Asker() for _ in range(3)]
    for _ in range(20):
        if cluster.chance.chance(0.2):
            cluster.disconnect(cluster.pick())
        if cluster.chance.chance(0.5):
            server = cluster.pick()
            if not cluster.is_up(server):
                cluster.restart(server)
            cluster.connect(server)
        if cluster.chance.chance(0.2):
            server = cluster.pick()
            if cluster.is_up(server):
                cluster.crash(server)
        for _ in range(7):
            for asker in askers:
                asker.act(cluster)
            cluster.wait(ELECTION_MS / 10)
    cluster.make_reliable()
    cluster.restart(*(server for server in cluster.servers if not cluster.is_up(server)))
    cluster.connect(*cluster.servers)
    cluster.agree(5)
    promised = [value for asker in askers for value in asker.got]
    assert promised
    assert set(promised) <= set(cluster.agreed.values())
