"""The pool without any process: how many are kept, which, how long, and who gets them."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

import pytest

from desktop.protocol.base import DurationMs, UtcMs
from desktop.protocol.models import Usage
from desktop.protocol.problems import ProblemCode, problem
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    RetryAnnounced,
    TextCame,
    UsageTold,
)
from desktop.providers.lane_pool import LanePool, Setting
from desktop.providers.once_more import once_more

NOW = 1_700_000_000_000
ONE = Setting("claude", ("/bin/claude",), "sonnet", "무대")


@dataclass(eq=False)
class FakeLane:
    """What the pool may see of a lane."""

    fresh: bool = True
    session: str = ""
    bytes: int = 1
    ended: bool = False
    listening: bool = False

    def holds(self, session: str) -> bool:
        return bool(session) and session == self.session

    def memory(self) -> int:
        return self.bytes

    def listen(self) -> None:
        self.listening = True

    def interrupt(self) -> None:
        self.ended = True


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Bench:
    """A pool of fake lanes; ``clock`` is moved by hand."""

    most: int = 3
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.pool = LanePool(lambda: self.most, now=self.clock)

    def take(self, setting: Setting, session: str) -> object:
        return self.pool.take(setting, session)

    def keep(self, setting: Setting = ONE, room_id: str = "r1", **fields: object) -> FakeLane:
        lane = FakeLane(**fields)  # type: ignore[arg-type]
        self.pool.keep(lane, setting, room_id)  # type: ignore[arg-type]
        return lane


async def test_a_process_is_taken_once_and_only_with_the_same_setting() -> None:
    bench = Bench()
    lane = bench.keep()
    assert lane.listening
    for other in (("droid",), ("/opt/claude",), "opus", "다른 무대"):
        at = [("droid",), ("/opt/claude",), "opus", "다른 무대"].index(other)
        given = list(ONE)
        given[at] = other[0] if at == 0 else other
        assert bench.take(Setting(*given), "") is None  # type: ignore[arg-type]
    assert bench.take(ONE, "") is lane
    assert bench.take(ONE, "") is None


async def test_the_one_that_holds_the_conversation_goes_before_a_fresh_one() -> None:
    bench = Bench()
    held = bench.keep(fresh=False, session="s1")
    fresh = bench.keep()
    assert bench.take(ONE, "s1") is held
    assert bench.take(ONE, "s1") is fresh


async def test_a_conversation_is_never_given_to_somebody_else() -> None:
    bench = Bench()
    bench.keep(fresh=False, session="s1")
    assert bench.take(ONE, "") is None
    assert bench.take(ONE, "s2") is None


async def test_the_least_recently_used_one_is_closed_first() -> None:
    bench = Bench(most=2)
    first, second, third = bench.keep(), bench.keep(), bench.keep()
    assert (first.ended, second.ended, third.ended) == (True, False, False)


async def test_processes_that_answer_count_and_are_never_closed() -> None:
    bench = Bench(most=2)
    first, second = bench.keep(), bench.keep()
    answering = FakeLane()
    bench.pool.busy(answering)  # type: ignore[arg-type]
    assert (first.ended, second.ended, answering.ended) == (True, False, False)
    bench.pool.busy(FakeLane())  # type: ignore[arg-type]
    assert second.ended
    assert not bench.pool.has_room()
    bench.pool.gone(answering)  # type: ignore[arg-type]
    assert bench.pool.has_room()


async def test_what_has_grown_too_big_is_renewed() -> None:
    assert Bench().keep(bytes=2_000_000_000).ended


async def test_an_idle_process_is_closed_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    first = bench.keep()
    bench.clock.now = 400.0
    second = bench.keep()
    bench.clock.now = 601.0
    bench.pool._sweep()
    assert (first.ended, second.ended) == (True, False)
    assert bench.pool._sweeping is not None
    bench.pool.close()
    assert second.ended
    assert bench.pool._sweeping is None


async def test_a_smaller_number_closes_what_is_too_much_and_none_closes_all() -> None:
    bench = Bench()
    lanes = [bench.keep() for _ in range(3)]
    bench.most = 1
    bench.pool._sweep()
    assert [lane.ended for lane in lanes] == [True, True, False]
    bench.most = 0
    bench.pool._sweep()
    assert lanes[2].ended
    assert bench.keep().ended


async def test_a_changed_stage_closes_what_the_room_had_and_nothing_else() -> None:
    bench = Bench()
    old, other_room = bench.keep(), bench.keep(room_id="r2")
    other_way = bench.keep(ONE._replace(provider="gemini"))
    bench.pool.outdated("r1", ONE._replace(system="새 무대"))
    assert (old.ended, other_room.ended, other_way.ended) == (True, False, False)


async def test_voices_of_one_room_keep_processes_of_their_own_beside_each_other() -> None:
    bench = Bench()
    his, hers = bench.keep(), bench.keep(ONE._replace(system="나비"))
    for lane, voice in ((his, "haru"), (hers, "nabi")):
        bench.pool._idle[lane] = bench.pool._idle[lane]._replace(voice=voice)  # type: ignore[index]
    bench.pool.outdated("r1", ONE._replace(system="나비가 바뀌었다"), "nabi")
    assert (his.ended, hers.ended) == (False, True)
    bench.pool.outdated("r1", ONE._replace(system="모두 함께"))
    assert his.ended


class Script:
    """Answers one after the other, and how many were asked for."""

    def __init__(self, *answers: tuple[AnswerEvent, ...]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def answer(self) -> AsyncGenerator[AnswerEvent, None]:
        self.asked += 1
        for event in self.answers.pop(0):
            await asyncio.sleep(0)
            yield event

    async def events(self, now_ms: Callable[[], int] | None = None) -> list[AnswerEvent]:
        answer = once_more(self.answer, DurationMs(1), now_ms=now_ms)
        return [event async for event in answer]


def failed(code: ProblemCode) -> Failed:
    return Failed(problem=problem(code))


@pytest.mark.parametrize("code", ["overloaded", "network"])
async def test_a_moments_trouble_before_any_text_is_tried_once_more(code: ProblemCode) -> None:
    script = Script((failed(code),), (TextCame(text="안녕"), Finished()))
    events = await script.events()
    assert [type(event) for event in events] == [RetryAnnounced, TextCame, Finished]


async def test_it_is_tried_once_and_not_for_ever() -> None:
    script = Script((failed("network"),), (failed("network"),))
    assert [type(event) for event in await script.events()] == [RetryAnnounced, Failed]
    assert script.asked == 2


@pytest.mark.parametrize("code", ["quota", "overloaded"])
@pytest.mark.parametrize(("wait", "tries"), [(5, 2), (10_001, 1), (-3_000, 2)])
async def test_the_time_a_vendor_names_is_waited_for_if_it_is_soon(
    code: ProblemCode, wait: int, tries: int
) -> None:
    limited = Failed(problem=problem(code, retry_at=UtcMs(NOW + wait)))
    script = Script((limited,), (TextCame(text="안녕"), Finished()))
    events = await script.events(lambda: NOW)
    assert script.asked == tries
    waits = [event.wait_ms for event in events if isinstance(event, RetryAnnounced)]
    assert waits == ([max(0, wait)] if tries == 2 else [])


async def test_what_every_try_used_is_added_up() -> None:
    one = Usage(input=5, cache_read=2, output=1, cost_usd=0.5, source="reported")
    other = Usage(input=3, output=4, context_window=9, source="reported")
    script = Script(
        (UsageTold(usage=one), failed("network")),
        (UsageTold(usage=other, final=False), UsageTold(usage=other), Finished()),
    )
    told = [event for event in await script.events() if isinstance(event, UsageTold)]
    both = Usage(input=8, cache_read=2, output=5, cost_usd=0.5, context_window=9, source="reported")
    assert told == [UsageTold(usage=one), UsageTold(usage=both, final=False), UsageTold(usage=both)]


@pytest.mark.parametrize(
    "answer",
    [
        (TextCame(text="안"), failed("network")),
        (RetryAnnounced(attempt=1), failed("overloaded")),
        (failed("quota"),),
        (failed("key_refused"),),
        (failed("timed_out"),),
    ],
)
async def test_nothing_is_asked_twice_where_it_might_be_paid_or_read_twice(
    answer: tuple[AnswerEvent, ...],
) -> None:
    script = Script(answer)
    assert await script.events() == list(answer)
    assert script.asked == 1
