"""Hangul in Python: syllables taken apart, words found behind particles, particles for a name."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from desktop.dialogue.particles import following
from desktop.protocol.hangul import INITIALS, initials, is_initial, is_syllable

VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")

WordMode = Literal["word", "compound", "partial"]
"""``word``: a whole word, particles aside; ``compound``: a word may also go on behind it
(등대 in 등대지기); ``partial``: anywhere."""

_HANGUL = "가-힣"
_NO_SPACES = "ぁ-ゖァ-ヺー々〆㐀-鿿豈-\ufaff"
"""Kana and Han: written without spaces, so a word has no edge that could be seen."""
_LETTER = rf"[^\W{_HANGUL}{_NO_SPACES}]"


def decompose(syllable: str) -> tuple[str, str, str]:
    """Initial, vowel and final consonant, the last maybe empty. Raises ``ValueError``."""
    if len(syllable) != 1 or not is_syllable(syllable):
        raise ValueError(f"no Hangul syllable: {syllable!r}")
    code = ord(syllable) - 0xAC00
    return INITIALS[code // 588], VOWELS[code % 588 // 28], FINALS[code % 28]


def compose(initial: str, vowel: str, final: str = "") -> str:
    """The syllable of its letters. Raises ``ValueError`` for letters that make none."""
    number = (INITIALS.index(initial) * 21 + VOWELS.index(vowel)) * 28 + FINALS.index(final)
    return chr(0xAC00 + number)


def occurrences(
    word: str,
    text: str,
    *,
    mode: WordMode = "word",
    case_sensitive: bool = False,
    ignore_spaces: bool = False,
) -> tuple[tuple[int, int], ...]:
    """Where a word stands in a text, without the particles behind it.

    Korean words end where only particles that fit the word's last sound follow, so 강 is found in
    강에서 but not in 강아지 or 한강. What reads as word and particle, such as 강도 (robber, or
    *the river too*), counts as found: only a dictionary could tell. Latin words end at their last
    letter; Japanese and Chinese have no visible edge and are found anywhere. Places are those of
    the text in Unicode's composed form (NFC).
    """
    pattern = _pattern(unicodedata.normalize("NFC", word).strip(), mode, ignore_spaces)
    if pattern is None:
        return ()
    flags = 0 if case_sensitive else re.IGNORECASE
    composed = unicodedata.normalize("NFC", text)
    return tuple(match.span() for match in _compiled(pattern, flags).finditer(composed))


def occurs(word: str, text: str, mode: WordMode = "word") -> bool:
    return bool(occurrences(word, text, mode=mode))


def find_initials(query: str, text: str) -> tuple[tuple[int, int], ...]:
    """Where words of a text begin with these consonants: ``ㄷㄷ`` finds 등대지기, not 막등대.

    Nothing is found for a query that is not made of consonants alone.
    """
    if not query or not all(map(is_initial, query)):
        return ()
    composed = unicodedata.normalize("NFC", text)
    found = (match.span() for match in re.finditer(re.escape(query), initials(composed)))
    return tuple(
        (start, end)
        for start, end in found
        if all(map(is_syllable, composed[start:end]))
        and not (start and is_syllable(composed[start - 1]))
    )


def josa(word: str, pair: str) -> str:
    """The half of a pair such as ``은/는`` that fits a word: after a consonant the first.

    ``으로/로`` takes ``로`` after ㄹ. A word nobody can read aloud gets both: ``은(는)``.
    """
    closed, opened = pair.split("/")
    final = _last_sound(word)
    if final is None:
        return f"{closed}({opened})"
    if final == "" or (final == "ㄹ" and closed == "으로"):
        return opened
    return closed


_DIGITS = dict(zip("0123456789", ("ㅇ", "ㄹ", "", "ㅁ", "", "", "ㄱ", "ㄹ", "ㄹ", ""), strict=True))


def _last_sound(word: str) -> str | None:
    letters = [char for char in unicodedata.normalize("NFC", word) if char.isalnum()]
    if not letters:
        return None
    last = letters[-1]
    if is_syllable(last):
        return decompose(last)[2]
    if last in _DIGITS:
        return _DIGITS[last]
    if "a" <= last.lower() <= "z":
        return {"l": "ㄹ", "m": "ㅁ", "n": "ㄴ", "r": "ㄹ" if word.isupper() else ""}.get(
            last.lower(), ""
        )
    return {"ん": "ㄴ", "ン": "ㄴ"}.get(last, "") if "ぁ" <= last <= "ヿ" else None


@lru_cache(maxsize=4096)
def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(pattern, flags)


def _pattern(word: str, mode: WordMode, ignore_spaces: bool) -> str | None:
    parts = word.split()
    if not parts:
        return None
    if ignore_spaces:
        body = r"\s*".join(map(re.escape, "".join(parts)))
    else:
        body = r"\s+".join(map(re.escape, parts))
    if mode == "partial":
        return body
    return _left_edge(word[0]) + body + _right_edge(word, mode)


def _left_edge(char: str) -> str:
    if is_syllable(char):
        return rf"(?<![{_HANGUL}])"
    return rf"(?<!{_LETTER})" if re.match(_LETTER, char) else ""


def _right_edge(word: str, mode: WordMode) -> str:
    last = word[-1]
    if not is_syllable(last):
        return rf"(?!{_LETTER})" if re.match(_LETTER, last) else ""
    if mode == "compound":
        return ""
    alone = len(word.rsplit(maxsplit=1)[-1]) == 1
    return rf"(?={following(decompose(last)[2], alone=alone)}(?![{_HANGUL}]))"
