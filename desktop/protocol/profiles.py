"""Profiles as the page sees them: what stands on the door, and what opens it."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import Language

ProfileId = Annotated[str, Meta(min_length=1, max_length=32, pattern="^[0-9a-z]+$")]
Label = Annotated[str, Meta(max_length=40)]
Password = Annotated[str, Meta(min_length=1, max_length=1_000)]
NewPassword = Annotated[str, Meta(min_length=8, max_length=1_000)]


class Profile(Frozen, kw_only=True):
    """What may be known of it without its password."""

    id: str
    label: str
    """Empty: the page shows a number. Of a locked one it is shown to everybody."""
    number: int
    """From 1 on, in the order they were made."""
    locked: bool
    """It has a password."""
    created_at: UtcMs
    deleted_at: UtcMs | None = None
    """When it was put away; it goes thirty days later."""


class Profiles(Frozen, kw_only=True):
    """Every profile, and which one the window shows."""

    current: str
    open: bool
    """False: the current one is locked, and nothing of it is known."""
    remembered: bool
    """The system's keyring opens the current one."""
    damaged: bool = False
    """The current one is not open because its database is damaged: ``rescue.*`` helps."""
    profiles: tuple[Profile, ...]


class ProfileParams(Frozen, kw_only=True):
    profile_id: ProfileId


class ProfileCreateParams(Frozen, kw_only=True):
    """A new profile; with a password a locked one."""

    label: Label = ""
    password: NewPassword | None = None
    language: Language | None = None


class ProfileLabelParams(Frozen, kw_only=True):
    profile_id: ProfileId
    label: Label


class ProfileDeleteParams(Frozen, kw_only=True):
    profile_id: ProfileId
    forever: bool = False
    """At once rather than in thirty days."""


class ProfileOpenParams(Frozen, kw_only=True):
    """Show a profile; without a password a locked one shows its door."""

    profile_id: ProfileId
    password: Password | None = None
    recovery: Password | None = None
    """The code of the recovery sheet, instead of the password."""
    remember: bool = False


class PasswordParams(Frozen, kw_only=True):
    """Of the current profile."""

    password: Password


class ProtectParams(Frozen, kw_only=True):
    password: NewPassword
    remember: bool = False


class PasswordChangeParams(Frozen, kw_only=True):
    """``password`` is the old one, or the recovery sheet's code."""

    password: Password
    fresh: NewPassword


class RememberParams(Frozen, kw_only=True):
    remember: bool


class ProfileMade(Frozen, kw_only=True):
    """``recovery`` is shown once, to be printed; nothing keeps it. Empty: there is no lock."""

    profiles: Profiles
    profile_id: str
    recovery: str = ""


ConversionStep = Literal["copying", "packing", "checking", "unpacking"]
