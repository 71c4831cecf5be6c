"""The book of a room: its chapters, and its pages from any place on."""

from collections.abc import Awaitable, Callable

from desktop.protocol.books import (
    BookContents,
    BookPage,
    BookPageParams,
    BookParams,
    ChapterAddParams,
    ChapterNameParams,
    ChapterParams,
)
from desktop.protocol.models import Room
from desktop.protocol.problems import Trouble, problem
from desktop.services.plain_text import storable
from desktop.services.room_view import existing
from desktop.services.story import Plan, Story
from desktop.store import book_rows, branches, chapters, messages, slots
from desktop.store.branches import Point
from desktop.store.changes import ChapterSet
from desktop.store.session import Session
from desktop.store.slots import Mark


class Book:
    """A chapter may be marked while an answer is coming: no AI is told of it."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._database = story.database

    async def contents(self, params: BookParams) -> BookContents:
        """The chapters of the path that is shown, and its size."""
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
            count, characters, words = await book_rows.size(session, room.branch_id)
            branch = await branches.find(session, room.branch_id)
            return BookContents(
                room_id=room.id,
                branch_id=room.branch_id,
                chapters=await chapters.on_path(session, room.branch_id),
                messages=count,
                characters=characters,
                words=words,
                count=branch.message_count if branch else 0,
                tip=branch.tip_position if branch else 0,
            )

    async def page(self, params: BookPageParams) -> BookPage:
        """A stretch of the path; the work grows with its length, not with the room's."""
        if params.start is not None and params.before is not None:
            raise Trouble(problem("invalid_request", field="before"))
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
            branch_id = room.branch_id
            if params.start is not None:
                found = await book_rows.from_place(session, branch_id, params.start, params.limit)
            else:
                found = await messages.newest(
                    session, branch_id, params.limit, before=params.before
                )
            if not found:
                past = params.start is not None and await messages.newest(session, branch_id, 1)
                return BookPage(messages=(), first_number=1, has_older=bool(past), has_newer=False)
            number = await book_rows.number_at(session, branch_id, found[0].position)
            newer = await messages.first_after(session, branch_id, found[-1].position)
            return BookPage(
                messages=found,
                first_number=number,
                has_older=number > 1,
                has_newer=newer is not None,
            )

    async def chapter_add(self, params: ChapterAddParams) -> BookContents:
        """Begin a chapter with a message. Where one begins already, it is named anew."""
        name = storable(params.name).strip()

        async def plan(session: Session, room: Room) -> Plan:
            message = await self._story.message(session, params.message_id)
            point = Point(branch_id=message.branch_id, position=message.position)
            there = await chapters.at_place(session, point)
            if there is not None:
                mark = Mark(name=name, deleted_at=None)
                return Plan(code="chapter_name", changes=(ChapterSet(slot_id=there, mark=mark),))
            chapter_id, now = self._story.new_id(), self._story.clock.now_ms()
            await chapters.add(session, chapter_id, room.id, point, name, now)
            kept = ChapterSet(slot_id=chapter_id, mark=Mark(name=name, deleted_at=None))
            gone = ChapterSet(slot_id=chapter_id, mark=Mark(name=name, deleted_at=now))
            return Plan(code="chapter_add", changes=(kept,), also_undo=(gone,))

        async with self._database.reading() as session:
            room_id = (await self._story.message(session, params.message_id)).room_id
        return await self._acted(room_id, plan)

    async def chapter_name(self, params: ChapterNameParams) -> BookContents:
        name = storable(params.name).strip()

        async def plan(_session: Session, _room: Room) -> Plan:
            mark = Mark(name=name, deleted_at=None)
            change = ChapterSet(slot_id=params.chapter_id, mark=mark)
            return Plan(code="chapter_name", changes=(change,))

        return await self._acted(await self._room_of(params.chapter_id), plan)

    async def chapter_delete(self, params: ChapterParams) -> BookContents:
        """Take the mark away; what was said stays where it is."""

        async def plan(session: Session, _room: Room) -> Plan:
            mark = await slots.mark_of(session, params.chapter_id)
            gone = Mark(name=mark.name, deleted_at=self._story.clock.now_ms())
            change = ChapterSet(slot_id=params.chapter_id, mark=gone)
            return Plan(code="chapter_delete", changes=(change,))

        return await self._acted(await self._room_of(params.chapter_id), plan)

    async def _acted(
        self, room_id: str, plan: Callable[[Session, Room], Awaitable[Plan]]
    ) -> BookContents:
        await self._story.act(room_id, plan, while_answering=True)
        return await self.contents(BookParams(room_id=room_id))

    async def _room_of(self, chapter_id: str) -> str:
        async with self._database.reading() as session:
            room_id = await chapters.room_of(session, chapter_id)
        if room_id is None:
            raise Trouble(problem("not_found", field="chapter_id"))
        return room_id


async def path_of(session: Session, room: Room, branch_id: str | None) -> str:
    """The branch asked for, of this room only; the one that is shown when left out."""
    if branch_id is None:
        return room.branch_id
    branch = await branches.find(session, branch_id)
    if branch is None or branch.room_id != room.id:
        raise Trouble(problem("not_found", field="branch_id"))
    return branch.id
