"""What must hold of every run, checked after every event. It reads events and nothing else.

Promises that hold always are judged by a `Monitor` as a run goes on; it also notes which goals the
run comes to. What holds once all is mended is looked for by `eventually`. Whether what clients saw is
linearizable is looked for by `judge`, which takes longer.
"""

from __future__ import annotations

from raftviz.checks.base import Expectation, Property, Violation
from raftviz.checks.client_history import ClientHistory, Operation
from raftviz.checks.goals import GOALS
from raftviz.checks.linearizability import LINEARIZABILITY, Verdict, judge
from raftviz.checks.liveness import eventually
from raftviz.checks.monitor import Monitor
from raftviz.checks.safety import PROPERTIES

__all__ = [
    "GOALS",
    "LINEARIZABILITY",
    "PROPERTIES",
    "ClientHistory",
    "Expectation",
    "Monitor",
    "Operation",
    "Property",
    "Verdict",
    "Violation",
    "eventually",
    "judge",
]
