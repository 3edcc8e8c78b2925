"""What each command does to a cluster. Every action first finds what could forbid it, then acts.

An action gets the cluster, its argument in normal form, and the number of the command's event,
which is the cause of all that it does itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from raftviz.errors import CommandError, Phrase, ScriptError, choice, meant, shown
from raftviz.protocols.base import NodeId
from raftviz.sim import client_actions, message_actions, network_actions, node_actions
from raftviz.sim.clock import from_ms
from raftviz.sim.cluster import Cluster
from raftviz.sim.guards import known, running

Action = Callable[[Cluster, Any, int], None]

DEFAULT_WITHIN_MS = 60_000


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
            kind="timer",
            node=node_id,
            role=Phrase(role, f"role.{role}"),
            name=Phrase(name, f"timer.{name}"),
            timers=[Phrase(each, f"timer.{each}") for each in armed],
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
                **_nothing_pending(cluster, "step"),
                done=str(done),
                of=str(count),
            )


def _nothing_pending(cluster: Cluster, asked: str) -> dict[str, Any]:
    if cluster.manual:
        remedy = "nothing is in flight and timers are manual: fire one with timeout or heartbeat"
        return {"remedy": remedy, "kind": f"{asked}.manual"}
    remedy = "nothing will happen by itself: restart or resume a node"
    return {"remedy": remedy, "kind": f"{asked}.quiet"}


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
                **_nothing_pending(cluster, "until"),
                wanted=_phrases(wanted),
            )
        if due > end:
            raise ScriptError(
                f"{_words(wanted)} did not come about within {within_ms:g} ms",
                where="run_until",
                remedy="give a longer `within`, or change what stands in its way",
                kind="until.late",
                wanted=_phrases(wanted),
                within=f"{within_ms:g}",
            )
        cluster.run_next()


def _check_wanted(cluster: Cluster, wanted: dict[str, Any]) -> None:
    if wanted.keys() == {"within"}:
        raise CommandError(
            "`within` alone waits for nothing",
            where="run_until",
            kind="until.nothing",
            **choice(("leader", "committed", "state", "quiet")),
        )
    if isinstance(wanted.get("leader"), str):
        known(cluster, wanted["leader"], "run_until.leader")
    for node_id, role in wanted.get("state", {}).items():
        known(cluster, node_id, "run_until.state")
        roles = ("follower", "precandidate", "candidate", "leader")
        if role not in roles:
            raise CommandError(
                f"there is no state {shown(role)}",
                where=f"run_until.state.{node_id}",
                kind="until.role",
                role=shown(role),
                **meant(role, roles),
            )


def _words(wanted: dict[str, Any]) -> str:
    return ", ".join(map(str, _phrases(wanted)))


def _phrases(wanted: dict[str, Any]) -> list[Phrase]:
    return [
        Phrase(
            f"{name}: {value}", f"wanted.{name}{'.any' if value is True else ''}", value=str(value)
        )
        for name, value in wanted.items()
        if name != "within"
    ]


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


def check(cluster: Cluster, name: str, cause: int) -> None:
    """Judge what can only be judged of a whole run, such as the clients' history."""
    assert cluster.judge is not None
    cluster.judge(name, cause)
    cluster.boundary()


ACTIONS: dict[str, Action] = {
    "check": check,
    "timeout": timeout,
    "heartbeat": heartbeat,
    "timer": timer,
    "settle": settle,
    "step": step,
    "advance": advance,
    "run_until": run_until,
    **message_actions.ACTIONS,
    **network_actions.ACTIONS,
    **node_actions.ACTIONS,
    **client_actions.ACTIONS,
}

RUNS_MESSAGES_ONLY = ("settle",)
RUNS_ALL: Sequence[str] = ("step", "advance", "run_until")
