"""Keeps what people and cards wrote inside its place in the prompt.

Our headings and tags stand at the beginning of a line. Foreign text never does: in a quoted block
every line begins with ``> ``, in the talk every line after the tag is indented. So no text can
begin a section, end one, or speak with another's tag.
"""

import unicodedata

QUOTE = "> "
INDENT = "  "
_LEFT = "\t\u200c\u200d"


def _clean(line: str) -> str:
    """Without control, direction and other invisible characters that only hide text."""
    return "".join(
        char
        for char in line
        if char in _LEFT or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _lines(text: str) -> list[str]:
    # splitlines also breaks at U+2028, U+0085 and the like, which some models read as a new line.
    return [_clean(line).rstrip() for line in text.strip().splitlines()]


def quoted(text: str) -> str:
    """A block in which every line is marked as quoted; empty where nothing can be seen."""
    lines = _lines(text)
    if not any(line.strip(_LEFT) for line in lines):
        return ""
    return "\n".join((QUOTE + line).rstrip() for line in lines)


def spoken(tag: str, text: str) -> str:
    """``[tag]: text`` whose further lines are indented; ``tag`` must be a spoken name."""
    return f"[{tag}]: " + ("\n" + INDENT).join(_lines(text))


def inline(text: str) -> str:
    """The text in one line."""
    return " ".join(" ".join(_lines(text)).split())
