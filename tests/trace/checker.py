"""From a line of a trace and the next one's actions, the state that must follow: does it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.trace.beyond import BEYOND
from tests.trace.spec import SPECIFIED
from tests.trace.world import Members, Record, Refusal, RejectedError, World, need

ACTIONS = {**SPECIFIED, **BEYOND}
AS_SETS = ("votesResponded", "votesGranted")


def obey(lines: Iterable[Record]) -> Iterator[Record]:
    """Pass the lines on that follow from the ones before. Raises RejectedError at the first that does not."""
    before: Record | None = None
    bases: dict[str, Members] = {}
    for line in lines:
        try:
            if before is None:
                begins(line)
                bases = first_members(line)
            else:
                follows(before, line, bases)
        except Refusal as refusal:
            raise RejectedError(refusal.law, line["step"], refusal.message) from None
        yield line
        before = line


def begins(line: Record) -> None:
    need([a["name"] for a in line["actions"]] == ["Init"], "a behaviour begins with Init", line)
    need(line["step"] == line["first"] == 1, "steps are numbered without gaps", line["step"])
    need(line["messages"] == [], "at first nothing is in flight", line["messages"])
    for name, s in line["state"].items():
        campaigns = s["state"] in ("Candidate", "Leader")
        need(not campaigns or s["votedFor"] == name, "at first a candidate has its own vote", s)


def first_members(line: Record) -> dict[str, Members]:
    """Who is a member before a log says so: all servers, unless a server starts with something else."""
    everybody = list(line["state"])
    bases = {}
    for name, s in line["state"].items():
        told = any("configuration" in entry["value"] for entry in s["log"])
        bases[name] = (everybody, []) if told else (s["members"], s["oldMembers"])
    return bases


def follows(before: Record, line: Record, bases: dict[str, Members]) -> None:
    need(line["step"] == before["step"] + 1, "steps are numbered without gaps", line["step"])
    need(line["first"] == before["last"] + 1, "each event is in one step", line["first"])
    need(line["time"] >= before["time"], "time does not go back", line["time"])
    world = World(before, line, bases)
    for action in line["actions"]:
        act = ACTIONS.get(action["name"])
        need(act is not None, "only actions that are known", action["name"])
        assert act is not None
        act(world, action)
    need(world.names == list(line["state"]), "servers stay", list(line["state"]))
    for name, s in line["state"].items():
        stands = world.after(name)
        for variable, value in s.items():
            must = stands[variable]
            if variable in AS_SETS:
                value, must = sorted(value), sorted(must)
            need(value == must, f"{variable} changes only by an action", (name, must, value))
    sent = world.aim - world.messages
    need(not sent, "messages appear only by an action", list(sent))
    gone = world.messages - world.aim
    need(not gone, "messages vanish only by an action", list(gone))
