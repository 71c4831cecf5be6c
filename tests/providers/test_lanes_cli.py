"""The real CLIs kept warm: what stands ready, goes on, is closed, and is never doubled."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from desktop.providers.base import Finished, Started, TextCame
from desktop.providers.cli import CliProvider
from desktop.providers.process import Processes
from tests.emulator.scenarios import KO
from tests.emulator.server import Emulator, Seen
from tests.providers.asking import Answered, ask
from tests.providers.conftest import CliHome, Clis
from tests.providers.warm import KINDS, Warm, asked

pytestmark = pytest.mark.cli
NAMES = tuple(KINDS)


@pytest.fixture
async def warm(
    clis: Clis, cli_home: CliHome, emulator: Emulator, processes: Processes
) -> AsyncGenerator[Warm]:
    table = Warm(clis, cli_home, emulator, processes)
    yield table
    await table.close()


def session_of(answered: Answered) -> str:
    told = [one.session for one in answered.of(Started) if isinstance(one, Started)]
    assert told
    assert told[-1]
    return told[-1]


def users_in(seen: Seen) -> list[str]:
    """What the model was told by the person, message by message."""
    found = seen.body.get("messages") or seen.body.get("contents")
    return [str(one) for one in found if one["role"] == "user"]


async def settled(provider: CliProvider) -> None:
    """Wait until what is started after a turn stands there."""
    while provider._ahead:
        await asyncio.gather(*provider._ahead)


@pytest.mark.parametrize("name", NAMES)
async def test_a_prepared_process_asks_the_model_nothing_and_takes_the_next_turn(
    warm: Warm, name: str
) -> None:
    provider = warm.provider(name, "ko", "r")
    await provider.prepare(asked(name))
    await provider.prepare(asked(name))
    [lane] = warm.pool.idle
    await asyncio.sleep(3)
    assert warm.emulator.generations("r") == []
    answered = await ask(provider, asked(name))
    assert answered.text == KO
    assert lane.pid not in [one.pid for one in warm.pool.idle] or name == "gemini"
    assert len(warm.emulator.generations("r")) == 1
    await settled(provider)
    assert len(warm.pool.idle) == 1


@pytest.mark.parametrize("name", NAMES)
async def test_without_retention_no_turn_knows_of_the_one_before(warm: Warm, name: str) -> None:
    provider = warm.provider(name, "inst", "r")
    for number in range(3):
        assert (await ask(provider, asked(name, f"말 {number}."))).stop == "end"
        await settled(provider)
    last = warm.emulator.generations("r")[-1].raw
    assert "말 2." in last
    assert "말 0." not in last
    assert "말 1." not in last


@pytest.mark.parametrize("name", NAMES)
async def test_a_retained_conversation_is_told_only_what_is_new(warm: Warm, name: str) -> None:
    provider = warm.provider(name, "inst", "r")
    answered = await ask(provider, asked(name, "처음부터 하나", retain=True))
    pids = {one.pid for one in warm.pool.idle}
    for number in range(5):
        request = asked(
            name,
            "처음부터 다시",
            retain=True,
            session=session_of(answered),
            news=f"새 말 {number}.",
        )
        answered = await ask(provider, request)
        assert answered.text == "[민수]: 응, 알겠어!\n"
    assert {one.pid for one in warm.pool.idle} == pids
    seen = warm.emulator.generations("r")
    assert len(seen) == 6
    assert "처음부터 하나" in seen[-1].raw
    assert "새 말 0." in seen[-1].raw
    assert users_in(seen[-1])[-1].count("새 말 4.") == 1
    assert "처음부터 다시" not in seen[-1].raw


@pytest.mark.parametrize("name", NAMES)
async def test_a_conversation_nobody_has_any_more_is_told_the_whole_story(
    warm: Warm, name: str
) -> None:
    provider = warm.provider(name, "inst", "r")
    request = asked(name, "처음부터 전부", retain=True, session="0c5f-forgotten", news="새 말")
    answered = await ask(provider, request)
    assert session_of(answered) != "0c5f-forgotten"
    [seen] = warm.emulator.generations("r")
    assert "처음부터 전부" in seen.raw
    assert "새 말" not in seen.raw


@pytest.mark.parametrize("name", NAMES)
async def test_a_warm_process_that_dies_before_its_first_text_is_replaced_and_nothing_is_doubled(
    warm: Warm, name: str
) -> None:
    provider = warm.provider(name, "slow", "r")
    await provider.prepare(asked(name))
    [lane] = warm.pool.idle
    os.kill(lane.pid, signal.SIGSTOP)  # it looks alive, and will never say a word
    asking = asyncio.create_task(ask(provider, asked(name)))
    await asyncio.sleep(0.2)
    os.kill(lane.pid, signal.SIGKILL)
    answered = await asking
    assert answered.text == KO * 2
    assert len(warm.emulator.generations("r")) == 1


@pytest.mark.parametrize("name", NAMES)
async def test_a_process_killed_after_its_first_text_is_a_cut_and_is_not_asked_again(
    warm: Warm, name: str
) -> None:
    provider = warm.provider(name, "vslow", "r")
    await provider.prepare(asked(name))
    [lane] = warm.pool.idle
    answered = Answered()
    async for event in provider.answer(asked(name)):
        answered.events.append(event)
        if isinstance(event, TextCame) and len(answered.pieces) == 2:
            os.kill(lane.pid, signal.SIGKILL)
    assert answered.problem.code == "cut_off" or answered.problem.code == "crashed"
    assert len(answered.pieces) >= 2
    assert len(warm.emulator.generations("r")) == 1
    again = warm.provider(name, "ko", "r2")
    assert (await ask(again, asked(name))).text == KO


@pytest.mark.parametrize("name", NAMES)
async def test_a_process_that_dies_while_it_waits_is_not_asked(warm: Warm, name: str) -> None:
    provider = warm.provider(name, "ko", "r")
    await provider.prepare(asked(name))
    [lane] = warm.pool.idle
    os.kill(lane.pid, signal.SIGKILL)
    async with asyncio.timeout(5):
        while warm.pool.idle:
            await asyncio.sleep(0.01)
    assert (await ask(provider, asked(name))).text == KO
    assert len(warm.emulator.generations("r")) == 1


async def test_another_stage_or_model_gets_another_process_and_the_old_one_is_closed(
    warm: Warm,
) -> None:
    provider = warm.provider("claude", "inst", "r")
    await provider.prepare(asked("claude", system="첫 무대"))
    [first] = warm.pool.idle
    await provider.prepare(asked("claude", system="둘째 무대"))
    [second] = warm.pool.idle
    await first.gone()
    await ask(provider, asked("claude", system="둘째 무대", model="haiku"))
    [seen] = warm.emulator.generations("r")
    assert "haiku" in seen.body["model"]
    assert seen.body["system"][-1]["text"] == "둘째 무대"
    await settled(provider)
    assert second not in warm.pool.idle


async def test_no_more_than_the_number_set_are_kept_over_all_providers(warm: Warm) -> None:
    warm.most = 2
    for name in NAMES:
        await warm.provider(name, "inst", "r").prepare(asked(name, room_id=name))
    assert len(warm.pool.idle) == 2
    async with asyncio.timeout(10):
        while len({one.pid for one in warm.living()}) > 2:
            await asyncio.sleep(0.1)


async def test_with_none_allowed_nothing_is_kept_or_started_ahead(warm: Warm) -> None:
    warm.most = 0
    provider = warm.provider("claude", "inst", "r")
    await provider.prepare(asked("claude"))
    assert (await ask(provider, asked("claude"))).stop == "end"
    await settled(provider)
    await asyncio.gather(*provider._lanes.values())
    assert warm.living() == []


async def test_resetting_a_room_ends_its_process_and_no_other(warm: Warm) -> None:
    provider = warm.provider("claude", "inst", "r")
    for room in ("r1", "r2"):
        await provider.prepare(asked("claude", system=room, room_id=room))
    first, second = warm.pool.idle
    provider.forget("r1")
    await first.gone()
    assert warm.pool.idle == (second,)
    provider.forget()
    await second.gone()
    assert warm.living() == []


@pytest.mark.parametrize("name", NAMES)
async def test_stopping_closes_the_request_and_another_process_stands_ready(
    warm: Warm, name: str
) -> None:
    provider = warm.provider(name, "vslow", "r")
    await provider.prepare(asked(name))
    answer = provider.answer(asked(name))
    async for event in answer:
        if isinstance(event, TextCame):
            break
    seen = warm.emulator.generations("r")[0]
    await answer.aclose()
    async with asyncio.timeout(10):
        await seen.client_gone.wait()
    await settled(provider)
    assert len(warm.pool.idle) == 1


async def test_gemini_is_renewed_after_fifty_turns(warm: Warm) -> None:
    provider = warm.provider("gemini", "inst", "r")
    pids = []
    for _ in range(52):
        assert isinstance((await ask(provider, asked("gemini"))).events[-1], Finished)
        await settled(provider)
        pids.append(warm.pool.idle[-1].pid)
    assert len(set(pids[:49])) == 1
    assert len(set(pids)) == 2


@pytest.mark.parametrize("name", NAMES)
async def test_the_program_killed_outright_takes_its_waiting_processes_along(
    warm: Warm, name: str
) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows ends jobs by itself")
    url = warm.emulator.url("inst", "r")
    maker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.providers.idle_orphan_maker"),
        *(name, str(warm.home.root), str(warm.clis.folder), url),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert maker.stdout is not None
    assert await maker.stdout.readline() == b"waiting\n"
    assert warm.living()
    maker.kill()
    await maker.wait()
    async with asyncio.timeout(5):
        while warm.living():
            await asyncio.sleep(0.05)
