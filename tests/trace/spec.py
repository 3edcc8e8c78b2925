"""The actions of raft.tla in Python: each checks its guard, then changes the world as it says.

Written from the specification alone; of raftviz it knows nothing but the documented shape of a
trace. Where that says that it differs (raftviz.trace), the difference is written here as what it
allows.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.trace.world import (
    Nil,
    Record,
    World,
    follow,
    last_index,
    last_term,
    log_ok,
    log_ok_for_vote,
    lose_roles_variables,
    need,
    term_at,
)


def restart(w: World, a: Record) -> None:
    s = w.of(a["i"])
    follow(s)
    s["commitIndex"] = s["snapshotIndex"]


def timeout(w: World, a: Record) -> None:
    s = w.of(a["i"])
    need(s["state"] != "Leader", "Timeout: the server does not lead", s["state"])
    lose_roles_variables(s)
    s["state"] = "Candidate"
    s["currentTerm"] += 1
    s["votedFor"] = Nil


def vote_request(w: World, i: str, j: str) -> Record:
    s = w.of(i)
    return {
        "mtype": "RequestVoteRequest",
        "mterm": s["currentTerm"],
        "mlastLogTerm": last_term(s),
        "mlastLogIndex": last_index(s),
        "msource": i,
        "mdest": j,
    }


def request_vote(w: World, a: Record) -> None:
    s = w.of(a["i"])
    need(s["state"] == "Candidate", "RequestVote: the server is a candidate", s["state"])
    need(a["j"] not in s["votesResponded"], "RequestVote: who has answered is not asked", a["j"])
    m = vote_request(w, a["i"], a["j"])
    need(a.get("m", m) == m, "RequestVote: the message tells the sender's state", a.get("m"))
    w.send(m)


def handle_request_vote_request(w: World, a: Record) -> None:
    s = w.of(a["i"])
    m = a.get("m") or vote_request(w, a["i"], a["j"])
    need(m["mterm"] <= s["currentTerm"], "a newer term is taken first", m)
    grant = (
        m["mterm"] == s["currentTerm"] and log_ok_for_vote(s, m) and s["votedFor"] in (Nil, a["j"])
    )
    if grant:
        s["votedFor"] = a["j"]
    w.discard(m)
    w.send(vote_response(s, a["i"], a["j"], grant))


def vote_response(s: Record, i: str, j: str, grant: bool) -> Record:
    return {
        "mtype": "RequestVoteResponse",
        "mterm": s["currentTerm"],
        "mvoteGranted": grant,
        "msource": i,
        "mdest": j,
    }


def handle_request_vote_response(w: World, a: Record) -> None:
    s = w.of(a["i"])
    m = a.get("m")
    if m is None:
        m = next((vote_response(s, a["j"], a["i"], g) for g in (True, False)
                  if w.holds(vote_response(s, a["j"], a["i"], g))), {})  # fmt: skip
    need(m.get("mterm") == s["currentTerm"], "a response of the current term is counted", m)
    w.discard(m)
    if s["state"] == "Candidate":
        s["votesResponded"] = sorted({*s["votesResponded"], a["j"]})
        if m["mvoteGranted"]:
            s["votesGranted"] = sorted({*s["votesGranted"], a["j"]})


def become_leader(w: World, a: Record) -> None:
    s = w.of(a["i"])
    need(s["state"] == "Candidate", "BecomeLeader: the server is a candidate", s["state"])
    need(w.is_quorum(a["i"], s["votesGranted"]), "BecomeLeader: a quorum has voted for it", s)
    lose_roles_variables(s)
    s["state"] = "Leader"
    w.follow_others(a["i"])


def client_request(w: World, a: Record) -> None:
    s = w.of(a["i"])
    need(s["state"] == "Leader", "ClientRequest: the server leads", s["state"])
    if "configuration" in a["v"]:
        may_change_members(w, a)
        s["learners"] = []
    s["log"].append({"term": s["currentTerm"], "value": a["v"]})
    w.look_up_members(a["i"])


def may_change_members(w: World, a: Record) -> None:
    """Dissertation §4.1 with the correction of 2015, and §4.3."""
    s = w.of(a["i"])
    new = a["v"]["configuration"]
    committed = w.members_at(a["i"], s["commitIndex"]) == w.members_at(a["i"], last_index(s))
    need(committed, "one change of members at a time", new)
    if s["oldMembers"]:
        leaves = (new["members"], new["old"]) == (s["members"], [])
        need(leaves, "from a joint configuration to the new one", new)
    elif new["old"]:
        need(new["old"] == s["members"], "a joint configuration joins the present one", new)
    else:
        one = len(set(new["members"]) ^ set(s["members"])) == 1
        need(one, "members change one by one, or through a joint configuration", new)
        own = term_at(s, s["commitIndex"]) == s["currentTerm"]
        need(own, "members change only when an entry of the current term is committed", new)


def append_entries(w: World, a: Record) -> None:
    s, m = w.of(a["i"]), a["m"]
    need(s["state"] == "Leader", "AppendEntries: the server leads", s["state"])
    prev = s["nextIndex"][a["j"]] - 1
    count = len(m["mentries"])
    due = prev < last_index(s) and a["name"] != "Heartbeat"
    need(due == (count > 0), "AppendEntries: what is there to be sent is sent", m)
    told = {
        "mtype": "AppendEntriesRequest",
        "mterm": s["currentTerm"],
        "mprevLogIndex": prev,
        "mprevLogTerm": term_at(s, prev),
        "mentries": s["log"][prev - s["snapshotIndex"] :][:count],
        "mcommitIndex": min(s["commitIndex"], prev + count),
        "msource": a["i"],
        "mdest": a["j"],
    }
    need(m == told, "AppendEntries: the message tells the sender's state", m)
    w.send(m)
    sent_ahead(s, a, prev + count)


def sent_ahead(s: Record, a: Record, last: int) -> None:
    """Under pipelining nextIndex counts on what was sent."""
    if "nextIndex" in a:
        need(a["nextIndex"] == last + 1, "nextIndex runs ahead by what was sent", a["nextIndex"])
        s["nextIndex"][a["j"]] = a["nextIndex"]


def advance_commit_index(w: World, a: Record) -> None:
    s = w.of(a["i"])
    need(s["state"] == "Leader", "AdvanceCommitIndex: the server leads", s["state"])
    agreed = [
        index
        for index in range(s["commitIndex"] + 1, last_index(s) + 1)
        if w.is_quorum(
            a["i"], [a["i"], *(k for k, match in s["matchIndex"].items() if match >= index)]
        )
    ]
    need(bool(agreed), "AdvanceCommitIndex: a quorum holds it", s["matchIndex"])
    need(
        term_at(s, max(agreed)) == s["currentTerm"],
        "AdvanceCommitIndex: the entry is of the current term",
        max(agreed),
    )
    s["commitIndex"] = max(agreed)


def update_term(w: World, a: Record) -> None:
    s, m = w.of(a["i"]), a["m"]
    need(w.holds(m), "received messages are in flight", m)
    need(m["mterm"] > s["currentTerm"], "UpdateTerm: the message has a newer term", m)
    follow(s)
    s["currentTerm"] = m["mterm"]
    s["votedFor"] = Nil


def append_response(s: Record, a: Record, success: bool, match: int) -> Record:
    return {
        "mtype": "AppendEntriesResponse",
        "mterm": s["currentTerm"],
        "msuccess": success,
        "mmatchIndex": match,
        "msource": a["i"],
        "mdest": a["j"],
    }


def handle_append_entries_request(w: World, a: Record) -> None:
    s, m, branch = w.of(a["i"]), a["m"], a["branch"]
    need(w.holds(m), "received messages are in flight", m)
    need(m["mterm"] <= s["currentTerm"], "a newer term is taken first", m)
    current = m["mterm"] == s["currentTerm"]
    if branch == "become follower":
        need(current and s["state"] == "Candidate", "a candidate gives way to a leader", s)
        follow(s)
        return
    if current and s["state"] == "Precandidate":
        follow(s)
    ok = current and s["state"] == "Follower" and log_ok(s, m)
    if branch == "reject":
        need(
            not current or (s["state"] == "Follower" and not ok),
            "a request is rejected only if it is old or its previous entry is missing",
            m,
        )
        w.discard(m)
        w.send(append_response(s, a, False, 0))
        return
    need(ok, "a request is accepted only by a follower that holds the previous entry", m)
    index, entry = first_missing(s, m)
    if branch == "done":
        need(entry is None, "all entries are there when it is done", m)
        s["commitIndex"] = max(s["commitIndex"], m["mcommitIndex"])
        w.discard(m)
        w.send(append_response(s, a, True, m["mprevLogIndex"] + len(m["mentries"])))
    elif branch == "remove":
        conflicts = entry is not None and index <= last_index(s)
        need(conflicts, "entries are removed only where one conflicts", m)
        s["log"].pop()
        w.look_up_members(a["i"])
    else:
        follows = entry is not None and index == last_index(s) + 1
        need(follows, "an entry is appended where the log ends", m)
        s["log"].append(entry)
        w.look_up_members(a["i"])


def first_missing(s: Record, m: Record) -> tuple[int, Record | None]:
    """The first of the message's entries that the log does not hold, and its index."""
    for index, entry in enumerate(m["mentries"], start=m["mprevLogIndex"] + 1):
        if index > s["snapshotIndex"] and term_at(s, index) != entry["term"]:
            return index, entry
    return 0, None


def handle_append_entries_response(w: World, a: Record) -> None:
    s, m, j = w.of(a["i"]), a["m"], a["j"]
    need(m["mterm"] == s["currentTerm"], "a response of the current term is counted", m)
    w.discard(m)
    if s["state"] != "Leader" or j not in s["nextIndex"]:
        return
    match, old = s["matchIndex"][j], s["nextIndex"][j]
    new = a.get("nextIndex", old)
    if m["msuccess"]:
        need(m["mmatchIndex"] >= match, "matchIndex never falls", m)
        need(new == max(old, m["mmatchIndex"] + 1), "nextIndex follows from what is matched", new)
        s["matchIndex"][j] = m["mmatchIndex"]
    else:
        lower = match < new < old or new == old == 1
        need(lower, "nextIndex is taken back, but not to what is matched", (match, new, old))
    s["nextIndex"][j] = new


def drop_stale_response(w: World, a: Record) -> None:
    s, m = w.of(a["i"]), a["m"]
    need(m["mtype"].endswith("Response"), "only responses are dropped as stale", m)
    need(m["mterm"] < s["currentTerm"], "a stale response is of an older term", m)
    w.discard(m)


def duplicate_message(w: World, a: Record) -> None:
    need(w.holds(a["m"]), "only what is in flight is duplicated", a["m"])
    w.send(a["m"])


def drop_message(w: World, a: Record) -> None:
    w.discard(a["m"])


SPECIFIED: dict[str, Callable[[World, Record], None]] = {
    "Restart": restart,
    "Timeout": timeout,
    "RequestVote": request_vote,
    "HandleRequestVoteRequest": handle_request_vote_request,
    "HandleRequestVoteResponse": handle_request_vote_response,
    "BecomeLeader": become_leader,
    "ClientRequest": client_request,
    "AppendEntries": append_entries,
    "AdvanceCommitIndex": advance_commit_index,
    "UpdateTerm": update_term,
    "HandleAppendEntriesRequest": handle_append_entries_request,
    "HandleAppendEntriesResponse": handle_append_entries_response,
    "DropStaleResponse": drop_stale_response,
    "DuplicateMessage": duplicate_message,
    "DropMessage": drop_message,
}
