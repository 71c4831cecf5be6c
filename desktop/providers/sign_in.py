"""The question every vendor module answers for detection: is the person signed in here?"""

from collections.abc import Awaitable, Callable, Mapping

from desktop.protocol.base import Frozen
from desktop.providers.process import Processes
from desktop.providers.talk import Place


class SignIn(Frozen, kw_only=True):
    """How a CLI is signed in; never a secret."""

    signed_in: bool | None
    """``None``: only using it will tell."""
    account: str = ""
    """For example ``subscription`` or ``api key``."""


SignInCheck = Callable[[Place, Mapping[str, str], Processes], Awaitable[SignIn]]
"""Spends no tokens, opens no browser, takes some seconds at most. The mapping is the whole
environment the CLI would get. May raise ``OSError``."""
