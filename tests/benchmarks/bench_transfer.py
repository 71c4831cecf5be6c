"""How fast a million messages go out and come in, beside raw SQLite and raw JSON in the same run.

Usage: ``python -m tests.benchmarks.bench_transfer [--messages N] [--format persona_ndjson]``. Each
step runs in a process of its own, so that its peak memory is its own. The raw steps do the least
that could be done with the very same rows and the very same file: ``raw write`` is the time within
the driver alone, in one transaction, of the rows that the import has stored, in its own schema.
"""

import argparse
import asyncio
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from desktop.store.database import Database
from desktop.store.intake import TABLES
from tests.services.carrying import Carrier

_NOW = 1_767_225_600_000
_TEXT = "등대지기는 말없이 문을 열었다. 안개가 계단을 타고 올라온다. *쾅* "
_PER_TURN = 3


def message_id(number: int) -> str:
    """As the program makes them: the time in front, chance behind, told from the number here."""
    chance = number * 0x9E3779B97F4A7C15F39CC0605CEDC835 & (1 << 80) - 1
    return f"{_NOW + number * 20_000:012x}{chance:020x}"


def turn_id(number: int) -> str:
    return message_id(number * _PER_TURN)[:-1] + "t"


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
            ((turn_id(n), _NOW + n, _TEXT) for n in range(count // _PER_TURN)),
        )
        await session.many(
            "INSERT INTO message (id, room_id, branch_id, position, turn_id, author_kind, "
            "author_name, status, created_at, text) "
            "VALUES (?, 'room', 'main', ?, ?, 'character', '하루', 'complete', ?, ?)",
            (
                (message_id(n), n + 1, turn_id(min(n // _PER_TURN, count // _PER_TURN - 1)),
                 _NOW + n, f"{n} {_TEXT}")
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
                    "time": _NOW + n, "key": message_id(n), "branch": "main",
                    "position": n + 1, "turn": turn_id(n // _PER_TURN),
                    "author": {"kind": "character", "name": "하루"}}  # fmt: skip
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
            if n % _PER_TURN == 0:
                turn = {"type": "turn", "room": "room", "key": turn_id(n), "provider": "claude",
                        "raw": _TEXT, "started_at": _NOW}  # fmt: skip
                file.write(json.dumps(turn, ensure_ascii=False) + "\n")
    return count


def raw_parse(file: Path) -> int:
    """Every line of the file by the standard library, and nothing done with it."""
    with file.open(encoding="utf-8") as lines:
        return sum(json.loads(line)["type"] == "message" for line in lines)


async def raw_write(folder: Path) -> tuple[int, float]:
    """The rows an import has stored, into an empty database; the seconds without reading them."""
    (folder / "raw").mkdir()
    await (await Database.open(folder / "raw" / "table.db")).close()
    spent, count = 0.0, 0
    there = sqlite3.connect(folder / "raw" / "table.db", isolation_level=None)
    with closing(there), closing(sqlite3.connect(folder / "in" / "table.db")) as here:
        for pragma in ("synchronous = FULL", "cache_size = -32768", "foreign_keys = OFF"):
            there.execute(f"PRAGMA {pragma}")
        there.execute("BEGIN")
        for table in ("room", "stage", "branch", "turn", "message"):
            columns = ", ".join(TABLES[table])
            holes = ", ".join("?" * len(TABLES[table]))
            rows = here.execute(f"SELECT {columns} FROM {table} ORDER BY rowid")
            while some := rows.fetchmany(10_000):
                begun = time.perf_counter()
                there.executemany(f"INSERT INTO {table} ({columns}) VALUES ({holes})", some)
                spent += time.perf_counter() - begun
                count += len(some) if table == "message" else 0
        begun = time.perf_counter()
        there.execute("COMMIT")
        spent += time.perf_counter() - begun
    return count, spent


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


def step(name: str, folder: Path, count: int, format_id: str) -> tuple[int, float]:
    """How many messages in how many seconds."""
    file = folder / "story"
    if name == "raw write":
        return asyncio.run(raw_write(folder))
    begun = time.perf_counter()
    if name == "idle":
        done = asyncio.run(_idle(folder))
    elif name == "raw read":
        done = raw_read(folder)
    elif name == "raw json":
        done = raw_json(folder, count)
    elif name == "raw parse":
        done = raw_parse(file)
    elif name == "export":
        done = asyncio.run(take_out(folder, file, format_id))
    else:
        done = asyncio.run(take_in(folder / "in", file))
    return done, time.perf_counter() - begun


async def _idle(folder: Path) -> int:
    here = Carrier(await Database.open(folder / "table.db"), folder)
    await asyncio.sleep(0.5)
    await here.database.close()
    return 0


_STEPS = ("idle", "raw read", "raw json", "export", "import", "raw parse", "raw write")


def told(took: dict[str, float], by: str) -> None:
    """The rates as shares of what the raw steps would allow, by the clock or by processor time."""
    print(f"by {by}:")
    out, read, written = took["export"], took["raw read"], took["raw json"]
    print(f"export: {read / out:.0%} of raw reads, {written / out:.0%} of raw JSON writing, "
          f"{(read + written) / out:.0%} of both one after the other")  # fmt: skip
    if "raw parse" in took:
        come, parsed, stored = took["import"], took["raw parse"], took["raw write"]
        print(f"import: {parsed / come:.0%} of raw JSON reading, {stored / come:.0%} of raw "
              f"writing, {(parsed + stored) / come:.0%} of both one after the other")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--format", default="persona_ndjson")
    parser.add_argument("--step", default="")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.step:
        count, spent = step(asked.step, asked.folder, asked.messages, asked.format)
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        print(json.dumps({"count": count, "spent": spent, "cpu": cpu, "peak": peak}))
        return
    print(f"load {os.getloadavg()}, {os.cpu_count()} cores, SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory(prefix="bench-transfer-") as name:
        folder = Path(name)
        asyncio.run(make(folder, asked.messages))
        took: dict[str, float] = {}
        worked: dict[str, float] = {}
        for one in _STEPS:
            if one == "raw parse" and asked.format != "persona_ndjson":
                continue
            answer = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.bench_transfer", "--step", one,
                 "--folder", name, "--messages", str(asked.messages), "--format", asked.format],
                check=True, stdout=subprocess.PIPE,
            )  # fmt: skip
            it = json.loads(answer.stdout.splitlines()[-1])
            took[one], worked[one] = it["spent"], it["cpu"]
            rate = it["count"] / it["spent"]
            print(f"{one:10} {it['spent']:7.1f} s {rate:10,.0f} /s  "
                  f"cpu {it['cpu']:6.1f} s  peak {it['peak']:5.0f} MB", flush=True)  # fmt: skip
        print(f"file {(folder / 'story').stat().st_size / 1e6:,.0f} MB")
    told(took, "the clock")
    # On a machine that others use as well this is what says something.
    told(worked, "processor time")
    print(f"load {os.getloadavg()}")


if __name__ == "__main__":
    main()
