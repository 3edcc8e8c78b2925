"""What a schedule may ask of Raft: nothing that it does not promise to endure.

Schedules are drawn within these bounds, and shrinking must stay within them: else what falls in the
end would fall without any mistake, too.
"""

from __future__ import annotations

from raftviz.explore import beginnings
from raftviz.explore.schedule import Schedule

REPEATS = ("retry", "client")
"""Without sessions a repeated command may rightly be executed twice (dissertation §6.3)."""

BEFORE_TIME = ("timeout", "heartbeat", "timer")
"""A timer that a command fires may fire before its time, and leases trust in time (§6.4.1)."""

NEVER = ("inject", "wipe")
"""Forged messages and lost disks (Raft §5.1: the model is one of crashes, not of lies)."""


def is_fair(schedule: Schedule) -> bool:
    """Whether Raft without a mistake keeps all its promises in such a schedule."""
    cluster = schedule.cluster
    options = cluster["options"]
    names = [name for command in schedule.commands for name in command]
    if any(name in names for name in NEVER):
        return False
    if not options.get("client_sessions") and any(name in names for name in REPEATS):
        return False
    if options.get("read_mode") == "lease" and (
        cluster["timers"] == "manual" or any(name in names for name in BEFORE_TIME)
    ):
        return False
    given = cluster.get("given")
    return not given or beginnings.is_possible(given, cluster["nodes"])
