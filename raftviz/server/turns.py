"""Long work in a server whose tasks take turns: done piece by piece, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

from raftviz.errors import Error

TURN_SECONDS = 0.010
"""How long work goes on before others have their turn."""

Result = TypeVar("Result")


def in_turns(
    work: Generator[Any, None, Result],
    seconds: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    too_long: Callable[[], Error],
) -> Result:
    """Do work that yields after each piece, and return what it returns. Raises what it raises, and
    `too_long()` where it takes more than `seconds`, the turns of others not counted.
    """
    spent, begun = 0.0, clock()
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: Result = done.value
            return result
        turn = clock() - begun
        if spent + turn > seconds:
            work.close()
            raise too_long()
        if turn > TURN_SECONDS:
            spent += turn
            sleep(0)
            begun = clock()
