"""State in the notation of the document that the product brings to life.

    node1: {state: leader, term: 1, votedFor: 1, log: [(set, key=value)], commitIndex: 1, …}

A node that does not run has a comment, `// crashed` or `// paused`: its state is what it would
start with. commitIndex and stateMachine are printed once something is committed anywhere, and only for nodes
whose log is not empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def value_text(value: Any) -> str:
    """A value as the document writes it: null, true, bare text; in quotes where there is nothing to see."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if text.strip() else f'"{text}"'


def entry_text(entry: Mapping[str, Any]) -> str:
    """A log entry: "(set, key=value)", "(delete, key)", "(cas, key=old→new)", "(no-op)"."""
    if "set" in entry:
        ((key, value),) = entry["set"].items()
        return f"(set, {key}={value_text(value)})"
    if "delete" in entry:
        return f"(delete, {entry['delete']})"
    if "cas" in entry:
        cas = entry["cas"]
        return f"(cas, {cas['key']}={value_text(cas['expected'])}→{value_text(cas['value'])})"
    if "configuration" in entry:
        members = entry["configuration"]
        new = " ".join(members["members"])
        return (
            f"(members, {' '.join(members['old'])} → {new})"
            if members["old"]
            else f"(members, {new})"
        )
    return "(no-op)"


def log_text(node: Mapping[str, Any]) -> str:
    """A log: "(snapshot 1–3), (set, x=1)"."""
    snapshot = node.get("snapshot")
    first = [f"(snapshot 1–{snapshot['index']})"] if snapshot else []
    return ", ".join([*first, *(entry_text(entry) for entry in node["log"])])


def node_line(name: str, node: Mapping[str, Any], committed: bool) -> str:
    """One node's line. `committed`: something is committed somewhere in the cluster."""
    parts = [
        f"state: {node['state']}",
        f"term: {node['term']}",
        f"votedFor: {value_text(node['votedFor'])}",
        f"log: [{log_text(node)}]",
    ]
    if committed and (node["log"] or node.get("snapshot")):
        pairs = ", ".join(f"{k}: {value_text(v)}" for k, v in node["stateMachine"].items())
        parts += [f"commitIndex: {node['commitIndex']}", f"stateMachine: {{{pairs}}}"]
    return f"{name}: {{{', '.join(parts)}}}"


def comment(node: Mapping[str, Any]) -> str | None:
    """What is to be said behind the line of a node that does not run."""
    return "crashed" if node["crashed"] else "paused" if node["paused"] else None


def document_lines(view: Mapping[str, Any], comments: Mapping[str, str] | None = None) -> list[str]:
    """One line for each node, in ring order; `comments` by node stand behind its line."""
    nodes = view["nodes"]
    committed = any(node["commitIndex"] >= 1 for node in nodes.values())
    lines = []
    for name, node in nodes.items():
        said = (comments or {}).get(name) or comment(node)
        line = node_line(name, node, committed)
        lines.append(f"{line} // {said}" if said else line)
    return lines
