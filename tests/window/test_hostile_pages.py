"""The same corpus on the pages beside the table: library, lore, what was sent, receipts."""

import base64
import json
from typing import Any

import pytest

from tests.window.harness import wait_until
from tests.window.test_hostile_text import SHORT, Watched, table

__all__ = ["table"]

pytestmark = [
    pytest.mark.window,
    pytest.mark.usefixtures("built_page"),
    pytest.mark.timeout(300),
]


def tried(table: Watched, name: str, params: list[dict[str, Any]]) -> int:
    """How many of these calls the program takes; some names are none it would keep."""
    return int(
        table.page.evaluate(
            """async ([name, all]) => {
                 let taken = 0;
                 for (const params of all)
                   taken += (await pywebview.api.call(name, params)).problem === null;
                 return taken;
               }""",
            [name, params],
        )
    )


def entries() -> list[dict[str, Any]]:
    return [
        {
            "id": f"e{number}",
            "name": vector[:200],
            "keys": [vector[:100], "등대"],
            "content": vector,
        }
        for number, vector in enumerate(SHORT)
    ]


def test_nothing_of_the_library_lore_prompts_or_receipts_runs_or_asks(table: Watched) -> None:
    page = table.page
    page.set_default_timeout(40_000)
    worlds = [
        {"kind": "world", "name": f"{one[:60]}", "contents": {"type": "text", "text": one}}
        for one in SHORT[::6]
    ]
    assert tried(table, "library.save", worlds) > len(worlds) / 3
    contents = {"type": "lore", "book": {"id": "b", "name": SHORT[0][:80], "entries": entries()}}
    given = {"kind": "lorebook", "name": "주문의 책", "contents": contents}
    assert tried(table, "library.save", [given]) == 1
    page.get_by_test_id("open-library").first.click()
    page.get_by_test_id("library-world").click()
    page.get_by_test_id("library-entry").first.wait_for()
    table.hold("the library's list")
    # Those that cannot be read are listed, and cannot be opened.
    listed = page.locator("[data-testid=library-entry]:enabled")
    for at in range(0, listed.count(), max(1, listed.count() // 3)):
        listed.nth(at).click()
        page.locator("[data-testid=library-entry][aria-current=true]").wait_for()
        page.wait_for_timeout(200)
        table.hold(f"entry {at} of the library")

    page.get_by_test_id("open-lore").first.click()
    page.get_by_test_id("lore-entry").first.wait_for()
    table.hold("the list of lore")
    page.get_by_test_id("lore-entry").nth(3).click()
    page.get_by_test_id("lore-content").wait_for()
    page.get_by_test_id("lore-test-text").fill("등대에서 " + " ".join(SHORT[:40])[:1_500])
    page.get_by_test_id("lore-fired").locator("li").first.wait_for()
    table.hold("the editor of lore and its box for trying")

    lines = [{"role": "user", "content": one} for one in SHORT]
    raw = json.dumps({"rooms": [{"title": one[:200], "messages": lines[:3]} for one in SHORT[:30]]})
    piece = base64.b64encode(raw.encode()).decode()
    name = '"><img src=x onerror=HIT(1)>.json'
    held = table.call("transfer.drop", name=name, data=piece, last=True)
    table.call("transfer.import", token=held["token"])
    wait_until(lambda: table.call("transfer.receipts")["receipts"], "a receipt", 60)
    page.get_by_test_id("open-backup").first.click()
    page.get_by_test_id("receipt").first.wait_for()
    assert "onerror" in page.get_by_test_id("receipt").first.inner_text()
    table.hold("the receipts of imports")

    table.again()
    table.go_to("방0")
    room = table.call("app.open")["room"]["room"]
    for vector in SHORT[::90]:
        table.call("turn.send", room_id=room["id"], text=vector)
        wait_until(lambda: not table.answering, "the answer ends")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("보낸 것")
    page.keyboard.press("Enter")
    page.get_by_test_id("prompt").get_by_test_id("prompt-section").first.wait_for()
    table.hold("what was sent")
