"""The formats of other programs, a row each."""

from desktop.formats.card.piece import read_piece, write_piece
from desktop.formats.card.read import read_charx, read_json_card, read_png_card
from desktop.formats.card.write import (
    write_charx,
    write_json_card,
    write_json_v2,
    write_png_card,
)
from desktop.formats.chat.others import read_agnai, read_character_ai, read_kobold, read_webui
from desktop.formats.chat.risu import read_chats
from desktop.formats.chat.sillytavern import read_chat, write_chat
from desktop.formats.chat.sillytavern_group import read_group
from desktop.formats.format import Format, Holding
from desktop.formats.log import cocofolia, roll20
from desktop.formats.log.write import write_cocofolia, write_roll20
from desktop.formats.lore.files import (
    read_card_book,
    read_risu,
    read_sillytavern,
    write_card_book,
    write_risu,
    write_sillytavern,
)
from desktop.formats.sniffing import (
    charx,
    either,
    json_with,
    key,
    page_with,
    png_card,
    sillytavern_lines,
)

_CARD: frozenset[Holding] = frozenset({"library", "pictures"})
_LORE: frozenset[Holding] = frozenset({"library"})
_CHAT: frozenset[Holding] = frozenset({"messages", "context", "usage"})
_LOG: frozenset[Holding] = frozenset({"messages", "context"})


def _never(_head: bytes, _name: str) -> int:
    return 0


CARDS = (
    Format("card_png", (".png", ".apng"), png_card, read_png_card, write_png_card, holds=_CARD),
    Format("card_charx", (".charx", ".jpeg"), charx, read_charx, write_charx, holds=_CARD),
    Format(
        "card_json",
        (".json",),
        either(
            json_with(96, key("spec", '"chara_card')),
            json_with(80, key("name"), key("first_mes")),
            json_with(60, key("name"), key("mes_example")),
        ),
        read_json_card,
        write_json_card,
        holds=_CARD,
    ),
    # Read by the row above.
    Format("card_json_v2", (".json",), _never, None, write_json_v2, holds=_CARD),
    Format(
        "piece_cocofolia",
        (".json",),
        json_with(92, key("kind", '"character"'), key("data", r"\{")),
        read_piece,
        write_piece,
        holds=_LORE,
    ),
)

LOREBOOKS = (
    Format(
        "lore_card",
        (".json",),
        either(
            json_with(95, key("spec", '"lorebook_v3"')),
            json_with(55, key("entries", r"\["), key("keys", r"\[")),
        ),
        read_card_book,
        write_card_book,
        holds=_LORE,
    ),
    Format(
        "lore_sillytavern",
        (".json",),
        json_with(88, key("entries", r"[\{\[]"), key("key", r"\[")),
        read_sillytavern,
        write_sillytavern,
        holds=_LORE,
    ),
    Format(
        "lore_risu",
        (".json",),
        json_with(95, key("type", '"risu"')),
        read_risu,
        write_risu,
        holds=_LORE,
    ),
)

CHATS = (
    Format("chat_sillytavern", (".jsonl",), sillytavern_lines, read_chat, write_chat, holds=_CHAT),
    Format(
        "group_sillytavern",
        (".json",),
        json_with(90, key("members", r"\["), key("activation_strategy")),
        read_group,
        holds=frozenset({"context"}),
    ),
    Format(
        "chat_risu",
        (".json",),
        json_with(95, key("type", '"risu(?:Chat|AllChats)"')),
        read_chats,
        holds=frozenset({"rooms", "messages", "context", "usage", "library"}),
    ),
    Format(
        "chat_kobold",
        (".json",),
        json_with(85, key("actions", r"\["), key("prompt")),
        read_kobold,
        holds=_LOG,
    ),
    Format(
        "chat_agnai",
        (".json",),
        json_with(80, key("messages", r"\["), key("msg", '"')),
        read_agnai,
        holds=_LOG,
    ),
    Format(
        "chat_webui",
        (".json",),
        either(
            json_with(85, key("internal", r"\["), key("visible", r"\[")),
            json_with(85, key("data", r"\["), key("data_visible", r"\[")),
            json_with(60, key("data_visible", r"\[")),
        ),
        read_webui,
        holds=_LOG,
    ),
    Format(
        "chat_character_ai",
        (".json",),
        either(
            json_with(85, key("histories", r"[\{\[]"), key("msgs", r"\[")),
            json_with(80, key("turns", r"\["), key("candidates", r"\[")),
        ),
        read_character_ai,
        holds=frozenset({"rooms", "messages", "context"}),
    ),
)

LOGS = (
    Format(
        "log_cocofolia",
        (".html", ".htm"),
        either(
            page_with(95, r"<title>\s*ccfolia - logs"),
            page_with(60, r"<p style=\"color:\s*#[0-9a-f]{3,6};?\">\s*<span>\s*\["),
        ),
        cocofolia.read_log,
        write_cocofolia,
        holds=_LOG,
    ),
    Format(
        "log_roll20",
        (".html", ".htm"),
        either(
            page_with(95, r"<title>\s*Chat Log for "),
            page_with(85, r"class=\"message [^\"]*\"[^>]*data-messageid="),
        ),
        roll20.read_log,
        write_roll20,
        holds=_LOG,
    ),
)

FOREIGN: tuple[Format, ...] = (*CARDS, *LOREBOOKS, *CHATS, *LOGS)
