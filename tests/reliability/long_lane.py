"""Many turns on one warm lane: no text lost or doubled, memory flat, no zombie."""

import asyncio
import statistics

from desktop.providers.base import Started
from desktop.providers.lanes import Lane
from tests.emulator.scenarios import KO
from tests.providers.asking import Answered, ask
from tests.providers.warm import Warm, asked
from tests.reliability._home import run

MB = 1024 * 1024


def session_of(answered: Answered) -> str:
    return [one.session for one in answered.events if isinstance(one, Started)][-1]


def idle(warm: Warm) -> Lane:
    [lane] = warm.pool.idle
    return lane


async def long_lane(warm: Warm, name: str, turns: int) -> str:
    """Raises ``AssertionError`` for a word too many or too few, or a conversation that was lost.

    Gemini's process is renewed at fifty turns: its conversation then begins anew, with the whole
    story, and that is counted.
    """
    provider = warm.provider(name, "ko", "r")
    session, renewed, memory, pids = "", 0, [], []
    for number in range(turns):
        told = {"session": session, "news": f"새 말 {number}."} if session else {}
        answered = await ask(provider, asked(name, f"온 말 {number}.", retain=True, **told))
        assert answered.text == KO, (number, answered.text)
        assert answered.stop == "end", (number, answered.events[-1])
        now = session_of(answered)
        renewed += bool(session) and now != session
        sent = warm.emulator.generations("r")
        assert len(sent) == number + 1, (number, len(sent))
        expected = f"새 말 {number}." if now == session else f"온 말 {number}."
        assert sent[-1].raw.count(expected) == 1, number
        sent[-1].body, sent[-1].raw = {}, ""
        session = now
        while provider._ahead:
            await asyncio.gather(*provider._ahead)
        lane = idle(warm)
        memory.append(lane.memory() / MB)
        if lane.holds(session):
            pids.append(lane.pid)
    third = max(1, turns // 3)
    early, late = statistics.median(memory[:third]), statistics.median(memory[-third:])
    assert warm.zombies() == 0
    living = {one.pid for one in warm.living()}
    assert len(set(pids)) == renewed + 1
    return (
        f"{turns} turns, {renewed} renewed, memory {early:.0f} -> {late:.0f} MB "
        f"(most {max(memory):.0f}), zombies 0, living {len(living)}"
    )


if __name__ == "__main__":
    run(long_lane, 200)
