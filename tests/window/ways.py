"""The way to each page and state of the table, as hands find it."""

from collections.abc import Callable
from typing import Any

NARROW = 900
"""Up to this many CSS pixels the rail is a sheet behind a button."""

Way = Callable[[Any], None]


def press(test_id: str) -> Way:
    return lambda page: page.get_by_test_id(test_id).first.click()


def rail(test_id: str, sheet_id: str) -> Way:
    def go(page: Any) -> None:
        if page.viewport_size["width"] > NARROW:
            page.get_by_test_id(test_id).click()
        else:
            page.get_by_test_id("open-menu").click()
            page.get_by_test_id(sheet_id).click()

    return go


def keys(keys: str) -> Way:
    return lambda page: page.keyboard.press(keys)


def settings(section: str) -> Way:
    def go(page: Any) -> None:
        rail("open-settings", "sheet-settings")(page)
        page.get_by_test_id(f"settings-{section}").click()

    return go


def shelf(*then: str) -> Way:
    def go(page: Any) -> None:
        rail("open-rooms", "sheet-rooms")(page)
        for text in then:
            page.get_by_test_id("shelf-which").get_by_label(text).click()

    return go


def pane(pane: str) -> Way:
    def go(page: Any) -> None:
        if page.viewport_size["width"] <= NARROW:
            page.get_by_test_id(f"tab-{pane}").click()

    return go


def crop(page: Any) -> None:
    character(page)
    page.get_by_test_id("character-dialog").get_by_test_id("choose-picture").click()
    page.get_by_test_id("crop-frame").wait_for()


def character(page: Any) -> None:
    pane("stage")(page)
    page.get_by_test_id("character-row").first.get_by_role("button").first.click()
    page.get_by_test_id("character-dialog").wait_for()


def palette(page: Any) -> None:
    page.keyboard.press("Control+k")
    page.get_by_test_id("palette-input").wait_for()


def nothing_found(page: Any) -> None:
    palette(page)
    page.get_by_test_id("palette-input").fill("없는 이름")


def find(page: Any) -> None:
    page.keyboard.press("Control+f")
    page.get_by_test_id("find-input").fill("편지")


def only_narrow(way: Way) -> Way:
    def go(page: Any) -> None:
        if page.viewport_size["width"] <= NARROW:
            way(page)

    return go


def more(page: Any) -> None:
    page.get_by_test_id("open-more").click()


def tokens(page: Any) -> None:
    """What one turn has used, with all that folds out."""
    pane("stage")(page)
    page.get_by_test_id("provider-select").select_option("claude")
    pane("talk")(page)
    page.get_by_test_id("composer-input").fill("편지를 저울에 올린다.")
    page.keyboard.press("Enter")
    page.locator("[data-testid=token-meter] .num").wait_for()
    page.get_by_test_id("token-meter").click()
    for summary in page.locator(".pop-tok summary").all():
        summary.click()


def used(page: Any) -> None:
    """What all rooms have used, once one turn has used something."""
    tokens(page)
    page.keyboard.press("Escape")
    settings("usage")(page)
    page.get_by_test_id("usage-line").first.wait_for()


def library(*then: str) -> Way:
    def go(page: Any) -> None:
        rail("open-library", "sheet-library")(page)
        for test_id in then:
            page.get_by_test_id(test_id).first.click()

    return go


def lore(page: Any) -> None:
    rail("open-lore", "sheet-lore")(page)
    page.get_by_test_id("lore-entry").first.click()
    page.get_by_test_id("lore-test-text").fill("그날 밤 여섯 번째 등대가 꺼졌고, 젖은 편지가 왔지.")


def take(page: Any) -> None:
    pane("stage")(page)
    page.get_by_test_id("from-library-people").click()
    page.get_by_test_id("take-pick").first.click()


def drop_file(page: Any, name: str, text: str) -> None:
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


def export(page: Any) -> None:
    rail("open-backup", "sheet-backup")(page)
    page.get_by_test_id("export-scope").locator("input").nth(1).check(force=True)
    page.get_by_test_id("export-picks").locator("input").first.check()
    page.get_by_test_id("export-when").locator("input").nth(1).check(force=True)


def preview(page: Any) -> None:
    rail("open-backup", "sheet-backup")(page)
    drop_file(page, "persona-chat-2026-11-20.json", "{}")
    page.get_by_test_id("import-preview").wait_for()


def lock_a_file(page: Any) -> None:
    rail("open-backup", "sheet-backup")(page)
    page.get_by_test_id("export-lock-on").check(force=True)
    page.get_by_test_id("export-passphrase").fill("moonlit harbour")
    page.get_by_test_id("export-passphrase-again").fill("moonlit harvest")


def locked_file(page: Any) -> None:
    rail("open-backup", "sheet-backup")(page)
    drop_file(page, "persona-chat-2026-11-20.zip.age", "age")
    page.get_by_test_id("import-passphrase").fill("moonlit")
    page.get_by_test_id("import-unseal").click()
    page.get_by_test_id("import-wrong").wait_for()


def receipt(page: Any) -> None:
    preview(page)
    page.get_by_test_id("import-run").click()
    page.get_by_test_id("receipt").wait_for()


def turn(page: Any, text: str) -> None:
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


def do(page: Any, deed: str, row: int) -> None:
    """As a screen reader does it: the tools of a line come and go under a pointer."""
    line = page.get_by_test_id("message").nth(row)
    button = line.get_by_test_id(f"deed-{deed}")
    if button.count() == 0:
        line.get_by_test_id("deed-more").evaluate("(button) => button.click()")
        button = page.get_by_test_id(f"sheet-{deed}")
        button.wait_for()
    button.evaluate("(button) => button.click()")


def branches(page: Any) -> None:
    """A story that has gone two ways."""
    pane("talk")(page)
    turn(page, "편지를 저울에 올린다.")
    do(page, "fork", 2)
    turn(page, "편지를 서랍에 넣고 문을 연다.")
    rail("open-branches", "sheet-branches")(page)
    page.get_by_test_id("branches").wait_for()
    page.get_by_test_id("branch-row").first.click()


def prompt(page: Any) -> None:
    pane("talk")(page)
    turn(page, "편지를 저울에 올린다.")
    do(page, "prompt", -1)
    page.get_by_test_id("prompt").wait_for()


def deeds(page: Any) -> None:
    more = page.get_by_test_id("message").last.get_by_test_id("deed-more")
    more.evaluate("(button) => button.click()")


def welcome(page: Any) -> None:
    shelf()(page)
    page.get_by_test_id("shelf-from-scene").click()
    page.get_by_test_id("starter").nth(5).wait_for()


def say(page: Any, text: str) -> None:
    page.get_by_test_id("composer-input").fill(text)
    page.get_by_test_id("composer-input").press("Enter")


def dice(page: Any) -> None:
    """A roll with its stamp, and all that proves it."""
    say(page, "/roll 2d6+3>=9 편지의 무게 읽기")
    page.get_by_test_id("dice-stamp").wait_for()
    page.get_by_test_id("dice-ticket").locator("summary").click()


def speaking(page: Any) -> None:
    say(page, "편지를 저울에 올린다.")
    page.locator("[data-status=streaming]").first.wait_for()


def queued(page: Any) -> None:
    speaking(page)
    say(page, "그리고 창을 닫는다.")
    page.get_by_test_id("queued").wait_for()


def stopped(page: Any) -> None:
    speaking(page)
    page.keyboard.press("Escape")
    page.locator("[data-status=stopped]").first.wait_for()


def problem(page: Any) -> None:
    say(page, "편지를 저울에 올린다.")
    page.get_by_test_id("problem").wait_for()


def editing(page: Any) -> None:
    do(page, "edit", -1)
    page.get_by_test_id("edit-input").wait_for()


def calendar(page: Any) -> None:
    page.get_by_test_id("open-calendar").click()
    page.get_by_test_id("calendar-day").first.wait_for()


def filtered(page: Any) -> None:
    palette(page)
    page.get_by_test_id("palette-filter-who").select_option("name:도이레")
    page.locator("#pal-list [role=option]").first.wait_for()


def side_by_side(page: Any) -> None:
    branches(page)
    page.get_by_test_id("branch-side").click()
    page.get_by_test_id("side-by-side").wait_for()


def all_sections(page: Any) -> None:
    """Every part of the stage unfolded, looked at from its end."""
    pane("stage")(page)
    page.evaluate(
        "document.querySelectorAll('#stage details.sec').forEach((each) => { each.open = true; })"
    )
    page.locator("#stage .sec-w").last.scroll_into_view_if_needed()


def own_narrator(page: Any) -> None:
    """I lead the story: the composer asks who speaks through it."""
    pane("stage")(page)
    page.get_by_test_id("narrator-kind").locator("input").nth(1).check(force=True)
    pane("talk")(page)
    page.get_by_test_id("speak-as").wait_for()


def in_book(test_id: str) -> Way:
    def go(page: Any) -> None:
        pane("book")(page)
        page.get_by_test_id(test_id).click()

    return go


def save_dialog(page: Any) -> None:
    in_book("book-save")(page)
    page.get_by_test_id("save-more").click()
    page.get_by_test_id("save-dialog").wait_for()


def markdown(page: Any) -> None:
    pane("book")(page)
    page.get_by_test_id("book-style").locator("input").nth(1).check(force=True)


def empty(page: Any) -> None:
    shelf()(page)
    page.get_by_test_id("shelf-new-room").click()
    page.get_by_test_id("new-room-title").fill("바람이 머무는 낡은 정류장의 아주 긴 이름을 가진 방")
    page.get_by_test_id("new-room-create").click()
    page.get_by_test_id("new-room-create").wait_for(state="detached")


def new_profile(page: Any) -> None:
    settings("profile")(page)
    page.get_by_test_id("profile-new").click()
    page.get_by_test_id("new-profile").wait_for()


def connect(page: Any) -> None:
    page.get_by_test_id("provider-stat").click()
    page.get_by_test_id("open-connect").click()
    page.get_by_test_id("connect").get_by_test_id("server-add").click()
    page.get_by_test_id("server-address").wait_for()


def way(page: Any) -> None:
    settings("ai")(page)
    page.get_by_test_id("way-more").first.click()
