"""The nouns of the story: what a room holds and what is said in it."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import DurationMs, Frozen, UtcMs
from desktop.protocol.dice import SealedRoll
from desktop.protocol.problems import Problem
from desktop.protocol.speech import SpokenVoice

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""32 hexadecimal digits, the time in front, or a fixed name of our own such as ``me``."""

MaybeId = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")]
"""An id, or empty for nobody."""

Name = Annotated[str, Meta(max_length=200)]
Line = Annotated[str, Meta(max_length=2_000)]
Prose = Annotated[str, Meta(max_length=200_000)]
BookFile = Annotated[str, Meta(min_length=1, max_length=255)]
"""A lorebook's file in the library, without a folder; the person's own before a shipped one."""
Kept = Annotated[str, Meta(max_length=32, pattern=r"^([0-9a-f]{32})?$")]
"""Something that is kept once and named by its hash; empty for nothing."""

Language = Literal["ko", "en", "ja"]
NarratorKind = Literal["ai", "me", "none"]
NarratorLevel = Literal["active", "moderate", "passive"]
"""How much is narrated; who moves the story is the drive."""
Drive = Literal["describe", "guide", "direct"]
"""``describe``: only tells what follows; ``guide``: sets something in the way and leaves the next
step to me; ``direct``: moves the story itself, so it offers no choices."""
Conversation = Literal["table", "group_chat", "one_to_one_chat", "one_to_one_scene"]
"""The two chats have no narration of the AI's; one to one seats the first enabled character."""
Output = Literal["less", "normal", "more"]
Pace = Literal["slow", "normal", "fast"]
Answering = Literal["ensemble", "single"]
"""``ensemble``: everyone in one answer; ``single``: one voice at a time, each in its own turn."""
NextBy = Literal["round_robin", "mention"]
"""Who is next in ``single``: the next seat, or whoever the last line names and else the seat."""

NARRATOR_VOICE = "@narrator"
"""Stands for the narrator where a character's id would stand; no id can look like it."""

Voice = Annotated[str, Meta(max_length=4_300, pattern=r"^[A-Za-z0-9_@+-]*$")]
"""Who answers: empty for the whole table, a character's id, ``@narrator``, or several joined by
``+`` in the order of the table, where they share a provider and others do not."""
SummaryMode = Literal["off", "request", "automatic"]
"""Whether what falls out of the window is told in a few words, and who asks for them."""
Dye = Literal[
    "jjok",
    "chija",
    "jadu",
    "iki",
    "doraji",
    "mulsae",
    "gam",
    "sol",
    "seokryu",
    "olive",
    "bidulgi",
    "pat",
]
"""The twelve character colours in the order in which they are handed out."""


class Persona(Frozen, kw_only=True):
    """My character: who the person at the keyboard plays."""

    name: Name = ""
    description: Prose = ""
    picture: Kept = ""
    """A face, to be asked for by ``picture.read``; without one a seal stands for the name."""


class Narrator(Frozen, kw_only=True):
    """Who tells what happens between the lines, and how much."""

    kind: NarratorKind = "ai"
    level: NarratorLevel = "moderate"
    drive: Drive = "guide"
    description: Prose = ""
    provider: MaybeId = ""
    """Who speaks for the narrator; empty: the room's provider, and then its model too."""
    model: Name = ""
    """Empty: that provider's own default."""


class Relation(Frozen, kw_only=True):
    """What somebody is to a character."""

    to: MaybeId = ""
    """A character's id, ``me`` for my character, empty for somebody who is not at the table."""
    text: Line


class Secret(Frozen, kw_only=True):
    """What a character keeps from others."""

    text: Prose
    known_by: Annotated[tuple[Id, ...], Meta(max_length=65)] = ()
    """Ids of those who know it beside its owner; ``me`` stands for my character."""


class Character(Frozen, kw_only=True):
    """One person the AI plays. Only the name is required."""

    id: Id
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    aliases: Annotated[tuple[Name, ...], Meta(max_length=1_000)] = ()
    line: Line = ""
    description: Prose = ""
    speech: Prose = ""
    examples: Annotated[tuple[Line, ...], Meta(max_length=40)] = ()
    """Lines as this character would say them."""
    relations: Annotated[tuple[Relation, ...], Meta(max_length=65)] = ()
    secrets: Annotated[tuple[Secret, ...], Meta(max_length=40)] = ()
    dye: Dye = "jjok"
    enabled: bool = True
    provider: MaybeId = ""
    """Empty: the room's provider, and then its model too."""
    model: Name = ""
    """Of the provider named here; empty: that provider's own default."""
    voice: SpokenVoice = SpokenVoice()
    """Read aloud; without a name as the settings say."""
    picture: Kept = ""
    """A face, to be asked for by ``picture.read``; without one a seal stands for the name."""
    card: Kept = ""
    """What the card they came from says and nothing here holds; another card takes it along."""


class Stage(Frozen, kw_only=True):
    """Everything a room is set up with; the prompt is made from this and the talk."""

    language: Language = "ko"
    world: Prose = ""
    situation: Prose = ""
    me: Persona = Persona()
    narrator: Narrator = Narrator()
    characters: Annotated[tuple[Character, ...], Meta(max_length=64)] = ()
    provider: Id = "storyteller"
    model: Name = ""
    """Empty means the provider's own default."""
    window: Annotated[int, Meta(ge=5, le=1000)] | None = 30
    """How many turns back the AI sees; ``None`` is all of them."""
    retention: bool = False
    conversation: Conversation = "table"
    choices: Annotated[int, Meta(ge=2, le=5)] | None = None
    """How many ways on every answer ends with; ``None`` offers none."""
    dice: bool = True
    """The narrator of the AI may ask for a roll, and is told that the program rolls."""
    output: Output = "normal"
    pace: Pace = "normal"
    separation: bool = False
    """Speech, ``*sounds*`` and narration each stand on lines of their own."""
    answering: Answering = "ensemble"
    next_by: NextBy = "mention"
    auto_delay_s: Annotated[int, Meta(ge=0, le=60)] = 2
    """Seconds between two turns that come by themselves."""
    auto_limit: Annotated[int, Meta(ge=1, le=1000)] | None = 10
    """How many turns may come by themselves before I am asked again; ``None``: any number."""
    lorebooks: Annotated[tuple[BookFile, ...], Meta(max_length=32)] = ()
    """The lorebooks in force here, the earlier the stronger claim on the budget."""
    summary: SummaryMode = "request"


class Room(Frozen, kw_only=True):
    """One table with its own story."""

    id: Id
    title: Name
    stage: Stage
    branch_id: Id
    message_count: int
    last_line: str
    """The start of the newest message, for lists; at most 200 characters."""
    draft: str
    """What was typed here and not sent yet."""
    created_at: UtcMs
    updated_at: UtcMs
    trashed_at: UtcMs | None = None
    archived_at: UtcMs | None = None
    sort_order: int = 0
    """Its place on the shelf as the person put it, from 1; 0 where it was never put anywhere."""


AuthorKind = Literal["user", "character", "narrator", "note", "dice"]
MessageStatus = Literal["streaming", "complete", "partial", "stopped", "failed"]
"""``partial``: the answer was cut off; ``stopped``: the person stopped it;
``failed``: the provider failed after some text had come."""


class Author(Frozen, kw_only=True):
    """Who speaks, by name as it was spoken."""

    kind: AuthorKind
    name: str
    id: str = ""
    """A character's id; empty for everyone else and for names nobody at the table has."""
    dye: str = ""
    """The colour at the time of speaking; empty for the person, the narrator, strangers."""


class AnsweredBy(Frozen, kw_only=True):
    """An AI as it was asked, or as it called itself."""

    provider: str
    model: str = ""
    line_id: str = ""
    """What it answered; those that answered the same line one after another are one round."""


class Message(Frozen, kw_only=True):
    """What one speaker said once. A reply of three characters is three messages."""

    id: Id
    room_id: Id
    branch_id: Id
    position: int
    """Counts from 1 along the path from the room's first message, across forks."""
    turn_id: str
    author: Author
    text: str
    status: MessageStatus
    created_at: UtcMs
    edited_at: UtcMs | None = None
    hidden: bool = False
    """Kept from the AI, shown to the person."""
    roll: SealedRoll | None = None
    """What the program rolled; only where the dice speak."""
    alternatives: int = 1
    """How many ways the story goes on here, this one included."""
    alternative: int = 1
    """Which of them this is, from 1, the oldest first."""
    by: AnsweredBy | None = None
    """Who said it, in an answer that was not the whole table's; ``None`` for all other lines."""


UsageSource = Literal["reported", "estimated", "none"]


class Usage(Frozen, kw_only=True):
    """Tokens of one turn, the same shape for every provider.

    ``input`` is only what was neither read from nor written to a cache.
    """

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    reasoning: int = 0
    cost_usd: float | None = None
    context_window: int | None = None
    source: UsageSource = "none"


TurnOutcome = Literal["running", "complete", "stopped", "failed", "interrupted"]
"""``interrupted``: the program ended while the answer was coming."""


class Turn(Frozen, kw_only=True):
    """One answer of one provider."""

    id: Id
    room_id: Id
    provider: str
    model: str
    voice: Voice = ""
    """Who answers in it."""
    following: int = 0
    """How many more turns answer the same line right behind this one, if it ends well."""
    automatic: bool = False
    """It came by itself, without anybody asking for it."""
    outcome: TurnOutcome
    problem: Problem | None = None
    usage: Usage = Usage()
    first_text_ms: DurationMs | None = None
    total_ms: DurationMs | None = None
    started_at: UtcMs
