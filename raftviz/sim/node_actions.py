"""Commands that befall nodes: crashes, pauses, other options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raftviz.errors import CommandError
from raftviz.protocols.base import NodeId
from raftviz.sim import client_actions
from raftviz.sim import view as visible
from raftviz.sim.cluster import Cluster
from raftviz.sim.guards import known, running


def crash(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """Volatile state is lost, persistent state survives (Fig. 2, State)."""
    known(cluster, node_id, "crash")
    if cluster.crashed[node_id]:
        raise CommandError(f"{node_id} is down already", where="crash")
    _go_down(cluster, node_id, cause, wiped=False)


def wipe(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """A node loses its disk too: nothing of it survives (a thing Raft does not tolerate)."""
    known(cluster, node_id, "wipe")
    _go_down(cluster, node_id, cause, wiped=True)


def _go_down(cluster: Cluster, node_id: NodeId, cause: int, wiped: bool) -> None:
    if wiped:
        cluster.disks.pop(node_id, None)
    old, timers = cluster.shown[node_id], visible.node_view(cluster, node_id)["timers"]
    node = cluster.nodes[node_id] = cluster.rules.node(node_id, cluster.disks.get(node_id))
    cluster.shown[node_id] = node.state
    changes = list(cluster.rules.changes(node_id, old, node.state))
    lost = list(dict.fromkeys(str(path[2]) for path, _, _ in changes))
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
    client_actions.lose_contact(cluster, node_id, seq)
    cluster.boundary()


def restart(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """A crashed node starts as a follower with what its disk holds."""
    known(cluster, node_id, "restart")
    if not cluster.crashed[node_id]:
        raise CommandError(
            f"{node_id} is running", where="restart", remedy=f"crash {node_id} first"
        )
    cluster.crashed[node_id] = False
    change = (("nodes", node_id, "crashed"), True, False)
    seq = cluster.emit("restarted", node_id, cause, {}, (change,))
    cluster.perform(node_id, cluster.nodes[node_id].start(), seq)
    cluster.boundary()


def pause(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """It stands still, as in a long garbage collection; what reaches it waits."""
    running(cluster, node_id, "pause")
    cluster.paused[node_id] = True
    change = (("nodes", node_id, "paused"), False, True)
    cluster.emit("paused", node_id, cause, {}, (change,))
    cluster.boundary()


def resume(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """It goes on, with all that waited for it, in the order in which it came."""
    known(cluster, node_id, "resume")
    if not cluster.paused[node_id]:
        raise CommandError(f"{node_id} does not stand still", where="resume")
    cluster.paused[node_id] = False
    change = (("nodes", node_id, "paused"), True, False)
    cluster.emit("resumed", node_id, cause, {}, (change,))
    held, cluster.held[node_id] = cluster.held[node_id], ()
    for key in held:
        cluster.agenda.schedule(cluster.now_us, key)
    cluster.boundary()


def transfer(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
    """The leader hands over (dissertation §3.10)."""
    target = known(cluster, argument["to"], "transfer.to")
    leader = running(cluster, client_actions.asked_node(cluster, {}, "transfer"), "transfer")
    effects = cluster.nodes[leader].order("transfer", target)
    cluster.perform(leader, effects, cause)
    cluster.boundary()


def option(cluster: Cluster, options: dict[str, Any], cause: int) -> None:
    """Change protocol options for all nodes. Raises OptionError."""
    rules = cluster.rules
    before = rules.options()
    for name, value in options.items():
        rules = rules.with_option(name, value)
    cluster.rules = rules
    for node_id, node in cluster.nodes.items():
        cluster.nodes[node_id] = rules.resume(node_id, node.state)
    for name, value in options.items():
        change = (("options", name), before[name], value)
        cluster.emit("option_changed", None, cause, {"name": name, "value": value}, (change,))
    cluster.boundary()


ACTIONS: dict[str, Callable[[Cluster, Any, int], None]] = {
    "crash": crash,
    "restart": restart,
    "wipe": wipe,
    "pause": pause,
    "resume": resume,
    "transfer": transfer,
    "option": option,
}
