"""Which language a page speaks: the address, then the cookie, then the browser's preference."""

from __future__ import annotations

import json
from html import unescape

import pytest
import requests

from raftviz.server import language
from tests.server.process import DEADLINE, Server

CASES = {
    "nothing said": ("/", None, None, "en"),
    "the address": ("/?lang=zh", None, None, "zh"),
    "the address before the cookie": ("/?lang=en", "zh", None, "en"),
    "the cookie before the browser": ("/", "zh", "en", "zh"),
    "the browser": ("/", None, "zh-CN,zh;q=0.9,en;q=0.5", "zh"),
    "one that nobody speaks here": ("/?lang=tlh", None, "fr", "en"),
    "a cookie that makes no sense": ("/", "../../etc", None, "en"),
}


@pytest.mark.parametrize(("path", "cookie", "accepts", "expected"), CASES.values(), ids=CASES)
def test_a_page_speaks(
    server: Server, path: str, cookie: str | None, accepts: str | None, expected: str
) -> None:
    page = requests.get(
        server.url + path,
        headers={"Accept": "text/html", "Accept-Language": accepts},
        cookies={language.COOKIE: cookie} if cookie else {},
        timeout=DEADLINE,
    )
    assert f'<html lang="{expected}">' in page.text
    assert f"words/{expected}.json" in page.text


def test_what_the_address_chose_is_kept(server: Server) -> None:
    with requests.Session() as browser:
        browser.headers["Accept"] = "text/html"
        browser.get(f"{server.url}/?lang=zh", timeout=DEADLINE)
        assert '<html lang="zh">' in browser.get(server.url, timeout=DEADLINE).text
        browser.get(f"{server.url}/?lang=tlh", timeout=DEADLINE)
        assert '<html lang="zh">' in browser.get(server.url, timeout=DEADLINE).text


@pytest.mark.parametrize("path", ["/", "/sandbox?nodes=3&seed=4", "/lesson/election?step=2", "/no"])
def test_the_other_language_is_one_click_away_at_the_same_place(server: Server, path: str) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    page = requests.get(server.url + path, headers=headers, timeout=DEADLINE)
    if "data-languages" in page.text:
        assert (
            "中文"
            in json.loads(unescape(page.text.split('data-languages="')[1].split('"')[0])).values()
        )
        return
    there = path + ("&" if "?" in path else "?") + "lang=zh"
    assert f'href="{there}" hreflang="zh"' in unescape(page.text)
    assert (
        '<html lang="zh">'
        in requests.get(server.url + there, headers=headers, timeout=DEADLINE).text
    )


def test_a_count_chooses_the_form() -> None:
    told = [
        language.word("header.sandbox", tongue, count=count, seed=7)
        for tongue, count in (("en", 1), ("en", 3), ("zh", 1))
    ]
    assert told == ["1 node · seed 7", "3 nodes · seed 7", "1 个节点 · 种子 7"]
