"""Beginning at one of the scenes that ship with the program."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from msgspec.structs import replace

from desktop.protocol.events import RoomChanged
from desktop.protocol.methods import RoomParams, RoomView
from desktop.protocol.models import Language, Room
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.scenes import Scene, SceneFace, SceneListParams, SceneOpenParams, Scenes
from desktop.services.outside import Clock, Emit, NewId
from desktop.services.room_view import existing
from desktop.services.starter import SCENES, Starter, load_starter, set_up
from desktop.store import rooms
from desktop.store.database import Database
from desktop.store.session import Session


class OpeningScenes:
    """``folder`` holds the scenes' files; ``open_room`` shows a room as ``room.open`` does."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        open_room: Callable[[RoomParams], Awaitable[RoomView]],
        emit: Emit,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._folder = folder
        self._database = database
        self._open_room = open_room
        self._emit = emit
        self._clock = clock
        self._new_id = new_id

    async def list(self, params: SceneListParams) -> Scenes:
        """All scenes in a language; one whose file cannot be read is left out."""
        found = []
        for scene in SCENES:
            try:
                found.append(_face_of(scene, self._load(scene, params.language)))
            except Trouble:
                continue
        return Scenes(scenes=tuple(found))

    async def open(self, params: SceneOpenParams) -> RoomView:
        """A room with the scene, answered by ``provider``.

        One in which nothing has been said since it was set up is taken rather than a second one
        made. Raises ``Trouble``: ``not_found`` for a scene there is not, ``storage_*``.
        """
        starter = self._load(params.scene_id, params.language)
        stage = replace(starter.stage, provider=params.provider, model=params.model)
        async with self._database.transaction() as session:
            room = await self._untouched(session, starter)
            if room is None:
                fresh = replace(starter, stage=stage)
                room = await set_up(session, fresh, self._clock.now_ms(), self._new_id)
            else:
                await rooms.restage(session, room.id, stage)
            room = await existing(session, room.id)
        self._emit(RoomChanged(room=room))
        return await self._open_room(RoomParams(room_id=room.id))

    def _load(self, scene: str, language: Language) -> Starter:
        if scene not in SCENES:
            raise Trouble(problem("not_found", field="scene_id"))
        try:
            return load_starter(self._folder, language, scene)
        except (OSError, ValueError) as error:
            raise Trouble(problem("not_found", field="scene_id", detail=str(error))) from error

    @staticmethod
    async def _untouched(session: Session, starter: Starter) -> Room | None:
        for room in await rooms.listed(session):
            same = room.title == starter.title and room.stage.language == starter.stage.language
            if same and room.message_count == len(starter.opening) and not room.draft:
                return room
        return None


def _face_of(scene: str, starter: Starter) -> Scene:
    return Scene(
        id=scene,
        title=starter.title,
        line=starter.line,
        faces=tuple(SceneFace(name=one.name, dye=one.dye) for one in starter.stage.characters),
        narrator=starter.stage.narrator.kind,
    )
