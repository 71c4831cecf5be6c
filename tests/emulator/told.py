"""What an answer has told of its usage so far: the emulation's own count, vendor by vendor."""

from collections.abc import Iterable
from typing import Any

Count = dict[str, int]
KINDS = ("input", "cache_read", "cache_write", "output")


def told_in(body: dict[str, Any]) -> Count:
    """The part of the count that one event tells; a later event of an answer wins."""
    if body.get("type") == "message_start":
        usage = body["message"]["usage"]
        return {
            "input": usage["input_tokens"],
            "cache_read": usage["cache_read_input_tokens"],
            "cache_write": usage["cache_creation_input_tokens"],
        }
    if body.get("type") == "message_delta":
        return {"output": body["usage"]["output_tokens"]}
    if usage := body.get("usageMetadata"):
        return {"input": usage["promptTokenCount"], "output": usage["candidatesTokenCount"]}
    if usage := body.get("usage"):
        cached = usage["prompt_tokens_details"]["cached_tokens"]
        return {
            "input": usage["prompt_tokens"] - cached,
            "cache_read": cached,
            "output": usage["completion_tokens"],
        }
    return {}


def sum_of(counts: Iterable[Count]) -> Count:
    """All kinds, 0 where nothing was told."""
    together = dict.fromkeys(KINDS, 0)
    for count in counts:
        for kind, tokens in count.items():
            together[kind] += tokens
    return together
