"""The Anthropic Messages API, as far as Claude Code uses it."""

import asyncio
import json
import uuid
from typing import Any

from aiohttp import web

from tests.emulator.scenarios import BEFORE_TOOL, STATUS, THOUGHT, Bait, Scenario
from tests.emulator.wire import Stream, hang

USAGE = {
    "input_tokens": 12,
    "cache_creation_input_tokens": 345,
    "cache_read_input_tokens": 6789,
    "output_tokens": 1,
    "service_tier": "standard",
}
OUTPUT_TOKENS = 42
_ERRORS = {
    400: ("invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
    401: ("authentication_error", "invalid x-api-key"),
    403: ("permission_error", "Your organization does not have access to Claude."),
    404: ("not_found_error", "model: no-such-model"),
    429: ("rate_limit_error", "This request would exceed your account's rate limit."),
    500: ("api_error", "Internal server error"),
    503: ("api_error", "Service unavailable"),
    529: ("overloaded_error", "Overloaded"),
}
Block = tuple[str, str, dict[str, str]]


async def answer(
    request: web.Request, scenario: Scenario, body: dict[str, Any], bait: Bait
) -> web.StreamResponse:
    if scenario.kind in STATUS:
        return _error(scenario)
    if scenario.kind == "hang":
        await hang()
    if scenario.kind == "maxtok" and "limit hit" in json.dumps(body.get("messages", [])):
        await asyncio.sleep(3)  # the CLI tells the model to go on: there is time to stop it
    blocks, stop = _blocks(scenario, body.get("messages", []), bait)
    message = {
        "id": "msg_emulated_" + uuid.uuid4().hex[:12],
        "type": "message",
        "role": "assistant",
        "model": body.get("model", ""),
        "stop_sequence": None,
    }
    if not body.get("stream"):
        whole = [_whole(block) for block in blocks if block[0] != "thinking"]
        usage = {**USAGE, "output_tokens": OUTPUT_TOKENS}
        return web.json_response({**message, "content": whole, "stop_reason": stop, "usage": usage})
    return await _stream(Stream(request, scenario), message, blocks, stop)


async def _stream(
    stream: Stream, message: dict[str, Any], blocks: list[Block], stop: str
) -> web.StreamResponse:
    async def send(kind: str, **fields: Any) -> None:
        await stream.send({"type": kind, **fields}, event=kind)

    await stream.open()
    begun = {**message, "content": [], "stop_reason": None, "usage": USAGE}
    await send("message_start", message=begun)
    await send("ping")
    for index, block in enumerate(blocks):
        await send("content_block_start", index=index, content_block=_opening(block))
        for delta in _deltas(block):
            if delta["type"] == "text_delta" and await stream.before_piece():
                error = {"type": "overloaded_error", "message": "Overloaded"}
                await send("error", error=error)
                return await stream.close()
            await send("content_block_delta", index=index, delta=delta)
        await send("content_block_stop", index=index)
    usage = {**USAGE, "output_tokens": OUTPUT_TOKENS}
    await send("message_delta", delta={"stop_reason": stop, "stop_sequence": None}, usage=usage)
    await send("message_stop")
    return await stream.close()


def _blocks(
    scenario: Scenario, messages: list[dict[str, Any]], bait: Bait
) -> tuple[list[Block], str]:
    users = [_flat(m["content"]) for m in messages if m["role"] == "user"]
    results = [part for m in messages for part in _parts(m) if part.get("type") == "tool_result"]
    if scenario.kind == "tool" and not results:
        name, given = bait.tool(scenario)
        return [("text", BEFORE_TOOL, {}), ("tool_use", name, given)], "tool_use"
    if scenario.kind == "tool":
        told = json.dumps(results[-1].get("content"), ensure_ascii=False)[:300]
        return [("text", f"[도구결과]: {told}\n", {})], "end_turn"
    text: Block = ("text", scenario.text(len(users), users[-1] if users else ""), {})
    if scenario.kind == "think":
        return [("thinking", THOUGHT, {}), text], "end_turn"
    stop = {"maxtok": "max_tokens", "refusal": "refusal"}.get(scenario.kind, "end_turn")
    return [text], stop


def _parts(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message["content"]
    return [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []


def _flat(content: str | list[dict[str, Any]]) -> str:
    if isinstance(content, str):
        return content
    return " ".join(part.get("text", "") for part in content if part.get("type") == "text")


def _opening(block: Block) -> dict[str, Any]:
    kind, value, _ = block
    if kind == "tool_use":
        return {"type": kind, "id": "toolu_" + uuid.uuid4().hex[:12], "name": value, "input": {}}
    return {"type": kind, kind: "", **({"signature": ""} if kind == "thinking" else {})}


def _deltas(block: Block) -> list[dict[str, Any]]:
    kind, value, given = block
    if kind == "tool_use":
        return [{"type": "input_json_delta", "partial_json": json.dumps(given)}]
    pieces = [value[at : at + 3] for at in range(0, len(value), 3)]
    deltas = [{"type": f"{kind}_delta", kind: piece} for piece in pieces]
    if kind == "thinking":
        deltas.append({"type": "signature_delta", "signature": "ZW11bA=="})
    return deltas


def _whole(block: Block) -> dict[str, Any]:
    kind, value, given = block
    if kind == "tool_use":
        return {"type": kind, "id": "toolu_1", "name": value, "input": given}
    return {"type": kind, "text": value}


def _error(scenario: Scenario) -> web.Response:
    code = STATUS[scenario.kind]
    kind, message = _ERRORS[code]
    if "toolong" in scenario.arguments:
        message = "prompt is too long: 210000 tokens > 200000 maximum"
    return web.json_response(
        {
            "type": "error",
            "error": {"type": kind, "message": message},
            "request_id": "req_emulated",
        },
        status=code,
        headers={"retry-after": "2"} if code == 429 else {},
    )
