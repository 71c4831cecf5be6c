"""Every page of the table and the way to it: one list for pictures, for axe and for widths."""

from pathlib import Path
from typing import Any

from tests.window import ways
from tests.window.ways import Way

WIDTHS = (1440, 900, 480)
HEIGHT = 900
QUERIES: dict[str, str] = {
    "lock": "locked",
    "first-start": "first",
    "problem": "problem=quota",
    "long": "history=30",
    "queued": "pace=40",
    "stopped": "pace=40",
}
"""What the demo is asked to begin with for a page, besides its usual."""


PAGES: dict[str, Way] = {
    "welcome": ways.welcome,
    "first-start": lambda page: page.get_by_test_id("starter").nth(5).wait_for(),
    "lock": lambda page: page.get_by_test_id("lock-page").wait_for(),
    "table": lambda _: None,
    "table-empty": ways.empty,
    "long": lambda _: None,
    "dice": ways.dice,
    "queued": ways.queued,
    "stopped": ways.stopped,
    "problem": ways.problem,
    "editing": ways.editing,
    "own-narrator": ways.own_narrator,
    "stage": ways.pane("stage"),
    "stage-all": ways.all_sections,
    "book": ways.pane("book"),
    "book-markdown": ways.markdown,
    "book-look": ways.in_book("book-look"),
    "book-contents": ways.in_book("book-contents"),
    "book-save": ways.save_dialog,
    "provider": ways.press("provider-stat"),
    "calendar": ways.calendar,
    "side-by-side": ways.side_by_side,
    "branches": ways.branches,
    "prompt": ways.prompt,
    "deeds": ways.only_narrow(ways.deeds),
    "menu": ways.only_narrow(ways.press("open-menu")),
    "more": ways.only_narrow(ways.more),
    "rooms": ways.shelf(),
    "rooms-trash": ways.shelf("버린 방"),
    "new-room": lambda page: (ways.shelf()(page), ways.press("shelf-new-room")(page))[0],
    "library": ways.library("library-entry"),
    "library-person": ways.library("library-character_template", "library-entry"),
    "library-place": ways.library("library-place"),
    "lore": ways.lore,
    "lore-list": ways.rail("open-lore", "sheet-lore"),
    "backup": ways.rail("open-backup", "sheet-backup"),
    "backup-export": ways.export,
    "backup-lock": ways.lock_a_file,
    "backup-locked": ways.locked_file,
    "backup-preview": ways.preview,
    "backup-receipt": ways.receipt,
    "take": ways.take,
    "room-switcher": ways.press("room-switcher"),
    "character": ways.character,
    "crop": ways.crop,
    "palette": ways.palette,
    "palette-none": ways.nothing_found,
    "palette-filtered": ways.filtered,
    "find": ways.find,
    "tokens": ways.tokens,
    "keys": ways.keys("F1"),
    "settings": ways.settings("reading"),
    "settings-ai": ways.settings("ai"),
    "settings-way": ways.way,
    "connect": ways.connect,
    "new-profile": ways.new_profile,
    "settings-memory": ways.settings("memory"),
    "settings-usage": ways.used,
    "settings-rules": ways.settings("rules"),
    "settings-profile": ways.settings("profile"),
    "settings-keys": ways.settings("keys"),
    "settings-language": ways.settings("language"),
    "settings-aloud": ways.settings("aloud"),
    "settings-about": ways.settings("about"),
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
