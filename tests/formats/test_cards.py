"""Character cards: every field of the samples, in and out, and files others can read."""

import base64
import json
import struct
import zlib
from typing import Any

import pytest
from msgspec.structs import replace

from desktop.formats.parts import (
    AnyPart,
    AssetPart,
    CardPart,
    LibraryItem,
    MessagePart,
    PicturePart,
    RoomPart,
    Unreadable,
)
from desktop.protocol.models import Character, Secret, Stage
from tests.formats import independent
from tests.formats.reading import of, read, read_as, remarks, sample, sample_json, the, write_as

CARDS = ["card_v2.json", "card_v3.json", "card_v3.png", "card_v3.charx"]


def chunk(kind: bytes, body: bytes, crc: int | None = None) -> bytes:
    made = zlib.crc32(kind + body) if crc is None else crc
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", made)


def text(keyword: str, root: Any) -> bytes:
    return keyword.encode() + b"\0" + base64.b64encode(json.dumps(root).encode())


def png(*extra: bytes, behind: bool = True) -> bytes:
    """The sample's picture without its card, with these chunks instead."""
    bare = [chunk(kind, body) for kind, body in independent.pixels(sample("card_v3.png"))]
    at = len(bare) - 1 if behind else 1
    return b"".join((b"\x89PNG\r\n\x1a\n", *bare[:at], *extra, *bare[at:]))


@pytest.mark.parametrize("name", CARDS)
def test_every_field_of_a_sample_is_read(name: str) -> None:
    card = the(CardPart, read(sample(name), name))
    one = card.character
    assert one.name == "하루"
    assert one.description == "항구의 등대지기. {{user}}를 '선생님'이라 부른다."
    assert one.line == "무뚝뚝함"
    assert one.speech == "플레이어: 반말, 선생님"
    assert one.examples == ("…왔나.",)
    assert one.secrets == (Secret(text="등대 열쇠를 숨겼다"),)
    assert card.scenario == "폭풍 전야의 항구"
    assert card.greetings == ('*등불을 든다.* "늦었군."', '"문은 잠갔나?"')
    assert card.book is not None
    assert card.book.name == "항구 도시 백과"
    (entry,) = card.book.entries
    assert entry.keys == ("등대", "lighthouse")
    assert entry.secondary_keys == ("지하", "열쇠")
    assert entry.content == "등대 지하에는 잠긴 문이 있다."
    assert (entry.position, entry.depth, entry.sticky) == ("at_depth", 4, 3)
    assert (entry.order, entry.priority, entry.visibility) == (100, 10, ("gm", "char:haru"))
    # Whatever has no field of ours stands beside it.
    said = sample_json(name) if name.endswith("json") else sample_json("card_v3.json")
    said["data"].pop("character_book")
    assert card.extra["card"] == said


@pytest.mark.parametrize("name", CARDS)
def test_a_card_begins_a_story_with_its_greetings_and_with_names_in_place(name: str) -> None:
    parts = read(sample(name), name)
    room, greeting = the(RoomPart, parts), the(MessagePart, parts)
    assert room.stage is not None
    assert room.stage.language == "ko"
    assert room.stage.situation == "폭풍 전야의 항구"
    (seated,) = room.stage.characters
    assert seated.description == "항구의 등대지기. 나를 '선생님'이라 부른다."
    assert greeting.author.id == seated.id
    assert greeting.text == '*등불을 든다.* "늦었군."'
    assert greeting.alternatives == ('"문은 잠갔나?"',)
    assert {item.kind for item in of(LibraryItem, parts)} == {"character_template", "lorebook"}
    assert "{{" not in room.stage.characters[0].description
    assert ("dropped", "card_instructions") in remarks(parts)


@pytest.mark.parametrize(
    ("name", "format_id"), [("card_v2.json", "card_json_v2"), ("card_v3.json", "card_json")]
)
def test_a_json_card_comes_out_as_it_went_in(name: str, format_id: str) -> None:
    assert json.loads(write_as(format_id, read(sample(name), name))) == sample_json(name)


def test_a_png_card_comes_out_with_both_chunks_and_its_very_pixels() -> None:
    parts = read(sample("card_v3.png"), "card.png")
    made = write_as("card_png", parts)
    cards = independent.png_cards(made)
    assert list(cards) == ["chara", "ccv3"]
    independent.assert_card(cards["chara"], 2)
    independent.assert_card(cards["ccv3"], 3)
    assert cards["chara"] == sample_json("card_v2.json")
    assert independent.pixels(made) == independent.pixels(sample("card_v3.png"))
    before = independent.png_cards(sample("card_v3.png"))["ccv3"]
    # Its icon led into a ZIP that is not there: now it is the picture itself.
    before["data"]["assets"][0]["uri"] = "ccdefault:"
    assert cards["ccv3"] == before


def test_the_portrait_of_a_png_card_holds_no_card() -> None:
    picture = the(PicturePart, read(sample("card_v3.png"), "card.png"))
    assert independent.png_cards(picture.data) == {}
    assert independent.pixels(picture.data) == independent.pixels(sample("card_v3.png"))


def test_a_charx_comes_out_with_its_files() -> None:
    parts = read(sample("card_v3.charx"), "card.charx")
    root, files = independent.charx(write_as("card_charx", parts))
    assert (root, files) == independent.charx(sample("card_v3.charx"))
    assert len(files) == 2
    assert {picture.data for picture in of(PicturePart, parts)} == set(files.values())


def test_files_of_a_charx_travel_inside_a_png_and_back() -> None:
    parts = read(sample("card_v3.charx"), "card.charx")
    made = write_as("card_png", parts)
    _, files = independent.charx(sample("card_v3.charx"))
    root = independent.png_cards(made)["ccv3"]
    icon, joy = root["data"]["assets"]
    assert icon["uri"] == "ccdefault:"
    assert independent.pixels(made) == independent.pixels(files["assets/icon/images/main.png"])
    assert base64.b64decode(joy["uri"].partition(",")[2]) == files["assets/emotion/images/joy.png"]
    again = read(made, "card.png")
    assert {one.data for one in of(PicturePart, again)} == set(files.values())


def test_an_edit_changes_its_field_and_no_other() -> None:
    parts = read(sample("card_v3.json"), "card.json")
    card = the(CardPart, parts)
    edited = replace(
        card, character=replace(card.character, description="새 설명", dye="gam"), scenario="아침"
    )
    made = json.loads(write_as("card_json", [edited]))
    wanted = sample_json("card_v3.json")
    wanted["data"]["description"] = "새 설명"
    wanted["data"]["scenario"] = "아침"
    wanted["data"]["extensions"]["persona_chat"]["dye"] = "gam"
    assert made == wanted


def test_an_edit_of_the_lore_keeps_the_rest_of_its_entry() -> None:
    card = the(CardPart, read(sample("card_v3.json"), "card.json"))
    assert card.book is not None
    entry = replace(card.book.entries[0], content="문은 열려 있다.", sticky=5)
    edited = replace(card, book=replace(card.book, entries=(entry,)))
    made = json.loads(write_as("card_json", [edited]))["data"]["character_book"]["entries"][0]
    wanted = sample_json("card_v3.json")["data"]["character_book"]["entries"][0]
    assert made["content"].endswith("문은 열려 있다.")
    assert made["extensions"]["sticky"] == 5
    assert made["comment"] == wanted["comment"]
    again = the(CardPart, read_as("card_json", write_as("card_json", [edited])))
    assert again.book is not None
    assert replace(again.book.entries[0], extensions={}) == replace(entry, extensions={})


@pytest.mark.parametrize(("format_id", "version"), [("card_json", 3), ("card_json_v2", 2)])
def test_a_character_of_ours_becomes_a_card_others_read(format_id: str, version: int) -> None:
    one = Character(id="c1", name="민수", description="형사", line="느긋함", examples=("글쎄.",))
    room = RoomPart(key="r", title="항구", stage=Stage(situation="밤", characters=(one,)))
    root = json.loads(write_as(format_id, [room]))
    independent.assert_card(root, version)
    assert root["data"]["personality"] == "느긋함"
    assert root["data"]["scenario"] == "밤"
    assert root["data"]["mes_example"] == "<START>\n{{char}}: 글쎄."
    again = the(CardPart, read_as("card_json", json.dumps(root).encode()))
    assert replace(again.character, id="c1") == one


def test_a_character_without_a_picture_gets_a_cover_others_can_open() -> None:
    from io import BytesIO

    from PIL import Image

    one = CardPart(character=Character(id="c1", name="민수"))
    made = write_as("card_png", [one])
    independent.assert_card(independent.png_cards(made)["ccv3"], 3)
    with Image.open(BytesIO(made)) as image:
        image.load()
        assert image.size == (400, 600)


def test_a_jpeg_portrait_becomes_a_png() -> None:
    from io import BytesIO

    from PIL import Image

    jpeg = BytesIO()
    Image.new("RGB", (8, 8), (200, 10, 10)).save(jpeg, "JPEG")
    card = CardPart(character=Character(id="c1", name="민수"), picture="p")
    picture = PicturePart(key="p", data=jpeg.getvalue(), media_type="image/jpeg")
    made = write_as("card_png", [card, picture])
    assert independent.png_chunks(made)[0][1][:8] == struct.pack(">II", 8, 8)


def test_a_flat_card_of_the_first_version_keeps_what_nobody_knows() -> None:
    flat = {
        "name": "Mia", "description": "<BOT> trusts <USER>.", "personality": "calm",
        "scenario": "", "first_mes": "Hi {{user}}, I am {{char}}.", "mes_example": "",
        "create_date": "2023-4-1", "talkativeness": "0.7",
    }  # fmt: skip
    parts = read(json.dumps(flat).encode(), "mia.json")
    card = the(CardPart, parts)
    assert the(MessagePart, parts).text == "Hi Me, I am Mia."
    assert card.extra["card"] == flat
    made = json.loads(write_as("card_json", parts))
    independent.assert_card(made, 3)
    assert made["data"]["talkativeness"] == "0.7"


def test_a_newer_version_is_read_as_far_as_it_goes() -> None:
    root = sample_json("card_v3.json") | {"spec": "chara_card_v4", "spec_version": "4.1"}
    assert the(CardPart, read(json.dumps(root).encode(), "c.json")).character.name == "하루"


@pytest.mark.parametrize("behind", [False, True])
def test_a_chunk_counts_before_and_behind_the_pixels(behind: bool) -> None:
    data = png(chunk(b"tEXt", text("chara", sample_json("card_v2.json"))), behind=behind)
    assert the(CardPart, read_as("card_png", data)).character.name == "하루"


def named(name: str) -> dict[str, Any]:
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": name}}


@pytest.mark.parametrize(
    "kind_and_body",
    [
        (b"iTXt", b"ccv3\0\0\0\0\0" + base64.b64encode(json.dumps(named("A")).encode())),
        (
            b"iTXt",
            b"ccv3\0\1\0\0\0" + zlib.compress(base64.b64encode(json.dumps(named("A")).encode())),
        ),
        (
            b"zTXt",
            b"Chara\0\0" + zlib.compress(base64.b64encode(json.dumps(named("A")).encode())),
        ),
        (b"tEXt", b"CHARA\0" + base64.b64encode(b"\xef\xbb\xbf" + json.dumps(named("A")).encode())),
        (b"tEXt", b"ccv3\0" + base64.b64encode(json.dumps(named("A")).encode()).rstrip(b"=")),
        (b"tEXt", b"ccv3\0" + json.dumps(named("A")).encode()),
    ],
)
def test_a_card_is_found_however_it_was_put_in(kind_and_body: tuple[bytes, bytes]) -> None:
    assert the(CardPart, read_as("card_png", png(chunk(*kind_and_body)))).character.name == "A"


def test_of_several_cards_the_last_that_can_be_read_counts_and_ccv3_first() -> None:
    data = png(
        chunk(b"tEXt", text("ccv3", named("first"))),
        chunk(b"tEXt", text("ccv3", named("second"))),
        chunk(b"tEXt", b"ccv3\0!!not base64!!"),
        chunk(b"tEXt", text("chara", named("old"))),
    )
    parts = read_as("card_png", data)
    assert the(CardPart, parts).character.name == "second"
    assert {("dropped", "another_card"), ("dropped", "malformed")} <= remarks(parts)


def test_a_wrong_checksum_is_told_and_the_card_is_read() -> None:
    parts = read_as("card_png", png(chunk(b"tEXt", text("ccv3", named("A")), crc=1)))
    assert the(CardPart, parts).character.name == "A"
    assert ("changed", "bad_checksum") in remarks(parts)


def test_a_text_that_unpacks_without_end_is_passed_over() -> None:
    bomb = zlib.compress(b"A" * 200_000_000, 9)
    data = png(chunk(b"zTXt", b"ccv3\0\0" + bomb), chunk(b"iTXt", b"chara\0\1\0\0\0" + bomb))
    with pytest.raises(Unreadable, match="not_known"):
        read_as("card_png", data)


def test_links_to_elsewhere_are_told_as_dropped_and_stay_in_the_card() -> None:
    root = named("A")
    root["data"]["assets"] = [
        {"type": "icon", "uri": "https://example.org/me.png", "name": "main", "ext": "png"},
        {"type": "x", "uri": "file:///etc/passwd", "name": "x", "ext": "txt"},
    ]
    parts = read(json.dumps(root).encode(), "c.json")
    assert ("dropped", "remote_asset") in remarks(parts)
    assert of(PicturePart, parts) == []
    assert json.loads(write_as("card_json", parts))["data"]["assets"] == root["data"]["assets"]


def test_assets_in_chunks_are_read_and_never_written() -> None:
    root = named("A")
    root["data"]["assets"] = [{"type": "x_sound", "uri": "__asset:0", "name": "s", "ext": "mp3"}]
    data = png(
        chunk(b"tEXt", b"chara-ext-asset_:0\0" + base64.b64encode(b"ID3 sound")),
        chunk(b"tEXt", text("ccv3", root)),
    )
    parts = read_as("card_png", data)
    sounds = [one for one in parts if isinstance(one, AssetPart) and one.key == "__asset:0"]
    assert [(one.data, one.media_type) for one in sounds] == [(b"ID3 sound", "audio/mpeg")]
    assert b"chara-ext-asset" not in write_as("card_png", parts)
    _, files = independent.charx(write_as("card_charx", parts))
    assert files["assets/x_sound/audio/s.mp3"] == b"ID3 sound"


def test_a_piece_of_cocofolia_goes_both_ways() -> None:
    parts = read(sample("cocofolia_character.json"), "piece.json")
    card = the(CardPart, parts)
    assert card.character.name == "하루"
    assert card.character.description == "등대지기\nHP 11/12 · SAN 47/55\n지능 80"
    assert json.loads(write_as("piece_cocofolia", parts)) == sample_json("cocofolia_character.json")
    edited = replace(
        card,
        character=replace(card.character, description="항해사\nHP 11/12 · SAN 47/55\n지능 80"),
    )
    wanted = sample_json("cocofolia_character.json")
    wanted["data"]["memo"] = "항해사"
    assert json.loads(write_as("piece_cocofolia", [edited])) == wanted


def test_a_character_of_ours_becomes_a_piece() -> None:
    one: list[AnyPart] = [CardPart(character=Character(id="c", name="민수", line="형사"))]
    root = json.loads(write_as("piece_cocofolia", one))
    assert root["kind"] == "character"
    assert set(root["data"]) == set(sample_json("cocofolia_character.json")["data"])
    assert root["data"]["memo"] == "형사"
