"""The log: what went wrong and where, without a word of the story and without keys."""

import faulthandler
import logging
import re
import secrets
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO

MAX_BYTES = 1_000_000
KEPT_FILES = 3

_KEYS = re.compile(
    r"\b(?:sk|fk|pk|rk|xai|gsk|ghp|gho|hf)[-_][A-Za-z0-9_-]{8,}"
    r"|\bAIza[A-Za-z0-9_-]{20,}"
    r"|\bya29\.[A-Za-z0-9_.-]{10,}"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_.-]+"
)
_NAMED_KEYS = re.compile(
    r"(?i)((?:api[-_ ]?key|token|secret|password|authorization|authkey)[\"']?\s*[=:]\s*"
    r"(?:bearer\s+)?[\"']?|\bbearer\s+)[^\s\"',;&]+"
)
_TELLS_VALUES = (ValueError, LookupError)
"""Exceptions whose message repeats the value they stumbled over: it may be story text."""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

logger = logging.getLogger("desktop")


def redacted(text: str) -> str:
    """The text with everything that looks like a key taken out."""
    return _NAMED_KEYS.sub(r"\1[redacted]", _KEYS.sub("[redacted]", text))


class PrivateFormatter(logging.Formatter):
    """Frames instead of messages where an exception could repeat what somebody wrote."""

    def format(self, record: logging.LogRecord) -> str:
        # What another handler has formatted before hangs on the record, message and all.
        record.exc_text = None
        return redacted(super().format(record))

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's own name
        return described(ei[1]) if ei[1] else ""


def described(error: BaseException) -> str:
    """An exception and its causes: types and frames, and messages only where they are harmless."""
    parts: list[str] = []
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        frames = traceback.extract_tb(at.__traceback__)
        told = "(message left out)" if isinstance(at, _TELLS_VALUES) else str(at)[:300]
        parts.append(f"{type(at).__module__}.{type(at).__qualname__}: {told}")
        parts += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\n".join(parts)


def report_bug(error: BaseException, doing: str) -> str:
    """Write a bug to the log. Returns the id under which it is found there."""
    log_id = secrets.token_hex(4)
    logger.error("[%s] %s", log_id, doing, exc_info=error)
    return log_id


def start(folder: Path, *, to_terminal: bool = False) -> None:
    """Log into ``folder`` from now on, also what kills the interpreter or ends a thread."""
    handlers: list[logging.Handler] = [
        RotatingFileHandler(
            folder / "persona-chat.log",
            maxBytes=MAX_BYTES,
            backupCount=KEPT_FILES,
            encoding="utf-8",
        )
    ]
    if to_terminal:
        handlers.append(logging.StreamHandler())
    for handler in handlers:
        handler.setFormatter(
            PrivateFormatter("%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s")
        )
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(logging.WARNING)
    logger.setLevel(logging.INFO)
    # Without a handler here pywebview brings its own, which writes to stderr.
    webview = logging.getLogger("pywebview")
    webview.handlers[:] = [logging.NullHandler()]
    webview.addFilter(_hide_calls)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    faulthandler.enable(_crash_file(folder))


def _hide_calls(record: logging.LogRecord) -> bool:
    """pywebview logs whole scripts when a result cannot be read; they hold the story."""
    return not record.getMessage().startswith(("Failed to parse JSON", "Error while processing"))


_crash_files: list[IO[str]] = []
"""Kept open: faulthandler writes to the file's number when the interpreter dies."""


def _crash_file(folder: Path) -> IO[str]:
    file = (folder / "crash.log").open("a", encoding="utf-8")
    _crash_files.append(file)
    return file


def _uncaught(
    kind: type[BaseException], error: BaseException, _where: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log_id = report_bug(error, "uncaught")
    if sys.stderr:
        sys.stderr.write(f"Persona Chat stopped: {kind.__name__}. See the log, {log_id}.\n")


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        report_bug(args.exc_value, f"uncaught in {args.thread.name if args.thread else '?'}")
