"""Stories out of one program and into another, by the page's own buttons and by a drop."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]
_WORD = "달빛 항구 열쇠"


class Carrying(Table):
    """A table whose dialogs are answered by the test."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._answer = app.folder / "answer.txt"
        command = [sys.executable, "-m", "tests.window.carrying_window", str(app.data)]
        self.page = app.start(command, ANSWER=str(self._answer), **{PACE: "inf"})
        self.ready()

    def answer(self, path: Path) -> None:
        self._answer.write_text(str(path), encoding="utf-8")

    def at(self, test_id: str) -> Any:
        return self.page.get_by_test_id(test_id)

    def press(self, test_id: str) -> None:
        self.at(test_id).first.click()

    def rooms(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every room that is not thrown away, with all that was said in it."""
        found = {}
        for room in self.call("app.open")["rooms"]:
            if room["trashed_at"] is None:
                view = self.call("room.open", room_id=room["id"])
                found[room["title"]] = [
                    (one["author"]["kind"], one["author"]["name"], one["text"], one["created_at"])
                    for one in view["messages"]
                ]
        return found


@pytest.fixture
def table(make_app: Callable[..., App]) -> Callable[[str], Carrying]:
    return lambda name: Carrying(make_app(name))


def _bring_in(there: Carrying) -> None:
    there.at("import-preview").wait_for()
    there.press("import-run")
    there.at("import-done").wait_for()


def test_everything_goes_out_locked_and_comes_in_elsewhere_word_for_word(
    table: Callable[[str], Carrying], tmp_path: Path
) -> None:
    here = table("one")
    here.turn("*손을 흔든다.* 모두 이리 와 보세요.")
    here.turn("편지에 뭐라고 적혀 있나요?")
    here.call("room.create", title="무인도")
    said = {title: lines for title, lines in here.rooms().items() if lines}
    assert sum(map(len, said.values())) > 4
    file = tmp_path / "모두.zip.age"
    here.answer(file)
    here.press("open-backup")
    here.at("export-format").locator("input").nth(1).check(force=True)
    here.at("export-lock-on").check(force=True)
    here.at("export-passphrase").fill(_WORD)
    here.at("export-passphrase-again").fill(_WORD)
    here.press("export-run")
    here.at("export-done").wait_for(timeout=60_000)
    assert file.read_bytes().startswith(b"age-encryption.org/v1\n")
    here.app.clean_up()

    there = table("two")
    before = there.rooms()
    there.answer(file)
    there.press("open-backup")
    there.press("import-choose")
    there.at("import-passphrase").fill("다른 열쇠 이름")
    there.press("import-unseal")
    there.at("import-wrong").wait_for(timeout=60_000)
    there.at("import-passphrase").fill(_WORD)
    there.press("import-unseal")
    there.at("import-preview").wait_for(timeout=60_000)
    assert there.rooms() == before
    _bring_in(there)
    came = {title: lines for title, lines in there.rooms().items() if lines}
    assert came == {**{title: lines for title, lines in before.items() if lines}, **said}

    there.press("receipt-undo")
    there.at("receipt-undone").wait_for()
    assert there.rooms() == before

    there.press("import-choose")
    there.at("import-passphrase").fill(_WORD)
    there.press("import-unseal")
    _bring_in(there)
    again = {title: lines for title, lines in there.rooms().items() if lines}
    assert again == came


def test_a_dropped_file_and_the_old_folder_come_in(
    table: Callable[[str], Carrying], tmp_path: Path
) -> None:
    folder = tmp_path / "persona_data"
    (folder / "worlds").mkdir(parents=True)
    (folder / "worlds" / "안개 항구.md").write_text("안개가 걷히지 않는다.", encoding="utf-8")
    one = table("one")
    one.press("open-backup")
    one.page.evaluate(
        """(text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], 'old.json'));
          document.body.dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        '{"version":"1.0","export_type":"single_room","room":{"room_id":"a","title":"옛 방",'
        '"messages":[{"role":"user","content":"문을 연다."},'
        '{"role":"assistant","content":"[하루]: 들어와.\\n[나비]: 야옹."}]}}',
    )
    _bring_in(one)
    assert [line[1:3] for line in one.rooms()["옛 방"]][1:] == [
        ("하루", "들어와."),
        ("나비", "야옹."),
    ]

    one.answer(folder)
    one.press("import-folder")
    _bring_in(one)
    wait_until(
        lambda: any(entry["name"] == "안개 항구" for entry in one.call("library.list")["entries"]),
        "the library has the world",
    )


def test_a_closed_dialog_does_nothing(table: Callable[[str], Carrying]) -> None:
    one = table("one")
    one.press("open-backup")
    one.press("import-choose")
    wait_until(lambda: one.app.output().count("DIALOG") == 1, "the dialog was shown")
    wait_until(lambda: one.at("import-choose").is_enabled(), "it may be asked for again")
    assert one.at("import-file").count() == 0
    assert one.at("notice").count() == 0
