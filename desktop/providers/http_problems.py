"""What a vendor's refusal means: status, headers and body in, one typed problem out. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from desktop.protocol.base import UtcMs
from desktop.protocol.problems import Problem, ProblemCode, problem
from desktop.providers.text import clean

_FAR_MS = 31 * 24 * 3_600_000
"""A limit that is said to be lifted later than this is a misreading of ours."""

# Compiled when first used, which on most days is never.
_TOO_LONG = (
    r"prompt is too long|context[ _-]?(length|window|size|limit)|maximum context|"
    r"too many (input )?tokens|exceed_context|input is too long|token count .*exceeds|"
    r"request_too_large|exceeds? the (available )?context|longer than the model'?s context"
)
_KEY = (
    r"api[_ -]?key[_ ](not[_ ]valid|invalid)|(invalid|incorrect)[_ ](x-)?api[_ -]?key|"
    r"authentication_error|unauthenticated|permission_(error|denied)|no auth credentials"
)
_QUOTA = (
    r"credit balance|insufficient[_ ](quota|credits|balance|funds)|rate[_ -]?limit|"
    r"exceeded your current quota|resource_exhausted|billing|payment required|too many requests"
)
_MODEL = (
    r"model[_ ]not[_ ]found|not a valid model|invalid model|no such model|unknown model|"
    r"model\b.{0,120}\b(not found|does not exist|is not supported|not available)|"
    r"not_found_error|no models? loaded"
)
_REFUSED = r"moderation|flagged|content[_ ](policy|filter)|safety"
_OVERLOADED = (
    r"overloaded|api_error|server_error|unavailable|internal|loading model|timeout|capacity"
)
_KEY_SHAPE = r"\b(sk-|AIza|gsk_|xai-|hf_|Bearer )[\w.~+/=-]{8,}"
_DURATION = r"(\d+(?:\.\d+)?)(ms|h|m|s)"
_UNIT_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}


def refusal(
    provider: str,
    status: int | None,
    body: bytes,
    *,
    headers: Mapping[str, str] | None = None,
    now_ms: int,
    secrets: tuple[str, ...] = (),
) -> Problem:
    """``status`` is ``None`` for an error told inside a stream that had begun well.

    ``headers`` have lower-case names. No secret, and nothing that looks like one, is in the
    problem's ``detail``.
    """
    told = _told(body)
    status = told.status if status is None else status
    code = _code(status, f"{told.kind} {told.message}")
    retry_at = None
    if code in ("quota", "overloaded"):
        retry_at = _retry_at(headers or {}, body, now_ms)
    return problem(
        code,
        provider=provider,
        detail=without_secrets(clean(told.message), secrets),
        retry_at=retry_at,
    )


def without_secrets(text: str, secrets: tuple[str, ...]) -> str:
    """The text with every secret, and what looks like a key, blotted out."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "•••")
    return re.sub(_KEY_SHAPE, "•••", text)


class _Told(msgspec.Struct, frozen=True):
    message: str
    kind: str
    status: int | None


def _told(body: bytes) -> _Told:
    """All shapes seen: ``{"error": {…}}``, ``{"error": "…"}``, Gemini's list of one, plain text."""
    try:
        found: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = body.decode("utf-8", "replace").strip()
        return _Told("" if text.startswith("<") else text, "", None)
    if isinstance(found, list):
        found = found[0] if found else {}
    error = found.get("error", found) if isinstance(found, dict) else found
    if isinstance(error, str):
        return _Told(error, "", None)
    if not isinstance(error, dict):
        return _Told("", "", None)
    code = error.get("code")
    number = code if isinstance(code, int) and 400 <= code < 600 else None
    kind = " ".join(str(error.get(name) or "") for name in ("type", "code", "status"))
    return _Told(str(error.get("message") or error.get("detail") or ""), kind, number)


_BY_STATUS: dict[int | None, ProblemCode] = {
    401: "key_refused",
    402: "quota",
    403: "key_refused",
    404: "bad_model",
    413: "too_long",
    429: "quota",
}


def _code(status: int | None, text: str) -> ProblemCode:
    if status == 403 and _says(_REFUSED, text):
        return "refused"
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if _says(_TOO_LONG, text):
        return "too_long"
    if status is not None and (status >= 500 or status == 408):
        return "overloaded"
    for pattern, code in _BY_WORDS:
        if _says(pattern, text):
            return code
    if status is not None:
        return "invalid_request"
    return "overloaded" if _says(_OVERLOADED, text) else "crashed"


def _says(words: str, text: str) -> bool:
    return re.search(words, text, re.IGNORECASE | re.DOTALL) is not None


_BY_WORDS: tuple[tuple[str, ProblemCode], ...] = (
    (_KEY, "key_refused"),
    (_QUOTA, "quota"),
    (_MODEL, "bad_model"),
    (_REFUSED, "refused"),
)


def _retry_at(headers: Mapping[str, str], body: bytes, now_ms: int) -> UtcMs | None:
    """The vendor's own hint, the most exact one first."""
    hints = (
        _number(headers.get("retry-after-ms"), 1),
        _number(headers.get("retry-after"), 1_000),
        _until_date(headers.get("retry-after"), now_ms),
        _gemini_delay(body),
        _until_moment(headers.get("anthropic-ratelimit-unified-reset"), now_ms),
        _until_moment(headers.get("x-ratelimit-reset"), now_ms),
        _duration(headers.get("x-ratelimit-reset-requests")),
        _duration(headers.get("x-ratelimit-reset-tokens")),
    )
    wait = next((hint for hint in hints if hint is not None and 0 <= hint <= _FAR_MS), None)
    return None if wait is None else UtcMs(now_ms + wait)


def _number(text: str | None, unit_ms: int) -> int | None:
    try:
        return int(float(text or "") * unit_ms)
    except (ValueError, OverflowError):
        return None


def _until_date(text: str | None, now_ms: int) -> int | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  # slow to load, rarely needed

    try:
        return int(parsedate_to_datetime(text or "").timestamp() * 1_000) - now_ms
    except (ValueError, TypeError, OverflowError):
        return None


def _until_moment(text: str | None, now_ms: int) -> int | None:
    """Seconds or milliseconds since 1970, or an RFC 3339 time."""
    number = _number(text, 1)
    if number is not None:
        return (number if number > 10**11 else number * 1_000) - now_ms
    try:
        return int(datetime.fromisoformat(text or "").timestamp() * 1_000) - now_ms
    except (ValueError, OverflowError):
        return None


def _duration(text: str | None) -> int | None:
    """OpenAI's ``6m0s``, Gemini's ``2s``."""
    parts = re.findall(_DURATION, text or "")
    return int(sum(float(count) * _UNIT_MS[unit] for count, unit in parts)) if parts else None


def _gemini_delay(body: bytes) -> int | None:
    found = re.search(rb'"retryDelay"\s*:\s*"([\d.a-z]{1,20})"', body)
    return _duration(found.group(1).decode()) if found else None
