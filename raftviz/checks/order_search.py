"""Looks for an order in which the operations on one register explain their answers.

This is the search of Wing & Gong (1993) with Lowe's memory of where it has been (2017): a depth-first
walk over *places*. A place is which operations have taken effect and what the register then holds.
It is kept small: every operation that was answered before the first answer still to be explained has
taken effect, and none that began after it has, so only the operations open at that answer are told
apart, by one bit each. A run of any length in which few operations overlap is searched in a time
proportional to its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

ANY = -1
"""A need that every value meets."""
SAME = -1
"""It leaves the value as it is."""

COMPARED = 8
"""With how many places, the latest ones, a new place is compared that differs in loose steps alone."""


class Step(NamedTuple):
    """An operation as the search sees it; values are numbers from 0.

    It takes effect at one moment after `begin` and before `end` (None: at any later time, or never),
    where the register holds `need`, and leaves `becomes` there.
    """

    begin: int
    end: int | None
    need: int
    becomes: int

    @property
    def only_looks(self) -> bool:
        """Whether the register holds the same before and after."""
        return self.becomes in (SAME, self.need)

    @property
    def leaves(self) -> int:
        """What the register holds after it; ANY where it could be anything."""
        return self.need if self.becomes == SAME else self.becomes


class Found(NamedTuple):
    """What a search came to.

    `order` are the positions of steps in an order that explains them: of all that must have taken
    effect where `complete`, else of as many as the search could explain. `blocked` is then a step
    of which it is certain that no order explains it and all that ended before: the one with the
    earliest end, unless the search was cut short (None: nothing is certain). `places` is how many
    places were looked at.
    """

    complete: bool
    order: list[int]
    blocked: int | None
    places: int


class _Open(NamedTuple):
    """A step that is open when another one ends: its position, and its bit there."""

    position: int
    bit: int
    need: int
    becomes: int


class _Window(NamedTuple):
    """The steps that are open when a step ends.

    `bit` is the bit of the step that ends at `end`. `moves` change the register, those that end
    first coming first; `looks` tells for a value the bits of those that only look and need it.
    `blank` are the bits of writes of values that no step ever needs.
    """

    end: int
    position: int
    bit: int
    moves: list[_Open]
    looks: dict[int, int]
    watchers: list[_Open]
    blank: int


class _Loose(NamedTuple):
    """Steps without an end that do the same: the one that began first may stand for any of them.

    How many of them have taken effect is counted in the bits of `Place.used` from `shift` on.
    """

    need: int
    becomes: int
    positions: list[int]
    begins: list[int]
    shift: int
    limit: int


class _Place(NamedTuple):
    """A place of the walk.

    `window` is the number of the first end that is not explained yet, `done` the bits of those in
    its window that have taken effect, `held` what the register holds, `used` how many loose steps
    of each kind have taken effect.
    """

    window: int
    done: int
    held: int
    used: int


class _Move(NamedTuple):
    position: int
    bit: int
    held: int
    used: int
    hides: bool


_Ways = dict[_Place, tuple[_Place, _Move] | None]
"""Each place that was come to: from where, and by what move."""


class OrderSearch:
    """One search over the steps of one register that holds `start` at first.

    The beginnings and ends of steps are all different numbers.
    """

    def __init__(self, steps: Sequence[Step], start: int) -> None:
        self._start = start
        self._needed = dict.fromkeys(step.need for step in steps if step.need != ANY)
        self._windows = self._make_windows(steps)
        self._guards = 0
        self._loose = self._make_loose(steps)
        self._loose_to: dict[int, list[_Loose]] = {}
        for loose in self._loose:
            self._loose_to.setdefault(loose.becomes, []).append(loose)
        self._loose_needs = dict.fromkeys(loose.need for loose in self._loose if loose.need != ANY)

    def _make_windows(self, steps: Sequence[Step]) -> list[_Window]:
        """A window for each end, in the order of ends; a bit is used again after its step ended."""
        moments: list[tuple[int, int]] = []
        for position, step in enumerate(steps):
            if step.end is not None:
                moments += ((step.begin, position), (step.end, position))
        moments.sort()
        windows: list[_Window] = []
        open_steps: dict[int, _Open] = {}
        free: list[int] = []
        for moment, position in moments:
            step = steps[position]
            if moment == step.begin:
                slot = free.pop() if free else len(open_steps)
                open_steps[position] = _Open(position, 1 << slot, step.need, step.becomes)
                continue
            windows.append(self._window(steps, moment, position, open_steps))
            free.append(open_steps.pop(position).bit.bit_length() - 1)
        return windows

    def _window(
        self, steps: Sequence[Step], end: int, position: int, open_steps: dict[int, _Open]
    ) -> _Window:
        ends = sorted(open_steps.values(), key=lambda other: steps[other.position].end or 0)
        moves: list[_Open] = []
        watchers: list[_Open] = []
        looks: dict[int, int] = {}
        blank = 0
        for other in ends:
            if steps[other.position].only_looks:
                watchers.append(other)
                looks[other.need] = looks.get(other.need, 0) | other.bit
            else:
                moves.append(other)
                if other.need == ANY and other.becomes not in self._needed:
                    blank |= other.bit
        bit = open_steps[position].bit
        return _Window(end, position, bit, moves, looks, watchers, blank)

    def _make_loose(self, steps: Sequence[Step]) -> list[_Loose]:
        """The steps without an end by what they do; those that only look do nothing at all."""
        kinds: dict[tuple[int, int], list[int]] = {}
        for position in sorted(range(len(steps)), key=lambda position: steps[position].begin):
            step = steps[position]
            if step.end is None and step.becomes not in (SAME, step.need):
                kinds.setdefault((step.need, step.becomes), []).append(position)
        found: list[_Loose] = []
        shift = 0
        for (need, becomes), positions in kinds.items():
            width = len(positions).bit_length()
            begins = [steps[position].begin for position in positions]
            found.append(_Loose(need, becomes, positions, begins, shift, (1 << width) - 1))
            self._guards |= 1 << shift + width
            shift += width + 1
        return found

    def run(self, most_places: int) -> Found:
        """Search; give up after `most_places` places.

        Steps without an end are what makes a search long: each may be what a later answer needs.
        Where it is given up because of them, a quarter of the places goes into a search in which
        each may take effect again and again. What is impossible even then is impossible.
        """
        spare = most_places // 4 if self._loose else 0
        found = self._walk(most_places - spare, endless=False)
        if found.complete or found.blocked is not None or not self._loose:
            return found
        relaxed = self._walk(spare, endless=True)
        places = found.places + relaxed.places
        return found._replace(blocked=relaxed.blocked, places=places)

    def _walk(self, most_places: int, endless: bool) -> Found:
        windows = self._windows
        first = self._settle(_Place(0, 0, self._start, 0))
        came: _Ways = {first: None}
        known: dict[tuple[int, int, int], list[int]] = {first[:3]: [first.used]}
        if first.window == len(windows):
            return self._found(came, first, complete=True)
        furthest = first
        walk = [(first, self._moves(first, endless))]
        while walk:
            place, moves = walk[-1]
            if not moves:
                walk.pop()
                continue
            move = moves.pop()
            after = self._settle(self._make(place, move))
            if after in came:
                continue
            alike = known.setdefault(after[:3], [])
            if self._is_no_better(after.used, alike):
                continue
            alike.append(after.used)
            came[after] = (place, move)
            if after.window == len(windows):
                return self._found(came, after, complete=True)
            if len(came) > most_places:
                return self._found(came, furthest, complete=False)._replace(blocked=None)
            if after.window >= furthest.window and self._is_further(after, furthest):
                furthest = after
            walk.append((after, self._moves(after, endless)))
        return self._found(came, furthest, complete=False)

    def _is_no_better(self, used: int, alike: list[int]) -> bool:
        """Whether one of the places that are like this one, but for the loose steps that have taken
        effect (`alike`), has all of those still before it that this one has.
        """
        # The guards between the counts stay where no count of the other one is higher.
        guards = self._guards
        guarded = used | guards
        return any(guarded - other & guards == guards for other in alike[-COMPARED:])

    @staticmethod
    def _is_further(one: _Place, other: _Place) -> bool:
        if one.window != other.window:
            return one.window > other.window
        return one.done.bit_count() > other.done.bit_count()

    def _make(self, place: _Place, move: _Move) -> _Place:
        """The place right after a move. A write hides those just before it that nobody needs."""
        done = place.done | move.bit
        if move.hides:
            done |= self._windows[place.window].blank
        return _Place(place.window, done, move.held, move.used)

    def _settle(self, place: _Place) -> _Place:
        """Let take effect all that only looks and sees what it needs, which no order is hurt by, and
        go on to the first end that is not explained.
        """
        window, done, held, used = place
        windows = self._windows
        while window < len(windows):
            here = windows[window]
            done |= here.looks.get(held, 0)
            if not done & here.bit:
                break
            done ^= here.bit
            window += 1
        return _Place(window, done, held, used)

    def _moves(self, place: _Place, endless: bool) -> list[_Move]:
        """What may take effect next, the most promising last: first what needs the value that is
        there, then writes, those that must end first coming first, then what need not happen.
        """
        here = self._windows[place.window]
        held, used = place.held, place.used
        exact: list[_Move] = []
        writes: list[_Move] = []
        wanted: dict[int, None] = {}
        for position, bit, need, becomes in here.moves:
            if place.done & bit:
                continue
            if need == ANY:
                writes.append(_Move(position, bit, becomes, used, True))
            elif need == held:
                exact.append(_Move(position, bit, becomes, used, False))
            else:
                wanted[need] = None
        if not self._loose:
            moves = exact + writes
            moves.reverse()
            return moves
        for watcher in here.watchers:
            if not place.done & watcher.bit:
                wanted[watcher.need] = None
        wanted.update(self._loose_needs)  # what leads there in two steps or more comes last
        extra: list[_Move] = []
        for value in wanted:
            if value != held:
                for loose in self._loose_to.get(value, ()):
                    extra += self._loose_moves(place, here, loose, endless)
        moves = exact + writes + extra
        moves.reverse()
        return moves

    @staticmethod
    def _loose_moves(place: _Place, here: _Window, loose: _Loose, endless: bool) -> list[_Move]:
        if loose.need not in (ANY, place.held):
            return []
        count = place.used >> loose.shift & loose.limit
        if count == len(loose.positions) or loose.begins[count] > here.end:
            return []
        used = place.used if endless else place.used + (1 << loose.shift)
        return [_Move(loose.positions[count], 0, loose.becomes, used, loose.need == ANY)]

    def _found(self, came: _Ways, last: _Place, complete: bool) -> Found:
        """The answer, with the way that led to its last place."""
        way: list[tuple[_Place, _Move]] = []
        place = last
        while (step := came[place]) is not None:
            way.append(step)
            place = step[0]
        way.reverse()
        order: list[int] = []
        self._tell_seen(_Place(0, 0, self._start, 0), order)
        for place, move in way:
            if move.hides:
                self._tell_hidden(place, move, order)
            order.append(move.position)
            self._tell_seen(self._make(place, move), order)
        blocked = None if complete else self._windows[last.window].position
        return Found(complete, order, blocked, len(came))

    def _tell_hidden(self, place: _Place, move: _Move, order: list[int]) -> None:
        here = self._windows[place.window]
        hidden = here.blank & ~place.done & ~move.bit
        order += [step.position for step in here.moves if step.bit & hidden]

    def _tell_seen(self, place: _Place, order: list[int]) -> None:
        """What takes effect while the search settles at `place`, in order."""
        window, done = place.window, place.done
        while window < len(self._windows):
            here = self._windows[window]
            seen = here.looks.get(place.held, 0) & ~done
            order += [step.position for step in here.watchers if step.bit & seen]
            done |= seen
            if not done & here.bit:
                return
            done ^= here.bit
            window += 1


__all__ = ["ANY", "SAME", "Found", "OrderSearch", "Step"]
