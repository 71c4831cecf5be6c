"""What the window does whatever its page is: it goes nowhere, opens no port, closes cleanly."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.window.harness import wait_until

pytestmark = pytest.mark.window

PAGE = """<!doctype html><meta charset="utf-8"><title>home</title>
<a id="away" href="https://example.com/">away</a>
<a id="file" href="file:///etc/hostname">file</a>
<a id="blank" href="file:///etc/hostname" target="_blank">blank</a>
<p id="text">안녕</p>"""

READY = "!!(window.pywebview && window.pywebview.api && window.pywebview.api.call)"


def call(page: Any, name: str, params: Any = None) -> Any:
    page.wait_for_function(READY)
    return page.evaluate(
        "([name, params]) => window.pywebview.api.call(name, params)", [name, params]
    )


@pytest.mark.parametrize("link", ["#away", "#file", "#blank"])
def test_a_link_never_leads_the_window_away(bare: Callable[..., Any], link: str) -> None:
    app, page = bare(PAGE)
    home = page.url
    # Not ``click``: it waits for a navigation that must never come.
    box = page.locator(link).bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + 3)
    page.wait_for_timeout(500)
    assert page.url == home
    assert page.inner_text("#text") == "안녕"
    assert call(page, "still here")["at_home"] is True
    assert len(app._connection.contexts[0].pages) == 1


def test_a_script_cannot_lead_it_away_either(bare: Callable[..., Any]) -> None:
    _app, page = bare(PAGE)
    home = page.url
    page.evaluate("setTimeout(() => { location.href = 'https://example.com/' }, 0)")
    page.evaluate("setTimeout(() => { location.href = 'data:text/html,gone' }, 100)")
    page.wait_for_timeout(700)
    assert page.url == home
    page.evaluate("location.hash = '#chapter'")
    assert call(page, "x")["at_home"] is True


def test_the_page_reaches_neither_the_network_nor_other_files(
    bare: Callable[..., Any], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    _app, page = bare(PAGE)
    fetched = """(url) => fetch(url).then((r) => r.text()).catch(() => 'refused')"""
    assert page.evaluate(fetched, secret.as_uri()) == "refused"
    assert page.evaluate(fetched, "file:///etc/hostname") == "refused"
    assert page.evaluate(fetched, page.url.rsplit("/", 1)[0] + "/%2e%2e/secret.txt") == "refused"
    assert "안녕" in page.evaluate(fetched, page.url), "its own files it does read"


def test_text_goes_to_the_clipboard_and_other_permissions_are_refused_at_once(
    bare: Callable[..., Any],
) -> None:
    _app, page = bare(PAGE)
    told = "(p) => p.then((v) => 'yes ' + v, (e) => 'no ' + e.name)"
    page.bring_to_front()
    page.click("#text")
    written = page.evaluate(f"({told})(navigator.clipboard.writeText('복사'))")
    assert written.startswith("yes")
    place = "new Promise((y, n) => navigator.geolocation.getCurrentPosition(y, n))"
    asked = page.evaluate(
        f"Promise.race([({told})({place}), new Promise(r => setTimeout(r, 5000))])"
    )
    assert asked is not None, "a request that is never answered hangs the page"
    assert asked.startswith("no")


def test_no_port_is_opened_and_nothing_is_written_to_the_home(bare: Callable[..., Any]) -> None:
    app, page = bare(PAGE)
    assert call(page, "x")["name"] == "x"
    assert app.listening_ports() == set()
    left = [path for path in app.home.rglob("*") if path.is_file()]
    assert not [path for path in left if "pywebview" in str(path)], left


def test_a_close_waits_for_the_cleaning_up_and_leaves_no_process(
    bare: Callable[..., Any], tmp_path: Path
) -> None:
    app, page = bare(PAGE)
    call(page, "x")
    tree = app.tree()
    assert app.close() == 0
    assert (tmp_path / "page" / "cleaned").read_text() == "once\n"
    wait_until(
        lambda: not [each for each in tree if each.is_running() and alive(each)],
        "every process of it has ended",
    )


def alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_page_whose_process_dies_comes_back(bare: Callable[..., Any], tmp_path: Path) -> None:
    app, page = bare(PAGE)
    call(page, "x")
    # A page's process is forked from Chromium's zygote and keeps its command line.
    zygotes = [each for each in app.tree() if "--type=zygote" in each.cmdline()]
    pages = [each for each in zygotes if each.ppid() in {zygote.pid for zygote in zygotes}]
    assert pages
    app.disconnect()
    for each in pages:
        each.kill()
    wait_until((tmp_path / "page" / "died").exists, "the program is told")
    page = app._connect()
    assert page.inner_text("#text") == "안녕"
    assert call(page, "again")["at_home"] is True


def test_calls_from_many_sides_all_come_back(bare: Callable[..., Any]) -> None:
    _app, page = bare(PAGE)
    call(page, "x")
    told = page.evaluate(
        """() => Promise.all(Array.from({ length: 200 }, (_, n) =>
             window.pywebview.api.call('n', n)))"""
    )
    assert [each["params"] for each in told] == list(range(200))
    assert threading.active_count() < 50


def test_a_picture_of_the_window_can_be_taken(bare: Callable[..., Any], tmp_path: Path) -> None:
    _app, page = bare(PAGE)
    file = tmp_path / "window.png"
    assert call(page, "grab", str(file)) is True
    assert file.read_bytes().startswith(b"\x89PNG")
    assert len(file.read_bytes()) > 2_000, "an empty window is smaller"
