"""What commands ask before they act: is there such a node, and is it up?"""

from __future__ import annotations

from raftviz.errors import CommandError, meant, shown
from raftviz.protocols.base import NodeId
from raftviz.sim.cluster import Cluster


def known(cluster: Cluster, node_id: NodeId, where: str) -> NodeId:
    """The node, if there is one of that name. Raises CommandError."""
    if node_id not in cluster.nodes:
        raise CommandError(
            f"there is no node {shown(node_id)}",
            where=where,
            kind="node",
            id=shown(node_id),
            **meant(node_id, cluster.node_ids),
        )
    return node_id


def running(cluster: Cluster, node_id: NodeId, where: str) -> NodeId:
    """The node, if it is neither crashed nor paused. Raises CommandError."""
    known(cluster, node_id, where)
    if cluster.crashed[node_id]:
        raise CommandError(
            f"{node_id} is down",
            where=where,
            remedy=f"restart {node_id} first",
            kind="down",
            node=node_id,
        )
    if cluster.paused[node_id]:
        raise CommandError(
            f"{node_id} stands still",
            where=where,
            remedy=f"resume {node_id} first",
            kind="paused",
            node=node_id,
        )
    if node_id in cluster.blocked:
        raise CommandError(
            f"{node_id} waits for its disk",
            where=where,
            remedy=f"let the disk go on first: resume: {{disk: {node_id}}}",
            kind="blocked",
            node=node_id,
        )
    return node_id
