"""The web version's whole data folder, as a folder and packed: library, database and stories."""

import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.formats.parts import MessagePart
from desktop.protocol.problems import Trouble
from desktop.protocol.transfer import ImportParams, Receipt, ReceiptParams
from tests.services.carrying import Carrier, carrier
from tests.services.test_transfer_web_version import SAID, _database

_STORY = "# 옛 이야기\n\n## 1. 사용자\n\n문을 연다.\n\n## 2. 하루\n\n들어와.\n"
_FILES = {
    "persona_data/worlds/안개 항구.md": "안개가 걷히지 않는다.",
    "persona_data/situations/폭풍 전야.md": "바람이 분다.",
    "persona_data/my_characters/탐사자.md": "이름: 탐사자\n편지를 찾는다.",
    "persona_data/npcs/선장.md": "말이 없다.",
    "persona_data/presets/첫 밤.json": json.dumps(
        {"world": "항구", "situation": "밤", "characters": [{"name": "하루"}], "pace": "slow"}
    ),
    "persona_data/characters/templates/하루.json": json.dumps(
        {"name": "하루", "role": "npc", "description": "등대지기", "age": "50"}
    ),
    "persona_data/characters/my_profile.json": json.dumps(
        {"name": "나", "role": "user", "gender": "여", "age": "20", "description": "바다를 안다"}
    ),
    "persona_data/stories/옛 이야기.md": _STORY,
    "persona_data/config.json": '{"theme": "dark"}',
    "persona_data/.git/HEAD": "ref: refs/heads/main",
    "README.md": "# read me",
}
_LIBRARY = {
    ("world", "안개 항구"), ("situation", "폭풍 전야"), ("my_character", "탐사자"),
    ("npc", "선장"), ("preset", "첫 밤"), ("character_template", "하루"), ("my_character", "나"),
}  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "persona_chat"
    for name, text in _FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "data").mkdir()
    _database(root / "data" / "chatbot.db", 6)
    return root


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Carrier]:
    made = await carrier(tmp_path / "there")
    yield made
    await made.transfer.close()
    await made.database.close()


def _entries(table: Carrier) -> set[tuple[str, str]]:
    return {(one.kind, one.name) for one in table.place.folder().entries()}


async def _come(table: Carrier, path: Path, *, look: bool = False) -> Receipt:
    incoming = await table.transfer.take_up(path)
    assert incoming.format == "web_tree"
    params = ImportParams(token=incoming.token)
    started = await (table.transfer.preview if look else table.transfer.bring_in)(params)
    assert started.job is not None
    job = await table.transfer.wait(started.job.id)
    assert job.state == "done", (job, table.bugs)
    assert job.receipt is not None
    return job.receipt


async def _check(table: Carrier, receipt: Receipt) -> None:
    assert _entries(table) >= _LIBRARY
    assert receipt.kept.rooms == 2
    said = [part.text for part in await table.parts() if isinstance(part, MessagePart)]
    for one in SAID:
        for line in one["content"].split("\n"):
            assert line.split("]: ")[-1] in said
    assert {"문을 연다.", "들어와."} <= set(said)


async def test_the_folder_comes_in_whole_and_goes_again(table: Carrier, tree: Path) -> None:
    looked = await _come(table, tree, look=True)
    assert (looked.kept.rooms, looked.kept.library) == (2, len(_LIBRARY))
    assert (await table.rows())["room"] == 0
    assert not _entries(table) & _LIBRARY

    receipt = await _come(table, tree)
    await _check(table, receipt)
    assert receipt.kept.library == len(_LIBRARY)

    await table.transfer.undo(ReceiptParams(receipt_id=receipt.id))
    assert not _entries(table) & _LIBRARY
    async with table.database.reading() as session:
        row = await session.one("SELECT count(*) FROM room WHERE trashed_at IS NULL")
    assert row is not None
    assert row[0] == 0


@pytest.mark.parametrize("top", ["persona_chat", "persona_chat/persona_data"])
async def test_any_part_of_the_folder_will_do(table: Carrier, tree: Path, top: str) -> None:
    receipt = await _come(table, tree.parent / top)

    assert receipt.kept.library == len(_LIBRARY)
    assert receipt.kept.rooms == (2 if top == "persona_chat" else 1)


@pytest.mark.parametrize("korean_windows", [False, True])
async def test_packed_it_is_the_same(
    table: Carrier, tree: Path, tmp_path: Path, korean_windows: bool
) -> None:
    packed = tmp_path / "옮김.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(tree.rglob("*"), reverse=True):
            if path.is_file():
                name = path.relative_to(tree).as_posix()
                if korean_windows:
                    # The library cannot leave the mark of UTF-8 out unless the name is ASCII.
                    name = name.encode("cp949").decode("cp437")
                    info = zipfile.ZipInfo(name)
                    info.create_system = 0
                    archive.writestr(info, path.read_bytes())
                else:
                    archive.write(path, name)
    if korean_windows:
        packed.write_bytes(_without_mark(packed.read_bytes()))

    receipt = await _come(table, packed)

    await _check(table, receipt)
    left = {(line.code, line.where) for line in receipt.lines if line.fate == "dropped"}
    assert ("unknown_record", "README.md") in left


def _without_mark(raw: bytes) -> bytes:
    """Names in one byte a letter, as they were before ZIP knew UTF-8."""
    out = bytearray()
    data = memoryview(raw)
    end = raw.rindex(b"PK\x05\x06")
    start = int.from_bytes(data[end + 16 : end + 20], "little")
    members, at = [], start
    while raw[at : at + 4] == b"PK\x01\x02":
        sizes = [int.from_bytes(data[at + n : at + n + 2], "little") for n in (28, 30, 32)]
        local = int.from_bytes(data[at + 42 : at + 46], "little")
        name = raw[at + 46 : at + 46 + sizes[0]].decode("utf-8").encode("cp437")
        members.append((at, local, name, sizes))
        at += 46 + sum(sizes)
    places = []
    for central, local, name, _ in members:
        size = int.from_bytes(data[local + 26 : local + 28], "little")
        more = int.from_bytes(data[local + 28 : local + 30], "little")
        body = int.from_bytes(data[central + 20 : central + 24], "little")
        head = bytearray(raw[local : local + 30])
        head[7] &= 0xF7
        head[26:28] = len(name).to_bytes(2, "little")
        places.append(len(out))
        out += head + name + raw[local + 30 + size : local + 30 + size + more + body]
    begin = len(out)
    for (central, _, name, _), place in zip(members, places, strict=True):
        head = bytearray(raw[central : central + 46])
        head[9] &= 0xF7
        head[28:30] = len(name).to_bytes(2, "little")
        head[30:34] = bytes(4)
        head[42:46] = place.to_bytes(4, "little")
        out += head + name
    tail = bytearray(raw[end:])
    tail[12:16] = (len(out) - begin).to_bytes(4, "little")
    tail[16:20] = begin.to_bytes(4, "little")
    return bytes(out + tail)


async def test_links_lead_nowhere_and_a_strange_folder_is_refused(
    table: Carrier, tree: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("비밀", encoding="utf-8")
    (tree / "persona_data" / "worlds" / "link.md").symlink_to(secret)
    receipt = await _come(table, tree)
    assert receipt.kept.library == len(_LIBRARY)

    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(Trouble) as caught:
        await table.transfer.take_up(strange)
    assert (caught.value.problem.code, caught.value.problem.detail) == ("bad_file", "not_known")
    assert [one for one in (table.folder / "incoming").iterdir() if one.stat().st_size] != []
    await table.transfer.close()
    assert not (table.folder / "incoming").exists()


async def test_a_broken_database_inside_brings_nothing_at_all(table: Carrier, tree: Path) -> None:
    database = tree / "data" / "chatbot.db"
    database.write_bytes(database.read_bytes()[:5000])
    incoming = await table.transfer.take_up(tree)
    started = await table.transfer.bring_in(ImportParams(token=incoming.token))
    assert started.job is not None
    job = await table.transfer.wait(started.job.id)
    assert job.state == "failed"
    assert (await table.rows())["room"] == 0
    assert not _entries(table) & _LIBRARY
