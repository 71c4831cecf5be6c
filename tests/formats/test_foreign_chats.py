"""Chats of other programs: every message and field of the samples, and files others can read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from desktop.formats.parts import (
    AnyPart,
    BranchPart,
    LibraryItem,
    MessagePart,
    RoomPart,
    TurnPart,
)
from desktop.protocol.base import UtcMs
from desktop.protocol.models import Author, Character, Persona, Stage, Usage
from tests.formats import independent
from tests.formats.reading import of, read, read_as, remarks, sample, sample_json, the, write_as


def lines_of(parts: list[AnyPart]) -> list[tuple[str, str, str, bool]]:
    return [
        (one.author.kind, one.author.name, one.text, one.hidden) for one in of(MessagePart, parts)
    ]


def test_a_group_chat_is_read_completely() -> None:
    header, lines = independent.chat_lines(sample("st_group_chat.jsonl"))
    parts = read(sample("st_group_chat.jsonl"), "항구 파티.jsonl")
    room, messages = the(RoomPart, parts), of(MessagePart, parts)
    assert [one.text for one in messages] == [line["mes"] for line in lines]
    assert [one.hidden for one in messages] == [line["is_system"] for line in lines]
    assert [one.author.name for one in messages] == [line["name"] for line in lines]
    assert [one.author.kind for one in messages] == ["user", "character", "narrator", "note"]
    assert messages[1].alternatives == ('"누구냐."',)
    assert None not in [one.created_at for one in messages]
    minutes = [int(one.created_at or 0) // 60_000 for one in messages]
    assert [one - minutes[0] for one in minutes] == [0, 1, 2, 3]
    assert room.stage is not None
    assert room.stage.me.name == "나"
    assert [one.name for one in room.stage.characters] == ["하루"]
    assert messages[1].author.id == room.stage.characters[0].id
    assert room.extra["sillytavern"] == header
    for one, line in zip(messages, lines, strict=True):
        assert one.extra["sillytavern"] | {"mes": one.text} == line
    turn = the(TurnPart, parts)
    assert (turn.provider, turn.model, turn.total_ms) == ("claude", "x", 5_000)
    assert messages[1].turn == turn.key


def test_a_chat_comes_out_as_it_went_in() -> None:
    made = write_as("chat_sillytavern", read(sample("st_group_chat.jsonl"), "a.jsonl"))
    assert independent.chat_lines(made) == independent.chat_lines(sample("st_group_chat.jsonl"))


def test_the_seal_of_another_programs_file_is_not_written() -> None:
    header, *rest = sample("st_group_chat.jsonl").splitlines()
    root = json.loads(header)
    root["chat_metadata"]["integrity"] = "c0ffee"
    data = b"\n".join((json.dumps(root).encode(), *rest))
    made, _ = independent.chat_lines(write_as("chat_sillytavern", read(data, "a.jsonl")))
    assert "integrity" not in made["chat_metadata"]
    assert made["chat_metadata"]["note_depth"] == 4


def test_an_edited_line_keeps_the_rest_of_what_it_said() -> None:
    parts = read(sample("st_group_chat.jsonl"), "a.jsonl")
    edited: list[AnyPart] = [
        replace(one, text="비켜라.", alternatives=(*one.alternatives, "셋째"))
        if isinstance(one, MessagePart) and one.alternatives
        else one
        for one in parts
    ]
    _, before = independent.chat_lines(sample("st_group_chat.jsonl"))
    _, after = independent.chat_lines(write_as("chat_sillytavern", edited))
    assert after[1]["mes"] == "비켜라."
    assert after[1]["swipes"] == ['"누구냐."', "비켜라.", "셋째"]
    changed = {key for key in before[1] if before[1][key] != after[1][key]}
    assert changed == {"mes", "swipes"}
    assert [after[0], *after[2:]] == [before[0], *before[2:]]


def test_speakers_of_one_name_are_told_apart_by_their_picture() -> None:
    lines = [
        {"user_name": "나", "character_name": "unused", "chat_metadata": {}},
        {"name": "하루", "is_user": False, "mes": "a", "original_avatar": "1.png"},
        {"name": "하루", "is_user": False, "mes": "b", "original_avatar": "2.png"},
        {"name": "하루!", "is_user": False, "mes": "c", "original_avatar": "1.png"},
    ]
    parts = read(b"\n".join(json.dumps(one).encode() for one in lines), "a.jsonl")
    first, second, third = (one.author.id for one in of(MessagePart, parts))
    assert first == third != second


def test_a_group_seats_its_members_and_names_its_chats() -> None:
    parts = read(sample("st_group.json"), "group.json")
    room = the(RoomPart, parts)
    assert room.title == "항구 파티"
    assert room.stage is not None
    assert [(one.name, one.enabled) for one in room.stage.characters] == [
        ("haru", True), ("minsu", False),
    ]  # fmt: skip
    assert ("dropped", "chat_elsewhere") in remarks(parts)
    assert room.extra["sillytavern"] == sample_json("st_group.json")


def test_a_risu_chat_is_read_completely() -> None:
    root = sample_json("risu_chat.json")
    parts = read(sample("risu_chat.json"), "chat.json")
    messages = of(MessagePart, parts)
    said = root["data"]["message"]
    assert [one.text for one in messages] == [each["data"] for each in said]
    assert [one.author.kind for one in messages] == ["user", "character", "character"]
    assert [one.hidden for one in messages] == [False, False, True]
    assert [one.created_at for one in messages] == [1767225600000, 1767225660000, None]
    for one, each in zip(messages, said, strict=True):
        assert one.extra["risu"] | {"data": one.text} == each
    room = the(RoomPart, parts)
    assert room.title == "1막"
    assert room.extra["risu"] | {"message": said} == root["data"]
    turn = the(TurnPart, parts)
    assert turn.usage == Usage(input=900, output=40, source="reported")
    assert turn.model == "x"


def test_all_chats_of_a_risu_character_become_rooms_with_their_lore() -> None:
    one = sample_json("risu_chat.json")["data"]
    lore = sample_json("risu_lorebook.json")["data"]
    second = {**one, "name": "2막", "localLore": lore}
    second["message"] = [*one["message"], {"role": "char", "data": "끝", "disabled": "allBefore"}]
    root = {"type": "risuAllChats", "ver": 2, "data": [one, second], "folders": []}
    parts = read(json.dumps(root).encode(), "all.json")
    assert [room.title for room in of(RoomPart, parts)] == ["1막", "2막"]
    keys = [room.key for room in of(RoomPart, parts)]
    counts = [sum(each.room == key for each in of(MessagePart, parts)) for key in keys]
    assert counts == [3, 4]
    assert all(each.hidden for each in of(MessagePart, parts) if each.room == keys[1])
    assert "잠긴 문" in the(LibraryItem, parts).content


def test_agnai() -> None:
    root = {
        "name": "Haru",
        "characters": [{"_id": "c2", "name": "Minsu"}],
        "messages": [
            {
                "_id": "1",
                "msg": "hi",
                "userId": "u",
                "handle": "Me",
                "createdAt": "2024-01-01T00:00:00Z",
            },
            {"_id": "2", "msg": "well", "characterId": "c1", "retries": ["so"]},
            {"_id": "3", "msg": "hm", "characterId": "c2"},
        ],
    }
    parts = read(json.dumps(root).encode(), "x.json")
    assert lines_of(parts) == [
        ("user", "Me", "hi", False), ("character", "Haru", "well", False),
        ("character", "Minsu", "hm", False),
    ]  # fmt: skip
    assert of(MessagePart, parts)[1].alternatives == ("so",)
    assert of(MessagePart, parts)[0].created_at == 1704067200000


def test_koboldai_lite() -> None:
    root = {
        "gamestarted": True,
        "prompt": "It is night.",
        "memory": "A harbour.",
        "actions": [
            "{{[INPUT]}}Who is there?{{[OUTPUT]}}",
            "Haru: Nobody.\nMinsu: Me.",
            "\nAda: Then open.\nHaru: No.",
        ],
        "savedsettings": {"chatname": "Ada", "chatopponent": "Haru||$||Minsu"},
    }
    parts = read(json.dumps(root).encode(), "story.json")
    assert [(name, text) for _, name, text, _ in lines_of(parts)] == [
        ("Haru", "It is night."), ("Ada", "Who is there?"), ("Haru", "Nobody."),
        ("Minsu", "Me."), ("Ada", "Then open."), ("Haru", "No."),
    ]  # fmt: skip
    assert [kind for kind, *_ in lines_of(parts)] == [
        "character", "user", "character", "character", "user", "character",
    ]  # fmt: skip
    stage = the(RoomPart, parts).stage
    assert stage is not None
    assert stage.world == "A harbour."


@pytest.mark.parametrize(
    "root",
    [
        {"internal": [["x", "y"]], "visible": [["<|BEGIN-VISIBLE-CHAT|>", "hi"], ["you", "me"]]},
        {"data": [["x", "y"]], "data_visible": [["", "hi"], ["you", "me"]]},
    ],
)
def test_text_generation_webui(root: dict[str, Any]) -> None:
    parts = read(json.dumps(root).encode(), "x.json")
    assert [(kind, text) for kind, _, text, _ in lines_of(parts)] == [
        ("character", "hi"), ("user", "you"), ("character", "me"),
    ]  # fmt: skip


def test_exports_of_character_ai() -> None:
    tools = {
        "info": {}, "character": {"name": "Haru"},
        "histories": {"histories": [
            {"created": "2023-01-01T00:00:00Z", "msgs": [
                {"src": {"is_human": False, "name": "Haru"}, "text": "hi"},
                {"src": {"is_human": True, "name": "Ada"}, "text": "oh"},
            ]},
            {"msgs": [{"src": {"is_human": False}, "text": "again"}]},
        ]},
    }  # fmt: skip
    parts = read(json.dumps(tools).encode(), "c.json")
    assert len(of(RoomPart, parts)) == 2
    assert lines_of(parts) == [
        ("character", "Haru", "hi", False), ("user", "Ada", "oh", False),
        ("character", "Haru", "again", False),
    ]  # fmt: skip
    turns = {"turns": [{
        "author": {"name": "Haru"},
        "create_time": "2024-01-01T00:00:00Z",
        "candidates": [{"raw_content": "one"}, {"raw_content": "two"}],
    }]}  # fmt: skip
    (message,) = of(MessagePart, read(json.dumps(turns).encode(), "c.json"))
    assert (message.text, message.alternatives) == ("one", ("two",))


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-01T12:00:00.000Z", "2026-01-01T21:00:00+09:00", 1767268800000, 1767268800,
        "1767268800000", "1767268800",
    ],
)  # fmt: skip
def test_a_time_with_a_zone_is_read_exactly(written: Any) -> None:
    line = {"name": "a", "is_user": True, "mes": "b", "send_date": written}
    parts = read(json.dumps(line).encode(), "a.jsonl")
    assert the(MessagePart, parts).created_at == 1767268800000


@pytest.mark.parametrize(
    "written",
    [
        "January 1, 2026 12:00pm", "Jan 1, 2026 12:00 PM", "2026-1-1@12h00m00s",
        "2026-01-01 @12h 00m 00s 000ms", "2026-01-01 12:00:00", "January 1st, 2026 at 12:00pm",
        "2026-01-01 12:00PM", "2026. 1. 1. 12:00",
    ],
)  # fmt: skip
def test_a_time_without_a_zone_is_that_of_the_zone_it_is_read_in(written: str) -> None:
    from datetime import UTC, timedelta, timezone

    from desktop.formats.moments import moment

    assert moment(written, UTC) == 1767268800000
    assert moment(written, timezone(timedelta(hours=9))) == 1767236400000


@pytest.mark.parametrize(
    "written", ["", "soon", None, [], {}, True, -5, 1e300, "9999-99-99", "1" * 90]
)
def test_a_time_that_is_none_fails_nothing(written: Any) -> None:
    line = {"name": "a", "is_user": True, "mes": "b", "send_date": written}
    parts = read_as("chat_sillytavern", json.dumps(line).encode())
    assert the(MessagePart, parts).created_at is None


def room_of(*parts: AnyPart) -> list[AnyPart]:
    stage = Stage(me=Persona(name="나"), characters=(Character(id="h", name="하루"),))
    return [RoomPart(key="r", title="t", stage=stage), *parts]


def said(text: str, branch: str, position: int, **more: Any) -> MessagePart:
    author = Author(kind="character", name="하루", id="h")
    return MessagePart(room="r", author=author, text=text, branch=branch, position=position, **more)


def test_forks_become_swipes_and_the_path_is_the_rooms_own() -> None:
    room, *_ = room_of()
    parts: list[AnyPart] = [
        replace(room, current_branch="b2"),
        BranchPart(room="r", key="b1"),
        BranchPart(room="r", key="b2", parent="b1", fork_position=1),
        BranchPart(room="r", key="b3", parent="b2", fork_position=1),
        BranchPart(room="r", key="b4", parent="b2", fork_position=2),
        said("시작", "b1", 1),
        said("옛 대답", "b1", 2),
        said("옛 끝", "b1", 3),
        said("새 대답", "b2", 2),
        said("새 끝", "b2", 3),
        said("셋째 대답", "b3", 2),
        said("넷째 끝", "b4", 3),
    ]
    _, lines = independent.chat_lines(write_as("chat_sillytavern", parts))
    assert [line["mes"] for line in lines] == ["시작", "새 대답", "새 끝"]
    assert "swipes" not in lines[0]
    assert set(lines[1]["swipes"]) == {"옛 대답", "새 대답", "셋째 대답"}
    assert set(lines[2]["swipes"]) == {"새 끝", "넷째 끝"}


texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30)
names = st.text(st.sampled_from("하루민수abc"), min_size=1, max_size=6)
authors = st.one_of(
    st.builds(Author, kind=st.just("user"), name=st.just("나")),
    st.builds(Author, kind=st.just("character"), name=names),
    st.builds(Author, kind=st.just("narrator"), name=st.just("진행자")),
    st.builds(Author, kind=st.just("note"), name=st.just("메모")),
    st.builds(Author, kind=st.just("dice"), name=st.just("주사위")),
)
messages = st.builds(
    MessagePart,
    room=st.just("r"),
    author=authors,
    text=texts,
    created_at=st.none() | st.integers(10**11, 4 * 10**12).map(UtcMs),
    hidden=st.booleans(),
    status=st.sampled_from(("complete", "partial", "stopped", "failed")),
    alternatives=st.lists(texts, max_size=3).map(tuple),
)


@given(st.lists(messages, max_size=8))
def test_any_chat_of_ours_is_the_same_after_sillytavern(told: list[MessagePart]) -> None:
    made = write_as("chat_sillytavern", room_of(*told))
    _, lines = independent.chat_lines(made)
    assert [line["mes"] for line in lines] == [one.text for one in told]
    again = of(MessagePart, read_as("chat_sillytavern", made))

    def core(one: MessagePart) -> tuple[Any, ...]:
        kind = one.author.kind, one.author.name
        return kind, one.text, one.created_at, one.hidden, one.status, one.alternatives

    assert list(map(core, again)) == list(map(core, told))
