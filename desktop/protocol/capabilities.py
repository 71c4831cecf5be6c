"""What a provider can do, and how it stands on this machine. The page never tests a name."""

from typing import Literal

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.problems import Problem


class Model(Frozen, kw_only=True):
    """A model the person may choose; ``id`` goes to the provider as it is."""

    id: str
    label: str
    context_window: int | None = None


TakesKey = Literal["no", "may", "must"]

Cost = Literal["nothing", "plan", "tokens", "own_machine", "unknown"]
"""``plan``: what the person's sign-in with the vendor gives; ``tokens``: billed by the vendor for
each; ``own_machine``: a model that runs here or near, free but for the power."""


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
    takes_path: bool = False
    """A program on this machine; the person may say where it is."""
    takes_key: TakesKey = "no"
    takes_address: bool = False
    """A server whose address and model the person may set."""
    lists_models: bool = False
    """``provider.models`` asks it and costs nothing."""
    cost: Cost = "unknown"
    rechecks: bool = False
    """How it stands may be asked every few seconds: the question stays on this machine or near."""


class Provider(Frozen, kw_only=True):
    """One way to an AI."""

    id: str
    label: str
    capabilities: Capabilities
    models: tuple[Model, ...]
    install_command: str = ""
    sign_in_command: str = ""
    vendor_page: str = ""
    """Where a key or the program comes from; shown and copied, never opened by itself."""
    base_url: str = ""
    """Where a server is asked; empty for what is no server."""
    is_own: bool = False
    """Added by the person, who may take it away again."""


ProviderState = Literal["ready", "installed", "signed_out", "not_installed", "unsafe", "checking"]
"""``installed``: found, but whether it is signed in can only be learnt by using it."""

KeyPlace = Literal["none", "keyring", "session"]
"""``session``: kept in memory until the program ends."""


class ProviderStatus(Frozen, kw_only=True):
    """How a provider stands here and now."""

    id: str
    state: ProviderState
    path: str = ""
    version: str = ""
    account: str = ""
    """How it is signed in, never a secret: for example ``subscription`` or ``api key``."""
    key: KeyPlace = "none"
    """Where its key is kept: all that is ever told about a key."""
    problem: Problem | None = None
    checked_at: UtcMs
