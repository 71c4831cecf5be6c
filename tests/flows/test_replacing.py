"""Everything as a backup holds it, instead of what is there; and the way back from that."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from desktop.protocol.backups import BackupParams
from desktop.protocol.events import TurnEnded
from desktop.protocol.library import EntrySaveParams, RulesSaveParams, TextContents
from desktop.protocol.methods import RoomCreateParams, RoomParams, SendParams
from desktop.protocol.problems import Trouble
from desktop.protocol.profiles import ProfileCreateParams
from desktop.protocol.replacing import Replaced
from desktop.store import backup_file
from tests.flows.residence import Window


@pytest.fixture(params=["open", "locked"])
async def window(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Window]:
    monkeypatch.setenv("PERSONA_STORYTELLER_PACE", "inf")
    made = Window(tmp_path)
    await made.residence.start()
    if request.param == "locked":
        given = ProfileCreateParams(label="잠근 책장", password="등대의 불빛 아래", language="ko")
        await made.ask("profile.create", given)
    await made.open()
    yield made
    await made.residence.close()


async def _write(window: Window, title: str) -> str:
    view = await window.ask("room.create", RoomCreateParams(title=title))
    window.events.clear()
    await window.ask("turn.send", SendParams(room_id=view.room.id, text=f"{title}에서"))
    await window.told(TurnEnded)
    return str(view.room.id)


async def _keep(window: Window, name: str, text: str) -> None:
    saved = await window.ask(
        "library.save", EntrySaveParams(kind="world", name=name, contents=TextContents(text=text))
    )
    assert saved.entry.name == name


async def _rules(window: Window, text: str) -> None:
    stamp = (await window.ask("rules.read")).stamp
    await window.ask("rules.save", RulesSaveParams(text=text, stamp=stamp))


async def _all(window: Window) -> dict[str, Any]:
    """Whatever a person would miss."""
    opened = await window.open()
    found: dict[str, Any] = {}
    for room in opened.rooms:
        view = await window.ask("room.open", RoomParams(room_id=room.id))
        found[room.title] = [(one.id, one.author.name, one.text) for one in view.messages]
    found["library"] = sorted(
        (entry.kind, entry.name)
        for entry in (await window.ask("library.list")).entries
        if entry.origin == "mine"
    )
    found["rules"] = (await window.ask("rules.read")).text
    return found


async def _replace(window: Window, backup_id: str) -> Replaced:
    replaced = await window.ask("backup.replace", BackupParams(backup_id=backup_id))
    assert isinstance(replaced, Replaced)
    return replaced


async def test_everything_is_as_it_was_and_the_way_leads_back(window: Window) -> None:
    await _write(window, "등대")
    await _keep(window, "안개 항구", "안개가 걷히지 않는다")
    await _rules(window, "아무도 죽지 않는다")
    before = await _all(window)
    made = (await window.ask("backup.make")).backups[0]

    await _write(window, "무인도")
    await _keep(window, "붉은 사막", "모래가 운다")
    await _rules(window, "모두 죽는다")
    after = await _all(window)
    assert after != before

    replaced = await _replace(window, made.id)
    assert (replaced.rooms, replaced.library_missing) == (made.rooms, False)
    assert await _all(window) == before
    kept = next(
        each for each in (await window.ask("backup.list")).backups if each.id == replaced.kept
    )
    assert (kept.reason, kept.rooms) == ("replacing", made.rooms + 1)

    await _replace(window, replaced.kept)
    assert await _all(window) == after


async def test_a_damaged_backup_replaces_nothing(window: Window) -> None:
    await _write(window, "등대")
    made = (await window.ask("backup.make")).backups[0]
    await _write(window, "무인도")
    before = await _all(window)
    folder = window.residence.paths_of(window.residence.current).data / "backups"
    raw = bytearray((folder / made.id).read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 4000] = bytes(4000)
    (folder / made.id).write_bytes(raw)

    with pytest.raises(Trouble) as caught:
        await _replace(window, made.id)

    assert caught.value.problem.code in ("damaged", "storage_failed")
    assert await _all(window) == before


async def test_what_fails_halfway_leaves_what_was_there(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _write(window, "등대")
    made = (await window.ask("backup.make")).backups[0]
    await _write(window, "무인도")
    before = await _all(window)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_file, "restore", fail)
    with pytest.raises(Trouble):
        await _replace(window, made.id)

    assert await _all(window) == before


async def test_nothing_is_replaced_while_somebody_answers(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _write(window, "등대")
    made = (await window.ask("backup.make")).backups[0]
    house = window.residence.house
    assert house is not None
    monkeypatch.setattr(house.turns, "answering", lambda: True)

    with pytest.raises(Trouble, match="busy"):
        await _replace(window, made.id)
    monkeypatch.setattr(house.turns, "answering", lambda: False)
    with pytest.raises(Trouble, match="not_found"):
        await _replace(window, "20260101T000000-daily-abcdef.db")
