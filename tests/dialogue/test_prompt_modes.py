"""Which rules stand in the prompt of each kind of conversation, and which must not."""

import itertools
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.dialogue.choices import split
from desktop.dialogue.prompt import Prompt, compose
from desktop.dialogue.speakers import Roster, parse
from desktop.dialogue.table import Table
from desktop.protocol.models import (
    Character,
    Conversation,
    Language,
    Narrator,
    NarratorKind,
    Persona,
    Relation,
    Secret,
    Stage,
)
from desktop.protocol.spoken import cast, chatting, narrating, narrator_tag
from tests.dialogue.tables import BELLA, CONVERSATIONS, IRE, LANGUAGES, MARU, any_stages

KINDS: tuple[NarratorKind, ...] = ("ai", "me", "none")
MODES = list(itertools.product(CONVERSATIONS, KINDS, LANGUAGES))


def stage_of(
    conversation: Conversation, kind: NarratorKind, language: Language, **changes: object
) -> Stage:
    stage = Stage(
        language=language,
        conversation=conversation,
        me=Persona(name="서유온"),
        narrator=Narrator(kind=kind, description="낮은 목소리"),
        characters=(IRE, MARU),
    )
    return msgspec.structs.replace(stage, **changes)


def texts_of(prompt: Prompt) -> dict[str, str]:
    return {segment.kind: segment.text for segment in prompt.segments}


def reasons_of(prompt: Prompt) -> dict[str, str]:
    return {segment.kind: segment.reason_code for segment in prompt.segments}


def left_out(prompt: Prompt) -> set[str]:
    return {omission.reason_code for omission in prompt.omissions}


def answer_of(prompt: Prompt) -> str:
    return texts_of(prompt)["example"].partition("→\n")[2]


@pytest.mark.parametrize(("conversation", "kind", "language"), MODES)
def test_the_narrator_is_told_of_only_where_the_ai_narrates(
    conversation: Conversation, kind: NarratorKind, language: Language
) -> None:
    stage = stage_of(conversation, kind, language)
    prompt = compose(stage, (), "x")
    texts, reasons, tag = texts_of(prompt), reasons_of(prompt), f"[{narrator_tag(stage)}]"
    narrates = kind == "ai" and conversation in ("table", "one_to_one_scene")
    assert (tag in texts["format"]) == narrates
    assert (f"{tag}: " in answer_of(prompt)) == narrates
    assert ("drive" in texts) == narrates
    assert ("낮은 목소리" in prompt.system) == narrates
    expected = {"me": "narrator.me", "none": "narrator.none"}.get(
        kind, "narrator.ai.moderate" if narrates else "narrator.off.chat"
    )
    assert reasons["narrator"] == expected
    if not narrates:
        unused = "narrator.off.chat" if kind == "ai" else "narrator.description.unused"
        assert unused in left_out(prompt)


@pytest.mark.parametrize(("conversation", "kind", "language"), MODES)
def test_one_to_one_there_is_one_character_and_no_rule_for_many(
    conversation: Conversation, kind: NarratorKind, language: Language
) -> None:
    stage = stage_of(conversation, kind, language)
    prompt, table = compose(stage, (), "x"), Table(stage)
    alone = conversation.startswith("one_to_one")
    assert ("한마루" in prompt.system) != alone
    assert (table.texts.frame_many in prompt.system) != alone
    assert (table.texts.frame_one in prompt.system) == alone
    assert ("character.one_to_one" in left_out(prompt)) == alone
    one_tag = table.texts.format_one.format(name="[도이레]")
    assert (one_tag in prompt.system) == (alone and narrating(stage) != "ai")


@pytest.mark.parametrize(("conversation", "kind", "language"), MODES)
@pytest.mark.parametrize("separation", [True, False])
def test_there_is_one_way_of_writing_what_is_not_said_and_the_example_keeps_to_it(
    conversation: Conversation, kind: NarratorKind, language: Language, separation: bool
) -> None:
    stage = stage_of(conversation, kind, language, separation=separation)
    prompt, table = compose(stage, (), "x"), Table(stage)
    told = [
        name
        for name, rule in table.texts.expressions.items()
        if rule.format(narrator=table.narrator) in prompt.system
    ]
    assert told == [table.expression]
    assert (reasons_of(prompt)["expression"] == "separation.on") == (
        separation and not chatting(stage)
    )
    assert ("separation.chat" in left_out(prompt)) == (separation and chatting(stage))
    lines = answer_of(prompt).split("\n")
    starred = [line for line in lines if "*" in line]
    if table.expression in ("speech_only", "hints"):
        assert starred == []
    elif table.expression in ("separate", "separate_narrator"):
        assert [re.sub(r"^\*[^*]+\*$", "", line) for line in starred] == [""]
    else:
        assert all(re.match(r"\[[^\]]+\]: \*[^*]+\* ", line) for line in starred)


@pytest.mark.parametrize(("conversation", "kind", "language"), MODES)
@pytest.mark.parametrize("drive", ["describe", "guide", "direct"])
def test_choices_are_asked_for_wherever_somebody_can_offer_them(
    conversation: Conversation, kind: NarratorKind, language: Language, drive: str
) -> None:
    narrator = msgspec.convert({"kind": kind, "drive": drive}, Narrator)
    stage = stage_of(conversation, kind, language, narrator=narrator, choices=4)
    prompt, table = compose(stage, (), "x"), Table(stage)
    reason, offered = reasons_of(prompt)["choices"], split(answer_of(prompt)).choices
    if conversation in ("group_chat", "one_to_one_chat"):
        assert reason == "choices.off.chat"
    elif kind == "me":
        assert reason == "choices.off.me"
    elif kind == "none":
        assert reason == "choices.character"
    else:
        assert reason == ("choices.off.direct" if drive == "direct" else "choices.narrator")
    able = not reason.startswith("choices.off")
    assert len(offered) == (4 if able else 0)
    assert (table.texts.choices_off in prompt.system) != able
    assert (reason in left_out(prompt)) != able
    if able:
        assert "`D) `" in texts_of(prompt)["choices"]
        assert "`E) `" not in texts_of(prompt)["choices"]
        last = parse(answer_of(prompt), Roster.of(stage))[-1]
        assert (last.author.kind == "narrator") == (kind == "ai")
    none = compose(msgspec.structs.replace(stage, choices=None), (), "x")
    assert reasons_of(none)["choices"] == "choices.off"
    assert split(answer_of(none)).choices == ()
    assert not {code for code in left_out(none) if code.startswith("choices")}
    assert "A)" not in none.system


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_length_is_told_in_words_and_grows(language: Language) -> None:
    bounds = []
    for output in ("less", "normal", "more"):
        prompt = compose(stage_of("table", "ai", language, output=output), (), "x")
        assert reasons_of(prompt)["output"] == f"output.{output}"
        bounds += [int(found) for found in re.findall(r"\d+", texts_of(prompt)["output"])]
    assert len(bounds) == 6
    assert bounds == sorted(set(bounds))


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_fast_story_may_skip_time_and_a_chat_never_does(language: Language) -> None:
    skips = {"ko": "건너뛰고", "en": "may skip", "ja": "飛ばし、"}[language]
    stays = {"ko": "건너뛰거나", "en": "not skip time", "ja": "飛ば"}[language]
    for conversation, pace in itertools.product(CONVERSATIONS, ("slow", "normal", "fast")):
        stage = stage_of(conversation, "ai", language, pace=pace)
        prompt = compose(stage, (), "x")
        assert reasons_of(prompt)["pace"] == f"pace.{pace}"
        moves = pace == "fast" and not chatting(stage)
        assert (skips in texts_of(prompt)["pace"]) == moves
        if not moves:
            assert stays in texts_of(prompt)["pace"]
        rest = prompt.system.replace(texts_of(prompt)["pace"], "")
        assert stays not in rest


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_level_drive_and_conversation_has_words_of_its_own(language: Language) -> None:
    def narrated(level: str, drive: str) -> str:
        narrator = msgspec.convert({"level": level, "drive": drive}, Narrator)
        return compose(stage_of("table", "ai", language, narrator=narrator), (), "x").system

    levels, drives = ("active", "moderate", "passive"), ("describe", "guide", "direct")
    assert len({narrated(*one) for one in itertools.product(levels, drives)}) == 9
    frames = {
        texts_of(compose(stage_of(one, "none", language), (), "x"))["frame"]
        for one in CONVERSATIONS
    }
    assert len(frames) == 4


@given(any_stages())
def test_any_rooms_prompt_has_each_section_once_with_a_reason(stage: Stage) -> None:
    prompt = compose(stage, (), "x")
    kinds = [segment.kind for segment in prompt.segments]
    assert len(set(kinds)) == len(kinds)
    for segment in prompt.segments:
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", segment.reason_code)
        assert segment.text.startswith("# ")
        assert "{" not in re.sub(r"^[>\[].*", "", segment.text, flags=re.MULTILINE) or "{" in str(
            stage
        )
    answer = parse(answer_of(prompt), Roster.of(stage))
    assert all(speech.known for speech in answer)


@given(any_stages())
def test_a_sparse_room_is_told_by_the_narrator_in_every_mode(stage: Stage) -> None:
    empty = msgspec.structs.replace(stage, characters=())
    prompt = compose(empty, (), "x")
    answer = parse(answer_of(prompt), Roster.of(empty))
    assert {speech.author.kind for speech in answer} == {"narrator"}
    assert f"[{narrator_tag(empty)}]" in texts_of(prompt)["format"]
    reason = reasons_of(prompt)["narrator"]
    assert reason.startswith("narrator.ai" if stage.narrator.kind == "ai" else "narrator.alone")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_secret_names_who_knows_it_and_who_does_not(language: Language) -> None:
    secret = Secret(text="불을 끈 것은 나다", known_by=("maru", "gone"))
    keeper = msgspec.structs.replace(IRE, secrets=(secret, Secret(text=" \n")))
    stage = Stage(language=language, me=Persona(name="서유온"), characters=(keeper, MARU, BELLA))
    told = texts_of(compose(stage, (), "x"))["secrets"]
    texts = Table(stage).texts
    assert told.count("> ") == 1
    assert f"- {texts.hidden_known}: [도이레], [한마루]\n" in told
    assert f"- {texts.hidden_unknown}: [남궁 벨라도나 오르테시아], [서유온]\n" in told
    assert texts.hidden_rule in told
    assert texts.hidden_narrator in told
    everyone = Secret(text="모두 안다", known_by=("maru", "bella", "me"))
    shared = msgspec.structs.replace(
        stage, characters=(msgspec.structs.replace(IRE, secrets=(everyone,)), MARU, BELLA)
    )
    assert f"- {texts.hidden_unknown}" not in texts_of(compose(shared, (), "x"))["secrets"]


def test_a_secret_of_somebody_who_is_not_there_is_not_told() -> None:
    keeper = msgspec.structs.replace(MARU, secrets=(Secret(text="숨긴 일"),))
    away = msgspec.structs.replace(keeper, enabled=False)
    for stage in (
        Stage(characters=(IRE, away)),
        Stage(characters=(IRE, keeper), conversation="one_to_one_chat"),
    ):
        prompt = compose(stage, (), "x")
        assert "숨긴 일" not in prompt.system
        assert "secrets" not in texts_of(prompt)
        assert [one.names for one in prompt.omissions if one.kind == "characters"] == [("한마루",)]


def test_examples_and_relations_stand_in_the_card() -> None:
    keeper = msgspec.structs.replace(
        IRE,
        examples=("왔나.", "앉게.\n차 들게."),
        relations=(
            Relation(to="maru", text="빚이 있다"),
            Relation(to="me", text="믿는다"),
            Relation(text="남쪽에 누이가 산다"),
            Relation(to="nobody", text="잊은 사람"),
            Relation(to="maru", text=" "),
        ),
    )
    stage = Stage(me=Persona(name="서유온"), characters=(keeper, MARU))
    card = texts_of(compose(stage, (), "x"))["characters"]
    for line in (
        "> 왔나.",
        "> 앉게.",
        "> 차 들게.",
        "> 한마루: 빚이 있다",
        "> 서유온: 믿는다",
        "> 남쪽에 누이가 산다",
        "> 잊은 사람",
    ):
        assert f"\n{line}\n" in f"{card}\n"
    assert card.count("\n> ") == 8, "the aliases and the seven lines above"


def hostile(text: str) -> Prompt:
    keeper = Character(
        id="ire",
        name="도이레",
        examples=(text, text),
        relations=(Relation(to="maru", text=text), Relation(text=text)),
        secrets=(Secret(text=text),),
    )
    stage = Stage(
        narrator=Narrator(kind="ai", description=text),
        characters=(keeper, MARU),
        choices=3,
        separation=True,
    )
    return compose(stage, (), "안녕", house_rules=text, summary=text)


BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def skeleton(text: str) -> list[str]:
    """Every line that could be a heading, a tag, a label or a rule: all that are not quoted."""
    return [line for line in re.split(f"[{BREAKS}]", text) if not line.startswith(">")]


@given(st.text(alphabet="[]#=*->:A)진행자도이레 \n\r\u2028\x85\x0b\x1c\t\u200b\ufeff", max_size=60))
def test_no_new_field_can_break_a_section(text: str) -> None:
    told, harmless = hostile(text + "끝"), hostile("끝")
    assert skeleton(told.system) == skeleton(harmless.system)
    assert skeleton(told.user) == skeleton(harmless.user)
    assert [one.kind for one in told.segments] == [one.kind for one in harmless.segments]


def test_house_rules_stand_in_the_system_part_and_a_summary_before_the_story() -> None:
    prompt = compose(
        Stage(characters=(IRE,)), (), "x", house_rules="한 문장씩\n# 규칙", summary="불이 꺼졌다"
    )
    by_kind = {segment.kind: segment for segment in prompt.segments}
    assert by_kind["house_rules"].place == "system"
    assert by_kind["house_rules"].reason_code == "profile.house_rules"
    assert "> 한 문장씩\n> # 규칙" in prompt.system
    assert by_kind["summary"].place == "user"
    assert "> 불이 꺼졌다" in prompt.user
    plain = compose(Stage(characters=(IRE,)), (), "x", house_rules=" \n", summary="\u200b ")
    assert {"house_rules", "summary"}.isdisjoint(one.kind for one in plain.segments)


def test_a_prompt_of_everything_still_seats_its_people() -> None:
    stage = msgspec.structs.replace(stage_of("one_to_one_scene", "none", "ko"), choices=5)
    assert [part.tag for part in cast(stage)] == ["도이레"]
    roster = Roster.of(stage)
    assert roster.untagged.id == "ire"
    chat = stage_of("one_to_one_chat", "ai", "ko")
    assert Roster.of(chat).untagged.id == "ire"


@pytest.mark.parametrize(("conversation", "kind", "language"), MODES)
def test_the_ai_is_told_who_rolls_the_dice_only_where_it_narrates(
    conversation: Conversation, kind: NarratorKind, language: Language
) -> None:
    stage = stage_of(conversation, kind, language)
    asked = "[[" in texts_of(compose(stage, (), "안녕")).get("dice", "")
    assert asked == (Table(stage).kind == "ai")
    without = msgspec.structs.replace(stage, dice=False)
    assert "dice" not in texts_of(compose(without, (), "안녕"))


def test_a_roll_that_is_asked_for_is_no_speaker() -> None:
    stage = stage_of("table", "ai", "ko")
    said = "[이레]: 잠깐만.\n[[판정: 관찰력 1d100<=60]]\n[관찰력] 1d100"
    assert [row.author.name for row in parse(said, Roster.of(stage))] == ["이레"]
