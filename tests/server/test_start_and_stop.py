"""Starting the server as a person does, and ending it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest
import requests

from raftviz.errors import Error
from raftviz.server import launch
from tests.server.process import DEADLINE, ROOT, Client, Server


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_one_line_and_ends_quietly(number: int) -> None:
    server = Server(port=5160)
    client = Client(server)
    client.open(sandbox={"nodes": 3})
    client.must("play", {"rate": 1})
    assert server.lines() == [f"raftviz is at http://127.0.0.1:{server.port} (Ctrl-C ends it)"]
    assert server.stop(number) == 0
    assert [line for line in server.lines()[1:] if line] == []
    client.wait_for(lambda: not client.connected, "the end")
    client.close()


def free_port(wanted: int) -> int:
    with launch.listen("127.0.0.1", wanted) as listener:
        return int(listener.getsockname()[1])


def test_a_port_is_given_to_one_alone() -> None:
    with launch.listen("127.0.0.1", 5180) as first:
        port = first.getsockname()[1]
        with launch.listen("127.0.0.1", port) as second:
            assert second.getsockname()[1] > port
        with socket.socket() as sharing:
            sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            with pytest.raises(OSError, match="in use"):
                sharing.bind(("127.0.0.1", port))


def test_a_taken_port_is_said_and_the_next_one_used() -> None:
    with socket.socket() as taken:
        port = free_port(5165)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        server = Server(port=port)
        server.stop()
        assert server.port > port
        assert server.lines()[0] == f"raftviz: port {port} is taken, using {server.port}"
        assert server.lines()[1].startswith("raftviz is at ")


def test_two_servers_do_not_share_a_port() -> None:
    first = Server(port=5170)
    try:
        second = Server(port=first.port)
        second.stop()
        assert second.port != first.port
    finally:
        first.stop()


def test_the_command_line_starts_the_same_server() -> None:
    port = free_port(5175)
    server = Server(["-m", "raftviz", "serve", "--port", str(port)], port=1)
    assert server.port == port
    client = Client(server)
    client.open(lesson="election")
    client.close()
    assert server.stop(signal.SIGINT) == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("RAFTVIZ_PORT", "high", ["RAFTVIZ_PORT", "'high'", "0 to 65535"]),
        ("RAFTVIZ_PORT", "70000", ["RAFTVIZ_PORT", "'70000'", "0 to 65535"]),
        ("RAFTVIZ_HOST", "192.0.2.1", ["RAFTVIZ_HOST", "192.0.2.1", "127.0.0.1"]),
        ("RAFTVIZ_OPEN", "perhaps", ["RAFTVIZ_OPEN", "'perhaps'", "yes, no or auto"]),
    ],
)
def test_a_setting_that_makes_no_sense(name: str, value: str, words: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={"PATH": "", "RAFTVIZ_OPEN": "no", name: value},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert all(word in line for word in words)


def test_ports_that_are_all_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "PORTS_TRIED", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Error, match=f"no port from {port} to {port} is free"):
            launch.listen("127.0.0.1", port)


def test_a_lesson_of_ones_own_is_offered_beside_the_shipped_ones(tmp_path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "{id: mine, title: My lesson, summary: Of my own., steps: [{do: {timeout: node1}}]}",
        encoding="utf-8",
    )
    server = Server(["-m", "raftviz", "serve", "--lesson", str(file)])
    try:
        found = requests.get(f"{server.url}/api/lessons.json", timeout=10).json()["lessons"]
        assert [lesson["id"] for lesson in found][-1] == "mine"
        assert "partition" in [lesson["id"] for lesson in found]
        assert "My lesson" in requests.get(f"{server.url}/lesson/mine", timeout=10).text
    finally:
        server.stop()


def test_a_lesson_with_a_mistake_is_refused_before_the_server_starts(tmp_path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("{id: mine, title: My lesson, summary: s, stops: []}", encoding="utf-8")
    for name, said in ((str(file), "unknown key `stops`"), ("nowhere.yaml", "no such file")):
        run = subprocess.run(
            [sys.executable, "-m", "raftviz", "serve", "--lesson", name],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 2 and said in run.stderr
        assert "Traceback" not in run.stderr
