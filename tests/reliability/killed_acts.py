"""What the program does while it is being killed, and how its data is looked at afterwards.

An act is two functions over a folder: ``do`` runs in a child that is killed, and tells every
promise it made; ``hold`` runs afterwards in what the kill has left, and raises if one was broken.
"""

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from desktop.protocol.events import AnyEvent, MessageAdded, MessageGrew, TurnEnded
from desktop.protocol.methods import EditParams, Opened, RoomCreateParams, RoomParams, SendParams
from desktop.store import conversion, copying, lock_file, sealing
from desktop.store.driver import connect, is_plain
from desktop.store.lock_file import Lock
from desktop.store.profile_files import FileSet
from desktop.store.sealed_files import SealedFiles
from tests.flows.residence import Window
from tests.reliability.killed_writers import old_file, one_migration_held
from tests.reliability.writing_child import migrate

Tell = Callable[..., None]
Told = list[list[Any]]
KEY = bytes(range(32))
SECRET = "심은 비밀"
LAST_S = 1.0
"""How much of a running answer may be missing."""


class Act(NamedTuple):
    prepare: Callable[[Path], None]
    """Writes the folder every trial begins with."""
    do: Callable[[Path, Tell], None]
    hold: Callable[[Path, Told, float], int]
    """Told, and when it was killed; returns how many promises were looked at."""


def whole(path: Path, key: bytes | None = None) -> None:
    with closing(connect(path, key)) as seen:
        assert [row[0] for row in seen.execute("PRAGMA integrity_check")] == ["ok"]
        assert seen.execute("PRAGMA foreign_key_check").fetchall() == []


async def _opened(folder: Path) -> tuple[Window, Opened]:
    window = Window(folder)
    await window.residence.start()
    return window, await window.open()


def _database(folder: Path) -> Path:
    return folder / "data" / "persona-chat.db"


def _table(folder: Path) -> None:
    """One room with three answered lines."""

    async def lay() -> None:
        os.environ["PERSONA_STORYTELLER_PACE"] = "inf"
        window, _ = await _opened(folder)
        view = await window.ask("room.create", RoomCreateParams(title="등대"))
        for number in range(3):
            window.events.clear()
            sent = SendParams(room_id=view.room.id, text=f"{number}번째 줄")
            await window.ask("turn.send", sent)
            await window.told(TurnEnded)
        await window.residence.close()

    asyncio.run(lay())


def _room(opened: Opened) -> str:
    return next(room.id for room in opened.rooms if room.title == "등대")


def stream(folder: Path, tell: Tell) -> None:
    """One line after the other; tells all that the page was shown, and each answer that ended."""
    lengths: dict[str, int] = {}

    def seen(event: AnyEvent) -> None:
        if isinstance(event, MessageAdded):
            lengths[event.message.id] = len(event.message.text)
        elif isinstance(event, MessageGrew):
            lengths[event.message_id] = lengths.get(event.message_id, 0) + len(event.text)
        elif isinstance(event, TurnEnded):
            tell("ended", event.turn.id, event.turn.outcome)
            return
        else:
            return
        one = event.message.id if isinstance(event, MessageAdded) else event.message_id
        tell("shown", one, lengths[one], time.monotonic())

    async def talk() -> None:
        os.environ["PERSONA_STORYTELLER_PACE"] = "90"
        window, opened = await _opened(folder)
        real = window.residence._outlet.emit

        def emit(event: AnyEvent) -> None:
            seen(event)
            real(event)

        window.residence._outlet = window.residence._outlet._replace(emit=emit)
        await window.residence.enter(window.residence.current, None)
        opened = await window.open()
        tell("ready")
        while True:
            window.events.clear()
            sent = SendParams(room_id=_room(opened), text="들려줘")
            await window.ask("turn.send", sent)
            await window.told(TurnEnded)

    asyncio.run(talk())


def hold_stream(folder: Path, told: Told, killed_at: float) -> int:
    asyncio.run(_recovered(folder))
    path = _database(folder)
    whole(path)
    promised: dict[str, int] = {}
    for line in told:
        if line[0] == "shown" and line[3] <= killed_at - LAST_S:
            promised[line[1]] = line[2]
    ended = {line[1]: line[2] for line in told if line[0] == "ended"}
    with closing(sqlite3.connect(path)) as seen:
        texts = dict(seen.execute("SELECT id, text FROM message"))
        for one, length in promised.items():
            # The page is shown the empty lines around a text as well.
            assert len(texts[one]) >= length - 2, (one, len(texts[one]), length)
        for turn, outcome in ended.items():
            found = seen.execute("SELECT outcome FROM turn WHERE id = ?", (turn,)).fetchone()
            assert found == (outcome,)
        assert seen.execute("SELECT 1 FROM turn WHERE outcome = 'running'").fetchone() is None
        assert seen.execute("SELECT 1 FROM journal").fetchone() is None
    return len(promised) + len(ended)


async def _recovered(folder: Path) -> None:
    """The next start, to its end."""
    window, _ = await _opened(folder)
    await window.residence.close()


def edit(folder: Path, tell: Tell) -> None:
    async def work() -> None:
        window, opened = await _opened(folder)
        view = await window.ask("room.open", RoomParams(room_id=_room(opened)))
        tell("ready")
        number = 0
        while True:
            line = view.messages[number % len(view.messages)].id
            await window.ask("message.edit", EditParams(message_id=line, text=f"고침 {number}"))
            tell("edited", line, number)
            number += 1

    asyncio.run(work())


def hold_edit(folder: Path, told: Told, _: float) -> int:
    asyncio.run(_recovered(folder))
    whole(_database(folder))
    newest = {line[1]: line[2] for line in told if line[0] == "edited"}
    with closing(sqlite3.connect(_database(folder))) as seen:
        for line, number in newest.items():
            (text,) = seen.execute("SELECT text FROM message WHERE id = ?", (line,)).fetchone()
            # The one that came next may have been stored and not told.
            assert int(text.split()[-1]) >= number, (line, text, number)
    return len([line for line in told if line[0] == "edited"])


IMPORTED = 6_000


def _with_a_file(folder: Path) -> None:
    _table(folder)
    lines = [
        {"role": "user" if number % 2 else "assistant", "content": f"[하루]: {SECRET} {number}"}
        for number in range(IMPORTED)
    ]
    room = {"title": "옛 방", "messages": lines}
    told = {"format": "persona-chat", "rooms": [room]}
    (folder / "old.json").write_text(json.dumps(told), "utf-8")


def bring_in(folder: Path, tell: Tell) -> None:
    async def work() -> None:
        from desktop.protocol.transfer import ImportParams

        window, _ = await _opened(folder)
        house = window.residence.house
        assert house is not None
        transfer = house.transfer.transfer
        incoming = await transfer.take_up(folder / "old.json")
        tell("ready")
        started = await transfer.bring_in(ImportParams(token=incoming.token))
        assert started.job is not None
        job = await transfer.wait(started.job.id)
        assert job.state == "done", (job.state, job.fault, job.problem)
        tell("imported")
        await asyncio.Event().wait()

    asyncio.run(work())


def hold_import(folder: Path, told: Told, _: float) -> int:
    asyncio.run(_recovered(folder))
    path = _database(folder)
    whole(path)
    with closing(sqlite3.connect(path)) as seen:
        rooms = dict(seen.execute("SELECT title, id FROM room"))
        assert "등대" in rooms
        count = "SELECT count(*) FROM message WHERE room_id = ?"
        assert seen.execute(count, (rooms["등대"],)).fetchone()[0] >= 6
        if ["imported"] in told or "옛 방" in rooms:
            assert seen.execute(count, (rooms["옛 방"],)).fetchone()[0] == IMPORTED
        else:
            # Nothing of what came half lies about.
            assert seen.execute("SELECT count(*) FROM room").fetchone()[0] == len(rooms)
            assert seen.execute("SELECT count(*) FROM message").fetchone()[0] < IMPORTED
    assert not list((folder / "data").glob("incoming/*"))
    return 1


def _old(folder: Path) -> None:
    folder.mkdir(parents=True)
    asyncio.run(old_file(folder / "table.db", 8_000))


def bring_up(folder: Path, tell: Tell) -> None:
    asyncio.run(migrate(folder / "table.db", tell))


def hold_migration(folder: Path, _told: Told, _: float) -> int:
    asyncio.run(one_migration_held(folder / "table.db", 8_000))
    return 1


def _files(folder: Path) -> FileSet:
    return FileSet(folder / "data", _database(folder))


def _plain(folder: Path) -> None:
    _with_a_file(folder)
    with closing(sqlite3.connect(_database(folder))) as made:
        made.executemany(
            """INSERT INTO prompt_text (room_id, mark, text)
               SELECT id, ?, ? FROM room LIMIT 1""",
            [(f"m{number}", f"{SECRET} {number} " * 40) for number in range(8_000)],
        )
        made.commit()
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (folder / "old.json").unlink()
    for number in range(60):
        file = folder / "data" / "persona_data" / "worlds" / f"{SECRET} {number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{SECRET} {number}\n" * 500, "utf-8")


def _lock() -> Lock:
    slot = sealing.decoy()
    return Lock(password=slot, recovery=slot)


def seal(folder: Path, tell: Tell) -> None:
    tell("ready")
    conversion.seal(_files(folder), _lock(), KEY, lambda *_: None)
    tell("sealed")
    time.sleep(60)


def _locked(folder: Path) -> None:
    _plain(folder)
    conversion.seal(_files(folder), _lock(), KEY, lambda *_: None)


def unseal(folder: Path, tell: Tell) -> None:
    lock = lock_file.read(folder / "data")
    assert lock is not None
    tell("ready")
    conversion.unseal(_files(folder), lock, KEY, lambda *_: None)
    tell("unsealed")
    time.sleep(60)


def contents(folder: Path) -> tuple[copying.Contents, dict[str, bytes]]:
    """Every row, and every file wherever it is now."""
    path, root = _database(folder), folder / "data"
    key = None if is_plain(path) else KEY
    rows = copying.contents(path, key)
    rows.pop("sealed_file", None)
    if key is None:
        return rows, {name: (root / name).read_bytes() for name in _files(folder).all()}
    sealed = SealedFiles(path, key, root)
    try:
        found = {p.relative_to(root).as_posix(): sealed.whole(p) for p in sealed.everything()}
    finally:
        sealed.close()
    return rows, found


def hold_conversion(folder: Path, told: Told, _: float) -> int:
    """Nothing lost in either form; what is locked shows nothing in any byte."""
    locked = conversion.settle(_files(folder)) is not None
    if ["sealed"] in told or ["unsealed"] in told:
        assert locked is (["sealed"] in told)
    assert is_plain(_database(folder)) is not locked
    whole(_database(folder), KEY if locked else None)
    assert contents(folder) == contents(folder.with_name("template"))
    if locked:
        needle = SECRET.encode()
        for path in (folder / "data").rglob("*"):
            raw = os.fsencode(path.name) + (path.read_bytes() if path.is_file() else b"")
            assert needle not in raw, path
    return 1


ACTS = {
    "streaming": Act(_table, stream, hold_stream),
    "editing": Act(_table, edit, hold_edit),
    "importing": Act(_with_a_file, bring_in, hold_import),
    "migrating": Act(_old, bring_up, hold_migration),
    "locking": Act(_plain, seal, hold_conversion),
    "unlocking": Act(_locked, unseal, hold_conversion),
}
