"""What was kept, in the real window: presets, lore, files changed elsewhere, git, names."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]


@pytest.fixture
def table(make_app: Callable[..., App]) -> Table:
    return Table(make_app("one", **{PACE: "inf"}))


def shelf_of(table: Table) -> Path:
    """Where the program says its files lie."""
    return Path(table.call("library.list")["folder"])


def press(table: Table, test_id: str) -> None:
    table.page.get_by_test_id(test_id).first.click()


def keep_stage(table: Table, name: str) -> None:
    press(table, "keep-stage")
    table.page.get_by_test_id("keep-name").fill(name)
    press(table, "keep-name-go")
    wait_until((shelf_of(table) / "presets" / f"{name}.json").exists, "the preset is a file")


def entry(table: Table, name: str) -> Any:
    return table.page.get_by_test_id("library-entry").filter(has_text=name)


def make_world(table: Table, name: str) -> None:
    press(table, "open-library")
    press(table, "library-world")
    press(table, "library-new")
    table.page.get_by_test_id("library-name").fill(name)
    press(table, "library-name-go")


def saved(table: Table, test_id: str) -> None:
    state = table.page.get_by_test_id(test_id)
    wait_until(lambda: state.get_attribute("data-state") == "saved", "it is saved")


def stage(table: Table) -> Any:
    return table.call("app.open")["room"]["room"]["stage"]


def test_a_preset_is_kept_begins_a_new_room_and_comes_back_once_deleted(table: Table) -> None:
    before = stage(table)
    keep_stage(table, "우리 무대")
    press(table, "open-library")
    entry(table, "우리 무대").click()
    press(table, "library-new-room")
    table.page.get_by_test_id("new-room-title").fill("같은 무대의 새 밤")
    press(table, "new-room-create")
    title = table.page.get_by_test_id("room-title")
    wait_until(lambda: title.inner_text() == "같은 무대의 새 밤", "the new room is open")
    assert stage(table) == before
    assert table.messages() == []

    press(table, "open-library")
    entry(table, "우리 무대").click()
    press(table, "library-delete")
    wait_until(lambda: entry(table, "우리 무대").count() == 0, "it is gone")
    file = shelf_of(table) / "presets" / "우리 무대.json"
    assert not file.exists()
    table.page.locator("[data-kind=library_deleted] .btn").click()
    wait_until(file.exists, "the undo brings the file back")
    wait_until(lambda: entry(table, "우리 무대").count() == 1, "and shows it")


def test_what_a_world_would_change_is_told_and_can_be_taken_back(table: Table) -> None:
    before = stage(table)
    make_world(table, "유리 도시")
    table.page.get_by_test_id("library-text").fill("비가 오지 않는 도시.")
    change = table.page.locator("[data-testid=library-changes] [data-part=world]")
    wait_until(lambda: "비가 오지 않는 도시" in change.inner_text(), "the change is told")
    press(table, "library-take")
    wait_until(lambda: stage(table)["world"] == "비가 오지 않는 도시.", "it stands on the stage")
    assert stage(table)["characters"] == before["characters"]
    table.page.locator("[data-kind=library_applied] .btn").click()
    wait_until(lambda: stage(table) == before, "the undo brings the old stage back")


def test_a_piece_of_lore_is_written_tried_saved_and_found_again(table: Table) -> None:
    press(table, "open-lore")
    press(table, "lore-first")
    press(table, "lore-new")
    page = table.page
    page.get_by_test_id("lore-name").fill("여섯 번째 등대")
    page.get_by_test_id("lore-keys").fill("등대")
    page.get_by_test_id("lore-keys").press("Enter")
    page.get_by_test_id("lore-content").fill("그날 밤 불이 꺼졌다.")
    saved(table, "lore-saved")
    (file,) = (shelf_of(table) / "lorebooks").glob("*.json")
    assert "그날 밤 불이 꺼졌다." in file.read_text("utf-8")

    page.get_by_test_id("lore-test-text").fill("등대에서 기다릴게.")
    fired = page.get_by_test_id("lore-fired").locator("li")
    wait_until(lambda: fired.count() == 1, "a particle does not hide the key")
    assert page.get_by_test_id("lore-fired").locator("mark").inner_text() == "등대"
    page.get_by_test_id("lore-test-text").fill("등대지기가 왔다.")
    passed = page.get_by_test_id("lore-passed").locator("li")
    wait_until(lambda: passed.count() == 1, "another word does not wake it")
    assert fired.count() == 0
    assert "열쇠말이 나오지 않았어요" in passed.inner_text()

    page.reload()
    table.ready()
    page.keyboard.press("Control+k")
    page.get_by_test_id("palette-input").fill("불이 꺼졌다")
    page.locator("[id^=kept-lorebook]").click()
    wait_until(
        lambda: page.get_by_test_id("lore-name").input_value() == "여섯 번째 등대",
        "the search leads to the piece itself",
    )
    assert page.get_by_test_id("lore-content").input_value() == "그날 밤 불이 꺼졌다."


def test_a_file_changed_elsewhere_shows_up_and_never_costs_what_was_typed(table: Table) -> None:
    make_world(table, "안개")
    text = table.page.get_by_test_id("library-text")
    text.fill("첫 문장")
    saved(table, "library-saved")
    file = shelf_of(table) / "worlds" / "안개.md"
    file.write_text("밖에서 고친 문장", "utf-8")
    wait_until(lambda: text.input_value() == "밖에서 고친 문장", "the new text is shown")

    file.write_text("밖에서 또 고친 문장", "utf-8")
    text.fill("안에서 쓴 문장")
    clash = table.page.get_by_test_id("library-conflict")
    beside = table.page.get_by_test_id("library-beside")
    # Whichever comes first: the look at the folder, or the saving that finds the file changed.
    wait_until(lambda: clash.count() + beside.count(), "the clash is told")
    if clash.count():
        press(table, "library-keep-mine")
        beside.wait_for()
    assert file.read_text("utf-8").strip() == "밖에서 또 고친 문장"
    mine = shelf_of(table) / "worlds" / "안개 (2).md"
    wait_until(mine.exists, "mine is kept beside it")
    assert mine.read_text("utf-8").strip() == "안에서 쓴 문장"
    assert text.input_value() == "안에서 쓴 문장"


def test_a_name_that_nobody_can_see_is_refused_and_no_name_leaves_the_folder(
    table: Table,
) -> None:
    make_world(table, "\u3164 \u2800")
    wrong = table.page.get_by_test_id("library-name-wrong")
    wrong.wait_for()
    assert "보이는 글자" in wrong.inner_text()
    table.page.get_by_test_id("library-name").fill("../../밖으로")
    press(table, "library-name-go")
    wait_until(lambda: entry(table, "밖으로").count() == 1, "it is an entry like any other")
    found = [path for path in table.app.folder.rglob("*밖으로*") if path.is_file()]
    assert [path.parent for path in found] == [shelf_of(table) / "worlds"]
    assert entry(table, "밖으로").locator("b").inner_text() == "../../밖으로"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout


def exchanged(table: Table, folder: Path) -> tuple[Path, Path]:
    """A world of this library in a bare repository, and somebody else's clone of that."""
    far, other = folder / "far.git", folder / "other"
    far.mkdir()
    git(far, "init", "-q", "--bare", "-b", "main")
    make_world(table, "안개")
    table.page.get_by_test_id("library-text").fill("여기서 쓴 글")
    saved(table, "library-saved")
    press(table, "library-place")
    panel = table.page.get_by_test_id("library-git")
    wait_until(lambda: panel.get_attribute("data-state") == "no_repository", "no repository yet")
    assert table.page.get_by_test_id("git-sync").is_disabled()
    table.page.get_by_test_id("git-remote").fill(str(far))
    press(table, "git-set-up")
    wait_until(lambda: panel.get_attribute("data-state") == "ready", "it is a repository now")
    press(table, "git-sync")
    done = table.page.get_by_test_id("git-done")
    wait_until(lambda: done.get_attribute("data-outcome") == "done", "it was sent")
    git(folder, "clone", "-q", str(far), str(other))
    return far, other


def sent_by_them(other: Path) -> None:
    git(other, "add", "-A")
    git(other, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "more")
    git(other, "push", "-q")


def test_one_button_exchanges_the_library_with_a_repository(table: Table, tmp_path: Path) -> None:
    far, other = exchanged(table, tmp_path)
    listed = git(far, "-c", "core.quotepath=off", "ls-tree", "-r", "--name-only", "main")
    assert "worlds/안개.md" in listed.splitlines()
    (other / "worlds" / "저쪽 세계.md").write_text("저쪽에서 쓴 글", "utf-8")
    sent_by_them(other)
    press(table, "git-sync")
    press(table, "library-world")
    wait_until(lambda: entry(table, "저쪽 세계").count() == 1, "what they wrote is here")


def test_a_file_changed_in_both_places_is_explained_and_both_are_kept(
    table: Table, tmp_path: Path
) -> None:
    _, other = exchanged(table, tmp_path)
    (other / "worlds" / "안개.md").write_text("저쪽에서 고친 글", "utf-8")
    sent_by_them(other)
    press(table, "library-world")
    table.page.get_by_test_id("library-entry").get_by_text("안개", exact=True).click()
    table.page.get_by_test_id("library-text").fill("여기서 고친 글")
    press(table, "library-place")
    press(table, "git-sync")
    told = table.page.get_by_test_id("git-conflicts").locator("li")
    wait_until(lambda: told.count() == 1, "the clash is explained")
    assert "worlds/안개.md: 이 컴퓨터의 것 그대로예요" in told.inner_text()
    assert "worlds/안개 (2).md" in told.inner_text()
    kept = {
        name: (shelf_of(table) / "worlds" / f"{name}.md").read_text("utf-8").strip()
        for name in ("안개", "안개 (2)")
    }
    assert kept == {"안개": "여기서 고친 글", "안개 (2)": "저쪽에서 고친 글"}
    press(table, "library-world")
    wait_until(lambda: entry(table, "안개 (2)").count() == 1, "both are on the shelf")
    git(other, "pull", "-q")
    theirs = {file.stem: file.read_text("utf-8").strip() for file in other.glob("worlds/*.md")}
    assert {name: theirs[name] for name in kept} == kept, "and so it is with them"


def test_the_house_rules_are_written_kept_and_put_back_to_the_sample(table: Table) -> None:
    press(table, "open-settings")
    press(table, "settings-rules")
    text = table.page.get_by_test_id("rules-text")
    wait_until(lambda: text.input_value() != "", "the sample stands there")
    sample = text.input_value()
    text.fill("서로 존댓말을 쓴다.")
    wait_until(lambda: table.call("rules.read")["text"] == "서로 존댓말을 쓴다.", "it is kept")
    press(table, "rules-sample")
    wait_until(lambda: text.input_value() == sample, "the sample is back")
    assert table.call("rules.read")["own"] is False


def test_a_person_of_the_table_is_kept_and_seated_again(table: Table) -> None:
    people = stage(table)["characters"]
    table.page.get_by_test_id("character-row").first.get_by_role("button").first.click()
    press(table, "keep-character")
    table.page.get_by_test_id("keep-name").fill("아는 사람")
    press(table, "keep-name-go")
    file = shelf_of(table) / "characters" / "templates" / "아는 사람.json"
    wait_until(file.exists, "the person is a file")
    assert people[0]["name"] in json.dumps(json.loads(file.read_text("utf-8")), ensure_ascii=False)
    press(table, "from-library-people")
    table.page.locator("[data-testid=take-pick][data-file='아는 사람.json']").click()
    press(table, "take-go")
    wait_until(lambda: len(stage(table)["characters"]) == len(people) + 1, "they sit down")
