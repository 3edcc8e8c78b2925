"""What each command does to a cluster. Every action first finds what could forbid it, then acts.

An action gets the cluster, its argument in normal form, and the number of the command's event,
which is the cause of all that it does itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from raftviz.errors import (
    CommandError,
    LimitError,
    ScriptError,
    did_you_mean,
    one_of,
    shown,
)
from raftviz.protocols.base import NodeId
from raftviz.sim import client_actions, network_actions
from raftviz.sim.clock import from_ms
from raftviz.sim.cluster import Cluster
from raftviz.sim.events import Flight

Action = Callable[[Cluster, Any, int], None]

DEFAULT_WITHIN_MS = 60_000
FLIGHTS_MAX = 1000


def known(cluster: Cluster, node_id: NodeId, where: str) -> NodeId:
    """The node, if there is one of that name. Raises CommandError."""
    if node_id not in cluster.nodes:
        raise CommandError(
            f"there is no node {shown(node_id)}",
            where=where,
            remedy=did_you_mean(node_id, cluster.node_ids),
        )
    return node_id


def running(cluster: Cluster, node_id: NodeId, where: str) -> NodeId:
    """The node, if it is neither crashed nor paused. Raises CommandError."""
    known(cluster, node_id, where)
    if cluster.crashed[node_id]:
        raise CommandError(f"{node_id} is down", where=where, remedy=f"restart {node_id} first")
    if cluster.paused[node_id]:
        raise CommandError(f"{node_id} stands still", where=where, remedy=f"resume {node_id} first")
    return node_id


# Timers and time.


def fire_timer(cluster: Cluster, node_id: NodeId, name: str, cause: int, where: str) -> None:
    """Fire a timer that the node has armed."""
    running(cluster, node_id, where)
    armed = [key[1] for key in cluster.timers if isinstance(key, tuple) and key[0] == node_id]
    if name not in armed:
        role = cluster.rules.role(cluster.nodes[node_id].state)
        raise CommandError(
            f"{node_id} is {role} and has no {name} timer",
            where=where,
            remedy=f"its timers are: {', '.join(armed)}" if armed else None,
        )
    cluster.fire((node_id, name), cause)
    cluster.boundary()


def timeout(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """Its election timer fires now (Raft §5.2)."""
    fire_timer(cluster, node_id, "election", cause, "timeout")


def heartbeat(cluster: Cluster, node_id: NodeId, cause: int) -> None:
    """A leader's heartbeat timer fires now (Raft §5.2)."""
    fire_timer(cluster, node_id, "heartbeat", cause, "heartbeat")


def timer(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
    """A named timer of a node fires now."""
    fire_timer(cluster, argument["node"], argument["name"], cause, "timer")


def settle(cluster: Cluster, _: bool, cause: int) -> None:
    """Deliver what is in flight and what that sends; no timer fires."""
    while cluster.run_next_message():
        pass


def step(cluster: Cluster, count: int, cause: int) -> None:
    """The next occurrences in virtual time."""
    for done in range(count):
        if not cluster.run_next():
            raise ScriptError(
                f"only {done} of {count} steps happen by themselves",
                where="step",
                remedy=_nothing_pending(cluster),
            )


def _nothing_pending(cluster: Cluster) -> str:
    if cluster.manual:
        return "nothing is in flight and timers are manual: fire one with timeout or heartbeat"
    return "nothing will happen by itself: restart or resume a node"


def run_to(cluster: Cluster, time_us: int) -> None:
    """Let virtual time pass until `time_us`."""
    while (due := cluster.agenda.next_time()) is not None and due <= time_us:
        cluster.run_next()
    cluster.now_us = max(cluster.now_us, time_us)


def advance(cluster: Cluster, ms: float, cause: int) -> None:
    """Let virtual time pass."""
    run_to(cluster, cluster.now_us + from_ms(ms))


def run_until(cluster: Cluster, wanted: dict[str, Any], cause: int) -> None:
    """Let virtual time pass until all that is wanted holds together."""
    _check_wanted(cluster, wanted)
    within_ms = wanted.get("within", DEFAULT_WITHIN_MS)
    end = cluster.now_us + from_ms(within_ms)
    while not _holds(cluster, wanted):
        due = cluster.agenda.next_time()
        if due is None:
            raise ScriptError(
                f"{_words(wanted)} does not come about",
                where="run_until",
                remedy=_nothing_pending(cluster),
            )
        if due > end:
            raise ScriptError(
                f"{_words(wanted)} did not come about within {within_ms:g} ms",
                where="run_until",
                remedy="give a longer `within`, or change what stands in its way",
            )
        cluster.run_next()


def _check_wanted(cluster: Cluster, wanted: dict[str, Any]) -> None:
    if wanted.keys() == {"within"}:
        raise CommandError(
            "`within` alone waits for nothing",
            where="run_until",
            remedy=one_of(("leader", "committed", "state", "quiet")),
        )
    if isinstance(wanted.get("leader"), str):
        known(cluster, wanted["leader"], "run_until.leader")
    for node_id, role in wanted.get("state", {}).items():
        known(cluster, node_id, "run_until.state")
        roles = ("follower", "candidate", "leader")
        if role not in roles:
            raise CommandError(
                f"there is no state {shown(role)}",
                where=f"run_until.state.{node_id}",
                remedy=did_you_mean(role, roles),
            )


def _words(wanted: dict[str, Any]) -> str:
    return ", ".join(f"{k}: {v}" for k, v in wanted.items() if k != "within")


def _holds(cluster: Cluster, wanted: dict[str, Any]) -> bool:
    rules, nodes = cluster.rules, cluster.nodes
    up = [node for node in cluster.node_ids if not cluster.crashed[node]]
    leaders = [node for node in up if rules.role(nodes[node].state) == "leader"]
    leader = wanted.get("leader")
    if (leader is True and not leaders) or (isinstance(leader, str) and leader not in leaders):
        return False
    index = wanted.get("committed")
    if index is not None and all(rules.commit_index(nodes[node].state) < index for node in up):
        return False
    for node_id, role in wanted.get("state", {}).items():
        if node_id not in up or rules.role(nodes[node_id].state) != role:
            return False
    return not (wanted.get("quiet") and cluster.on_its_way())


# Messages in flight.


def chosen(cluster: Cluster, selector: str | dict[str, Any], where: str) -> list[Flight]:
    """The messages in flight that a selector means, in the order in which they are due.

    Raises CommandError where there is none.
    """
    wanted = {} if isinstance(selector, str) else selector
    for end in ("from", "to"):
        if end in wanted:
            known(cluster, wanted[end], f"{where}.{end}")
    flights = sorted(cluster.flights.values(), key=lambda flight: (flight.ends_us(), flight.id))
    found = [flight for flight in flights if _matches(flight, wanted)]
    if not found:
        there = [
            f"{f.message.TYPE}{' reply' if f.message.REPLY else ''} {f.source}→{f.target}"
            for f in flights[:6]
        ]
        more = ", …" if len(flights) > 6 else ""
        raise CommandError(
            "no message in flight fits" if flights else "no message is in flight",
            where=where,
            remedy=f"in flight: {', '.join(there)}{more}" if there else None,
        )
    return found


def _matches(flight: Flight, wanted: dict[str, Any]) -> bool:
    message = flight.message
    facts = {
        "id": flight.id,
        "type": message.TYPE,
        "from": flight.source,
        "to": flight.target,
        "term": message.term,
        "reply": message.REPLY,
    }
    return all(facts[name] == value for name, value in wanted.items())


def deliver(cluster: Cluster, selector: Any, cause: int) -> None:
    """They arrive now; on a cut link they die."""
    flights = chosen(cluster, selector, "deliver")
    for flight in flights:
        if flight.lost is None and cluster.paused[flight.target]:
            running(cluster, flight.target, "deliver")
    for flight in flights:
        cluster.agenda.cancel(flight.id)
        cluster.arrive(flight)
        cluster.boundary()


def drop(cluster: Cluster, selector: Any, cause: int) -> None:
    """They vanish."""
    for flight in chosen(cluster, selector, "drop"):
        cluster.held[flight.target] = tuple(
            key for key in cluster.held[flight.target] if key != flight.id
        )
        cluster.drop(flight, "user", cause)
        cluster.boundary()


def duplicate(cluster: Cluster, selector: Any, cause: int) -> None:
    """A second copy of each sets out."""
    flights = chosen(cluster, selector, "duplicate")
    if len(cluster.flights) + len(flights) > FLIGHTS_MAX:
        raise LimitError(
            f"{len(cluster.flights) + len(flights):,} messages would be in flight",
            where="duplicate",
            remedy=f"at most {FLIGHTS_MAX:,} may be: choose fewer, or deliver some first",
        )
    for flight in flights:
        cluster.duplicate(flight, cause)
        cluster.boundary()


def delay(cluster: Cluster, argument: dict[str, Any], cause: int) -> None:
    """They arrive later."""
    by_us = from_ms(argument["by"])
    for flight in chosen(cluster, argument["messages"], "delay"):
        change = cluster.redirect(flight, arrives_us=flight.arrives_us + by_us)
        data = {**flight.data(), "by": by_us}
        cluster.emit("message_delayed", flight.target, cause, data, (change,))
        cluster.boundary()


def inject(cluster: Cluster, message: dict[str, Any], cause: int) -> None:
    """Hand a message to its addressee as if received."""
    for end in ("from", "to"):
        if not isinstance(message.get(end), str):
            raise CommandError(f"{end} is missing", where="inject", remedy=one_of(cluster.node_ids))
        known(cluster, message[end], f"inject.{end}")
    if message["from"] == message["to"]:
        raise CommandError("a node sends itself nothing", where="inject.to")
    running(cluster, message["to"], "inject")
    parsed = cluster.rules.parse_message(message)
    number = cluster.next_message
    cluster.next_message = number + 1
    seq = len(cluster.events) + 1
    now = cluster.now_us
    flight = Flight(number, message["from"], message["to"], parsed, now, now, None, seq)
    cluster.flights[number] = flight
    cluster.emit("message_sent", flight.source, cause, flight)
    cluster.arrive(flight)
    cluster.boundary()


# Nodes.


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
    old, timers = cluster.shown[node_id], cluster.node_view(node_id)["timers"]
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


def option(cluster: Cluster, options: dict[str, Any], cause: int) -> None:
    """Change protocol options for all nodes. Raises OptionError."""
    rules = cluster.rules
    for name, value in options.items():
        rules = rules.with_option(name, value)
    cluster.rules = rules
    for node_id, node in cluster.nodes.items():
        cluster.nodes[node_id] = rules.resume(node_id, node.state)
    for name, value in options.items():
        cluster.emit("option_changed", None, cause, {"name": name, "value": value})
    cluster.boundary()


ACTIONS: dict[str, Action] = {
    "timeout": timeout,
    "heartbeat": heartbeat,
    "timer": timer,
    "deliver": deliver,
    "drop": drop,
    "duplicate": duplicate,
    "delay": delay,
    "inject": inject,
    "settle": settle,
    "step": step,
    "advance": advance,
    "run_until": run_until,
    "crash": crash,
    "restart": restart,
    "wipe": wipe,
    "pause": pause,
    "resume": resume,
    "option": option,
    **network_actions.ACTIONS,
    **client_actions.ACTIONS,
}

RUNS_MESSAGES_ONLY = ("settle",)
RUNS_ALL: Sequence[str] = ("step", "advance", "run_until")
