"""Character cards of other programs: a person brought to a table, and one taken along from it."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen
from desktop.protocol.models import Character, Name, Prose
from desktop.protocol.transfer import ReceiptLine

CardFormat = Literal["card_png", "card_charx", "card_json", "card_json_v2", "piece_cocofolia"]


class CardChooseParams(Frozen, kw_only=True):
    """The system's dialog asks which file."""

    me: Name = ""
    """Stands where the card says ``{{user}}``; empty: as the prompts call a nameless person."""


class CardPasteParams(Frozen, kw_only=True):
    """A character piece, or a card's JSON, from the clipboard."""

    text: Annotated[str, Meta(max_length=1_000_000)]
    me: Name = ""


class CardTaken(Frozen, kw_only=True):
    """What a card says. Nothing of it is at a table yet."""

    character: Character | None = None
    """``None`` if the person closed the dialog. With an id of their own."""
    situation: Prose = ""
    book_file: str = ""
    """The card's lorebook, which was put into the library."""
    book_name: str = ""
    lines: tuple[ReceiptLine, ...] = ()
    """What was not taken as it stands."""


class CardSaveParams(Frozen, kw_only=True):
    """The system's dialog asks where to."""

    character: Character
    situation: Prose = ""
    format: CardFormat = "card_png"


class CardSaved(Frozen, kw_only=True):
    file: str
    """Its name without the folder; empty if the person closed the dialog."""


class CardCopyParams(Frozen, kw_only=True):
    character: Character


class CardCopied(Frozen, kw_only=True):
    text: str
    """A character piece of Cocofolia, for the clipboard."""
