"""People brought from cards to a table, and taken along from it."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

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
from tests.formats import independent
from tests.formats.reading import SAMPLES, sample, sample_json

ONE = Character(id="c1", name="민수", description="형사", line="느긋함")


class Table:
    """Cards over a person who picks what they are told to."""

    def __init__(self, picks: str = "", saves: str = "") -> None:
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
        self.cards = Cards(keep, lambda: "fresh", ask, choose_save)


@pytest.mark.parametrize("name", ["card_v2.json", "card_v3.json", "card_v3.png", "card_v3.charx"])
async def test_a_chosen_card_brings_its_person_and_its_lore(name: str) -> None:
    table = Table(picks=str(SAMPLES / name))
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


async def test_a_closed_dialog_brings_nobody() -> None:
    table = Table()
    assert (await table.cards.choose(CardChooseParams())).character is None
    assert (await table.cards.save(CardSaveParams(character=ONE))).file == ""
    assert table.kept == []


@pytest.mark.parametrize("name", ["st_worldinfo.json", "st_group_chat.jsonl", "cocofolia_log.html"])
async def test_a_file_that_is_no_card_is_refused(name: str) -> None:
    with pytest.raises(Trouble) as caught:
        await Table(picks=str(SAMPLES / name)).cards.choose(CardChooseParams())
    assert caught.value.problem.code == "bad_file"
    assert caught.value.problem.detail == "not_known"


async def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        await Table(picks=str(tmp_path / "none.png")).cards.choose(CardChooseParams())
    assert caught.value.problem.code == "bad_file"


async def test_a_broken_card_is_told_with_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "card.png"
    file.write_bytes(sample("card_v3.png")[:600])
    with pytest.raises(Trouble) as caught:
        await Table(picks=str(file)).cards.choose(CardChooseParams())
    assert caught.value.problem.detail == "cut_off"


async def test_a_piece_is_pasted_and_copied() -> None:
    cards = Table().cards
    pasted = await cards.paste(CardPasteParams(text=sample("cocofolia_character.json").decode()))
    assert pasted.character is not None
    assert pasted.character.name == "하루"
    copied = json.loads((await cards.copy(CardCopyParams(character=ONE))).text)
    assert copied["kind"] == "character"
    assert (copied["data"]["name"], copied["data"]["memo"]) == ("민수", "느긋함\n형사")


@pytest.mark.parametrize("text", ["", "안녕", "{}", "[" * 99_000, '{"kind":"character"}'])
async def test_what_is_no_piece_is_refused(text: str) -> None:
    with pytest.raises(Trouble) as caught:
        await Table().cards.paste(CardPasteParams(text=text))
    assert caught.value.problem.code == "bad_file"


@pytest.mark.parametrize(
    ("format_id", "suffix"),
    [("card_png", ".png"), ("card_charx", ".charx"), ("card_json", ".json"),
     ("card_json_v2", ".json"), ("piece_cocofolia", ".json")],
)  # fmt: skip
async def test_a_card_is_written_where_the_person_says(
    tmp_path: Path, format_id: CardFormat, suffix: str
) -> None:
    table = Table(saves=str(tmp_path / "내 카드"))
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
    again = await Table(picks=str(tmp_path / saved.file)).cards.choose(CardChooseParams())
    assert again.character is not None
    assert again.character.name == "민수"


async def test_a_card_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "old.png"
    target.mkdir()
    (target / "inside").write_text("kept")
    with pytest.raises(Trouble) as caught:
        await Table(saves=str(target)).cards.save(CardSaveParams(character=ONE))
    assert caught.value.problem.code == "storage_failed"
    assert [one.name for one in tmp_path.iterdir()] == ["old.png"]


async def test_ids_of_another_table_are_forgotten() -> None:
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
    taken = await Table().cards.paste(CardPasteParams(text=json.dumps(root)))
    assert taken.character is not None
    assert [each.to for each in taken.character.relations] == ["", "me"]
    assert taken.character.secrets == (Secret(text="열쇠", known_by=("me",)),)
