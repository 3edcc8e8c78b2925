"""raftviz: Raft in virtual time, every change an event with its cause."""

from raftviz.errors import Error
from raftviz.simulation import Simulation

__all__ = ["Error", "Simulation"]
