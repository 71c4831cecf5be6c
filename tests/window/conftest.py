"""A screen, a browser's hands, and a fresh program for every test of the real window."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.providers.conftest import clis
from tests.window.harness import ROOT, App, has_xvfb, virtual_screen

__all__ = ["clis"]


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    if not has_xvfb():
        pytest.skip("Xvfb is not installed: the window cannot be tested here")
    with virtual_screen() as display:
        yield display


@pytest.fixture(scope="session")
def hands() -> Iterator[Any]:
    """Playwright's Chromium side; it starts no browser, it only talks to ours."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture
def make_app(screen: str, hands: Any, tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Makes programs with folders of their own; none of them outlives the test."""
    apps: list[App] = []

    def make(name: str = "one", **env: str) -> App:
        apps.append(App(tmp_path / name, screen, hands, env))
        return apps[-1]

    yield make
    for app in apps:
        app.clean_up()


@pytest.fixture
def built_page() -> Path:
    page = ROOT / "ui" / "dist" / "index.html"
    if not page.is_file():
        pytest.skip("the page is not built: run `python3 build/dev.py test` or `npm run build`")
    return page


@pytest.fixture
def bare(make_app: Callable[..., App], tmp_path: Path) -> Callable[..., Any]:
    """A window of ours around a page of the test's own; see ``bare_window.py``."""

    def start(html: str, **env: str) -> tuple[App, Any]:
        folder = tmp_path / "page"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "index.html").write_text(html, "utf-8")
        app = make_app("bare", **env)
        import sys

        command = [sys.executable, "-m", "tests.window.bare_window", str(folder / "index.html")]
        return app, app.start(command)

    return start
