"""A cluster's visible state in wire names, made anew. The journal's changes add up to the same."""

from __future__ import annotations

from typing import Any

from raftviz.protocols.base import NodeId
from raftviz.sim.cluster import Cluster
from raftviz.sim.network import link_name


def options(cluster: Cluster) -> dict[str, Any]:
    """The protocol options in force; one that is None is not shown."""
    return {k: v for k, v in cluster.rules.options().items() if v is not None}


def node_view(cluster: Cluster, node_id: NodeId) -> dict[str, Any]:
    """One node in wire names."""
    return {
        **cluster.rules.view(cluster.shown[node_id]),
        "crashed": cluster.crashed[node_id],
        "paused": cluster.paused[node_id],
        "stalled": cluster.stalled[node_id],
        "clock": cluster.clocks.get(node_id, 1),
        "disk": dict(cluster.disk_views[node_id]),
        "timers": {
            timer.name: timer.view()
            for key, timer in cluster.timers.items()
            if isinstance(key, tuple) and key[0] == node_id
        },
    }


def view(cluster: Cluster) -> dict[str, Any]:
    """Everything visible, as it stands."""
    return {
        "time": cluster.now_us,
        "seq": len(cluster.events),
        "options": options(cluster),
        "nodes": {node_id: node_view(cluster, node_id) for node_id in cluster.node_ids},
        "messages": {str(number): flight.view() for number, flight in cluster.flights.items()},
        "links": {link_name(key): link.view() for key, link in cluster.network.links.items()},
        "clients": {name: client.view() for name, client in cluster.clients.items()},
    }
