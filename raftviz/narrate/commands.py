"""Commands as sentences: what was asked for, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from raftviz.narrate.catalogue import Sentence, Value, sentence
from raftviz.narrate.words import chained, clip, listed, milliseconds, role, settings, shown


def say_command(command: Mapping[str, Any]) -> Sentence:
    """The sentence for a `command` event's command, a mapping of one key."""
    ((name, argument),) = command.items()
    tell = _TELL.get(name)
    if tell is not None:
        return tell(argument)
    if name in _OF_NODE:
        return sentence(f"command.{name}", node=clip(argument))
    return sentence("command.other", name=clip(f"{name} {shown(argument)}"))


#: Commands whose argument is the name of a node.
_OF_NODE = (
    "timeout", "heartbeat", "isolate", "crash", "restart", "wipe", "snapshot", "add_node",
    "remove_node",
)  # fmt: skip


def selected(selector: Any) -> Sentence:
    """A selector in words: "all messages in flight", "RequestVote from node1 to node2"."""
    if not isinstance(selector, Mapping):
        return sentence("selected.all")
    key = "selected.messages"
    if "reply" in selector:
        key = "selected.answers" if selector["reply"] else "selected.requests"
    typed = "type" in selector
    kind = sentence(f"{key}.type" if typed else key, type=clip(selector.get("type")))
    which = [
        sentence(f"selected.{name}", **{name: clip(selector[name])})
        for name in ("from", "to", "term", "id")
        if name in selector
    ]
    if not which:
        return kind
    return sentence("selected.some", kind=kind, which=chained("selected.more", which))


def _start(argument: Mapping[str, Any]) -> Sentence:
    nodes = argument.get("nodes", [])
    names = [f"node{n + 1}" for n in range(nodes)] if isinstance(nodes, int) else list(nodes)
    return sentence("command.start", count=len(names), nodes=listed(names))


def _settings(argument: Mapping[str, Any]) -> Value:
    return settings({k: shown(v) for k, v in argument.items() if k not in ("from", "to")})


def _groups(argument: Any) -> Sentence:
    return sentence("command.partition", groups=[listed(group) for group in argument])


def _cut(argument: Any) -> Sentence:
    if isinstance(argument, Mapping):
        return sentence("command.cut.one_way", **_ends(argument))
    return sentence("command.cut", a=clip(argument[0]), b=clip(argument[1]))


def _heal(argument: Any) -> Sentence:
    if argument is True:
        return sentence("command.heal")
    if isinstance(argument, str):
        return sentence("command.heal.node", node=clip(argument))
    if isinstance(argument, Mapping):
        return sentence("command.heal.one_way", **_ends(argument))
    return sentence("command.heal.link", a=clip(argument[0]), b=clip(argument[1]))


def _ends(argument: Mapping[str, Any]) -> dict[str, Value]:
    return {"from": clip(argument["from"]), "to": clip(argument["to"])}


def _goal(argument: Mapping[str, Any]) -> Sentence:
    goals: list[Value] = []
    for key, value in argument.items():
        if key == "leader":
            named = value is not True
            goals.append(
                sentence("goal.leader.named" if named else "goal.leader", node=clip(value))
            )
        elif key == "committed":
            goals.append(sentence("goal.committed", index=value))
        elif key == "state":
            goals += [
                sentence("goal.state", node=clip(node), role=role(state))
                for node, state in value.items()
            ]
        elif key == "quiet":
            goals.append(sentence("goal.quiet"))
    goal = chained("goal.more", goals) if goals else sentence("goal.none")
    return sentence("command.run_until", goal=goal)


def _write(argument: Mapping[str, Any]) -> Sentence:
    key, value = clip(argument["key"]), shown(argument["value"])
    if "to" in argument:
        return sentence("command.write.to", node=clip(argument["to"]), key=key, value=value)
    return sentence("command.write", key=key, value=value)


def _cas(argument: Mapping[str, Any]) -> Sentence:
    return sentence(
        "command.cas",
        key=clip(argument["key"]),
        expected=shown(argument.get("expected")),
        value=shown(argument["value"]),
    )


def _inject(argument: Mapping[str, Any]) -> Sentence:
    return sentence(
        "command.inject",
        **{
            "node": clip(argument.get("to")),
            "from": clip(argument.get("from")),
            "type": clip(argument.get("type")),
            "term": clip(argument.get("term")),
        },
    )


def _option(argument: Mapping[str, Any]) -> Sentence:
    return sentence("command.option", settings=_settings(argument))


def _delay(argument: Mapping[str, Any]) -> Sentence:
    return sentence(
        "command.delay", messages=selected(argument["messages"]), ms=milliseconds(argument["by"])
    )


def _pause(name: str) -> Callable[[Any], Sentence]:
    """A node, or its disk alone."""

    def tell(argument: Any) -> Sentence:
        if isinstance(argument, Mapping):
            return sentence(f"command.{name}.disk", node=clip(argument["disk"]))
        return sentence(f"command.{name}", node=clip(argument))

    return tell


def _read(argument: Mapping[str, Any]) -> Sentence:
    mode = argument.get("mode")
    asked = mode in ("lease", "local")
    return sentence(f"command.read.{mode}" if asked else "command.read", key=clip(argument["key"]))


def _client(argument: Mapping[str, Any]) -> Sentence:
    client, patience = clip(argument["client"]), argument.get("patience")
    if patience is None:
        return sentence("command.client", client=client)
    key = "command.client.patience" if patience else "command.client.stops"
    return sentence(key, client=client, ms=milliseconds(patience))


def _clock(argument: Mapping[str, Any]) -> Sentence:
    return sentence("command.clock", node=clip(argument["node"]), rate=f"{argument['rate']:g}")


_TELL: dict[str, Callable[[Any], Sentence]] = {
    "start": _start,
    "timer": lambda a: sentence("command.timer", node=clip(a["node"]), name=clip(a["name"])),
    "deliver": lambda a: sentence("command.deliver", messages=selected(a)),
    "drop": lambda a: sentence("command.drop", messages=selected(a)),
    "duplicate": lambda a: sentence("command.duplicate", messages=selected(a)),
    "delay": _delay,
    "inject": _inject,
    "settle": lambda a: sentence("command.settle"),
    "step": lambda a: sentence("command.step.one" if a == 1 else "command.step", count=a),
    "advance": lambda a: sentence("command.advance", ms=milliseconds(a)),
    "run_until": _goal,
    "partition": _groups,
    "cut": _cut,
    "heal": _heal,
    "link": lambda a: sentence("command.link", **_ends(a), settings=_settings(a)),
    "write": _write,
    "delete": lambda a: sentence("command.delete", key=clip(a["key"])),
    "cas": _cas,
    "read": _read,
    "client": _client,
    "check": lambda a: sentence("command.check"),
    "pause": _pause("pause"),
    "resume": _pause("resume"),
    "clock": _clock,
    "reconfigure": lambda a: sentence("command.reconfigure", members=listed(a)),
    "retry": lambda a: sentence("command.retry", client=clip(a.get("client", "client"))),
    "transfer": lambda a: sentence("command.transfer", node=clip(a["to"])),
    "option": _option,
}
