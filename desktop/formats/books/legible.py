"""Makes any text fit for XML, HTML and paper, and says which way it runs."""

import re
import unicodedata
from datetime import UTC, datetime

from desktop.protocol.base import UtcMs

_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""Not allowed in XML 1.0, or shown by nobody."""


def legible(text: str) -> str:
    """The text without control characters, line ends plain, lone surrogates replaced."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _NEVER.sub("", text)


def escaped(text: str) -> str:
    """Fit to stand in XML and HTML, in text as well as between double quotes."""
    told = legible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return told.replace('"', "&quot;")


def one_line(text: str, most: int = 200) -> str:
    return " ".join(legible(text).split())[:most].strip()


def runs_leftward(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    for char in text[:500]:
        direction = unicodedata.bidirectional(char)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return False


def utc_text(time: UtcMs) -> str:
    return datetime.fromtimestamp(time / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
