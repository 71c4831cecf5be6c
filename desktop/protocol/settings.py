"""Settings of a profile: one frozen struct with bounds and defaults."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen
from desktop.protocol.models import Language

Theme = Literal["system", "light", "dark"]
ReplyTimeout = Annotated[int, Meta(ge=5, le=600)]


class Panes(Frozen, kw_only=True):
    """The frame as the person left it, in CSS pixels."""

    stage_open: bool = True
    book_open: bool = True
    stage_width: Annotated[int, Meta(ge=240, le=600)] | None = None
    book_width: Annotated[int, Meta(ge=300, le=900)] | None = None


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
    provider_paths: dict[str, str] = {}
    """Where the person says a CLI is, by provider id."""
    panes: Panes = Panes()
    book_style: Literal["novel", "markdown"] = "novel"
