"""What the page may ask of turns that come by themselves; a part of ``METHODS``."""

from desktop.protocol.auto import VoiceParams
from desktop.protocol.base import Frozen
from desktop.protocol.method import Method, Nothing
from desktop.protocol.models import Id


class AutoRoomParams(Frozen, kw_only=True):
    room_id: Id


AUTO_METHODS: dict[str, Method] = {
    "auto.start": Method(VoiceParams, Nothing),
    "auto.stop": Method(AutoRoomParams, Nothing),
    "voice.choose": Method(VoiceParams, Nothing),
}
