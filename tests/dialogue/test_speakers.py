import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop.dialogue import speakers, tags
from desktop.dialogue.speakers import (
    Closed,
    Grew,
    Opened,
    Roster,
    SpeakerParser,
    Speech,
    SpeechEvent,
    parse,
)
from desktop.protocol.models import Author, Character, Narrator, Stage
from tests.dialogue.tables import IRE, MARU, TABLE, stages

ROSTER = Roster.of(TABLE)


def rows(text: str, roster: Roster = ROSTER) -> list[tuple[str, str]]:
    return [(speech.author.name, speech.text) for speech in parse(text, roster)]


def played(slices: list[str], roster: Roster = ROSTER) -> list[SpeechEvent]:
    parser = SpeakerParser(roster)
    return [event for part in slices for event in parser.feed(part)] + list(parser.finish())


def collected(events: list[SpeechEvent]) -> tuple[Speech, ...]:
    """The rows, and on the way: that each speech opens, grows and closes in this order."""
    opened: list[Opened] = []
    texts: list[str] = []
    closed = 0
    for before, event in zip([None, *events], events, strict=False):
        if isinstance(before, Opened):
            assert isinstance(event, Grew), "a bubble opened without its first text"
        if isinstance(event, Opened):
            assert event.index == len(opened) == closed
            opened.append(event)
            texts.append("")
        elif isinstance(event, Grew):
            assert event.index == len(opened) - 1 == closed
            assert event.text
            assert texts[event.index] or event.text[0].strip()
            texts[event.index] += event.text
        else:
            assert event.index == closed
            closed += 1
    assert closed == len(opened)
    return tuple(
        Speech(one.author, one.known, text) for one, text in zip(opened, texts, strict=True)
    )


@pytest.mark.parametrize(
    "line",
    [
        "[도이레]: 불을 봐라.",
        "[도이레] 불을 봐라.",
        "[도이레]： 불을 봐라.",
        "[ 도이레 ] : 불을 봐라.",
        "【도이레】불을 봐라.",
        "［도이레］：불을 봐라.",
        "「도이레」: 불을 봐라.",
        "**도이레**: 불을 봐라.",
        "**도이레:** 불을 봐라.",
        "**[도이레]**: 불을 봐라.",
        "**[도이레]:** 불을 봐라.",
        "**[도이레]** 불을 봐라.",
        "도이레: 불을 봐라.",
        "도이레：불을 봐라.",
        "  등대지기 : 불을 봐라.",
        "[Keeper]: 불을 봐라.",
        "[도이레]:\n불을 봐라.",
        "[도이레]\n\n불을 봐라.  \n\n",
    ],
)
def test_every_usual_form_of_a_tag_is_a_speaker(line: str) -> None:
    assert rows("[한마루]: 예?\n" + line) == [("한마루", "예?"), ("도이레", "불을 봐라.")]


@pytest.mark.parametrize(
    "line",
    [
        "[웃음] 아니지.",
        "[효과음]: 쿵.",
        "[1d20]: 17",
        "[1d20] 17",
        "[3]: 셋째 길",
        "[A]: 첫째 길",
        "[선택지]: 고르자.",
        "「도이레」라고 적혀 있었다.",
        "**도이레** 쪽을 본다.",
        "도이레가 말했다: 그만.",
        "도이레 어르신: 그만.",
        "그는 [도이레]: 라고 적었다.",
        "모르는 사람: 그만.",
        "[모르는 사람] 그만.",
        "[끝나지 않은",
        "[스무 글자보다도 훨씬 더 길게 이어지는 이상한 이름]: 그만.",
        "[왜?]: 그만.",
        "A) 문을 연다",
        "* 문을 연다",
        "*[웃음]* 그만.",
        "***",
    ],
)
def test_what_only_looks_like_a_tag_stays_text(line: str) -> None:
    assert rows(f"[한마루]: 예?\n{line}") == [("한마루", f"예?\n{line}")]


def test_a_name_nobody_has_is_a_speaker_only_with_brackets_and_a_colon() -> None:
    stranger, keeper = parse("[젖은 사공]: 태워 주겠소?\n[도이레]: 아니.", ROSTER)
    assert stranger == Speech(Author(kind="character", name="젖은 사공"), False, "태워 주겠소?")
    assert keeper.known


def test_what_a_model_says_for_me_is_marked_and_never_mine() -> None:
    (speech,) = parse("[서유온]: 제가 갈게요.", ROSTER)
    assert speech == Speech(Author(kind="character", name="서유온"), False, "제가 갈게요.")


def test_a_remark_behind_the_name_is_kept_with_the_text() -> None:
    assert rows("[도이레 (낮게)]: 그만.") == [("도이레", "(낮게) 그만.")]
    assert rows("한마루（웃으며）： 예?") == [("한마루", "（웃으며） 예?")]
    assert rows("[도이레 (낮게)]:\n[한마루]: 예?") == [("한마루", "예?")]


def test_text_before_the_first_tag_is_kept() -> None:
    assert rows("\n 바람이 분다.\n[도이레]: 그래.") == [
        ("진행자", "바람이 분다."),
        ("도이레", "그래."),
    ]
    alone = Roster.of(Stage(narrator=Narrator(kind="none"), characters=(IRE,)))
    assert rows("그래.", alone) == [("도이레", "그래.")]


def test_a_repeated_tag_goes_on_in_the_same_speech() -> None:
    assert rows("[도이레]: 하나.\n\n[등대지기]: 둘.") == [("도이레", "하나.\n둘.")]
    assert rows("[도이레]: 하나.\n[한마루]:\n[도이레]: 둘.") == [("도이레", "하나.\n둘.")]


def test_who_comes_back_later_opens_a_new_speech() -> None:
    text = "[도이레]: 하나.\n[한마루]: 둘.\n[도이레]: 셋."
    assert [name for name, _ in rows(text)] == ["도이레", "한마루", "도이레"]


def test_blank_lines_inside_a_speech_stay_and_its_ends_are_trimmed() -> None:
    assert rows("[도이레]:  \n 하나.\n\n  둘.\t\n\n[한마루]: 셋. ") == [
        ("도이레", "하나.\n\n  둘."),
        ("한마루", "셋."),
    ]


def test_a_tag_without_text_opens_nothing() -> None:
    assert played(["[도이레]: ", "\n\n", "[한마루]:", "\u200b"]) == []


def test_a_face_after_a_tag_is_no_colon() -> None:
    assert rows("[도이레] :) 그래") == [("도이레", ":) 그래")]


def test_line_breaks_of_every_system_begin_a_line() -> None:
    assert rows("[도이레]: 하나\r\n[한마루]: 둘\r[도이레]: 셋\r") == [
        ("도이레", "하나"),
        ("한마루", "둘"),
        ("도이레", "셋"),
    ]


def test_halves_of_a_surrogate_pair_meet_across_slices() -> None:
    whole = collected(played(["[도이레]: \ud83d", "\ude00", "\ud83d", "x\udc00"]))
    assert [speech.text for speech in whole] == ["😀\ufffdx\ufffd"]


def test_live_text_is_not_held_back() -> None:
    parser = SpeakerParser(ROSTER)
    assert parser.feed("[도이레]: 불") == (Opened(0, ROSTER.authors["keeper"], True), Grew(0, "불"))
    assert parser.feed("을") == (Grew(0, "을"),)
    assert parser.feed(" 봐") == (Grew(0, " 봐"),)
    assert parser.feed("\n도") == ()
    assert parser.feed("이레는") == (Grew(0, "\n도이레는"),)
    assert parser.feed("\n[한마루") == ()
    closed, opened, grew = parser.feed("]: 예")
    assert (closed, opened.index, grew) == (Closed(0), 1, Grew(1, "예"))


@given(st.text("[]【】*:：( 도이레가a\n", max_size=400))
def test_never_more_than_a_tags_length_is_held_back(text: str) -> None:
    parser = SpeakerParser(ROSTER)
    shown = 0
    for at, char in enumerate(text, 1):
        shown += sum(len(event.text) for event in parser.feed(char) if isinstance(event, Grew))
        line = text[:at].rpartition("\n")[2]
        if len(line.strip()) > 2 * tags.HOLD:
            assert parser._start is None
    assert shown <= len(text)


PARTS = (
    *("[", "]", "도이레", "한마루", "서유온", "[도이레]", "[한마루]:", "**", "*", ":", "："),
    *(
        "\n",
        "\n\n",
        "a\r\nb",
        " ",
        "[낯선 이]:",
        "[웃음]",
        "진행자",
        "(낮게)",
        "「",
        "」",
        "\r",
        "\u200b",
    ),
    *("\ud83d", "\ude00", "e\u0301", "\u1103\u1169", "👩‍🚀", "남궁 벨라", "도나 오르테시아", "A) "),
)
PIECES = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=6)), max_size=40).map("".join)


@settings(max_examples=300)
@given(PIECES, st.data())
@example("[도이레]: a\r\nb\r\n[한마루] :) b", None)
def test_the_rows_are_the_same_for_any_slicing(text: str, data: st.DataObject | None) -> None:
    whole = collected(played([text]))
    assert collected(played(list(text))) == whole
    assert parse(text, ROSTER) == whole
    if data is not None:
        cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
        ends = zip([0, *cuts], [*cuts, len(text)], strict=True)
        assert collected(played([text[start:end] for start, end in ends])) == whole


@given(PIECES)
def test_no_visible_text_is_lost_but_tags(text: str) -> None:
    """What is shown is what was written, in order, without some tags, blanks and colons."""
    whole = "".join(speech.text for speech in parse(text, ROSTER))
    written = iter(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    for char in whole:
        if not char.isspace():
            assert char in written, f"{char!r} was not written, or out of order"


@given(stages(), st.data())
def test_any_tables_own_tags_are_read_back(stage: Stage, data: st.DataObject) -> None:
    from desktop.protocol.spoken import cast, narrator_tag

    roster = Roster.of(stage)
    names = [part.tag for part in cast(stage)] + [narrator_tag(stage)]
    order = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=6))
    read = parse("\n".join(f"[{name}]: 하나 둘" for name in order), roster)
    expected: list[str] = []
    for name in order:
        author = roster.resolve(name)
        assert author is not None
        key = author.id or author.kind
        if expected[-1:] != [key]:
            expected.append(key)
    assert [speech.author.id or speech.author.kind for speech in read] == expected
    assert all(speech.known for speech in read)


def test_a_megabyte_in_single_characters_reads_each_one_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counts the characters that are looked at, instead of measuring time."""
    looked_at = 0
    read_tag = tags.read_tag

    def counting(start: str, roster: Roster) -> tags.Reading:
        nonlocal looked_at
        looked_at += len(start)
        return read_tag(start, roster)

    monkeypatch.setattr(speakers, "read_tag", counting)
    text = (
        "[도이레]: 불을 봐라, 저 불을.\n\n한마루 (웃으며 문고리를 잡고\n" + " " * 300 + "\n"
    ) * 1000
    parser = SpeakerParser(ROSTER)
    events = 0
    for char in text:
        events += len(parser.feed(char))
    parser.finish()
    assert looked_at < len(text) * tags.HOLD
    assert events <= len(text) + 2


def test_held_white_space_is_joined_once_however_long_it_gets() -> None:
    parser = SpeakerParser(ROSTER)
    parser.feed("[도이레]: a")
    for _ in range(20_000):
        assert parser.feed("\n") == ()
    assert parser.feed("b") == (Grew(0, "\n" * 20_000 + "b"),)


def test_two_people_who_are_both_unknown_do_not_merge() -> None:
    assert rows("[갑돌]: 하나\n[을순]: 둘") == [("갑돌", "하나"), ("을순", "둘")]


def test_a_table_with_one_name_inside_another_reads_the_longer_one() -> None:
    roster = Roster.of(Stage(characters=(Character(id="a", name="한"), MARU)))
    assert rows("한: 하나\n한마루: 둘", roster) == [("한", "하나"), ("한마루", "둘")]
