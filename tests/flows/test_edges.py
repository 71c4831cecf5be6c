"""Handlers, folders, log and single instance, without a process of their own."""

import asyncio
import logging
import math
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import log, paths
from desktop.main import house
from desktop.main.profile_handlers import ProfileHandlers
from desktop.main.replacing import ReplaceHandlers
from desktop.main.rescue import RescueHandlers
from desktop.main.residence import Residence
from desktop.protocol.events import AnyEvent
from desktop.protocol.methods import METHODS
from desktop.providers.storyteller import PACE
from desktop.window.display import missing_display
from desktop.window.single_instance import SingleInstance


async def test_every_method_has_its_handler_and_there_is_no_other(tmp_path: Path) -> None:
    events: asyncio.Queue[AnyEvent] = asyncio.Queue()
    folders = paths.persons_folders(str(tmp_path))
    built = await house.build(folders, house.Outlet(events.put_nowait, lambda: 0, lambda: 0))
    try:
        outlet = house.Outlet(events.put_nowait, lambda: 0, lambda: 0)
        at = Residence(folders, outlet, lambda: None)
        others = [ProfileHandlers(at), RescueHandlers(at), ReplaceHandlers(at)]
        names = [*built.handlers, *(name for one in others for name in one.handlers())]
        assert sorted(names) == sorted(METHODS), "each once"
    finally:
        await built.close()


@pytest.mark.parametrize(
    ("said", "pace"), [("12", 12.0), ("inf", math.inf), ("nan", None), ("-3", None), ("x", None)]
)
def test_nonsense_in_the_environment_leaves_the_storytellers_own_pace(
    monkeypatch: pytest.MonkeyPatch, said: str, pace: float | None
) -> None:
    monkeypatch.setenv(house.PACE_VARIABLE, said)
    assert house.storyteller_pace() == (PACE if pace is None else pace)


def test_folders_that_were_open_to_others_are_closed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    made = paths.persons_folders(str(tmp_path))
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}


def test_the_persons_house_rules_are_copied_once_and_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "shipped"
    (source / "chatbot_workspace").mkdir(parents=True)
    (source / "chatbot_workspace" / "rules.md").write_text("first")
    monkeypatch.setattr(paths, "shipped", lambda: source)
    made = paths.persons_folders(str(tmp_path / "person"))
    paths.prepare_workspace(made)
    (made.workspace / "rules.md").write_text("mine")
    paths.prepare_workspace(made)
    assert (made.workspace / "rules.md").read_text() == "mine"


@pytest.mark.parametrize(
    "secret",
    [
        "sk-ant-REDACTED",
        "AIzaSyA1234567890abcdefghijklmnop",
        "Bearer abc.def-ghi",
        "api_key=supersecret",
        '"token": "supersecret"',
    ],
)
def test_keys_never_reach_the_log(secret: str) -> None:
    assert secret.rsplit("=", maxsplit=1)[-1].rsplit(maxsplit=1)[-1].strip('"') not in log.redacted(
        f"told {secret} then"
    )


def test_an_exception_is_logged_without_the_value_it_repeats(
    tmp_path: Path, restored_logging: None
) -> None:
    log.start(tmp_path)
    try:
        {"a": 1}["하루의 비밀"]
    except KeyError as error:
        log_id = log.report_bug(error, "looking up")
    written = (tmp_path / "persona-chat.log").read_text("utf-8")
    assert log_id in written
    assert "KeyError" in written
    assert "test_edges.py" in written
    assert "하루의 비밀" not in written


@pytest.fixture
def restored_logging() -> Iterator[None]:
    import faulthandler
    import sys

    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook)
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])
    faulthandler.disable()
    while log._crash_files:
        log._crash_files.pop().close()


def test_a_second_claim_is_refused_and_calls_the_first_forward(tmp_path: Path) -> None:
    first = SingleInstance(tmp_path / ".lock", tmp_path / "instance.json")
    second = SingleInstance(tmp_path / ".lock", tmp_path / "instance.json")
    called = threading.Event()
    assert first.claim()
    first.listen(called.set)
    try:
        assert stat.S_IMODE((tmp_path / "instance.json").stat().st_mode) == 0o600
        assert not second.claim()
        assert second.call_forward()
        assert called.is_set()
    finally:
        first.release()
    assert not (tmp_path / "instance.json").exists()
    assert second.claim(), "the lock is free again"
    assert not second.call_forward(), "nobody is there to answer"
    second.release()


def test_a_very_long_folder_still_gets_its_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("가" * 60)
    deep.mkdir()
    first, called = SingleInstance(deep / ".lock", deep / "instance.json"), threading.Event()
    assert first.claim()
    first.listen(called.set)
    try:
        assert SingleInstance(deep / ".lock", deep / "instance.json").call_forward()
    finally:
        first.release()


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({}, "DISPLAY"),
        ({"DISPLAY": ":4711"}, ":4711"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ""),
        ({"QT_QPA_PLATFORM": "offscreen"}, ""),
        ({"DISPLAY": "far.example:0"}, ""),
    ],
)
def test_where_no_window_can_be_shown_the_reason_is_told(env: dict[str, str], told: str) -> None:
    assert told in missing_display(env)
    assert bool(missing_display(env)) == bool(told)
