"""Every shape the web version ever wrote or documented restores each message it holds."""

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from desktop.protocol.models import Message, Turn
from desktop.store import messages, rooms, turns
from tests.services.carrying import Carrier, carrier

SAID = [
    {"role": "user", "content": "등대로 간다.", "timestamp": "2025-12-01 00:00:01"},
    {
        "role": "assistant",
        "content": "[진행자]: 파도가 높다.\n[하루]: 못 들어간다.\n[나비]: 야옹.",
        "timestamp": "2025-12-01 00:00:09",
    },
    {"role": "user", "content": "왜?", "timestamp": "2025-12-01 00:01:00"},
    {"role": "assistant", "content": "[하루]: 폭풍이 와.", "timestamp": "2025-12-01 00:01:30"},
]
USED = [
    {
        "usage_id": 1,
        "user_id": 1,
        "provider": "claude",
        "token_info": '{"input_tokens":900,"output_tokens":40,"cache_read_input_tokens":7}',
        "timestamp": "2025-12-01 00:00:09",
    },
    {
        "usage_id": 2,
        "user_id": 1,
        "provider": "claude",
        "token_info": '{"input_tokens":1000,"output_tokens":12}',
        "timestamp": "2025-12-01 00:01:31",
    },
]
CONTEXT = {
    "world": "항구",
    "situation": "폭풍 전야",
    "user_character": "이름: 탐사자\n편지를 찾는다.",
    "characters": [{"name": "하루", "description": "등대지기"}, {"name": "나비"}],
    "narrator_enabled": True,
    "narrator_mode": "active",
    "ai_provider": "claude",
    "model": "sonnet",
    "conversation_mode": "trpg_multi",
    "output_level": "more",
    "choice_policy": "require",
    "choice_count": 4,
}
ROOM = {"room_id": "default", "title": "내 방", "messages": SAID, "token_usage": USED,
        "context": CONTEXT}  # fmt: skip
HEAD: dict[str, Any] = {"version": "1.0", "exported_at": "2025-12-01T00:00:00Z"}


def _ndjson(end: bool = True) -> str:
    lines: list[dict[str, Any]] = [
        {"type": "meta", **HEAD, "scope": "full", "include": ["context", "messages"]},
        {"type": "room", "room_id": "default", "title": "내 방", "context": CONTEXT},
        *({"type": "message", "room_id": "default", **one} for one in SAID),
        *({"type": "token_usage", "room_id": "default", **one} for one in USED),
    ]
    if end:
        lines.append({"type": "end", "rooms": 1})
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in lines)


def shapes() -> dict[str, str]:
    """The JSON and NDJSON files, by what they were called."""
    rooms_of: dict[str, Any] = {"rooms": [ROOM]}
    return {
        "single": json.dumps({**HEAD, "export_type": "single", **rooms_of}),
        "full": json.dumps({**HEAD, "export_type": "full", **rooms_of}),
        "selected": json.dumps({**HEAD, "export_type": "selected", **rooms_of}),
        "single_room": json.dumps({**HEAD, "export_type": "single_room", "room": ROOM}),
        "full_backup": json.dumps(
            {**HEAD, "export_type": "full_backup", "user": {"id": 1}, **rooms_of, "stats": {}}
        ),
        "a bare room": json.dumps(ROOM),
        "indented": json.dumps({**HEAD, "export_type": "full", **rooms_of}, indent=4),
        "ndjson": _ndjson(),
    }


def _database(path: Path, version: int) -> None:
    with sqlite3.connect(path) as file:
        file.executescript(
            """CREATE TABLE rooms (user_id INTEGER NOT NULL, room_id TEXT NOT NULL,
                 title TEXT NOT NULL, context TEXT, created_at TIMESTAMP, updated_at TIMESTAMP,
                 PRIMARY KEY (user_id, room_id));
               CREATE TABLE messages (message_id INTEGER PRIMARY KEY AUTOINCREMENT,
                 user_id INTEGER NOT NULL, room_id TEXT NOT NULL, role TEXT, content TEXT NOT NULL,
                 timestamp TIMESTAMP);
               CREATE TABLE token_usage (usage_id INTEGER PRIMARY KEY AUTOINCREMENT,
                 user_id INTEGER, room_id TEXT, provider TEXT, token_info TEXT,
                 timestamp TIMESTAMP);"""
        )
        if version >= 6:
            file.execute("ALTER TABLE rooms ADD COLUMN provider_sessions TEXT DEFAULT '{}'")
        when = "2025-12-01 00:00:00"
        told = json.dumps(CONTEXT)
        file.execute(
            "INSERT INTO rooms (user_id, room_id, title, context, created_at, updated_at) "
            "VALUES (1, 'default', '내 방', ?, ?, ?)",
            (told, when, when),
        )
        for one in SAID:
            file.execute(
                "INSERT INTO messages (user_id, room_id, role, content, timestamp) "
                "VALUES (1, 'default', :role, :content, :timestamp)",
                one,
            )
        for noted in USED:
            file.execute(
                "INSERT INTO token_usage (user_id, room_id, provider, token_info, timestamp) "
                "VALUES (1, 'default', :provider, :token_info, :timestamp)",
                noted,
            )
        file.execute(f"PRAGMA user_version = {version}")
    file.close()


async def _check(there: Carrier) -> None:
    """All of it is there: speakers, times, order, tokens and the stage."""
    async with there.database.reading() as session:
        (room,) = await rooms.listed(session)
        said: list[Message] = []
        async for page in messages.whole_path(session, room.branch_id):
            said += page
        sums = await session.all("SELECT sum(input), sum(output) FROM usage_of_way WHERE day = ''")
        spoken = await session.all(
            "SELECT name, sum(output) FROM usage_of_speaker WHERE day = '' GROUP BY name"
        )
        rows = await session.all("SELECT id FROM turn ORDER BY number")
        places = [await turns.find(session, row["id"]) for row in rows]
    answered: list[Turn] = [one.turn for one in places if one]
    assert [(one.author.kind, one.author.name, one.text) for one in said] == [
        ("user", "탐사자", "등대로 간다."),
        ("narrator", "진행자", "파도가 높다."),
        ("character", "하루", "못 들어간다."),
        ("character", "나비", "야옹."),
        ("user", "탐사자", "왜?"),
        ("character", "하루", "폭풍이 와."),
    ]
    assert [one.created_at for one in said] == [
        1764547201000, *[1764547209000] * 3, 1764547260000, 1764547290000
    ]  # fmt: skip
    assert [(one.provider, one.usage.input, one.usage.output) for one in answered] == [
        ("claude", 900, 40),
        ("claude", 1000, 12),
    ]
    assert answered[0].usage.cache_read == 7
    assert [tuple(row) for row in sums] == [(1900, 52)]
    assert sum(row[1] for row in spoken) == 52
    assert {row[0] for row in spoken} == {"진행자", "하루", "나비"}
    assert [one.line_id for one in places if one] == [said[0].id, said[4].id]
    assert [one.turn_id for one in said] == ["", *[answered[0].id] * 3, "", answered[1].id]
    stage = room.stage
    assert (stage.world, stage.situation, stage.me.name) == ("항구", "폭풍 전야", "탐사자")
    assert [one.name for one in stage.characters] == ["하루", "나비"]
    assert (stage.narrator.level, stage.output, stage.choices) == ("active", "more", 4)
    assert (stage.provider, stage.model) == ("claude", "sonnet")
    assert (room.title, room.message_count, room.last_line) == ("내 방", 6, "폭풍이 와.")


@pytest.mark.parametrize("shape", sorted(shapes()))
async def test_every_documented_shape_restores_every_message(tmp_path: Path, shape: str) -> None:
    there = await carrier(tmp_path)
    file = tmp_path / "backup.json"
    file.write_text(shapes()[shape], encoding="utf-8")
    job = await there.take_in(file)
    assert job.state == "done", (job, there.bugs)
    await _check(there)
    await there.database.close()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949"])
@pytest.mark.parametrize("shape", ["full", "ndjson"])
async def test_an_editor_may_have_stored_it_in_another_encoding(
    tmp_path: Path, encoding: str, shape: str
) -> None:
    there = await carrier(tmp_path)
    file = tmp_path / "backup.json"
    raw = json.dumps(json.loads(shapes()[shape]), ensure_ascii=False) if shape == "full" else (
        shapes()[shape]
    )  # fmt: skip
    file.write_bytes(raw.encode(encoding))
    job = await there.take_in(file)
    assert job.state == "done", (job, there.bugs)
    await _check(there)
    await there.database.close()


async def test_its_zip_restores_every_message(tmp_path: Path) -> None:
    there = await carrier(tmp_path)
    file = tmp_path / "backup_20251201T000000Z.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export_20251201.json", shapes()["full"])
    job = await there.take_in(file)
    assert job.state == "done", (job, there.bugs)
    await _check(there)
    await there.database.close()


@pytest.mark.parametrize("version", [4, 5, 6])
async def test_its_database_restores_every_message_and_stays_as_it_was(
    tmp_path: Path, version: int
) -> None:
    there = await carrier(tmp_path / "there")
    file = tmp_path / "chatbot.db"
    _database(file, version)
    before = file.read_bytes()
    job = await there.take_in(file)
    assert job.state == "done", (job, there.bugs)
    await _check(there)
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] != []
    assert not (tmp_path / "chatbot.db-wal").exists()
    await there.database.close()


async def test_its_narrative_is_read_with_the_speakers_split(tmp_path: Path) -> None:
    there = await carrier(tmp_path)
    file = tmp_path / "밤의 등대.md"
    file.write_text(
        "# 서사 기록\n\n## 1. 사용자\n\n등대로 간다.\n\n## 2. AI 응답\n\n"
        "[진행자]: 파도가 높다.\n[하루]: 못 들어간다.\n\n---\n\n",
        encoding="utf-8",
    )
    job = await there.take_in(file)
    assert job.state == "done", (job, there.bugs)
    async with there.database.reading() as session:
        (room,) = await rooms.listed(session)
        said = await messages.newest(session, room.branch_id, 9)
    assert room.title == "밤의 등대"
    assert [(one.author.kind, one.author.name, one.text) for one in said] == [
        ("user", "", "등대로 간다."),
        ("narrator", "진행자", "파도가 높다."),
        ("character", "하루", "못 들어간다."),
    ]
    await there.database.close()


async def test_what_we_write_is_read_by_a_reader_of_version_one(tmp_path: Path) -> None:
    """The web version's own way of reading, as its specification tells it."""
    there = await carrier(tmp_path)
    file = tmp_path / "backup.json"
    file.write_text(shapes()["full"], encoding="utf-8")
    await there.take_in(file)
    await there.take_out(tmp_path / "ours.json")
    read = json.loads((tmp_path / "ours.json").read_bytes())
    assert read["version"] == "1.0"
    # Of its own kinds its importer took the rooms of ``selected`` only.
    assert read["export_type"] == "selected"
    (room,) = read["rooms"]
    assert room["title"] == "내 방"
    assert [(one["role"], one["content"]) for one in room["messages"]] == [
        ("user", "등대로 간다."),
        ("assistant", "[진행자]: 파도가 높다."),
        ("assistant", "[하루]: 못 들어간다."),
        ("assistant", "[나비]: 야옹."),
        ("user", "왜?"),
        ("assistant", "[하루]: 폭풍이 와."),
    ]
    assert room["messages"][0]["timestamp"] == "2025-12-01 00:00:01"
    assert {**CONTEXT, **room["context"]}["world"] == "항구"
    for key in ("narrator_mode", "user_character", "choice_policy", "choice_count", "ai_provider"):
        assert room["context"][key] == CONTEXT[key]
    assert json.loads(room["token_usage"][0]["token_info"])["input_tokens"] == 900
    await there.database.close()
