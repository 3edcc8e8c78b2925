"""A server of our own to measure against, on a free port of this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def running_server() -> Iterator[str]:
    """Start raftviz, yield its address, and end it afterwards."""
    environment = dict(
        os.environ,
        RAFTVIZ_HOST="127.0.0.1",
        RAFTVIZ_PORT="0",
        RAFTVIZ_OPEN="no",
        PYTHONUNBUFFERED="1",
    )
    command = [sys.executable, str(ROOT / "app.py")]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            for line in server.stdout:
                found = re.search(r"http://\S+", line)
                if found:
                    yield found.group()
                    return
            raise RuntimeError("the server ended before it said where it is")
        finally:
            server.terminate()
            server.wait(10)
