"""What the tests of OpenAI-compatible servers share: a server on loopback and what it says."""

from typing import Any

from desktop.providers.openai_compatible import OpenAiCompatible
from desktop.providers.openai_servers import PRESETS
from tests.providers.direct_server import (
    STORY,
    DirectServer,
    sse,
)

NOW = 1_700_000_000_000
CHAT = "/v1/chat/completions"
DONE = b"data: [DONE]\n\n"


def chunk(text: str = "", reason: str | None = None, **said: Any) -> dict[str, Any]:
    delta = {"content": text, **said} if text else said
    return {
        "id": "chat-1",
        "model": "a-model",
        "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
    }


def told(
    text: str = STORY, reason: str = "stop", usage: dict[str, Any] | None = None
) -> list[bytes]:
    pieces = [chunk(text[i : i + 3]) for i in range(0, len(text), 3)]
    counted = [{"id": "chat-1", "choices": [], "usage": usage}] if usage else []
    return [*sse(chunk(role="assistant"), *pieces, chunk(reason=reason), *counted), DONE]


def server_at(
    server: DirectServer, preset: str = "vllm", base_url: str = "", **options: Any
) -> OpenAiCompatible:
    url = base_url or f"{server.url}/v1"
    return OpenAiCompatible("local", PRESETS[preset], lambda: NOW, base_url=url, **options)
