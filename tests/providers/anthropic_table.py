"""What the tests of the Messages API share: a server on loopback and what it says."""

from typing import Any

from desktop.providers.anthropic_api import AnthropicApi
from tests.providers.direct_server import (
    STORY,
    DirectServer,
    sse,
    the_key,
)

NOW = 1_700_000_000_000
MESSAGES = "/v1/messages"
USAGE = {
    "input_tokens": 12,
    "cache_creation_input_tokens": 345,
    "cache_read_input_tokens": 6789,
    "output_tokens": 1,
}


def delta(text: str) -> dict[str, Any]:
    return {"type": "content_block_delta", "delta": {"type": "text_delta", "text": text}}


def message(*inner: dict[str, Any], stop: str = "end_turn", output: int = 42) -> list[bytes]:
    start = {"id": "msg_1", "model": "claude-a", "usage": USAGE}
    return sse(
        {"type": "message_start", "message": start},
        {"type": "ping"},
        *inner,
        {
            "type": "message_delta",
            "delta": {"stop_reason": stop},
            "usage": {**USAGE, "output_tokens": output},
        },
        {"type": "message_stop"},
        event=True,
    )


def told(text: str = STORY, **options: Any) -> list[bytes]:
    return message(*(delta(text[i : i + 3]) for i in range(0, len(text), 3)), **options)


def api(server: DirectServer, **options: Any) -> AnthropicApi:
    return AnthropicApi(the_key, server.url, lambda: NOW, **options)
