"""Text as search sees it: folded to one spelling, and cut into tokens for the index.

Korean, Chinese and Japanese are cut into pairs of characters, each run ending in a single one, so
that any part of one character or more is found; other scripts into words, found by how they begin.
For Hangul the consonants a word begins with are kept as well. Tokens are plain ASCII, so that the
database's own idea of letters plays no part.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from desktop.protocol.hangul import INITIALS, initial, is_initial, is_syllable

TERMS = 16
"""Words of a query; what is typed behind them is left out."""
QUERY = 200
"""Characters of a query."""

_CLOSE = r"ㄱ-ㆎ가-힣ぁ-ヿ々〆㐀-鿿豈-\ufaff☀-➿\U0001f000-\U0001faff\U00020000-\U0003ffff"
"""Scripts and signs without spaces between words."""
_RUN = re.compile(rf"([{_CLOSE}]+)|([^\W{_CLOSE}]+)")
_WORD_CHAR = re.compile(rf"[^\W{_CLOSE}]")
_HANGUL_RUN = re.compile(r"[가-힣]+")
_TERM = re.compile(r'"([^"]*)"|(\S+)')

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_CLUSTER = re.compile(
    "[\u1100-\u115f\ua960-\ua97f]+[\u1160-\u11a7\ud7b0-\ud7c6]*[\u11a8-\u11ff\ud7cb-\ud7fb]*"
    "|.[\uff9e\uff9f\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]*",
    re.DOTALL,
)
_LONGEST_WORD = 40
_LONGEST_INITIALS = 6
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Folded(NamedTuple):
    """A text in one spelling; ``places`` tells where each character was, ``None`` if unmoved."""

    text: str
    places: tuple[int, ...] | None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """From and up to where a part of the folded text stands in the text as written."""
        if self.places is None:
            return start, end
        last = next(at for at in self.places[end:] if at > self.places[end - 1])
        return self.places[start], last


def fold(text: str) -> Folded:
    """Composed, in lower case, with full-width letters and half-width kana in their usual width."""
    if unicodedata.is_normalized("NFC", text) and not _HALF_KANA.search(text):
        folded = text.translate(_WIDTHS).casefold()
        if len(folded) == len(text):
            return Folded(folded, None)
    pieces, places = [], []
    for match in _CLUSTER.finditer(text):
        piece = _spelt(match[0])
        pieces.append(piece)
        places += [match.start()] * len(piece)
    return Folded("".join(pieces), (*places, len(text)))


def _spelt(cluster: str) -> str:
    if _HALF_KANA.search(cluster):
        cluster = unicodedata.normalize("NFKC", cluster)
    spelt = unicodedata.normalize("NFC", cluster).translate(_WIDTHS).casefold()
    return unicodedata.normalize("NFC", spelt)


def tokens(text: str) -> str:
    """What the index keeps of a text: its tokens, each once, with spaces between."""
    folded = fold(text).text
    found = dict.fromkeys(_tokens(folded))
    found |= dict.fromkeys(_initial_token(match[0]) for match in _HANGUL_RUN.finditer(folded))
    return " ".join(found)


def _tokens(folded: str) -> Iterator[str]:
    for match in _RUN.finditer(folded):
        if word := match[2]:
            yield _word_token(word)
        else:
            codes = [_CODES[char] for char in match[1]]
            yield from [f"c{first}{second}" for first, second in pairwise(codes)]
            yield f"c{codes[-1]}"


def _word_token(word: str) -> str:
    return "w" + "".join(char if _is_plain(char) else _CODES[char] for char in word)[:_LONGEST_WORD]


def _is_plain(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _initial_token(run: str) -> str:
    return "i" + "".join([_CONSONANTS[char] for char in run[:_LONGEST_INITIALS]])


class _Codes(dict[str, str]):
    """Four digits to the base 36 for each character: enough for all of Unicode, one length."""

    def __missing__(self, char: str) -> str:
        number, digits = ord(char), ""
        for _ in range(4):
            number, digit = divmod(number, 36)
            digits = _DIGITS[digit] + digits
        self[char] = digits
        return digits


class _Consonants(dict[str, str]):
    """A letter for the consonant that a syllable, or the consonant alone, begins with."""

    def __missing__(self, char: str) -> str:
        letter = self[char] = _DIGITS[10 + INITIALS.index(initial(char))]
        return letter


_CODES, _CONSONANTS = _Codes(), _Consonants()


class Query:
    """What is looked for: every word of it, in any order; in quotation marks a phrase."""

    def __init__(self, typed: str) -> None:
        folded = (fold(one or two).text for one, two in _TERM.findall(typed[:QUERY]))
        spaced = (" ".join(term.split()) for term in folded)
        self.terms = tuple(dict.fromkeys(term for term in spaced if term))[:TERMS]

    @property
    def match(self) -> str:
        """The question to the index; empty if there is nothing it could be asked for."""
        return " AND ".join(filter(None, map(_match, self.terms)))

    def places(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where the words stand in a text, in order; empty unless all of them do."""
        folded = fold(text)
        found: list[tuple[int, int]] = []
        for term in self.terms:
            here = [*_literal(term, folded.text), *_by_initials(term, folded.text)]
            if not here:
                return ()
            found += here
        return _joined([folded.place(start, end) for start, end in found])


def _match(term: str) -> str:
    wanted = " AND ".join(_wanted(term))
    if _is_initials(term):
        consonants = "".join(_CONSONANTS[one] for one in term)
        return f"(({wanted}) OR i{consonants[:_LONGEST_INITIALS]}*)"
    return wanted


def _wanted(term: str) -> Iterator[str]:
    """Tokens that any text with this term has; the last word may go on, a single sign too."""
    for match in _RUN.finditer(term):
        run, word = match[1], match[2]
        if word:
            yield _word_token(word) + ("*" if match.end() == len(term) else "")
        elif len(run) == 1:
            yield f"c{_CODES[run]}*"
        else:
            yield from (f"c{_CODES[one]}{_CODES[two]}" for one, two in pairwise(run))


def _literal(term: str, folded: str) -> Iterator[tuple[int, int]]:
    starts_word = _WORD_CHAR.match(term) is not None
    spaced = r"\s+".join(map(re.escape, term.split(" ")))
    for match in re.finditer(spaced, folded):
        if not (starts_word and match.start() and _WORD_CHAR.match(folded, match.start() - 1)):
            yield match.span()


def _is_initials(term: str) -> bool:
    return len(term) >= 2 and all(map(is_initial, term))


def _by_initials(term: str, folded: str) -> Iterator[tuple[int, int]]:
    if not _is_initials(term):
        return
    for match in _HANGUL_RUN.finditer(folded):
        begin = match[0][: len(term)]
        if "".join(map(initial, begin)) == term and all(map(is_syllable, begin)):
            yield match.start(), match.start() + len(term)


def _joined(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """In order, with those that touch or overlap put together."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
