"""The question every vendor module answers for detection: is the person signed in here?"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

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

Standing = Literal["ready", "installed", "signed_out"]
_SIGNED_IN: dict[Standing, bool | None] = {"ready": True, "installed": None, "signed_out": False}


def by_files(look: Callable[[Place, Mapping[str, str]], tuple[Standing, str]]) -> SignInCheck:
    """The check of a vendor whose sign-in shows in files and the environment alone."""

    async def check(place: Place, env: Mapping[str, str], _processes: Processes) -> SignIn:
        standing, account = await asyncio.to_thread(look, place, env)
        return SignIn(signed_in=_SIGNED_IN[standing], account=account)

    return check
