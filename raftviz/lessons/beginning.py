"""A small lesson that works, to begin with."""

from __future__ import annotations

_TEXT = """\
id: {id}
title: {title}
summary: One sentence that a card can show.
goal: You can say in one sentence what this lesson is for.
level: beginner                    # beginner, intermediate or advanced
minutes: 5
sources: ["Raft §5.2"]
cluster:
  nodes: 3                         # 1 to 9, or a list of names
  timers: manual                   # manual: a timer fires when a command says so; auto: by itself
  timing: {{election_timeout: [150, 300], heartbeat: 50, latency: [10, 10]}}     # milliseconds
steps:
  - title: Three followers
    say: |
      Nobody leads yet. Every node is a **follower** of term {{node1.term}}.
    expect:
      leader: none

  - predict:
      question: node1's timer runs out. Whom does it vote for?
      field: node1.votedFor
      after: {{timeout: node1}}
      why: A candidate votes for itself.

  - title: node1 wins
    say: |
      It asks the others, and {{leader}} leads term {{node1.term}}.
    do:
      - timeout: node1
      - settle: true
    expect:
      leader: node1
      node2: {{state: follower, term: 1, votedFor: 1}}
      node3: {{state: follower, term: 1, votedFor: 1}}
recap: |
  - What is to be remembered, in a few points.
try: |
  - Something to do in the sandbox from here.
"""


def beginning(lesson_id: str = "my-lesson", title: str = "My lesson") -> str:
    """Return the text of a lesson of three steps, one of them a prediction."""
    return _TEXT.format(id=lesson_id, title=title)
