"""What the page may ask for: a name, what goes in, what comes out. ``METHODS`` names them all."""

from typing import Annotated, Any, NamedTuple

from msgspec import Meta

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.capabilities import Provider, ProviderStatus
from desktop.protocol.models import Id, Language, Message, Name, Prose, Room, Stage, Turn
from desktop.protocol.problems import Problem
from desktop.protocol.settings import Settings


class Nothing(Frozen, kw_only=True):
    """No parameters, or nothing to say back."""


class RoomParams(Frozen, kw_only=True):
    room_id: Id


class RoomView(Frozen, kw_only=True):
    """A room with its newest messages, oldest first."""

    room: Room
    messages: tuple[Message, ...]
    has_more: bool
    running: Turn | None = None
    last_turn: Turn | None = None
    """The newest ended turn, with its problem and usage if it has any."""
    sequence: int = 0
    """Events up to this number are already in it."""


class OpenParams(Frozen, kw_only=True):
    language: Language | None = None
    """The page's guess from the system, used on the very first start only."""


class Opened(Frozen, kw_only=True):
    """Everything the first frame needs. Events up to ``sequence`` are already in it."""

    version: str
    sequence: int
    settings: Settings
    rooms: tuple[Room, ...]
    room: RoomView | None
    providers: tuple[Provider, ...]
    statuses: tuple[ProviderStatus, ...]
    platform: str
    """``linux``, ``windows`` or ``macos``: which key names to show."""
    first_start: bool
    now: UtcMs


class RoomCreateParams(Frozen, kw_only=True):
    title: Name
    language: Language = "ko"


class RoomRenameParams(Frozen, kw_only=True):
    room_id: Id
    title: Annotated[str, Meta(min_length=1, max_length=200)]


class StageParams(Frozen, kw_only=True):
    room_id: Id
    stage: Stage


class DraftParams(Frozen, kw_only=True):
    room_id: Id
    text: Prose


class PageParams(Frozen, kw_only=True):
    room_id: Id
    before: int
    """Positions smaller than this, counted over the whole path of the current branch."""
    limit: Annotated[int, Meta(ge=1, le=200)] = 60


class MessagePage(Frozen, kw_only=True):
    messages: tuple[Message, ...]
    has_more: bool


class BookParams(Frozen, kw_only=True):
    room_id: Id


class SendParams(Frozen, kw_only=True):
    room_id: Id
    text: Annotated[str, Meta(min_length=1, max_length=100_000)]
    as_narrator: bool = False
    """Spoken as the narrator, where the person plays that part."""


class Sent(Frozen, kw_only=True):
    """My message as it was stored, and the turn that now runs."""

    message: Message | None
    turn: Turn


class TurnParams(Frozen, kw_only=True):
    turn_id: Id


class CheckParams(Frozen, kw_only=True):
    provider_id: Id | None = None
    """All of them when left out."""


class SettingsParams(Frozen, kw_only=True):
    settings: Settings


class ReportParams(Frozen, kw_only=True):
    """An error the page met and could not handle."""

    message: Annotated[str, Meta(max_length=2_000)]
    stack: Annotated[str, Meta(max_length=20_000)] = ""


class Reported(Frozen, kw_only=True):
    log_id: str


class Method(NamedTuple):
    params: type[Frozen]
    result: type[Frozen]


METHODS: dict[str, Method] = {
    "app.open": Method(OpenParams, Opened),
    "app.report": Method(ReportParams, Reported),
    "room.open": Method(RoomParams, RoomView),
    "room.create": Method(RoomCreateParams, RoomView),
    "room.rename": Method(RoomRenameParams, Room),
    "room.trash": Method(RoomParams, Room),
    "room.restore": Method(RoomParams, Room),
    "room.stage": Method(StageParams, Room),
    "room.draft": Method(DraftParams, Nothing),
    "message.page": Method(PageParams, MessagePage),
    "turn.send": Method(SendParams, Sent),
    "turn.again": Method(RoomParams, Sent),
    "turn.stop": Method(TurnParams, Nothing),
    "provider.check": Method(CheckParams, Nothing),
    "settings.change": Method(SettingsParams, Settings),
}


class Call(Frozen, kw_only=True):
    """What crosses the bridge: a method's name and its parameters, still unchecked."""

    method: Annotated[str, Meta(max_length=64)]
    params: dict[str, Any] = {}


class Answer(Frozen, kw_only=True):
    """What comes back: exactly one of the two is set."""

    result: Any = None
    problem: Problem | None = None
