"""Protocol options, with the section that each comes from. The defaults are the paper's Figure 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from raftviz.errors import OptionError, Phrase, choice, meant, shown
from raftviz.raft.bugs import BUGS

READ_MODES = ("linearizable", "lease", "local")
MEMBERSHIPS = ("single", "joint")
_NUMBERS = {
    "max_entries_per_append": ("entries", 1000),
    "snapshot_threshold": ("entries", 10_000),
    "max_inflight": ("requests", 1000),
}
_CHOICES = {"read_mode": READ_MODES, "membership": MEMBERSHIPS}


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
    client_sessions: a client's command is executed once, however often it is sent (§6.3).
    read_mode: how a read is answered that does not say how: after a round of heartbeats
        (linearizable, §6.4), by lease (§6.4.1), or at once with what is applied (local).
    membership: servers are added and removed one at a time (single, §4.1), or in any number through
        joint consensus (joint, §4.3).
    max_entries_per_append: entries in one AppendEntries at most; None for no limit.
    snapshot_threshold: a server compacts its log once it has applied so many entries since its
        last snapshot (§5.1); None for only when asked to.
    max_inflight: AppendEntries that may follow each other to a server without an answer (§10.2.2);
        None for sending anew what is not acknowledged.
    bugs: deliberate mistakes (raft.bugs).
    """

    leader_stickiness: bool = False
    pre_vote: bool = False
    check_quorum: bool = False
    noop_on_election: bool = False
    conflict_hints: bool = False
    client_sessions: bool = False
    read_mode: str = "linearizable"
    membership: str = "single"
    max_entries_per_append: int | None = None
    snapshot_threshold: int | None = None
    max_inflight: int | None = None
    bugs: tuple[str, ...] = ()

    @classmethod
    def parse(cls, options: Mapping[str, Any]) -> Options:
        """Options from wire form. Raises OptionError for an unknown name or a wrong value."""
        return cls().changed(options)

    def changed(self, options: Mapping[str, Any]) -> Options:
        """These options with some changed. Raises OptionError, also where they contradict each other."""
        changes = {name: _checked(name, value) for name, value in options.items()}
        changed = replace(self, **changes)
        if changed.read_mode == "lease":
            for name in ("check_quorum", "leader_stickiness"):
                if not getattr(changed, name):
                    raise OptionError(
                        f"a lease needs {name}",
                        where="options.read_mode" if "read_mode" in options else f"options.{name}",
                        remedy="turn check_quorum and leader_stickiness on, or choose another "
                        "read_mode",
                        kind="lease",
                        name=name,
                    )
        return changed

    @property
    def heeds_leader(self) -> bool:
        """Whether servers remember if a leader was heard of recently."""
        return self.leader_stickiness or self.pre_vote

    @property
    def keeps_lease(self) -> bool:
        """Whether leaders keep track of a lease."""
        return self.read_mode == "lease"

    def view(self) -> dict[str, Any]:
        """All options and their values."""
        view = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**view, "bugs": list(self.bugs)}


def _checked(name: str, value: Any) -> Any:
    """The value of one option as `Options` holds it. Raises OptionError."""
    known = [field.name for field in fields(Options)]
    if name not in known:
        raise OptionError(
            f"there is no option {shown(name)}",
            where="options",
            kind="option",
            name=name,
            **meant(name, known),
        )
    where = f"options.{name}"
    if name in _NUMBERS:
        unit, most = _NUMBERS[name]
        if value is not None and (type(value) is not int or not 1 <= value <= most):
            raise OptionError(
                f"{shown(value)} is not a number of {unit}",
                where=where,
                remedy=f"give a whole number from 1 to {most}, or null for no limit",
                kind="value.count",
                name=name,
                value=shown(value),
                unit=Phrase(unit, f"unit.{unit}"),
                most=most,
                upto=str(most),
            )
    elif name in _CHOICES:
        if value not in _CHOICES[name]:
            raise OptionError(
                f"{shown(value)} does not fit",
                where=where,
                kind="value.choice",
                name=name,
                value=shown(value),
                **choice(_CHOICES[name]),
            )
    elif name == "bugs":
        return _bugs(value, where)
    elif type(value) is not bool:
        raise OptionError(
            f"{shown(value)} is neither true nor false",
            where=where,
            remedy="give true or false",
            kind="value.flag",
            name=name,
            value=shown(value),
        )
    return value


def _bugs(value: Any, where: str) -> tuple[str, ...]:
    """The named mistakes, in the order of their list."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise OptionError(
            f"{shown(value)} is no list of mistakes",
            where=where,
            remedy="give a list of names",
            kind="bugs",
            value=shown(value),
        )
    for name in value:
        if not isinstance(name, str) or name not in BUGS:
            raise OptionError(
                f"there is no bug {shown(name)}",
                where=where,
                kind="bug",
                name=name,
                **meant(name, BUGS),
            )
    return tuple(name for name in BUGS if name in value)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a node waits, in microseconds of virtual time."""

    election_timeout_us_min: int
    election_timeout_us_max: int
    heartbeat_us: int
