"""Two voices of one room at a real CLI: each has a process and hears only its own news."""

import pytest

from desktop.providers.base import Started
from tests.providers.asking import Answered, ask
from tests.providers.test_lanes_cli import settled, warm  # noqa: F401
from tests.providers.warm import Warm, asked

pytestmark = pytest.mark.cli
NAME = "claude"


def session_of(answered: Answered) -> str:
    return [one.session for one in answered.of(Started) if isinstance(one, Started)][-1]


async def test_each_voice_is_told_only_its_own_news(warm: Warm) -> None:  # noqa: F811
    provider = warm.provider(NAME, "inst", "r")
    told: dict[str, list[str]] = {"haru": [], "nabi": []}
    sessions = {"haru": "", "nabi": ""}
    for number in range(3):
        for voice, heard in told.items():
            news = f"{voice}만 듣는 말 {number}."
            request = asked(
                NAME,
                news,
                voice=voice,
                system=f"당신은 {voice}입니다.",
                retain=True,
                session=sessions[voice],
                news=news,
            )
            answered = await ask(provider, request)
            assert answered.stop == "end"
            sessions[voice] = session_of(answered)
            await settled(provider)
            heard.append(news)
            raw = warm.emulator.generations("r")[-1].raw
            other = "nabi" if voice == "haru" else "haru"
            assert all(raw.count(one) == 1 for one in heard)
            assert other not in raw
    assert sessions["haru"] != sessions["nabi"]
    assert len(warm.pool.idle) == 2
