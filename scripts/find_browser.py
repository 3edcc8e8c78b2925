"""Find a Chrome, Chromium or Edge to test with, or install one.

``python scripts/find_browser.py`` prints the path of the browser, and exits 1 with one line that says what to do
when there is none. With ``--install`` it first tries to get one: Debian's package when run by root, else
Playwright's own build. The environment variable ``CHROME`` overrides the search.

The tests import ``find_browser`` and ``FLAGS`` from here, so that both agree on the browser.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

#: How the tests start the browser: headless machines, containers and root included, and no traffic of its own.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

HOW_TO_GET_ONE = "No Chrome, Chromium or Edge was found: install one, or name it with CHROME=/path/to/chrome make test"

_COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)

_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/snap/bin/chromium",
    "${ProgramFiles}/Google/Chrome/Application/chrome.exe",
    "${ProgramFiles(x86)}/Google/Chrome/Application/chrome.exe",
    "${LocalAppData}/Google/Chrome/Application/chrome.exe",
    "${ProgramFiles(x86)}/Microsoft/Edge/Application/msedge.exe",
    "${ProgramFiles}/Microsoft/Edge/Application/msedge.exe",
)


class NoBrowserError(Exception):
    """There is no usable browser; the message says in one line what to do."""


def _playwright_build() -> Iterator[str]:
    """Yield where Playwright keeps its own Chromium, if Playwright is there to be asked."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _candidates() -> Iterator[str]:
    for command in _COMMANDS:
        found = shutil.which(command)
        if found:
            yield found
    for place in _PLACES:
        yield os.path.expanduser(os.path.expandvars(place))
    yield from _playwright_build()


def find_browser() -> str:
    """Return the path of an installed browser.

    Raises:
        NoBrowserError: if there is none, or if ``CHROME`` names something that cannot be run.

    """
    named = os.environ.get("CHROME")
    if named:
        found = shutil.which(named)
        if found is None:
            raise NoBrowserError(
                f"CHROME={named} cannot be run: name the browser's executable file"
            )
        return found
    for path in _candidates():
        if os.access(path, os.X_OK) and Path(path).is_file():
            return path
    raise NoBrowserError(HOW_TO_GET_ONE)


def _ways_to_install() -> Iterator[list[list[str]]]:
    """Yield the ways to get a browser, best first, each as commands to run in turn."""
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
        yield [["apt-get", "update", "--quiet"], install]
    yield [[sys.executable, "-m", "playwright", "install", "chromium"]]


def install_browser() -> None:
    """Try each way to install a browser until one works; say on stderr what is being done."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for commands in _ways_to_install():
        for command in commands:
            print("No browser found; running:", " ".join(command), file=sys.stderr)
            done = subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=900,
                check=False,
            )
            if done.returncode != 0:
                break
        else:
            return


def main() -> int:
    """Print the browser's path; return the exit code."""
    parser = argparse.ArgumentParser(description="Find a Chrome, Chromium or Edge to test with.")
    parser.add_argument("--install", action="store_true", help="install one when there is none")
    parser.add_argument("--print", action="store_true", help="print where it is")
    arguments = parser.parse_args()
    try:
        try:
            path = find_browser()
        except NoBrowserError:
            if not arguments.install or os.environ.get("CHROME"):
                raise
            install_browser()
            path = find_browser()
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.print or not arguments.install:
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
