"""Members, snapshots, disks, clocks and clients, by what a person sees and presses."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.room import Room, elected, follower_of, leader_of

Open = Callable[..., Room]
THREE = "/sandbox?nodes=3&seed=1&noop_on_election=1"


def play_until(room: Room, seen: Locator) -> None:
    """Let time pass until something is seen, then pause."""
    room.press("Play")
    expect(seen).to_be_visible(timeout=20_000)
    room.press("Pause")
    room.rest()


def committed(open_room: Open, path: str = THREE, **options: object) -> Room:
    """Return a room in which every node has committed its leader's first entry."""
    room = elected(open_room, path, **options)
    room.press("Play")
    expect(room.nodes("commit 1")).to_have_count(int(re.findall(r"nodes=(\d)", path)[0]))
    room.press("Pause")
    room.rest()
    return room


def test_a_server_is_added_catches_up_and_is_gone_before_it_came(open_room: Open) -> None:
    room = committed(open_room)
    form = room.act("Add a server")
    expect(form.get_by_role("combobox", name="Server")).to_have_value("node4")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(room.node("node4", "catching up")).to_be_visible()
    play_until(room, room.node("node4", "follower", "term 1"))
    expect(room.page.get_by_text("4 nodes · seed 1")).to_be_visible()
    assert any("(members, node1 node2 node3 node4)" in line for line in room.lines())
    room.seek(0.02)
    expect(room.node("node4")).to_have_count(0)
    assert len(room.lines()) == 3
    room.press("To the end")
    expect(room.node("node4", "follower")).to_be_visible()
    assert len(room.lines()) == 4


def test_a_name_that_is_none_is_told_in_the_form(open_room: Open) -> None:
    room = committed(open_room)
    form = room.act("Add a server")
    form.get_by_role("combobox", name="Server").fill("4th")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text("A name is needed")


def test_a_member_is_removed_by_its_menu_and_added_again(open_room: Open) -> None:
    room = committed(open_room, f"{THREE}&pre_vote=1")
    name = follower_of(room)
    room.do_to_node(name, "Remove from the cluster")
    expect(room.node(name, "not a member")).to_be_visible()
    play_until(room, room.node(leader_of(room), "commit 2"))
    room.do_to_node(name, "Add to the cluster")
    play_until(room, room.node(leader_of(room), "commit 3"))
    expect(room.node(name, "not a member")).to_have_count(0)


def test_joint_consensus_is_named_while_it_lasts(open_room: Open) -> None:
    room = committed(
        open_room, "/sandbox?nodes=5&seed=3&noop_on_election=1&membership=joint&leader_stickiness=1"
    )
    leader = leader_of(room)
    leaving = [name for name in room.model("nodes") if name != leader][:2]
    form = room.act("Choose the members")
    for name in leaving:
        form.get_by_role("checkbox", name=name).uncheck()
    form.get_by_role("button", name="Change the members").click()
    expect(room.page.get_by_title(re.compile("^Joint consensus"))).to_be_visible()
    for name in leaving:
        expect(room.node(name, "leaving")).to_be_visible()
    play_until(room, room.node(leader, "commit 3"))
    expect(room.page.get_by_title(re.compile("^Joint consensus"))).to_be_hidden()
    for name in leaving:
        expect(room.node(name, "not a member")).to_be_visible()


def test_a_log_is_compacted_to_one_wide_cell(open_room: Open) -> None:
    room = committed(open_room)
    name = follower_of(room)
    room.do_to_node(name, "Compact its log")
    log = room.page.get_by_role("list", name=f"Log of {name}")
    expect(log.get_by_role("listitem").filter(has_text="snapshot")).to_be_visible()
    expect(room.page.locator(f'[data-node-line="{name}"]')).to_contain_text("(snapshot 1–1)")
    form = room.act("Compact a log")
    form.get_by_role("combobox", name="Node").select_option(leader_of(room))
    form.get_by_role("button", name="Compact its log").click()
    logs = room.page.get_by_role("list", name=re.compile("^Log of"))
    expect(logs.get_by_role("listitem").filter(has_text="snapshot")).to_have_count(2)


def test_a_disk_is_stalled_and_let_go_on(open_room: Open) -> None:
    room = committed(open_room)
    name = follower_of(room)
    expect(room.node(name, "disk stalled")).to_have_count(0)
    room.do_to_node(name, "Stall disk")
    expect(room.node(name, "disk stalled")).to_be_visible()
    room.do_to_node(name, "Let disk go on")
    expect(room.node(name, "disk stalled")).to_have_count(0)


def test_a_clock_is_set_in_its_form_and_a_rate_that_is_none_is_told(open_room: Open) -> None:
    room = elected(open_room)
    name = "node2"  # at the lower edge
    room.do_to_node(name, "Clock…")
    menu = room.page.get_by_role("dialog", name="What to do")
    menu.get_by_role("spinbutton", name="Rate").fill("40")
    menu.get_by_role("button", name="Set the clock").click()
    complaint = menu.get_by_role("alert")
    expect(complaint).to_contain_text("from 0.1 to 10")
    stage, words = room.page.locator("#stage").bounding_box(), complaint.bounding_box()
    assert stage is not None
    assert words is not None
    assert words["x"] + words["width"] <= stage["x"] + stage["width"]
    assert words["y"] + words["height"] <= stage["y"] + stage["height"]
    expect(menu.get_by_role("spinbutton", name="Rate")).to_have_attribute("min", "0.1")
    expect(menu.get_by_role("spinbutton", name="Rate")).to_have_attribute("max", "10")
    slider = menu.get_by_role("slider", name="Rate of the clock")
    for key, rate in (("Home", "0.1"), ("End", "10"), ("ArrowLeft", "9.77")):
        slider.press(key)
        expect(menu.get_by_role("spinbutton", name="Rate")).to_have_value(rate)
        expect(slider).to_have_attribute("aria-valuetext", rate)
    menu.get_by_role("spinbutton", name="Rate").fill("1")
    expect(slider).to_have_value("0")
    menu.get_by_role("spinbutton", name="Rate").fill("1.05")
    menu.get_by_role("button", name="Set the clock").click()
    expect(room.node(name, "×1.05 is its clock's rate")).to_be_visible()


def test_a_leader_with_a_lease_shows_it_and_reads_by_it(open_room: Open) -> None:
    path = f"{THREE}&check_quorum=1&leader_stickiness=1&read_mode=lease"
    room = committed(open_room, path)
    play_until(room, room.node(leader_of(room), "holds a lease"))
    form = room.act("Write, read or delete")
    form.get_by_role("combobox", name="request").select_option(label="Read")
    form.get_by_role("combobox", name="how").select_option(label="by lease")
    form.get_by_role("button", name="Send").click()
    room.wait_for("model.view.clients.client?.request.mode === 'lease'")
    room.wait_for("model.view.clients.client.outcome === 'ok'")


def test_a_client_acts_by_itself(open_room: Open) -> None:
    room = committed(open_room)
    form = room.act("Let a client act by itself")
    form.get_by_role("textbox", name="Client").fill("ann")
    form.get_by_role("spinbutton", name="Patience").fill("100")
    form.get_by_role("spinbutton", name="Tries").fill("0")
    form.get_by_role("button", name="Let it act").click()
    expect(form.get_by_role("alert")).to_contain_text("from 1 to 100")
    form.get_by_role("spinbutton", name="Tries").fill("5")
    form.get_by_role("button", name="Let it act").click()
    expect(form).to_be_hidden()
    form = room.act("Write, read or delete")
    form.get_by_role("textbox", name="client").fill("ann")
    form.get_by_role("combobox", name="to").select_option(follower_of(room))
    form.get_by_role("button", name="Send").click()
    room.press("Play")
    room.wait_for("model.view.clients.ann?.outcome === 'ok'")
    room.press("Pause")
    assert room.model("view.clients.ann.to") == leader_of(room)
