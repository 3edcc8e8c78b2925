"""Lessons inside the pages of other sites."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.server.process import Server


class Host:
    """Another site, whose pages show ours in a frame."""

    def __init__(self) -> None:
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = host.page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        self.page = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def show(self, address: str) -> None:
        frame = f'<iframe width="320" height="360" sandbox="allow-scripts allow-same-origin" src="{address}"></iframe>'
        self.page = f"<!doctype html><link rel=icon href=data:,><title>Host</title>{frame}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.close()


def test_a_lesson_inside_another_site(
    context: Callable[..., BrowserContext], server: Server, host: Host
) -> None:
    people = context()
    page = people.new_page()
    host.show(f"{server.url}/embed?lesson=partition&amp;step=9&amp;theme=dark")
    page.goto(host.url)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="A client writes")).to_be_visible()
    picture = frame.get_by_role("img", name=re.compile("node3: candidate"))
    expect(picture).to_be_visible()
    frame.get_by_role("button", name="Back").click()
    expect(frame.get_by_text("Step 8 of 22")).to_be_visible()
    frame.get_by_role("button", name="Next step").click()
    expect(frame.get_by_text("Step 9 of 22")).to_be_visible()
    link = frame.get_by_role("link", name="Open in raftviz")
    expect(link).to_have_attribute("href", "/lesson/partition?step=9")
    inside = page.frames[1]
    assert inside.evaluate("document.documentElement.dataset.theme") == "dark"
    assert inside.evaluate("document.documentElement.scrollWidth") <= 320
    assert inside.evaluate("document.documentElement.scrollHeight") <= 360
    assert people.cookies(server.url) == []


def test_no_other_page_is_shown_by_another_site(
    browser: Browser, server: Server, host: Host
) -> None:
    people = browser.new_context()
    page = people.new_page()
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text))
    for path in ("/", "/lesson/partition", "/run"):
        host.show(server.url + path)
        page.goto(host.url)
        assert page.frames[1].evaluate("document.body.className") not in ("page", "room")
    assert len([line for line in refused if "frame-ancestors" in line]) == 3
    people.close()
