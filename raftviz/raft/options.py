"""Protocol options, with the section that each comes from. The defaults are the paper's Figure 2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from raftviz.errors import OptionError, did_you_mean, shown


@dataclass(frozen=True, slots=True)
class Options:
    """Variants of the algorithm.

    leader_stickiness: a server that heard from a leader within the minimum election timeout
        neither adopts a RequestVote's term nor votes (dissertation §4.2.3).
    pre_vote: a server asks whether it could win before it starts an election (§9.6).
    check_quorum: a leader steps down when an election timeout passes without answers from a
        majority (§6.2).
    noop_on_election: a new leader appends a blank entry of its term (Raft §8).
    conflict_hints: a refused AppendEntries says where the logs part (Raft §5.3).
    max_entries_per_append: entries in one AppendEntries at most; None for no limit.
    """

    leader_stickiness: bool = False
    pre_vote: bool = False
    check_quorum: bool = False
    noop_on_election: bool = False
    conflict_hints: bool = False
    max_entries_per_append: int | None = None

    @classmethod
    def parse(cls, options: Mapping[str, Any]) -> Options:
        """Options from wire form. Raises OptionError for an unknown name or a wrong value."""
        parsed = cls()
        for name, value in options.items():
            parsed = parsed.changed(name, value)
        return parsed

    def changed(self, name: str, value: Any) -> Options:
        """These options with one changed. Raises OptionError."""
        known = [field.name for field in fields(self)]
        if name not in known:
            raise OptionError(
                f"there is no option {shown(name)}",
                where="options",
                remedy=did_you_mean(name, known),
            )
        if name == "max_entries_per_append":
            if value is not None and (type(value) is not int or not 1 <= value <= 1000):
                raise OptionError(
                    f"{shown(value)} is not a number of entries",
                    where=f"options.{name}",
                    remedy="give a whole number from 1 to 1000, or null for no limit",
                )
        elif type(value) is not bool:
            raise OptionError(
                f"{shown(value)} is neither true nor false",
                where=f"options.{name}",
                remedy="give true or false",
            )
        changes: dict[str, Any] = {name: value}
        return replace(self, **changes)

    @property
    def heeds_leader(self) -> bool:
        """Whether servers remember if a leader was heard of recently."""
        return self.leader_stickiness or self.pre_vote

    def view(self) -> dict[str, Any]:
        """All options and their values."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a node waits, in microseconds of virtual time."""

    election_timeout_us_min: int
    election_timeout_us_max: int
    heartbeat_us: int
