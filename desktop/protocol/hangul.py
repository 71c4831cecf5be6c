"""Hangul by the rules of Unicode: what a syllable begins with. Shared by search and matching."""

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


def is_syllable(char: str) -> bool:
    return "가" <= char <= "힣"


def is_initial(char: str) -> bool:
    """Whether it is a consonant typed alone, as in ``ㄷㄷㅈㄱ``."""
    return char in INITIALS


def initial(char: str) -> str:
    """The consonant a syllable begins with; any other character as it is."""
    return INITIALS[(ord(char) - 0xAC00) // 588] if is_syllable(char) else char


def initials(text: str) -> str:
    """One character for each of the text, so that places stay the same."""
    return "".join(map(initial, text))
