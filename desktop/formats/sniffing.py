"""Knows a foreign file by its beginning: how sure we are, from 0 to 100."""

import re
from functools import lru_cache

from desktop.formats.card.png_chunks import SIGNATURE
from desktop.formats.format import Sniff


@lru_cache(maxsize=4)
def _text(head: bytes) -> str:
    """The beginning as text without white space in front; empty for what is no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").strip()
    if head[:1] and head[1:2] == b"\0":
        return head.decode("utf-16-le", "replace").strip()
    return head.decode("utf-8", "replace").lstrip("\ufeff").strip()


def json_with(sure: int, *patterns: str) -> Sniff:
    """An object in which all of these patterns stand."""
    compiled = [re.compile(pattern) for pattern in patterns]

    def sniff(head: bytes, _name: str) -> int:
        text = _text(head)
        return sure if text.startswith("{") and all(one.search(text) for one in compiled) else 0

    return sniff


def either(*sniffs: Sniff) -> Sniff:
    return lambda head, name: max(one(head, name) for one in sniffs)


def page_with(sure: int, pattern: str) -> Sniff:
    """A web page in which this stands."""
    compiled = re.compile(pattern, re.IGNORECASE)

    def sniff(head: bytes, _name: str) -> int:
        text = _text(head)
        return sure if text.startswith("<") and compiled.search(text) else 0

    return sniff


def key(name: str, then: str = "") -> str:
    """The pattern of a field and how its value begins."""
    return rf'"{re.escape(name)}"\s*:\s*{then}'


def png_card(head: bytes, name: str) -> int:
    if not head.startswith(SIGNATURE):
        return 20 if name.endswith((".png", ".apng")) and head.startswith(b"\xff\xd8") else 0
    texts = re.search(rb"(?:tEXt|iTXt|zTXt)(?:chara|ccv3)\0", head, re.IGNORECASE)
    return 95 if texts else 60


def charx(head: bytes, name: str) -> int:
    if head.startswith(b"PK\x03\x04"):
        if name.endswith(".charx"):
            return 95
        return 85 if b"card.json" in head[:4_096] else 0
    if head.startswith(b"\xff\xd8\xff"):
        return 60 if name.endswith((".charx", ".jpeg", ".jpg")) else 30
    return 90 if name.endswith(".charx") else 0


def sillytavern_lines(head: bytes, name: str) -> int:
    """The first line is a header or a message. Anything after it may be cut off."""
    first = _text(head).split("\n", 1)[0]
    if not first.startswith("{"):
        return 0
    if '"chat_metadata"' in first and '"user_name"' in first:
        return 95
    if re.search(r'"mes"\s*:', first) and re.search(r'"is_user"\s*:', first):
        return 90
    return 50 if name.endswith(".jsonl") and '"user_name"' in first else 0
