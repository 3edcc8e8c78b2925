"""The snapshot tests of the course's Raft lab (3D), in virtual time and with several seeds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.evidence.cluster import Cluster

SEEDS = range(1, 4)
INTERVAL = 10
"""A server takes a snapshot after so many entries."""

LONGEST_LOG = 3 * INTERVAL
"""A log that is compacted holds no more: what came since the snapshot, and what was under way."""

Make = Callable[..., Cluster]


@pytest.mark.parametrize("seed", SEEDS)
def test_snapshots_basic(made: Make, seed: int) -> None:
    cluster = made(3, seed=seed, snapshot_threshold=INTERVAL)
    cluster.agree(3)
    for _ in range(31):
        leader = cluster.one_leader() if cluster.no_leader() else None
        for server in [leader] if leader else cluster.servers:
            cluster.start(server)
        cluster.agree(3)
        assert max(cluster.log_lengths()) <= LONGEST_LOG
    assert all(cluster.sim.state(server)["snapshot"]["index"] >= 50 for server in cluster.servers)


@pytest.mark.parametrize(
    ("away", "unreliable"),
    [
        ("disconnects", False),
        ("disconnects", True),
        ("crashes", False),
        ("crashes", True),
        (None, True),
    ],
    ids=["disconnect", "disconnect, unreliable", "crash", "crash, unreliable", "unreliable"],
)
@pytest.mark.parametrize("seed", SEEDS)
def test_install_snapshot(made: Make, seed: int, away: str | None, unreliable: bool) -> None:
    """One server is away while the others take snapshots; it needs theirs when it is back."""
    options = {"snapshot_threshold": INTERVAL, "conflict_hints": True}
    cluster = made(3, seed=seed, unreliable=unreliable, **options)
    cluster.agree(3)
    leader = cluster.one_leader()
    for number in range(15):
        victim, sender = cluster.after(leader, 1), leader
        if number % 3 == 1:
            victim, sender = leader, cluster.after(leader, 1)
        leave(cluster, victim, away)
        for _ in range(INTERVAL // 2 + cluster.chance.between(0, INTERVAL)):
            cluster.start(sender)
        cluster.agree(2 if away else 3)
        up = [length for server, length in zip(cluster.servers, cluster.log_lengths(), strict=True)
              if server != victim]  # fmt: skip
        assert max(up) <= LONGEST_LOG
        come_back(cluster, victim, away)
        cluster.agree(3)
        leader = cluster.one_leader()
    installed = [e for e in cluster.sim.events if e.kind == "snapshot_installed"]
    assert installed or away is None


def leave(cluster: Cluster, victim: str, away: str | None) -> None:
    if away == "disconnects":
        cluster.disconnect(victim)
    elif away == "crashes":
        cluster.crash(victim)
    if away:
        cluster.agree(2)


def come_back(cluster: Cluster, victim: str, away: str | None) -> None:
    if away == "disconnects":
        cluster.connect(victim)
    elif away == "crashes":
        cluster.restart(victim)


@pytest.mark.parametrize("seed", SEEDS)
def test_crash_all(made: Make, seed: int) -> None:
    """All crash at once and go on from their snapshots."""
    cluster = made(3, seed=seed, snapshot_threshold=INTERVAL)
    cluster.agree(3)
    for _ in range(5):
        leader = cluster.one_leader()
        for _ in range(INTERVAL // 2 + cluster.chance.between(0, INTERVAL)):
            cluster.start(leader)
        before = cluster.agree(3)
        cluster.crash(*cluster.servers)
        cluster.restart(*cluster.servers)
        assert cluster.agree(3) > before


@pytest.mark.parametrize("seed", SEEDS)
def test_a_snapshot_survives_a_second_crash(made: Make, seed: int) -> None:
    """All crash right after a snapshot, before anything follows it, and then once more."""
    cluster = made(3, seed=seed)
    last = [cluster.agree(3) for _ in range(5)][-1]
    for server in cluster.servers:
        cluster.sim.do({"snapshot": server})
    for _ in range(2):
        cluster.crash(*cluster.servers)
        assert cluster.log_lengths() == [0, 0, 0]
        cluster.restart(*cluster.servers)
        cluster.one_leader()
    assert cluster.agree(3) == last + 1
