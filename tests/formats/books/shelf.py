"""Books to write, and readers of them that know nothing of our writers."""

import html.parser
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from typing import Any

import docx
from msgspec.structs import replace

from desktop.formats.books import book_writer
from desktop.formats.books.contents import Chapter, Head, Passage, Person, Picture, RollRecord
from desktop.formats.books.layout import said, told
from desktop.protocol.base import UtcMs
from desktop.protocol.books import BookFormat, Dialogue
from desktop.protocol.models import Language
from tests.formats.painted import packed, painted

WHEN = UtcMs(1_767_225_600_000)
KEY = "0b6e1f0a-6a0e-4d5f-9a3c-0d6f6f1f2a11"
HOSTILE = (
    "]]><script>alert('1')</script>&amp;&#0; \x00\x07\x1b[31m",
    "<![CDATA[ & ]]> --> <!-- \" ' `",
    "שלום עולם (مرحبا) \u202eevil\u202c",
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 é é \U0010ffff \ufffe",
    "짝 없는 \ud800 반쪽 \udc00",
    "## 3. 사용자\n---\n===\n# 제목\n\\# 이미 막은 것\n&lt;b&gt;",
    "탭\t과 \r\n줄\r바꿈\u2028사이",
)


def head(language: Language = "ko", **more: Any) -> Head:
    return replace(Head(title="안개 항로 우체국", language=language, key=KEY, made_at=WHEN), **more)


def spoken(number: int, name: str, text: str, dialogue: Dialogue = "quotes") -> Passage:
    return Passage(
        number=number, name=name, answered=False, text=text, paragraphs=said(text, name, dialogue)
    )


def narrated(number: int, text: str) -> Passage:
    return Passage(number=number, name="진행자", answered=True, text=text, paragraphs=told(text))


def roll(number: int = 1) -> RollRecord:
    return RollRecord(
        id=f"roll{number}", text="열쇠 <찾기>: 2d6 = 7 [3, 4]", time=WHEN, hash="a" * 64
    )


def written(
    book_format: BookFormat,
    passages: list[Passage],
    *,
    of: Head | None = None,
    chapters: dict[int, Chapter] | None = None,
    rolls: int = 0,
) -> bytes:
    """A whole book; a chapter stands before the passage with its key."""
    file = io.BytesIO()
    writer = book_writer(file, of or head(), book_format)
    for passage in passages:
        if chapters and passage.number in chapters:
            writer.chapter(chapters[passage.number])
        writer.passage(passage)
    for number in range(rolls):
        writer.roll(roll(number))
    writer.close()
    return file.getvalue()


def rich(language: Language) -> tuple[Head, list[Passage], dict[int, Chapter]]:
    chapters = {
        1: Chapter(number=1, name="막배"),
        3: Chapter(number=2),
        5: Chapter(number=3, name="<&>"),
    }
    face = Picture(data=packed(painted(30, 30)), media_type="image/png")
    cast = (
        Person(name="도이레", line="등대지기 & <우체부>", picture=face),
        Person(name="윤슬"),
        Person(name="한마루", picture=face),
    )
    passages = [
        spoken(at, "도이레", text) if at % 2 else narrated(at, text)
        for at, text in enumerate((*HOSTILE, "*웃는다.* 그래. *나간다.*"), 1)
    ]
    return head(language, cast=cast, chapters=tuple(chapters.values())), passages, chapters


XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
BODY = {"said", "told", "roll", "note"}


def epub_paragraphs(data: bytes) -> list[str]:
    """What an EPUB says in the order of its spine, names left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        package = ET.fromstring(book.read("OEBPS/content.opf"))
        files = {one.get("id"): one.get("href") for one in package.iter(f"{OPF}item")}
        found = []
        for ref in package.iter(f"{OPF}itemref"):
            page = ET.fromstring(book.read(f"OEBPS/{files[ref.get('idref')]}"))
            for paragraph in page.iter(f"{XHTML}p"):
                if paragraph.get("class") not in BODY:
                    continue
                for who in paragraph.findall(f"{XHTML}span"):
                    who.text, who.tail = "", (who.tail or "").removeprefix(" ")
                found.append("".join(paragraph.itertext()))
    return found


class _Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []
        self._inside = self._naming = self._named = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        kind = dict(attrs).get("class")
        if tag == "p" and kind in BODY:
            self._inside = True
            self.found.append("")
        if tag == "span" and kind == "who":
            self._naming = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._inside = False
        if tag == "span":
            self._naming, self._named = False, True

    def handle_data(self, data: str) -> None:
        if self._inside and not self._naming:
            self.found[-1] += data.removeprefix(" ") if self._named else data
        self._named = False


def html_read(data: bytes) -> tuple[list[str], list[str]]:
    """Paragraphs and the names of all elements."""
    reader = _Reader()
    reader.feed(data.decode())
    reader.close()
    return reader.found, reader.tags


def docx_paragraphs(data: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(data))
    found = []
    for paragraph in document.paragraphs:
        if paragraph.style is None or paragraph.style.name in {"Title", "Heading 1", "Normal"}:
            continue
        runs = [run for run in paragraph.runs if run.style is None or run.style.name != "Speaker"]
        found.append("".join(run.text for run in runs))
    return found


def markdown_texts(data: bytes, level: int = 2) -> list[str]:
    """The messages of a Markdown book, as a reader with no more than its rules finds them."""
    parts = re.split(rf"^{'#' * level} \d+\..*\n\n", data.decode(), flags=re.MULTILINE)[1:]
    found = []
    for part in parts:
        text = part.removesuffix("\n\n").removesuffix("\n\n---")
        lines = (re.sub(r"^( {0,3})\\(\\*[#=_*-])", r"\1\2", line) for line in text.split("\n"))
        found.append("\n".join(lines).replace("&lt;", "<").replace("&amp;", "&"))
    return found
