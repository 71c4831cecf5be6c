from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from desktop.dialogue.history_window import left_out, visible
from desktop.protocol.models import AnsweredBy, Author, Message
from tests.dialogue.tables import KEEPER, ME, NARRATOR, said


def talk(turns: int) -> list[Message]:
    messages = [said(NARRATOR, "옛날에", turn="")]
    for turn in range(1, turns + 1):
        messages.append(said(ME, f"말 {turn}", turn=f"t{turn}"))
        messages.append(said(NARRATOR, f"일 {turn}", turn=f"t{turn}"))
        messages.append(said(KEEPER, f"답 {turn}", turn=f"t{turn}"))
    return messages


def test_a_window_is_counted_in_turns_not_in_messages() -> None:
    assert [message.text for message in visible(talk(5), 2)] == [
        "말 4",
        "일 4",
        "답 4",
        "말 5",
        "일 5",
        "답 5",
    ]
    assert left_out(talk(5), 2) == 10


def test_no_window_shows_everything_and_leaves_nothing_out() -> None:
    assert visible(talk(5), None) == tuple(talk(5))
    assert left_out(talk(5), None) == 0
    assert left_out(talk(5), 6) == 0


def test_the_opening_before_my_first_line_is_a_turn() -> None:
    assert visible(talk(1), 1)[0].text == "말 1"
    assert visible(talk(1), 2)[0].text == "옛날에"


def test_notes_empty_failed_and_running_texts_are_not_shown() -> None:
    note = Author(kind="note", name="")
    history = [
        said(ME, "말"),
        said(note, "쪽지"),
        said(KEEPER, "끊긴", status="partial"),
        said(KEEPER, "멈춘", status="stopped"),
        said(KEEPER, "실패한", status="failed"),
        said(KEEPER, "오는 중", status="streaming"),
        said(KEEPER, " \n"),
    ]
    assert [message.text for message in visible(history, 1)] == ["말", "끊긴", "멈춘"]


def test_answers_without_a_line_of_mine_are_turns_too() -> None:
    history = [said(KEEPER, str(turn), turn=f"t{turn}") for turn in range(6)]
    assert [message.text for message in visible(history, 2)] == ["4", "5"]


def test_a_line_of_mine_without_a_turn_id_belongs_to_the_answer_after_it() -> None:
    history = [said(ME, "하나", turn=""), said(KEEPER, "둘", turn="t1")]
    assert visible(history, 1) == tuple(history)


def test_a_round_of_several_ais_is_one_turn() -> None:
    def answered(text: str, turn: str, line: str) -> Message:
        by = AnsweredBy(provider=turn, line_id=line)
        return replace(said(KEEPER, text, turn=turn), by=by)

    history = [
        said(ME, "하나", turn="t1"),
        answered("둘", "t1", "m1"),
        answered("셋", "t2", "m1"),
        said(ME, "넷", turn="t3"),
        answered("다섯", "t3", "m2"),
        answered("여섯", "t4", "m2"),
        answered("여섯 뒤", "t5", "m3"),
        answered("여섯 뒤의 뒤", "t6", "m4"),
    ]
    assert visible(history, 3)[0].text == "넷"
    assert len(visible(history, 4)) == len(history)
    assert len(visible(history, 1)) == 1


def test_an_answer_given_once_more_stays_with_my_line() -> None:
    history = [said(ME, "하나", turn="t1"), said(KEEPER, "둘", turn="t2")]
    assert visible([said(KEEPER, "앞", turn="t0"), *history], 1) == tuple(history)


@given(
    st.lists(
        st.tuples(st.sampled_from([ME, KEEPER, NARRATOR]), st.sampled_from(["", "t1", "t2"])),
        max_size=40,
    ),
    st.integers(0, 12),
)
def test_a_window_is_always_the_end_of_the_talk_and_grows_with_its_size(
    spoken: list[tuple[Author, str]], window: int
) -> None:
    history = [
        said(author, "말", turn=turn, position=at) for at, (author, turn) in enumerate(spoken)
    ]
    shown = visible(history, window)
    assert tuple(history)[len(history) - len(shown) :] == shown
    assert len(shown) + left_out(history, window) == len(history)
    assert len(visible(history, window + 1)) >= len(shown)
    assert sum(message.author.kind == "user" for message in shown) <= window
