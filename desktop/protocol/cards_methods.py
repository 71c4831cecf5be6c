"""What the page may ask about character cards; a part of ``METHODS``."""

from desktop.protocol.cards import (
    CardChooseParams,
    CardCopied,
    CardCopyParams,
    CardPasteParams,
    CardSaved,
    CardSaveParams,
    CardTaken,
)
from desktop.protocol.method import Method

CARD_METHODS: dict[str, Method] = {
    "card.choose": Method(CardChooseParams, CardTaken),
    "card.paste": Method(CardPasteParams, CardTaken),
    "card.save": Method(CardSaveParams, CardSaved),
    "card.copy": Method(CardCopyParams, CardCopied),
}
