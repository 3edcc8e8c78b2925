"""What a page says of an address that does not work: all of it in the page's language."""

from __future__ import annotations

import re
from html import unescape

import pytest
import requests

from raftviz.raft.bugs import BUGS
from raftviz.raft.options import Options
from raftviz.server.application import pages_alone
from raftviz.server.hall import Hall
from raftviz.server.limits import Limits
from raftviz.server.sessions import Shelf
from tests.server.process import DEADLINE, Server

OPTIONS = list(Options().view())
SAID = {
    "/lesson/partition?step=abc": (
        "“step=abc” is not possible. Use the number of a step, from 1 on.",
        "“step=abc”行不通。请用步骤的编号，从 1 起。",
    ),
    "/lesson/partition?event=-1": (
        "“event=-1” is not possible. Use the number of an event, from 0 on.",
        "“event=-1”行不通。请用事件的编号，从 0 起。",
    ),
    "/room/zzz": (
        "This session has ended. Open the lesson or the sandbox again for a new one.",
        "这个会话已经结束。请重新打开课程或沙盒，开始新的会话。",
    ),
    "/sandbox?nodes=99": (
        "“nodes=99” is not possible. Use a whole number from 3 to 9.",
        "“nodes=99”行不通。请用 3 到 9 之间的整数。",
    ),
    "/sandbox?nodes=many": (
        "“nodes=many” is not possible. Use a whole number from 3 to 9.",
        "“nodes=many”行不通。请用 3 到 9 之间的整数。",
    ),
    "/sandbox?seed=x": (
        "“seed=x” is not possible. Use a whole number from 0 on, of at most 15 digits.",
        "“seed=x”行不通。请用不小于 0 的整数，最多 15 位。",
    ),
    "/sandbox?options=zzz": (
        f"There is no option “options”. These are known: {', '.join(OPTIONS)}.",
        f"没有名为“options”的选项。可用的有：{'、'.join(OPTIONS)}。",
    ),
    "/sandbox?prevote=1": (
        f"There is no option “prevote”. Did you mean “pre_vote”? These are known: {', '.join(OPTIONS)}.",
        f"没有名为“prevote”的选项。是不是“pre_vote”？可用的有：{'、'.join(OPTIONS)}。",
    ),
    "/sandbox?bugs=zzz": (
        f"There is no mistake “zzz”. These are known: {', '.join(BUGS)}.",
        f"没有名为“zzz”的错误。可用的有：{'、'.join(BUGS)}。",
    ),
    "/sandbox?bugs=vote-twise": (
        f"There is no mistake “vote-twise”. Did you mean “vote-twice”? These are known: {', '.join(BUGS)}.",
        f"没有名为“vote-twise”的错误。是不是“vote-twice”？可用的有：{'、'.join(BUGS)}。",
    ),
    "/sandbox?pre_vote=perhaps": (
        "“pre_vote=perhaps” is not possible. Use 1 (on, true) or 0 (off, false).",
        "“pre_vote=perhaps”行不通。请用 1（开，true）或 0（关，false）。",
    ),
    "/sandbox?read_mode=yes": (
        "“read_mode=yes” is not possible. Use one of these: linearizable, lease, local.",
        "“read_mode=yes”行不通。请用以下之一：linearizable、lease、local。",
    ),
    "/sandbox?read_mode=lease": (
        "Reads by lease (read_mode=lease) need check_quorum. "
        "Turn check_quorum and leader_stickiness on, or choose another read_mode.",
        "租约读取（read_mode=lease）需要 check_quorum。"
        "请打开 check_quorum 和 leader_stickiness，或选用别的 read_mode。",
    ),
    "/sandbox?max_inflight=0": (
        "“max_inflight=0” is not possible. Use a whole number from 1 to 1,000, or leave it out.",
        "“max_inflight=0”行不通。请用 1 到 1,000 之间的整数，或省略它。",
    ),
    "/sandbox?heartbeat=0": (
        "“heartbeat=0” is not possible. Use milliseconds from 1 to 60,000.",
        "“heartbeat=0”行不通。请用 1 到 60,000 毫秒。",
    ),
    "/sandbox?latency=20-10": (
        "“latency=20-10” is not possible. "
        "Use the least and the most, such as 150-300, in milliseconds from 0 to 60,000.",
        "“latency=20-10”行不通。请写出最小值和最大值，例如 150-300，单位为毫秒，从 0 到 60,000。",
    ),
    "/sandbox?latency=fast": (
        "“latency=fast” is not possible. Use a whole number of milliseconds, or two such as 150-300.",
        "“latency=fast”行不通。请用整数毫秒，或形如 150-300 的两个数。",
    ),
    "/embed?lesson=partition&theme=blue": (
        "“theme=blue” is not possible. Use one of these: auto, light, dark.",
        "“theme=blue”行不通。请用以下之一：auto、light、dark。",
    ),
    "/embed?lesson=partition&autoplay=x": (
        "“autoplay=x” is not possible. Use 1 (on, true) or 0 (off, false).",
        "“autoplay=x”行不通。请用 1（开，true）或 0（关，false）。",
    ),
    "/embed": ("No lesson is named. These lessons are here:", "没有指明是哪一课。这里有这些课程："),
    "/embed?lesson=nope": (
        "There is no lesson “nope” here. These lessons are here:",
        "这里没有课程“nope”。这里有这些课程：",
    ),
    "/lesson/nope": (
        "There is no lesson “nope” here. These lessons are here:",
        "这里没有课程“nope”。这里有这些课程：",
    ),
    "/nowhere": (
        "There is no page at /nowhere. Start from the first page",
        "/nowhere 处没有页面。从首页开始",
    ),
}


def get(server: Server, path: str, language: str = "en") -> str:
    answer = requests.get(
        server.url + path + ("&" if "?" in path else "?") + f"lang={language}",
        headers={"Accept": "text/html"},
        timeout=DEADLINE,
    )
    assert answer.status_code in (400, 404)
    return unescape(answer.text)


@pytest.mark.parametrize("path", SAID)
@pytest.mark.parametrize(("language", "space"), [("en", " "), ("zh", "")])
def test_it_is_said_in_the_page_s_language(
    server: Server, path: str, language: str, space: str
) -> None:
    page = get(server, path, language)
    assert f'<html lang="{language}">' in page
    body = page.split("<h1>")[1]
    told = [words for words in re.findall(r"<p[^>]*>(.*?)</p>", body, re.S) if "<a" not in words]
    assert space.join(told) == SAID[path][language == "zh"]


@pytest.mark.parametrize(
    ("path", "first", "count"),
    [
        ("/lesson/nope", '<a href="/lesson/what-is-consensus">What is consensus?</a>', 24),
        ("/lesson/electio", '<a href="/lesson/election">Electing a leader</a>', 1),
        ("/embed", '<a href="/embed?lesson=what-is-consensus&lang=en">What is consensus?</a>', 24),
        (
            "/embed?lesson=nope&theme=dark&step=9",
            '<a href="/embed?lesson=what-is-consensus&theme=dark&lang=en">What is consensus?</a>',
            24,
        ),
        (
            "/embed?lesson=electio",
            '<a href="/embed?lesson=election&lang=en">Electing a leader</a>',
            1,
        ),
    ],
)
def test_the_lessons_that_there_are_can_be_opened(
    server: Server, path: str, first: str, count: int
) -> None:
    offered = re.findall(r"<li>(.*?)</li>", get(server, path))
    assert (offered[0], len(offered)) == (first, count)


def test_a_mistake_of_our_own_is_told_in_the_page_s_language() -> None:
    limits = Limits()
    app = pages_alone(Shelf([]), Hall(limits, lambda: 0.0), limits)
    app.add_url_rule("/broken", view_func=lambda: str(1 // 0))
    answer = app.test_client().get("/broken?lang=zh", headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert "服务器出了错，并已记录下来。" in answer.text
    assert "请再试一次，或重新打开页面。" in answer.text
    assert "try again" not in answer.text
