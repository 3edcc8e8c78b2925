"""A cluster as the tests of a well-known course on distributed systems treat one (MIT 6.5840, Raft).

Commands are started at whoever leads, servers are taken off the network and crash, and what servers
apply is looked at from outside. Time is virtual: waiting costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from raftviz import Simulation
from raftviz.sim.rng import stream

ELECTION_MS = 600
"""Long enough for an election to come to its end: two of the longest timeouts."""

PATIENCE_MS = 10_000
"""How long a command may take to be agreed on, with everything that may go wrong meanwhile."""


class Started(NamedTuple):
    """A command that a leader has put into its log."""

    index: int
    term: int


class Cluster:
    """`servers` servers and what the test wants of them. `unreliable` links lose, delay and double
    messages. Draws of the test's own come from `chance`.
    """

    def __init__(
        self, servers: int, seed: int = 1, unreliable: bool = False, **options: Any
    ) -> None:
        self.sim = Simulation(servers, seed=seed, timers="auto", options=options)
        self.servers = list(self.sim.node_ids)
        self.connected = dict.fromkeys(self.servers, True)
        self.chance = stream(seed, "test")
        self.applied: dict[str, dict[int, Any]] = {server: {} for server in self.servers}
        """What each server has applied since it started: index → value."""
        self.covered = dict.fromkeys(self.servers, 0)
        """Up to where a server's state came from a snapshot, not from entries."""
        self.roles = dict.fromkeys(self.servers, "follower")
        """What each server is; "down" if it does not run."""
        self.terms = dict.fromkeys(self.servers, 0)
        self.agreed: dict[int, Any] = {}
        """What any server has ever applied: no other may apply anything else there."""
        self._seen = 0
        self._commands = 0
        if unreliable:
            self.make_unreliable()

    # The world.

    def wait(self, ms: float) -> None:
        self.sim.do({"advance": ms})
        self._look()

    def disconnect(self, *servers: str) -> None:
        self._connect(servers, False)

    def connect(self, *servers: str) -> None:
        self._connect(servers, True)

    def _connect(self, servers: Iterable[str], up: bool) -> None:
        self.connected |= dict.fromkeys(servers, up)
        together = [server for server in self.servers if self.connected[server]]
        self.sim.do({"partition": [together] if together else [[s] for s in self.servers]})

    def crash(self, *servers: str) -> None:
        for server in servers:
            self.sim.do({"crash": server})
        self._look()

    def restart(self, *servers: str) -> None:
        for server in servers:
            self.sim.do({"restart": server})
        self._look()

    def make_unreliable(self, longest_ms: int = 27) -> None:
        """A tenth of all messages is lost, another comes twice, and they overtake each other."""
        self._set_links({"latency": [0, longest_ms], "loss": 0.1, "duplicate": 0.1})

    def make_reliable(self) -> None:
        self._set_links({"latency": [10, 20], "loss": 0, "duplicate": 0})

    def _set_links(self, settings: dict[str, Any]) -> None:
        for source in self.servers:
            for target in self.servers:
                if source != target:
                    self.sim.do({"link": {"from": source, "to": target, **settings}})

    def pick(self, servers: Iterable[str] | None = None) -> str:
        """One of the servers by chance."""
        among = list(self.servers if servers is None else servers)
        return among[self.chance.between(0, len(among) - 1)]

    def after(self, server: str, steps: int) -> str:
        """The server that comes so many places after another, round the ring."""
        return self.servers[(self.servers.index(server) + steps) % len(self.servers)]

    # Looking.

    def is_up(self, server: str) -> bool:
        return self.roles[server] != "down"

    def leads(self, server: str) -> bool:
        return self.roles[server] == "leader"

    def up_and_connected(self) -> list[str]:
        return [s for s in self.servers if self.connected[s] and self.is_up(s)]

    def one_leader(self) -> str:
        """Wait until there is a leader among those connected; never two in one term."""
        for _ in range(10):
            self.wait(self.chance.between(450, 550))
            by_term: dict[int, list[str]] = {}
            for server in self.up_and_connected():
                if self.leads(server):
                    by_term.setdefault(self.terms[server], []).append(server)
            assert all(len(leaders) == 1 for leaders in by_term.values()), by_term
            if by_term:
                return by_term[max(by_term)][0]
        raise AssertionError("there is no leader")

    def no_leader(self) -> bool:
        return not any(self.leads(server) for server in self.up_and_connected())

    def one_term(self) -> int:
        """The term that all who are connected agree on."""
        terms = {self.terms[server] for server in self.up_and_connected()}
        assert len(terms) == 1, terms
        return terms.pop()

    def _look(self) -> None:
        """Take note of what happened since the last look, and that nobody applies anything else."""
        events = self.sim.events
        for event in events[self._seen :]:
            server = event.node
            if event.kind == "role_changed":
                self.roles[server] = event.data["to"]
            elif event.kind == "term_changed":
                self.terms[server] = event.data["to"]
            elif event.kind == "restarted":
                self.roles[server] = "follower"
            elif event.kind == "applied":
                entry, index = event.data["entry"], event.data["index"]
                assert index == self._last_applied(server) + 1, (server, index)
                value = entry.get("set", {}).get("x")
                self.applied[server][index] = value
                assert self.agreed.setdefault(index, value) == value, (server, index, value)
            elif event.kind == "snapshot_installed":
                self.covered[server] = event.data["index"]
            elif event.kind == "crashed":
                self.roles[server] = "down"
                self.applied[server] = {}
                snapshot = self.sim.state(server)["snapshot"]  # as it is now down, on its disk
                self.covered[server] = snapshot["index"] if snapshot else 0
        self._seen = len(events)

    def _last_applied(self, server: str) -> int:
        return max(self.covered[server], *self.applied[server], 0)

    def committed(self, index: int) -> int:
        """How many servers have applied the entry at `index`."""
        self._look()
        return sum(
            index in self.applied[server] or 0 < index <= self.covered[server]
            for server in self.servers
        )

    def requests(self, since: int = 0, to: str | None = None) -> int:
        """How many RPCs were sent after event `since`, answers not counted."""
        return sum(
            event.kind == "message_sent"
            and not event.data["reply"]
            and to in (None, event.data["to"])
            for event in self.sim.events[since:]
        )

    def entries_sent(self, since: int = 0) -> int:
        """How many log entries AppendEntries have carried after event `since`."""
        return sum(
            len(event.data["entries"])
            for event in self.sim.events[since:]
            if event.kind == "message_sent"
            and event.data["type"] == "AppendEntries"
            and not event.data["reply"]
        )

    # Commands.

    def value(self) -> int:
        """A value that no other command has."""
        self._commands += 1
        return self._commands

    def start(self, server: str, value: int | None = None) -> Started | None:
        """Hand a command to a server; where it stands if the server took it, as a leader does."""
        if not self.is_up(server):
            return None
        value = self.value() if value is None else value
        # Clients are few; each gives up what it had asked before.
        client = f"c{value % 40}"
        self.sim.do({"write": {"key": "x", "value": value, "to": server, "client": client}})
        self._look()
        for event in reversed(self.sim.events):
            if event.kind == "command":
                return None
            if event.kind == "log_appended" and event.node == server:
                return Started(event.data["index"], event.data["term"])
        return None

    def agree(self, servers: int, retry: bool = True, value: int | None = None) -> int:
        """A command is agreed on by at least so many servers; its index.

        With `retry` it is started again wherever a leader is found, if it was lost.
        """
        value = self.value() if value is None else value
        begun = self.sim.now_us
        while self.sim.now_us - begun < PATIENCE_MS * 1000:
            started = None
            for server in self.up_and_connected():
                started = self.start(server, value)
                if started is not None:
                    break
            if started is not None:
                if self.is_agreed(started.index, value, servers):
                    return started.index
                assert retry, f"no agreement on {value}"
            else:
                self.wait(50)
        raise AssertionError(f"no agreement on {value} in {PATIENCE_MS} ms")

    def is_agreed(self, index: int, value: int, servers: int, within_ms: int = 2000) -> bool:
        """Whether so many servers apply this value at `index` before long."""
        for _ in range(within_ms // 20):
            if self.committed(index) >= servers:
                return bool(self.agreed[index] == value)
            self.wait(20)
        return False

    def log_lengths(self) -> list[int]:
        """How many entries each server's log holds, beyond its snapshot."""
        return [len(self.sim.state(server)["log"]) for server in self.servers]

    # The end.

    def finish(self) -> None:
        """All that must hold of any run."""
        self._look()
        assert self.sim.violations == []
