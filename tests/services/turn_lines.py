"""The answer of three speakers that tests of turns play; page and store compared."""

from desktop.protocol.models import Room
from tests.doubles.scripted_provider import texts
from tests.services.table import Table, said

THREE = texts("[진행", "자]: 파도가 친다.\n[하", "루]: 왔나.\n", "[나비]: 야옹.\n")


MINE = ("우체부", "불을 켜 줘.", "complete")


async def same_everywhere(table: Table, room: Room) -> list[tuple[str, str, str]]:
    """What the page pieced together is what is stored."""
    view = await table.view(room)
    assert list(view.messages) == table.page.path(room.id)
    assert view.room.message_count == len(view.messages)
    return said(view.messages)
