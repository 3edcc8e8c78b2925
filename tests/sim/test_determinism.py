"""The same seed and commands give the same events, byte for byte, wherever they run."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import pytest

from tests.sim.runs import dump, rollback, storm, upheaval

PROGRAM = """
import hashlib, json
from tests.sim.runs import dump, storm, upheaval
text = "\\n".join(json.dumps(event) for event in [*dump(storm()), *dump(upheaval())])
print(hashlib.sha256(text.encode()).hexdigest(), len(text))
"""


def digest() -> str:
    text = "\n".join(json.dumps(event) for event in [*dump(storm()), *dump(upheaval())])
    return f"{hashlib.sha256(text.encode()).hexdigest()} {len(text)}"


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_events_do_not_depend_on_the_hash_seed(hash_seed, root):
    env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=env,
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert run.stdout.strip() == digest()


def test_another_seed_gives_another_run():
    assert dump(storm(seed=3)) != dump(storm(seed=4))


def test_a_run_reaches_every_kind_of_event():
    """Otherwise the tests over this run would prove less than they seem to."""
    from raftviz.sim.events import KINDS

    seen = {event.kind for sim in (storm(), rollback(), upheaval()) for event in sim.events}
    never = {"invariant_violated"}
    assert set(KINDS) - seen - never == set()
