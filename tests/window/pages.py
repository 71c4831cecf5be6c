"""Every page of the table and the way to it: one list for pictures, for axe and for widths."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

WIDTHS = (1440, 900, 480)
HEIGHT = 900
NARROW = 900
"""Up to this many CSS pixels the rail is a sheet behind a button."""

Way = Callable[[Any], None]

QUERIES: dict[str, str] = {
    "lock": "locked",
    "first-start": "first",
    "problem": "problem=quota",
    "long": "history=30",
    "queued": "pace=40",
    "stopped": "pace=40",
}
"""What the demo is asked to begin with for a page, besides its usual."""


def _press(test_id: str) -> Way:
    return lambda page: page.get_by_test_id(test_id).first.click()


def _rail(test_id: str, sheet_id: str) -> Way:
    def go(page: Any) -> None:
        if page.viewport_size["width"] > NARROW:
            page.get_by_test_id(test_id).click()
        else:
            page.get_by_test_id("open-menu").click()
            page.get_by_test_id(sheet_id).click()

    return go


def _keys(keys: str) -> Way:
    return lambda page: page.keyboard.press(keys)


def _settings(section: str) -> Way:
    def go(page: Any) -> None:
        _rail("open-settings", "sheet-settings")(page)
        page.get_by_test_id(f"settings-{section}").click()

    return go


def _shelf(*then: str) -> Way:
    def go(page: Any) -> None:
        _rail("open-rooms", "sheet-rooms")(page)
        for text in then:
            page.get_by_test_id("shelf-which").get_by_label(text).click()

    return go


def _pane(pane: str) -> Way:
    def go(page: Any) -> None:
        if page.viewport_size["width"] <= NARROW:
            page.get_by_test_id(f"tab-{pane}").click()

    return go


def _character(page: Any) -> None:
    _pane("stage")(page)
    page.get_by_test_id("character-row").first.get_by_role("button").first.click()
    page.get_by_test_id("character-dialog").wait_for()


def _palette(page: Any) -> None:
    page.keyboard.press("Control+k")
    page.get_by_test_id("palette-input").wait_for()


def _nothing_found(page: Any) -> None:
    _palette(page)
    page.get_by_test_id("palette-input").fill("없는 이름")


def _find(page: Any) -> None:
    page.keyboard.press("Control+f")
    page.get_by_test_id("find-input").fill("편지")


def _only_narrow(way: Way) -> Way:
    def go(page: Any) -> None:
        if page.viewport_size["width"] <= NARROW:
            way(page)

    return go


def _more(page: Any) -> None:
    page.get_by_test_id("open-more").click()


def _tokens(page: Any) -> None:
    """What one turn has used, with all that folds out."""
    _pane("stage")(page)
    page.get_by_test_id("provider-select").select_option("claude")
    _pane("talk")(page)
    page.get_by_test_id("composer-input").fill("편지를 저울에 올린다.")
    page.keyboard.press("Enter")
    page.locator("[data-testid=token-meter] .num").wait_for()
    page.get_by_test_id("token-meter").click()
    for summary in page.locator(".pop-tok summary").all():
        summary.click()


def _library(*then: str) -> Way:
    def go(page: Any) -> None:
        _rail("open-library", "sheet-library")(page)
        for test_id in then:
            page.get_by_test_id(test_id).first.click()

    return go


def _lore(page: Any) -> None:
    _rail("open-lore", "sheet-lore")(page)
    page.get_by_test_id("lore-entry").first.click()
    page.get_by_test_id("lore-test-text").fill("그날 밤 여섯 번째 등대가 꺼졌고, 젖은 편지가 왔지.")


def _take(page: Any) -> None:
    _pane("stage")(page)
    page.get_by_test_id("from-library-people").click()
    page.get_by_test_id("take-pick").first.click()


def _drop_file(page: Any, name: str, text: str) -> None:
    """As if a file were let go over the window."""
    page.evaluate(
        """([name, text]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], name));
          document.body.dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        [name, text],
    )


def _export(page: Any) -> None:
    _rail("open-backup", "sheet-backup")(page)
    page.get_by_test_id("export-scope").locator("input").nth(1).check(force=True)
    page.get_by_test_id("export-picks").locator("input").first.check()
    page.get_by_test_id("export-when").locator("input").nth(1).check(force=True)


def _preview(page: Any) -> None:
    _rail("open-backup", "sheet-backup")(page)
    _drop_file(page, "persona-chat-2026-11-20.json", "{}")
    page.get_by_test_id("import-preview").wait_for()


def _receipt(page: Any) -> None:
    _preview(page)
    page.get_by_test_id("import-run").click()
    page.get_by_test_id("receipt").wait_for()


def _turn(page: Any, text: str) -> None:
    before = page.get_by_test_id("message").count()
    page.get_by_test_id("composer-input").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_function(
        """(before) => {
          const all = [...document.querySelectorAll('[data-testid=message]')];
          return all.length > before + 1 && all.every((m) => m.dataset.status === 'complete');
        }""",
        arg=before,
    )


def _do(page: Any, deed: str, row: int) -> None:
    """As a screen reader does it: the tools of a line come and go under a pointer."""
    line = page.get_by_test_id("message").nth(row)
    button = line.get_by_test_id(f"deed-{deed}")
    if button.count() == 0:
        line.get_by_test_id("deed-more").evaluate("(button) => button.click()")
        button = page.get_by_test_id(f"sheet-{deed}")
        button.wait_for()
    button.evaluate("(button) => button.click()")


def _branches(page: Any) -> None:
    """A story that has gone two ways."""
    _pane("talk")(page)
    _turn(page, "편지를 저울에 올린다.")
    _do(page, "fork", 2)
    _turn(page, "편지를 서랍에 넣고 문을 연다.")
    _rail("open-branches", "sheet-branches")(page)
    page.get_by_test_id("branches").wait_for()
    page.get_by_test_id("branch-row").first.click()


def _prompt(page: Any) -> None:
    _pane("talk")(page)
    _turn(page, "편지를 저울에 올린다.")
    _do(page, "prompt", -1)
    page.get_by_test_id("prompt").wait_for()


def _deeds(page: Any) -> None:
    more = page.get_by_test_id("message").last.get_by_test_id("deed-more")
    more.evaluate("(button) => button.click()")


def _welcome(page: Any) -> None:
    _shelf()(page)
    page.get_by_test_id("shelf-from-scene").click()
    page.get_by_test_id("starter").nth(5).wait_for()


def _say(page: Any, text: str) -> None:
    page.get_by_test_id("composer-input").fill(text)
    page.get_by_test_id("composer-input").press("Enter")


def _dice(page: Any) -> None:
    """A roll with its stamp, and all that proves it."""
    _say(page, "/roll 2d6+3>=9 편지의 무게 읽기")
    page.get_by_test_id("dice-stamp").wait_for()
    page.get_by_test_id("dice-ticket").locator("summary").click()


def _speaking(page: Any) -> None:
    _say(page, "편지를 저울에 올린다.")
    page.locator("[data-status=streaming]").first.wait_for()


def _queued(page: Any) -> None:
    _speaking(page)
    _say(page, "그리고 창을 닫는다.")
    page.get_by_test_id("queued").wait_for()


def _stopped(page: Any) -> None:
    _speaking(page)
    page.keyboard.press("Escape")
    page.locator("[data-status=stopped]").first.wait_for()


def _problem(page: Any) -> None:
    _say(page, "편지를 저울에 올린다.")
    page.get_by_test_id("problem").wait_for()


def _editing(page: Any) -> None:
    _do(page, "edit", -1)
    page.get_by_test_id("edit-input").wait_for()


def _calendar(page: Any) -> None:
    page.get_by_test_id("open-calendar").click()
    page.get_by_test_id("calendar-day").first.wait_for()


def _filtered(page: Any) -> None:
    _palette(page)
    page.get_by_test_id("palette-filter-who").select_option("name:도이레")
    page.locator("#pal-list [role=option]").first.wait_for()


def _side_by_side(page: Any) -> None:
    _branches(page)
    page.get_by_test_id("branch-side").click()
    page.get_by_test_id("side-by-side").wait_for()


def _all_sections(page: Any) -> None:
    """Every part of the stage unfolded, looked at from its end."""
    _pane("stage")(page)
    page.evaluate(
        "document.querySelectorAll('#stage details.sec').forEach((each) => { each.open = true; })"
    )
    page.locator("#stage .sec-w").last.scroll_into_view_if_needed()


def _own_narrator(page: Any) -> None:
    """I lead the story: the composer asks who speaks through it."""
    _pane("stage")(page)
    page.get_by_test_id("narrator-kind").locator("input").nth(1).check(force=True)
    _pane("talk")(page)
    page.get_by_test_id("speak-as").wait_for()


def _in_book(test_id: str) -> Way:
    def go(page: Any) -> None:
        _pane("book")(page)
        page.get_by_test_id(test_id).click()

    return go


def _save_dialog(page: Any) -> None:
    _in_book("book-save")(page)
    page.get_by_test_id("save-more").click()
    page.get_by_test_id("save-dialog").wait_for()


def _markdown(page: Any) -> None:
    _pane("book")(page)
    page.get_by_test_id("book-style").locator("input").nth(1).check(force=True)


def _empty(page: Any) -> None:
    _shelf()(page)
    page.get_by_test_id("shelf-new-room").click()
    page.get_by_test_id("new-room-title").fill("바람이 머무는 낡은 정류장의 아주 긴 이름을 가진 방")
    page.get_by_test_id("new-room-create").click()
    page.get_by_test_id("new-room-create").wait_for(state="detached")


def _new_profile(page: Any) -> None:
    _settings("profile")(page)
    page.get_by_test_id("profile-new").click()
    page.get_by_test_id("new-profile").wait_for()


def _connect(page: Any) -> None:
    _settings("ai")(page)
    page.get_by_test_id("server-add").click()
    page.get_by_test_id("connect").wait_for()


def _way(page: Any) -> None:
    _settings("ai")(page)
    page.get_by_test_id("way-more").first.click()


PAGES: dict[str, Way] = {
    "welcome": _welcome,
    "first-start": lambda page: page.get_by_test_id("starter").nth(5).wait_for(),
    "lock": lambda page: page.get_by_test_id("lock-page").wait_for(),
    "table": lambda _: None,
    "table-empty": _empty,
    "long": lambda _: None,
    "dice": _dice,
    "queued": _queued,
    "stopped": _stopped,
    "problem": _problem,
    "editing": _editing,
    "own-narrator": _own_narrator,
    "stage": _pane("stage"),
    "stage-all": _all_sections,
    "book": _pane("book"),
    "book-markdown": _markdown,
    "book-look": _in_book("book-look"),
    "book-contents": _in_book("book-contents"),
    "book-save": _save_dialog,
    "provider": _press("provider-stat"),
    "calendar": _calendar,
    "side-by-side": _side_by_side,
    "branches": _branches,
    "prompt": _prompt,
    "deeds": _only_narrow(_deeds),
    "menu": _only_narrow(_press("open-menu")),
    "more": _only_narrow(_more),
    "rooms": _shelf(),
    "rooms-trash": _shelf("버린 방"),
    "new-room": lambda page: (_shelf()(page), _press("shelf-new-room")(page))[0],
    "library": _library("library-entry"),
    "library-person": _library("library-character_template", "library-entry"),
    "library-place": _library("library-place"),
    "lore": _lore,
    "lore-list": _rail("open-lore", "sheet-lore"),
    "backup": _rail("open-backup", "sheet-backup"),
    "backup-export": _export,
    "backup-preview": _preview,
    "backup-receipt": _receipt,
    "take": _take,
    "room-switcher": _press("room-switcher"),
    "character": _character,
    "palette": _palette,
    "palette-none": _nothing_found,
    "palette-filtered": _filtered,
    "find": _find,
    "tokens": _tokens,
    "keys": _keys("F1"),
    "settings": _settings("reading"),
    "settings-ai": _settings("ai"),
    "settings-way": _way,
    "connect": _connect,
    "new-profile": _new_profile,
    "settings-memory": _settings("memory"),
    "settings-rules": _settings("rules"),
    "settings-profile": _settings("profile"),
    "settings-keys": _settings("keys"),
    "settings-language": _settings("language"),
    "settings-aloud": _settings("aloud"),
    "settings-about": _settings("about"),
}


def address(built: Path, name: str, theme: str, language: str) -> str:
    """Of the built page with its demo bridge, as the page of that name wants it."""
    asked = f"demo&pace=0&theme={theme}&lang={language}"
    more = QUERIES.get(name, "")
    if more.startswith("pace="):
        asked = asked.replace("pace=0", more)
    elif more:
        asked += f"&{more}"
    return f"{built.as_uri()}?{asked}"


def open_page(page: Any, name: str) -> None:
    """From a freshly loaded table to the page of that name, standing still."""
    if name not in ("lock", "first-start"):
        page.get_by_test_id("app-ready").wait_for()
    PAGES[name](page)
    page.wait_for_timeout(450)


def overflows(page: Any) -> list[str]:
    """What makes the window scroll sideways, or stands outside it; empty is right."""
    found: list[str] = page.evaluate(
        """() => {
          const wide = document.documentElement.scrollWidth > innerWidth
            ? [`page ${document.documentElement.scrollWidth}`] : [];
          const boxes = '.scroll, .stage, .talk, .book, .topbar, .dialog, .welcome, .wl-l, .wl-r';
          for (const box of document.querySelectorAll(boxes))
            if (box.clientWidth && box.scrollWidth > box.clientWidth + 1 &&
                getComputedStyle(box).overflowX !== 'hidden')
              wide.push(`${box.className} ${box.scrollWidth} > ${box.clientWidth}`);
          const rows = '.topbar > *, .dialog-foot > *, .wl-foot > *';
          for (const box of document.querySelectorAll(rows)) {
            const { left, right, width } = box.getBoundingClientRect();
            if (width && (left < -1 || right > innerWidth + 1)) wide.push(`out: ${box.className}`);
          }
          return wide;
        }"""
    )
    return found
