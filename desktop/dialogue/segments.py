"""The parts of a prompt: its sections with their reasons, and what was left out."""

from desktop.dialogue.quoting import spoken
from desktop.protocol.base import Frozen
from desktop.protocol.models import Message
from desktop.protocol.prompting import Place as Place  # noqa: PLC0414
from desktop.protocol.prompting import SegmentKind as SegmentKind  # noqa: PLC0414


class Talk(Frozen, kw_only=True):
    """What a section of the story was made of: its own words, then one entry a message."""

    lead: str
    messages: tuple[Message, ...]
    tags: tuple[str, ...]
    """The name before each message, as it stands in the prompt."""
    tail: str = ""
    """Our own words behind the messages, with what parts them."""


class Segment(Frozen, kw_only=True):
    """One section of the prompt, and why it is there."""

    kind: SegmentKind
    place: Place
    text: str
    reason_code: str
    """For example ``always``, ``stage.world``, ``narrator.ai.active``, ``history.cut``."""
    name: str = ""
    """Of an entry of lore: what the person knows it by."""
    talk: Talk | None = None
    """Of the history, and of a line that is stored as a message."""


class Omission(Frozen, kw_only=True):
    """Something the room has or was set to that is not in the prompt, and why."""

    kind: SegmentKind
    reason_code: str
    """For example ``choices.off.direct``, ``character.disabled``, ``history.context``."""
    names: tuple[str, ...] = ()
    """Of characters who are left out."""
    messages: int = 0
    """How many of the story's newest that were looked at; of a long story more may be left out."""
    turns: int = 0


class Prompt(Frozen, kw_only=True):
    """The sections in order. ``system`` depends on the stage, the house rules and the lore that is
    always told: it is the same from turn to turn."""

    segments: tuple[Segment, ...]
    omissions: tuple[Omission, ...] = ()

    @property
    def system(self) -> str:
        """What stands above the talk, the same for every turn of one stage."""
        return joined(self.segments, "system")

    @property
    def user(self) -> str:
        """The story so far and the newest line."""
        return joined(self.segments, "user")

    @property
    def first_message_id(self) -> str:
        """The first message the AI sees; empty if it sees none."""
        talks = (part.talk for part in self.segments if part.talk and part.kind == "history")
        return next((talk.messages[0].id for talk in talks if talk.messages), "")


def joined(segments: tuple[Segment, ...], place: Place) -> str:
    """The sections of one place as they are sent."""
    return "\n\n".join(part.text for part in segments if part.place == place)


def told_talk(talk: Talk) -> str:
    """A section of the story as it is sent."""
    pairs = zip(talk.tags, talk.messages, strict=True)
    told = (talk.lead, *(spoken(tag, message.text) for tag, message in pairs))
    return "\n".join(told) + talk.tail


def section(kind: SegmentKind, heading: str, text: str, reason_code: str) -> Segment:
    """A section of the system part."""
    return Segment(kind=kind, place="system", text=f"{heading}\n{text}", reason_code=reason_code)
