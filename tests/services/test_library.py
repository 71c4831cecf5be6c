"""The library as the page meets it: listed, kept, applied to a room, watched, moved, with rules."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from desktop.protocol.events import LibraryChanged
from desktop.protocol.library import (
    ApplyParams,
    ApplyPart,
    CharacterContents,
    EntryParams,
    EntryRenameParams,
    EntrySaveParams,
    KeepParams,
    KeepPart,
    PersonaContents,
    RulesSaveParams,
    StageContents,
    TextContents,
    TrashParams,
)
from desktop.protocol.methods import Nothing, SettingsParams
from desktop.protocol.models import Character, Persona, Relation, Room, Secret, Stage
from desktop.protocol.problems import Trouble
from desktop.protocol.settings import Settings
from desktop.services.house_rules import HouseRules
from desktop.services.library import Library
from desktop.services.library_place import LibraryPlace
from desktop.services.library_stage import MOST_CHARACTERS
from tests.services.conftest import Lay
from tests.services.table import HARU, NABI, STAGE, Table

SHIPPED = Path(__file__).parents[2] / "persona_data"


class Shelf:
    """A library beside a table."""

    def __init__(self, table: Table, root: Path) -> None:
        self.table = table
        self.chosen = ""
        self.usual = root / "data" / "persona_data"
        self.place = LibraryPlace(table.settings, self.usual, self.choose)
        self.library = Library(
            table.database, self.place, SHIPPED, table.rooms.stage, table.page.take, table.clock,
            table.new_id, look_every_s=0.01,
        )  # fmt: skip
        self.rules = HouseRules(
            self.place, SHIPPED / "house_rules", lambda: table.settings.current().language
        )

    async def choose(self) -> str:
        return self.chosen

    def told(self) -> list[LibraryChanged]:
        return self.table.page.of(LibraryChanged)

    async def stage(self, room: Room) -> Stage:
        return (await self.table.view(room)).room.stage


@pytest.fixture
async def shelf(lay: Lay, tmp_path: Path) -> AsyncIterator[Shelf]:
    made = Shelf(await lay(), tmp_path)
    yield made
    await made.library.close()


def world(text: str = "안개", name: str = "항로") -> EntrySaveParams:
    return EntrySaveParams(kind="world", name=name, contents=TextContents(text=text))


async def test_every_shipped_entry_is_offered_and_can_be_read(shelf: Shelf) -> None:
    listed = await shelf.library.list()
    assert (listed.state, listed.usual, listed.folder) == ("ready", True, str(shelf.usual))
    assert len(listed.entries) >= 20
    for entry in listed.entries:
        assert (entry.origin, entry.problem) == ("shipped", None)
        asked = EntryParams(kind=entry.kind, origin="shipped", file=entry.file)
        assert (await shelf.library.read(asked)).unread == ()


async def test_a_shipped_entry_is_copied_when_it_is_changed_and_comes_back(shelf: Shelf) -> None:
    listed = await shelf.library.list()
    theirs = next(one for one in listed.entries if one.kind == "world")
    before = (SHIPPED / "worlds" / theirs.file).read_bytes()
    changed = EntrySaveParams(
        kind="world", name=theirs.name, origin="shipped", file=theirs.file,
        contents=TextContents(text="내 안개"),
    )  # fmt: skip
    saved = await shelf.library.save(changed)
    assert (saved.outcome, saved.entry.origin, saved.entry.file) == ("copied", "mine", theirs.file)
    entries = shelf.told()[-1].library.entries
    assert [one.origin for one in entries if one.file == theirs.file] == ["mine"]
    assert (SHIPPED / "worlds" / theirs.file).read_bytes() == before
    with pytest.raises(Trouble):
        await shelf.library.delete(EntryParams(kind="world", origin="shipped", file=theirs.file))
    await shelf.library.delete(EntryParams(kind="world", file=theirs.file))
    entries = shelf.told()[-1].library.entries
    assert [one.origin for one in entries if one.file == theirs.file] == ["shipped"]


async def test_every_change_is_told_with_the_whole_list(shelf: Shelf) -> None:
    saved = await shelf.library.save(world())
    renamed = await shelf.library.rename(
        EntryRenameParams(kind="world", file=saved.entry.file, name="새 항로")
    )
    thrown = await shelf.library.delete(EntryParams(kind="world", file=renamed.file))
    assert [one.library.trash for one in shelf.told()][-1] == (thrown,)
    await shelf.library.restore(TrashParams(id=thrown.id))
    mine = [[e.name for e in one.library.entries if e.origin == "mine"] for one in shelf.told()]
    assert mine == [["항로"], ["새 항로"], [], ["새 항로"]]


async def test_a_change_from_outside_is_noticed(shelf: Shelf) -> None:
    await shelf.library.list()
    path = shelf.usual / "worlds" / "바깥.md"
    path.parent.mkdir()
    path.write_text("바깥에서 왔다", encoding="utf-8")
    event = await shelf.table.until(lambda: next(iter(shelf.told()), None))
    assert [one.name for one in event.library.entries if one.origin == "mine"] == ["바깥"]


async def test_nothing_is_told_while_nothing_changes(shelf: Shelf) -> None:
    await shelf.library.save(world())
    await shelf.library.list()
    told = len(shelf.told())
    await asyncio.sleep(0.1)
    assert len(shelf.told()) == told


@pytest.mark.parametrize("part", ["world", "situation", "me", "character", "stage"])
async def test_what_is_kept_of_one_room_can_be_laid_in_another(
    shelf: Shelf, part: KeepPart
) -> None:
    full = replace(STAGE, situation="밤", window=None, choices=4, retention=True)
    first = await shelf.table.room(full)
    second = await shelf.table.room(Stage())
    asked = KeepParams(room_id=first.id, part=part, name="모아 둔 것", character_id="haru")
    entry = (await shelf.library.keep(asked)).entry
    applied = await shelf.library.apply(
        ApplyParams(room_id=second.id, kind=entry.kind, file=entry.file)
    )
    stage = applied.room.stage
    assert stage == await shelf.stage(second)
    match part:
        case "world":
            assert stage == replace(Stage(), world="안개의 바다")
        case "situation":
            assert stage == replace(Stage(), situation="밤")
        case "me":
            assert stage == replace(Stage(), me=full.me)
        case "character":
            (newcomer,) = stage.characters
            assert newcomer == replace(HARU, id=newcomer.id)
            assert newcomer.id not in ("new", "haru")
        case "stage":
            assert stage == full


@pytest.mark.parametrize("part", ["world", "situation", "me", "narrator", "characters"])
async def test_a_part_of_a_preset_leaves_the_rest_of_the_stage(
    shelf: Shelf, part: ApplyPart
) -> None:
    preset = replace(STAGE, situation="밤", narrator=replace(STAGE.narrator, kind="none"))
    saved = await shelf.library.save(
        EntrySaveParams(kind="preset", name="p", contents=StageContents(stage=preset))
    )
    room = await shelf.table.room(Stage())
    params = ApplyParams(room_id=room.id, kind="preset", file=saved.entry.file, part=part)
    stage = (await shelf.library.apply(params)).room.stage
    assert stage == replace(Stage(), **{part: getattr(preset, part)})
    assert stage != Stage()


async def test_a_person_takes_a_seat_or_somebodys_seat(shelf: Shelf) -> None:
    room = await shelf.table.room()
    stranger = Character(
        id="new", name="강치", dye=HARU.dye,
        relations=(Relation(to="gone", text="벗"), Relation(to="nabi", text="앙숙")),
        secrets=(Secret(text="비밀", known_by=("gone", "me")),),
    )  # fmt: skip
    saved = await shelf.library.save(
        EntrySaveParams(
            kind="character_template", name="강치", contents=CharacterContents(character=stranger)
        )
    )
    params = ApplyParams(room_id=room.id, kind="character_template", file=saved.entry.file)
    joined = (await shelf.library.apply(params)).room.stage.characters
    assert [one.name for one in joined] == ["하루", "나비", "강치"]
    assert len({one.id for one in joined}) == len({one.dye for one in joined}) == 3
    assert [one.to for one in joined[2].relations] == ["", "nabi"]
    assert joined[2].secrets[0].known_by == ("me",)
    seated = (await shelf.library.apply(replace(params, replaces="haru"))).room.stage.characters
    assert [(one.id, one.name) for one in seated][:2] == [("haru", "강치"), ("nabi", "나비")]
    with pytest.raises(Trouble):
        await shelf.library.apply(replace(params, replaces="nobody"))


async def test_an_npc_sits_down_under_its_name(shelf: Shelf) -> None:
    room = await shelf.table.room(replace(STAGE, characters=(NABI,)))
    await shelf.library.save(
        EntrySaveParams(kind="npc", name="선장: 곽해", contents=TextContents(text="말수가 적다"))
    )
    (entry,) = (one for one in (await shelf.library.list()).entries if one.origin == "mine")
    params = ApplyParams(room_id=room.id, kind="npc", file=entry.file)
    seated = (await shelf.library.apply(params)).room.stage.characters[-1]
    assert (seated.name, seated.description) == ("선장: 곽해", "말수가 적다")


async def test_a_full_table_takes_nobody_else(shelf: Shelf) -> None:
    crowd = tuple(Character(id=f"c{n}", name=f"c{n}") for n in range(MOST_CHARACTERS))
    room = await shelf.table.room(replace(STAGE, characters=crowd))
    await shelf.library.save(
        EntrySaveParams(kind="npc", name="곽해", contents=TextContents(text="x"))
    )
    with pytest.raises(Trouble):
        await shelf.library.apply(ApplyParams(room_id=room.id, kind="npc", file="곽해.md"))
    assert (await shelf.stage(room)).characters == crowd


async def test_the_library_moves_where_the_person_says_and_nothing_is_lost(
    shelf: Shelf, tmp_path: Path
) -> None:
    await shelf.library.save(world())
    shelf.chosen = str(tmp_path / "elsewhere")
    Path(shelf.chosen).mkdir()
    moved = await shelf.library.choose_folder(Nothing())
    assert (moved.folder, moved.usual) == (shelf.chosen, False)
    assert not [one for one in moved.entries if one.origin == "mine"]
    await shelf.library.save(world(name="다른 항로"))
    assert [path.name for path in Path(shelf.chosen).rglob("*.md")] == ["다른 항로.md"]
    back = await shelf.library.usual_folder(Nothing())
    assert [one.name for one in back.entries if one.origin == "mine"] == ["항로"]


async def test_a_page_cannot_say_where_the_library_lies(shelf: Shelf, tmp_path: Path) -> None:
    wish = Settings(library_path=str(tmp_path))
    assert (await shelf.table.settings.change(SettingsParams(settings=wish))).library_path == ""


async def test_a_folder_that_holds_the_conversations_is_no_library(
    shelf: Shelf, tmp_path: Path
) -> None:
    for folder in (tmp_path, tmp_path / "data"):
        folder.mkdir(exist_ok=True)
        shelf.chosen = str(folder)
        with pytest.raises(Trouble):
            await shelf.library.choose_folder(Nothing())


async def test_a_disk_that_is_not_plugged_in_is_told_and_never_replaced_by_nothing(
    shelf: Shelf, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    shelf.chosen = str(disk)
    await shelf.library.choose_folder(Nothing())
    await shelf.library.save(world())
    disk.rename(tmp_path / "unplugged")
    assert (await shelf.library.list()).state == "missing"
    with pytest.raises(Trouble):
        await shelf.library.save(world())
    assert not disk.exists()
    (tmp_path / "unplugged").rename(disk)
    seen = await shelf.table.until(
        lambda: next((one for one in shelf.told()[-1:] if one.library.state == "ready"), None)
    )
    assert [one.name for one in seen.library.entries if one.origin == "mine"] == ["항로"]


async def test_my_character_can_be_kept_from_the_page(shelf: Shelf) -> None:
    persona = Persona(name="유온", description="우체부")
    saved = await shelf.library.save(
        EntrySaveParams(kind="my_character", name="유온", contents=PersonaContents(persona=persona))
    )
    text = (shelf.usual / "my_characters" / saved.entry.file).read_text(encoding="utf-8")
    assert text == "이름: 유온\n우체부\n"


async def test_the_house_rules_begin_with_the_sample_of_the_language(shelf: Shelf) -> None:
    rules = await shelf.rules.read(Nothing())
    assert (rules.own, rules.stamp) == (False, "")
    for language in ("ko", "en", "ja"):
        sample = (SHIPPED / "house_rules" / f"{language}.md").read_text(encoding="utf-8").strip()
        assert sample
        assert await shelf.rules.in_force(language) == sample


async def test_rules_of_my_own_hold_and_can_be_taken_back(shelf: Shelf) -> None:
    mine = await shelf.rules.save(RulesSaveParams(text="짧게 써 줘."))
    assert (mine.rules.text, mine.rules.own, mine.kept) == ("짧게 써 줘.", True, "")
    assert await shelf.rules.in_force("en") == "짧게 써 줘."
    none = await shelf.rules.save(RulesSaveParams(text="", stamp=mine.rules.stamp))
    assert await shelf.rules.in_force("ko") == ""
    back = await shelf.rules.save(RulesSaveParams(text=None, stamp=none.rules.stamp))
    assert not back.rules.own


async def test_rules_changed_outside_are_kept_beside(shelf: Shelf) -> None:
    mine = await shelf.rules.save(RulesSaveParams(text="하나"))
    (shelf.usual / "house_rules.md").write_text("바깥", encoding="utf-8")
    saved = await shelf.rules.save(RulesSaveParams(text="둘", stamp=mine.rules.stamp))
    assert (shelf.usual / saved.kept).read_text(encoding="utf-8") == "바깥"
    assert saved.rules.text == "둘"


async def test_the_rules_reach_the_prompt_of_a_turn(lay: Lay, tmp_path: Path) -> None:
    from desktop.services.turns import Turns
    from tests.services.table import PATIENT

    table = await lay([])
    shelf = Shelf(table, tmp_path)
    await shelf.rules.save(RulesSaveParams(text="고래는 말하지 않는다."))
    room = await table.room()
    await table.turns.close()
    table.turns = Turns(
        database=table.database, providers=table.by_id, limits=lambda: PATIENT,
        emit=table.page.take, clock=table.clock, new_id=table.new_id,
        report_bug=table.report_bug, house_rules=shelf.rules.in_force,
    )  # fmt: skip
    await table.say(room)
    assert "고래는 말하지 않는다." in table.provider.requests[-1].system
