"""The double that other tests build on does what is written down for it."""

import asyncio

import pytest

from desktop.providers.base import Failed, Finished, Started, TextCame
from tests.doubles.scripted_provider import Hold, ScriptedProvider, cut, hanging, texts
from tests.providers.test_storyteller import request


async def test_it_plays_its_scripts_in_order_and_the_last_one_again() -> None:
    provider = ScriptedProvider([texts("하나"), cut("둘", code="quota")])
    heard = [[event async for event in provider.answer(request())] for _ in range(3)]
    assert heard[0] == [Started(), TextCame(text="하나"), Finished()]
    assert heard[1] == heard[2]
    last = heard[1][-1]
    assert isinstance(last, Failed)
    assert last.problem.code == "quota"
    assert len(provider.requests) == 3
    assert (provider.closed_early, provider.running) == (0, 0)


async def test_a_hanging_answer_ends_only_by_being_closed() -> None:
    provider = ScriptedProvider([hanging("하나")])
    answer = provider.answer(request())
    assert [await anext(answer), await anext(answer)] == [Started(), TextCame(text="하나")]
    waiting = asyncio.ensure_future(anext(answer))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not waiting.done()
    assert provider.running == 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (provider.closed_early, provider.running) == (1, 0)


async def test_a_held_answer_goes_on_when_the_gate_opens() -> None:
    gate = asyncio.Event()
    provider = ScriptedProvider([(Started(), Hold(gate), Finished())])
    heard = asyncio.ensure_future(_heard(provider))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not heard.done()
    gate.set()
    assert await heard == [Started(), Finished()]


async def _heard(provider: ScriptedProvider) -> list[object]:
    return [event async for event in provider.answer(request())]


async def test_a_reader_who_stops_after_the_last_event_left_nothing() -> None:
    provider = ScriptedProvider([texts("하나")])
    answer = provider.answer(request())
    while not isinstance(await anext(answer), Finished):
        pass
    await answer.aclose()
    assert provider.closed_early == 0


async def test_a_bug_written_down_is_raised() -> None:
    provider = ScriptedProvider([(Started(), ValueError("x"))])
    with pytest.raises(ValueError, match="x"):
        await _heard(provider)
