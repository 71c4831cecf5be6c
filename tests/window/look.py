"""``python -m tests.window.look --out DIR``: pictures of the window for people to look at.

The table is the program's own, with one turn played; every other page is the built page with its
demo bridge. Light and dark, at three widths.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.window.harness import PACE, ROOT, App, virtual_screen
from tests.window.pages import HEIGHT, PAGES, WIDTHS, address, open_page
from tests.window.table import Table


def main() -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--say", default="모두 이리 와 보세요. 편지에 뭐라고 적혀 있나요?")
    parser.add_argument("--pages", nargs="*", choices=PAGES, default=list(PAGES))
    parser.add_argument("--language", default="ko")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        virtual_screen() as display,
        sync_playwright() as playwright,
    ):
        program = App(Path(folder) / "program", display, playwright.chromium, {PACE: "inf"})
        demo = App(Path(folder) / "demo", display, playwright.chromium, {})
        try:
            table = Table(program)
            table.turn(options.say)
            _photograph_table(table.page, options.out)
            program.clean_up()
            built = ROOT / "ui" / "dist" / "index.html"
            page = demo.start([sys.executable, "-m", "tests.window.demo_window", str(built)])
            _photograph_pages(page, built, options)
        finally:
            program.clean_up()
            demo.clean_up()
    return 0


def _photograph_table(page: Any, out: Path) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.wait_for_timeout(400)
            _take(page, out / f"program-{scheme}-{width}.png")


def _photograph_pages(page: Any, built: Path, options: argparse.Namespace) -> None:
    for scheme in ("light", "dark"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for name in options.pages:
                page.goto(address(built, name, scheme, options.language))
                open_page(page, name)
                _take(page, options.out / f"{name}-{scheme}-{width}.png")


def _take(page: Any, file: Path) -> None:
    page.screenshot(path=str(file))
    sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    sys.exit(main())
