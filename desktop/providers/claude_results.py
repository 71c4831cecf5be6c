"""What Claude Code says at the end of a turn, in our words: usage, stop reason, problem."""

import re

from desktop.protocol.base import UtcMs
from desktop.protocol.models import Usage
from desktop.protocol.problems import Problem, ProblemCode, problem
from desktop.providers.base import StopReason
from desktop.providers.json_lines import Fields, fields, number, text, whole
from desktop.providers.text import clean

_STOPS: dict[str, StopReason] = {
    "end_turn": "end",
    "stop_sequence": "end",
    "max_tokens": "max_tokens",
    "model_context_window_exceeded": "max_tokens",
    "refusal": "refusal",
}

# By the word Claude Code itself uses for an error, where the HTTP status says too little.
_BY_WORD: dict[str, ProblemCode] = {
    "authentication_failed": "key_refused",
    "authentication_error": "key_refused",
    "oauth_org_not_allowed": "key_refused",
    "permission_error": "key_refused",
    "billing_error": "quota",
    "rate_limit": "quota",
    "rate_limit_error": "quota",
    "overloaded": "overloaded",
    "overloaded_error": "overloaded",
    "model_not_found": "bad_model",
    "not_found_error": "bad_model",
    "connection_failed": "network",
    "timeout_error": "timed_out",
    "server_error": "network",
    "api_error": "network",
    "request_too_large": "too_long",
}

_BY_STATUS: dict[int, ProblemCode] = {
    401: "key_refused",
    402: "quota",
    403: "key_refused",
    404: "bad_model",
    408: "timed_out",
    413: "too_long",
    429: "quota",
    529: "overloaded",
}

_TOO_LONG = re.compile(
    r"(prompt|request|input) is too (long|large)|context (limit|window)", re.IGNORECASE
)
_NO_MONEY = re.compile(r"credit balance|usage limit|hit your .{0,20}limit", re.IGNORECASE)
_SIGN_IN = re.compile(r"not logged in|/login|claude auth login", re.IGNORECASE)
_RESETS = re.compile(r"\|(\d{10})\b")
"""``Claude AI usage limit reached|1735689600``: seconds since 1970."""


def stop_reason(name: str) -> StopReason:
    return _STOPS.get(name, "unknown")


def problem_of(result: Fields, said: Fields, resets_at: int) -> Problem:
    """``said`` is the assistant message that carried the error, ``resets_at`` a time in seconds."""
    detail = text(result.get("result")) or _first_error(result) or text(said.get("error"))
    status = whole(result.get("api_error_status") or said.get("api_error_status"))
    code = _code(status, _words(result, said), detail)
    if text(result.get("stop_reason")) == "refusal":
        code = "refused"
    resets = _RESETS.search(detail)
    seconds = int(resets[1]) if resets else resets_at
    return problem(
        code,
        detail=clean(detail),
        retry_at=UtcMs(seconds * 1000) if seconds and code == "quota" else None,
    )


def _code(status: int, words: list[str], detail: str) -> ProblemCode:
    if _SIGN_IN.search(detail):
        return "signed_out"
    if _TOO_LONG.search(detail):
        return "too_long"
    if _NO_MONEY.search(detail):
        return "quota"
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return "network"
    return next((_BY_WORD[word] for word in words if word in _BY_WORD), "crashed")


def _words(result: Fields, said: Fields) -> list[str]:
    names = ("api_error_type", "api_error", "error")
    return [text(source.get(name)) for source in (result, said) for name in names]


def _first_error(result: Fields) -> str:
    errors = result.get("errors")
    return text(errors[0]) if isinstance(errors, list) and errors else ""


def turn_usage(result: Fields, cost_before: float) -> Usage:
    """Usage of this turn alone.

    In a process of several turns ``modelUsage`` and ``total_cost_usd`` add up (``cost_before`` is
    what they had come to), ``model_usage_since_last_result`` does not; versions before 2.1.3 do
    not have it. ``usage`` is zero for an interrupted turn.
    """
    models = [fields(one) for one in fields(result.get("model_usage_since_last_result")).values()]
    all_models = [fields(one) for one in fields(result.get("modelUsage")).values()]
    window = max((whole(one.get("contextWindow")) for one in models or all_models), default=0)
    usage = fields(result.get("usage"))
    thinking = whole(fields(usage.get("output_tokens_details")).get("thinking_tokens"))
    if models:
        return Usage(
            input=_sum(models, "inputTokens"),
            cache_read=_sum(models, "cacheReadInputTokens"),
            cache_write=_sum(models, "cacheCreationInputTokens"),
            output=_sum(models, "outputTokens"),
            reasoning=_sum(models, "thinkingTokens") or thinking,
            cost_usd=sum(number(one.get("costUSD")) or 0.0 for one in models),
            context_window=window or None,
            source="reported",
        )
    total = number(result.get("total_cost_usd"))
    cost = None if total is None else max(0.0, total - cost_before)
    return message_usage(usage, cost=cost, window=window or None)


def message_usage(usage: Fields, *, cost: float | None = None, window: int | None = None) -> Usage:
    """From the API's own ``usage``; its ``input_tokens`` leave out both caches."""
    counts = [
        whole(usage.get(name))
        for name in (
            "input_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
            "output_tokens",
        )
    ]
    thinking = fields(usage.get("output_tokens_details")).get("thinking_tokens")
    return Usage(
        input=counts[0],
        cache_read=counts[1],
        cache_write=counts[2],
        output=counts[3],
        reasoning=whole(thinking),
        cost_usd=cost,
        context_window=window,
        source="reported" if any(counts) else "none",
    )


def _sum(models: list[Fields], name: str) -> int:
    return sum(whole(one.get(name)) for one in models)
