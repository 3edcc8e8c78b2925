"""Running lessons: places filled in, Markdown made safe, predictions computed, failures told."""

from __future__ import annotations

import pytest

from raftviz import lessons
from raftviz.errors import LessonError
from raftviz.lessons import Run, StepResult, template

HEAD = "id: x\ntitle: X\nsummary: X.\n"


def run(steps: str, more: str = "") -> Run:
    return lessons.run(lessons.loads(f"{HEAD}{more}steps:\n{steps}", "x.yaml"))


def only(steps: str, more: str = "") -> StepResult:
    return run(steps, more).steps[-1]


def test_live_values_come_from_after_the_commands_of_the_step() -> None:
    step = only(
        "  - {title: 't {node1.term}', say: '{node1.state} {node2.votedFor} {leader} {x}',"
        " do: {timeout: node1}}"
    )
    assert step.title == "t 1"
    assert step.say == "candidate null none {x}"


def test_parts_of_fields() -> None:
    step = only(
        "  - {say: '{node1.nextIndex.node2} {node2.nextIndex.node1} {node1.stateMachine.k} {leader}',"
        " do: [{timeout: node1}, {settle: true}, {write: {key: k, value: v}}, {settle: true}]}"
    )
    assert step.say == "2 null v node1"


def test_a_value_of_a_user_is_text_and_never_markup() -> None:
    write = "{write: {key: 'a*b', value: '<b>_x_</b> [l](http://e)`'}}"
    step = only(
        "  - {say: 'It holds {node1.stateMachine}, or `{node1.log}`.',"
        f" do: [{{timeout: node1}}, {{settle: true}}, {write}, {{settle: true}}]}}"
    )
    assert "<b>" not in step.say_html
    assert "<em>" not in step.say_html
    assert "<a " not in step.say_html
    assert "{a*b: &lt;b&gt;_x_&lt;/b&gt; [l](http://e)`}" in step.say_html
    assert "<code>[(set, a*b=&lt;b&gt;_x_&lt;/b&gt; [l](http://e)')]</code>" in step.say_html
    assert template.plain(step.say).startswith("It holds {a*b: <b>_x_</b> [l](http://e)`}, or ")


def test_html_in_a_lesson_stays_text() -> None:
    step = only("  - say: '<img src=x onerror=alert(1)> **bold** [x](javascript:alert(1))'")
    assert "<img" not in step.say_html
    assert "<strong>bold</strong>" in step.say_html
    assert "href" not in step.say_html


def test_comments_stand_after_their_line_and_stay_while_nothing_is_done() -> None:
    result = run(
        "  - {do: {timeout: node1}, comments: {node1: It stands}}\n"
        "  - {title: just look}\n"
        "  - {do: {advance: 1}}\n"
    )
    first, second, third = (step.lines for step in result.steps)
    assert first[0] == "node1: {state: candidate, term: 1, votedFor: 1, log: []} // It stands"
    assert first[1] == "node2: {state: follower, term: 0, votedFor: null, log: []}"
    assert second == first
    assert third[0] == "node1: {state: candidate, term: 1, votedFor: 1, log: []}"


def test_the_first_step_owns_the_start() -> None:
    first, second = run("  - {title: look}\n  - {do: {timeout: node1}}\n").steps
    assert (first.start_seq, first.end_seq) == (0, second.start_seq)
    assert first.end_seq > 0
    assert second.end_seq > second.start_seq


def test_steps_are_told_of_as_they_are_done() -> None:
    seen: list[int] = []
    lesson = lessons.loads(f"{HEAD}steps: [{{title: a}}, {{title: b}}]", "x.yaml")
    lessons.run(lesson, lambda step: seen.append(step.index))
    assert seen == [0, 1]


def test_a_failure_names_lesson_step_node_field_expected_and_got() -> None:
    result = run(
        "  - title: hm\n    do: {timeout: node1}\n    expect:\n      node1:\n        state: leader\n"
    )
    assert not result.ok
    assert [str(failure) for failure in result.failures] == [
        "x.yaml:9: lesson x, step 1 (hm): node1 state: expected leader, got candidate"
    ]


def test_a_failure_in_a_list_names_its_line() -> None:
    result = run(
        "  - title: hm\n    do: {timeout: node1}\n    expect:\n      messages:\n"
        "        - {to: node2}\n        - {to: node1}\n"
    )
    (failure,) = result.failures
    assert (failure.line, failure.node, failure.field) == (10, None, "messages, item 2")


def test_a_lesson_goes_on_after_a_failure_and_tells_all() -> None:
    result = run(
        "  - {expect: {leader: node1}}\n  - {expect: {leader: node2}}\n  - {expect: {leader: none}}\n"
    )
    assert [failure.step for failure in result.failures] == [1, 2]


@pytest.mark.parametrize(
    ("field", "after", "choices", "answer"),
    [
        ("node2.state", "{timeout: node2}", ("follower", "candidate", "leader"), "candidate"),
        ("node2.term", "{timeout: node2}", ("0", "1", "2"), "1"),
        ("node2.term", "{advance: 5}", ("0", "1", "2"), "0"),
        ("node2.votedFor", "{timeout: node2}", ("null", "1", "2", "3"), "2"),
        ("node2.crashed", "{crash: node2}", ("true", "false"), "true"),
        (
            "leader",
            "[{timeout: node2}, {settle: true}]",
            ("node1", "node2", "node3", "none"),
            "node2",
        ),
        ("node1.log", "{advance: 1}", ("[]", "something else"), "[]"),
        (
            "node1.stateMachine",
            "[{timeout: node1}, {settle: true}, {write: {key: k, value: v}}, {settle: true}]",
            ("{}", "{k: v}"),
            "{k: v}",
        ),
    ],
)
def test_a_prediction_without_choices_gets_some(
    field: str, after: str, choices: tuple[str, ...], answer: str
) -> None:
    predict = only(f"  - predict: {{field: {field}, after: {after}}}").predict
    assert predict is not None
    assert predict.choices == choices
    assert predict.answer == answer
    assert predict.question in (
        "Who will lead then?",
        f"What will {field[6:]} of {field[:5]} be then?",
    )


def test_votes_for_named_nodes() -> None:
    predict = only(
        "  - predict: {field: ann.votedFor, after: {timeout: ann}}",
        "cluster: {nodes: [ann, bob]}\n",
    ).predict
    assert predict is not None
    assert (predict.choices, predict.answer) == (("null", "ann", "bob"), "ann")


def test_who_may_ask_first_may_be_foretold_to() -> None:
    predict = only(
        "  - predict: {field: node2.state, after: {timeout: node2}}",
        "cluster: {options: {pre_vote: true}}\n",
    ).predict
    assert predict is not None
    assert predict.choices == ("follower", "precandidate", "candidate", "leader")
    assert predict.answer == "precandidate"


def test_a_target_of_a_transfer_may_be_foretold() -> None:
    predict = only(
        "  - predict: {field: node1.transferTo, after: {transfer: {to: node2}}}",
        "given: {node1: {state: leader}}\n",
    ).predict
    assert predict is not None
    assert (predict.choices, predict.answer) == (("null", "node1", "node2", "node3"), "node2")


def test_a_lesson_may_begin_with_a_precandidate() -> None:
    yes = "{type: PreVote, reply: true, from: node3, to: node2, term: 4, voteGranted: true}"
    result = run(
        "  - expect:\n"
        "      node2: {state: precandidate, term: 3, votedFor: 1, votesGranted: [node2]}\n"
        f"  - do: {{inject: {yes}}}\n"
        "    expect:\n"
        "      node2: {state: candidate, term: 4, votedFor: 2}\n"
        "      messages: [{type: RequestVote, to: node1}, {type: RequestVote, to: node3}]\n",
        "cluster: {options: {pre_vote: true}}\n"
        "given: {node2: {state: precandidate, term: 3, votedFor: 1, log: [3]}}\n",
    )
    assert [str(failure) for failure in result.failures] == []


def test_a_term_far_ahead_is_among_the_choices() -> None:
    after = "[" + ", ".join(["{timeout: node1}"] * 9) + "]"
    predict = only(f"  - predict: {{field: node1.term, after: {after}}}").predict
    assert predict is not None
    assert predict.answer == "9"
    assert "9" in predict.choices
    assert len(predict.choices) <= 6


def test_titles_that_an_author_left_out() -> None:
    result = run(
        "  - {say: hm}\n  - {do: {advance: 1}}\n"
        "  - ask: {question: Q, choices: [a, b], answer: a}\n"
        "  - predict: {field: leader, after: {advance: 1}}\n"
    )
    titles = [step.title for step in result.steps]
    assert titles == ["Look", "Go on", "A question", "What comes next?"]


def test_where_the_nodes_start_may_be_given() -> None:
    step = only(
        "  - {expect: {node1: {term: 3, log: [1, 3], commitIndex: 1}, leader: node2}}",
        "given:\n  node1: {term: 3, log: [1, 3], commitIndex: 1}\n  node2: {state: leader, term: 3, log: [1, 3]}\n",
    )
    assert step.failures == []


ELECT = "{timeout: node1}, {settle: true}"
NOOP = "cluster: {options: {noop_on_election: true}}\n"


def test_a_node_that_joins_may_be_spoken_of() -> None:
    result = run(
        f"  - {{do: [{ELECT}], expect: {{node1: {{members: [node1, node2, node3], learners: []}}}}}}\n"
        "  - do: {add_node: node4}\n"
        "    comments: {node4: New}\n"
        "    say: '{node4.term} {node1.nextIndex.node4}'\n"
        "    expect: {node4: {state: follower, log: [], members: []}, node1: {learners: [node4]}}\n"
        "  - do: {settle: true}\n"
        "    say: '{node4.disk.lastIndex} {node1.nextIndex.node4}'\n"
        "    expect:\n"
        "      node4: {log: ['(no-op)', '(members, node1 node2 node3 node4)'], disk: {term: 1, votedFor: null}}\n"
        "      event: {kind: learner_changed, why: caught_up}\n",
        NOOP,
    )
    assert [str(failure) for failure in result.failures] == []
    assert [step.say for step in result.steps[1:]] == ["0 2", "2 3"]
    assert result.steps[1].lines[3].endswith("// New")


def test_nodes_that_join_by_a_new_configuration_may_be_spoken_of() -> None:
    result = run(
        f"  - do: [{ELECT}, {{reconfigure: [node1, node4, node5]}}]\n"
        "    expect: {node4: {log: []}, node5: {members: []}}\n",
        "cluster: {options: {membership: joint}}\n",
    )
    assert [str(failure) for failure in result.failures] == []


def test_a_node_that_is_not_there_yet_cannot_be_told_of() -> None:
    with pytest.raises(LessonError) as caught:
        run(
            f"  - do: [{ELECT}]\n    say: 'See {{node4.term}}.'\n  - do: {{add_node: node4}}\n",
            NOOP,
        )
    assert str(caught.value) == (
        "x.yaml:7: there is no `node4` yet; add it by add_node or reconfigure in this step or before"
    )


def test_what_is_expected_of_a_node_that_is_not_there_yet_fails() -> None:
    result = run(
        f"  - do: [{ELECT}]\n    expect:\n      node4: {{term: 0}}\n  - do: {{add_node: node4}}\n",
        NOOP,
    )
    assert [str(failure) for failure in result.failures] == [
        "x.yaml:8: lesson x, step 1 (Go on): node4 state: expected {term: 0}, got no such node yet"
    ]


def test_a_node_that_would_join_may_be_foretold() -> None:
    predict = only(
        f"  - {{do: [{ELECT}], predict: {{field: node4.term, after: [{{add_node: node4}}, {{settle: true}}]}}}}",
        NOOP,
    ).predict
    assert predict is not None
    assert (predict.answer, predict.choices) == ("1", ("0", "1", "2"))


def test_a_prediction_of_a_node_that_never_joins_names_its_line() -> None:
    with pytest.raises(LessonError) as caught:
        run(
            f"  - do: [{ELECT}]\n    predict:\n      field: node4.term\n      after: {{settle: true}}\n"
            "  - do: {add_node: node4}\n",
            NOOP,
        )
    assert (caught.value.line, caught.value.message) == (8, "there is no `node4` yet")


@pytest.mark.parametrize(
    ("field", "after", "choices", "answer"),
    [
        ("node2.stalled", "{pause: {disk: node2}}", ("true", "false"), "true"),
        ("node1.lease", "{settle: true}", ("true", "false"), "false"),
        ("node2.clock", "{clock: {node: node2, rate: 0.5}}", ("1", "0.5"), "0.5"),
        ("node2.snapshot", "{advance: 1}", ("null", "something else"), "null"),
        ("node2.disk.votedFor", f"[{ELECT}]", ("null", "node1", "node2", "node3"), "node1"),
        ("node2.disk.term", f"[{ELECT}]", ("0", "1", "2"), "1"),
        ("node1.members", "{advance: 1}", ("[node1, node2, node3]", "something else"), "[node1, node2, node3]"),
    ],
)  # fmt: skip
def test_choices_for_what_is_beyond_figure_2(
    field: str, after: str, choices: tuple[str, ...], answer: str
) -> None:
    predict = only(f"  - predict: {{field: {field}, after: {after}}}").predict
    assert predict is not None
    assert (predict.choices, predict.answer) == (choices, answer)


def test_where_snapshots_and_members_may_be_given() -> None:
    step = only(
        "  - expect:\n"
        "      node1: {log: [2], snapshot: {index: 4, term: 1}, stateMachine: {x: 1}, commitIndex: 4,\n"
        "              disk: {snapshotIndex: 4, lastIndex: 5}, members: [node1, node2]}\n"
        "      node2: {members: [node1, node3], oldMembers: [node1, node2], sessions: {}}\n",
        "given:\n"
        "  node1: {snapshot: {index: 4, term: 1, stateMachine: {x: 1}}, log: [2], members: [node1, node2]}\n"
        "  node2: {log: [{term: 1, configuration: {members: [node1, node3], old: [node1, node2]}}]}\n",
    )
    assert [str(failure) for failure in step.failures] == []


STALE = "cluster: {options: {bugs: [stale-local-read]}}\n"
STALE_READ = (
    f"  - do: [{ELECT}, {{isolate: node1}}, {{timeout: node2}}, {{settle: true}}]\n"
    "  - do: [{write: {key: k, value: 2, to: node2, client: ann}}, {settle: true}, {advance: 1}]\n"
    "  - do: [{read: {key: k, to: node1, client: bob%s}}%s]\n"
)


def test_a_lesson_whose_clients_saw_what_cannot_be_fails_at_its_end() -> None:
    _, failure = run(STALE_READ % ("", ""), STALE).failures
    assert (failure.step, failure.field, failure.line) == (3, "linearizable", 8)
    assert failure.expected == "true"
    assert failure.got.startswith("false: ")


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("", "linearizable: false, violations: [Reads are not stale]"),
        (", {check: linearizability}", "violations: [Reads are not stale, Linearizability]"),
        (
            ", {check: linearizability}",
            "linearizable: {holds: false}, violations: [Linearizability, Reads are not stale]",
        ),
    ],
)
def test_a_lesson_may_mean_its_clients_to_see_what_cannot_be(check: str, expected: str) -> None:
    result = run(STALE_READ % ("", check) + f"    expect: {{{expected}}}\n", STALE)
    assert [str(failure) for failure in result.failures] == []


def test_a_verdict_that_nobody_expected_is_told_once() -> None:
    wrong = run(STALE_READ % ("", "") + "    expect: {linearizable: true}\n", STALE)
    assert [(each.field, each.line) for each in wrong.failures] == [
        ("linearizable", 9),
        ("violations", 9),
    ]
    checked = run(STALE_READ % ("", ", {check: linearizability}"), STALE).failures
    assert [each.field for each in checked] == ["violations", "linearizable"]
    assert checked[0].got == "Reads are not stale, Linearizability"


def test_local_reads_count_only_where_a_step_says_so() -> None:
    local = STALE_READ % (", mode: local", "")
    assert run(local).ok
    assert run(local + "    expect: {linearizable: true}\n").ok
    assert not run(local + "    expect: {linearizable: {holds: true, local_reads: true}}\n").ok
    assert run(local + "    expect: {linearizable: {holds: false, local_reads: true}}\n").ok


def test_plain_text_of_markdown() -> None:
    text = "One *two*\nthree.\n\n- a\n- b `c`\n\n1. first\n\n```\ncode here\n```\n\nend\\\nhere"
    assert template.plain(text) == ("One two three.\n- a\n- b c\n1. first\n    code here\nend here")
