"""Beginning at one of the scenes that ship with the program."""

from pathlib import Path

import pytest

from desktop.protocol.models import Language
from desktop.protocol.problems import Trouble
from desktop.protocol.scenes import SceneListParams, SceneOpenParams
from desktop.services.scenes import OpeningScenes
from desktop.services.starter import SCENES, load_starter
from tests.doubles.scripted_provider import texts
from tests.services.conftest import Lay
from tests.services.table import Table

SHIPPED = Path(__file__).parents[2] / "persona_data" / "starter"
LANGUAGES: tuple[Language, ...] = ("ko", "en", "ja")


def scenes(table: Table, folder: Path = SHIPPED) -> OpeningScenes:
    return OpeningScenes(
        folder, table.database, table.rooms.open, table.page.take, table.clock, table.new_id
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_all_six_are_listed_in_every_language(lay: Lay, language: Language) -> None:
    table = await lay()
    listed = (await scenes(table).list(SceneListParams(language=language))).scenes
    assert tuple(one.id for one in listed) == SCENES
    assert len({one.title for one in listed}) == len(SCENES)
    assert all(one.line and one.faces for one in listed)
    assert {one.narrator for one in listed} == {"ai", "me", "none"}


async def test_an_opened_scene_has_its_opening_said_and_the_ai_that_was_chosen(lay: Lay) -> None:
    table = await lay(texts("[강치]: 먹어."))
    wanted = SceneOpenParams(scene_id="train", language="ko", provider="scripted", model="m")
    view = await scenes(table).open(wanted)
    starter = load_starter(SHIPPED, "ko", "train")
    assert [one.text for one in view.messages] == [one.text for one in starter.opening]
    assert (view.room.stage.provider, view.room.stage.model) == ("scripted", "m")
    assert (await table.say(view.room)).outcome == "complete"


async def test_a_scene_nothing_was_said_in_is_taken_again_and_a_played_one_left_alone(
    lay: Lay,
) -> None:
    table = await lay(texts("[강치]: 먹어."))
    wanted = SceneOpenParams(scene_id="train", language="ko", provider="scripted")
    first = await scenes(table).open(wanted)
    again = await scenes(table).open(SceneOpenParams(scene_id="train", language="ko"))
    assert again.room.id == first.room.id
    assert again.room.stage.provider == "storyteller"
    played = (await scenes(table).open(wanted)).room
    await table.say(played, "안녕")
    fresh = await scenes(table).open(wanted)
    assert fresh.room.id != played.id


@pytest.mark.parametrize("name", ["nowhere", "lighthouse.ko", "..-..-secrets"])
async def test_a_scene_there_is_not_is_refused(lay: Lay, name: str) -> None:
    table = await lay()
    with pytest.raises(Trouble, match="not_found"):
        await scenes(table).open(SceneOpenParams(scene_id=name, language="ko"))


async def test_a_damaged_file_hides_its_scene_only(lay: Lay, tmp_path: Path) -> None:
    table = await lay()
    for scene in SCENES[:3]:
        text = (SHIPPED / f"{scene}.ko.json").read_text("utf-8")
        (tmp_path / f"{scene}.ko.json").write_text(text, "utf-8")
    (tmp_path / "train.ko.json").write_text("{", "utf-8")
    listed = (await scenes(table, tmp_path).list(SceneListParams(language="ko"))).scenes
    assert [one.id for one in listed] == ["lighthouse", "court"]
