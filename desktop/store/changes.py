"""Changes that can be taken back: each is applied in one step and gives the one that undoes it."""

from typing import assert_never

from desktop.protocol.base import Frozen, UtcMs
from desktop.protocol.models import MessageStatus, Stage
from desktop.store import branches, messages, rooms, slots
from desktop.store.session import Session


class TextSet(Frozen, kw_only=True):
    message_id: str
    text: str
    edited_at: UtcMs | None
    status: MessageStatus | None = None
    """Stays as it is when left out."""


class DeletedSet(Frozen, kw_only=True):
    message_id: str
    at: UtcMs | None


class HiddenSet(Frozen, kw_only=True):
    message_id: str
    hidden: bool


class StandSet(Frozen, kw_only=True):
    """Which branch the room shows."""

    room_id: str
    branch_id: str


class BranchNameSet(Frozen, kw_only=True):
    branch_id: str
    name: str


class BranchSet(Frozen, kw_only=True):
    """Whether a branch lies in the trash, and where it was cut."""

    branch_id: str
    trashed_at: UtcMs | None
    cut_position: int | None


class EmptyBranchSet(Frozen, kw_only=True):
    """Put a branch into the trash or back, if nothing was ever said on it or forked from it."""

    branch_id: str
    trashed_at: UtcMs | None


class SlotSet(Frozen, kw_only=True):
    slot_id: str
    mark: slots.Mark


class ChapterSet(Frozen, kw_only=True):
    """The same of a chapter, which is a slot of a kind of its own."""

    slot_id: str
    mark: slots.Mark


class TitleSet(Frozen, kw_only=True):
    room_id: str
    title: str


class StageSet(Frozen, kw_only=True):
    room_id: str
    stage: Stage


class TurnsFromSet(Frozen, kw_only=True):
    """From which turn on the conversation's usage counts."""

    room_id: str
    number: int


Change = (
    TextSet
    | DeletedSet
    | HiddenSet
    | StandSet
    | BranchNameSet
    | BranchSet
    | EmptyBranchSet
    | SlotSet
    | ChapterSet
    | TitleSet
    | StageSet
    | TurnsFromSet
)


async def apply_all(
    session: Session, changes: tuple[Change, ...], now: UtcMs
) -> tuple[Change, ...]:
    """Returns what undoes them all, in the order in which it must be applied."""
    inverse = [await apply(session, change, now) for change in changes]
    return tuple(reversed(inverse))


async def apply(session: Session, change: Change, now: UtcMs) -> Change:
    """Raises ``LookupError`` for what is not there."""
    match change:
        case TextSet() | DeletedSet() | HiddenSet():
            return await _apply_to_message(session, change, now)
        case BranchNameSet() | BranchSet() | EmptyBranchSet() | SlotSet() | ChapterSet():
            return await _apply_to_tree(session, change)
        case StandSet() | TitleSet() | StageSet() | TurnsFromSet():
            return await _apply_to_room(session, change, now)
        case _:
            assert_never(change)


async def _apply_to_message(
    session: Session, change: TextSet | DeletedSet | HiddenSet, now: UtcMs
) -> Change:
    found = await messages.find_any(session, change.message_id)
    if found is None:
        raise LookupError(change.message_id)
    message, deleted_at = found
    match change:
        case TextSet(text=text, edited_at=edited_at, status=status):
            await messages.change_text(session, message.id, text, now, edited_at=edited_at)
            await messages.change_status(session, message.id, status or message.status)
            return TextSet(
                message_id=message.id,
                text=message.text,
                edited_at=message.edited_at,
                status=message.status,
            )
        case DeletedSet(at=at):
            await messages.set_deleted(session, message.id, at)
            return DeletedSet(message_id=message.id, at=deleted_at)
        case HiddenSet(hidden=hidden):
            await messages.set_hidden(session, message.id, hidden)
            return HiddenSet(message_id=message.id, hidden=message.hidden)


async def _apply_to_tree(
    session: Session,
    change: BranchNameSet | BranchSet | EmptyBranchSet | SlotSet | ChapterSet,
) -> Change:
    if isinstance(change, SlotSet | ChapterSet):
        mark = await slots.mark_of(session, change.slot_id)
        await slots.set_mark(session, change.slot_id, change.mark)
        return type(change)(slot_id=change.slot_id, mark=mark)
    branch = await branches.find(session, change.branch_id)
    if branch is None:
        raise LookupError(change.branch_id)
    match change:
        case BranchNameSet(name=name):
            await branches.set_name(session, branch.id, name)
            return BranchNameSet(branch_id=branch.id, name=branch.name)
        case BranchSet(trashed_at=trashed_at, cut_position=cut):
            await branches.set_mark(session, branch.id, trashed_at, cut)
            return BranchSet(
                branch_id=branch.id,
                trashed_at=branch.trashed_at,
                cut_position=branch.cut_position,
            )
        case EmptyBranchSet(trashed_at=trashed_at):
            if await branches.is_bare(session, branch):
                await branches.set_mark(session, branch.id, trashed_at, branch.cut_position)
            return EmptyBranchSet(branch_id=branch.id, trashed_at=branch.trashed_at)


async def _apply_to_room(
    session: Session, change: StandSet | TitleSet | StageSet | TurnsFromSet, now: UtcMs
) -> Change:
    room = await rooms.find(session, change.room_id)
    if room is None:
        raise LookupError(change.room_id)
    match change:
        case StandSet(branch_id=branch_id):
            await rooms.switch(session, room.id, branch_id)
            await branches.use(session, branch_id, now)
            return StandSet(room_id=room.id, branch_id=room.branch_id)
        case TitleSet(title=title):
            await rooms.rename(session, room.id, title)
            return TitleSet(room_id=room.id, title=room.title)
        case StageSet(stage=stage):
            await rooms.restage(session, room.id, stage)
            return StageSet(room_id=room.id, stage=room.stage)
        case TurnsFromSet(number=number):
            before = await rooms.turns_from(session, room.id)
            await rooms.set_turns_from(session, room.id, number)
            return TurnsFromSet(room_id=room.id, number=before)
