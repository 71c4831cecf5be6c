"""Lorebooks: what the AI is told only when it comes up, and why it was or was not."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from desktop.protocol.base import SAFE_INTEGER, Frozen
from desktop.protocol.models import Line, Name, Prose

KeyLogic = Literal["and_any", "not_all", "not_any", "and_all"]
"""Of the secondary keys: one must be there, not all may, none may, all must."""
KeyMatch = Literal["word", "compound", "partial"]
"""A whole word, particles aside; a word that may go on; anywhere."""
LorePosition = Literal["before_characters", "after_characters", "at_depth"]

Count = Annotated[int, Meta(ge=0, le=10_000)]
Key = Annotated[str, Meta(max_length=500)]
Keys = Annotated[tuple[Key, ...], Meta(max_length=10_000)]
Rank = Annotated[int, Meta(ge=-SAFE_INTEGER, le=SAFE_INTEGER)]
LoreId = Annotated[str, Meta(max_length=1_000)]
"""Imported books bring ids of any form."""
Extensions = Annotated[dict[Key, Any], Meta(max_length=10_000)]


class Entry(Frozen, kw_only=True):
    """One piece of lore. Only the id is required."""

    id: LoreId
    name: Name = ""
    """For the person; never sent."""
    content: Prose = ""
    keys: Keys = ()
    secondary_keys: Keys = ()
    """Not asked for if there are none."""
    logic: KeyLogic = "and_any"
    use_regex: bool = False
    case_sensitive: bool = False
    match: KeyMatch = "word"
    ignore_spaces: bool = False
    constant: bool = False
    enabled: bool = True
    order: Rank = 100
    """Lower stands earlier; later is stronger."""
    priority: Rank = 0
    """Lower is left out first when the budget is short."""
    probability: Annotated[int, Meta(ge=0, le=100)] = 100
    sticky: Count = 0
    """Turns for which it stays once it has fired."""
    cooldown: Count = 0
    """Turns for which it then cannot fire again."""
    delay: Count = 0
    """It cannot fire before this turn of the story, counted from 1."""
    exclude_recursion: bool = False
    """Other entries do not fire it."""
    prevent_recursion: bool = False
    """It fires no other entries."""
    delay_until_recursion: bool = False
    """Only other entries fire it."""
    scan_depth: Count | None = None
    """How many messages back its keys are looked for, the line included; the book's if left out."""
    position: LorePosition = "before_characters"
    depth: Count = 4
    """Messages from the end, for ``at_depth``."""
    group: Name = ""
    """Of the entries of one group only one fires."""
    weight: Annotated[int, Meta(ge=1, le=10_000)] = 100
    """Its share of the chance within the group."""
    visibility: Annotated[tuple[Line, ...], Meta(max_length=1_000)] = ("all",)
    """``all``, ``gm`` or ``char:<id>``: who knows it."""
    extensions: Extensions = {}
    """What an imported book said in fields that are not ours; kept for its export."""


class Lorebook(Frozen, kw_only=True):
    """A book of entries, in the order in which the person keeps them."""

    id: LoreId
    name: Name = ""
    description: Prose = ""
    enabled: bool = True
    scan_depth: Count = 4
    token_budget: Count | None = None
    recursive: bool = False
    """Whether what its entries say can fire further ones."""
    entries: Annotated[tuple[Entry, ...], Meta(max_length=100_000)] = ()
    extensions: Extensions = {}


class Timing(Frozen, kw_only=True):
    """An entry that is still held or still barred."""

    book_id: str
    entry_id: str
    held_to: int
    """The last turn for which it stays."""
    barred_to: int
    """The last turn in which it cannot fire again."""


class LoreState(Frozen, kw_only=True):
    """What the next turn must know of the ones before. Belongs to a place in the story's tree."""

    turn: int = 0
    """Turns there have been."""
    timings: tuple[Timing, ...] = ()


LoreCause = Literal["key", "recursion", "constant", "sticky"]
LoreObstacle = Literal[
    "disabled",
    "book_disabled",
    "no_content",
    "no_keys",
    "no_key",
    "secondary",
    "bad_pattern",
    "recursion_only",
    "probability",
    "cooldown",
    "delay",
    "budget",
    "book_budget",
    "group",
]


class Fired(Frozen, kw_only=True):
    """An entry that is told, and why."""

    book_id: str
    entry: Entry
    cause: LoreCause
    key: str = ""
    secondary: tuple[str, ...] = ()
    """The secondary keys that were there."""
    message_id: str = ""
    """Where the key stood; empty for the line that is being answered."""
    by_entry: str = ""
    """The entry whose content held the key."""
    tokens: int


class Passed(Frozen, kw_only=True):
    """An entry that is not told, and what stood in its way."""

    book_id: str
    entry_id: str
    obstacle: LoreObstacle
    key: str = ""
    """The key that was there all the same, or the pattern that cannot be used."""
    by_entry: str = ""
    """Who won the group."""
    turns: int = 0
    """How many turns the obstacle still lasts."""
    tokens: int = 0
    """What it would have cost."""


class Activation(Frozen, kw_only=True):
    """What is told for one turn: every entry of every book is in exactly one of the two."""

    fired: tuple[Fired, ...]
    """In the order of insertion."""
    passed: tuple[Passed, ...]
    """In the order of the books."""
    tokens: int
    state: LoreState
