"""A page to measure: opening it, waiting for it, and giving it commands."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, Page, ViewportSize

SIZE: ViewportSize = {"width": 1440, "height": 900}

# Runs before the page does: notes when the first state has been drawn.
NOTE_FIRST_STATE = """
(() => {
  const look = () => {
    if (window.raftviz?.last > 0 && document.querySelector('#stage svg text')) {
      requestAnimationFrame(() => requestAnimationFrame(() => { window.drawnAt = performance.now(); }));
    } else setTimeout(look, 4);
  };
  look();
})();
"""

# Times one command: from the click to the moment that the frame with its events is in the store.
TIME_COMMAND = """
(command) => new Promise((resolve, reject) => {
  const { store } = raftviz;
  const take = store.frame;
  raftviz.seekSeq(raftviz.last);
  const began = performance.now();
  store.frame = (frame) => {
    take(frame);
    if (!frame.events.length) return;
    store.frame = take;
    resolve(performance.now() - began);
  };
  setTimeout(() => reject(new Error(raftviz.model().error ?? 'no events came')), 30000);
  raftviz.dispatch({ type: 'command', command });
})
"""

# Nobody is shown around here.
KNOWN = "if (location.protocol !== 'about:') localStorage.setItem('raftviz:seen:tour', 'yes')"


def until(page: Page, expression: str, within: float = 60.0) -> None:
    """Wait until a JavaScript expression is true; the page's policy forbids Playwright's own way."""
    end = time.monotonic() + within
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise TimeoutError(f"{expression} did not come about in {within:g} s")
        page.wait_for_timeout(5)


def open_page(browser: Browser, address: str) -> Page:
    """A page of its own, with nothing cached, whose first state is drawn."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.add_init_script(KNOWN)
    page.add_init_script(NOTE_FIRST_STATE)
    page.goto(address)
    until(page, "window.drawnAt !== undefined")
    return page


def grow(page: Page, command: dict[str, object]) -> None:
    """Give a command at the head and wait until its events are here."""
    page.evaluate(TIME_COMMAND, command)
