"""What was sent for an answer can be read again to the letter, and costs little to keep."""

from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from desktop.protocol.methods import AgainParams, DeleteParams, EditParams, HideParams
from desktop.protocol.models import Conversation, Narrator, Room, Stage
from desktop.protocol.problems import Trouble
from desktop.protocol.prompt_methods import PromptParams
from desktop.protocol.prompting import PromptSection, TurnPrompt
from desktop.providers.base import Finished, Request, Started, TextCame
from desktop.services.prompts import Prompts
from desktop.store import messages
from tests.doubles.scripted_provider import Step, texts
from tests.services.conftest import Lay
from tests.services.table import STAGE, Table

MODES: tuple[Conversation, ...] = ("table", "group_chat", "one_to_one_chat", "one_to_one_scene")


def in_session(name: str) -> tuple[Step, ...]:
    return (Started(session=name), TextCame(text="[하루]: 켰어.\n[나비]: 야옹."), Finished())


async def prompt_of(table: Table, turn_id: str) -> TurnPrompt:
    return await Prompts(table.database).read(PromptParams(turn_id=turn_id))


def joined(sections: Iterable[PromptSection], place: str) -> str:
    return "\n\n".join(one.text for one in sections if one.place == place)


def same(prompt: TurnPrompt, request: Request) -> bool:
    """Whether it is what the provider received, which tells ``news`` where it went on."""
    user = request.news if prompt.went_on else request.prompt
    return (
        prompt.exactness == "exact"
        and joined(prompt.sections, "system") == request.system
        and joined(prompt.sections, "user") == user
    )


@pytest.mark.parametrize("retention", [False, True])
@pytest.mark.parametrize("conversation", MODES)
async def test_every_answer_tells_exactly_what_its_provider_received(
    lay: Lay, conversation: Conversation, retention: bool
) -> None:
    table = await lay(in_session("s1"))
    stage = replace(STAGE, conversation=conversation, retention=retention, window=5, choices=3)
    room = await table.room(stage)
    ended = [await table.say(room, f"{number}번째 말\n둘째 줄") for number in range(8)]
    for number, (turn, request) in enumerate(zip(ended, table.provider.requests, strict=True)):
        prompt = await prompt_of(table, turn.id)
        assert prompt.went_on == (retention and number > 0)
        assert same(prompt, request)
        assert prompt.provider == "scripted"
    assert len({one.prompt for one in table.provider.requests}) == 8


async def test_a_provider_that_has_forgotten_was_told_everything(lay: Lay) -> None:
    table = await lay(in_session("s1"), in_session("s2"))
    room = await table.room(replace(STAGE, retention=True))
    await table.say(room)
    turn = await table.say(room, "그래서?")
    request = table.provider.requests[-1]
    prompt = await prompt_of(table, turn.id)
    assert request.session == "s1"
    assert not prompt.went_on
    assert same(prompt, request)


async def test_my_own_narration_and_going_on_without_a_line_are_told_too(lay: Lay) -> None:
    from desktop.protocol.auto import VoiceParams

    table = await lay(texts("[하루]: 켰어."))
    room = await table.room(replace(STAGE, narrator=Narrator(kind="me")))
    narrated = await table.say(room, "종이 울린다.", narrated=True)
    sent = await table.turns.go_on(VoiceParams(room_id=room.id))
    on = await table.ended(sent.turn.id)
    for turn, request in zip((narrated, on), table.provider.requests, strict=True):
        assert same(await prompt_of(table, turn.id), request)


async def test_what_was_edited_deleted_or_hidden_since_is_told_as_it_was_sent(lay: Lay) -> None:
    table = await lay(texts("[하루]: 켰어."))
    room = await table.room()
    for text in ("하나", "둘", "셋"):
        await table.say(room, text)
    first, second, *_ = table.page.path(room.id)
    await table.messages.edit(EditParams(message_id=first.id, text="하나가 아니다"))
    again = await table.say(room, "넷")
    await table.messages.edit(EditParams(message_id=first.id, text="하나"))
    back = await table.say(room, "다섯")
    await table.messages.edit(EditParams(message_id=first.id, text="아무 말"))
    await table.messages.hide(HideParams(message_id=second.id, hidden=True))
    line = next(one for one in table.page.path(room.id) if one.text == "셋")
    await table.messages.delete(DeleteParams(message_id=line.id))
    *_, changed, restored = table.provider.requests
    assert "하나가 아니다" in changed.prompt
    assert "하나가 아니다" not in restored.prompt
    assert same(await prompt_of(table, again.id), changed)
    assert same(await prompt_of(table, back.id), restored)


async def test_a_wish_for_another_answer_is_a_section_of_its_own(lay: Lay) -> None:
    table = await lay(texts("[하루]: 켰어."))
    room = await table.room()
    await table.say(room, "불을 켜 줘.")
    params = AgainParams(room_id=room.id, direction="더 짧게")
    turn = await table.ended((await table.turns.again(params)).turn.id)
    request = table.provider.requests[-1]
    assert request.line == "불을 켜 줘."
    prompt = await prompt_of(table, turn.id)
    assert same(prompt, request)
    wish = prompt.sections[-1]
    assert (wish.kind, wish.reason_code) == ("direction", "turn.direction")
    assert "> 더 짧게" in wish.text
    later = await table.say(room, "다음")
    assert "더 짧게" not in joined((await prompt_of(table, later.id)).sections, "user")


async def test_a_text_that_is_lost_is_not_called_exact(lay: Lay) -> None:
    table = await lay(texts("[하루]: 켰어."))
    turn = await table.say(await table.room())
    async with table.database.transaction() as session:
        await session.run("DELETE FROM prompt_text WHERE text LIKE '%안개의 바다%'")
    assert (await prompt_of(table, turn.id)).exactness == "changed"


async def test_a_turn_of_an_older_version_tells_its_sections(lay: Lay) -> None:
    table = await lay(texts("[하루]: 켰어."))
    turn = await table.say(await table.room())
    old = '[{"kind":"frame","place":"system","reason":"always","characters":7}]'
    async with table.database.transaction() as session:
        await session.run("UPDATE turn SET segments = ?", old)
    prompt = await prompt_of(table, turn.id)
    assert prompt.exactness == "outline"
    assert [(one.kind, one.characters, one.text) for one in prompt.sections] == [("frame", 7, "")]


async def test_a_turn_there_is_not_is_not_found(lay: Lay) -> None:
    with pytest.raises(Trouble):
        await prompt_of(await lay(), "nobody")


async def filled(table: Table, stage: Stage, turns: int) -> Room:
    room = await table.room(stage)
    for number in range(turns):
        await table.say(room, f"{number}번째로 하는 조금 긴 말이다. " * 8)
    return room


async def kept_bytes(table: Table) -> tuple[int, int]:
    """Bytes of records, and of the texts that they share."""
    async with table.database.reading() as session:
        records = await session.one("SELECT sum(length(CAST(segments AS BLOB))) FROM turn")
        shared = await session.one(
            "SELECT sum(length(CAST(text AS BLOB)) + 2 * length(mark)) FROM prompt_text"
        )
    assert records is not None
    assert shared is not None
    return records[0], shared[0]


async def test_what_was_sent_costs_less_than_a_kilobyte_a_turn(lay: Lay) -> None:
    table = await lay(texts("[하루]: 켰어. " * 20, "\n[진행자]: 바람이 분다. " * 20))
    room = await filled(table, replace(STAGE, window=5), 10)
    records, shared = await kept_bytes(table)
    for _ in range(20):
        await table.say(room, "다시 한 번 말한다.")
    more, shared_more = await kept_bytes(table)
    assert shared_more == shared
    assert (more - records) / 20 < 900


async def test_the_story_itself_is_never_kept_twice(lay: Lay) -> None:
    table = await lay(texts("[하루]: 메아리가 돌아온다."))
    room = await filled(table, STAGE, 4)
    async with table.database.reading() as session:
        told = await messages.newest(session, room.branch_id, 100)
        kept = await session.all("SELECT text FROM prompt_text")
    assert len(told) == 8
    assert not [row for row in kept if any(one.text in row["text"] for one in told)]
