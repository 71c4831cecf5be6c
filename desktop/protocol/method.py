"""The shape of a method: what goes in and what comes out."""

from typing import NamedTuple

from desktop.protocol.base import Frozen


class Nothing(Frozen, kw_only=True):
    """No parameters, or nothing to say back."""


class Method(NamedTuple):
    params: type[Frozen]
    result: type[Frozen]
