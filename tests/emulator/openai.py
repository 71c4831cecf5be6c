"""The OpenAI chat completions API, as far as Droid uses it with a model of one's own."""

import json
import uuid
from typing import Any

from aiohttp import web

from tests.emulator.scenarios import BEFORE_TOOL, STATUS, Bait, Scenario
from tests.emulator.wire import Stream, hang

MODELS = ("emulated-large", "emulated-small")
USAGE = {
    "prompt_tokens": 7146,
    "completion_tokens": 87,
    "total_tokens": 7233,
    "prompt_tokens_details": {"cached_tokens": 6789},
    "completion_tokens_details": {"reasoning_tokens": 5},
}
_ERRORS = {
    401: ("Incorrect API key provided: dummy.", "invalid_request_error", "invalid_api_key"),
    404: ("The model does not exist", "invalid_request_error", "model_not_found"),
    429: ("Rate limit reached for requests", "rate_limit_exceeded", "rate_limit_exceeded"),
}


async def answer(
    request: web.Request, scenario: Scenario, body: dict[str, Any], bait: Bait
) -> web.StreamResponse:
    if scenario.kind in STATUS:
        return _error(scenario)
    if scenario.kind == "hang":
        await hang()
    messages = body.get("messages", [])
    text, tool = _reply(scenario, messages, bait)
    base = {
        "id": "chatcmpl-" + uuid.uuid4().hex[:8],
        "created": 0,
        "model": body.get("model", ""),
    }
    if not body.get("stream"):
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": "stop",
        }
        whole = {**base, "object": "chat.completion", "choices": [choice], "usage": USAGE}
        return web.json_response(whole)
    stream = Stream(request, scenario)
    base["object"] = "chat.completion.chunk"

    async def send(delta: dict[str, Any], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        await stream.send({**base, "choices": [choice]})

    await stream.open()
    await send({"role": "assistant", "content": ""})
    if scenario.kind == "think":
        await send({"reasoning_content": "인사하게 하자."})
    for at in range(0, len(text), 3):
        await stream.before_piece()
        await send({"content": text[at : at + 3]})
    if tool:
        await send({"tool_calls": [tool]})
    stop = "tool_calls" if tool else "length" if scenario.kind == "maxtok" else "stop"
    await send({}, "content_filter" if scenario.kind in {"refusal", "safety"} else stop)
    await stream.send({**base, "choices": [], "usage": USAGE})
    await stream.response.write(b"data: [DONE]\n\n")
    return await stream.close()


def _reply(
    scenario: Scenario, messages: list[dict[str, Any]], bait: Bait
) -> tuple[str, dict[str, Any] | None]:
    results = [m.get("content") for m in messages if m.get("role") == "tool"]
    if scenario.kind == "tool" and not results:
        name, given = bait.tool(scenario)
        function = {"name": name, "arguments": json.dumps(given)}
        return BEFORE_TOOL, {"index": 0, "id": "call_1", "type": "function", "function": function}
    if scenario.kind == "tool":
        return f"[도구결과]: {json.dumps(results[-1], ensure_ascii=False)[:300]}\n", None
    users = [m.get("content") for m in messages if m.get("role") == "user"]
    last = users[-1] if users else ""
    if isinstance(last, list):
        last = " ".join(part.get("text", "") for part in last)
    return scenario.text(len(users), last or ""), None


def _error(scenario: Scenario) -> web.Response:
    code = STATUS[scenario.kind]
    message, kind, name = _ERRORS.get(code, ("emulated error", "server_error", None))
    error = {"message": message, "type": kind, "param": None, "code": name}
    return web.json_response({"error": error}, status=code)
