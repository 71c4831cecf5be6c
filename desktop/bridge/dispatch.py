"""From a name and unchecked parameters to an answer: the only gate between page and services."""

import asyncio
import logging
import re
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import CancelledError
from typing import Any, Protocol, TypeVar

import msgspec

from desktop.bridge.event_loop import LoopStopped
from desktop.protocol.base import Frozen
from desktop.protocol.methods import METHODS, Answer
from desktop.protocol.problems import Problem, Trouble, problem

P = TypeVar("P", bound=Frozen)

Handler = Callable[[Any], Awaitable[Frozen]]
"""Takes the parameters of its method as a struct, gives its result, raises ``Trouble``."""

ReportBug = Callable[[BaseException, str], str]
"""Writes an exception and what was being done to the log; returns the log id."""

MAX_PARAMS_BYTES = 4_000_000
MAX_CALLS = 32
MAX_WAIT_S = 2.0

logger = logging.getLogger(__name__)


class Runs(Protocol):
    """Does a coroutine on the loop and waits for it."""

    def call(self, coroutine: Coroutine[Any, Any, Answer], /) -> Answer: ...


class Dispatcher:
    """``answer`` never raises and always answers: a promise of the page always settles."""

    def __init__(self, handlers: Mapping[str, Handler], loop: Runs, report_bug: ReportBug) -> None:
        self._handlers = handlers
        self._loop = loop
        self._report_bug = report_bug
        self._room = threading.BoundedSemaphore(MAX_CALLS)

    def answer(self, name: object, params: object) -> Answer:
        """Check, run and answer one call; from any thread but the loop's."""
        # The page opens a thread per call without any limit.
        if not self._room.acquire(timeout=MAX_WAIT_S):
            return Answer(problem=problem("busy"))
        try:
            return self._answer(name, params)
        except (CancelledError, asyncio.CancelledError, LoopStopped):
            return Answer(problem=problem("busy"))
        except BaseException as bug:  # noqa: BLE001 - an unsettled promise hangs the page
            return Answer(problem=self._bug(bug, name))
        finally:
            self._room.release()

    def _answer(self, name: object, params: object) -> Answer:
        method = METHODS.get(name) if isinstance(name, str) else None
        if method is None:
            return Answer(problem=problem("invalid_request", field="method"))
        try:
            decoded = decode(params, method.params)
        except Trouble as trouble:
            return Answer(problem=trouble.problem)
        return self._loop.call(self._run(str(name), decoded))

    async def _run(self, name: str, params: Frozen) -> Answer:
        try:
            return Answer(result=msgspec.to_builtins(await self._handlers[name](params)))
        except Trouble as trouble:
            return Answer(problem=trouble.problem)
        except (KeyboardInterrupt, SystemExit) as bug:
            # Either would stop the loop itself and leave every other promise open.
            return Answer(problem=self._bug(bug, name))

    def _bug(self, bug: BaseException, name: object) -> Problem:
        known = name if isinstance(name, str) and name in METHODS else "an unknown method"
        return problem("bug", log_id=self._report_bug(bug, f"while answering {known}"))


def decode(params: object, into: type[P]) -> P:
    """The parameters as a struct. Raises ``Trouble(invalid_request)`` naming the field."""
    try:
        raw = msgspec.json.encode(params)
    except UnicodeEncodeError:
        raw = msgspec.json.encode(_without_lone_surrogates(params))
    except (TypeError, ValueError, RecursionError) as error:
        raise Trouble(problem("invalid_request", field="params")) from error
    if len(raw) > MAX_PARAMS_BYTES:
        raise Trouble(problem("invalid_request", field="params"))
    try:
        return msgspec.json.decode(raw, type=into)
    except msgspec.ValidationError as error:
        raise Trouble(problem("invalid_request", field=_field(str(error)))) from error


def _without_lone_surrogates(value: Any) -> Any:
    """Half a character pair, as a page can make it by cutting a text, becomes U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_without_lone_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {
            _without_lone_surrogates(key): _without_lone_surrogates(item)
            for key, item in value.items()
        }
    return value


def _field(message: str) -> str:
    """The path in msgspec's message: ``… field `x` - at `$.stage``` gives ``stage.x``."""
    where = re.search(r"at `(?:key in )?\$\.?([^`]*)`$", message)
    inner = re.match(r"Object (?:missing required|contains unknown) field `([^`]*)`", message)
    parts = [where.group(1) if where else "", inner.group(1) if inner else ""]
    return ".".join(part for part in parts if part)[:200] or "params"
