"""raftviz: Raft in virtual time, every change an event with its cause."""

from raftviz.errors import Error
from raftviz.simulation import Simulation

#: The version of the product; that of pyproject.toml is the same.
VERSION = "0.1.0"

__all__ = ["VERSION", "Error", "Simulation"]
