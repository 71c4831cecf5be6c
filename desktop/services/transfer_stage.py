"""The stage of a room that is brought in: as the file tells it, as far as it fits."""

from typing import Any

from desktop.formats.parts import RoomPart
from desktop.protocol.models import Stage
from desktop.services.transfer_tally import Tally
from desktop.store.library_fitting import fitting
from desktop.store.library_legacy import stage_from
from desktop.store.library_text import persona_of


def stage_of(part: RoomPart, tally: Tally) -> Stage:
    """What does not fit is the default, and is told in the receipt."""
    if part.stage is not None:
        return part.stage
    raw = part.extra.get("stage")
    if raw is None and part.context is not None:
        raw = _from_context(part.context)
    if raw is None:
        return Stage()
    unread: list[str] = []
    stage = fitting(raw, Stage, unread)
    for field in unread:
        tally.note("dropped", "stage_field_unread", f"{part.title}: {field}")
    return stage or Stage()


def _from_context(context: dict[str, Any]) -> dict[str, Any]:
    raw = stage_from(context)
    about_me = context.get("user_character")
    if isinstance(about_me, str) and not raw["me"]["name"]:
        me = persona_of(about_me)
        raw["me"] = {"name": me.name, "description": me.description}
    if "narrator_enabled" not in context and raw["narrator"]["kind"] == "ai":
        # What the web version did where the file does not say.
        raw["narrator"]["kind"] = "none"
    return raw
