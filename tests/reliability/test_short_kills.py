"""A few kills of every kind in every test run; ``killed_*.py`` are the long runs."""

import os
import re
import subprocess
import sys

import pytest

from tests.reliability._home import ROOT
from tests.reliability.killed_acts import ACTS
from tests.reliability.killed_writers import trials

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX"),
]


async def test_kills_while_editing_and_migrating_lose_nothing_that_was_told() -> None:
    told = await trials(6)
    found = re.match(r"6 kills: (\d+) edits told and none lost, (\d) of 3 migrations cut", told)
    assert found, told
    assert int(found[1]) > 10, "the program was at work when it was killed"


@pytest.mark.parametrize("name", ACTS)
def test_a_kill_in_the_middle_of_anything_breaks_no_promise(name: str) -> None:
    """In a process of its own: this one has threads, and must not be forked."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.reliability.killed_anywhere", "2", name],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-3_000:]
    found = re.match(
        rf"{name} +2 kills, \d before the end, (\d+) promises kept, 0 lost", told.stdout
    )
    assert found, told.stdout
