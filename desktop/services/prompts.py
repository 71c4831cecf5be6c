"""What was sent for an answer, told again to the letter."""

from collections.abc import Mapping

from desktop.dialogue.prompt import Prompt
from desktop.dialogue.prompt_record import decode, head_of, needed, outline
from desktop.protocol.models import Message
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.prompt_methods import PromptParams
from desktop.protocol.prompting import PromptOmission, PromptSection, TurnPrompt
from desktop.services.turn_lore import outlines, retold
from desktop.store import prompts, turns
from desktop.store.database import Database
from desktop.store.session import Session


class Prompts:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, params: PromptParams) -> TurnPrompt:
        """Raises ``Trouble(not_found)`` for a turn there is not."""
        async with self._database.reading() as session:
            place = await turns.find(session, params.turn_id)
            if place is None:
                raise Trouble(problem("not_found", field="turn_id"))
            turn = place.turn
            record = await turns.segments(session, turn.id)
            lore = await prompts.lore(session, turn.id)
            went_on = await prompts.went_on(session, turn.id)
            texts = await _texts(session, turn.room_id, record, lore)
            story = [
                message
                for run in needed(record, texts).runs
                for message in await prompts.told(session, run.branch_id, run.first, run.last)
            ]
        told = _told(turn.id, record, texts, story)
        return TurnPrompt(
            turn_id=turn.id,
            exactness=told.exactness,
            provider=turn.provider,
            model=turn.model,
            went_on=went_on,
            sections=told.sections,
            omissions=told.omissions,
            lore=retold(lore, texts),
            first_message_id=told.first_message_id,
        )


async def _texts(session: Session, room_id: str, record: str, lore: str | None) -> dict[str, str]:
    head = await prompts.texts(session, room_id, filter(None, (head_of(record),)))
    marks = (*needed(record, head).texts, *outlines(lore))
    return head | await prompts.texts(session, room_id, marks)


def _told(turn_id: str, record: str, texts: Mapping[str, str], story: list[Message]) -> TurnPrompt:
    rows = outline(record, texts)
    rebuilt = decode(record, texts, story)
    empty = TurnPrompt(turn_id=turn_id, exactness="none", provider="", model="")
    if not rows:
        return empty
    if not head_of(record):
        bare = tuple(
            PromptSection(
                kind=row.kind,
                place=row.place,
                reason_code=row.reason,
                text="",
                characters=row.characters,
            )
            for row in rows
        )
        return TurnPrompt(
            turn_id=turn_id, exactness="outline", provider="", model="", sections=bare
        )
    return TurnPrompt(
        turn_id=turn_id,
        exactness="exact" if rebuilt.exact else "changed",
        provider="",
        model="",
        sections=_sections(rebuilt.prompt),
        omissions=tuple(
            PromptOmission(
                kind=one.kind,
                reason_code=one.reason_code,
                names=one.names,
                messages=one.messages,
                turns=one.turns,
            )
            for one in rebuilt.prompt.omissions
        ),
        first_message_id=rebuilt.prompt.first_message_id,
    )


def _sections(prompt: Prompt) -> tuple[PromptSection, ...]:
    return tuple(
        PromptSection(
            kind=part.kind,
            place=part.place,
            reason_code=part.reason_code,
            text=part.text,
            characters=len(part.text),
            name=part.name,
        )
        for part in prompt.segments
    )
