"""How long a start takes, from source and frozen in turns: process, window, first paint.

``python -m tests.packaging.start_times --runs 7``, on a virtual screen. Times are milliseconds.
``window`` is from the start of the process to the window being on the screen, ``paint`` from there
to the first text or picture, ``ready`` from the start to the input being there to type into.
"""

import argparse
import ctypes
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.window.harness import PACE, ROOT, App, reach_table, virtual_screen

FROZEN = ROOT / "out" / "dist" / "PersonaChat" / "PersonaChat"
MAP_NOTIFY = 19
SUBSTRUCTURE_NOTIFY = 1 << 19
BIG_ENOUGH = 400
FIRST_PAINT = """async () => {
  for (let tries = 0; tries < 200; tries++) {
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    if (paint) return performance.timeOrigin + paint.startTime;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return 0;
}"""


class MapWatch(threading.Thread):
    """Notes when the first window that is large enough appears on the display."""

    def __init__(self, display: str) -> None:
        super().__init__(daemon=True)
        self.at = 0.0
        self._x = ctypes.CDLL("libX11.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(display.encode()))
        root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        self._x.XSelectInput(self._display, root, ctypes.c_long(SUBSTRUCTURE_NOTIFY))
        self._x.XSync(self._display, 0)

    def run(self) -> None:
        event = (ctypes.c_long * 24)()
        while not self.at:
            self._x.XNextEvent(self._display, ctypes.byref(event))
            kind = ctypes.c_int.from_buffer(event).value
            if kind == MAP_NOTIFY and self._is_large(event[5]):
                self.at = time.time()

    def _is_large(self, window: int) -> bool:
        root, x, y = ctypes.c_ulong(), ctypes.c_int(), ctypes.c_int()
        width, height, border, depth = (ctypes.c_uint() for _ in range(4))
        self._x.XGetGeometry(
            self._display, ctypes.c_ulong(window), ctypes.byref(root), ctypes.byref(x),
            ctypes.byref(y), ctypes.byref(width), ctypes.byref(height), ctypes.byref(border),
            ctypes.byref(depth),
        )  # fmt: skip
        return width.value >= BIG_ENOUGH


def one_start(kind: str, display: str, browser: Any, data: Path) -> dict[str, float]:
    """Start, measure, close. ``data`` is used again, as by someone who opens the app daily."""
    os.environ.pop("PERSONA_APP", None)
    if kind == "frozen":
        os.environ["PERSONA_APP"] = str(FROZEN)
    app = App(data, display, browser, {PACE: "inf"})
    watch = MapWatch(display)
    watch.start()
    began = time.time()
    try:
        page = app.start()
        reach_table(page)
        ready = time.time()
        painted = float(page.evaluate(FIRST_PAINT)) / 1000
        watch.join(5)
        app.close()
    finally:
        app.clean_up()
    return {
        "window": (watch.at - began) * 1000,
        "paint": (painted - watch.at) * 1000,
        "ready": (ready - began) * 1000,
    }


def main() -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    if not FROZEN.exists():
        sys.exit("nothing is frozen: python3 build/dev.py package")
    times: dict[str, list[dict[str, float]]] = {"source": [], "frozen": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        virtual_screen() as display,
        sync_playwright() as playwright,
    ):
        for run in range(runs + 1):
            for kind, found in times.items():
                measured = one_start(kind, display, playwright.chromium, Path(folder, kind))
                if run:  # the first fills caches and makes the starter room
                    found.append(measured)
    for name in ("window", "paint", "ready"):
        for kind, found in times.items():
            all_of = sorted(each[name] for each in found)
            middle = statistics.median(all_of)
            sys.stdout.write(
                f"{name:<7} {kind:<7} median {middle:6.0f} ms"
                f"  ({all_of[0]:.0f} to {all_of[-1]:.0f}, {len(all_of)} runs)\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
