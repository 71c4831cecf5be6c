"""What was sent for an answer, told again."""

from desktop.dialogue.prompt_record import outline
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.prompt_methods import PromptParams
from desktop.protocol.prompting import PromptSection, TurnPrompt
from desktop.store import turns
from desktop.store.database import Database


class Prompts:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, params: PromptParams) -> TurnPrompt:
        """Raises ``Trouble(not_found)`` for a turn there is not."""
        async with self._database.reading() as session:
            place = await turns.find(session, params.turn_id)
            if place is None:
                raise Trouble(problem("not_found", field="turn_id"))
            rows = outline(await turns.segments(session, params.turn_id))
        return TurnPrompt(
            turn_id=place.turn.id,
            exactness="outline" if rows else "none",
            provider=place.turn.provider,
            model=place.turn.model,
            sections=tuple(
                PromptSection(
                    kind=row.kind,
                    place=row.place,
                    reason_code=row.reason,
                    text="",
                    characters=row.characters,
                )
                for row in rows
            ),
        )
