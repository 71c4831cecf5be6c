"""Puts names where a card's text only points at them."""

import re

_POINTER = re.compile(r"\{\{\s*(char|user|bot)\s*\}\}|<(USER|BOT|CHAR)>", re.IGNORECASE)
_UNTOLD = re.compile(r"\{\{\s*(?://|comment\s*:|hidden_key\s*:)[^{}]{0,2000}\}\}", re.IGNORECASE)


def named(text: str, char: str, user: str) -> str:
    """The text with ``{{char}}`` and ``{{user}}`` (also as ``<BOT>``, ``<USER>``) replaced.

    Notes such as ``{{// …}}``, which nobody is to read, are taken out. Other macros stay.
    """
    if "{{" not in text and "<" not in text:
        return text

    def name(match: re.Match[str]) -> str:
        return user if (match[1] or match[2]).lower() == "user" else char

    return _POINTER.sub(name, _UNTOLD.sub("", text))
