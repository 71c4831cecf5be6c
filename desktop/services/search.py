"""Searching the whole of what was said, and keeping the index up while nobody is answering."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from msgspec.structs import replace

from desktop.protocol.events import AnyEvent, MessageAdded, MessageChanged, TurnEnded, TurnStarted
from desktop.protocol.models import Message
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.search import (
    AroundParams,
    FoundRoom,
    MessagesAround,
    SearchFound,
    SearchHit,
    SearchParams,
)
from desktop.services.outside import Emit, ReportBug
from desktop.services.room_view import existing, page_before
from desktop.store import branches, messages, rooms, search
from desktop.store.database import Database
from desktop.store.search import Filters
from desktop.store.session import Session

REST_S = 0.05
"""Between two steps of the index: whoever waits for the database goes first."""


class Search:
    """What is not in the index yet is found all the same; the index only makes it quick."""

    def __init__(self, database: Database, report_bug: ReportBug, rest_s: float = REST_S) -> None:
        self._database = database
        self._report_bug = report_bug
        self._rest_s = rest_s
        self._answering: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._closed = False

    async def find(self, params: SearchParams) -> SearchFound:
        """Messages that hold every word, those stored last first; nothing for signs alone.

        With nothing typed, what who said it, its kind or its time leaves of all messages.
        """
        filters = Filters(
            room_id=params.room_id,
            author=params.author,
            kinds=params.kinds,
            since=params.since,
            until=params.until,
        )
        async with self._database.reading() as session:
            if params.on_path and params.room_id is not None:
                shown = (await existing(session, params.room_id)).branch_id
                parts = [part async for part in branches.path(session, shown)]
                ranges = tuple((part.branch_id, part.after, part.last) for part in parts)
                filters = replace(filters, ranges=ranges)
            found = await search.find(
                session, params.text, filters, before=params.before, limit=params.limit
            )
            return replace(found, rooms=await _rooms_of(session, found.hits))

    async def around(self, params: AroundParams) -> MessagesAround:
        """A message and its neighbours, so that it can be gone to from anywhere.

        Raises ``Trouble(not_found)`` if it is deleted or no branch that can be gone to holds it.
        """
        async with self._database.reading() as session:
            message = await messages.find(session, params.message_id)
            if message is None:
                raise Trouble(problem("not_found", field="message_id"))
            shown = (await existing(session, message.room_id)).branch_id
            on_path = await _leads_through(session, shown, message)
            branch_id = shown if on_path else await _branch_through(session, message)
            # Positions have no gaps but for deleted messages, so this page holds the message.
            before = message.position + 1 + params.limit // 2
            page = await page_before(session, branch_id, params.limit, before)
            last = page.messages[-1].position
            return MessagesAround(
                room_id=message.room_id,
                branch_id=branch_id,
                on_path=on_path,
                messages=page.messages,
                has_older=page.has_more,
                has_newer=await messages.first_after(session, branch_id, last) is not None,
            )

    def overhear(self, emit: Emit) -> Emit:
        """The same way out for events, with an ear on what must be indexed and when."""

        def heard(event: AnyEvent) -> None:
            emit(event)
            match event:
                case TurnStarted(turn=turn):
                    self._answering.add(turn.id)
                case TurnEnded(turn=turn):
                    self._answering.discard(turn.id)
                    self.wake()
                case MessageAdded() | MessageChanged():
                    self.wake()
                case _:
                    pass

        return heard

    def wake(self) -> None:
        """Bring the index up to date in the background, as soon as nobody is answering."""
        if self._closed or self._answering:
            return
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._catch_up(), name="search index")

    async def close(self) -> None:
        """Stop indexing; the next start goes on where this one ended."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _catch_up(self) -> None:
        """Small steps, each a transaction of its own; a turn that begins ends the work."""
        try:
            while self._again and not self._answering:
                self._again = False
                await asyncio.sleep(self._rest_s)
                async with self._database.transaction() as session:
                    self._again |= await search.catch_up(session)
        except Trouble:
            pass  # The disk's troubles are told to whoever writes; nothing is lost here.
        except Exception as bug:  # noqa: BLE001 - searching works without the index
            self._report_bug(bug, "indexing what was said")


async def _rooms_of(session: Session, hits: Sequence[SearchHit]) -> tuple[FoundRoom, ...]:
    found = [await rooms.find(session, one) for one in dict.fromkeys(hit.room_id for hit in hits)]
    return tuple(FoundRoom(id=room.id, title=room.title) for room in found if room)


async def _leads_through(session: Session, branch_id: str, message: Message) -> bool:
    try:
        point = await branches.point_at(session, branch_id, message.position)
    except LookupError:
        return False
    if point.branch_id != message.branch_id:
        return False
    # A path that was cut off, or has not come so far, ends before the message.
    first = await messages.first_after(session, branch_id, message.position - 1)
    return first is not None and first.id == message.id


async def _branch_through(session: Session, message: Message) -> str:
    """A branch that can be gone to; its own one first, then the one used last."""
    all_of_them = await branches.in_room(session, message.room_id)
    own_first = sorted(all_of_them, key=lambda one: (one.id != message.branch_id, -one.used_at))
    for one in own_first:
        if one.tip_position >= message.position and await _leads_through(session, one.id, message):
            return one.id
    raise Trouble(problem("not_found", field="message_id"))
