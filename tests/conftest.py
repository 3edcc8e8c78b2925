"""What all tests share: where the repository is, and the browser to test with."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# The same examples every time, and no time limit for one of them: machines differ.
settings.register_profile("raftviz", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("raftviz")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what needs a browser, the dearest: the many small files after it fill both workers to the end."""
    items.sort(key=lambda item: "browser" not in item.path.parts)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def chrome() -> str:
    """Return the path of an installed Chrome, Chromium or Edge; without one the test fails and says why."""
    from find_browser import NoBrowserError, find_browser

    try:
        return find_browser()
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def chrome_flags() -> list[str]:
    """Return the arguments to start the browser with, to be given to Playwright's ``launch(args=...)``."""
    from find_browser import FLAGS

    return list(FLAGS)
