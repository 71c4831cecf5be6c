"""``python -m tests.window.look --out DIR``: pictures of the window for people to look at.

One turn is played; then light and dark at four widths, the widest being the window's own.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.window.harness import PACE, App, virtual_screen
from tests.window.table import Table

WIDTHS = (1440, 1200, 900, 480)
HEIGHT = 900


def main() -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--say", default="모두 이리 와 보세요. 편지에 뭐라고 적혀 있나요?")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        virtual_screen() as display,
        sync_playwright() as playwright,
    ):
        app = App(Path(folder), display, playwright.chromium, {PACE: "inf"})
        try:
            table = Table(app)
            table.turn(options.say)
            _photograph(table.page, options.out)
        finally:
            app.clean_up()
    return 0


def _photograph(page: Any, out: Path) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.wait_for_timeout(400)
            file = out / f"{scheme}-{width}.png"
            page.screenshot(path=str(file))
            sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    sys.exit(main())
