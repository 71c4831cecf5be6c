"""The library folder: what is written comes back, and nothing outside it is ever touched."""

import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.protocol.base import UtcMs
from desktop.protocol.library import (
    Contents,
    LibraryKind,
    PersonaContents,
    TextContents,
)
from desktop.protocol.models import Persona
from desktop.protocol.problems import Trouble
from desktop.store import library_files
from desktop.store.library import LibraryFolder
from desktop.store.library_trash import KEPT_MS
from tests.store.hostile_names import HOSTILE
from tests.store.library_shelf import EVERY, FOG, NOW, everything, only, put


@pytest.fixture
def library(tmp_path: Path) -> LibraryFolder:
    folder = LibraryFolder(tmp_path / "library")
    folder.make()
    return folder


@pytest.mark.parametrize(("kind", "contents"), EVERY)
def test_every_kind_comes_back_as_it_was_saved(
    library: LibraryFolder, kind: LibraryKind, contents: Contents
) -> None:
    entry = library.add(kind, "일곱 번째: 등대?", contents)
    read = library.read(kind, entry.file)
    assert read.contents == contents
    assert read.unread == ()
    assert read.entry == only(library) == entry
    assert entry.name == "일곱 번째: 등대?"


@pytest.mark.parametrize("name", [name for name in HOSTILE if 0 < len(name) <= 200])
def test_no_name_leaves_the_library_and_every_name_is_kept(
    library: LibraryFolder, name: str
) -> None:
    told = name.encode("utf-8", "replace").decode()
    before = everything(library.root.parent)
    entries = [library.add(kind, told, contents) for kind, contents in EVERY]
    written = set(everything(library.root.parent)) - set(before)
    assert len(written) == len(EVERY)
    assert all(path.startswith("library/") for path in written)
    assert {path.rpartition("/")[0].removeprefix("library/") for path in written} == {
        "worlds", "situations", "npcs", "my_characters", "characters/templates", "presets",
        "lorebooks",
    }  # fmt: skip
    for entry in entries:
        assert library.read(entry.kind, entry.file).entry.problem is None
        assert entry.name in (told, told.strip()) or not told.strip()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=40,
)
@given(
    name=st.text(min_size=1, max_size=60),
    text=st.text(st.characters(exclude_characters="\r\0", codec="utf-8")),
)
def test_any_text_under_any_name_comes_back_to_the_letter(
    library: LibraryFolder, name: str, text: str
) -> None:
    name = name.encode("utf-8", "replace").decode()
    tried: tuple[tuple[LibraryKind, Contents], ...] = (
        ("world", TextContents(text=text)),
        ("my_character", PersonaContents(persona=Persona(name="나", description=text))),
        ("my_character", PersonaContents(persona=Persona(description=text))),
    )
    for kind, contents in tried:
        entry = library.add(kind, name, contents)
        assert library.read(kind, entry.file).contents == contents
        library.delete(kind, entry.file, NOW)


@pytest.mark.parametrize("text", ["---\nname: x\n---\ny", "---\na\n---", "이름: x\ny", "---"])
def test_a_text_that_looks_like_our_own_marks_stays_text(library: LibraryFolder, text: str) -> None:
    entry = library.add("world", "w", TextContents(text=text))
    assert library.read("world", entry.file).contents == TextContents(text=text)
    assert library.read("world", entry.file).entry.name == "w"


@pytest.mark.parametrize(
    "file",
    ["../secret.md", "..", ".", "/etc/passwd", "sub/inner.md", "..\\secret.md", ".hidden.md", "x"],
)
def test_only_what_is_listed_can_be_asked_for(library: LibraryFolder, file: str) -> None:
    put(library, "secret.md", "비밀")
    put(library, "worlds/sub/inner.md", "비밀")
    put(library, "worlds/.hidden.md", "비밀")
    for act in (
        lambda: library.read("world", file),
        lambda: library.delete("world", file, NOW),
        lambda: library.rename("world", file, "neu", NOW),
    ):
        with pytest.raises(Trouble) as told:
            act()
        assert told.value.problem.code == "not_found"
    before = everything(library.root)
    kept = library.save("world", "neu", FOG, file, "s", NOW)
    assert set(everything(library.root)) - set(before) == {"worlds/neu.md"}
    assert kept.entry.file == "neu.md"
    assert {file: raw for file, raw in everything(library.root).items() if file in before} == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_listed_and_never_followed(library: LibraryFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "diary.md").write_text("일기", encoding="utf-8")
    put(library, "worlds/own.md", "내 것")
    (library.root / "worlds" / "link.md").symlink_to(outside / "diary.md")
    (library.root / "worlds" / "gone.md").symlink_to(outside / "nowhere")
    (library.root / "npcs").symlink_to(outside)
    found = {entry.file: entry.problem for entry in library.entries()}
    assert found == {"own.md": None, "link.md": "link", "gone.md": "link"}
    with pytest.raises(Trouble):
        library.read("world", "link.md")
    kept = library.save("world", "link", FOG, "link.md", "x", NOW)
    assert kept.outcome == "kept_beside"
    with pytest.raises(Trouble):
        library.add("npc", "새", FOG)
    assert everything(outside) == {"diary.md": "일기".encode()}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes there")
def test_a_pipe_in_a_files_place_keeps_nobody_waiting(library: LibraryFolder) -> None:
    put(library, "worlds/a.md", "x")
    os.mkfifo(library.root / "worlds" / "b.md")
    assert {entry.file: entry.problem for entry in library.entries()}["b.md"] == "folder"


def test_what_cannot_be_read_is_listed_with_its_reason(library: LibraryFolder) -> None:
    put(library, "worlds/a.md", b"\xb0\xa1\xb3\xaa")
    put(library, "worlds/b.txt", "다른 종류")
    put(library, "worlds/c/d.md", "안")
    put(library, "worlds/e.md", "가" * 200_001)
    put(library, "worlds/f.md", b"x" * (library_files.MAX_BYTES + 1))
    put(library, "presets/g.json", "{oops")
    put(library, "presets/h.json", "[" * 100_000)
    put(library, "presets/i.json", "[]")
    put(library, "presets/j.json", "{}")
    put(library, "worlds/.DS_Store", "")
    found = {entry.file: entry.problem for entry in library.entries()}
    assert found == {
        "a.md": "undecodable", "b.txt": "foreign", "c": "folder", "e.md": "too_large",
        "f.md": "too_large", "g.json": "malformed", "h.json": "malformed", "i.json": "malformed",
        "j.json": "malformed",
    }  # fmt: skip
    with pytest.raises(Trouble) as told:
        library.read("world", "a.md")
    assert told.value.problem.detail == "undecodable"


@pytest.mark.parametrize("raw", ["\ufeff안개\r\n둘".encode(), "안개\n둘\n".encode("utf-16")])
def test_texts_of_other_editors_are_read(library: LibraryFolder, raw: bytes) -> None:
    put(library, "worlds/a.md", raw)
    assert library.read("world", "a.md").contents == TextContents(text="안개\n둘")


def test_a_change_from_outside_is_never_written_over(library: LibraryFolder) -> None:
    entry = library.add("world", "안개", FOG)
    put(library, "worlds/안개.md", "바깥에서 고친 글\n")
    kept = library.save("world", "안개", TextContents(text="내 글"), entry.file, entry.stamp, NOW)
    assert (kept.outcome, kept.entry.name) == ("kept_beside", "안개 (2)")
    assert everything(library.root) == {
        "worlds/안개.md": "바깥에서 고친 글\n".encode(),
        "worlds/안개 (2).md": "내 글\n".encode(),
    }
    again = library.save(
        "world", "안개", TextContents(text="셋"), kept.entry.file, kept.entry.stamp, NOW
    )
    assert (again.outcome, again.entry.file) == ("saved", kept.entry.file)


def test_a_file_that_went_away_meanwhile_is_made_again(library: LibraryFolder) -> None:
    entry = library.add("world", "안개", FOG)
    (library.root / "worlds" / entry.file).unlink()
    kept = library.save("world", entry.name, FOG, entry.file, entry.stamp, NOW)
    assert (kept.outcome, kept.entry.file) == ("saved", entry.file)


def test_a_write_that_fails_leaves_the_old_text_whole(
    library: LibraryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = library.add("world", "안개", FOG)
    before = everything(library.root)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Trouble) as told:
        library.save("world", "안개", TextContents(text="neu"), entry.file, entry.stamp, NOW)
    assert told.value.problem.code in ("storage_full", "storage_failed")
    assert everything(library.root) == before


def test_what_a_crash_left_half_written_is_cleared_away(library: LibraryFolder) -> None:
    put(library, "worlds/.tmp-abc", "half")
    put(library, "worlds/a.md", "whole")
    library.make()
    assert set(everything(library.root)) == {"worlds/a.md"}


def test_an_outside_change_is_seen_at_a_look(library: LibraryFolder) -> None:
    path = put(library, "worlds/a.md", "하나")
    before = library.look()
    assert library.look() == before
    path.write_text("둘둘", encoding="utf-8")
    assert library.look() != before
    assert only(library).stamp == library_files.stamp_of("둘둘".encode())


def test_a_rename_keeps_the_text_and_the_foreign_fields(library: LibraryFolder) -> None:
    put(library, "worlds/a.md", '---\nname: "a"\ntags: [sea]\n---\n글\n')
    renamed = library.rename("world", "a.md", "b/c", NOW)
    assert renamed.name == "b/c"
    assert everything(library.root) == {
        "worlds/b_c.md": '---\nname: "b/c"\ntags: [sea]\n---\n글\n'.encode()
    }


def test_a_rename_of_case_only_works_and_a_taken_name_is_numbered(library: LibraryFolder) -> None:
    entry = library.add("world", "harbour", FOG)
    assert library.rename("world", entry.file, "Harbour", NOW).file == "Harbour.md"
    library.add("world", "Port", FOG)
    assert library.rename("world", "Harbour.md", "port", NOW).name == "port (2)"
    assert len(library.entries()) == 2


def test_a_file_renamed_outside_goes_by_its_new_name(library: LibraryFolder) -> None:
    entry = library.add("world", "a/b", FOG)
    (library.root / "worlds" / entry.file).rename(library.root / "worlds" / "새 이름.md")
    assert only(library).name == "새 이름"


def test_a_deleted_entry_comes_back_beside_what_took_its_name(library: LibraryFolder) -> None:
    for kind, contents in EVERY:
        entry = library.add(kind, "a:b", contents)
        thrown = library.delete(kind, entry.file, NOW)
        assert not [one for one in library.entries() if one.kind == kind]
        assert (thrown.name, thrown.kind) == ("a:b", kind)
        library.add(kind, "a:b", contents)
        back = library.restore(thrown.id)
        assert library.read(kind, back.file).contents == contents
        assert back.name == "a:b (2)"
    assert library.trash() == []


def test_an_unreadable_file_can_be_deleted_and_fetched_back(library: LibraryFolder) -> None:
    raw = b"\xb0\xa1"
    put(library, "worlds/a.md", raw)
    thrown = library.delete("world", "a.md", NOW)
    library.restore(thrown.id)
    assert everything(library.root) == {"worlds/a.md": raw}


def test_the_trash_is_emptied_after_thirty_days_and_not_before(library: LibraryFolder) -> None:
    entry = library.add("world", "안개", FOG)
    thrown = library.delete("world", entry.file, NOW)
    assert library.purge(UtcMs(NOW + KEPT_MS - 1)) == 0
    assert library.trash() == [thrown]
    assert library.purge(UtcMs(NOW + KEPT_MS)) == 1
    with pytest.raises(Trouble):
        library.restore(thrown.id)


@pytest.mark.parametrize("trash_id", ["..", "../worlds", "x", "", "."])
def test_only_what_is_in_the_trash_can_be_restored(library: LibraryFolder, trash_id: str) -> None:
    put(library, "worlds/a.md", "x")
    with pytest.raises(Trouble) as told:
        library.restore(trash_id)
    assert told.value.problem.code == "not_found"


def test_a_trash_note_from_a_stranger_writes_nowhere_else(library: LibraryFolder) -> None:
    note = {"kind": "world", "folder": "..", "file": "../../evil.md", "name": "x", "deleted_at": 1}
    put(library, ".trash/abc/note.json", json.dumps(note))
    put(library, ".trash/abc/content", "x")
    back = library.restore("abc")
    assert back.file == "x.md"
    assert set(everything(library.root.parent)) == {"library/worlds/x.md"}


def test_contents_of_another_kind_are_refused(library: LibraryFolder) -> None:
    with pytest.raises(Trouble) as told:
        library.save("preset", "x", FOG, "", "", NOW)
    assert told.value.problem.field == "contents"
