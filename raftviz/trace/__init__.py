"""A run in the words of raft.tla, Ongaro's specification of Raft, so that others can check it against that.

`trace(events)` gives one mapping for each *atomic step*: one input to one node (a timer, a message,
a client's request, a crash …) or one act of the network, with all that followed from it at once.

    step, first, last   its number from 1, and the events of the journal that it covers
    time                virtual microseconds
    input               the kind of the event that began it; "start" for the first step
    nodes               who acted, then with whom
    actions             what it is in the specification: its actions, in the order in which they happen
    state               for each node: currentTerm, state, votedFor, log, commitIndex, votesResponded,
                        votesGranted, nextIndex, matchIndex; and snapshotIndex, snapshotTerm,
                        members, oldMembers, learners
    messages            the bag of messages in flight: of two copies of one, both

An action is {"name", "i", "j", …} with `m`, the message that it sends or takes, and `v`, the value
that a client asks to append. One step is often several of the specification's, which is finer: a
server that times out is Timeout(i), the vote for itself RequestVote(i, i),
HandleRequestVoteRequest(i, i) and HandleRequestVoteResponse(i, i), then RequestVote(i, j) for each
other server. HandleAppendEntriesRequest says by `branch` which of the specification's cases it is
("become follower", "remove", "append", "done", "reject"), one entry removed or appended at a time.
A step without actions changes nothing that the specification knows: it stutters.

Where the two differ:

- currentTerm starts at 0 (Figure 2), in raft.tla at 1.
- Restart(i) is told at the crash, where volatile state is lost; until the node is back it does nothing.
- votesResponded and votesGranted are shown of candidates, nextIndex and matchIndex of leaders, and
  are empty otherwise; raft.tla leaves old values there, which nobody reads, and has entries for the
  server itself. Votes are listed in the order in which they came.
- AppendEntries carries as many entries as there are, in raft.tla at most one; its receiver treats
  them like a row of requests with one each, and answers the last. `mcommitIndex` is what raft.tla
  sends: leaderCommit, but no further than the last entry sent.
- A follower's commitIndex never falls, and a leader's matchIndex never does: raft.tla lets an old
  message take both back. A late or repeated answer that is disregarded for that, or because it
  answers a request of an earlier term, is told as DropMessage(m).
- After a refusal raft.tla takes nextIndex back by one. Here it goes to the refused index, or further
  by the hints of §5.3 where `conflict_hints` is on; `nextIndex` in the action is the outcome.
- An answer's further fields (which request it answers, read rounds, hints, reasons) are left out.
- While a server's disk stands still, what it has taken in is not told yet, as it can have no effect
  on anybody: the message is in flight until the disk goes on, and lost if the server crashes.
- A quorum is a majority of members, and of oldMembers where there are any; both follow from the
  server's log. In raft.tla the servers are always the same.
- raft.tla's history variables (elections, allLogs, voterLog) are left to whoever checks.

What raft.tla has no words for has names of its own (OWN): PreVote, with the state "Precandidate",
which is a follower to the specification; leader stickiness (DisregardRequestVote); CheckQuorum and
other steps down within a term (StepDown); leadership transfer (TimeoutNow); snapshots, where `log`
begins behind snapshotIndex; pipelining (Heartbeat, and `nextIndex` in what was sent ahead); new
servers and learners; a lost disk; a message made by hand. What a change of members appends is told
as ClientRequest.
"""

from raftviz.trace.actions import OWN, SPECIFIED
from raftviz.trace.lines import trace

__all__ = ["OWN", "SPECIFIED", "trace"]
