"""The loop's thread: any thread may ask, nobody is left waiting when it ends."""

import asyncio
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import Any, Never

import pytest

from desktop.bridge.event_loop import EventLoop, LoopStopped


@pytest.fixture
def loop() -> Any:
    made = EventLoop()
    made.start()
    yield made
    assert made.stop()


async def where() -> Any:
    return threading.current_thread()


def test_work_runs_on_the_loops_own_thread_whoever_asks(loop: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        threads = set(pool.map(lambda _: loop.call(where()), range(50)))
    assert len(threads) == 1
    assert threads.pop().name == "event-loop"


def test_an_error_reaches_the_one_who_asked(loop: Any) -> None:
    async def fail() -> Never:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        loop.call(fail())


def test_work_that_takes_too_long_is_cancelled(loop: Any) -> None:
    cancelled = threading.Event()

    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    with pytest.raises(TimeoutError):
        loop.call(slow(), 0.05)
    assert cancelled.wait(5)


def test_the_loop_cannot_wait_for_itself(loop: Any) -> None:
    async def ask_itself() -> None:
        loop.call(where())

    with pytest.raises(RuntimeError):
        loop.call(ask_itself())


def test_a_stop_settles_what_still_runs_and_lets_it_clean_up() -> None:
    loop, started, cleaned = EventLoop(), threading.Event(), threading.Event()
    loop.start()

    async def endless() -> None:
        started.set()
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0)
            cleaned.set()

    future = loop.submit(endless())
    assert started.wait(5)
    assert loop.stop()
    assert cleaned.is_set()
    with pytest.raises(CancelledError):
        future.result(1)
    with pytest.raises(LoopStopped):
        loop.call(where())
    assert loop.stop(), "stopping twice is harmless"
