"""Settings of a profile: one frozen struct with bounds and defaults."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen
from desktop.protocol.models import Id, Language, Name
from desktop.protocol.speech import Speech

Theme = Literal["system", "light", "dark"]
ReplyTimeout = Annotated[int, Meta(ge=5, le=600)]


class Panes(Frozen, kw_only=True):
    """The frame as the person left it, in CSS pixels."""

    stage_open: bool = True
    book_open: bool = True
    stage_width: Annotated[int, Meta(ge=240, le=600)] | None = None
    book_width: Annotated[int, Meta(ge=300, le=900)] | None = None


class Server(Frozen, kw_only=True):
    """A server of the person's own, or what they changed about one of the catalogue's."""

    id: Id
    name: Name = ""
    base_url: Annotated[str, Meta(max_length=500)] = ""
    """Empty: where the catalogue says it is."""
    needs_key: bool = False
    """Of a server of their own; the catalogue knows it of the others."""
    model: Name = ""
    """Asked where a room names none; empty: the server's own choice."""


class Reading(Frozen, kw_only=True):
    """How the story looks on the screen; what is stored of it never changes."""

    size: Annotated[int, Meta(ge=80, le=160)] = 100
    """Per cent of the letters of speech, narration and book."""
    spacing: Literal["narrow", "normal", "wide"] = "normal"
    bubbles: Literal["bubble", "script"] = "bubble"
    serif: bool = True
    """Narration and book in a serif; otherwise everything is sans."""
    wet_ink: bool = True
    """Text that is being written is blue-black."""
    motion: Literal["system", "less", "full"] = "system"
    tokens: bool = True
    """Show in the top bar what a turn used."""


class BookLook(Frozen, kw_only=True):
    """How the book is set on the screen."""

    size: Annotated[int, Meta(ge=80, le=160)] = 100
    """Per cent, beside the size of all reading."""
    width: Literal["narrow", "normal", "wide"] = "normal"
    serif: bool = True


class Settings(Frozen, kw_only=True):
    """Everything the person may set for the whole program."""

    language: Language = "ko"
    theme: Theme = "system"
    enter_sends: bool = True
    first_text_timeout_s: ReplyTimeout = 60
    """How long an AI may stay silent before its first word."""
    idle_timeout_s: ReplyTimeout = 30
    """How long an AI may stay silent between two pieces of text."""
    turn_timeout_s: Annotated[int, Meta(ge=30, le=3600)] = 600
    warm_lanes: Annotated[int, Meta(ge=0, le=8)] = 3
    """How many AI processes may stand ready at once, some 200 to 400 MB each; 0 is none."""
    provider_paths: Annotated[
        dict[Id, Annotated[str, Meta(max_length=4096)]], Meta(max_length=100)
    ] = {}
    """Where the person says a CLI is, by provider id. Changed by ``provider.choose_path`` only."""
    library_path: Annotated[str, Meta(max_length=4096)] = ""
    """Where the library lies; empty: the usual place. Changed by ``library.choose_folder`` only."""
    servers: Annotated[tuple[Server, ...], Meta(max_length=40)] = ()
    panes: Panes = Panes()
    lock_after_min: Annotated[int, Meta(ge=0, le=240)] = 10
    """A locked profile locks itself after so many minutes without the person; 0: never."""
    book_style: Literal["novel", "markdown"] = "novel"
    book_look: BookLook = BookLook()
    reading: Reading = Reading()
    speech: Speech = Speech()
    backups: bool = True
    """Make a backup each day by itself; those before a migration or an import are always made."""
    backup_days: Annotated[int, Meta(ge=1, le=60)] = 7
    """Of how many days each one is kept; four weeks and twelve months are kept besides."""
