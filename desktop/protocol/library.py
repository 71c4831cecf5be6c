"""The library: worlds, people, presets and lore that the person keeps in plain files."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.lore import Lorebook
from desktop.protocol.models import Character, Id, Line, MaybeId, Persona, Prose, Room, Stage

LibraryKind = Literal[
    "world",
    "situation",
    "my_character",
    "npc",
    "character_template",
    "preset",
    "lorebook",
]
LibraryOrigin = Literal["mine", "shipped"]
EntryProblem = Literal[
    "undecodable",
    "malformed",
    "too_large",
    "unreadable",
    "link",
    "folder",
    "foreign",
    "bad_name",
]
"""Why an entry is listed and cannot be read: not a text we can decode; not what its kind holds;
larger than we read; the system refuses; a link or a folder where a file should be; a file of
another type; a file name that is no text."""
LibraryState = Literal["ready", "missing", "unreadable"]
"""``missing``: the chosen folder is not there now, for example on a disk that is not plugged in."""

FileName = Annotated[str, Meta(min_length=1, max_length=255)]
"""A file's name as it was listed, without a folder."""
EntryName = Annotated[str, Meta(min_length=1, max_length=200)]


class LibraryEntry(Frozen, kw_only=True):
    """One file of the library, as a list shows it. Kind, origin and file name it together."""

    kind: LibraryKind
    origin: LibraryOrigin
    file: str
    name: str
    """As the person wrote it; the file's name is made from it."""
    modified: UtcMs
    size: int
    """In bytes."""
    stamp: str = ""
    """Of what stands in the file; it is another as soon as the file is."""
    problem: EntryProblem | None = None
    picture: str = ""
    """Of a person; to be asked for by ``picture.read``."""


class LibraryTrashed(Frozen, kw_only=True):
    """An entry that was deleted and can be fetched back for 30 days."""

    id: str
    kind: LibraryKind
    name: str
    deleted_at: UtcMs


class LibraryList(Frozen, kw_only=True):
    """Everything there is, by kind and name. Of a shipped entry that the person has changed only
    their own copy is listed."""

    state: LibraryState
    folder: str
    """Where the person's own files lie."""
    usual: bool
    """Whether that is the usual place."""
    entries: tuple[LibraryEntry, ...] = ()
    trash: tuple[LibraryTrashed, ...] = ()


class TextContents(Frozen, kw_only=True, tag="text"):
    """Of a world, a situation, an NPC."""

    text: Prose


class PersonaContents(Frozen, kw_only=True, tag="persona"):
    """Of my characters."""

    persona: Persona


class CharacterContents(Frozen, kw_only=True, tag="character"):
    """Of a character template."""

    character: Character


class StageContents(Frozen, kw_only=True, tag="stage"):
    """Of a preset: the whole stage with every setting."""

    stage: Stage


class LoreContents(Frozen, kw_only=True, tag="lore"):
    """Of a lorebook."""

    book: Lorebook


Contents = TextContents | PersonaContents | CharacterContents | StageContents | LoreContents


class EntryParams(Frozen, kw_only=True):
    kind: LibraryKind
    origin: LibraryOrigin = "mine"
    file: FileName


class EntryRead(Frozen, kw_only=True):
    entry: LibraryEntry
    contents: Contents
    unread: tuple[str, ...] = ()
    """Fields of ours whose values could not be used; the default stands for each. They are lost
    when the entry is saved; the file as it was goes to the trash then."""


class EntrySaveParams(Frozen, kw_only=True):
    """Without a file a new entry is made; it gets a number if its name is taken."""

    kind: LibraryKind
    name: EntryName
    contents: Contents
    origin: LibraryOrigin = "mine"
    """``shipped``: the changed copy becomes the person's own."""
    file: Annotated[str, Meta(max_length=255)] = ""
    """The entry that was changed; its name stays, ``library.rename`` changes that."""
    stamp: Annotated[str, Meta(max_length=64)] = ""
    """Of the file as it was read."""


SaveOutcome = Literal["saved", "copied", "kept_beside"]
"""``copied``: from the shipped library; ``kept_beside``: the file had been changed outside since
it was read and stays as it is, and this is a new entry with a number."""


class EntrySaved(Frozen, kw_only=True):
    entry: LibraryEntry
    outcome: SaveOutcome


class EntryRenameParams(Frozen, kw_only=True):
    kind: LibraryKind
    file: FileName
    name: EntryName


class TrashParams(Frozen, kw_only=True):
    id: Id


ApplyPart = Literal["whole", "world", "situation", "me", "narrator", "characters", "character"]
"""What of a preset to take; ``character``: one of its people, by ``character_id``."""


class ApplyParams(Frozen, kw_only=True):
    """Put an entry onto a room's stage."""

    room_id: Id
    kind: LibraryKind
    origin: LibraryOrigin = "mine"
    file: FileName
    part: ApplyPart = "whole"
    """Of a preset; other kinds have one place only."""
    character_id: MaybeId = ""
    replaces: MaybeId = ""
    """The character of the room whose seat a person takes; otherwise they join the others."""


KeepPart = Literal["world", "situation", "me", "character", "stage"]


class KeepParams(Frozen, kw_only=True):
    """Save a part of a room's stage as a new entry."""

    room_id: Id
    part: KeepPart
    name: EntryName
    character_id: MaybeId = ""


class Applied(Frozen, kw_only=True):
    room: Room


class Rules(Frozen, kw_only=True):
    """The house rules: put into the prompt of every room of this profile."""

    text: Prose
    stamp: str
    """Empty while the sample holds."""
    own: bool
    """Whether the person has written them; otherwise it is the sample of the language."""


class RulesSaveParams(Frozen, kw_only=True):
    text: Prose | None
    """``None`` goes back to the sample; empty means no rules."""
    stamp: Annotated[str, Meta(max_length=64)] = ""


class RulesSaved(Frozen, kw_only=True):
    rules: Rules
    kept: str = ""
    """Where the text of somebody else was kept: the file had been changed outside meanwhile."""


GitState = Literal[
    "ready",
    "no_git",
    "no_folder",
    "no_repository",
    "unsafe_settings",
    "not_yours",
    "unfinished",
    "detached",
    "failed",
    "sealed",
]
"""Why nothing can be synchronised, unless it is ``ready``. ``unsafe_settings``: the repository's
own settings name a program or something we do not know (``detail`` says which); ``not_yours``:
the folder belongs to another user; ``unfinished``: a merge or rebase was begun elsewhere."""
FileChange = Literal["added", "changed", "deleted", "renamed", "conflicted"]


class ChangedFile(Frozen, kw_only=True):
    path: str
    change: FileChange


class GitStatus(Frozen, kw_only=True):
    """As far as the last fetch knows."""

    state: GitState
    branch: str = ""
    upstream: str = ""
    """Empty: nothing was ever exchanged from this branch."""
    remote: bool = False
    """Whether there is a place to exchange with."""
    ahead: int = 0
    behind: int = 0
    changed: tuple[ChangedFile, ...] = ()
    detail: str = ""


class GitInitParams(Frozen, kw_only=True):
    remote: Line = ""
    """Where to exchange with: ``https://…``, ``ssh://…``, ``user@host:path`` or a folder. Never
    with a password in it."""


GitOutcome = Literal[
    "done",
    "no_remote",
    "offline",
    "denied",
    "no_such_place",
    "blocked",
    "not_ready",
    "failed",
]
"""``no_remote``: kept here, there is nowhere to send it; ``offline``, ``denied`` and
``no_such_place``: kept here, to be sent another time; ``blocked``: a file was changed while it
was being done or an ignored one stands in the way; ``not_ready``: see the status."""
ConflictKind = Literal["both_changed", "deleted_here", "deleted_there"]


class SyncConflict(Frozen, kw_only=True):
    """A file that was changed in two places. Nothing is lost: both versions are entries now."""

    kind: ConflictKind
    path: str
    """Holds this computer's version, or the one that was not deleted."""
    other: str = ""
    """Where the other version was put, for ``both_changed``."""


class GitSynced(Frozen, kw_only=True):
    outcome: GitOutcome
    status: GitStatus
    committed: int = 0
    """Files of this computer that were put on record."""
    received: int = 0
    """Commits."""
    sent: int = 0
    """Commits."""
    conflicts: tuple[SyncConflict, ...] = ()
    detail: str = ""
    """What git said, without passwords; may be empty."""
