"""Tables to talk at, and how hypothesis makes more of them."""

import msgspec
from hypothesis import strategies as st

from desktop.protocol.base import UtcMs
from desktop.protocol.models import (
    Author,
    Character,
    Conversation,
    Language,
    Message,
    MessageStatus,
    Narrator,
    Persona,
    Stage,
)

CONVERSATIONS: tuple[Conversation, ...] = (
    "table",
    "group_chat",
    "one_to_one_chat",
    "one_to_one_scene",
)
LANGUAGES: tuple[Language, ...] = ("ko", "en", "ja")

IRE = Character(id="ire", name="도이레", aliases=("등대지기", "Keeper"), dye="chija")
MARU = Character(id="maru", name="한마루", dye="jjok")
BELLA = Character(id="bella", name="남궁 벨라도나 오르테시아", dye="jadu")
TABLE = Stage(me=Persona(name="서유온"), characters=(IRE, MARU, BELLA))

NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(
        [
            "김 서방",
            "Dr. Kim",
            "R2-D2",
            "👩‍🚀 유리",
            "🙂",
            "A",
            "1d20",
            "진행자",
            "GM",
            "웃음",
            "[x]",
            "*",
            "선택지",
            "é",
        ]
    ),
    st.text("가나다 abc()[]*:👻·.'\"", min_size=1, max_size=24),
)


@st.composite
def stages(draw: st.DrawFn, most: int = 4) -> Stage:
    names = draw(st.lists(NAMES, max_size=most))
    characters = tuple(
        Character(id=f"c{at}", name=name, enabled=draw(st.booleans()) or at == 0)
        for at, name in enumerate(names)
    )
    return Stage(
        language=draw(st.sampled_from(LANGUAGES)),
        situation=draw(st.text(max_size=60)),
        me=Persona(name=draw(st.one_of(st.just(""), NAMES))),
        narrator=Narrator(
            kind=draw(st.sampled_from(["ai", "me", "none"])),
            level=draw(st.sampled_from(["active", "moderate", "passive"])),
        ),
        characters=characters,
    )


@st.composite
def settings_of(draw: st.DrawFn, stage: Stage) -> Stage:
    """The stage with any of the settings of how the table talks."""
    return msgspec.structs.replace(
        stage,
        conversation=draw(st.sampled_from(CONVERSATIONS)),
        choices=draw(st.sampled_from([None, 2, 3, 4, 5])),
        output=draw(st.sampled_from(["less", "normal", "more"])),
        pace=draw(st.sampled_from(["slow", "normal", "fast"])),
        separation=draw(st.booleans()),
        narrator=msgspec.structs.replace(
            stage.narrator, drive=draw(st.sampled_from(["describe", "guide", "direct"]))
        ),
    )


def any_stages(most: int = 4) -> st.SearchStrategy[Stage]:
    """Any people, and any way in which they talk."""
    return stages(most).flatmap(settings_of)


def said(
    author: Author,
    text: str,
    *,
    turn: str = "t1",
    status: MessageStatus = "complete",
    position: int = 1,
) -> Message:
    return Message(
        id=f"m{position}",
        room_id="room",
        branch_id="branch",
        position=position,
        turn_id=turn,
        author=author,
        text=text,
        status=status,
        created_at=UtcMs(0),
    )


ME = Author(kind="user", name="서유온")
NARRATOR = Author(kind="narrator", name="진행자")
KEEPER = Author(kind="character", name="도이레", id="ire", dye="chija")
