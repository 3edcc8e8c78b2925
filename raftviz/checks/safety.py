"""The promises of Raft that must hold at every moment, and which rules judge which kind of event.

An event's *subject* is its kind, and for `index_changed` the index that changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from raftviz.checks import clients, durability, figure3, membership, node_laws
from raftviz.checks.base import Property
from raftviz.checks.rule import Rule

_ROOMS = (figure3, node_laws, durability, membership, clients)

PROPERTIES: Sequence[Property] = tuple(promise for room in _ROOMS for promise in room.PROPERTIES)
"""Every promise; those of Figure 3 come first."""

SUBJECTS: Sequence[str] = tuple(dict.fromkeys(subject for room in _ROOMS for subject in room.RULES))
"""What the rules judge, beside messages."""

RULES: Mapping[str, Sequence[Rule]] = {
    subject: tuple(rule for room in _ROOMS for rule in room.RULES.get(subject, ()))
    for subject in SUBJECTS
}
"""The rules that judge an event, in the order in which they speak."""
