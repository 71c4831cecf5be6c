"""Taking stories out and in: what to write, what was found in a file, and the receipt."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen, Moment, UtcMs
from desktop.protocol.models import Id, MaybeId, Name
from desktop.protocol.problems import Problem

FileFault = Literal[
    "not_known",
    "empty",
    "undecodable",
    "malformed",
    "cut_off",
    "too_deep",
    "too_large",
    "too_many",
    "bomb",
    "bad_path",
    "link",
    "encrypted",
    "wrong_hash",
    "duplicate_id",
    "newer_version",
    "changed",
]
"""Why a file is not taken; nothing has changed then. ``not_known``: none of our formats;
``cut_off``: its end is missing; ``bomb``: it would unpack to far more than it weighs; ``bad_path``:
it names a place outside of itself; ``wrong_hash``: it is not what its own list says;
``changed``: it is another file than the one that was looked at."""

TransferRemarkCode = Literal[
    "speakers_split",
    "times_guessed",
    "reordered",
    "title_cut",
    "text_cleaned",
    "text_cut",
    "stage_field_unread",
    "unknown_record",
    "duplicate_skipped",
    "seal_left_out",
    "seal_broken",
    "room_without_id",
    "empty_message",
    "fork_moved",
    "slot_without_place",
    "not_held_by_format",
]
"""What became of something that was not taken as it stands; formats have more of their own."""


class TransferFormat(Frozen, kw_only=True):
    id: str
    suffixes: tuple[str, ...]
    reads: bool
    writes: bool
    lossless: bool
    holds: tuple[str, ...]
    """Of ``rooms messages context branches usage dice slots library pictures``."""


class TransferFormats(Frozen, kw_only=True):
    formats: tuple[TransferFormat, ...]


Passphrase = Annotated[str, Meta(max_length=1_000)]

ExportScope = Literal["room", "rooms", "all"]
ExportBranches = Literal["tree", "path"]
"""The whole tree, or only the path each room shows."""


class ExportParams(Frozen, kw_only=True):
    """The system's dialog asks where to; without an answer there is no job."""

    format: Name = "persona_json"
    scope: ExportScope = "all"
    room_ids: Annotated[tuple[Id, ...], Meta(max_length=10_000)] = ()
    """For ``room`` exactly one; for ``all`` none. Rooms in the trash only go when named."""
    branches: ExportBranches = "tree"
    messages: bool = True
    """What was said, with all that belongs to it; without them rooms are told by their stage, and
    by their ``usage`` where that is wanted."""
    context: bool = True
    """The stage of each room."""
    usage: bool = True
    library: bool = False
    pictures: bool = True
    since: Moment | None = None
    until: Moment | None = None
    """From and up to, without that moment itself; the page turns local time into it."""
    passphrase: Passphrase = ""
    """Locks the file in the age format; empty leaves it open."""


class DropParams(Frozen, kw_only=True):
    """A piece of a file that was dropped onto the page; the first has no token yet."""

    token: MaybeId = ""
    name: Annotated[str, Meta(max_length=255)] = ""
    data: Annotated[str, Meta(max_length=1_400_000)] = ""
    """At most a megabyte, as base64."""
    last: bool = False


class IncomingFile(Frozen, kw_only=True):
    """A file that was chosen or dropped, by a token; the page never learns or names its place."""

    token: str
    """Empty if the person would rather not."""
    name: str
    size: int
    format: str = ""
    """Empty while a dropped file is not whole yet, and while it is locked."""
    sealed: bool = False
    """Locked in the age format: its passphrase is needed first."""


class TokenParams(Frozen, kw_only=True):
    token: Id


class UnsealParams(Frozen, kw_only=True):
    token: Id
    passphrase: Passphrase


ImportMode = Literal["new", "merge"]
Duplicates = Literal["skip", "add"]


class ImportParams(Frozen, kw_only=True):
    token: Id
    mode: ImportMode = "new"
    """``new`` only ever makes rooms; ``merge`` lets a room go on with what the file says, as a
    branch of its own."""
    room_id: MaybeId = ""
    """The room that goes on, for ``merge``; the file must hold one room then."""
    duplicates: Duplicates = "skip"
    """What to do with messages that the room has already."""
    library: bool = True
    """Take library entries too; they never replace any."""


class TransferCounts(Frozen, kw_only=True):
    rooms: int = 0
    messages: int = 0
    turns: int = 0
    branches: int = 0
    slots: int = 0
    rolls: int = 0
    library: int = 0
    pictures: int = 0


class ReceiptLine(Frozen, kw_only=True):
    """Something that was not taken as it stands."""

    fate: Literal["changed", "dropped"]
    code: str
    """A ``TransferRemarkCode`` or one of the format's own."""
    where: str = ""
    """Of the first of them: its room, message or member."""
    count: int = 1


class ReceiptRoom(Frozen, kw_only=True):
    id: str
    title: str
    messages: int


class Receipt(Frozen, kw_only=True):
    """What a file held and what became of it."""

    id: str
    file: str
    format: str
    at: UtcMs
    found: TransferCounts
    kept: TransferCounts
    lines: tuple[ReceiptLine, ...] = ()
    """The most frequent first."""
    rooms: tuple[ReceiptRoom, ...] = ()
    """The first hundred of them."""
    mode: ImportMode = "new"
    dry_run: bool = False
    """Only looked at: nothing was stored."""
    undone_at: UtcMs | None = None


class Receipts(Frozen, kw_only=True):
    """The newest first."""

    receipts: tuple[Receipt, ...]


class ReceiptParams(Frozen, kw_only=True):
    receipt_id: Id


TransferKind = Literal["export", "preview", "import"]
TransferState = Literal["running", "done", "stopped", "failed"]


class TransferJob(Frozen, kw_only=True):
    """Something that takes its time; its end is told by ``transfer_ended``."""

    id: str
    kind: TransferKind
    state: TransferState = "running"
    file: str
    """Its name without the folder."""
    format: str
    rooms_done: int = 0
    rooms_total: int = 0
    turns_done: int = 0
    turns_total: int = 0
    messages_done: int = 0
    messages_total: int = 0
    """Totals are 0 while they are not known; an import goes by ``share``."""
    share: float = 0.0
    """How much is done, from 0 to 1."""
    seconds_left: int | None = None
    size: int = 0
    """Bytes written, or of the file that is read."""
    receipt: Receipt | None = None
    """Of a preview or an import, at its end."""
    problem: Problem | None = None
    fault: FileFault | None = None
    where: str = ""
    """The place in the file that the fault is about."""


class TransferStarted(Frozen, kw_only=True):
    job: TransferJob | None
    """``None`` if the person closed the dialog."""


class TransferJobParams(Frozen, kw_only=True):
    job_id: Id


class TransferJobs(Frozen, kw_only=True):
    """Those that are running."""

    jobs: tuple[TransferJob, ...]
