"""The main path with the real CLIs: a line typed in the window, several people answer from an AI.

The vendors are emulated on loopback; the CLIs are the ones people install.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.emulator.server import Emulator
from tests.providers.conftest import Clis
from tests.window.emulation import Ai, emulated_vendors, signed_in
from tests.window.harness import ROOT, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.cli, pytest.mark.usefixtures("built_page")]

PEOPLE = ("민수", "지현")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not below /tmp: a CLI may refuse settings below a folder that everybody can write to."""
    root = ROOT / "out" / "tests" / secrets.token_hex(4)
    root.mkdir(parents=True, mode=0o700)
    yield root
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def emulator(folder: Path) -> Iterator[Emulator]:
    with emulated_vendors(folder / "emulator") as served:
        yield served


@pytest.fixture
def sit_down(
    folder: Path, screen: str, hands: Any, clis: Clis, emulator: Emulator
) -> Iterator[Callable[[str, str], tuple[Table, str]]]:
    """Opens the program with an AI that plays 민수 and 지현 in a new room."""
    apps: list[App] = []

    def open_one(provider: str, scenario: str) -> tuple[Table, str]:
        app = App(folder / provider, screen, hands, {})
        apps.append(app)
        ai, run = signed_in(provider, clis, emulator, app.home, scenario)
        table = Table(app, **ai.env)
        seat(table, ai)
        return table, run

    yield open_one
    for app in apps:
        app.clean_up()


def seat(
    table: Table, ai: Ai, narrator: dict[str, str] | None = None, *own: dict[str, str]
) -> None:
    """A new room with the people the emulated model plays, opened as the page opens one.

    ``own`` are fields of their own, one for each of them, such as an AI.
    """
    room = table.call("room.create", title="비 오는 날")["room"]
    more = own or ({},) * len(PEOPLE)
    cast = [{"id": f"p{n}", "name": PEOPLE[n], **more[n]} for n in range(len(PEOPLE))]
    stage = {**room["stage"], "characters": cast, "provider": ai.provider, "model": ai.model}
    stage["narrator"] = narrator or {"kind": "ai"}
    table.call("room.stage", room_id=room["id"], stage=stage)
    table.page.reload()
    table.ready()
    wait_until(lambda: table.room_id == room["id"], "the new room is open")


@pytest.mark.parametrize("provider", ["claude", "gemini", "droid"])
def test_several_people_answer_live_from_a_real_ai_and_are_there_after_a_restart(
    sit_down: Callable[[str, str], tuple[Table, str]], emulator: Emulator, provider: str
) -> None:
    table, run = sit_down(provider, "slow")
    table.say("둘 다 우산 챙겼어?")
    wait_until(
        lambda: any(m["status"] == "streaming" and m["text"] for m in table.messages()),
        "a bubble is being written",
        60,
    )
    table.wait_for_the_end()
    stored = table.stored()
    assert stored[0]["text"] == "둘 다 우산 챙겼어?"
    names = [m["author"]["name"] for m in stored[1:]]
    assert names[:4] == ["민수", "지현", "민수", stored[4]["author"]["name"]]
    assert stored[4]["author"]["kind"] == "narrator"
    assert all(m["status"] == "complete" for m in stored)
    assert "좁은 우산 아래에서" in stored[4]["text"]
    assert any("둘 다 우산 챙겼어?" in seen.raw for seen in emulator.generations(run))
    shown = table.messages()
    assert table.app.close() == 0
    again = Table(table.app)
    assert [m["text"] for m in again.messages()] == [m["text"] for m in shown]


def test_two_ais_play_at_one_table_and_every_bubble_tells_which(
    folder: Path, screen: str, hands: Any, clis: Clis, emulator: Emulator
) -> None:
    app = App(folder / "two", screen, hands, {})
    try:
        claude, asked_claude = signed_in("claude", clis, emulator, app.home, "ko")
        gemini, asked_gemini = signed_in("gemini", clis, emulator, app.home, "ko")
        table = Table(app, **(gemini.env | claude.env))
        theirs = {"provider": gemini.provider, "model": "gemini-3.8-flash"}
        seat(table, claude, {"kind": "none"}, {}, theirs)
        table.say("둘 다 우산 챙겼어?")
        wait_until(
            lambda: len(table.stored()) == 3 or table.page.get_by_test_id("problem").count() > 0,
            "both have answered",
            140,
        )
        wrong = table.page.get_by_test_id("problem").all_inner_texts()
        assert not wrong, wrong
        table.wait_for_the_end()
        told = [(m["author"]["name"], m["by"] and m["by"]["provider"]) for m in table.stored()[1:]]
        assert told == [("민수", "claude"), ("지현", "gemini")]
        assert len(emulator.generations(asked_claude)) == 1
        [seen] = emulator.generations(asked_gemini)
        assert "안녕! 오늘은 비가 오네" in seen.raw, "the second hears what the first has said"

        labels = table.page.get_by_test_id("answered-by")
        shown = labels.all_inner_texts()
        assert len(shown) == 2, shown
        assert "Claude" in shown[0], shown
        assert "Gemini" in shown[1], shown
        assert app.close() == 0
        again = Table(app)
        labels = again.page.get_by_test_id("answered-by")
        assert labels.all_inner_texts() == shown, "it is known after a restart too"
    finally:
        app.clean_up()


@pytest.mark.parametrize("provider", ["claude", "gemini", "droid"])
def test_a_stop_ends_the_cli_and_its_request_and_keeps_what_had_come(
    sit_down: Callable[[str, str], tuple[Table, str]], emulator: Emulator, provider: str
) -> None:
    table, run = sit_down(provider, "vslow")
    table.say("천천히 말해 줘.")
    wait_until(
        lambda: any(m["status"] == "streaming" and m["text"] for m in table.messages()),
        "a bubble is being written",
        60,
    )
    asked = emulator.generations(run)[-1]
    table.page.keyboard.press("Escape")
    wait_until(lambda: not table.answering, "the button is for sending again", 5)
    wait_until(lambda: [m for m in table.messages() if m["status"] == "stopped"], "a mark")
    wait_until(asked.client_gone.is_set, "the request to the model is closed", 10)
    wait_until(lambda: not answering_clis(table.app, provider), "the CLI of the turn is gone", 15)
    assert next(m for m in table.stored() if m["status"] == "stopped")["text"]


def answering_clis(app: App, provider: str) -> list[psutil.Process]:
    """Processes of this CLI that still hold a connection, below the program."""
    found = []
    for process in app.tree():
        try:
            named = any(provider in part for part in process.cmdline()[:2])
            if named and process.net_connections("inet"):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


@pytest.mark.parametrize(("scenario", "code"), [("401", "key_refused"), ("429", "quota")])
def test_trouble_with_the_ai_is_said_with_a_way_on_and_the_table_stays_open(
    sit_down: Callable[[str, str], tuple[Table, str]], scenario: str, code: str
) -> None:
    table, _ = sit_down("claude", scenario)
    table.say("들려?")
    problem = table.page.get_by_test_id("problem").last
    problem.wait_for(timeout=60_000)
    assert problem.get_attribute("data-code") == code
    assert problem.get_by_test_id("problem-action").count() >= 1
    assert not table.answering
    assert table.input.is_enabled()
    assert table.stored()[0]["text"] == "들려?"


def test_an_answer_cut_in_the_middle_keeps_what_came_and_says_so(
    sit_down: Callable[[str, str], tuple[Table, str]],
) -> None:
    table, _ = sit_down("gemini", "cut")
    table.say("들려?")
    table.page.get_by_test_id("problem").last.wait_for(timeout=60_000)
    table.wait_for_the_end()
    last = table.stored()[-1]
    assert (last["status"], last["author"]["kind"]) == ("partial", "character")
    assert last["text"]
    assert table.messages()[-1]["status"] == "partial"
    assert table.page.get_by_test_id("message-mark").last.is_visible()
