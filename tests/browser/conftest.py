"""A real server and a real browser, and the page as a person finds it: by roles and names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.proxy import Proxy
from tests.browser.room import Room
from tests.server.process import Server

FIRST_PORT = 5220
KNOWN = "if (location.protocol !== 'about:') localStorage.setItem('raftviz:seen:tour', 'yes')"
"""Run in a page before its own scripts: this person has been here before."""
EXPECTED = re.compile(
    "WebSocket|ERR_(CONNECTION_(REFUSED|RESET)|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)|was preloaded using link preload"
)
"""What a browser may say where servers end, and where a busy machine is slow to draw."""

DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server(port=FIRST_PORT)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser(chrome: str, chrome_flags: list[str]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome, args=chrome_flags)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser contexts (people, so to say). At the end none of their pages may have complained.

    They know the page already, so that no tour stands in their way, unless it is their `first_visit`.
    """
    made: list[BrowserContext] = []
    complaints: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: (
                complaints.append(line.text)
                if line.type in ("error", "warning") and not EXPECTED.search(line.text)
                else None
            ),
        )

    def make(*, first_visit: bool = False, **options: Any) -> BrowserContext:
        new = browser.new_context(
            **{"viewport": DESK, "reduced_motion": "no-preference", **options}
        )
        new.set_default_timeout(15_000)
        if not first_visit:
            new.add_init_script(KNOWN)
        new.on("page", watch)
        made.append(new)
        return new

    yield make
    for each in made:
        each.close()
    assert complaints == []


@pytest.fixture
def open_room(context: Callable[..., BrowserContext], server: Server) -> Callable[..., Room]:
    """Open a page of the server, in a context of its own, and wait until the room is there."""

    def open_page(path: str, *, url: str | None = None, **options: Any) -> Room:
        room = Room(context(**options).new_page())
        room.page.goto((url or server.url) + path)
        room.wait_until_open()
        return room

    return open_page


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """A way to the server that can be cut."""
    proxy = Proxy(server.port)
    yield proxy
    proxy.close()
