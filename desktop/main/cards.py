"""Puts together what reads and writes character cards."""

from collections.abc import Mapping

from desktop.bridge.dispatch import Handler
from desktop.services.cards import Cards, SaveEntry
from desktop.services.outside import fresh_id
from desktop.services.pictures import Pictures
from desktop.services.program_paths import ChooseFile
from desktop.services.transfer_files import ChooseSave


def card_handlers(
    save_entry: SaveEntry,
    choose_file: ChooseFile | None,
    choose_save: ChooseSave | None,
    pictures: Pictures,
) -> Mapping[str, Handler]:
    cards = Cards(save_entry, fresh_id, choose_file, choose_save, pictures)
    return {
        "card.choose": cards.choose,
        "card.paste": cards.paste,
        "card.save": cards.save,
        "card.copy": cards.copy,
    }
