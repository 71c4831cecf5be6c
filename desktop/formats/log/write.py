"""Writes a story as a log in the manner of Cocofolia or Roll20, as one page that holds itself."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import BinaryIO

from desktop.formats.card.colours import COLOURS
from desktop.formats.chat.path import Told, told_path
from desktop.formats.log.cocofolia import SAID as COCOFOLIA
from desktop.formats.log.roll20 import SAID as ROLL20
from desktop.formats.moments import wordy
from desktop.formats.parts import AnyPart, MessagePart
from desktop.formats.strange_json import fields, text

_PLAIN = "#888888"
_NARRATOR = "진행자"


def write_cocofolia(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    """The current path of the first room. What is hidden stands in the tab of small talk."""
    told = told_path(parts)
    file.write(_COCOFOLIA_HEAD.encode())
    for one in told.messages:
        said = fields(one.extra.get(COCOFOLIA))
        tab = text(said.get("tab")) or ("other" if one.hidden else "main")
        colour = text(said.get("color"))
        if re.fullmatch(r"#[0-9a-fA-F]{3,8}", colour) is None:
            colour = COLOURS.get(one.author.dye, _PLAIN)
        body = _lines(one.text)
        name = escape(_speaker(one, told))
        file.write(
            f'<p style="color:{colour};">\n  <span> [{escape(tab)}]</span>\n'
            f"  <span>{name}</span> :\n  <span>\n    {body}\n  </span>\n</p>\n".encode()
        )
    file.write(b"</body>\n</html>\n")


_COCOFOLIA_HEAD = """<!DOCTYPE html>
<html lang="ja">
<head><meta charset="UTF-8" /><title>ccfolia - logs</title></head>
<body>
"""


def write_roll20(parts: Iterable[AnyPart], file: BinaryIO) -> None:
    """The current path of the first room. Who goes on speaking is named once."""
    told = told_path(parts)
    title = escape(told.room.title)
    file.write(
        f'<!DOCTYPE html><html><head><meta charset="UTF-8"><title>Chat Log for {title}</title>'
        f'{_ROLL20_STYLE}</head><body><div id="textchat"><div class="content">\n'.encode()
    )
    last = ""
    for at, one in enumerate(told.messages):
        name = _speaker(one, told)
        file.write("".join(_roll20(one, name, name != last, at)).encode() + b"\n")
        last = "" if one.author.kind == "narrator" and not one.hidden else name
    file.write(b"</div></div></body></html>\n")


_ROLL20_STYLE = (
    "<style>body{max-width:44em;margin:2em auto;font:16px/1.7 sans-serif}.message{margin:.4em 0}"
    ".by{font-weight:700;margin-right:.4em}.tstamp{float:right;color:#888;font-size:.75em}"
    ".desc{text-align:center;font-style:italic}.emote{font-style:italic}"
    ".whisper{color:#888}.rollresult{border:1px solid #ccc;padding:.3em .6em}</style>"
)


def _roll20(one: MessagePart, name: str, named: bool, at: int) -> Iterator[str]:
    said = fields(one.extra.get(ROLL20))
    kind = _kind(one)
    mine = " you" if one.author.kind == "user" else ""
    mark = escape(text(said.get("id")) or f"m{at + 1}", quote=True)
    yield f'<div class="message {kind}{mine}" data-messageid="{mark}">'
    if kind == "desc":
        yield f'<div class="spacer"></div>{_lines(one.text)}</div>'
        return
    if named:
        stamp = wordy(one.created_at) if one.created_at is not None else ""
        yield f'<div class="spacer"></div><span class="tstamp">{stamp}</span>'
        by = f"(From {name})" if kind == "whisper" else name
        yield f'<span class="by">{escape(by)}:</span>'
    if kind == "rollresult":
        formula, _, rolled = one.text.rpartition("＞")
        yield f'<div class="formula">{_lines(formula.strip(" ＞"))}</div>'
        yield f'<div class="rolled">{_lines(rolled.strip())}</div></div>'
    else:
        yield f"{_lines(one.text)}</div>"


def _kind(one: MessagePart) -> str:
    said = text(fields(one.extra.get(ROLL20)).get("kind"))
    if one.hidden:
        return "whisper"
    if one.author.kind == "dice":
        return "rollresult"
    if one.author.kind == "narrator":
        return "desc" if not one.author.name or said == "desc" or not said else "general"
    return "emote" if said == "emote" else "general"


def _speaker(one: MessagePart, told: Told) -> str:
    stage = told.room.stage
    if one.author.name:
        return one.author.name
    if one.author.kind == "user" and stage is not None and stage.me.name:
        return stage.me.name
    return _NARRATOR if one.author.kind in ("narrator", "note", "dice") else "PL"


def _lines(words: str) -> str:
    return "<br>".join(escape(line) for line in words.split("\n"))
