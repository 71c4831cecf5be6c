"""The Windows installer: compiled here against a stand-in, its contents listed and looked at."""

import re
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from devkit.bundle import names, windows
from devkit.programs import SetUpFailed

LANGUAGES = ("ENGLISH", "KOREAN", "JAPANESE")
SCRIPT = windows.SCRIPT.read_text("utf-8")
WORDS = (windows.SCRIPT.parent / "words.nsh").read_text("utf-8-sig")
has_nsis = pytest.mark.skipif(shutil.which("makensis") is None, reason="NSIS is not installed")


@pytest.fixture
def payload(tmp_path: Path) -> Path:
    """Stands in for a folder frozen on Windows, which cannot be made elsewhere."""
    folder = tmp_path / "with space" / "PersonaChat"
    for name in (
        "PersonaChat.exe",
        "persona-chat.exe",
        "_internal/THIRD-PARTY-NOTICES.txt",
        "_internal/ui/dist/index.html",
        "_internal/chatbot_workspace/규칙.md",
    ):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"stand-in for {name}", "utf-8")
    return folder


@pytest.fixture
def setup(payload: Path, tmp_path: Path) -> Path:
    return windows.compile_installer(payload, tmp_path / "PersonaChat-setup.exe")


@has_nsis
def test_the_script_compiles_without_a_warning_into_a_windows_program(setup: Path) -> None:
    data = setup.read_bytes()
    assert data[:2] == b"MZ"
    at = struct.unpack_from("<I", data, 0x3C)[0]
    assert data[at : at + 4] == b"PE\0\0"
    assert b'requestedExecutionLevel level="asInvoker"' in data, "no administrator is asked for"
    assert b"NullsoftInst" in data


@has_nsis
def test_its_version_and_icon_are_those_of_the_program(setup: Path) -> None:
    data = setup.read_bytes()
    assert names.version().encode("utf-16-le") in data
    assert "Persona Chat".encode("utf-16-le") in data
    assert b"\x89PNG\r\n\x1a\n" in data, "the large picture of our icon; the usual one has none"


@has_nsis
@pytest.mark.skipif(shutil.which("7z") is None, reason="7z, which reads installers, is missing")
def test_everything_of_the_payload_is_in_it_and_an_uninstaller(
    setup: Path, payload: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    unpack = ["7z", "x", "-y", f"-o{out}", str(setup)]
    subprocess.run(unpack, capture_output=True, check=True)
    wanted = {file.relative_to(payload) for file in payload.rglob("*") if file.is_file()}
    for name in wanted:
        assert (out / name).read_bytes() == (payload / name).read_bytes()
    found = {file.relative_to(out) for file in out.rglob("*") if file.is_file()}
    others = {p for p in found - wanted if p.parts[0] != "$PLUGINSDIR"}
    assert others == {Path("Uninstall.exe")}


@has_nsis
def test_a_script_with_a_missing_word_does_not_compile(
    payload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(windows.SCRIPT.parent, tmp_path / "windows")
    words = tmp_path / "windows" / "words.nsh"
    kept = [line for line in words.read_text("utf-8").splitlines() if "KeepStories" not in line]
    words.write_text("\n".join(kept), "utf-8")
    monkeypatch.setattr(windows, "SCRIPT", tmp_path / "windows" / "installer.nsi")
    with pytest.raises(SetUpFailed, match="KeepStories"):
        windows.compile_installer(payload, tmp_path / "x.exe")


def test_every_word_is_said_in_three_languages() -> None:
    said = re.findall(r'^LangString (\w+) \$\{LANG_(\w+)\} "(.+)"$', WORDS, re.MULTILINE)
    by_word: dict[str, set[str]] = {}
    for word, language, _ in said:
        by_word.setdefault(word, set()).add(language)
    assert set(re.findall(r"\$\((\w+)\)", SCRIPT)) == set(by_word)
    assert all(languages == set(LANGUAGES) for languages in by_word.values()), by_word


def test_stories_are_kept_unless_two_questions_are_answered_so() -> None:
    removal = SCRIPT.split('Section "Uninstall"')[1]
    deleting = removal.index('RMDir /r "$LOCALAPPDATA\\${FOLDER}"')
    asked = [m.start() for m in re.finditer("MessageBox", removal)]
    assert len([at for at in asked if at < deleting]) == 2
    assert '"$(KeepStories)" /SD IDYES IDYES kept' in removal, "silence keeps them"
    assert '"$(ReallyDelete)" /SD IDNO IDNO kept' in removal
    assert removal.count("RMDir /r") == 3
    assert 'RMDir /r "$INSTDIR"' not in SCRIPT, "the folder may hold what is not ours"


def test_only_the_persons_own_part_of_the_registry_is_written() -> None:
    assert "RequestExecutionLevel user" in SCRIPT
    assert not re.search(r"(Write\w+|Delete\w+) HKLM", SCRIPT)
    assert "$LOCALAPPDATA\\Programs" in SCRIPT


def test_a_folder_of_another_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetUpFailed, match=r"holds no PersonaChat\.exe"):
        windows.compile_installer(tmp_path, tmp_path / "x.exe")


def test_without_nsis_the_installer_is_left_out_loudly(
    payload: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert windows.build(payload) is None
    assert windows.LOUD in capsys.readouterr().out


def test_the_zip_holds_one_folder_with_everything(
    payload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "PACKAGES", tmp_path / "packages")
    with zipfile.ZipFile(windows.build_zip(payload)) as archive:
        listed = archive.namelist()
        assert archive.testzip() is None
    assert "PersonaChat/PersonaChat.exe" in listed
    assert "PersonaChat/_internal/chatbot_workspace/규칙.md" in listed
    assert all(name.startswith("PersonaChat/") for name in listed)
