"""The search for a violation: random schedules, swarm testing, shrinking, and a lesson at the end.

The laws of this room:

1. The same seed finds the same, on any machine and with any number of workers: all chance comes
   from the seed's streams, and what is told is the first schedule by its number.
2. A schedule is a list of commands; one that cannot be carried out is left out.
3. No schedule is written for a mistake: the same swarm finds all of them.
"""

from __future__ import annotations

from raftviz.checks import LINEARIZABILITY, PROPERTIES
from raftviz.explore.lesson import text as lesson_text
from raftviz.explore.promises import promises_of
from raftviz.explore.schedule import Aim, Schedule, Trial, play
from raftviz.explore.search import Finding, Report, search

PROMISES = tuple(promise.name for promise in (*PROPERTIES, LINEARIZABILITY))
"""The properties that may fall."""

__all__ = [
    "PROMISES",
    "Aim",
    "Finding",
    "Report",
    "Schedule",
    "Trial",
    "lesson_text",
    "play",
    "promises_of",
    "search",
]
