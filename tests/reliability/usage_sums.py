"""Mixed turns, new, resumed, stopped and failed: our sums against the emulation's own count."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from desktop.protocol.capabilities import Capabilities
from desktop.protocol.capabilities import Provider as Info
from desktop.protocol.events import AnyEvent, MessageAdded, TurnEnded
from desktop.protocol.methods import SendParams, TurnParams
from desktop.protocol.models import Character, Stage, Turn
from desktop.protocol.usage import UsageParams, UsageSum
from desktop.providers.anthropic_api import AnthropicApi
from desktop.providers.base import Limits, Provider
from desktop.providers.openai_compatible import OpenAiCompatible
from desktop.providers.openai_servers import PRESETS
from desktop.services.measures import Measures
from desktop.services.new_room import add_room
from desktop.services.outside import SystemClock, fresh_id
from desktop.services.turns import Turns
from desktop.services.usage import UsageBook
from desktop.services.ways import Way
from desktop.store.database import Database
from tests.emulator.told import KINDS as TOLD
from tests.emulator.told import Count
from tests.providers.warm import KINDS, Warm
from tests.reliability._home import run

DIRECT = ("anthropic", "openai")
PLAN = {"new": "ko", "kept": "ko", "stopped": "slow", "failed": "401"}
"""What happens in a room, and the scenario of its AI."""


@dataclass
class Street:
    """Every AI of the run reports its usage."""

    all: dict[str, Provider]
    turned: list[Turn] = field(default_factory=list)

    def way(self, provider_id: str) -> Way:
        can = Capabilities(
            streams_tokens=True, reports_usage=True, reports_cost=False, keeps_session=True
        )
        shown = Info(id=provider_id, label=provider_id, capabilities=can, models=())
        return Way(shown, self.all[provider_id])


def provider(warm: Warm, name: str, scenario: str, told: str) -> Provider:
    if name in KINDS:
        return warm.provider(name, scenario, told, pooled=told == "kept")
    url = warm.emulator.url(scenario, told)

    async def key() -> str:
        return "a-key"

    clock = SystemClock()
    if name == "anthropic":
        return AnthropicApi(key, url, clock.now_ms, default_model="claude-a")
    return OpenAiCompatible(
        "openai", PRESETS["vllm"], clock.now_ms, base_url=f"{url}/v1", default_model="m"
    )


async def usage_sums(warm: Warm, name: str, count: int) -> str:
    """Raises ``AssertionError`` where a sum is not what the emulation has told."""
    database = await Database.open(warm.home.root / f"{secrets.token_hex(3)}.db")
    events: list[AnyEvent] = []
    providers: dict[str, Provider] = {}
    measures, clock = Measures(database, Street(providers)), SystemClock()
    turns = Turns(
        database=database,
        providers=providers,
        limits=Limits,
        emit=events.append,
        clock=clock,
        new_id=fresh_id,
        report_bug=_no_bugs,
        measures=measures,
    )
    rooms = {}
    for kind, scenario in PLAN.items():
        providers[kind] = provider(warm, name, scenario, kind)
        stage = Stage(
            characters=(Character(id="a", name="민수"), Character(id="b", name="지현")),
            provider=kind,
            model=KINDS[name].model if name in KINDS else "",
            retention=kind == "kept",
        )
        async with database.transaction() as session:
            rooms[kind] = (await add_room(session, kind, stage, clock.now_ms(), fresh_id)).id
    try:
        kinds = sorted(list(PLAN)[at % len(PLAN)] for at in range(count))
        for kind in kinds:
            # Droid reads where its models are from a file, at each start.
            warm.sign_in(warm.emulator.url(PLAN[kind], kind))
            await _turn(turns, events, rooms[kind], stop=kind == "stopped")
        book = UsageBook(database, clock)
        sums = {kind: (await book.read(UsageParams(room_id=rooms[kind]))).all for kind in PLAN}
        _compare(warm, name, sums, kinds)
        whole = (await book.read(UsageParams())).all
    finally:
        await turns.close()
        for one in providers.values():
            await one.close()
        await database.close()
    return f"{count} turns: {whole.turns} counted, {whole.estimated} estimated, sums equal"


def _compare(warm: Warm, name: str, sums: dict[str, UsageSum], kinds: Sequence[str]) -> None:
    told = {kind: warm.emulator.told(kind) for kind in PLAN}
    for kind in ("new", "kept"):
        assert sums[kind].turns == kinds.count(kind), (kind, sums[kind])
        assert sums[kind].estimated == 0, (kind, sums[kind])
        assert _count(sums[kind]) == told[kind], (kind, sums[kind], told[kind])
    stopped = sums["stopped"]
    assert stopped.turns == stopped.estimated == kinds.count("stopped"), stopped
    assert stopped.input > 0, stopped
    assert stopped.output > 0, stopped
    if name in ("claude", "anthropic"):
        # Told with the first word of an answer, so a stop does not take it away.
        before = {kind: tokens for kind, tokens in told["stopped"].items() if kind != "output"}
        assert {kind: _count(stopped)[kind] for kind in before} == before, (stopped, before)
    assert sums["failed"] == UsageSum(), sums["failed"]
    assert sum(told["failed"].values()) == 0, told["failed"]


def _count(sums: UsageSum) -> Count:
    return {kind: getattr(sums, kind) for kind in TOLD}


async def _turn(turns: Turns, events: list[AnyEvent], room_id: str, *, stop: bool) -> None:
    sent = await turns.send(SendParams(room_id=room_id, text="다음 이야기를 들려줘."))
    async with asyncio.timeout(60):
        while stop and not _spoke(events, sent.turn.id):
            await asyncio.sleep(0.005)
        if stop:
            await turns.stop(TurnParams(turn_id=sent.turn.id))
        while not any(isinstance(one, TurnEnded) and one.turn.id == sent.turn.id for one in events):
            await asyncio.sleep(0.005)


def _spoke(events: Sequence[AnyEvent], turn_id: str) -> bool:
    return any(
        isinstance(one, MessageAdded)
        and one.message.turn_id == turn_id
        and one.message.author.kind != "user"
        for one in events
    )


def _no_bugs(bug: BaseException, doing: str) -> str:
    raise AssertionError(doing) from bug


if __name__ == "__main__":
    run(usage_sums, 100, (*KINDS, *DIRECT))
