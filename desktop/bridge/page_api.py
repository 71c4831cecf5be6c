"""The one object the page can reach, with its one public method."""

from collections.abc import Callable
from typing import Any

import msgspec

from desktop.bridge.dispatch import Dispatcher
from desktop.protocol.methods import Answer
from desktop.protocol.problems import problem


class PageApi:
    """Exposed to the page, which may call every public name on it and on what it holds.

    pywebview walks the object recursively, so nothing but ``call`` may lack an underscore.
    """

    __slots__ = ("_at_home", "_dispatcher")

    def __init__(self, dispatcher: Dispatcher, at_home: Callable[[], bool]) -> None:
        self._dispatcher = dispatcher
        self._at_home = at_home

    def call(self, name: object = None, params: object = None) -> Any:
        """Answer one call with the JSON form of ``protocol.methods.Answer``.

        pywebview puts its bridge into whatever page is shown, so a page that is not ours is
        refused before anything is looked at.
        """
        try:
            if not self._at_home():
                return _json(Answer(problem=problem("invalid_request", field="page")))
            return _json(self._dispatcher.answer(name, {} if params is None else params))
        except BaseException:  # noqa: BLE001 - what gets out shows the page a traceback, or hangs it
            return _json(Answer(problem=problem("bug")))


def _json(answer: Answer) -> Any:
    return msgspec.to_builtins(answer)
