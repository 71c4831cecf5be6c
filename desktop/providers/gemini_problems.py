"""What Gemini CLI means when it says that something went wrong."""

import math
import re
import time
from typing import Any

import msgspec

from desktop.protocol.base import UtcMs
from desktop.protocol.problems import Problem, ProblemCode, problem
from desktop.providers.json_rpc import Message, part, words
from desktop.providers.text import clean

NOT_SIGNED_IN = -32000
_BY_STATUS: dict[int, ProblemCode] = {
    NOT_SIGNED_IN: "signed_out",
    401: "key_refused",
    403: "key_refused",
    404: "bad_model",
    413: "too_long",
    429: "quota",
    503: "overloaded",
    529: "overloaded",
}
_BY_WORDS: tuple[tuple[str, ProblemCode], ...] = (
    (r"api key not valid|API_KEY_INVALID|api key expired", "key_refused"),
    (r"token count.*exceeds|exceeds the maximum number of tokens", "too_long"),
    (r"ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|fetch failed", "network"),
    (r"terminated|ECONNRESET|socket hang up|premature close", "cut_off"),
    (r"overloaded|UNAVAILABLE|INTERNAL", "overloaded"),
)
_BY_EXIT: dict[int, ProblemCode] = {41: "signed_out", 52: "unsafe_setup", 55: "unsafe_setup"}
"""41: no sign-in; 52: settings it will not take; 55: the folder is not trusted."""


def refusal(error: Message, *, text_came: bool) -> Problem:
    """The problem in an error object of ACP: its code is an HTTP status or one of JSON-RPC."""
    status, told = error.get("code"), words(error, "message")
    inner = _inner(told)
    if isinstance(inner.get("code"), int):
        status = inner["code"]
    said = words(inner, "message") or told
    code = _code(status, told)
    if code == "cut_off" and not text_came:
        code = "network"
    return problem(code, detail=clean(said).strip(), retry_at=_retry_at(inner))


def crash(exit_code: int | None, stderr: str) -> Problem:
    """The problem in an end of the process nobody asked for."""
    code = _BY_EXIT.get(exit_code or 0, "crashed")
    lines = [line for line in stderr.splitlines() if line.strip()]
    return problem(code, exit_code=exit_code, detail=lines[-1] if lines else "")


def _code(status: Any, told: str) -> ProblemCode:
    if isinstance(status, int) and status in _BY_STATUS and not _unreached(status, told):
        return _BY_STATUS[status]
    for pattern, code in _BY_WORDS:
        if re.search(pattern, told, re.IGNORECASE):
            return code
    return "refused" if status == 400 else "crashed"


def _unreached(status: int, told: str) -> bool:
    """With a Google account, a missing network also looks like a missing sign-in."""
    pattern = next(pattern for pattern, code in _BY_WORDS if code == "network")
    return status == NOT_SIGNED_IN and re.search(pattern, told) is not None


def _inner(told: str) -> Message:
    """Google's own error, which comes as JSON in the message, sometimes behind a few words."""
    start = told.find("{")
    try:
        found = msgspec.json.decode(told[start:].encode()) if start >= 0 else {}
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return {}
    return part({"found": found}, "found", "error")


def _retry_at(inner: Message) -> UtcMs | None:
    details = inner.get("details")
    for detail in details if isinstance(details, list) else ():
        delay = detail.get("retryDelay") if isinstance(detail, dict) else None
        if isinstance(delay, str) and (found := re.fullmatch(r"(\d{1,6}(?:\.\d+)?)s", delay)):
            return UtcMs(math.ceil((time.time() + float(found[1])) * 1000))
    return None
