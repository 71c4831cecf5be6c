"""A room's book from the terminal, over the same services as the window."""

from typing import cast

from desktop.command_line.options import Options
from desktop.command_line.say import Ask, found_room
from desktop.protocol.books import BookFormat, BookOptions, BookSaved, BookSaveParams, Dialogue


async def save_book(ask: Ask, options: Options) -> BookSaved:
    """Raises ``Trouble``, for a room that is not there among others."""
    room = await found_room(ask, options.room)
    wanted = BookOptions(
        format=cast("BookFormat", options.book_format),
        dialogue=cast("Dialogue", options.dialogue or "quotes"),
        in_character=options.in_character,
        dice_record=options.dice_record,
    )
    saved = await ask("book.save", BookSaveParams(room_id=room.id, options=wanted))
    assert isinstance(saved, BookSaved)
    return saved
