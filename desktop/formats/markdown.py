"""Rooms as Markdown that people read: a heading for each speech; and such files read back.

A line of a speech that looks like a heading of ours is written with a backslash before it.
"""

import re
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, BinaryIO

from desktop.formats.parts import AnyPart, BranchPart, MessagePart, Remark, RoomPart, Unreadable
from desktop.formats.text_stream import open_text
from desktop.protocol.models import Author
from desktop.protocol.spoken import NARRATOR_WORDS

_HEADING = re.compile(r"##\s+(?:(\d+)\.\s+)?(.+)")
_MINE = {"사용자", "user", "나"}
_ANSWER = {"ai 응답", "ai", "assistant"}
_NARRATOR = {word.casefold() for words in NARRATOR_WORDS.values() for word in words}
_SEED_TITLE = "서사 기록"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_MOST = 64_000_000
"""Characters of one speech."""
_Opened = Callable[[RoomPart], AbstractContextManager[Any]]
"""Opens the file of a room."""
_YOU = "(나)"
"""Behind my character's name, so that a reader knows who was me."""


def write_markdown(parts: Iterable[AnyPart], out: BinaryIO) -> None:
    """The path of each room, one below the other; what Markdown cannot hold is left out."""
    _write(parts, lambda _: nullcontext(out))


def write_markdown_zip(parts: Iterable[AnyPart], out: BinaryIO) -> None:
    """A file for each room."""
    names: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(parts, lambda room: archive.open(_free(room.title, names), "w"))


class _Shown:
    """A room's path, as far as its branches tell."""

    def __init__(self, current: str) -> None:
        self.current = current
        self.branches: dict[str, BranchPart] = {}

    def holds(self, part: MessagePart) -> bool:
        key, last = self.current or part.branch, 1 << 62
        for _ in range(len(self.branches) + 1):
            if key == part.branch:
                return part.position <= last
            branch = self.branches.get(key)
            if branch is None:
                return False
            last = min(last, branch.fork_position)
            key = branch.parent
        return False


def _write(
    parts: Iterable[AnyPart], opened: Callable[[RoomPart], AbstractContextManager[Any]]
) -> None:
    shown = _Shown("")
    place: AbstractContextManager[Any] | None = None
    file: Any = None
    try:
        for part in parts:
            if isinstance(part, RoomPart):
                if place is not None:
                    place.__exit__(None, None, None)
                shown, place = _Shown(part.current_branch), opened(part)
                file = place.__enter__()
                _put(file, f"# {_line(part.title)}\n\n")
            elif isinstance(part, BranchPart):
                shown.branches[part.key] = part
            elif isinstance(part, MessagePart) and shown.holds(part):
                _put(file, f"## {_heading(part.author)}\n\n{_escaped(part.text)}\n\n")
    finally:
        if place is not None:
            place.__exit__(None, None, None)


def _put(file: Any, text: str) -> None:
    file.write(text.encode())


def _heading(author: Author) -> str:
    name = _line(author.name) or "?"
    return f"{name} {_YOU}" if author.kind == "user" else name


def _line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    return re.sub(r"^(\\*)(?=#{1,2}\s|---$)", r"\1\\", text, flags=re.MULTILINE)


def _plain(text: str) -> str:
    return re.sub(r"^(\\*)\\(?=#{1,2}\s|---$)", r"\1", text, flags=re.MULTILINE)


def _free(title: str, taken: set[str]) -> str:
    stem = _UNSAFE.sub("_", _line(title)).strip(". ")[:80] or "room"
    if re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", stem, re.IGNORECASE):
        stem = f"_{stem}"
    name, number = f"{stem}.md", 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem} {number}.md"
    taken.add(name.casefold())
    return name


def read_markdown(stream: BinaryIO) -> Generator[AnyPart, None, None]:
    """Our files and the web version's narratives and exports."""
    with open_text(stream) as text:
        yield from _Speeches().read(iter(lambda: text.readline(_MOST), ""))


class _Speeches:
    def __init__(self) -> None:
        self._rooms = 0
        self._author: Author | None = None
        self._reply = False
        self._lines: list[str] = []
        self._size = 0
        self._odd = 0

    def read(self, lines: Iterator[str]) -> Iterator[AnyPart]:
        for raw in lines:
            line = raw.rstrip("\r\n")
            if line.startswith("# "):
                yield from self._said()
                title = line[2:].strip()
                yield self._room("" if title == _SEED_TITLE else title)
            elif found := _HEADING.fullmatch(line):
                yield from self._said()
                if not self._rooms:
                    yield self._room("")
                self._turn_to(found[2].strip(), numbered=found[1] is not None)
            elif self._author is not None:
                self._size += len(line)
                if self._size > _MOST:
                    raise Unreadable("too_large")
                self._lines.append(line)
            elif line.strip():
                self._odd += 1
        yield from self._said()
        if not self._rooms:
            raise Unreadable("not_known")
        if self._odd:
            yield Remark(fate="dropped", code="unknown_record", where="", count=self._odd)

    def _room(self, title: str) -> RoomPart:
        self._rooms += 1
        self._author = None
        return RoomPart(key=f"r{self._rooms}", title=title[:2000])

    def _turn_to(self, name: str, *, numbered: bool) -> None:
        key = name.casefold()
        self._reply = key in _ANSWER
        mine = key in _MINE if numbered or key == "사용자" else name.endswith(_YOU)
        if mine:
            named = name.removesuffix(_YOU).strip() if name.endswith(_YOU) else ""
            self._author = Author(kind="user", name=named)
        elif self._reply or key in _NARRATOR:
            self._author = Author(kind="narrator", name="" if self._reply else name)
        else:
            self._author = Author(kind="character", name=name)

    def _said(self) -> Iterator[AnyPart]:
        author, lines = self._author, self._lines
        self._author, self._lines, self._size = None, [], 0
        if author is None:
            return
        if self._reply:
            while lines and lines[-1].strip() in ("", "---"):
                lines.pop()
        text = _plain("\n".join(lines).strip("\n"))
        if text.strip():
            room = f"r{self._rooms}"
            yield MessagePart(room=room, author=author, text=text, reply=self._reply)
