"""What the page may ask for: a name, what goes in, what comes out. ``METHODS`` names them all."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from desktop.protocol.auto import VoiceParams
from desktop.protocol.auto_methods import AUTO_METHODS
from desktop.protocol.backup_methods import BACKUP_METHODS
from desktop.protocol.base import DurationMs, Frozen, Position, UtcMs
from desktop.protocol.book_methods import BOOK_METHODS
from desktop.protocol.capabilities import Model, Provider, ProviderStatus
from desktop.protocol.cards_methods import CARD_METHODS
from desktop.protocol.diagnosis import Diagnosis
from desktop.protocol.diagnosis import Reported as Reported  # noqa: PLC0414
from desktop.protocol.diagnosis import ReportParams as ReportParams  # noqa: PLC0414
from desktop.protocol.library_methods import LIBRARY_METHODS
from desktop.protocol.library_search import RoomFromPresetParams
from desktop.protocol.looking_back import LOOKING_BACK_METHODS
from desktop.protocol.method import Method as Method  # noqa: PLC0414
from desktop.protocol.method import Nothing as Nothing  # noqa: PLC0414
from desktop.protocol.models import (
    Id,
    Language,
    Line,
    Message,
    Name,
    Prose,
    Room,
    Stage,
    Turn,
    Voice,
)
from desktop.protocol.notices import NOTICES_METHODS
from desktop.protocol.picture_methods import PICTURE_METHODS
from desktop.protocol.problems import Problem
from desktop.protocol.profile_methods import PROFILE_METHODS
from desktop.protocol.profiles import Profiles
from desktop.protocol.prompt_methods import PROMPT_METHODS
from desktop.protocol.rescue_methods import RESCUE_METHODS
from desktop.protocol.rolling import DiceParams, DiceVerified, Rolled
from desktop.protocol.room_view import RoomParams as RoomParams  # noqa: PLC0414
from desktop.protocol.room_view import RoomView as RoomView  # noqa: PLC0414
from desktop.protocol.scenes import SCENE_METHODS
from desktop.protocol.search import AroundParams, MessagesAround, SearchFound, SearchParams
from desktop.protocol.settings import Settings
from desktop.protocol.speech_methods import SPEECH_METHODS
from desktop.protocol.story import Path, Slot, TextVersion, TreeBranch, Undone, UndoState
from desktop.protocol.transfer_methods import TRANSFER_METHODS
from desktop.protocol.usage_methods import USAGE_METHODS


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
    profiles: Profiles | None = None
    """If the current one is not open, nothing else in here is of any profile."""


class RoomCreateParams(Frozen, kw_only=True):
    title: Name
    language: Language = "ko"


class RoomRenameParams(Frozen, kw_only=True):
    room_id: Id
    title: Annotated[str, Meta(min_length=1, max_length=200)]


class RoomDuplicateParams(Frozen, kw_only=True):
    room_id: Id
    title: Annotated[str, Meta(min_length=1, max_length=200)]
    with_story: bool = False
    """With what was said on the path that is shown, not only the stage."""


class RoomOrderParams(Frozen, kw_only=True):
    """The rooms in the order of the shelf; rooms that are not named stand before them."""

    room_ids: Annotated[tuple[Id, ...], Meta(max_length=10_000)]


RoomShelf = Literal["active", "archived", "trashed"]


class RoomListParams(Frozen, kw_only=True):
    which: RoomShelf = "active"
    query: Name = ""
    """A part of the title; case, composition and white space do not count."""


class RoomList(Frozen, kw_only=True):
    rooms: tuple[Room, ...]


class StageParams(Frozen, kw_only=True):
    room_id: Id
    stage: Stage


class DraftParams(Frozen, kw_only=True):
    room_id: Id
    text: Prose


class PageParams(Frozen, kw_only=True):
    room_id: Id
    before: Position
    """Positions smaller than this, counted over the whole path."""
    limit: Annotated[int, Meta(ge=1, le=200)] = 60
    branch_id: Id | None = None
    """The path to the end of another branch of the room than the one it stands on."""


class MessagePage(Frozen, kw_only=True):
    messages: tuple[Message, ...]
    has_more: bool


class SendParams(Frozen, kw_only=True):
    room_id: Id
    text: Annotated[str, Meta(min_length=1, max_length=100_000)]
    as_narrator: bool = False
    """Spoken as the narrator, where the person plays that part."""
    voice: Voice = ""
    """Who is to answer; empty: whose turn it is, or the whole table."""


class Sent(Frozen, kw_only=True):
    """My message as it was stored, and the turn that now runs."""

    message: Message | None
    turn: Turn


class AgainParams(Frozen, kw_only=True):
    """Without a message the newest line is answered anew."""

    room_id: Id
    message_id: Id | None = None
    """Everything from the line that this message answers becomes an alternative."""
    direction: Line = ""
    """One line of what should be different this time; it is not part of the story."""


class ContinueParams(Frozen, kw_only=True):
    message_id: Id
    """The newest message of the path that is shown."""


class MessageParams(Frozen, kw_only=True):
    message_id: Id


class EditParams(Frozen, kw_only=True):
    message_id: Id
    text: Prose


class DeleteParams(Frozen, kw_only=True):
    message_id: Id
    and_below: bool = False


class HideParams(Frozen, kw_only=True):
    message_id: Id
    hidden: bool


class SwitchParams(Frozen, kw_only=True):
    message_id: Id
    to: Annotated[int, Meta(ge=1, le=1_000_000)]
    """Which of the message's alternatives, from 1."""


class Versions(Frozen, kw_only=True):
    """The earlier texts of a message, the oldest first."""

    message: Message
    earlier: tuple[TextVersion, ...]


class ForkParams(Frozen, kw_only=True):
    message_id: Id
    name: Name = ""


class BranchParams(Frozen, kw_only=True):
    branch_id: Id


class BranchNameParams(Frozen, kw_only=True):
    branch_id: Id
    name: Name


class StoryTree(Frozen, kw_only=True):
    """The branches that can be gone to, parents first, and the slots, the newest first."""

    room_id: str
    now: str
    """The branch that is shown."""
    branches: tuple[TreeBranch, ...]
    slots: tuple[Slot, ...]


class SlotSaveParams(Frozen, kw_only=True):
    room_id: Id
    name: Annotated[str, Meta(min_length=1, max_length=200)]


class SlotParams(Frozen, kw_only=True):
    slot_id: Id


class SlotNameParams(Frozen, kw_only=True):
    slot_id: Id
    name: Annotated[str, Meta(min_length=1, max_length=200)]


class Slots(Frozen, kw_only=True):
    slots: tuple[Slot, ...]


class SessionResetParams(Frozen, kw_only=True):
    room_id: Id | None = None
    """All rooms when left out."""


class SessionsReset(Frozen, kw_only=True):
    count: int


class TurnParams(Frozen, kw_only=True):
    turn_id: Id


class CheckParams(Frozen, kw_only=True):
    provider_id: Id | None = None
    """All of them when left out."""


class ProviderParams(Frozen, kw_only=True):
    provider_id: Id


class ModelsParams(Frozen, kw_only=True):
    provider_id: Id
    fresh: bool = False
    """Ask again although the answer is still known."""


class ModelList(Frozen, kw_only=True):
    models: tuple[Model, ...]


class TrialParams(Frozen, kw_only=True):
    provider_id: Id
    model: Name = ""
    """Empty: the provider's own default."""


class Trial(Frozen, kw_only=True):
    """An AI has said a short line."""

    first_text_ms: DurationMs
    total_ms: DurationMs
    model: str
    """As the provider calls what answered; empty where it does not say."""
    text: str
    """At most 200 characters."""


class KeyParams(Frozen, kw_only=True):
    """The one thing in the protocol that carries a key, and it only ever comes in."""

    provider_id: Id
    key: Annotated[str, Meta(min_length=1, max_length=4096)]
    session_only: bool = False
    """Keep it in memory until the program ends: the person has agreed to that."""

    def __repr__(self) -> str:
        return f"KeyParams(provider_id={self.provider_id!r})"


class SettingsParams(Frozen, kw_only=True):
    settings: Settings


METHODS: dict[str, Method] = {
    "app.open": Method(OpenParams, Opened),
    "app.report": Method(ReportParams, Reported),
    "room.open": Method(RoomParams, RoomView),
    "room.prepare": Method(RoomParams, Nothing),
    "room.create": Method(RoomCreateParams, RoomView),
    "room.from_preset": Method(RoomFromPresetParams, RoomView),
    "room.rename": Method(RoomRenameParams, Room),
    "room.trash": Method(RoomParams, Room),
    "room.restore": Method(RoomParams, Room),
    "room.stage": Method(StageParams, Room),
    "room.draft": Method(DraftParams, Nothing),
    "room.list": Method(RoomListParams, RoomList),
    "room.order": Method(RoomOrderParams, RoomList),
    "room.archive": Method(RoomParams, Room),
    "room.unarchive": Method(RoomParams, Room),
    "room.duplicate": Method(RoomDuplicateParams, RoomView),
    "room.clear": Method(RoomParams, Path),
    "room.delete_forever": Method(RoomParams, Nothing),
    "message.page": Method(PageParams, MessagePage),
    "message.around": Method(AroundParams, MessagesAround),
    "message.edit": Method(EditParams, Message),
    "message.versions": Method(MessageParams, Versions),
    "message.delete": Method(DeleteParams, Room),
    "message.hide": Method(HideParams, Message),
    "message.switch": Method(SwitchParams, Path),
    "message.continue": Method(ContinueParams, Sent),
    "branch.tree": Method(RoomParams, StoryTree),
    "branch.fork": Method(ForkParams, Path),
    "branch.go": Method(BranchParams, Path),
    "branch.back": Method(MessageParams, Path),
    "branch.name": Method(BranchNameParams, StoryTree),
    "branch.delete": Method(BranchParams, StoryTree),
    "slot.list": Method(RoomParams, Slots),
    "slot.save": Method(SlotSaveParams, Slots),
    "slot.go": Method(SlotParams, Path),
    "slot.name": Method(SlotNameParams, Slots),
    "slot.delete": Method(SlotParams, Slots),
    "history.state": Method(RoomParams, UndoState),
    "history.undo": Method(RoomParams, Undone),
    "history.redo": Method(RoomParams, Undone),
    "dice.roll": Method(DiceParams, Rolled),
    "dice.verify": Method(RoomParams, DiceVerified),
    "search.find": Method(SearchParams, SearchFound),
    "session.reset": Method(SessionResetParams, SessionsReset),
    "turn.send": Method(SendParams, Sent),
    "turn.again": Method(AgainParams, Sent),
    "turn.continue": Method(VoiceParams, Sent),
    "turn.stop": Method(TurnParams, Nothing),
    "provider.check": Method(CheckParams, Nothing),
    "provider.models": Method(ModelsParams, ModelList),
    "provider.test": Method(TrialParams, Trial),
    "provider.choose_path": Method(ProviderParams, ProviderStatus),
    "provider.forget_path": Method(ProviderParams, ProviderStatus),
    "key.set": Method(KeyParams, Nothing),
    "key.delete": Method(ProviderParams, Nothing),
    "app.diagnose": Method(Nothing, Diagnosis),
    **BOOK_METHODS,
    **AUTO_METHODS,
    **LIBRARY_METHODS,
    **USAGE_METHODS,
    **PROFILE_METHODS,
    **SCENE_METHODS,
    **TRANSFER_METHODS,
    **BACKUP_METHODS,
    **RESCUE_METHODS,
    **CARD_METHODS,
    **PICTURE_METHODS,
    **PROMPT_METHODS,
    **LOOKING_BACK_METHODS,
    **SPEECH_METHODS,
    **NOTICES_METHODS,
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
