"""Clusters for the tests of the course: whatever a test does, in the end nothing may have fallen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.evidence.cluster import Cluster


@pytest.fixture
def made() -> Iterator[Callable[..., Cluster]]:
    """Make clusters; each is held to its promises when the test is over."""
    clusters: list[Cluster] = []

    def make(servers: int, **more: Any) -> Cluster:
        clusters.append(Cluster(servers, **more))
        return clusters[-1]

    yield make
    assert clusters
    for cluster in clusters:
        cluster.finish()
