"""Who is next: the one named, the narrator in its time, else the next seat."""

from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from desktop.dialogue.next_speaker import next_speaker, waits_for_me
from desktop.protocol.base import UtcMs
from desktop.protocol.models import (
    NARRATOR_VOICE,
    Author,
    Character,
    Message,
    Narrator,
    Persona,
    Stage,
)

DOIRE = Character(id="doire", name="도이레", aliases=("등대 할멈",))
MARU = Character(id="maru", name="한마루")
YUN = Character(id="yun", name="윤슬")
GONE = Character(id="gone", name="벨라", enabled=False)
NAMES = {one.id: one.name for one in (DOIRE, MARU, YUN, GONE)}
STAGE = Stage(
    me=Persona(name="서유온"),
    narrator=Narrator(kind="none"),
    characters=(DOIRE, MARU, GONE, YUN),
    answering="single",
)


def said(*lines: tuple[str, str]) -> list[Message]:
    return list(_said(lines))


def _said(lines: Iterable[tuple[str, str]]) -> Iterable[Message]:
    for at, (who, text) in enumerate(lines, 1):
        if who in ("me", "narrator", "dice", "note"):
            author = Author(kind="user" if who == "me" else who, name=who)  # type: ignore[arg-type]
        else:
            author = Author(kind="character", name=NAMES.get(who, who), id=who)
        yield Message(
            id=f"m{at}",
            room_id="r",
            branch_id="b",
            position=at,
            turn_id=f"t{at}",
            author=author,
            text=text,
            status="complete",
            created_at=UtcMs(0),
        )


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ((), "doire"),
        ((("me", "안녕하세요."),), "doire"),
        ((("doire", "음."),), "maru"),
        ((("doire", "음."), ("maru", "네.")), "yun"),
        ((("yun", "쉿."),), "doire"),
        ((("maru", "네."), ("me", "그래요.")), "yun"),
        ((("a stranger", "누구요?"),), "doire"),
    ],
)
def test_the_next_seat_speaks_and_an_empty_one_is_passed_over(
    lines: tuple[tuple[str, str], ...], wanted: str
) -> None:
    assert next_speaker(STAGE, said(*lines)).voice == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("윤슬아, 들었니?", "yun"),
        ("윤슬에게 물어봐요.", "yun"),
        ("등대 할멈이 알 텐데.", "doire"),
        ("도이레는 알까. 윤슬이는?", "yun"),
        ("벨라는 어디 갔죠?", "doire"),
        ("아무도 없나요?", "doire"),
    ],
)
def test_whom_the_last_line_names_speaks_behind_any_particle(text: str, wanted: str) -> None:
    assert next_speaker(STAGE, said(("me", text))).voice == wanted


def test_nobody_who_just_spoke_is_next_though_they_name_themselves() -> None:
    assert next_speaker(STAGE, said(("maru", "나 한마루야. 윤슬이 봤지?"))).voice == "yun"
    assert next_speaker(STAGE, said(("maru", "나 한마루야."))).voice == "yun"


def test_whoever_sits_alone_speaks_again() -> None:
    alone = replace(STAGE, characters=(MARU, GONE))
    assert next_speaker(alone, said(("maru", "네."))).voice == "maru"


def test_where_nobody_sits_the_narrator_tells() -> None:
    empty = replace(STAGE, characters=(GONE,))
    assert next_speaker(empty, said(("narrator", "바람."))).voice == NARRATOR_VOICE


def test_round_robin_does_not_listen_to_names() -> None:
    stage = replace(STAGE, next_by="round_robin")
    found = next_speaker(stage, said(("doire", "윤슬아!")))
    assert (found.voice, found.reason) == ("maru", "turn")


def test_what_is_no_line_of_anybodys_does_not_count() -> None:
    lines = said(("doire", "윤슬아."), ("dice", "한마루 2d6 = 7"), ("note", "한마루"))
    failed = replace(lines[0], id="f", text="한마루!", status="failed")
    assert next_speaker(STAGE, [*lines, failed]).voice == "yun"


@pytest.mark.parametrize(("level", "passed"), [("active", 2), ("moderate", 4), ("passive", None)])
def test_the_narrator_lets_as_many_turns_pass_as_its_level_says(
    level: str, passed: int | None
) -> None:
    stage = replace(STAGE, narrator=Narrator(level=level))  # type: ignore[arg-type]
    lines: list[tuple[str, str]] = [("narrator", "바람.")]
    told = []
    for _ in range(6):
        found = next_speaker(stage, said(*lines))
        told.append(found.voice == NARRATOR_VOICE)
        lines.append((next_speaker(STAGE, said(*lines)).voice, "음."))
    assert told == [passed is not None and at >= passed for at in range(6)]


def test_a_narrator_who_is_named_tells_and_never_twice_in_a_row() -> None:
    stage = replace(STAGE, narrator=Narrator(level="passive"))
    assert next_speaker(stage, said(("me", "진행자, 밖은 어때요?"))).voice == NARRATOR_VOICE
    assert next_speaker(stage, said(("narrator", "진행자는 숨을 고른다."))).voice == "doire"


def test_who_is_spoken_to_is_me_only_if_somebody_else_says_my_name() -> None:
    assert waits_for_me(STAGE, said(("maru", "서유온 씨는 어떻게 생각해요?")))
    assert waits_for_me(STAGE, said(("maru", "유온 씨는요?")))
    assert waits_for_me(STAGE, said(("maru", "윤슬아, 서유온에게 물어봐.")))
    assert not waits_for_me(STAGE, said(("me", "저 서유온인데요.")))
    assert not waits_for_me(STAGE, said(("maru", "서유온 씨!"), ("yun", "쉿.")))
    assert not waits_for_me(replace(STAGE, me=Persona()), said(("maru", "나는요?")))
