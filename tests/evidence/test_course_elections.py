"""The election tests of the course's Raft lab (3A), in virtual time and with several seeds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.evidence.cluster import ELECTION_MS, Cluster

SEEDS = range(1, 6)
Make = Callable[..., Cluster]


@pytest.mark.parametrize("seed", SEEDS)
def test_initial_election(made: Make, seed: int) -> None:
    """A leader is elected, and without failures it stays."""
    cluster = made(3, seed=seed)
    leader = cluster.one_leader()
    term = cluster.one_term()
    assert term >= 1
    cluster.wait(2 * ELECTION_MS)
    assert (cluster.one_leader(), cluster.one_term()) == (leader, term)


@pytest.mark.parametrize("seed", SEEDS)
def test_re_election(made: Make, seed: int) -> None:
    """After a network failure there is another leader; without a quorum there is none."""
    cluster = made(3, seed=seed)
    first = cluster.one_leader()
    cluster.disconnect(first)
    second = cluster.one_leader()
    assert second != first
    cluster.connect(first)  # who led before does not disturb who leads now
    assert cluster.one_leader() == second
    assert not cluster.leads(first)
    cluster.disconnect(second, cluster.after(second, 1))
    cluster.wait(2 * ELECTION_MS)
    assert cluster.no_leader()
    cluster.connect(cluster.after(second, 1))
    cluster.one_leader()
    cluster.connect(second)
    cluster.one_leader()


@pytest.mark.parametrize("seed", SEEDS)
def test_many_elections(made: Make, seed: int) -> None:
    """Again and again three of seven are cut off: the others lead on, or elect."""
    cluster = made(7, seed=seed)
    cluster.one_leader()
    for _ in range(10):
        cut: dict[str, None] = {}
        while len(cut) < 3:
            cut[cluster.pick()] = None
        cluster.disconnect(*cut)
        assert cluster.one_leader() not in cut
        cluster.connect(*cut)
    cluster.one_leader()
