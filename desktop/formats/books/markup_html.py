"""The pieces of HTML that the web page and the EPUB share; valid as HTML and as XHTML."""

from collections.abc import Callable

from desktop.formats.books.contents import Head, Paragraph, Person, Picture, RollRecord
from desktop.formats.books.legible import escaped, one_line, utc_text
from desktop.formats.books.words import WORDS

CLASSES = {"speech": "said", "narration": "told", "roll": "roll", "note": "note"}

STYLE = """
body { margin: 0 auto; max-width: 36em; padding: 0 1.2em; line-height: 1.9;
  font-family: "Noto Serif KR", "Noto Serif CJK KR", "Nanum Myeongjo", "Noto Serif JP", serif;
  word-break: keep-all; overflow-wrap: anywhere; }
:lang(ja) { word-break: normal; line-break: strict; }
h1, h2 { font-weight: 600; line-height: 1.4; margin: 2.5em 0 1.2em; }
p { margin: 0 0 0.3em; text-indent: 1em; }
p.said { text-indent: 0; padding-inline-start: 1em; }
p.said .who { font: 600 0.75em sans-serif; margin-inline-end: 0.4em; }
p.roll, p.note { text-indent: 0; font: 0.85em/1.6 sans-serif; color: #565f59; margin: 0.8em 0; }
p.roll { border-top: 1px solid #d8d4c6; border-bottom: 1px solid #d8d4c6; padding: 0.4em 0; }
dl.cast dt { font-weight: 600; margin-top: 0.8em; }
dl.cast dd { margin: 0; }
dl.cast img.face { width: 4em; height: 4em; border-radius: 0.9em; vertical-align: middle; }
ol.dice { padding-inline-start: 2em; font: 0.8em/1.6 sans-serif; }
ol.dice li { margin-bottom: 0.8em; }
ol.dice code { display: block; font-size: 0.85em; overflow-wrap: anywhere; color: #565f59; }
.cover { text-align: center; margin: 0; padding: 0; }
.cover img, .cover svg { max-width: 100%; height: auto; }
@media print { h2, .part { break-before: page; } nav { break-after: page; } }
"""


def paragraph(told: Paragraph) -> str:
    who = one_line(told.speaker)
    name = f'<span class="who">{escaped(who)}</span> ' if who else ""
    return f'<p class="{CLASSES[told.kind]}" dir="auto">{name}{escaped(told.text)}</p>\n'


def cast_page(head: Head, address: Callable[[int, Picture], str]) -> str:
    """``address``: where the picture of the person with this number is found."""
    people = "".join(
        f"<dt>{_face(one, number, address)}{escaped(one_line(one.name))}</dt>"
        f"<dd>{escaped(one_line(one.line, 2_000))}</dd>\n"
        for number, one in enumerate(head.cast, 1)
    )
    heading = escaped(WORDS[head.language].cast)
    return f'<section class="part"><h2>{heading}</h2>\n<dl class="cast">\n{people}</dl></section>\n'


def _face(one: Person, number: int, address: Callable[[int, Picture], str]) -> str:
    if one.picture is None:
        return ""
    return f'<img class="face" src="{address(number, one.picture)}" alt=""/> '


def roll_item(record: RollRecord) -> str:
    return (
        f"<li>{escaped(record.text)}<br/>{utc_text(record.time)}"
        f"<code>{escaped(record.id)}</code><code>{escaped(record.hash)}</code></li>\n"
    )
