"""The clock of playing, with a made-up now."""

from __future__ import annotations

import pytest

from raftviz.server.playback import TICK, Playback


def test_virtual_time_follows_the_rate() -> None:
    playback = Playback()
    playback.start(now=10.0, virtual_us=5_000, rate=0.5)
    assert playback.target(10.0) == 5_000
    assert playback.target(12.0) == 1_005_000
    assert playback.target(9.0) == 5_000


def test_a_new_rate_goes_on_from_where_it_is() -> None:
    playback = Playback()
    playback.start(0.0, 0, 1.0)
    playback.start(2.0, playback.target(2.0), 0.1)
    assert playback.target(3.0) == 2_100_000


def test_the_rate_is_kept_over_a_pause() -> None:
    playback = Playback()
    playback.start(0.0, 0, 2.0)
    playback.stop()
    assert playback.to_json() == {"on": False, "rate": 2.0}
    playback.start(5.0, 7)
    assert playback.to_json() == {"on": True, "rate": 2.0}


def test_ticks_come_evenly() -> None:
    playback = Playback()
    playback.start(0.0, 0, 1.0)
    times = []
    for i in range(1, 2001):
        now = i * 0.001
        if playback.due(now):
            times.append(now)
            playback.ticked(now)
    assert len(times) == pytest.approx(2 / TICK, abs=2)
    assert all(later - earlier < 2 * TICK for earlier, later in zip(times, times[1:]))


def test_late_ticks_are_not_made_up_for() -> None:
    playback = Playback()
    playback.start(0.0, 0, 1.0)
    playback.ticked(100.0)
    assert not playback.due(100.0)
    assert playback.due(100.0 + TICK)


def test_a_pause_is_never_due() -> None:
    playback = Playback()
    assert not playback.due(1e9)
