"""The one seam to an AI: what is asked, what comes back, and who can be asked."""

from collections.abc import AsyncGenerator
from typing import Literal, Protocol, runtime_checkable

from desktop.protocol.base import DurationMs, Frozen
from desktop.protocol.capabilities import ProviderStatus
from desktop.protocol.models import Message, Stage, Usage
from desktop.protocol.problems import Problem


class Limits(Frozen, kw_only=True):
    """Our own watchdogs: no CLI times out in the middle of an answer."""

    first_text_ms: DurationMs = DurationMs(60_000)
    idle_ms: DurationMs = DurationMs(30_000)
    total_ms: DurationMs = DurationMs(600_000)
    max_chars: int = 60_000


class Request(Frozen, kw_only=True):
    """One turn to be answered.

    ``system`` depends on the stage only, so that a process can be started with it ahead of time;
    ``prompt`` carries the story so far and the newest line. ``stage``, ``history`` and ``line``
    are the same in structure, for providers that are no language model.
    """

    turn_id: str
    room_id: str
    voice: str = ""
    """Who answers: one of several conversations of the room; empty where it has only one."""
    model: str
    """Empty: the provider's own default."""
    system: str
    prompt: str
    stage: Stage
    history: tuple[Message, ...] = ()
    line: str = ""
    seed: int = 0
    limits: Limits = Limits()
    stop: tuple[str, ...] = ()
    """Texts before which an answer should end, such as my own name tag; kept where it can be."""
    retain: bool = False
    """The provider's own conversation is to go on with the next turn; it should be kept alive."""
    session: str = ""
    """A conversation that holds all of the story but ``news``, as ``Started`` named it. A
    provider that still has it is told ``news`` alone; any other is told ``prompt``."""
    news: str = ""
    one_off: bool = False
    """No turn like this one follows: nothing is kept for it or made ready after it."""


class Event(Frozen, kw_only=True):
    """What happens while an answer comes."""


class Started(Event, kw_only=True):
    session: str = ""
    model: str = ""


class TextCame(Event, kw_only=True):
    """New text, without control characters, never an empty string."""

    text: str


class ThinkingCame(Event, kw_only=True):
    text: str = ""


class TextDiscarded(Event, kw_only=True):
    """The provider takes back all text of this answer so far and begins again."""

    reason: str = ""


class RetryAnnounced(Event, kw_only=True):
    attempt: int
    wait_ms: DurationMs | None = None
    reason: str = ""


class UsageTold(Event, kw_only=True):
    """The last one of an answer counts, for the whole of it."""

    usage: Usage
    final: bool = True
    """Otherwise the answer has only begun: what it reads is counted, what it says is not."""


class ToolBlocked(Event, kw_only=True):
    """The model wanted to use a tool. Nothing was done."""

    name: str


StopReason = Literal["end", "max_tokens", "refusal", "cancelled", "unknown"]


class Finished(Event, kw_only=True):
    stop: StopReason = "end"


class Failed(Event, kw_only=True):
    problem: Problem


AnswerEvent = (
    Started
    | TextCame
    | ThinkingCame
    | TextDiscarded
    | RetryAnnounced
    | UsageTold
    | ToolBlocked
    | Finished
    | Failed
)


@runtime_checkable
class KeepsReady(Protocol):
    """A provider that can have something ready before it is asked, and conversations that go on."""

    async def prepare(self, request: Request) -> None:
        """Get ready for turns like this one, whose ``prompt`` is not looked at.

        Costs no tokens and never raises; nothing happens where the provider is not installed
        or not signed in.
        """
        ...

    def forget(self, room_id: str = "") -> None:
        """End what is kept for a room, or for all rooms, its conversation included."""
        ...


@runtime_checkable
class TellsWindow(Protocol):
    """A provider that can be asked how much a model sees."""

    async def context_window(self, model: str) -> int | None:
        """Tokens; ``None`` where it does not tell. ``model`` may be empty: its own default.

        Costs no tokens and never raises.
        """
        ...


class Provider(Protocol):
    """One way to an AI. Implementations: the CLIs, the storyteller."""

    @property
    def id(self) -> str: ...

    def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        """Stream one answer; the last event is exactly one ``Finished`` or ``Failed``.

        Raises nothing of its own: every trouble is a ``Failed``. Closing the generator early
        stops the AI and everything it started.
        """
        ...

    async def status(self) -> ProviderStatus:
        """How this provider stands here; spends no tokens, returns within ten seconds."""
        ...

    async def close(self) -> None:
        """End everything that is still running."""
        ...
