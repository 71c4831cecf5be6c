"""What a provider can do, and how it stands on this machine. The page never tests a name."""

from typing import Literal

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.problems import Problem


class Model(Frozen, kw_only=True):
    """A model the person may choose; ``id`` goes to the provider as it is."""

    id: str
    label: str
    context_window: int | None = None


class Capabilities(Frozen, kw_only=True):
    """One row of the catalogue, as far as the page needs it."""

    streams_tokens: bool
    reports_usage: bool
    reports_cost: bool
    keeps_session: bool
    """Can go on with a conversation it holds itself."""
    is_practice: bool = False
    """Not an AI: scripted text for trying the table out. The page must say so."""
    any_model: bool = True
    """Takes model names that are not in the list."""


class Provider(Frozen, kw_only=True):
    """One way to an AI."""

    id: str
    label: str
    capabilities: Capabilities
    models: tuple[Model, ...]
    install_command: str = ""
    sign_in_command: str = ""


ProviderState = Literal["ready", "installed", "signed_out", "not_installed", "unsafe", "checking"]
"""``installed``: found, but whether it is signed in can only be learnt by using it."""


class ProviderStatus(Frozen, kw_only=True):
    """How a provider stands here and now."""

    id: str
    state: ProviderState
    path: str = ""
    version: str = ""
    account: str = ""
    """How it is signed in, never a secret: for example ``subscription`` or ``api key``."""
    problem: Problem | None = None
    checked_at: UtcMs
