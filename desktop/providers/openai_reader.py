"""What the events of an OpenAI-compatible server mean, with the freedoms each server takes."""

from collections.abc import Callable
from typing import Any

import msgspec

from desktop.protocol.models import Usage
from desktop.protocol.problems import Trouble
from desktop.providers.base import (
    AnswerEvent,
    Started,
    StopReason,
    TextCame,
    ThinkingCame,
    ToolBlocked,
)
from desktop.providers.http_problems import refusal
from desktop.providers.server_models import count, label
from desktop.providers.sse import ServerSentEvent
from desktop.providers.think_tags import ThinkTags

_STOPS: dict[str, StopReason] = {
    "stop": "end",
    "eos": "end",
    "eos_token": "end",
    "stop_sequence": "end",
    "length": "max_tokens",
    "content_filter": "refusal",
}
_THINKING = ("reasoning_content", "reasoning", "thinking")


class OpenAiReader:
    """See ``Reader``."""

    def __init__(
        self, provider: str, now_ms: Callable[[], int], window: Callable[[], int | None]
    ) -> None:
        self._provider = provider
        self._now_ms = now_ms
        self._window = window
        self._tags = ThinkTags()
        self._started = False
        self._tools: set[str] = set()
        self.usage: Usage | None = None
        self.stop: StopReason | None = None
        self.done = False

    def read(self, event: ServerSentEvent) -> list[AnswerEvent]:
        """Raises ``Trouble`` for an error told inside the stream; what is unknown is skipped."""
        if event.data.strip() == "[DONE]":
            self.stop, self.done = self.stop or "unknown", True
            return []
        try:
            told = msgspec.json.decode(event.data)
        except (msgspec.DecodeError, RecursionError):
            return []
        if isinstance(told, list) and told:  # Gemini puts an error into a list of one
            told = told[0]
        if not isinstance(told, dict):
            return []
        if told.get("error") or event.event == "error":
            now = self._now_ms()
            raise Trouble(refusal(self._provider, None, msgspec.json.encode(told), now_ms=now))
        events = self._first(told)
        choices = told.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            events += self._choice(choices[0])
        if isinstance(told.get("usage"), dict):
            self.usage = usage(told["usage"])
        return events

    @property
    def window(self) -> int | None:
        return self._window()

    def finish(self) -> list[AnswerEvent]:
        held = self._tags.finish()
        return [ThinkingCame(text=held.thinking)] * bool(held.thinking) + _text(held.text)

    def _first(self, told: dict[str, Any]) -> list[AnswerEvent]:
        if self._started:
            return []
        self._started = True
        session, model = told.get("id"), told.get("model")
        return [
            Started(
                session=session if isinstance(session, str) else "",
                model=model if isinstance(model, str) else "",
            )
        ]

    def _choice(self, choice: dict[str, Any]) -> list[AnswerEvent]:
        # A server that does not stream sends the whole message at once.
        said = choice.get("delta") or choice.get("message")
        events = self._said(said) if isinstance(said, dict) else []
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            if reason == "error":
                raise Trouble(refusal(self._provider, None, b"", now_ms=self._now_ms()))
            self.stop = _STOPS.get(reason, "unknown")
        return events

    def _said(self, said: dict[str, Any]) -> list[AnswerEvent]:
        events: list[AnswerEvent] = []
        thinking = next((t for name in _THINKING if isinstance(t := said.get(name), str) and t), "")
        if thinking:
            events.append(ThinkingCame(text=thinking))
        text = _content(said.get("content"))
        if text:
            piece = self._tags.feed(text)
            if piece.thinking:
                events.append(ThinkingCame(text=piece.thinking))
            events += _text(piece.text)
        return events + self._blocked(said)

    def _blocked(self, said: dict[str, Any]) -> list[AnswerEvent]:
        calls = said.get("tool_calls")
        asked = [call.get("function") for call in calls or () if isinstance(call, dict)]
        names = [
            label(call.get("name"), "")
            for call in (*asked, said.get("function_call"))
            if isinstance(call, dict)
        ]
        new = [name for name in dict.fromkeys(names) if name and name not in self._tools]
        self._tools.update(new)
        return [ToolBlocked(name=name) for name in new]


def usage(told: dict[str, Any]) -> Usage:
    """OpenAI counts cached tokens within the prompt, and reasoning within the completion."""
    asked = _details(told, "prompt_tokens_details")
    said = _details(told, "completion_tokens_details")
    # DeepSeek tells cache hits beside, OpenRouter within the details.
    read = count(asked.get("cached_tokens"), count(told.get("prompt_cache_hit_tokens"), 0))
    written = count(asked.get("cache_write_tokens"), 0)
    cost = told.get("cost")
    return Usage(
        input=max(0, count(told.get("prompt_tokens"), 0) - read - written),
        cache_read=read,
        cache_write=written,
        output=count(told.get("completion_tokens"), 0),
        reasoning=count(said.get("reasoning_tokens"), 0),
        cost_usd=float(cost) if isinstance(cost, int | float) and 0 <= cost < 10**6 else None,
        source="reported",
    )


def _details(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _content(told: Any) -> str:
    """A string, or a list of parts of which the texts are meant."""
    if isinstance(told, list):
        texts = [part.get("text") for part in told if isinstance(part, dict)]
        return "".join(text for text in texts if isinstance(text, str))
    return told if isinstance(told, str) else ""


def _text(text: str) -> list[AnswerEvent]:
    return [TextCame(text=text)] if text else []
