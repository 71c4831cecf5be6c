"""An answer as it comes, cut into messages: what the page is told and what will be stored."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from desktop.dialogue.speakers import Grew, Opened, Roster, SpeakerParser, SpeechEvent
from desktop.dialogue.voices import members
from desktop.protocol.events import (
    AnyEvent,
    MessageAdded,
    MessageChanged,
    MessageGrew,
    MessageRemoved,
)
from desktop.protocol.models import NARRATOR_VOICE, AnsweredBy, Author, Message, MessageStatus, Turn


class _Speech:
    """One message that is being said."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.pieces = [message.text]

    def whole(self, status: MessageStatus) -> Message:
        text = "".join(self.pieces)
        self.pieces = [text]
        return replace(self.message, text=text, status=status)


class TurnMessages:
    """The speeches of one turn. ``compose`` makes an empty message for the n-th new one.

    ``continued`` is a stored message that grows, behind ``joint``, if its speaker goes on first.
    ``voice`` keeps an answer to those who speak in it: what others are made to say before is not
    taken, and where they are made to say something behind, the answer has ``overstepped`` and ends.
    """

    def __init__(
        self,
        roster: Roster,
        compose: Callable[[int, Author], Message],
        continued: Message | None = None,
        joint: str = "",
        voice: str = "",
    ) -> None:
        self._speaking = frozenset(members(voice))
        self._roster = roster
        self._compose = compose
        self._continued = continued
        self._joint = joint
        self._begin()

    def _begin(self) -> None:
        self._parser = SpeakerParser(self._roster)
        self._speeches: list[_Speech] = []
        self._pending: Opened | None = None
        self._muted = False
        self.overstepped = False

    def feed(self, text: str) -> list[AnyEvent]:
        """What the page is told about the next piece of the answer."""
        return self._told(self._parser.feed(text))

    def finish(self) -> list[AnyEvent]:
        """No more will come: what was held back is told."""
        return self._told(self._parser.finish())

    def discard(self) -> list[AnyEvent]:
        """Take everything back and begin anew."""
        removed: list[AnyEvent] = [
            MessageChanged(message=self._continued)
            if self._continued is not None and one.message.id == self._continued.id
            else MessageRemoved(room_id=one.message.room_id, message_id=one.message.id)
            for one in self._speeches
        ]
        self._begin()
        return removed

    def streaming(self) -> tuple[Message, ...]:
        """The messages as far as they have come."""
        return tuple(speech.whole("streaming") for speech in self._speeches)

    def rows(self, last: MessageStatus) -> tuple[Message, ...]:
        """The messages to be stored; all are complete but the last, which is ``last``."""
        earlier = tuple(speech.whole("complete") for speech in self._speeches[:-1])
        return earlier + tuple(speech.whole(last) for speech in self._speeches[-1:])

    def _told(self, events: Sequence[SpeechEvent]) -> list[AnyEvent]:
        told: list[AnyEvent] = []
        for event in events:
            if isinstance(event, Opened):
                self._pending = event
                self._muted = not self._may_speak(event)
                self.overstepped = self.overstepped or (self._muted and bool(self._speeches))
            elif isinstance(event, Grew) and not self._muted and not self.overstepped:
                told += self._grown(event.text)
        return told

    def _may_speak(self, opened: Opened) -> bool:
        author = opened.author
        seat = NARRATOR_VOICE if author.kind == "narrator" else author.id
        return not self._speaking or (opened.known and seat in self._speaking)

    def _grown(self, text: str) -> list[AnyEvent]:
        if self._pending is None:
            speech = self._speeches[-1]
            speech.pieces.append(text)
            return [MessageGrew(message_id=speech.message.id, text=text)]
        author = self._pending.author
        self._pending = None
        if not self._speeches and self._continued and _is_same(author, self._continued.author):
            return self._gone_on(self._continued, self._joint + text)
        grown = 1 if self._continued and self._has(self._continued.id) else 0
        message = self._compose(len(self._speeches) - grown, author)
        speech = _Speech(replace(message, text=text))
        self._speeches.append(speech)
        return [MessageAdded(message=speech.message)]

    def _gone_on(self, continued: Message, text: str) -> list[AnyEvent]:
        speech = _Speech(replace(continued, status="streaming"))
        speech.pieces.append(text)
        self._speeches.append(speech)
        return [
            MessageChanged(message=speech.message),
            MessageGrew(message_id=continued.id, text=text),
        ]

    def _has(self, message_id: str) -> bool:
        return any(one.message.id == message_id for one in self._speeches[:1])


def answered_by(turn: Turn, line_id: str) -> AnsweredBy | None:
    """What the messages of an answer tell of their AI, as ``Message.by`` says."""
    if not turn.voice:
        return None
    return AnsweredBy(provider=turn.provider, model=turn.model, line_id=line_id)


def _is_same(one: Author, other: Author) -> bool:
    """A narrator is one person under any name; a stranger is known by the name only."""
    if one.kind == other.kind == "narrator":
        return True
    return (one.kind, one.id) == (other.kind, other.id) and bool(one.id or one.name == other.name)
