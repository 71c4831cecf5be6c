"""Which Korean particles may stand behind a word, by the sound it ends in."""

from functools import lru_cache

_ANY = """에 에서 에게 에게서 에게로 한테 한테서 께 께서 의 도 만 까지 부터 보다
처럼 같이 마다 조차 마저 밖에 뿐 하고 대로 만큼 에다 에다가 에선 에겐 한텐
엔"""
_AFTER_CONSONANT = "은 이 을 과"
_AFTER_VOWEL = "는 가 를 와"
_TOWARDS = "으로 으로서 으로써"
_TOWARDS_OPEN = "로 로서 로써"
"""Behind a vowel, and behind ㄹ."""

_LONGER = """더러 치고 쯤 커녕 요 입니다 입니까 인 일 임 인데 인가 인지 이네 이군 이지
이죠 이니 이면 이다 이야 이고 이며 이라 이라는 이라고 이란 이라도 이든
이든지 이자 이었다 이었고 이었던 이었지만 이었습니다 이나 이나마 이랑 이여
아닌"""
"""Only behind words of two syllables and more: behind a single one they often make another word."""
_LONGER_AFTER_CONSONANT = "아 이에요 은커녕"
_LONGER_AFTER_VOWEL = """야 여 랑 나 나마 든 든지 라도 라 라는 라고 란 며 고 다 다고 였다 였고
였던 였지만 였습니다 예요 지 죠 네 면 니 는커녕"""

_SECOND = (
    "은 는 도 만 의 이 가 을 를 요 까지 부터 조차 마저 이나 나 라도 이라도 로 으로 이다 입니다"
)
"""What may follow a first particle: 에서는, 까지도, 만의."""
_TITLES = {"들": "ㄹ", "님": "ㅁ", "씨": ""}
"""May stand between a name and its particle, with the sound they end in."""


@lru_cache(maxsize=64)
def following(final: str, *, alone: bool) -> str:
    """A pattern for nothing or everything that may stand behind a word ending in ``final``.

    ``final`` is its last consonant, empty after a vowel. ``alone``: the word is one syllable only,
    and only the common particles are taken for particles.
    """
    titled = "|".join(f"{title}{_chain(sound, alone=alone)}" for title, sound in _TITLES.items())
    return f"(?:{titled}|{_chain(final, alone=alone)})"


def _chain(final: str, *, alone: bool) -> str:
    towards = _TOWARDS_OPEN if final in {"", "ㄹ"} else _TOWARDS
    first = f"{_ANY} {_AFTER_CONSONANT if final else _AFTER_VOWEL} {towards}"
    if not alone:
        first += f" {_LONGER} {_LONGER_AFTER_CONSONANT if final else _LONGER_AFTER_VOWEL}"
    firsts, seconds = "|".join(first.split()), "|".join(_SECOND.split())
    return f"(?:(?:{firsts})(?:{seconds})?(?:{seconds})?)?"
