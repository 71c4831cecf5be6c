"""Thousands of turns through the real window: memory, handles and listeners must stay flat.

``[turns]``; prints a table. The built-in storyteller answers at once, so the turns cost only what
the program and its page cost. Everything is typed and read as a person does.
"""

import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tests.window.harness import App, virtual_screen, wait_until
from tests.window.table import Table

ROWS = 10
COLUMNS = ["turns", "python MB", "fds", "threads", "page MB", "fds", "heap MB", "rows", "nodes"]
COLUMNS.append("listeners")


class Taken(NamedTuple):
    """After so many turns; ``python`` is the program, ``page`` the process that draws."""

    turns: int
    python_mb: float
    python_fds: int
    python_threads: int
    page_mb: float
    page_fds: int
    heap_mb: float
    rows: int
    """Messages that are drawn; the page lets go of far older ones."""
    nodes: int
    listeners: int

    def row(self) -> str:
        return "".join(
            f"{each:>11.1f}" if isinstance(each, float) else f"{each:>11}" for each in self
        )


class Soak:
    def __init__(self, table: Table) -> None:
        self._table = table
        self._page = table.page
        self._cdp = self._page.context.new_cdp_session(self._page)
        self._cdp.send("Performance.enable")
        self.turns = 0

    def go(self, turns: int) -> None:
        """Say a line, wait for the end of its answer, and so on."""
        for _ in range(turns):
            self.turns += 1
            before = self._ended()
            self._table.say(f"{self.turns}번째 문을 연다")
            self._page.wait_for_timeout(40)
            wait_until(partial(self._new, before), "an answer ends", 60)

    def _new(self, before: str) -> bool:
        return self._ended() not in ("", before)

    def _ended(self) -> str:
        """The newest answer that stands there whole; empty while one is coming."""
        return str(
            self._page.evaluate(
                """() => {
                  const all = document.querySelectorAll('[data-testid=message]');
                  const last = all[all.length - 1];
                  const busy = document.querySelector('[data-testid=send-button]')
                    ?.dataset.state === 'stop';
                  if (!last || busy || last.dataset.authorKind === 'user') return '';
                  return last.dataset.messageId;
                }"""
            )
        )

    def take(self) -> Taken:
        self._cdp.send("HeapProfiler.collectGarbage")
        told = {m["name"]: m["value"] for m in self._cdp.send("Performance.getMetrics")["metrics"]}
        top, *children = self._table.app.tree()
        # The engine forks what draws from a process whose command line it keeps.
        page = max(children, key=lambda each: each.memory_info().rss)
        return Taken(
            turns=self.turns,
            python_mb=top.memory_info().rss / 1e6,
            python_fds=top.num_fds(),
            python_threads=top.num_threads(),
            page_mb=page.memory_info().rss / 1e6,
            page_fds=page.num_fds(),
            heap_mb=told["JSHeapUsedSize"] / 1e6,
            rows=self._page.get_by_test_id("message").count(),
            nodes=int(told["Nodes"]),
            listeners=int(told["JSEventListeners"]),
        )


def soak(table: Table, turns: int, say: Any = lambda _: None) -> list[Taken]:
    run, taken = Soak(table), []
    for number in range(ROWS):
        run.go(turns // ROWS + (number < turns % ROWS))
        taken.append(run.take())
        say(taken[-1].row())
    return taken


def main(turns: int) -> None:
    from playwright.sync_api import sync_playwright

    began = time.monotonic()
    with (
        virtual_screen() as display,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory(prefix="persona-soak-") as folder,
    ):
        app = App(Path(folder), display, playwright.chromium, {"PERSONA_STORYTELLER_PACE": "inf"})
        try:
            table = Table(app)
            print("".join(f"{each:>11}" for each in COLUMNS))
            soak(table, turns, lambda row: print(row, flush=True))
            stored = len(table.call("room.open", room_id=table.room_id)["messages"])
            assert stored, "the story is there"
        finally:
            app.clean_up()
    took = time.monotonic() - began
    print(f"{turns} turns in {took:.0f} s   (load {os.getloadavg()[0]:.1f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
