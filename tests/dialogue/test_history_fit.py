"""The story is cut to what a model can hold: whole turns, in blocks, and it is told."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from desktop.dialogue.history_window import Fitted, fit, visible
from desktop.dialogue.prompt import Allowance, Prompt, compose
from desktop.protocol.models import Author, Message
from tests.dialogue.tables import KEEPER, ME, NARRATOR, TABLE, said


def story(lengths: Sequence[int]) -> list[Message]:
    """Turns of three messages; each message of a turn has about this many characters."""
    told: list[Message] = []
    for turn, length in enumerate(lengths):
        for author in (ME, NARRATOR, KEEPER):
            text = f"{turn}".ljust(length, "가")
            told.append(said(author, text, turn=f"t{turn}", position=len(told) + 1))
    return told


def cost(messages: Sequence[Message]) -> int:
    return sum(len(f"[{one.author.name}]: {one.text}\n") for one in messages)


def test_what_fits_is_whole() -> None:
    told = story([10] * 20)
    fitted = fit(told, None, cost(told))
    assert fitted == Fitted(tuple(told), 0, 0, "whole")
    assert fitted.first_id == told[0].id


def test_a_window_that_fits_is_a_window() -> None:
    told = story([10] * 20)
    fitted = fit(told, 5, 10_000)
    assert fitted.visible == visible(told, 5)
    assert (fitted.dropped_messages, fitted.dropped_turns, fitted.why) == (45, 15, "window")
    assert fitted.first_id == told[45].id


def test_a_window_that_does_not_fit_is_cut_further() -> None:
    told = story([10] * 20)
    fitted = fit(told, 10, cost(told[:9]))
    assert fitted.why == "context"
    assert 0 < len(fitted.visible) < 30
    assert cost(fitted.visible) <= cost(told[:9])


def test_nothing_said_shows_nothing() -> None:
    assert fit([], None, 100) == Fitted(())
    assert fit([], None, 100).first_id == ""


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=40),
    st.integers(0, 4_000),
    st.one_of(st.none(), st.integers(5, 30)),
)
def test_it_never_bursts_and_always_ends_with_the_newest(
    lengths: list[int], budget: int, window: int | None
) -> None:
    told = story(lengths)
    fitted = fit(told, window, budget)
    assert fitted.visible
    assert tuple(told[fitted.dropped_messages :]) == fitted.visible
    assert cost(fitted.visible) <= budget or len(fitted.visible) == 1
    if cost(told[-3:]) <= budget:
        assert fitted.visible[0].author == ME, "whole turns"
        assert len(fitted.visible) == 3 * (len(lengths) - fitted.dropped_turns)
    if fitted.why == "context":
        assert cost(visible(told, window)) > budget


def test_the_beginning_moves_in_blocks_and_most_of_the_room_is_used() -> None:
    lengths = [20 + turn * 7 % 30 for turn in range(400)]
    budget, starts, used = 6_000, [], []
    told = story(lengths)
    for turns in range(60, 400):
        fitted = fit(told[: turns * 3], None, budget)
        assert fitted.why == "context"
        starts.append(fitted.first_id)
        used.append(cost(fitted.visible) / budget)
    moves = sum(before != after for before, after in pairwise(starts))
    assert 10 < moves < 340 / 6
    assert min(used) > 0.6
    assert max(used) <= 1


def test_only_what_can_fit_is_estimated() -> None:
    asked: list[str] = []

    def estimate(text: str) -> int:
        asked.append(text)
        return len(text)

    told = story([20] * 2_000)
    fit(told, None, 3_000, estimate)
    assert len(asked) < 150


def told_prompt(context: int, *, line: str = "안녕", summary: str = "") -> Prompt:
    stage = msgspec.structs.replace(TABLE, window=None)
    allowance = Allowance(context_tokens=context, estimate=len)
    return compose(stage, story([40] * 200), line, summary=summary, allowance=allowance)


def test_the_prompt_stays_within_the_models_context_and_says_what_is_left_out() -> None:
    prompt = told_prompt(16_000)
    assert len(prompt.system) + len(prompt.user) <= 16_000 - 4_000
    (omission,) = prompt.omissions
    assert omission.reason_code == "history.context"
    assert omission.messages == 3 * omission.turns > 0
    history = next(one for one in prompt.segments if one.kind == "history")
    assert history.reason_code == "history.context"
    assert "(이보다 앞선 이야기는 줄였습니다.)" in history.text
    assert history.talk is not None
    assert prompt.first_message_id == history.talk.messages[0].id
    assert history.talk.messages[0].position == omission.messages + 1


def test_a_longer_line_does_not_move_the_beginning() -> None:
    lines = ("네.", "가" * 300, "가" * 1_500)
    for context in range(12_000, 18_000, 500):
        assert len({told_prompt(context, line=line).first_message_id for line in lines}) == 1


def test_without_an_allowance_everything_is_shown() -> None:
    stage = msgspec.structs.replace(TABLE, window=None)
    prompt = compose(stage, story([40] * 200), "안녕")
    assert prompt.omissions == ()
    assert prompt.first_message_id == "m1"
    assert compose(stage, (), "안녕").first_message_id == ""


def test_a_summary_is_pointed_at_where_the_story_is_cut() -> None:
    prompt = told_prompt(16_000, summary="불이 꺼졌다")
    assert "(이보다 앞선 이야기는 위의 줄거리로 줄였습니다.)" in prompt.user
    assert prompt.user.index("> 불이 꺼졌다") < prompt.user.index("# 지금까지의 이야기")


def test_a_context_smaller_than_the_rules_still_shows_the_newest_message() -> None:
    prompt = told_prompt(100)
    history = next(one for one in prompt.segments if one.kind == "history")
    assert history.talk is not None
    assert len(history.talk.messages) == 1


def test_notes_are_no_part_of_any_count() -> None:
    note = said(Author(kind="note", name=""), "쪽지", position=7)
    told = [*story([10] * 2), note, *story([10] * 2)]
    assert fit(told, None, 10_000).dropped_messages == 0
    assert note not in fit(told, None, 10_000).visible
