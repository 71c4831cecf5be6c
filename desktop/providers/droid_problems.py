"""What Droid means when it says that something went wrong."""

import re

from desktop.protocol.problems import Problem, ProblemCode, problem
from desktop.providers.text import clean

_BY_REASON: dict[str, ProblemCode] = {
    "model_authentication_failed": "key_refused",
    "model_rate_limited": "quota",
    "model_usage_exhausted": "quota",
    "model_provider_unreachable": "network",
    "model_provider_unavailable": "overloaded",
    "process_exit": "crashed",
}
_BY_STATUS: dict[str, ProblemCode] = {
    "401": "key_refused",
    "403": "key_refused",
    "402": "quota",
    "404": "bad_model",
    "413": "too_long",
    "429": "quota",
    "500": "overloaded",
    "503": "overloaded",
    "529": "overloaded",
}
_BY_WORDS: tuple[tuple[str, ProblemCode], ...] = (
    (r"prompt is too long|context (length|window)|maximum context", "too_long"),
    (r"credit balance|insufficient|quota", "quota"),
    (r"unknown model|invalid model|model.{0,80}(not found|not available|not exist)", "bad_model"),
    (r"unable to connect|ECONNREFUSED|ENOTFOUND|getaddrinfo|fetch failed", "network"),
    (r"closed unexpectedly|ECONNRESET|terminated|socket", "cut_off"),
    (r"overloaded", "overloaded"),
)
_SIGN_IN = re.compile(
    r"please log in|authentication failed|valid FACTORY_API_KEY|not logged in|no access token",
    re.IGNORECASE,
)


def turn_failed(reason: str, told: str, *, text_came: bool) -> Problem:
    """The problem in a turn that ended for ``reason``; ``told`` is the last error message."""
    if _SIGN_IN.search(told):
        return problem("signed_out", detail=_detail(told))
    code = _by_words(told) or _BY_REASON.get(reason, "crashed")
    if code == "cut_off" and not text_came:
        code = "network"
    return problem(code, detail=_detail(told) or reason)


def start_failed(told: str) -> Problem:
    """The problem in a session that was refused."""
    if _SIGN_IN.search(told):
        return problem("signed_out", detail=_detail(told))
    return problem(_by_words(told) or "crashed", detail=_detail(told))


def crash(exit_code: int | None, stderr: str) -> Problem:
    """The problem in an end of the process nobody asked for."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    code: ProblemCode = "signed_out" if _SIGN_IN.search(stderr) else "crashed"
    return problem(code, exit_code=exit_code, detail=_detail(lines[-1]) if lines else "")


def _by_words(told: str) -> ProblemCode | None:
    for pattern, code in _BY_WORDS:
        if re.search(pattern, told, re.IGNORECASE):
            return code
    status = re.match(r"\s*(\d{3})\b", told)
    return _BY_STATUS.get(status[1]) if status else None


def _detail(told: str) -> str:
    found = re.search(r'"message"\s*:\s*"((?:[^"\\]|\\.)*)"', told)
    return clean(found[1] if found else told).strip()
