"""The command log, which is the truth, and the keyframes that make any moment cheap to reach.

A keyframe is a copy of the cluster between two occurrences. To stand at event n again: take the
keyframe before it and carry out what the command log says since.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from raftviz.sim.actions import ACTIONS, RUNS_ALL, RUNS_MESSAGES_ONLY, run_to
from raftviz.sim.cluster import NEVER, Cluster, Reached
from raftviz.sim.commands import Command
from raftviz.sim.events import Event

KEYFRAME_EVENTS = 1000
"""A keyframe is kept about this often."""


@dataclass(frozen=True, slots=True)
class Order:
    """An entry of the command log: a command, or time that passed until `run_to_us`.

    It was done when `end_seq` events stood, `end_occurrences` had happened by themselves, and the
    clock showed `end_us`. One that was cut short, because a fork was taken in its middle or a
    property fell, carries the event `stop` after which it ended.
    """

    command: Command | None
    run_to_us: int = 0
    end_seq: int = 0
    end_us: int = 0
    end_occurrences: int = 0
    stop: int | None = None

    def to_json(self) -> dict[str, Any]:
        """{"command": {…}} or {"run_to": µs}, with "stop" when cut short."""
        body: dict[str, Any] = (
            {"command": self.command.to_json()} if self.command else {"run_to": self.run_to_us}
        )
        return body if self.stop is None else {**body, "stop": self.stop}


@dataclass(frozen=True, slots=True)
class Keyframe:
    """The cluster after event `seq`, with `orders` of the command log done.

    `under_way` tells that the next order had begun.
    """

    seq: int
    cluster: Cluster
    orders: int
    under_way: bool = False


class Journal:
    """Command log and keyframes of one branch."""

    __slots__ = ("keyframes", "orders")

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.keyframes: list[Keyframe] = []

    def keep(self, cluster: Cluster, under_way: bool) -> None:
        """Keep a keyframe of the cluster as it stands, if the last one is long ago."""
        seq = len(cluster.events)
        if self.keyframes and seq - self.keyframes[-1].seq < KEYFRAME_EVENTS:
            return
        self.keyframes.append(Keyframe(seq, cluster.copy([]), len(self.orders), under_way))

    def continues(self, order: Order) -> Order | None:
        """Take off the last order if `order` only lets more time pass after it, so that passing
        time is one entry of the log however often it is asked for.
        """
        last = self.orders[-1] if self.orders else None
        if order.command is None and last and last.command is None and last.stop is None:
            return self.orders.pop()
        return None

    def add(self, done: Order, cluster: Cluster) -> None:
        """An order has been carried out. One that lets time pass may yet go on."""
        if done.command is None:
            self.keep(cluster, under_way=True)
        self.orders.append(done)
        if done.command is not None:
            self.keep(cluster, under_way=False)

    def before(self, seq: int) -> Keyframe:
        """The last keyframe that stands at or before event `seq`."""
        return self.keyframes[bisect_right(self.keyframes, seq, key=lambda kept: kept.seq) - 1]

    def carry_out(self, cluster: Cluster, order: Order, keeping: bool) -> Order:
        """Do what an order says; the order with its end. Raises what the command raises."""
        if keeping:
            cluster.keep = self._keeper(cluster, order)
        cluster.stop_at = NEVER if order.stop is None else order.stop
        try:
            if order.command is None:
                run_to(cluster, order.run_to_us)
            else:
                seq = cluster.emit("command", None, None, {"command": order.command.to_json()})
                ACTIONS[order.command.name](cluster, order.command.argument, seq)
        except Reached:
            order = replace(order, stop=len(cluster.events))
        finally:
            cluster.keep = None
            cluster.stop_at = NEVER
        reached = order.stop is not None and len(cluster.events) >= order.stop
        return _ended(order, cluster, order.stop if reached else None)

    def _keeper(self, cluster: Cluster, order: Order) -> Callable[[], None] | None:
        """Keyframes inside an order are kept where it only lets time pass, so that its rest is
        known without it.
        """
        name = order.command.name if order.command else None
        if name is None or name in RUNS_ALL or name in RUNS_MESSAGES_ONLY:
            return lambda: self.keep(cluster, under_way=True)
        return None

    def replay(self, keyframe: Keyframe, cluster: Cluster, at: int) -> list[Order]:
        """Bring a copy of the keyframe's cluster to the first boundary at or after event `at`;
        the orders that it has then carried out.
        """
        orders = self.orders[: keyframe.orders]
        for place in range(keyframe.orders, len(self.orders)):
            if len(cluster.events) >= at:
                break
            order = self.orders[place]
            if place == keyframe.orders and keyframe.under_way:
                orders.append(_finish(cluster, order, at))
            else:
                cut_short = order if order.end_seq <= at else replace(order, stop=at)
                done = self.carry_out(cluster, cut_short, keeping=False)
                if done.stop is not None:
                    done = replace(done, stop=done.end_seq)
                orders.append(done)
        return orders


def _finish(cluster: Cluster, order: Order, at: int) -> Order:
    """The rest of an order that was under way: occurrences until its end, or until `at`."""
    name = order.command.name if order.command else None
    run = cluster.run_next_message if name in RUNS_MESSAGES_ONLY else cluster.run_next
    while cluster.occurrences < order.end_occurrences and len(cluster.events) < at:
        run()
    if cluster.occurrences == order.end_occurrences:
        cluster.now_us = order.end_us
        return order
    return _ended(order, cluster, len(cluster.events))


def _ended(order: Order, cluster: Cluster, stop: int | None) -> Order:
    """The order, ended as the cluster stands."""
    return replace(
        order,
        end_seq=len(cluster.events),
        end_us=cluster.now_us,
        end_occurrences=cluster.occurrences,
        stop=stop,
    )


def repeat_verdicts(cluster: Cluster, recorded: Sequence[Event]) -> None:
    """Let a replay write what the checks found the first time, where they found it."""

    def repeat(cause: int) -> None:
        while len(cluster.events) < len(recorded):
            found = recorded[len(cluster.events)]
            if found.kind not in ("invariant_violated", "checked") or found.cause != cause:
                return
            seq = cluster.emit(found.kind, found.node, cause, found.payload)
            if found.kind == "checked":
                repeat(seq)

    def observe(event: Event) -> None:
        if event.kind not in ("invariant_violated", "checked"):
            repeat(event.seq)

    cluster.observe = observe
    cluster.judge = lambda _, cause: repeat(cause)
