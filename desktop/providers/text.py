"""Take out of a provider's text what a terminal would obey and a reader never sees."""

import re

# An escape sequence: CSI (colours, cursor), a string sequence such as OSC (window title, links)
# up to BEL or ST, a charset choice, or a two-character escape. C1 forms (one character) as well.
_WHOLE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]+[0-~]"
    r"|\x1b[0-OQ-WYZ\\`-~]"
)
_UNFINISHED = re.compile(
    r"(?:(?:\x1b\[|\x9b)[0-?]*[ -/]*"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*\x1b?"
    r"|\x1b[ -/]*)\Z"
)
_COLOUR = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")
_SEQUENCE = re.compile(f"{_WHOLE.pattern}|(?P<open>{_UNFINISHED.pattern})")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 without tab and newline
    r"\u061c\u202a-\u202e\u2066-\u2069"  # bidirectional overrides reorder what one reads
    r"\ufeff\ufff9-\ufffb\ud800-\udfff]"  # byte order mark, annotation marks, lone surrogates
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_HELD_AT_MOST = 4096
"""Longer than this an open string sequence is no title any more but lost text: let it go."""


class TextCleaner:
    """Cleans a text that comes in pieces; a sequence cut in two is still found.

    Keeps newlines, tabs and the joiners that emoji and scripts need; ``\\r\\n`` and a lone
    ``\\r`` become ``\\n``.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """The clean text up to here; may be empty while a sequence is still open."""
        text, waiting = self._held + piece, ""
        if _SURROGATE.search(text):
            text, waiting = _joined(text)
        kept, self._held = _without_sequences(text)
        if kept.endswith("\r"):
            kept, self._held = kept[:-1], "\r" + self._held
        self._held += waiting
        return _plain(kept)

    def finish(self) -> str:
        """What was still held when the text ended: only ever a line break."""
        held, self._held = self._held, ""
        return "\n" if held.startswith("\r") else ""


def clean(text: str) -> str:
    """The same for a text that is whole."""
    cleaner = TextCleaner()
    return cleaner.feed(text) + cleaner.finish()


def _without_sequences(text: str) -> tuple[str, str]:
    """The text without its whole sequences, and the one still open at its end.

    Read once from left to right: what a removed sequence leaves behind must never join up with
    what follows it, or the same text would come out differently when it is cut differently.
    """
    kept, at = [], 0
    for found in _SEQUENCE.finditer(text):
        kept.append(text[at : found.start()])
        at = found.end()
        if found["open"]:
            if len(found["open"]) <= _HELD_AT_MOST:
                return "".join(kept), found["open"]
            kept.append(_COLOUR.sub("", found["open"]))
    return "".join([*kept, text[at:]]), ""


def _joined(text: str) -> tuple[str, str]:
    """Halves of a character, cut in two by a program that counts in UTF-16, put together again.

    The second string is a first half whose other one has not come yet.
    """
    waiting = text[-1] if "\ud800" <= text[-1] <= "\udbff" else ""
    whole = text[: len(text) - len(waiting)].encode("utf-16-le", "surrogatepass")
    return whole.decode("utf-16-le", "ignore"), waiting


def _plain(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
