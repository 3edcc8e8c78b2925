"""How clients are served: requests that reach a node, answers that come back, and what an actor
makes of silence and refusals.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raftviz.protocols.base import Change, ClientRequest, NodeId, Reply
from raftviz.sim.agenda import Key
from raftviz.sim.clients import Client, client_of, is_patience, is_request, request_data

if TYPE_CHECKING:
    from raftviz.sim.cluster import Cluster

BACKOFF_US = 50_000
"""How long an actor waits before it asks again, unless it has just been told whom."""


def ask(cluster: Cluster, client_id: str, request: ClientRequest, to: NodeId, cause: int) -> None:
    """A client sends a request to a node, for the first time or again."""
    old = cluster.clients.get(client_id)
    again = old is not None and old.request.serial == request.serial
    new = Client(
        client_id,
        request,
        to,
        "waiting",
        None,
        None,
        None,
        cluster.now_us,
        None,
        seq=len(cluster.events) + 1,
    )
    if old is not None:
        cluster.agenda.cancel(old.next_attempt)
        if again:
            attempt = old.attempt + 1 if old.waits else 1
            uncertain = old.uncertain or old.outcome in ("ok", "unknown")
            new = replace(
                new, attempt=attempt, uncertain=uncertain, redirected=old.redirected and old.waits
            )
    cluster.clients[client_id] = new
    actor = cluster.actors.get(client_id)
    if actor is not None:
        cluster.agenda.schedule(cluster.now_us + actor.patience_us, new.patience)
    change = (("clients", client_id), old.view() if old else None, new.view())
    seq = cluster.emit("client_request", to, cause, request_data(new), (change,))
    if cluster.crashed[to]:
        reply = Reply(client_id, request.serial, "failed", why="unreachable")
        answer(cluster, to, reply, seq)
    elif cluster.stands_still(to):
        cluster.held[to] += (new.arrival,)
    else:
        cluster.perform(to, cluster.nodes[to].request(request), seq)


def occur(cluster: Cluster, key: Key) -> None:
    """Something befalls a client: its request arrives, it asks again, or its patience runs out."""
    client = cluster.clients[client_of(key)]
    if not client.waits:
        return
    if is_patience(key):
        _lose_patience(cluster, client)
    elif not is_request(key):
        if client.next_to is not None:
            ask(cluster, client.id, client.request, client.next_to, client.seq)
    elif key == client.arrival:
        request = client.request
        effects = cluster.nodes[client.to].request(request)
        cluster.perform(client.to, effects, client.seq)


def answer(cluster: Cluster, node_id: NodeId, reply: Reply, cause: int) -> None:
    """A client gets its answer. One to a request that it no longer waits for changes nothing; a
    refusal makes an actor ask elsewhere.
    """
    client = cluster.clients[reply.client]
    changes: tuple[Change, ...] = ()
    waited = client.request.serial == reply.serial and client.waits
    actor = cluster.actors.get(client.id) if waited else None
    final = reply.outcome == "ok" or reply.why == "cas_mismatch"
    goes_on = actor is not None and not final and client.to == node_id
    if waited and (actor is None or final):
        new = client.answered(reply, cluster.now_us)
        cluster.clients[client.id] = new
        changes = ((("clients", client.id), client.view(), new.view()),)
    data = {
        "client": reply.client,
        "serial": reply.serial,
        "outcome": reply.outcome,
        "value": reply.value,
        "why": reply.why,
        "hint": reply.hint,
        "index": reply.index,
    }
    seq = cluster.emit("client_reply", node_id, cause, data, changes)
    if actor is not None and final:
        cluster.agenda.cancel(client.patience)
        cluster.agenda.cancel(client.next_attempt)
        cluster.actors[client.id] = replace(actor, leader=node_id)
    elif goes_on:
        uncertain = client.uncertain or reply.outcome == "unknown"
        _go_on(cluster, replace(client, uncertain=uncertain), reply.hint, seq)


def _lose_patience(cluster: Cluster, client: Client) -> None:
    """No answer in time: what was asked for may have happened or not."""
    data = {"client": client.id, "serial": client.request.serial, "attempt": client.attempt}
    seq = cluster.emit("client_timed_out", client.to, client.seq, data)
    _go_on(cluster, replace(client, uncertain=True), None, seq)


def _go_on(cluster: Cluster, client: Client, hint: NodeId | None, cause: int) -> None:
    """Ask again, where a hint leads or else the next node, or give up: with "unknown" if any
    attempt may have had an effect, with "failed" if none can have.

    One hint is followed at once. Two nodes that send a client to each other, as they may while
    leadership is handed over, must not use its tries up in no time.
    """
    actor = cluster.actors[client.id]
    cluster.agenda.cancel(client.patience)
    if client.attempt >= actor.tries:
        outcome = "unknown" if client.uncertain and not client.reads else "failed"
        new = replace(client, outcome=outcome, why="gave_up", done_us=cluster.now_us)
        change = (("clients", client.id), cluster.clients[client.id].view(), new.view())
        cluster.clients[client.id] = new
        data = {
            "client": client.id,
            "serial": client.request.serial,
            "outcome": outcome,
            "attempts": client.attempt,
        }
        cluster.emit("client_gave_up", None, cause, data, (change,))
        return
    told = hint is not None and hint != client.to
    nodes = cluster.node_ids
    next_to = hint if told else nodes[(nodes.index(client.to) + 1) % len(nodes)]
    at_once = told and not client.redirected
    cluster.clients[client.id] = replace(client, next_to=next_to, redirected=at_once, seq=cause)
    cluster.actors[client.id] = replace(actor, leader=next_to)
    cluster.agenda.schedule(cluster.now_us + (0 if at_once else BACKOFF_US), client.next_attempt)


def lose_contact(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """A node went down: who waits for its answer will not know the outcome."""
    for client in list(cluster.clients.values()):
        if client.waits and client.to == node_id and client.next_attempt not in cluster.agenda:
            reply = Reply(client.id, client.request.serial, "unknown", why="crashed")
            answer(cluster, node_id, reply, cause)
