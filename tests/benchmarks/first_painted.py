"""From Enter to the first painted character of an answer, in the real window, AI by AI.

The storyteller without any pause stands for what is ours: page, bridge, services, store, push and
drawing. The CLIs are the real ones against the emulated vendors, which answer at once.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.emulator.server import Emulator
from tests.providers.conftest import Clis
from tests.window.emulation import Ai, emulated_vendors, signed_in
from tests.window.harness import PACE, ROOT, App, virtual_screen, wait_until
from tests.window.table import Table

TURNS = 9
STORYTELLER = Ai("storyteller", "", {PACE: "inf"})

WATCH = """() => {
  window.__seen = null;
  const known = new Set([...document.querySelectorAll('[data-testid=message]')]);
  let pressed = 0;
  addEventListener('keydown', (e) => { if (e.key === 'Enter') pressed = performance.now(); },
    { capture: true, once: true });
  const look = () => {
    for (const one of document.querySelectorAll('[data-testid=message]')) {
      if (known.has(one) || one.dataset.authorKind === 'user') continue;
      if (!one.querySelector('[data-testid=message-text]')?.textContent.trim()) continue;
      watch.disconnect();
      const inserted = performance.now() - pressed;
      requestAnimationFrame(() => requestAnimationFrame(() => {
        window.__seen = [inserted, performance.now() - pressed];
      }));
      return;
    }
  };
  const watch = new MutationObserver(look);
  watch.observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def one_turn(table: Table) -> tuple[float, float]:
    """Milliseconds to the first text in the document, and to two frames later."""
    table.page.evaluate(WATCH)
    table.say("모두 여기 봐 줘.")
    wait_until(lambda: table.page.evaluate("() => window.__seen"), "an answer is painted", 90)
    inserted, painted = table.page.evaluate("() => window.__seen")
    table.wait_for_the_end()
    time.sleep(0.3)
    return inserted, painted


def measure(app: App, ai: Ai) -> list[tuple[float, float]]:
    table = Table(app, **ai.env)
    room = table.call("room.create", title="bench")["room"]
    cast = [{"id": f"p{n}", "name": name} for n, name in enumerate(("민수", "지현"))]
    stage = {**room["stage"], "characters": cast, "provider": ai.provider, "model": ai.model}
    table.call("room.stage", room_id=room["id"], stage=stage)
    table.page.reload()
    table.ready()
    return [one_turn(table) for _ in range(TURNS)]


def ways(clis: Clis, emulator: Emulator, folder: Path) -> Iterator[tuple[str, Path, Ai]]:
    yield "storyteller, no pause", folder / "s", STORYTELLER
    for provider in ("claude", "gemini", "droid"):
        home = folder / provider
        yield provider, home, signed_in(provider, clis, emulator, home / "home", "ko")[0]


def row(name: str, turns: list[tuple[float, float]], ours: float) -> str:
    first, *later = (painted for _, painted in turns)
    inserted = statistics.median(value for value, _ in turns[1:])
    median = statistics.median(later)
    return (
        f"{name:<24}{first:>10.0f}{inserted:>12.0f}{median:>12.0f}"
        f"{min(later):>8.0f}{max(later):>8.0f}{ours / median:>10.0%}"
    )


def main() -> int:
    clis = Clis(Path(os.environ.get("PERSONA_TEST_CLIS", ROOT / "out/clis/node_modules")))
    (ROOT / "out").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=ROOT / "out", prefix="bench-"))
    folder.chmod(0o700)
    print(f"load {os.getloadavg()[0]:.1f}; {TURNS} turns each, the first apart; milliseconds")
    head = ("first turn", "in page", "painted", "min", "max", "ours")
    print(f"{'':<24}{head[0]:>10}{head[1]:>12}{head[2]:>12}{head[3]:>8}{head[4]:>8}{head[5]:>10}")
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        display = stack.enter_context(virtual_screen())
        hands: Any = stack.enter_context(sync_playwright()).chromium
        emulator = stack.enter_context(emulated_vendors(folder / "emulator"))
        ours = 0.0
        for name, place, ai in ways(clis, emulator, folder):
            app = App(place, display, hands, {})
            stack.callback(app.clean_up)
            turns = measure(app, ai)
            ours = ours or statistics.median(painted for _, painted in turns[1:])
            print(row(name, turns, ours), flush=True)
            app.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
