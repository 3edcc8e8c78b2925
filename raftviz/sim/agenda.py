"""What will happen: a queue ordered by (time, sequence), integers only.

An occurrence is known by its key: a timer's (node, name) or a message's id. Scheduling a key anew
replaces it. Stale entries stay in the heap and are skipped when their time comes.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush

Key = tuple[str, str] | int


class Agenda:
    """Occurrences to come."""

    __slots__ = ("_heap", "_live", "_sequence")

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Key]] = []
        self._live: dict[Key, int] = {}
        self._sequence = 0

    def __len__(self) -> int:
        return len(self._live)

    def __contains__(self, key: object) -> bool:
        return key in self._live

    def schedule(self, time_us: int, key: Key) -> None:
        """`key` is to happen at `time_us`, and no longer at any other time."""
        self._sequence = sequence = self._sequence + 1
        self._live[key] = sequence
        heappush(self._heap, (time_us, sequence, key))

    def cancel(self, key: Key) -> None:
        """`key` is not to happen."""
        self._live.pop(key, None)

    def next_time(self) -> int | None:
        """When the next occurrence is due, or None."""
        heap, live = self._heap, self._live
        while heap:
            time_us, sequence, key = heap[0]
            if live.get(key) == sequence:
                return time_us
            heappop(heap)
        return None

    def pop(self) -> tuple[int, Key]:
        """Take the next occurrence off. Call only after `next_time` has found one."""
        time_us, _, key = heappop(self._heap)
        del self._live[key]
        return time_us, key

    def pop_first(self, wanted: Callable[[Key], bool]) -> tuple[int, Key] | None:
        """Take off the first occurrence that is wanted, before its turn if need be."""
        passed_over = []
        found = None
        while self.next_time() is not None:
            item = heappop(self._heap)
            if wanted(item[2]):
                del self._live[item[2]]
                found = (item[0], item[2])
                break
            passed_over.append(item)
        for item in passed_over:
            heappush(self._heap, item)
        return found

    def copy(self) -> Agenda:
        """An independent copy, without the stale entries."""
        other = Agenda.__new__(Agenda)
        live = self._live
        other._heap = [item for item in self._heap if live.get(item[2]) == item[1]]
        heapify(other._heap)
        other._live = live.copy()
        other._sequence = self._sequence
        return other
