"""Everything that can go wrong and be said. A problem has a code and fields, never a sentence.

Problem
  about the AI      not_installed · signed_out · key_refused · quota · overloaded · network
                    timed_out · cut_off · bad_model · too_long · refused · crashed · unreadable
                    unsafe_setup
  about the request invalid_request · not_found · busy · nothing_to_say · bad_file
  about the lock    locked · wrong_password (``retry_at``: nothing is tried before; ``detail``: how
                    many more may be tried at once)
  about the machine no_keyring · storage_full · storage_failed · damaged · newer_data
                    bug
"""

from typing import Any, Literal

from desktop.protocol.base import DurationMs, Frozen, UtcMs

ProblemCode = Literal[
    "not_installed",
    "signed_out",
    "key_refused",
    "quota",
    "overloaded",
    "network",
    "timed_out",
    "cut_off",
    "bad_model",
    "too_long",
    "refused",
    "crashed",
    "unreadable",
    "unsafe_setup",
    "invalid_request",
    "not_found",
    "busy",
    "nothing_to_say",
    "bad_file",
    "locked",
    "wrong_password",
    "no_keyring",
    "storage_full",
    "storage_failed",
    "damaged",
    "newer_data",
    "bug",
]

WayOn = Literal[
    "retry", "install", "sign_in", "change_model", "change_provider", "wait", "shorten", "none"
]
"""The one action the page offers first."""


class Problem(Frozen, kw_only=True):
    """What went wrong, in fields the page can put into words of its own language."""

    code: ProblemCode
    provider: str = ""
    ways_on: tuple[WayOn, ...] = ()
    detail: str = ""
    """What the provider said itself, cleaned and cut to 500 characters; may be empty."""
    field: str = ""
    """The path of the parameter that was refused."""
    waited_ms: DurationMs | None = None
    retry_at: UtcMs | None = None
    """When the provider says a limit is lifted."""
    exit_code: int | None = None
    log_id: str = ""
    """Names the lines in the log that belong to this problem."""


WAYS_ON: dict[ProblemCode, tuple[WayOn, ...]] = {
    "not_installed": ("install", "change_provider"),
    "signed_out": ("sign_in", "change_provider"),
    "key_refused": ("sign_in", "change_provider"),
    "quota": ("wait", "change_provider"),
    "overloaded": ("retry", "change_provider"),
    "network": ("retry",),
    "timed_out": ("retry", "change_provider"),
    "cut_off": ("retry",),
    "bad_model": ("change_model",),
    "too_long": ("shorten", "change_model"),
    "refused": ("retry", "change_provider"),
    "crashed": ("retry", "change_provider"),
    "unreadable": ("retry", "change_provider"),
    "unsafe_setup": ("change_provider",),
}


def problem(code: ProblemCode, /, **fields: Any) -> Problem:
    """A problem with the usual ways on for its code, unless ``ways_on`` says otherwise."""
    fields.setdefault("ways_on", WAYS_ON.get(code, ()))
    fields["detail"] = str(fields.get("detail", ""))[:500]
    return Problem(code=code, **fields)


class Trouble(Exception):
    """Carries a problem to the edge; the only exception services raise on purpose."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem
