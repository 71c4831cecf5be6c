"""Our formats and those of the web version before us, a row each."""

import re
import time
from functools import partial

from desktop.formats.format import Format, Holding
from desktop.formats.markdown import read_markdown, write_markdown, write_markdown_zip
from desktop.formats.own_reading import read_json, read_ndjson
from desktop.formats.own_writing import write_json, write_ndjson
from desktop.formats.own_zip import read_zip, write_zip
from desktop.formats.text_stream import head_text
from desktop.protocol.base import UtcMs

_EVERYTHING: frozenset[Holding] = frozenset(
    {
        "rooms", "messages", "context", "branches", "usage", "dice", "slots", "library",
        "pictures",
    }
)  # fmt: skip
_SEED: frozenset[Holding] = frozenset({"rooms", "messages", "context", "usage"})
_OURS = re.compile(r'"format"\s*:\s*"persona-chat"')
_META = re.compile(r'\s*\{\s*"type"\s*:\s*"meta"')
_SEED_KEY = re.compile(r'"(?:export_type|room_id)"\s*:')
_BARE_ROOM = re.compile(r'"messages"\s*:\s*\[\s*\{[^}]*"role"\s*:')
_FULL, _SURE, _LIKELY, _MAYBE = 100, 90, 60, 20
_ZIP = b"PK\x03\x04"


def _own_json(head: bytes, _: str) -> int:
    text = head_text(head)
    ours = text.lstrip().startswith("{") and not _META.match(text) and _OURS.search(text[:2000])
    return _FULL if ours else 0


def _own_ndjson(head: bytes, _: str) -> int:
    text = head_text(head)
    first = text.split("\n", 1)[0]
    return _FULL if _META.match(text) and _OURS.search(first) else 0


def _own_zip(head: bytes, _: str) -> int:
    return _FULL if head.startswith(_ZIP) and head[30:42] == b"story.ndjson" else 0


def _web_json(head: bytes, _: str) -> int:
    text = head_text(head)
    if not text.lstrip().startswith("{") or _META.match(text):
        return 0
    if _SEED_KEY.search(text):
        return _SURE
    return _MAYBE if _BARE_ROOM.search(text) else 0


def _web_ndjson(head: bytes, _: str) -> int:
    return _SURE if _META.match(head_text(head)) else 0


def _web_zip(head: bytes, name: str) -> int:
    return _MAYBE if head.startswith(_ZIP) and name.endswith(".zip") else 0


def _markdown(head: bytes, name: str) -> int:
    text = head_text(head)
    spoken = text.startswith("# ") and re.search(r"^## \S", text, re.MULTILINE)
    if spoken:
        return _LIKELY
    return _MAYBE if name.endswith((".md", ".markdown")) and text.strip() else 0


def _now() -> UtcMs:
    return UtcMs(time.time_ns() // 1_000_000)


OWN: tuple[Format, ...] = (
    Format(
        "persona_json", (".json",), _own_json, read_json,
        partial(write_json, now=_now), lossless=True, holds=_EVERYTHING,
    ),
    Format(
        "persona_ndjson", (".ndjson", ".jsonl"), _own_ndjson, read_ndjson,
        partial(write_ndjson, now=_now), lossless=True, holds=_EVERYTHING,
    ),
    Format(
        "persona_zip", (".zip",), _own_zip, read_zip,
        partial(write_zip, now=_now), lossless=True, holds=_EVERYTHING,
    ),
    Format(
        "markdown", (".md", ".markdown"), _markdown, read_markdown, write_markdown,
        holds=frozenset({"rooms", "messages"}),
    ),
    Format(
        "markdown_zip", (".zip",), lambda _head, _name: 0, read_zip, write_markdown_zip,
        holds=frozenset({"rooms", "messages"}),
    ),
    Format("web_json", (".json",), _web_json, read_json, holds=_SEED),
    Format("web_ndjson", (".ndjson", ".jsonl"), _web_ndjson, read_ndjson, holds=_SEED),
    Format("web_zip", (".zip",), _web_zip, read_zip, holds=_SEED),
)  # fmt: skip
