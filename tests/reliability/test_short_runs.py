"""The long runs, shortened so that they belong to every test run."""

import pytest

from tests.providers.warm import KINDS
from tests.reliability._home import warm_home
from tests.reliability.cancels import cancels
from tests.reliability.killed_apps import killed_apps
from tests.reliability.killed_clis import killed_clis
from tests.reliability.long_lane import long_lane
from tests.reliability.usage_sums import DIRECT, usage_sums

pytestmark = [pytest.mark.cli, pytest.mark.timeout(300)]
NAMES = tuple(KINDS)


@pytest.mark.parametrize("name", NAMES)
async def test_ten_turns_on_one_lane_lose_and_double_nothing(name: str) -> None:
    async with warm_home() as warm:
        assert "0 renewed" in await long_lane(warm, name, 10)


@pytest.mark.parametrize("name", NAMES)
async def test_two_kills_in_the_middle_leave_a_mark_and_a_working_table(name: str) -> None:
    async with warm_home() as warm:
        assert "2 kills" in await killed_clis(warm, name, 2)


@pytest.mark.parametrize("name", NAMES)
async def test_two_programs_killed_outright_leave_no_process(name: str) -> None:
    async with warm_home() as warm:
        assert "none left" in await killed_apps(warm, name, 2)


@pytest.mark.parametrize("name", NAMES)
async def test_a_stop_closes_the_request(name: str) -> None:
    async with warm_home() as warm:
        assert "request closed" in await cancels(warm, name, 2)


@pytest.mark.parametrize("name", [*NAMES, *DIRECT])
async def test_over_mixed_turns_the_sums_are_what_the_vendor_told(name: str) -> None:
    async with warm_home() as warm:
        assert "12 turns: 9 counted, 3 estimated" in await usage_sums(warm, name, 12)
