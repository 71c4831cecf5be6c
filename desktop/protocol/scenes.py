"""The opening scenes: tables that are laid already, to begin at."""

from desktop.protocol.base import Frozen
from desktop.protocol.method import Method
from desktop.protocol.models import Dye, Id, Language, Line, Name, NarratorKind
from desktop.protocol.room_view import RoomView


class SceneListParams(Frozen, kw_only=True):
    language: Language


class SceneFace(Frozen, kw_only=True):
    """One person of a scene, as a seal shows them."""

    name: Name
    dye: Dye


class Scene(Frozen, kw_only=True):
    """What is seen of a scene before it is opened; its cover is drawn by the page."""

    id: Id
    title: Name
    line: Line
    faces: tuple[SceneFace, ...]
    narrator: NarratorKind


class Scenes(Frozen, kw_only=True):
    """In the order in which they are shown; the first is the one that is found set up."""

    scenes: tuple[Scene, ...]


class SceneOpenParams(Frozen, kw_only=True):
    scene_id: Id
    language: Language
    provider: Id = "storyteller"
    model: Name = ""


SCENE_METHODS: dict[str, Method] = {
    "scene.list": Method(SceneListParams, Scenes),
    "scene.open": Method(SceneOpenParams, RoomView),
}
