"""The vocabulary of commands: one schema, and one table of who may send which.

A command is a mapping of one key, its name, to its argument: {"partition": [["node1"], …]}. Here
only its shape is checked; whether a node of that name exists, the simulation knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from raftviz.errors import CommandError, Phrase, UnknownCommandError, meant, shown
from raftviz.sim.shapes import (
    AnyFields,
    Choice,
    Either,
    Exactly,
    Fields,
    Flag,
    ListOf,
    Number,
    Scalar,
    Schema,
    Shape,
    Text,
    Whole,
)

HOUR_MS = 3_600_000
NODE = Text(Phrase("the name of a node", "shape.name-node"), longest=40)
CLIENT = Text(Phrase("the name of a client", "shape.name-client"), longest=40)
KEY = Text(Phrase("the key, as text", "shape.key"), longest=200)
MS = Number(0, HOUR_MS, " of milliseconds")
RATIO = Number(0, 1)
TRUE = Exactly(True)

MESSAGE_TYPES = ("RequestVote", "AppendEntries", "PreVote", "TimeoutNow", "InstallSnapshot")
SELECTOR = Either(
    (
        Choice(("all",)),
        Fields(
            {},
            {
                "id": Whole(1, 2**53),
                "type": Choice(MESSAGE_TYPES),
                "from": NODE,
                "to": NODE,
                "term": Whole(0, 2**53),
                "reply": Flag(),
            },
            least=1,
        ),
    )
)
PAIR = ListOf(NODE, 2, 2)
DISK = Fields({"disk": NODE}, {})
ONE_WAY = Fields({"from": NODE, "to": NODE}, {})


@dataclass(frozen=True, slots=True)
class Spec:
    """A command's argument, what it does in a line, and who may send it."""

    argument: Shape
    help: str
    who: str = "presenter"


COMMANDS: dict[str, Spec] = {
    "timeout": Spec(NODE, "a node's election timer fires now"),
    "heartbeat": Spec(NODE, "a leader's heartbeat timer fires now"),
    "timer": Spec(
        Fields(
            {"node": NODE, "name": Text(Phrase("the name of a timer", "shape.name-timer"), 40)}, {}
        ),
        "another timer of a node fires now",
    ),
    "deliver": Spec(SELECTOR, "the chosen messages in flight arrive now"),
    "drop": Spec(SELECTOR, "the chosen messages in flight vanish"),
    "duplicate": Spec(SELECTOR, "the chosen messages in flight arrive twice"),
    "delay": Spec(Fields({"messages": SELECTOR, "by": MS}, {}), "the chosen messages arrive later"),
    "inject": Spec(
        AnyFields(Phrase("a message in full, as the wire shows it", "shape.message")),
        "hand a message to its addressee as if received",
    ),
    "settle": Spec(TRUE, "deliver what is in flight, and what that sends; no timer fires"),
    "step": Spec(Whole(1, 10_000), "the next n occurrences in virtual time"),
    "advance": Spec(MS, "let virtual time pass, in ms"),
    "run_until": Spec(
        Fields(
            {},
            {
                "leader": Either((TRUE, NODE)),
                "committed": Whole(1, 2**53),
                "state": AnyFields("{node: role}"),
                "quiet": TRUE,
                "within": MS,
            },
            least=1,
        ),
        "let virtual time pass until it is so",
    ),
    "partition": Spec(ListOf(ListOf(NODE, 1, 9), 1, 9), "only nodes of one group reach each other"),
    "isolate": Spec(NODE, "cut all links of a node, both ways"),
    "cut": Spec(Either((PAIR, ONE_WAY)), "cut a link, both ways or one way"),
    "heal": Spec(Either((TRUE, NODE, PAIR, ONE_WAY)), "mend all, a node's links, or one link"),
    "link": Spec(
        Fields(
            {"from": NODE, "to": NODE},
            {"latency": ListOf(MS, 2, 2), "loss": RATIO, "duplicate": RATIO},
            least=3,
        ),
        "make a link slow or lossy, one way",
    ),
    "crash": Spec(NODE, "volatile state is lost, persistent state survives"),
    "restart": Spec(NODE, "a crashed node starts with what its disk holds"),
    "wipe": Spec(NODE, "a node crashes and loses its disk too"),
    "pause": Spec(Either((NODE, DISK)), "a node stands still, or its disk; nothing is lost"),
    "resume": Spec(Either((NODE, DISK)), "a paused node goes on, or its disk"),
    "clock": Spec(
        Fields({"node": NODE, "rate": Number(0.1, 10)}, {}),
        "a node's clock runs fast (above 1) or slow",
    ),
    "write": Spec(
        Fields({"key": KEY, "value": Scalar()}, {"to": NODE, "client": CLIENT}),
        "a client sets a key; it asks the leader if `to` is left out",
    ),
    "delete": Spec(Fields({"key": KEY}, {"to": NODE, "client": CLIENT}), "a client deletes a key"),
    "cas": Spec(
        Fields(
            {"key": KEY, "value": Scalar()}, {"expected": Scalar(), "to": NODE, "client": CLIENT}
        ),
        "a client sets a key if it holds what is expected",
    ),
    "read": Spec(
        Fields(
            {"key": KEY},
            {
                "to": NODE,
                "client": CLIENT,
                "mode": Choice(("linearizable", "lease", "local")),
            },
        ),
        "a client reads a key",
    ),
    "retry": Spec(
        Fields({}, {"client": CLIENT, "to": NODE}),
        "a client sends its last request again, with the same serial number",
    ),
    "client": Spec(
        Fields({"client": CLIENT}, {"patience": MS, "tries": Whole(1, 100)}),
        "a client acts by itself: it follows redirects, and asks elsewhere after `patience` ms",
    ),
    "check": Spec(
        Choice(("linearizability",)), "judge whether what the clients saw is linearizable"
    ),
    "snapshot": Spec(NODE, "a node compacts its log"),
    "add_node": Spec(NODE, "one more member; a new server if there is none of that name"),
    "remove_node": Spec(NODE, "one member less"),
    "reconfigure": Spec(ListOf(NODE, 1, 9), "these members and no others"),
    "transfer": Spec(Fields({"to": NODE}, {}), "the leader hands its leadership over to a node"),
    "option": Spec(AnyFields("{name: value}"), "change a protocol option for all nodes"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a right shape."""

    name: str
    argument: Any

    def to_json(self) -> dict[str, Any]:
        """The one-key mapping."""
        return {self.name: self.argument}


def validate(command: Any) -> Command:
    """The command in normal form. Raises CommandError, or UnknownCommandError for its name."""
    if not isinstance(command, Mapping) or len(command) != 1:
        raise CommandError(
            f"{shown(command)} is no command",
            remedy='give a mapping of one command, such as {"timeout": "node1"}',
            kind="command.shape",
            value=shown(command),
        )
    ((name, argument),) = command.items()
    spec = COMMANDS.get(name) if isinstance(name, str) else None
    if spec is None:
        raise UnknownCommandError(
            f"there is no command {shown(name)}",
            kind="command",
            name=shown(name),
            **meant(name, COMMANDS),
        )
    return Command(name, spec.argument.check(argument, name))


def json_schema() -> Schema:
    """The JSON Schema of one command."""
    return {
        "oneOf": [
            {
                "type": "object",
                "description": spec.help,
                "properties": {name: spec.argument.schema()},
                "required": [name],
                "additionalProperties": False,
            }
            for name, spec in COMMANDS.items()
        ]
    }
