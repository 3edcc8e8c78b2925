"""§8, Client interaction: one test for each claim (table.py has them all)."""

from __future__ import annotations

from tests.evidence.scene import Scene


def test_a_client_that_asks_any_server_is_sent_to_the_leader():
    scene = Scene(5).elect("node3")
    for node in ("node1", "node2", "node4", "node5"):
        scene.write(1, to=node, client=node)
        shown = scene.sim.view()["clients"][node]
        assert (shown["outcome"], shown["hint"]) == ("failed", "node3")
    scene.write(1, to="node3").settle()
    assert scene.client()[0] == "ok"


def test_a_request_to_a_crashed_leader_fails_and_the_client_tries_another_server():
    scene = Scene().elect("node1").do({"crash": "node1"}).write(1, to="node1")
    assert scene.client() == ("failed", None, "unreachable")
    scene.elect("node2").do({"retry": {"to": "node2"}}).settle()
    assert scene.client()[:2] == ("ok", 1)


def test_a_client_whose_leader_crashed_does_not_know_the_outcome():
    scene = Scene().elect("node1").write(1).do({"crash": "node1"})
    assert scene.client() == ("unknown", None, "crashed")


def test_without_serial_numbers_a_retried_command_is_executed_twice():
    """The leader commits and crashes before it answers; the client's retry is a second entry."""
    scene = Scene().elect("node1").write("a").do({"deliver": {"to": "node2"}}, {"crash": "node1"})
    scene.elect("node2").do({"retry": {"to": "node2"}}).settle()
    assert [entry["set"] for entry in scene.sim.state("node2")["log"]] == [{"x": "a"}, {"x": "a"}]


def test_with_serial_numbers_it_is_executed_once_and_answered_again():
    options = {"client_sessions": True}
    scene = Scene(options=options).elect("node1").write("a")
    scene.do({"deliver": {"to": "node2"}}, {"crash": "node1"})
    scene.elect("node2").do({"retry": {"to": "node2"}}).settle()
    assert scene.client()[:2] == ("ok", "a")
    assert [entry["set"] for entry in scene.sim.state("node2")["log"]] == [{"x": "a"}, {"x": "a"}]
    applied = [e.data.get("duplicate", False) for e in scene.sim.events if e.kind == "applied"]
    assert applied == [False, True]
    logged = len(scene.terms("node2"))
    scene.do({"retry": {"to": "node2"}})
    assert scene.client()[:2] == ("ok", "a") and len(scene.terms("node2")) == logged


def test_a_deposed_leader_does_not_answer_a_read():
    """It does not know of its deposition; a majority would have to confirm it, and does not."""
    scene = Scene().elect("node1").write("old").settle().do({"isolate": "node1"})
    scene.elect("node2").write("new", to="node2").settle()
    assert scene.leaders() == ["node1", "node2"]
    scene.do({"read": {"key": "x", "to": "node1", "client": "reader"}}).settle()
    assert scene.client("reader")[0] == "waiting"
    scene.do({"heal": True}).beat("node2")
    assert scene.client("reader") == ("failed", None, "stepped_down")
    scene.do({"read": {"key": "x", "to": "node2", "client": "reader"}}).settle()
    assert scene.client("reader")[:2] == ("ok", "new")


def test_before_a_read_the_leader_exchanges_heartbeats_with_a_majority():
    scene = Scene(5).elect("node1").write(1).settle()
    now = scene.now
    scene.do({"read": {"key": "x", "client": "reader"}})
    assert len(scene.sent(now, type="AppendEntries", reply=False)) == 4
    for peer, outcome in (("node2", "waiting"), ("node3", "ok")):
        scene.do({"deliver": {"to": peer}}, {"deliver": {"from": peer}})
        assert scene.client("reader")[0] == outcome


def test_an_acknowledgement_of_an_earlier_round_does_not_confirm_a_read():
    scene = Scene().elect("node1").write(1).settle().do({"heartbeat": "node1"})
    scene.do({"deliver": {"reply": False}})
    scene.do({"read": {"key": "x", "client": "reader"}})
    scene.do({"deliver": {"reply": True}})
    assert scene.client("reader")[0] == "waiting"
    scene.settle()
    assert scene.client("reader")[:2] == ("ok", 1)


def test_a_new_leader_finds_out_what_is_committed_before_it_answers_a_read():
    """node2 holds the committed entry, but cannot know that it is; reading must wait, or be stale."""
    scene = Scene().elect("node1").write("a").settle().do({"crash": "node1"}).elect("node2")
    assert scene.sim.state("node2")["commitIndex"] == 0
    scene.do({"read": {"key": "x", "client": "reader"}}).settle()
    assert scene.client("reader")[0] == "waiting"
    scene.write("b").settle()
    assert scene.client("reader")[0] == "ok"


def test_a_blank_entry_at_the_start_of_its_term_tells_it_at_once():
    options = {"noop_on_election": True}
    scene = Scene(options=options).elect("node1").write("a").settle().do({"crash": "node1"})
    scene.elect("node2")
    assert scene.sim.state("node2")["log"][-1] == {"index": 3, "term": 2, "noop": True}
    scene.do({"read": {"key": "x", "client": "reader"}}).settle()
    assert scene.client("reader")[:2] == ("ok", "a")
