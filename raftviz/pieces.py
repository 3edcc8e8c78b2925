"""Work that is done piece by piece, by whoever has nothing else to do meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def finish(
    work: Generator[Piece, Any, Result], each: Callable[[Piece], object] | None = None
) -> Result:
    """Do work that yields after each piece to its end, and return what it returns; `each` is told of
    what it yields. Raises what the work raises.
    """
    while True:
        try:
            piece = next(work)
        except StopIteration as done:
            result: Result = done.value
            return result
        if each is not None:
            each(piece)
