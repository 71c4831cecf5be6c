"""What was sent for a turn is kept small and comes back to the letter."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.dialogue.prompt import Prompt, compose
from desktop.dialogue.prompt_record import (
    Rebuilt,
    Row,
    Run,
    decode,
    encode,
    fingerprint,
    head_of,
    needed,
    outline,
)
from desktop.protocol.models import Author, Message, Narrator, Stage
from tests.dialogue.tables import KEEPER, ME, NARRATOR, TABLE, any_stages, said

AUTHORS = (
    ME,
    KEEPER,
    NARRATOR,
    Author(kind="character", name="낯선 이"),
    Author(kind="user", name=""),
)


def story(turns: int, branch: str = "b", after: int = 0) -> list[Message]:
    return [
        msgspec.structs.replace(
            said(AUTHORS[at % 3], f"말 {at}", turn=f"t{at // 3}", position=at), branch_id=branch
        )
        for at in range(after + 1, after + turns * 3 + 1)
    ]


def kept(prompt: Prompt, messages: list[Message]) -> Rebuilt:
    encoded = encode(prompt)
    return decode(encoded.record, encoded.texts, messages)


def same(rebuilt: Rebuilt, prompt: Prompt) -> bool:
    return rebuilt.exact and rebuilt.prompt == prompt


@settings(deadline=None)
@given(
    any_stages(),
    st.lists(
        st.tuples(st.sampled_from(AUTHORS), st.text(max_size=30), st.integers(1, 3)), max_size=20
    ),
    st.text(max_size=40),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_any_prompt_comes_back_to_the_letter(
    stage: Stage, spoken: list[tuple[Author, str, int]], line: str, rules: str, summary: str
) -> None:
    position, messages = 0, []
    for author, text, gap in spoken:
        position += gap
        messages.append(said(author, text, turn=f"t{position // 3}", position=position))
    prompt = compose(stage, messages, line, house_rules=rules, summary=summary)
    assert same(kept(prompt, messages[::-1]), prompt)
    encoded = encode(prompt)
    asked = needed(encoded.record, encoded.texts)
    assert {*asked.texts, head_of(encoded.record)} == set(encoded.texts)


def test_the_history_costs_a_few_numbers_however_long_it_is() -> None:
    stage = msgspec.structs.replace(TABLE, window=None)
    short = encode(compose(stage, story(3), "안녕"))
    long = encode(compose(stage, story(3_000), "안녕"))
    assert len(long.record) < len(short.record) + 20
    assert needed(long.record, long.texts).runs == (Run(branch_id="b", first=1, last=9_000),)
    assert not [text for text in long.texts.values() if "말 8999" in text]


def test_the_same_rules_are_kept_once_for_all_turns() -> None:
    told = story(40)
    first = encode(compose(TABLE, told[:60], "안녕"))
    later = encode(compose(TABLE, told, "다음"))
    fresh = set(later.texts) - set(first.texts)
    assert len(fresh) == 2, "the new line, and the history's words that now tell of a cut"
    assert all(fingerprint(text) == mark for mark, text in later.texts.items())


def test_a_story_over_branches_with_gaps_is_held_as_runs() -> None:
    trunk, side = story(2), story(2, branch="side", after=6)
    hidden = [one for one in trunk if one.position != 3]
    prompt = compose(TABLE, [*hidden, *side], "안녕")
    encoded = encode(prompt)
    runs = needed(encoded.record, encoded.texts).runs
    assert [(run.branch_id, run.first, run.last) for run in runs] == [
        ("b", 1, 2),
        ("b", 4, 6),
        ("side", 7, 12),
    ]
    other = story(2, after=6)
    assert same(kept(prompt, [*trunk, *other, *side]), prompt)


def test_names_are_those_of_that_time_whatever_the_room_is_called_now() -> None:
    told = story(2)
    stage = msgspec.structs.replace(TABLE, narrator=Narrator(), language="en")
    prompt = compose(stage, told, "hello")
    assert "[Narrator]: " in prompt.user
    assert same(kept(prompt, told), prompt)


def test_a_text_that_was_changed_or_lost_since_is_not_called_exact() -> None:
    told = story(2)
    prompt = compose(TABLE, told, "안녕")
    encoded = encode(prompt)
    changed = [msgspec.structs.replace(told[0], text="다른 말"), *told[1:]]
    assert not decode(encoded.record, encoded.texts, changed).exact
    assert not decode(encoded.record, encoded.texts, told[1:]).exact
    assert not decode(encoded.record, {}, told).exact
    head = head_of(encoded.record)
    lost = decode(encoded.record, {head: encoded.texts[head]}, [])
    assert [one.kind for one in lost.prompt.segments] == [one.kind for one in prompt.segments]
    swapped = dict(zip(encoded.texts, list(encoded.texts.values())[::-1], strict=True))
    assert not decode(encoded.record, swapped, told).exact


def test_a_line_that_is_stored_is_not_stored_again() -> None:
    line = said(ME, "아주 긴 말. " * 500, position=7)
    prompt = compose(TABLE, story(2), line.text, said=line)
    assert prompt.user == compose(TABLE, story(2), line.text).user
    encoded = encode(prompt)
    assert not [text for text in encoded.texts.values() if "아주 긴 말" in text]
    assert same(decode(encoded.record, encoded.texts, [*story(2), line]), prompt)


def test_a_message_that_read_otherwise_before_is_kept_as_it_was_sent() -> None:
    told = story(2)
    prompt = compose(TABLE, told, "안녕")
    encoded = encode(prompt, {told[1].id})
    changed = [told[0], msgspec.structs.replace(told[1], text="세 번째 말"), *told[2:]]
    assert same(decode(encoded.record, encoded.texts, changed), prompt)


def test_what_is_above_the_talk_costs_a_turn_one_fingerprint() -> None:
    line = said(ME, "안녕", position=121)
    encoded = encode(compose(TABLE, story(40), line.text, said=line))
    assert len(encoded.record) < 900
    assert '"drive"' not in encoded.record


def test_what_was_left_out_is_kept_with_its_reason() -> None:
    stage = msgspec.structs.replace(TABLE, window=5, choices=3, conversation="group_chat")
    told = story(9)
    prompt = compose(stage, told, "안녕")
    codes = [one.reason_code for one in kept(prompt, told).prompt.omissions]
    assert codes == ["narrator.off.chat", "choices.off.chat", "history.window"]


def test_the_outline_needs_no_texts_and_reads_the_first_records_too() -> None:
    prompt = compose(TABLE, story(2), "안녕")
    encoded = encode(prompt)
    rows = outline(encoded.record, encoded.texts)
    assert [(row.kind, row.place, row.reason) for row in rows] == [
        (one.kind, one.place, one.reason_code) for one in prompt.segments
    ]
    assert [row.characters for row in rows] == [len(one.text) for one in prompt.segments]
    first = '[{"kind":"frame","place":"system","reason":"always","characters":7}]'
    assert outline(first, {}) == (Row(kind="frame", place="system", reason="always", characters=7),)
    assert not decode(first, {}, []).exact
    assert needed(first, {}) == ((), ())
    assert outline("[]", {}) == ()
    assert not decode("[]", {}, []).exact


@pytest.mark.parametrize(
    "record", ["", "{", "null", "7", '{"sections":[{}]}', '[{"kind":"x"}]', '{"a":1}']
)
def test_what_is_no_record_is_refused(record: str) -> None:
    with pytest.raises(ValueError, match="not a prompt record"):
        outline(record, {})


def test_a_damaged_run_is_no_endless_work() -> None:
    told = story(2)
    encoded = encode(compose(TABLE, told, "안녕"))
    wide = encoded.record.replace('["b",1,6]', f'["b",-5,{10**15}]')
    assert wide != encoded.record
    assert decode(wide, encoded.texts, told).exact
