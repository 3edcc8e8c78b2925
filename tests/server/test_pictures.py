"""Pictures of lessons: drawn from their runs, small, in the page's inks, kept by browsers."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
import requests

from raftviz import lessons
from raftviz.server.pictures import FRAMES, draw
from tests.server.process import DEADLINE, Server

SVG = "{http://www.w3.org/2000/svg}"
RUNS = {lesson.id: lessons.run(lesson) for lesson in lessons.library()}


def frames(svg: str) -> dict[int, ET.Element]:
    root = ET.fromstring(svg)
    return {
        int(each.attrib["data-step"]): each
        for each in root.iter(f"{SVG}g")
        if "data-step" in each.attrib
    }


def shown(svg: str) -> list[int]:
    return [step for step, frame in frames(svg).items() if "visibility" not in frame.attrib]


def classes(frame: ET.Element) -> list[str]:
    return [each.attrib["class"] for each in frame.iter() if "class" in each.attrib]


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_a_lesson_has_a_picture_with_something_to_see(run: lessons.Run) -> None:
    still = draw(run)
    (frame,) = frames(still).values()
    seen = classes(frame)
    assert seen.count("picture-disc") >= 3
    assert {"picture-request", "picture-reply", "picture-cross", "picture-crashed"} & set(seen)
    moving = draw(run, moves=True)
    assert shown(moving) == shown(still)
    assert 3 <= len(frames(moving)) <= FRAMES
    assert list(frames(moving)) == sorted(frames(moving))
    assert len(moving) < 40_000


def test_a_picture_shows_what_was() -> None:
    run = RUNS["split-vote"]
    step = next(each for each in run.steps if "split" in each.title.lower() or each.index == 2)
    seen = classes(frames(draw(run, step.index + 1))[step.index + 1])
    assert seen.count("picture-candidate") == 2
    assert "picture-leader" not in seen
    with pytest.raises(KeyError):
        frames(draw(run, 1))[2]


def test_an_author_may_choose_the_step() -> None:
    text = lessons.find("election").tree.text + "\npicture: 2\n"
    run = lessons.run(lessons.loads(text, "election.yaml"))
    assert shown(draw(run)) == [2] != shown(draw(RUNS["election"]))


def get(server: Server, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{server.url}/api/lessons/{path}", headers=headers, timeout=DEADLINE)


def test_pictures_over_http(server: Server) -> None:
    answer = get(server, "election/picture.svg?moves=1")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.headers["Content-Encoding"] == "br"
    assert frames(answer.text).keys() == frames(draw(RUNS["election"], moves=True)).keys()
    again = get(server, "election/picture.svg?moves=1", **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = get(server, "election/picture.svg?step=3")
    assert shown(other.text) == [3]
    assert other.headers["ETag"] != answer.headers["ETag"]
    assert "#121519" in get(server, "election/picture.svg?theme=dark").text
    light = get(server, "election/picture.svg")
    assert "#121519" not in light.text + other.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("electoin/picture.svg", 404, "did you mean 'election'"),
        ("election/picture.svg?step=0", 404, "from 1 to 8"),
        ("election/picture.svg?step=99", 404, "from 1 to 8"),
        ("election/picture.svg?step=two", 400, "the number of a step, from 1 on"),
        ("election/picture.svg?theme=pink", 400, "light, dark"),
    ],
)
def test_pictures_that_there_are_not(server: Server, path: str, status: int, words: str) -> None:
    answer = get(server, path, Accept="application/json")
    assert answer.status_code == status
    error = answer.json()["error"]
    assert words in f"{error['message']}; {error['remedy']}"
