"""Read the lists of models that servers tell, whatever they call the fields. Pure."""

from typing import Any, overload

from desktop.protocol.capabilities import Model
from desktop.providers.text import clean

_MOST = 5_000
_LONGEST = 200
_WINDOWS = (
    "loaded_context_length",  # LM Studio: what runs now, before what would be possible
    "context_length",  # OpenRouter
    "max_model_len",  # vLLM
    "max_context_length",  # LM Studio
    "context_window",  # Groq
    "max_input_tokens",
)
_NO_CHAT = ("embed", "whisper", "dall-e", "imagen", "tts-", "-tts", "moderation", "rerank")


def rows(document: Any, name: str) -> list[dict[str, Any]]:
    """The rows under ``name`` that have a usable ``id`` (Ollama says ``name``)."""
    told = document.get(name) if isinstance(document, dict) else None
    found: list[dict[str, Any]] = []
    for row in (told if isinstance(told, list) else [])[:_MOST]:
        if isinstance(row, dict):
            named = row.get("id", row.get("name"))
            if isinstance(named, str) and 0 < len(named) <= _LONGEST and clean(named) == named:
                found.append({**row, "id": named})
    return found


def chat_models(document: Any, name: str = "data") -> tuple[Model, ...]:
    """The models one can talk with, in the server's order."""
    return tuple(
        Model(id=row["id"], label=label(row.get("name"), row["id"]), context_window=window(row))
        for row in rows(document, name)
        if not any(word in row["id"].lower() for word in _NO_CHAT)
    )


def window(row: dict[str, Any]) -> int | None:
    """The context window in tokens, where a row tells it."""
    return next((found for name in _WINDOWS if (found := count(row.get(name)))), None)


def label(told: Any, fallback: str) -> str:
    """A name fit to be shown, on one line."""
    text = " ".join(clean(told).split()) if isinstance(told, str) else ""
    return (text or fallback.removeprefix("models/"))[:_LONGEST]


@overload
def count(told: Any) -> int | None: ...
@overload
def count(told: Any, otherwise: int) -> int: ...
def count(told: Any, otherwise: int | None = None) -> int | None:
    """A whole number of tokens, or ``otherwise`` for anything that is none."""
    good = isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 10**12
    return told if good else otherwise
