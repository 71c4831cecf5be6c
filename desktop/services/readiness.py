"""Has an AI ready before a line is sent: when its room is opened, or somebody begins to write."""

import asyncio
from collections.abc import Mapping

from desktop.dialogue.lore.telling import Lore, standing_lore
from desktop.dialogue.prompt import compose
from desktop.dialogue.voices import stage_of, way_of
from desktop.protocol.methods import Nothing, RoomParams
from desktop.protocol.models import Room
from desktop.protocol.problems import Trouble
from desktop.providers.base import KeepsReady, Provider, Request
from desktop.providers.token_estimate import estimate
from desktop.services.measures import Measures
from desktop.services.outside import ReportBug
from desktop.services.retention import still_held
from desktop.services.room_view import existing
from desktop.services.turn_history import context_of
from desktop.services.turn_lore import budget_of
from desktop.services.turn_surroundings import BooksFor, RulesFor, no_books, no_rules
from desktop.services.turn_voices import Voices
from desktop.store.database import Database

PAUSE_S = 0.3
"""Whoever leafs through the rooms starts nothing in those they leave at once."""


class Readiness:
    def __init__(
        self,
        database: Database,
        providers: Mapping[str, Provider],
        report_bug: ReportBug,
        pause_s: float = PAUSE_S,
        house_rules: RulesFor = no_rules,
        measures: Measures | None = None,
        books: BooksFor = no_books,
        voices: Voices | None = None,
    ) -> None:
        self._database = database
        self._providers = providers
        self._report_bug = report_bug
        self._pause_s = pause_s
        self._house_rules = house_rules
        self._books = books
        self._measures = measures or Measures(database)
        self._voices = voices or Voices()
        self._soon: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def prepare(self, params: RoomParams) -> Nothing:
        """Get the room's AI ready in the background; the newest room asked for wins.

        Where one voice speaks at a time it is the AI of whoever is likely to be next.
        """
        if self._soon is not None:
            self._soon.cancel()
        self._soon = asyncio.create_task(self._after_a_pause(params.room_id))
        return Nothing()

    def let_go(self, room_id: str | None = None) -> None:
        """End what the providers keep for a room, or for all."""
        for provider in self._providers.values():
            if isinstance(provider, KeepsReady):
                provider.forget(room_id or "")

    async def close(self) -> None:
        """Start nothing any more."""
        tasks = [*self._running, *([self._soon] if self._soon else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _after_a_pause(self, room_id: str) -> None:
        await asyncio.sleep(self._pause_s)
        # From here on it is not called off: half a start would be thrown away.
        task = asyncio.create_task(self._prepare(room_id))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _prepare(self, room_id: str) -> None:
        try:
            async with self._database.reading() as session:
                room = await existing(session, room_id)
                voice = (await self._voices.answering(session, room))[0]
                held = await still_held(session, room, voice)
                way = way_of(room.stage, voice)
                measure = await self._measures.of(session, way.provider, way.model)
            provider = self._providers.get(way.provider)
            if isinstance(provider, KeepsReady) and room.trashed_at is None:
                rules = await self._house_rules(room.stage.language)
                books = (await self._books(room.stage.lorebooks)).read
                lore = standing_lore(books, budget_of(context_of(measure)), estimate)
                await provider.prepare(_like_a_turn(room, voice, held, rules, lore))
            if room.trashed_at is None:
                await self._measures.ask(way.provider, way.model)
        except Trouble:
            pass  # whoever sends a line will be told
        except Exception as bug:  # noqa: BLE001 - what is only ahead of need must not be seen
            self._report_bug(bug, "getting an AI ready")


def _like_a_turn(room: Room, voice: str, held: str, house_rules: str, lore: Lore) -> Request:
    """Same system prompt, model and conversation as the voice's next turn here will have."""
    stage = room.stage
    return Request(
        turn_id="",
        room_id=room.id,
        voice=voice,
        model=way_of(stage, voice).model,
        system=compose(stage, (), "", house_rules=house_rules, lore=lore, voice=voice).system,
        prompt="",
        stage=stage_of(stage, voice),
        retain=stage.retention,
        session=held,
    )
