"""The Linux packages: what stands in them, and installing and removing in somebody's home."""

import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from configparser import RawConfigParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from devkit.bundle import appimage, deb, elf, linux_files, names, parts, tarball
from devkit.places import LINUX

pytestmark = pytest.mark.skipif(not LINUX, reason="Linux packages are made on Linux")


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """A folder as PyInstaller leaves it, with a program that says what it was given."""
    folder = tmp_path / "frozen"
    (folder / "_internal").mkdir(parents=True)
    program = folder / "PersonaChat"
    program.write_text('#!/bin/sh\necho "frozen $*"\n')
    program.chmod(0o700)
    (folder / "_internal" / "THIRD-PARTY-NOTICES.txt").write_text("notices")
    (folder / "_internal" / "libone.so.1").write_bytes(b"one")
    (folder / "_internal" / "libone.so").symlink_to("libone.so.1")
    return folder


@pytest.fixture
def unpacked(frozen: Path, tmp_path: Path) -> Path:
    tree = tmp_path / "PersonaChat-1"
    tarball.lay_out(tree, frozen)
    return tree


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a script of the package with a home of its own."""
    home = tmp_path / "home of 하루"
    home.mkdir()

    def start(script: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
        env = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            [str(script), *words], env=env, input=said, capture_output=True, text=True, check=False
        )

    return start


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}


def test_the_archive_installs_into_a_home_and_leaves_only_stories_behind(
    unpacked: Path, run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    home = tmp_path / "home of 하루"
    stories = home / ".local" / "share" / "PersonaChat" / "persona-chat.db"
    stories.parent.mkdir(parents=True)
    stories.write_text("years of stories")
    done = run(unpacked / "install.sh")
    assert done.returncode == 0, done.stderr
    command = home / ".local" / "bin" / "persona-chat"
    assert run(command, "say", "안녕").stdout == "frozen say 안녕\n"
    entry = (home / ".local/share/applications/persona-chat.desktop").read_text()
    assert f'Exec="{home}/.local/lib/persona-chat/PersonaChat"' in entry
    assert (home / ".local/share/icons/hicolor/128x128/apps/persona-chat.png").is_file()

    again = run(unpacked / "install.sh")
    assert again.returncode == 0, "an update goes over what is there"
    assert not list((home / ".local" / "lib").glob("*.old"))

    gone = run(home / ".local" / "lib" / "persona-chat" / "uninstall.sh")
    assert gone.returncode == 0, gone.stderr
    assert files(home) == {".local/share/PersonaChat/persona-chat.db"}
    assert str(stories.parent) in gone.stdout


@pytest.mark.parametrize(("answer", "kept"), [("no\n", True), ("", True), ("yes\n", False)])
def test_stories_are_deleted_only_after_a_yes(
    unpacked: Path,
    run: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    answer: str,
    kept: bool,
) -> None:
    stories = tmp_path / "home of 하루" / ".local" / "share" / "PersonaChat" / "persona-chat.db"
    stories.parent.mkdir(parents=True)
    stories.touch()
    assert run(unpacked / "install.sh").returncode == 0
    run(unpacked / "uninstall.sh", "--with-my-stories", said=answer)
    assert stories.exists() is kept


def test_a_system_that_lacks_a_library_is_told_its_name_and_nothing_is_installed(
    unpacked: Path, run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    ldd = fake / "ldd"
    ldd.write_text("#!/bin/sh\nprintf '\\tlibGL.so.1 => not found\\n\\tlibc.so.6 => /lib/x\\n'\n")
    ldd.chmod(0o755)
    script = tmp_path / "with-fake.sh"
    script.write_text(f'#!/bin/sh\nPATH="{fake}:$PATH" exec "{unpacked}/install.sh"\n')
    script.chmod(0o755)
    done = run(script)
    assert done.returncode == 1
    assert "  libGL.so.1\n" in done.stderr
    assert "libc" not in done.stderr
    assert files(tmp_path / "home of 하루") == set()


def test_the_archive_belongs_to_nobody_and_keeps_links_and_rights(unpacked: Path) -> None:
    packed = unpacked.with_suffix(".tar")
    with tarfile.open(packed, "w") as archive:
        archive.add(unpacked, unpacked.name, filter=tarball._nobodys)
    with tarfile.open(packed) as archive:
        entries = {entry.name.split("/", 1)[-1]: entry for entry in archive}
    assert {(e.uid, e.gid, e.uname) for e in entries.values()} == {(0, 0, "")}
    assert entries["app/PersonaChat"].mode == 0o755
    assert entries["app/_internal/libone.so"].issym()
    assert entries["install.sh"].mode == 0o755
    assert entries["LICENSE"].mode == 0o644


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is Debian's")
def test_the_deb_holds_the_program_a_command_a_menu_entry_and_what_debian_asks_for(
    frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elf, "oldest_glibc", lambda _: "2.35")
    tree = tmp_path / "deb"
    tree.mkdir()
    deb.lay_out(tree, frozen)
    package = tmp_path / "p.deb"
    pack = ["dpkg-deb", "-Znone", "--root-owner-group", "--build", str(tree), str(package)]
    subprocess.run(pack, check=True, capture_output=True)
    told = subprocess.run(
        ["dpkg-deb", "--field", str(package)], capture_output=True, text=True, check=True
    ).stdout
    assert "Package: persona-chat\n" in told
    assert f"Version: {names.version()}\n" in told
    assert "libc6 (>= 2.35), " in told
    assert "libglib2.0-0 | libglib2.0-0t64" in told
    listed = subprocess.run(
        ["dpkg-deb", "--contents", str(package)], capture_output=True, text=True, check=True
    ).stdout
    assert "usr/bin/persona-chat -> ../lib/persona-chat/PersonaChat" in listed
    rows = [line.split(None, 5) for line in listed.splitlines()]
    assert {row[1] for row in rows} == {"root/root"}
    assert {row[0] for row in rows} <= {"drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--", "lrwxrwxrwx"}
    paths = {row[5].split(" -> ")[0].lstrip("./") for row in rows}
    assert {
        "usr/lib/persona-chat/PersonaChat",
        "usr/lib/persona-chat/apparmor",
        "usr/share/applications/persona-chat.desktop",
        f"usr/share/metainfo/{names.ID}.metainfo.xml",
        "usr/share/icons/hicolor/scalable/apps/persona-chat.svg",
        "usr/share/doc/persona-chat/copyright",
        "usr/share/doc/persona-chat/changelog.gz",
    } <= paths
    assert not [path for path in paths if path.startswith(("home", "root", "etc"))]


def test_a_library_without_its_package_stops_the_deb(
    frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elf, "libraries_from_outside", lambda _: {"libGL.so.1", "libodd.so.9"})
    known = {"libGL.so.1": "libgl1"}
    monkeypatch.setattr(parts, "owner_of_library", lambda name: known.get(name, ""))
    assert deb.unmet_libraries(frozen) == {"libodd.so.9 (unknown)"}


@pytest.mark.skipif(shutil.which("readelf") is None, reason="binutils are not installed")
def test_what_a_program_needs_is_read_from_the_program_itself(tmp_path: Path) -> None:
    shutil.copy("/bin/ls", tmp_path / "ls")
    assert "libc.so.6" in elf.libraries_from_outside(tmp_path)
    major, minor = elf.oldest_glibc(tmp_path).split(".")
    assert (int(major), int(minor)) >= (2, 17)
    (tmp_path / "libc.so.6").touch()
    assert "libc.so.6" not in elf.libraries_from_outside(tmp_path), "what is inside is not needed"


def test_the_menu_entry_speaks_three_languages_and_names_what_is_installed() -> None:
    read = RawConfigParser(strict=True, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string((linux_files.FOLDER / "persona-chat.desktop").read_text("utf-8"))
    entry = dict(read["Desktop Entry"])
    for key in ("Name", "Comment", "GenericName", "Keywords"):
        assert all(entry[each] for each in (key, f"{key}[ko]", f"{key}[ja]"))
    assert entry["Exec"] == entry["Icon"] == entry["StartupWMClass"] == names.COMMAND
    assert entry["Terminal"] == "false"
    if shutil.which("desktop-file-validate"):
        asked = ["desktop-file-validate", str(linux_files.FOLDER / "persona-chat.desktop")]
        assert subprocess.run(asked, capture_output=True, text=True).stdout == ""


def test_the_description_is_whole_and_passes_the_systems_own_check(tmp_path: Path) -> None:
    file = tmp_path / f"{names.ID}.metainfo.xml"
    file.write_text(linux_files.filled("metainfo.xml"), "utf-8")
    root = ET.parse(file).getroot()
    assert root.findtext("id") == names.ID
    assert root.findtext("launchable") == "persona-chat.desktop"
    release = root.find("releases/release")
    assert release is not None
    assert release.get("version") == names.version()
    assert "@" not in file.read_text("utf-8")
    if shutil.which("appstreamcli"):
        done = subprocess.run(
            ["appstreamcli", "validate", "--no-net", "--explain", str(file)],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "script", ["postinst", "prerm", "postrm", "install.sh", "uninstall.sh", "enter.sh"]
)
def test_a_script_is_readable_by_a_plain_shell_and_never_touches_a_home_unasked(
    script: str,
) -> None:
    file = linux_files.FOLDER / script
    assert subprocess.run(["sh", "-n", str(file)], capture_output=True).returncode == 0
    assert os.access(file, os.X_OK)
    if script.startswith("p"):
        assert "PersonaChat" not in file.read_text("utf-8")
        assert "/home" not in file.read_text("utf-8")


@pytest.mark.skipif(shutil.which("apparmor_parser") is None, reason="AppArmor is not installed")
def test_the_apparmor_profile_allows_namespaces_and_is_well_formed(tmp_path: Path) -> None:
    profile = (linux_files.FOLDER / "apparmor").read_text("utf-8")
    assert "\n  userns,\n" in profile
    assert "/usr/lib/persona-chat/{PersonaChat," in profile
    # Before version 4 the parser knows neither of these two lines.
    older = profile.replace("  userns,\n", "").replace("abi <abi/4.0>,\n", "")
    (tmp_path / "profile").write_text(older)
    asked = ["apparmor_parser", "--skip-kernel-load", "--skip-cache", str(tmp_path / "profile")]
    done = subprocess.run(asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_appimage_without_the_tool_is_left_out_loudly(
    frozen: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert appimage.build(frozen) is None
    assert appimage.LOUD in capsys.readouterr().out
    appimage.lay_out(tmp_path / "AppDir", frozen)
    for name in ("AppRun", "persona-chat.desktop", "persona-chat.png"):
        assert (tmp_path / "AppDir" / name).is_file(), "a link leads to what is there"
