"""What went wrong with Gemini in the original: any odd word on stderr ended the session."""

import pytest

from desktop.providers.base import Finished
from desktop.providers.gemini import GeminiTalk
from desktop.providers.gemini_problems import crash
from desktop.providers.talk import Place
from tests.providers.asking import a_request
from tests.providers.replayed import replay
from tests.providers.test_gemini import place

__all__ = ["place"]

WORDS = ("session expired", "invalid session", "resume failed", "session not found")


@pytest.mark.parametrize("words", WORDS)
def test_words_on_stderr_are_no_verdict_on_the_session(place: Place, words: str) -> None:
    played = replay(GeminiTalk(place), "gemini/turn.jsonl", a_request("안녕"), noise=True)
    (end,) = played.answered.of(Finished)
    assert isinstance(end, Finished)
    told = crash(1, f"warning: {words} for a tool nobody uses\n")
    assert told.code == "crashed", "only the exit and what the protocol says decide"
