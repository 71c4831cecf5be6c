"""People brought from cards to a table, and taken along from it."""

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from desktop.protocol.base import UtcMs
from desktop.protocol.cards import (
    CardChooseParams,
    CardCopyParams,
    CardFormat,
    CardPasteParams,
    CardSaveParams,
)
from desktop.protocol.library import EntrySaved, EntrySaveParams, LibraryEntry, LoreContents
from desktop.protocol.models import Character, Relation, Secret
from desktop.protocol.problems import Trouble
from desktop.services.cards import Cards
from desktop.services.outside import fresh_id
from desktop.services.pictures import Pictures
from desktop.store.database import Database
from tests.formats import independent
from tests.formats.reading import SAMPLES, sample, sample_json
from tests.services.table import SteppingClock

ONE = Character(id="c1", name="민수", description="형사", line="느긋함")


class Table:
    """Cards over a person who picks what they are told to."""

    def __init__(self, pictures: Pictures, picks: str = "", saves: str = "") -> None:
        self.kept: list[EntrySaveParams] = []
        self.offered: list[str] = []

        async def choose() -> str:
            return picks

        async def choose_save(name: str) -> str:
            self.offered.append(name)
            return saves

        async def keep(params: EntrySaveParams) -> EntrySaved:
            self.kept.append(params)
            entry = LibraryEntry(
                kind="lorebook", origin="mine", file="b.json", name=params.name,
                modified=UtcMs(0), size=1,
            )  # fmt: skip
            return EntrySaved(entry=entry, outcome="saved")

        ask: Callable[[], Awaitable[str]] = choose
        self.cards = Cards(keep, lambda: "fresh", ask, choose_save, pictures)


@pytest.fixture
async def pictures(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pictures]:
    database = await Database.open(tmp_path_factory.mktemp("kept") / "t.db")
    yield Pictures(database, SteppingClock(), fresh_id)
    await database.close()


@pytest.mark.parametrize("name", ["card_v2.json", "card_v3.json", "card_v3.png", "card_v3.charx"])
async def test_a_chosen_card_brings_its_person_and_its_lore(pictures: Pictures, name: str) -> None:
    table = Table(pictures, picks=str(SAMPLES / name))
    taken = await table.cards.choose(CardChooseParams(me="은하"))
    assert taken.character is not None
    assert taken.character.id == "fresh"
    assert taken.character.description == "항구의 등대지기. 은하를 '선생님'이라 부른다."
    assert taken.situation == "폭풍 전야의 항구"
    (kept,) = table.kept
    assert isinstance(kept.contents, LoreContents)
    assert kept.contents.book.entries[0].keys == ("등대", "lighthouse")
    assert (taken.book_file, taken.book_name) == ("b.json", "항구 도시 백과")
    assert "card_instructions" in {line.code for line in taken.lines}


async def test_a_closed_dialog_brings_nobody(pictures: Pictures) -> None:
    table = Table(pictures)
    assert (await table.cards.choose(CardChooseParams())).character is None
    assert (await table.cards.save(CardSaveParams(character=ONE))).file == ""
    assert table.kept == []


@pytest.mark.parametrize("name", ["st_worldinfo.json", "st_group_chat.jsonl", "cocofolia_log.html"])
async def test_a_file_that_is_no_card_is_refused(pictures: Pictures, name: str) -> None:
    with pytest.raises(Trouble) as caught:
        await Table(pictures, picks=str(SAMPLES / name)).cards.choose(CardChooseParams())
    assert caught.value.problem.code == "bad_file"
    assert caught.value.problem.detail == "not_known"


async def test_a_file_that_is_gone_is_told(pictures: Pictures, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        await Table(pictures, picks=str(tmp_path / "none.png")).cards.choose(CardChooseParams())
    assert caught.value.problem.code == "bad_file"


async def test_a_broken_card_is_told_with_what_is_wrong(pictures: Pictures, tmp_path: Path) -> None:
    file = tmp_path / "card.png"
    file.write_bytes(sample("card_v3.png")[:600])
    with pytest.raises(Trouble) as caught:
        await Table(pictures, picks=str(file)).cards.choose(CardChooseParams())
    assert caught.value.problem.detail == "cut_off"


async def test_a_piece_is_pasted_and_copied(pictures: Pictures) -> None:
    cards = Table(pictures).cards
    pasted = await cards.paste(CardPasteParams(text=sample("cocofolia_character.json").decode()))
    assert pasted.character is not None
    assert pasted.character.name == "하루"
    copied = json.loads((await cards.copy(CardCopyParams(character=ONE))).text)
    assert copied["kind"] == "character"
    assert (copied["data"]["name"], copied["data"]["memo"]) == ("민수", "느긋함\n형사")


@pytest.mark.parametrize("text", ["", "안녕", "{}", "[" * 99_000, '{"kind":"character"}'])
async def test_what_is_no_piece_is_refused(pictures: Pictures, text: str) -> None:
    with pytest.raises(Trouble) as caught:
        await Table(pictures).cards.paste(CardPasteParams(text=text))
    assert caught.value.problem.code == "bad_file"


@pytest.mark.parametrize(
    ("format_id", "suffix"),
    [("card_png", ".png"), ("card_charx", ".charx"), ("card_json", ".json"),
     ("card_json_v2", ".json"), ("piece_cocofolia", ".json")],
)  # fmt: skip
async def test_a_card_is_written_where_the_person_says(
    pictures: Pictures, tmp_path: Path, format_id: CardFormat, suffix: str
) -> None:
    table = Table(pictures, saves=str(tmp_path / "내 카드"))
    told = CardSaveParams(character=ONE, situation="밤", format=format_id)
    saved = await table.cards.save(told)
    assert table.offered == [f"민수{suffix}"]
    assert saved.file == f"내 카드{suffix}"
    data = (tmp_path / saved.file).read_bytes()
    root: Any
    if format_id == "card_png":
        root = independent.png_cards(data)["ccv3"]
    elif format_id == "card_charx":
        root, _ = independent.charx(data)
    else:
        root = json.loads(data)
    assert root["data"]["name"] == "민수"
    assert [one.name for one in tmp_path.iterdir()] == [saved.file]
    again = await Table(pictures, picks=str(tmp_path / saved.file)).cards.choose(CardChooseParams())
    assert again.character is not None
    assert again.character.name == "민수"


async def test_a_card_that_cannot_be_written_leaves_the_old_one(
    pictures: Pictures, tmp_path: Path
) -> None:
    target = tmp_path / "old.png"
    target.mkdir()
    (target / "inside").write_text("kept")
    with pytest.raises(Trouble) as caught:
        await Table(pictures, saves=str(target)).cards.save(CardSaveParams(character=ONE))
    assert caught.value.problem.code == "storage_failed"
    assert [one.name for one in tmp_path.iterdir()] == ["old.png"]


async def test_ids_of_another_table_are_forgotten(pictures: Pictures) -> None:
    one = Character(
        id="c1", name="민수",
        relations=(Relation(to="c2", text="형"), Relation(to="me", text="친구")),
        secrets=(Secret(text="열쇠", known_by=("c2", "me")),),
    )  # fmt: skip
    root = sample_json("card_v3.json")
    root["data"] = {"name": "민수", "extensions": {"persona_chat": {
        "relations": [{"to": each.to, "text": each.text} for each in one.relations],
        "secrets": [{"text": "열쇠", "known_by": ["c2", "me"]}],
    }}}  # fmt: skip
    taken = await Table(pictures).cards.paste(CardPasteParams(text=json.dumps(root)))
    assert taken.character is not None
    assert [each.to for each in taken.character.relations] == ["", "me"]
    assert taken.character.secrets == (Secret(text="열쇠", known_by=("me",)),)


@pytest.mark.parametrize("name", ["card_v3.png", "card_v3.charx"])
async def test_a_card_seats_its_picture_and_takes_it_along_again(
    pictures: Pictures, tmp_path: Path, name: str
) -> None:
    taken = await Table(pictures, picks=str(SAMPLES / name)).cards.choose(CardChooseParams())
    assert taken.character is not None
    png = await pictures.full(taken.character.picture)
    assert png is not None
    table = Table(pictures, saves=str(tmp_path / "again.png"))
    await table.cards.save(CardSaveParams(character=taken.character))
    again = await Table(pictures, picks=str(tmp_path / "again.png")).cards.choose(
        CardChooseParams()
    )
    assert again.character is not None
    assert again.character.picture == taken.character.picture


async def test_what_a_card_says_beside_its_person_is_written_into_the_next(
    pictures: Pictures, tmp_path: Path
) -> None:
    before = independent.png_cards(sample("card_v3.png"))["ccv3"]
    taken = await Table(pictures, picks=str(SAMPLES / "card_v3.png")).cards.choose(
        CardChooseParams(me="은하")
    )
    assert taken.character is not None
    grown = replace(taken.character, speech="짧게 끊는다", dye="iki")
    await Table(pictures, saves=str(tmp_path / "b.png")).cards.save(
        CardSaveParams(character=grown, situation=taken.situation)
    )
    after = independent.png_cards((tmp_path / "b.png").read_bytes())["ccv3"]
    same = {key: value for key, value in before["data"].items() if key != "character_book"}
    ours = after["data"]["extensions"].pop("persona_chat")
    same["extensions"].pop("persona_chat", None)
    for key in ("assets",):
        same.pop(key)
        after["data"].pop(key)
    assert after["data"] == same
    assert "{{user}}" in after["data"]["description"]
    assert ours["speech"] == "짧게 끊는다"


async def test_a_portrait_that_is_none_leaves_the_seal_and_is_told(
    pictures: Pictures, tmp_path: Path
) -> None:
    root = sample_json("card_v3.json")
    uri = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n broken").decode()
    root["data"]["assets"] = [{"type": "icon", "uri": uri, "name": "main", "ext": "png"}]
    taken = await Table(pictures).cards.paste(CardPasteParams(text=json.dumps(root)))
    assert taken.character is not None
    assert taken.character.picture == ""
    assert "picture_unusable" in {line.code for line in taken.lines}
