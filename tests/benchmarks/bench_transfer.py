"""How fast a million messages go out and come in, beside raw SQLite and raw JSON in the same run.

Usage: ``python -m tests.benchmarks.bench_transfer [--messages N] [--format persona_ndjson]``. Each
step runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import asyncio
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from desktop.store.database import Database
from tests.services.carrying import Carrier

_NOW = 1_767_225_600_000
_TEXT = "등대지기는 말없이 문을 열었다. 안개가 계단을 타고 올라온다. *쾅* "
_PER_TURN = 3


async def make(folder: Path, count: int) -> None:
    """A room of ``count`` messages, three to a turn, written the quick way."""
    database = await Database.open(folder / "table.db")
    async with database.transaction() as session:
        await session.run(
            "INSERT INTO room (id, title, branch_id, message_count, created_at, updated_at) "
            "VALUES ('room', '등대', 'main', ?, ?, ?)", count, _NOW, _NOW
        )  # fmt: skip
        await session.run("INSERT INTO stage (room_id, content) VALUES ('room', '{}')")
        await session.run(
            "INSERT INTO branch (id, room_id, tip_position, message_count, kind, created_at) "
            "VALUES ('main', 'room', ?, ?, 'main', ?)", count, count, _NOW
        )  # fmt: skip
        await session.many(
            "INSERT INTO turn (id, room_id, branch_id, provider, outcome, started_at, raw) "
            "VALUES (?, 'room', 'main', 'claude', 'complete', ?, ?)",
            ((f"t{n}", _NOW + n, _TEXT) for n in range(count // _PER_TURN)),
        )
        await session.many(
            "INSERT INTO message (id, room_id, branch_id, position, turn_id, author_kind, "
            "author_name, status, created_at, text) "
            "VALUES (?, 'room', 'main', ?, ?, 'character', '하루', 'complete', ?, ?)",
            (
                (f"m{n}", n + 1, f"t{min(n // _PER_TURN, count // _PER_TURN - 1)}", _NOW + n,
                 f"{n} {_TEXT}")
                for n in range(count)
            ),
        )  # fmt: skip
    await database.close()


def raw_read(folder: Path) -> int:
    """Every message and every turn as the driver gives it, and nothing done with it."""
    with sqlite3.connect(folder / "table.db") as file:
        read = 0
        for _ in file.execute("SELECT * FROM message ORDER BY branch_id, position"):
            read += 1
        for _ in file.execute("SELECT * FROM turn ORDER BY number"):
            pass
    return read


def raw_json(folder: Path, count: int) -> int:
    """As much text as the export holds, as the standard library writes it."""
    with (folder / "raw.ndjson").open("w", encoding="utf-8") as file:
        for n in range(count):
            told = {"type": "message", "room_id": "room", "role": "assistant",
                    "content": f"[하루]: {n} {_TEXT}", "timestamp": "2026-01-01 00:00:00",
                    "time": _NOW + n, "key": f"m{n}", "branch": "main", "position": n + 1,
                    "turn": f"t{n // _PER_TURN}",
                    "author": {"kind": "character", "name": "하루"}}  # fmt: skip
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
            if n % _PER_TURN == 0:
                turn = {"type": "turn", "room": "room", "key": f"t{n}", "provider": "claude",
                        "raw": _TEXT, "started_at": _NOW}  # fmt: skip
                file.write(json.dumps(turn, ensure_ascii=False) + "\n")
    return count


async def raw_write(folder: Path, count: int) -> int:
    """The same rows into an empty database in one transaction: what storing alone costs."""
    await make(folder, count)
    return count


async def take_out(folder: Path, file: Path, format_id: str) -> int:
    here = Carrier(await Database.open(folder / "table.db"), folder)
    job = await here.take_out(file, format=format_id)
    assert job.state == "done", (job, here.bugs)
    await here.database.close()
    return job.messages_done


async def take_in(folder: Path, file: Path) -> int:
    folder.mkdir(exist_ok=True)
    there = Carrier(await Database.open(folder / "table.db"), folder)
    job = await there.take_in(file)
    assert job.state == "done", (job, there.bugs)
    assert job.receipt is not None
    await there.database.close()
    return job.receipt.kept.messages


def step(name: str, folder: Path, count: int, format_id: str) -> int:
    file = folder / "story"
    if name == "idle":
        return asyncio.run(_idle(folder))
    if name == "raw read":
        return raw_read(folder)
    if name == "raw json":
        return raw_json(folder, count)
    if name == "raw write":
        return asyncio.run(raw_write(folder / "raw", count))
    if name == "export":
        return asyncio.run(take_out(folder, file, format_id))
    return asyncio.run(take_in(folder / "in", file))


async def _idle(folder: Path) -> int:
    here = Carrier(await Database.open(folder / "table.db"), folder)
    await asyncio.sleep(0.5)
    await here.database.close()
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--format", default="persona_ndjson")
    parser.add_argument("--step", default="")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.step:
        begun = time.perf_counter()
        count = step(asked.step, asked.folder, asked.messages, asked.format)
        spent = time.perf_counter() - begun
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu = used.ru_utime + used.ru_stime
        told = f"{spent:7.1f} s {count / spent:10,.0f} /s  cpu {cpu:6.1f} s"
        print(f"{asked.step:10} {told}  peak {used.ru_maxrss / 1024:5.0f} MB")
        return
    with tempfile.TemporaryDirectory(prefix="bench-transfer-") as name:
        folder = Path(name)
        asyncio.run(make(folder, asked.messages))
        for one in ("idle", "raw read", "raw json", "raw write", "export", "import"):
            subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.bench_transfer", "--step", one,
                 "--folder", name, "--messages", str(asked.messages), "--format", asked.format],
                check=True,
            )  # fmt: skip
        print(f"file {(folder / 'story').stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
