"""Bringing an AI to the table in the real window: looked for, set up, tried, and played with."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from tests.emulator.server import Emulator, running
from tests.window.harness import App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]

KEY = "sk-geheim-0123456789abcdef"


class Vendor:
    """The emulated vendors, on a loop of their own beside the test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.emulator: Emulator

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        async with running(self._folder) as self.emulator:
            self._ready.set()
            await self._stop.wait()

    def url(self, run: str, scenario: str = "ko") -> str:
        return f"{self.emulator.url(scenario, run)}/v1"

    def asked(self, run: str) -> list[Any]:
        return self.emulator.requests(run)


@pytest.fixture
def vendor(tmp_path: Path) -> Iterator[Vendor]:
    with Vendor(tmp_path / "vendor") as standing:
        yield standing


@pytest.fixture
def table(make_app: Callable[..., App]) -> Table:
    return Table(make_app())


def open_ways(table: Table) -> Any:
    """The screen on which AIs are connected, from the top bar."""
    table.page.get_by_test_id("provider-stat").click()
    table.page.get_by_test_id("open-connect").click()
    ways = table.page.get_by_test_id("connect")
    ways.wait_for()
    return ways


def way(ways: Any, provider: str) -> Any:
    return ways.locator(f'[data-testid=way][data-provider="{provider}"]')


def state(ways: Any, provider: str) -> str:
    return str(way(ways, provider).get_by_test_id("way-state").get_attribute("data-state"))


def add_server(ways: Any, url: str, name: str = "거실", model: str = "emulated-large") -> str:
    """Fill in the fields as a person does; returns the id of the new way."""
    cards = ways.locator("[data-testid=way]")
    before = {each.get_attribute("data-provider") for each in cards.all()}
    ways.get_by_test_id("server-add").click()
    ways.get_by_test_id("server-name").fill(name)
    ways.get_by_test_id("server-address").fill(url)
    ways.get_by_test_id("server-model").fill(model)
    ways.get_by_test_id("server-save").click()

    def added() -> set[Any]:
        return {each.get_attribute("data-provider") for each in cards.all()} - before

    return str(next(iter(wait_until(added, "the server is listed"))))


def test_every_way_is_listed_with_what_it_needs(table: Table) -> None:
    ways = open_ways(table)
    wait_until(lambda: state(ways, "claude") == "not_installed", "Claude is looked for")
    command = way(ways, "claude").locator("code").inner_text()
    assert command == "npm install -g @anthropic-ai/claude-code"
    wait_until(lambda: state(ways, "openai_api") == "signed_out", "a key is missing")
    wait_until(lambda: state(ways, "ollama") == "not_installed", "Ollama is not running")
    assert state(ways, "storyteller") == "ready"


def test_the_command_is_copied_to_the_clipboard(table: Table) -> None:
    ways = open_ways(table)
    wait_until(lambda: state(ways, "claude") == "not_installed", "Claude is looked for")
    way(ways, "claude").locator(".cmd button").click()
    table.page.locator("[data-testid=notice][data-kind=copied]").wait_for()
    table.page.keyboard.press("Escape")
    table.input.click()
    table.page.keyboard.press("Control+V")
    wait_until(
        lambda: table.input.input_value() == "npm install -g @anthropic-ai/claude-code",
        "what was copied is pasted",
    )


def test_a_server_is_added_tried_chosen_and_plays_a_turn_with_three_speakers(
    table: Table, vendor: Vendor
) -> None:
    ways = open_ways(table)
    mine = add_server(ways, vendor.url("one"))
    wait_until(lambda: state(ways, mine) == "ready", "the server answers")
    card = way(ways, mine)
    card.get_by_test_id("way-more").click()
    wait_until(lambda: card.get_by_test_id("model-count").count(), "its models are counted")
    listed = card.locator("datalist option").evaluate_all("all => all.map(one => one.value)")
    assert listed == ["emulated-large", "emulated-small"]
    card.get_by_test_id("way-test").click()
    card.locator("[data-testid=trial][data-phase=done]").wait_for()
    assert len(vendor.emulator.generations("one")) == 1
    card.get_by_test_id("way-use").click()
    table.page.keyboard.press("Escape")
    before = {each["id"] for each in table.stored()}
    wait_until(
        lambda: table.call("app.open")["room"]["room"]["stage"]["provider"] == mine,
        "the room is set",
    )
    table.turn("안녕하세요, 여러분")
    said = [m for m in table.stored() if m["id"] not in before and m["author"]["kind"] != "user"]
    assert len({m["author"]["name"] for m in said}) >= 3
    body = vendor.emulator.generations("one")[-1].body
    assert body["model"] == "emulated-large"


def test_what_is_not_ready_is_looked_for_again_without_a_click(
    table: Table, vendor: Vendor, tmp_path: Path
) -> None:
    ways = open_ways(table)
    with Vendor(tmp_path / "later") as later:
        url = later.url("x")
    mine = add_server(ways, url)
    wait_until(lambda: state(ways, mine) == "not_installed", "nobody is there")
    claude = table.app.home / ".local" / "bin" / "claude"
    claude.parent.mkdir(parents=True)
    claude.write_text('#!/bin/sh\necho "2.1.330 (Claude Code)"\n')
    claude.chmod(0o755)
    wait_until(lambda: state(ways, "claude") != "not_installed", "Claude is found by itself", 15)


def test_a_key_is_kept_only_for_this_run_where_there_is_no_keyring(
    table: Table, vendor: Vendor
) -> None:
    ways = open_ways(table)
    mine = add_server(ways, vendor.url("keyed"))
    card = way(ways, mine)
    card.get_by_test_id("way-more").click()
    field = card.get_by_test_id("key-input")
    assert field.get_attribute("type") == "password"
    field.fill(KEY)
    card.get_by_test_id("key-save").click()
    card.get_by_test_id("key-session-agree").click()
    wait_until(
        lambda: card.get_by_test_id("key-place").get_attribute("data-place") == "session",
        "the key is kept in memory",
    )
    assert field.input_value() == ""
    wait_until(
        lambda: any(
            seen.header("authorization") == f"Bearer {KEY}" for seen in vendor.asked("keyed")
        ),
        "the key goes to its server",
    )
    assert KEY not in table.page.content()
    assert KEY not in str(table.call("app.open"))
    for file in table.app.data.rglob("*"):
        if file.is_file():
            assert KEY.encode() not in file.read_bytes(), file
    card.get_by_test_id("key-delete").click()
    wait_until(
        lambda: card.get_by_test_id("key-place").get_attribute("data-place") == "none",
        "the key is forgotten",
    )


def test_an_unencrypted_address_across_the_internet_is_refused_in_place(table: Table) -> None:
    ways = open_ways(table)
    ways.get_by_test_id("server-add").click()
    ways.get_by_test_id("server-address").fill("http://example.com/v1")
    ways.get_by_test_id("server-save").click()
    ways.locator("[role=alert]").wait_for()
    assert table.call("app.open")["settings"]["servers"] == []


def test_the_facts_are_shown_and_copied_without_the_home_folder(table: Table) -> None:
    open_ways(table)
    table.page.get_by_test_id("connect-view").locator("label").nth(1).click()
    table.page.get_by_test_id("copy-facts").wait_for()
    shown = table.page.get_by_test_id("facts").inner_text()
    assert "claude" in shown.lower()
    table.page.get_by_test_id("copy-facts").click()
    table.page.locator("[data-testid=notice][data-kind=copied]").wait_for()
    facts = table.call("app.diagnose")
    assert str(table.app.home) not in facts["text"]
    assert "not_installed" in facts["text"]
