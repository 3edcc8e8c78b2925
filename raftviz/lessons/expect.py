"""`expect`: what a step says must be so, held against what is so. Plain dicts in, differences out.

Nodes and messages are compared in the wire's names, field by field; only what is written is compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from raftviz import checks
from raftviz.lessons.template import shown
from raftviz.lessons.yaml_tree import Path
from raftviz.sim.document import entry_text

#: The words of `expect` that are not nodes.
WORDS = ("leader", "messages", "event", "reply", "violations", "linearizable")

#: Fields whose mapping may be given in part.
_PARTIAL = ("nextIndex", "matchIndex", "snapshot", "disk")

#: Fields that are lists of nodes, in any order.
_ANY_ORDER = ("votesGranted", "members", "oldMembers", "learners")

#: The property that is judged of what clients saw, on demand and not after every event.
LINEARIZABILITY = checks.LINEARIZABILITY.name

_ENTRY_TEXT = re.compile(r"\s*\(\s*(.*?)\s*\)\s*")


@dataclass(frozen=True, slots=True)
class Facts:
    """How things stand after a step: node states, messages in flight, and the step's own events."""

    nodes: Mapping[str, Mapping[str, Any]]
    messages: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]
    broken: Sequence[str]
    broken_now: Sequence[str]
    linearizable: bool | None = None
    """Whether what the clients saw so far is; None where the step does not speak of it."""
    verdict: str = ""
    """The same in words."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`path` is the place inside `expect`; expected and got are in the document's notation."""

    path: Path
    node: str | None
    field: str
    expected: str
    got: str


def differences(expected: Mapping[str, Any], facts: Facts) -> list[Difference]:
    """Everything in `expected` that `facts` do not bear out, in the order in which it is written.

    A safety property that breaks in a step which does not speak of `violations` is a difference too.
    """
    found: list[Difference] = []
    for key, value in expected.items():
        if key == "leader":
            found += _leader(value, facts)
        elif key == "messages":
            found += _messages(value, facts.messages)
        elif key == "event":
            found += _events(value, facts.events)
        elif key == "reply":
            found += _reply(value, facts.events)
        elif key == "violations":
            found += _violations(value, facts.broken)
        elif key == "linearizable":
            found += _linearizable(value, facts)
        else:
            found += _node(key, value, facts)
    surprising = [name for name in facts.broken_now if not is_expected(expected, name)]
    if "violations" not in expected and surprising:
        found.append(Difference((), None, "violations", "none", _names(surprising)))
    return found


def is_expected(expected: Mapping[str, Any], name: str) -> bool:
    """Whether a step says that the property `name` is broken."""
    if name == LINEARIZABILITY and expected.get("linearizable") is not None:
        return not holds(expected["linearizable"])
    return normal(name) in map(normal, expected.get("violations", ()))


def holds(linearizable: bool | Mapping[str, bool]) -> bool:
    """Whether a step that speaks of `linearizable` says that it holds."""
    return linearizable if isinstance(linearizable, bool) else linearizable["holds"]


def counts_local_reads(expected: Mapping[str, Any]) -> bool:
    """Whether a step wants local reads, which promise nothing, to be judged like all others."""
    linearizable = expected.get("linearizable")
    return isinstance(linearizable, Mapping) and bool(linearizable.get("local_reads"))


def property_names() -> list[str]:
    """The safety properties that a lesson may name."""
    return list(dict.fromkeys([*(prop.name for prop in checks.PROPERTIES), LINEARIZABILITY]))


def normal(name: str) -> str:
    """A property's name without spaces and capitals: `ElectionSafety` is `Election Safety`."""
    return "".join(name.split()).lower()


def _node(node: str, expected: Mapping[str, Any], facts: Facts) -> list[Difference]:
    state = facts.nodes.get(node)
    if state is None:
        wanted = shown(expected)
        return [Difference((node,), node, "state", wanted, "no such node yet")]
    found = []
    for field, value in expected.items():
        got = state.get(field)
        if not _field_matches(field, value, got, list(facts.nodes)):
            found.append(
                Difference(
                    (node, field), node, field, _shown(field, value), _shown(field, got, value)
                )
            )
    return found


def _field_matches(field: str, expected: Any, got: Any, nodes: list[str]) -> bool:
    if field == "log":
        return log_matches(expected, got)
    if field == "votedFor":
        return same(_ordinal(expected, nodes), _ordinal(got, nodes))
    if field in _ANY_ORDER:
        return sorted(expected) == sorted(got or ())
    if field in _PARTIAL and isinstance(expected, Mapping):
        return isinstance(got, Mapping) and all(
            key in got and _field_matches(key, value, got[key], nodes)
            for key, value in expected.items()
        )
    return same(expected, got)


def _ordinal(voted_for: Any, nodes: list[str]) -> Any:
    """A vote as the node's name, whether it was given as a name or as the number in nodeN."""
    if isinstance(voted_for, int) and f"node{voted_for}" in nodes:
        return f"node{voted_for}"
    return voted_for


def log_matches(expected: Sequence[Any], got: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a log is as written: each entry as a mapping, as "(set, k=v)", or as its term alone."""
    return len(expected) == len(got) and all(map(_entry_matches, expected, got))


def _entry_matches(expected: Any, got: Mapping[str, Any]) -> bool:
    if isinstance(expected, int):
        return same(expected, got["term"])
    if isinstance(expected, str):
        return _squeezed(expected) == _squeezed(entry_text(got))
    return partial(expected, got)


def _squeezed(text: str) -> str:
    match = _ENTRY_TEXT.fullmatch(text)
    return re.sub(r"\s*([,=])\s*", r"\1", match.group(1) if match else text)


def partial(expected: Any, got: Any) -> bool:
    """Whether everything in `expected` is in `got`; mappings may have more, lists may not."""
    if isinstance(expected, Mapping):
        return isinstance(got, Mapping) and all(
            key in got and partial(value, got[key]) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(got, Sequence)
            and not isinstance(got, str)
            and len(expected) == len(got)
            and all(map(partial, expected, got))
        )
    return same(expected, got)


def same(left: Any, right: Any) -> bool:
    """Equal, and true is not 1."""
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(
            same(value, right[key]) for key, value in left.items()
        )
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def leader_of(nodes: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The running node that leads the latest term, if any does."""
    leaders = [
        name
        for name, node in nodes.items()
        if node.get("state") == "leader" and not node.get("crashed")
    ]
    return max(leaders, key=lambda name: nodes[name]["term"], default=None)


def _leader(expected: str | None, facts: Facts) -> list[Difference]:
    got = leader_of(facts.nodes)
    wanted = None if expected == "none" and "none" not in facts.nodes else expected
    return (
        []
        if got == wanted
        else [Difference(("leader",), None, "leader", wanted or "none", got or "none")]
    )


def _messages(expected: Sequence[Any], got: Sequence[Mapping[str, Any]]) -> list[Difference]:
    """A perfect matching between what is written and what is in flight (by augmenting paths)."""
    owner: dict[int, int] = {}

    def place(i: int, seen: list[int]) -> bool:
        for j, message in enumerate(got):
            if j not in seen and partial(expected[i], message):
                seen.append(j)
                if j not in owner or place(owner[j], seen):
                    owner[j] = i
                    return True
        return False

    unmatched = [i for i in range(len(expected)) if not place(i, [])]
    extra = [message for j, message in enumerate(got) if j not in owner]
    in_flight = "; ".join(map(_message_text, extra)) or "no other message in flight"
    found = [
        Difference(("messages", i), None, f"messages, item {i + 1}", shown(expected[i]), in_flight)
        for i in unmatched
    ]
    if not found and extra:
        wanted = f"{len(expected)} in flight" if expected else "none in flight"
        found.append(Difference(("messages",), None, "messages", wanted, f"also {in_flight}"))
    return found


def _message_text(message: Mapping[str, Any]) -> str:
    reply = " reply" if message.get("reply") else ""
    term = message.get("term")
    return f"{message.get('type')}{reply} {message.get('from')}→{message.get('to')} of term {term}"


def _events(expected: Any, events: Sequence[Mapping[str, Any]]) -> list[Difference]:
    several = isinstance(expected, list)
    found = []
    for i, wanted in enumerate(expected if several else [expected]):
        if not any(partial(wanted, {**event["data"], **event}) for event in events):
            path: Path = ("event", i) if several else ("event",)
            alike = (
                [e for e in events if e["kind"] == wanted.get("kind")]
                if "kind" in wanted
                else list(events)
            )
            found.append(Difference(path, None, "event", shown(wanted), _event_list(alike, events)))
    return found


def _event_list(alike: Sequence[Mapping[str, Any]], events: Sequence[Mapping[str, Any]]) -> str:
    if not events:
        return "no event in this step"
    if not alike:
        return "only " + ", ".join(dict.fromkeys(event["kind"] for event in events))
    texts = [f"{e['kind']} {e['node'] or ''} {shown(e['data'])}" for e in alike[:4]]
    return "; ".join(" ".join(text.split()) for text in texts) + ("; …" if len(alike) > 4 else "")


def _reply(expected: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> list[Difference]:
    replies = [event["data"] for event in events if event["kind"] == "client_reply"]
    wanted = {key: value for key, value in expected.items() if key != "ok"}
    for reply in replies:
        right_outcome = "ok" not in expected or expected["ok"] == (reply["outcome"] == "ok")
        if right_outcome and partial(wanted, reply):
            return []
    got = "; ".join(shown(reply) for reply in replies) or "no answer to a client in this step"
    return [Difference(("reply",), None, "reply", shown(expected), got)]


def _violations(expected: Sequence[str], broken: Sequence[str]) -> list[Difference]:
    if sorted(map(normal, set(expected))) == sorted(map(normal, set(broken))):
        return []
    return [Difference(("violations",), None, "violations", _names(expected), _names(broken))]


def _linearizable(expected: bool | Mapping[str, bool], facts: Facts) -> list[Difference]:
    wanted = holds(expected)
    if facts.linearizable is wanted:
        return []
    got = "true" if facts.linearizable else f"false: {facts.verdict}"
    return [Difference(("linearizable",), None, "linearizable", shown(wanted), got)]


def _names(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names)) or "none"


def _shown(field: str, value: Any, like: Any = None) -> str:
    """A field's value for a message; a log in the notation in which it was expected."""
    if field == "log" and isinstance(value, Sequence):
        if value and like and all(isinstance(entry, int) for entry in like):
            return shown([entry["term"] for entry in value])
        return shown(
            [entry_text(entry) if _is_wire_entry(entry, like) else entry for entry in value]
        )
    return shown(value)


def _is_wire_entry(entry: Any, like: Any) -> bool:
    return (
        isinstance(entry, Mapping)
        and "index" in entry
        and not (like and isinstance(like[0], Mapping))
    )
