"""The disk fails at every single write of a file: named, nothing half, nothing lost."""

import base64
import errno
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from desktop.protocol.library import EntrySaveParams, RulesSaveParams, TextContents
from desktop.protocol.methods import RoomCreateParams
from desktop.protocol.problems import Problem, Trouble
from desktop.protocol.profiles import ProfileCreateParams, ProfileLabelParams
from desktop.protocol.transfer import DropParams, ExportParams
from desktop.store import lock_file
from desktop.store.attempts import Attempts
from desktop.store.lock_file import Lock
from desktop.store.sealing import Slot
from tests.flows.faulty_disk import FAULTS, faulty_disk
from tests.flows.residence import Window

Act = Callable[[Window, str], Awaitable[Problem | None]]
"""Does something that writes a file, with a text of its own; what it was told."""
PASSING = (".db", ".db-wal", ".db-shm", ".db-journal", ".lock")


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[Window]:
    made = Window(tmp_path / "data")
    await made.residence.start()
    await made.open()
    await made.ask("room.create", RoomCreateParams(title="등대"))
    await made.ask("library.list")
    yield made
    await made.residence.close()


async def save_entry(window: Window, text: str) -> Problem | None:
    params = EntrySaveParams(kind="world", name=f"바다 {text}", contents=TextContents(text=text))
    await window.ask("library.save", params)
    return None


async def save_rules(window: Window, text: str) -> Problem | None:
    stamp = (await window.ask("rules.read")).stamp
    await window.ask("rules.save", RulesSaveParams(text=text, stamp=stamp))
    return None


async def export(window: Window, _: str, format_id: str) -> Problem | None:
    house = window.residence.house
    assert house is not None
    target = window.folder / "out" / f"story.{format_id}"
    target.parent.mkdir(exist_ok=True)
    transfer = house.transfer.transfer
    started = await transfer.export_to(target, ExportParams(scope="all", format=format_id))
    assert started.job is not None
    job = await transfer.wait(started.job.id)
    assert job.state == ("failed" if job.problem else "done")
    return job.problem


async def back_up(window: Window, _: str) -> Problem | None:
    await window.ask("backup.make")
    return None


async def name_profile(window: Window, text: str) -> Problem | None:
    await window.ask("profile.rename", ProfileLabelParams(profile_id="first", label=text))
    return None


async def make_profile(window: Window, text: str) -> Problem | None:
    await window.ask("profile.create", ProfileCreateParams(label=text))
    return None


async def drop_file(window: Window, text: str) -> Problem | None:
    data = base64.b64encode(f'{{"{text}": "{"x" * 80_000}"}}'.encode()).decode()
    await window.ask("transfer.drop", DropParams(name=f"{text}.json", data=data, last=True))
    return None


async def lock(window: Window, text: str) -> Problem | None:
    slot = Slot(salt=text, wrapped="", ops=1, memory=8192)
    lock_file.write(window.folder / "locked", Lock(password=slot, recovery=slot))
    return None


async def count_attempt(window: Window, text: str) -> Problem | None:
    Attempts(window.folder / "locked" / "attempts.json").begin(text, 1)  # type: ignore[arg-type]
    return None


FORMATS = ("persona_json", "persona_ndjson", "persona_zip", "markdown", "markdown_zip")

ACTS: dict[str, Act] = {
    "entry": save_entry,
    "rules": save_rules,
    **{f"export {one}": partial(export, format_id=one) for one in FORMATS},
    "backup": back_up,
    "profile name": name_profile,
    "profile": make_profile,
    "drop": drop_file,
    "lock": lock,
    "attempts": count_attempt,
}


def files(folder: Path) -> dict[str, bytes]:
    """All that stands there, but for the database in use and folders that hold nothing."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not (path.name.endswith(PASSING) and "backups" not in path.parts)
        and "logs" not in path.parts
    }


async def told_by(act: Awaitable[Problem | None]) -> Problem | None:
    try:
        return await act
    except Trouble as trouble:
        return trouble.problem


@pytest.mark.parametrize("name", ACTS)
async def test_every_write_that_fails_is_named_and_leaves_all_as_it_was(
    window: Window, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    act = ACTS[name]
    (window.folder / "locked").mkdir()
    await act(window, "전")
    failed = 0
    for number in count(1):
        fault = FAULTS[number % len(FAULTS)]
        before = files(window.folder)
        with faulty_disk(window.folder) as disk:
            disk.arm(number, fault)
            told = await told_by(act(window, f"{number}째"))
            fired = disk.fired
        if not fired:
            assert told is None
            break
        if told is None:
            # What cannot be made safe against a power cut on this disk is stored all the same.
            continue
        failed += 1
        wanted = "storage_full" if fault == errno.ENOSPC else "storage_failed"
        assert told.code == wanted, (number, told)
        after = files(window.folder)
        # A profile that was begun has an empty folder; the list of profiles does not name it.
        assert after == before, f"write {number}: {set(after) ^ set(before)}"
        assert await told_by(act(window, f"{number}째 다시")) is None
    assert failed > 0
    assert "Traceback" not in caplog.text


async def test_a_disk_that_takes_nothing_any_more_keeps_nobody_from_reading(
    window: Window,
) -> None:
    await save_entry(window, "등대")
    with faulty_disk(window.folder) as disk:
        disk.always = errno.EROFS
        assert "바다 등대" in repr(await window.ask("library.list"))
        assert "등대" in {room.title for room in (await window.open()).rooms}
        assert await told_by(save_rules(window, "규칙")) is not None
