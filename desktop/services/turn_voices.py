"""Who answers next: the whole table, its groups in turn, or the one voice whose turn it is."""

from desktop.dialogue.next_speaker import next_speaker
from desktop.dialogue.voices import groups, is_voice, seats, voice_with
from desktop.protocol.auto import NextVoice
from desktop.protocol.models import NARRATOR_VOICE, Message, Room, Stage
from desktop.protocol.problems import Trouble, problem
from desktop.store import messages, turns
from desktop.store.session import Session

LOOKED_AT = 40
"""Messages that decide who is next."""


class Voices:
    """What a person chose holds for one turn, and is not kept beyond the program's end."""

    def __init__(self) -> None:
        self._chosen: dict[str, str] = {}

    def choose(self, room: Room, voice: str) -> None:
        """Have somebody speak next; empty: whoever is next by the rules.

        Raises ``Trouble(invalid_request)`` for somebody who does not sit there.
        """
        if not is_voice(room.stage, voice):
            raise Trouble(problem("invalid_request", field="voice"))
        if voice:
            self._chosen[room.id] = voice
        else:
            self._chosen.pop(room.id, None)

    def spoke(self, room_id: str) -> None:
        """A turn has begun: what was chosen for it is used up."""
        self._chosen.pop(room_id, None)

    def next(self, room: Room, shown: tuple[Message, ...]) -> NextVoice | None:
        """Who is next behind the newest messages of a path; ``None`` where all answer together."""
        if chosen := self._asked(room):
            return NextVoice(voice=chosen, reason="asked")
        if room.stage.answering != "single":
            return None
        return next_speaker(room.stage, shown)

    def _asked(self, room: Room) -> str:
        chosen = self._chosen.get(room.id, "")
        return chosen if is_voice(room.stage, chosen) else ""

    async def answering(
        self, session: Session, room: Room, asked: str = "", before: int | None = None
    ) -> tuple[str, ...]:
        """The voices that answer what stands at the end of the room's path, in their order.

        ``before`` is a position behind which the path does not count.
        Raises ``Trouble(invalid_request)`` if ``asked`` does not sit at the table.
        """
        if asked:
            if not is_voice(room.stage, asked):
                raise Trouble(problem("invalid_request", field="voice"))
            return (asked,)
        if (found := self._asked(room)) or room.stage.answering != "single":
            return (found,) if found else groups(room.stage)
        shown = await messages.newest(session, room.branch_id, LOOKED_AT, before=before)
        return (next_speaker(room.stage, shown).voice,)

    async def again(self, session: Session, room: Room, answer: Message | None) -> tuple[str, ...]:
        """The voices that answer once more what ``answer`` answered."""
        if room.stage.answering == "single" and answer is not None and answer.turn_id:
            place = await turns.find(session, answer.turn_id)
            if place and place.turn.voice and is_voice(room.stage, place.turn.voice):
                return (place.turn.voice,)
        mine = answer is None or answer.author.kind == "user"
        before = None if mine or answer is None else answer.position
        return await self.answering(session, room, before=before)


def voice_of(stage: Stage, message: Message) -> str:
    """The voice that goes on with a message of its own."""
    seat = NARRATOR_VOICE if message.author.kind == "narrator" else message.author.id
    if stage.answering == "single" and seat not in seats(stage):
        return next(iter(seats(stage)), "")
    return voice_with(stage, seat)
