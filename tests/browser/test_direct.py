"""The cluster taken in hand: lines that cut, nodes that change sides, menus, and what is taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.room import Room

Open = Callable[..., Room]
Point = tuple[float, float]

CUT = "Object.values(model.view.links).filter(link => link.cut).length"


def middle(room: Room, name: str) -> Point:
    """Return where a node stands on the screen."""
    box = room.node(name).locator(".node-disc").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(room: Room, start: Point, end: Point) -> None:
    """Press at a point, and move the mouse to another without letting go."""
    room.page.mouse.move(*start)
    room.page.mouse.down()
    room.page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    room.page.mouse.move(*end)


def around(room: Room, name: str) -> tuple[Point, Point]:
    """Return the ends of a line that parts the topmost node from all others."""
    x, y = middle(room, name)
    return (x - 160, y + 75), (x + 160, y + 75)


def test_a_line_cuts_what_it_crosses_and_a_second_one_mends_it(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=5&seed=1", reduced_motion="reduce")
    lit = room.page.locator(".will-cut")
    line = around(room, "node1")
    before = room.model("last")

    drag(room, *line)
    expect(lit).to_have_count(4)
    expect(room.page.get_by_text("Cuts 4 links.")).to_be_visible()
    room.page.keyboard.press("Escape")
    expect(lit).to_have_count(0)
    room.page.mouse.up()
    assert room.model("last") == before

    drag(room, *line)
    room.page.mouse.up()
    room.wait_for(f"{CUT} === 8")
    expect(room.page.get_by_role("dialog", name="What to do")).to_be_hidden()
    drag(room, *line)
    expect(room.page.get_by_text("Mends 4 links.")).to_be_visible()
    room.page.mouse.up()
    room.wait_for(f"{CUT} === 0")

    room.page.keyboard.press("Control+z")
    room.wait_for(f"{CUT} === 8")
    room.page.keyboard.press("Control+z")
    room.wait_for(f"{CUT} === 0")


def test_a_node_is_carried_to_a_side_and_back(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=5&seed=1", reduced_motion="reduce")
    stage = room.page.get_by_role("group", name="The cluster").bounding_box()
    assert stage is not None
    corner = (stage["x"] + stage["width"] - 30, stage["y"] + 30)

    drag(room, middle(room, "node2"), corner)
    expect(room.page.get_by_text("node2 gets a side of its own.")).to_be_visible()
    expect(room.page.get_by_text("majority side · 4 of 5")).to_be_visible()
    room.page.mouse.up()
    room.wait_for(f"{CUT} === 8")
    expect(room.page.get_by_role("dialog", name="What to do")).to_be_hidden()

    drag(room, middle(room, "node3"), middle(room, "node2"))
    expect(room.page.get_by_text("node3 goes to the side of node2.")).to_be_visible()
    room.page.mouse.up()
    room.wait_for(f"{CUT} === 12 && !model.view.links['node2>node3']?.cut")

    drag(room, middle(room, "node3"), (middle(room, "node3")[0] + 20, middle(room, "node3")[1]))
    expect(room.page.get_by_text("node3 stays where it is.")).to_be_visible()
    room.page.mouse.up()
    assert room.model("view.links['node1>node2'].cut")

    x = sum(middle(room, f"node{n}")[0] for n in range(1, 6)) / 5
    y = sum(middle(room, f"node{n}")[1] for n in range(1, 6)) / 5
    drag(room, middle(room, "node2"), (x, y))
    expect(room.page.get_by_text("All come together again.")).to_be_visible()
    room.page.mouse.up()
    room.wait_for(f"{CUT} === 0")


def test_what_was_done_is_taken_back_and_brought_back(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1", reduced_motion="reduce")
    watching = open_room(f"/room/{room.model('room')}", reduced_motion="reduce")
    expect(watching.page.get_by_role("heading", name="A cluster to watch")).to_be_visible()
    expect(watching.page.get_by_text("Click anything for what it is, and why.")).to_be_visible()
    expect(watching.page.get_by_role("toolbar", name="Tools")).to_be_hidden()
    for name in ("node1", "node2"):
        room.do_to_node(name, "Crash")
        expect(room.node(name, "crashed")).to_be_visible()
    keys = room.page.keyboard
    keys.press("Control+z")
    expect(room.node("node2", "follower")).to_be_visible()
    expect(watching.node("node2", "follower")).to_be_visible()
    keys.press("Control+z")
    expect(room.node("node1", "follower")).to_be_visible()
    keys.press("Control+z")
    expect(room.page.get_by_text("There is nothing to take back.").first).to_be_visible()
    for key, name in (("Control+Shift+Z", "node1"), ("Control+y", "node2")):
        keys.press(key)
        expect(room.node(name, "crashed")).to_be_visible()
    assert [each["id"] for each in room.model("branches")] == ["main"]
    keys.press("Control+y")
    expect(room.page.get_by_text("There is nothing to bring back.").first).to_be_visible()

    keys.press("Control+z")
    expect(room.node("node2", "follower")).to_be_visible()
    room.do_to_node("node3", "Pause")
    expect(room.node("node3", "paused")).to_be_visible()
    tree = room.branches()
    expect(tree.get_by_role("treeitem")).to_have_count(2)
    here = tree.get_by_role("treeitem", selected=True)
    expect(here).to_contain_text("What if 1")
    expect(here).to_contain_text("node3 stands still.")
    expect(here).to_contain_text(f"from event {room.model('branches[1].at')}")
    expect(here).to_be_focused()
    keys.press("ArrowLeft")
    expect(room.branch("Main")).to_be_focused()
    keys.press("Enter")
    expect(room.node("node2", "crashed")).to_be_visible()

    room.branch("What if 1").click()
    expect(room.node("node3", "paused")).to_be_visible()
    room.branches()
    field = room.page.get_by_role("textbox", name="Name of the branch on the screen")
    for name, words in (
        ("", "A name is needed."),
        ("  \t ", "A name is needed."),
        ("x" * 500, "The name has 500 characters; at most 60."),
    ):
        field.fill(name)
        room.press("Rename")
        expect(tree.locator("..").get_by_role("alert")).to_have_text(words)
        expect(field).to_be_focused()
        assert room.model("branches.map(each => each.name)") == ["Main", "What if 1"]
    field.fill("Two are down")
    room.press("Rename")
    room.branch("Two are down").click()
    expect(
        watching.page.get_by_role("button", name="Branch: Two are down, 2 in all")
    ).to_be_visible()


def test_everything_has_a_menu_by_mouse_and_by_keyboard(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1", reduced_motion="reduce")
    menu, keys = room.menu(), room.page.keyboard
    stage = room.page.get_by_role("group", name="The cluster")
    link = stage.get_by_role("button", name="Link between node1 and node2")

    room.node("node1").click(button="right")
    off = menu.get_by_role("button", name="Send heartbeats")
    expect(off).to_have_attribute("aria-disabled", "true")
    off.hover()
    expect(menu.get_by_text("node1 does not lead: only leaders send heartbeats.")).to_be_visible()
    off.click(force=True)
    room.choose("Time out")
    expect(room.node("node1", "candidate")).to_be_visible()

    message = room.page.get_by_role("button", name=re.compile("^RequestVote .*node1 to node2"))
    room.node("node1").focus()
    keys.press("Tab")
    expect(stage.get_by_role("button", name="Link between node1 and node2")).to_be_focused()
    keys.press("ArrowRight")
    expect(stage.get_by_role("button", name="Link between node1 and node3")).to_be_focused()
    keys.press("Shift+F10")
    room.choose("Other values…")
    menu.get_by_label("Lost, %").fill("101")
    room.choose("Set")
    expect(menu.get_by_role("alert")).to_contain_text("from 0 to 100")
    menu.get_by_label("Lost, %").fill("25")
    menu.get_by_label("Which way").select_option(label="node3 → node1")
    room.choose("Set")
    room.wait_for("model.view.links['node3>node1']?.loss === 0.25")
    assert room.model("view.links['node1>node3']") is None
    keys.press("Tab")
    expect(stage.get_by_role("button", name=re.compile("^Client client"))).to_be_focused()
    keys.press("Tab")
    expect(room.page.locator(".message:focus")).to_have_count(1)
    message.focus()
    keys.press("Enter")
    expect(menu).to_contain_text("RequestVote, node1 → node2")
    room.choose("Deliver now")
    expect(room.node("node2", "term 1")).to_be_visible()

    box = link.bounding_box()
    assert box is not None
    room.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 4)
    room.choose("Cut node1 → node2")
    expect(link).to_have_accessible_name("Link between node1 and node2, cut from node1 to node2")

    room.node("node3").focus()
    keys.press("ContextMenu")
    room.choose("Move to side…")
    menu.get_by_label("Where it goes").select_option(label="to a side of its own")
    room.choose("Move")
    room.wait_for(f"{CUT} === 4 && !model.view.links['node1>node2']?.cut")

    stage.get_by_role("button", name=re.compile("^Client client")).click()
    expect(menu.get_by_role("button", name="Ask again", exact=True)).to_be_disabled()
    room.choose("Write…")
    menu.get_by_label("key").fill("colour")
    menu.get_by_role("combobox", name=re.compile("^to")).select_option("node1")
    room.choose("Send")
    client = stage.get_by_role("button", name=re.compile("^Client client: .*colour=1"))
    client.click()
    room.choose("Ask again")
    room.wait_for("model.events.filter(e => e.data.command?.retry).length === 1")
