"""The cover of a book without a picture: the same horizon as on the shelf, with its title."""

import zlib

from desktop.formats.books.contents import Head
from desktop.formats.books.legible import escaped
from desktop.formats.books.words import book_title

INKS = (
    ("#31527e", "#e8c987", "#4f6f96", "#22405f", "#16304b"),
    ("#6d4a12", "#f0dcae", "#8e6a2c", "#553807", "#3f2903"),
    ("#71355f", "#efcfe2", "#94567f", "#57254a", "#421937"),
    ("#2f5b30", "#e3e6b5", "#51794c", "#224622", "#173517"),
    ("#4d3f7c", "#e2d8f3", "#6f6199", "#3a2e64", "#2a204d"),
    ("#1d5c63", "#d5ecdf", "#3f7c80", "#12474d", "#0a363b"),
)
"""Sky, sun and three hills each."""
_LINE, _LINES = 11, 5


def drawn_cover(head: Head) -> str:
    """An SVG of 600 by 800; the same title always looks the same."""
    title = book_title(head.title, head.language)
    drawn = zlib.crc32(title.encode())
    sky, sun, far, near, low = INKS[drawn % len(INKS)]
    x, y, lean = 120 + drawn % 360, 150 + (drawn >> 8) % 90, (drawn >> 16) % 60 - 30
    lines = _lines(title)
    words = "".join(
        f'<text x="300" y="{600 + at * 50 - (len(lines) - 1) * 25}" font-size="40" '
        f'text-anchor="middle" font-family="serif" font-weight="600" '
        f'fill="#1d2621">{escaped(line)}</text>'
        for at, line in enumerate(lines)
    )
    half = 60 + (len(lines) - 1) * 25
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="800" viewBox="0 0 600 800">'
        f"<title>{escaped(title)}</title>"
        f'<rect width="600" height="800" fill="{sky}"/>'
        f'<circle cx="{x}" cy="{y}" r="52" fill="{sun}"/>'
        f'<path d="M0 400 {150 + lean} 290l130 80 115-64 {205 - lean} 94V800H0z" fill="{far}"/>'
        f'<path d="M0 470c115-{56 + lean // 2} 205 38 320-11s190-30 280 8v333H0z" fill="{near}"/>'
        f'<path d="M0 690c130-26 243 19 356-4s169-11 244 8v106H0z" fill="{low}"/>'
        f'<rect x="50" y="{585 - half}" width="500" height="{half * 2}" rx="6" fill="#f7f5ee"/>'
        f"{words}</svg>"
    )


def _lines(title: str) -> list[str]:
    """The title cut at spaces where it can be; wide letters count twice."""
    lines: list[str] = [""]
    for word in title.split(" "):
        pieces = [word[at : at + _LINE] for at in range(0, len(word), _LINE)] or [""]
        for piece in pieces:
            joined = f"{lines[-1]} {piece}".strip()
            if _width(joined) <= _LINE * 2:
                lines[-1] = joined
            else:
                lines.append(piece)
    lines = [line for line in lines if line]
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], lines[_LINES - 1] + " …"]
    return lines


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x10FF else 1 for char in text)
