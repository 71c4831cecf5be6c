"""The program is killed outright while it edits or migrates: all that was promised is there.

``[trials]``; prints what was found. A trial in which anything is lost or broken raises.
"""

import asyncio
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

from desktop.store import migration
from desktop.store.database import Database
from tests.reliability._home import ROOT

Told = list[list[str]]


async def killed(doing: str, path: Path, delay_s: float) -> Told:
    """What the child had told when it was killed, so many seconds after it was ready."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.reliability.writing_child", doing, str(path)),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    told = [(await child.stdout.readline()).decode().split()]
    assert told[0][:1] == ["ready"], told
    await asyncio.sleep(delay_s)
    child.kill()
    rest = await child.stdout.read()
    await child.wait()
    # A last line that the kill has cut was not told.
    whole = rest.decode().rpartition("\n")[0].splitlines()
    return [*told, *(line.split() for line in whole)]


async def reopened(path: Path) -> sqlite3.Connection:
    """The file as the next start makes it, with the check that SQLite has for its pages."""
    await (await Database.open(path)).close()
    seen = sqlite3.connect(path)
    assert seen.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert seen.execute("PRAGMA foreign_key_check").fetchall() == []
    return seen


async def one_edit(folder: Path, delay_s: float) -> int:
    """How many edits had been told as stored; every one of them must be there."""
    path = folder / "table.db"
    told = await killed("edit", path, delay_s)
    newest = {line: int(number) for word, line, number in told[1:] if word == "edited"}
    seen = await reopened(path)
    for line, number in newest.items():
        (text,) = seen.execute("SELECT text FROM message WHERE id = ?", (line,)).fetchone()
        # The one that came next may have been stored and not told.
        assert int(text.split()[-1]) >= number, (line, text, number)
    assert seen.execute("SELECT count(*) FROM message").fetchone() == (int(told[0][2]),)
    seen.close()
    return len(told) - 1


async def old_file(path: Path, messages: int) -> None:
    """A database of the first schema with so many messages in one room."""
    first = migration.steps(migration.FOLDER)[1].read_text("utf-8")
    made = sqlite3.connect(path)
    made.executescript(f"BEGIN; {first}\nPRAGMA user_version = 1; COMMIT;")
    made.execute(
        """INSERT INTO room (id, title, branch_id, message_count, last_line, created_at,
             updated_at, draft) VALUES ('r', '등대', 'b', ?, '', 1, 1, '')""",
        (messages,),
    )
    made.execute("INSERT INTO stage (room_id, content) VALUES ('r', '{}')")
    made.execute(
        """INSERT INTO branch (id, room_id, tip_position, message_count, kind, created_at)
           VALUES ('b', 'r', ?1, ?1, 'main', 1)""",
        (messages,),
    )
    made.executemany(
        """INSERT INTO message (id, room_id, branch_id, position, turn_id, author_kind, author_id,
             author_name, author_dye, text, status, hidden, created_at)
           VALUES (?, 'r', 'b', ?, NULL, 'user', '', '우체부', '', ?, 'complete', 0, 1)""",
        [(f"m{n}", n, f"{n}번째 줄") for n in range(1, messages + 1)],
    )
    made.commit()
    made.close()


async def one_migration(folder: Path, delay_s: float, messages: int = 5_000) -> int:
    """1 where the kill came before the end of it; nothing may be lost either way."""
    path = folder / "table.db"
    await old_file(path, messages)
    told = await killed("migrate", path, delay_s)
    await one_migration_held(path, messages)
    return int(["migrated"] not in told)


async def one_migration_held(path: Path, messages: int) -> None:
    """The next start brings it up, and every message is there."""
    seen = await reopened(path)
    newest = len(migration.steps(migration.FOLDER))
    assert seen.execute("PRAGMA user_version").fetchone() == (newest,)
    rows = seen.execute("SELECT id, text FROM message ORDER BY position").fetchall()
    assert rows == [(f"m{n}", f"{n}번째 줄") for n in range(1, messages + 1)]
    seen.close()


async def trials(times: int, seed: int = 11) -> str:
    """Half of them edit, half of them migrate."""
    chance = random.Random(seed)
    edits = cut = 0
    for number in range(times):
        folder = Path(tempfile.mkdtemp(prefix="persona-killed-"))
        try:
            if number % 2:
                cut += await one_migration(folder, chance.uniform(0, 0.4))
            else:
                edits += await one_edit(folder, chance.uniform(0, 0.6))
        finally:
            shutil.rmtree(folder)
    return (
        f"{times} kills: {edits} edits told and none lost, {cut} of {times // 2} migrations cut "
        "in the middle, every file whole"
    )


if __name__ == "__main__":
    print(asyncio.run(trials(int(sys.argv[1]) if len(sys.argv) > 1 else 100)))
