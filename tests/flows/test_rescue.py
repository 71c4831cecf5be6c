"""A damaged database: seen at the start, never written to, and a way on in every case."""

import os
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.protocol.base import UtcMs
from desktop.protocol.events import ProfileDamaged, TurnEnded
from desktop.protocol.methods import Opened, RoomCreateParams, RoomParams, SendParams
from desktop.protocol.problems import Trouble
from desktop.protocol.profiles import ProfileCreateParams, ProfileOpenParams
from desktop.protocol.rescue import Rescue, Rescued, RescueParams
from desktop.store import damage
from desktop.store.driver import connect
from tests.flows.residence import Window

PASSWORD = "등대의 불빛 아래"
PAGE = 4096
OPEN: list[Window] = []


@pytest.fixture
async def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Window]:
    monkeypatch.setenv("PERSONA_STORYTELLER_PACE", "inf")
    made = Window(tmp_path)
    await made.residence.start()
    OPEN.append(made)
    yield made
    while OPEN:
        await OPEN.pop().residence.close()


async def again(window: Window, password: str | None = None) -> Window:
    """The next start, as far as the password leads."""
    await window.residence.close()
    fresh = Window(window.folder)
    OPEN.append(fresh)
    await fresh.residence.start()
    if password:
        current = fresh.residence.current
        given = ProfileOpenParams(profile_id=current, password=password)
        await fresh.ask("profile.open", given)
    return fresh


async def written(window: Window, title: str, turns: int = 3) -> str:
    """A room with a few turns; returns its id."""
    view = await window.ask("room.create", RoomCreateParams(title=title))
    for number in range(turns):
        window.events.clear()
        await window.ask(
            "turn.send", SendParams(room_id=view.room.id, text=f"{title} {number}번째 불빛")
        )
        await window.told(TurnEnded)
    return str(view.room.id)


def database(window: Window) -> Path:
    return window.residence.paths_of(window.residence.current).database


def break_pages(path: Path, first: int = 2, count: int = 1) -> bytes:
    """Write nonsense over pages, counted from 1. Returns the file as it is then."""
    with path.open("r+b") as file:
        file.seek((first - 1) * PAGE)
        file.write(os.urandom(PAGE * count))
    return path.read_bytes()


def root_of(path: Path, table: str) -> int:
    seen = sqlite3.connect(path)
    sql = "SELECT rootpage FROM sqlite_master WHERE name = ?"
    page = seen.execute(sql, (table,)).fetchone()[0]
    seen.close()
    return int(page)


async def opened(window: Window) -> Opened:
    return await window.open()


def aside(window: Window, rescued: Rescued) -> Path:
    return database(window).with_name(rescued.kept)


@pytest.mark.parametrize("locked", [False, True])
async def test_the_newest_good_backup_takes_the_place_of_a_damaged_file(
    window: Window, locked: bool
) -> None:
    if locked:
        made = await window.ask("profile.create", ProfileCreateParams(password=PASSWORD))
        given = ProfileOpenParams(profile_id=made.profile_id, password=PASSWORD)
        await window.ask("profile.open", given)
    await opened(window)
    await written(window, "첫 등대")
    await window.ask("backup.make")
    await written(window, "둘째 등대")
    listed = await window.ask("backup.make")
    older, newer = sorted(listed.backups, key=lambda each: each.made_at)
    newest = database(window).parent / "backups" / newer.id
    await window.residence.close()
    before = break_pages(database(window), 6)
    break_pages(newest, 6)

    window = await again(window, PASSWORD if locked else None)
    shown = await opened(window)
    assert shown.profiles is not None
    assert shown.profiles.damaged
    assert not shown.profiles.open
    assert shown.rooms == ()
    with pytest.raises(Trouble) as caught:
        await window.ask("backup.list")
    assert caught.value.problem.code == "damaged"
    offered = await window.ask("rescue.look")
    assert isinstance(offered, Rescue)
    assert offered.offered is not None
    # The newest one is damaged as well, so the one before it is offered.
    assert offered.offered.id == older.id

    rescued = await window.ask("rescue.restore", RescueParams(backup_id=offered.offered.id))
    assert aside(window, rescued).read_bytes() == before
    shown = await opened(window)
    titles = {room.title for room in shown.rooms}
    assert "첫 등대" in titles
    assert "둘째 등대" not in titles
    assert shown.profiles is not None
    assert shown.profiles.open
    await written(window, "셋째 등대")
    window = await again(window, PASSWORD if locked else None)
    assert "셋째 등대" in {room.title for room in (await opened(window)).rooms}
    assert aside(window, rescued).read_bytes() == before


async def test_a_backup_that_does_not_hold_changes_nothing(window: Window) -> None:
    await opened(window)
    await written(window, "등대")
    listed = await window.ask("backup.make")
    backup_id = listed.backups[0].id
    await window.residence.close()
    before = break_pages(database(window), 6)
    break_pages(database(window).parent / "backups" / backup_id, 5, 20)
    window = await again(window)
    assert (await window.ask("rescue.look")).offered is None
    with pytest.raises(Trouble) as caught:
        await window.ask("rescue.restore", RescueParams(backup_id=backup_id))
    assert caught.value.problem.code == "damaged"
    with pytest.raises(Trouble) as caught:
        await window.ask("rescue.restore", RescueParams(backup_id="../persona-chat.db"))
    assert caught.value.problem.code == "not_found"
    assert database(window).read_bytes() == before
    assert (await opened(window)).profiles.damaged  # type: ignore[union-attr]


async def texts_of(window: Window, title: str) -> list[str]:
    room = next(room for room in (await opened(window)).rooms if room.title == title)
    view = await window.ask("room.open", RoomParams(room_id=room.id))
    return [message.text for message in view.messages]


@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("table", ["message", "room", "branch", "stage", "turn", "setting"])
async def test_without_a_backup_what_can_be_read_is_salvaged(
    window: Window, table: str, locked: bool
) -> None:
    if locked:
        made = await window.ask("profile.create", ProfileCreateParams(password=PASSWORD))
        given = ProfileOpenParams(profile_id=made.profile_id, password=PASSWORD)
        await window.ask("profile.open", given)
    await opened(window)
    await written(window, "등대", 40)
    told = await texts_of(window, "등대")
    key = window.residence.key
    await window.residence.close()
    path = database(window)
    with_pages = connect(path, key)
    sql = "SELECT rootpage FROM sqlite_master WHERE name = ?"
    (page,) = with_pages.execute(sql, (table,)).fetchone()
    with_pages.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with_pages.close()
    before = break_pages(path, int(page))
    window = await again(window, PASSWORD if locked else None)
    assert (await opened(window)).profiles.damaged  # type: ignore[union-attr]
    rescued = await window.ask("rescue.salvage")
    assert aside(window, rescued).read_bytes() == before
    shown = await opened(window)
    assert shown.profiles is not None
    assert shown.profiles.open
    if table in ("branch", "stage", "turn", "setting"):
        assert await texts_of(window, "등대") == told
    elif table == "room":
        # Its name went with the page, and nothing else.
        found = [await texts_of(window, room.title) for room in shown.rooms]
        assert told in found
    else:
        # The root of the tree of messages is gone, and with it every way to them.
        assert rescued.messages < len(told)


async def test_a_page_of_messages_takes_only_its_own_along(window: Window) -> None:
    await opened(window)
    await written(window, "등대", 60)
    room = next(room for room in (await opened(window)).rooms if room.title == "등대")
    await window.residence.close()
    path = database(window)
    seen = sqlite3.connect(path)
    seen.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    told = dict(seen.execute("SELECT position, text FROM message WHERE room_id = ?", (room.id,)))
    seen.close()
    leaf = next(
        number
        for number in range(3, path.stat().st_size // PAGE)
        if "30번째 불빛".encode() in path.read_bytes()[(number - 1) * PAGE : number * PAGE]
        and path.read_bytes()[(number - 1) * PAGE] == 0x0D
    )
    break_pages(path, leaf)
    window = await again(window)
    rescued = await window.ask("rescue.salvage")
    shown = await opened(window)
    kept = sqlite3.connect(database(window))
    (there,) = [one.id for one in shown.rooms if one.title == "등대"]
    back = [row[0] for row in kept.execute("SELECT text FROM message WHERE room_id = ?", (there,))]
    kept.close()
    assert set(back) < set(told.values())
    assert len(told) - len(back) < len(told) / 3, "one page of several is gone"
    assert rescued.messages >= len(back)
    assert "등대 0번째 불빛" in back
    assert "등대 59번째 불빛" in back
    await written(window, "새 등대")


async def test_a_file_that_is_gone_is_missed_where_there_are_backups(window: Window) -> None:
    await opened(window)
    await written(window, "등대")
    await window.ask("backup.make")
    await window.residence.close()
    database(window).write_bytes(b"")
    window = await again(window)
    look = await window.ask("rescue.look")
    assert look.lost
    rescued = await window.ask("rescue.restore", RescueParams(backup_id=look.offered.id))
    assert rescued.kept == ""
    assert "등대" in {room.title for room in (await opened(window)).rooms}


async def test_an_empty_profile_is_a_way_on_where_nothing_can_be_read(window: Window) -> None:
    await opened(window)
    await written(window, "등대")
    await window.residence.close()
    before = break_pages(database(window), 1)
    window = await again(window)
    look = await window.ask("rescue.look")
    assert (look.offered, look.others, look.lost) == (None, (), False)
    first = await window.ask("rescue.salvage")
    assert (first.rooms, first.messages) == (0, 0)
    assert aside(window, first).read_bytes() == before
    assert (await opened(window)).first_start
    await window.residence.close()
    again_broken = break_pages(database(window), 1)
    window = await again(window)
    second = await window.ask("rescue.fresh")
    assert aside(window, second).read_bytes() == again_broken
    assert aside(window, first).read_bytes() == before, "none takes the other's place"


async def test_a_large_file_is_looked_through_while_it_is_in_use(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(damage, "AT_ONCE", 1)
    await opened(window)
    await written(window, "등대", 30)
    page = root_of(database(window), "message_of_turn")
    await window.residence.close()
    break_pages(database(window), page)
    window = await again(window)
    await opened(window)
    await window.told(ProfileDamaged)
    assert (await opened(window)).profiles.damaged  # type: ignore[union-attr]
    rescued = await window.ask("rescue.salvage")
    assert rescued.profiles.open


async def test_leaving_does_not_wait_for_an_examination(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(damage, "AT_ONCE", 1)
    await opened(window)
    for _ in range(20):
        window = await again(window)
    assert not (await opened(window)).profiles.damaged  # type: ignore[union-attr]


@pytest.mark.parametrize("steps", range(5))
def test_a_crash_at_any_step_leaves_the_old_or_the_new_file_in_force(
    tmp_path: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "persona-chat.db"
    path.write_bytes(b"old")
    path.with_name(path.name + "-wal").write_bytes(b"written ahead")
    damage.part_of(path).write_bytes(b"new")
    left = steps

    def crash(real: object) -> object:
        def instead(*given: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return real(*given, **named)  # type: ignore[operator]

        return instead

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", crash(os.link))
        patched.setattr(Path, "replace", crash(Path.replace))
        patched.setattr(Path, "unlink", crash(Path.unlink))
        with pytest.raises(KeyboardInterrupt):
            damage.put_in_place(path, UtcMs(0))
    damage.settle(path)
    now, wal = path.read_bytes(), path.with_name(path.name + "-wal").exists()
    assert (now, wal) in ((b"old", True), (b"new", False))
    if now == b"new":
        (kept,) = tmp_path.glob("*.damaged-*.db")
        assert kept.read_bytes() == b"old"
        assert kept.with_name(kept.name + "-wal").read_bytes() == b"written ahead"
    assert not list(tmp_path.glob("*.rescued*"))
