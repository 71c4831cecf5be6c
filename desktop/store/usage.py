"""Sums of usage, kept with every turn: adding one and reading them costs the same for ever."""

from collections.abc import Sequence

from desktop.protocol.base import Frozen
from desktop.protocol.models import Turn, Usage
from desktop.protocol.usage import (
    RoomUsage,
    SpeakerKind,
    SpeakerUsage,
    UsageSum,
    UsageSums,
    WayUsage,
)
from desktop.store.session import Row, Session

_NUMBERS = (
    "turns",
    "estimated",
    "priced",
    "input",
    "cache_read",
    "cache_write",
    "output",
    "reasoning",
    "cost_usd",
)
_SUMS = ", ".join(f"sum({name}) AS {name}" for name in _NUMBERS)
_GROW = ", ".join(f"{name} = {name} + excluded.{name}" for name in _NUMBERS)
_MARKS = ", ".join("?" * len(_NUMBERS))
_SINCE = "(SELECT turns_from FROM room WHERE id = ?)"
ALL_DAYS = ""


class Share(Frozen, kw_only=True):
    """What one speaker had of a turn."""

    kind: SpeakerKind
    author: str
    name: str
    usage: Usage


async def add(session: Session, turn: Turn, shares: Sequence[Share], day: str) -> None:
    """Count an ended turn once, on its local ``day`` (``2026-11-22``) and on all days.

    Nothing is counted of a turn nobody knows the usage of.
    """
    if turn.usage.source != "none":
        await _grow(session, turn.room_id, day, (turn.provider, turn.model), turn.usage, shares)


async def add_aside(
    session: Session, room_id: str, way: tuple[str, str], used: Usage, day: str
) -> None:
    """Count what was asked beside the story, as for a summary: nobody spoke, it was no turn.

    ``way`` is provider and model.
    """
    if used.source != "none":
        nobody = Share(kind="nobody", author="", name="", usage=used)
        await _grow(session, room_id, day, way, used, [nobody], turns=0)


async def _grow(
    session: Session,
    room_id: str,
    day: str,
    way: tuple[str, str],
    used: Usage,
    shares: Sequence[Share],
    turns: int = 1,
) -> None:
    places = [(room_id, each, room_id) for each in (day, ALL_DAYS)]
    await session.many(
        f"""INSERT INTO usage_of_way (room_id, day, since, provider, model, {", ".join(_NUMBERS)})
            VALUES (?, ?, {_SINCE}, ?, ?, {_MARKS}) ON CONFLICT DO UPDATE SET {_GROW}""",
        [(*place, *way, *_numbers(used, turns)) for place in places],
    )
    await session.many(
        f"""INSERT INTO usage_of_speaker (room_id, day, since, kind, author, name,
              {", ".join(_NUMBERS)})
            VALUES (?, ?, {_SINCE}, ?, ?, ?, {_MARKS})
            ON CONFLICT DO UPDATE SET name = excluded.name, {_GROW}""",
        [
            (*place, share.kind, share.author, share.name, *_numbers(share.usage, turns))
            for place in places
            for share in shares
        ],
    )


async def of_room(session: Session, room_id: str, day: str) -> UsageSums:
    """Since the room was last cleared."""
    where = """room_id = ?1 AND day IN (?2, '')
               AND since >= (SELECT turns_from FROM room WHERE id = ?1)"""
    ways = await session.all(
        f"""SELECT day, provider, model, {_SUMS} FROM usage_of_way WHERE {where}
            GROUP BY day, provider, model""",
        room_id,
        day,
    )
    speakers = await session.all(
        f"""SELECT day, kind, author, max(name) AS name, {_SUMS} FROM usage_of_speaker
            WHERE {where} GROUP BY day, kind, author""",
        room_id,
        day,
    )
    sums = _of_ways(room_id, ways, day)
    return UsageSums(
        room_id=room_id,
        today=sums.today,
        all=sums.all,
        ways=sums.ways,
        speakers=_of_speakers(speakers, day),
    )


async def of_all(session: Session, day: str) -> UsageSums:
    """Of all rooms, whatever was cleared in them."""
    ways = await session.all(
        f"""SELECT day, provider, model, {_SUMS} FROM usage_of_way WHERE day IN (?, '')
            GROUP BY day, provider, model""",
        day,
    )
    speakers = await session.all(
        f"""SELECT day, kind, CASE kind WHEN 'character' THEN name ELSE '' END AS author,
              max(name) AS name, {_SUMS} FROM usage_of_speaker WHERE day IN (?, '')
            GROUP BY 1, 2, 3""",
        day,
    )
    rooms = await session.all(
        f"""SELECT day, room_id, max(room.title) AS title, {_SUMS} FROM usage_of_way
            JOIN room ON room.id = room_id WHERE day IN (?, '') GROUP BY day, room_id""",
        day,
    )
    sums = _of_ways("", ways, day)
    return UsageSums(
        today=sums.today,
        all=sums.all,
        ways=sums.ways,
        speakers=_of_speakers(speakers, day),
        rooms=_of_rooms(rooms, day),
    )


def _numbers(usage: Usage, turns: int) -> tuple[int | float, ...]:
    return (
        turns,
        int(usage.source == "estimated"),
        int(usage.cost_usd is not None),
        usage.input,
        usage.cache_read,
        usage.cache_write,
        usage.output,
        usage.reasoning,
        usage.cost_usd or 0.0,
    )


def _of_ways(room_id: str, rows: Sequence[Row], day: str) -> UsageSums:
    by_day = _by_day(rows, ("provider", "model"))
    ways = tuple(
        WayUsage(
            provider=key[0],
            model=key[1],
            today=by_day.get(day, {}).get(key, UsageSum()),
            all=sums,
        )
        for key, sums in by_day.get(ALL_DAYS, {}).items()
    )
    return UsageSums(
        room_id=room_id,
        today=_together([way.today for way in ways]),
        all=_together([way.all for way in ways]),
        ways=tuple(sorted(ways, key=lambda way: -_size(way.all))),
    )


def _of_speakers(rows: Sequence[Row], day: str) -> tuple[SpeakerUsage, ...]:
    by_day = _by_day(rows, ("kind", "author"))
    speakers = (
        SpeakerUsage(
            kind=row["kind"],
            author=row["author"],
            name=row["name"],
            today=by_day.get(day, {}).get((row["kind"], row["author"]), UsageSum()),
            all=by_day[ALL_DAYS][row["kind"], row["author"]],
        )
        for row in rows
        if row["day"] == ALL_DAYS
    )
    return tuple(sorted(speakers, key=lambda one: -_size(one.all)))


def _of_rooms(rows: Sequence[Row], day: str) -> tuple[RoomUsage, ...]:
    by_day = _by_day(rows, ("room_id", "title"))
    found = (
        RoomUsage(
            room_id=room_id,
            title=title,
            today=by_day.get(day, {}).get((room_id, title), UsageSum()),
            all=sums,
        )
        for (room_id, title), sums in by_day.get(ALL_DAYS, {}).items()
    )
    return tuple(sorted(found, key=lambda one: -_size(one.all)))


def _by_day(
    rows: Sequence[Row], key: tuple[str, str]
) -> dict[str, dict[tuple[str, str], UsageSum]]:
    found: dict[str, dict[tuple[str, str], UsageSum]] = {}
    for row in rows:
        found.setdefault(row["day"], {})[row[key[0]], row[key[1]]] = UsageSum(
            **{name: row[name] for name in _NUMBERS[:-1]},
            cost_usd=row["cost_usd"] if row["priced"] else None,
        )
    return found


def _together(sums: Sequence[UsageSum]) -> UsageSum:
    costs = [one.cost_usd for one in sums if one.cost_usd is not None]
    return UsageSum(
        **{name: sum(getattr(one, name) for one in sums) for name in _NUMBERS[:-1]},
        cost_usd=sum(costs) if costs else None,
    )


def _size(sums: UsageSum) -> int:
    return sums.input + sums.cache_read + sums.cache_write + sums.output
