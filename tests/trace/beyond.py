"""What the specification has no words for, held to as much as can be said of it."""

from __future__ import annotations

from collections.abc import Callable

from tests.trace.spec import append_response, vote_request, vote_response
from tests.trace.world import (
    Nil,
    Record,
    World,
    follow,
    log_ok_for_vote,
    lose_roles_variables,
    need,
)


def ask_pre_vote(w: World, a: Record) -> None:
    s = w.servers[a["i"]]
    need(s["state"] != "Leader", "AskPreVote: the server does not lead", s["state"])
    lose_roles_variables(s)
    s["state"] = "Precandidate"


def pre_vote(w: World, a: Record) -> None:
    s, m = w.servers[a["i"]], a["m"]
    need(s["state"] == "Precandidate", "PreVote: the server asks", s["state"])
    told = {**vote_request(w, a["i"], a["j"]), "mtype": "PreVoteRequest", "mcandidateId": a["i"]}
    told["mterm"] += 1
    need(m == told, "PreVote: the message tells the sender's state", m)
    w.send(m)


def handle_pre_vote_request(w: World, a: Record) -> None:
    s, m = w.servers[a["i"]], a["m"]
    ends = {"mtype": "PreVoteResponse", "msource": a["i"], "mdest": a["j"]}
    w.discard(m)
    yes = {**ends, "mterm": m["mterm"], "mvoteGranted": True}
    if w.is_wanted(yes):
        may = m["mterm"] >= s["currentTerm"] and log_ok_for_vote(s, m) and s["state"] != "Leader"
        need(may, "a pre-vote is granted only where the vote could be", m)
        w.send(yes)
    else:
        w.send({**ends, "mterm": s["currentTerm"], "mvoteGranted": False})


def take(w: World, a: Record) -> None:
    w.discard(a["m"])


def disregard_request_vote(w: World, a: Record) -> None:
    s = w.servers[a["i"]]
    need(a["m"]["mterm"] >= s["currentTerm"], "what is disregarded is no old request", a["m"])
    w.discard(a["m"])
    w.send(vote_response(s, a["i"], a["j"], False))


def refuse_append_entries(w: World, a: Record) -> None:
    s = w.servers[a["i"]]
    need(s["state"] == "Leader" and a["m"]["mterm"] == s["currentTerm"], "a leader refuses", a)
    w.discard(a["m"])
    w.send(append_response(s, a, False, 0))


def step_down(w: World, a: Record) -> None:
    s = w.servers[a["i"]]
    need(s["state"] == "Leader", "StepDown: the server leads", s["state"])
    follow(s)


def timeout_now(w: World, a: Record) -> None:
    s, m = w.servers[a["i"]], a["m"]
    need(s["state"] == "Leader", "TimeoutNow: the server leads", s["state"])
    need(m["mterm"] == s["currentTerm"], "TimeoutNow: the message tells the sender's state", m)
    w.send(m)


def wipe(w: World, a: Record) -> None:
    s = w.servers[a["i"]]
    follow(s)
    s |= {"currentTerm": 0, "votedFor": Nil, "log": [], "commitIndex": 0}
    s |= {"snapshotIndex": 0, "snapshotTerm": 0}


def inject(w: World, a: Record) -> None:
    w.send(a["m"])


BEYOND: dict[str, Callable[[World, Record], None]] = {
    "AskPreVote": ask_pre_vote,
    "PreVote": pre_vote,
    "HandlePreVoteRequest": handle_pre_vote_request,
    "HandlePreVoteResponse": take,
    "DisregardRequestVote": disregard_request_vote,
    "RefuseAppendEntries": refuse_append_entries,
    "StepDown": step_down,
    "TimeoutNow": timeout_now,
    "HandleTimeoutNowRequest": take,
    "Wipe": wipe,
    "Inject": inject,
}
