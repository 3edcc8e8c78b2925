"""A cluster by hand: the few things that these tests do and look at, under short names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from raftviz import Simulation
from raftviz.sim.events import Event


class Scene:
    """A simulation whose timers fire when a test says so, each message taking 10 ms."""

    def __init__(self, nodes: int | Sequence[str] = 3, **more: Any) -> None:
        more.setdefault("timing", {"latency": [10, 10]})
        self.sim = Simulation(nodes, **more)

    # Doing.

    def do(self, *commands: Mapping[str, Any]) -> Scene:
        for command in commands:
            self.sim.do(command)
        return self

    def settle(self) -> Scene:
        return self.do({"settle": True})

    def elect(self, node: str) -> Scene:
        """Its election timer fires, and the messages that follow arrive."""
        self.do({"timeout": node}).settle()
        assert self.role(node) == "leader"
        return self

    def beat(self, node: str) -> Scene:
        return self.do({"heartbeat": node}).settle()

    def write(self, value: Any, to: str | None = None, client: str = "client") -> Scene:
        where = {} if to is None else {"to": to}
        return self.do({"write": {"key": "x", "value": value, "client": client, **where}})

    # Looking.

    def role(self, node: str) -> str:
        role: str = self.sim.state(node)["state"]
        return role

    def term(self, node: str) -> int:
        term: int = self.sim.state(node)["term"]
        return term

    def terms(self, node: str) -> list[int]:
        """The terms of its log."""
        return [entry["term"] for entry in self.sim.state(node)["log"]]

    def logs(self) -> list[list[int]]:
        return [self.terms(node) for node in self.sim.node_ids]

    def committed(self) -> list[int]:
        return [self.sim.state(node)["commitIndex"] for node in self.sim.node_ids]

    def leaders(self) -> list[str]:
        return [node for node in self.sim.node_ids if self.role(node) == "leader"]

    def client(self, name: str = "client") -> tuple[str, Any, str | None]:
        """What a client was told: outcome, value, why."""
        shown = self.sim.view()["clients"][name]
        return shown["outcome"], shown["value"], shown["why"]

    def sent(self, since: int = 0, **facts: Any) -> list[Event]:
        """Messages sent after event `since`, whose data have these facts (`source` for "from")."""
        wanted = {{"source": "from", "target": "to"}.get(k, k): v for k, v in facts.items()}
        return [
            event
            for event in self.sim.events[since:]
            if event.kind == "message_sent"
            and all(event.data.get(name) == value for name, value in wanted.items())
        ]

    @property
    def now(self) -> int:
        """How many events there are."""
        return len(self.sim.events)

    def is_safe(self) -> bool:
        return self.sim.violations == []
