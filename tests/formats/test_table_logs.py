"""Logs of Cocofolia and Roll20: every line of the samples, and pages others can read."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.formats.log.dice_lines import told_roll
from desktop.formats.parts import AnyPart, MessagePart, RoomPart
from desktop.protocol.models import Author, Stage
from tests.formats import independent
from tests.formats.reading import of, read, read_as, sample, the, write_as


def test_a_cocofolia_log_is_read_completely() -> None:
    told = independent.cocofolia(sample("cocofolia_log.html"))
    parts = read(sample("cocofolia_log.html"), "log.html")
    messages = of(MessagePart, parts)
    assert len(messages) == len(told) == 4
    assert [
        (
            one.extra["cocofolia"]["tab"], one.author.name, one.text,
            one.extra["cocofolia"]["color"],
        )
        for one in messages
    ] == told  # fmt: skip
    assert [one.author.kind for one in messages] == ["character", "dice", "narrator", "narrator"]
    assert [one.hidden for one in messages] == [False, False, True, False]
    stage = the(RoomPart, parts).stage
    assert stage is not None
    # The keeper and the system tell the story; the others can be played on.
    assert [one.name for one in stage.characters] == ["하루", "탐사자"]


def test_a_roll_of_a_log_is_told_and_sealed_by_nobody() -> None:
    for name in ("cocofolia_log.html", "roll20_log.html"):
        dice = [
            one for one in of(MessagePart, read(sample(name), name)) if one.author.kind == "dice"
        ]
        assert len(dice) == 1
        assert dice[0].roll is None
        (said,) = dice[0].extra.values()
        assert said["dice"]["rolled"] == 74


def test_a_roll20_log_is_read_completely() -> None:
    page = sample("roll20_log.html").decode()
    parts = read(sample("roll20_log.html"), "log.html")
    messages = of(MessagePart, parts)
    assert [one.extra["roll20"]["id"] for one in messages] == re.findall(
        r'data-messageid="([^"]*)"', page
    )
    assert [(one.author.kind, one.author.name, one.text, one.hidden) for one in messages] == [
        ("character", "하루", "못 들어간다.", False),
        # Neither name nor picture: whoever spoke goes on.
        ("character", "하루", "돌아가.", False),
        ("narrator", "", "파도 소리가 커진다.", False),
        ("character", "하루", "하루가 등불을 든다.", False),
        ("dice", "탐사자", "rolling 1d100 ＞ 74", False),
        ("narrator", "KP", "너만 문틈의 빛을 본다.", True),
    ]
    room = the(RoomPart, parts)
    assert room.title == "항구의 밤"
    assert room.stage is not None
    assert room.stage.me.name == "탐사자"
    assert messages[0].created_at == messages[1].created_at is not None
    assert int(messages[4].created_at or 0) - int(messages[0].created_at or 0) == 240_000
    assert messages[0].extra["roll20"] == {
        "kind": "general", "id": "-M1", "player": "-P1", "avatar": "/users/avatar/1/30",
    }  # fmt: skip


def test_a_cocofolia_log_comes_out_as_it_went_in() -> None:
    made = write_as("log_cocofolia", read(sample("cocofolia_log.html"), "a.html"))
    assert independent.cocofolia(made) == independent.cocofolia(sample("cocofolia_log.html"))


def test_a_roll20_log_comes_out_with_every_line() -> None:
    made = write_as("log_roll20", read(sample("roll20_log.html"), "a.html"))
    assert independent.roll20(made) == independent.roll20(sample("roll20_log.html"))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (
            "CC<=80 지능 (1D100<=80) 보너스, 패널티 주사위[0] ＞ 74 ＞ 74 ＞ 보통 성공",
            {"target": 80, "rolled": 74, "grade": "regular"},
        ),
        ("CC<=45 (1D100<=45) ＞ 2 ＞ 2 ＞ 대단한 성공", {"rolled": 2, "grade": "extreme"}),
        ("CC<=45 (1D100<=45) ＞ 100 ＞ 100 ＞ 대실패", {"rolled": 100, "grade": "fumble"}),
        ("CC<=45 (1D100<=45) ＞ 1 ＞ 1 ＞ 대성공", {"rolled": 1, "grade": "critical"}),
        ("CC<=45 (1D100<=45) ＞ 60 ＞ 60 ＞ 실패", {"rolled": 60, "grade": "failure"}),
        (
            "CC<=50 (1D100<=50) ボーナス・ペナルティダイス[0] ＞ 1 ＞ 1 ＞ クリティカル",
            {"rolled": 1, "grade": "critical"},
        ),
        ("1d3+1d4 (1D3+1D4) ＞ 2[2]+3[3] ＞ 5", {"rolled": 5}),
        ("x2 CC<=50 #1\nCC<=50 (1D100<=50) ＞ 30 ＞ 30 ＞ 보통 성공", {"grade": "regular"}),
    ],
)
def test_a_line_of_dice_is_known(line: str, wanted: dict[str, Any]) -> None:
    told = told_roll(line)
    assert told is not None
    assert {key: told.get(key) for key in wanted} == wanted


@pytest.mark.parametrize(
    "line", ["못 들어간다.", "SAN : 47 → 46", "카드 ＞ 문 ＞ 열림", "CC 생각해 볼까", "1d6 굴릴게"]
)
def test_a_line_of_talk_is_no_roll(line: str) -> None:
    assert told_roll(line) is None


def test_entities_are_characters_and_nothing_more() -> None:
    bombs = (
        '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">'
        '<!ENTITY x SYSTEM "file:///etc/passwd">]><title>ccfolia - logs</title>'
        '<p style="color:#111111;"><span> [main]</span><span>A</span>'
        "<span>&b; &x; &lt;ok&gt;</span></p>"
    )
    (message,) = of(MessagePart, read_as("log_cocofolia", bombs.encode()))
    assert message.text == "&b; &x; <ok>"


def test_a_page_of_korean_windows_is_read() -> None:
    page = sample("roll20_log.html").decode().encode("cp949")
    again = of(MessagePart, read(page, "a.html"))
    assert again[0].text == "못 들어간다."
    assert len(again) == 6


def test_scripts_and_styles_of_a_page_are_never_said() -> None:
    page = (
        '<title>Chat Log for x</title><div class="message general" data-messageid="1">'
        '<span class="by">A:</span>hi<img src=x onerror=alert(1)></div>'
        "<script>document.write('<div class=message>no</div>')</script>"
    )
    (message,) = of(MessagePart, read_as("log_roll20", page.encode()))
    assert message.text == "hi"


def test_what_is_written_into_a_page_stays_text() -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    room = RoomPart(key="r", title=evil, stage=Stage())
    said = MessagePart(room="r", author=Author(kind="character", name=evil), text=evil)
    for format_id in ("log_cocofolia", "log_roll20"):
        made = write_as(format_id, [room, said])
        assert b"<script" not in made
        assert b"<img" not in made
        assert of(MessagePart, read_as(format_id, made))[0].text == evil


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf")),
    min_size=1,
    max_size=12,
)
bodies = (
    st.lists(words, min_size=1, max_size=3)
    .map("\n".join)
    .filter(lambda text: told_roll(text) is None)
)
names = st.text(st.sampled_from("하루민수abc"), min_size=2, max_size=6)
messages = st.builds(
    MessagePart,
    room=st.just("r"),
    author=st.builds(Author, kind=st.just("character"), name=names),
    text=bodies,
    hidden=st.booleans(),
)


@given(st.lists(messages, min_size=1, max_size=8))
def test_any_talk_of_ours_is_the_same_after_a_log(told: list[MessagePart]) -> None:
    parts: list[AnyPart] = [RoomPart(key="r", title="t", stage=Stage()), *told]
    wanted = [(one.author.name, one.text, one.hidden) for one in told]
    coco = write_as("log_cocofolia", parts)
    assert [(name, text) for _, name, text, _ in independent.cocofolia(coco)] == [
        one[:2] for one in wanted
    ]
    for format_id in ("log_cocofolia", "log_roll20"):
        again = of(MessagePart, read_as(format_id, write_as(format_id, parts)))
        assert [(one.author.name, one.text, one.hidden) for one in again] == wanted
