"""Whose work is inside the program, and under which licences."""

from desktop.protocol.base import Frozen
from desktop.protocol.method import Method, Nothing


class ThirdParties(Frozen, kw_only=True):
    """``text`` is English, as licences are; empty in a program that was not packaged, whose parts
    lie beside it with licences of their own."""

    text: str


NOTICES_METHODS: dict[str, Method] = {"app.notices": Method(Nothing, ThirdParties)}
