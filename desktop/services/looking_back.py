"""The days of a story, and where a piece of lore was told in it."""

from desktop.protocol.looking_back import (
    DaysParams,
    LoreUse,
    LoreUsed,
    LoreUsedParams,
    StoryDay,
    StoryDays,
)
from desktop.services.room_view import existing
from desktop.services.turn_lore import outlines, retold
from desktop.store import prompts, story_days
from desktop.store.database import Database
from desktop.store.session import Row

_LOOKED_THROUGH = 2_000
"""Messages of answers, counted from the newest."""
_MOST = 20
_EXCERPT = 120


class LookingBack:
    """Only reads; everything is of the path that the room shows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def days(self, params: DaysParams) -> StoryDays:
        """Raises ``Trouble(not_found)`` for a room there is not."""
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
            found = await story_days.days(session, room.branch_id)
        ordered = sorted(found.items())
        return StoryDays(
            room_id=room.id,
            days=tuple(
                StoryDay(day=day, count=count, message_id=message_id, position=position)
                for day, (count, position, message_id) in ordered
            ),
        )

    async def used(self, params: LoreUsedParams) -> LoreUsed:
        """Raises ``Trouble(not_found)`` for a room there is not."""
        async with self._database.reading() as session:
            room = await existing(session, params.room_id)
            rows = await story_days.told_lore(session, room.branch_id, _LOOKED_THROUGH)
            marks = dict.fromkeys(mark for row in rows for mark in outlines(row["lore"]))
            texts = await prompts.texts(session, room.id, marks)
        # The first message of an answer stands for it: the rows come backwards.
        answers = {row["turn_id"]: row for row in rows}
        uses: list[LoreUse] = []
        for row in answers.values():
            uses += _uses(row, params, texts)
            if len(uses) == _MOST:
                break
        return LoreUsed(uses=tuple(uses))


def _uses(row: Row, params: LoreUsedParams, texts: dict[str, str]) -> list[LoreUse]:
    return [
        LoreUse(
            turn_id=row["turn_id"],
            message_id=row["id"],
            position=row["position"],
            excerpt=" ".join(row["text"].split())[:_EXCERPT],
            created_at=row["created_at"],
            cause=one.cause,
        )
        for one in retold(row["lore"], texts)
        if one.cause and one.book == params.book and one.entry_id == params.entry_id
    ][:1]
