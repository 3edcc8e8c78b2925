"""Commands that befall nodes: crashes, pauses, other options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.errors import CommandError, LimitError, shown
from raftviz.protocols.base import Change, NodeId
from raftviz.sim import client_actions, service, settings
from raftviz.sim import view as visible
from raftviz.sim.agenda import Key
from raftviz.sim.clients import is_request
from raftviz.sim.cluster import Cluster
from raftviz.sim.guards import known, running


def crash(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """Volatile state is lost, persistent state survives (Fig. 2, State)."""
    known(cluster, node_id, "crash")
    if cluster.crashed[node_id]:
        raise CommandError(
            f"{node_id} is down already", where="crash", kind="crashed", node=node_id
        )
    _go_down(cluster, node_id, cause, wiped=False)


def wipe(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """A node loses its disk too: nothing of it survives (a thing Raft does not tolerate)."""
    known(cluster, node_id, "wipe")
    _go_down(cluster, node_id, cause, wiped=True)


def _go_down(cluster: Cluster, node_id: NodeId, cause: int, wiped: bool) -> None:
    changes: list[Change] = []
    if wiped:
        cluster.disks.pop(node_id, None)
        empty = cluster.rules.disk_view(None)
        changes.append((("nodes", node_id, "disk"), cluster.disk_views[node_id], empty))
        cluster.disk_views[node_id] = empty
    cluster.blocked.pop(node_id, None)
    old, timers = cluster.shown[node_id], visible.node_view(cluster, node_id)["timers"]
    node = cluster.nodes[node_id] = cluster.rules.node(node_id, cluster.disks.get(node_id))
    cluster.shown[node_id] = node.state
    forgotten = cluster.rules.changes(node_id, old, node.state)
    lost = list(dict.fromkeys(str(path[2]) for path, _, _ in forgotten))
    changes.extend(forgotten)
    for name, view in timers.items():
        cluster.timers.pop((node_id, name))
        cluster.agenda.cancel((node_id, name))
        changes.append((("nodes", node_id, "timers", name), view, None))
    for field, table in (("crashed", cluster.crashed), ("paused", cluster.paused)):
        before, table[node_id] = table[node_id], field == "crashed"
        if before != table[node_id]:
            changes.append((("nodes", node_id, field), before, table[node_id]))
    held, cluster.held[node_id] = cluster.held[node_id], ()
    data = {"lost": lost, **({"wiped": True} if wiped else {})}
    seq = cluster.emit("crashed", node_id, cause, data, tuple(changes))
    for key in held:
        if isinstance(key, int):
            cluster.drop(cluster.flights[key], "crash", seq)
    service.lose_contact(cluster, node_id, seq)
    cluster.boundary()


def restart(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """A crashed node starts as a follower with what its disk holds."""
    known(cluster, node_id, "restart")
    if not cluster.crashed[node_id]:
        raise CommandError(
            f"{node_id} is running",
            where="restart",
            remedy=f"crash {node_id} first",
            kind="running",
            node=node_id,
        )
    cluster.crashed[node_id] = False
    change = (("nodes", node_id, "crashed"), True, False)
    seq = cluster.emit("restarted", node_id, cause, {}, (change,))
    cluster.perform(node_id, cluster.nodes[node_id].start(), seq)
    cluster.boundary()


def pause(cluster: Cluster, argument: NodeId | dict[str, NodeId], cause: int) -> None:
    """It stands still, as in a long garbage collection; what reaches it waits. Or its disk alone
    does: the node goes on until it has to write.
    """
    if isinstance(argument, dict):
        _stall(cluster, argument["disk"], cause)
        return
    running(cluster, argument, "pause")
    cluster.paused[argument] = True
    change = (("nodes", argument, "paused"), False, True)
    cluster.emit("paused", argument, cause, {}, (change,))
    cluster.boundary()


def _stall(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    known(cluster, node_id, "pause.disk")
    if cluster.stalled[node_id]:
        raise CommandError(
            f"the disk of {node_id} stands still already",
            where="pause.disk",
            kind="stalled",
            node=node_id,
        )
    cluster.stalled[node_id] = True
    change = (("nodes", node_id, "stalled"), False, True)
    cluster.emit("paused", node_id, cause, {"disk": True}, (change,))
    cluster.boundary()


def resume(cluster: Cluster, argument: NodeId | dict[str, NodeId], cause: int) -> None:
    """It goes on, with all that waited for it, in the order in which it came."""
    if isinstance(argument, dict):
        _go_on_writing(cluster, argument["disk"], cause)
        return
    known(cluster, argument, "resume")
    if not cluster.paused[argument]:
        raise CommandError(
            f"{argument} does not stand still", where="resume", kind="unpaused", node=argument
        )
    cluster.paused[argument] = False
    change = (("nodes", argument, "paused"), True, False)
    cluster.emit("resumed", argument, cause, {}, (change,))
    _let_in(cluster, argument)
    cluster.boundary()


def _go_on_writing(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    known(cluster, node_id, "resume.disk")
    if not cluster.stalled[node_id]:
        raise CommandError(
            f"the disk of {node_id} does not stand still",
            where="resume.disk",
            kind="unstalled",
            node=node_id,
        )
    cluster.stalled[node_id] = False
    change = (("nodes", node_id, "stalled"), True, False)
    cluster.emit("resumed", node_id, cause, {"disk": True}, (change,))
    cluster.unblock(node_id)
    _let_in(cluster, node_id)
    cluster.boundary()


def _let_in(cluster: Cluster, node_id: NodeId) -> None:
    """What waited at the node's door comes in, unless it still stands still: first that time has
    passed, then the rest in the order in which it came. A timer that the node has disarmed or armed
    anew since it ran out, as it went on after a write, no longer waits.
    """
    if cluster.stands_still(node_id):
        return
    held, cluster.held[node_id] = cluster.held[node_id], ()
    for passive in (True, False):
        for key in held:
            if cluster.is_passive(key) is passive and not _is_outdated_timer(cluster, key):
                cluster.agenda.schedule(cluster.now_us, key)


def _is_outdated_timer(cluster: Cluster, key: Key) -> bool:
    if isinstance(key, int) or is_request(key):
        return False
    return key not in cluster.timers or key in cluster.agenda


def clock(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
    """A node's clock runs fast (a rate above 1) or slow, from the next timer that it sets on."""
    node_id = known(cluster, argument["node"], "clock.node")
    old, rate = cluster.clocks.get(node_id, 1), argument["rate"]
    if old == rate:
        raise CommandError(
            f"the clock of {node_id} runs at that rate already",
            where="clock.rate",
            kind="clock.same",
            node=node_id,
        )
    cluster.clocks[node_id] = rate
    if rate == 1:
        del cluster.clocks[node_id]
    change = (("nodes", node_id, "clock"), old, rate)
    cluster.emit("clock_changed", node_id, cause, {"rate": rate}, (change,))
    cluster.boundary()


def order(cluster: Cluster, name: str, argument: Any, cause: int) -> None:
    """An order to the leader. Raises CommandError where there is none, or it cannot be obeyed."""
    leader = running(cluster, client_actions.asked_node(cluster, {}, name), name)
    effects = cluster.nodes[leader].order(name, argument)
    cluster.perform(leader, effects, cause)
    cluster.boundary()


def transfer(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
    """The leader hands over (dissertation §3.10)."""
    order(cluster, "transfer", known(cluster, argument["to"], "transfer.to"), cause)


def snapshot(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """A node compacts its log (dissertation §5.1)."""
    effects = cluster.nodes[running(cluster, node_id, "snapshot")].order("snapshot", None)
    cluster.perform(node_id, effects, cause)
    cluster.boundary()


# Members (dissertation §4).


def add_node(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """One more member: a server that is there, or a new one."""
    _order_with_newcomers(cluster, "add_node", node_id, [node_id], cause)


def _order_with_newcomers(
    cluster: Cluster, name: str, argument: Any, members: list[NodeId], cause: int
) -> None:
    """An order to the leader that may name servers which are not there yet: they are then started."""
    leader = running(cluster, client_actions.asked_node(cluster, {}, name), name)
    newcomers = [node_id for node_id in members if node_id not in cluster.nodes]
    for node_id in newcomers:
        _check_newcomer(cluster, node_id, len(newcomers), leader, name)
    effects = cluster.nodes[leader].order(name, argument)
    for node_id in newcomers:
        _start_newcomer(cluster, node_id, cause)
    cluster.perform(leader, effects, cause)
    cluster.boundary()


def _check_newcomer(
    cluster: Cluster, node_id: NodeId, count: int, leader: NodeId, where: str
) -> None:
    if not settings.NAME.fullmatch(node_id):
        raise CommandError(
            f"{shown(node_id)} is no name for a node",
            where=where,
            remedy="use a letter, then letters, digits, - and _, at most 20 in all",
            kind="node.name",
            name=shown(node_id),
        )
    if len(cluster.node_ids) + count > settings.NODES_MAX:
        members = cluster.rules.view(cluster.nodes[leader].state)["members"]
        others = [other for other in cluster.node_ids if other not in members]
        raise LimitError(
            f"there are {len(cluster.node_ids)} nodes already, and no more than "
            f"{settings.NODES_MAX} may be",
            where=where,
            remedy=f"name one of {', '.join(others)}" if others else None,
            kind="nodes.full",
            of=len(cluster.node_ids),
            most=settings.NODES_MAX,
            others=others,
        )


def _start_newcomer(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """A server that belongs to nothing yet and waits to be spoken to."""
    cluster.add(node_id)
    view = visible.node_view(cluster, node_id)
    seq = cluster.emit("node_added", node_id, cause, {}, ((("nodes", node_id), None, view),))
    cluster.perform(node_id, cluster.nodes[node_id].start(), seq)


def remove_node(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """One member less; its server runs on and may not know."""
    order(cluster, "remove_node", node_id, cause)


def reconfigure(cluster: Cluster, members: list[NodeId], cause: int) -> None:
    """These members and no others; servers that are not there yet are started."""
    for position, node_id in enumerate(members):
        if node_id in members[:position]:
            raise CommandError(
                f"{node_id} is named twice",
                where="reconfigure",
                remedy="name each node once",
                kind="members.twice",
                node=node_id,
            )
    _order_with_newcomers(cluster, "reconfigure", members, members, cause)


def option(cluster: Cluster, options: dict[str, Any], cause: int) -> None:
    """Change protocol options for all nodes. Raises OptionError."""
    rules = cluster.rules
    before = rules.options()
    states = [node.state for node in cluster.nodes.values()]
    rules = rules.with_options(options, states)
    cluster.rules = rules
    for node_id, node in cluster.nodes.items():
        cluster.nodes[node_id] = rules.resume(node_id, node.state)
    after = rules.options()
    for name in options:
        value = after[name]
        change = (("options", name), before[name], value)
        cluster.emit("option_changed", None, cause, {"name": name, "value": value}, (change,))
    cluster.boundary()


ACTIONS: dict[str, Callable[[Cluster, Any, int], None]] = {
    "crash": crash,
    "restart": restart,
    "wipe": wipe,
    "pause": pause,
    "resume": resume,
    "clock": clock,
    "transfer": transfer,
    "snapshot": snapshot,
    "add_node": add_node,
    "remove_node": remove_node,
    "reconfigure": reconfigure,
    "option": option,
}
