"""Judges a run event by event: first what the rules say of the event, then it becomes history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from raftviz.checks.base import Violation
from raftviz.checks.durability import is_plainly_durable, message_tells_what_is_durable
from raftviz.checks.goals import PURSUED, Pursuit
from raftviz.checks.history import History
from raftviz.checks.record import RECORDERS, Recorder, message_sent
from raftviz.checks.rule import Data, Rule
from raftviz.checks.safety import RULES
from raftviz.sim.events import Dropped, Event, Flight, Timer, TimerSet

_STEPS: Mapping[str, tuple[Sequence[Rule], Recorder | None]] = {
    subject: (RULES.get(subject, ()), RECORDERS.get(subject))
    for subject in dict.fromkeys((*RULES, *RECORDERS, *PURSUED))
}
"""What is to be done with an event, by its subject (safety.py)."""


class Monitor:
    """Checks one run. Feed it every event in order; it answers with what the event broke.

    The cost of an event does not depend on the length of the run, and an event that cannot break
    anything costs a look-up or two. `node_ids` are the members at the start, where the run's first
    event does not say who they are. `reached` tells which goals the run has come to, and by which
    event first.
    """

    __slots__ = ("_history", "_pursued", "reached")

    def __init__(self, node_ids: Iterable[str]) -> None:
        self._history = History(node_ids)
        self._pursued: dict[str, Pursuit] = dict(PURSUED)
        self.reached: dict[str, int] = {}

    def observe(self, event: Event) -> Sequence[Violation]:
        """Judge the next event; usually the answer is empty.

        Raises ValueError for an event that no run can hold, such as an entry after a gap.
        """
        data = event.payload
        if isinstance(data, Flight):
            return self._sent(event, data) if event.kind == "message_sent" else ()
        if isinstance(data, (TimerSet, Timer, Dropped)):
            return ()
        kind = event.kind
        subject = data["what"] if kind == "index_changed" else kind
        step = _STEPS.get(subject)
        if step is None:
            return ()
        history = self._history
        rules, record = step
        broken = [found for rule in rules if (found := rule(history, event, data)) is not None]
        if subject in self._pursued:
            self._pursue(subject, event, data)
        if record is not None:
            record(history, event, data)
        if broken:
            self._note(broken)
        return broken

    def _sent(self, event: Event, flight: Flight) -> Sequence[Violation]:
        """A message sets out: a third of all events, nearly all of them harmless."""
        history = self._history
        node = history.node(flight.source)
        if is_plainly_durable(node, flight.message) or event.cause == history.injected:
            return ()
        found = message_tells_what_is_durable(history, event, flight)
        if flight.message.TYPE != "PreVote":
            message_sent(node, flight.message)
        if found is None:
            return ()
        self._note([found])
        return [found]

    def _note(self, broken: Sequence[Violation]) -> None:
        for violation in broken:
            if violation.node is not None:
                self._history.node(violation.node).told[violation.property] = None

    def _pursue(self, subject: str, event: Event, data: Data) -> None:
        """See whether the event reaches a goal, which is then pursued no longer."""
        history = self._history
        left = []
        for goal in self._pursued[subject]:
            name, reaches = goal
            if reaches(history, event, data):
                self.reached[name] = event.seq
            else:
                left.append(goal)
        if left:
            self._pursued[subject] = tuple(left)
        else:
            del self._pursued[subject]

    def copy(self) -> Monitor:
        """An independent monitor that has seen the same events."""
        twin = Monitor(())
        twin._history = self._history.copy()
        twin._pursued = self._pursued.copy()
        twin.reached = self.reached.copy()
        return twin
