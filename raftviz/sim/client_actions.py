"""Commands that clients send: writes, reads, and the same again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.errors import CommandError, LimitError, meant, shown
from raftviz.protocols.base import ClientRequest, NodeId
from raftviz.sim import service
from raftviz.sim.clients import CLIENTS_MAX, DEFAULT_CLIENT, Actor
from raftviz.sim.clock import from_ms
from raftviz.sim.cluster import Cluster
from raftviz.sim.guards import known

OF_CLIENTS = ("write", "delete", "cas", "read", "retry")
"""Commands that may name the node that they ask."""

DEFAULT_PATIENCE_MS = 500
DEFAULT_TRIES = 10


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
            remedy=f"elect one, or name a node: to: {cluster.node_ids[0]}"
            if where in OF_CLIENTS
            else "elect one first",
            kind="leader.client" if where in OF_CLIENTS else "leader",
            node=cluster.node_ids[0],
        )
    return max(leaders, key=lambda node_id: rules.term(nodes[node_id].state))


def _client(cluster: Cluster, argument: dict[str, Any], where: str) -> str:
    """The client's name. Raises LimitError where it would be one client too many."""
    name: str = argument.get("client", DEFAULT_CLIENT)
    others = dict.fromkeys((*cluster.clients, *cluster.actors))
    if name not in others and len(others) >= CLIENTS_MAX:
        raise LimitError(
            f"there are {len(others)} clients already",
            where=f"{where}.client",
            remedy="let one of them ask again",
            kind="clients",
            of=len(others),
        )
    return name


def _server(cluster: Cluster, client_id: str, argument: dict[str, Any], where: str) -> NodeId:
    """Whom a client asks; an actor need not know who leads."""
    actor = cluster.actors.get(client_id)
    if actor is None or "to" in argument:
        return asked_node(cluster, argument, where)
    return actor.leader or cluster.node_ids[0]


def _operation(op: str) -> Callable[[Cluster, dict[str, Any], int], None]:
    def act(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
        where = "write" if op == "set" else op
        client_id = _client(cluster, argument, where)
        to = _server(cluster, client_id, argument, where)
        old = cluster.clients.get(client_id)
        operation = {"op": op, "key": argument["key"]}
        if op in ("set", "cas"):
            operation["value"] = argument["value"]
        if op == "cas":
            operation["expected"] = argument.get("expected")
        if op == "read":
            mode = argument.get("mode") or cluster.rules.options()["read_mode"]
            if mode == "lease" and cluster.rules.options()["read_mode"] != "lease":
                raise CommandError(
                    "leaders keep no lease",
                    where="read.mode",
                    remedy="set the options read_mode: lease, check_quorum and leader_stickiness",
                    kind="read.lease",
                )
            operation["mode"] = mode
        serial = old.request.serial + 1 if old else 1
        service.ask(cluster, client_id, ClientRequest(client_id, serial, operation), to, cause)
        cluster.boundary()

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
            kind="retry",
            client=shown(client_id),
            **(meant(client_id, others) if others else {"remedy": "write or read first"}),
        )
    to = _server(cluster, client_id, argument, "retry")
    service.ask(cluster, client_id, client.request, to, cause)
    cluster.boundary()


def client(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
    """A client acts by itself from its next request on: it goes where it is sent, and asks
    elsewhere when its patience is over (dissertation §6.2). With patience 0 it no longer does.
    """
    name = _client(cluster, argument, "client")
    patience_us = from_ms(argument.get("patience", DEFAULT_PATIENCE_MS))
    if patience_us:
        cluster.actors[name] = Actor(patience_us, argument.get("tries", DEFAULT_TRIES))
    elif name in cluster.actors:
        del cluster.actors[name]
        if name in cluster.clients:
            cluster.agenda.cancel(cluster.clients[name].patience)
            cluster.agenda.cancel(cluster.clients[name].next_attempt)


ACTIONS: dict[str, Callable[[Cluster, Any, int], None]] = {
    "write": _operation("set"),
    "delete": _operation("delete"),
    "cas": _operation("cas"),
    "read": _operation("read"),
    "retry": retry,
    "client": client,
}
