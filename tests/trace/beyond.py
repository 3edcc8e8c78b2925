"""What the specification has no words for, held to as much as can be said of it."""

from __future__ import annotations

from collections.abc import Callable

from tests.trace.spec import (
    append_entries,
    append_response,
    sent_ahead,
    vote_request,
    vote_response,
)
from tests.trace.world import (
    Members,
    Nil,
    Record,
    World,
    follow,
    log_ok_for_vote,
    lose_roles_variables,
    need,
    term_at,
)


def ask_pre_vote(w: World, a: Record) -> None:
    s = w.of(a["i"])
    need(s["state"] != "Leader", "AskPreVote: the server does not lead", s["state"])
    lose_roles_variables(s)
    s["state"] = "Precandidate"


def pre_vote(w: World, a: Record) -> None:
    s, m = w.of(a["i"]), a["m"]
    need(s["state"] == "Precandidate", "PreVote: the server asks", s["state"])
    told = {**vote_request(w, a["i"], a["j"]), "mtype": "PreVoteRequest", "mcandidateId": a["i"]}
    told["mterm"] += 1
    need(m == told, "PreVote: the message tells the sender's state", m)
    w.send(m)


def handle_pre_vote_request(w: World, a: Record) -> None:
    s, m = w.of(a["i"]), a["m"]
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
    s = w.of(a["i"])
    need(a["m"]["mterm"] >= s["currentTerm"], "what is disregarded is no old request", a["m"])
    w.discard(a["m"])
    w.send(vote_response(s, a["i"], a["j"], False))


def refuse_append_entries(w: World, a: Record) -> None:
    s = w.of(a["i"])
    need(s["state"] == "Leader" and a["m"]["mterm"] == s["currentTerm"], "a leader refuses", a)
    w.discard(a["m"])
    w.send(append_response(s, a, False, 0))


def step_down(w: World, a: Record) -> None:
    s = w.of(a["i"])
    need(s["state"] == "Leader", "StepDown: the server leads", s["state"])
    follow(s)


def timeout_now(w: World, a: Record) -> None:
    s, m = w.of(a["i"]), a["m"]
    need(s["state"] == "Leader", "TimeoutNow: the server leads", s["state"])
    need(m["mterm"] == s["currentTerm"], "TimeoutNow: the message tells the sender's state", m)
    w.send(m)


def take_snapshot(w: World, a: Record) -> None:
    s, index = w.of(a["i"]), a["index"]
    need(s["snapshotIndex"] < index <= s["commitIndex"], "a snapshot covers what is committed", a)
    put_snapshot(w, a["i"], index, term_at(s, index), w.members_at(a["i"], index))


def put_snapshot(w: World, i: str, index: int, term: int | None, base: Members) -> None:
    """Entries that follow a snapshot stay where the log agrees with its last one."""
    s = w.of(i)
    agrees = term_at(s, index) == term
    s["log"] = s["log"][index - s["snapshotIndex"] :] if agrees else []
    s["snapshotIndex"], s["snapshotTerm"] = index, term
    w.bases[i] = base
    w.look_up_members(i)


def install_snapshot(w: World, a: Record) -> None:
    s, m = w.of(a["i"]), a["m"]
    need(s["state"] == "Leader", "InstallSnapshot: the server leads", s["state"])
    gone = s["nextIndex"][a["j"]] <= s["snapshotIndex"]
    need(gone, "InstallSnapshot: the entries that are needed are gone", m)
    sent = (m["mterm"], m["mlastIncludedIndex"], m["mlastIncludedTerm"])
    stands = (s["currentTerm"], s["snapshotIndex"], s["snapshotTerm"])
    need(sent == stands, "InstallSnapshot: the message tells the sender's state", m)
    w.send(m)
    sent_ahead(s, a, s["snapshotIndex"])


def handle_install_snapshot_request(w: World, a: Record) -> None:
    s, m = w.of(a["i"]), a["m"]
    need(m["mterm"] <= s["currentTerm"], "a newer term is taken first", m)
    index = m["mlastIncludedIndex"]
    if m["mterm"] == s["currentTerm"] and s["state"] != "Leader":
        follow(s)
        if index > s["commitIndex"]:
            new = m["mconfiguration"]
            put_snapshot(w, a["i"], index, m["mlastIncludedTerm"], (new["members"], new["old"]))
            s["commitIndex"] = index
    w.discard(m)
    w.send(
        {
            "mtype": "InstallSnapshotResponse",
            "mterm": s["currentTerm"],
            "mlastIncludedIndex": index,
            "mrequestTerm": m["mterm"],
            "mround": m["mround"],
            "msource": a["i"],
            "mdest": a["j"],
        }
    )


def handle_install_snapshot_response(w: World, a: Record) -> None:
    s, m, j = w.of(a["i"]), a["m"], a["j"]
    need(m["mterm"] == s["currentTerm"], "a response of the current term is counted", m)
    w.discard(m)
    if s["state"] != "Leader" or j not in s["nextIndex"]:
        return
    if m["mrequestTerm"] == m["mterm"] and m["mlastIncludedIndex"] > s["matchIndex"][j]:
        s["matchIndex"][j] = m["mlastIncludedIndex"]
        s["nextIndex"][j] = max(s["nextIndex"][j], m["mlastIncludedIndex"] + 1)


def add_server(w: World, a: Record) -> None:
    need(a["i"] not in w.names, "a new server was not there before", a["i"])
    w.add(a["i"])


def change_learners(w: World, a: Record) -> None:
    s = w.of(a["i"])
    need(s["state"] == "Leader", "ChangeLearners: the server leads", s["state"])
    s["learners"] = a["learners"]
    w.follow_others(a["i"])


def wipe(w: World, a: Record) -> None:
    s = w.of(a["i"])
    follow(s)
    s |= {"currentTerm": 0, "votedFor": Nil, "log": [], "commitIndex": 0}
    s |= {"snapshotIndex": 0, "snapshotTerm": 0}
    w.look_up_members(a["i"])


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
    "Heartbeat": append_entries,
    "InstallSnapshot": install_snapshot,
    "HandleInstallSnapshotRequest": handle_install_snapshot_request,
    "HandleInstallSnapshotResponse": handle_install_snapshot_response,
    "TakeSnapshot": take_snapshot,
    "AddServer": add_server,
    "ChangeLearners": change_learners,
    "Wipe": wipe,
    "Inject": inject,
}
