"""One server for all tests that talk to one, and clients that are closed in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.server.process import Client, Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A running server."""
    running = Server()
    yield running
    running.stop()
    told = "\n".join(running.lines())
    assert "Traceback" not in told, told


@pytest.fixture
def join(server: Server) -> Iterator[Callable[..., Client]]:
    """Connect a client."""
    clients: list[Client] = []

    def connect(to: Server = server, **options: str) -> Client:
        clients.append(Client(to, **options))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()
