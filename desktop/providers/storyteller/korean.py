"""Korean on the surface: which particle fits a name, and which word of a line can be quoted."""

import re
import unicodedata

_FINAL_DIGITS = {"0": "ㅇ", "1": "ㄹ", "3": "ㅁ", "6": "ㄱ", "7": "ㄹ", "8": "ㄹ"}
_FINAL_LETTERS = {"L": "ㄹ", "M": "ㅁ", "N": "ㄴ", "R": "ㄹ"}
"""Letters whose Korean names end in a consonant: 엘, 엠, 엔, 알."""


def final_consonant(word: str) -> str | None:
    """The last sound: ``ㄹ``, another final consonant, ``""`` for a vowel, ``None`` if unknown.

    Latin words are judged as they are usually written in Hangul: *Kim* 김, *Kate* 케이트.
    """
    composed = unicodedata.normalize("NFC", word)
    last = next((at for at in range(len(composed) - 1, -1, -1) if composed[at].isalnum()), None)
    if last is None:
        return None
    char = composed[last]
    if "가" <= char <= "힣":
        final = (ord(char) - ord("가")) % 28
        return "" if final == 0 else "ㄹ" if final == 8 else "ㄱ"
    if char.isascii() and char.isdigit():
        return _FINAL_DIGITS.get(char, "")
    if char.isascii():
        return _latin_final(re.findall(r"[A-Za-z]+", composed[: last + 1])[-1])
    if "ぁ" <= char <= "ヿ":
        return "ㄴ" if char in "んン" else ""
    return None


def _latin_final(word: str) -> str:
    if word.isupper():
        return _FINAL_LETTERS.get(word[-1], "")
    lower = word.lower()
    if lower.endswith("l"):
        return "ㄹ"
    if lower.endswith(("m", "n", "ng")):
        return "ㄴ"
    short_stop = re.search(r"(?:^|[^aeiouy])[aeiouy](?:ck|[bckpt])$", lower)
    return "ㄱ" if short_stop else ""


def particle(word: str, pair: str) -> str:
    """The fitting half of a pair such as ``은/는``: after a consonant the first, else the second.

    ``으로/로`` takes ``로`` after ㄹ. A word nobody can read aloud gets both: ``은(는)``; a
    calling ``아/야`` is left out there.
    """
    closed, opened = pair.split("/")
    final = final_consonant(word)
    if final is None:
        return "" if pair == "아/야" else f"{closed}({opened})"
    if final == "" or (final == "ㄹ" and pair == "으로/로"):
        return opened
    return closed


_WITH_NIEUN = "".join(chr(code) for code in range(ord("가") + 4, ord("힣") + 1, 28))
DEED = re.compile(rf"[{_WITH_NIEUN}]다[.!…]*$")
"""A line that ends as a told deed does: 간다, 올린다, 듣는다."""

_MARKED = re.compile(r"([가-힣]{2,6})(?:을|를|에서|에게|까지|으로|의|에)(?=[\s,.!?…~]|$)")
_NOT_NOUN_WORDS = "때문 덕분 다음 이번 저번 여기 거기 저기 우리 당신 너희 그것 이것 모두 서로"
_NOT_NOUNS = frozenset(_NOT_NOUN_WORDS.split())
_VERB_FINALS = frozenset((6, 15, 20))
"""ㄶ, ㅀ, ㅆ: the stem of a verb or adjective, not a noun."""


def echo_word(line: str) -> str:
    """A noun of the line: known by the particle behind it."""
    found = [
        word
        for word in _MARKED.findall(unicodedata.normalize("NFC", line))
        if word not in _NOT_NOUNS and (ord(word[-1]) - ord("가")) % 28 not in _VERB_FINALS
    ]
    return max(found, key=len, default="")
