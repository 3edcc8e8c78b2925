"""Everything that a person can be refused, brought about: by a command, a file, a message or a limit.

`CAUSES` names each; what comes of them is recorded for the page's own test, which says them in every
language (tests/js/refused.test.js).
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from unittest.mock import MagicMock, patch

import flask

from raftviz.errors import Error
from raftviz.server import refusals, room, sessions
from raftviz.server.drafts import Desk
from raftviz.server.fields import Point
from raftviz.server.hall import Hall, gone
from raftviz.server.limits import Limits
from raftviz.server.protocol import Do, Pause, Play, Rename, SwitchBranch
from raftviz.server.sessions import Shelf
from raftviz.server.sockets import Sockets
from raftviz.server.variants import Variants
from raftviz.session import Session, load, parse, save
from raftviz.sim.client_actions import CLIENTS_MAX
from raftviz.simulation import Simulation
from raftviz.variants import carry_out, rule_set
from tests.server import refused_given, rooms

Command = dict[str, Any]
Cause = Callable[[], Error]

ELECT: tuple[Command, ...] = ({"timeout": "node1"}, {"settle": True})
LEASE = {"read_mode": "lease", "check_quorum": True, "leader_stickiness": True}
WRITE: Command = {"write": {"key": "x", "value": 1}}
COMMIT: tuple[Command, ...] = (*ELECT, WRITE, {"settle": True})


def caught(act: Callable[[], object]) -> Error:
    """Return the error that an act is refused with."""
    try:
        act()
    except Error as error:
        return error
    raise AssertionError("it was not refused")


def after(*commands: Command, **made: Any) -> Cause:
    """The last of some commands is refused."""

    def cause() -> Error:
        simulation = Simulation(**{"nodes": 3, **made})
        for command in commands[:-1]:
            simulation.do(command)
        return caught(lambda: simulation.do(commands[-1]))

    return cause


def made(**wish: Any) -> Cause:
    """A cluster cannot be made so."""
    return lambda: caught(lambda: Simulation(**{"nodes": 3, **wish}))


def sandbox(**wish: Any) -> Cause:
    """A sandbox cannot be opened so."""
    return lambda: caught(lambda: sessions.sandbox(wish, Limits()))


def file(change: Callable[[dict[str, Any]], object]) -> Cause:
    """A saved session cannot be read once it is changed so."""

    def cause() -> Error:
        simulation = Simulation(nodes=3)
        for command in COMMIT:
            simulation.do(command)
        saved = save(Session.of(simulation))
        change(saved)
        return caught(lambda: load(saved))

    return cause


def logged(done: dict[str, Any]) -> Cause:
    """A saved session cannot be read whose log goes on so."""
    return file(lambda saved: saved["branches"][0]["log"].append(done))


def opened(limits: Limits) -> Cause:
    """A saved session is more than a room holds."""

    def cause() -> Error:
        desk = rooms.sandbox()
        desk.do({"crash": "node1"})
        desk.do({"crash": "node2"}, branch="main", seq=1)
        value = desk.room.save(None)["session"]
        return caught(lambda: list(sessions.saved(value, Shelf(), limits, 10**9)))

    return cause


def asked(*requests: Any, limits: Limits | None = None, **wish: Any) -> Cause:
    """The last of some requests to a sandbox's room is refused."""

    def cause() -> Error:
        desk = rooms.sandbox(limits, **wish)
        for request in requests[:-1]:
            desk.ask(request)
        result = desk.ask(requests[-1])
        assert isinstance(result, Error), result
        return result

    return cause


def waiting() -> Error:
    desk = rooms.sandbox(Limits(commands_waiting=0))
    return caught(lambda: desk.room.submit(Pause(), lambda _: None))


def stopped(limits: Limits) -> Mapping[str, Any]:
    """What a room says where it stops playing."""
    desk = rooms.sandbox(limits)
    desk.ask(Play(10.0))
    desk.play_until(lambda: bool(desk.told("notice")))
    return desk.told("notice")[0]


def hall(limits: Limits, act: Callable[[Hall], object]) -> Cause:
    return lambda: caught(lambda: act(Hall(limits, lambda: 0.0)))


def crowd(the_hall: Hall) -> None:
    start = sessions.sandbox({"nodes": 3}, Limits())
    made = the_hall.make(start, "here", 0.0)
    for each in ("one", "two"):
        the_hall.enter(each, made, None, 0.0)


def rooms_of(the_hall: Hall) -> None:
    for _ in range(2):
        the_hall.make(sessions.sandbox({"nodes": 3}, Limits()), "here", 0.0)


def variant(limits: Limits, rules: str = "paper") -> Cause:
    """A room's run cannot be compared so."""

    def cause() -> Error:
        variants = Variants(limits, lambda: 0.0, lambda _: None, threading.Event)
        branch = rooms.sandbox().room.active
        return caught(lambda: variants.answer(branch, rules))

    return cause


def too_long_a_variant() -> Error:
    simulation = Simulation(nodes=3)
    for command in COMMIT:
        simulation.do(command)
    rules = rule_set("paper").options
    return caught(lambda: list(carry_out(simulation, rules, hold=True, max_events=8)))


def the_whole_run_has_its_rules() -> Error:
    simulation = Simulation(nodes=3)
    simulation.do({"option": {"pre_vote": True}})
    work = carry_out(simulation, rule_set("paper").options, hold=True, max_events=1000)
    while True:
        try:
            next(work)
        except StopIteration as done:
            return done.value.skipped[0].error


def tries(limits: Limits, text: str = "") -> Mapping[str, Any]:
    """What the editor is told of a lesson that cannot be tried just now."""
    ticks = itertools.count()
    told: Mapping[str, Any] = Desk(limits, lambda: float(next(ticks)), lambda _: None).attempt(
        text, "here"
    )
    return told["error"]


class Wire:
    """The socket's handlers, with nobody at the other end; each look at the clock is a second later."""

    def __init__(self, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        ticks = itertools.count()
        self.hall = Hall(limits, lambda: 0.0)
        self.sockets = Sockets(MagicMock(), self.hall, Shelf(), limits, lambda: float(next(ticks)))

    def send(
        self, name: str, *arguments: Any, role: str | None = None, done: Sequence[Command] = ()
    ) -> Mapping[str, Any]:
        """Return the error that a message is answered with; `role` is that of its sender in a room,
        where some things were `done`.
        """
        with flask.Flask(__name__).test_request_context():
            flask.request.sid = "me"  # type: ignore[attr-defined]
            self.sockets._connect()
            if role:
                made = self.hall.make(sessions.sandbox({"nodes": 3}, Limits()), "here", 0.0)
                token = made.token if role == "presenter" else None
                self.hall.enter("me", made, token, 0.0)
                for command in done:
                    made.active.simulation.do(command)
            answer = self.sockets._handle(name, arguments)
            assert answer["ok"] is False, answer
            error: Mapping[str, Any] = answer["error"]
            return error

    def connect(self) -> Mapping[str, Any]:
        """Return what a browser is told that is not let in."""
        with flask.Flask(__name__).test_request_context():
            flask.request.sid = "me"  # type: ignore[attr-defined]
            try:
                self.sockets._connect()
            except ConnectionRefusedError as refused:
                told: Mapping[str, Any] = refused.args[1]
                return told
        raise AssertionError("it was let in")


LESSON = """\
id: mine
title: Mine
summary: Mine.
cluster: {nodes: 3}
steps:
  - title: One
    do: [{timeout: node1}]
"""

SAVED = save(Session.of(Simulation(nodes=3)))

CAUSES: dict[str, Callable[[], Error | Mapping[str, Any]]] = {
    # Acts.
    "a node that there is not": after({"crash": "node9"}),
    "a node that is misspelt": after({"crash": "nod1"}),
    "a node that is down": after({"crash": "node1"}, {"timeout": "node1"}),
    "a node that is paused": after({"pause": "node1"}, {"timeout": "node1"}),
    "a node that waits for its disk": after(
        {"pause": {"disk": "node1"}}, {"timeout": "node1"}, {"timeout": "node1"}
    ),
    "a crash of one that is down": after({"crash": "node1"}, {"crash": "node1"}),
    "a restart of one that runs": after({"restart": "node1"}),
    "a disk that stands still": after({"pause": {"disk": "node1"}}, {"pause": {"disk": "node1"}}),
    "a node that is not paused": after({"resume": "node1"}),
    "a disk that is not paused": after({"resume": {"disk": "node1"}}),
    "a clock as it is": after({"clock": {"node": "node1", "rate": 1}}),
    "a follower's heartbeat": after({"heartbeat": "node1"}),
    "a leader's election": after(*ELECT, {"timeout": "node1"}),
    "a candidate's heartbeat": after({"timeout": "node1"}, {"heartbeat": "node1"}),
    "a pre-candidate's heartbeat": after(
        {"timeout": "node1"}, {"heartbeat": "node1"}, options={"pre_vote": True}
    ),
    "a timer of one with many": after(*ELECT, {"timeout": "node1"}, options=LEASE),
    "a timer of one who hears a leader": after(*COMMIT, {"heartbeat": "node2"}, options=LEASE),
    "a timer of one whose lease lasts": after(
        *COMMIT,
        {"heartbeat": "node1"},
        {"settle": True},
        {"heartbeat": "node1"},
        {"timeout": "node1"},
        options=LEASE,
    ),
    "a timer of one that hands over": after(
        *COMMIT, {"pause": "node2"}, {"transfer": {"to": "node2"}}, {"timeout": "node1"}
    ),
    "a timer of one that waits for a learner": after(
        *COMMIT, {"add_node": "node4"}, {"timeout": "node1"}
    ),
    "a write without a leader": after(WRITE),
    "a snapshot without a leader": after({"transfer": {"to": "node1"}}),
    "a read by lease without leases": after(*ELECT, {"read": {"key": "x", "mode": "lease"}}),
    "a client too many": after(
        *ELECT,
        *({"write": {"key": "x", "value": 1, "client": f"c{i}"}} for i in range(CLIENTS_MAX + 1)),
    ),
    "a retry of nothing": after({"retry": {}}),
    "a retry of another client": after(*ELECT, WRITE, {"retry": {"client": "clint"}}),
    "a step where nothing happens": after({"step": 1}),
    "a step where all are down": after(
        *({"crash": f"node{i}"} for i in (1, 2, 3)), {"step": 1}, timers="auto"
    ),
    "a leader that does not come": after({"run_until": {"leader": True}}),
    "a leader of all that are down": after(
        *({"crash": f"node{i}"} for i in (1, 2, 3)),
        {"run_until": {"leader": "node1"}},
        timers="auto",
    ),
    "a commit in no time": after({"run_until": {"committed": 9, "within": 50}}, timers="auto"),
    "a state in no time": after(
        {"run_until": {"state": {"node1": "leader"}, "quiet": True, "within": 1}}, timers="auto"
    ),
    "nothing to wait for": after({"run_until": {"within": 5}}),
    "a role that there is not": after({"run_until": {"state": {"node1": "boss"}}}),
    "no message": after({"drop": "all"}),
    "another message": after({"timeout": "node1"}, {"drop": {"to": "node1"}}),
    "another message than these": after(
        *ELECT, {"heartbeat": "node1"}, {"deliver": {"to": "node2"}}, {"drop": {"id": 99}}
    ),
    "another message than many": after({"timeout": "node1"}, {"drop": {"id": 99}}, nodes=9),
    "too many messages": after({"timeout": "node1"}, *[{"duplicate": "all"}] * 9),
    "a message from nobody": after({"inject": {"type": "RequestVote"}}),
    "a message to oneself": after({"inject": {"from": "node1", "to": "node1"}}),
    "a link to itself": after({"cut": ["node1", "node1"]}),
    "a link slower than slow": after(
        {"link": {"from": "node1", "to": "node2", "latency": [20, 10]}}
    ),
    "a node on two sides": after({"partition": [["node1"], ["node1"]]}),
    "too many events": after({"advance": 60_000}, timers="auto", max_events=500),
    "an unknown command": after({"crush": "node1"}),
    "two commands": after({"crash": "node1", "restart": "node1"}),
    # Members.
    "a strange name": after(*COMMIT, {"add_node": "4th"}),
    "a tenth node": after(*COMMIT, {"add_node": "node10"}, nodes=9),
    "a member twice": after(*COMMIT, {"add_node": "node2"}),
    "a member that is none": after(*COMMIT, {"remove_node": "node9"}),
    "the last member": after(*COMMIT, {"remove_node": "node1"}, nodes=1),
    "a member named twice": after(*COMMIT, {"reconfigure": ["node1", "node1"]}),
    "the members that they are": after(*COMMIT, {"reconfigure": ["node1", "node2", "node3"]}),
    "many members at once": after(*COMMIT, {"reconfigure": ["node1"]}),
    "a change before the last": after(*COMMIT, {"remove_node": "node3"}, {"remove_node": "node2"}),
    "a change while one learns": after(*COMMIT, {"add_node": "node4"}, {"remove_node": "node2"}),
    "a change in a new term": after(*ELECT, {"remove_node": "node3"}),
    "another way of changing": after(
        *COMMIT, {"remove_node": "node3"}, {"option": {"membership": "joint"}}
    ),
    "leadership to the leader": after(*ELECT, {"transfer": {"to": "node1"}}),
    "leadership alone": after(*ELECT, {"transfer": {"to": "node1"}}, nodes=1),
    "leadership to nobody": after(*ELECT, {"transfer": {"to": "node9"}}),
    "a snapshot of nothing": after({"snapshot": "node1"}),
    "a snapshot of nothing new": after(*COMMIT, {"snapshot": "node1"}, {"snapshot": "node1"}),
    # Options and the start.
    "an unknown option": after({"option": {"pre_vot": True}}),
    "a lease alone": after({"option": {"read_mode": "lease"}}),
    "an unknown mistake": after({"option": {"bugs": ["zzz"]}}),
    "no list of mistakes": after({"option": {"bugs": 1}}),
    "no number of entries": after({"option": {"snapshot_threshold": 0}}),
    "no number of requests": after({"option": {"max_inflight": "many"}}),
    "no way of reading": after({"option": {"read_mode": "slow"}}),
    "neither on nor off": after({"option": {"pre_vote": "perhaps"}}),
    "no nodes": made(nodes=0),
    "nodes of no kind": made(nodes="all"),
    "a node that is named twice": made(nodes=["a", "a"]),
    "a strange seed": made(seed=-1),
    "a strange protocol": made(protocol="paxos"),
    "strange timers": made(timers="none"),
    "strange times": made(timing=1),
    "a time of nothing": made(timing={"latence": 1}),
    "no heartbeat": made(timing={"heartbeat": 0}),
    "a latency backwards": made(timing={"latency": [9, 1]}),
    "a sandbox of one": sandbox(nodes=1),
    "a sandbox of many": sandbox(nodes=12),
    # Rooms.
    "an act in a room": asked(Do({"heartbeat": "node1"}, None)),
    "a text too long": asked(Do({"write": {"key": "x", "value": "x" * 5000}}, None)),
    "a number too large": asked(Do({"write": {"key": "x", "value": 2**60}}, None)),
    "a command of many parts": asked(Do({"partition": [["node1"] * 500]}, None)),
    "a command too deep": asked(Do({"write": json.loads("[" * 12 + "]" * 12)}, None)),
    "too much time": asked(Do({"advance": 60_000}, None)),
    "too many steps": asked(Do({"step": 9_000}, None)),
    "a moment to come": asked(Do({"crash": "node1"}, Point("main", 999))),
    "a branch that there is not": asked(SwitchBranch("b9", 0)),
    "a name of nothing": asked(Rename("main", "\u200b")),
    "a branch too many": asked(
        Do({"crash": "node1"}, Point("main", 1)),
        Do({"crash": "node2"}, Point("main", 1)),
        limits=Limits(branches=1),
    ),
    "a room that is full of events": asked(Play(1.0), limits=Limits(events=1)),
    "a room whose file is full": asked(Play(1.0), limits=Limits(session_bytes=10)),
    "a server that is full of events": lambda: _refused(rooms.sandbox(spare=1).ask(Play(1.0))),
    "a room where many wait": waiting,
    "playing until it is full": lambda: stopped(Limits(events=60)),
    "playing more than may be": patch.object(room, "EVENTS_PER_SLICE", 1)(
        lambda: stopped(Limits())
    ),
    "a room that is no more": gone,
    "a fault of ours": refusals.internal,
    "a lesson that there is not": lambda: caught(lambda: Shelf().find("partitio")),
    "a lesson of no name": lambda: caught(lambda: Shelf().find("")),
    "a room full of people": hall(Limits(viewers=1), crowd),
    "an address with many rooms": hall(Limits(rooms_per_address=1), rooms_of),
    "a server with many rooms": hall(Limits(rooms=1), rooms_of),
    # The socket.
    "a viewer who acts": lambda: Wire().send("pause", role="viewer"),
    "an act in no room": lambda: Wire().send("pause"),
    "a page of another version": lambda: Wire().send("open", {"protocol": 2}),
    "too many messages at once": lambda: Wire(Limits(messages_burst=0.0)).send("pause"),
    "a message too long": lambda: Wire().sockets._oversize(600_000)["error"],
    "a server full of people": lambda: Wire(Limits(clients=0)).connect(),
    "a file that takes too long": lambda: Wire(Limits(replay_seconds=0.0)).send(
        "open", {"protocol": 1, "session": SAVED}
    ),
    "a recording of nothing": lambda: Wire().send("record", {"branch": "main"}, role="presenter"),
    "a recording that takes too long": lambda: Wire(Limits(replay_seconds=0.0)).send(
        "record", {"branch": "main"}, role="presenter", done=[{"crash": "node1"}]
    ),
    "a recording of many steps": lambda: Wire(Limits(replay_seconds=1e9)).send(
        "record",
        {"branch": "main"},
        role="presenter",
        done=[{way: "node1"} for _ in range(60) for way in ("crash", "restart")],
    ),
    "an act in a lesson": lambda: tries(Limits(), LESSON.replace("timeout", "heartbeat")),
    "a lesson that takes too long": lambda: tries(Limits(draft_seconds=0.0), LESSON),
    "too many tries": lambda: tries(Limits(drafts_burst=0.0)),
    # Comparing.
    "rules that there are not": variant(Limits(), "papers"),
    "a comparison too long": variant(Limits(variant_events=0)),
    "a comparison while others do": variant(Limits(variants_at_once=0)),
    "a comparison that grows": too_long_a_variant,
    "rules for the whole run": the_whole_run_has_its_rules,
    # Files.
    "no JSON": lambda: caught(lambda: parse("{")),
    "no session": lambda: caught(lambda: load([])),
    "a version to come": file(lambda saved: saved.update(version=9)),
    "a field that there is not": file(lambda saved: saved.update(extra=1)),
    "a field that is missing": file(lambda saved: saved.pop("branches")),
    "a seed that is no number": file(lambda saved: saved["cluster"].update(seed="x")),
    "a time that is none": file(lambda saved: saved["cluster"]["timing"].update(heartbeat=True)),
    "a protocol that there is not": file(lambda saved: saved["cluster"].update(protocol="paxos")),
    "a title too long": file(lambda saved: saved.update(title="x" * 1201)),
    "a title of two lines": file(lambda saved: saved.update(title="x\ny")),
    "a title that is a number": file(lambda saved: saved.update(title=1)),
    "a lesson that is a number": file(lambda saved: saved.update(lesson=1)),
    "a branch of no name": file(lambda saved: saved["branches"][0].update(name=1)),
    "a digest of no kind": file(lambda saved: saved["branches"][0].update(digest=1)),
    "nodes that are none": file(lambda saved: saved["cluster"].update(nodes={})),
    "no branches": file(lambda saved: saved.update(branches=[])),
    "a branch twice": file(lambda saved: saved["branches"].append(saved["branches"][0])),
    "a branch from nowhere": file(lambda saved: saved["branches"][0].update(parent="main")),
    "a branch from another": file(
        lambda saved: saved["branches"].append(
            {"id": "b1", "name": "b1", "parent": "b7", "at": 1, "log": [], "events": 1}
        )
    ),
    "a branch from later": file(
        lambda saved: saved["branches"].append(
            {"id": "b1", "name": "b1", "parent": "main", "at": 999, "log": [], "events": 1}
        )
    ),
    "a moment nowhere": file(lambda saved: saved.update(moment={"branch": "b7", "event": 1})),
    "a moment that is to come": file(
        lambda saved: saved.update(moment={"branch": "main", "event": 999})
    ),
    "nothing done": logged({}),
    "nothing done until": logged({"stop": 5}),
    "a command that is none": logged({"command": 1}),
    "a time that is past": logged({"run_to": 0}),
    "an act in a file": logged({"command": {"restart": "node1"}}),
    "a timer of no name": logged({"command": {"timer": {"node": "node1", "name": 1}}}),
    "a node of no name": logged({"command": {"crash": 1}}),
    "a client of no name": logged({"command": {"client": {"client": 1}}}),
    "a key of no kind": logged({"command": {"read": {"key": 1}}}),
    "a key of no length": logged({"command": {"read": {"key": ""}}}),
    "a value of no kind": logged({"command": {"write": {"key": "x", "value": None}}}),
    "a value too long": logged({"command": {"write": {"key": "x", "value": "x" * 1001}}}),
    "a chance of no kind": logged(
        {"command": {"link": {"from": "node1", "to": "node2", "loss": 7}}}
    ),
    "a link of one": logged({"command": {"cut": ["node1"]}}),
    "a link of nothing": logged({"command": {"heal": None}}),
    "an answer of no kind": logged({"command": {"drop": {"reply": 1}}}),
    "messages of no kind": logged({"command": {"drop": 5}}),
    "a message of no kind": logged({"command": {"inject": 1}}),
    "a wish of no kind": logged({"command": {"check": "all"}}),
    **refused_given.CAUSES,
    "a file of many branches": opened(Limits(branches=1)),
    "a file of many events": opened(Limits(events=0, events_at_once=1, draft_events=0)),
}


def _refused(result: object) -> Error:
    assert isinstance(result, Error), result
    return result


def wire(name: str) -> Mapping[str, Any]:
    """Return what a page is told where that was refused."""
    caused = CAUSES[name]()
    told = refusals.told(caused) if isinstance(caused, Error) else caused
    plain: Mapping[str, Any] = json.loads(json.dumps(told))
    return plain
