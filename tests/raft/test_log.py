"""The log against a plain list, and the arithmetic of majorities against a count."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.raft.log import Log, Snapshot
from raftviz.raft.quorum import majority, replicated_index
from raftviz.raft.types import LogEntry, Noop
from tests.raft.lab import log_of


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=40))
def test_versions_never_change_each_other(moves):
    """Append and truncate at random, from any earlier version; compare all versions each time."""
    versions = [(Log(), [])]
    for number, (grows, choice) in enumerate(moves, start=1):
        log, plain = versions[-1 - choice % len(versions)]
        if grows:
            entry = LogEntry(number, len(plain) + 1, Noop())
            versions.append((log.append(entry), [*plain, entry]))
        elif plain:
            index = 1 + choice % len(plain)
            versions.append((log.truncate(index), plain[: index - 1]))
        for version, expected in versions:
            assert list(version) == expected
            assert version.last_index == len(expected)
            assert version.last_term == (expected[-1].term if expected else 0)


def test_indexes_start_at_1():
    log = log_of([1, 1, 4])
    assert [log.term_at(index) for index in range(5)] == [0, 1, 1, 4, None]
    assert [entry.index for entry in log.since(2)] == [2, 3]
    assert [entry.index for entry in log.since(1, 2)] == [1, 2]
    assert log.since(4) == ()
    for index in (0, 4, -1):
        with pytest.raises(IndexError):
            log.entry(index)
    with pytest.raises(ValueError, match="does not follow"):
        log.append(LogEntry(4, 9, Noop()))


@pytest.mark.parametrize(
    ("terms", "term", "last"),
    [([1, 1, 2, 2, 4], 2, 4), ([1, 1, 4], 2, None), ([], 1, None), ([1, 1], 1, 2)],
)
def test_last_index_of_term(terms, term, last):
    assert log_of(terms).last_index_of_term(term) == last


def test_first_index_of_the_term_at_an_index():
    log = log_of([1, 2, 2, 2, 3])
    assert [log.first_index_of_term_at(index) for index in range(1, 6)] == [1, 2, 2, 2, 5]


def test_the_term_at_the_end_of_a_snapshot_begins_there_for_all_that_the_log_knows():
    log = log_of([1, 2, 2, 3]).compact(Snapshot(3, 2))
    assert [log.first_index_of_term_at(index) for index in (3, 4)] == [3, 4]
    for index in (2, 5):
        with pytest.raises(IndexError):
            log.first_index_of_term_at(index)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=9))
def test_replicated_index_is_the_highest_that_a_majority_holds(copies):
    size = len(copies)
    counted = max(
        index for index in range(7) if sum(copy >= index for copy in copies) >= majority(size)
    )
    assert replicated_index(copies, size) == counted


@pytest.mark.parametrize("size", range(1, 10))
def test_any_two_majorities_share_a_server_and_no_fewer_would(size):
    least = majority(size)
    members = range(size)
    for one in combinations(members, least):
        assert all(set(one) & set(two) for two in combinations(members, least))
    if size > 2:
        assert any(
            not set(one) & set(two)
            for one in combinations(members, least - 1)
            for two in combinations(members, least - 1)
        )
