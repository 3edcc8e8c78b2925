"""The Python face, and the place where protocol, simulation and checks are joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from raftviz.checks import LINEARIZABILITY, Monitor, Verdict, Violation, judge
from raftviz.drawing import svg
from raftviz.errors import ClusterError, CommandError, meant, shown
from raftviz.protocols.base import NodeId, Rules
from raftviz.raft import RaftRules
from raftviz.raft.options import Options, Timing
from raftviz.sim import rng, settings
from raftviz.sim import view as visible
from raftviz.sim.changes import View, advance, copy_view, empty_view
from raftviz.sim.clock import from_ms
from raftviz.sim.cluster import NEVER, Cluster
from raftviz.sim.commands import validate
from raftviz.sim.document import document_lines
from raftviz.sim.events import Event
from raftviz.sim.journal import Journal, Order, repeat_verdicts
from raftviz.sim.network import Network
from raftviz.sim.start import begin

PROTOCOLS: Mapping[str, Callable[..., Rules]] = {"raft": RaftRules}


class Simulation:
    """A cluster in virtual time, driven by commands.

    `nodes` is a number from 1 to 9 or a list of names. `timers` is "manual" (a timer fires only
    when a command says so) or "auto" (virtual time drives them). `timing` is in milliseconds, as
    in lessons. `given` says where nodes start. `max_events` bounds what one command may cause.

    Raises ClusterError or OptionError where the cluster cannot be made as asked.
    """

    def __init__(
        self,
        nodes: int | Sequence[str] = 3,
        seed: int = 1,
        protocol: str = "raft",
        options: Mapping[str, Any] | None = None,
        timers: str = "manual",
        timing: Mapping[str, Any] | None = None,
        given: Mapping[str, Mapping[str, Any]] | None = None,
        max_events: int = 1_000_000,
    ) -> None:
        node_ids = settings.node_ids(nodes)
        self._founders = node_ids
        self.seed = settings.seed(seed)
        if protocol not in PROTOCOLS:
            raise ClusterError(
                f"there is no protocol {shown(protocol)}",
                where="protocol",
                kind="protocol",
                name=shown(protocol),
                **meant(protocol, PROTOCOLS),
            )
        self.protocol = protocol
        self.timers = settings.timers(timers)
        self.timing = settings.timing({} if timing is None else timing)
        self.max_events = max_events
        self._withheld: list[Event] = []
        self._halts = False
        self._violations: list[Event] = []
        self._journal = Journal()
        rules = self._rules(node_ids, options or {})
        self._cluster = Cluster(
            node_ids,
            rules,
            Network(
                node_ids,
                settings.range_us(self.timing["latency"]),
                rng.stream(self.seed, "latency"),
                rng.stream(self.seed, "chance"),
            ),
            rng.stream(self.seed, "timeouts"),
            timers == "manual",
        )
        self._watch(Monitor(self._founders))
        self._start(given or {})
        self._journal.keep(self._cluster, under_way=False)

    def _rules(self, node_ids: tuple[NodeId, ...], options: Mapping[str, Any]) -> Rules:
        if not isinstance(options, Mapping):
            raise ClusterError(
                f"{shown(options)} does not fit", where="options", remedy="give {name: value}"
            )
        low, high = settings.range_us(self.timing["election_timeout"])
        timing = Timing(low, high, from_ms(self.timing["heartbeat"]))
        parsed = Options.parse(options)
        return PROTOCOLS[self.protocol](node_ids, settings.ORDINALS, parsed, timing)

    def _start(self, given: Mapping[str, Mapping[str, Any]]) -> None:
        cluster = self._cluster
        start: dict[str, Any] = {
            "nodes": list(self.node_ids),
            "seed": self.seed,
            "protocol": self.protocol,
            "timers": self.timers,
            "timing": self.timing,
            "options": self.options,
        }
        if not isinstance(given, Mapping):
            raise ClusterError(
                f"{shown(given)} does not fit", where="given", remedy="give {node: {field: value}}"
            )
        for node_id in given:
            if node_id not in self.node_ids:
                raise ClusterError(
                    f"there is no node {shown(node_id)}",
                    where="given",
                    kind="node",
                    id=shown(node_id),
                    **meant(node_id, self.node_ids),
                )
        begin(cluster, start, given)

    def _watch(self, monitor: Monitor) -> None:
        cluster = self._cluster
        self._monitor = monitor

        def observe(event: Event) -> None:
            for violation in monitor.observe(event):
                self._tell(violation, event.seq)

        cluster.observe = observe
        cluster.judge = self._judge

    def _tell(self, violation: Violation, cause: int) -> None:
        """Write that a property fell; where time runs by itself, it stands still there."""
        cluster = self._cluster
        data = {
            "property": violation.property,
            "message": violation.message,
            "facts": list(violation.facts),
        }
        seq = cluster.emit("invariant_violated", violation.node, cause, data)
        self._violations.append(cluster.events[seq - 1])
        if self._halts:
            cluster.stop_at = seq

    def _judge(self, name: str, cause: int) -> None:
        """Carry out the command `check`: a verdict on the run so far, as events."""
        verdict = self.linearizability()
        data = {"property": LINEARIZABILITY.name, "ok": verdict.ok, "message": verdict.message}
        seq = self._cluster.emit("checked", None, cause, data)
        if verdict.violation is not None:
            self._tell(verdict.violation, seq)

    # Doing.

    def do(self, command: Mapping[str, Any], stop: int | None = None) -> list[Event]:
        """Carry out a command; the events that it caused, the command's own first. `stop` ends it
        early, at the first boundary after that event, as a command log may tell.

        Raises raftviz.Error where that cannot be done; the simulation is then as it was before.
        """
        return self._carry_out(Order(validate(command), stop=stop), self.max_events)

    def inject(self, message: Mapping[str, Any]) -> list[Event]:
        """Hand a message to its addressee as if received: `do({"inject": message})`."""
        return self.do({"inject": message})

    def run_to(
        self, time_us: int, max_events: int | None = None, stop: int | None = None
    ) -> list[Event]:
        """Let virtual time pass until `time_us` (microseconds), without a command's event; the
        events that this brought. `stop` as in `do`.

        Raises LimitError where that would be more than `max_events`; nothing has happened then.
        """
        if type(time_us) is not int or time_us < self.now_us:
            raise CommandError(
                f"time cannot go to {shown(time_us)}",
                where="run_to",
                remedy=f"give whole microseconds from {self.now_us} on",
                kind="time",
                value=shown(time_us),
                now=str(self.now_us),
            )
        return self._carry_out(Order(None, time_us, stop=stop), max_events or self.max_events)

    def _carry_out(self, order: Order, max_events: int) -> list[Event]:
        cluster, journal = self._cluster, self._journal
        self._halts = order.command is None
        withheld, self._withheld = self._withheld, []
        cluster.events.extend(withheld)
        before, occurrences = len(cluster.events), cluster.occurrences
        cluster.limit_at = before + max_events
        continued = journal.continues(order)
        try:
            done = journal.carry_out(cluster, order, keeping=True)
        except BaseException:
            if continued is not None:
                journal.orders.append(continued)
            acted = cluster.occurrences != occurrences or len(cluster.events) > before + 1
            self._go_back(before, withheld, acted)
            raise
        finally:
            self._cluster.limit_at = NEVER
        journal.add(done, cluster)
        return cluster.events[before:]

    def _go_back(self, seq: int, withheld: list[Event], acted: bool) -> None:
        """Undo an order that failed, `seq` events having stood before it.

        Actions look for what could forbid them before they act: where nothing occurred and only
        the command's own event was written, nothing else has changed.
        """
        if not acted:
            del self._cluster.events[seq - len(withheld) :]
            self._withheld = withheld
            return
        self._journal.keyframes = [kept for kept in self._journal.keyframes if kept.seq <= seq]
        self._cluster = self._restore(seq, NEVER)._cluster
        self._watch_again()
        del self._cluster.events[seq - len(withheld) :]
        self._withheld = withheld

    def fork(self, at: int | None = None) -> Simulation:
        """An independent copy as it stood after event `at` (None: as it stands).

        An occurrence is atomic: where `at` lies inside one, the rest of it is carried out first
        when the copy next moves; its events stand before those that `do` then returns.

        Raises CommandError where there is no such event.
        """
        last = len(self.events)
        if at is None:
            return self._here()
        if type(at) is not int or not 1 <= at <= last:
            raise CommandError(
                f"there is no event {shown(at)}",
                where="fork",
                remedy=f"give a whole number from 1 to {last}",
                kind="event",
                value=shown(at),
                last=str(last),
            )
        other = self._restore(at, at)
        other._withheld = other._cluster.events[at:]
        del other._cluster.events[at:]
        return other

    def _like(self) -> Simulation:
        """A simulation of the same making, without its cluster and past."""
        other = Simulation.__new__(Simulation)
        for name in ("_founders", "seed", "protocol", "timers", "timing", "max_events"):
            setattr(other, name, getattr(self, name))
        other._journal = Journal()
        other._withheld = []
        other._halts = False
        return other

    def _here(self) -> Simulation:
        """A copy as things stand."""
        other = self._like()
        other._cluster = self._cluster.copy([*self._cluster.events, *self._withheld])
        other._journal.orders = self._journal.orders.copy()
        other._journal.keyframes = self._journal.keyframes.copy()
        other._watch_again()
        other._withheld = self._withheld.copy()
        del other._cluster.events[len(self.events) :]
        return other

    def _restore(self, seq: int, at: int) -> Simulation:
        """A copy from the keyframe before event `seq`, at the first boundary from event `at` on."""
        journal = self._journal
        other = self._like()
        keyframe = journal.before(seq)
        other._cluster = keyframe.cluster.copy(self._cluster.events[: keyframe.seq])
        repeat_verdicts(other._cluster, self._cluster.events)
        other._journal.orders = journal.replay(keyframe, other._cluster, at)
        other._journal.keyframes = [kept for kept in journal.keyframes if kept.seq <= seq]
        other._watch_again()
        return other

    def _watch_again(self) -> None:
        """Let a new monitor see the past, without writing again what it found there."""
        monitor = Monitor(self._founders)  # those that came later are told of by events
        events = self._cluster.events
        self._violations = [event for event in events if event.kind == "invariant_violated"]
        for event in events:
            monitor.observe(event)
        self._watch(monitor)

    # Looking.

    def linearizability(self, local_reads: bool = True) -> Verdict:
        """Whether what the clients saw is linearizable (dissertation §6.3, §6.4). Reads of mode
        "local" do not promise it; `local_reads` says whether they count all the same.
        """
        return judge(self.events, local_reads)

    @property
    def node_ids(self) -> tuple[NodeId, ...]:
        """The nodes, in ring order; those that came later stand last."""
        return self._cluster.node_ids

    @property
    def events(self) -> Sequence[Event]:
        """The journal: every event, numbered from 1."""
        return self._cluster.events

    @property
    def violations(self) -> list[Event]:
        """What the checks found: events of kind invariant_violated."""
        last = len(self.events)
        return [event for event in self._violations if event.seq <= last]

    @property
    def reached(self) -> dict[str, int]:
        """Which of the goals (checks.GOALS) the run has come to, and by which event first."""
        last = len(self.events)
        return {goal: seq for goal, seq in self._monitor.reached.items() if seq <= last}

    @property
    def now_us(self) -> int:
        """Virtual time in microseconds."""
        return self._cluster.now_us

    @property
    def options(self) -> dict[str, Any]:
        """The protocol options in force."""
        return self._cluster.rules.options()

    @property
    def nothing_pending(self) -> bool:
        """Whether nothing will happen by itself."""
        return not self._withheld and len(self._cluster.agenda) == 0

    @property
    def command_log(self) -> list[dict[str, Any]]:
        """What was done, from the start: with the seed it determines everything."""
        return self.log_after(0)

    def log_after(self, count: int, most: int | None = None) -> list[dict[str, Any]]:
        """The command log after its first `count` entries; of these no more than `most`."""
        end = None if most is None else count + most
        return [order.to_json() for order in self._journal.orders[count:end]]

    def state(self, node: NodeId) -> dict[str, Any]:
        """A node's visible state in the document's names. Raises CommandError."""
        if node not in self.node_ids:
            raise CommandError(
                f"there is no node {shown(node)}",
                where="state",
                **meant(node, self.node_ids),
            )
        if self._withheld:
            state: dict[str, Any] = self.view()["nodes"][node]
            return state
        return visible.node_view(self._cluster, node)

    def view(self) -> View:
        """Everything visible, as it stands."""
        return self.view_at(len(self.events)) if self._withheld else visible.view(self._cluster)

    def view_at(self, seq: int) -> View:
        """Everything visible as it stood after event `seq`; 0 is before everything.

        Raises CommandError where there is no such event.
        """
        if type(seq) is not int or not 0 <= seq <= len(self.events):
            raise CommandError(
                f"there is no event {shown(seq)}",
                where="view_at",
                remedy=f"give a whole number from 0 to {len(self.events)}",
            )
        kept = [keyframe for keyframe in self._journal.keyframes if keyframe.seq <= seq]
        view = empty_view()
        if kept:
            view = visible.view(kept[-1].cluster)
            view["seq"] = kept[-1].seq
        for event in self._cluster.events[view["seq"] : seq]:
            advance(view, _unshared(event))
        return view

    def document_lines(self) -> list[str]:
        """The state in the document's notation, a line for each node."""
        return document_lines(self.view())

    def _repr_svg_(self) -> str:
        return svg(self.view())

    def document_lines_of(self, view: View) -> list[str]:
        """The same for a view."""
        return document_lines(view)


def _unshared(event: Event) -> Event:
    """The event, with containers of its own: what is applied to a view is changed later."""
    changes = tuple((path, old, copy_view(new)) for path, old, new in event.changes)
    return Event(event.seq, event.time, "copy", event.node, event.cause, {}, changes)
