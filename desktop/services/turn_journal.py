"""Writes a running answer down several times a second, so that a crash loses no more than that."""

import asyncio
from collections.abc import Callable

from desktop.protocol.models import Usage
from desktop.services.plain_text import encodable
from desktop.store import turns
from desktop.store.database import Database

PAUSE_S = 0.3
"""From the first unwritten piece to its writing."""

RETRY_S = 2.0
"""After a write that failed, for example on a full disk."""


class Journal:
    """Append-only: each write adds one small row with what came since the last one."""

    def __init__(
        self,
        database: Database,
        turn_id: str,
        on_failure: Callable[[Exception], None],
        used: Callable[[], Usage] = Usage,
    ) -> None:
        """``used`` tells what the turn has cost so far; it is written down with the first piece."""
        self._database = database
        self._turn_id = turn_id
        self._on_failure = on_failure
        self._used = used
        self._pending: list[str] = []
        self._wipe = False
        self._part = 0
        self._writing: asyncio.Task[None] | None = None
        self._closed = False

    def add(self, text: str) -> None:
        self._pending.append(text)
        self._write_soon()

    def discard(self) -> None:
        """The answer begins anew: what was written is emptied."""
        self._pending.clear()
        self._wipe = True
        self._write_soon()

    def close(self) -> None:
        """Write no more; the turn's end empties the journal. A write under way is taken back."""
        self._closed = True
        if self._writing is not None:
            self._writing.cancel()

    def _write_soon(self) -> None:
        if self._writing is None and not self._closed:
            self._writing = asyncio.create_task(self._write_while_needed())

    async def _write_while_needed(self) -> None:
        pause = PAUSE_S
        while self._pending or self._wipe:
            await asyncio.sleep(pause)
            pause = PAUSE_S if await self._write() else RETRY_S
        self._writing = None

    async def _write(self) -> bool:
        text, wipe = self._taken(), self._wipe
        if not text and not wipe:
            return True
        self._wipe = False
        try:
            async with self._database.transaction() as session:
                if wipe:
                    await turns.clear_journal(session, self._turn_id)
                if text:
                    part = self._part + 1
                    if part == 1:
                        await turns.note_usage(session, self._turn_id, self._used())
                    await turns.write_journal(session, self._turn_id, part, encodable(text))
                    self._part = part
        except Exception as failure:  # noqa: BLE001 - the answer goes on without its journal
            # A discard while it was being written has emptied what was taken: do not bring it back.
            if not self._wipe:
                self._pending.insert(0, text)
                self._wipe = wipe
            self._on_failure(failure)
            return False
        return True

    def _taken(self) -> str:
        text = "".join(self._pending)
        self._pending.clear()
        if text and "\ud800" <= text[-1] <= "\udbff":
            # The other half of the pair comes with the next piece.
            self._pending.append(text[-1])
            return text[:-1]
        return text
