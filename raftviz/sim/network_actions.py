"""Commands that change links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from raftviz.errors import CommandError
from raftviz.protocols.base import Change, NodeId
from raftviz.sim import flights
from raftviz.sim.clock import from_ms
from raftviz.sim.cluster import Cluster
from raftviz.sim.guards import known
from raftviz.sim.network import PERFECT, LinkKey, link_name


def change_link(cluster: Cluster, key: LinkKey, cause: int, **settings: Any) -> bool:
    """Change a link, and the fate of what is on it; False where nothing changes."""
    changed = cluster.network.set(key, **settings)
    if changed is None:
        return False
    old, new = changed
    changes: list[Change] = [
        (
            ("links", link_name(key)),
            None if old == PERFECT else old.view(),
            None if new == PERFECT else new.view(),
        )
    ]
    for flight in list(cluster.flights.values()):
        if (flight.source, flight.target) != key or flight.id not in cluster.agenda:
            continue
        middle = flight.sent_us + (flight.arrives_us - flight.sent_us) // 2
        if new.cut and flight.lost is None and cluster.now_us < middle:
            changes.append(flights.redirect(cluster, flight, lost="cut"))
        elif not new.cut and flight.lost == "cut":
            changes.append(flights.redirect(cluster, flight, lost=None))
    data = {"from": key[0], "to": key[1], **new.view()}
    seq = cluster.emit("link_changed", None, cause, data, tuple(changes))
    if new.cut and not old.cut:
        cluster.cut_by[key] = seq
    cluster.boundary()
    return True


def set_cuts(cluster: Cluster, cuts: Mapping[LinkKey, bool], cause: int) -> bool:
    """Cut and mend links; False where nothing changes."""
    changed = [change_link(cluster, key, cause, cut=cut) for key, cut in cuts.items()]
    return any(changed)


def links_of(cluster: Cluster, argument: Any, where: str) -> list[LinkKey]:
    """The links that an argument means: all, a node's, both ways of a pair, or one way."""
    if argument is True:
        return list(cluster.network.pairs())
    if isinstance(argument, str):
        known(cluster, argument, where)
        return [pair for pair in cluster.network.pairs() if argument in pair]
    if isinstance(argument, dict):
        source, target = argument["from"], argument["to"]
        both = False
    else:
        (source, target), both = argument, True
    for node_id in (source, target):
        known(cluster, node_id, where)
    if source == target:
        raise CommandError(
            f"{source} has no link to itself",
            where=where,
            remedy="name two different nodes",
            kind="link.self",
            node=source,
        )
    return [(source, target), (target, source)] if both else [(source, target)]


def partition(cluster: Cluster, groups: list[list[NodeId]], cause: int) -> None:
    """Only nodes of one group reach each other; a node in no group is alone."""
    named = [node_id for group in groups for node_id in group]
    for node_id in named:
        known(cluster, node_id, "partition")
        if named.count(node_id) > 1:
            raise CommandError(
                f"{node_id} is named twice",
                where="partition",
                remedy="put each node in one group",
                kind="partition.twice",
                node=node_id,
            )
    alone = [[node_id] for node_id in cluster.node_ids if node_id not in named]
    set_cuts(cluster, cluster.network.partition([*groups, *alone]), cause)


def isolate(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """Cut all links of a node, both ways."""
    set_cuts(cluster, dict.fromkeys(links_of(cluster, node_id, "isolate"), True), cause)


def cut(cluster: Cluster, argument: Any, cause: int) -> None:
    """Cut a link, both ways or one way."""
    set_cuts(cluster, dict.fromkeys(links_of(cluster, argument, "cut"), True), cause)


def heal(cluster: Cluster, argument: Any, cause: int) -> None:
    """Mend all links, a node's, or one."""
    set_cuts(cluster, dict.fromkeys(links_of(cluster, argument, "heal"), False), cause)


def link(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
    """Make a link slow or lossy, one way."""
    ends = {"from": argument["from"], "to": argument["to"]}
    (key,) = links_of(cluster, ends, "link")
    settings: dict[str, Any] = {
        name: argument[name] for name in ("loss", "duplicate") if name in argument
    }
    if "latency" in argument:
        low, high = argument["latency"]
        if low > high:
            raise CommandError(
                f"{low} is more than {high}",
                where="link.latency",
                remedy="give [lowest, highest]",
                kind="link.latency",
                low=str(low),
                high=str(high),
            )
        settings["latency_us"] = (from_ms(low), from_ms(high))
    change_link(cluster, key, cause, **settings)


ACTIONS: dict[str, Callable[[Cluster, Any, int], None]] = {
    "partition": partition,
    "isolate": isolate,
    "cut": cut,
    "heal": heal,
    "link": link,
}
