"""Google's generateContent API, as far as Gemini CLI uses it."""

import json
from typing import Any

from aiohttp import web

from tests.emulator.scenarios import BEFORE_TOOL, KO, STATUS, Bait, Scenario
from tests.emulator.wire import Stream, hang

USAGE = {
    "promptTokenCount": 7146,
    "candidatesTokenCount": 87,
    "totalTokenCount": 7233,
    "cachedContentTokenCount": 6789,
    "thoughtsTokenCount": 5,
}
_STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    529: "UNAVAILABLE",
}
_MESSAGES = {
    400: "API key not valid. Please pass a valid API key.",
    429: "You exceeded your current quota, please check your plan and billing details.",
    503: "The model is overloaded. Please try again later.",
}
_DETAILS = {
    400: {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
    },
    429: {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2s"},
}


async def answer(
    request: web.Request,
    scenario: Scenario,
    body: dict[str, Any],
    bait: Bait,
    *,
    model: str,
    method: str,
) -> web.StreamResponse:
    if method == "countTokens":
        return web.json_response({"totalTokens": 123})
    if method == "embedContent":
        return web.json_response({"embedding": {"values": [0.0] * 8}})
    if scenario.kind in STATUS:
        return _error(scenario)
    if scenario.kind == "hang":
        await hang()
    wanted = _wanted_shape(body)
    if wanted:  # a question the CLI asks for itself, such as which model to take
        return web.json_response(_chunk(model, [{"text": json.dumps(wanted)}], "STOP"))
    chunks = _chunks(scenario, body.get("contents", []), bait, model)
    if method == "generateContent":
        text = "".join(_texts(chunks))
        return web.json_response(_chunk(model, [{"text": text}], "STOP"))
    stream = Stream(request, scenario)
    await stream.open()
    for chunk in chunks:
        await stream.before_piece()
        await stream.send(chunk, end="\r\n")
    return await stream.close()


def _chunks(
    scenario: Scenario, contents: list[dict[str, Any]], bait: Bait, model: str
) -> list[dict[str, Any]]:
    users = [c for c in contents if c.get("role", "user") == "user"]
    last = " ".join(part.get("text", "") for part in (users[-1]["parts"] if users else []))
    results = [
        part["functionResponse"]
        for content in contents
        for part in content.get("parts", [])
        if "functionResponse" in part
    ]
    match scenario.kind:
        case "tool" if not results:
            name, given = bait.tool(scenario)
            call = {"functionCall": {"name": name, "args": given, "id": "fc1"}}
            return [_chunk(model, [{"text": BEFORE_TOOL}]), _chunk(model, [call], "STOP")]
        case "tool":
            told = json.dumps(results[-1], ensure_ascii=False)[:300]
            return [_chunk(model, [{"text": f"[도구결과]: {told}\n"}], "STOP")]
        case "maxtok":
            return [_chunk(model, [{"text": KO[:40]}], "MAX_TOKENS")]
        case "refusal":
            blocked = {"blockReason": "PROHIBITED_CONTENT"}
            return [{"promptFeedback": blocked, "usageMetadata": USAGE, "modelVersion": model}]
        case "safety":
            return [_chunk(model, [{"text": KO[:20]}]), _chunk(model, [], "SAFETY")]
    pieces = scenario.pieces(len(users), last) or [""]
    thought = [{"text": "**생각** 인사하자", "thought": True}]
    return [
        *([_chunk(model, thought)] if scenario.kind == "think" else []),
        *(_chunk(model, [{"text": piece}]) for piece in pieces[:-1]),
        _chunk(model, [{"text": pieces[-1]}], "STOP"),
    ]


def _chunk(model: str, parts: list[dict[str, Any]], finish: str = "") -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": parts}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    usage = {"usageMetadata": USAGE} if finish else {}
    return {"candidates": [candidate], "modelVersion": model, "responseId": "emulated", **usage}


def _texts(chunks: list[dict[str, Any]]) -> list[str]:
    return [
        part.get("text", "")
        for chunk in chunks
        for candidate in chunk.get("candidates", [])
        for part in candidate.get("content", {}).get("parts", [])
        if not part.get("thought")
    ]


def _wanted_shape(body: dict[str, Any]) -> dict[str, Any]:
    config = body.get("generationConfig") or {}
    schema = config.get("responseJsonSchema") or config.get("responseSchema") or {}
    return {name: _any_value(given) for name, given in (schema.get("properties") or {}).items()}


def _any_value(schema: dict[str, Any]) -> Any:
    kind = str(schema.get("type", "")).lower()
    if kind == "boolean":
        return False
    return (schema.get("enum") or ["x" if kind == "string" else 1])[0]


def _error(scenario: Scenario) -> web.Response:
    code = STATUS[scenario.kind]
    error = {
        "code": code,
        "message": _MESSAGES.get(code, "emulated error"),
        "status": _STATUS_NAMES[code],
        "details": [_DETAILS[code]] if code in _DETAILS else [],
    }
    return web.json_response({"error": error}, status=code)
