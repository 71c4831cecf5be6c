"""The program is killed in the middle of an answer, and opened again."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from desktop.protocol.methods import RoomParams
from desktop.protocol.models import Turn
from desktop.providers.base import TextCame, TextDiscarded
from desktop.services import turn_journal
from desktop.store import turns
from desktop.store.database import Database
from tests.doubles.scripted_provider import ScriptedProvider, Wait, hanging, texts
from tests.services.conftest import Lay
from tests.services.table import Table, said

ROOT = Path(__file__).parents[2]
ANSWER = texts("[하루]: 왔나.")


class Killed:
    """A talking program that was killed ``after`` seconds of talk; ``lines`` have their times."""

    def __init__(self, path: Path, after: float) -> None:
        self.lines: list[tuple[float, str]] = []
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.services.talking_child", str(path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        )
        try:
            mine = threading.Event()
            reader = threading.Thread(target=self._read, args=(child, mine))
            reader.start()
            assert mine.wait(60), self.lines
            time.sleep(after)
        finally:
            child.send_signal(signal.SIGKILL)
            self.at = time.monotonic()
            child.wait()
        reader.join()
        assert child.stdout is not None
        child.stdout.close()

    def _read(self, child: "subprocess.Popen[str]", mine: threading.Event) -> None:
        assert child.stdout is not None
        for line in child.stdout:
            self.lines.append((time.monotonic(), line.strip()))
            if line.startswith("added 우체부"):
                mine.set()
        mine.set()

    @property
    def room_id(self) -> str:
        return next(line.split()[1] for _, line in self.lines if line.startswith("ready"))

    def heard(self, before: float) -> int:
        """How many pieces of the answer the page had heard before a time."""
        return sum(
            line.split()[-2].endswith("번째") and at < before and "우체부" not in line
            for at, line in self.lines
            # The kill may have cut the last line off behind its first word.
            if line.startswith(("added", "grew")) and len(line.split()) > 1
        )


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX")
@pytest.mark.parametrize("number", range(5))
async def test_a_kill_loses_less_than_a_second_of_the_answer(tmp_path: Path, number: int) -> None:
    path = tmp_path / "table.db"
    after = (0.0, 0.2, 1.3)[number] if number < 3 else random.uniform(0.3, 3.0)
    killed = await asyncio.to_thread(Killed, path, after)
    assert not [line for _, line in killed.lines if line.startswith("bug")]

    table = Table(await Database.open(path), [ScriptedProvider([ANSWER])])
    assert await table.turns.recover() == 1
    async with table.database.reading() as session:
        check = await session.one("PRAGMA integrity_check")
        assert check is not None
        assert check[0] == "ok"
        assert await session.all("SELECT * FROM journal") == []
    view = await table.rooms.open(RoomParams(room_id=killed.room_id))
    mine, *answer = view.messages
    assert (mine.author.name, mine.text, mine.status) == ("우체부", "불을 켜 줘.", "complete")
    assert view.running is None
    assert view.last_turn is not None
    assert view.last_turn.outcome == "interrupted"

    pieces = " ".join(one.text for one in answer).split("말,")
    kept = [piece.strip() for piece in pieces if piece.strip()]
    assert kept == [f"{index}번째" for index in range(len(kept))], "no gap, nothing twice"
    assert len(kept) >= killed.heard(before=killed.at - 1.0)
    assert len(kept) <= killed.heard(before=killed.at + 60) + 100
    if after > 1:
        assert len(kept) > 10
    assert [one.status for one in answer] == ["complete"] * (len(answer) - 1) + ["partial"] * bool(
        answer
    )
    assert [one.position for one in view.messages] == list(range(1, len(view.messages) + 1))
    await table.say(view.room)
    await table.close()


async def test_recovering_twice_changes_nothing(lay: Lay) -> None:
    table = await lay(ANSWER)
    room = await table.room()
    await table.say(room)
    left = Turn(
        id="left",
        room_id=room.id,
        provider="scripted",
        model="",
        outcome="running",
        started_at=table.clock.now_ms(),
    )
    async with table.database.transaction() as session:
        await turns.add(session, left, room.branch_id, "")
        await turns.write_journal(session, left.id, 1, "[하루]: 또 왔나.\n[나")
        await turns.write_journal(session, left.id, 2, "비]: 야")
    assert await table.turns.recover() == 1
    assert await table.turns.recover() == 0
    view = await table.view(room)
    assert said(view.messages)[2:] == [("하루", "또 왔나.", "complete"), ("나비", "야", "partial")]
    assert view.last_turn is not None
    assert (view.last_turn.id, view.last_turn.outcome) == ("left", "interrupted")


async def journal_of(table: Table) -> str:
    async with table.database.reading() as session:
        row = await session.one("SELECT id FROM turn WHERE outcome = 'running'")
        return await turns.read_journal(session, row["id"]) if row else ""


async def until_journal(table: Table, text: str) -> None:
    while await journal_of(table) != text:
        await asyncio.sleep(0.005)


async def test_the_journal_holds_the_raw_text_as_it_comes(
    lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_journal, "PAUSE_S", 0.01)
    table = await lay(hanging("[하루]: 왔", "나 \ud83d", "\ude00.\n", "[나비]"))
    room = await table.room()
    await table.send(room)
    await until_journal(table, "[하루]: 왔나 😀.\n[나비]")
    await table.turns.close()
    assert await journal_of(table) == ""


async def test_a_discard_empties_the_journal_too(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn_journal, "PAUSE_S", 0.01)
    table = await lay(
        (TextCame(text="[하루]: 처음"), Wait(0.1), TextDiscarded(), *hanging("[하루]: 다시"))
    )
    room = await table.room()
    await table.send(room)
    await until_journal(table, "[하루]: 처음")
    await until_journal(table, "[하루]: 다시")


async def test_many_pieces_make_few_writes(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    original = turns.write_journal

    async def counted(session: object, turn_id: str, part: int, text: str) -> None:
        written.append(text)
        await original(session, turn_id, part, text)  # type: ignore[arg-type]

    monkeypatch.setattr(turns, "write_journal", counted)
    table = await lay((*hanging(*(["말"] * 3_000))[:-1], Wait(1.0), *hanging("끝")))
    room = await table.room()
    await table.send(room)
    await table.until(lambda: "".join(written).endswith("끝"))
    assert "".join(written) == "말" * 3_000 + "끝"
    assert len(written) < 30


async def test_a_journal_that_cannot_be_written_is_told_once_and_the_answer_goes_on(
    lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.protocol.events import ProblemRaised

    monkeypatch.setattr(turn_journal, "PAUSE_S", 0.005)
    monkeypatch.setattr(turn_journal, "RETRY_S", 0.005)

    async def broken(*_: object) -> None:
        raise OSError

    table = await lay((*hanging("[하루]: 왔")[:-1], Wait(0.2), *ANSWER[1:]))
    room = await table.room()
    with monkeypatch.context() as patched:
        patched.setattr(turns, "write_journal", broken)
        turn = await table.say(room)
    assert turn.outcome == "complete"
    assert [one.problem.code for one in table.page.of(ProblemRaised)] == ["bug"]
