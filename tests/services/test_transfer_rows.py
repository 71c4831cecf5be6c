"""How an import's rows lie in the file: in order, so that a million of them are written quickly."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from desktop.formats.parts import AnyPart, BranchPart, MessagePart, RoomPart, TurnPart
from desktop.formats.registry import by_id
from desktop.protocol.base import UtcMs
from desktop.protocol.models import Author, Usage
from desktop.services.outside import fresh_id
from tests.services.carrying import carrier

_HARU = Author(kind="character", name='하루 \u2028 \x1f"\\', id="haru")
_COST = 0.1 + 0.2
_PRICES = (None, _COST, 5e-324, 1.7976931348623157e308, 0.0)


def _story(keys: list[str], *, priced: bool) -> Iterator[AnyPart]:
    yield RoomPart(key="room", title="등대", current_branch="b")
    yield BranchPart(room="room", key="b")
    for number, key in enumerate(keys, 1):
        usage = Usage(
            source="reported", cost_usd=_PRICES[number % len(_PRICES)] if priced else None
        )
        turn = f"t{number}"
        yield TurnPart(room="room", key=turn, branch="b", usage=usage, started_at=UtcMs(number))
        yield MessagePart(
            room="room", key=key, branch="b", turn=turn, position=number, author=_HARU,
            text=f"{number}\u2029\x7f \U0001f5dd \\\" \t\n", created_at=UtcMs(number),
        )  # fmt: skip


async def _brought_in(folder: Path, keys: list[str], *, priced: bool = False) -> list[AnyPart]:
    form = by_id("persona_ndjson")
    assert form is not None
    assert form.writer is not None
    out = BytesIO()
    form.writer(_story(keys, priced=priced), out)
    (folder / "story.ndjson").write_bytes(out.getvalue())
    there = await carrier(folder / "there")
    job = await there.take_in(folder / "story.ndjson")
    assert job.state == "done", (job, there.bugs)
    try:
        return await there.parts()
    finally:
        await there.database.close()


@pytest.mark.parametrize("kind", ["ours", "numbered"])
async def test_new_ids_stand_in_the_order_of_the_story(tmp_path: Path, kind: str) -> None:
    ours = sorted(fresh_id() for _ in range(1_500))
    times = [f"{1_767_225_600_000 + n:012x}{one[12:]}" for n, one in enumerate(ours)]
    keys = times if kind == "ours" else [f"room-m{n}" for n in range(1_500)]

    told = await _brought_in(tmp_path, keys)

    found = [part.key for part in told if isinstance(part, MessagePart)]
    assert len(found) == 1_500
    assert found == sorted(found)
    assert not set(found) & set(keys)


async def test_ids_without_an_order_are_as_good_as_any(tmp_path: Path) -> None:
    told = await _brought_in(tmp_path, ["하루", "은서", "또 하루", "x" * 500])

    found = [part for part in told if isinstance(part, MessagePart)]
    assert len({part.key for part in found}) == 4
    assert [part.position for part in found] == [1, 2, 3, 4]


@pytest.mark.parametrize("priced", [False, True])
async def test_what_is_written_in_one_go_is_stored_to_the_letter(
    tmp_path: Path, priced: bool
) -> None:
    keys = [f"{number:032x}" for number in range(1, 12)]

    told = await _brought_in(tmp_path, keys, priced=priced)

    texts = [(part.author, part.text) for part in told if isinstance(part, MessagePart)]
    name = " ".join(_HARU.name.split())
    author = msgspec.structs.replace(_HARU, name=name)
    assert texts == [(author, f'{n}\u2029\x7f \U0001f5dd \\" \t\n') for n in range(1, 12)]
    prices = [part.usage.cost_usd for part in told if isinstance(part, TurnPart)]
    assert prices == [_PRICES[n % len(_PRICES)] if priced else None for n in range(1, 12)]


def test_ids_begin_with_their_time_and_never_repeat() -> None:
    made = [fresh_id() for _ in range(10_000)]

    assert len(set(made)) == len(made)
    assert [one[:12] for one in made] == sorted(one[:12] for one in made)
