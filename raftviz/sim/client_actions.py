"""Commands that clients send: writes, reads, and the same again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.errors import CommandError, did_you_mean, shown
from raftviz.protocols.base import ClientRequest, NodeId, Reply
from raftviz.sim.clients import DEFAULT_CLIENT, Client, request_data
from raftviz.sim.cluster import Cluster
from raftviz.sim.guards import known


def asked_node(cluster: Cluster, argument: dict[str, Any], where: str) -> NodeId:
    """The node that a client asks: `to`, or else the leader of the highest term that is up.

    Raises CommandError where there is none.
    """
    if "to" in argument:
        return known(cluster, argument["to"], f"{where}.to")
    rules, nodes = cluster.rules, cluster.nodes
    leaders = [
        node_id
        for node_id in cluster.node_ids
        if not cluster.crashed[node_id] and rules.role(nodes[node_id].state) == "leader"
    ]
    if not leaders:
        raise CommandError(
            "there is no leader to ask",
            where=where,
            remedy=f"elect one, or name a node: to: {cluster.node_ids[0]}",
        )
    return max(leaders, key=lambda node_id: rules.term(nodes[node_id].state))


def ask(cluster: Cluster, client_id: str, request: ClientRequest, to: NodeId, cause: int) -> None:
    """A client sends a request to a node."""
    old = cluster.clients.get(client_id)
    new = Client(client_id, request, to, "waiting", None, None, None, cluster.now_us, None)
    cluster.clients[client_id] = new
    change = (("clients", client_id), old.view() if old else None, new.view())
    seq = cluster.emit("client_request", to, cause, request_data(new), (change,))
    if cluster.crashed[to]:
        reply = Reply(client_id, request.serial, "failed", why="unreachable")
        cluster.answer(to, reply, seq)
    elif cluster.paused[to]:
        cluster.held[to] += ((f"client:{client_id}", to),)
    else:
        cluster.perform(to, cluster.nodes[to].request(request), seq)
    cluster.boundary()


def lose_contact(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """A node went down: who waits for its answer will not know the outcome."""
    for client in list(cluster.clients.values()):
        if client.outcome == "waiting" and client.to == node_id:
            reply = Reply(client.id, client.request.serial, "unknown", why="crashed")
            cluster.answer(node_id, reply, cause)


def _operation(op: str) -> Callable[[Cluster, dict[str, Any], int], None]:
    def act(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
        to = asked_node(cluster, argument, "write" if op == "set" else op)
        client_id = argument.get("client", DEFAULT_CLIENT)
        old = cluster.clients.get(client_id)
        operation = {"op": op, "key": argument["key"]}
        if op in ("set", "cas"):
            operation["value"] = argument["value"]
        if op == "cas":
            operation["expected"] = argument.get("expected")
        if op == "read":
            operation["mode"] = argument.get("mode", "linearizable")
        serial = old.request.serial + 1 if old else 1
        ask(cluster, client_id, ClientRequest(client_id, serial, operation), to, cause)

    return act


def retry(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
    """A client sends its last request again, with the same serial number."""
    client_id = argument.get("client", DEFAULT_CLIENT)
    client = cluster.clients.get(client_id)
    if client is None:
        others = list(cluster.clients)
        raise CommandError(
            f"client {shown(client_id)} has not asked for anything yet",
            where="retry",
            remedy=did_you_mean(client_id, others) if others else "write or read first",
        )
    to = asked_node(cluster, argument, "retry")
    ask(cluster, client_id, client.request, to, cause)


ACTIONS: dict[str, Callable[[Cluster, Any, int], None]] = {
    "write": _operation("set"),
    "delete": _operation("delete"),
    "cas": _operation("cas"),
    "read": _operation("read"),
    "retry": retry,
}
