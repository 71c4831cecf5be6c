"""After a crash: what the journal holds of a running answer becomes messages, marked as partial."""

from collections.abc import Callable

from msgspec.structs import replace

from desktop.dialogue.speakers import Roster
from desktop.protocol.models import Author, Message
from desktop.protocol.problems import Trouble
from desktop.services.room_view import existing
from desktop.services.turn_messages import TurnMessages, answered_by
from desktop.services.turn_record import Result, keep
from desktop.services.turn_surroundings import Surroundings
from desktop.store import turns


async def recover(around: Surroundings) -> int:
    """Returns how many turns were found running. One that cannot be read keeps its journal."""
    async with around.database.reading() as session:
        left = await turns.running(session)
    for place in left:
        try:
            await _recover_one(place, around)
        except Trouble:
            raise
        except Exception as bug:  # noqa: BLE001 - one odd answer must not keep the program shut
            around.report_bug(bug, "recovering an interrupted turn")
    return len(left)


async def _recover_one(place: turns.Place, around: Surroundings) -> None:
    async with around.database.reading() as session:
        room = await existing(session, place.turn.room_id)
        raw = await turns.read_journal(session, place.turn.id)
    voice = place.turn.voice
    roster = Roster.of(room.stage, voice)
    speeches = TurnMessages(roster, _composer(place, around), voice=voice)
    speeches.feed(raw)
    speeches.finish()
    async with around.database.reading() as session:
        measure = await around.measures.of(session, place.turn.provider, place.turn.model)
    usage = place.turn.usage
    if usage.source != "none":
        usage = replace(usage, output=measure.tokens(raw), source="estimated")
    result = Result(
        turn=replace(place.turn, outcome="interrupted", usage=usage),
        branch_id=place.branch_id,
        rows=speeches.rows("partial"),
        raw=raw,
    )
    await keep(around.database, result, around.clock.now_ms())


def _composer(place: turns.Place, around: Surroundings) -> Callable[[int, Author], Message]:
    def compose(index: int, author: Author) -> Message:
        return Message(
            id=around.new_id(),
            room_id=place.turn.room_id,
            branch_id=place.branch_id,
            position=index + 1,
            turn_id=place.turn.id,
            author=author,
            text="",
            status="partial",
            created_at=place.turn.started_at,
            by=answered_by(place.turn, place.line_id),
        )

    return compose
