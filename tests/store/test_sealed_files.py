"""The library on a sealed disk: the same manners as on a real one, and nothing to be seen."""

from pathlib import Path

import pytest

from desktop.protocol.base import UtcMs
from desktop.protocol.library import TextContents
from desktop.protocol.problems import Trouble
from desktop.store import library_files, sealing
from desktop.store.library import LibraryFolder
from desktop.store.library_rules import RulesFile
from desktop.store.sealed_files import SealedFiles

NOW = UtcMs(1_700_000_000_000)


@pytest.fixture
def disk(tmp_path: Path) -> SealedFiles:
    return SealedFiles(tmp_path / "sealed.db", sealing.fresh_key(), tmp_path / "library")


def test_what_is_written_is_read_and_what_is_not_there_is_missing(
    disk: SealedFiles, tmp_path: Path
) -> None:
    root = tmp_path / "library"
    assert disk.is_folder(root)
    assert not disk.is_folder(root / "npcs")
    disk.write_new(root / "npcs" / "윤슬.md", b"one")
    assert disk.is_folder(root / "npcs")
    assert disk.names(root) == ["npcs"]
    with pytest.raises(FileExistsError):
        disk.write_new(root / "npcs" / "윤슬.md", b"two")
    disk.replace(root / "npcs" / "윤슬.md", b"three")
    assert disk.read_bytes(root / "npcs" / "윤슬.md") == b"three"
    disk.move(root / "npcs" / "윤슬.md", root / "npcs" / "한마루.md")
    assert [one.file for one in disk.seen_in(root / "npcs")] == ["한마루.md"]
    for missing in (disk.read_bytes, disk.remove):
        with pytest.raises(FileNotFoundError):
            missing(root / "npcs" / "윤슬.md")
    with pytest.raises(FileNotFoundError):
        disk.replace(root / "npcs" / "윤슬.md", b"")
    disk.remove_tree(root / "npcs")
    assert disk.names(root) == []


def test_nothing_outside_of_its_root_exists(disk: SealedFiles, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="elsewhere"):
        disk.read_bytes(tmp_path / "elsewhere")


def test_a_name_that_is_no_utf_8_is_kept(disk: SealedFiles, tmp_path: Path) -> None:
    odd = tmp_path / "library" / "worlds" / b"\xff\xfe.md".decode("utf-8", "surrogateescape")
    disk.write_new(odd, b"odd")
    assert disk.read_bytes(odd) == b"odd"
    assert disk.names(odd.parent) == [odd.name]


def test_looking_tells_files_from_folders_and_hides_what_is_hidden(
    disk: SealedFiles, tmp_path: Path
) -> None:
    root = tmp_path / "library"
    disk.write_new(root / "npcs" / ".hidden", b"x")
    disk.write_new(root / "npcs" / "deep" / "a.md", b"x")
    disk.write_new(root / "npcs" / "Thumbs.db", b"x")
    disk.write_new(root / "npcs" / "a.md", b"four")
    assert [one.file for one in disk.seen_in(root / "npcs")] == ["a.md"]
    seen, folder = disk.look(root / "npcs" / "a.md"), disk.look(root / "npcs")
    assert seen is not None
    assert folder is not None
    assert seen.regular
    assert seen.size == 4
    assert not folder.regular
    with pytest.raises(NotADirectoryError):
        disk.make_folder(root / "npcs" / "a.md")


def test_the_library_lives_on_it_as_on_a_disk(disk: SealedFiles, tmp_path: Path) -> None:
    library = LibraryFolder(tmp_path / "library", disk=disk)
    library.make()
    assert library.exists()
    kept = library.save("world", "등대", TextContents(text="안개"), "", "", NOW)
    beside = library.save("world", "등대", TextContents(text="다른 안개"), "", "", NOW)
    assert [one.name for one in library.entries()] == [kept.entry.name, beside.entry.name]
    changed = library.save(
        "world", "등대", TextContents(text="걷힌 안개"), kept.entry.file, kept.entry.stamp, NOW
    )
    assert library.read("world", changed.entry.file).contents == TextContents(text="걷힌 안개")
    renamed = library.rename("world", changed.entry.file, "우체국", NOW)
    assert renamed.file == "우체국.md"
    gone = library.delete("world", renamed.file, NOW)
    assert [one.id for one in library.trash()] == [gone.id]
    with pytest.raises(Trouble):
        library.read("world", renamed.file)
    assert library.restore(gone.id).file == "우체국.md"
    assert library.trash() == []
    assert not (tmp_path / "library").exists()


def test_house_rules_live_on_it_too(disk: SealedFiles, tmp_path: Path) -> None:
    rules = RulesFile(tmp_path / "library", disk)
    assert rules.read() is None
    assert rules.write("조용히", "") == ""
    found = rules.read()
    assert found is not None
    assert found.text == "조용히"
    assert rules.write("다르게", "another stamp") != ""
    rules.write(None, library_files.stamp_of("다르게\n".encode()))
    assert rules.read() is None


def test_its_file_shows_neither_names_nor_contents_and_opens_with_its_key_only(
    disk: SealedFiles, tmp_path: Path
) -> None:
    root = tmp_path / "library"
    for at in range(50):
        disk.write_new(root / "npcs" / f"비밀이름{at}.md", f"비밀내용{at}".encode())
    for file in tmp_path.iterdir():
        raw = file.read_bytes()
        assert "비밀".encode() not in raw
        assert not raw.startswith(b"SQLite")
    disk.close()
    with pytest.raises(OSError, match="DatabaseError"):
        SealedFiles(tmp_path / "sealed.db", sealing.fresh_key(), root)
