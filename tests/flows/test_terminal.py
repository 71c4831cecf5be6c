"""The whole program without its window, as a process: say, doctor, and what lies where."""

import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    return {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PERSONA_STORYTELLER_PACE": "inf",
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(data: Path, env: dict[str, str], *arguments: str) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "desktop", "--data-dir", str(data), *arguments],
        env=env,
        cwd=data.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_roll_is_thrown_printed_and_asks_nobody(data: Path, env: dict[str, str]) -> None:
    told = run(data, env, "say", "/roll 2d6+1 열쇠")
    assert told.returncode == 0, told.stderr
    lines = [line for line in told.stdout.splitlines() if line]
    assert len(lines) == 1
    assert "열쇠: 2d6+1 = " in lines[0]
    assert told.stdout.endswith("\n")
    broken = run(data, env, "say", "/roll 1d6/0")
    assert (broken.returncode, broken.stderr) == (1, "invalid_request text divided_by_zero\n")


def test_a_turn_is_printed_with_the_names_of_those_who_speak(
    data: Path, env: dict[str, str]
) -> None:
    told = run(data, env, "say", "안녕하세요, 여러분")
    assert told.returncode == 0, told.stderr
    lines = [line for line in told.stdout.splitlines() if line]
    assert lines[0].endswith(": 안녕하세요, 여러분")
    assert len(lines) >= 2
    assert all(": " in line for line in lines[:2])


def test_as_json_every_line_is_an_event_and_the_turn_is_stored(
    data: Path, env: dict[str, str]
) -> None:
    told = run(data, env, "say", "둘째 줄", "--json")
    assert told.returncode == 0, told.stderr
    events = [json.loads(line) for line in told.stdout.splitlines()]
    kinds = [event["type"] for event in events]
    assert kinds[0] == "message_added"
    assert kinds[-1] == "turn_ended"
    assert "message_grew" in kinds
    count = events[-1]["room"]["message_count"]
    later = [json.loads(x) for x in run(data, env, "say", "셋째", "--json").stdout.splitlines()]
    assert later[0]["message"]["position"] == count + 1


def test_a_stop_with_ctrl_c_stores_what_had_come(data: Path, env: dict[str, str]) -> None:
    slow = {**env, "PERSONA_STORYTELLER_PACE": "8"}
    command = [sys.executable, "-m", "desktop", "--data-dir", str(data), "say", "길게", "--json"]
    with subprocess.Popen(command, env=slow, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        seen = []
        for line in process.stdout:
            seen.append(json.loads(line))
            if seen[-1]["type"] == "message_grew":
                process.send_signal(2)
                break
        seen += [json.loads(line) for line in process.stdout]
        assert process.wait(20) == 1
    assert seen[-1]["type"] == "turn_ended"
    assert seen[-1]["turn"]["outcome"] == "stopped"
    changed = [event["message"] for event in seen if event["type"] == "message_changed"]
    assert changed[-1]["status"] == "stopped"
    assert changed[-1]["text"]


def test_another_provider_answers_for_once_and_its_trouble_is_told(
    data: Path, env: dict[str, str]
) -> None:
    told = run(data, env, "say", "들려요?", "--provider", "claude")
    assert told.returncode == 1
    assert "not_installed" in told.stderr
    assert run(data, env, "say", "다시요").returncode == 0, "the room keeps its own provider"


def test_an_unknown_room_is_refused(data: Path, env: dict[str, str]) -> None:
    told = run(data, env, "say", "여보세요", "--room", "없는 방")
    assert (told.returncode, told.stdout) == (1, "")
    assert "not_found" in told.stderr


def test_the_doctor_tells_what_an_honest_report_begins_with(
    data: Path, env: dict[str, str]
) -> None:
    told = run(data, env, "doctor", "--json")
    assert told.returncode == 0, told.stderr
    facts = json.loads(told.stdout)
    assert facts["folders"]["data"] == str(data / "data")
    assert facts["packages"]["pywebview"].startswith("6.")
    assert {each["id"] for each in facts["providers"]} >= {"claude", "gemini", "droid"}
    states = {each["id"]: each["state"] for each in facts["providers"]}
    assert states["claude"] == "not_installed"
    assert states["storyteller"] == "ready"
    plain = run(data, env, "doctor")
    assert "not_installed" in plain.stdout


def test_everything_lies_below_the_data_folder_and_is_private(
    data: Path, env: dict[str, str]
) -> None:
    assert run(data, env, "say", "비밀이에요").returncode == 0
    assert list(Path(env["HOME"]).rglob("*")) == []
    for path in (data / name for name in ("data", "config", "cache", "state", "logs", "runtime")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    database = data / "data" / "persona-chat.db"
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_the_log_holds_no_word_of_the_story(data: Path, env: dict[str, str]) -> None:
    secret = "아무도모르는낱말"
    run(data, env, "say", secret)
    run(data, env, "say", secret, "--provider", "claude")
    for file in (data / "logs").iterdir():
        assert secret not in file.read_text("utf-8")


def test_without_xdg_variables_the_usual_folders_are_used(data: Path, env: dict[str, str]) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "desktop", "doctor", "--json"],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    folders = json.loads(told.stdout)["folders"]
    assert folders["data"] == str(Path(env["HOME"], ".local/share/PersonaChat"))
    assert all(path.startswith(env["HOME"]) for path in folders.values()), "never a shared /tmp"


def test_the_version_is_told_without_loading_the_program() -> None:
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "desktop", "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert loaded.stdout.startswith("Persona Chat ")
    for heavy in ("webview", "aiosqlite", "keyring", "PySide6"):
        assert f" {heavy}\n" not in loaded.stderr


def test_the_window_loads_no_keychain_and_no_vendor_before_its_first_frame() -> None:
    code = "import sys, desktop.main.windowed; print('\\n'.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    ).stdout.split()
    for heavy in ("keyring", "httpx2", "httpx", "cryptography", "secretstorage", "pydantic"):
        assert heavy not in loaded
