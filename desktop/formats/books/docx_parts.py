"""The frame of a DOCX: what stands in its ZIP beside the document itself."""

from desktop.formats.books.contents import Head, Picture
from desktop.formats.books.legible import escaped, utc_text
from desktop.formats.books.words import book_title
from desktop.protocol.models import Language

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
PACKAGE = "application/vnd.openxmlformats-package"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
WIDE, HIGH = 3_600_000, 4_800_000
"""Of the cover, in EMU: 10 by 13.3 cm."""
FACE = 540_000
"""1.5 cm."""

LANGUAGES: dict[Language, str] = {"ko": "ko-KR", "en": "en-US", "ja": "ja-JP"}
SERIFS: dict[Language, str] = {"ko": "Batang", "en": "Batang", "ja": "MS Mincho"}

DOCUMENT_START = (
    f'{XML}<w:document xmlns:w="{MAIN}" xmlns:r="{OFFICE}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>\n'
)
DOCUMENT_END = (
    '<w:sectPr><w:pgSz w:w="8391" w:h="11906"/><w:pgMar w:top="1134" w:right="1134" '
    'w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    "</w:body></w:document>\n"
)
"""A5, 2 cm around."""


def fixed(head: Head, picture: Picture | None) -> dict[str, str | bytes]:
    """Every member but the document, by its name."""
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(head, picture),
        "_rels/.rels": _relations(
            (f"{OFFICE}/officeDocument", "word/document.xml"),
            (f"{RELATIONS}/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(head),
        "word/styles.xml": _styles(head.language),
    }
    targets = [(f"{OFFICE}/styles", "styles.xml")]
    if picture is not None:
        name = f"media/cover.{picture.media_type.removeprefix('image/')}"
        targets.append((f"{OFFICE}/image", name))
        found[f"word/{name}"] = picture.data
    for number, one in _faces(head):
        name = f"media/face-{number}.{one.ending}"
        targets.append((f"{OFFICE}/image", name))
        found[f"word/{name}"] = one.data
    found["word/_rels/document.xml.rels"] = _relations(*targets)
    return found


def drawing(_picture: Picture) -> str:
    """A paragraph with the cover; it is the document's second relation."""
    return f"<w:p>{_drawn('rId2', 1, 'cover', WIDE, HIGH)}</w:p>\n"


def faces(head: Head, picture: Picture | None) -> dict[int, str]:
    """The runs that draw the people of the cast, by their number; their relations stand behind
    those of the styles and of the cover."""
    first = 2 if picture is None else 3
    return {
        number: _drawn(f"rId{first + at}", 100 + number, f"face {number}", FACE, FACE)
        for at, (number, _) in enumerate(_faces(head))
    }


def _faces(head: Head) -> list[tuple[int, Picture]]:
    numbered = enumerate(head.cast, 1)
    return [(number, one.picture) for number, one in numbered if one.picture is not None]


def _drawn(relation: str, number: int, name: str, wide: int, high: int) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="{name}"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _content_types(head: Head, picture: Picture | None) -> str:
    shown = [one for _, one in _faces(head)] + ([picture] if picture else [])
    kinds = sorted({(one.ending, one.media_type) for one in shown})
    image = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in kinds)
    return (
        f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{PACKAGE}.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{image}'
        f'<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{WORD}.styles+xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{PACKAGE}.core-properties+xml"/>'
        "</Types>\n"
    )


def _relations(*targets: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'{XML}<Relationships xmlns="{RELATIONS}">{each}</Relationships>\n'


def _core(head: Head) -> str:
    made = utc_text(head.made_at)
    stamp = 'xsi:type="dcterms:W3CDTF"'
    return (
        f'{XML}<cp:coreProperties xmlns:cp="{RELATIONS.replace("relationships", "metadata")}'
        '/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escaped(book_title(head.title, head.language))}</dc:title>"
        f"<dc:language>{LANGUAGES[head.language]}</dc:language>"
        f"<dcterms:created {stamp}>{made}</dcterms:created>"
        f"<dcterms:modified {stamp}>{made}</dcterms:modified></cp:coreProperties>\n"
    )


def _styles(language: Language) -> str:
    serif = SERIFS[language]
    fonts = f'<w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:eastAsia="{serif}" w:cs="Times"/>'
    tag = LANGUAGES[language]
    east = tag if language != "en" else "ko-KR"
    return (
        f'{XML}<w:styles xmlns:w="{MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}'
        f'<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="{tag}" w:eastAsia="{east}" '
        'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="60" w:line="384" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "</w:style>"
        + _style("Title", "Title", "", '<w:b/><w:sz w:val="44"/>')
        + _style("Heading1", "heading 1", '<w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="30"/>')
        + _style("Narration", "Narration", '<w:ind w:firstLine="210"/>', "")
        + _style("Speech", "Speech", '<w:ind w:left="210"/>', "")
        + _style("Roll", "Roll", "", '<w:color w:val="565F59"/><w:sz w:val="18"/>')
        + _style("Note", "Note", "", '<w:color w:val="565F59"/><w:sz w:val="16"/>')
        + '<w:style w:type="character" w:styleId="Speaker"><w:name w:val="Speaker"/>'
        '<w:rPr><w:b/><w:sz w:val="16"/></w:rPr></w:style></w:styles>\n'
    )


def _style(key: str, name: str, paragraph: str, run: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )
