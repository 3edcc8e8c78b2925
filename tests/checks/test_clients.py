"""What clients are promised: commands that happen once, reads that are not stale, and one lease."""

from __future__ import annotations

import pytest

from tests.checks.stream import Stream, only

ONCE = "Exactly once"
STALE = "Reads are not stale"
LEASE = "One lease at a time"


# Exactly once.


def with_session(again: bool = True) -> Stream:
    """A command stands in two committed entries, and was executed at the first."""
    run = Stream()
    run.elect("node1", 1, ["node2"])
    for index in (1, 2):
        for node in ("node1", "node2"):
            assert run.append(node, index, 1, client="c", serial=1 if again else index) == []
            assert run.persist(node) == []
            assert run.commit(node, index) == []
    assert run.apply("node1", 1, 1, client="c", serial=1) == []
    return run


def test_a_repetition_is_recognised() -> None:
    run = with_session()
    assert run.apply("node1", 2, 1, client="c", serial=1, duplicate=True) == []
    assert run.monitor.reached["A repetition is recognised"] == run.seq


def test_a_repetition_is_executed_again() -> None:
    run = with_session()
    executed = run.seq
    broken = only(run.apply("node1", 2, 1, client="c", serial=1), ONCE, executed, executed + 1)
    assert broken.message == (
        "node1 executed command 1 of c at index 2, which was executed at index 1 already"
    )


def test_every_server_executes_a_command_and_again_after_a_restart() -> None:
    run = with_session()
    assert run.apply("node2", 1, 1, client="c", serial=1) == []
    run.crash("node2")
    run.restart("node2")
    run.commit("node2", 2)
    assert run.apply("node2", 1, 1, client="c", serial=1) == []
    assert run.apply("node2", 2, 1, client="c", serial=1, duplicate=True) == []


def test_a_repetition_may_be_seen_before_the_execution() -> None:
    """By a server whose snapshot covers the latter."""
    run = Stream()
    run.snapshot("node1", 1, 1, why="given")
    run.append("node1", 2, 1, client="c", serial=1)
    run.commit("node1", 2)
    assert run.apply("node1", 2, 1, client="c", serial=1, duplicate=True) == []
    run.append("node2", 1, 1, client="c", serial=1)
    run.commit("node2", 1)
    assert run.apply("node2", 1, 1, client="c", serial=1) == []


def test_other_commands_are_others() -> None:
    run = with_session(again=False)
    assert run.apply("node1", 2, 1, client="c", serial=2) == []


def test_without_sessions_a_command_may_be_executed_twice() -> None:
    run = Stream()
    for index in (1, 2):
        run.append("node1", index, 1)
    run.commit("node1", 2)
    assert run.apply("node1", 1, 1) == []
    assert run.answers("node1", "c", 1, "v", cause=run.seq) == []
    assert run.apply("node1", 2, 1) == []
    assert run.answers("node1", "c", 1, "w", cause=run.seq) == []


def test_every_answer_is_the_first_one() -> None:
    run = with_session()
    assert run.answers("node1", "c", 1, "v", cause=run.seq) == []
    assert run.answers("node1", "c", 1, "v") == []
    assert run.answers("node1", "c", 1, outcome="failed", why="not_leader") == []
    assert run.answers("node1", "c", 1, outcome="unknown", why="stepped_down") == []


@pytest.mark.parametrize(
    ("value", "outcome", "why"),
    [("w", "ok", None), (1, "ok", None), (True, "failed", "cas_mismatch")],
)
def test_an_answer_that_is_not_the_first_one(value: object, outcome: str, why: str | None) -> None:
    run = with_session()
    run.answers("node1", "c", 1, True, cause=run.seq)
    first = run.seq
    broken = only(run.answers("node2", "c", 1, value, outcome, why), ONCE, first, first + 1)
    assert broken.message == (
        f"node2 answered command 1 of c with {outcome} {value}, which had been answered with ok True"
    )


def test_an_answer_to_an_entry_without_a_session_is_another_matter() -> None:
    """Sessions were switched off, and the command sent again."""
    run = with_session()
    run.answers("node1", "c", 1, "v", cause=run.seq)
    run.append("node1", 3, 1)
    run.commit("node1", 3)
    run.apply("node1", 2, 1, client="c", serial=1, duplicate=True)
    run.apply("node1", 3, 1)
    assert run.answers("node1", "c", 1, "w", cause=run.seq) == []


# Reads are not stale.


def committed(entries: int) -> Stream:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    for index in range(1, entries + 1):
        run.replicate(["node1", "node2"], index, 1)
    return run


def test_a_read_shows_what_was_committed_when_it_was_asked() -> None:
    run = committed(2)
    run.asks("c", 1)
    run.replicate(["node1", "node2"], 3, 1)
    assert run.answers("node1", "c", 1, "v", why="read_index", index=2) == []


@pytest.mark.parametrize("why", ["read_index", "lease"])
def test_a_read_that_lacks_a_committed_entry(why: str) -> None:
    run = committed(2)
    second = run.seq - 3
    run.asks("c", 1)
    broken = only(run.answers("node3", "c", 1, "v", why=why, index=1), STALE, second, run.seq)
    assert broken.message == (
        "node3 answered a read of c from the entries up to index 1, "
        "though those up to 2 were committed when it asked"
    )


@pytest.mark.parametrize("asked", [{}, {"mode": "local"}])
def test_a_local_read_may_be_stale(asked: dict[str, str]) -> None:
    run = committed(2)
    run.asks("c", 1, **asked)
    assert run.answers("node3", "c", 1, "v", why="local", index=0) == []


def test_a_read_that_was_to_be_linearizable_is_answered_locally() -> None:
    run = committed(2)
    run.asks("c", 1, mode="linearizable")
    assert len(run.answers("node3", "c", 1, "v", why="local", index=0)) == 1


def test_a_read_sent_again_may_show_what_its_first_attempt_would_have() -> None:
    run = committed(1)
    run.asks("c", 1)
    run.replicate(["node1", "node2"], 2, 1)
    run.asks("c", 1)
    assert run.answers("node1", "c", 1, "v", why="read_index", index=1) == []


def test_the_next_read_must_show_what_has_been_committed_since() -> None:
    run = committed(1)
    run.asks("c", 1)
    run.answers("node1", "c", 1, "v", why="read_index", index=1)
    run.replicate(["node1", "node2"], 2, 1)
    run.asks("c", 2)
    assert len(run.answers("node1", "c", 2, "v", why="read_index", index=1)) == 1


def test_reads_that_fail_and_late_answers_show_nothing() -> None:
    run = committed(2)
    run.asks("c", 1)
    assert run.answers("node3", "c", 1, outcome="failed", why="not_leader") == []
    run.asks("c", 2)
    assert run.answers("node3", "c", 1, "v", why="read_index", index=0) == []


def test_a_write_is_no_read() -> None:
    run = committed(2)
    run.asks("c", 1, op="set", value="v")
    assert run.answers("node1", "c", 1, "v") == []


# One lease at a time.


def holds(run: Stream, node: str, held: bool = True) -> list[object]:
    return list(run.emit("lease_changed", node, {"held": held, "why": "acknowledged"}))


def test_leases_one_after_the_other() -> None:
    run = Stream()
    for node in ("node1", "node2", "node1"):
        assert holds(run, node) == []
        assert holds(run, node, held=False) == []


def test_two_leases_at_once() -> None:
    run = Stream()
    holds(run, "node1")
    broken = run.emit("lease_changed", "node2", {"held": True, "why": "acknowledged"})
    assert only(broken, LEASE, 2, 3).message == "node2 won a lease while node1 holds one"


def test_neither_a_crashed_server_nor_a_follower_holds_a_lease() -> None:
    run = Stream()
    run.elect("node1", 1, ["node2"])
    holds(run, "node1")
    run.crash("node1")
    run.elect("node2", 2, ["node3"])
    assert holds(run, "node2") == []
    run.role("node2", "follower", 3, why="higher_term")
    assert holds(run, "node3") == []


def test_a_server_that_crashed_while_it_stood_still_does_so_no_longer() -> None:
    run = Stream()
    run.emit("paused", "node1", {})
    run.crash("node1")
    run.restart("node1")
    assert holds(run, "node1") == []
    assert len(holds(run, "node2")) == 1


def test_a_server_that_stands_still_has_a_lease_that_it_cannot_use() -> None:
    run = Stream()
    holds(run, "node1")
    run.emit("paused", "node1", {})
    assert holds(run, "node2") == []
    assert run.answers("node2", "c", 1, "v", why="lease", index=0) == []
    run.emit("resumed", "node1", {})
    run.time -= 1  # at the moment of going on, before its timers tell it
    assert holds(run, "node1", held=False) == []


def test_a_lease_that_outlasts_a_pause() -> None:
    run = Stream()
    holds(run, "node1")
    run.emit("paused", "node1", {})
    run.emit("paused", "node1", {"disk": True})
    run.emit("resumed", "node1", {})
    assert holds(run, "node2") == []
    run.emit("resumed", "node1", {"disk": True})
    won = 6
    broken = run.answers("node1", "c", 1, "v", why="lease", index=0)
    assert only(broken, LEASE, won, run.seq).message == (
        "node1 answered a read by its lease while node2 holds one"
    )
    holds(run, "node2", held=False)
    assert len(holds(run, "node3")) == 1


def test_at_the_very_moment_of_going_on_a_lease_may_not_have_lapsed_yet() -> None:
    run = Stream()
    holds(run, "node1")
    run.emit("paused", "node1", {})
    run.emit("resumed", "node1", {})
    run.time -= 1
    assert holds(run, "node2") == []
