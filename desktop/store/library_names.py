"""From any name a person may give to a file name that every system takes, and back to no other."""

import re
import unicodedata
from collections.abc import Collection

MAX_STEM_BYTES = 120
"""In UTF-8: with its ending, a number and a temporary mark it fits the 143 of an encrypted home."""
EMPTY = "_"

_RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE
)
_FORBIDDEN = frozenset('<>:"/\\|?*')
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters by their category that nobody can see; a name of nothing else would look empty."""


def stem_for(name: str) -> str:
    """The safe file name, without an ending, for a name. Never empty; the same when done twice.

    No separators, no control or direction characters, no leading or trailing dots and spaces, no
    name that Windows keeps for a device, normalised to NFC, at most ``MAX_STEM_BYTES`` long.
    """
    stem = name
    while (cleaned := _cleaned(stem)) != stem:
        stem = cleaned
    return stem


def key_of(file: str) -> str:
    """Two names with one key are one file on some system: case and composition do not count."""
    folded = unicodedata.normalize("NFKC", file).casefold()
    return unicodedata.normalize("NFKC", folded).casefold()


def free(name: str, ending: str, taken: Collection[str]) -> tuple[str, str]:
    """A name and its file that collide with none of ``taken`` (keys): numbered if need be."""
    file = stem_for(name) + ending
    number = 1
    numbered = name
    while key_of(file) in taken:
        number += 1
        mark = f" ({number})"
        numbered = name[: 200 - len(mark)] + mark
        file = _shortened(stem_for(name), MAX_STEM_BYTES - len(mark)) + mark + ending
    return numbered, file


def belongs(stem: str, name: str) -> bool:
    """Whether a file of this stem was made for this name; if not, it was renamed outside."""
    made = stem_for(name)
    if stem == made:
        return True
    numbered = re.search(r" \([0-9]+\)$", name)
    if numbered is None:
        return False
    mark = numbered[0]
    bare = stem_for(name[: -len(mark)])
    return stem.endswith(mark) and bare.startswith(stem[: -len(mark)])


def _cleaned(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    stem = " ".join("".join(map(_allowed, composed)).split())
    stem = stem.strip(". ")
    if not stem:
        return EMPTY
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return _shortened(stem, MAX_STEM_BYTES)


def _allowed(character: str) -> str:
    if character in _FORBIDDEN:
        return "_"
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp", "Zs") or character in _INVISIBLE:
        return " "
    if category in ("Cf", "Cs"):
        return ""
    return "_" if category == "Cn" else character


def _shortened(stem: str, size: int) -> str:
    raw = stem.encode()
    if len(raw) <= size:
        return stem
    cut = raw[:size].decode("utf-8", "ignore")
    rest = stem[len(cut) :]
    # A letter keeps its marks: without them it would be another one.
    if unicodedata.combining(rest[0]):
        while len(cut) > 1 and unicodedata.combining(cut[-1]):
            cut = cut[:-1]
        cut = cut[:-1] or cut
    return cut.strip(". ") or EMPTY
