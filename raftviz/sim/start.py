"""The first event of a run: what its cluster was made of, and the nodes as they start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from raftviz.sim import view as visible
from raftviz.sim.cluster import Cluster


def begin(
    cluster: Cluster, start: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]]
) -> None:
    """Let a new cluster begin: `start` is what the first event tells of its making, `given` is
    where nodes stand that do not begin with nothing.

    Raises ClusterError where the protocol cannot start a node so; nothing has been written then.
    """
    effects = cluster.rules.given(given)
    told = dict(start)
    if given:
        told["given"] = {node_id: dict(fields) for node_id, fields in given.items()}
    options = tuple(
        (("options", name), None, value) for name, value in visible.options(cluster).items()
    )
    nodes = tuple(
        (("nodes", node_id), None, {**visible.node_view(cluster, node_id), "timers": {}})
        for node_id in cluster.node_ids
    )
    cause = cluster.emit("command", None, None, {"command": {"start": told}}, options + nodes)
    for node_id, states in effects.items():
        cluster.perform(node_id, states, cause)
        cluster.nodes[node_id] = cluster.rules.resume(node_id, cluster.shown[node_id])
    for node_id, node in cluster.nodes.items():
        cluster.perform(node_id, node.start(), cause)
