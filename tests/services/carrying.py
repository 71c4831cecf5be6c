"""Two databases and the way between them, for tests of what is taken out and brought in."""

import asyncio
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from desktop.formats.parts import AnyPart, Remark, RoomPart
from desktop.formats.registry import by_id
from desktop.protocol.events import AnyEvent
from desktop.protocol.transfer import ExportParams, ImportParams, TransferJob
from desktop.services.library_place import LibraryPlace
from desktop.services.outside import fresh_id
from desktop.services.settings import SettingsService
from desktop.services.transfer import Transfer
from desktop.services.transfer_export import Wanted, story_parts
from desktop.services.transfer_files import IncomingFiles
from desktop.store.database import Database
from tests.services.table import SteppingClock


class Carrier:
    """Everything ``Transfer`` needs, over a file of its own."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.events: list[AnyEvent] = []
        self.bugs: list[BaseException] = []
        self.busy: set[str] = set()
        self.woken = 0
        settings = SettingsService(database, self.events.append)
        self.place = LibraryPlace(settings, folder / "library", None)
        self.files = IncomingFiles(folder / "incoming", fresh_id)
        self.transfer = Transfer(
            database=database,
            library=self.place,
            files=self.files,
            emit=self.events.append,
            clock=SteppingClock(),
            new_id=fresh_id,
            report_bug=self._bug,
            busy=self.busy.__contains__,
            brought_in=self._wake,
        )

    def _bug(self, error: BaseException, _: str) -> str:
        self.bugs.append(error)
        return "bug"

    def _wake(self) -> None:
        self.woken += 1

    async def take_in(self, path: Path, **params: Any) -> TransferJob:
        incoming = await self.transfer.take_up(path)
        return await self._run("bring_in", ImportParams(token=incoming.token, **params))

    async def look(self, path: Path, **params: Any) -> TransferJob:
        incoming = await self.transfer.take_up(path)
        return await self._run("preview", ImportParams(token=incoming.token, **params))

    async def take_out(self, path: Path, **params: Any) -> TransferJob:
        started = await self.transfer.export_to(path, ExportParams(**params))
        assert started.job is not None
        return await self.transfer.wait(started.job.id)

    async def _run(self, method: str, params: ImportParams) -> TransferJob:
        started = await getattr(self.transfer, method)(params)
        return await self.transfer.wait(started.job.id)

    async def parts(self, wanted: Wanted | None = None) -> list[AnyPart]:
        def read() -> list[AnyPart]:
            with self.database.snapshot() as snapshot:
                rooms = snapshot.rooms(None)
                return list(story_parts(snapshot, rooms, wanted or Wanted()))

        return await asyncio.to_thread(read)

    async def rows(self) -> dict[str, int]:
        """How much there is in every table."""
        tables = ("room", "stage", "branch", "turn", "message", "message_text", "roll", "slot")
        async with self.database.reading() as session:
            found = {}
            for table in tables:
                row = await session.one(f"SELECT count(*) FROM {table}")
                found[table] = row[0] if row else 0
            broken = await session.all("PRAGMA foreign_key_check")
        assert not broken
        return found


async def carrier(folder: Path) -> Carrier:
    folder.mkdir(parents=True, exist_ok=True)
    return Carrier(await Database.open(folder / "table.db", busy_timeout_ms=500), folder)


def there_and_back(format_id: str, parts: Iterable[AnyPart]) -> list[AnyPart]:
    form = by_id(format_id)
    assert form is not None
    assert form.writer
    assert form.reader
    out = BytesIO()
    form.writer(parts, out)
    return list(form.reader(BytesIO(out.getvalue())))


def told(parts: Iterable[AnyPart]) -> list[list[Any]]:
    """Everything the parts say, room by room, with names of the file replaced by their order.

    How the kinds of parts are mixed within a room is the format's affair.
    """
    rooms: list[dict[str, list[Any]]] = []
    for part in parts:
        if isinstance(part, Remark):
            continue
        if isinstance(part, RoomPart):
            rooms.append({})
        kind = next(one.__name__ for one in type(part).__mro__ if one.__name__.endswith("Part"))
        rooms[-1].setdefault(kind, []).append(part)
    return [_room(kinds) for kinds in rooms]


def _room(kinds: dict[str, list[Any]]) -> list[Any]:
    branches = sorted(kinds.get("BranchPart", ()), key=lambda one: one.created_at)
    rank = {one.key: at for at, one in enumerate(branches)}
    orders: dict[str, Any] = {
        "BranchPart": lambda one: one.created_at,
        "TurnPart": lambda one: one.started_at,
        # The path may be told before the rest of its branches.
        "MessagePart": lambda one: (rank.get(one.branch, 0), one.position),
    }
    names: dict[str, str] = {}
    for kind, order in orders.items():
        kinds.get(kind, []).sort(key=order)
        for number, part in enumerate(kinds.get(kind, ())):
            names[part.key] = f"{kind} {number}"
    found = []
    for kind in sorted(kinds):
        for part in kinds[kind]:
            fields = {}
            for name in part.__struct_fields__:
                value = getattr(part, name)
                if name in ("key", "room"):
                    continue
                if name in ("branch", "parent", "turn", "line", "current_branch", "message"):
                    value = names.get(value, "")
                fields[name] = msgspec.to_builtins(value)
            found.append((kind, fields))
    return found
