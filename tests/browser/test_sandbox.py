"""A cluster of one's own, acted on in a real browser."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, expect

from raftviz.session import Session, save
from raftviz.simulation import Simulation
from tests.browser.conftest import KNOWN
from tests.browser.proxy import Proxy
from tests.browser.room import Room, elected, follower_of, leader_of
from tests.server.process import Server

Open = Callable[..., Room]


def test_five_nodes_play_and_elect(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=5&seed=3")
    expect(room.nodes("follower")).to_have_count(5)
    room.speed(5)
    room.press("Play")
    expect(room.nodes("leader")).to_have_count(1)
    room.wait_for("model.live && model.last - model.seq < 200")
    room.press("Pause")
    room.rest()
    assert room.model("seq") == room.model("last")


def test_partition_and_heal_by_the_form(open_room: Open) -> None:
    room = elected(open_room)
    form = room.act("Partition the cluster")
    form.get_by_label("node1 on side B").check()
    form.get_by_role("button", name="Partition", exact=True).click()
    room.wait_for(
        "Object.entries(model.view.links).filter(([, link]) => link.cut).map(([way]) => way).sort().join()"
        " === 'node1>node2,node2>node1,node2>node3,node3>node2'"
    )
    room.act("Mend everything").get_by_role("button").last.click()
    room.wait_for("Object.values(model.view.links).every(link => !link.cut)")


def test_crash_and_restart_by_the_form(open_room: Open) -> None:
    room = elected(open_room)
    form = room.act("Crash a node")
    form.get_by_role("combobox").last.select_option("node2")
    form.get_by_role("button").last.click()
    expect(room.node("node2", "crashed")).to_be_visible()
    form = room.act("Restart a node")
    form.get_by_role("combobox").last.select_option("node2")
    form.get_by_role("button").last.click()
    expect(room.node("node2", "follower")).to_be_visible()


def test_a_node_times_out_by_its_menu(open_room: Open) -> None:
    room = elected(open_room)
    name = follower_of(room)
    room.do_to_node(name, "Time out")
    expect(room.node(name, "candidate")).to_be_visible()


def test_isolate_and_cut_with_the_tools(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1")
    room.press("Isolate")
    room.node("node3").click()
    room.wait_for("Object.values(model.view.links).filter(link => link.cut).length === 4")
    room.node("node3").click()
    room.wait_for("Object.values(model.view.links).every(link => !link.cut)")
    form = room.act("Cut a link")
    form.get_by_role("button").last.click()
    room.wait_for("Object.values(model.view.links).some(link => link.cut)")


def test_a_write_is_replicated_committed_and_shown(open_room: Open) -> None:
    room = elected(open_room)
    form = room.act("Write, read or delete")
    form.get_by_label("key").fill("colour")
    form.get_by_label("value").fill("green")
    form.get_by_role("button", name="Send").click()
    room.speed(6)
    room.press("Play")
    expect(room.nodes("commit 1")).to_have_count(3)
    room.press("Pause")
    room.rest()
    assert all("stateMachine: {colour: green}" in line for line in room.lines())


def test_a_step_at_the_head_makes_the_next_thing_happen(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1")
    last = room.model("last")
    room.press("One step forward")
    room.wait_for(f"model.last > {last}")
    room.rest()
    assert room.model("seq") == room.model("last")


def test_acting_in_the_past_makes_a_branch_and_the_old_one_stays(open_room: Open) -> None:
    room = elected(open_room)
    last = room.model("last")
    room.seek(0.3)
    room.do_to_node("node1", "Crash")
    expect(room.node("node1", "crashed")).to_be_visible()
    room.branch("Main").click()
    room.wait_for(f"model.branch === 'main' && model.last === {last}")
    expect(room.node("node1", "crashed")).to_have_count(0)


def test_a_wrong_request_is_told_beside_its_field(open_room: Open) -> None:
    room = elected(open_room)
    form = room.act("Write, read or delete")
    form.get_by_label("key").fill("")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("alert")).to_contain_text("A key is needed")
    form.get_by_label("key").fill("k")
    expect(form.get_by_role("alert")).to_be_hidden()


def test_what_the_server_refuses_is_told_in_place_and_changes_nothing(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1")
    before = room.model("last")
    room.page.evaluate("raftviz.dispatch({type: 'command', command: {timeout: 'node9'}})")
    alert = room.page.get_by_role("alert").filter(has_text="node9")
    expect(alert).to_contain_text("node1")
    assert room.model("last") == before
    room.press("Dismiss")
    expect(alert).to_be_hidden()
    huge = "{write: {key: 'k', value: 'x'.repeat(10_000_000)}}"
    room.page.evaluate(f"raftviz.dispatch({{type: 'command', command: {huge}}})")
    expect(room.page.get_by_role("alert").filter(has_text="at most")).to_be_visible()
    assert room.model("connection") == "open"


def test_a_script_as_a_key_is_text(open_room: Open) -> None:
    room = elected(open_room)
    key = "<script>document.title='x'</script><img src=x onerror=document.title='x'>"
    form = room.act("Write, read or delete")
    form.get_by_label("key").fill(key)
    form.get_by_label("value").fill("<b>bold</b>")
    form.get_by_role("button", name="Send").click()
    room.speed(6)
    room.press("Play")
    expect(room.nodes("commit 1")).to_have_count(3)
    room.press("Pause")
    room.rest()
    assert all(f"(set, {key}=<b>bold</b>)" in line for line in room.lines())
    shown = room.page.get_by_role("tabpanel")
    room.page.get_by_role("tab", name="Key-value").click()
    expect(shown.get_by_role("rowheader")).to_have_text(key)
    room.page.get_by_role("tab", name="Events").click()
    shown.get_by_role("radio", name="Clients").click()
    expect(shown.get_by_text("onerror").first).to_be_attached()
    assert "raftviz" in room.page.title()
    assert room.page.locator("main script, main img").count() == 0
    assert room.page.locator("main b", has_text="bold").count() == 0


def test_a_reload_while_it_plays_comes_back_to_the_same_room(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1")
    room.speed(5)
    room.press("Play")
    room.wait_for("model.last > 30")
    name = room.model("room")
    room.page.reload()
    room.wait_until_open()
    assert room.model("room") == name
    assert room.model("role") == "presenter"
    room.wait_for("model.live")
    room.press("Pause")


def test_the_socket_drops_and_comes_back(open_room: Open, proxy: Proxy) -> None:
    room = open_room("/sandbox?nodes=3&seed=1", url=proxy.url)
    room.speed(5)
    room.press("Play")
    room.wait_for("model.last > 30")
    name = room.model("room")
    proxy.cut()
    expect(room.page.get_by_text("The connection is lost")).to_be_visible()
    room.seek(0.2)
    assert room.model("seq") < room.model("last")
    held = room.model("last")
    proxy.mend()
    expect(room.page.get_by_text("The connection is lost")).to_be_hidden()
    assert room.model("room") == name
    room.press("To the end")
    room.wait_for(f"model.last > {held}")
    seqs = room.page.evaluate("raftviz.model().events.map(event => event.seq)")
    assert seqs == list(range(1, len(seqs) + 1))


def test_others_may_watch_but_not_act(open_room: Open) -> None:
    room = elected(open_room)
    watcher = open_room(f"/room/{room.model('room')}")
    assert watcher.model("role") == "viewer"
    assert watcher.lines() == room.lines()
    room.page.evaluate("raftviz.dispatch({type: 'command', command: {crash: 'node1'}})")
    expect(watcher.node("node1", "crashed")).to_be_visible()
    watcher.page.evaluate("raftviz.dispatch({type: 'command', command: {restart: 'node1'}})")
    expect(watcher.page.get_by_role("alert").filter(has_text="presenter")).to_be_visible()


def test_a_room_that_is_over_is_told_and_what_is_kept_of_it_is_carried_on(
    browser: Browser, server: Server
) -> None:
    page = browser.new_page()
    page.add_init_script(KNOWN)
    page.goto(f"{server.url}/room/nosuchroom")
    expect(page.get_by_text("this session has ended")).to_be_visible()
    expect(page.get_by_role("link", name="Open a sandbox")).to_be_visible()
    carry = page.get_by_role("button", name="Carry on from here")
    expect(carry).to_have_count(0)
    simulation = Simulation(nodes=3, seed=1)
    simulation.do({"timeout": "node2"})
    run = {**save(Session.of(simulation)), "moment": {"branch": "main", "event": 3}}
    page.evaluate(
        "run => localStorage.setItem('raftviz:run:nosuchroom', run)",
        json.dumps(run),
    )
    page.reload()
    carry.click()
    room = Room(page)
    expect(page.locator("[data-node-line]").first).to_be_attached(timeout=15_000)
    assert room.model("seq") == 3
    assert room.model("role") == "presenter"
    page.close()


def test_a_run_survives_the_server_and_a_reload(open_room: Open) -> None:
    """One server after the other at the same port, each killed."""
    server = Server(port=5240)
    room = elected(open_room, url=server.url)
    leader = leader_of(room)
    room.do_to_node(leader, "Crash")
    expect(room.node(leader, "crashed")).to_be_visible()
    room.seek(0.5)
    room.do_to_node(leader, "Pause")
    room.wait_for("model.branches.length === 2")
    room.rest()
    room.press("One step back")
    watcher = open_room(f"/room/{room.model('room')}", url=server.url)
    lines, seq, old = room.lines(), room.model("seq"), room.model("room")
    told = room.page.evaluate("raftviz.store.saved(raftviz.model().seq)")

    server.stop(signal.SIGKILL)
    expect(room.page.get_by_text("The connection is lost")).to_be_visible()
    server = Server(port=server.port)
    veil = room.page.get_by_role("alertdialog", name="This room has closed")
    expect(veil.get_by_role("button", name="Carry on from here")).to_be_focused(timeout=15_000)
    with room.page.expect_download() as download:
        veil.get_by_role("button", name="Save the run").click()
    assert json.loads(download.value.path().read_text("utf-8")) == told
    room.press("To the start")
    expect(room.page.locator("[data-node-line]")).not_to_have_text(lines)
    room.page.evaluate(f"raftviz.seekSeq({seq})")
    veil.get_by_role("button", name="Carry on from here").click()
    room.wait_for(f"model.connection === 'open' && model.seq === {seq}")
    expect(veil).to_be_hidden()
    room.expect_lines(lines)
    assert room.model("room") != old
    assert room.page.evaluate("raftviz.store.saved(raftviz.model().seq)") == told
    gone = watcher.page.get_by_role("alertdialog", name="This room has closed")
    expect(gone).to_contain_text("Who presented it has to carry on")
    gone.get_by_role("button", name="Open a copy of my own").click()
    watcher.wait_for("model.connection === 'open' && model.role === 'presenter'")
    assert watcher.model("room") not in (old, room.model("room"))

    server.stop(signal.SIGKILL)
    expect(room.page.get_by_text("The connection is lost")).to_be_visible()
    server = Server(port=server.port)
    room.page.reload()
    expect(veil).to_contain_text("Your browser has kept the whole run", timeout=15_000)
    room.press("Carry on from here")
    room.wait_until_open()
    room.expect_lines(lines)
    assert room.model("seq") == seq

    stale = """for (const key of Object.keys(sessionStorage)) {
      sessionStorage.setItem(key, sessionStorage.getItem(key).replace(/"room":"\\w+"/, '"room":"nosuchroom"'));
    }
    localStorage.setItem('raftviz:run:nosuchroom', '{"format":"raftviz-session","vers');"""
    room.page.add_init_script(stale)
    room.page.reload()
    banner = room.page.get_by_role("alert").filter(has_text="kept of your run is damaged")
    expect(banner).to_be_visible()
    room.wait_until_open()
    server.stop()


def test_light_and_dark_are_remembered(open_room: Open) -> None:
    room = open_room("/sandbox?nodes=3&seed=1", color_scheme="light")
    assert room.page.locator("html").get_attribute("data-theme") == "light"
    room.press("Light or dark")
    expect(room.page.locator("html")).to_have_attribute("data-theme", "dark")
    room.page.reload()
    room.wait_until_open()
    expect(room.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_phone_shows_it_without_scrolling_sideways(open_room: Open) -> None:
    for path in ("/sandbox?nodes=5&seed=3", "/lesson/partition"):
        room = open_room(path, viewport={"width": 390, "height": 844}, has_touch=True)
        width = room.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
        expect(room.nodes("follower").first).to_be_visible()


def test_an_idle_page_draws_nothing(open_room: Open) -> None:
    room = elected(open_room)
    room.page.evaluate(
        "() => { const asked = window.requestAnimationFrame; window.frames_asked = 0;"
        " window.requestAnimationFrame = (f) => { window.frames_asked += 1; return asked(f); }; }"
    )
    room.page.wait_for_timeout(500)
    assert room.page.evaluate("window.frames_asked") == 0


def test_leadership_is_handed_over_from_the_menu_and_by_the_form(open_room: Open) -> None:
    room = elected(open_room)
    first = leader_of(room)
    heir = follower_of(room)
    room.do_to_node(first, "Hand leadership to…")
    menu = room.page.get_by_role("dialog", name="What to do")
    menu.get_by_role("combobox").select_option(heir)
    menu.get_by_role("button", name="Hand over", exact=True).click()
    expect(room.node(first, f"leader → {heir}")).to_be_visible()
    room.press("Play")
    expect(room.node(heir, "leader")).to_be_visible()
    room.press("Pause")
    room.rest()
    form = room.act("Hand leadership over")
    form.get_by_role("combobox").last.select_option(first)
    form.get_by_role("button", name="Hand over", exact=True).click()
    expect(room.node(heir, f"leader → {first}")).to_be_visible()


def test_a_sandbox_with_prevote_from_the_home_page(
    context: Callable[..., BrowserContext], server: Server
) -> None:
    page = context().new_page()
    page.goto(server.url)
    expect(page.locator(".more-rules .mistakes")).to_be_visible()  # The form comes to rest with it.
    page.get_by_role("radio", name="3").check()
    page.get_by_role("checkbox", name="PreVote").check()
    page.get_by_role("button", name="Open the sandbox").click()
    room = Room(page)
    room.wait_until_open()
    room.do_to_node("node1", "Time out")
    expect(room.node("node1", "precandidate", "would vote for it")).to_be_visible()
    expect(room.node("node1", "term 0")).to_be_visible()


def test_a_message_that_is_dropped_dies_where_it_is_and_is_gone(open_room: Open) -> None:
    room = open_room("/lesson/partition?step=5")
    room.page.evaluate("raftviz.dispatch({type: 'rate', value: 1 / 50})")
    room.page.evaluate(
        "() => { window.dying = []; const look = () => {"
        " for (const f of raftviz.model().flights) if (f.fade > 0) window.dying.push(f.fraction);"
        " requestAnimationFrame(look); }; look(); }"
    )
    identity = room.model("flights.find(f => f.message.to === 'node1').id")
    room.page.evaluate(
        f"raftviz.dispatch({{type: 'command', command: {{drop: {{id: {identity}}}}}}})"
    )
    room.wait_for(f"model.view.messages[{identity}] === undefined")
    room.wait_for(f"!model.flights.some(flight => flight.id === {identity})")
    expect(room.page.locator(f'[data-message="{identity}"]')).to_have_count(0)
    dying = room.page.evaluate("window.dying")
    assert len(dying) > 5
    assert max(dying) < 0.2
