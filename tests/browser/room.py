"""The room's page as a person uses it: what can be seen, and what can be pressed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

PATIENCE = 15.0
"""Seconds to wait for what must come true."""


SPEEDS = (-2, -1.7, -1.3, -1, -0.7, -0.3, 0, 0.3, 0.7, 1)
"""The round speeds as the slider has them: decimal logarithms of virtual seconds a real second."""


class Room:
    """One page that shows a room."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def wait_until_open(self) -> None:
        """Wait for the connection and for the first state."""
        expect(self.page.get_by_text(re.compile("^(connected|watching)$"))).to_be_attached()
        expect(self.page.locator("[data-node-line]").first).to_be_attached()

    # What can be seen

    def lines(self) -> list[str]:
        """Return the state panel, letter by letter."""
        return self.page.locator("[data-node-line]").evaluate_all(
            "all => all.map(e => e.textContent)"
        )

    def expect_lines(self, lines: list[str]) -> None:
        """Wait until the state panel shows just these lines."""
        expect(self.page.locator("[data-node-line]")).to_have_text(lines)

    def node(self, name: str, *facts: str) -> Locator:
        """Return a node of the stage of which these facts hold, such as "leader" or "term 2"."""
        pattern = f"^{name} " + "".join(rf"(?=.*{re.escape(fact)}\b)" for fact in facts)
        stage = self.page.get_by_role("group", name="The cluster")
        return stage.get_by_role("button", name=re.compile(pattern))

    def nodes(self, *facts: str) -> Locator:
        """Return all nodes of the stage of which these facts hold."""
        return self.node(r"node\d+", *facts)

    def expect_step(self, number: int) -> None:
        """Wait until the lesson is at this step, counted from 1."""
        expect(self.page.get_by_text(re.compile(rf"^Step {number} of \d+$"))).to_be_attached()

    def model(self, field: str) -> Any:
        """Return a field of what the page draws; for what has no words on the screen."""
        return self.page.evaluate(f"raftviz.model().{field}")

    def wait_for(self, condition: str) -> None:
        """Wait until a JavaScript condition over `model` holds. (The page's policy forbids eval.)"""
        deadline = time.monotonic() + PATIENCE
        while not self.page.evaluate(
            f"(() => {{ const model = raftviz.model(); return {condition}; }})()"
        ):
            assert time.monotonic() < deadline, f"never came true: {condition}, but {self.where()}"
            self.page.wait_for_timeout(30)

    def where(self) -> Any:
        """Return where the page is in time, for the message of a test that fails."""
        return self.page.evaluate(
            "(({ seq, last, p, playing, live, connection, error }) =>"
            " JSON.stringify({ seq, last, p, playing, live, connection, error }))(raftviz.model())"
        )

    def rest(self) -> None:
        """Wait until nothing moves any more: two looks, a few frames apart, see the same."""
        seen = None
        while seen is None or seen != self.model("p"):
            self.wait_for("!model.playing && !model.live")
            seen = self.model("p")
            self.page.wait_for_timeout(150)

    def drawn(self) -> None:
        """Wait until what the model holds now is on the screen, as a person who looks does."""
        self.page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    # What can be pressed

    def button(self, name: str) -> Locator:
        """Return a button by its exact name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press a button."""
        self.button(name).click()

    def menu(self) -> Locator:
        """Return the menu of what was clicked."""
        return self.page.get_by_role("dialog", name="What to do")

    def choose(self, verb: str) -> None:
        """Choose a verb from the menu that is open."""
        self.menu().get_by_role("button", name=verb, exact=True).click()

    def do_to_node(self, name: str, verb: str) -> None:
        """Choose a verb from the menu of a node."""
        self.node(name).click()
        self.choose(verb)

    def branches(self) -> Locator:
        """Open the tree of branches and return it; each branch is a treeitem."""
        tree = self.page.get_by_role("tree", name="Branches")
        if not tree.is_visible():
            self.page.get_by_role("button", name=re.compile("^Branch: ")).click()
        return tree

    def branch(self, name: str) -> Locator:
        """Return a branch in the tree by its name."""
        return self.branches().get_by_role("treeitem", name=re.compile(f"^{re.escape(name)} "))

    def act(self, what: str) -> Locator:
        """Open the form of acts and choose one; return the form."""
        sheet = self.page.get_by_role("dialog", name="Act on the cluster")
        if not sheet.is_visible():
            self.press("Act…")
        sheet.get_by_role("combobox", name="What").select_option(label=what)
        return sheet

    def seek(self, share: float) -> None:
        """Press on the time line at a share of its length."""
        self.drawn()
        track = self.page.get_by_role("slider", name="Time", exact=True)
        box = track.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)

    def speed(self, index: int) -> None:
        """Choose a round speed: 0 is the slowest, 9 the fastest."""
        self.page.get_by_role("slider", name="Speed").fill(str(SPEEDS[index]))


def elected(
    open_room: Callable[..., Room], path: str = "/sandbox?nodes=3&seed=1", **options: object
) -> Room:
    """Open a sandbox, let it elect a leader and pause."""
    room = open_room(path, **options)
    room.speed(6)
    room.press("Play")
    expect(room.nodes("leader")).to_have_count(1)
    room.press("Pause")
    room.rest()
    return room


def leader_of(room: Room) -> str:
    """Return the name of the node that leads."""
    return str(room.model("nodes.find(id => raftviz.model().view.nodes[id].state === 'leader')"))


def follower_of(room: Room) -> str:
    """Return the name of a node that does not lead."""
    return str(room.model("nodes.find(id => raftviz.model().view.nodes[id].state !== 'leader')"))
