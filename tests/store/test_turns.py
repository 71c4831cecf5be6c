"""Turns and the journal of a running answer."""

from desktop.protocol.base import DurationMs
from desktop.protocol.models import Room, Turn, Usage
from desktop.protocol.problems import problem
from desktop.store import rooms, settings, turns
from desktop.store.database import Database
from desktop.store.session import Session
from tests.store.rows import NOW, new_id, room_with

USAGE = Usage(
    input=1,
    cache_read=2,
    cache_write=3,
    output=4,
    reasoning=5,
    cost_usd=0.25,
    context_window=200_000,
    source="reported",
)


async def add_turn(session: Session, room: Room) -> Turn:
    turn = Turn(
        id=new_id(),
        room_id=room.id,
        provider="scripted",
        model="small",
        outcome="running",
        started_at=NOW,
    )
    await turns.add(session, turn, room.branch_id, "")
    return turn


def ended(turn: Turn, **fields: object) -> Turn:
    told = {"outcome": "complete", "usage": USAGE, "total_ms": DurationMs(9)} | fields
    return Turn(
        id=turn.id,
        room_id=turn.room_id,
        provider=turn.provider,
        model="large",
        started_at=turn.started_at,
        first_text_ms=DurationMs(3),
        **told,  # type: ignore[arg-type]
    )


async def test_a_turn_comes_back_as_it_ended(database: Database) -> None:
    room = await room_with(database, 1)
    why = problem("quota", provider="scripted", detail="내일 다시", retry_at=NOW)
    async with database.transaction() as session:
        turn = await add_turn(session, room)
        assert await turns.newest_ended(session, room.id) is None
        done = ended(turn, outcome="failed", problem=why)
        await turns.finish(session, done, raw="[하루]: 안녕", session_id="s", segments="[]")
        assert await turns.newest_ended(session, room.id) == done
        place = await turns.find(session, turn.id)
        row = await session.one("SELECT raw, session FROM turn WHERE id = ?", turn.id)
    assert place is not None
    assert (place.turn, place.branch_id, place.line_id) == (done, room.branch_id, "")
    assert row is not None
    assert tuple(row) == ("[하루]: 안녕", "s")


async def test_the_journal_keeps_pieces_in_order_until_the_turn_ends(database: Database) -> None:
    room = await room_with(database, 1)
    async with database.transaction() as session:
        turn, other = await add_turn(session, room), await add_turn(session, room)
        for part in range(1, 13):
            await turns.write_journal(session, turn.id, part, f"{part}.")
        await turns.write_journal(session, other.id, 1, "other")
        assert await turns.read_journal(session, turn.id) == "1.2.3.4.5.6.7.8.9.10.11.12."
        assert [place.turn.id for place in await turns.running(session)] == [turn.id, other.id]
        await turns.finish(session, ended(turn), raw="", session_id="", segments="[]")
        assert await turns.read_journal(session, turn.id) == ""
        assert await turns.read_journal(session, other.id) == "other"
        assert [place.turn.id for place in await turns.running(session)] == [other.id]


async def test_turns_of_a_room_are_counted(database: Database) -> None:
    room, other = await room_with(database, 1), await room_with(database, 1)
    async with database.transaction() as session:
        counts = [await rooms.count_turn(session, room.id) for _ in range(3)]
        assert counts == [1, 2, 3]
        assert await rooms.count_turn(session, other.id) == 1


async def test_settings_come_back_field_by_field_and_a_bad_one_is_the_default(
    database: Database,
) -> None:
    from desktop.protocol.settings import Panes, Settings

    chosen = Settings(
        language="ja",
        theme="dark",
        enter_sends=False,
        idle_timeout_s=45,
        provider_paths={"claude": "/opt/claude"},
        panes=Panes(stage_open=False, book_width=400),
    )
    async with database.transaction() as session:
        assert await settings.read_settings(session) == Settings()
        await settings.write_settings(session, chosen)
        assert await settings.read_settings(session) == chosen
        await session.run(
            "UPDATE setting SET value = '100000' WHERE name = 'settings.idle_timeout_s'"
        )
        await session.run("UPDATE setting SET value = '\"neon\"' WHERE name = 'settings.theme'")
        await session.run("INSERT INTO setting VALUES ('settings.of_another_version', '[1]')")
        kept = await settings.read_settings(session)
    assert (kept.idle_timeout_s, kept.theme) == (30, "system")
    assert (kept.language, kept.panes, kept.provider_paths) == (
        "ja",
        chosen.panes,
        chosen.provider_paths,
    )
