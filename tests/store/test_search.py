"""Search finds exactly what a look at every text would find, at a cost that stays bounded."""

import re
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from desktop.protocol.base import UtcMs
from desktop.protocol.hangul import initials
from desktop.protocol.models import Author, Message, Room
from desktop.protocol.search import SearchHit
from desktop.store import messages, rooms, search
from desktop.store.database import Database
from desktop.store.search import Filters
from desktop.store.search_text import Query, fold
from tests.store.rows import NOW, a_message, add_room
from tests.store.test_cost import counted

CLOSE = "ㄱ-ㆎ가-힣ぁ-ヿ一-鿿👻"


async def say(database: Database, *texts: str, room: Room | None = None) -> Room:
    async with database.transaction() as session:
        room = room or await add_room(session)
        await messages.append(session, room.branch_id, [a_message(text) for text in texts], NOW)
    return room


async def index_all(database: Database) -> None:
    more = True
    while more:
        async with database.transaction() as session:
            more = await search.catch_up(session)


async def hits(
    database: Database, typed: str, filters: Filters = search.EVERYWHERE, limit: int = 30
) -> list[SearchHit]:
    """All pages."""
    found: list[SearchHit] = []
    before = None
    while True:
        async with database.reading() as session:
            page = await search.find(session, typed, filters, before=before, limit=limit)
        found += page.hits
        before = page.before
        if before is None:
            return found


async def texts(database: Database, typed: str) -> list[str]:
    return [hit.excerpt for hit in await hits(database, typed)]


STORY = (
    "등대지기가 문을 열었다.",
    "배달이 늦었다. 달이 밝다.",
    "The lighthouse keeper is Haru.",
    "灯台守はハルという。",
    "하루는 GM이 아니다!",
    "ㅋㅋㅋ 그게 뭐야 👻",
    "café de flore",
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("등대", [0]),
        ("달", [1]),
        ("문", [0]),
        ("배달 늦", [1]),
        ("지기", [0]),
        ("light", [2]),
        ("house", []),
        ("HARU", [2]),
        ("ＨＡＲＵ", [2]),
        ("ﾊﾙ", [3]),
        ("灯", [3]),
        ("台守", [3]),
        ("GM이", [4]),
        ("gm", [4]),
        ("아니다!", [4]),
        ("ㄷㄷㅈㄱ", [0]),
        ("ㅂㄷ", [1]),
        ("ㅎㄹ", [4]),
        ("ㄷㅈ", []),
        ("ㅋㅋ", [5]),
        ("👻", [5]),
        ("cafe", []),
        ("caf", [6]),
        ("café", [6]),
        ('"문을 열"', [0]),
        ('"열었다 문을"', []),
        ("열었다 문을", [0]),
        ("없는말", []),
        ("다.", [1, 0]),
        ("!", []),
        ("  ", []),
        ('"', []),
        ("' OR *", []),
    ],
)
@pytest.mark.parametrize("indexed", [True, False])
async def test_words_parts_and_consonants_are_found(
    database: Database, typed: str, found: list[int], indexed: bool
) -> None:
    await say(database, *STORY)
    if indexed:
        await index_all(database)
    assert await texts(database, typed) == [STORY[at] for at in found]


async def test_a_hit_tells_where_the_words_stand(database: Database) -> None:
    await say(database, "처음 " * 100 + "등대와 달, 등대" + " 끝" * 100)
    await index_all(database)
    (hit,) = await hits(database, "달 등대")
    assert [hit.excerpt[start:end] for start, end in hit.spans] == ["등대", "달", "등대"]
    assert len(hit.excerpt) == 160
    (first,) = await hits(database, "처음")
    assert first.spans[0] == (0, 2)


async def test_places_are_those_of_the_text_as_written(database: Database) -> None:
    decomposed = unicodedata.normalize("NFD", "저 등대의 café ﬂag ﾊﾞﾗ Straße")
    await say(database, decomposed)
    await index_all(database)
    for typed, written in [
        ("등대", "등대"),
        ("café", "café"),
        ("バラ", "バラ"),
        ("strasse", "Straße"),
    ]:
        (hit,) = await hits(database, typed)
        ((start, end),) = hit.spans
        shown = unicodedata.normalize("NFKC", hit.excerpt[start:end])
        assert shown == written


async def test_edits_are_found_by_their_new_words_only(database: Database) -> None:
    room = await say(database, "등대가 보인다", "달이 보인다")
    await index_all(database)
    async with database.transaction() as session:
        (first, _) = await messages.newest(session, room.branch_id, 2)
        await messages.change_text(session, first.id, "항구가 보인다", NOW)
    for _ in range(2):
        assert await texts(database, "등대") == []
        assert await texts(database, "항구") == ["항구가 보인다"]
        assert len(await texts(database, "보인다")) == 2, "once, though indexed and noted"
        await index_all(database)


async def test_an_index_never_keeps_what_was_taken_out(database: Database) -> None:
    room = await say(database, "등대", "달")
    await index_all(database)
    async with database.transaction() as session:
        (first, second) = await messages.newest(session, room.branch_id, 2)
        await messages.change_text(session, first.id, "항구", NOW)
        await messages.change_text(session, first.id, "바다", NOW)
        await session.run("DELETE FROM message WHERE id = ?", second.id)
    await index_all(database)
    async with database.reading() as session:
        for gone in ("등대", "항구", "달"):
            match = Query(gone).match
            rows = await session.all(
                "SELECT rowid FROM message_search WHERE message_search MATCH ?", match
            )
            assert rows == [], gone
        await session.run("INSERT INTO message_search (message_search) VALUES ('integrity-check')")
        assert await session.all("SELECT * FROM search_stale") == []
    await say(database, "새 말", room=room)
    await index_all(database)
    assert await texts(database, "달") == [], "a number that is used again"
    assert await texts(database, "새") == ["새 말"]


async def test_a_message_destroyed_before_it_was_indexed_leaves_nothing(database: Database) -> None:
    room = await say(database, "등대")
    async with database.transaction() as session:
        await session.run("DELETE FROM message WHERE room_id = ?", room.id)
        assert await session.all("SELECT * FROM search_stale") == []


async def test_nothing_is_found_in_the_trash(database: Database) -> None:
    kept = await say(database, "등대 하나", "등대 둘")
    trashed = await say(database, "등대 셋")
    cleared = await say(database, "등대 넷")
    await index_all(database)
    async with database.transaction() as session:
        await session.run("UPDATE message SET deleted_at = 1 WHERE text = '등대 둘'")
        await rooms.set_trashed(session, trashed.id, NOW)
        await session.run("UPDATE branch SET trashed_at = 1 WHERE id = ?", cleared.branch_id)
    assert [hit.room_id for hit in await hits(database, "등대")] == [kept.id]
    async with database.transaction() as session:
        await rooms.set_trashed(session, trashed.id, None)
    assert len(await hits(database, "등대")) == 2


async def test_filters_leave_out_everything_else(database: Database) -> None:
    one, two = await say(database), await say(database)
    said: list[Message] = [
        replace(
            a_message(f"등대 {number}"),
            author=Author(kind=kind, name=name),  # type: ignore[arg-type]
            created_at=UtcMs(number),
        )
        for number, (kind, name) in enumerate(
            [("user", "나"), ("character", "하루"), ("narrator", "진행자"), ("character", "달")]
        )
    ]
    async with database.transaction() as session:
        await messages.append(session, one.branch_id, said[:2], NOW)
        await messages.append(session, two.branch_id, said[2:], NOW)
    await index_all(database)

    async def numbers(**fields: object) -> list[int]:
        found = await hits(database, "등대", Filters(**fields))  # type: ignore[arg-type]
        return [hit.created_at for hit in found]

    assert await numbers() == [3, 2, 1, 0]
    assert await numbers(room_id=one.id) == [1, 0]
    assert await numbers(author="하루") == [1]
    assert await numbers(kinds=("character",)) == [3, 1]
    assert await numbers(kinds=("user", "narrator")) == [2, 0]
    assert await numbers(since=1, until=3) == [2, 1]
    assert await numbers(room_id=two.id, kinds=("user",)) == []


async def test_pages_follow_each_other_without_gap_or_repeat(database: Database) -> None:
    room = await say(database, *(f"등대 {number}" for number in range(450)))
    await index_all(database)
    await say(database, *(f"등대 {number}" for number in range(450, 900)), room=room)
    found = await hits(database, "등대", limit=7)
    assert [hit.position for hit in found] == list(range(900, 0, -1))


async def test_an_old_file_is_indexed_step_by_step(database: Database) -> None:
    await say(database, *(f"등대 {number}" for number in range(50)))
    steps = 0
    more = True
    while more:
        async with database.transaction() as session:
            more = await search.catch_up(session, limit=20)
        steps += 1
    assert steps == 3
    assert len(await hits(database, "등대")) == 50


def spelt(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def by_scan(typed: str, said: Sequence[str]) -> list[str]:
    """The same question to every text, without an index and without our tokens."""

    def holds(term: str, text: str) -> bool:
        edge = rf"(?<![^\W{CLOSE}])" if re.match(rf"[^\W{CLOSE}]", term) else ""
        if re.search(edge + re.escape(term), text):
            return True
        consonants = len(term) > 1 and re.fullmatch("[ㄱ-ㅎ]+", term)
        return bool(consonants) and any(
            initials(run).startswith(term) for run in re.findall("[가-힣]+", text)
        )

    terms = spelt(typed).split()
    if not re.search(r"\w|👻", typed):
        return []
    return [one for one in reversed(said) if all(holds(term, spelt(one)) for term in terms)]


ALPHABET = "가각등대지기달강ㄱㄷㅋabAB1é灯台ハル👻 .,!\n'\u0301"
CORPUS = st.lists(st.text(ALPHABET, max_size=24), max_size=12)
QUERIES = st.lists(
    st.text(ALPHABET.replace("\n", "").replace("\u0301", ""), max_size=5), max_size=2
)


@given(said=CORPUS, later=CORPUS, words=QUERIES, cut=st.integers(0, 20))
@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_search_finds_what_a_full_scan_finds(
    database: Database, said: list[str], later: list[str], words: list[str], cut: int
) -> None:
    """Half of the texts indexed, half only noted; the query is often a piece of one of them."""
    whole = [*said, *later]
    typed = " ".join(words)
    if whole and cut % 2:
        typed = whole[cut % len(whole)][cut // 4 :][:4]
    room = await say(database, *said)
    await index_all(database)
    await say(database, *later, room=room)
    found = await hits(database, typed, Filters(room_id=room.id))
    in_full = [whole[hit.position - 1] for hit in found]
    assert in_full == by_scan(typed, whole), typed


@given(st.text(max_size=60))
def test_folding_keeps_every_place(text: str) -> None:
    folded = fold(text)
    for at in range(len(folded.text)):
        start, end = folded.place(at, at + 1)
        assert 0 <= start < end <= len(text)


async def test_the_work_of_a_rare_word_does_not_grow_with_the_story(database: Database) -> None:
    costs = []
    for how_many in (300, 6_000):
        rare = f"희귀{how_many}"
        await say(database, rare, *(f"흔한 이야기 {number}" for number in range(how_many)))
        await index_all(database)
        async with counted(database) as steps:
            assert len(await hits(database, rare)) == 1
        costs.append(steps.count)
    # Some dozens of steps for a deeper index; a look at every message would be thousands.
    assert costs[1] <= costs[0] + 50


async def test_one_call_looks_at_a_bounded_number_of_messages(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_EFFORT", 400)
    await say(database, "대등 먼 옛날 등대", *("등대" for _ in range(10)))
    # Every message has the pairs of the query, none but the first has the query.
    await say(database, *("등대 대등" for _ in range(1_500)))
    await index_all(database)
    async with database.reading() as session:
        page = await search.find(session, "등대등")
    assert (page.hits, page.before is None) == ((), False)
    assert await hits(database, "등대등") == []
