"""The main path in the real window: say a line, several people answer, everything is kept."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from desktop.dialogue import choices
from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]

TYPED = "안녕하세요, 하루 씨. “그 편지” — 읽어도 될까요? 😀 ㅋㅋ\u200d가"
NOT_TOO_FAST = "60"
SLOW = "12"


@pytest.fixture
def open_table(make_app: Callable[..., App]) -> Callable[..., Table]:
    def open_one(pace: str = "inf", name: str = "one") -> Table:
        return Table(make_app(name, **{PACE: pace}))

    return open_one


def alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_the_first_start_shows_a_room_that_is_set_up(open_table: Callable[..., Table]) -> None:
    table = open_table()
    assert table.page.get_by_test_id("room-title").inner_text().strip()
    assert table.page.get_by_test_id("seat").count() >= 3
    assert len(table.messages()) >= 2, "the opening of the starter room is told"
    assert table.input.is_enabled()
    assert table.page.get_by_test_id("problem").count() == 0


def test_what_is_typed_is_shown_and_stored_exactly(open_table: Callable[..., Table]) -> None:
    table = open_table()
    bubbles = table.turn(TYPED)
    assert (bubbles[0]["kind"], bubbles[0]["text"]) == ("user", TYPED)
    mine = [m for m in table.stored() if m["author"]["kind"] == "user"]
    assert mine[-1]["text"] == TYPED
    assert table.input.input_value() == ""


def test_several_speakers_answer_in_bubbles_of_their_own(open_table: Callable[..., Table]) -> None:
    table = open_table()
    speakers: set[str] = set()
    grown: dict[str, set[int]] = {}
    for line in ("모두 여기 좀 보세요.", "한 사람씩 말해 주세요.", "그래서 어떻게 할까요?"):
        before = {m["id"] for m in table.messages()}
        table.turn(line)
        new = [m for m in table.stored() if m["id"] not in before and m["author"]["kind"] != "user"]
        speakers |= {m["author"]["name"] for m in new}
        for message in new:
            grown.setdefault(message["id"], set()).add(len(message["text"]))
            shown = [m for m in table.messages() if m["id"] == message["id"]]
            assert len(shown) == 1, "one bubble per message"
            assert "[" not in shown[0]["text"], "a speaker's tag is no part of what is said"
    assert len(speakers) >= 3, speakers


def test_text_grows_while_it_comes_and_the_book_has_the_same(
    open_table: Callable[..., Table],
) -> None:
    table = open_table(NOT_TOO_FAST)
    table.watch_growth()
    table.say("천천히 이야기해 주세요.")
    table.wait_for_text()
    table.wait_for_the_end()
    assert table.steps_of_growth() >= 8, "text must come in steps, not at once"
    book = table.page.get_by_test_id("book")
    for message in table.stored():
        passage = book.locator(f"[data-passage='{message['id']}']")
        names = passage.locator(".nm").all_text_contents()
        assert names in ([], [message["author"]["name"]]), "before the first thing said"
        words = passage.evaluate(
            """(box) => { const copy = box.cloneNode(true);
              copy.querySelectorAll('.nm').forEach((name) => name.remove());
              return copy.textContent; }"""
        )
        assert unquoted(words) == unquoted(told(message).body)


def test_a_stop_keeps_what_had_come_and_frees_the_input_at_once(
    open_table: Callable[..., Table],
) -> None:
    table = open_table(SLOW)
    table.say("아주 긴 이야기를 들려주세요.")
    table.wait_for_text()
    assert table.answering
    table.page.get_by_test_id("send-button").click()
    wait_until(lambda: not table.answering, "the button is for sending again", 5)
    stopped = wait_until(
        lambda: [m for m in table.messages() if m["status"] == "stopped"], "a bubble is marked"
    )
    assert stopped[-1]["text"]
    table.input.click()
    table.page.keyboard.insert_text("바로 다음 말")
    assert table.input.input_value() == "바로 다음 말"
    kept = {m["id"]: m for m in table.stored()}
    assert kept[stopped[-1]["id"]]["status"] == "stopped"
    assert kept[stopped[-1]["id"]]["text"]


def test_a_reload_in_mid_answer_loses_and_doubles_nothing(open_table: Callable[..., Table]) -> None:
    table = open_table("25")
    table.say("이야기를 이어 주세요.")
    table.wait_for_text()
    for pause in range(8):
        table.page.reload()
        table.ready()
        time.sleep(0.05 * pause)
    table.wait_for_the_end()
    stored = table.stored()
    shown = table.messages()
    assert [m["id"] for m in shown] == [m["id"] for m in stored]
    for message, bubble in zip(stored, shown, strict=True):
        assert plain(bubble["text"]) == plain(told(message).body)
        assert bubble["status"] == message["status"] == "complete"
    offered = {m["id"]: [[c.mark, c.text] for c in told(m).choices] for m in stored}
    assert table.choices() == {key: each for key, each in offered.items() if each}


def told(message: dict[str, Any]) -> choices.Offer:
    """What is told, and the ways on, which the page shows as buttons of their own."""
    if message["author"]["kind"] == "narrator":
        return choices.split(message["text"])
    return choices.Offer(message["text"], ())


def unquoted(text: str) -> str:
    """Plain, and without the quotation marks that the book sets around speech."""
    return plain(text).replace("“", "").replace("”", "")


def plain(text: str) -> str:
    """Without what the page shows in another way: emphasis and line breaks."""
    return "".join(text.replace("*", "").split())


def test_everything_is_there_again_after_a_restart(open_table: Callable[..., Table]) -> None:
    table = open_table()
    table.turn("기억해 주세요.")
    before = table.messages()
    title = table.page.get_by_test_id("room-title").inner_text()
    assert table.app.close() == 0
    again = Table(table.app)
    assert again.messages() == before
    assert again.page.get_by_test_id("room-title").inner_text() == title
    assert again.input.is_enabled()


def test_a_killed_program_comes_back_with_the_partial_answer_marked(
    open_table: Callable[..., Table],
) -> None:
    table = open_table(SLOW)
    table.say("정전이 되어도 괜찮나요?")
    table.wait_for_text(count=8)
    time.sleep(1.0)
    streaming = [m for m in table.messages() if m["status"] == "streaming"][-1]
    table.app.kill()
    again = Table(table.app, **{PACE: "inf"})
    kept = [m for m in again.stored() if m["author"]["kind"] != "user"][-1]
    assert kept["status"] == "partial"
    assert len(plain(kept["text"])) >= len(plain(streaming["text"])) - 12, "under a second is lost"
    assert plain(told(kept).body) in plain(again.messages()[-1]["text"])
    assert not again.answering
    assert again.turn("다시 이어 주세요.")[-1]["kind"] != "user"


def test_no_port_is_opened_and_the_home_stays_clean(open_table: Callable[..., Table]) -> None:
    table = open_table()
    table.turn("조용히요.")
    assert table.app.listening_ports() == set()
    ours = [path for path in table.app.home.rglob("*") if path.is_file()]
    assert not [path for path in ours if "ersona" in path.name], ours
    outside = [
        p for p in table.app.folder.iterdir() if p.name not in {"data", "home", "output.txt"}
    ]
    assert outside == []


def test_a_second_start_calls_the_first_forward_and_ends(open_table: Callable[..., Table]) -> None:
    table = open_table()
    second = table.app.run(timeout=20)
    assert second.returncode == 0, second.stderr
    assert table.app.running.poll() is None
    assert table.turn("아직 여기 있죠?")
    said = table.app.run("say", "창이 열려 있어요")
    assert said.returncode == 1
    assert "open" in said.stderr


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_an_ordinary_end_in_mid_answer_keeps_it_and_leaves_no_process(
    open_table: Callable[..., Table], ending: signal.Signals
) -> None:
    table = open_table(SLOW)
    table.say("닫아도 되나요?")
    table.wait_for_text(count=4)
    tree = table.app.tree()
    table.app.disconnect()
    os.kill(table.app.running.pid, ending)
    assert table.app.running.wait(20) == 0
    wait_until(lambda: not [each for each in tree if alive(each)], "every process has ended")
    again = Table(table.app)
    kept = [m for m in again.stored() if m["author"]["kind"] != "user"][-1]
    assert kept["status"] in {"partial", "stopped"}
    assert kept["text"]


def test_a_provider_that_is_not_there_is_told_with_a_way_on(
    open_table: Callable[..., Table],
) -> None:
    table = open_table()
    opened = table.call("app.open")["room"]["room"]
    table.call("room.stage", room_id=opened["id"], stage={**opened["stage"], "provider": "claude"})
    table.page.reload()
    table.ready()
    table.say("들리나요?")
    table.page.get_by_test_id("problem").first.wait_for()
    assert table.page.get_by_test_id("problem-action").count() >= 1
    kept = [m["text"] for m in table.messages() if m["kind"] == "user"]
    assert "들리나요?" in [*kept[-1:], table.input.input_value()], "the typed line is kept"
    wait_until(lambda: not table.answering, "the input is not locked")
    assert table.input.is_enabled()


def test_the_title_bar_names_the_room(open_table: Callable[..., Table], screen: str) -> None:
    table = open_table()
    name = table.page.get_by_test_id("room-title").inner_text().strip()
    import subprocess

    def titles() -> str:
        tree = subprocess.run(
            ["xwininfo", "-root", "-tree", "-display", screen], capture_output=True, check=False
        )
        return tree.stdout.decode("utf-8", "replace")

    try:
        titles()
    except FileNotFoundError:
        pytest.skip("xwininfo (x11-utils) is not installed")
    wait_until(lambda: f"{name} — Persona Chat" in titles(), "the title bar names the room")


def test_a_missing_or_dead_display_is_told_in_a_sentence(make_app: Callable[..., App]) -> None:
    app = make_app()
    told = app.run(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="xcb")
    assert told.returncode == 3
    assert "display" in told.stderr
    dead = app.run(DISPLAY=":4711", QT_QPA_PLATFORM="xcb")
    assert dead.returncode == 3
    assert ":4711" in dead.stderr


def test_a_demo_plays_prints_and_photographs_a_turn(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    app, picture = make_app(**{PACE: "inf"}), tmp_path / "demo.png"
    told: Any = app.run("demo", "--screenshot", str(picture))
    assert told.returncode == 0, told.stderr
    assert len(told.stdout.strip().splitlines()) >= 2
    assert picture.read_bytes().startswith(b"\x89PNG")
