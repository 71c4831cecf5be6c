"""From a stop to the end of the model's request, for each CLI."""

import asyncio
import statistics
import time
from contextlib import suppress

from desktop.providers.base import TextCame
from tests.providers.warm import Warm, asked
from tests.reliability._home import run


async def one_cancel(warm: Warm, name: str, label: str) -> tuple[float, float]:
    """Milliseconds until the caller is free, and until the vendor sees the request closed."""
    provider = warm.provider(name, "vslow", label)
    answer = provider.answer(asked(name))
    pieces = 0
    async for event in answer:
        pieces += isinstance(event, TextCame)
        if pieces == 3:
            break
    seen = warm.emulator.generations(label)[-1]
    assert not seen.client_gone.is_set()
    began = time.perf_counter()
    await answer.aclose()
    free = time.perf_counter() - began
    async with asyncio.timeout(10):
        await seen.client_gone.wait()
    closed = time.perf_counter() - began
    with suppress(asyncio.CancelledError):
        await provider.close()
    return free * 1000, closed * 1000


async def cancels(warm: Warm, name: str, times: int) -> str:
    took = [await one_cancel(warm, name, f"r{number}") for number in range(times)]
    free, closed = [each[0] for each in took], [each[1] for each in took]
    return (
        f"{times} stops: caller free after {statistics.median(free):.0f} ms (most {max(free):.0f}),"
        f" request closed after {statistics.median(closed):.0f} ms (most {max(closed):.0f})"
    )


if __name__ == "__main__":
    run(cancels, 15)
