"""A whole table over a real database file, with scripted providers and a page that listens."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self, TypeVar

from desktop.protocol.base import DurationMs, UtcMs
from desktop.protocol.capabilities import Capabilities
from desktop.protocol.capabilities import Provider as Info
from desktop.protocol.events import (
    AnyEvent,
    MessageAdded,
    MessageChanged,
    MessageGrew,
    MessageRemoved,
    PathChanged,
    TurnEnded,
    TurnStarted,
)
from desktop.protocol.methods import (
    RoomCreateParams,
    RoomParams,
    RoomView,
    SendParams,
    Sent,
    StageParams,
)
from desktop.protocol.models import Character, Message, Narrator, Persona, Room, Stage, Turn
from desktop.providers.base import Limits
from desktop.services.branching import Branching
from desktop.services.dice import Dice
from desktop.services.messages import Messages
from desktop.services.providers import Providers
from desktop.services.rooms import Rooms
from desktop.services.settings import SettingsService
from desktop.services.shelf import Shelf
from desktop.services.slots import SlotsService
from desktop.services.story import Story
from desktop.services.timeline import Timeline
from desktop.services.turns import Turns
from desktop.services.undo_stack import UndoStacks
from desktop.store.database import Database
from tests.doubles.scripted_provider import ScriptedProvider, Step

E = TypeVar("E")

HARU = Character(id="haru", name="하루", dye="chija")
NABI = Character(id="nabi", name="나비", dye="jadu")
STAGE = Stage(
    world="안개의 바다",
    me=Persona(name="우체부"),
    narrator=Narrator(kind="ai"),
    characters=(HARU, NABI),
    provider="scripted",
)
PATIENT = Limits(
    first_text_ms=DurationMs(60_000), idle_ms=DurationMs(60_000), total_ms=DurationMs(120_000)
)


class SteppingClock:
    """Every look is a millisecond later; no test waits for it."""

    def __init__(self) -> None:
        self._ticks = itertools.count(1_767_225_600_000)

    def now_ms(self) -> UtcMs:
        return UtcMs(next(self._ticks))

    def monotonic_ms(self) -> int:
        return next(self._ticks)


class Page:
    """What a page knows of the messages from events alone; an impossible event fails the test."""

    def __init__(self) -> None:
        self.events: list[AnyEvent] = []
        self.messages: dict[str, Message] = {}
        self.running: set[str] = set()
        self._more_to_come: set[str] = set()

    def take(self, event: AnyEvent) -> None:
        from msgspec.structs import replace

        self.events.append(event)
        match event:
            case MessageAdded(message=message):
                assert message.id not in self.messages
                assert message.text
                self.messages[message.id] = message
            case MessageGrew(message_id=one, text=text):
                grown = self.messages[one]
                assert grown.status == "streaming"
                self.messages[one] = replace(grown, text=grown.text + text)
            case MessageChanged(message=message):
                before = self.messages[message.id]
                assert before.position == message.position
                self.messages[message.id] = message
            case MessageRemoved(message_id=one):
                del self.messages[one]
            case PathChanged(room=room, messages=shown):
                others = [one for one in self.messages.values() if one.room_id != room.id]
                self.messages = {one.id: one for one in (*others, *shown)}
            case TurnStarted(turn=turn):
                self.running.add(turn.id)
            case TurnEnded(turn=turn):
                if turn.id in self.running or turn.id not in self._more_to_come:
                    self.running.remove(turn.id)
                # The only turn that may end twice is one behind which more was announced.
                (self._more_to_come.add if turn.following else self._more_to_come.discard)(turn.id)
            case _:
                pass

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def path(self, room_id: str) -> list[Message]:
        mine = (one for one in self.messages.values() if one.room_id == room_id)
        return sorted(mine, key=lambda one: one.position)


class Table:
    """``bugs`` are what the services reported; ``page`` heard every event."""

    def __init__(self, database: Database, providers: Sequence[ScriptedProvider]) -> None:
        self.database = database
        self.page = Page()
        self.bugs: list[BaseException] = []
        self.clock = SteppingClock()
        self._ids = itertools.count(1)
        self.by_id = {provider.id: provider for provider in providers}
        self.stacks = UndoStacks(self.page.take)
        self.turns = self.new_turns()
        self.settings = SettingsService(database, self.page.take)
        self.providers = Providers(
            self.by_id,
            [info(provider_id) for provider_id in self.by_id],
            self.page.take,
            self.clock,
            self.report_bug,
        )
        self.rooms = Rooms(
            database,
            self.turns,
            self.page.take,
            self.clock,
            self.new_id,
            self.sequence,
            self.stacks,
        )
        self.story = Story(
            database, self.turns, self.stacks, self.page.take, self.clock, self.new_id
        )
        self.messages = Messages(self.story)
        self.branching = Branching(self.story)
        self.slots = SlotsService(self.story)
        self.shelf = Shelf(self.story, self.turns, self.sequence)
        self.timeline = Timeline(database)

    @classmethod
    async def laid(cls, path: Path, *scripts: Sequence[Step]) -> Self:
        database = await Database.open(path, busy_timeout_ms=50)
        return cls(database, [ScriptedProvider(scripts)])

    @property
    def provider(self) -> ScriptedProvider:
        return self.by_id["scripted"]

    @property
    def dice(self) -> Dice:
        """Dice that fall on 4, or on their highest side."""
        return Dice(
            self.database,
            lambda room_id: self.turns.occupied(room_id),  # noqa: PLW0108 - not made yet
            self.page.take,
            self.clock,
            self.new_id,
            lambda sides: min(sides, 4),
        )

    def new_turns(self, limits: Callable[[], Limits] = lambda: PATIENT) -> Turns:
        return Turns(
            database=self.database,
            providers=self.by_id,
            limits=limits,
            emit=self.page.take,
            clock=self.clock,
            new_id=self.new_id,
            report_bug=self.report_bug,
            stacks=self.stacks,
            throw=self.dice.throw_asked,
        )

    def new_id(self) -> str:
        return f"n{next(self._ids)}"

    def sequence(self) -> int:
        return len(self.page.events)

    def report_bug(self, bug: BaseException, doing: str) -> str:
        assert doing
        self.bugs.append(bug)
        return f"log{len(self.bugs)}"

    async def room(self, stage: Stage = STAGE) -> Room:
        view = await self.rooms.create(RoomCreateParams(title="안개 항로"))
        return await self.rooms.stage(StageParams(room_id=view.room.id, stage=stage))

    async def send(self, room: Room, text: str = "불을 켜 줘.", *, narrated: bool = False) -> Sent:
        params = SendParams(room_id=room.id, text=text, as_narrator=narrated)
        return await self.turns.send(params)

    async def say(self, room: Room, text: str = "불을 켜 줘.", *, narrated: bool = False) -> Turn:
        """Send a line and wait for the end of its answer."""
        sent = await self.send(room, text, narrated=narrated)
        return await self.ended(sent.turn.id)

    async def ended(self, turn_id: str) -> Turn:
        return await self.until(
            lambda: next(
                (one.turn for one in self.page.of(TurnEnded) if one.turn.id == turn_id), None
            )
        )

    async def until(self, found: Callable[[], E | None]) -> E:
        """Wait for something to be so; the test's own time limit is the only clock."""
        while not (thing := found()):
            await asyncio.sleep(0.001)
        return thing

    async def heard(self, *messages: str) -> None:
        """Wait until the newest messages of the page read like this."""
        await self.until(
            lambda: (
                [one.text for one in self.page.messages.values()][-len(messages) :]
                == list(messages)
            )
        )

    async def view(self, room: Room) -> RoomView:
        return await self.rooms.open(RoomParams(room_id=room.id))

    async def close(self) -> None:
        await self.turns.close()
        await self.providers.close()
        await self.database.close()


def info(provider_id: str) -> Info:
    return Info(
        id=provider_id,
        label=provider_id,
        capabilities=Capabilities(
            streams_tokens=True, reports_usage=True, reports_cost=False, keeps_session=False
        ),
        models=(),
    )


def said(messages: Sequence[Message]) -> list[tuple[str, str, str]]:
    return [(one.author.name, one.text, one.status) for one in messages]
