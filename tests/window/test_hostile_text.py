"""Text that would take the page over, everywhere a text is shown: nothing runs, nothing is asked.

What counts as a failure: a script that ran, a dialog, a request to anywhere but the page's own
files, an element or attribute that the text has brought with it, and a load or script that only
the content security policy stopped, for then the text had got past everything before it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.hostile_shelf import PER_ROOM, written
from tests.window.table import Table
from tests.window.xss_vectors import FAMILIES, VECTORS

pytestmark = [
    pytest.mark.window,
    pytest.mark.usefixtures("built_page"),
    pytest.mark.timeout(300),
]

SHORT = [vector for vector in VECTORS if len(vector) < 2_000]
CANARY = """
window.hits = []; window.stopped = [];
for (const name of ['HIT', 'alert', 'confirm', 'prompt', 'open', 'print'])
  window[name] = (...told) => { window.hits.push(name + told.join()); return null; };
document.addEventListener('securitypolicyviolation', (event) =>
  window.stopped.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
"""
BROUGHT = """() => {
  const never = new Set(['script', 'iframe', 'frame', 'object', 'embed', 'base', 'link', 'meta',
    'portal', 'applet', 'template', 'style', 'audio', 'video', 'source', 'xmp', 'plaintext',
    'math', 'marquee', 'noscript', 'frameset', 'foreignobject', 'animate', 'set', 'feimage']);
  const places = new Set(['href', 'src', 'srcset', 'action', 'formaction', 'data', 'poster',
    'background', 'xlink:href', 'ping', 'cite', 'srcdoc', 'manifest']);
  const found = [];
  for (const one of document.querySelectorAll('body, body *')) {
    if (never.has(one.localName.toLowerCase())) found.push(one.localName);
    for (const { name, value } of one.attributes) {
      if (name.startsWith('on') || (name === 'style' && /url|image-set|expression/i.test(value)) ||
          (places.has(name) && !/^(#|data:image\\/|blob:|\\.\\/assets\\/)/.test(value)))
        found.push(`${one.localName} ${name}=${value.slice(0, 60)}`);
    }
  }
  return found;
}"""


class Watched(Table):
    """A table that is opened with a canary in its page and every request written down."""

    def __init__(self, app: App) -> None:
        self.asked: list[str] = []
        self.answered: list[str] = []
        self.dialogs: list[str] = []
        super().__init__(app, **{PACE: "inf"})
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("response", lambda response: self.answered.append(response.url))
        self.page.on("dialog", self._dialog)
        self.page.add_init_script(CANARY)
        self.again()

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def again(self) -> None:
        """Load the page anew; the canary and the list of what was stopped begin anew too."""
        self.page.reload()
        self.ready()

    def hold(self, where: str) -> None:
        """Nothing has run, asked, or got into the page so far."""
        hits, stopped = self.page.evaluate("[window.hits, window.stopped]")
        assert hits == [], where
        assert stopped == [], where
        assert self.dialogs == [], where
        assert self.strangers() == [], where
        assert self.page.evaluate(BROUGHT) == [], where

    def strangers(self) -> list[str]:
        own = self.page.url.rsplit("/", 1)[0]
        return [url for url in self.asked if not url.startswith((own, "data:", "blob:", "qrc:"))]

    def go_to(self, name: str) -> None:
        self.page.keyboard.press("Control+k")
        self.page.get_by_test_id("palette-input").fill(name)
        self.page.locator(f"#room-r{name.removeprefix('방')}").click()
        self.page.get_by_test_id("palette").wait_for(state="detached")
        wait_until(lambda: any(m["id"].startswith("m") for m in self.messages()), "its messages")

    def book(self, style: str) -> None:
        settings = self.call("app.open")["settings"]
        self.call("settings.change", settings={**settings, "book_style": style})
        names = self.page.locator("#book .md-name")
        wait_until(lambda: (names.count() > 0) == (style == "markdown"), f"the book as {style}")

    def rolled(self, text: str) -> bool:
        """Whether a roll of these words is made; some are no formula."""
        return bool(
            self.page.evaluate(
                """async (text) => !(await pywebview.api.call(
                     'dice.roll', { room_id: 'r0', text })).problem""",
                text,
            )
        )

    def close_all(self) -> None:
        self.page.keyboard.press("Escape")
        self.page.wait_for_timeout(50)


@pytest.fixture
def table(make_app: Callable[..., App]) -> Watched:
    app = make_app("one")
    written(app.data, SHORT)
    return Watched(app)


def names() -> list[str]:
    return [f"방{number}" for number in range(-(-len(SHORT) // PER_ROOM))]


def test_the_corpus_is_large_and_knows_every_way() -> None:
    assert len(VECTORS) >= 400
    assert all(len(family) >= 6 for family in FAMILIES.values())


def test_no_text_of_a_story_runs_or_asks_anything(table: Watched) -> None:
    styles = ("markdown", "novel")
    for number, name in enumerate(names()):
        table.go_to(name)
        said = [message for message in table.messages() if message["text"]]
        assert len(said) >= min(30, (len(SHORT) - number * PER_ROOM) // 4), (
            "the vectors stand there"
        )
        table.hold(f"{name} at first")
        table.book(styles[number % 2])
        table.hold(f"{name} in the other book")
    table.page.get_by_test_id("character-row").first.get_by_role("button").first.click()
    table.page.get_by_test_id("character-dialog").wait_for()
    table.hold("a character's card")
    table.close_all()
    _proved(table)


def test_no_name_roll_finding_or_failure_does_either(table: Watched) -> None:
    page = table.page
    room = "r0"
    rolled = []
    for number, family in enumerate(FAMILIES.values()):
        table.call("slot.save", room_id=room, name=family[0][:200])
        rolled.append(table.rolled(f"/roll 1d20 이름 {family[1][:150]}"))
        table.call("book.chapter_add", message_id=f"m0x{number + 3}", name=family[2][:200])
    assert sum(rolled) >= 3, "some of them are labels of rolls"
    table.call("summary.save", room_id=room, text="\n".join(SHORT)[:40_000])
    table.again()
    table.go_to("방0")
    table.hold("rolls, chapters, slots")

    _problems(table)
    table.hold("what providers say went wrong")
    for words in ("onerror", "HIT", "script", "방"):
        page.keyboard.press("Control+k")
        page.get_by_test_id("palette-input").fill(words)
        page.locator("#pal-list mark, [id^=room-]").first.wait_for()
        table.hold(f"found: {words}")
        table.close_all()
    page.get_by_test_id("open-rooms").click()
    page.get_by_test_id("volume").first.wait_for()
    table.hold("the shelf of rooms")
    _proved(table)


def _problems(table: Watched) -> None:
    """As the program would tell them, four at once: the vector is in every field that is a text."""
    shown = table.page.evaluate(
        """async (vectors) => {
             const { sequence } = (await pywebview.api.call('app.open', {})).result;
             let shown = 0;
             for (let at = 0; at < vectors.length; at += 4) {
               const events = vectors.slice(at, at + 4).map((text) => ({
                 type: 'problem_raised',
                 problem: { code: 'crashed', ways_on: ['retry'], detail: text.slice(0, 500),
                   provider: text.slice(0, 200), field: text.slice(0, 200),
                   log_id: text.slice(0, 200), waited_ms: null, retry_at: null, exit_code: null },
               }));
               // Between two numbers of the program's own, so that none of its events is missed.
               window.personaReceive({ last: sequence + (at + 1) / 1000, events });
               await new Promise((done) => setTimeout(done, 20));
               shown += document.querySelectorAll('[data-testid=notice]').length;
             }
             return shown;
           }""",
        SHORT,
    )
    assert shown > len(SHORT) / 2, "they are shown"


def _proved(table: Watched) -> None:
    """The watch sees what it is there for, and the policy holds where all else has failed."""
    table.page.evaluate(
        """(vectors) => {
             const box = document.createElement('div');
             box.innerHTML = vectors.join('\\n</style></script></textarea></title>');
             document.body.append(box);
           }""",
        [v for v in SHORT if "<plaintext" not in v and "<template" not in v and "<!" not in v],
    )
    wait_until(lambda: len(table.page.evaluate("window.stopped")) > 5, "the policy stops them")
    assert len(table.page.evaluate(BROUGHT)) > 100, json.dumps(table.page.evaluate(BROUGHT))
    table.page.wait_for_timeout(300)
    assert table.page.evaluate("window.hits") == [], "even then nothing runs"
    assert table.strangers(), "a request that is tried is seen"
    assert not set(table.strangers()) & set(table.answered), "and none goes out"


def test_a_link_opens_nothing_by_itself(make_app: Callable[..., App], tmp_path: Path) -> None:
    """Links of a story are shown as the letters they are; a forged one leads nowhere either."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/opened\n')
    browser.chmod(0o755)
    table = Table(make_app("one", **{PACE: "inf", "BROWSER": str(browser)}))
    address = "https://example.com/등대"
    table.turn(f"[등대]({address}) <{address}> {address}")
    assert any(address in message["text"] for message in table.messages())
    outside = table.page.locator("a[href]:not([href^='#'])")
    assert outside.count() == 0
    home = table.page.url
    table.page.evaluate(
        """(address) => {
             const link = Object.assign(document.createElement('a'),
               { href: address, target: '_blank', id: 'forged', textContent: 'x' });
             link.style.cssText =
               'position:fixed;left:0;top:0;z-index:99999;width:50px;height:50px';
             document.body.append(link);
           }""",
        address,
    )
    table.page.mouse.click(20, 20)
    table.page.mouse.click(20, 20, button="middle")
    table.page.evaluate("window.open('https://example.com/')")
    table.page.wait_for_timeout(500)
    assert table.page.url == home
    assert not (tmp_path / "opened").exists()
