"""The Raft algorithm alone: Figure 2 of the paper as a sans-IO state machine.

The laws of this room:

1. Inputs in, effects out. No time, chance, IO, or knowledge of the simulator: a node asks for a
   timer by a *range* and is told when it fires.
2. A node holds one immutable state and replaces it whole, so a change is found by identity and a
   copy costs nothing. What a crash spares (`PersistentState`) and what it takes are different types.
3. A higher term is dealt with in one place, before any rule of the message's own (Raft §5.1).
4. Nothing that promises durability leaves before it is durable: `Core.send` and `Core.reply` put a
   `Persist` first whenever the persistent state has changed (dissertation §3.8).

Names are the paper's. Rule numbers in docstrings are those of Figure 2.
"""

from raftviz.raft.protocol import RaftRules

__all__ = ["RaftRules"]
