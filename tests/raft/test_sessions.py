"""Client sessions (dissertation §6.3; Raft §8): a command that is sent again is executed once."""

from __future__ import annotations

from typing import Any

from raftviz.raft.types import LogEntry, Session, Set
from tests.raft.lab import Lab

CAS = {"op": "cas", "key": "x", "expected": None, "value": 1}


def led(size: int = 3, **options: Any) -> Lab:
    return Lab(size, client_sessions=True, **options).elected()


def answers(lab: Lab) -> list[tuple[str, Any]]:
    return [(reply.outcome, reply.value) for reply in lab.replies()]


def of_session(index: int, client: str, serial: int, value: int, term: int = 1) -> LogEntry:
    return LogEntry(term, index, Set("x", value), client, serial)


class TestWhoseCommandItIs:
    def test_the_entry_says_whose_and_which(self):
        lab = led().write("x", 5, serial=3, client="ann")
        assert lab.log.entry(1).view() == {
            "index": 1, "term": 1, "set": {"x": 5}, "client": "ann", "serial": 3,
        }  # fmt: skip

    def test_without_the_option_it_says_nothing(self):
        lab = Lab(3).elected().write("x", 5, serial=3)
        assert lab.log.entry(1).view() == {"index": 1, "term": 1, "set": {"x": 5}}
        assert lab.node.state.volatile.sessions == {}

    def test_every_server_keeps_the_answer_with_its_state_machine(self):
        lab = Lab(3, client_sessions=True)
        lab.append("s2", 1, entries=[of_session(1, "ann", 3, 5)], commit=1)
        assert lab.node.state.volatile.sessions == {"ann": Session(3, True, 5)}

    def test_it_is_kept_when_applied_not_when_stored(self):
        lab = Lab(3, client_sessions=True).append("s2", 1, entries=[of_session(1, "ann", 3, 5)])
        assert lab.node.state.volatile.sessions == {}


class TestADuplicate:
    def test_once_executed_it_is_answered_at_once_and_not_appended(self):
        lab = led().write("x", 5).stored("s2", 1)
        lab.write("x", 6, serial=2, client="other").stored("s2", 2)
        lab.write("x", 5)
        assert answers(lab) == [("ok", 5)]
        assert (lab.log.last_index, lab.sent()) == (2, [])
        assert lab.state_machine == {"x": 6}

    def test_under_way_it_is_appended_again_and_executed_once(self):
        lab = led().write("x", 5).write("x", 5)
        assert lab.log.last_index == 2
        lab.write("x", 6, client="other").stored("s2", 3)
        applied = [(note["index"], note.get("duplicate")) for note in lab.notes("applied")]
        assert applied == [(1, None), (2, True), (3, None)]
        assert lab.state_machine == {"x": 6}
        assert answers(lab) == [("ok", 5), ("ok", 5), ("ok", 6)]

    def test_a_stale_copy_that_arrives_late_is_not_executed(self):
        """An older command than the client's latest."""
        lab = led().write("x", 5, serial=2).stored("s2", 1).write("x", 4, serial=1).stored("s2", 2)
        assert lab.notes("applied")[0]["duplicate"]
        assert lab.state_machine == {"x": 5}
        assert lab.node.state.volatile.sessions == {"c": Session(2, True, 5)}

    def test_the_answer_is_the_first_one_a_refusal_too(self):
        lab = led().write("x", 9, serial=1, client="other").request(CAS, 1)
        lab.stored("s2", 2)
        assert answers(lab)[1] == ("failed", 9)
        lab.request({"op": "delete", "key": "x"}, 2, "other").stored("s2", 3)
        lab.request(CAS, 1)
        assert answers(lab) == [("failed", 9)], "though it would succeed by now"
        assert lab.state_machine == {}

    def test_each_client_has_a_session_of_its_own(self):
        lab = led().write("x", 5, serial=1, client="ann").write("x", 6, serial=1, client="bob")
        lab.stored("s2", 2)
        assert lab.state_machine == {"x": 6}
        assert answers(lab) == [("ok", 5), ("ok", 6)]

    def test_without_the_option_it_is_executed_again(self):
        """Figure 2 alone is not linearizable (Raft §8)."""
        lab = Lab(3).elected().write("x", 5).write("x", 6, serial=2).write("x", 5)
        lab.stored("s2", 3)
        assert lab.state_machine == {"x": 5}

    def test_that_is_what_the_mistake_does(self):
        lab = led(bugs=["retry-twice"]).write("x", 5).write("x", 6, client="other").stored("s2", 2)
        lab.write("x", 5).stored("s2", 3)
        assert lab.state_machine == {"x": 5}


class TestAcrossLeaders:
    def test_a_later_leader_recognises_it(self):
        lab = Lab(3, client_sessions=True)
        lab.append("s2", 1, entries=[of_session(1, "c", 1, 5)], commit=1).elected()
        lab.write("x", 5)
        assert answers(lab) == [("ok", 5)]
        assert lab.log.last_index == 1

    def test_a_later_leader_that_holds_it_uncommitted_executes_it_once(self):
        lab = Lab(3, client_sessions=True)
        lab.append("s2", 1, entries=[of_session(1, "c", 1, 5)]).elected().write("x", 5)
        assert answers(lab) == [] and lab.log.last_index == 2
        lab.stored("s2", 2)
        assert [note.get("duplicate") for note in lab.notes("applied")] == [None, True]
        assert answers(lab) == [("ok", 5)]

    def test_after_a_restart_the_log_tells_again_what_was_executed(self):
        lab = led().write("x", 5).stored("s2", 1).start()
        assert lab.node.state.volatile.sessions == {}
        lab.elected().write("x", 5).stored("s2", 2)
        assert [note.get("duplicate") for note in lab.notes("applied")] == [None, True]
        assert answers(lab) == [("ok", 5)]

    def test_after_a_snapshot_it_is_still_known(self):
        lab = led().write("x", 5).stored("s2", 1).order("snapshot").start().elected()
        lab.write("x", 5)
        assert answers(lab) == [("ok", 5)]
        assert lab.log.last_index == 1

    def test_entries_from_before_the_option_belong_to_no_session(self):
        lab = Lab(3, client_sessions=True).append("s2", 1, entries=[1, 1], commit=2)
        assert [note.get("duplicate") for note in lab.notes("applied")] == [None, None]
        assert lab.node.state.volatile.sessions == {}
