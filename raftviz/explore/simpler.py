"""Variants of a schedule that would be simpler if they did the same: what shrinking tries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from raftviz.explore.moves import Command
from raftviz.explore.schedule import Schedule

SETTLE: Command = {"settle": True}


def clusters(schedule: Schedule, keep: Sequence[str]) -> Iterator[Schedule]:
    """Fresh nodes, fewer of them, options as in Figure 2 but for those to `keep`, usual timing."""
    cluster, commands = schedule.cluster, schedule.commands
    if "given" in cluster:
        yield Schedule(_without(cluster, "given"), commands)
        for given in _beginnings(cluster["given"]):
            yield Schedule({**cluster, "given": given}, commands)
    for number in range(cluster["nodes"], 0, -1):
        if cluster["nodes"] > 1:
            yield without_node(schedule, number)
    for name, value in cluster["options"].items():
        if name not in keep:
            options = _without(cluster["options"], name)
            yield Schedule({**cluster, "options": options}, commands)
            if name == "read_mode" and value == "lease":
                for needed in ("check_quorum", "leader_stickiness"):
                    if needed not in keep:
                        options = _without(options, needed)
                yield Schedule({**cluster, "options": options}, commands)
    if "timing" in cluster:
        yield Schedule(_without(cluster, "timing"), commands)
    if cluster["timers"] == "auto":
        yield Schedule({**cluster, "timers": "manual"}, commands)
    if cluster["seed"] > 1:
        yield Schedule({**cluster, "seed": 1}, commands)


def _without(mapping: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key != name}


def _beginnings(given: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Less given: not this node, not this field, not this last entry."""
    for node, fields in given.items():
        yield _without(given, node)
        for name, value in fields.items():
            yield {**given, node: _without(fields, name)}
            if name == "log" and value:
                yield {**given, node: {**fields, "log": value[:-1]}}
            if name == "nextIndex":
                for peer in value:
                    yield {**given, node: {**fields, "nextIndex": _without(value, peer)}}


def without_node(schedule: Schedule, number: int) -> Schedule:
    """The schedule without node number `number`; those after it move up."""
    old = [f"node{place}" for place in range(1, 10)]
    new = [*old[: number - 1], "", *old[number - 1 :]]
    names = dict(zip(old, new))

    def kept(value: Any) -> Any:
        if isinstance(value, str):
            return names.get(value, value)
        if isinstance(value, Mapping):
            found = {kept(key): kept(each) for key, each in value.items()}
            return {key: each for key, each in found.items() if key != ""}
        if isinstance(value, (list, tuple)):
            return [each for each in map(kept, value) if each not in ("", [])]
        return value

    cluster = {**schedule.cluster, "nodes": schedule.cluster["nodes"] - 1}
    if "given" in cluster:
        cluster["given"] = kept(cluster["given"])
    whole = [command for command in schedule.commands if "" not in _leaves(kept(command))]
    return Schedule(cluster, tuple(kept(command) for command in whole))


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    return [value]


def commands(schedule: Schedule) -> Iterator[Schedule]:
    """Values and keys as few as possible, then each command by itself simpler."""
    done = schedule.commands
    yield _with_values(schedule)
    yield Schedule(
        schedule.cluster, tuple(_mapped(command, {"key": lambda _: "x"}) for command in done)
    )
    for place, command in enumerate(done):
        for variant in _variants(command):
            yield Schedule(schedule.cluster, (*done[:place], variant, *done[place + 1 :]))


def _variants(command: Command) -> Iterator[Command]:
    """Commands that say less, or the same for more."""
    ((name, argument),) = command.items()
    if name in ("deliver", "advance"):
        yield SETTLE
    if name in ("deliver", "drop", "duplicate", "delay"):
        selector = argument["messages"] if name == "delay" else argument
        for field in ("term", "from", "reply"):
            if field in selector and len(selector) > 1:
                less = _without(selector, field)
                yield {name: {**argument, "messages": less} if name == "delay" else less}
    if name == "delay" and argument["by"] > 50:
        yield {name: {**argument, "by": 50}}
    if name == "partition":
        for group in argument:
            if len(group) == 1:
                yield {"isolate": group[0]}
    if name in ("cut", "heal") and isinstance(argument, Mapping):
        yield {name: [argument["from"], argument["to"]]}
    if name == "heal" and argument is not True:
        yield {name: True}
    if name in ("write", "read", "cas", "delete", "retry") and "client" in argument:
        yield {name: _without(argument, "client")}


def _with_values(schedule: Schedule) -> Schedule:
    """The values that clients write, counted from 1."""
    order: dict[str, int] = {}

    def counted(value: Any) -> Any:
        return order.setdefault(json.dumps(value), len(order) + 1)

    change = {"value": counted, "expected": counted}
    return Schedule(
        schedule.cluster, tuple(_mapped(command, change) for command in schedule.commands)
    )


def _mapped(command: Command, change: Mapping[str, Callable[[Any], Any]]) -> Command:
    """A client's command with some of its fields changed."""
    ((name, argument),) = command.items()
    if name not in ("write", "read", "cas", "delete"):
        return command
    return {
        name: {
            field: change[field](value) if field in change else value
            for field, value in argument.items()
        }
    }
