"""The real window under load: answers at 40, 200 and 2,000 tokens a second, and a very long room.

Usage: ``python -m tests.benchmarks.bench_window [--messages N] [--seconds S]``. Frames are those of
a display of 60 Hz; on a virtual screen everything is drawn by the processor alone.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import sync_playwright

from tests.window.flood import Flood, flooding
from tests.window.gauge import Gauge
from tests.window.harness import PACE, ROOT, App, virtual_screen, wait_until
from tests.window.long_story import written
from tests.window.table import Table

RATES = (40, 200, 2_000)
SERVER = "flood"
KEYS = 60


def bring_in(table: Table, flood: Flood) -> None:
    """Have the open room answered by the server that floods."""
    settings = table.call("app.open")["settings"]
    server = {"id": SERVER, "name": "Flood", "base_url": flood.url, "model": "flood"}
    table.call("settings.change", settings={**settings, "servers": [server]})
    stage = table.call("app.open")["room"]["room"]["stage"]
    table.call("room.stage", room_id=table.room_id, stage={**stage, "provider": SERVER})
    table.page.reload()
    table.ready()


def streaming(table: Table, flood: Flood, seconds: float) -> None:
    head = (
        "tokens/s",
        "came",
        "longest",
        "dropped",
        "of",
        "work",
        "per 1,000",
        "batches/s",
        "elements",
    )
    print("".join(f"{each:>11}" for each in head))
    for rate in RATES:
        flood.rate, flood.tokens = rate, int(rate * seconds)
        answers = len(flood.sent)
        with Gauge(table.page) as gauge:
            began = time.monotonic()
            table.say(f"{rate}")
            wait_until(lambda: len(flood.sent) > answers, "the answer ends", 120)  # noqa: B023
            table.wait_for_the_end()
            took = time.monotonic() - began
        got = gauge.measured
        print(
            f"{rate:>11}{flood.tokens / took:>11.0f}{got.longest_ms:>9.0f}ms{got.dropped:>11}"
            f"{got.frames + got.dropped:>11}{got.work_ms:>9.0f}ms"
            f"{got.work_ms * 1000 / flood.tokens:>9.0f}ms{got.batches_a_second:>11.1f}"
            f"{got.most_nodes:>11}",
            flush=True,
        )


def timed(name: str, act: Callable[[], object], page: Any) -> None:
    with Gauge(page) as gauge:
        began = time.monotonic()
        act()
        took = (time.monotonic() - began) * 1000
    got = gauge.measured
    times = f"{took:>9.0f}ms{got.work_ms:>9.0f}ms{got.longest_ms:>9.0f}ms"
    print(f"{name:<34}{times}{got.most_nodes:>10}", flush=True)


def key_latency(page: Any) -> list[float]:
    """Milliseconds from a key to the second frame after it, for each of many keys."""
    field = page.get_by_test_id("composer-input")
    field.click()
    page.evaluate(
        """() => {
          window.__keys = [];
          const field = document.querySelector('[data-testid=composer-input]');
          field.addEventListener('input', (event) => requestAnimationFrame(() =>
            requestAnimationFrame((at) => window.__keys.push(at - event.timeStamp))));
        }"""
    )
    for _ in range(KEYS):
        page.keyboard.insert_text("가")
        page.wait_for_timeout(40)
    found: list[float] = page.evaluate("window.__keys")
    field.fill("")
    return found


def memory_mb(app: App) -> tuple[float, float]:
    """Of the program and of the processes that draw its window."""
    top, *others = (each.memory_full_info().uss / 1e6 for each in app.tree())
    return top, sum(others)


def long_room(app: App, count: int) -> None:
    print(f"\na room of {count:,} messages{'took':>19}{'work':>11}{'longest':>11}{'elements':>10}")
    began = time.monotonic()
    table = Table(app, **{PACE: "inf"})
    print(f"{'start to the last message':<34}{(time.monotonic() - began) * 1000:>9.0f}ms")
    page = table.page
    log = page.get_by_role("log")

    def shown(position: int) -> bool:
        row = page.locator(f"[data-message-id=m{position}]")
        return bool(row.count() and row.is_visible())

    def scroll() -> None:
        log.hover()
        for _ in range(40):
            page.mouse.wheel(0, -2_000)
            page.wait_for_timeout(50)

    def jump(position: int) -> None:
        page.keyboard.press("Control+k")
        page.get_by_test_id("palette-input").fill(f"{position}번째")
        page.locator(f"#line-m{position}").click()
        wait_until(lambda: shown(position), "the line is shown", 120)

    def to_end() -> None:
        page.get_by_test_id("to-end").click()
        wait_until(lambda: shown(count), "the last line is shown", 60)

    gauge = Gauge(page)
    print(f"{'heap after opening':<34}{gauge.heap_mb():>8.1f} MB")
    timed("40 turns of the wheel upwards", scroll, page)
    timed("back to the end", to_end, page)
    timed("search and go to message 50,000", lambda: jump(count // 2), page)
    timed("back to the end", to_end, page)
    timed("search and go to message 7", lambda: jump(7), page)
    print(f"{'heap there':<34}{gauge.heap_mb():>8.1f} MB")
    timed("back to the end", to_end, page)
    keys = key_latency(page)
    slow = statistics.quantiles(keys, n=20)[-1]
    print(
        f"{'a key, to the second frame':<34}{statistics.median(keys):>9.0f}ms{slow:>9.0f}ms (95 %)"
    )
    ours, drawn = memory_mb(app)
    print(f"{'heap at the end':<34}{gauge.heap_mb():>8.1f} MB")
    print(f"memory: program {ours:.0f} MB, engine {drawn:.0f} MB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8.0)
    options = parser.parse_args()
    (ROOT / "out").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=ROOT / "out", prefix="bench-"))
    print(f"load {os.getloadavg()[0]:.1f}, {psutil.cpu_count()} processors")
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        display = stack.enter_context(virtual_screen())
        hands: Any = stack.enter_context(sync_playwright()).chromium
        flood = stack.enter_context(flooding())
        app = App(folder / "stream", display, hands, {})
        stack.callback(app.clean_up)
        table = Table(app)
        bring_in(table, flood)
        streaming(table, flood, options.seconds)
        app.close()
        long = App(folder / "long", display, hands, {})
        stack.callback(long.clean_up)
        written(long.data, options.messages)
        long_room(long, options.messages)
        long.close()
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
