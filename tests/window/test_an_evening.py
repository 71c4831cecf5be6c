"""A whole evening in the real window: sixty turns and everything one does to a story meanwhile."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.window.evening import Evening
from tests.window.harness import App, wait_until

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]

TURNS = 60
LINES = (
    "*문을 열며* 아무도 안 계세요?",
    "그 편지 이야기를 더 해 주세요 — “처음부터”요.",
    "저는 3 < 5 라고 배웠는데요 & 그게 전부인가요?",
    "ㅋㅋㅋ 정말요? 😀",
    "첫째 줄과\n둘째 줄을 한 번에 말합니다.",
    "등불을 들고 조금 더 가까이 가 봅니다.",
    "그럼 이제 어디로 가면 될까요?",
)


def talk(evening: Evening, turns: int) -> None:
    for _ in range(turns):
        count = len(evening.turns)
        evening.say(f"{count}. {LINES[count % len(LINES)]}")


def offer_choices(evening: Evening, count: int) -> None:
    stage = evening.view()["room"]["stage"]
    wanted = {**stage, "choices": count, "narrator": {**stage["narrator"], "level": "active"}}
    evening.table.call("room.stage", room_id=evening.room, stage=wanted)
    evening.page.reload()
    evening.table.ready()


def a_night_of_the_same_stage(evening: Evening) -> None:
    """Keep the stage, begin a new room with it, play there, and come back."""
    page, home, stage = evening.page, evening.room, evening.view()["room"]["stage"]
    title = evening.view()["room"]["title"]
    before = (evening.rows, evening.path)
    page.get_by_test_id("keep-stage").first.click()
    page.get_by_test_id("keep-name").fill("저녁 무대")
    page.get_by_test_id("keep-name-go").first.click()
    folder = Path(evening.table.call("library.list")["folder"])
    wait_until((folder / "presets" / "저녁 무대.json").exists, "the preset is a file")
    page.get_by_test_id("open-library").first.click()
    page.get_by_test_id("library-entry").filter(has_text="저녁 무대").click()
    page.get_by_test_id("library-new-room").first.click()
    page.get_by_test_id("new-room-title").fill("같은 무대의 다른 밤")
    page.get_by_test_id("new-room-create").first.click()
    shown = page.get_by_test_id("room-title")
    wait_until(lambda: shown.inner_text() == "같은 무대의 다른 밤", "the new room is open")
    evening.room, evening.rows, evening.path = evening.table.room_id, {}, []
    assert evening.view()["room"]["stage"] == stage
    talk(evening, 4)
    assert book(evening) == evening.book()
    page.keyboard.press("Control+k")
    page.get_by_test_id("palette-input").fill(title)
    page.locator(f"#room-{home}").click()
    wait_until(lambda: shown.inner_text() == title, "the first room is open again")
    evening.room, (evening.rows, evening.path) = home, before
    evening.check()


def jump_to(evening: Evening, words: str, one: str) -> None:
    evening.page.keyboard.press("Control+k")
    evening.page.get_by_test_id("palette-input").fill(words)
    evening.page.locator(f"#line-{one}").click()
    wait_until(
        lambda: (
            evening.page.evaluate(
                "document.activeElement.closest('[data-message-id]')?.dataset.messageId"
            )
            == one
        ),
        "the search leads to the line",
    )


def book(evening: Evening) -> str:
    options: dict[str, Any] = {"format": "markdown", "cast": False, "cover": False}
    told = evening.table.call("book.text", room_id=evening.room, options=options)["text"]
    assert isinstance(told, str)
    return told


@pytest.mark.timeout(900)
def test_after_a_whole_evening_the_book_is_what_was_said_to_the_letter(
    make_app: Callable[..., App],
) -> None:
    evening = Evening(make_app("one"))
    offer_choices(evening, 3)
    talk(evening, 6)
    evening.edit(evening.say("고치기 전의 말."), "고친 뒤의 말 — *웃는다.*")
    whole = list(evening.path)
    evening.remove(evening.path[-2])
    evening.undo(whole)
    evening.remove(evening.path[-1])
    evening.hide(evening.say("이 말은 AI에게 숨긴다."))
    sought = evening.say("여기 파란 단추가 떨어져 있네요.")

    evening.command_roll("/roll 2d6+3>=9 자물쇠")
    evening.rolls("자물쇠", "2d6+3>=9", plus=3)
    evening.say("문을 힘껏 민다. [[1d20 힘]]")
    evening.rolls("힘", "1d20")
    evening.edit(evening.path[-1], "무언가 보일 듯하다. [[관찰력 1d100<=60]]")
    evening.page.get_by_test_id("asked-roll").last.click()
    wait_until(lambda: evening.view()["messages"][-1]["author"]["kind"] == "dice", "it is rolled")
    assert len(evening.take()) == 1
    evening.rolls("관찰력", "1d100<=60")

    talk(evening, 6)
    evening.choose()
    evening.choose()
    first = evening.again("조금 더 어둡게")
    second = list(evening.path)
    evening.leaf("ArrowLeft", first)
    evening.leaf("ArrowRight", second)
    evening.go_on()

    trunk, main = list(evening.path), evening.branch()
    evening.fork(evening.path[-4])
    talk(evening, 6)
    left, left_branch = list(evening.path), evening.branch()
    evening.move(trunk, branch=main)
    evening.restart()
    talk(evening, 4)
    evening.fork(next(one for one in reversed(evening.path[:-3]) if evening.kind(one) == "user"))
    talk(evening, 5)

    kept = evening.bookmark()
    name = str(evening.slots()[0]["name"])
    talk(evening, 4)
    evening.move(kept, slot=name)
    evening.choose()
    evening.again()
    a_night_of_the_same_stage(evening)

    jump_to(evening, "파란 단추", sought)
    evening.page.keyboard.press("End")
    evening.move(left, branch=left_branch)
    while len(evening.turns) < TURNS:
        talk(evening, 1)
    evening.edit(evening.path[-1], "그리고 막이 내린다.")
    assert book(evening) == evening.book()
    evening.move(kept, slot=name)
    assert book(evening) == evening.book()
    tree = evening.table.call("branch.tree", room_id=evening.room)
    assert len(tree["branches"]) >= 3
