"""What must hold of every run, checked after every event. It reads events and nothing else."""

from __future__ import annotations

from raftviz.checks.base import Expectation, Property, Violation
from raftviz.checks.monitor import Monitor
from raftviz.checks.safety import PROPERTIES

__all__ = ["PROPERTIES", "Expectation", "Monitor", "Property", "Violation"]
