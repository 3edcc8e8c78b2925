"""The agreement tests of the course's Raft lab (3B), in virtual time and with several seeds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.evidence.cluster import ELECTION_MS, Cluster

SEEDS = range(1, 5)
Make = Callable[..., Cluster]


@pytest.mark.parametrize("seed", SEEDS)
def test_basic_agreement(made: Make, seed: int) -> None:
    cluster = made(3, seed=seed)
    for index in (1, 2, 3):
        assert cluster.committed(index) == 0, "before anybody asked for it"
        assert cluster.agree(3, retry=index == 1) == index


@pytest.mark.parametrize("pipelined", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_entry_count(made: Make, seed: int, pipelined: bool) -> None:
    """Each entry travels to each follower once with pipelining; without, again with each heartbeat
    that leaves before its answer is there.
    """
    cluster = made(3, seed=seed, **({"max_inflight": 4} if pipelined else {}))
    cluster.agree(3)
    before = len(cluster.sim.events)
    for _ in range(10):
        cluster.agree(3, retry=False)
    sent = cluster.entries_sent(before)
    assert (sent == 20) if pipelined else (20 <= sent <= 60)


@pytest.mark.parametrize("seed", SEEDS)
def test_progressive_failure_of_followers(made: Make, seed: int) -> None:
    cluster = made(3, seed=seed)
    cluster.agree(3)
    leader = cluster.one_leader()
    cluster.disconnect(cluster.after(leader, 1))
    cluster.agree(2, retry=False)
    cluster.wait(ELECTION_MS)
    cluster.agree(2, retry=False)
    leader = cluster.one_leader()
    cluster.disconnect(cluster.after(leader, 1), cluster.after(leader, 2))
    started = cluster.start(leader)
    assert started is not None and started.index == 4
    cluster.wait(2 * ELECTION_MS)
    assert cluster.committed(started.index) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_failure_of_leaders(made: Make, seed: int) -> None:
    cluster = made(3, seed=seed)
    cluster.agree(3)
    cluster.disconnect(cluster.one_leader())
    cluster.agree(2)
    cluster.wait(ELECTION_MS)
    cluster.agree(2)
    cluster.disconnect(cluster.one_leader())
    for server in cluster.servers:
        cluster.start(server)
    cluster.wait(2 * ELECTION_MS)
    assert cluster.committed(4) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_agreement_after_a_follower_reconnects(made: Make, seed: int) -> None:
    cluster = made(3, seed=seed)
    cluster.agree(3)
    follower = cluster.after(cluster.one_leader(), 1)
    cluster.disconnect(follower)
    for pause in (0, 0, ELECTION_MS, 0):
        cluster.wait(pause)
        cluster.agree(2, retry=False)
    cluster.connect(follower)
    cluster.agree(3)
    cluster.wait(ELECTION_MS)
    cluster.agree(3)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_agreement_if_too_many_followers_disconnect(made: Make, seed: int) -> None:
    cluster = made(5, seed=seed)
    cluster.agree(5)
    leader = cluster.one_leader()
    away = [cluster.after(leader, steps) for steps in (1, 2, 3)]
    cluster.disconnect(*away)
    started = cluster.start(leader)
    assert started is not None and started.index == 2
    cluster.wait(2 * ELECTION_MS)
    assert cluster.committed(2) == 0
    cluster.connect(*away)
    # Those who were away may have elected one of them, and index 2 be forgotten.
    started = cluster.start(cluster.one_leader())
    assert started is not None and started.index in (2, 3)
    cluster.agree(5)


@pytest.mark.parametrize("seed", SEEDS)
def test_concurrent_starts(made: Make, seed: int) -> None:
    cluster = made(3, seed=seed)
    leader = cluster.one_leader()
    values = [cluster.value() for _ in range(5)]
    started = [cluster.start(leader, value) for value in values]
    assert [one and one.index for one in started] == [1, 2, 3, 4, 5]
    assert len({one.term for one in started if one}) == 1
    for index, value in enumerate(values, start=1):
        assert cluster.is_agreed(index, value, servers=3)


@pytest.mark.parametrize("seed", SEEDS)
def test_rejoin_of_a_partitioned_leader(made: Make, seed: int) -> None:
    """It has appended commands alone; when it is back, they are gone."""
    cluster = made(3, seed=seed)
    cluster.agree(3)
    first = cluster.one_leader()
    cluster.disconnect(first)
    alone = [cluster.value() for _ in range(3)]
    for value in alone:
        assert cluster.start(first, value) is not None
    cluster.agree(2)
    second = cluster.one_leader()
    cluster.disconnect(second)
    cluster.connect(first)
    cluster.agree(2)
    cluster.connect(second)
    cluster.agree(3)
    assert not set(alone) & set(cluster.agreed.values())


@pytest.mark.parametrize("hints", [False, True])
@pytest.mark.parametrize("seed", range(1, 4))
def test_a_leader_backs_up_quickly_over_incorrect_logs(made: Make, seed: int, hints: bool) -> None:
    cluster = made(5, seed=seed, conflict_hints=hints)
    cluster.agree(5)
    first = cluster.one_leader()
    others = [cluster.after(first, steps) for steps in (2, 3, 4)]
    cluster.disconnect(*others)  # the leader and one follower stay together
    _start_many(cluster, first)
    cluster.wait(ELECTION_MS / 2)
    cluster.disconnect(first, cluster.after(first, 1))
    cluster.connect(*others)
    _agree_on_many(cluster)
    second = cluster.one_leader()
    away = next(server for server in others if server != second)
    cluster.disconnect(away)
    _start_many(cluster, second)  # two of five cannot commit
    cluster.wait(ELECTION_MS / 2)
    cluster.disconnect(*cluster.servers)
    cluster.connect(first, cluster.after(first, 1), away)
    before = len(cluster.sim.events)
    _agree_on_many(cluster)
    cluster.connect(*cluster.servers)
    cluster.agree(5)
    steps_back = [
        event
        for event in cluster.sim.events[before:]
        if event.kind == "index_changed" and event.data["why"] == "refused"
    ]
    if hints:  # for each follower and each term in which its log differs
        assert len(steps_back) <= 4 * 3
    else:  # for each entry in which it does
        assert 50 <= len(steps_back) <= 50 + 100 + 100 + 4


def _start_many(cluster: Cluster, leader: str) -> None:
    for _ in range(50):
        assert cluster.start(leader) is not None


def _agree_on_many(cluster: Cluster) -> None:
    leader = cluster.one_leader()
    for _ in range(49):
        cluster.start(leader)
    cluster.agree(3)


@pytest.mark.parametrize("seed", SEEDS)
def test_rpc_counts_are_not_too_high(made: Make, seed: int) -> None:
    cluster = made(3, seed=seed, max_inflight=10)
    leader = cluster.one_leader()
    assert 1 <= cluster.requests() <= 30, "to elect the first leader, and to keep it"
    cluster.agree(3)
    before = len(cluster.sim.events)
    for _ in range(10):
        assert cluster.start(leader) is not None
    cluster.agree(3)
    assert cluster.requests(before) <= 3 * (11 + 3)
    before = len(cluster.sim.events)
    cluster.wait(1000)
    assert cluster.requests(before) <= 3 * 20, "in a second of idleness"
