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


_TEXT_ZH = """\
id: {id}
title: {title}
summary: 一句话，写在课程卡片上。
goal: 学完之后你能用一句话说清这一课讲什么。
level: beginner                    # 难度：beginner、intermediate 或 advanced
minutes: 5
sources: ["Raft §5.2"]
cluster:
  nodes: 3                         # 1 到 9，或者节点名的列表
  timers: manual                   # manual：下命令才到期；auto：自己到期
  timing: {{election_timeout: [150, 300], heartbeat: 50, latency: [10, 10]}}     # 毫秒
steps:
  - title: 三个跟随者
    say: |
      还没有领导者。每个节点都是任期 {{node1.term}} 的**跟随者**。
    expect:
      leader: none

  - predict:
      question: node1 的定时器到期了。它投票给谁？
      field: node1.votedFor
      after: {{timeout: node1}}
      why: 候选人投票给自己。

  - title: node1 当选
    say: |
      它向其他节点请求选票，于是 {{leader}} 成为任期 {{node1.term}} 的领导者。
    do:
      - timeout: node1
      - settle: true
    expect:
      leader: node1
      node2: {{state: follower, term: 1, votedFor: 1}}
      node3: {{state: follower, term: 1, votedFor: 1}}
recap: |
  - 用几点写出要记住的内容。
try: |
  - 从这里出发，可以在沙盒里做什么。
"""

#: The text by its language, and what a lesson without a title is called in it.
_TEXTS = {"en": (_TEXT, "My lesson"), "zh": (_TEXT_ZH, "我的课程")}


def beginning(lesson_id: str = "my-lesson", title: str | None = None, lang: str = "en") -> str:
    """Return the text of a lesson of three steps, one of them a prediction, in a language."""
    text, untitled = _TEXTS[lang]
    return text.format(id=lesson_id, title=title or untitled)
