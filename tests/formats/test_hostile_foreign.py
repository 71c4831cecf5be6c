"""Hostile files of other programs: told as unreadable or read with remarks, never a crash."""

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from desktop.formats.foreign import FOREIGN
from desktop.formats.parts import CardPart, LibraryItem, MessagePart, Part, Remark, Unreadable
from desktop.formats.registry import by_id, detect
from tests.formats.reading import SAMPLES, read_as, remarks, sample, sample_json, the
from tests.formats.test_cards import chunk, png, text

READERS = [one for one in FOREIGN if one.reader is not None]
NAMES = sorted(one.name for one in SAMPLES.iterdir())
SEEDS = 250
"""For each of the samples: some 3,000 files, each of them read by two readers."""


def survives(format_id: str, data: bytes) -> bool:
    """Whether the file could be read; anything but parts or ``Unreadable`` is a failure."""
    found = by_id(format_id)
    assert found is not None
    assert found.reader is not None
    outcome = "read"
    try:
        for part in found.reader(io.BytesIO(data)):
            assert isinstance(part, Part)
            if isinstance(part, Remark):
                assert part.code
                assert len(part.where) <= 200
    except Unreadable as error:
        outcome = error.code
    assert outcome
    return outcome == "read"


def bitten(data: bytes, chance: random.Random) -> bytes:
    """Bytes changed, cut out, doubled or put in."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(5):
            case 0 if made:
                made[at % len(made)] = chance.randrange(256)
            case 1:
                del made[at : at + chance.randrange(200)]
            case 2:
                made[at:at] = made[at : at + chance.randrange(200)]
            case 3:
                made[at:at] = chance.choice(ODD)
            case _:
                made[at : at + 4] = struct.pack(">I", chance.choice((0, 2**31, 2**32 - 1)))
    return bytes(made)


ODD = (
    b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"NaN", b"-Infinity", b"1e999", b"null", b"[", b"{", b'"',
    b"<p>", b"<div class=message>", b"</", b"<!--", b"&#x110000;", b"\\ud800", b"\\u0000",
    b"__proto__", b"9" * 5000, b"[" * 3000, b"\r\n", "등".encode("cp949"),
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_bitten_sample_breaks_its_reader(name: str) -> None:
    data, outcomes = sample(name), [0, 0]
    known = detect(data, name)
    assert known is not None
    for seed in range(SEEDS):
        chance = random.Random(f"{name} {seed}")
        made = bitten(data, chance)
        outcomes[survives(known.id, made)] += 1
        survives(chance.choice(READERS).id, made)
    # The mutations are neither all harmless nor all fatal.
    assert outcomes[1] > 0
    assert sum(outcomes) == SEEDS


VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, 2**70, "", "12", "NaN", "x" * 3_000, [], {}, [None], [[]],
    {"a": None}, {"__proto__": {"polluted": True}}, {"constructor": 1}, ["a", 1, None, {}],
    "\ud800", "\0", "<START>", "{{char}}", "@@depth x", "https://example.org/x", "data:,x",
)  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every field and item of a JSON value, as container and key."""
    stack = [value]
    while stack:
        one = stack.pop()
        inner = one.items() if isinstance(one, dict) else enumerate(one)
        for key, each in list(inner):
            yield one, key
            if isinstance(each, dict | list):
                stack.append(each)


@pytest.mark.parametrize("name", [one for one in NAMES if one.endswith(".json")])
def test_no_field_of_a_wrong_type_breaks_a_reader(name: str) -> None:
    known = detect(sample(name), name)
    assert known is not None
    count = len(list(places(sample_json(name))))
    assert count > 10
    for at in range(count):
        for value in VALUES:
            root = sample_json(name)
            container, key = list(places(root))[at]
            container[key] = value
            survives(known.id, json.dumps(root).encode())


def test_no_line_of_a_chat_with_a_wrong_type_breaks_the_reader() -> None:
    lines = [json.loads(line) for line in sample("st_group_chat.jsonl").splitlines()]
    for number, line in enumerate(lines):
        for at in range(len(list(places(line)))):
            for value in VALUES:
                made = json.loads(json.dumps(lines))
                container, key = list(places(made[number]))[at]
                container[key] = value
                data = b"\n".join(json.dumps(one).encode() for one in made)
                survives("chat_sillytavern", data)


@pytest.mark.parametrize("name", NAMES)
def test_no_cut_sample_breaks_its_reader(name: str) -> None:
    data = sample(name)
    known = detect(data, name)
    assert known is not None
    for end in range(0, len(data), max(1, len(data) // 150)):
        survives(known.id, data[:end])


@pytest.mark.parametrize("known", READERS, ids=lambda one: one.id)
@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0", b"{}", b"[]", b"null", b"\xff\xfe", b"\xef\xbb\xbf", b"\x89PNG\r\n\x1a\n",
        b"PK\x05\x06" + bytes(18), b"[" * 100_000, b'{"a":' * 100_000, b"<p>" * 10_000,
        b'{"data":' + b"[" * 200 + b"]" * 200 + b"}", bytes(range(256)) * 40,
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_such_file_is_unreadable(known: Any, data: bytes) -> None:
    assert not survives(known.id, data)


@pytest.mark.parametrize("depth", [100, 1_000, 100_000])
def test_deep_json_is_refused(depth: int) -> None:
    deep = b'{"a":' * depth + b"1" + b"}" * depth
    card = sample("card_v3.json").replace(b'"fav": false', b'"fav": ' + deep)
    with pytest.raises(Unreadable, match="too_deep"):
        read_as("card_json", card)


def test_numbers_that_json_does_not_know_are_read_as_nothing() -> None:
    world = sample("st_worldinfo.json").replace(b'"depth": 4', b'"depth": NaN')
    item = the(LibraryItem, read_as("lore_sillytavern", world))
    assert json.loads(item.content)["entries"][0]["depth"] == 4


def test_numbers_written_as_text_and_null_for_lists_are_understood() -> None:
    root = sample_json("st_worldinfo.json")
    entry = root["entries"]["0"]
    entry |= {"order": "7", "depth": "3", "keysecondary": None, "constant": "true", "disable": 0}
    item = the(LibraryItem, read_as("lore_sillytavern", json.dumps(root).encode()))
    told = json.loads(item.content)["entries"][0]
    assert (told["order"], told["depth"], told["constant"], told["enabled"]) == (7, 3, True, True)
    assert told["secondary_keys"] == []


def test_a_chunk_that_claims_more_than_there_is_ends_the_reading() -> None:
    data = png(chunk(b"tEXt", text("chara", sample_json("card_v2.json"))), behind=False)
    at = data.index(b"IDAT") - 4
    cut = data[:at] + struct.pack(">I", 2**31) + data[at + 4 :]
    parts = read_as("card_png", cut)
    assert the(CardPart, parts).character.name == "하루"
    assert ("dropped", "cut_off") in remarks(parts)
    bare = png()
    with pytest.raises(Unreadable, match="cut_off"):
        read_as("card_png", bare[:-6])


def test_a_picture_of_endless_chunks_is_refused() -> None:
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"a\0b") * 100_001
    with pytest.raises(Unreadable, match="too_many"):
        read_as("card_png", data)


def zipped(
    members: dict[str, bytes], change: Callable[[zipfile.ZipFile], None] | None = None
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        if change is not None:
            change(archive)
    return made.getvalue()


def card_with(*uris: str) -> bytes:
    root = sample_json("card_v3.json")
    root["data"]["assets"] = [
        {"type": "x", "uri": uri, "name": str(at), "ext": "png"} for at, uri in enumerate(uris)
    ]
    return json.dumps(root).encode()


def test_a_charx_cannot_lead_out_of_itself() -> None:
    names = ["../../etc/passwd", "/etc/passwd", "C:\\x", "assets/../../x"]
    card = card_with(*(f"embeded://{name}" for name in names))
    data = zipped({"card.json": card, **dict.fromkeys(names, b"evil")})
    parts = read_as("card_charx", data)
    found = by_id("card_charx")
    assert found is not None
    assert found.writer is not None
    made = io.BytesIO()
    found.writer(parts, made)
    with zipfile.ZipFile(made) as archive:
        assert not [
            name for name in archive.namelist() if ".." in name or name[0] == "/" or ":" in name
        ]


def test_a_link_an_endless_member_and_a_locked_one_are_dropped() -> None:
    def change(archive: zipfile.ZipFile) -> None:
        link = zipfile.ZipInfo("link.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    card = card_with("embeded://link.png", "embeded://bomb.png", "embeded://locked.png")
    data = zipped({"card.json": card, "bomb.png": bytes(70_000_000), "locked.png": b"x"}, change)
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"locked.png"))
    data = data[: at + 8] + b"\x01\x00" + data[at + 10 :]
    parts = read_as("card_charx", data)
    assert the(CardPart, parts).character.name == "하루"
    assert {("dropped", "link"), ("dropped", "too_large"), ("dropped", "encrypted")} <= remarks(
        parts
    )


def test_a_charx_of_a_million_members_is_refused_before_it_is_listed() -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    listing = entry * 300_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listing), 0, 0)
    with pytest.raises(Unreadable, match="too_many"):
        read_as("card_charx", listing + end)


def test_a_card_inside_a_charx_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(Unreadable):
        read_as("card_charx", zipped({"card.json": b" " * 80_000_000}))


def test_a_jpeg_with_a_card_behind_it_is_its_own_portrait() -> None:
    root = sample_json("card_v3.json")
    root["data"]["assets"] = []
    data = b"\xff\xd8\xff\xe0 picture" + zipped({"card.json": json.dumps(root).encode()})
    parts = read_as("card_charx", data)
    card = the(CardPart, parts)
    assert card.picture
    # The same under a false name.
    assert the(CardPart, read_as("card_png", data)).character == card.character


def test_names_of_javascripts_own_are_names_like_others() -> None:
    line = {"name": "__proto__", "is_user": False, "mes": "constructor", "extra": {"toString": 1}}
    (message,) = [
        one
        for one in read_as("chat_sillytavern", json.dumps(line).encode())
        if isinstance(one, MessagePart)
    ]
    assert (message.author.name, message.text) == ("__proto__", "constructor")
    root = sample_json("card_v3.json")
    root["data"]["extensions"]["__proto__"] = {"polluted": True}
    card = the(CardPart, read_as("card_json", json.dumps(root).encode()))
    assert card.extra["card"]["data"]["extensions"]["__proto__"] == {"polluted": True}


@pytest.mark.parametrize(
    "page",
    [
        b"<!--" * 200_000, b"<" * 400_000, b"<a " * 200_000, b"<p><span>" * 50_000,
        b"<div class='message general'>" * 50_000, b"<![CDATA[" * 50_000, b"&" * 400_000,
        b"<div class='message general'>" + b"<b>" * 100_000 + b"x",
    ],
    ids=range(8),
)  # fmt: skip
@pytest.mark.parametrize("format_id", ["log_cocofolia", "log_roll20"])
@pytest.mark.timeout(60)
def test_a_page_made_to_be_slow_is_not(format_id: str, page: bytes) -> None:
    survives(format_id, page)


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(Unreadable, match="too_large"):
        read_as("chat_sillytavern", b'{"mes":"' + b"a" * 20_000_000)


def test_compressed_text_is_read_to_its_limit_only() -> None:
    huge = zlib.compress(b" " * 40_000_000)
    data = png(
        chunk(b"zTXt", b"ccv3\0\0" + huge),
        chunk(b"tEXt", text("chara", sample_json("card_v2.json"))),
    )
    assert the(CardPart, read_as("card_png", data)).character.name == "하루"
