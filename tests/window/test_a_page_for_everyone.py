"""Every page of the built interface: no violation of axe's rules, nothing wider than the window.

The page runs with its own demo bridge in the engine of our window. By default the four pages one
lives in are opened at the first and the last theme and width; the whole walk takes ten minutes.
``PERSONA_PAGES=all`` walks through every theme and width of every page,
``PERSONA_PAGES=table,find`` (comma-separated) through those of the pages named.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.window.harness import ROOT, App
from tests.window.pages import HEIGHT, PAGES, WIDTHS, address, open_page, overflows

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]

AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASKED = [name for name in os.environ.get("PERSONA_PAGES", "").split(",") if name]
NAMES = list(PAGES) if ASKED == ["all"] else ASKED or ["table", "stage", "rooms", "settings"]
LOOKS = list(product(("light", "dark"), WIDTHS))
EVERY_WIDTH = (1920, *WIDTHS, 1200, 1040, 420, 320)


def due(every: Sequence[Any]) -> Sequence[Any]:
    """All of them if pages are asked for, else the first and the last."""
    return every if ASKED else (every[0], every[-1])


@pytest.fixture(scope="module")
def demo(screen: str, hands: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    page = ROOT / "ui" / "dist" / "index.html"
    app = App(tmp_path_factory.mktemp("demo"), screen, hands, {})
    try:
        yield app.start([sys.executable, "-m", "tests.window.demo_window", str(page)])
    finally:
        app.clean_up()


def load(page: Any, name: str, theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.goto(address(ROOT / "ui" / "dist" / "index.html", name, theme, "ko"))
    open_page(page, name)


def violations(page: Any) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(Path(AXE).read_text("utf-8"))
    found: list[str] = page.evaluate(
        """async (tags) => {
          const { violations } = await axe.run(document, {
            runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
          return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
            `${id}: ${target.join(' ')} (${failureSummary.split('\\n').slice(1, 2).join('')})`));
        }""",
        RULES,
    )
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_page_breaks_no_rule_of_axe(demo: Any, name: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: run `npm install` in ui/")
    found: list[str] = []
    for theme, width in due(LOOKS):
        load(demo, name, theme, width)
        found += [f"{theme} {width} {each}" for each in violations(demo)]
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_into_every_window(demo: Any, name: str) -> None:
    found: list[str] = []
    for width in due(EVERY_WIDTH):
        load(demo, name, "light", width)
        found += [f"{width}: {each}" for each in overflows(demo)]
    assert found == []
