"""An answer as it comes, cut into messages: what the page is told and what will be stored."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from desktop.dialogue.speakers import Grew, Opened, Roster, SpeakerParser, SpeechEvent
from desktop.protocol.events import AnyEvent, MessageAdded, MessageGrew, MessageRemoved
from desktop.protocol.models import Author, Message, MessageStatus


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
    """The speeches of one turn. ``compose`` makes an empty message for the n-th of them."""

    def __init__(self, roster: Roster, compose: Callable[[int, Author], Message]) -> None:
        self._roster = roster
        self._compose = compose
        self._begin()

    def _begin(self) -> None:
        self._parser = SpeakerParser(self._roster)
        self._speeches: list[_Speech] = []
        self._pending: Opened | None = None

    def feed(self, text: str) -> list[AnyEvent]:
        """What the page is told about the next piece of the answer."""
        return self._told(self._parser.feed(text))

    def finish(self) -> list[AnyEvent]:
        """No more will come: what was held back is told."""
        return self._told(self._parser.finish())

    def discard(self) -> list[AnyEvent]:
        """Take everything back and begin anew."""
        removed: list[AnyEvent] = [
            MessageRemoved(room_id=one.message.room_id, message_id=one.message.id)
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
            elif isinstance(event, Grew):
                told.append(self._grown(event.text))
        return told

    def _grown(self, text: str) -> AnyEvent:
        if self._pending is None:
            speech = self._speeches[-1]
            speech.pieces.append(text)
            return MessageGrew(message_id=speech.message.id, text=text)
        message = self._compose(len(self._speeches), self._pending.author)
        self._pending = None
        speech = _Speech(replace(message, text=text))
        self._speeches.append(speech)
        return MessageAdded(message=speech.message)
