"""What leaves the page: pictures, films, files and links, each looked into."""

from __future__ import annotations

import json
import random
import re
import string
import struct
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from raftviz import lessons
from raftviz.server.protocol import Do
from tests.browser.room import Room
from tests.server.process import Server
from tests.server.rooms import sandbox

Open = Callable[..., Room]
SVG = "{http://www.w3.org/2000/svg}"


def dialog(room: Room) -> Locator:
    room.page.keyboard.press("s")
    found = room.page.get_by_role("dialog", name="Take away")
    expect(found).to_be_visible()
    return found


def choose(sheet: Locator, group: str, name: str) -> None:
    sheet.get_by_role("group", name=group).get_by_role("radio", name=name, exact=True).check()


def save(sheet: Locator, kind: str, folder: Path) -> Path:
    with sheet.page.expect_download() as download:
        sheet.get_by_role("button", name=f"Save {kind}").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    expect(sheet.get_by_role("status")).to_contain_text(file.name)
    return file


def colours(page: Page, data: str, kind: str) -> dict[str, Any]:
    """Load a picture as a page would, and return its size and its colours, the most frequent first."""
    looked: dict[str, Any] = page.evaluate(
        """async ([data, kind]) => {
          const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
          const image = new Image();
          image.src = URL.createObjectURL(new Blob([bytes], { type: kind }));
          await image.decode();
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const { data: all } = context.getImageData(0, 0, canvas.width, canvas.height);
          const found = new Map();
          for (let i = 0; i < all.length; i += 4) {
            const key = `${all[i]},${all[i + 1]},${all[i + 2]}`;
            found.set(key, (found.get(key) ?? 0) + 1);
          }
          const colours = [...found].sort((a, b) => b[1] - a[1]).map(([key]) => key);
          return { width: canvas.width, height: canvas.height, colours: colours.slice(0, 40) };
        }""",
        [data, kind],
    )
    return looked


def base64_of(file: Path) -> str:
    import base64

    return base64.b64encode(file.read_bytes()).decode()


def test_a_picture_for_a_paper(open_room: Open, tmp_path: Path) -> None:
    room = open_room("/lesson/partition?step=9", color_scheme="dark")
    room.expect_step(9)
    sheet = dialog(room)
    choose(sheet, "Theme", "Light, for print")
    file = save(sheet, "SVG", tmp_path)
    text = file.read_text("utf-8")
    assert not re.search(r"var\(|light-dark|class=|style=|<script|href=|url\((?!#)", text)
    root = ElementTree.fromstring(text)
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and "A client writes" in (title.text or "")
    assert desc is not None and "node3: candidate" in (desc.text or "")
    said = [each.text for each in root.iter(f"{SVG}text")]
    for words in (
        "node1",
        "term 3",
        "AppendEntries",
        "+1 entry · prev 0/0",
        "majority side · 2 of 3",
    ):
        assert words in said, words
    assert said.count("cut link") == 1
    assert "PreVote" not in said
    known = {"0", "none", *(f"url(#{name})" for name in ("hatch", "window"))}
    for each in root.iter():
        for name in ("fill", "stroke"):
            paint = each.get(name, "none")
            assert paint in known or re.fullmatch("#[0-9a-f]{6}", paint), paint
    seen = colours(room.page, base64_of(file), "image/svg+xml")
    assert (seen["width"], seen["colours"][0]) == (960, "255,255,255")
    assert "27,127,90" in seen["colours"]  # the leader's green, as on light pages
    assert "still under way" in said and "time axis: stretched where much happens" in said
    assert "paint-order" not in text and len(text) < 40_000  # and no fonts
    for font in ("serif", "monospace", "Inter Variable"):
        wide = widths(room.page, text, font)
        assert max(wide) < 1.5, (font, wide)


def widths(page: Page, text: str, font: str) -> list[float]:
    """Draw a picture in another font: by how much the width of each text differs from what it is to be, px."""
    found: list[float] = page.evaluate(
        """([text, font]) => {
          const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
          for (const each of [root, ...root.querySelectorAll('[font-family]')]) {
            const mono = /Mono/.test(each.getAttribute('font-family'));
            each.setAttribute('font-family', font.startsWith('Inter') && mono ? 'JetBrains Mono Variable' : font);
          }
          document.body.append(root);
          const plain = font.startsWith('Inter') ? (each) => each.removeAttribute('textLength') : () => {};
          const found = [...root.querySelectorAll('text')].map((each) => {
            const wanted = Number(each.getAttribute('textLength'));
            plain(each);
            return Math.abs(each.getBBox().width - wanted);
          });
          root.remove();
          return found;
        }""",
        [text, font],
    )
    return found


def test_a_picture_in_pixels(open_room: Open, tmp_path: Path) -> None:
    room = open_room("/lesson/partition?step=9", viewport={"width": 390, "height": 844})
    room.press("Take away")
    sheet = room.page.get_by_role("dialog", name="Take away")
    choose(sheet, "What", "Space-time diagram")
    choose(sheet, "As", "PNG")
    choose(sheet, "Size", "3×")
    choose(sheet, "Theme", "Dark")
    preview = sheet.locator(".takeaway-preview")
    legend = str(preview.get_attribute("height"))
    sheet.get_by_role("checkbox", name="Legend").uncheck()
    expect(preview).not_to_have_attribute("height", legend)
    file = save(sheet, "PNG", tmp_path)
    data = file.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert width == 2880
    assert height == 3 * int(str(preview.get_attribute("height"))) < 3 * int(legend)
    seen = colours(room.page, base64_of(file), "image/png")
    assert seen["colours"][0] == "26,30,36"
    assert "238,168,60" in seen["colours"]  # candidates
    room.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def gif_frames(data: bytes) -> tuple[int, int, list[int]]:
    """Read a GIF: its size, and how long each frame stands, in hundredths of a second."""
    assert data[:6] == b"GIF89a"
    assert data[-1:] == b";"
    width, height, flags = struct.unpack("<HHB", data[6:11])
    at = 13 + (3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0)
    delays: list[int] = []

    def skip(at: int) -> int:
        while data[at]:
            at += data[at] + 1
        return at + 1

    while data[at] != 0x3B:
        if data[at] == 0x21:
            if data[at + 1] == 0xF9:
                delays.append(struct.unpack("<H", data[at + 4 : at + 6])[0])
            at = skip(at + 2)
        else:
            local = data[at + 9]
            at = skip(at + 10 + (3 * 2 ** ((local & 7) + 1) if local & 0x80 else 0) + 1)
    return width, height, delays


def test_a_film_has_every_frame_and_can_be_given_up(open_room: Open, tmp_path: Path) -> None:
    room = open_room("/lesson/partition?step=2")
    room.speed(0)
    sheet = dialog(room)
    choose(sheet, "As", "GIF")
    choose(sheet, "Size", "0.75×")
    choose(sheet, "What", "Stage")
    choose(sheet, "Film of", "From – to")
    sheet.get_by_role("spinbutton", name="From").fill("0")
    sheet.get_by_role("spinbutton", name="to").fill("99999")
    expect(sheet.get_by_role("alert")).to_contain_text("at most 30 seconds")
    expect(sheet.get_by_role("button", name="Save GIF")).to_be_disabled()
    choose(sheet, "Film of", "This step")
    sheet.get_by_role("combobox", name="Speed").select_option("As on the page (1/100×)")
    sheet.get_by_role("button", name="Save GIF").click()
    sheet.get_by_role("button", name="Cancel").press("Enter")
    expect(sheet.get_by_role("button", name="Save GIF")).to_be_visible()
    expect(sheet.get_by_role("status")).to_be_empty()
    file = save(sheet, "GIF", tmp_path)
    width, _, delays = gif_frames(file.read_bytes())
    step = room.model("lesson.steps[1]")
    took = room.model(f"pOf({step['end']})") - room.model(f"pOf({step['start'] - 1})")
    assert width == 720
    assert len(delays) == round(took / 1e6 * 100 * 20) + 1
    assert (set(delays[:-1]), delays[-1]) == ({5}, 160)


def test_a_film_says_how_long_it_is_and_a_step_can_be_followed(
    open_room: Open, tmp_path: Path
) -> None:
    room = open_room("/lesson/partition?step=9")
    room.expect_step(9)
    sheet = dialog(room)
    choose(sheet, "As", "GIF")
    speed = sheet.get_by_role("combobox", name="Speed")
    expect(speed).to_have_accessible_description(re.compile(r"^4\ss at 1/400×\."))
    shown = sheet.locator(".takeaway-preview")
    expect(shown).to_have_attribute("alt", re.compile("node1: leader[^.]*log of 1"))  # its end
    choose(sheet, "Size", "0.75×")
    choose(sheet, "What", "Space-time diagram")
    file = save(sheet, "GIF", tmp_path)
    _, _, delays = gif_frames(file.read_bytes())
    assert (len(delays), set(delays[:-1]), delays[-1]) == (81, {5}, 160)

    speed.focus()
    room.page.keyboard.press("ArrowDown")
    expect(speed).to_have_value("page")
    expect(speed).to_have_accessible_description(re.compile(r"^0\.5\ss at 1/50×\."))
    speed.select_option("1/1000×")
    expect(speed).to_have_accessible_description(re.compile(r"^10\ss at 1/1000×\."))
    room.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    sheet = dialog(room)  # what was chosen is remembered
    speed = sheet.get_by_role("combobox", name="Speed")
    expect(speed).to_have_accessible_description(re.compile(r"^10\ss at 1/1000×\."))
    choose(sheet, "Film of", "From – to")
    sheet.get_by_role("spinbutton", name="From").fill("0")
    expect(sheet.get_by_role("alert")).to_contain_text("seconds at 1/1000×")
    expect(sheet.get_by_role("alert")).to_contain_text("at most 30 seconds")
    expect(sheet.locator(".takeaway-length")).to_be_empty()
    speed.select_option("1×")
    expect(sheet.get_by_role("alert")).to_be_hidden()
    expect(sheet.get_by_role("button", name="Save GIF")).to_be_enabled()


def test_a_film_by_the_recorder(open_room: Open, tmp_path: Path) -> None:
    room = open_room("/lesson/election?step=2")
    sheet = dialog(room)
    choose(sheet, "As", "WebM")
    choose(sheet, "What", "Stage")
    choose(sheet, "Size", "0.75×")
    data = save(sheet, "WebM", tmp_path).read_bytes()
    assert data[:4] == b"\x1a\x45\xdf\xa3"
    assert b"webm" in data[:64]
    assert len(data) > 5_000


def fork(room: Room) -> None:
    """Crash the leader in the middle of the lesson."""
    room.do_to_node("node1", "Crash")
    room.wait_for("model.branches.length === 2 && model.view.nodes.node1.crashed")
    room.rest()


def test_a_session_leaves_and_comes_back(
    open_room: Open, context: Callable[..., BrowserContext], server: Server, tmp_path: Path
) -> None:
    room = open_room("/lesson/partition?step=9")
    fork(room)
    sheet = dialog(room)
    choose(sheet, "As", "Session")
    file = save(sheet, "Session", tmp_path)
    told = json.loads(file.read_text("utf-8"))
    assert told["moment"]["event"] == room.model("seq")
    views = room.model("view")

    page = context().new_page()
    page.goto(server.url)
    page.locator("#session-file").set_input_files(file)
    back = Room(page)
    back.wait_until_open()
    assert page.url.startswith(f"{server.url}/run#s=")
    assert back.model("view") == views
    assert back.model("branches.map(each => each.name)") == ["The lesson", "What if 1"]
    expect(back.node("node1", "crashed")).to_have_count(1)
    back.press("Back to the lesson")
    back.expect_step(22)


def test_a_wrong_file_is_told_in_place(
    context: Callable[..., BrowserContext], server: Server, tmp_path: Path
) -> None:
    page = context().new_page()
    page.goto(server.url)
    complaint = page.get_by_role("alert")
    for text, words in (
        ("{", "This file is not JSON"),
        ("", "This file is empty"),
        (" \n", "This file is empty"),
        (lessons.find("election").tree.text, "This looks like a lesson. Lessons open on the page"),
        ('{"format": "x"}', "This file is no saved session"),
        (
            json.dumps({"format": "raftviz-session", "x": "y" * 600_000}),
            "This file has 601 kB; a session may have 500.",
        ),
    ):
        file = tmp_path / "file.json"
        file.write_text(text)
        page.locator("#session-file").set_input_files(file)
        expect(complaint).to_contain_text(words)
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          const wrong = { format: 'raftviz-session', version: 1, cluster: {}, branches: [] };
          data.items.add(new File([JSON.stringify(wrong)], 'run.json'));
          for (const name of ['dragover', 'drop']) {
            document.body.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: data }));
          }
        }"""
    )
    veil = page.get_by_role("alertdialog")
    expect(veil).to_contain_text("This run cannot be opened")
    expect(veil).to_contain_text("nodes is missing")


def test_the_longest_session_opens_from_its_file(
    context: Callable[..., BrowserContext], server: Server, tmp_path: Path
) -> None:
    desk, chance = sandbox(), random.Random(1)
    longest = 0
    while desk.room.space.bytes > longest:
        longest = desk.room.space.bytes
        value = "".join(
            chance.choices(string.digits + string.ascii_letters + string.punctuation, k=1000)
        )
        desk.ask(Do({"write": {"key": "x", "value": value, "to": "node1"}}, None))
    assert longest > 390_000
    file = tmp_path / "long.json"
    file.write_text(json.dumps(desk.room.save(None)["session"], indent=1))
    page = context().new_page()
    page.goto(server.url)
    page.locator("#session-file").set_input_files(file)
    back = Room(page)
    expect(page.get_by_text("connected", exact=True)).to_be_attached(timeout=20_000)
    back.wait_until_open()
    assert back.model("last") == desk.room.active.last
    assert back.model("session.replayed") == {"differs": []}


def links(room: Room) -> dict[str, str]:
    """Open the sheet of links and return them by name."""
    room.press("Share")
    sheet = room.page.get_by_role("dialog", name="Share")
    run = sheet.get_by_role("textbox", name="This run, without a room")
    expect(run).to_have_value(re.compile("/run#s="))
    found = {
        str(each.get_attribute("aria-label")): each.input_value()
        for each in sheet.get_by_role("textbox").all()
        if each.is_visible()
    }
    room.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    return found


def open_link(context: Callable[..., BrowserContext], link: str) -> Room:
    room = Room(context().new_page())
    room.page.goto(link)
    room.wait_until_open()
    return room


def test_links_open_the_same_moment(
    open_room: Open, context: Callable[..., BrowserContext]
) -> None:
    room = open_room("/lesson/partition?step=9")
    room.page.keyboard.press("ArrowLeft")
    seq, view = room.model("seq"), room.model("view")
    moment = links(room)["This moment"]
    assert moment.endswith(f"/lesson/partition?step=9&event={seq}")
    other = open_link(context, moment)
    assert (other.model("seq"), other.model("view")) == (seq, view)
    assert other.model("room") != room.model("room")

    fork(room)
    room.page.keyboard.press("ArrowLeft")
    seq, view = room.model("seq"), room.model("view")
    found = links(room)
    assert f"?branch=b1&event={seq}" in found["This moment"]
    watching = open_link(context, found["This moment"])
    assert watching.model("role") == "viewer"
    assert (watching.model("seq"), watching.model("view")) == (seq, view)
    assert set(links(watching)) == set(found)  # who watches may share too

    room.branch("The lesson").click()
    room.wait_for("model.branch === 'main'")
    late = open_link(context, found["This moment"])  # the room shows another branch by now
    late.wait_for(f"model.branch === 'b1' && model.seq === {seq}")
    assert late.model("view") == view
    assert room.model("branch") == "main"

    alone = open_link(context, found["This run, without a room"])
    alone.wait_for(f"model.branch === 'b1' && model.seq === {seq}")
    assert alone.model("view") == view
    assert alone.model("role") == "presenter"


def test_a_damaged_link_is_told(context: Callable[..., BrowserContext], server: Server) -> None:
    for fragment, words in (("#s=abc", "is damaged"), ("", "carries no run")):
        page = context().new_page()
        page.goto(f"{server.url}/run{fragment}")
        expect(page.get_by_role("alertdialog")).to_contain_text(words)
