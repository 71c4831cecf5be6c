"""A few kills of every kind in every test run; the long run is ``killed_writers.py``."""

import re
import sys

import pytest

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
