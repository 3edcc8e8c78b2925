"""Pipelining and batching of AppendEntries (dissertation §10.2.2; §3.5)."""

from __future__ import annotations

import pytest

from raftviz.raft.messages import AppendEntries, AppendEntriesReply
from raftviz.raft.types import Role
from tests.raft.lab import Lab, entries_of


def led(window: int = 3, log=(), term: int = 0, **options) -> Lab:
    """A leader under pipelining; whoever follows is being probed."""
    return Lab(3, term=term, log=log, max_inflight=window, **options).elected()


def flowing(window: int = 3, **options) -> Lab:
    """A leader that knows that s2 agrees with its empty log."""
    return led(window, **options).stored("s2", 0)


def write(lab: Lab, *serials: int) -> list[tuple[int, int]]:
    """Write once for each serial; (prevLogIndex, number of entries) of what that sends to s2."""
    sent = []
    for serial in serials:
        sent += carried(lab.write(serial=serial))
    return sent


def carried(lab: Lab) -> list[tuple[int, int]]:
    return [(message.prev_log_index, len(message.entries)) for message in lab.sent("s2")]


def refuse(lab: Lab, prev: int) -> Lab:
    reply = AppendEntriesReply(lab.term, False, 0, lab.term, prev, reason="prev_missing")
    return lab.receive("s2", reply)


class TestProbing:
    def test_one_request_at_a_time_finds_where_the_logs_agree(self):
        lab = led()
        assert write(lab, 1, 2, 3) == [(0, 1)], "the first write is the probe, the others wait"
        assert lab.next_index("s2") == 1, "nextIndex counts on nothing yet"

    def test_a_heartbeat_probes_again_as_the_last_one_may_be_lost(self):
        lab = led()
        write(lab, 1, 2)
        assert carried(lab.timeout("heartbeat")) == [(0, 2)]
        assert write(lab, 3) == [], "and again one at a time"

    def test_a_refusal_probes_one_further_back(self):
        lab = led(term=1, log=[1, 1, 1])
        assert carried(refuse(lab, 3)) == [(2, 1)]
        assert lab.next_index("s2") == 3
        assert carried(refuse(lab, 2)) == [(1, 2)]

    def test_an_answer_ends_it_and_what_waited_goes_out(self):
        lab = led()
        write(lab, 1, 2, 3)
        assert carried(lab.stored("s2", 1)) == [(1, 2)]
        assert lab.next_index("s2") == 4

    def test_without_entries_a_probe_is_a_heartbeat(self):
        lab = led(term=1, log=[1])
        assert carried(lab) == [(1, 0)]
        lab.stored("s2", 1)
        assert write(lab, 1, 2) == [(1, 1), (2, 1)], "so even that ends the probing"


class TestPipelining:
    def test_requests_follow_each_other_without_an_answer(self):
        lab = flowing()
        assert write(lab, 1, 2, 3) == [(0, 1), (1, 1), (2, 1)]
        assert lab.next_index("s2") == 4
        assert lab.match_index("s2") == 0

    def test_next_index_runs_ahead_and_says_so(self):
        lab = flowing().write()
        (note,) = [n for n in lab.notes("index_changed") if n["what"] == "nextIndex"]
        assert note == {"what": "nextIndex", "peer": "s2", "from": 1, "to": 2, "why": "sent"}

    @pytest.mark.parametrize("window", [1, 2, 4])
    def test_no_more_than_the_window_are_unanswered(self, window):
        lab = flowing(window)
        assert len(write(lab, *range(1, 9))) == window

    def test_an_answer_makes_room_for_one_more(self):
        lab = flowing(2)
        write(lab, 1, 2, 3, 4)
        assert carried(lab.stored("s2", 1)) == [(2, 2)], "what has gathered goes in one"
        assert write(lab, 5) == [], "and the window is full again"

    def test_an_answer_to_a_later_request_speaks_for_the_earlier_ones(self):
        lab = flowing(2)
        write(lab, 1, 2)
        lab.stored("s2", 2)
        assert write(lab, 3, 4, 5) == [(2, 1), (3, 1)]

    def test_an_answer_to_an_earlier_request_that_comes_late_changes_nothing(self):
        lab = flowing(2)
        write(lab, 1, 2)
        lab.stored("s2", 2).stored("s2", 1)
        assert (lab.match_index("s2"), lab.next_index("s2")) == (2, 3)

    def test_with_a_full_window_a_heartbeat_is_a_sign_of_life_and_no_more(self):
        lab = flowing(1)
        write(lab, 1, 2)
        assert carried(lab.timeout("heartbeat")) == [(1, 0)]

    def test_with_room_a_heartbeat_is_as_empty_when_there_is_nothing_to_send(self):
        assert carried(flowing().timeout("heartbeat")) == [(0, 0)]

    def test_each_follower_has_a_window_of_its_own(self):
        lab = flowing(1).write()
        assert len(lab.sent("s2")) == 1
        lab.write(serial=2)
        assert (lab.sent("s2"), lab.sent("s3")) == ([], [])
        lab.stored("s3", 1)
        assert len(lab.sent("s3")) == 1 and lab.sent("s2") == []

    def test_batches_are_as_large_as_allowed(self):
        lab = led(2, max_entries_per_append=2)
        write(lab, 1, 2, 3, 4, 5, 6)
        assert carried(lab.stored("s2", 1)) == [(1, 2), (3, 2)]
        assert carried(lab.stored("s2", 3)) == [(5, 1)]

    def test_copies_count_as_ever(self):
        lab = flowing()
        write(lab, 1, 2, 3)
        lab.stored("s2", 2)
        assert lab.commit_index == 2


class TestLoss:
    def test_a_refusal_goes_back_to_where_the_lost_request_began(self):
        """Request 1 is lost; 2 does not fit and is refused, and so is 3."""
        lab = flowing()
        write(lab, 1, 2, 3)
        assert carried(refuse(lab, 1)) == [(0, 3)], "one probe, with all that is lacking"
        assert lab.next_index("s2") == 1
        assert carried(refuse(lab, 2)) == [], "the refusal of request 3 tells nothing new"
        assert write(lab, 4) == []

    def test_after_the_probe_is_answered_requests_flow_again(self):
        lab = flowing()
        write(lab, 1, 2, 3)
        refuse(lab, 1).stored("s2", 3)
        assert write(lab, 4, 5) == [(3, 1), (4, 1)]

    def test_a_lost_last_request_is_found_by_the_next_heartbeat(self):
        lab = flowing()
        write(lab, 1)
        assert carried(lab.timeout("heartbeat")) == [(1, 0)]
        assert carried(refuse(lab, 1)) == [(0, 1)]

    def test_never_behind_what_is_known_to_agree(self):
        lab = flowing()
        write(lab, 1, 2, 3)
        lab.stored("s2", 2)
        assert carried(refuse(lab, 1)) == [], "a late refusal, of before it agreed up to 2"
        assert carried(refuse(lab, 3)) == [(2, 1)]


class TestBatches:
    """A batch is a sequence of requests with one entry each, sent as one (raft.tla knows only those)."""

    @pytest.mark.parametrize("log", [[], [1], [1, 1, 1], [1, 1, 1, 1, 1], [1, 2, 2]])
    @pytest.mark.parametrize("commit", [0, 1, 3, 9])
    def test_a_batch_does_what_its_entries_do_one_by_one(self, log, commit):
        terms, term = [1, 1, 3, 3], 3
        batch = Lab(3, term=term, log=log).append("s2", term, (0, 0), terms, commit)
        single = Lab(3, term=term, log=log)
        before = 0
        for index, entry in enumerate(entries_of(terms), start=1):
            single.receive("s2", AppendEntries(term, "s2", index - 1, before, (entry,), commit))
            before = entry.term
        assert batch.log == single.log
        assert (batch.commit_index, batch.state_machine) == (
            single.commit_index,
            single.state_machine,
        )
        assert batch.answer().match_index == single.answer().match_index == 4

    def test_who_leads_under_pipelining_follows_like_anybody(self):
        lab = flowing().append("s2", 5, entries=[5])
        assert (lab.role, lab.answer().success) == (Role.FOLLOWER, True)
