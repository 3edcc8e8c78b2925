"""Why did that happen? The chain of causes from an event back to a command."""

from __future__ import annotations

from raftviz.narrate.catalogue import Sentence
from raftviz.narrate.context import Lookup
from raftviz.narrate.phrases import say
from raftviz.sim.events import Event

#: A chain is cut here; no run that a person follows comes near.
LONGEST = 500


def why(event: Event, lookup: Lookup) -> list[tuple[Event, Sentence]]:
    """`event` and what led to it, one sentence each, latest first; the last is a command.

    Events that have no sentence (a timer being armed) are passed over.
    """
    chain: list[tuple[Event, Sentence]] = []
    link: Event | None = event
    while link is not None and len(chain) < LONGEST:
        said = say(link, lookup)
        if said is not None:
            chain.append((link, said))
        link = lookup(link.cause) if link.cause is not None else None
    return chain
