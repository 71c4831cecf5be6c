"""A new room that begins with a preset of the library; never with another room's stage."""

from collections.abc import Awaitable, Callable

from desktop.protocol.library import EntryParams, StageContents
from desktop.protocol.library_search import RoomFromPresetParams
from desktop.protocol.methods import RoomView
from desktop.protocol.models import Stage
from desktop.protocol.problems import Trouble, problem
from desktop.services.library import Library


class PresetRoom:
    """``lay`` makes a room of a title and a stage."""

    def __init__(self, library: Library, lay: Callable[[str, Stage], Awaitable[RoomView]]) -> None:
        self._library = library
        self._lay = lay

    async def make(self, params: RoomFromPresetParams) -> RoomView:
        """Raises ``Trouble``: ``not_found``, or ``invalid_request`` for a preset that is none."""
        asked = EntryParams(kind="preset", origin=params.origin, file=params.file)
        contents = await self._library.taken((await self._library.read(asked)).contents)
        if not isinstance(contents, StageContents):
            raise Trouble(problem("invalid_request", field="file"))
        return await self._lay(params.title, contents.stage)
