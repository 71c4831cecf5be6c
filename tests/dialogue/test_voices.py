"""Who answers together, in which order and with which AI, and what each voice is told."""

import itertools

import pytest
from msgspec.structs import replace

from desktop.dialogue.prompt import Lore, compose
from desktop.dialogue.voices import (
    Way,
    groups,
    is_voice,
    members,
    seats,
    stage_of,
    voice_with,
    way_of,
)
from desktop.protocol.lore import Entry, Fired, LorePosition
from desktop.protocol.models import (
    NARRATOR_VOICE,
    Character,
    Language,
    Narrator,
    Persona,
    Secret,
    Stage,
)
from tests.dialogue.tables import KEEPER, ME, said

HARU = Character(id="haru", name="하루", line="등대지기", speech="짧게 끊는다")
NABI = Character(id="nabi", name="나비", provider="claude", model="opus")
MARU = Character(id="maru", name="마루", provider="claude", model="opus")
STAGE = Stage(
    me=Persona(name="우체부"), characters=(HARU, NABI, MARU), provider="gemini", model="pro"
)


def test_where_one_ai_speaks_for_all_the_whole_table_answers_at_once() -> None:
    plain = replace(STAGE, characters=(HARU, replace(NABI, provider="")))
    assert groups(plain) == ("",)
    assert way_of(plain, "") == Way("gemini", "pro")


def test_where_all_seats_have_the_same_own_ai_that_one_answers_at_once() -> None:
    theirs = replace(STAGE, characters=(NABI, MARU), narrator=Narrator(kind="none"))
    assert groups(theirs) == ("",)
    assert way_of(theirs, "") == Way("claude", "opus")


def test_those_who_share_an_ai_answer_together_in_the_order_of_the_table() -> None:
    assert seats(STAGE) == (NARRATOR_VOICE, "haru", "nabi", "maru")
    assert groups(STAGE) == ("@narrator+haru", "nabi+maru")
    assert way_of(STAGE, "@narrator+haru") == Way("gemini", "pro")
    assert way_of(STAGE, "nabi+maru") == Way("claude", "opus")


def test_another_model_is_another_ai() -> None:
    other = replace(STAGE, characters=(HARU, NABI, replace(MARU, model="sonnet")))
    assert groups(other) == ("@narrator+haru", "nabi", "maru")


def test_a_model_without_a_provider_of_its_own_is_not_asked_for() -> None:
    odd = replace(STAGE, characters=(replace(HARU, model="opus"),))
    assert way_of(odd, "haru") == Way("gemini", "pro")


def test_the_narrator_can_have_an_ai_of_its_own_and_opens_the_round() -> None:
    told = replace(STAGE, narrator=Narrator(provider="droid"), characters=(HARU, NABI))
    assert groups(told) == ("@narrator", "haru", "nabi")


def test_a_narrator_who_offers_choices_closes_the_round() -> None:
    told = replace(STAGE, narrator=Narrator(provider="droid"), choices=3)
    assert groups(told) == ("haru", "nabi+maru", "@narrator")
    shared = replace(STAGE, choices=3)
    assert groups(shared)[-1] == "haru+@narrator"


def test_only_the_last_of_a_round_offers_choices() -> None:
    told = replace(STAGE, choices=3)
    reasons = [_reason(told, voice, "choices") for voice in groups(told)]
    assert reasons == ["choices.off.voice", "choices.narrator"]
    bare = replace(STAGE, narrator=Narrator(kind="none"), choices=3)
    reasons = [_reason(bare, voice, "choices") for voice in groups(bare)]
    assert reasons == ["choices.off.voice", "choices.character"]


def test_where_one_speaks_at_a_time_choices_come_once_a_round() -> None:
    bare = replace(STAGE, narrator=Narrator(kind="none"), choices=3, answering="single")
    reasons = [_reason(bare, voice, "choices") for voice in seats(bare)]
    assert reasons == ["choices.off.voice", "choices.off.voice", "choices.character"]
    assert [stage_of(bare, voice).choices for voice in seats(bare)] == [None, None, 3]
    told = replace(bare, narrator=Narrator())
    reasons = [_reason(told, voice, "choices") for voice in seats(told)]
    assert reasons == ["choices.off.voice"] * 3 + ["choices.narrator"]
    alone = replace(bare, characters=(HARU,))
    assert _reason(alone, "haru", "choices") == "choices.character"
    silent = replace(bare, choices=None)
    assert {_reason(silent, voice, "choices") for voice in seats(silent)} == {"choices.off"}


def test_somebody_speaks_in_the_group_or_alone() -> None:
    assert voice_with(STAGE, "maru") == "nabi+maru"
    assert voice_with(replace(STAGE, answering="single"), "maru") == "maru"
    assert voice_with(STAGE, "a stranger") == ""
    assert members("nabi+maru") == ("nabi", "maru")
    assert is_voice(STAGE, "nabi+maru")
    assert not is_voice(replace(STAGE, characters=(HARU,)), "nabi+maru")


def _reason(stage: Stage, voice: str, kind: str) -> str:
    return next(
        one.reason_code
        for one in compose(stage, (), "응", voice=voice).segments
        if one.kind == kind
    )


def test_a_voice_is_told_whom_it_plays_and_who_else_is_there() -> None:
    prompt = compose(STAGE, (), "불을 켜 줘.", voice="nabi")
    kinds = {one.kind: one.text for one in prompt.segments}
    assert "[나비]뿐" in kinds["format"]
    assert "[하루]" not in kinds["format"]
    assert "[하루]" not in kinds["characters"]
    assert "등대지기" in kinds["others"]
    assert "짧게 끊는다" not in prompt.system
    assert "이번 차례는 [나비]입니다." in kinds["line"]
    assert _reason(STAGE, "nabi", "narrator") == "narrator.elsewhere"


def test_a_narrator_who_is_played_alone_plays_nobody_else() -> None:
    prompt = compose(STAGE, (), "", voice=NARRATOR_VOICE)
    kinds = {one.kind: one.text for one in prompt.segments}
    assert "characters" not in kinds
    assert "[하루]" in kinds["others"]
    assert "`[진행자]: `" in kinds["format"]
    assert "[진행자] 차례" in kinds["line"]


def _lore(*visibility: str) -> Lore:
    """The same secret in every place where lore can stand."""
    at: tuple[tuple[LorePosition, int], ...] = (
        ("before_characters", 4),
        ("after_characters", 4),
        ("at_depth", 1),
    )
    entries = [
        Entry(
            id=f"{n}", content=f"지하실 {n}", visibility=visibility, position=position, depth=depth
        )
        for n, (position, depth) in enumerate(at)
    ]
    fired = tuple(Fired(book_id="b", entry=one, cause="key", tokens=1) for one in entries)
    return Lore(fired[:2], fired)


@pytest.mark.parametrize(
    ("visibility", "knowing"),
    [
        (("all",), {"@narrator", "haru", "nabi", "maru", "nabi+maru", ""}),
        ((), {"@narrator", "haru", "nabi", "maru", "nabi+maru", ""}),
        (("gm",), {"@narrator", ""}),
        (("char:maru",), {"maru", "nabi+maru", ""}),
        (("gm", "char:haru"), {"@narrator", "haru", ""}),
        (("char:stranger",), {""}),
    ],
)
def test_lore_that_some_know_reaches_no_voice_of_the_others(
    visibility: tuple[str, ...], knowing: set[str]
) -> None:
    single = replace(STAGE, answering="single")
    history = (said(KEEPER, "추워."), said(ME, "그래?", turn="t2"))
    for voice in ("@narrator", "haru", "nabi", "maru", "nabi+maru", ""):
        prompt = compose(single, history, "응", voice=voice, lore=_lore(*visibility))
        whole = prompt.system + prompt.user
        assert whole.count("지하실") == (5 if voice in knowing else 0), voice
        told = "char:maru" in visibility and voice in knowing
        assert ("아는 이: [마루]" in whole) == told, voice


def test_a_voice_of_the_whole_table_is_told_the_same_as_the_table() -> None:
    whole = "+".join(seats(STAGE))
    assert compose(STAGE, (), "응", voice=whole).system == compose(STAGE, (), "응").system


SECRETS = {
    ("haru",): "하루만 아는 비밀",
    ("haru", "nabi"): "하루와 나비가 아는 비밀",
    ("nabi",): "나비만 아는 비밀",
    ("nabi", "maru", "haru"): "셋이 아는 비밀",
    ("maru", "me"): "마루와 내가 아는 비밀",
}


def _with_secrets(language: Language) -> Stage:
    def own(character: Character) -> Character:
        kept = tuple(
            Secret(text=text, known_by=knowing[1:])
            for knowing, text in SECRETS.items()
            if knowing[0] == character.id
        )
        return replace(character, secrets=kept)

    people = tuple(own(one) for one in (HARU, NABI, MARU))
    return replace(STAGE, language=language, characters=people)


@pytest.mark.parametrize("language", ["ko", "en", "ja"])
@pytest.mark.parametrize("answering", ["ensemble", "single"])
@pytest.mark.parametrize("kind", ["ai", "me", "none"])
@pytest.mark.parametrize("line", ["", "불을 켜 줘."])
def test_no_prompt_of_a_voice_holds_a_secret_that_it_does_not_know(
    language: Language, answering: str, kind: str, line: str
) -> None:
    stage = replace(
        _with_secrets(language),
        answering=answering,
        narrator=Narrator(kind=kind),  # type: ignore[arg-type]
    )
    people = ("haru", "nabi", "maru")
    voices = ["+".join(some) for size in (1, 2, 3) for some in itertools.combinations(people, size)]
    for voice in voices:
        prompt = compose(stage, (), line, voice=voice)
        for knowing, secret in SECRETS.items():
            knows = not set(members(voice)).isdisjoint(knowing)
            assert (secret in prompt.system) == knows, (voice, secret)
            assert secret not in prompt.user
